//! The audit log is a chain: of a thousand forgeries by whoever owns the database, each is found where it is.

use std::time::Instant;

use diesel::prelude::*;
use liendoan_core::audit::{self, Entry};
use liendoan_core::schema::audit_entries;
use liendoan_core::sealer::Verdict;
use liendoan_core::{Db, on_engine};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::support::{Engine, open, seed, sql, tell};

const ENTRIES: i64 = 500;
const FORGERIES: usize = 1_000;

/// What is put in the place of a field, and never stands there by itself.
const FIELDS: [&str; 10] = [
    "occurred_at = '2001-01-01 00:00:00'",
    "actor = 'account:4711'",
    "client = 'Nobody/1.0'",
    "address = '192.0.2.77'",
    "request_id = 'none'",
    "action = 'nothing.happened'",
    "object_id = 4711",
    "about = 'account:4711'",
    "units = '[4711]'",
    "content_after = '{\"forged\":true}'",
];

fn last_position(db: &mut Db) -> i64 {
    let query = audit_entries::table.select(diesel::dsl::max(audit_entries::position));
    let last: Option<i64> = on_engine!(db, c => query.first(c)).unwrap();
    last.unwrap_or(0)
}

/// Statements that forge the log, and the first position that is not what it was.
fn forge(random: &mut StdRng, last: i64) -> (String, i64) {
    let one = random.random_range(1..=last);
    match random.random_range(0..4) {
        0 => {
            let field = FIELDS.choose(random).unwrap();
            (
                format!("UPDATE audit_entries SET {field} WHERE position = {one}"),
                one,
            )
        }
        1 => {
            let clear = format!("DELETE FROM audit_entries WHERE position = {one}");
            // Those behind it close the gap, or don't.
            let close = format!(
                "; UPDATE audit_entries SET position = -position WHERE position > {one}; \
                 UPDATE audit_entries SET position = -position - 1 WHERE position < 0"
            );
            (
                if random.random() {
                    clear
                } else {
                    clear + &close
                },
                one,
            )
        }
        2 => (
            format!(
                "UPDATE audit_entries SET position = -position WHERE position >= {one}; \
                 UPDATE audit_entries SET position = -position + 1 WHERE position < 0; \
                 INSERT INTO audit_entries (position, occurred_at, actor, action, units, hash) \
                 SELECT {one}, occurred_at, 'account:4711', 'nothing.happened', units, hash \
                 FROM audit_entries WHERE position = {next}",
                next = one + 1
            ),
            one,
        ),
        _ => {
            let other = if one == last { 1 } else { last };
            (
                format!(
                    "UPDATE audit_entries SET position = -1 WHERE position = {one}; \
                     UPDATE audit_entries SET position = {one} WHERE position = {other}; \
                     UPDATE audit_entries SET position = {other} WHERE position = -1"
                ),
                one.min(other),
            )
        }
    }
}

on_both_engines! {
    #[ignore = "takes long: make prove"]
    async fn of_a_thousand_forgeries_each_is_found(app: App) {
        app.write(|tx| {
            for number in 0..ENTRIES {
                tx.audit(Entry { action: "test.entry", object_id: Some(number), ..Entry::default() })?;
            }
            Ok(())
        }).await.unwrap();
        app.admin().get("/unit_kinds").await.ok();
        let mut db = open(&app.url);
        // The sealer takes them in steps.
        while last_position(&mut db) < ENTRIES {
            app.store.sealing().wait_past(0, std::time::Duration::from_millis(10)).await;
        }
        let last = last_position(&mut db);
        let begun = Instant::now();
        assert_eq!(audit::verify(&mut db).unwrap(), Verdict { entries: last, broken_at: None });
        let took = begun.elapsed();
        let guards = match &db {
            Db::Sqlite(_) => "DROP TRIGGER audit_entries_are_never_changed; DROP TRIGGER audit_entries_are_never_deleted",
            Db::Postgres(_) => "GRANT UPDATE, DELETE ON audit_entries TO CURRENT_USER; \
                 ALTER TABLE audit_entries DISABLE TRIGGER USER",
        };
        let mut random = StdRng::seed_from_u64(seed());
        for number in 0..FORGERIES {
            let (forgery, place) = forge(&mut random, last);
            sql(&mut db, "BEGIN").unwrap();
            sql(&mut db, guards).unwrap();
            sql(&mut db, &forgery).unwrap();
            let verdict = audit::verify(&mut db).unwrap();
            assert_eq!(verdict.broken_at, Some(place), "forgery {number}: {forgery}");
            sql(&mut db, "ROLLBACK").unwrap();
        }
        let engine = match &db {
            Db::Sqlite(_) => Engine::Sqlite,
            Db::Postgres(_) => Engine::Postgres,
        };
        tell(&format!(
            "audit, {engine:?}: {FORGERIES} forgeries in {last} entries, each found at its place; the whole log read in {took:?}"
        ));
    }
}

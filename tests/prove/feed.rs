//! The change feed under load: complete, in one order for all, and soon.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use liendoan_core::sealer::{self, Verdict};
use serde_json::json;

use super::{leaf, quantile};
use crate::support::{Engine, Program, Remote, sql, tell};

const WRITERS: usize = 16;

/// What an event tells: type, id, version.
type Change = (String, i64, i64);

/// Follows the feed up to `end`; answers each change, when it was seen.
async fn follow(remote: Remote, end: i64) -> Vec<(i64, Change, Instant)> {
    let mut seen = Vec::new();
    let mut after = 0;
    while after < end {
        let page = remote
            .get(&format!("/events?after={after}&limit=200&wait=5"))
            .await;
        let (page, now) = (page.ok(), Instant::now());
        let items = page["items"].as_array().unwrap();
        assert!(!items.is_empty(), "nothing came after {after} of {end}");
        for item in items {
            let change = (
                item["type"].as_str().unwrap().to_owned(),
                item["id"].as_i64().unwrap(),
                item["version"].as_i64().unwrap(),
            );
            seen.push((item["position"].as_i64().unwrap(), change, now));
        }
        after = page["after"].as_i64().unwrap();
    }
    seen
}

/// Creates, changes and, one in three, deletes; by turns through each process. Answers when each
/// change was acknowledged.
async fn write(remotes: Vec<Remote>, writer: usize, kinds: usize) -> Vec<(Change, Instant)> {
    let mut acknowledged = Vec::new();
    for n in 0..kinds {
        let (here, there) = (
            &remotes[n % remotes.len()],
            &remotes[(n + 1) % remotes.len()],
        );
        let created = here
            .post("/unit_kinds", &leaf(&format!("feed_{writer}_{n}")))
            .await
            .created();
        let id = created["id"].as_i64().unwrap();
        let path = format!("/unit_kinds/{id}");
        let mut note = |verb: &str, version| {
            acknowledged.push(((format!("unit_kind.{verb}"), id, version), Instant::now()));
        };
        note("created", 1);
        there
            .patch(&path, 1, &json!({"name_en": "Changed"}))
            .await
            .ok();
        note("updated", 2);
        if n % 3 == 0 {
            here.delete(&path, 2).await.is(204);
            note("deleted", 2);
        }
    }
    acknowledged
}

async fn write_all(remotes: &[Remote], kinds: usize) -> Vec<(Change, Instant)> {
    let writers = (0..WRITERS).map(|writer| tokio::spawn(write(remotes.to_vec(), writer, kinds)));
    join_all(writers)
        .await
        .into_iter()
        .flat_map(Result::unwrap)
        .collect()
}

on_both_engines! {
    #[ignore = "takes long: make prove"]
    async fn the_feed_is_complete_and_in_one_order_while_sixteen_write(program: Program) {
        // A file belongs to one process.
        let processes = match program.engine {
            Engine::Sqlite => vec![program.serve()],
            Engine::Postgres => vec![program.serve(), program.serve()],
        };
        let remotes: Vec<Remote> = processes.iter().map(|p| p.remote.clone()).collect();
        let seeded = remotes[0].seeded().await;
        let kinds = 300;
        let end = (seeded + WRITERS * kinds * 7 / 3) as i64;
        let readers = [0, 1].map(|r| tokio::spawn(follow(remotes[r % remotes.len()].clone(), end)));
        let start = Instant::now();
        let acknowledged = write_all(&remotes, kinds).await;
        let rate = acknowledged.len() as f64 / start.elapsed().as_secs_f64();
        let [first, second] = readers.map(|reader| reader);
        let (first, second) = (first.await.unwrap(), second.await.unwrap());

        let positions: Vec<i64> = first.iter().map(|(position, ..)| *position).collect();
        assert_eq!(positions, (1..=end).collect::<Vec<_>>());
        let order = |seen: &[(i64, Change, Instant)]| -> Vec<Change> {
            seen.iter().map(|(_, change, _)| change.clone()).collect()
        };
        assert_eq!(order(&first), order(&second));

        let told: BTreeSet<Change> = order(&first)[seeded..].iter().cloned().collect();
        let done: BTreeSet<Change> = acknowledged.iter().map(|(change, _)| change.clone()).collect();
        assert_eq!(told, done);

        // "created" < "updated" by version; a deletion bears the last version and comes last.
        let mut lives: BTreeMap<i64, Vec<(i64, bool)>> = BTreeMap::new();
        for (verb, id, version) in order(&first) {
            lives.entry(id).or_default().push((version, verb.ends_with("deleted")));
        }
        for (id, life) in lives {
            assert!(life.is_sorted(), "{id}: {life:?}");
        }

        for (reader, seen) in [&first, &second].into_iter().enumerate() {
            let when: BTreeMap<&Change, Instant> = seen.iter().map(|(_, c, at)| (c, *at)).collect();
            let mut lags: Vec<Duration> = acknowledged
                .iter()
                .map(|(change, at)| when[change].saturating_duration_since(*at))
                .collect();
            let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| quantile(&mut lags, share));
            tell(&format!(
                "feed, {:?}, reader {reader}: {} changes by {WRITERS} writers ({rate:.0} a second), none missed, one order; \
                 seen after the answer: p50 {p50:.1?}, p99 {p99:.1?}, max {max:.1?}",
                program.engine,
                acknowledged.len(),
            ));
            assert!(max < Duration::from_secs(1), "{max:?}");
        }
    }

    #[ignore = "takes long: make prove"]
    async fn the_chain_holds_and_shows_where_it_was_broken(program: Program) {
        let process = program.serve();
        let seeded = process.remote.seeded().await;
        let written = write_all(std::slice::from_ref(&process.remote), 60).await.len();
        let end = (seeded + written) as i64;
        assert_eq!(process.remote.events_to(end).await.len() as i64, end);
        process.stop();

        let verdict = sealer::verify(&mut program.open()).unwrap();
        assert_eq!(verdict, Verdict { entries: end, broken_at: None });

        let middle = end / 2;
        let forge = format!("UPDATE events SET subject_version = 9 WHERE position = {middle}");
        let refused = program.sql(&forge).unwrap_err().to_string();
        assert!(refused.contains("events are never changed"), "{refused}");
        let without_guard = match program.engine {
            Engine::Sqlite => "DROP TRIGGER events_are_never_changed",
            Engine::Postgres => "DROP TRIGGER events_are_never_changed ON events",
        };
        program.sql(&format!("{without_guard}; {forge}")).unwrap();
        let verdict = sealer::verify(&mut program.open()).unwrap();
        assert_eq!(verdict, Verdict { entries: middle - 1, broken_at: Some(middle) });
        tell(&format!("chain, {:?}: {end} events hold, a change of event {middle} is found there", program.engine));
    }
}

/// What positions taken inside a transaction would do, and what the sealer does about it.
#[test]
#[ignore = "takes long: make prove"]
fn a_change_that_is_committed_late_comes_late_and_is_not_missed() {
    actix_web::rt::System::new().block_on(async {
        let program = Program::on_empty(Engine::Postgres);
        let process = program.serve();
        let seeded = process.remote.seeded().await as i64;
        process.remote.events_to(seeded).await;

        let mut late = program.open();
        sql(
            &mut late,
            "BEGIN; INSERT INTO unsealed_events (event_type, subject_id, subject_version, occurred_at, data) \
             VALUES ('unit_kind.late', 4711, 1, '2026-01-15 05:00:00', '{}')",
        )
        .unwrap();
        process.remote.post("/unit_kinds", &leaf("prompt")).await.created();
        let prompt = process.remote.events_to(seeded + 1).await;
        assert_eq!(prompt[prompt.len() - 1]["type"], "unit_kind.created");
        // By its number it stands before what has been read already.
        sql(&mut late, "COMMIT").unwrap();
        let all = process.remote.events_to(seeded + 2).await;
        assert_eq!(all[all.len() - 1]["type"], "unit_kind.late");
        assert_eq!(all[..prompt.len()], prompt);
        tell("feed, PostgreSQL: a change committed late came after what had been read, not before");
    });
}

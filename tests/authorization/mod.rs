//! The authorization table: every documented operation, called by everybody, about something at each place,
//! against an oracle that knows nothing of the service.

mod actors;
mod ids;
mod keys;
mod lists;
mod oracle;
mod records;
mod rows;
mod rows_of_access;
mod rows_of_records;
mod rows_of_tree;
mod tokens;
mod tree;
mod world;

use std::collections::BTreeMap;
use std::time::Instant;

use futures_util::{StreamExt, stream};
use serde_json::Value;

use crate::support::{Answer, tell};
use oracle::Class;
use rows::{At, Cell, Row, check_complete};
use world::{Thing, World};

/// Fewer cells would mean that something fell out of the table.
const CELLS_MIN: usize = 1_500;

/// Places worked at in the same moment.
const AT_ONCE: usize = 4;

fn all_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(rows_of_tree::kinds());
    rows.extend(rows_of_tree::units());
    rows.extend(rows_of_tree::decisions());
    rows.extend(rows_of_tree::documents());
    rows.extend(rows_of_tree::clusters());
    rows.extend(rows_of_records::catalogues());
    rows.extend(rows_of_records::kinds());
    rows.extend(rows_of_records::partners());
    rows.extend(rows_of_records::steps());
    rows.extend(rows_of_records::attachments());
    rows.extend(rows_of_records::links());
    rows.extend(rows_of_records::period_locks());
    rows.extend(rows_of_access::accounts());
    rows.extend(rows_of_access::systems());
    rows.extend(rows_of_access::roles());
    rows.extend(rows_of_access::service());
    // Last, since it ends sessions.
    rows.extend(rows_of_access::own());
    rows
}

/// What an answer says; None where it is nothing that the table knows of.
fn class_of(answer: &Answer, reached: &[u16]) -> Option<Class> {
    let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    let mut status = answer.status.as_u16();
    let mut code = &body["code"];
    // A batch answers for its items.
    if status == 207 {
        let item = &body["items"][0];
        status = u16::try_from(item["status"].as_u64()?).ok()?;
        code = &item["problem"]["code"];
    }
    let error = &body["errors"][0];
    let is_unknown = error["pointer"] == "/account_id" && error["code"] == "unknown_value";
    match (status, code.as_str().unwrap_or_default()) {
        (401, "unauthenticated" | "token_invalid" | "token_expired") => {
            Some(Class::Unauthenticated)
        }
        (403, "forbidden") => Some(Class::Forbidden),
        (403, "out_of_scope") => Some(Class::OutOfScope),
        (403, "not_held") => Some(Class::NotHeld),
        (403, "not_the_approver") => Some(Class::NotTheApprover),
        (403, "people_only") => Some(Class::PeopleOnly),
        (404, "not_found") => Some(Class::Hidden),
        (422, _) if is_unknown => Some(Class::Hidden),
        (status, _) if reached.contains(&status) => Some(Class::Allowed),
        _ => None,
    }
}

/// What came out of all cells.
#[derive(Default)]
struct Tally {
    cells: BTreeMap<Class, usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        for (class, count) in other.cells {
            *self.cells.entry(class).or_default() += count;
        }
        self.wrong.extend(other.wrong);
    }

    /// Calls one operation about one thing as everybody.
    async fn fill(&mut self, world: &World, row: &Row, thing: &Thing) {
        let unit = match row.at {
            At::Once => None,
            _ => thing.unit,
        };
        for actor in &world.actors {
            let cell = Cell {
                world,
                actor,
                thing,
            };
            let expected = world.oracle.predict(&actor.who, row.demands, unit);
            let answer = (row.call)(&cell).await;
            let found = class_of(&answer, row.reached);
            *self.cells.entry(expected).or_default() += 1;
            if found != Some(expected) {
                let what = format!("{} by {} at {}", row.operation, actor.name, thing.place);
                let answered = format!("{} {}", answer.status, answer.text);
                self.wrong.push(format!(
                    "{what}: expected {expected:?}, answered {answered}"
                ));
            }
            if answer.status.is_success() {
                world.mend(thing, row.mend).await;
            }
        }
    }
}

on_both_engines! {
    async fn every_operation_decides_as_the_oracle_does(app: App) {
        let rows = all_rows();
        check_complete(&rows, &app.get_root("/openapi.json").await.ok());
        let start = Instant::now();
        let world = World::make(&app).await;
        let made = start.elapsed();

        // Each place has things of its own: what is done at one does not disturb another.
        let places = world.things.iter().map(async |thing| {
            let mut tally = Tally::default();
            let is_here = |row: &&Row| match row.at {
                At::Once => false,
                At::Places => true,
                At::Units => thing.unit.is_some(),
            };
            for row in rows.iter().filter(is_here) {
                tally.fill(&world, row, thing).await;
            }
            tally
        });
        let places: Vec<Tally> = stream::iter(places).buffer_unordered(AT_ONCE).collect().await;
        let mut tally = Tally::default();
        places.into_iter().for_each(|place| tally.add(place));
        for row in rows.iter().filter(|row| row.at == At::Once) {
            tally.fill(&world, row, &world.things[0]).await;
        }

        let cells: usize = tally.cells.values().sum();
        let allowed = tally.cells[&Class::Allowed];
        let engine = if app.url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
        tell(&format!(
            "authorization table, {engine}: {cells} cells ({allowed} allowed, {} denied), {} operations, \
             {:.1} s after {:.1} s of making",
            cells - allowed,
            rows.len(),
            (start.elapsed() - made).as_secs_f64(),
            made.as_secs_f64(),
        ));
        let wrong = tally.wrong.len();
        let shown = tally.wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
        assert!(tally.wrong.is_empty(), "{wrong} cells are wrong, such as\n{shown}");
        assert!(cells >= CELLS_MIN, "only {cells} cells");
        assert_eq!(tally.cells.len(), 8, "a class without a cell: {:?}", tally.cells);
    }
}

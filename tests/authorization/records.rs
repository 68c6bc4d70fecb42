//! Lists of records show what the oracle says, in the tree of then and of now, whatever reorganisations a
//! federation goes through before and after they were recorded.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use liendoan::tree::check;
use liendoan_core::Scope;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};

use super::lists::{Federation, give, listed};
use super::oracle::{Oracle, TODAY, Who, role_on};
use super::world::id;
use crate::activities::activity;
use crate::support::{App, Signed, open, seed, sql};

const RECORDS: usize = 150;
const DECISIONS: usize = 80;
const VIEWERS: usize = 20;

/// The days of the years in which all this happens, in any order.
fn days(random: &mut StdRng) -> Vec<String> {
    let first = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap();
    let day = |number| {
        first
            .checked_add_days(Days::new(number))
            .unwrap()
            .to_string()
    };
    let mut days: Vec<String> = (0..1_000).map(day).collect();
    days.shuffle(random);
    days
}

/// `liendoan check` finds every record where a recomputation puts it; and one that is not.
fn check_places(app: &App) {
    let (mut db, today) = (open(&app.url), app.clock.today());
    let report = check::check(&mut db, &Scope::All, today).unwrap();
    assert!(report.records > RECORDS / 2);
    assert_eq!(report.violations, []);
    let lost =
        "DELETE FROM record_places WHERE record_id = (SELECT MIN(record_id) FROM record_places)";
    sql(&mut db, lost).unwrap();
    let report = check::check(&mut db, &Scope::All, today).unwrap();
    let places: Vec<_> = report
        .violations
        .iter()
        .map(|violation| violation.invariant)
        .collect();
    assert_eq!(places, ["places"]);
}

/// What is recorded of one unit on one day.
struct Kept {
    id: i64,
    unit: String,
    day: String,
}

on_both_engines! {
    async fn lists_of_records_are_what_a_walk_over_all_decisions_gives(app: App) {
        let mut random = StdRng::seed_from_u64(seed());
        let admin = app.admin();
        let mut federation = Federation::open(&admin).await;
        let days = days(&mut random);
        let mut kept: Vec<Kept> = Vec::new();
        let mut decided = 0;
        // A few hierarchies alone, so that much happens to each.
        let near = |unit: &&String| ["p0", "p1", "p2"].iter().any(|province| unit.starts_with(province));
        let units: Vec<String> = federation.units.iter().filter(near).cloned().collect();
        for number in 0..RECORDS.max(DECISIONS) {
            if number < RECORDS {
                let (unit, day) = (units.choose(&mut random).unwrap().clone(), days[number].clone());
                let made = admin.post("/activities", &activity(&unit, &day)).await;
                if made.status == 201 {
                    kept.push(Kept { id: id(&made.created()), unit, day });
                }
            }
            if number < DECISIONS {
                let (day, province) = (&days[999 - number], random.random_range(0..3));
                decided += usize::from(federation.decide(day, &mut random, province).await);
            }
        }
        assert!(decided > DECISIONS / 4, "only {decided} reorganisations took place");
        assert!(kept.len() > RECORDS / 2, "only {} records were taken", kept.len());
        let oracle = Oracle { tree: federation.tree, root: "tld", own: "tld", approving: BTreeSet::new() };

        let mut viewers: Vec<(Signed, Who)> = Vec::new();
        for number in 0..VIEWERS {
            let unit = units.choose(&mut random).unwrap();
            let viewer = app.account("viewer", Some(unit)).await;
            let mut held = vec![role_on("viewer", Some(unit))];
            if number % 3 == 0 {
                let also = units.choose(&mut random).unwrap();
                give(&app, &mut open(&app.url), viewer.id, "viewer", Some(also));
                held.push(role_on("viewer", Some(also)));
            }
            viewers.push((viewer, Who::Person(held)));
        }
        viewers.push((app.account("viewer", Some("tld")).await, Who::Person(vec![role_on("viewer", None)])));
        let mut seen = 0;
        for (viewer, who) in &viewers {
            let read: Vec<&Kept> =
                kept.iter().filter(|kept| oracle.reads(who, "records:read", &kept.unit, &kept.day)).collect();
            seen += read.len();
            let expected: BTreeSet<i64> = read.iter().map(|kept| kept.id).collect();
            assert_eq!(listed(viewer, "/activities").await, expected, "{who:?}");
            let top = units.choose(&mut random).unwrap();
            for tree in ["then", "now"] {
                let is_under = |kept: &&&Kept| {
                    let day = if tree == "then" { kept.day.as_str() } else { TODAY };
                    oracle.tree.line(&kept.unit, day).contains(top)
                };
                let expected: BTreeSet<i64> = read.iter().filter(is_under).map(|kept| kept.id).collect();
                let path = format!("/activities?unit=code:{top}&tree={tree}");
                assert_eq!(listed(viewer, &path).await, expected, "{tree} under {top}, {who:?}");
            }
        }
        assert!(seen > kept.len(), "hardly anything is seen");
        check_places(&app);
    }
}

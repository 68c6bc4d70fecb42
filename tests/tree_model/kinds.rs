//! The kinds and their pairs, as reference/unit_kinds.json gives them to a new database.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde_json::Value;

static ENTRIES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../reference/unit_kinds.json")).unwrap()
});

pub const GRASSROOTS: &str = "grassroots_union";

pub const EMPLOYER_TYPES: [&str; 8] = [
    "state_agency",
    "party_agency",
    "public_service_unit",
    "school",
    "state_enterprise",
    "nonstate_enterprise",
    "fdi_enterprise",
    "occupational_union",
];

/// How an opening's day is kept: before any that a decision may have.
pub const OPENING: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn entry(kind: &str, on: NaiveDate) -> Option<&'static Value> {
    ENTRIES.iter().find(|entry| {
        let has_begun = entry["from"].as_str().is_none_or(|from| day(from) <= on);
        let has_ended = entry["to"].as_str().is_some_and(|to| day(to) <= on);
        entry["kind"] == kind && has_begun && !has_ended
    })
}

pub fn is_known(kind: &str) -> bool {
    ENTRIES.iter().any(|entry| entry["kind"] == kind)
}

/// The kinds that may stand under `parent` on a day.
pub fn under(parent: &str, on: NaiveDate) -> Vec<&'static str> {
    let entry = entry(parent, on);
    let kinds = entry.and_then(|entry| entry["child_kinds"].as_array());
    let kinds = kinds.into_iter().flatten();
    kinds.map(|kind| kind.as_str().unwrap()).collect()
}

pub fn fits(child: &str, parent: &str, on: NaiveDate) -> bool {
    under(parent, on).contains(&child)
}

pub fn may_be_root(kind: &str, on: NaiveDate) -> bool {
    entry(kind, on).is_some_and(|entry| entry["may_be_root"] == true)
}

pub fn rank(kind: &str) -> i64 {
    let entry = ENTRIES.iter().find(|entry| entry["kind"] == kind);
    entry.unwrap()["rank"].as_i64().unwrap()
}

#[test]
fn pairs_have_days() {
    let fits = |child, parent, on| fits(child, parent, day(on));
    assert!(fits(
        "district_federation",
        "provincial_federation",
        "2025-06-30"
    ));
    assert!(!fits(
        "district_federation",
        "provincial_federation",
        "2025-07-01"
    ));
    assert!(!fits(
        "commune_union",
        "provincial_federation",
        "2025-06-30"
    ));
    assert!(fits("commune_union", "provincial_federation", "2025-07-01"));
    assert!(!fits(GRASSROOTS, "district_federation", "2025-07-01"));
    assert!(under("commune_union", OPENING).is_empty());
    assert!(may_be_root("confederation", OPENING) && !is_known("moon"));
}

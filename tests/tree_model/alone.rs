//! The model before it judges anybody: what the law tells of it, and its invariants under random changes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::generate::{Change, Generator, content};
use super::kinds::day;
use super::model::Model;
use super::reading::Loop;
use super::tally::Tally;
use crate::support::seed;

const NEW: i64 = 0;
const STEPS: usize = 400;

/// Records a decision under the next number; the codes it is refused for.
fn record(model: &mut Model, on: &str, lines: Value) -> Result<i64, (i64, BTreeSet<&'static str>)> {
    let id = 1 + model.decisions.len() as i64;
    let effective_on = Some(on).filter(|on| !on.is_empty());
    let content = json!({"effective_on": effective_on, "lines": lines});
    let verdict = model.try_record(id, &content);
    verdict
        .map(|()| id)
        .map_err(|refusal| (refusal.decision, refusal.codes))
}

fn unit(code: &str, kind: &str, parent: &str) -> Value {
    json!({"op": "establish", "code": code, "name": code, "kind": kind, "parent": parent})
}

/// The trees of section 11, before any decision with a day.
fn federation() -> Model {
    let mut model = Model::default();
    let mut lines = vec![json!({
        "op": "establish", "code": "tld", "name": "TLĐ", "kind": "confederation"
    })];
    for province in ["hn", "pa", "pb"] {
        lines.push(unit(province, "provincial_federation", "tld"));
    }
    for district in ["hn-q-btl", "hn-q-lb", "hn-q-hk"] {
        lines.push(unit(district, "district_federation", "hn"));
    }
    for (union, parent) in [
        ("hn-tcnt", "hn-q-lb"),
        ("a1", "pa"),
        ("a2", "pa"),
        ("b1", "pb"),
    ] {
        lines.push(unit(union, "grassroots_union", parent));
    }
    record(&mut model, "", json!(lines)).unwrap();
    model
}

fn codes(codes: &[&'static str]) -> BTreeSet<&'static str> {
    codes.iter().copied().collect()
}

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

fn parent(model: &Model, code: &str, on: &str) -> String {
    model.tree_on(day(on))[code].parent.clone().unwrap()
}

fn transfer(model: &mut Model) -> i64 {
    let line = json!({"op": "transfer", "unit": "hn-tcnt", "from": "hn-q-lb", "to": "hn-q-btl"});
    record(model, "2024-12-19", json!([line])).unwrap()
}

fn end_of_districts(model: &mut Model) -> i64 {
    let end = |code| json!({"op": "end", "unit": code, "children_to": "hn"});
    let lines = json!([end("hn-q-btl"), end("hn-q-lb"), end("hn-q-hk")]);
    record(model, "2025-07-01", lines).unwrap()
}

#[test]
fn a_transfer_and_the_end_of_the_districts() {
    let mut model = federation();
    transfer(&mut model);
    assert_eq!(parent(&model, "hn-tcnt", "2024-12-18"), "hn-q-lb");
    assert_eq!(parent(&model, "hn-tcnt", "2024-12-19"), "hn-q-btl");
    end_of_districts(&mut model);
    assert_eq!(parent(&model, "hn-tcnt", "2025-06-30"), "hn-q-btl");
    assert_eq!(parent(&model, "hn-tcnt", "2025-07-01"), "hn");
    assert_eq!(model.today("hn-q-btl", day("2026-01-15")), set(&[]));
    assert_eq!(
        model.home("hn-q-btl", day("2026-01-15")),
        Ok("hn".to_owned())
    );
    assert_eq!(
        model.lives("hn-q-btl"),
        [json!({"from": null, "to": "2025-07-01"})]
    );
    model.check();
}

#[test]
fn a_ward_union() {
    let lines = [
        unit("hn-p-x", "commune_union", "hn"),
        json!({"op": "transfer", "unit": "hn-tcnt", "to": "hn-p-x"}),
    ];
    let mut model = federation();
    end_of_districts(&mut model);
    let backwards = json!([lines[1], lines[0]]);
    assert_eq!(
        record(&mut model, "2025-07-01", backwards),
        Err((3, codes(&["unit_unknown"])))
    );
    let early = record(&mut model, "2025-06-30", json!([lines[0]]));
    assert_eq!(early, Err((3, codes(&["kind_not_allowed"]))));
    record(&mut model, "2025-07-01", json!(lines)).unwrap();
    assert_eq!(parent(&model, "hn-tcnt", "2025-07-01"), "hn-p-x");
}

fn split_provinces() -> Model {
    let mut model = federation();
    let new = unit("pc", "provincial_federation", "tld");
    let merge = json!({"op": "merge", "units": ["pa", "pb"], "new": new});
    record(&mut model, "2025-07-01", json!([merge])).unwrap();
    model
}

fn split_line() -> Value {
    json!({
        "op": "split", "unit": "pc", "children_to": "pe", "parts": [
            {"unit": "pd", "children": ["a1"]},
            {"new": unit("pe", "provincial_federation", "tld"), "children": ["a2"]}
        ]
    })
}

#[test]
fn a_merge_a_split_and_its_reversal() {
    let mut model = split_provinces();
    assert_eq!(model.today("pa", day("2026-01-15")), set(&["pc"]));
    record(
        &mut model,
        "2025-08-01",
        json!([unit("pd", "provincial_federation", "tld")]),
    )
    .unwrap();
    let mut without = split_line();
    without.as_object_mut().unwrap().remove("children_to");
    let refused = record(&mut model, "2026-01-01", json!([without]));
    assert_eq!(refused, Err((4, codes(&["children_left"]))));
    let split = record(&mut model, "2026-01-01", json!([split_line()])).unwrap();
    assert_eq!(parent(&model, "b1", "2026-01-01"), "pe");
    assert_eq!(model.today("pa", day("2026-01-15")), set(&["pd", "pe"]));
    assert_eq!(model.home("pa", day("2026-01-15")), Ok("tld".to_owned()));

    let draft = model.draft_reversal(split, day("2026-06-01"));
    let short: Vec<String> = draft
        .iter()
        .map(|line| format!("{} {}", line["op"], line["unit"]))
        .collect();
    let expected = [
        "restore pc",
        "transfer a1",
        "transfer a2",
        "transfer b1",
        "end pe",
    ];
    assert_eq!(
        short,
        expected.map(|line| format!("\"{}\"", line.replace(' ', "\" \"")))
    );
    let before = model.clone();
    record(&mut model, "2026-06-01", json!(draft)).unwrap();
    let lives = [
        json!({"from": "2025-07-01", "to": "2026-01-01"}),
        json!({"from": "2026-06-01", "to": null}),
    ];
    assert_eq!(model.lives("pc"), lives);
    assert_eq!(before.check_reversal(&model, split, day("2026-06-01")), 5);
    model.check();
}

#[test]
fn late_entries() {
    let mut model = federation();
    let name = |name| json!([{"op": "rename", "unit": "hn", "name": name}]);
    record(&mut model, "2023-01-01", name("N2023")).unwrap();
    record(&mut model, "2021-01-01", name("N2021")).unwrap();
    assert_eq!(model.tree_on(day("2022-12-31"))["hn"].name, "N2021");
    let refused = record(&mut model, "2022-01-01", name("N2023"));
    assert_eq!(refused, Err((2, codes(&["no_change"]))));

    let moved = transfer(&mut model);
    let early = json!([{"op": "transfer", "unit": "hn-tcnt", "to": "hn-q-hk"}]);
    assert_eq!(
        record(&mut model, "2024-01-01", early),
        Err((moved, codes(&["parent_mismatch"])))
    );
    end_of_districts(&mut model);
    let late = unit("late", "grassroots_union", "hn-q-btl");
    record(&mut model, "2021-03-01", json!([late])).unwrap();
    assert_eq!(parent(&model, "late", "2025-06-30"), "hn-q-btl");
    assert_eq!(parent(&model, "late", "2025-07-01"), "hn");

    model.try_annul(moved).unwrap();
    assert_eq!(parent(&model, "hn-tcnt", "2025-06-30"), "hn-q-lb");
    assert_eq!(parent(&model, "hn-tcnt", "2025-07-01"), "hn");
    model.check();
}

#[test]
fn a_cycle_only_in_the_future() {
    let mut model = federation();
    let lines = [unit("s1", "section", "a1"), unit("s2", "section", "a1")];
    record(&mut model, "", json!(lines)).unwrap();
    let below = |unit, to| json!([{"op": "transfer", "unit": unit, "to": to}]);
    let planned = record(&mut model, "2027-03-01", below("s1", "s2")).unwrap();
    let refused = record(&mut model, "2027-02-01", below("s2", "s1"));
    assert_eq!(refused, Err((planned, codes(&["cycle"]))));
}

#[test]
fn a_life_that_ends_and_is_restored_on_one_day_was_never_broken() {
    let mut model = federation();
    let only = |line: Value| json!([line]);
    record(
        &mut model,
        "2021-01-01",
        only(json!({"op": "end", "unit": "a1"})),
    )
    .unwrap();
    record(
        &mut model,
        "2021-01-01",
        only(json!({"op": "restore", "unit": "a1"})),
    )
    .unwrap();
    assert_eq!(model.lives("a1"), [json!({"from": null, "to": null})]);
    record(
        &mut model,
        "2021-01-01",
        only(json!({"op": "end", "unit": "a1"})),
    )
    .unwrap();
    assert_eq!(
        model.lives("a1"),
        [json!({"from": null, "to": "2021-01-01"})]
    );
}

/// What section 5 leaves open: taken at its word, two units that end on one day are each the other's home.
#[test]
fn homes_that_lead_to_each_other() {
    let mut model = federation();
    let first = json!({"op": "end", "unit": "pa", "children_to": "hn", "successors": ["a1"]});
    let second = json!({"op": "end", "unit": "a1"});
    record(&mut model, "2021-01-01", json!([first, second])).unwrap();
    assert_eq!(model.home("a1", day("2021-01-01")), Err(Loop));
    assert!(model.check() > 0);
}

#[test]
fn the_invariants_hold_after_every_change_the_model_accepts() {
    let mut generator = Generator::new(seed());
    let (mut model, mut tally, mut next) = (Model::default(), Tally::default(), 1);
    for number in 0.. {
        let has_met_all = tally.missing().is_empty() && tally.unmet().is_empty();
        if number >= STEPS && (has_met_all || number >= 10 * STEPS) {
            break;
        }
        if number % 80 == 0 {
            model = Model::default();
        }
        let mut after = model.clone();
        let (content, verdict) = match generator.change(&model) {
            Change::Record(content) => (Some(content.clone()), after.try_record(NEW, &content)),
            Change::Correct(id, content) => {
                let verdict = after.try_correct(id, &content);
                (Some(content), verdict)
            }
            Change::Annul(id) => (None, after.try_annul(id)),
            Change::Reverse(id, on) => {
                let content = content(on, model.draft_reversal(id, on));
                let verdict = after.try_record(NEW, &content);
                if verdict.is_ok() {
                    tally.see("units reversed", model.check_reversal(&after, id, on));
                    tally.see("reversals", 1);
                }
                (Some(content), verdict)
            }
        };
        if let Some(content) = &content {
            tally.decision(content, verdict.is_ok());
        }
        match verdict {
            Ok(()) => {
                after.give_id(NEW, next);
                next += 1;
                tally.see("units without a home", after.check());
                tally.see("accepted", 1);
                model = after;
            }
            Err(refusal) => tally.refusal(&refusal),
        }
        let living = model
            .tree_on(day("2026-01-15"))
            .values()
            .filter(|unit| unit.is_living)
            .count();
        tally.see("living units, all steps", living);
    }
    tally.print("the model alone");
    assert_eq!(tally.missing(), [""; 0], "never accepted");
    assert_eq!(tally.unmet(), [""; 0], "never refused for");
}

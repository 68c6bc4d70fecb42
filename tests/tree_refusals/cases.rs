//! The table: a decision for each condition, which breaks that one.

use serde_json::{Value, json};

use crate::support::{decision, end_into, establish, rename, transfer};

/// What stands before each case: its decisions.
pub fn standing() -> Vec<Value> {
    let root = json!({
        "op": "establish", "code": "tld", "name": "Tổng Liên đoàn", "kind": "confederation"
    });
    let opening = [
        root,
        establish("hn", "provincial_federation", "tld"),
        establish("hp", "provincial_federation", "tld"),
        establish("q-lb", "district_federation", "hn"),
        establish("q-btl", "district_federation", "hn"),
        establish("union", "grassroots_union", "q-lb"),
        establish("old", "grassroots_union", "q-lb"),
        establish("s1", "section", "union"),
        establish("s2", "section", "s1"),
    ];
    vec![
        decision(None, &opening),
        decision(Some("2020-01-01"), &[json!({"op": "end", "unit": "old"})]),
        decision(
            Some("2022-01-01"),
            &[establish("fresh", "grassroots_union", "hn")],
        ),
    ]
}

pub struct Case {
    pub decision: Value,
    /// Where the refusal points, or above that.
    pub pointer: &'static str,
    pub code: &'static str,
}

fn case(on: Option<&str>, lines: &[Value], pointer: &'static str, code: &'static str) -> Case {
    Case {
        decision: decision(on, lines),
        pointer,
        code,
    }
}

/// One line on a day on which all stand that are not `old`.
fn line(line: Value, pointer: &'static str, code: &'static str) -> Case {
    case(Some("2022-01-01"), &[line], pointer, code)
}

fn of_the_whole() -> Vec<Case> {
    let name = rename("hn", "Tên mới");
    let many: Vec<Value> = (0..=10_000)
        .map(|n| establish(&format!("n{n}"), "grassroots_union", "hn"))
        .collect();
    vec![
        case(Some("2022-01-01"), &[], "/lines", "no_lines"),
        case(Some("2022-01-01"), &many, "/lines", "too_many_lines"),
        case(
            Some("1899-12-31"),
            std::slice::from_ref(&name),
            "/effective_on",
            "date_out_of_range",
        ),
        case(
            Some("3000-01-01"),
            std::slice::from_ref(&name),
            "/effective_on",
            "date_out_of_range",
        ),
        case(None, &[name], "/lines/0", "opening_only_establishes"),
    ]
}

fn of_names_and_codes() -> Vec<Case> {
    let mut cases = vec![
        case(
            Some("2022-01-01"),
            &[rename("hn", "Lần đầu"), rename("hn", "Lần sau")],
            "/lines/1",
            "unit_set_twice",
        ),
        case(
            Some("2022-01-01"),
            &[
                establish("new", "grassroots_union", "hn"),
                rename("new", "Tên khác"),
            ],
            "/lines/1",
            "unit_set_twice",
        ),
        line(
            establish("hp", "grassroots_union", "hn"),
            "/lines/0/code",
            "code_taken",
        ),
        line(
            establish("old", "grassroots_union", "hn"),
            "/lines/0/code",
            "code_taken",
        ),
    ];
    let long = "x".repeat(65);
    for code in ["", "A", "a b", "a_b", "a--b", "-a", "a-", "ă", &long] {
        cases.push(line(
            establish(code, "grassroots_union", "hn"),
            "/lines/0/code",
            "code_invalid",
        ));
    }
    for name in [String::new(), "x".repeat(301), "a\u{7}b".to_owned()] {
        let mut founding = establish("new", "grassroots_union", "hn");
        founding["name"] = json!(name);
        cases.push(line(founding, "/lines/0/name", "name_invalid"));
        cases.push(line(rename("hn", &name), "/lines/0/name", "name_invalid"));
    }
    cases
}

fn of_units() -> Vec<Case> {
    let end = |unit: &str| json!({"op": "end", "unit": unit});
    let second_root =
        json!({"op": "establish", "code": "t2", "name": "Gốc", "kind": "confederation"});
    let mut wrong_from = transfer("union", "q-btl");
    wrong_from["from"] = json!("hn");
    let mut restored = json!({"op": "restore", "unit": "union"});
    let alive = restored.clone();
    restored["unit"] = json!("nobody");
    let mut no_parent = establish("new", "grassroots_union", "nobody");
    let unknown = no_parent.clone();
    no_parent["parent"] = json!("old");
    vec![
        line(transfer("union", "nobody"), "/lines/0/to", "unit_unknown"),
        line(rename("nobody", "Tên"), "/lines/0/unit", "unit_unknown"),
        line(restored, "/lines/0/unit", "unit_unknown"),
        line(unknown, "/lines/0/parent", "unit_unknown"),
        // Not founded yet.
        case(
            Some("2021-12-31"),
            &[rename("fresh", "Tên")],
            "/lines/0/unit",
            "unit_unknown",
        ),
        line(rename("old", "Tên"), "/lines/0/unit", "unit_not_alive"),
        line(no_parent, "/lines/0/parent", "unit_not_alive"),
        line(second_root, "/lines/0", "root_exists"),
        case(
            Some("2023-01-01"),
            &[json!({"op": "end", "unit": "tld", "subtree": true})],
            "/lines/0",
            "root_is_fixed",
        ),
        case(
            Some("2022-01-01"),
            &[end("fresh")],
            "/lines/0",
            "empty_life",
        ),
        line(end("q-lb"), "/lines/0", "has_children"),
        line(alive, "/lines/0/unit", "already_alive"),
        line(wrong_from, "/lines/0/from", "parent_mismatch"),
        line(transfer("union", "q-lb"), "/lines/0", "no_change"),
        line(rename("hn", "Đơn vị hn"), "/lines/0", "no_change"),
        line(
            json!({"op": "rename", "unit": "hn"}),
            "/lines/0",
            "no_change",
        ),
        line(
            json!({"op": "change_kind", "unit": "union", "kind": "grassroots_union"}),
            "/lines/0",
            "no_change",
        ),
        line(transfer("s1", "s2"), "/lines/0/to", "cycle"),
        line(transfer("s1", "s1"), "/lines/0/to", "cycle"),
        line(
            json!({"op": "merge", "units": ["s1"], "into": "s2"}),
            "/lines/0/into",
            "cycle",
        ),
        line(end_into("s1", "s2"), "/lines/0/children_to", "cycle"),
    ]
}

fn of_kinds() -> Vec<Case> {
    let typed = |kind: &str, employer_type: &str| {
        let mut line = establish("new", kind, if kind == "section" { "union" } else { "hn" });
        line["employer_type"] = json!(employer_type);
        line
    };
    let ward = || [establish("ward", "commune_union", "hn")];
    let change = |kind: &str| json!({"op": "change_kind", "unit": "union", "kind": kind});
    vec![
        line(
            establish("new", "moon", "hn"),
            "/lines/0/kind",
            "kind_unknown",
        ),
        line(
            establish("new", "section", "hn"),
            "/lines/0",
            "kind_not_allowed",
        ),
        case(Some("2025-06-30"), &ward(), "/lines/0", "kind_not_allowed"),
        case(None, &ward(), "/lines/0", "kind_not_allowed"),
        case(
            Some("2025-07-01"),
            &[establish("new", "district_federation", "hn")],
            "/lines/0",
            "kind_not_allowed",
        ),
        line(transfer("union", "tld"), "/lines/0", "kind_not_allowed"),
        // Its sections fit under no district, nor it under one.
        line(
            change("district_federation"),
            "/lines/0",
            "kind_not_allowed",
        ),
        line(
            typed("grassroots_union", "circus"),
            "/lines/0/employer_type",
            "employer_type_unknown",
        ),
        line(
            typed("section", "school"),
            "/lines/0/employer_type",
            "employer_type_not_allowed",
        ),
        line(
            json!({"op": "change_kind", "unit": "hn", "employer_type": "school"}),
            "/lines/0/employer_type",
            "employer_type_not_allowed",
        ),
    ]
}

fn of_merges_and_splits() -> Vec<Case> {
    let district = |code: &str| {
        let mut new = establish(code, "district_federation", "hn");
        new.as_object_mut().unwrap().remove("op");
        new
    };
    let part = |code: &str, children: &[&str]| json!({"new": district(code), "children": children});
    let split = |parts: &[Value]| json!({"op": "split", "unit": "q-lb", "parts": parts});
    let mut kept = split(&[part("q-1", &["union"])]);
    kept["keep"] = json!(true);
    kept["children_to"] = json!("q-btl");
    let mut kept_without = split(&[]);
    kept_without["keep"] = json!(true);
    let mut ended = end_into("q-lb", "q-btl");
    ended["subtree"] = json!(true);
    vec![
        line(
            split(&[part("q-1", &[]), part("q-2", &[])]),
            "/lines/0",
            "children_left",
        ),
        line(
            split(&[part("q-1", &["union"]), part("q-2", &["fresh"])]),
            "/lines/0/parts/1",
            "not_a_child",
        ),
        line(
            split(&[part("q-1", &["union"])]),
            "/lines/0",
            "too_few_units",
        ),
        line(kept_without, "/lines/0", "too_few_units"),
        line(
            json!({"op": "merge", "units": [], "into": "q-btl"}),
            "/lines/0",
            "too_few_units",
        ),
        line(
            json!({"op": "merge", "units": ["q-lb"], "new": district("q-1")}),
            "/lines/0",
            "too_few_units",
        ),
        line(kept, "/lines/0", "conflicting_options"),
        line(ended, "/lines/0", "conflicting_options"),
        line(
            split(&[
                json!({"unit": "union", "children": []}),
                part("q-2", &["union"]),
            ]),
            "/lines/0/parts/0",
            "cycle",
        ),
    ]
}

pub fn cases() -> Vec<Case> {
    let groups = [
        of_the_whole(),
        of_names_and_codes(),
        of_units(),
        of_kinds(),
        of_merges_and_splits(),
    ];
    groups.into_iter().flatten().collect()
}

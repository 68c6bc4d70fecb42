//! Decisions that are meant to be refused, each for a code of the table of refusals.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::generate::{Generator, NAMES, OPERATIONS, content};
use super::guess::units;
use super::kinds::{GRASSROOTS, OPENING, day};
use super::model::Model;
use super::unit::{Tree, children, subtree};

pub const CODES: [&str; 26] = [
    "no_lines",
    "date_out_of_range",
    "opening_only_establishes",
    "unit_set_twice",
    "code_invalid",
    "code_taken",
    "name_invalid",
    "unit_unknown",
    "unit_not_alive",
    "root_exists",
    "root_is_fixed",
    "kind_unknown",
    "kind_not_allowed",
    "employer_type_unknown",
    "employer_type_not_allowed",
    "empty_life",
    "has_children",
    "children_left",
    "not_a_child",
    "too_few_units",
    "conflicting_options",
    "already_alive",
    "parent_mismatch",
    "no_change",
    "cycle",
    "anything",
];

impl Generator {
    /// One broken line, often after others that hold.
    pub fn broken(&mut self, model: &Model) -> Value {
        for _ in 0..20 {
            let on = self.day();
            let code = self.fault();
            match code {
                "no_lines" => return content(on, Vec::new()),
                "date_out_of_range" => {
                    let on = self.pick(&["1899-12-31", "3000-01-01"]).unwrap();
                    return content(day(on), self.lines(model, day(on), 1));
                }
                "opening_only_establishes" => {
                    let line = json!({"op": "rename", "unit": "t", "name": "X"});
                    return content(OPENING, vec![line]);
                }
                _ => {}
            }
            let tree = model.tree_on(on);
            if let Some(line) = self.spoilt(code, tree, on) {
                let mut lines = if self.chance(0.4) {
                    self.lines(model, on, 1)
                } else {
                    Vec::new()
                };
                lines.extend(line);
                return content(on, lines);
            }
        }
        content(self.day(), Vec::new())
    }

    fn fault(&mut self) -> &'static str {
        if self.faults.is_empty() {
            self.faults = CODES.to_vec();
        }
        let index = self.number(self.faults.len());
        self.faults.swap_remove(index)
    }

    fn spoilt(&mut self, code: &str, tree: &Tree, on: NaiveDate) -> Option<Vec<Value>> {
        let living = units(tree, true);
        let unit = self.pick(&living)?;
        let root = living.iter().find(|code| tree[*code].parent.is_none())?;
        let below: Vec<String> = subtree(tree, &unit).into_iter().collect();
        let is_parent =
            |code: &String| !children(tree, code).is_empty() && tree[code].parent.is_some();
        let parents: Vec<String> = living
            .iter()
            .filter(|code| is_parent(code))
            .cloned()
            .collect();
        let operation = self.pick(&OPERATIONS)?;
        let other = self.pick(&living)?;
        let found = |new: Option<Value>, name: &str, value: &str| {
            let mut line = new?;
            line["op"] = json!("establish");
            line[name] = json!(value);
            Some(line)
        };
        let founding = self.founding(tree, &unit, on);
        let split = |unit: &str, parts: Value| json!({"op": "split", "unit": unit, "parts": parts});
        let line = match code {
            "unit_set_twice" => {
                let rename = |name| json!({"op": "rename", "unit": unit, "name": name});
                return Some(vec![rename("Lần đầu"), rename("Lần sau")]);
            }
            "code_invalid" => {
                let long = "x".repeat(65);
                let wrong = ["A", "a--b", "-a", "a-", "a_b", "ă", &long].map(str::to_owned);
                found(founding, "code", &self.pick(&wrong)?)?
            }
            "code_taken" => {
                let taken: Vec<String> = tree.keys().cloned().collect();
                found(founding, "code", &self.pick(&taken)?)?
            }
            "name_invalid" => {
                let wrong = [String::new(), "x".repeat(301), "a\u{7}b".to_owned()];
                found(founding, "name", &self.pick(&wrong)?)?
            }
            "unit_unknown" => json!({"op": "transfer", "unit": unit, "to": "nobody"}),
            "unit_not_alive" => {
                let ended = self.pick(&units(tree, false))?;
                // Right after all where another line restores it: a name whose place is known.
                json!({"op": "rename", "unit": ended, "name": self.pick(&NAMES)?})
            }
            "root_exists" => json!({
                "op": "establish", "code": "t2", "name": "Gốc thứ hai", "kind": "confederation"
            }),
            "root_is_fixed" => self.pick(&[
                json!({"op": "end", "unit": root, "subtree": true}),
                json!({"op": "transfer", "unit": root, "to": unit}),
                json!({"op": "change_kind", "unit": root, "kind": "section"}),
                json!({"op": "merge", "units": [root], "into": unit}),
            ])?,
            "kind_unknown" => found(founding, "kind", "moon")?,
            "kind_not_allowed" => self.pick(&[
                found(founding, "kind", "central_sector_union")?,
                json!({"op": "transfer", "unit": unit, "to": other}),
                json!({"op": "change_kind", "unit": unit, "kind": "commune_union"}),
            ])?,
            "employer_type_unknown" => found(founding, "employer_type", "circus")?,
            "employer_type_not_allowed" => {
                let new = founding.filter(|new| new["kind"] != GRASSROOTS);
                found(new, "employer_type", "school")?
            }
            "empty_life" => {
                let fresh = living.iter().filter(|code| tree[*code].since == on);
                let fresh: Vec<String> = fresh.cloned().collect();
                json!({"op": "end", "unit": self.pick(&fresh)?, "subtree": true})
            }
            "has_children" => json!({"op": "end", "unit": self.pick(&parents)?}),
            "children_left" | "not_a_child" => {
                let mut line = self.guess("split", tree, on)?;
                line.as_object_mut()?.remove("children_to");
                let named = if code == "not_a_child" {
                    json!([unit])
                } else {
                    json!([])
                };
                line["parts"][0]["children"] = named;
                line
            }
            "too_few_units" => {
                let part = json!([{"unit": self.pick(&living)?, "children": []}]);
                self.pick(&[
                    split(&unit, part),
                    json!({"op": "split", "unit": unit, "parts": [], "keep": true}),
                    json!({"op": "merge", "units": [], "into": unit}),
                    json!({"op": "merge", "units": [unit], "new": founding?}),
                ])?
            }
            "conflicting_options" => {
                let kept = self.guess("split keep", tree, on)?;
                let mut both = kept.clone();
                both["children_to"] = json!(root);
                let ended =
                    json!({"op": "end", "unit": unit, "subtree": true, "children_to": root});
                self.pick(&[both, ended])?
            }
            "already_alive" => json!({"op": "restore", "unit": unit}),
            "parent_mismatch" => {
                let mut line = self.guess("transfer", tree, on)?;
                line["from"] = json!(unit);
                line
            }
            "no_change" => self.pick(&[
                json!({"op": "rename", "unit": unit, "name": tree[&unit].name}),
                json!({"op": "change_kind", "unit": unit, "kind": tree[&unit].kind}),
                json!({"op": "transfer", "unit": unit, "to": tree[&unit].parent.clone()?}),
            ])?,
            "cycle" => {
                let to = self.pick(&below)?;
                self.pick(&[
                    json!({"op": "transfer", "unit": unit, "to": to}),
                    json!({"op": "merge", "units": [unit], "into": to}),
                    json!({"op": "end", "unit": unit, "children_to": to}),
                ])?
            }
            _ => self.guess(operation, tree, on)?,
        };
        Some(vec![line])
    }
}

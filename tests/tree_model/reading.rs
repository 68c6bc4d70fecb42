//! What can be read from the model: rows, lives, `today`, homes, and what must hold on every day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::kinds::{GRASSROOTS, OPENING, is_known};
use super::model::Model;
use super::unit::{Tree, Unit, children};

/// `[from, to)`; a null is an open side.
fn span(from: NaiveDate, to: Option<NaiveDate>) -> Value {
    let from = (from != OPENING).then_some(from);
    json!({"from": from, "to": to})
}

fn version(unit: &Unit) -> Value {
    json!({
        "name": unit.name, "short_name": unit.short_name,
        "kind": unit.kind, "employer_type": unit.employer_type
    })
}

/// Two homes lead to each other: section 5 gives none.
#[derive(Debug, PartialEq)]
pub struct Loop;

impl Model {
    /// Every unit that is ever begun.
    pub fn codes(&self) -> BTreeSet<String> {
        self.steps
            .last()
            .into_iter()
            .flat_map(|step| step.after.keys().cloned())
            .collect()
    }

    /// The states of a unit on its living days, each with its first day and the day after its last.
    fn states(&self, code: &str) -> Vec<(NaiveDate, Option<NaiveDate>, Unit)> {
        let days: Vec<NaiveDate> = self.days().into_iter().collect();
        let ends = days.iter().skip(1).copied().map(Some).chain([None]);
        let spans = days.iter().copied().zip(ends);
        let living = spans.filter_map(|(from, to)| {
            let unit = self.tree_on(from).get(code)?;
            unit.is_living.then(|| (from, to, unit.clone()))
        });
        living.collect()
    }

    /// Rows of one sort: what `says` reads off each state, equal neighbours as one.
    fn compress(&self, code: &str, says: impl Fn(&Unit) -> Value) -> Vec<Value> {
        let mut rows: Vec<(NaiveDate, Option<NaiveDate>, Value)> = Vec::new();
        for (from, to, unit) in self.states(code) {
            let said = says(&unit);
            match rows.last_mut() {
                Some(last) if last.1 == Some(from) && last.2 == said => last.1 = to,
                _ => rows.push((from, to, said)),
            }
        }
        let joined = rows.into_iter().map(|(from, to, mut said)| {
            let mut row = span(from, to);
            row.as_object_mut()
                .unwrap()
                .append(said.as_object_mut().unwrap());
            row
        });
        joined.collect()
    }

    pub fn lives(&self, code: &str) -> Vec<Value> {
        self.compress(code, |_| json!({}))
    }

    pub fn versions(&self, code: &str) -> Vec<Value> {
        self.compress(code, version)
    }

    pub fn placements(&self, code: &str) -> Vec<Value> {
        self.compress(code, |unit| json!({"parent": unit.parent}))
    }

    /// All rows of a unit; null where it never begins.
    pub fn rows(&self, code: &str) -> Value {
        if self.lives(code).is_empty() {
            return Value::Null;
        }
        json!({
            "lives": self.lives(code),
            "versions": self.versions(code),
            "placements": self.placements(code)
        })
    }

    /// The units whose rows differ between two lists: their rows before and after.
    pub fn changes(&self, after: &Self) -> BTreeMap<String, (Value, Value)> {
        let codes = self.codes().into_iter().chain(after.codes());
        let rows = codes.map(|code| (code.clone(), (self.rows(&code), after.rows(&code))));
        rows.filter(|(_, (before, after))| before != after)
            .collect()
    }

    /// What is shown of a unit on a day: its state, else the nearest earlier one, else its first.
    pub fn shown(&self, code: &str, on: NaiveDate) -> Option<Unit> {
        let states = self.states(code);
        let earlier = states.iter().rev().find(|(from, _, _)| *from <= on);
        earlier.or(states.first()).map(|(_, _, unit)| unit.clone())
    }

    pub fn today(&self, code: &str, on: NaiveDate) -> BTreeSet<String> {
        let tree = self.tree_on(on);
        let mut found = BTreeSet::new();
        let mut open = vec![code.to_owned()];
        while let Some(code) = open.pop() {
            match tree.get(&code) {
                Some(unit) if unit.is_living => {
                    found.insert(code);
                }
                Some(unit) => open.extend(unit.successors.iter().cloned()),
                None => {}
            }
        }
        found
    }

    pub fn home(&self, code: &str, on: NaiveDate) -> Result<String, Loop> {
        self.home_past(code, on, &mut BTreeSet::new())
    }

    fn home_past(
        &self,
        code: &str,
        on: NaiveDate,
        met: &mut BTreeSet<String>,
    ) -> Result<String, Loop> {
        if !met.insert(code.to_owned()) {
            return Err(Loop);
        }
        let tree = self.tree_on(on);
        let home = match tree.get(code) {
            Some(unit) if unit.is_living => code.to_owned(),
            Some(unit) if unit.successors.is_empty() => {
                let last_day = unit.ended_on.unwrap().pred_opt().unwrap();
                let parent = self.tree_on(last_day)[code].parent.clone().unwrap();
                self.home_past(&parent, on, met)?
            }
            Some(unit) => {
                let mut homes = Vec::new();
                for successor in &unit.successors {
                    homes.push(self.home_past(successor, on, met)?);
                }
                lowest_above_all(tree, &homes)
            }
            None => {
                let first = self.states(code).remove(0).2;
                self.home_past(&first.parent.unwrap(), on, met)?
            }
        };
        met.remove(code);
        Ok(home)
    }

    /// I-1 to I-8, on each day; answers for how many units a home was missing (see `Loop`).
    pub fn check(&self) -> usize {
        let mut foundings = BTreeSet::new();
        for founded in self
            .in_order()
            .iter()
            .flat_map(|decision| decision.lines())
            .flat_map(founded)
        {
            assert!(
                foundings.insert(founded.clone()),
                "I-6: {founded} is founded twice"
            );
        }
        assert_eq!(foundings, self.codes(), "I-6");
        for code in self.codes() {
            self.check_tiles(&code);
        }
        let mut loops = 0;
        for on in self.days() {
            let tree = self.tree_on(on);
            check_tree(tree);
            if tree.values().any(|unit| unit.is_living) {
                let homes = self.codes().into_iter().map(|code| self.home(&code, on));
                for home in homes {
                    match home {
                        Ok(home) => assert!(tree[&home].is_living, "I-8"),
                        Err(Loop) => loops += 1,
                    }
                }
            }
        }
        loops
    }

    /// I-4: versions and placements tile each life.
    fn check_tiles(&self, code: &str) {
        let lives = self.lives(code);
        for rows in [self.versions(code), self.placements(code)] {
            let mut joined: Vec<(Value, Value)> = Vec::new();
            for row in &rows {
                assert!(
                    row["to"].is_null() || row["from"].as_str() < row["to"].as_str(),
                    "I-4: empty {row}"
                );
                match joined.last_mut() {
                    Some(last) if last.1 == row["from"] && !row["from"].is_null() => {
                        last.1 = row["to"].clone()
                    }
                    _ => joined.push((row["from"].clone(), row["to"].clone())),
                }
            }
            let lives: Vec<_> = lives
                .iter()
                .map(|l| (l["from"].clone(), l["to"].clone()))
                .collect();
            assert_eq!(joined, lives, "I-4: {code}");
        }
    }
}

fn founded(line: &Value) -> Vec<String> {
    let parts = line["parts"].as_array().into_iter().flatten();
    let news = parts.map(|part| &part["new"]).chain([&line["new"]]);
    let own = (line["op"] == "establish").then_some(line);
    news.chain(own)
        .filter_map(|content| content["code"].as_str())
        .map(str::to_owned)
        .collect()
}

/// I-1, I-2, I-3, I-5.
fn check_tree(tree: &Tree) {
    let living: BTreeMap<&String, &Unit> = tree.iter().filter(|(_, unit)| unit.is_living).collect();
    let roots = living.values().filter(|unit| unit.parent.is_none()).count();
    assert_eq!(roots, usize::from(!living.is_empty()), "I-1");
    for (code, unit) in &living {
        path(tree, code);
        if let Some(parent) = &unit.parent {
            assert!(
                living.contains_key(parent),
                "I-3: {code} stands under {parent}"
            );
        }
        assert!(is_known(&unit.kind), "I-5");
        assert!(
            unit.employer_type.is_none() || unit.kind == GRASSROOTS,
            "I-5: {code}"
        );
    }
}

/// From the root down to the unit itself.
pub fn path(tree: &Tree, code: &str) -> Vec<String> {
    let mut path = vec![code.to_owned()];
    while let Some(parent) = &tree[&path[0]].parent {
        assert!(path.len() <= tree.len(), "I-2: {code} stands on a cycle");
        path.insert(0, parent.clone());
    }
    path
}

fn lowest_above_all(tree: &Tree, codes: &[String]) -> String {
    let paths: Vec<Vec<String>> = codes.iter().map(|code| path(tree, code)).collect();
    let mut common = paths[0].clone();
    common.retain(|unit| paths.iter().all(|path| path.contains(unit)));
    common.pop().unwrap()
}

/// Children by a key of their own, then by code.
pub fn ordered_children<K: Ord>(
    tree: &Tree,
    code: &str,
    order: impl Fn(&Unit) -> K,
) -> Vec<String> {
    let mut found = children(tree, code);
    found.sort_by_key(|child| (order(&tree[child]), child.clone()));
    found
}

//! Changes of the list, drawn at random: most of them such that they could be meant.

use chrono::NaiveDate;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::apply::{Named, apply};
use super::kinds::{OPENING, day};
use super::model::Model;
use super::unit::Tree;

pub const DAYS: [&str; 12] = [
    "2020-01-01",
    "2021-03-01",
    "2022-01-01",
    "2023-06-15",
    "2024-12-19",
    "2025-06-30",
    "2025-07-01",
    "2025-07-02",
    "2026-01-01",
    "2026-01-15",
    "2026-06-01",
    "2027-03-01",
];

/// In the order of siblings, so that a name's place here is its key.
pub const NAMES: [&str; 21] = [
    "An",
    "Án",
    "Ăn",
    "Ân",
    "Cụm",
    "Cụm 2",
    "Cụm 10",
    "Cụm hai",
    "Da",
    "Dà",
    "Dá",
    "Dạ",
    "Đa",
    "Ea",
    "Êa",
    "Oa",
    "Ôa",
    "Ơa",
    "Ua",
    "Ưa",
    "Xa",
];

pub const CODES: [&str; 28] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
    "u", "u-1", "u-10", "u-2", "u1", "v", "x", "y", "z",
];

/// Each kind of line.
pub const OPERATIONS: [&str; 12] = [
    "establish",
    "transfer",
    "rename",
    "change_kind",
    "merge into",
    "merge new",
    "split",
    "split keep",
    "end",
    "end children_to",
    "end subtree",
    "restore",
];

/// Which of them a line is.
pub fn operation(line: &Value) -> &'static str {
    let given = |name: &str| !line[name].is_null() && line[name] != false;
    let name = match line["op"].as_str().unwrap() {
        "merge" if given("new") => "merge new",
        "merge" => "merge into",
        "split" if given("keep") => "split keep",
        "end" if given("children_to") => "end children_to",
        "end" if given("subtree") => "end subtree",
        other => other,
    };
    OPERATIONS
        .into_iter()
        .find(|operation| *operation == name)
        .unwrap()
}

pub enum Change {
    Record(Value),
    Correct(i64, Value),
    Annul(i64),
    /// The draft is to be asked for.
    Reverse(i64, NaiveDate),
}

pub struct Generator {
    pub random: StdRng,
    /// Operations to come, so that none is left to chance.
    deck: Vec<&'static str>,
    /// Refusals to come.
    pub faults: Vec<&'static str>,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self {
            random: StdRng::seed_from_u64(seed),
            deck: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.random.random_bool(share)
    }

    /// From 0 up to, without, the bound.
    pub fn number(&mut self, bound: usize) -> usize {
        self.random.random_range(0..bound)
    }

    pub fn pick<T: Clone>(&mut self, items: &[T]) -> Option<T> {
        let index = (!items.is_empty()).then(|| self.number(items.len()));
        index.map(|index| items[index].clone())
    }

    pub fn day(&mut self) -> NaiveDate {
        day(self.pick(&DAYS).unwrap())
    }

    /// What to do next to the list.
    pub fn change(&mut self, model: &Model) -> Change {
        let standing: Vec<i64> = model
            .in_order()
            .iter()
            .map(|decision| decision.id)
            .collect();
        let Some(id) = self.pick(&standing) else {
            return Change::Record(self.beginning());
        };
        match self.number(100) {
            0..55 => Change::Record(self.decision(model)),
            55..72 => Change::Record(self.broken(model)),
            72..84 => Change::Correct(id, self.correction(model, id)),
            84..91 => Change::Annul(id),
            _ => self.reversal(model, id),
        }
    }

    /// The first decision: an opening or one with a day, enough for a tree to grow from.
    fn beginning(&mut self) -> Value {
        let on = if self.chance(0.6) {
            OPENING
        } else {
            day(DAYS[0])
        };
        let (mut tree, mut named) = (Tree::new(), Named::new());
        let root = json!({
            "op": "establish", "code": "t", "name": "Tổng Liên đoàn", "kind": "confederation"
        });
        apply(&mut tree, &root, on, &mut named).unwrap();
        let mut lines = vec![root];
        while lines.len() < 10 {
            lines.extend(self.line("establish", &mut tree, on, &mut named));
        }
        content(on, lines)
    }

    /// A decision that fits the tree of its day, and mostly what comes after too.
    fn decision(&mut self, model: &Model) -> Value {
        let mut decision = self.decision_of_a_day(model);
        if self.chance(0.75) {
            for _ in 0..5 {
                if model.clone().try_record(0, &decision).is_ok() {
                    break;
                }
                decision = self.decision_of_a_day(model);
            }
        }
        decision
    }

    fn decision_of_a_day(&mut self, model: &Model) -> Value {
        loop {
            let on = if self.chance(0.04) {
                OPENING
            } else {
                self.day()
            };
            let count = self.pick(&[1, 1, 1, 2, 2, 3, 5]).unwrap();
            let lines = self.lines(model, on, count);
            if !lines.is_empty() {
                return content(on, lines);
            }
        }
    }

    pub fn lines(&mut self, model: &Model, on: NaiveDate, count: usize) -> Vec<Value> {
        let (mut tree, mut named) = (model.tree_on(on).clone(), Named::new());
        let mut lines = Vec::new();
        for _ in 0..count {
            let operation = if on == OPENING {
                "establish"
            } else {
                self.operation(&tree)
            };
            lines.extend(self.line(operation, &mut tree, on, &mut named));
        }
        lines
    }

    fn operation(&mut self, tree: &Tree) -> &'static str {
        let living = tree.values().filter(|unit| unit.is_living).count();
        match living {
            0..8 if self.chance(0.7) => "establish",
            22.. if self.chance(0.5) => self
                .pick(&["merge into", "end", "end children_to", "end subtree"])
                .unwrap(),
            _ => {
                if self.deck.is_empty() {
                    self.deck = OPERATIONS.to_vec();
                }
                let index = self.number(self.deck.len());
                self.deck.swap_remove(index)
            }
        }
    }

    /// A line that the tree takes, and does; none where none was found.
    fn line(
        &mut self,
        operation: &str,
        tree: &mut Tree,
        on: NaiveDate,
        named: &mut Named,
    ) -> Option<Value> {
        for _ in 0..60 {
            let Some(line) = self.guess(operation, tree, on) else {
                continue;
            };
            let (mut changed, mut now_named) = (tree.clone(), named.clone());
            if apply(&mut changed, &line, on, &mut now_named).is_ok() {
                (*tree, *named) = (changed, now_named);
                return Some(line);
            }
        }
        None
    }

    fn correction(&mut self, model: &Model, id: i64) -> Value {
        let old = model.decision(id).content.clone();
        let mut new = old.clone();
        let lines = new["lines"].as_array_mut().unwrap();
        match self.number(6) {
            0 => new["effective_on"] = json!(self.day()),
            1 => {
                let index = self.number(lines.len());
                lines.remove(index);
            }
            2 => {
                let index = self.number(lines.len());
                if lines[index].get("name").is_some() {
                    lines[index]["name"] = json!(self.pick(&NAMES));
                }
            }
            3 => {
                let count = lines.len();
                let (first, second) = (self.number(count), self.number(count));
                lines.swap(first, second);
            }
            4 => {
                let on = model.decision(id).on();
                lines.extend(self.lines(model, on, 1));
            }
            _ => new = self.decision_of_a_day(model),
        }
        if new == old {
            new["effective_on"] = json!(self.day());
        }
        new
    }

    fn reversal(&mut self, model: &Model, id: i64) -> Change {
        let begun = model.decision(id).on();
        let later: Vec<NaiveDate> = DAYS.into_iter().map(day).filter(|on| *on > begun).collect();
        let on = self.pick(&later).or(begun.succ_opt());
        Change::Reverse(id, on.unwrap())
    }
}

/// A decision without its document.
pub fn content(on: NaiveDate, lines: Vec<Value>) -> Value {
    let effective_on = (on != OPENING).then_some(on);
    json!({"effective_on": effective_on, "lines": lines})
}

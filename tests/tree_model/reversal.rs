//! How a decision is taken back from a day on.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::model::{Model, Step};
use super::reading::path;
use super::unit::{Tree, Unit};

/// What a decision can set, and a reversal set back.
type Aspects = (
    bool,
    Option<String>,
    String,
    Option<String>,
    String,
    Option<String>,
);

fn aspects(unit: &Unit) -> Aspects {
    let unit = unit.clone();
    (
        unit.is_living,
        unit.parent,
        unit.kind,
        unit.employer_type,
        unit.name,
        unit.short_name,
    )
}

/// Whether a step leaves a unit as it was.
fn is_untouched(step: &Step, code: &str) -> bool {
    step.before.get(code).map(aspects) == step.after.get(code).map(aspects)
}

fn depth(tree: &Tree, code: &str) -> i64 {
    if tree.contains_key(code) {
        path(tree, code).len() as i64
    } else {
        0
    }
}

impl Model {
    fn step(&self, decision: i64) -> &Step {
        self.steps
            .iter()
            .find(|step| step.decision == decision)
            .unwrap()
    }

    fn changed_by(&self, decision: i64) -> Vec<String> {
        let step = self.step(decision);
        step.after
            .keys()
            .filter(|code| !is_untouched(step, code))
            .cloned()
            .collect()
    }

    /// The lines that bring back, from a day on, what the decision changed.
    pub fn draft_reversal(&self, decision: i64, on: NaiveDate) -> Vec<Value> {
        let (step, now) = (self.step(decision), self.tree_on(on));
        let [mut restored, mut kinds, mut moved, mut names, mut ended] = [const { Vec::new() }; 5];
        for code in self.changed_by(decision) {
            let after = &step.after[&code];
            let before = step.before.get(&code).filter(|unit| unit.is_living);
            let present = now.get(&code).filter(|unit| unit.is_living);
            let height = depth(&step.before, &code);
            match (before, present) {
                (Some(before), None) if !after.is_living => {
                    let line = json!({"op": "restore", "unit": code, "parent": before.parent});
                    restored.push((height, line));
                }
                // The root is fixed: that it began can't be taken back from a day on.
                (None, Some(present)) if present.parent.is_some() => {
                    let line = json!({"op": "end", "unit": code});
                    ended.push((-depth(now, &code), line));
                }
                (Some(before), Some(present)) if after.is_living => {
                    let kind = |unit: &Unit| (unit.kind.clone(), unit.employer_type.clone());
                    if kind(before) != kind(after) && kind(present) == kind(after) {
                        kinds.push((0, kind_back(&code, before, present)));
                    }
                    if before.parent != after.parent && present.parent == after.parent {
                        let line = json!({"op": "transfer", "unit": code, "to": before.parent});
                        moved.push((height, line));
                    }
                    let name = |unit: &Unit| (unit.name.clone(), unit.short_name.clone());
                    if name(before) != name(after) && name(present) == name(after) {
                        let line = json!({
                            "op": "rename", "unit": code,
                            "name": before.name, "short_name": before.short_name
                        });
                        names.push((0, line));
                    }
                }
                _ => {}
            }
        }
        let mut lines = Vec::new();
        for mut some in [restored, kinds, moved, names, ended] {
            some.sort_by_key(|(place, _)| *place);
            lines.extend(some.into_iter().map(|(_, line)| line));
        }
        lines
    }

    /// Holds a recorded reversal to its promise: a unit that the decision changed, and nobody since, is again what
    /// it was before. Answers how many units that were.
    pub fn check_reversal(&self, with_reversal: &Self, decision: i64, on: NaiveDate) -> usize {
        let place = self
            .steps
            .iter()
            .position(|step| step.decision == decision)
            .unwrap();
        let since = self.steps[place + 1..].iter().filter(|step| step.on <= on);
        let since: Vec<&Step> = since.collect();
        let mut units = self.changed_by(decision);
        let is_root = |code: &String| self.steps[place].after[code].parent.is_none();
        units.retain(|code| !is_root(code));
        units.retain(|code| since.iter().all(|step| is_untouched(step, code)));
        for code in &units {
            let before = self.steps[place]
                .before
                .get(code)
                .filter(|unit| unit.is_living);
            let tree = with_reversal.tree_on(on);
            let again = tree.get(code).filter(|unit| unit.is_living);
            assert_eq!(
                again.map(aspects),
                before.map(aspects),
                "{code} is not what it was"
            );
        }
        units.len()
    }
}

fn kind_back(code: &str, before: &Unit, present: &Unit) -> Value {
    let mut line = json!({"op": "change_kind", "unit": code});
    if before.kind != present.kind {
        line["kind"] = json!(before.kind);
    }
    if before.employer_type != present.employer_type {
        line["employer_type"] = json!(before.employer_type);
    }
    line
}

//! The list of decisions, and one whole tree for each of them: the law taken at its word, with no thought of speed.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use serde_json::Value;

use super::apply::{Codes, Named, apply};
use super::kinds::{OPENING, day};
use super::unit::Tree;

static NOTHING: Tree = Tree::new();

/// The longest list of lines.
const LINES_MAX: usize = 10_000;

#[derive(Clone, Debug)]
pub struct Decision {
    pub id: i64,
    pub content: Value,
    pub day_seq: i64,
    pub is_annulled: bool,
}

impl Decision {
    pub fn on(&self) -> NaiveDate {
        effective_on(&self.content)
    }

    pub fn lines(&self) -> &Vec<Value> {
        self.content["lines"].as_array().unwrap()
    }
}

pub fn effective_on(content: &Value) -> NaiveDate {
    content["effective_on"].as_str().map_or(OPENING, day)
}

/// Why a change of the list is refused: the first line that fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub decision: i64,
    /// None: the decision as a whole.
    pub line: Option<usize>,
    /// All its broken conditions; a server may name any of them.
    pub codes: Codes,
    /// Whether another decision fails than the one that is changed.
    pub is_later: bool,
}

/// A decision in its place, with the tree just before and just after it.
#[derive(Clone, Debug)]
pub struct Step {
    pub decision: i64,
    pub on: NaiveDate,
    pub before: Tree,
    pub after: Tree,
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub decisions: Vec<Decision>,
    /// What the list comes to, in the order of replay.
    pub steps: Vec<Step>,
}

type Verdict = Result<(), Refusal>;

impl Model {
    pub fn decision(&self, id: i64) -> &Decision {
        self.decisions
            .iter()
            .find(|decision| decision.id == id)
            .unwrap()
    }

    fn decision_mut(&mut self, id: i64) -> &mut Decision {
        self.decisions
            .iter_mut()
            .find(|decision| decision.id == id)
            .unwrap()
    }

    /// Decisions that hold, in the order of replay.
    pub fn in_order(&self) -> Vec<&Decision> {
        let mut list: Vec<&Decision> = self.decisions.iter().filter(|d| !d.is_annulled).collect();
        list.sort_by_key(|decision| (decision.on(), decision.day_seq));
        list
    }

    fn next_day_seq(&self, on: NaiveDate) -> i64 {
        let same_day = self.decisions.iter().filter(|decision| decision.on() == on);
        1 + same_day.map(|decision| decision.day_seq).max().unwrap_or(0)
    }

    pub fn try_record(&mut self, id: i64, content: &Value) -> Verdict {
        let mut changed = self.clone();
        changed.decisions.push(Decision {
            id,
            content: content.clone(),
            day_seq: self.next_day_seq(effective_on(content)),
            is_annulled: false,
        });
        self.accept(changed, id)
    }

    pub fn try_correct(&mut self, id: i64, content: &Value) -> Verdict {
        let mut changed = self.clone();
        let on = effective_on(content);
        let next = self.next_day_seq(on);
        let decision = changed.decision_mut(id);
        if decision.on() != on {
            decision.day_seq = next;
        }
        decision.content = content.clone();
        self.accept(changed, id)
    }

    pub fn try_annul(&mut self, id: i64) -> Verdict {
        let mut changed = self.clone();
        changed.decision_mut(id).is_annulled = true;
        self.accept(changed, id)
    }

    /// Lets go of annulled decisions, but for those that hold the highest place of a day: else a long run takes ever
    /// longer steps.
    pub fn forget(&mut self) {
        let list = self.decisions.clone();
        let is_highest = |decision: &Decision| {
            let mut same_day = list.iter().filter(|other| other.on() == decision.on());
            same_day.all(|other| other.day_seq <= decision.day_seq)
        };
        self.decisions
            .retain(|decision| !decision.is_annulled || is_highest(decision));
    }

    /// The number that the server gave a decision.
    pub fn give_id(&mut self, old: i64, id: i64) {
        for decision in self
            .decisions
            .iter_mut()
            .filter(|decision| decision.id == old)
        {
            decision.id = id;
        }
        for step in self.steps.iter_mut().filter(|step| step.decision == old) {
            step.decision = id;
        }
    }

    fn accept(&mut self, mut changed: Self, id: i64) -> Verdict {
        changed.steps = changed.replay().map_err(|mut refusal| {
            refusal.is_later = refusal.decision != id;
            refusal
        })?;
        *self = changed;
        Ok(())
    }

    /// From nothing, all of it.
    fn replay(&self) -> Result<Vec<Step>, Refusal> {
        let mut steps: Vec<Step> = Vec::new();
        for decision in self.in_order() {
            let before = steps
                .last()
                .map_or_else(Tree::new, |step| step.after.clone());
            let after = enact(decision, before.clone())?;
            let step = Step {
                decision: decision.id,
                on: decision.on(),
                before,
                after,
            };
            steps.push(step);
        }
        Ok(steps)
    }

    /// The tree of a day: that after all its decisions.
    pub fn tree_on(&self, on: NaiveDate) -> &Tree {
        let step = self.steps.iter().rev().find(|step| step.on <= on);
        step.map_or(&NOTHING, |step| &step.after)
    }

    /// Each day on which something took effect.
    pub fn days(&self) -> BTreeSet<NaiveDate> {
        self.steps.iter().map(|step| step.on).collect()
    }
}

fn enact(decision: &Decision, mut tree: Tree) -> Result<Tree, Refusal> {
    let refusal = |line, codes| Refusal {
        decision: decision.id,
        line,
        codes,
        is_later: false,
    };
    let broken = broken_as_a_whole(decision);
    if !broken.is_empty() {
        return Err(refusal(None, broken));
    }
    let mut named = Named::new();
    for (index, line) in decision.lines().iter().enumerate() {
        apply(&mut tree, line, decision.on(), &mut named)
            .map_err(|codes| refusal(Some(index), codes))?;
    }
    Ok(tree)
}

fn broken_as_a_whole(decision: &Decision) -> Codes {
    let on = decision.on();
    let is_accepted = on == OPENING || (day("1900-01-01")..=day("2999-12-31")).contains(&on);
    let mut broken = Codes::new();
    if !is_accepted {
        broken.insert("date_out_of_range");
    }
    if decision.lines().is_empty() {
        broken.insert("no_lines");
    }
    if decision.lines().len() > LINES_MAX {
        broken.insert("too_many_lines");
    }
    broken
}

/// The list as a reader of a failed run needs it: each decision with its day and lines.
impl fmt::Display for Model {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for decision in self.in_order() {
            writeln!(
                out,
                "{} ({}, {})",
                decision.id,
                decision.on(),
                decision.day_seq
            )?;
            for line in decision.lines() {
                writeln!(out, "    {line}")?;
            }
        }
        Ok(())
    }
}

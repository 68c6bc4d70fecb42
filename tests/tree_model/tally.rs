//! What a run tried: a test that never met a thing says nothing of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::generate::{OPERATIONS, operation};
use super::model::Refusal;
use crate::support::tell;

#[derive(Default)]
pub struct Tally {
    tried: BTreeMap<&'static str, usize>,
    accepted: BTreeMap<&'static str, usize>,
    refused: BTreeMap<&'static str, usize>,
    pub seen: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// A decision that was recorded or corrected, or was to be.
    pub fn decision(&mut self, content: &Value, is_accepted: bool) {
        for line in content["lines"].as_array().unwrap() {
            *self.tried.entry(operation(line)).or_default() += 1;
            *self.accepted.entry(operation(line)).or_default() += usize::from(is_accepted);
        }
    }

    pub fn refusal(&mut self, refusal: &Refusal) {
        for code in &refusal.codes {
            *self.refused.entry(code).or_default() += 1;
        }
        if refusal.is_later {
            *self.refused.entry("later_decision_depends").or_default() += 1;
        }
    }

    pub fn see(&mut self, what: &'static str, times: usize) {
        *self.seen.entry(what).or_default() += times;
    }

    /// Operations of which no line was accepted.
    pub fn missing(&self) -> Vec<&'static str> {
        let times = |operation| self.accepted.get(operation).copied().unwrap_or_default();
        OPERATIONS
            .into_iter()
            .filter(|operation| times(*operation) == 0)
            .collect()
    }

    /// Codes that no refusal carried.
    pub fn unmet(&self) -> Vec<&'static str> {
        let codes = super::broken::CODES
            .into_iter()
            .filter(|code| *code != "anything");
        codes
            .filter(|code| !self.refused.contains_key(code))
            .collect()
    }

    pub fn print(&self, title: &str) {
        let lines: Vec<String> = OPERATIONS
            .into_iter()
            .map(|operation| {
                let times =
                    |of: &BTreeMap<&str, usize>| of.get(operation).copied().unwrap_or_default();
                format!(
                    "{operation} {}/{}",
                    times(&self.accepted),
                    times(&self.tried)
                )
            })
            .collect();
        let counted = |of: &BTreeMap<&str, usize>| {
            let counted: Vec<String> = of
                .iter()
                .map(|(what, times)| format!("{what} {times}"))
                .collect();
            counted.join(", ")
        };
        tell(&format!(
            "{title}: lines accepted of those tried: {}",
            lines.join(", ")
        ));
        tell(&format!("{title}: refused for: {}", counted(&self.refused)));
        tell(&format!("{title}: {}", counted(&self.seen)));
    }
}

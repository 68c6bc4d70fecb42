//! The tree as the oracle knows it: every decision by its day, walked anew for each question.

use std::collections::BTreeMap;

/// What a decision does to one unit.
#[derive(Clone, Debug)]
pub enum Change {
    Begin {
        unit: String,
        under: Option<String>,
    },
    Move {
        unit: String,
        to: String,
    },
    End {
        unit: String,
        into: Vec<String>,
    },
    /// Whatever stands below on that day goes along, also what came there by a decision recorded later.
    Merge {
        unit: String,
        into: String,
    },
}

/// Every decision, by its day.
#[derive(Clone, Debug, Default)]
pub struct Tree(Vec<(String, Change)>);

/// A unit on a day.
#[derive(Clone, Debug)]
enum Life {
    Lives(Option<String>),
    Ended {
        into: Vec<String>,
        was_under: Option<String>,
    },
}

impl Tree {
    pub fn decide(&mut self, on: &str, change: Change) {
        self.0.push((on.to_owned(), change));
        // Stable: of one day in their order.
        self.0.sort_by(|one, other| one.0.cmp(&other.0));
    }

    pub fn begin(&mut self, on: &str, unit: &str, under: Option<&str>) {
        let (unit, under) = (unit.to_owned(), under.map(str::to_owned));
        self.decide(on, Change::Begin { unit, under });
    }

    pub fn shift(&mut self, on: &str, unit: &str, to: &str) {
        let (unit, to) = (unit.to_owned(), to.to_owned());
        self.decide(on, Change::Move { unit, to });
    }

    pub fn end(&mut self, on: &str, unit: &str, into: &[&str]) {
        let into = into.iter().map(|unit| (*unit).to_owned()).collect();
        let unit = unit.to_owned();
        self.decide(on, Change::End { unit, into });
    }

    pub fn merge(&mut self, on: &str, unit: &str, into: &str) {
        let (unit, into) = (unit.to_owned(), into.to_owned());
        self.decide(on, Change::Merge { unit, into });
    }

    fn on(&self, day: &str) -> BTreeMap<String, Life> {
        let mut lives: BTreeMap<String, Life> = BTreeMap::new();
        for (_, change) in self.0.iter().filter(|(on, _)| on.as_str() <= day) {
            match change {
                Change::Begin { unit, under } => {
                    lives.insert(unit.clone(), Life::Lives(under.clone()));
                }
                Change::Move { unit, to } => {
                    lives.insert(unit.clone(), Life::Lives(Some(to.clone())));
                }
                Change::End { unit, into } => end(&mut lives, unit, into),
                Change::Merge { unit, into } => {
                    for life in lives.values_mut() {
                        if matches!(life, Life::Lives(Some(under)) if under == unit) {
                            *life = Life::Lives(Some(into.clone()));
                        }
                    }
                    end(&mut lives, unit, std::slice::from_ref(into));
                }
            }
        }
        lives
    }

    /// Its superior on a day and all above that; the root's is itself.
    pub fn superiors(&self, unit: &str, day: &str) -> Vec<String> {
        let lives = self.on(day);
        match lives.get(unit) {
            Some(Life::Lives(None)) => vec![unit.to_owned()],
            Some(Life::Lives(Some(under))) => self.climb(&lives, under),
            Some(Life::Ended { into, .. }) if into.len() == 1 => self.superiors(&into[0], day),
            _ => self.climb(&lives, unit),
        }
    }

    /// Its home on a day and all that stand above that.
    pub fn line(&self, unit: &str, day: &str) -> Vec<String> {
        self.climb(&self.on(day), unit)
    }

    fn climb(&self, lives: &BTreeMap<String, Life>, unit: &str) -> Vec<String> {
        match lives.get(unit) {
            Some(Life::Lives(under)) => {
                let above = under.iter().flat_map(|under| self.climb(lives, under));
                [unit.to_owned()].into_iter().chain(above).collect()
            }
            Some(Life::Ended { into, was_under }) => {
                if into.is_empty() {
                    let under = was_under.iter();
                    return under.flat_map(|under| self.climb(lives, under)).collect();
                }
                let lines: Vec<_> = into.iter().map(|unit| self.climb(lives, unit)).collect();
                let mut shared = lines[0].clone();
                shared.retain(|unit| lines.iter().all(|line| line.contains(unit)));
                shared
            }
            None => {
                let begins = self.0.iter().find_map(|(_, change)| match change {
                    Change::Begin { unit: begun, under } if begun == unit => Some(under),
                    _ => None,
                });
                let under = begins.into_iter().flatten();
                under.flat_map(|under| self.climb(lives, under)).collect()
            }
        }
    }
}

fn end(lives: &mut BTreeMap<String, Life>, unit: &str, into: &[String]) {
    let was_under = match lives.get(unit) {
        Some(Life::Lives(under)) => under.clone(),
        other => panic!("{unit} does not live: {other:?}"),
    };
    let into = into.to_vec();
    lives.insert(unit.to_owned(), Life::Ended { into, was_under });
}

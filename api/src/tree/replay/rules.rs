//! Which kinds there are, and which may stand under which on a day.

use std::collections::HashMap;

use chrono::NaiveDate;
use liendoan_core::validity::Validity;

/// Only unions of this kind have a type of employer.
pub const GRASSROOTS_UNION: &str = "grassroots_union";

/// Types of employer that a grassroots union stands at.
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

/// One entry of the reference data of kinds.
#[derive(Clone, Debug)]
pub struct KindRule {
    pub kind: String,
    pub validity: Validity,
    pub may_be_root: bool,
    pub child_kinds: Vec<String>,
    /// Place in the order of kinds.
    pub rank: i32,
}

/// The reference data of kinds.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    by_kind: HashMap<String, Vec<KindRule>>,
}

impl FromIterator<KindRule> for Rules {
    fn from_iter<I: IntoIterator<Item = KindRule>>(rules: I) -> Self {
        let mut by_kind: HashMap<String, Vec<KindRule>> = HashMap::new();
        for rule in rules {
            by_kind.entry(rule.kind.clone()).or_default().push(rule);
        }
        Self { by_kind }
    }
}

impl Rules {
    fn on(&self, kind: &str, day: NaiveDate) -> Option<&KindRule> {
        let entries = self.by_kind.get(kind)?;
        entries.iter().find(|entry| entry.validity.contains(day))
    }

    pub fn knows(&self, kind: &str) -> bool {
        self.by_kind.contains_key(kind)
    }

    /// Whether a unit of `kind` may stand under one of `parent` on that day; the two must hold then.
    pub fn fits(&self, kind: &str, parent: &str, day: NaiveDate) -> bool {
        let may_stand = |rule: &KindRule| rule.child_kinds.iter().any(|child| child == kind);
        self.on(kind, day).is_some() && self.on(parent, day).is_some_and(may_stand)
    }

    pub fn may_be_root(&self, kind: &str, day: NaiveDate) -> bool {
        self.on(kind, day).is_some_and(|rule| rule.may_be_root)
    }

    /// Place of a kind among siblings: as of that day, else the latest known.
    pub fn rank(&self, kind: &str, day: NaiveDate) -> i32 {
        let entries = self.by_kind.get(kind);
        let latest = || entries?.iter().max_by_key(|entry| entry.validity.from);
        self.on(kind, day)
            .or_else(latest)
            .map_or(0, |rule| rule.rank)
    }
}

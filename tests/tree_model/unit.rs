//! A unit and a tree, as the replay of the list has them at some point.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::Value;

/// A unit that has begun, living or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    pub name: String,
    pub short_name: Option<String>,
    pub kind: String,
    pub employer_type: Option<String>,
    pub parent: Option<String>,
    pub is_living: bool,
    /// When its present life began, or its last one.
    pub since: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    /// Those written by its latest end.
    pub successors: Vec<String>,
}

pub type Tree = BTreeMap<String, Unit>;

/// Living units directly under a unit.
pub fn children(tree: &Tree, code: &str) -> Vec<String> {
    let is_child = |unit: &Unit| unit.is_living && unit.parent.as_deref() == Some(code);
    tree.iter()
        .filter(|(_, unit)| is_child(unit))
        .map(|(code, _)| code.clone())
        .collect()
}

/// The unit and all that live below it.
pub fn subtree(tree: &Tree, code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([code.to_owned()]);
    for child in children(tree, code) {
        found.extend(subtree(tree, &child));
    }
    found
}

/// A member of a line.
pub fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value[name].as_str()
}

/// A list of units in a line.
pub fn codes(value: &Value, name: &str) -> Vec<String> {
    let items = value[name].as_array().into_iter().flatten();
    items
        .map(|item| item.as_str().unwrap().to_owned())
        .collect()
}

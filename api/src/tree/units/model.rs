//! A unit as callers see it.

use chrono::NaiveDate;
use liendoan_core::day::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use crate::tree::reorganisations::preview::Life;

/// The little of a unit that names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội"}))]
pub struct UnitName {
    pub id: i64,
    pub code: String,
    pub name: String,
}

/// A unit in a list, as it is on the day that the list is of.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": 24,
    "code": "hn-tcnt",
    "name": "Công đoàn Trường Trung cấp Ngoại Thương",
    "short_name": null,
    "kind": "grassroots_union",
    "level": 4,
    "employer_type": "school",
    "placeholder": false,
    "parent": {"id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội"},
    "child_count": 0,
    "position": 4
}))]
pub struct UnitItem {
    pub id: i64,
    pub code: String,
    pub name: String,
    #[schema(required)]
    pub short_name: Option<String>,
    pub kind: String,
    /// Level of its kind on that day, 1 to 4; null for kinds outside the four levels.
    #[schema(required)]
    pub level: Option<i32>,
    /// What a grassroots union stands at; null where it is not known, and for other kinds.
    #[schema(required)]
    pub employer_type: Option<String>,
    /// Known only as part of a count.
    pub placeholder: bool,
    /// The unit directly above; null for the root.
    #[schema(required)]
    pub parent: Option<UnitName>,
    /// Units directly below on that day.
    pub child_count: i64,
    /// Its place among its siblings, from 0; only in a list of children, where it is the `offset`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub position: Option<i64>,
    /// How far below the top of the list; only in a subtree.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub depth: Option<usize>,
}

/// A unit on a day. It can always be read: `alive` tells whether it lives then; if not, what shows is
/// its nearest earlier state, else its first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": 6,
    "code": "hn-q-btl",
    "version": 1,
    "as_of": "2026-01-15",
    "alive": false,
    "name": "Liên đoàn Lao động quận Bắc Từ Liêm",
    "short_name": null,
    "kind": "district_federation",
    "level": 3,
    "employer_type": null,
    "placeholder": false,
    "parent": {"id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội"},
    "from": null,
    "to": "2025-07-01",
    "lives": [{"from": null, "to": "2025-07-01"}],
    "child_count": 0,
    "today": [],
    "aliases": ["LĐLĐ quận Bắc Từ Liêm"],
    "address": null,
    "telephone": null,
    "employer": null,
    "tax_code": null,
    "administrative_division": null,
    "external_ids": [],
    "allowed_actions": ["edit"]
}))]
pub struct Unit {
    pub id: i64,
    /// Given once, never changed.
    pub code: String,
    /// Grows by one with each edit of the particulars.
    pub version: i32,
    /// The day of which all this is.
    pub as_of: Day,
    pub alive: bool,
    pub name: String,
    #[schema(required)]
    pub short_name: Option<String>,
    pub kind: String,
    #[schema(required)]
    pub level: Option<i32>,
    #[schema(required)]
    pub employer_type: Option<String>,
    pub placeholder: bool,
    #[schema(required)]
    pub parent: Option<UnitName>,
    /// The first day of the state shown; null: since always.
    #[schema(required)]
    pub from: Option<Day>,
    /// The first day on which it no longer holds; null: no end is known.
    #[schema(required)]
    pub to: Option<Day>,
    /// Days on which it lives.
    pub lives: Vec<Life>,
    pub child_count: i64,
    /// Which units it is today: itself, or what followed it; empty if nothing did.
    pub today: Vec<UnitName>,
    pub aliases: Vec<String>,
    #[schema(required)]
    pub address: Option<String>,
    #[schema(required)]
    pub telephone: Option<String>,
    /// The employer at which a grassroots union stands.
    #[schema(required)]
    pub employer: Option<String>,
    #[schema(required)]
    pub tax_code: Option<String>,
    #[schema(required)]
    pub administrative_division: Option<String>,
    /// Its keys in other systems; not dated.
    pub external_ids: Vec<ExternalId>,
    #[schema(inline)]
    pub allowed_actions: Vec<UnitAction>,
}

/// A unit's key in another system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"system": "hr", "value": "00012"}))]
pub struct ExternalId {
    #[schema(min_length = 1, max_length = 64)]
    pub system: String,
    #[schema(min_length = 1, max_length = 200)]
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitAction {
    Edit,
}

impl Life {
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from.0 <= day) && self.to.is_none_or(|to| day < to.0)
    }
}

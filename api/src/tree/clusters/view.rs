//! A cluster as callers send and see it.

use std::collections::BTreeSet;

use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::validity::Validity;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Cluster, ClusterContent, ClusterKind, SoundContent};
use super::stretch::{Stretch, StretchContent};

impl SoundContent {
    /// The content as a caller would send it.
    pub fn to_content(&self) -> ClusterContent {
        let stretches = |stretches: &[Stretch]| {
            let stretches = stretches.iter();
            stretches.map(|s| s.to_content(self.period)).collect()
        };
        ClusterContent {
            code: self.code.clone(),
            name: self.name.clone(),
            kind: self.kind,
            owner: self.owner.clone(),
            from: Day(self.period.from),
            to: Day(self.period.to),
            declared_count: self.declared_count,
            members: stretches(&self.members),
            heads: stretches(&self.heads),
        }
    }
}

impl Stretch {
    /// What reaches to an end of the period goes along when a patch moves that end.
    fn to_content(&self, period: Validity) -> StretchContent {
        let Validity { from, to } = self.validity;
        StretchContent {
            unit: self.unit.clone(),
            from: (from != period.from).then_some(Day(from)),
            to: (to != period.to).then_some(Day(to)),
        }
    }

    fn to_view(&self) -> ClusterStretch {
        ClusterStretch {
            unit: self.unit.clone(),
            from: Day(self.validity.from),
            to: Day(self.validity.to),
        }
    }
}

impl Cluster {
    /// The cluster as a caller sees it, with all its dates.
    pub fn to_view(&self, may_edit: bool) -> ClusterView {
        let content = self.content.clone();
        let views = |stretches: &[Stretch]| stretches.iter().map(Stretch::to_view).collect();
        ClusterView {
            id: self.id.0,
            version: self.version,
            code: content.code,
            name: content.name,
            kind: content.kind,
            owner: content.owner,
            from: Day(content.period.from),
            to: Day(content.period.to),
            declared_count: content.declared_count,
            members: views(&content.members),
            heads: views(&content.heads),
            as_of: None,
            head: None,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions: if may_edit {
                vec![ClusterAction::Edit, ClusterAction::Delete]
            } else {
                Vec::new()
            },
        }
    }
}

impl ClusterView {
    /// What of it holds on one day, on which these units live. Who does not live is out, though it was
    /// admitted for longer.
    pub fn on(mut self, day: Day, living: &BTreeSet<String>) -> Self {
        let counts = |s: &ClusterStretch| s.from <= day && day < s.to && living.contains(&s.unit);
        self.members.retain(counts);
        self.heads.retain(counts);
        self.head = Some(self.heads.first().map(|head| head.unit.clone()));
        self.as_of = Some(day);
        self
    }
}

/// A cluster or a block: units compared with each other for a period.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Cluster, example = json!({
    "id": 12,
    "version": 1,
    "code": "hn-cum-1-2025",
    "name": "Cụm thi đua số 1",
    "kind": "emulation_cluster",
    "owner": "hn",
    "from": "2025-01-01",
    "to": "2026-01-01",
    "declared_count": null,
    "members": [
        {"unit": "hn-q-btl", "from": "2025-01-01", "to": "2025-07-01"},
        {"unit": "hn-q-hk", "from": "2025-01-01", "to": "2026-01-01"}
    ],
    "heads": [{"unit": "hn-q-hk", "from": "2025-01-01", "to": "2026-01-01"}],
    "created_at": "2026-11-21T02:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z",
    "allowed_actions": ["edit", "delete"]
}))]
pub struct ClusterView {
    pub id: i64,
    /// Grows by one with each change; it is the ETag.
    pub version: i32,
    pub code: String,
    pub name: String,
    #[schema(inline)]
    pub kind: ClusterKind,
    /// Code of the unit that keeps it.
    pub owner: String,
    /// The first day of its period.
    pub from: Day,
    /// The first day after its period.
    pub to: Day,
    /// How many members there are by a source that does not name them; null where none tells.
    #[schema(required)]
    pub declared_count: Option<i32>,
    /// Who is a member when; with `as_of` only those of that day that live on it.
    pub members: Vec<ClusterStretch>,
    /// Which member is the head when; with `as_of` only that of that day, if it lives on it.
    pub heads: Vec<ClusterStretch>,
    /// The day of which members and heads are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub as_of: Option<Day>,
    /// Code of the unit that heads it on that day; null when there is none, or it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub head: Option<Option<String>>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What the caller may do with this cluster.
    pub allowed_actions: Vec<ClusterAction>,
}

/// Days on which a unit is a member, or the head.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClusterStretch {
    /// Code of the unit.
    pub unit: String,
    pub from: Day,
    /// The first day after it.
    pub to: Day,
}

/// Something that can be done with a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClusterAction {
    Edit,
    Delete,
}

//! A reorganisation as it is kept and shown.

use chrono::NaiveDate;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::validity::ALWAYS;
use liendoan_core::{Code, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ReorganisationId;
use super::content::{LineContent, Precision, ReorganisationContent};
use super::queries::Listed;
use crate::tree::documents::model::DocumentSummary;
use crate::tree::replay::Position;

/// Where a reorganisation stands between paper and tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReorganisationState {
    /// Its day lies ahead.
    Planned,
    InEffect,
    /// It never happened.
    Annulled,
}

/// A reorganisation as it is kept.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub id: ReorganisationId,
    pub version: i32,
    pub content: ReorganisationContent,
    pub day_seq: i32,
    pub annulled_because: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Recorded {
    pub fn position(&self) -> Position {
        Position {
            on: day_of(&self.content),
            seq: self.day_seq,
        }
    }

    pub fn state(&self, today: NaiveDate) -> ReorganisationState {
        let is_annulled = self.annulled_because.is_some();
        ReorganisationState::on(today, day_of(&self.content), is_annulled)
    }

    /// Refuses to change what was annulled.
    pub fn check_in_force(&self) -> Result<(), Code> {
        match self.annulled_because {
            None => Ok(()),
            Some(_) => Err(Code::AlreadyAnnulled),
        }
    }

    pub fn to_view(
        &self,
        document: Option<DocumentSummary>,
        today: NaiveDate,
        may_reorganise: bool,
    ) -> Reorganisation {
        let content = self.content.clone();
        let state = self.state(today);
        Reorganisation {
            id: self.id.0,
            version: self.version,
            state,
            document_id: content.document_id,
            document,
            effective_on: content.effective_on,
            effective_precision: content.effective_precision,
            day_seq: self.day_seq,
            note: content.note,
            lines: content.lines,
            annulled_because: self.annulled_because.clone(),
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions: state.allowed_actions(may_reorganise),
        }
    }
}

impl ReorganisationState {
    fn on(today: NaiveDate, effective_on: NaiveDate, is_annulled: bool) -> Self {
        match is_annulled {
            true => Self::Annulled,
            false if effective_on > today => Self::Planned,
            false => Self::InEffect,
        }
    }

    fn allowed_actions(self, may_reorganise: bool) -> Vec<ReorganisationAction> {
        if self == Self::Annulled || !may_reorganise {
            return Vec::new();
        }
        vec![
            ReorganisationAction::Correct,
            ReorganisationAction::Annul,
            ReorganisationAction::DraftReversal,
        ]
    }
}

impl Listed {
    pub fn to_view(
        &self,
        document: Option<DocumentSummary>,
        today: NaiveDate,
        may_reorganise: bool,
    ) -> ReorganisationSummary {
        let is_annulled = self.annulled_because.is_some();
        let state = ReorganisationState::on(today, self.effective_on, is_annulled);
        ReorganisationSummary {
            id: self.id.0,
            version: self.version,
            state,
            document_id: self.document_id,
            document,
            effective_on: (self.effective_on != ALWAYS).then_some(Day(self.effective_on)),
            effective_precision: Precision::named(&self.effective_precision),
            day_seq: self.day_seq,
            note: self.note.clone(),
            lines_total: self.lines_total,
            annulled_because: self.annulled_because.clone(),
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions: state.allowed_actions(may_reorganise),
        }
    }
}

/// A decision in a list: without its lines, which are read at its address.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": 4,
    "version": 1,
    "state": "in_effect",
    "document_id": 3,
    "document": {"id": 3, "number": null, "date": null, "issuer": null, "title": "Chuyển giao, tiếp nhận"},
    "effective_on": "2024-12-19",
    "effective_precision": "day",
    "day_seq": 1,
    "note": null,
    "lines_total": 1,
    "annulled_because": null,
    "created_at": "2026-11-21T02:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z",
    "allowed_actions": ["correct", "annul", "draft_reversal"]
}))]
pub struct ReorganisationSummary {
    pub id: i64,
    pub version: i32,
    #[schema(inline)]
    pub state: ReorganisationState,
    pub document_id: i64,
    #[schema(required)]
    pub document: Option<DocumentSummary>,
    /// The first day of the new state; null for an opening.
    #[schema(required)]
    pub effective_on: Option<Day>,
    #[schema(inline)]
    pub effective_precision: Precision,
    pub day_seq: i32,
    #[schema(required)]
    pub note: Option<String>,
    pub lines_total: i32,
    #[schema(required)]
    pub annulled_because: Option<String>,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(format = DateTime)]
    pub updated_at: String,
    #[schema(inline)]
    pub allowed_actions: Vec<ReorganisationAction>,
}

/// The day of a reorganisation; that of an opening comes before all others.
pub fn day_of(content: &ReorganisationContent) -> NaiveDate {
    content.effective_on.map_or(ALWAYS, |day| day.0)
}

/// A decision about the tree, with what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": 4,
    "version": 1,
    "state": "in_effect",
    "document_id": 3,
    "document": {"id": 3, "number": null, "date": null, "issuer": null, "title": "Chuyển giao, tiếp nhận"},
    "effective_on": "2024-12-19",
    "effective_precision": "day",
    "day_seq": 1,
    "note": null,
    "lines": [{"op": "transfer", "unit": "hn-tcnt", "to": "hn-q-btl", "from": "hn-q-lb"}],
    "annulled_because": null,
    "created_at": "2026-11-21T02:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z",
    "allowed_actions": ["correct", "annul", "draft_reversal"]
}))]
pub struct Reorganisation {
    pub id: i64,
    /// Grows by one with each correction; it is the ETag.
    pub version: i32,
    #[schema(inline)]
    pub state: ReorganisationState,
    pub document_id: i64,
    #[schema(required)]
    pub document: Option<DocumentSummary>,
    /// The first day of the new state; null for an opening.
    #[schema(required)]
    pub effective_on: Option<Day>,
    #[schema(inline)]
    pub effective_precision: Precision,
    /// Its place among those of the same day.
    pub day_seq: i32,
    #[schema(required)]
    pub note: Option<String>,
    pub lines: Vec<LineContent>,
    /// Why it was annulled; null while it holds.
    #[schema(required)]
    pub annulled_because: Option<String>,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What the caller may do with it.
    #[schema(inline)]
    pub allowed_actions: Vec<ReorganisationAction>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReorganisationAction {
    Correct,
    Annul,
    DraftReversal,
}

/// What a reorganisation said before it was corrected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReorganisationVersion {
    pub version: i32,
    pub content: ReorganisationContent,
    /// When this content was replaced, RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub replaced_at: String,
}

/// All former contents of a reorganisation, oldest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{
    "version": 1,
    "content": {"document_id": 3, "effective_on": "2024-12-18",
        "lines": [{"op": "transfer", "unit": "hn-tcnt", "to": "hn-q-btl"}]},
    "replaced_at": "2026-11-21T02:00:00.000000Z"
}]}))]
pub struct ReorganisationVersions {
    pub items: Vec<ReorganisationVersion>,
}

/// What other systems hear of a reorganisation. Its lines are read at its address.
#[derive(Clone, Debug, Serialize)]
pub struct Told<'a> {
    pub document_id: i64,
    pub effective_on: Option<Day>,
    pub effective_precision: Precision,
    pub lines_total: usize,
    pub annulled_because: Option<&'a str>,
    /// The tree's revision that holds it.
    pub tree_revision: i64,
    /// Units whose rows it changed, by this recording, correction or annulment: how many, and the codes
    /// of the first 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units_total: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<Vec<String>>,
}

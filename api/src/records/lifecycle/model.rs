//! A record as it is kept, and what every kind shows of it.

use chrono::NaiveDate;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::{Result, Timestamp, UnitId};
use serde::Serialize;
use utoipa::ToSchema;

use super::RecordId;
use super::beside::{Attachment, Beside};
use super::kind::{self, Kind, RecordKind};
use super::state::{Action, Life, State};

/// A record of any kind.
#[derive(Clone, Debug)]
pub struct Record {
    pub id: RecordId,
    pub version: i32,
    pub kind: RecordKind,
    pub unit: UnitId,
    pub unit_code: String,
    pub life: Life,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub record_day: NaiveDate,
    pub title: String,
    /// Its newest content, as JSON.
    pub content: String,
    pub beside: Beside,
    pub recorded_by: String,
    pub submitted_by: Option<String>,
    pub submitted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What all kinds of record have in common.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": 12, "version": 1, "state": "draft", "number": 1, "approved_number": null, "record_day": "2020-03-05",
    "recorded_by": "account:12", "provenance": "entered", "submitted_by": null, "submitted_at": null,
    "created_at": "2026-11-21T01:00:00.000000Z", "updated_at": "2026-11-21T01:00:00.000000Z",
    "attachments": [], "masked": [], "allowed_actions": ["edit", "delete", "submit"]
}))]
pub struct Head {
    pub id: i64,
    /// Grows by one with each change; it is the ETag.
    pub version: i32,
    #[schema(inline)]
    pub state: State,
    /// Number of the content that is shown: 1, and one more with each correction.
    pub number: i32,
    /// Number of the content that counts; null before the first approval.
    #[schema(required)]
    pub approved_number: Option<i32>,
    /// The last day of its period on which its unit lived: in the tree of that day it is found.
    pub record_day: Day,
    /// Who wrote the content that is shown: `account:12`, `service_account:3`.
    pub recorded_by: String,
    #[schema(inline)]
    pub provenance: Provenance,
    /// Who sent it up; null where it does not wait.
    #[schema(required)]
    pub submitted_by: Option<String>,
    /// RFC 3339, UTC.
    #[schema(required, format = DateTime)]
    pub submitted_at: Option<String>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// Its evidence. It belongs to the content that is shown.
    pub attachments: Vec<Attachment>,
    /// Places in the content, as JSON Pointers (RFC 6901), that are not shown to the caller here: of people.
    pub masked: Vec<&'static str>,
    /// What the caller may do with it now.
    #[schema(inline)]
    pub allowed_actions: Vec<Action>,
}

/// How a content came here: it was `entered` by a person, `imported` by another system, or `corrected` what was
/// approved before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    Entered,
    Imported,
    Corrected,
}

/// A record that is told of beside records of other kinds. Each kind has its own address: an `activity` is at
/// `/activities/{id}`, an `award` at `/awards/{id}`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "record_kind": "activity", "unit": "hn-q-btl", "title": "Hội nghị người lao động năm 2020",
    "id": 12, "version": 2, "state": "submitted", "number": 1, "approved_number": null,
    "record_day": "2020-03-05", "recorded_by": "account:12", "provenance": "entered", "submitted_by": "account:12",
    "submitted_at": "2026-11-21T02:00:00.000000Z", "created_at": "2026-11-21T01:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z", "attachments": [], "masked": [],
    "allowed_actions": ["approve", "return"]
}))]
pub struct RecordSummary {
    #[schema(inline)]
    pub record_kind: RecordKind,
    /// Code of its unit.
    pub unit: String,
    pub title: String,
    #[serde(flatten)]
    pub head: Head,
}

impl Record {
    pub fn content<K: Kind>(&self) -> Result<K> {
        kind::read(&self.content)
    }

    pub fn head(&self, allowed_actions: Vec<Action>) -> Head {
        Head {
            id: self.id.0,
            version: self.version,
            state: self.life.state,
            number: self.life.number,
            approved_number: self
                .life
                .was_approved()
                .then_some(self.life.approved_number),
            record_day: Day(self.record_day),
            recorded_by: self.recorded_by.clone(),
            provenance: self.provenance(),
            submitted_by: self.submitted_by.clone(),
            submitted_at: self.submitted_at.map(rfc3339),
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            attachments: self.beside.attachments.clone(),
            masked: Vec::new(),
            allowed_actions,
        }
    }

    fn provenance(&self) -> Provenance {
        if self.life.number > 1 {
            Provenance::Corrected
        } else if self.recorded_by.starts_with("account:") {
            Provenance::Entered
        } else {
            Provenance::Imported
        }
    }

    pub fn summary(&self, allowed_actions: Vec<Action>) -> RecordSummary {
        RecordSummary {
            record_kind: self.kind,
            unit: self.unit_code.clone(),
            title: self.title.clone(),
            head: self.head(allowed_actions),
        }
    }
}

/// Records are counted so far.
pub const COUNT_MAX: i64 = 1_000;

/// How many records there are in each state; 1,000 are as many, or more.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[schema(example = json!({"draft": 3, "submitted": 12, "returned": 1, "approved": 1000, "withdrawn": 0}))]
pub struct StateCounts {
    #[schema(minimum = 0, maximum = 1000)]
    pub draft: i64,
    #[schema(minimum = 0, maximum = 1000)]
    pub submitted: i64,
    #[schema(minimum = 0, maximum = 1000)]
    pub returned: i64,
    #[schema(minimum = 0, maximum = 1000)]
    pub approved: i64,
    #[schema(minimum = 0, maximum = 1000)]
    pub withdrawn: i64,
}

impl StateCounts {
    pub fn of(&mut self, state: State) -> &mut i64 {
        match state {
            State::Draft => &mut self.draft,
            State::Submitted => &mut self.submitted,
            State::Returned => &mut self.returned,
            State::Approved => &mut self.approved,
            State::Withdrawn => &mut self.withdrawn,
        }
    }
}

/// A page of records of one kind.
#[derive(Serialize, ToSchema)]
pub struct RecordPage<T> {
    pub items: Vec<T>,
    /// Give it as `cursor` to get the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// With `counts=by_state`: how many there are, of all that the list is narrowed to but `state`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by_state: Option<StateCounts>,
}

/// What is counted beside a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordCounts {
    ByState,
}

/// A step, and the state that it led to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"action": "return", "state": "returned", "number": 1, "by": "account:7",
    "at": "2026-11-21T02:00:00.000000Z", "reason": "Thiếu danh sách kèm theo", "places": ["/participants"]}))]
pub struct Step {
    #[schema(inline)]
    pub action: Action,
    #[schema(inline)]
    pub state: State,
    /// Number of the content that it was about.
    pub number: i32,
    /// Who did it: `account:12`.
    pub by: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub at: String,
    #[schema(required)]
    pub reason: Option<String>,
    /// JSON Pointers (RFC 6901) to what is to be mended in the content.
    pub places: Vec<String>,
}

/// A content that was approved. It never changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"number": 1, "content": {"unit": "hn-q-btl", "title": "Hội nghị người lao động"},
    "attachments": [], "recorded_by": "account:12", "approved_by": "account:7",
    "approved_at": "2026-11-21T02:00:00.000000Z"}))]
pub struct ApprovedVersion {
    pub number: i32,
    /// The whole content, as the kind of record has it.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
    /// Its evidence.
    pub attachments: Vec<Attachment>,
    pub recorded_by: String,
    pub approved_by: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub approved_at: String,
}

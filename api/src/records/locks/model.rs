//! What a lock of a period says, and what it may look like. No I/O.

use chrono::NaiveDate;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::error::FieldError;
use liendoan_core::period::Period;
use liendoan_core::validity::FOREVER;
use liendoan_core::{Code, Error, Result, Timestamp, UnitId, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::LockId;

/// The longest reason, in characters.
pub const REASON_MAX: usize = 2_000;
const EXCEPTIONS_MAX: usize = 1_000;

/// What a caller sets of a lock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeriodLockContent, example = json!({
    "unit": "hn-q-btl",
    "period": "2020",
    "until": null,
    "reason": "Đã chốt số liệu năm 2020",
    "exceptions": [{"unit": "hn-tcnt", "until": "2021-03-01", "reason": "Bổ sung báo cáo nộp muộn"}]
}))]
pub struct LockContent {
    /// Code of the unit that closes the period, for what stands under it. Never changes.
    #[schema(max_length = 64)]
    pub unit: String,
    /// What is closed: records whose record day lies in it. Never changes.
    pub period: Period,
    /// The first day on which it no longer holds; null: until it is reopened.
    #[serde(default)]
    pub until: Option<Day>,
    /// Why, in words that those read who are refused.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
    /// Units that are let in for a time, each with all that stands under it.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub exceptions: Vec<Exception>,
}

/// A unit that is let in for a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeriodLockException, example = json!(
    {"unit": "hn-tcnt", "until": "2021-03-01", "reason": "Bổ sung báo cáo nộp muộn"}))]
pub struct Exception {
    /// Code of the unit.
    #[schema(max_length = 64)]
    pub unit: String,
    /// The first day on which it no longer holds.
    pub until: Day,
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

impl LockContent {
    /// As it is stored; or every rule that it breaks which needs no row.
    pub fn check(mut self) -> Result<Self> {
        let mut refused = Vec::new();
        let mut reason = |pointer: String, reason: &str| {
            let read = text::paragraphs(reason, REASON_MAX);
            read.unwrap_or_else(|code| {
                refused.push(FieldError::at(pointer, code).with("max", REASON_MAX));
                String::new()
            })
        };
        self.reason = reason("/reason".to_owned(), &self.reason);
        for (index, exception) in self.exceptions.iter_mut().enumerate().take(EXCEPTIONS_MAX) {
            exception.reason = reason(format!("/exceptions/{index}/reason"), &exception.reason);
        }
        if self.exceptions.len() > EXCEPTIONS_MAX {
            let field = FieldError::at("/exceptions", Code::TooMany);
            refused.push(field.with("max", EXCEPTIONS_MAX));
        }
        for (index, exception) in self.exceptions.iter().enumerate().take(EXCEPTIONS_MAX) {
            let earlier = &self.exceptions[..index];
            if earlier.iter().any(|other| other.unit == exception.unit) {
                let pointer = format!("/exceptions/{index}/unit");
                refused.push(FieldError::at(pointer, Code::Repeated));
            }
        }
        if refused.is_empty() {
            Ok(self)
        } else {
            Err(Error::fields(refused))
        }
    }

    /// Refuses what would not hold on any day to come.
    pub fn check_ends(&self, today: NaiveDate) -> Result<()> {
        match self.until {
            Some(until) if until.0 <= today => {
                Err(Error::at(FieldError::at("/until", Code::ValidityEmpty)))
            }
            _ => Ok(()),
        }
    }
}

/// A lock as it is kept.
#[derive(Clone, Debug)]
pub struct Lock {
    pub id: LockId,
    pub version: i32,
    pub unit: UnitId,
    pub content: LockContent,
    pub locked_by: String,
    pub reopened: Option<Reopened>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Who reopened a period, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PeriodReopened, example = json!(
    {"by": "account:7", "at": "2026-11-21T02:00:00.000000Z", "reason": "Thống kê lại theo biểu mẫu mới"}))]
pub struct Reopened {
    /// `account:7`.
    pub by: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub at: String,
    pub reason: String,
}

/// Why a period is reopened.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeriodReopening, example = json!({"reason": "Thống kê lại theo biểu mẫu mới"}))]
pub struct Reopening {
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

impl Reopening {
    pub fn check(self) -> Result<String> {
        let refused = |code| FieldError::at("/reason", code).with("max", REASON_MAX);
        text::paragraphs(&self.reason, REASON_MAX).map_err(|code| Error::at(refused(code)))
    }
}

/// What may be done with a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PeriodLockAction)]
pub enum LockAction {
    Edit,
    Reopen,
}

/// A period that a unit has closed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PeriodLock, example = json!({
    "id": 3, "version": 1, "unit": "hn-q-btl", "period": "2020", "until": null,
    "reason": "Đã chốt số liệu năm 2020", "exceptions": [], "is_closed": true, "locked_by": "account:7",
    "reopened": null, "created_at": "2026-11-21T01:00:00.000000Z", "updated_at": "2026-11-21T01:00:00.000000Z",
    "allowed_actions": ["edit", "reopen"]
}))]
pub struct LockView {
    pub id: i64,
    /// Grows by one with each change; it is the ETag.
    pub version: i32,
    /// Code of the unit that closed it.
    pub unit: String,
    pub period: Period,
    /// The first day on which it no longer holds; null: until it is reopened.
    #[schema(required)]
    pub until: Option<Day>,
    pub reason: String,
    pub exceptions: Vec<Exception>,
    /// Whether it holds today.
    pub is_closed: bool,
    /// `account:7`.
    pub locked_by: String,
    /// Null where nobody did.
    #[schema(required)]
    pub reopened: Option<Reopened>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    pub allowed_actions: Vec<LockAction>,
}

impl Lock {
    /// The first day on which it no longer holds, as it is stored.
    pub fn valid_to(content: &LockContent) -> NaiveDate {
        content.until.map_or(FOREVER, |day| day.0)
    }

    /// As it is seen on a day, by whoever may change it or may not.
    pub fn to_view(&self, today: NaiveDate, may_change: bool) -> LockView {
        let content = self.content.clone();
        let is_open = self.reopened.is_some();
        LockView {
            id: self.id.0,
            version: self.version,
            is_closed: !is_open && Self::valid_to(&content) > today,
            unit: content.unit,
            period: content.period,
            until: content.until,
            reason: content.reason,
            exceptions: content.exceptions,
            locked_by: self.locked_by.clone(),
            reopened: self.reopened.clone(),
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions: if may_change && !is_open {
                vec![LockAction::Edit, LockAction::Reopen]
            } else {
                Vec::new()
            },
        }
    }
}

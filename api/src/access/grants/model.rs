//! What a grant is and what it may look like. No I/O.

use chrono::NaiveDate;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::validity::{ALWAYS, FOREVER, Validity};
use liendoan_core::{Error, Timestamp, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::GrantId;
use crate::access::accounts::{AccountId, model::check_unit};
use crate::access::roles;

/// What a caller sets of a grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GrantContent, example = json!({
    "account_id": 12,
    "role": "recorder",
    "unit": "hn-q-btl",
    "from": "2026-01-01",
    "to": null
}))]
pub struct GrantContent {
    /// The account that is given the role. Never changes.
    #[schema(value_type = i64)]
    pub account_id: AccountId,
    /// Code of the role. Never changes.
    #[schema(max_length = 64)]
    pub role: String,
    /// Code of the unit on which, and below which, the role is held; null: the whole federation. Never
    /// changes.
    #[schema(max_length = 64)]
    pub unit: Option<String>,
    /// The first day. Null when a role is given: today; in a change: always before.
    pub from: Option<Day>,
    /// The first day on which it is no longer held; null: no end is known.
    pub to: Option<Day>,
}

impl GrantContent {
    /// Holds the content against every rule that needs no other row. `open` stands for a first day that is
    /// not given.
    pub fn check(&self, open: NaiveDate) -> Result<Validity, Error> {
        let mut refused = Vec::new();
        if !roles::model::is_code(&self.role) {
            refused.push(FieldError::at("/role", Code::RoleUnknown));
        }
        check_unit(self.unit.as_deref(), &mut refused);
        let validity = Validity {
            from: self.from.map_or(open, |day| day.0),
            to: self.to.map_or(FOREVER, |day| day.0),
        };
        if validity.to <= validity.from {
            refused.push(FieldError::at("/to", Code::ValidityEmpty));
        }
        if refused.is_empty() {
            Ok(validity)
        } else {
            Err(Error::fields(refused))
        }
    }

    /// Holds a changed content against the grant: days alone may change.
    pub fn check_change(&self, before: &Self) -> Result<Validity, Error> {
        let fixed = [
            ("/account_id", self.account_id == before.account_id),
            ("/role", self.role == before.role),
            ("/unit", self.unit == before.unit),
        ];
        let changed = fixed.into_iter().filter(|(_, is_same)| !is_same);
        let refused: Vec<_> = changed
            .map(|(pointer, _)| FieldError::at(pointer, Code::ReadOnly))
            .collect();
        if refused.is_empty() {
            self.check(ALWAYS)
        } else {
            Err(Error::fields(refused))
        }
    }
}

/// A grant as it is kept.
#[derive(Clone, Debug)]
pub struct RoleGrant {
    pub id: GrantId,
    pub version: i32,
    pub account: AccountId,
    pub account_name: String,
    /// The unit that keeps the account.
    pub account_unit: Option<UnitId>,
    pub role: String,
    pub unit: Option<UnitId>,
    pub unit_code: Option<String>,
    pub validity: Validity,
    pub granted_by: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl RoleGrant {
    /// The content as a caller would send it.
    pub fn to_content(&self) -> GrantContent {
        GrantContent {
            account_id: self.account,
            role: self.role.clone(),
            unit: self.unit_code.clone(),
            from: self.validity.start(),
            to: self.validity.end(),
        }
    }

    pub fn to_view(&self, may_change: bool) -> GrantView {
        GrantView {
            id: self.id.0,
            version: self.version,
            account_id: self.account.0,
            account_name: self.account_name.clone(),
            role: self.role.clone(),
            unit: self.unit_code.clone(),
            from: self.validity.start(),
            to: self.validity.end(),
            granted_by: self.granted_by.clone(),
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions: if may_change {
                vec![GrantAction::Edit, GrantAction::Delete]
            } else {
                Vec::new()
            },
        }
    }
}

/// A role that an account holds on a unit and below it, from a day to a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Grant, example = json!({
    "id": 31,
    "version": 1,
    "account_id": 12,
    "account_name": "to-chuc.btl",
    "role": "recorder",
    "unit": "hn-q-btl",
    "from": "2026-01-01",
    "to": null,
    "granted_by": "account:3",
    "created_at": "2026-11-21T02:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z",
    "allowed_actions": ["edit", "delete"]
}))]
pub struct GrantView {
    pub id: i64,
    /// Grows by one with each change; it is the ETag.
    pub version: i32,
    pub account_id: i64,
    pub account_name: String,
    /// Code of the role.
    pub role: String,
    /// Code of the unit; null: the whole federation.
    #[schema(required)]
    pub unit: Option<String>,
    /// The first day; null: always before.
    #[schema(required)]
    pub from: Option<Day>,
    /// The first day on which it is no longer held; null: no end is known.
    #[schema(required)]
    pub to: Option<Day>,
    /// Who gave it, such as `account:3`.
    pub granted_by: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What the caller may do with this grant.
    pub allowed_actions: Vec<GrantAction>,
}

/// Something that can be done with a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantAction {
    Edit,
    Delete,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(role: &str, unit: Option<&str>, from: &str, to: &str) -> GrantContent {
        GrantContent {
            account_id: AccountId(1),
            role: role.to_owned(),
            unit: unit.map(str::to_owned),
            from: from.parse().ok(),
            to: to.parse().ok(),
        }
    }

    fn refused(outcome: Result<Validity, Error>) -> Vec<Code> {
        let error = outcome.unwrap_err();
        error
            .field_errors()
            .iter()
            .map(|field| field.code)
            .collect()
    }

    #[test]
    fn days_that_are_not_given_are_open() {
        let today = "2026-01-15".parse::<Day>().unwrap().0;
        let open = content("viewer", None, "", "").check(today).unwrap();
        assert_eq!((open.from, open.to), (today, FOREVER));
        let empty = content("Viewer", Some("HN"), "2026-01-15", "2026-01-15").check(today);
        let expected = [Code::RoleUnknown, Code::UnitUnknown, Code::ValidityEmpty];
        assert_eq!(refused(empty), expected);
    }

    #[test]
    fn days_alone_change() {
        let before = content("viewer", Some("hn"), "2026-01-01", "");
        let shorter = content("viewer", Some("hn"), "2026-01-01", "2026-02-01");
        assert!(shorter.check_change(&before).is_ok());
        let another = content("auditor", None, "2026-01-01", "");
        assert_eq!(refused(another.check_change(&before)), [Code::ReadOnly; 2]);
    }
}

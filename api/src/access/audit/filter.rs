//! What a search of the audit log is narrowed to. No I/O.

use chrono::{DateTime, TimeDelta};
use liendoan_core::clock::rfc3339;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::{Error, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use crate::tree::units::UnitRef;

/// The longest text that is searched for, in bytes.
const TEXT_MAX: usize = 200;

/// What a search is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditFilter {
    /// Only what this principal did: `account:12`, `service_account:3`, `program:demo`, `anonymous`.
    #[param(max_length = 200)]
    pub actor: Option<String>,
    /// Only what happened to this principal.
    #[param(max_length = 200)]
    pub about: Option<String>,
    /// Only this action, such as `account.locked`; with a dot at its end, all of the kind: `account.`.
    #[param(max_length = 200)]
    pub action: Option<String>,
    /// Only what was done to the thing with this id; of which kind it is, `action` must say.
    #[param(minimum = 1)]
    pub object: Option<i64>,
    /// Only what concerned this unit or one below it, as the tree stood then: its id, or `code:` and its code.
    pub unit: Option<String>,
    /// Only what was done at this instant or later, such as `2026-11-21T02:00:00Z`.
    #[param(format = DateTime)]
    pub from: Option<String>,
    /// Only what was done before this instant.
    #[param(format = DateTime)]
    pub to: Option<String>,
}

/// Which actions are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Exactly(String),
    /// All that begin so.
    Of(String),
}

/// A filter that can be asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub actor: Option<String>,
    pub about: Option<String>,
    pub action: Option<Action>,
    pub object: Option<i64>,
    pub unit: Option<UnitRef>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

impl AuditFilter {
    pub fn check(&self) -> Result<Wanted> {
        let at = |name: &str, code| Err(Error::at(FieldError::parameter(name, code)));
        let texts = [
            ("actor", &self.actor),
            ("about", &self.about),
            ("action", &self.action),
        ];
        for (name, text) in texts {
            if text.as_ref().is_some_and(|text| text.len() > TEXT_MAX) {
                return at(name, Code::TooLong);
            }
        }
        let unit = match self.unit.as_deref().map(UnitRef::parse) {
            Some(None) => return at("unit", Code::UnitAddressInvalid),
            Some(unit) => unit,
            None => None,
        };
        if self.object.is_some() && self.action.is_none() {
            return at("action", Code::Required);
        }
        let action = self.action.clone().map(|action| {
            if action.ends_with('.') {
                Action::Of(action)
            } else {
                Action::Exactly(action)
            }
        });
        Ok(Wanted {
            actor: self.actor.clone(),
            about: self.about.clone(),
            action,
            object: self.object,
            unit,
            from: instant("from", self.from.as_deref())?,
            to: instant("to", self.to.as_deref())?,
        })
    }

    /// What was asked, as the audit log keeps it.
    pub fn told(&self, first_before: Option<i64>) -> Value {
        let texts = [
            ("actor", &self.actor),
            ("about", &self.about),
            ("action", &self.action),
            ("unit", &self.unit),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let mut told = Map::new();
        for (name, text) in texts {
            if let Some(text) = text {
                told.insert(name.to_owned(), json!(text));
            }
        }
        if let Some(object) = self.object {
            told.insert("object".to_owned(), json!(object));
        }
        if let Some(position) = first_before {
            told.insert("before_position".to_owned(), json!(position));
        }
        told.into()
    }
}

fn instant(name: &str, text: Option<&str>) -> Result<Option<Timestamp>> {
    let Some(text) = text else {
        return Ok(None);
    };
    let read = DateTime::parse_from_rfc3339(text).ok();
    let refused = || Error::at(FieldError::parameter(name, Code::InstantInvalid));
    let instant = read.ok_or_else(refused)?.naive_utc();
    // Four digits of the year: as text they sort like the instants that they stand for.
    let is_writable = rfc3339(instant).len() == "2026-11-21T02:00:00.000000Z".len();
    is_writable.then_some(instant).map(Some).ok_or_else(refused)
}

/// How much later than another an entry may have its place though it happened before: no transaction
/// lasts as long.
pub const SKEW: TimeDelta = TimeDelta::hours(1);

/// The first text behind all that begin with `prefix`, which ends with a dot.
pub fn behind(prefix: &str) -> String {
    let stem = prefix.strip_suffix('.').unwrap_or(prefix);
    // What comes after the dot in every order of bytes.
    format!("{stem}/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> AuditFilter {
        AuditFilter {
            actor: None,
            about: None,
            action: None,
            object: None,
            unit: None,
            from: None,
            to: None,
        }
    }

    fn refused(filter: &AuditFilter) -> Code {
        filter.check().unwrap_err().field_errors()[0].code
    }

    #[test]
    fn an_action_is_one_or_all_of_a_kind() {
        let action = |text: &str| {
            let filter = AuditFilter {
                action: Some(text.to_owned()),
                ..nothing()
            };
            filter.check().unwrap().action
        };
        let one = Action::Exactly("account.locked".to_owned());
        assert_eq!(action("account.locked"), Some(one));
        assert_eq!(action("account."), Some(Action::Of("account.".to_owned())));
        let (first, last) = ("account.", behind("account."));
        for within in ["account.a", "account.zzz", "account.\u{10FFFF}"] {
            assert!(first <= within && within < last.as_str(), "{within}");
        }
        for outside in ["account", "accounts.a", "account-a", "b"] {
            assert!(first > outside || outside >= last.as_str(), "{outside}");
        }
    }

    #[test]
    fn what_can_not_be_asked_is_refused() {
        let object = AuditFilter {
            object: Some(3),
            ..nothing()
        };
        assert_eq!(refused(&object), Code::Required);
        for bad in ["2026-11-21", "yesterday", "2026-02-30T00:00:00Z"] {
            let from = AuditFilter {
                from: Some(bad.to_owned()),
                ..nothing()
            };
            assert_eq!(refused(&from), Code::InstantInvalid, "{bad}");
        }
        let unit = AuditFilter {
            unit: Some("hn".to_owned()),
            ..nothing()
        };
        assert_eq!(refused(&unit), Code::UnitAddressInvalid);
    }

    #[test]
    fn instants_of_every_zone_are_read() {
        let filter = AuditFilter {
            from: Some("2026-11-21T09:00:00+07:00".to_owned()),
            ..nothing()
        };
        let from = filter.check().unwrap().from.map(rfc3339);
        assert_eq!(from.as_deref(), Some("2026-11-21T02:00:00.000000Z"));
    }
}

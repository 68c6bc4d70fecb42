//! What an account is and what it may look like. No I/O.

use liendoan_core::clock::rfc3339;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text;
use liendoan_core::{Error, Timestamp, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::state::AccountAction;
use super::{AccountId, State, sound_name};

/// The longest name to be shown, in characters.
pub const DISPLAY_NAME_MAX: usize = 100;

/// The longest code of a unit, in characters.
pub const UNIT_CODE_MAX: usize = 64;

/// What a caller sets of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountContent, example = json!({
    "name": "to-chuc.btl",
    "display_name": "Ban Tổ chức quận",
    "unit": "hn-q-btl"
}))]
pub struct AccountContent {
    /// What the person signs in with: small letters, digits, `.`, `-`, `_`, `@`. Never changes.
    #[schema(min_length = 3, max_length = 64, pattern = "^[a-z0-9._@-]+$")]
    pub name: String,
    /// How the account is shown.
    #[schema(min_length = 1, max_length = 100)]
    pub display_name: Option<String>,
    /// Code of the unit that keeps the account; null: the whole federation.
    #[schema(max_length = 64)]
    pub unit: Option<String>,
}

/// Content that obeys the rules of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundContent {
    pub name: String,
    pub display_name: Option<String>,
    pub unit: Option<String>,
}

impl AccountContent {
    /// Holds the content against every rule that needs no other row; names all that it breaks.
    pub fn check(self) -> Result<SoundContent, Error> {
        let mut refused = Vec::new();
        let name = sound_name(&self.name).unwrap_or_else(|code| {
            refused.push(FieldError::at("/name", code));
            String::new()
        });
        let display_name = self.display_name.and_then(|shown| {
            text::name(&shown, DISPLAY_NAME_MAX)
                .map_err(|code| {
                    let field = FieldError::at("/display_name", code);
                    refused.push(match code {
                        Code::TooLong => field.with("max", DISPLAY_NAME_MAX),
                        _ => field,
                    });
                })
                .ok()
        });
        check_unit(self.unit.as_deref(), &mut refused);
        if refused.is_empty() {
            Ok(SoundContent {
                name,
                display_name,
                unit: self.unit,
            })
        } else {
            Err(Error::fields(refused))
        }
    }
}

/// No unit bears a code that is none; the database need not be asked.
pub fn check_unit(code: Option<&str>, refused: &mut Vec<FieldError>) {
    if code.is_some_and(|code| text::code(code, '-', UNIT_CODE_MAX).is_err()) {
        refused.push(FieldError::at("/unit", Code::UnitUnknown));
    }
}

/// An account as it is kept, without its secrets.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    pub version: i32,
    pub name: String,
    pub display_name: Option<String>,
    pub unit: Option<UnitId>,
    pub unit_code: Option<String>,
    pub state: State,
    pub has_password: bool,
    pub has_second_factor: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Account {
    /// The content as a caller would send it.
    pub fn to_content(&self) -> AccountContent {
        AccountContent {
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            unit: self.unit_code.clone(),
        }
    }

    pub fn to_view(&self, allowed_actions: Vec<AccountAction>) -> AccountView {
        AccountView {
            id: self.id.0,
            version: self.version,
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            unit: self.unit_code.clone(),
            state: self.state,
            has_second_factor: self.has_second_factor,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions,
        }
    }
}

/// An account of a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Account, example = json!({
    "id": 12,
    "version": 1,
    "name": "to-chuc.btl",
    "display_name": "Ban Tổ chức quận",
    "unit": "hn-q-btl",
    "state": "active",
    "has_second_factor": false,
    "created_at": "2026-11-21T02:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z",
    "allowed_actions": ["edit", "reset", "lock", "disable", "end_sessions"]
}))]
pub struct AccountView {
    pub id: i64,
    /// Grows by one with each change; it is the ETag.
    pub version: i32,
    /// What the person signs in with.
    pub name: String,
    #[schema(required)]
    pub display_name: Option<String>,
    /// Code of the unit that keeps the account; null: the whole federation.
    #[schema(required)]
    pub unit: Option<String>,
    #[schema(inline)]
    pub state: State,
    pub has_second_factor: bool,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What the caller may do with this account.
    pub allowed_actions: Vec<AccountAction>,
}

/// What opens an account once.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "token": "ldi_kX9p2mVq7Lr4tZ8wB3nY6sHc1dFgJ5aE0uQoRiTvKxM",
    "url": "https://liendoan.example/#/invitation/ldi_kX9p2mVq7Lr4tZ8wB3nY6sHc1dFgJ5aE0uQoRiTvKxM",
    "expires_at": "2026-11-22T02:00:00.000000Z"
}))]
pub struct Invitation {
    /// For `POST /invitations:accept`. It is shown this once and kept nowhere.
    pub token: String,
    /// The same as a page of the client, to be handed to the person.
    pub url: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// What is taken away beside the password.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"second_factor": true}))]
pub struct AccountReset {
    /// Also takes the second factor away, for a person whose telephone is lost.
    #[serde(default)]
    pub second_factor: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(name: &str, display_name: Option<&str>, unit: Option<&str>) -> AccountContent {
        AccountContent {
            name: name.to_owned(),
            display_name: display_name.map(str::to_owned),
            unit: unit.map(str::to_owned),
        }
    }

    #[test]
    fn a_name_is_kept_in_small_letters() {
        let sound = content("  To-Chuc.BTL ", Some(" Ban Tổ chức "), None)
            .check()
            .unwrap();
        assert_eq!(sound.name, "to-chuc.btl");
        assert_eq!(sound.display_name.as_deref(), Some("Ban Tổ chức"));
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let refused = content("a", Some(" "), Some("HN")).check().unwrap_err();
        let codes = refused.field_errors().iter().map(|field| field.code);
        let expected = [Code::AccountNameInvalid, Code::Blank, Code::UnitUnknown];
        assert_eq!(codes.collect::<Vec<_>>(), expected);
    }
}

//! What an account of another system is and what it may look like. No I/O.

use std::net::IpAddr;

use chrono::NaiveDate;
use ipnet::IpNet;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::validity::FOREVER;
use liendoan_core::{Error, Timestamp, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ServiceAccountId;
use crate::access::roles;
use crate::http::grant::PERMISSIONS;

/// The longest code of a unit, in characters.
const UNIT_CODE_MAX: usize = 64;
/// Addresses and networks of one account, at most.
const ADDRESSES_MAX: usize = 50;

/// Permissions, in the order of the table, each once.
pub type Scopes = Vec<&'static str>;

/// What a caller sets of an account of another system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceAccountContent, example = json!({
    "name": "Cổng dữ liệu thành phố",
    "unit": "hn",
    "scopes": ["units:read", "events:read"],
    "valid_to": "2027-01-01",
    "addresses": ["10.1.0.0/16"],
    "disabled": false
}))]
pub struct ServiceAccountContent {
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Code of the unit that keeps it, and under which it may do what its scopes say; null: the whole
    /// federation.
    #[schema(max_length = 64)]
    pub unit: Option<String>,
    /// Permissions, such as `events:read`; only such as the caller holds on that unit.
    #[schema(max_items = 50)]
    pub scopes: Vec<String>,
    /// The first day on which it may do nothing any more; null: until further notice.
    pub valid_to: Option<Day>,
    /// IP addresses and networks that it may call from; none: from anywhere.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub addresses: Vec<String>,
    /// Whether it may do nothing for now.
    #[serde(default)]
    pub disabled: bool,
}

/// Content that obeys the rules of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundContent {
    pub name: String,
    pub unit: Option<String>,
    pub scopes: Scopes,
    pub valid_to: NaiveDate,
    pub addresses: Vec<IpNet>,
    pub is_disabled: bool,
}

impl ServiceAccountContent {
    /// Holds the content against every rule that needs no other row; names all that it breaks.
    pub fn check(self) -> Result<SoundContent, Error> {
        let mut refused = Vec::new();
        let name = text::name(&self.name, NAME_MAX).unwrap_or_else(|code| {
            let field = FieldError::at("/name", code);
            refused.push(match code {
                Code::TooLong => field.with("max", NAME_MAX),
                _ => field,
            });
            String::new()
        });
        if let Some(unit) = &self.unit
            && text::code(unit, '-', UNIT_CODE_MAX).is_err()
        {
            refused.push(FieldError::at("/unit", Code::UnitUnknown));
        }
        let scopes = sound_scopes(&self.scopes).unwrap_or_else(|mut fields| {
            refused.append(&mut fields);
            Scopes::new()
        });
        let addresses = sound_addresses(&self.addresses).unwrap_or_else(|mut fields| {
            refused.append(&mut fields);
            Vec::new()
        });
        if !refused.is_empty() {
            return Err(Error::fields(refused));
        }
        Ok(SoundContent {
            name,
            unit: self.unit,
            scopes,
            valid_to: self.valid_to.map_or(FOREVER, |day| day.0),
            addresses,
            is_disabled: self.disabled,
        })
    }
}

fn sound_scopes(given: &[String]) -> Result<Scopes, Vec<FieldError>> {
    if given.is_empty() {
        return Err(vec![FieldError::at("/scopes", Code::TooFew).with("min", 1)]);
    }
    // Each once: there can't be more than there are permissions.
    if given.len() > PERMISSIONS.len() {
        let field = FieldError::at("/scopes", Code::TooMany);
        return Err(vec![field.with("max", PERMISSIONS.len())]);
    }
    let mut refused = Vec::new();
    for (index, name) in given.iter().enumerate() {
        let code = if roles::permission(name).is_none() {
            Code::PermissionUnknown
        } else if given[..index].contains(name) {
            Code::Repeated
        } else {
            continue;
        };
        refused.push(FieldError::at(format!("/scopes/{index}"), code));
    }
    let known = PERMISSIONS.iter().map(|permission| permission.name);
    match refused.as_slice() {
        [] => Ok(known
            .filter(|name| given.iter().any(|g| g == name))
            .collect()),
        _ => Err(refused),
    }
}

/// Addresses and networks as they are kept: with the length of the prefix and nothing behind it.
pub fn sound_addresses(given: &[String]) -> Result<Vec<IpNet>, Vec<FieldError>> {
    if given.len() > ADDRESSES_MAX {
        let field = FieldError::at("/addresses", Code::TooMany);
        return Err(vec![field.with("max", ADDRESSES_MAX)]);
    }
    let mut refused = Vec::new();
    let mut sound: Vec<IpNet> = Vec::new();
    for (index, text) in given.iter().enumerate() {
        let code = match network(text) {
            None => Code::AddressInvalid,
            Some(known) if sound.contains(&known) => Code::Repeated,
            Some(new) => {
                sound.push(new);
                continue;
            }
        };
        refused.push(FieldError::at(format!("/addresses/{index}"), code));
    }
    match refused.as_slice() {
        [] => Ok(sound),
        _ => Err(refused),
    }
}

fn network(text: &str) -> Option<IpNet> {
    if let Ok(address) = text.parse::<IpAddr>() {
        // As callers are known: an address of IPv4 has one spelling.
        return Some(address.to_canonical().into());
    }
    text.parse::<IpNet>().ok().map(|network| network.trunc())
}

/// An account of another system as it is kept, without its secrets.
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    pub id: ServiceAccountId,
    pub version: i32,
    pub client_id: String,
    pub content: SoundContent,
    pub unit: Option<UnitId>,
    pub used_at: Option<Timestamp>,
    pub created_by: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl SoundContent {
    /// The content as a caller would send it.
    pub fn to_content(&self) -> ServiceAccountContent {
        ServiceAccountContent {
            name: self.name.clone(),
            unit: self.unit.clone(),
            scopes: self.scopes.iter().map(|&name| name.to_owned()).collect(),
            valid_to: (self.valid_to != FOREVER).then_some(Day(self.valid_to)),
            addresses: self.addresses.iter().map(IpNet::to_string).collect(),
            disabled: self.is_disabled,
        }
    }

    /// Whether `after` lets the account do something that it could not before: then the caller must hold
    /// all of it. To take away, or to rename, one need not.
    pub fn is_widened_by(&self, after: &Self) -> bool {
        let mut taken = after.clone();
        taken.name.clone_from(&self.name);
        if after.is_disabled {
            taken.is_disabled = self.is_disabled;
        }
        taken != *self
    }
}

impl ServiceAccount {
    pub fn to_view(&self) -> ServiceAccountView {
        let content = self.content.to_content();
        let mut allowed_actions = vec![ServiceAccountAction::Edit, ServiceAccountAction::AddSecret];
        if self.used_at.is_none() {
            allowed_actions.push(ServiceAccountAction::Delete);
        }
        ServiceAccountView {
            id: self.id.0,
            version: self.version,
            client_id: self.client_id.clone(),
            name: content.name,
            unit: content.unit,
            scopes: content.scopes,
            valid_to: content.valid_to,
            addresses: content.addresses,
            disabled: content.disabled,
            used_at: self.used_at.map(rfc3339),
            created_by: self.created_by.clone(),
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions,
        }
    }
}

/// An account of another system.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceAccount, example = json!({
    "id": 3,
    "version": 1,
    "client_id": "sa-k7m2qx4cvd3n",
    "name": "Cổng dữ liệu thành phố",
    "unit": "hn",
    "scopes": ["units:read", "events:read"],
    "valid_to": "2027-01-01",
    "addresses": ["10.1.0.0/16"],
    "disabled": false,
    "used_at": null,
    "created_by": "account:12",
    "created_at": "2026-11-21T02:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z",
    "allowed_actions": ["edit", "add_secret", "delete"]
}))]
pub struct ServiceAccountView {
    pub id: i64,
    /// Grows by one with each change, of its secrets too; it is the ETag.
    pub version: i32,
    /// What it names itself by at `/oauth/token`. Given by the service; never changes.
    pub client_id: String,
    pub name: String,
    /// Code of the unit that keeps it; null: the whole federation.
    #[schema(required)]
    pub unit: Option<String>,
    /// The permissions that it may ask for.
    pub scopes: Vec<String>,
    /// The first day on which it may do nothing any more; null: until further notice.
    #[schema(required)]
    pub valid_to: Option<Day>,
    /// Networks that it may call from, as `10.1.0.0/16`, one address as `10.1.2.3/32`; none: from anywhere.
    pub addresses: Vec<String>,
    pub disabled: bool,
    /// When it last got a token, to the minute; null: never.
    #[schema(required, format = DateTime)]
    pub used_at: Option<String>,
    /// Who made it, such as `account:12`.
    pub created_by: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What the caller may do with this account.
    pub allowed_actions: Vec<ServiceAccountAction>,
}

/// Something that can be done with an account of another system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceAccountAction {
    Edit,
    AddSecret,
    Delete,
}

#[cfg(test)]
mod tests {
    use liendoan_core::error::Place;

    use super::*;

    fn content() -> ServiceAccountContent {
        ServiceAccountContent {
            name: "Cổng dữ liệu".to_owned(),
            unit: None,
            scopes: vec!["events:read".to_owned(), "units:read".to_owned()],
            valid_to: None,
            addresses: Vec::new(),
            disabled: false,
        }
    }

    fn refused(content: ServiceAccountContent) -> Vec<(String, Code)> {
        let error = content.check().unwrap_err();
        let field = |field: &FieldError| match &field.place {
            Place::Pointer(pointer) => (pointer.clone(), field.code),
            other => panic!("{other:?}"),
        };
        error.field_errors().iter().map(field).collect()
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let bad = ServiceAccountContent {
            name: " ".to_owned(),
            unit: Some("HN".to_owned()),
            scopes: texts(&["events:read", "events:write", "events:read"]),
            addresses: texts(&["10.1.0.0/16", "10.1.2.3/33", "10.1.9.9/16", "localhost"]),
            ..content()
        };
        let at = |pointer: &str, code| (pointer.to_owned(), code);
        assert_eq!(
            refused(bad),
            [
                at("/name", Code::Blank),
                at("/unit", Code::UnitUnknown),
                at("/scopes/1", Code::PermissionUnknown),
                at("/scopes/2", Code::Repeated),
                at("/addresses/1", Code::AddressInvalid),
                at("/addresses/2", Code::Repeated),
                at("/addresses/3", Code::AddressInvalid),
            ]
        );
        let none = ServiceAccountContent {
            scopes: Vec::new(),
            addresses: vec!["10.0.0.1".to_owned(); 51],
            ..content()
        };
        let expected = [at("/scopes", Code::TooFew), at("/addresses", Code::TooMany)];
        assert_eq!(refused(none), expected);
    }

    #[test]
    fn a_network_has_one_spelling() {
        let given = [
            "10.1.2.3",
            "::ffff:10.1.2.4",
            "10.9.9.9/8",
            "2001:db8::1/32",
        ];
        let sound = sound_addresses(&given.map(str::to_owned)).unwrap();
        let sound: Vec<String> = sound.iter().map(IpNet::to_string).collect();
        let expected = ["10.1.2.3/32", "10.1.2.4/32", "10.0.0.0/8", "2001:db8::/32"];
        assert_eq!(sound, expected);
    }

    #[test]
    fn to_take_away_is_not_to_give() {
        let before = content().check().unwrap();
        let with = |change: fn(&mut SoundContent)| {
            let mut after = before.clone();
            change(&mut after);
            before.is_widened_by(&after)
        };
        assert!(!with(|_| {}));
        assert!(!with(|after| after.is_disabled = true));
        assert!(!with(|after| after.name = "Khác".to_owned()));
        assert!(with(|after| after.unit = Some("hn".to_owned())));
        assert!(with(
            |after| after.valid_to = after.valid_to.pred_opt().unwrap()
        ));
        let disabled = SoundContent {
            is_disabled: true,
            ..before.clone()
        };
        assert!(disabled.is_widened_by(&before));
    }
}

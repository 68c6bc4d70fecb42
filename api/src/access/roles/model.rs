//! What a role is and what it may look like. No I/O.

use std::collections::BTreeSet;

use liendoan_core::clock::rfc3339;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::{Error, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{BuiltIn, RoleId, permission};
use crate::http::grant::PERMISSIONS;

/// The longest code, in characters.
pub const CODE_MAX: usize = 64;

pub fn is_code(code: &str) -> bool {
    text::code(code, '_', CODE_MAX).is_ok()
}

/// What a caller sets of a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoleContent, example = json!({
    "code": "award_clerk",
    "name_vi": "Cán bộ khen thưởng",
    "name_en": "Award clerk",
    "permissions": ["records:read", "awards:record"]
}))]
pub struct RoleContent {
    /// Unique among roles. Never changes.
    #[schema(pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", max_length = 64)]
    pub code: String,
    #[schema(min_length = 1, max_length = 300)]
    pub name_vi: String,
    #[schema(min_length = 1, max_length = 300)]
    pub name_en: String,
    /// Names of permissions, each once.
    #[schema(min_items = 1, max_items = 100)]
    pub permissions: Vec<String>,
}

/// Content that obeys the rules, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundContent {
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    /// In the order in which all are listed.
    pub permissions: Vec<&'static str>,
}

impl RoleContent {
    /// Holds the content against every rule that needs no other row; names all that it breaks.
    pub fn check(self) -> Result<SoundContent, Error> {
        let mut refused = Vec::new();
        if !is_code(&self.code) {
            refused.push(FieldError::at("/code", Code::CodeInvalid));
        }
        let mut name = |given: &str, pointer: &str| {
            text::name(given, NAME_MAX).unwrap_or_else(|code| {
                let field = FieldError::at(pointer, code);
                refused.push(match code {
                    Code::TooLong => field.with("max", NAME_MAX),
                    _ => field,
                });
                String::new()
            })
        };
        let (name_vi, name_en) = (
            name(&self.name_vi, "/name_vi"),
            name(&self.name_en, "/name_en"),
        );
        let permissions = check_permissions(&self.permissions, &mut refused);
        if refused.is_empty() {
            Ok(SoundContent {
                code: self.code,
                name_vi,
                name_en,
                permissions,
            })
        } else {
            Err(Error::fields(refused))
        }
    }
}

fn check_permissions(given: &[String], refused: &mut Vec<FieldError>) -> Vec<&'static str> {
    const POINTER: &str = "/permissions";
    let max = PERMISSIONS.len();
    if given.is_empty() {
        refused.push(FieldError::at(POINTER, Code::TooFew).with("min", 1));
    } else if given.len() > max {
        refused.push(FieldError::at(POINTER, Code::TooMany).with("max", max));
        return Vec::new();
    }
    let mut named = BTreeSet::new();
    for (index, name) in given.iter().enumerate() {
        let code = match permission(name) {
            None => Code::PermissionUnknown,
            Some(known) if !named.insert(known) => Code::Repeated,
            Some(_) => continue,
        };
        refused.push(FieldError::at(format!("{POINTER}/{index}"), code));
    }
    in_order(&named)
}

fn in_order(named: &BTreeSet<&'static str>) -> Vec<&'static str> {
    let all = PERMISSIONS.iter().map(|permission| permission.name);
    all.filter(|name| named.contains(name)).collect()
}

/// A role beside those that are built in, as it is kept.
#[derive(Clone, Debug)]
pub struct Role {
    pub id: RoleId,
    pub version: i32,
    pub content: SoundContent,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Role {
    /// The content as a caller would send it.
    pub fn to_content(&self) -> RoleContent {
        let content = self.content.clone();
        let permissions = content.permissions.into_iter().map(str::to_owned);
        RoleContent {
            code: content.code,
            name_vi: content.name_vi,
            name_en: content.name_en,
            permissions: permissions.collect(),
        }
    }

    pub fn to_view(&self, may_edit: bool) -> RoleView {
        let content = self.content.clone();
        RoleView {
            code: content.code,
            name_vi: content.name_vi,
            name_en: content.name_en,
            permissions: content.permissions,
            built_in: false,
            version: Some(self.version),
            created_at: Some(rfc3339(self.created_at)),
            updated_at: Some(rfc3339(self.updated_at)),
            allowed_actions: if may_edit {
                vec![RoleAction::Edit, RoleAction::Delete]
            } else {
                Vec::new()
            },
        }
    }
}

impl BuiltIn {
    pub fn to_view(&self) -> RoleView {
        RoleView {
            code: self.code.to_owned(),
            name_vi: self.name_vi.to_owned(),
            name_en: self.name_en.to_owned(),
            permissions: in_order(&self.permissions.iter().copied().collect()),
            built_in: true,
            version: None,
            created_at: None,
            updated_at: None,
            allowed_actions: Vec::new(),
        }
    }
}

/// A named set of permissions. Whoever holds any role may also read the tree, its documents, clusters and
/// reference data.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Role, example = json!({
    "code": "award_clerk",
    "name_vi": "Cán bộ khen thưởng",
    "name_en": "Award clerk",
    "permissions": ["records:read", "awards:record"],
    "built_in": false,
    "version": 1,
    "created_at": "2026-11-21T02:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z",
    "allowed_actions": ["edit", "delete"]
}))]
pub struct RoleView {
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    pub permissions: Vec<&'static str>,
    /// Whether it comes with the program: then it can't be changed.
    pub built_in: bool,
    /// Grows by one with each change; it is the ETag. Null where it is built in.
    #[schema(required)]
    pub version: Option<i32>,
    /// RFC 3339, UTC; null where it is built in.
    #[schema(required, format = DateTime)]
    pub created_at: Option<String>,
    /// RFC 3339, UTC; null where it is built in.
    #[schema(required, format = DateTime)]
    pub updated_at: Option<String>,
    /// What the caller may do with this role.
    pub allowed_actions: Vec<RoleAction>,
}

/// Something that can be done with a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleAction {
    Edit,
    Delete,
}

/// All roles.
#[derive(Serialize, ToSchema)]
pub struct Roles {
    /// Those that are built in first, then the others by code.
    pub items: Vec<RoleView>,
}

/// A verb on a kind of thing.
#[derive(Serialize, ToSchema)]
#[schema(as = Permission, example = json!({
    "name": "records:read",
    "vi": "Xem hoạt động, khen thưởng, thỏa ước và kiểm tra",
    "en": "Read activities, awards, agreements and inspections",
    "everybodys": false
}))]
pub struct PermissionView {
    pub name: &'static str,
    pub vi: &'static str,
    pub en: &'static str,
    /// Whether everybody has it, everywhere, who holds any role today.
    pub everybodys: bool,
}

/// All permissions.
#[derive(Serialize, ToSchema)]
pub struct Permissions {
    pub items: Vec<PermissionView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(code: &str, permissions: &[&str]) -> RoleContent {
        RoleContent {
            code: code.to_owned(),
            name_vi: "Cán bộ".to_owned(),
            name_en: "Clerk".to_owned(),
            permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn refused(content: RoleContent) -> Vec<Code> {
        let error = content.check().unwrap_err();
        error
            .field_errors()
            .iter()
            .map(|field| field.code)
            .collect()
    }

    #[test]
    fn permissions_are_known_named_once_and_kept_in_one_order() {
        let sound = content("clerk", &["awards:record", "records:read"])
            .check()
            .unwrap();
        assert_eq!(sound.permissions, ["records:read", "awards:record"]);
        assert_eq!(refused(content("clerk", &[])), [Code::TooFew]);
        assert_eq!(
            refused(content("clerk", &["everything"])),
            [Code::PermissionUnknown]
        );
        let twice = content("clerk", &["records:read", "records:read"]);
        assert_eq!(refused(twice), [Code::Repeated]);
        assert_eq!(
            refused(content("Clerk!", &["records:read"])),
            [Code::CodeInvalid]
        );
        let many = vec!["records:read"; PERMISSIONS.len() + 1];
        assert_eq!(refused(content("clerk", &many)), [Code::TooMany]);
    }
}

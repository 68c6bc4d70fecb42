//! Rows of `roles`. Roles belong to the whole federation: everybody signed in reads them, and who writes
//! them holds the permission everywhere.

use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::db::Hold;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::schema::{grants, roles};
use liendoan_core::{Db, Error, Result, Timestamp, Tx};
use serde_json::{Value, json};

use super::model::{Role, SoundContent};
use super::{RoleId, TOPIC, built_in};
use crate::access::grants::rules;
use crate::access::principals::permissions_in;
use crate::http::Caller;

/// Roles beside those that are built in, at most: all are listed at once.
const ROLES_MAX: i64 = 500;

#[derive(Queryable, Selectable)]
#[diesel(table_name = roles)]
struct Row {
    id: RoleId,
    version: i32,
    code: String,
    name_vi: String,
    name_en: String,
    permissions: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Row {
    fn to_role(&self) -> Result<Role> {
        Ok(Role {
            id: self.id,
            version: self.version,
            content: SoundContent {
                code: self.code.clone(),
                name_vi: self.name_vi.clone(),
                name_en: self.name_en.clone(),
                permissions: permissions_in(&self.permissions)?.to_vec(),
            },
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// All that are not built in, by code.
pub fn list(db: &mut Db) -> Result<Vec<Role>> {
    let rows: Vec<Row> = roles::table
        .order(roles::code)
        .select(Row::as_select())
        .load(db)?;
    rows.iter().map(Row::to_role).collect()
}

/// One that is not built in.
pub fn find(db: &mut Db, code: &str) -> Result<Role> {
    let row: Row = roles::table
        .filter(roles::code.eq(code))
        .select(Row::as_select())
        .first(db)?;
    row.to_role()
}

/// Whether there is a role of this code, built in or not.
pub fn exists(db: &mut Db, code: &str) -> Result<bool> {
    if built_in(code).is_some() {
        return Ok(true);
    }
    let query = roles::table.filter(roles::code.eq(code)).select(roles::id);
    let found: Option<i64> = query.first(db).optional()?;
    Ok(found.is_some())
}

/// What a role is as its columns.
macro_rules! columns {
    ($content:expr) => {{
        let content: &SoundContent = $content;
        (
            roles::name_vi.eq(&content.name_vi),
            roles::name_en.eq(&content.name_en),
            roles::permissions.eq(json!(content.permissions).to_string()),
        )
    }};
}

pub fn create(tx: &mut Tx<'_>, caller: &Caller, content: &SoundContent) -> Result<Role> {
    rules::check_held_everywhere(&caller.rights, &content.permissions)?;
    tx.lock(TOPIC, [("all", Hold::Alone)])?;
    if exists(tx, &content.code)? {
        return Err(Code::RoleCodeTaken.into());
    }
    let count: i64 = roles::table.count().get_result(&mut **tx)?;
    if count >= ROLES_MAX {
        let field = FieldError::at("", Code::TooMany);
        return Err(Error::at(field.with("max", ROLES_MAX)));
    }
    let now = tx.now();
    let id: RoleId = diesel::insert_into(roles::table)
        .values((
            roles::version.eq(1),
            roles::code.eq(&content.code),
            columns!(content),
            roles::created_at.eq(now),
            roles::updated_at.eq(now),
        ))
        .returning(roles::id)
        .get_result(&mut **tx)?;
    note(tx, "role.created", id, None, Some(&told(content)))?;
    find(tx, &content.code)
}

/// Replaces the content of `before`, unless somebody else was faster.
pub fn update(
    tx: &mut Tx<'_>,
    caller: &Caller,
    before: &Role,
    content: &SoundContent,
) -> Result<Role> {
    if content.code != before.content.code {
        return Err(Error::at(FieldError::at("/code", Code::ReadOnly)));
    }
    if *content == before.content {
        return Ok(before.clone());
    }
    let added = content
        .permissions
        .iter()
        .filter(|name| !before.content.permissions.contains(name));
    rules::check_held_everywhere(&caller.rights, added)?;
    // Who gives it at this moment has looked at what it consists of.
    tx.lock(TOPIC, [(before.content.code.as_str(), Hold::Alone)])?;
    let now = tx.now();
    let updated = diesel::update(roles::table.find(before.id.0))
        .filter(roles::version.eq(before.version))
        .set((
            roles::version.eq(before.version + 1),
            columns!(content),
            roles::updated_at.eq(now),
        ))
        .execute(&mut **tx)?;
    if updated == 0 {
        return Err(Code::VersionOutdated.into());
    }
    let (old, new) = (told(&before.content), told(content));
    note(tx, "role.updated", before.id, Some(&old), Some(&new))?;
    find(tx, &content.code)
}

pub fn delete(tx: &mut Tx<'_>, before: &Role) -> Result<()> {
    let code = before.content.code.as_str();
    tx.lock(TOPIC, [(code, Hold::Alone)])?;
    // Past grants too: what they gave must stay readable.
    let held = grants::table.filter(grants::role.eq(code));
    let held: Option<i64> = held.select(grants::id).first(&mut **tx).optional()?;
    if held.is_some() {
        return Err(Code::RoleInUse.into());
    }
    let deleted = diesel::delete(roles::table.find(before.id.0))
        .filter(roles::version.eq(before.version))
        .execute(&mut **tx)?;
    if deleted == 0 {
        return Err(Code::VersionOutdated.into());
    }
    let told = told(&before.content);
    note(tx, "role.deleted", before.id, Some(&told), None)
}

fn told(content: &SoundContent) -> Value {
    json!({
        "code": content.code,
        "name_vi": content.name_vi,
        "name_en": content.name_en,
        "permissions": content.permissions,
    })
}

fn note(
    tx: &mut Tx<'_>,
    action: &'static str,
    id: RoleId,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<()> {
    tx.audit(Entry {
        action,
        object_id: Some(id.0),
        before,
        after,
        ..Entry::default()
    })
}

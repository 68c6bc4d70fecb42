//! Writes of `grants`, each with its entry in the audit log.

use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::db::Hold;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::schema::grants;
use liendoan_core::validity::Validity;
use liendoan_core::{Error, Result, Scope, Tx};
use serde_json::{Value, json};

use super::model::{GrantContent, RoleGrant};
use super::rules::{self, Holding};
use super::{GrantId, administrators, queries};
use crate::access::accounts::creation::{self, NewGrant};
use crate::access::accounts::queries as accounts;
use crate::access::places::Places;
use crate::access::principals::permissions_of;
use crate::access::roles::{self, ADMINISTRATOR};
use crate::http::Caller;
use crate::http::grant::Principal;
use crate::tree::cover;
use crate::tree::units::queries::coded;

pub fn create(
    tx: &mut Tx<'_>,
    caller: &Caller,
    scope: &Scope,
    content: &GrantContent,
) -> Result<RoleGrant> {
    let today = tx.today();
    let validity = content.check(today)?;
    // It must not be deleted at this moment.
    tx.lock(roles::TOPIC, [(content.role.as_str(), Hold::Shared)])?;
    let mut places = Places::of(today);
    let account = accounts::find(tx, scope, &mut places, content.account_id);
    // One outside the scope is answered like one that is not there.
    let unknown = |error: Error| match error.code() {
        Code::NotFound => Error::at(FieldError::at("/account_id", Code::UnknownValue)),
        _ => error,
    };
    let account = account.map_err(unknown)?;
    if !roles::queries::exists(tx, &content.role)? {
        return Err(Error::at(FieldError::at("/role", Code::RoleUnknown)));
    }
    let unit = content
        .unit
        .as_deref()
        .map(|code| coded(tx, scope, code))
        .transpose()?;
    rules::check_not_own(caller.principal, account.id.0)?;
    places.check_written(tx, scope, unit)?;
    let given = Holding {
        permissions: permissions_of(tx, &content.role)?,
        place: places.find(tx, unit)?,
    };
    rules::check_held(&caller.rights, &given)?;
    let id = creation::give(
        tx,
        &NewGrant {
            account: account.id,
            role: &content.role,
            unit,
            from: validity.from,
            to: validity.to,
        },
    )?;
    queries::find(tx, scope, &mut places, GrantId(id))
}

/// Sets the days of `before`, unless somebody else was faster.
pub fn update(
    tx: &mut Tx<'_>,
    caller: &Caller,
    scope: &Scope,
    before: &RoleGrant,
    validity: Validity,
) -> Result<RoleGrant> {
    rules::check_not_own(caller.principal, before.account.0)?;
    let mut places = Places::of(tx.today());
    if !rules::only_takes(before.validity, validity) {
        let given = Holding {
            permissions: permissions_of(tx, &before.role)?,
            place: places.find(tx, before.unit)?,
        };
        rules::check_held(&caller.rights, &given)?;
        creation::void_links(tx, before.account)?;
    }
    keeping_an_administrator(tx, before, |tx| {
        let now = tx.now();
        let updated = diesel::update(grants::table.find(before.id.0))
            .filter(grants::version.eq(before.version))
            .set((
                grants::version.eq(before.version + 1),
                grants::valid_from.eq(validity.from),
                grants::valid_to.eq(validity.to),
                grants::updated_at.eq(now),
            ))
            .execute(&mut **tx)?;
        match updated {
            0 => Err(Code::VersionOutdated.into()),
            _ => Ok(()),
        }
    })?;
    let after = queries::find(tx, scope, &mut places, before.id)?;
    note(tx, "grant.updated", before, Some(&told(&after)))?;
    Ok(after)
}

pub fn delete(tx: &mut Tx<'_>, caller: &Caller, before: &RoleGrant) -> Result<()> {
    rules::check_not_own(caller.principal, before.account.0)?;
    keeping_an_administrator(tx, before, |tx| {
        let deleted = diesel::delete(grants::table.find(before.id.0))
            .filter(grants::version.eq(before.version))
            .execute(&mut **tx)?;
        match deleted {
            0 => Err(Code::VersionOutdated.into()),
            _ => Ok(()),
        }
    })?;
    note(tx, "grant.deleted", before, None)
}

fn keeping_an_administrator(
    tx: &mut Tx<'_>,
    grant: &RoleGrant,
    change: impl FnOnce(&mut Tx<'_>) -> Result<()>,
) -> Result<()> {
    if grant.role == ADMINISTRATOR {
        administrators::keep_one(tx, change)
    } else {
        change(tx)
    }
}

fn told(grant: &RoleGrant) -> Value {
    json!({
        "account_id": grant.account,
        "role": grant.role,
        "unit_id": grant.unit,
        "from": grant.validity.start(),
        "to": grant.validity.end(),
    })
}

fn note(
    tx: &mut Tx<'_>,
    action: &'static str,
    before: &RoleGrant,
    after: Option<&Value>,
) -> Result<()> {
    let today = tx.today();
    let units = cover::concerned(tx, before.unit, today)?;
    tx.audit(Entry {
        action,
        object_id: Some(before.id.0),
        about: Some(&Principal::Account(before.account.0).to_string()),
        units: &units,
        before: Some(&told(before)),
        after,
    })
}

//! Writes of `service_accounts`, each with its entry in the audit log.

use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::error::Code;
use liendoan_core::schema::{revoked_tokens, service_accounts, service_secrets};
use liendoan_core::{Error, Result, Scope, Tx, UnitId};
use serde_json::{Value, json};

use super::ServiceAccountId;
use super::model::{Scopes, ServiceAccount, SoundContent};
use crate::http::Caller;
use crate::http::grant::{Principal, Rights};
use crate::tree::cover;
use crate::tree::units::queries::coded;

/// Letters and digits that nobody mistakes for one another (RFC 4648, base32).
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A name for a client that tells it is one, and nothing else.
fn new_client_id() -> String {
    let random: [u8; 12] = rand::random();
    let letters = random.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    format!("sa-{}", letters.iter().collect::<String>())
}

/// What a caller's content says, as columns.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = service_accounts, treat_none_as_null = true)]
struct Columns<'a> {
    name: &'a str,
    unit_id: Option<i64>,
    scopes: String,
    valid_to: chrono::NaiveDate,
    addresses: String,
    is_disabled: bool,
}

impl<'a> Columns<'a> {
    fn of(content: &'a SoundContent, unit: Option<UnitId>) -> Result<Self> {
        Ok(Self {
            name: &content.name,
            unit_id: unit.map(|unit| unit.0),
            scopes: serde_json::to_string(&content.scopes).map_err(Error::internal)?,
            valid_to: content.valid_to,
            addresses: serde_json::to_string(&content.addresses).map_err(Error::internal)?,
            is_disabled: content.is_disabled,
        })
    }
}

pub fn create(
    tx: &mut Tx<'_>,
    scope: &Scope,
    rights: &Rights,
    content: &SoundContent,
) -> Result<ServiceAccount> {
    let (now, today) = (tx.now(), tx.today());
    let unit = content
        .unit
        .as_deref()
        .map(|code| coded(tx, scope, code))
        .transpose()?;
    cover::check_writes(tx, scope, unit, today)?;
    check_held(tx, rights, &content.scopes, unit)?;
    let (client_id, created_by) = (new_client_id(), tx.actor().principal.clone());
    let id: ServiceAccountId = diesel::insert_into(service_accounts::table)
        .values((
            service_accounts::version.eq(1),
            service_accounts::client_id.eq(&client_id),
            service_accounts::created_by.eq(&created_by),
            service_accounts::created_at.eq(now),
            service_accounts::updated_at.eq(now),
            Columns::of(content, unit)?,
        ))
        .returning(service_accounts::id)
        .get_result(&mut **tx)?;
    let account = ServiceAccount {
        id,
        version: 1,
        client_id,
        content: content.clone(),
        unit,
        used_at: None,
        created_by,
        created_at: now,
        updated_at: now,
    };
    let after = told(&account)?;
    note(tx, &account, "service_account.created", None, Some(&after))?;
    Ok(account)
}

/// Replaces the content of `before`, unless somebody else was faster.
pub fn update(
    tx: &mut Tx<'_>,
    scope: &Scope,
    rights: &Rights,
    before: &ServiceAccount,
    content: &SoundContent,
) -> Result<ServiceAccount> {
    let (now, today) = (tx.now(), tx.today());
    let unit = content
        .unit
        .as_deref()
        .map(|code| coded(tx, scope, code))
        .transpose()?;
    cover::check_writes(tx, scope, unit, today)?;
    if before.content.is_widened_by(content) {
        check_held(tx, rights, &content.scopes, unit)?;
    }
    touch(tx, before)?;
    diesel::update(service_accounts::table.find(before.id))
        .set(Columns::of(content, unit)?)
        .execute(&mut **tx)?;
    let after = ServiceAccount {
        version: before.version + 1,
        content: content.clone(),
        unit,
        updated_at: now,
        ..before.clone()
    };
    let (old, new) = (told(before)?, told(&after)?);
    let units = before.unit.into_iter().chain(unit);
    let entry = Entry {
        action: "service_account.updated",
        before: Some(&old),
        after: Some(&new),
        ..Entry::default()
    };
    leave(tx, before.id, units, entry)?;
    Ok(after)
}

/// Removes an account that never got a token; another one has left traces, and is disabled instead.
pub fn delete(tx: &mut Tx<'_>, before: &ServiceAccount) -> Result<()> {
    let unused = service_accounts::id
        .eq(before.id)
        .and(service_accounts::version.eq(before.version))
        .and(service_accounts::used_at.is_null());
    let deleted = diesel::delete(service_accounts::table.filter(unused)).execute(&mut **tx)?;
    if deleted == 0 {
        return Err(Code::ServiceAccountUsed.into());
    }
    let of_account = service_secrets::service_account_id.eq(before.id.0);
    diesel::delete(service_secrets::table.filter(of_account)).execute(&mut **tx)?;
    let principal = Principal::ServiceAccount(before.id.0).to_string();
    let revoked = revoked_tokens::table.filter(revoked_tokens::principal.eq(principal));
    diesel::delete(revoked).execute(&mut **tx)?;
    let old = told(before)?;
    note(tx, before, "service_account.deleted", Some(&old), None)
}

/// Gives an account its next version, unless somebody else was faster. Whoever has done so holds its row
/// until the transaction ends.
pub fn touch(tx: &mut Tx<'_>, before: &ServiceAccount) -> Result<()> {
    let unchanged = service_accounts::id
        .eq(before.id)
        .and(service_accounts::version.eq(before.version));
    let touched = diesel::update(service_accounts::table.filter(unchanged))
        .set((
            service_accounts::version.eq(before.version + 1),
            service_accounts::updated_at.eq(tx.now()),
        ))
        .execute(&mut **tx)?;
    match touched {
        1 => Ok(()),
        _ => Err(Code::VersionOutdated.into()),
    }
}

/// A system does not change what it may do itself.
pub fn check_is_another(caller: &Caller, account: ServiceAccountId) -> Result<()> {
    if caller.principal == Principal::ServiceAccount(account.0) {
        Err(Code::OwnGrants.into())
    } else {
        Ok(())
    }
}

/// Nobody gives what they do not hold there themselves.
pub fn check_held(
    tx: &mut Tx<'_>,
    rights: &Rights,
    scopes: &Scopes,
    unit: Option<UnitId>,
) -> Result<()> {
    let today = tx.today();
    let line = match unit {
        None => Vec::new(),
        Some(unit) => cover::line(tx, unit, today)?,
    };
    let is_held = |name: &&str| match rights.scope(name) {
        Some(Scope::All) => true,
        Some(Scope::Under(tops)) => line.iter().any(|unit| tops.contains(unit)),
        None => false,
    };
    match scopes.iter().find(|name| !is_held(name)) {
        None => Ok(()),
        Some(name) => Err(Error::new(Code::NotHeld).with("permission", *name)),
    }
}

fn told(account: &ServiceAccount) -> Result<Value> {
    let mut told = serde_json::to_value(account.content.to_content()).map_err(Error::internal)?;
    told["client_id"] = json!(account.client_id);
    Ok(told)
}

/// Leaves what happened to an account in the audit log.
pub fn note(
    tx: &mut Tx<'_>,
    account: &ServiceAccount,
    action: &'static str,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<()> {
    let entry = Entry {
        action,
        before,
        after,
        ..Entry::default()
    };
    leave(tx, account.id, account.unit, entry)
}

/// Leaves an entry about an account where all see it who watch over one of these units.
pub fn leave(
    tx: &mut Tx<'_>,
    account: ServiceAccountId,
    units: impl IntoIterator<Item = UnitId>,
    entry: Entry<'_>,
) -> Result<()> {
    let today = tx.today();
    let units = cover::concerned(tx, units, today)?;
    tx.audit(Entry {
        object_id: Some(account.0),
        about: Some(&Principal::ServiceAccount(account.0).to_string()),
        units: &units,
        ..entry
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_readable_and_new() {
        let (one, other) = (new_client_id(), new_client_id());
        assert_ne!(one, other);
        assert_eq!(one.len(), 15);
        let letters = one.strip_prefix("sa-").unwrap();
        assert!(letters.bytes().all(|letter| ALPHABET.contains(&letter)));
    }
}

//! Accounts and grants as rows, for whoever may make them: handlers, the first administrator, the demo.

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::schema::{account_links, accounts, grants};
use liendoan_core::validity::Validity;
use liendoan_core::{Code, Error, Result, Tx, UnitId};
use serde_json::json;

use super::{AccountId, State};
use crate::access::secrets::{Kind, Opaque};
use crate::http::grant::Principal;
use crate::tree::cover;

/// How long an invitation holds.
pub const LINK_LIVES: TimeDelta = TimeDelta::hours(24);

/// A new account, without a password.
pub struct NewAccount<'a> {
    pub name: &'a str,
    pub display_name: Option<&'a str>,
    /// The unit that keeps it; None: the whole federation.
    pub unit: Option<UnitId>,
}

pub fn create(tx: &mut Tx<'_>, new: &NewAccount<'_>) -> Result<AccountId> {
    let taken = accounts::table
        .filter(accounts::name.eq(new.name))
        .select(accounts::id);
    let taken: Option<i64> = taken.first(&mut **tx).optional()?;
    if taken.is_some() {
        return Err(Code::AccountNameTaken.into());
    }
    let now = tx.now();
    let id: AccountId = diesel::insert_into(accounts::table)
        .values((
            accounts::version.eq(1),
            accounts::name.eq(new.name),
            accounts::display_name.eq(new.display_name),
            accounts::unit_id.eq(new.unit),
            accounts::state.eq(State::Invited.as_str()),
            accounts::second_factor_on.eq(false),
            accounts::second_factor_step.eq(0),
            accounts::created_at.eq(now),
            accounts::updated_at.eq(now),
        ))
        .returning(accounts::id)
        .get_result(&mut **tx)?;
    let after = json!({
        "name": new.name,
        "display_name": new.display_name,
        "unit_id": new.unit,
    });
    note(tx, id, new.unit, "account.created", None, Some(&after))?;
    Ok(id)
}

/// A link that opens an account once: the first time, or anew after a reset. Those before it are void.
pub fn invite(tx: &mut Tx<'_>, account: AccountId, unit: Option<UnitId>) -> Result<Opaque> {
    void_links(tx, account)?;
    let token = Opaque::generate(Kind::Invitation);
    diesel::insert_into(account_links::table)
        .values((
            account_links::hash.eq(token.hash().to_vec()),
            account_links::account_id.eq(account.0),
            account_links::expires_at.eq(tx.now() + LINK_LIVES),
        ))
        .execute(&mut **tx)?;
    note(tx, account, unit, "account.invited", None, None)?;
    Ok(token)
}

/// Takes back every link that could still open an account.
pub fn void_links(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let of_account = account_links::table.filter(account_links::account_id.eq(account.0));
    diesel::delete(of_account).execute(&mut **tx)?;
    Ok(())
}

/// A role on a unit, from a day to a day.
pub struct NewGrant<'a> {
    pub account: AccountId,
    pub role: &'a str,
    /// None: the whole federation.
    pub unit: Option<UnitId>,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// An open invitation is void from then on: whoever made it may hold less than the account does now.
pub fn give(tx: &mut Tx<'_>, new: &NewGrant<'_>) -> Result<i64> {
    void_links(tx, new.account)?;
    let now = tx.now();
    let granted_by = tx.actor().principal.clone();
    let id: i64 = diesel::insert_into(grants::table)
        .values((
            grants::version.eq(1),
            grants::account_id.eq(new.account.0),
            grants::role.eq(new.role),
            grants::unit_id.eq(new.unit.map(|unit| unit.0)),
            grants::valid_from.eq(new.from),
            grants::valid_to.eq(new.to),
            grants::granted_by.eq(granted_by),
            grants::created_at.eq(now),
            grants::updated_at.eq(now),
        ))
        .returning(grants::id)
        .get_result(&mut **tx)?;
    let validity = Validity {
        from: new.from,
        to: new.to,
    };
    let after = json!({
        "account_id": new.account,
        "role": new.role,
        "unit_id": new.unit,
        "from": validity.start(),
        "to": validity.end(),
    });
    let today = tx.today();
    let units = cover::concerned(tx, new.unit, today)?;
    tx.audit(Entry {
        action: "grant.created",
        object_id: Some(id),
        about: Some(&Principal::Account(new.account.0).to_string()),
        units: &units,
        before: None,
        after: Some(&after),
    })?;
    Ok(id)
}

/// Lets a password hold, and the account with it.
pub fn open(tx: &mut Tx<'_>, account: AccountId, password_hash: &str) -> Result<()> {
    let opened = diesel::update(accounts::table.find(account))
        .set((
            accounts::password_hash.eq(password_hash),
            accounts::state.eq(State::Active.as_str()),
        ))
        .execute(&mut **tx)?;
    match opened {
        1 => note(tx, account, None, "account.opened", None, None),
        _ => Err(Error::internal("no such account")),
    }
}

/// Leaves what happened to an account in the audit log.
pub fn note(
    tx: &mut Tx<'_>,
    account: AccountId,
    unit: Option<UnitId>,
    action: &'static str,
    before: Option<&serde_json::Value>,
    after: Option<&serde_json::Value>,
) -> Result<()> {
    let today = tx.today();
    let units = cover::concerned(tx, unit, today)?;
    tx.audit(Entry {
        action,
        object_id: Some(account.0),
        about: Some(&Principal::Account(account.0).to_string()),
        units: &units,
        before,
        after,
    })
}

//! Writes of `accounts`, each with its entry in the audit log.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::schema::{account_links, accounts};
use liendoan_core::{Db, Error, Result, Scope, Tx, UnitId};
use serde_json::{Value, json};

use super::creation::{self, NewAccount};
use super::model::{Account, AccountContent, SoundContent};
use super::state::{self, AccountAction};
use super::{State, queries};
use crate::access::grants::{administrators, queries as grants, rules};
use crate::access::own::second_factor;
use crate::access::places::Places;
use crate::access::secrets::Opaque;
use crate::access::sessions::queries as sessions;
use crate::http::Caller;
use crate::http::grant::{ManageAccounts, Permission, Principal};
use crate::tree::cover;
use crate::tree::units::queries::coded;

pub fn create(tx: &mut Tx<'_>, scope: &Scope, content: &SoundContent) -> Result<Account> {
    let mut places = Places::of(tx.today());
    let unit = content
        .unit
        .as_deref()
        .map(|code| coded(tx, scope, code))
        .transpose()?;
    places.check_written(tx, scope, unit)?;
    let id = creation::create(
        tx,
        &NewAccount {
            name: &content.name,
            display_name: content.display_name.as_deref(),
            unit,
        },
    )?;
    queries::find(tx, scope, &mut places, id)
}

/// Sets what a caller may set of `before`, unless somebody else was faster.
pub fn update(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Account,
    content: AccountContent,
) -> Result<Account> {
    if content.name != before.name {
        return Err(Error::at(FieldError::at("/name", Code::ReadOnly)));
    }
    let content = content.check()?;
    let mut places = Places::of(tx.today());
    let unit = content
        .unit
        .as_deref()
        .map(|code| coded(tx, scope, code))
        .transpose()?;
    places.check_written(tx, scope, unit)?;
    if (unit, &content.display_name) == (before.unit, &before.display_name) {
        return Ok(before.clone());
    }
    let now = tx.now();
    let updated = diesel::update(accounts::table.find(before.id))
        .filter(accounts::version.eq(before.version))
        .set((
            accounts::version.eq(before.version + 1),
            accounts::display_name.eq(&content.display_name),
            accounts::unit_id.eq(unit),
            accounts::updated_at.eq(now),
        ))
        .execute(&mut **tx)?;
    if updated == 0 {
        return Err(Code::VersionOutdated.into());
    }
    let after = queries::find(tx, scope, &mut places, before.id)?;
    let told =
        |account: &Account| json!({"display_name": account.display_name, "unit_id": account.unit});
    let units = [before.unit, unit].into_iter().flatten();
    let action = AccountAction::Edit;
    note(
        tx,
        &after,
        action,
        units,
        Some(&told(before)),
        Some(&told(&after)),
    )?;
    Ok(after)
}

/// Who may do what with the accounts that they manage.
pub struct Management<'a> {
    pub caller: &'a Caller,
    pub places: &'a mut Places,
    pub today: NaiveDate,
}

impl Management<'_> {
    /// Refuses an action that is not for this caller; answers the state after it.
    fn check(&mut self, db: &mut Db, account: &Account, action: AccountAction) -> Result<State> {
        if !action.is_for_oneself() {
            rules::check_not_own(self.caller.principal, account.id.0)?;
        }
        if action.opens() {
            let holdings = grants::holdings(db, self.places, &[account.id], self.today)?;
            let holdings = holdings.into_values().flatten().collect::<Vec<_>>();
            rules::check_no_more(&self.caller.rights, &holdings)?;
        }
        Ok(state::after(account.state, action, account.has_password)?)
    }

    /// What the caller may do with each of these accounts.
    pub fn allowed(
        &mut self,
        db: &mut Db,
        accounts: &[Account],
    ) -> Result<Vec<Vec<AccountAction>>> {
        let Some(scope) = self.caller.rights.scope(ManageAccounts::NAME) else {
            return Ok(vec![Vec::new(); accounts.len()]);
        };
        let ids: Vec<_> = accounts.iter().map(|account| account.id).collect();
        let holdings = grants::holdings(db, self.places, &ids, self.today)?;
        let mut allowed = Vec::new();
        for account in accounts {
            if !self.places.covers(db, scope, account.unit)? {
                allowed.push(Vec::new());
                continue;
            }
            let is_own = self.caller.principal == Principal::Account(account.id.0);
            let held = holdings.get(&account.id).map_or(&[][..], Vec::as_slice);
            let may_open = rules::check_no_more(&self.caller.rights, held).is_ok();
            let may = |action: &AccountAction| {
                (!is_own || action.is_for_oneself())
                    && (may_open || !action.opens())
                    && state::after(account.state, *action, account.has_password).is_ok()
            };
            allowed.push(AccountAction::ALL.into_iter().filter(may).collect());
        }
        Ok(allowed)
    }
}

/// Makes a new link for an account that waits for its password; the version stays, since nothing that is
/// seen changes.
pub fn invite(tx: &mut Tx<'_>, caller: &Caller, account: &Account) -> Result<Opaque> {
    let (mut places, today) = (Places::of(tx.today()), tx.today());
    let mut management = Management {
        caller,
        places: &mut places,
        today,
    };
    management.check(tx, account, AccountAction::Invite)?;
    creation::invite(tx, account.id, account.unit)
}

/// Brings an account into the state that follows from an action. Whoever is signed in by it is signed out,
/// unless it only lets them in again.
pub fn act(
    tx: &mut Tx<'_>,
    caller: &Caller,
    scope: &Scope,
    account: &Account,
    action: AccountAction,
) -> Result<Account> {
    let (mut places, today) = (Places::of(tx.today()), tx.today());
    let mut management = Management {
        caller,
        places: &mut places,
        today,
    };
    let next = management.check(tx, account, action)?;
    if action == AccountAction::Unlock {
        set_state(tx, account, next)?;
    } else {
        administrators::keep_one(tx, |tx| set_state(tx, account, next))?;
        sessions::end_all(tx, account.id.0, None)?;
    }
    let told = |state: State| json!({"state": state});
    let (before, after) = (told(account.state), told(next));
    note(
        tx,
        account,
        action,
        account.unit,
        Some(&before),
        Some(&after),
    )?;
    queries::find(tx, scope, &mut places, account.id)
}

/// Takes the password away, and the second factor where that is asked for; answers what opens the account
/// again.
pub fn reset(
    tx: &mut Tx<'_>,
    caller: &Caller,
    scope: &Scope,
    account: &Account,
    also_second_factor: bool,
) -> Result<(Account, Opaque)> {
    act(tx, caller, scope, account, AccountAction::Reset)?;
    diesel::update(accounts::table.find(account.id))
        .set(accounts::password_hash.eq(None::<String>))
        .execute(&mut **tx)?;
    if also_second_factor && account.has_second_factor {
        second_factor::take_away(tx, account.id.0)?;
        let after = json!({"has_second_factor": false});
        let action = "account.second_factor_removed";
        creation::note(tx, account.id, account.unit, action, None, Some(&after))?;
    }
    let token = creation::invite(tx, account.id, account.unit)?;
    let mut places = Places::of(tx.today());
    Ok((queries::find(tx, scope, &mut places, account.id)?, token))
}

/// Signs a person out everywhere.
pub fn end_sessions(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    let ended = sessions::end_all(tx, account.id.0, None)?;
    let after = json!({"ended": ended});
    let action = AccountAction::EndSessions;
    note(tx, account, action, account.unit, None, Some(&after))
}

fn set_state(tx: &mut Tx<'_>, account: &Account, next: State) -> Result<()> {
    let now = tx.now();
    let updated = diesel::update(accounts::table.find(account.id))
        .filter(accounts::version.eq(account.version))
        .set((
            accounts::version.eq(account.version + 1),
            accounts::state.eq(next.as_str()),
            accounts::updated_at.eq(now),
        ))
        .execute(&mut **tx)?;
    if updated == 0 {
        return Err(Code::VersionOutdated.into());
    }
    if next == State::Disabled {
        let links = account_links::table.filter(account_links::account_id.eq(account.id.0));
        diesel::delete(links).execute(&mut **tx)?;
    }
    Ok(())
}

fn note(
    tx: &mut Tx<'_>,
    account: &Account,
    action: AccountAction,
    units: impl IntoIterator<Item = UnitId>,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<()> {
    let today = tx.today();
    let units = cover::concerned(tx, units, today)?;
    tx.audit(Entry {
        action: action.noted_as(),
        object_id: Some(account.id.0),
        about: Some(&Principal::Account(account.id.0).to_string()),
        units: &units,
        before,
        after,
    })
}

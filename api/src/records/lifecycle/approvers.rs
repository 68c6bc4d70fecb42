//! Who approves: on the nearest unit above, in today's tree, on which somebody may who neither wrote nor
//! submitted it. Those accounts, and nobody further up.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::schema::{accounts, grants, record_hands, roles as custom_roles};
use liendoan_core::{Db, Result, UnitId, on_engine};

use super::RecordId;
use crate::access::accounts::State;
use crate::access::principals::{permissions_in, root};
use crate::access::roles;
use crate::tree::cover;

/// Roles that give a permission.
pub fn roles_with(db: &mut Db, permission: &str) -> Result<Vec<String>> {
    let gives = |permissions: &[&str]| permissions.contains(&permission);
    let built_in = roles::BUILT_IN
        .iter()
        .filter(|role| gives(role.permissions));
    let mut found: Vec<String> = built_in.map(|role| role.code.to_owned()).collect();
    let query = custom_roles::table.select((custom_roles::code, custom_roles::permissions));
    let custom: Vec<(String, String)> = on_engine!(db, c => query.load(c))?;
    for (code, permissions) in custom {
        if gives(&permissions_in(&permissions)?) {
            found.push(code);
        }
    }
    Ok(found)
}

/// Accounts that wrote or submitted what is not approved yet.
pub fn hands(db: &mut Db, record: RecordId) -> Result<Vec<i64>> {
    let query = record_hands::table
        .filter(record_hands::record_id.eq(record.0))
        .select(record_hands::account_id);
    Ok(on_engine!(db, c => query.load(c))?)
}

/// Accounts that may decide on what `unit` did; none, where nobody is above who may.
pub fn approvers(
    db: &mut Db,
    unit: UnitId,
    permission: &str,
    hands: &[i64],
    today: NaiveDate,
) -> Result<Vec<i64>> {
    let roles = roles_with(db, permission)?;
    let root = root(db, today)?;
    for unit in cover::superiors(db, unit, today)? {
        let mut accounts = holders(db, Some(unit.0), &roles, today)?;
        if root == Some(unit.0) {
            // A role on the whole federation is one on the root.
            accounts.extend(holders(db, None, &roles, today)?);
        }
        accounts.retain(|account| !hands.contains(account));
        if !accounts.is_empty() {
            return Ok(accounts);
        }
    }
    Ok(Vec::new())
}

/// Accounts in use that hold one of some roles on the very unit; None is the whole federation.
fn holders(db: &mut Db, unit: Option<i64>, roles: &[String], today: NaiveDate) -> Result<Vec<i64>> {
    macro_rules! of {
        ($of_unit:expr) => {{
            let query = grants::table
                .inner_join(accounts::table.on(accounts::id.eq(grants::account_id)))
                .filter($of_unit)
                .filter(grants::role.eq_any(roles.to_vec()))
                .filter(grants::valid_from.le(today))
                .filter(grants::valid_to.gt(today))
                .filter(accounts::state.eq(State::Active.as_str()))
                .select(grants::account_id);
            on_engine!(db, c => query.load(c))?
        }};
    }
    Ok(match unit {
        Some(unit) => of!(grants::unit_id.eq(unit)),
        None => of!(grants::unit_id.is_null()),
    })
}

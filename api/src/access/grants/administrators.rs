//! The last administrator of the whole federation stays.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::Hold;
use liendoan_core::schema::{accounts, grants};
use liendoan_core::{Code, Db, Result, Tx};

use crate::access::accounts::State;
use crate::access::principals::root;
use crate::access::roles::ADMINISTRATOR;

/// Does what may take an administrator away, unless none would be left. Such changes come one after the
/// other: two administrators can't remove each other at the same moment.
pub fn keep_one<T>(tx: &mut Tx<'_>, change: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    tx.lock("administrators", [("all", Hold::Alone)])?;
    let today = tx.today();
    let was_there = is_there_one(tx, today)?;
    let changed = change(tx)?;
    if was_there && !is_there_one(tx, today)? {
        return Err(Code::LastAdministrator.into());
    }
    Ok(changed)
}

/// Whether somebody who may sign in administers the whole federation today.
fn is_there_one(db: &mut Db, today: NaiveDate) -> Result<bool> {
    let root = root(db, today)?;
    let query = grants::table
        .inner_join(accounts::table.on(accounts::id.eq(grants::account_id)))
        .filter(grants::role.eq(ADMINISTRATOR))
        .filter(grants::unit_id.is_null().or(grants::unit_id.eq(root)))
        .filter(grants::valid_from.le(today))
        .filter(grants::valid_to.gt(today))
        .filter(accounts::state.eq(State::Active.as_str()))
        .select(grants::id);
    let found: Option<i64> = query.first(db).optional()?;
    Ok(found.is_some())
}

//! Reads of `accounts`. What lies outside the scope is as if it were not there.

use diesel::prelude::*;
use liendoan_core::schema::{accounts, units};
use liendoan_core::{Code, Db, Result, Scope, Timestamp, UnitId};

use super::model::Account;
use super::{AccountId, State};
use crate::access::places::{Candidates, Places, gather};
use crate::tree::units::{UnitRef, queries as tree};

/// What a list of accounts is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The unit that keeps them.
    pub unit: Option<UnitRef>,
    pub state: Option<State>,
    /// What their names begin with, in small letters.
    pub name: Option<String>,
}

#[derive(Queryable)]
struct Row {
    id: AccountId,
    version: i32,
    name: String,
    display_name: Option<String>,
    unit: Option<UnitId>,
    unit_code: Option<String>,
    state: String,
    has_password: bool,
    has_second_factor: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            version: row.version,
            name: row.name,
            display_name: row.display_name,
            unit: row.unit,
            unit_code: row.unit_code,
            state: State::named(&row.state),
            has_password: row.has_password,
            has_second_factor: row.has_second_factor,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Accounts with the codes of their units, as [`Row`]s.
macro_rules! rows {
    () => {
        accounts::table
            .left_join(units::table.on(accounts::unit_id.eq(units::id.nullable())))
            .select((
                accounts::id,
                accounts::version,
                accounts::name,
                accounts::display_name,
                accounts::unit_id,
                units::code.nullable(),
                accounts::state,
                accounts::password_hash.is_not_null(),
                accounts::second_factor_on,
                accounts::created_at,
                accounts::updated_at,
            ))
    };
}

/// Accounts within the scope in the order of their ids, after `start`.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    places: &mut Places,
    wanted: &Wanted,
    start: Option<i64>,
    limit: i64,
) -> Result<Vec<Account>> {
    let keeper = match &wanted.unit {
        None => None,
        Some(unit) => match tree::resolve(db, scope, unit) {
            Ok(unit) => Some(unit),
            Err(error) if error.code() == Code::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        },
    };
    let candidates = Candidates::within(db, scope)?;
    let read = |db: &mut Db, after: i64, limit: i64| {
        let mut query = rows!().filter(accounts::id.gt(after)).into_boxed();
        if let Some(unit) = keeper {
            query = query.filter(accounts::unit_id.eq(Some(unit.0)));
        } else if let Candidates::Of(units) = &candidates {
            query = query.filter(accounts::unit_id.eq_any(units.iter().copied().map(Some)));
        }
        if let Some(state) = wanted.state {
            query = query.filter(accounts::state.eq(state.as_str()));
        }
        if let Some(name) = &wanted.name {
            // Names are of ASCII, and none of their signs sorts behind this one.
            let end = format!("{name}~");
            query = query.filter(accounts::name.ge(name).and(accounts::name.lt(end)));
        }
        let rows: Vec<Row> = query.order(accounts::id).limit(limit).load(db)?;
        Ok(rows)
    };
    let seen = |db: &mut Db, row: &Row| places.covers(db, scope, row.unit);
    let rows = gather(db, start, limit, read, |row: &Row| row.id.0, seen)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// One account within the scope.
pub fn find(db: &mut Db, scope: &Scope, places: &mut Places, id: AccountId) -> Result<Account> {
    let row: Row = rows!().filter(accounts::id.eq(id)).first(db)?;
    places.check_seen(db, scope, row.unit)?;
    Ok(row.into())
}

//! Reads of `grants`. A grant is seen within a scope that covers both its unit and that of its account.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::schema::{accounts, grants, units};
use liendoan_core::validity::Validity;
use liendoan_core::{Code, Db, Result, Scope, Timestamp, UnitId};

use super::GrantId;
use super::model::RoleGrant;
use super::rules::Holding;
use crate::access::accounts::AccountId;
use crate::access::places::{Candidates, Places, gather};
use crate::access::principals::permissions_of;
use crate::tree::units::{UnitRef, queries as tree};

/// What a list of grants is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub account: Option<i64>,
    /// The very unit on which they are.
    pub unit: Option<UnitRef>,
    pub role: Option<String>,
    /// A day on which they are held.
    pub as_of: Option<NaiveDate>,
}

#[derive(Queryable)]
struct Row {
    id: GrantId,
    version: i32,
    account: AccountId,
    account_name: String,
    account_unit: Option<UnitId>,
    role: String,
    unit: Option<UnitId>,
    unit_code: Option<String>,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    granted_by: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for RoleGrant {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            version: row.version,
            account: row.account,
            account_name: row.account_name,
            account_unit: row.account_unit,
            role: row.role,
            unit: row.unit,
            unit_code: row.unit_code,
            validity: Validity {
                from: row.valid_from,
                to: row.valid_to,
            },
            granted_by: row.granted_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Grants with their accounts and the codes of their units, as [`Row`]s.
macro_rules! rows {
    () => {
        grants::table
            .inner_join(accounts::table.on(accounts::id.eq(grants::account_id)))
            .left_join(units::table.on(grants::unit_id.eq(units::id.nullable())))
            .select((
                grants::id,
                grants::version,
                grants::account_id,
                accounts::name,
                accounts::unit_id,
                grants::role,
                grants::unit_id,
                units::code.nullable(),
                grants::valid_from,
                grants::valid_to,
                grants::granted_by,
                grants::created_at,
                grants::updated_at,
            ))
    };
}

/// Whether a scope covers what a grant is about.
pub fn is_within(
    db: &mut Db,
    scope: &Scope,
    places: &mut Places,
    unit: Option<UnitId>,
    account_unit: Option<UnitId>,
) -> Result<bool> {
    Ok(places.covers(db, scope, unit)? && places.covers(db, scope, account_unit)?)
}

/// Grants within the scope in the order of their ids, after `start`.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    places: &mut Places,
    wanted: &Wanted,
    start: Option<i64>,
    limit: i64,
) -> Result<Vec<RoleGrant>> {
    let on = match &wanted.unit {
        None => None,
        Some(unit) => match tree::resolve(db, scope, unit) {
            Ok(unit) => Some(unit),
            Err(error) if error.code() == Code::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        },
    };
    let candidates = Candidates::within(db, scope)?;
    let read = |db: &mut Db, after: i64, limit: i64| {
        let mut query = rows!().filter(grants::id.gt(after)).into_boxed();
        if let Some(account) = wanted.account {
            query = query.filter(grants::account_id.eq(account));
        }
        if let Some(unit) = on {
            query = query.filter(grants::unit_id.eq(Some(unit.0)));
        } else if let Candidates::Of(units) = &candidates {
            query = query.filter(grants::unit_id.eq_any(units.iter().copied().map(Some)));
        }
        if let Some(role) = &wanted.role {
            query = query.filter(grants::role.eq(role));
        }
        if let Some(day) = wanted.as_of {
            query = query.filter(grants::valid_from.le(day).and(grants::valid_to.gt(day)));
        }
        let rows: Vec<Row> = query.order(grants::id).limit(limit).load(db)?;
        Ok(rows)
    };
    let seen = |db: &mut Db, row: &Row| is_within(db, scope, places, row.unit, row.account_unit);
    let rows = gather(db, start, limit, read, |row: &Row| row.id.0, seen)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// One grant within the scope.
pub fn find(db: &mut Db, scope: &Scope, places: &mut Places, id: GrantId) -> Result<RoleGrant> {
    let row: Row = rows!().filter(grants::id.eq(id)).first(db)?;
    if is_within(db, scope, places, row.unit, row.account_unit)? {
        Ok(row.into())
    } else {
        Err(Code::NotFound.into())
    }
}

/// Grants of an account that are live on a day, whatever they are on.
pub fn live(db: &mut Db, account: AccountId, day: NaiveDate) -> Result<Vec<RoleGrant>> {
    let rows: Vec<Row> = rows!()
        .filter(grants::account_id.eq(account.0))
        .filter(grants::valid_from.le(day))
        .filter(grants::valid_to.gt(day))
        .order(grants::id)
        .load(db)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What accounts hold today or will hold.
pub fn holdings(
    db: &mut Db,
    places: &mut Places,
    accounts: &[AccountId],
    today: NaiveDate,
) -> Result<BTreeMap<AccountId, Vec<Holding>>> {
    let ids = accounts.iter().map(|id| id.0);
    let rows: Vec<(AccountId, String, Option<UnitId>)> = grants::table
        .filter(grants::account_id.eq_any(ids))
        .filter(grants::valid_to.gt(today))
        .order(grants::id)
        .select((grants::account_id, grants::role, grants::unit_id))
        .load(db)?;
    let mut known: BTreeMap<String, Arc<[&'static str]>> = BTreeMap::new();
    let mut holdings: BTreeMap<AccountId, Vec<Holding>> = BTreeMap::new();
    for (account, role, unit) in rows {
        let permissions = match known.get(&role) {
            Some(permissions) => permissions.clone(),
            None => {
                let permissions = permissions_of(db, &role)?;
                known.insert(role, permissions.clone());
                permissions
            }
        };
        let place = places.find(db, unit)?;
        let of_account = holdings.entry(account).or_default();
        of_account.push(Holding { permissions, place });
    }
    Ok(holdings)
}

//! Reads of `service_accounts`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use ipnet::IpNet;
use liendoan_core::schema::{service_accounts, units};
use liendoan_core::{Code, Db, Error, Result, Scope, Timestamp, UnitId, on_engine};

use super::ServiceAccountId;
use super::model::{ServiceAccount, SoundContent};
use crate::access::principals::permissions_in;
use crate::tree::cover;

#[derive(Queryable)]
struct Row {
    id: ServiceAccountId,
    version: i32,
    client_id: String,
    name: String,
    unit: Option<i64>,
    unit_code: Option<String>,
    scopes: String,
    valid_to: NaiveDate,
    addresses: String,
    is_disabled: bool,
    used_at: Option<Timestamp>,
    created_by: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Accounts with the codes of their units, as [`Row`]s.
macro_rules! rows {
    () => {
        service_accounts::table
            .left_join(units::table.on(service_accounts::unit_id.eq(units::id.nullable())))
            .select((
                service_accounts::id,
                service_accounts::version,
                service_accounts::client_id,
                service_accounts::name,
                service_accounts::unit_id,
                units::code.nullable(),
                service_accounts::scopes,
                service_accounts::valid_to,
                service_accounts::addresses,
                service_accounts::is_disabled,
                service_accounts::used_at,
                service_accounts::created_by,
                service_accounts::created_at,
                service_accounts::updated_at,
            ))
    };
}

impl Row {
    fn account(self) -> Result<ServiceAccount> {
        Ok(ServiceAccount {
            id: self.id,
            version: self.version,
            client_id: self.client_id,
            unit: self.unit.map(UnitId),
            content: SoundContent {
                name: self.name,
                unit: self.unit_code,
                scopes: permissions_in(&self.scopes)?.to_vec(),
                valid_to: self.valid_to,
                addresses: networks_in(&self.addresses)?,
                is_disabled: self.is_disabled,
            },
            used_at: self.used_at,
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// Networks as they are kept: a JSON array. One that can't be read must not open what it was to close.
pub fn networks_in(kept: &str) -> Result<Vec<IpNet>> {
    serde_json::from_str(kept).map_err(Error::internal)
}

/// The account of this id; one outside of the scope is not there.
pub fn find(
    db: &mut Db,
    scope: &Scope,
    id: ServiceAccountId,
    today: NaiveDate,
) -> Result<ServiceAccount> {
    let row: Row = rows!().filter(service_accounts::id.eq(id)).first(db)?;
    let account = row.account()?;
    if Seen::by(scope, today).covers(db, account.unit)? {
        Ok(account)
    } else {
        Err(Code::NotFound.into())
    }
}

/// Rows read at once while those within a scope are gathered.
const STEP: i64 = 200;

/// Accounts within the scope by id, after `start`.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    today: NaiveDate,
    start: i64,
    limit: usize,
) -> Result<Vec<ServiceAccount>> {
    let (mut found, mut start) = (Vec::new(), start);
    let mut seen = Seen::by(scope, today);
    loop {
        // Other systems are few: all can be looked at.
        let rows: Vec<Row> = rows!()
            .filter(service_accounts::id.gt(start))
            .order(service_accounts::id)
            .limit(STEP)
            .load(db)?;
        let Some(last) = rows.last() else {
            return Ok(found);
        };
        start = last.id.0;
        for row in rows {
            let account = row.account()?;
            if seen.covers(db, account.unit)? {
                found.push(account);
            }
            if found.len() == limit {
                return Ok(found);
            }
        }
    }
}

pub fn count(db: &mut Db, scope: &Scope, today: NaiveDate) -> Result<i64> {
    let query = service_accounts::table.select(service_accounts::unit_id);
    let units: Vec<Option<i64>> = on_engine!(&mut *db, c => query.load(c))?;
    let mut seen = Seen::by(scope, today);
    let mut count = 0;
    for unit in units {
        count += i64::from(seen.covers(db, unit.map(UnitId))?);
    }
    Ok(count)
}

/// What lies within a scope; each unit is looked for once.
struct Seen<'a> {
    scope: &'a Scope,
    today: NaiveDate,
    known: BTreeMap<UnitId, bool>,
}

impl<'a> Seen<'a> {
    fn by(scope: &'a Scope, today: NaiveDate) -> Self {
        Self {
            scope,
            today,
            known: BTreeMap::new(),
        }
    }

    fn covers(&mut self, db: &mut Db, unit: Option<UnitId>) -> Result<bool> {
        let Some(unit) = unit else {
            return Ok(*self.scope == Scope::All);
        };
        if let Some(known) = self.known.get(&unit) {
            return Ok(*known);
        }
        let covers = cover::covers(db, self.scope, unit, self.today)?;
        self.known.insert(unit, covers);
        Ok(covers)
    }
}

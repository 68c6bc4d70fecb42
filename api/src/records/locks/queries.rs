//! Rows of `period_locks`. Everybody who reads records may know which periods are closed, and still each query is
//! told for whom.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::db::{Event, Hold};
use liendoan_core::error::FieldError;
use liendoan_core::schema::period_lock_exceptions as exceptions;
use liendoan_core::schema::{period_locks as locks, units};
use liendoan_core::validity::FOREVER;
use liendoan_core::{Code, Db, Error, Result, Scope, Timestamp, Tx, UnitId, on_engine};

use super::LockId;
use super::model::{Exception, Lock, LockContent, Reopened};
use crate::http::grant::Caller;
use crate::tree::units::queries::coded;
use crate::tree::{cover, hold};

/// What events on locks are about, and what those hold who rely on periods being open.
pub const TOPIC: &str = "period_lock";

#[derive(Queryable)]
struct Row {
    id: LockId,
    version: i32,
    unit_id: UnitId,
    period: String,
    valid_to: NaiveDate,
    reason: String,
    locked_by: String,
    reopened_by: Option<String>,
    reopened_at: Option<Timestamp>,
    reopened_because: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Writes columns of `before`, unless somebody else was faster.
macro_rules! write {
    ($tx:expr, $before:expr, $($column:expr),+) => {{
        let unchanged = locks::id.eq($before.id.0).and(locks::version.eq($before.version));
        let now = $tx.now();
        let written = diesel::update(locks::table.filter(unchanged))
            .set((locks::version.eq($before.version + 1), locks::updated_at.eq(now), $($column),+))
            .execute(&mut **$tx)?;
        if written == 0 {
            return Err(Code::VersionOutdated.into());
        }
    }};
}

macro_rules! rows {
    () => {
        locks::table.inner_join(units::table).select((
            (
                locks::id,
                locks::version,
                locks::unit_id,
                locks::period,
                locks::valid_to,
                locks::reason,
                locks::locked_by,
                locks::reopened_by,
                locks::reopened_at,
                locks::reopened_because,
                locks::created_at,
                locks::updated_at,
            ),
            units::code,
        ))
    };
}

/// Rows as locks, with the units that each lets in.
fn locks_of(db: &mut Db, rows: Vec<(Row, String)>) -> Result<Vec<Lock>> {
    let query = exceptions::table
        .inner_join(units::table)
        .filter(exceptions::lock_id.eq_any(rows.iter().map(|(row, _)| row.id.0)))
        .order((exceptions::lock_id, exceptions::unit_id))
        .select((
            exceptions::lock_id,
            (units::code, exceptions::valid_to, exceptions::reason),
        ));
    type Kept = (String, NaiveDate, String);
    let kept: Vec<(i64, Kept)> = on_engine!(db, c => query.load(c))?;
    let mut let_in: HashMap<i64, Vec<Exception>> = HashMap::new();
    for (lock, (unit, until, reason)) in kept {
        let until = Day(until);
        let exception = Exception {
            unit,
            until,
            reason,
        };
        let_in.entry(lock).or_default().push(exception);
    }
    let lock = |(row, unit): (Row, String)| {
        let exceptions = let_in.remove(&row.id.0).unwrap_or_default();
        lock(row, unit, exceptions)
    };
    rows.into_iter().map(lock).collect()
}

fn lock(row: Row, unit: String, exceptions: Vec<Exception>) -> Result<Lock> {
    let unreadable = |code: Code| Error::internal(format!("a period is {}", code.as_str()));
    let reopened = row.reopened_by.zip(row.reopened_at);
    Ok(Lock {
        id: row.id,
        version: row.version,
        unit: row.unit_id,
        content: LockContent {
            unit,
            period: row.period.parse().map_err(unreadable)?,
            until: (row.valid_to != FOREVER).then_some(Day(row.valid_to)),
            reason: row.reason,
            exceptions,
        },
        locked_by: row.locked_by,
        reopened: reopened.map(|(by, at)| Reopened {
            by,
            at: rfc3339(at),
            reason: row.reopened_because.unwrap_or_default(),
        }),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

pub fn find(db: &mut Db, _: &Scope, id: LockId) -> Result<Lock> {
    let query = rows!().filter(locks::id.eq(id.0));
    let found = on_engine!(&mut *db, c => query.first(c))?;
    let found = locks_of(db, vec![found])?.pop();
    found.ok_or_else(|| Code::NotFound.into())
}

/// Locks in their order, after one; of a unit, where one is named.
pub fn list(
    db: &mut Db,
    _: &Scope,
    unit: Option<UnitId>,
    after: i64,
    limit: i64,
) -> Result<Vec<Lock>> {
    macro_rules! load {
        ($query:expr) => {{
            let query = $query
                .filter(locks::id.gt(after))
                .order(locks::id)
                .limit(limit);
            on_engine!(&mut *db, c => query.load(c))?
        }};
    }
    let found: Vec<(Row, String)> = match unit {
        None => load!(rows!()),
        Some(unit) => load!(rows!().filter(locks::unit_id.eq(unit.0))),
    };
    locks_of(db, found)
}

/// One that is about to be changed: by those alone who may for its unit.
pub fn find_to_change(tx: &mut Tx<'_>, scope: &Scope, id: LockId) -> Result<Lock> {
    hold(tx, Hold::Shared)?;
    let lock = find(tx, scope, id)?;
    let today = tx.today();
    cover::check_writes(tx, scope, Some(lock.unit), today)?;
    Ok(lock)
}

pub fn create(
    tx: &mut Tx<'_>,
    caller: &Caller,
    scope: &Scope,
    content: &LockContent,
) -> Result<Lock> {
    hold(tx, Hold::Shared)?;
    let unit = coded(tx, scope, &content.unit)?;
    let (today, now) = (tx.today(), tx.now());
    cover::check_writes(tx, scope, Some(unit), today)?;
    content.check_ends(today)?;
    // Whoever relies on the period being open is done before, or finds it closed.
    tx.lock(TOPIC, [("", Hold::Alone)])?;
    let id: LockId = diesel::insert_into(locks::table)
        .values((
            locks::version.eq(1),
            locks::unit_id.eq(unit.0),
            locks::period.eq(content.period.to_string()),
            locks::starts_on.eq(content.period.first_day()),
            locks::ends_on.eq(content.period.last_day()),
            locks::valid_to.eq(Lock::valid_to(content)),
            locks::reason.eq(&content.reason),
            locks::locked_by.eq(caller.principal.to_string()),
            locks::created_at.eq(now),
            locks::updated_at.eq(now),
        ))
        .returning(locks::id)
        .get_result(&mut **tx)?;
    let_in(tx, scope, id, &content.exceptions)?;
    told(tx, scope, "period_lock.created", None, id)
}

/// Replaces the content of `before`, unless somebody else was faster.
pub fn update(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Lock,
    content: &LockContent,
) -> Result<Lock> {
    let fixed = [
        ("/unit", content.unit != before.content.unit),
        ("/period", content.period != before.content.period),
    ];
    let changed = fixed.into_iter().filter(|(_, is_changed)| *is_changed);
    let refused: Vec<FieldError> = changed
        .map(|(pointer, _)| FieldError::at(pointer, Code::ReadOnly))
        .collect();
    if !refused.is_empty() {
        return Err(Error::fields(refused));
    }
    check_not_reopened(before)?;
    let today = tx.today();
    if content.until != before.content.until {
        content.check_ends(today)?;
    }
    tx.lock(TOPIC, [("", Hold::Alone)])?;
    write!(
        tx,
        before,
        locks::valid_to.eq(Lock::valid_to(content)),
        locks::reason.eq(&content.reason)
    );
    diesel::delete(exceptions::table.filter(exceptions::lock_id.eq(before.id.0)))
        .execute(&mut **tx)?;
    let_in(tx, scope, before.id, &content.exceptions)?;
    told(tx, scope, "period_lock.updated", Some(before), before.id)
}

/// Lets the period be open again. The lock stays, with the reason.
pub fn reopen(
    tx: &mut Tx<'_>,
    caller: &Caller,
    scope: &Scope,
    before: &Lock,
    reason: &str,
) -> Result<Lock> {
    check_not_reopened(before)?;
    let now = tx.now();
    write!(
        tx,
        before,
        locks::reopened_by.eq(caller.principal.to_string()),
        locks::reopened_at.eq(now),
        locks::reopened_because.eq(reason)
    );
    told(tx, scope, "period_lock.reopened", Some(before), before.id)
}

fn check_not_reopened(lock: &Lock) -> Result<()> {
    match lock.reopened {
        None => Ok(()),
        Some(_) => Err(Code::PeriodReopened.into()),
    }
}

/// Lets units in for a time.
fn let_in(tx: &mut Tx<'_>, scope: &Scope, id: LockId, let_in: &[Exception]) -> Result<()> {
    for (index, exception) in let_in.iter().enumerate() {
        let unit = coded(tx, scope, &exception.unit);
        // The finder points at a member of its own.
        let unit = unit.map_err(|error| error.under(&format!("/exceptions/{index}")))?;
        diesel::insert_into(exceptions::table)
            .values((
                exceptions::lock_id.eq(id.0),
                exceptions::unit_id.eq(unit.0),
                exceptions::valid_to.eq(exception.until.0),
                exceptions::reason.eq(&exception.reason),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Leaves the event: everybody hears of it whose records it may keep as they are.
fn told(
    tx: &mut Tx<'_>,
    scope: &Scope,
    event_type: &'static str,
    before: Option<&Lock>,
    id: LockId,
) -> Result<Lock> {
    let lock = find(tx, scope, id)?;
    let data = |lock: &Lock| {
        let mut data = serde_json::to_value(&lock.content).map_err(Error::internal)?;
        data["reopened"] = serde_json::to_value(&lock.reopened).map_err(Error::internal)?;
        Ok::<_, Error>(data)
    };
    let (before, data) = (before.map(data).transpose()?, data(&lock)?);
    let today = tx.today();
    let units = cover::concerned(tx, [lock.unit], today)?;
    tx.record(Event {
        event_type,
        subject_id: id.0,
        subject_version: lock.version,
        data: &data,
        before: before.as_ref(),
        units: &units,
    })?;
    Ok(lock)
}

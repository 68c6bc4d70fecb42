//! Which lock keeps a record as it is: that of any unit above it, in the tree of then or of now, whose period its
//! day lies in. Those who answered for it then counted it; those who answer for it now count it too.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use liendoan_core::day::Day;
use liendoan_core::db::{FromText, Hold, Statement};
use liendoan_core::validity::FOREVER;
use liendoan_core::{Code, Db, Error, Result, Scope, Tx, UnitId, on_engine};

use crate::tree::cover;

/// What keeps a record as it is.
#[derive(Clone, Debug, QueryableByName)]
pub struct Closed {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = BigInt)]
    lock_id: i64,
    #[diesel(sql_type = Text)]
    unit: String,
    #[diesel(sql_type = Text)]
    period: String,
    #[diesel(sql_type = Date, deserialize_as = FromText<NaiveDate>)]
    valid_to: NaiveDate,
    #[diesel(sql_type = Text)]
    locked_by: String,
}

impl From<Closed> for Error {
    fn from(closed: Closed) -> Self {
        let until = (closed.valid_to != FOREVER).then(|| Day(closed.valid_to).0.to_string());
        Self::new(Code::PeriodLocked)
            .with("lock_id", closed.lock_id)
            .with("unit", closed.unit)
            .with("period", closed.period)
            .with("locked_by", closed.locked_by)
            .with("until", until)
    }
}

/// Each record from the few locks of the units above it, by the index on these; never, so `+ 0`, from the locks to all
/// that stands under their units.
const CLOSED: &str = "\
SELECT p.record_id, l.id AS lock_id, u.code AS unit, l.period, l.valid_to, l.locked_by \
FROM record_places p JOIN period_locks l ON l.unit_id = p.ancestor_id + 0 AND l.reopened_at IS NULL \
AND l.starts_on <= p.record_day AND l.ends_on >= p.record_day AND l.valid_to > $1 \
JOIN units u ON u.id = l.unit_id \
WHERE p.record_id IN (RECORDS) \
AND NOT EXISTS (SELECT 1 FROM record_places q JOIN period_lock_exceptions e ON e.lock_id = l.id \
AND e.unit_id = q.ancestor_id + 0 AND e.valid_to > $1 WHERE q.record_id = p.record_id) \
ORDER BY p.record_id, l.valid_to DESC, l.id";

/// Records asked about in one statement: one alone, or so many. Each text of a statement is kept.
const PAGE: usize = 200;

/// Those of some records that are kept as they are today, each with the lock that holds longest.
pub fn closed(
    db: &mut Db,
    _: &Scope,
    records: &[i64],
    today: NaiveDate,
) -> Result<BTreeMap<i64, Closed>> {
    let mut found = BTreeMap::new();
    for chunk in records.chunks(PAGE) {
        let size = if chunk.len() == 1 { 1 } else { PAGE };
        let places: Vec<String> = (2..2 + size).map(|place| format!("${place}")).collect();
        let text = CLOSED.replace("RECORDS", &places.join(", "));
        let mut query = Statement::new(text).bind(today);
        for place in 0..size {
            // No record has the id 0.
            query = query.bind(chunk.get(place).copied().unwrap_or_default());
        }
        let rows: Vec<Closed> = on_engine!(&mut *db, c => query.load(c))?;
        for row in rows {
            found.entry(row.record_id).or_insert(row);
        }
    }
    Ok(found)
}

/// The lock that keeps what a unit told of a day, if one does.
const CLOSED_ON: &str = "\
SELECT CAST(0 AS BIGINT) AS record_id, l.id AS lock_id, u.code AS unit, l.period, l.valid_to, l.locked_by \
FROM period_locks l JOIN units u ON u.id = l.unit_id \
WHERE l.unit_id IN (UNITS) AND l.reopened_at IS NULL \
AND l.starts_on <= $2 AND l.ends_on >= $2 AND l.valid_to > $1 \
AND NOT EXISTS (SELECT 1 FROM period_lock_exceptions e WHERE e.lock_id = l.id AND e.valid_to > $1 \
AND e.unit_id IN (UNITS)) ORDER BY l.valid_to DESC, l.id LIMIT 1";

/// Lets what a unit told of some days change only while no lock of a unit above it, of then or of now, keeps it. The
/// locks are held still already, by [`check_open`].
pub fn check_open_on(tx: &mut Tx<'_>, unit: UnitId, days: &BTreeSet<NaiveDate>) -> Result<()> {
    let today = tx.today();
    for day in days {
        let mut above: BTreeSet<UnitId> = cover::line(tx, unit, *day)?.into_iter().collect();
        above.extend(cover::line(tx, unit, today)?);
        let places: Vec<String> = (3..3 + above.len())
            .map(|place| format!("${place}"))
            .collect();
        let text = CLOSED_ON.replace("UNITS", &places.join(", "));
        let query = Statement::new(text).bind(today).bind(*day);
        let query = above.iter().fold(query, |query, unit| query.bind(unit.0));
        let found: Vec<Closed> = on_engine!(&mut **tx, c => query.clone().load(c))?;
        if let Some(closed) = found.into_iter().next() {
            return Err(closed.into());
        }
    }
    Ok(())
}

/// Lets a record change only while no lock keeps it as it is; none comes to hold before the transaction ends.
pub fn check_open(tx: &mut Tx<'_>, record: i64) -> Result<()> {
    tx.lock(super::queries::TOPIC, [("", Hold::Shared)])?;
    let today = tx.today();
    match closed(tx, &Scope::All, &[record], today)?.remove(&record) {
        None => Ok(()),
        Some(closed) => Err(closed.into()),
    }
}

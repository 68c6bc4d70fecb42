//! Holds the places of records against a recomputation from the tree.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::schema::{record_places as places, records};
use liendoan_core::{Db, Result, Scope, UnitId, on_engine};

use super::{CHUNK, Lines, Placed, Stand, placed_on};

/// A row of a record: its kind and day, and how it stands there.
type Row = (String, NaiveDate, Stand);

/// How many records there are, and the ids of those that don't stand where the tree puts them.
pub fn misplaced(db: &mut Db, _: &Scope, today: NaiveDate) -> Result<(usize, Vec<i64>)> {
    // Planned decisions of the days between may not have been followed yet: nothing was read since.
    let days = [today, placed_on(db)?.min(today)];
    let mut lines = [Lines::default(), Lines::default()];
    let (mut count, mut misplaced, mut last) = (0, Vec::new(), 0);
    loop {
        let query = records::table
            .filter(records::id.gt(last))
            .order(records::id)
            .limit(i64::try_from(CHUNK).unwrap_or(i64::MAX))
            .select((
                records::id,
                records::unit_id,
                records::kind,
                records::record_day,
            ));
        let some: Vec<Placed> = on_engine!(&mut *db, c => query.load(c))?;
        let Some(end) = some.last() else {
            return Ok((count, misplaced));
        };
        last = end.record;
        count += some.len();
        let mut known = rows_of(db, &some)?;
        for placed in &some {
            let stood = known.remove(&placed.record).unwrap_or_default();
            let mut is_sound = false;
            for (day, lines) in days.iter().zip(&mut lines) {
                is_sound = is_sound || lines.stands(db, placed, *day)? == stands(&stood);
            }
            let is_of_record = |(kind, day, _): &Row| *kind == placed.kind && *day == placed.day;
            if !is_sound || !stood.values().all(is_of_record) {
                misplaced.push(placed.record);
            }
        }
    }
}

fn stands(stood: &BTreeMap<UnitId, Row>) -> BTreeMap<UnitId, Stand> {
    let stands = stood.iter().map(|(unit, (.., stand))| (*unit, *stand));
    stands.collect()
}

fn rows_of(db: &mut Db, some: &[Placed]) -> Result<HashMap<i64, BTreeMap<UnitId, Row>>> {
    type Kept = (i64, i64, String, NaiveDate, bool, Option<i32>);
    let query = places::table
        .filter(places::record_id.eq_any(some.iter().map(|placed| placed.record)))
        .select((
            places::record_id,
            places::ancestor_id,
            places::kind,
            places::record_day,
            places::is_then,
            places::height,
        ));
    let kept: Vec<Kept> = on_engine!(db, c => query.load(c))?;
    let mut rows: HashMap<i64, BTreeMap<UnitId, Row>> = HashMap::new();
    for (record, unit, kind, day, is_then, height) in kept {
        let of_record = rows.entry(record).or_default();
        of_record.insert(UnitId(unit), (kind, day, Stand { is_then, height }));
    }
    Ok(rows)
}

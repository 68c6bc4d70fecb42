//! Which unit is it today.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::schema::{unit_links, unit_states};
use liendoan_core::{Db, Result, Scope, on_engine};

use crate::tree::units::model::UnitName;

/// Ids in one statement.
const CHUNK: usize = 1_000;

/// For each unit the units that it is on a day: itself if it lives; else those that the successors of
/// its latest end are; none if there are none.
pub fn today(
    db: &mut Db,
    scope: &Scope,
    units: &[i64],
    day: NaiveDate,
) -> Result<BTreeMap<i64, Vec<UnitName>>> {
    let mut living: BTreeMap<i64, UnitName> = BTreeMap::new();
    let mut followed_by: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut asked: BTreeSet<i64> = units.iter().copied().collect();
    let mut wanted = asked.clone();
    while !wanted.is_empty() {
        let ids: Vec<i64> = wanted.into_iter().collect();
        let found = living_on(db, scope, &ids, day)?;
        let ended: Vec<i64> = ids
            .into_iter()
            .filter(|id| !found.contains_key(id))
            .collect();
        living.extend(found);
        let successors = successors(db, scope, &ended, day)?;
        let next: BTreeSet<i64> = successors.values().flatten().copied().collect();
        followed_by.extend(successors);
        wanted = next.into_iter().filter(|id| asked.insert(*id)).collect();
    }
    let today = units.iter().map(|unit| {
        let mut names: BTreeMap<i64, UnitName> = BTreeMap::new();
        let (mut follow, mut seen) = (vec![*unit], BTreeSet::new());
        while let Some(one) = follow.pop() {
            if !seen.insert(one) {
                continue;
            }
            match living.get(&one) {
                Some(name) => {
                    names.insert(one, name.clone());
                }
                None => follow.extend(followed_by.get(&one).into_iter().flatten()),
            }
        }
        (*unit, names.into_values().collect())
    });
    Ok(today.collect())
}

fn living_on(
    db: &mut Db,
    _: &Scope,
    units: &[i64],
    day: NaiveDate,
) -> Result<BTreeMap<i64, UnitName>> {
    let mut living = BTreeMap::new();
    for chunk in units.chunks(CHUNK) {
        let query = unit_states::table
            .filter(unit_states::unit_id.eq_any(chunk.iter().copied()))
            .filter(unit_states::alive)
            .filter(unit_states::effective_on.le(day))
            .filter(unit_states::valid_to.gt(day))
            .select((unit_states::unit_id, unit_states::code, unit_states::name));
        let rows: Vec<(i64, String, String)> = on_engine!(db, c => query.load(c))?;
        let name = |(id, code, name)| (id, UnitName { id, code, name });
        living.extend(rows.into_iter().map(name));
    }
    Ok(living)
}

/// What followed each unit when it ended for the last time by that day.
fn successors(
    db: &mut Db,
    _: &Scope,
    ended: &[i64],
    day: NaiveDate,
) -> Result<BTreeMap<i64, Vec<i64>>> {
    let mut latest: BTreeMap<i64, (NaiveDate, i32)> = BTreeMap::new();
    let mut followed_by: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for chunk in ended.chunks(CHUNK) {
        // In order, so that the last end of a unit is the one that stays.
        let ends = unit_states::table
            .filter(unit_states::unit_id.eq_any(chunk.iter().copied()))
            .filter(unit_states::effective_on.le(day))
            .filter(unit_states::valid_to.gt(day))
            .filter(diesel::dsl::not(unit_states::alive))
            .select((
                unit_states::unit_id,
                unit_states::effective_on,
                unit_states::day_seq,
            ));
        let rows: Vec<(i64, NaiveDate, i32)> = on_engine!(db, c => ends.load(c))?;
        latest.extend(rows.into_iter().map(|(id, on, seq)| (id, (on, seq))));
        let links = unit_links::table
            .filter(unit_links::unit_id.eq_any(chunk.iter().copied()))
            .filter(unit_links::kind.eq("successor"))
            .select((
                unit_links::unit_id,
                unit_links::effective_on,
                unit_links::day_seq,
                unit_links::other_id,
            ));
        let rows: Vec<(i64, NaiveDate, i32, i64)> = on_engine!(db, c => links.load(c))?;
        for (unit, on, seq, other) in rows {
            if latest.get(&unit) == Some(&(on, seq)) {
                followed_by.entry(unit).or_default().push(other);
            }
        }
    }
    Ok(followed_by)
}

/// Those of `units` that are `top` or below it on a day.
pub fn within(
    db: &mut Db,
    scope: &Scope,
    top: i64,
    units: &[i64],
    day: NaiveDate,
) -> Result<BTreeSet<i64>> {
    let mut above: BTreeMap<i64, Option<i64>> = BTreeMap::new();
    let mut wanted: Vec<i64> = units.to_vec();
    while !wanted.is_empty() {
        let parents = parents_on(db, scope, &wanted, day)?;
        let next: BTreeSet<i64> = parents.values().copied().flatten().collect();
        above.extend(parents);
        wanted = next
            .into_iter()
            .filter(|id| !above.contains_key(id))
            .collect();
    }
    let is_within = |unit: &i64| {
        let climb = std::iter::successors(Some(*unit), |one| above.get(one).copied().flatten());
        above.contains_key(unit) && climb.into_iter().any(|one| one == top)
    };
    Ok(units.iter().copied().filter(is_within).collect())
}

fn parents_on(
    db: &mut Db,
    _: &Scope,
    units: &[i64],
    day: NaiveDate,
) -> Result<BTreeMap<i64, Option<i64>>> {
    let mut parents = BTreeMap::new();
    for chunk in units.chunks(CHUNK) {
        let query = unit_states::table
            .filter(unit_states::unit_id.eq_any(chunk.iter().copied()))
            .filter(unit_states::alive)
            .filter(unit_states::effective_on.le(day))
            .filter(unit_states::valid_to.gt(day))
            .select((unit_states::unit_id, unit_states::parent_id));
        let rows: Vec<(i64, Option<i64>)> = on_engine!(db, c => query.load(c))?;
        parents.extend(rows);
    }
    Ok(parents)
}

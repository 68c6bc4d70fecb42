//! Where records stand in the tree: under which units each is found, as its unit stood on the record's day
//! (then) and as it stands today (now).
//!
//! The table `record_places` has a row for each record and each unit above it, so that a page of everything
//! under a unit costs the same for a ward and for the nation. A reorganisation brings up to date, in its own
//! transaction, the records of the units that it moves and of those below them; what it leaves where it was
//! is not written. Planned decisions take effect without a write: [`catch_up`] follows them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::Ordering;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use liendoan_core::db::Hold;
use liendoan_core::schema::{record_places as places, records, tree, unit_states};
use liendoan_core::{Db, Result, Scope, Tx, UnitId, on_engine};

use super::{cover, hold};
use crate::http::State;

mod check;
mod figures;

pub use check::misplaced;

/// Units, or records, in one statement.
const CHUNK: usize = 500;

/// A record as far as its place depends on it.
#[derive(Clone, Debug, Queryable)]
pub struct Placed {
    pub record: i64,
    pub unit: UnitId,
    pub kind: String,
    /// The last day of its period on which its unit lived.
    pub day: NaiveDate,
}

/// How a record stands under one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Stand {
    is_then: bool,
    height: Option<i32>,
}

/// That a record, by its id in a statement, stands under one of some units, and stands there so: a condition on the
/// row `a`, or none. It is looked up by the record, never by the unit: under that a million may stand, of which
/// PostgreSQL's plan for any unit knows nothing. So `+ 0`, which no index has, and OFFSET, which lets no join be
/// made of it.
pub fn stands_under(record: &str, units: &str, stands: Option<&str>) -> String {
    let stands = stands.map_or(String::new(), |stands| format!(" AND {stands}"));
    format!(
        "EXISTS (SELECT 1 FROM record_places a \
         WHERE a.record_id = {record} AND a.ancestor_id + 0 IN ({units}){stands} LIMIT 1 OFFSET 0)"
    )
}

/// The last of some days on which a unit lived.
pub fn record_day(
    db: &mut Db,
    unit: UnitId,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
) -> Result<Option<NaiveDate>> {
    let last_life = unit_states::table
        .filter(unit_states::unit_id.eq(unit.0))
        .filter(unit_states::alive)
        .filter(unit_states::effective_on.lt(unit_states::valid_to))
        .filter(unit_states::effective_on.le(ends_on))
        .filter(unit_states::valid_to.gt(starts_on))
        .order(unit_states::effective_on.desc())
        .select(unit_states::valid_to);
    let ended: Option<NaiveDate> = on_engine!(db, c => last_life.first(c)).optional()?;
    let last_day = |to: NaiveDate| to.pred_opt().unwrap_or(to).min(ends_on);
    Ok(ended.map(last_day))
}

/// Puts a new record in its place; answers the units that it stands under, of then and of now.
pub fn place(tx: &mut Tx<'_>, record: &Placed) -> Result<Vec<UnitId>> {
    // Not behind those that were placed when a planned decision took effect.
    hold(tx, Hold::Shared)?;
    let today = placed_on(tx)?.max(tx.today());
    let mut lines = Lines::default();
    let wanted = lines.stands(tx, record, today)?;
    let units = wanted.keys().copied().collect();
    insert(
        tx,
        wanted
            .into_iter()
            .map(|(unit, stand)| (record, unit, stand)),
    )?;
    Ok(units)
}

/// Puts a record in another place, since its unit or its day has changed.
pub fn place_anew(tx: &mut Tx<'_>, record: &Placed) -> Result<Vec<UnitId>> {
    diesel::delete(places::table.filter(places::record_id.eq(record.record))).execute(&mut **tx)?;
    place(tx, record)
}

/// Follows the decisions that took effect since records were last placed. Once a day a process asks: whichever
/// followed them, they stay followed.
pub async fn catch_up(state: &State) -> Result<()> {
    let today = state.store.clock().today();
    if state.placed_on.load(Ordering::Relaxed) >= today.num_days_from_ce() {
        return Ok(());
    }
    let is_behind = move |db: &mut Db| Ok(placed_on(db)? < today);
    if state.store.query(is_behind).await? {
        let actor = liendoan_core::Actor::program("places");
        state.store.write(actor, follow_days).await?;
    }
    state
        .placed_on
        .fetch_max(today.num_days_from_ce(), Ordering::Relaxed);
    Ok(())
}

fn placed_on(db: &mut Db) -> Result<NaiveDate> {
    let query = tree::table.find(1).select(tree::placed_on);
    Ok(on_engine!(db, c => query.first(c))?)
}

/// Places anew what decisions have moved whose days came meanwhile.
pub fn follow_days(tx: &mut Tx<'_>) -> Result<()> {
    hold(tx, Hold::Alone)?;
    let (before, today) = (placed_on(tx)?, tx.today());
    if before >= today {
        return Ok(());
    }
    diesel::update(tree::table.find(1))
        .set(tree::placed_on.eq(today))
        .execute(&mut **tx)?;
    let moved: Vec<i64> = unit_states::table
        .filter(unit_states::effective_on.gt(before))
        .filter(unit_states::effective_on.le(today))
        .select(unit_states::unit_id)
        .distinct()
        .load(&mut **tx)?;
    renew(tx, &moved, None)
}

/// Places anew the records of units whose lives, places or successors have changed, and of all that stand or
/// stood below them. What was dated before `from` keeps its place of then; None: everything does.
pub fn renew(tx: &mut Tx<'_>, units: &[i64], from: Option<NaiveDate>) -> Result<()> {
    if units.is_empty() {
        return Ok(());
    }
    let tops = Scope::under(units.iter().copied().map(UnitId));
    let touched = cover::ever_under(tx, &tops)?.unwrap_or_default();
    let mut lines = Lines::default();
    for chunk in touched.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|unit| unit.0).collect();
        let of_units: Vec<(Placed, NaiveDate, NaiveDate)> = records::table
            .filter(records::unit_id.eq_any(ids))
            .order(records::id)
            .select((
                (
                    records::id,
                    records::unit_id,
                    records::kind,
                    records::record_day,
                ),
                records::starts_on,
                records::ends_on,
            ))
            .load(&mut **tx)?;
        let mut of_units = of_units;
        if let Some(from) = from {
            redate(tx, &mut of_units, from)?;
        }
        for some in of_units.chunks(CHUNK) {
            let some: Vec<&Placed> = some.iter().map(|(placed, ..)| placed).collect();
            replace(tx, &mut lines, &some, from)?;
        }
        if let Some(from) = from {
            let units: Vec<i64> = chunk.iter().map(|unit| unit.0).collect();
            figures::look_again(tx, &units, from)?;
        }
    }
    Ok(())
}

/// Gives records their day anew, where the lives of their units have changed.
fn redate(
    tx: &mut Tx<'_>,
    of_units: &mut [(Placed, NaiveDate, NaiveDate)],
    from: NaiveDate,
) -> Result<()> {
    for (placed, starts_on, ends_on) in of_units {
        if *ends_on < from {
            continue;
        }
        // A draft may have no day left: it keeps the one it had.
        let Some(day) = record_day(tx, placed.unit, *starts_on, *ends_on)? else {
            continue;
        };
        if day != placed.day {
            placed.day = day;
            diesel::update(records::table.find(placed.record))
                .set(records::record_day.eq(day))
                .execute(&mut **tx)?;
            diesel::update(places::table.filter(places::record_id.eq(placed.record)))
                .set(places::record_day.eq(day))
                .execute(&mut **tx)?;
        }
    }
    Ok(())
}

/// Writes what has changed about the places of some records.
fn replace(
    tx: &mut Tx<'_>,
    lines: &mut Lines,
    some: &[&Placed],
    from: Option<NaiveDate>,
) -> Result<()> {
    let today = tx.today();
    let ids = || some.iter().map(|placed| placed.record);
    let rows: Vec<(i64, i64, bool, Option<i32>)> = places::table
        .filter(places::record_id.eq_any(ids()))
        .select((
            places::record_id,
            places::ancestor_id,
            places::is_then,
            places::height,
        ))
        .load(&mut **tx)?;
    let mut known: HashMap<i64, BTreeMap<UnitId, Stand>> = HashMap::new();
    for (record, unit, is_then, height) in rows {
        let stands = known.entry(record).or_default();
        stands.insert(UnitId(unit), Stand { is_then, height });
    }
    let mut changed: BTreeMap<(UnitId, Stand), Vec<i64>> = BTreeMap::new();
    let mut new = Vec::new();
    for placed in some {
        let mut stood = known.remove(&placed.record).unwrap_or_default();
        let mut wanted = match from {
            Some(from) if from <= placed.day => lines.stands(tx, placed, today)?,
            _ => lines.now(tx, placed, today, &stood)?,
        };
        for (unit, stand) in std::mem::take(&mut wanted) {
            match stood.remove(&unit) {
                None => new.push((*placed, unit, stand)),
                Some(was) if was != stand => {
                    changed
                        .entry((unit, stand))
                        .or_default()
                        .push(placed.record);
                }
                Some(_) => {}
            }
        }
        for unit in stood.into_keys() {
            let nowhere = Stand::default();
            changed
                .entry((unit, nowhere))
                .or_default()
                .push(placed.record);
        }
    }
    for ((unit, stand), of_records) in changed {
        let rows = places::table
            .filter(places::ancestor_id.eq(unit.0))
            .filter(places::record_id.eq_any(of_records));
        if stand == Stand::default() {
            diesel::delete(rows).execute(&mut **tx)?;
        } else {
            diesel::update(rows)
                .set((
                    places::is_then.eq(stand.is_then),
                    places::height.eq(stand.height),
                ))
                .execute(&mut **tx)?;
        }
    }
    insert(tx, new)
}

fn insert<'a>(
    tx: &mut Tx<'_>,
    rows: impl IntoIterator<Item = (&'a Placed, UnitId, Stand)>,
) -> Result<()> {
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(placed, unit, stand)| {
            (
                places::record_id.eq(placed.record),
                places::ancestor_id.eq(unit.0),
                places::kind.eq(placed.kind.clone()),
                places::record_day.eq(placed.day),
                places::is_then.eq(stand.is_then),
                places::height.eq(stand.height),
            )
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        // Several rows in one statement are more than the two engines share.
        on_engine!(&mut **tx, c => diesel::insert_into(places::table).values(&chunk).execute(c))?;
    }
    Ok(())
}

/// Lines of units that were asked for, each worked out once.
#[derive(Default)]
struct Lines {
    then: HashMap<(UnitId, NaiveDate), Vec<UnitId>>,
    now: HashMap<UnitId, Vec<(UnitId, i32)>>,
}

impl Lines {
    /// Where a record stands, of then and of now.
    fn stands(
        &mut self,
        db: &mut Db,
        placed: &Placed,
        today: NaiveDate,
    ) -> Result<BTreeMap<UnitId, Stand>> {
        let key = (placed.unit, placed.day);
        let then = match self.then.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(cover::line(db, placed.unit, placed.day)?),
        };
        let then: BTreeSet<UnitId> = then.iter().copied().collect();
        let is_then = |unit| then.contains(&unit);
        let mut stands = self.heights(db, placed.unit, today, is_then)?;
        for unit in then {
            stands.entry(unit).or_default().is_then = true;
        }
        Ok(stands)
    }

    /// The same, where it stands of then as it stood.
    fn now(
        &mut self,
        db: &mut Db,
        placed: &Placed,
        today: NaiveDate,
        stood: &BTreeMap<UnitId, Stand>,
    ) -> Result<BTreeMap<UnitId, Stand>> {
        let was_then = |unit| stood.get(&unit).is_some_and(|stand| stand.is_then);
        let mut stands = self.heights(db, placed.unit, today, was_then)?;
        for (unit, _) in stood.iter().filter(|(_, stand)| stand.is_then) {
            stands.entry(*unit).or_default().is_then = true;
        }
        Ok(stands)
    }

    /// The units above a unit today, with their heights over its superior.
    fn heights(
        &mut self,
        db: &mut Db,
        unit: UnitId,
        today: NaiveDate,
        is_then: impl Fn(UnitId) -> bool,
    ) -> Result<BTreeMap<UnitId, Stand>> {
        let line = match self.now.entry(unit) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(heights_above(db, unit, today)?),
        };
        let stand = |(unit, height): &(UnitId, i32)| {
            let stand = Stand {
                is_then: is_then(*unit),
                height: Some(*height),
            };
            (*unit, stand)
        };
        Ok(line.iter().map(stand).collect())
    }
}

/// The units above one today, itself first, each with its height over the unit's superior.
fn heights_above(db: &mut Db, unit: UnitId, today: NaiveDate) -> Result<Vec<(UnitId, i32)>> {
    let (line, superiors) = cover::line_and_superiors(db, unit, today)?;
    let height = |above: UnitId| {
        let place = superiors.iter().position(|superior| *superior == above);
        place.map_or(0, |place| i32::try_from(place + 1).unwrap_or(i32::MAX))
    };
    Ok(line
        .into_iter()
        .map(|above| (above, height(above)))
        .collect())
}

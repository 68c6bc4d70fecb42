//! Brings the kept totals up to date with the figures that count.
//!
//! Whoever writes or takes away a figure leaves a mark with it, in the same transaction and beside no shared row.
//! The sealer works the marks off: each cell that one touches is worked out anew from what its unit told and what is
//! kept below, and what has changed about it is handed to the line above. So a mark may be worked off twice, or late,
//! and the totals are still those of the figures that are there.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use liendoan_core::period::Period;
use liendoan_core::quantity::Sum;
use liendoan_core::{Db, Result, Scope, UnitId};

use super::cell::Cell;
use super::flow::{self, Book};
use super::lines::{LineId, Lines, NO_LINE};
use super::measures::{Measure, Measures};
use super::rows::{self, Kept};
use super::stock::{self, During, Steps};
use super::told;

/// Marks worked off together.
pub const STEP: usize = 1_000;

/// What has changed about one measure at one line.
#[derive(Default)]
struct Work {
    /// Of a flow: the periods of which something was told or taken back.
    periods: BTreeSet<Period>,
    /// Of a flow: what has changed below.
    below: BTreeMap<Period, Sum>,
    /// The same of a stock.
    during: Vec<During>,
}

/// What is to be done at lines of one depth.
type Level = BTreeMap<(LineId, String), Work>;

/// Works off some marks; answers whether there may be more.
pub fn fold_some(db: &mut Db) -> Result<bool> {
    let marks = told::marks(db, STEP)?;
    if marks.is_empty() {
        return Ok(false);
    }
    let measures = Measures::load(db, &Scope::All)?;
    let lines = Lines::load(db, marks.iter().map(|mark| mark.unit))?;
    let mut levels: BTreeMap<i32, Level> = BTreeMap::new();
    for mark in &marks {
        for line in lines.of(mark.unit) {
            let depth = lines.get(line).map_or(0, |line| line.depth);
            let level = levels.entry(depth).or_default();
            let work = level.entry((line, mark.measure.clone())).or_default();
            work.periods.insert(mark.period.clone());
        }
    }
    while let Some((depth, level)) = levels.pop_last() {
        let mut changed = Level::new();
        fold_level(db, &measures, &lines, level, &mut changed)?;
        if !changed.is_empty() {
            let above = levels.entry(depth - 1).or_default();
            for (key, work) in changed {
                let known = above.entry(key).or_default();
                known.periods.extend(work.periods);
                for (period, sum) in work.below {
                    *known.below.entry(period).or_default() += sum;
                }
                known.during.extend(work.during);
            }
        }
    }
    told::forget(db, &marks)?;
    Ok(marks.len() == STEP)
}

fn fold_level(
    db: &mut Db,
    measures: &Measures,
    lines: &Lines,
    level: Level,
    above: &mut Level,
) -> Result<()> {
    let mut of_flows = Level::new();
    let mut of_stocks = Level::new();
    for (key, work) in level {
        match measures.get(&key.1) {
            Some(measure) if !measure.is_summed => {}
            Some(measure) if measure.is_stock => drop(of_stocks.insert(key, work)),
            Some(_) => drop(of_flows.insert(key, work)),
            None => {}
        }
    }
    fold_flows(db, measures, lines, of_flows, above)?;
    fold_stocks(db, measures, lines, of_stocks, above)
}

/// The unit of a line.
fn unit_of(lines: &Lines, line: LineId) -> UnitId {
    lines.get(line).map_or(UnitId(0), |line| line.unit)
}

/// What has changed at a line is what has changed below the line above.
fn hand_up<'l>(
    lines: &Lines,
    key: &(LineId, String),
    above: &'l mut Level,
) -> Option<&'l mut Work> {
    let line = lines.get(key.0)?;
    if line.above == NO_LINE {
        return None;
    }
    Some(above.entry((line.above, key.1.clone())).or_default())
}

/// The days of which figures are looked at.
#[derive(Default)]
struct Window {
    days: Option<(NaiveDate, NaiveDate)>,
}

impl Window {
    /// Takes in a period; answers whether it was not in already.
    fn widen(&mut self, period: &Period) -> bool {
        let (first, last) = (period.first_day(), period.last_day());
        let (from, to) = self.days.unwrap_or((first, last));
        let wider = Some((from.min(first), to.max(last)));
        let is_wider = wider != self.days;
        self.days = wider;
        is_wider
    }
}

fn fold_flows(
    db: &mut Db,
    measures: &Measures,
    lines: &Lines,
    level: Level,
    above: &mut Level,
) -> Result<()> {
    let measure = |code: &str| measures.get(code).cloned().unwrap_or_default();
    let of_units: BTreeSet<(UnitId, String)> = level
        .keys()
        .map(|(line, code)| (unit_of(lines, *line), code.clone()))
        .collect();
    let lone = rows::lone(db, level.keys())?;
    let mut window = Window::default();
    for ((_, code), work) in &level {
        let calendar = measure(code).calendar;
        for period in work.periods.iter().chain(work.below.keys()) {
            window.widen(period);
            for around in period.around(calendar) {
                window.widen(&around);
            }
        }
    }
    for period in lone.values().flatten() {
        window.widen(period);
    }
    let mut told = told::told(db, &of_units, window.days)?;
    // A longer one that meets it counts with all that it holds.
    while told.values().flatten().fold(false, |is_wider, told| {
        window.widen(&told.period) | is_wider
    }) {
        told = told::told(db, &of_units, window.days)?;
    }
    let told: BTreeMap<&(UnitId, String), Vec<flow::Told>> = told
        .iter()
        .map(|(key, told)| {
            let flow = |one: &told::Told| flow::Told {
                line: lines.on(key.0, one.day).unwrap_or(NO_LINE),
                is_declared: one.is_declared,
                period: one.period.clone(),
                sum: one.sum,
            };
            (key, told.iter().map(flow).collect())
        })
        .collect();
    // Each with the periods that it is worked out for.
    let mut tasks = Vec::new();
    let mut wanted: BTreeMap<(LineId, String), BTreeSet<String>> = BTreeMap::new();
    for (key, work) in level {
        let Measure {
            calendar, replaces, ..
        } = measure(&key.1);
        let told = told.get(&(unit_of(lines, key.0), key.1.clone()));
        let book = Book {
            calendar,
            replaces,
            told: told.map_or(&[], Vec::as_slice),
        };
        let changed = work.periods.iter().chain(work.below.keys()).cloned();
        let lone = lone.get(&key).cloned().unwrap_or_default();
        let periods = book.affected(changed, lone);
        let slots = wanted.entry(key.clone()).or_default();
        for period in &periods {
            slots.insert(period.to_string());
            if book.needs_parts(period) {
                let parts = period.parts(calendar);
                slots.extend(parts.iter().map(ToString::to_string));
            }
        }
        tasks.push((key, work, book, periods));
    }
    let mut kept: Kept<String> = rows::cells(db, &wanted)?;
    for (key, work, book, periods) in tasks {
        let before = kept.remove(&key).unwrap_or_default();
        let mut cells: BTreeMap<Period, Cell> = BTreeMap::new();
        for (slot, cell) in &before {
            cells.insert(rows::period(slot)?, cell.clone());
        }
        for (period, change) in work.below {
            cells.entry(period).or_default().below += change;
        }
        book.refold(key.0, &periods, &mut cells);
        let after: BTreeMap<String, Cell> = cells
            .into_iter()
            .filter(|(_, cell)| !cell.is_nothing())
            .map(|(period, cell)| (period.to_string(), cell))
            .collect();
        for period in periods {
            let slot = period.to_string();
            let total = |cells: &BTreeMap<String, Cell>| {
                cells
                    .get(&slot)
                    .map_or_else(Sum::default, |cell| cell.total)
            };
            let change = total(&after) - total(&before);
            if !change.is_nothing()
                && let Some(work) = hand_up(lines, &key, above)
            {
                *work.below.entry(period).or_default() += change;
            }
        }
        rows::write(db, &key, &before, &after)?;
    }
    Ok(())
}

fn fold_stocks(
    db: &mut Db,
    measures: &Measures,
    lines: &Lines,
    level: Level,
    above: &mut Level,
) -> Result<()> {
    let of_units: BTreeSet<(UnitId, String)> = level
        .keys()
        .map(|(line, code)| (unit_of(lines, *line), code.clone()))
        .collect();
    let told = told::told(db, &of_units, None)?;
    let mut kept: Kept<NaiveDate> = rows::steps(db, level.keys())?;
    for (key, work) in level {
        let carry_months = measures
            .get(&key.1)
            .map_or(0, |measure| measure.carry_months);
        let unit = unit_of(lines, key.0);
        let told: Vec<stock::Told> = told
            .get(&(unit, key.1.clone()))
            .into_iter()
            .flatten()
            .map(|one| stock::Told {
                is_declared: one.is_declared,
                day: one.day,
                sum: one.sum,
            })
            .collect();
        let stretches = lines.stretches(unit).iter();
        let stands: Vec<_> = stretches
            .filter(|stretch| stretch.line == key.0)
            .map(|stretch| stretch.days)
            .collect();
        let before: Steps = kept.remove(&key).unwrap_or_default();
        let mut steps = before.clone();
        let changes = stock::refold(&mut steps, &told, carry_months, &stands, &work.during);
        if !changes.is_empty()
            && let Some(work) = hand_up(lines, &key, above)
        {
            work.during.extend(changes);
        }
        rows::write(db, &key, &before, &steps)?;
    }
    Ok(())
}

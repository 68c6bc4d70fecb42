//! Totals of one unit as the tree was then, of every measure, for any period: a handful of rows to read, for the
//! nation as for a ward.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::period::Period;
use liendoan_core::quantity::Sum;
use liendoan_core::schema::lines;
use liendoan_core::{Db, Result, UnitId, on_engine};

use super::cell::Cell;
use super::flow::{self, Book};
use super::lines::{LineId, NO_LINE};
use super::measures::{Measure, Measures};
use super::rows;
use super::told::{self, Told};

/// A total with what it rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    pub total: Sum,
    /// The unit's own figures.
    pub own: Sum,
    /// What the unit declared itself, for the period or for parts of it.
    pub declared: Sum,
    /// The total as if it had declared nothing.
    pub computed: Sum,
    /// Whether what it declared makes up the whole period.
    pub declares_all: bool,
}

/// Totals by the codes of measures: of those of which anything was told.
pub type Readings = BTreeMap<String, Reading>;

/// What is asked of a unit.
#[derive(Clone)]
pub struct Asked {
    pub unit: UnitId,
    pub period: Period,
    pub today: NaiveDate,
}

impl Asked {
    /// The day of stocks: the last one of the period, or today where that is yet to come.
    pub fn day(&self) -> NaiveDate {
        self.period.last_day().min(self.today)
    }
}

/// Totals as the tree was then.
pub fn then(db: &mut Db, measures: &Measures, asked: &Asked) -> Result<Readings> {
    let query = lines::table
        .filter(lines::unit_id.eq(asked.unit.0))
        .select(lines::id);
    let of_unit: Vec<LineId> = on_engine!(&mut *db, c => query.load(c))?;
    let mut readings = Readings::new();
    let mut add = |code: String, cell: &Cell| {
        let reading = readings.entry(code).or_default();
        reading.total += cell.total;
        reading.own += cell.own;
        reading.computed += cell.computed();
    };
    for ((_, code), cells) in rows::cells(db, &wanted(measures, &asked.period, &of_unit))? {
        cells.values().for_each(|cell| add(code.clone(), cell));
    }
    for ((_, code), cell) in rows::steps_on(db, &of_unit, asked.day())? {
        add(code, &cell);
    }
    for (code, told) in told::told_apart(db, measures, asked)? {
        let measure = measures.get(&code).cloned().unwrap_or_default();
        let reading = readings.entry(code).or_default();
        if measure.is_summed {
            declare(reading, &measure, asked, &told);
        } else {
            alone(reading, asked, &told);
        }
    }
    readings.retain(|_, reading| *reading != Reading::default());
    Ok(readings)
}

/// The slots that make up a period of each flow: its own and, where it is not regular, those of its parts.
pub fn wanted(
    measures: &Measures,
    period: &Period,
    lines: &[LineId],
) -> BTreeMap<rows::Key, BTreeSet<String>> {
    let mut wanted = BTreeMap::new();
    for (code, measure) in measures.flows() {
        let slots: BTreeSet<String> = slots_of(measure, period).into_iter().collect();
        for line in lines {
            wanted.insert((*line, code.clone()), slots.clone());
        }
    }
    wanted
}

/// The slots that make up a period of a flow.
pub fn slots_of(measure: &Measure, period: &Period) -> Vec<String> {
    let mut slots = vec![period.to_string()];
    if !period.is_regular(measure.calendar) {
        let parts = period.parts(measure.calendar);
        slots.extend(parts.iter().map(ToString::to_string));
    }
    slots
}

/// What the unit declared itself.
fn declare(reading: &mut Reading, measure: &Measure, asked: &Asked, told: &[Told]) {
    if measure.is_stock {
        let fresh = told.iter().filter(|told| {
            let until = measure.fresh_until(told.day);
            told.day <= asked.day() && asked.day() < until
        });
        let latest = fresh.max_by_key(|told| told.day);
        reading.declares_all = latest.is_some();
        reading.declared = latest.map_or_else(Sum::default, |told| told.sum);
        return;
    }
    let told: Vec<flow::Told> = told
        .iter()
        .map(|told| flow::Told {
            line: NO_LINE,
            is_declared: told.is_declared,
            period: told.period.clone(),
            sum: told.sum,
        })
        .collect();
    let book = Book {
        calendar: measure.calendar,
        replaces: measure.replaces,
        told: &told,
    };
    reading.declared = book.declared_of(&asked.period);
    reading.declares_all = book.declares_all(&asked.period);
}

/// What is never summed: what the unit itself told for exactly the period.
fn alone(reading: &mut Reading, asked: &Asked, told: &[Told]) {
    let exact = |is_declared: bool| {
        let mut told = told.iter().filter(|told| told.is_declared == is_declared);
        told.find(|told| told.period == asked.period)
            .map_or_else(Sum::default, |told| told.sum)
    };
    reading.own = exact(false);
    reading.declared = exact(true);
    reading.declares_all = !reading.declared.is_nothing();
    reading.total = if reading.declares_all {
        reading.declared
    } else {
        reading.own
    };
}

impl Reading {
    /// Declared less computed, where both are exact and the whole period was declared.
    pub fn difference(&self) -> Option<i128> {
        let exact = |sum: &Sum| sum.total().and_then(|total| total.exact());
        let declared = exact(&self.declared).filter(|_| self.declares_all)?;
        Some(declared - exact(&self.computed)?)
    }
}

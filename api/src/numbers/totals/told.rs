//! Figures that count, as the fold and readers take them, and marks that tell where they have changed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::period::Period;
use liendoan_core::quantity::{Quantity, Sum};
use liendoan_core::schema::{figure_changes, figures};
use liendoan_core::{Db, Error, Result, UnitId};

use super::measures::Measures;
use super::reading::Asked;
use super::rows::period;
use crate::records::figures::Coverage;

/// Ids in one statement.
const CHUNK: usize = 500;

/// That figures of a unit have changed for a period.
pub struct Mark {
    pub id: i64,
    pub unit: UnitId,
    pub measure: String,
    pub period: Period,
}

/// A figure that counts.
#[derive(Clone, Debug)]
pub struct Told {
    pub is_declared: bool,
    pub period: Period,
    /// The last day of the period on which its unit lived.
    pub day: NaiveDate,
    pub sum: Sum,
}

/// The oldest marks.
pub fn marks(db: &mut Db, limit: usize) -> Result<Vec<Mark>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(i64, UnitId, String, String)> = figure_changes::table
        .order(figure_changes::id)
        .limit(limit)
        .select((
            figure_changes::id,
            figure_changes::unit_id,
            figure_changes::measure,
            figure_changes::period,
        ))
        .load(db)?;
    let mark = |(id, unit, measure, text): (i64, UnitId, String, String)| {
        Ok(Mark {
            id,
            unit,
            measure,
            period: period(&text)?,
        })
    };
    rows.into_iter().map(mark).collect()
}

/// By id, one by one: a lower id may have been committed since they were read.
pub fn forget(db: &mut Db, marks: &[Mark]) -> Result<()> {
    let ids = marks.iter().map(|mark| mark.id);
    diesel::delete(figure_changes::table.filter(figure_changes::id.eq_any(ids))).execute(db)?;
    Ok(())
}

/// What a unit told that is read beside its kept totals: what it declared of the period or of stocks, and figures
/// that are never summed.
pub fn told_apart(
    db: &mut Db,
    measures: &Measures,
    asked: &Asked,
) -> Result<BTreeMap<String, Vec<Told>>> {
    type Row = (String, String, String, NaiveDate, String);
    let (first, last) = (asked.period.first_day(), asked.period.last_day());
    let stock_or_inside = figures::starts_on
        .ge(first)
        .and(figures::ends_on.le(last))
        .or(figures::measure.eq_any(measures.stocks().map(|(code, _)| code)));
    let apart = figures::coverage
        .eq(Coverage::Consolidated.as_str())
        .and(stock_or_inside)
        .or(figures::measure.eq_any(measures.never_summed()));
    let rows: Vec<Row> = figures::table
        .filter(figures::unit_id.eq(asked.unit))
        .filter(apart)
        .order(figures::id)
        .select((
            figures::measure,
            figures::coverage,
            figures::period,
            figures::day,
            figures::quantity,
        ))
        .load(db)?;
    let mut told: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for (measure, coverage, text, day, quantity) in rows {
        let one = told_of(&coverage, &text, day, &quantity)?;
        told.entry(measure).or_default().push(one);
    }
    Ok(told)
}

fn told_of(coverage: &str, text: &str, day: NaiveDate, quantity: &str) -> Result<Told> {
    let quantity: Quantity = serde_json::from_str(quantity).map_err(Error::internal)?;
    Ok(Told {
        is_declared: coverage == Coverage::Consolidated.as_str(),
        period: period(text)?,
        day,
        sum: Sum::from(&quantity),
    })
}

/// What units told of measures; in a window, only for periods that meet it.
pub fn told(
    db: &mut Db,
    of_units: &BTreeSet<(UnitId, String)>,
    window: Option<(NaiveDate, NaiveDate)>,
) -> Result<BTreeMap<(UnitId, String), Vec<Told>>> {
    type Row = (UnitId, String, String, String, NaiveDate, String);
    let mut told: BTreeMap<(UnitId, String), Vec<Told>> = BTreeMap::new();
    let measures: BTreeSet<&String> = of_units.iter().map(|(_, measure)| measure).collect();
    let units: BTreeSet<UnitId> = of_units.iter().map(|(unit, _)| *unit).collect();
    let units: Vec<UnitId> = units.into_iter().collect();
    let (first, last) = window.unwrap_or((NaiveDate::MIN, NaiveDate::MAX));
    for chunk in units.chunks(CHUNK) {
        let mut query = figures::table
            .filter(figures::unit_id.eq_any(chunk.to_vec()))
            .filter(figures::measure.eq_any(measures.iter().copied()))
            .order(figures::id)
            .select((
                figures::unit_id,
                figures::measure,
                figures::coverage,
                figures::period,
                figures::day,
                figures::quantity,
            ))
            .into_boxed();
        if window.is_some() {
            query = query
                .filter(figures::starts_on.le(last))
                .filter(figures::ends_on.ge(first));
        }
        let rows: Vec<Row> = query.load(db)?;
        for (unit, measure, coverage, text, day, quantity) in rows {
            let key = (unit, measure);
            if !of_units.contains(&key) {
                continue;
            }
            let one = told_of(&coverage, &text, day, &quantity)?;
            told.entry(key).or_default().push(one);
        }
    }
    Ok(told)
}

/// Whether figures have changed that are not in the totals yet.
pub fn has_marks(db: &mut Db) -> Result<bool> {
    let first = figure_changes::table.select(figure_changes::id).limit(1);
    let first: Vec<i64> = first.load(db)?;
    Ok(!first.is_empty())
}

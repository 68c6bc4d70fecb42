//! Totals of a stock along one line, day by day (section 6 of the rules on figures). No I/O.
//!
//! A stock stays as it is until a new figure, the end of the old one's time, or a change of the tree: its total is
//! kept as steps, each from its day until the next one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use liendoan_core::quantity::Sum;
use liendoan_core::validity::{FOREVER, Validity};

use super::cell::{Cell, Rest};

/// What a unit told of a stock, for one day.
#[derive(Clone, Debug)]
pub struct Told {
    pub is_declared: bool,
    pub day: NaiveDate,
    pub sum: Sum,
}

/// A value over some days.
#[derive(Clone, Debug, PartialEq)]
pub struct During {
    pub days: Validity,
    pub sum: Sum,
}

/// How long each figure counts: until the next one of its coverage, and not longer than `carry_months`.
fn holds(told: &[Told], is_declared: bool, carry_months: u32) -> Vec<During> {
    let mut told: Vec<&Told> = told
        .iter()
        .filter(|t| t.is_declared == is_declared)
        .collect();
    told.sort_by_key(|told| told.day);
    let mut holds: Vec<During> = Vec::new();
    for told in told {
        if let Some(last) = holds.last_mut() {
            last.days.to = last.days.to.min(told.day);
        }
        let to = told.day.checked_add_months(Months::new(carry_months));
        let days = Validity {
            from: told.day,
            to: to.unwrap_or(FOREVER),
        };
        holds.push(During {
            days,
            sum: told.sum,
        });
    }
    holds
}

fn on(during: &[During], day: NaiveDate) -> Option<&Sum> {
    let found = during.iter().find(|one| one.days.contains(day));
    found.map(|one| &one.sum)
}

/// The steps of one line.
pub type Steps = BTreeMap<NaiveDate, Cell>;

/// The step of a day.
pub fn step(steps: &Steps, day: NaiveDate) -> Option<&Cell> {
    steps.range(..=day).next_back().map(|(_, cell)| cell)
}

/// Works out the steps of a line anew: of a unit that stands there on the days of `stands`, from what it told and
/// from changes of what lies below. Answers the changes of its total.
pub fn refold(
    steps: &mut Steps,
    told: &[Told],
    carry_months: u32,
    stands: &[Validity],
    below: &[During],
) -> Vec<During> {
    let own = holds(told, false, carry_months);
    let declared = holds(told, true, carry_months);
    let mut days: BTreeSet<NaiveDate> = steps.keys().copied().collect();
    let bounds = [&own, &declared].into_iter().flatten().chain(below);
    let bounds = bounds
        .map(|during| during.days)
        .chain(stands.iter().copied());
    days.extend(bounds.flat_map(|days| [days.from, days.to]));
    let mut new = Steps::new();
    let mut changes: Vec<During> = Vec::new();
    let mut before = Cell::default();
    let ends = days.iter().skip(1).copied().chain([FOREVER]);
    for (day, next) in days.iter().copied().zip(ends) {
        let old = step(steps, day);
        let kept_below = old.map_or_else(Sum::default, |cell| cell.below);
        let news = below.iter().filter(|change| change.days.contains(day));
        let mut cell = Cell {
            below: news.fold(kept_below, |sum, change| sum + change.sum),
            ..Cell::default()
        };
        if stands.iter().any(|days| days.contains(day)) {
            cell.own = on(&own, day).cloned().unwrap_or_default();
            (cell.rest, cell.total) = match on(&declared, day) {
                Some(declared) => (Rest::Declared, *declared),
                None => (Rest::Sum, cell.computed()),
            };
        }
        let was = old.map_or_else(Sum::default, |cell| cell.total);
        let change = cell.total - was;
        if !change.is_nothing() && day < next {
            let days = Validity {
                from: day,
                to: next,
            };
            match changes.last_mut() {
                Some(last) if last.days.to == day && last.sum == change => last.days.to = next,
                _ => changes.push(During { days, sum: change }),
            }
        }
        if cell != before {
            new.insert(day, cell.clone());
            before = cell;
        }
    }
    *steps = new;
    changes
}

//! Figures and their totals as sections 4 to 6 of the rules say them, from nothing each time: what stands, what is set
//! aside, what is left.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate};
use liendoan_core::period::{Calendar, Period};
use liendoan_core::quantity::{Quantity, Sum};

use crate::tree_model::model::Model;

/// A figure that counts.
#[derive(Clone, Debug)]
pub struct Figure {
    pub record: i64,
    pub unit: String,
    pub is_declared: bool,
    pub period: Period,
    pub quantity: Quantity,
}

/// What kind of measure the figures are of.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    pub code: &'static str,
    pub is_stock: bool,
    /// Own figures replace each other.
    pub replaces: bool,
    pub carry_months: u32,
}

/// Whose totals, and under which tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum View {
    Then,
    /// Of the day that is today.
    Now(NaiveDate),
}

pub struct World<'a> {
    pub tree: &'a Model,
    pub figures: &'a [Figure],
    pub measure: Measure,
}

/// A figure with its unit and all above that on its last day.
struct Placed<'a> {
    figure: &'a Figure,
    line: Vec<String>,
}

impl World<'_> {
    fn path(&self, unit: &str, day: NaiveDate) -> Vec<String> {
        let tree = self.tree.tree_on(day);
        let mut path = Vec::new();
        let mut next = Some(unit.to_owned());
        while let Some(code) = next.take() {
            let Some(unit) = tree.get(&code).filter(|unit| unit.is_living) else {
                break;
            };
            next = unit.parent.clone();
            path.push(code);
        }
        path
    }

    /// The last day of a period on which a unit lived.
    pub fn record_day(&self, unit: &str, period: &Period) -> Option<NaiveDate> {
        let (first, mut day) = (period.first_day(), period.last_day());
        while day >= first {
            if !self.path(unit, day).is_empty() {
                return Some(day);
            }
            // The tree is the same on every day back to the last decision.
            let mut days = self.tree.days().into_iter().rev();
            let decided = days.find(|decided| *decided <= day);
            day = decided?.checked_sub_days(Days::new(1))?;
        }
        None
    }

    /// What a unit belongs to today.
    fn is_member(&self, unit: &str, of: &str, today: NaiveDate) -> bool {
        let home = self.tree.home(unit, today);
        home.is_ok_and(|home| self.path(&home, today).iter().any(|code| code == of))
    }

    /// None: the unit has no total of that sort.
    pub fn total(&self, unit: &str, period: &Period, view: View, today: NaiveDate) -> Option<Sum> {
        if let View::Now(today) = view
            && self.path(unit, today).is_empty()
        {
            return None;
        }
        let whose = |figure: &&Figure| match view {
            View::Then => true,
            View::Now(today) => self.is_member(&figure.unit, unit, today),
        };
        let figures: Vec<&Figure> = self.figures.iter().filter(whose).collect();
        Some(if self.measure.is_stock {
            let day = period.last_day().min(today);
            let top = match view {
                View::Then => unit.to_owned(),
                // From the root, with these figures only.
                View::Now(_) => match self.root(day) {
                    Some(root) => root,
                    None => return Some(Sum::default()),
                },
            };
            self.stock(&figures, &top, day)
        } else {
            self.flow(&figures, unit, period, view)
        })
    }

    fn root(&self, day: NaiveDate) -> Option<String> {
        let tree = self.tree.tree_on(day);
        let root = tree
            .iter()
            .find(|(_, unit)| unit.is_living && unit.parent.is_none());
        root.map(|(code, _)| code.clone())
    }

    fn stock(&self, figures: &[&Figure], unit: &str, day: NaiveDate) -> Sum {
        let tree = self.tree.tree_on(day);
        if !tree.get(unit).is_some_and(|unit| unit.is_living) {
            return Sum::default();
        }
        let latest = |is_declared: bool| {
            let told = figures.iter().filter_map(|figure| {
                let is_its = figure.unit == unit && figure.is_declared == is_declared;
                let told_for = self.record_day(unit, &figure.period).filter(|_| is_its)?;
                let until = told_for + Months::new(self.measure.carry_months);
                (told_for <= day && day < until).then_some((told_for, figure))
            });
            let latest = told.max_by_key(|(told_for, _)| *told_for);
            latest.map(|(_, figure)| Sum::from(&figure.quantity))
        };
        if let Some(declared) = latest(true) {
            return declared;
        }
        let own = latest(false).unwrap_or_default();
        let below = crate::tree_model::unit::children(tree, unit);
        let below = below.iter().map(|child| self.stock(figures, child, day));
        below.fold(own, |sum, child| sum + child)
    }

    fn flow(&self, figures: &[&Figure], unit: &str, period: &Period, view: View) -> Sum {
        let counts = figures
            .iter()
            .filter(|figure| figure.period.counts_in(period, Calendar::Civil));
        let placed = counts.filter_map(|figure| {
            let day = self.record_day(&figure.unit, &figure.period)?;
            let mut line = self.path(&figure.unit, day);
            if view == View::Then {
                let cut = line.iter().position(|code| code == unit)?;
                line.truncate(cut + 1);
            }
            Some(Placed { figure, line })
        });
        let mut looked_at: Vec<Placed> = placed.collect();
        // Nearer to the top first: what stands there decides on what is below.
        looked_at.sort_by_key(|placed| placed.line.len());
        let mut stands: Vec<&Figure> = Vec::new();
        for placed in looked_at.iter().filter(|placed| placed.figure.is_declared) {
            if !is_covered(&stands, &placed.figure.period, &placed.line[1..]) {
                stands.push(placed.figure);
            }
        }
        let is_set_aside = |placed: &Placed, period: &Period| {
            let from = usize::from(placed.figure.is_declared);
            is_covered(&stands, period, &placed.line[from..])
        };
        let left = looked_at.iter().filter(|placed| {
            let figure = placed.figure;
            let is_statement = figure.is_declared || self.measure.replaces;
            // Whether its unit told a longer period around it, which counts.
            let is_replaced = is_statement
                && figures.iter().any(|other| {
                    other.unit == figure.unit
                        && other.is_declared == figure.is_declared
                        && other.period != figure.period
                        && other.period.counts_in(period, Calendar::Civil)
                        && figure.period.counts_in(&other.period, Calendar::Civil)
                        && !is_set_aside(placed, &other.period)
                });
            !is_set_aside(placed, &figure.period) && !is_replaced
        });
        left.map(|placed| Sum::from(&placed.figure.quantity)).sum()
    }
}

/// Whether a standing declared figure of one of these units meets a period.
fn is_covered(stands: &[&Figure], period: &Period, units: &[String]) -> bool {
    let mut stands = stands.iter();
    stands.any(|stands| units.contains(&stands.unit) && stands.period.overlaps(period))
}

/// Each period that a figure told for `period` counts in, of those that are asked about: its own, and the usual ones.
pub fn around(period: &Period) -> BTreeSet<String> {
    let year = period.last_day().year();
    let usual = [
        format!("{year}"),
        format!("{year}-H1"),
        format!("{year}-Q3"),
        format!("{year}-06"),
        format!("SY{}", year - 1),
        format!("R{year}"),
        format!("{}/{year}", year - 1),
    ];
    usual.into_iter().chain([period.to_string()]).collect()
}

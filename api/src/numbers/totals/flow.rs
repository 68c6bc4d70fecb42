//! Totals of a flow along one line, period by period (section 4 of the rules on figures). No I/O.
//!
//! Within one calendar the regular periods nest, so the total of one is made of what was told for exactly it and of
//! what its parts have. A period that is not regular in the measure's calendar (a span, a term, another calendar's
//! year) has its parts too; of such a *lone* one only what it adds to its parts is kept, and only where somebody
//! told it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use liendoan_core::period::{Calendar, Period};
use liendoan_core::quantity::Sum;

use super::cell::{Cell, Rest};
use super::lines::LineId;

/// What a unit told of a flow, for one period.
#[derive(Clone, Debug)]
pub struct Told {
    /// The unit with all that stood above it on the figure's last day.
    pub line: LineId,
    pub is_declared: bool,
    pub period: Period,
    pub sum: Sum,
}

/// What is told of one flow by one unit.
#[derive(Clone, Copy)]
pub struct Book<'a> {
    pub calendar: Calendar,
    /// Own figures replace each other, as those of returns do; else each adds.
    pub replaces: bool,
    pub told: &'a [Told],
}

impl<'a> Book<'a> {
    fn declared(self) -> impl Iterator<Item = &'a Told> {
        self.told.iter().filter(|told| told.is_declared)
    }

    fn own(self) -> impl Iterator<Item = &'a Told> {
        self.told.iter().filter(|told| !told.is_declared)
    }

    /// Whether a period is regular, and lies inside another one without being it.
    fn is_inside(self, period: &Period, other: &Period) -> bool {
        period != other && period.counts_in(other, self.calendar)
    }

    /// The unit's own figure of a line for a period.
    fn own_of(self, line: LineId, period: &Period) -> Sum {
        let of_line = |told: &&Told| told.line == line;
        let exact = self.own().filter(|told| told.period == *period);
        if !self.replaces {
            let inside = self
                .own()
                .filter(|told| self.is_inside(&told.period, period));
            return sum(exact.chain(inside).filter(of_line));
        }
        let exact: Vec<&Told> = exact.collect();
        if exact.is_empty() {
            self.longest_inside(line, period)
        } else {
            sum(exact.into_iter().filter(of_line))
        }
    }

    /// Of the unit's own statements inside a period those of a line that no longer one inside it replaces.
    fn longest_inside(self, line: LineId, period: &Period) -> Sum {
        let inside: Vec<&Told> = self
            .own()
            .filter(|told| self.is_inside(&told.period, period))
            .collect();
        let longest = self.longest(&inside);
        sum(longest.filter(|told| told.line == line))
    }

    /// Those that lie in no other one.
    fn longest<'b>(self, told: &'b [&'a Told]) -> impl Iterator<Item = &'a Told> + use<'a, 'b> {
        let is_replaced = move |one: &Told| {
            let mut others = told.iter();
            others.any(|other| self.is_inside(&one.period, &other.period))
        };
        told.iter().copied().filter(move |one| !is_replaced(one))
    }

    /// What the unit's own figures for exactly a lone period add to what they have for its parts.
    fn own_beside_parts(self, line: LineId, period: &Period) -> Sum {
        let exact: Vec<&Told> = self.own().filter(|told| told.period == *period).collect();
        let of_line = sum(exact.iter().copied().filter(|told| told.line == line));
        if self.replaces && !exact.is_empty() {
            of_line - self.longest_inside(line, period)
        } else {
            of_line
        }
    }

    /// The periods of which the totals of a unit change with those of some: they, those around them, and the lone
    /// ones among `lone` and among what the unit told that hold one of them. The shorter ones first.
    pub fn affected(
        self,
        changed: impl IntoIterator<Item = Period>,
        lone: impl IntoIterator<Item = Period>,
    ) -> Vec<Period> {
        let mut affected = BTreeSet::new();
        for period in changed {
            affected.extend(period.around(self.calendar));
            affected.insert(period);
        }
        let told = self.told.iter().map(|told| told.period.clone());
        let lone: BTreeSet<Period> = told
            .chain(lone)
            .filter(|period| !period.is_regular(self.calendar))
            .filter(|lone| affected.iter().any(|one| self.is_inside(one, lone)))
            .collect();
        affected.extend(lone);
        let mut affected: Vec<Period> = affected.into_iter().collect();
        affected.sort_by_key(|period| {
            let is_lone = !period.is_regular(self.calendar);
            (is_lone, Reverse(period.around(self.calendar).len()))
        });
        affected
    }

    /// Whether the total of a period is worked out from those of its parts.
    pub fn needs_parts(self, period: &Period) -> bool {
        let is_lone = !period.is_regular(self.calendar);
        is_lone || self.declared().any(|d| self.is_inside(&d.period, period))
    }

    /// Works out the cells of a line anew, for periods as [`Book::affected`] orders them. `cells` has all that is
    /// kept of these and of their parts.
    pub fn refold(self, line: LineId, periods: &[Period], cells: &mut BTreeMap<Period, Cell>) {
        for period in periods {
            let is_lone = !period.is_regular(self.calendar);
            let below = cells.get(period).map(|cell| cell.below);
            let mut cell = Cell {
                below: below.unwrap_or_default(),
                is_lone,
                ..Cell::default()
            };
            cell.own = if is_lone {
                self.own_beside_parts(line, period)
            } else {
                self.own_of(line, period)
            };
            let of_parts = || {
                let parts = period.parts(self.calendar);
                let totals = parts.iter().filter_map(|part| cells.get(part));
                totals.fold(Sum::default(), |sum, part| sum + part.total)
            };
            let exact: Vec<&Told> = self.declared().filter(|d| d.period == *period).collect();
            let declares_inside = || self.declared().any(|d| self.is_inside(&d.period, period));
            (cell.rest, cell.total) = if !exact.is_empty() {
                let declared = sum(exact.into_iter().filter(|told| told.line == line));
                let of_parts = if is_lone { of_parts() } else { Sum::default() };
                (Rest::Declared, declared - of_parts)
            } else if declares_inside() {
                // A lone one then adds nothing to its parts.
                let total = if is_lone { Sum::default() } else { of_parts() };
                (Rest::Parts, total)
            } else {
                (Rest::Sum, cell.own + cell.below)
            };
            cells.insert(period.clone(), cell);
        }
    }

    /// Whether what the unit declared makes up the whole of a period.
    pub fn declares_all(self, period: &Period) -> bool {
        if self.declared().any(|told| told.period == *period) {
            return true;
        }
        let may = self.declared().any(|d| self.is_inside(&d.period, period));
        let parts = if may {
            period.parts(self.calendar)
        } else {
            Vec::new()
        };
        !parts.is_empty() && parts.iter().all(|part| self.declares_all(part))
    }

    /// Whether a figure of the unit is in the unit's own total of a period: neither set aside by what it declared, nor
    /// replaced by a longer one.
    pub fn stands(self, told: &Told, period: &Period) -> bool {
        let is_set_aside = |meets: &Period| {
            !told.is_declared
                && self
                    .declared()
                    .any(|d| d.period.counts_in(period, self.calendar) && d.period.overlaps(meets))
        };
        let is_statement = told.is_declared || self.replaces;
        let is_replaced = is_statement
            && self.told.iter().any(|other| {
                other.is_declared == told.is_declared
                    && other.period.counts_in(period, self.calendar)
                    && self.is_inside(&told.period, &other.period)
                    && !is_set_aside(&other.period)
            });
        !is_set_aside(&told.period) && !is_replaced
    }

    /// What the unit declared itself for a period or, where it did not, for parts of it.
    pub fn declared_of(self, period: &Period) -> Sum {
        let exact: Vec<&Told> = self.declared().filter(|d| d.period == *period).collect();
        if !exact.is_empty() {
            return sum(exact.into_iter());
        }
        let inside: Vec<&Told> = self
            .declared()
            .filter(|told| self.is_inside(&told.period, period))
            .collect();
        sum(self.longest(&inside))
    }
}

fn sum<'a>(told: impl Iterator<Item = &'a Told>) -> Sum {
    told.fold(Sum::default(), |sum, told| sum + told.sum)
}

//! Rules of figures about what they name: measures, units, and what was told already.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use liendoan_core::error::FieldError;
use liendoan_core::period::Period;
use liendoan_core::quantity::Quantity;
use liendoan_core::{Code, Result, Scope, Tx};

use super::model::{Coverage, Figure, is_over};
use super::queries;
use crate::records::catalogues::measures::MeasureKind;
use crate::records::catalogues::{self, Measure};
use crate::records::lifecycle::{On, RecordKind};
use crate::records::parts::Refusals;
use crate::tree::{places, unit_kinds};

/// A record that tells figures.
pub struct Telling<'a> {
    pub kind: RecordKind,
    pub period: &'a Period,
    pub figures: &'a [Figure],
}

/// A figure with its place and what it is of.
type Told<'a> = (usize, &'a Figure, &'a Measure);

impl Refusals {
    /// Holds figures against measures as they are on the record's day, the unit's life, and what counts already.
    pub fn figures_on(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        telling: &Telling<'_>,
        on: &On,
    ) -> Result<()> {
        if telling.figures.is_empty() {
            return Ok(());
        }
        let codes = telling.figures.iter().map(|figure| figure.measure.as_str());
        let entries = catalogues::rely_on_codes::<Measure>(tx, scope, &codes.collect())?;
        let known: BTreeSet<&str> = entries
            .iter()
            .map(|e| e.fields.common.code.as_str())
            .collect();
        let then = entries
            .iter()
            .filter(|e| e.fields.common.validity().contains(on.day));
        let then: BTreeMap<&str, &Measure> = then
            .map(|entry| (entry.fields.common.code.as_str(), &entry.fields.own))
            .collect();
        let mut told: Vec<Told<'_>> = Vec::new();
        for (index, figure) in telling.figures.iter().enumerate() {
            match then.get(figure.measure.as_str()) {
                Some(measure) => told.push((index, figure, measure)),
                None => {
                    let is_known = known.contains(figure.measure.as_str());
                    let code = if is_known {
                        Code::MeasureNotThen
                    } else {
                        Code::MeasureUnknown
                    };
                    self.add(format!("/figures/{index}/measure"), code);
                }
            }
        }
        self.coverages(tx, scope, telling, on, &told)?;
        self.periods(tx, telling, on, &told)?;
        self.parts(telling, &told);
        self.told_once(tx, scope, telling, on, &told)
    }

    /// An own figure is told where its measure is collected; a total in a return, by a unit under which others stand.
    fn coverages(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        telling: &Telling<'_>,
        on: &On,
        told: &[Told<'_>],
    ) -> Result<()> {
        let is_return = telling.kind == RecordKind::Return;
        let has_totals = told
            .iter()
            .any(|(_, figure, _)| figure.coverage == Coverage::Consolidated);
        let may_declare = is_return && has_totals && may_stand_above(tx, scope, on)?;
        for (index, figure, measure) in told {
            match figure.coverage {
                Coverage::Own => self.unless(
                    measure.collected_by.as_str() == telling.kind.as_str(),
                    format!("/figures/{index}/measure"),
                    Code::MeasureNotCollectedHere,
                ),
                Coverage::Consolidated => self.unless(
                    may_declare && measure.consolidated,
                    format!("/figures/{index}/coverage"),
                    Code::ConsolidatedNotAllowed,
                ),
            }
        }
        Ok(())
    }

    /// A flow is told once its period has begun, a stock once its day has come, and both of days on which the unit lived.
    fn periods(
        &mut self,
        tx: &mut Tx<'_>,
        telling: &Telling<'_>,
        on: &On,
        told: &[Told<'_>],
    ) -> Result<()> {
        for (index, figure, measure) in told {
            let period = figure.period(telling.period);
            let (first, last) = (period.first_day(), period.last_day());
            let has_come = match measure.kind {
                MeasureKind::Flow => period.has_begun(on.today),
                MeasureKind::Stock => last <= on.today,
            };
            let at = || format!("/figures/{index}/period");
            self.unless(has_come, at(), Code::PeriodInFuture);
            if figure.period.is_some() {
                let lived = places::record_day(tx, on.unit, first, last)?.is_some();
                self.unless(lived, at(), Code::OutsideLife);
            }
        }
        Ok(())
    }

    /// Of one record no part is more than its whole, told for the same.
    fn parts(&mut self, telling: &Telling<'_>, told: &[Told<'_>]) {
        let about = |figure: &Figure, measure: &str| {
            let period = figure.period(telling.period).to_string();
            (measure.to_owned(), figure.coverage, period)
        };
        let wholes: Vec<(_, &Quantity, &Measure)> = told
            .iter()
            .map(|(_, figure, measure)| {
                (about(figure, &figure.measure), &figure.quantity, *measure)
            })
            .collect();
        for (index, figure, measure) in told {
            let Some(whole) = &measure.part_of else {
                continue;
            };
            let sought = about(figure, whole);
            let mut wholes = wholes.iter().filter(|(about, ..)| *about == sought);
            let over =
                wholes.any(|(_, whole, of)| is_over((&figure.quantity, measure), (whole, of)));
            self.unless(
                !over,
                format!("/figures/{index}/quantity"),
                Code::PartOverWhole,
            );
        }
    }

    /// Statements and stocks are told once: neither twice in this record, nor here and in another one that counts.
    fn told_once(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        telling: &Telling<'_>,
        on: &On,
        told: &[Told<'_>],
    ) -> Result<()> {
        let mut keys: BTreeMap<String, usize> = BTreeMap::new();
        for (index, figure, measure) in told {
            let of = (telling.kind, on.unit);
            let Some(key) = figure.told_once(of, telling.period, measure.kind) else {
                continue;
            };
            match keys.entry(key) {
                Entry::Occupied(_) => self.add(format!("/figures/{index}"), Code::Repeated),
                Entry::Vacant(new) => {
                    new.insert(*index);
                }
            }
        }
        let known: Vec<&str> = keys.keys().map(String::as_str).collect();
        for (key, record) in queries::told_by_others(tx, scope, &known, on.record)? {
            let Some(index) = keys.get(&key) else {
                continue;
            };
            let field = FieldError::at(format!("/figures/{index}"), Code::ToldAlready);
            self.push(field.with("record_id", record.0));
        }
        Ok(())
    }
}

/// Whether units may stand under one of this kind, on the record's day.
fn may_stand_above(tx: &mut Tx<'_>, scope: &Scope, on: &On) -> Result<bool> {
    let kind = unit_kinds::of_unit(tx, scope, on.unit, on.day)?;
    Ok(kind.is_some_and(|kind| !kind.child_kinds.is_empty()))
}

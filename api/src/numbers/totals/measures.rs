//! What the totals must know of each measure.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use liendoan_core::period::Calendar;
use liendoan_core::validity::{ALWAYS, FOREVER};
use liendoan_core::{Db, Result, Scope};

use crate::records::catalogues::measures::{
    self as catalogue, CollectedBy, MeasureKind, UnitOfMeasure,
};
use crate::records::catalogues::{self, Fields};

/// One measure. Its entries of all days say the same of how it counts.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    pub is_stock: bool,
    /// Whether it is summed at all: percentages and prices are not.
    pub is_summed: bool,
    pub calendar: Calendar,
    /// Own figures replace each other, as those of returns do; else each adds.
    pub replaces: bool,
    /// How long the latest figure of a stock counts.
    pub carry_months: u32,
    pub decimals: u32,
    pub name_vi: String,
    pub name_en: String,
    /// None for one that is not known.
    pub unit_of_measure: Option<UnitOfMeasure>,
    pub rank: i32,
}

impl Measure {
    /// The first day on which a stock told for a day no longer counts.
    pub fn fresh_until(&self, day: NaiveDate) -> NaiveDate {
        let until = day.checked_add_months(Months::new(self.carry_months));
        until.unwrap_or(FOREVER)
    }
}

impl Measure {
    /// The day after which a stock must have been told to count on a day.
    pub fn stale_on(&self, day: NaiveDate) -> NaiveDate {
        let stale = day.checked_sub_months(Months::new(self.carry_months));
        stale.unwrap_or(ALWAYS)
    }
}

/// All measures by code.
#[derive(Default)]
pub struct Measures(BTreeMap<String, Measure>);

impl Measures {
    pub fn load(db: &mut Db, scope: &Scope) -> Result<Self> {
        let mut entries = catalogues::all::<catalogue::Measure>(db, scope)?;
        // The newest entry of a code names it.
        entries.sort_by_key(|entry| entry.fields.common.validity().from);
        let mut measures = BTreeMap::new();
        for entry in entries {
            let Fields { common, own } = entry.fields;
            let months = own.carry_months.unwrap_or_default();
            let measure = Measure {
                is_stock: own.kind == MeasureKind::Stock,
                is_summed: own.additive,
                calendar: own.calendar,
                replaces: own.collected_by == CollectedBy::Return,
                carry_months: u32::try_from(months).unwrap_or_default(),
                decimals: u32::try_from(own.decimals).unwrap_or_default(),
                name_vi: common.name_vi,
                name_en: common.name_en,
                unit_of_measure: Some(own.unit_of_measure),
                rank: common.rank,
            };
            measures.insert(common.code, measure);
        }
        Ok(Self(measures))
    }

    /// One of them alone.
    pub fn only(mut self, code: &str) -> Self {
        self.0.retain(|known, _| known == code);
        self
    }

    /// As the catalogue has them.
    pub fn in_order(&self) -> impl Iterator<Item = (&String, &Measure)> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(code, measure)| (measure.rank, *code));
        all.into_iter()
    }

    pub fn get(&self, code: &str) -> Option<&Measure> {
        self.0.get(code)
    }

    pub fn flows(&self) -> impl Iterator<Item = (&String, &Measure)> {
        let all = self.0.iter();
        all.filter(|(_, measure)| measure.is_summed && !measure.is_stock)
    }

    pub fn stocks(&self) -> impl Iterator<Item = (&String, &Measure)> {
        let all = self.0.iter();
        all.filter(|(_, measure)| measure.is_summed && measure.is_stock)
    }

    pub fn never_summed(&self) -> impl Iterator<Item = &String> {
        let all = self.0.iter().filter(|(_, measure)| !measure.is_summed);
        all.map(|(code, _)| code)
    }
}

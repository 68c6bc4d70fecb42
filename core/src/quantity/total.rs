//! How a sum reads: what was said, and what is sure.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Qualifier, Sum, VALUE_MAX, power_of_ten};

/// What is said of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hedge {
    Exact,
    AtLeast,
    MoreThan,
    About,
    Nearly,
    AtMost,
}

impl Hedge {
    /// Joins the hedges of all terms: the greatest in `exact < at_least < more_than < about` or in
    /// `exact < nearly < at_most < about`; and `about` where there is one of each.
    fn of(sum: &Sum) -> Self {
        let is_low = sum.min_is_open() || sum.has_at_least();
        let is_high = sum.has_nearly() || sum.has_at_most();
        if sum.has_about() || (is_low && is_high) {
            Self::About
        } else if sum.min_is_open() {
            Self::MoreThan
        } else if is_low {
            Self::AtLeast
        } else if sum.has_at_most() {
            Self::AtMost
        } else if is_high {
            Self::Nearly
        } else {
            Self::Exact
        }
    }
}

impl From<Hedge> for Qualifier {
    fn from(hedge: Hedge) -> Self {
        match hedge {
            Hedge::Exact => Self::Exact,
            Hedge::AtLeast => Self::AtLeast,
            Hedge::MoreThan => Self::MoreThan,
            Hedge::About => Self::About,
            Hedge::Nearly => Self::Nearly,
            Hedge::AtMost => Self::AtMost,
        }
    }
}

/// A sum of one term or more as it reads. Numbers are in stored units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// From where to where it was said to be; one number where both are the same.
    pub said: (i128, i128),
    pub hedge: Hedge,
    /// What is sure: it is `min` or more, or where open more than `min`.
    pub min: i128,
    pub min_open: bool,
    /// And it is `max` or less, or where open less than `max`. None is infinity, and open.
    pub max: Option<i128>,
    pub max_open: bool,
    /// How many terms told no number.
    pub unquantified: i128,
}

impl Total {
    pub(super) fn of(sum: &Sum) -> Self {
        Self {
            said: sum.said(),
            hedge: Hedge::of(sum),
            min: sum.sure_min(),
            min_open: sum.min_is_open(),
            max: sum.sure_max(),
            max_open: sum.max_is_open(),
            unquantified: sum.unquantified(),
        }
    }

    /// The number, where it is one and nothing is left open.
    pub fn exact(&self) -> Option<i128> {
        let (min, max) = self.said;
        (self.hedge == Hedge::Exact && min == max).then_some(min)
    }

    /// Whether it is certainly `bound` or more.
    pub fn is_at_least(&self, bound: i128) -> bool {
        self.min >= bound
    }

    /// Whether it is certainly more than `bound`.
    pub fn is_above(&self, bound: i128) -> bool {
        self.min > bound || (self.min == bound && self.min_open)
    }

    /// Whether it is certainly `bound` or less.
    pub fn is_at_most(&self, bound: i128) -> bool {
        self.max.is_some_and(|max| max <= bound)
    }

    /// Whether it is certainly less than `bound`.
    pub fn is_below(&self, bound: i128) -> bool {
        self.max
            .is_some_and(|max| max < bound || (max == bound && self.max_open))
    }

    /// Whether no number was told at all.
    pub fn is_unquantified(&self) -> bool {
        self.said == (0, 0) && self.hedge == Hedge::AtLeast && self.unquantified > 0
    }

    /// The power of ten of which it is the order of magnitude, and nothing else.
    pub(super) fn magnitude(&self) -> Option<u32> {
        let (min, max) = self.said;
        let is_one = self.hedge == Hedge::Exact
            && self.max_open
            && (self.min, self.max) == (min, Some(max))
            && min.checked_mul(10) == Some(max);
        power_of_ten(min).filter(|power| is_one && *power > 0)
    }

    fn qualifier(&self) -> Qualifier {
        if self.is_unquantified() {
            Qualifier::Unquantified
        } else if self.hedge != Hedge::Exact || self.said.0 == self.said.1 {
            self.hedge.into()
        } else if self.magnitude().is_some() {
            Qualifier::OrderOfMagnitude
        } else {
            Qualifier::Range
        }
    }

    /// As the API answers it, if every JSON reader holds its numbers.
    pub fn view(&self) -> Result<QuantityView, OutOfRange> {
        let told = |number: i128| match i64::try_from(number) {
            Ok(number) if (-VALUE_MAX..=VALUE_MAX).contains(&number) => Ok(number),
            _ => Err(OutOfRange),
        };
        let (said_min, said_max) = (told(self.said.0)?, told(self.said.1)?);
        let is_one = said_min == said_max;
        Ok(QuantityView {
            qualifier: self.qualifier(),
            value: (is_one && !self.is_unquantified()).then_some(said_min),
            value_min: (!is_one).then_some(said_min),
            value_max: (!is_one).then_some(said_max),
            min: told(self.min)?,
            min_open: self.min_open,
            max: self.max.map(told).transpose()?,
            max_open: self.max_open,
            unquantified: told(self.unquantified)?,
        })
    }
}

/// A number is over 2^53 - 1: the API answers null with `total_out_of_range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

/// A quantity or a total. Numbers are in units of the measure's last decimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({
    "qualifier": "more_than", "value": 30_500, "value_min": null, "value_max": null,
    "min": 30_500, "min_open": true, "max": null, "max_open": true, "unquantified": 0
}))]
pub struct QuantityView {
    #[schema(inline)]
    pub qualifier: Qualifier,
    /// What was said; null where it is no single number.
    pub value: Option<i64>,
    /// From where to where it was said to be, where it is no single number.
    pub value_min: Option<i64>,
    pub value_max: Option<i64>,
    /// It is surely this or more; where `min_open`, more than this.
    pub min: i64,
    pub min_open: bool,
    /// It is surely this or less; where `max_open`, less than this. Null: there is no upper end.
    pub max: Option<i64>,
    pub max_open: bool,
    /// How many figures in it told no number.
    pub unquantified: i64,
}

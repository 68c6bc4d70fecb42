//! What totals are kept as: sums from which a term can be taken out again.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Qualifier, Quantity, Total};
use crate::Error;

/// How many terms there are.
const TERMS: usize = 0;
/// The ends of what was said.
const SAID_MIN: usize = 1;
const SAID_MAX: usize = 2;
/// The ends of what is sure. Terms without an upper end add nothing to the upper one.
const SURE_MIN: usize = 3;
const SURE_MAX: usize = 4;
/// How many terms there are of each qualifier that makes an end open or infinite, or the sum unsure.
const UNQUANTIFIED: usize = 5;
const AT_LEAST: usize = 6;
const MORE_THAN: usize = 7;
const ABOUT: usize = 8;
const NEARLY: usize = 9;
const AT_MOST: usize = 10;
const MAGNITUDES: usize = 11;
const PLACES: usize = 12;

/// A sum of quantities: whole numbers that are added place by place, so that sums are a commutative group. The order of
/// terms does not matter, and what was added can be taken away.
///
/// Its text is these numbers up to the last that is not 0, with spaces: `2 30500 30500 30500 500 0 0 1`. Equal sums
/// have equal texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sum([i128; PLACES]);

impl Sum {
    /// How it reads; None where it has no term, which is no data and not 0.
    pub fn total(&self) -> Option<Total> {
        (self.terms() != 0).then(|| Total::of(self))
    }

    /// Whether it is the sum of no terms.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    pub fn terms(&self) -> i128 {
        self.0[TERMS]
    }

    pub(super) fn said(&self) -> (i128, i128) {
        (self.0[SAID_MIN], self.0[SAID_MAX])
    }

    pub(super) fn sure_min(&self) -> i128 {
        self.0[SURE_MIN]
    }

    /// The upper end of what is sure; None is infinity, which absorbs.
    pub(super) fn sure_max(&self) -> Option<i128> {
        let is_infinite = self.has(&[UNQUANTIFIED, AT_LEAST, MORE_THAN, ABOUT]);
        (!is_infinite).then_some(self.0[SURE_MAX])
    }

    pub(super) fn min_is_open(&self) -> bool {
        self.has(&[MORE_THAN])
    }

    pub(super) fn max_is_open(&self) -> bool {
        self.sure_max().is_none() || self.has(&[NEARLY, MAGNITUDES])
    }

    pub(super) fn unquantified(&self) -> i128 {
        self.0[UNQUANTIFIED]
    }

    pub(super) fn has_about(&self) -> bool {
        self.has(&[ABOUT])
    }

    pub(super) fn has_at_least(&self) -> bool {
        self.has(&[AT_LEAST, UNQUANTIFIED])
    }

    pub(super) fn has_nearly(&self) -> bool {
        self.has(&[NEARLY])
    }

    pub(super) fn has_at_most(&self) -> bool {
        self.has(&[AT_MOST])
    }

    fn has(&self, places: &[usize]) -> bool {
        places.iter().any(|place| self.0[*place] != 0)
    }

    fn map2(self, other: Self, f: impl Fn(i128, i128) -> i128) -> Self {
        Self(std::array::from_fn(|place| {
            f(self.0[place], other.0[place])
        }))
    }
}

impl From<&Quantity> for Sum {
    /// The sum of this one, which [`Quantity::check`] found sound.
    fn from(quantity: &Quantity) -> Self {
        let (min, max) = quantity.said();
        let (min, max) = (i128::from(min), i128::from(max));
        let (sure_min, sure_max, counted) = match quantity.qualifier {
            Qualifier::Exact | Qualifier::Range => (min, max, None),
            Qualifier::OrderOfMagnitude => (min, max, Some(MAGNITUDES)),
            Qualifier::AtLeast => (min, 0, Some(AT_LEAST)),
            Qualifier::MoreThan => (min, 0, Some(MORE_THAN)),
            Qualifier::Nearly => (0, max, Some(NEARLY)),
            Qualifier::AtMost => (0, max, Some(AT_MOST)),
            Qualifier::About => (0, 0, Some(ABOUT)),
            Qualifier::Unquantified => (0, 0, Some(UNQUANTIFIED)),
        };
        let mut sum = Self::default();
        sum.0[..=SURE_MAX].copy_from_slice(&[1, min, max, sure_min, sure_max]);
        if let Some(place) = counted {
            sum.0[place] = 1;
        }
        sum
    }
}

impl Add for Sum {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.map2(other, |a, b| a + b)
    }
}

impl Sub for Sum {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.map2(other, |a, b| a - b)
    }
}

impl Neg for Sum {
    type Output = Self;

    fn neg(self) -> Self {
        Self::default() - self
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Sum {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Sum {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.iter().rposition(|number| *number != 0).unwrap_or(0);
        for (place, number) in self.0[..=last].iter().enumerate() {
            let space = if place == 0 { "" } else { " " };
            write!(f, "{space}{number}")?;
        }
        Ok(())
    }
}

impl FromStr for Sum {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut sum = Self::default();
        let unreadable = || Error::internal(format!("not a sum: {text}"));
        for (place, number) in text.split(' ').enumerate() {
            let kept = sum.0.get_mut(place).ok_or_else(unreadable)?;
            *kept = number.parse().map_err(|_| unreadable())?;
        }
        Ok(sum)
    }
}

impl Serialize for Sum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

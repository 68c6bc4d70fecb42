//! What figures say: a number and how sure it is, as it was told. Totals are [`Sum`]s of them, read as a [`Total`].
//!
//! All numbers are whole numbers of *stored units*: the value times a power of ten, of a measure with two decimals
//! hundredths. So nothing is ever rounded.

mod print;
mod read;
mod sum;
mod total;

#[cfg(test)]
mod laws;

pub use print::Notation;
pub use sum::Sum;
pub use total::{Hedge, OutOfRange, QuantityView, Total};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Code;
use crate::error::FieldError;

/// The largest number that every JSON reader holds (RFC 8259, section 6).
pub const VALUE_MAX: i64 = (1 << 53) - 1;

/// How sure a number is, as it was told: 30,500; at least, more than, nearly, at most, about 30,500; from 1 to 4;
/// thousands; no number at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QuantityQualifier)]
pub enum Qualifier {
    Exact,
    AtLeast,
    MoreThan,
    Nearly,
    AtMost,
    About,
    /// `value_min` to `value_max`, both included.
    Range,
    /// From `value_min`, a power of ten, to under `value_max`, the next one.
    OrderOfMagnitude,
    /// There was some, but no number was told.
    Unquantified,
}

/// What one figure says. A range and an order of magnitude have `value_min` and `value_max`, what is unquantified has
/// no number, and all others have `value`. Numbers are in units of the measure's last decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"qualifier": "more_than", "value": 30_000, "value_min": null, "value_max": null}))]
pub struct Quantity {
    #[schema(inline)]
    pub qualifier: Qualifier,
    /// From 0; of `nearly`, `at_most` and `about` from 1.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub value: Option<i64>,
    /// Below `value_max`.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub value_min: Option<i64>,
    /// Of an order of magnitude it need not be sent.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub value_max: Option<i64>,
}

impl Quantity {
    pub fn exact(value: i64) -> Self {
        Self::of(Qualifier::Exact, value)
    }

    /// A value with what is said of it.
    pub fn of(qualifier: Qualifier, value: i64) -> Self {
        Self {
            value: Some(value),
            ..Self::without_value(qualifier)
        }
    }

    /// From one to another, both included.
    pub fn range(min: i64, max: i64) -> Self {
        Self::between(Qualifier::Range, min, max)
    }

    /// From this power of ten to under the next.
    pub fn magnitude(power: i64) -> Self {
        Self::between(Qualifier::OrderOfMagnitude, power, power.saturating_mul(10))
    }

    pub fn unquantified() -> Self {
        Self::without_value(Qualifier::Unquantified)
    }

    fn between(qualifier: Qualifier, min: i64, max: i64) -> Self {
        Self {
            value_min: Some(min),
            value_max: Some(max),
            ..Self::without_value(qualifier)
        }
    }

    fn without_value(qualifier: Qualifier) -> Self {
        Self {
            qualifier,
            value: None,
            value_min: None,
            value_max: None,
        }
    }

    /// All that is wrong with it, below `pointer`; and the quantity as it is stored: an order of magnitude with both ends.
    pub fn check(&mut self, pointer: &str) -> Vec<FieldError> {
        let mut refused = Vec::new();
        let mut at = |field, code| refused.push(FieldError::at(format!("{pointer}/{field}"), code));

        if self.qualifier == Qualifier::OrderOfMagnitude && self.value_max.is_none() {
            self.value_max = self.value_min.and_then(|min| min.checked_mul(10));
        }
        let has_ends = matches!(
            self.qualifier,
            Qualifier::Range | Qualifier::OrderOfMagnitude
        );
        let has_value = !has_ends && self.qualifier != Qualifier::Unquantified;
        for (field, value, is_due) in [
            ("value", self.value, has_value),
            ("value_min", self.value_min, has_ends),
            ("value_max", self.value_max, has_ends),
        ] {
            match value {
                None if is_due => at(field, Code::Required),
                Some(_) if !is_due => at(field, Code::NotApplicable),
                Some(value) if !(self.least()..=VALUE_MAX).contains(&value) => {
                    at(field, Code::ValueOutOfRange);
                }
                _ => {}
            }
        }
        if let (Some(min), Some(max), true) = (self.value_min, self.value_max, has_ends) {
            if self.qualifier == Qualifier::Range && min >= max {
                at("value_max", Code::RangeEmpty);
            }
            if self.qualifier == Qualifier::OrderOfMagnitude {
                if power_of_ten(i128::from(min)).is_none_or(|power| power == 0) {
                    at("value_min", Code::MagnitudeInvalid);
                } else if min.checked_mul(10) != Some(max) {
                    at("value_max", Code::MagnitudeInvalid);
                }
            }
        }
        refused
    }

    /// The least number that may be told: nothing is nearly, at most or about none.
    fn least(&self) -> i64 {
        let is_of_some = matches!(
            self.qualifier,
            Qualifier::Nearly | Qualifier::AtMost | Qualifier::About
        );
        i64::from(is_of_some)
    }

    /// Both ends of what was said; 0 where no number was.
    fn said(&self) -> (i64, i64) {
        let ends = match self.qualifier {
            Qualifier::Range | Qualifier::OrderOfMagnitude => (self.value_min, self.value_max),
            _ => (self.value, self.value),
        };
        (ends.0.unwrap_or(0), ends.1.unwrap_or(0))
    }

    /// How it reads by itself.
    pub fn total(&self) -> Total {
        Total::of(&Sum::from(self))
    }
}

/// Of 1,000 it is 3.
fn power_of_ten(number: i128) -> Option<u32> {
    let power = number.checked_ilog10()?;
    (10_i128.pow(power) == number).then_some(power)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusals(body: serde_json::Value) -> Vec<(String, Code)> {
        let mut quantity: Quantity = serde_json::from_value(body).unwrap();
        let refused = quantity.check("/quantity").into_iter();
        refused
            .map(|field| match field.place {
                crate::error::Place::Pointer(pointer) => (pointer, field.code),
                place => panic!("{place:?}"),
            })
            .collect()
    }

    #[test]
    fn each_qualifier_takes_its_own_fields() {
        for body in [
            json!({"qualifier": "exact", "value": 0}),
            json!({"qualifier": "at_least", "value": VALUE_MAX}),
            json!({"qualifier": "nearly", "value": 1, "value_min": null}),
            json!({"qualifier": "range", "value_min": 0, "value_max": 4}),
            json!({"qualifier": "order_of_magnitude", "value_min": 1000}),
            json!({"qualifier": "order_of_magnitude", "value_min": 10, "value_max": 100}),
            json!({"qualifier": "unquantified"}),
        ] {
            assert_eq!(refusals(body.clone()), [], "{body}");
        }
    }

    #[test]
    fn what_says_nothing_sound_is_refused_where_it_is_wrong() {
        for (body, field, code) in [
            (json!({"qualifier": "exact"}), "value", Code::Required),
            (
                json!({"qualifier": "exact", "value": -1}),
                "value",
                Code::ValueOutOfRange,
            ),
            (
                json!({"qualifier": "exact", "value": VALUE_MAX + 1}),
                "value",
                Code::ValueOutOfRange,
            ),
            (
                json!({"qualifier": "exact", "value": 1, "value_max": 2}),
                "value_max",
                Code::NotApplicable,
            ),
            (
                json!({"qualifier": "nearly", "value": 0}),
                "value",
                Code::ValueOutOfRange,
            ),
            (
                json!({"qualifier": "at_most", "value": 0}),
                "value",
                Code::ValueOutOfRange,
            ),
            (
                json!({"qualifier": "about", "value": 0}),
                "value",
                Code::ValueOutOfRange,
            ),
            (
                json!({"qualifier": "unquantified", "value": 1}),
                "value",
                Code::NotApplicable,
            ),
            (
                json!({"qualifier": "range", "value_min": 4}),
                "value_max",
                Code::Required,
            ),
            (
                json!({"qualifier": "range", "value_min": 4, "value_max": 4}),
                "value_max",
                Code::RangeEmpty,
            ),
            (
                json!({"qualifier": "order_of_magnitude", "value_min": 1}),
                "value_min",
                Code::MagnitudeInvalid,
            ),
            (
                json!({"qualifier": "order_of_magnitude", "value_min": 500}),
                "value_min",
                Code::MagnitudeInvalid,
            ),
            (
                json!({"qualifier": "order_of_magnitude", "value_min": 10, "value_max": 1000}),
                "value_max",
                Code::MagnitudeInvalid,
            ),
            (
                json!({"qualifier": "order_of_magnitude", "value_min": 1_000_000_000_000_000_i64}),
                "value_max",
                Code::ValueOutOfRange,
            ),
        ] {
            assert_eq!(
                refusals(body.clone()),
                [(format!("/quantity/{field}"), code)],
                "{body}"
            );
        }
    }

    #[test]
    fn a_magnitude_is_stored_with_both_ends() {
        let mut thousands: Quantity =
            serde_json::from_value(json!({"qualifier": "order_of_magnitude", "value_min": 1000}))
                .unwrap();
        assert!(thousands.check("").is_empty());
        assert_eq!(thousands, Quantity::magnitude(1000));
    }

    #[test]
    fn unknown_fields_are_refused() {
        let body = json!({"qualifier": "exact", "value": 1, "unit": "kg"});
        assert!(serde_json::from_value::<Quantity>(body).is_err());
    }
}

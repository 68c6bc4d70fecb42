//! From when to when something holds.

use chrono::NaiveDate;

use crate::error::Code;

/// A half-open stretch of days `[from, to)`: `to` is the first day on which it no longer holds.
///
/// An open end is stored as the first or last day there is, never as NULL: NULLs sort at opposite
/// ends on the two engines. The API says `null` for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Stands for "always before": 0001-01-01.
pub const ALWAYS: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
/// Stands for "until further notice": 9999-12-31.
pub const FOREVER: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
/// The first day that may be named.
pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
/// The last day that may be named.
pub const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2999, 12, 31).unwrap();

/// Which end of a validity a refusal speaks of, and why.
pub type Refused = (End, Code);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    From,
    To,
}

impl Validity {
    /// Reads both ends; `None` is open.
    pub fn new(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Self, Refused> {
        let nameable = |day: NaiveDate| (FIRST_DAY..=LAST_DAY).contains(&day);
        if from.is_some_and(|day| !nameable(day)) {
            return Err((End::From, Code::DateOutOfRange));
        }
        if to.is_some_and(|day| !nameable(day)) {
            return Err((End::To, Code::DateOutOfRange));
        }
        let validity = Self {
            from: from.unwrap_or(ALWAYS),
            to: to.unwrap_or(FOREVER),
        };
        if validity.from < validity.to {
            Ok(validity)
        } else {
            Err((End::To, Code::ValidityEmpty))
        }
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && day < self.to
    }

    /// Whether there is a day in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// The first day, or `None` when it has always held.
    pub fn start(self) -> Option<NaiveDate> {
        (self.from != ALWAYS).then_some(self.from)
    }

    /// The first day after it, or `None` when no end is known.
    pub fn end(self) -> Option<NaiveDate> {
        (self.to != FOREVER).then_some(self.to)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i64) -> NaiveDate {
        FIRST_DAY + chrono::Duration::days(n)
    }

    fn any_validity() -> impl Strategy<Value = Validity> {
        (
            proptest::option::of(0..60i64),
            proptest::option::of(60..120i64),
        )
            .prop_map(|(from, to)| Validity::new(from.map(day), to.map(day)).unwrap())
    }

    proptest! {
        #[test]
        fn two_overlap_exactly_when_they_share_a_day(a in any_validity(), b in any_validity(), shift in -90..90i64) {
            let b = Validity {
                from: if b.from == ALWAYS { b.from } else { b.from + chrono::Duration::days(shift) },
                to: if b.to == FOREVER { b.to } else { b.to + chrono::Duration::days(shift) },
            };
            let shared = (-100..300).map(day).any(|d| a.contains(d) && b.contains(d));
            prop_assert_eq!(a.overlaps(b), shared);
            prop_assert_eq!(b.overlaps(a), shared);
        }

        #[test]
        fn what_was_read_is_written_back(from in proptest::option::of(0..9000i64), len in proptest::option::of(1..9000i64)) {
            let from = from.map(day);
            let to = len.map(|len| from.unwrap_or(FIRST_DAY) + chrono::Duration::days(len));
            let validity = Validity::new(from, to).unwrap();
            prop_assert_eq!((validity.start(), validity.end()), (from, to));
        }
    }

    #[test]
    fn the_district_tier_ended_with_the_thirtieth_of_june() {
        let to = NaiveDate::from_ymd_opt(2025, 7, 1);
        let districts = Validity::new(None, to).unwrap();
        assert!(districts.contains(NaiveDate::from_ymd_opt(2025, 6, 30).unwrap()));
        assert!(!districts.contains(to.unwrap()));
    }

    #[test]
    fn a_validity_of_no_day_or_beyond_the_calendar_is_refused() {
        let new_year = NaiveDate::from_ymd_opt(2020, 1, 1);
        assert_eq!(
            Validity::new(new_year, new_year),
            Err((End::To, Code::ValidityEmpty))
        );
        let too_early = NaiveDate::from_ymd_opt(1899, 12, 31);
        assert_eq!(
            Validity::new(too_early, None),
            Err((End::From, Code::DateOutOfRange))
        );
        let too_late = NaiveDate::from_ymd_opt(3000, 1, 1);
        assert_eq!(
            Validity::new(None, too_late),
            Err((End::To, Code::DateOutOfRange))
        );
    }
}

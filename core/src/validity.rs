//! From when to when something holds.

use chrono::NaiveDate;

use crate::day::Day;
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
impl Validity {
    /// Both ends; `None` is open.
    pub fn new(from: Option<Day>, to: Option<Day>) -> Result<Self, Code> {
        let validity = Self {
            from: from.map_or(ALWAYS, |day| day.0),
            to: to.map_or(FOREVER, |day| day.0),
        };
        if validity.from < validity.to {
            Ok(validity)
        } else {
            Err(Code::ValidityEmpty)
        }
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && day < self.to
    }

    /// Whether there is a day in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// How many days lie in both.
    pub fn days_shared(self, other: Self) -> i64 {
        let from = self.from.max(other.from);
        let to = self.to.min(other.to);
        (to - from).num_days().max(0)
    }

    /// The first day, or `None` when it has always held.
    pub fn start(self) -> Option<Day> {
        (self.from != ALWAYS).then_some(Day(self.from))
    }

    /// The first day after it, or `None` when no end is known.
    pub fn end(self) -> Option<Day> {
        (self.to != FOREVER).then_some(Day(self.to))
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use proptest::prelude::*;

    use super::*;
    use crate::day::FIRST_DAY;

    fn day(n: i64) -> Day {
        Day(FIRST_DAY + Duration::days(n))
    }

    /// Any validity within the first 120 days, open ends too.
    fn any_validity() -> impl Strategy<Value = Validity> {
        (
            proptest::option::of(0..119i64),
            proptest::option::of(1..120i64),
        )
            .prop_filter_map("empty", |(from, to)| {
                Validity::new(from.map(day), to.map(day)).ok()
            })
    }

    proptest! {
        #[test]
        fn two_overlap_exactly_when_they_share_a_day(a in any_validity(), b in any_validity()) {
            let shared = (-2..122).map(|n| day(n).0).any(|d| a.contains(d) && b.contains(d));
            prop_assert_eq!(a.overlaps(b), shared);
            prop_assert_eq!(a.days_shared(b) > 0, shared);
            prop_assert_eq!(b.overlaps(a), shared);
        }

        #[test]
        fn what_was_read_is_written_back(from in proptest::option::of(0..9000i64), len in proptest::option::of(1..9000i64)) {
            let to = len.map(|len| day(from.unwrap_or(0) + len));
            let from = from.map(day);
            let validity = Validity::new(from, to).unwrap();
            prop_assert_eq!((validity.start(), validity.end()), (from, to));
        }
    }

    #[test]
    fn the_district_tier_ended_with_the_thirtieth_of_june() {
        let districts = Validity::new(None, "2025-07-01".parse().ok()).unwrap();
        let holds_on = |text: &str| districts.contains(text.parse::<Day>().unwrap().0);
        assert!(holds_on("2025-06-30"));
        assert!(!holds_on("2025-07-01"));
    }

    #[test]
    fn a_validity_of_no_day_is_refused() {
        let same = Validity::new(Some(day(7)), Some(day(7)));
        assert_eq!(same, Err(Code::ValidityEmpty));
        assert_eq!(
            Validity::new(Some(day(8)), Some(day(7))),
            Err(Code::ValidityEmpty)
        );
    }
}

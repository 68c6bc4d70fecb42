//! Pace: whether a total that grows over a period is on the way to its target.

use chrono::NaiveDate;
use liendoan_core::quantity::Total;
use liendoan_core::validity::Validity;
use serde::Serialize;
use utoipa::ToSchema;

use super::target::Direction;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TargetPace)]
pub enum Pace {
    OnPace,
    Behind,
    /// Where less is better: not more than is expected by now.
    Within,
    /// Where less is better: more than is expected by now.
    Over,
    /// What is told proves neither.
    Undecided,
}

/// The share of a target that falls on the days of its period up to today: target × days so far / days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    direction: Direction,
    /// Target × days so far.
    share: i128,
    days: i128,
}

impl Expected {
    /// None where the target is 0 and before the period has begun.
    pub fn by(
        today: NaiveDate,
        target: i64,
        direction: Direction,
        period: Validity,
    ) -> Option<Self> {
        let days = (period.to - period.from).num_days();
        let so_far = ((today - period.from).num_days() + 1).min(days);
        (target > 0 && so_far > 0).then(|| Self {
            direction,
            share: i128::from(target) * i128::from(so_far),
            days: i128::from(days),
        })
    }

    /// The least whole number that is on pace; where less is better, the greatest that is within.
    pub fn number(&self) -> i128 {
        match self.direction {
            Direction::MoreIsBetter => -(-self.share).div_euclid(self.days),
            Direction::LessIsBetter => self.share.div_euclid(self.days),
        }
    }

    pub fn pace(&self, achieved: &Total) -> Pace {
        // Compared as fractions: nothing is rounded.
        let achieved = Total {
            min: achieved.min * self.days,
            max: achieved.max.map(|max| max * self.days),
            ..*achieved
        };
        match self.direction {
            Direction::MoreIsBetter if achieved.is_at_least(self.share) => Pace::OnPace,
            Direction::MoreIsBetter if achieved.is_below(self.share) => Pace::Behind,
            Direction::LessIsBetter if achieved.is_at_most(self.share) => Pace::Within,
            Direction::LessIsBetter if achieved.is_above(self.share) => Pace::Over,
            _ => Pace::Undecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use liendoan_core::period::Period;
    use liendoan_core::quantity::{Qualifier, Quantity};
    use proptest::prelude::*;

    use super::*;
    use Direction::{LessIsBetter, MoreIsBetter};

    fn expected(today: &str, target: i64, direction: Direction) -> Option<Expected> {
        let year = "2024".parse::<Period>().unwrap().range().unwrap();
        Expected::by(today.parse().unwrap(), target, direction, year)
    }

    #[test]
    fn half_of_the_days_expect_half_of_the_target() {
        for (today, number) in [
            ("2024-01-01", 1),
            ("2024-06-30", 182),
            ("2024-12-31", 366),
            ("2025-03-01", 366),
        ] {
            assert_eq!(
                expected(today, 366, MoreIsBetter).unwrap().number(),
                number,
                "{today}"
            );
        }
    }

    #[test]
    fn before_the_period_and_without_a_target_nothing_is_expected() {
        assert_eq!(expected("2023-12-31", 366, MoreIsBetter), None);
        assert_eq!(expected("2024-06-30", 0, LessIsBetter), None);
    }

    #[test]
    fn only_what_is_proven_is_on_pace() {
        let of = Quantity::of;
        for (achieved, direction, pace) in [
            (Quantity::exact(182), MoreIsBetter, Pace::OnPace),
            (Quantity::exact(181), MoreIsBetter, Pace::Behind),
            (of(Qualifier::MoreThan, 182), MoreIsBetter, Pace::OnPace),
            (of(Qualifier::Nearly, 182), MoreIsBetter, Pace::Behind),
            (of(Qualifier::About, 300), MoreIsBetter, Pace::Undecided),
            (Quantity::exact(182), LessIsBetter, Pace::Within),
            (Quantity::exact(183), LessIsBetter, Pace::Over),
            (of(Qualifier::MoreThan, 182), LessIsBetter, Pace::Over),
            (of(Qualifier::AtLeast, 182), LessIsBetter, Pace::Undecided),
            (of(Qualifier::AtMost, 182), LessIsBetter, Pace::Within),
        ] {
            let expected = expected("2024-06-30", 366, direction).unwrap();
            assert_eq!(expected.pace(&achieved.total()), pace, "{achieved:?}");
        }
    }

    proptest! {
        #[test]
        fn the_number_that_is_shown_decides(target in 1..500_i64, days in 0..366_u64, achieved in 0..500_i64) {
            let first: NaiveDate = "2024-01-01".parse().unwrap();
            let today = (first + chrono::Days::new(days)).to_string();
            let total = Quantity::exact(achieved).total();
            let more = expected(&today, target, MoreIsBetter).unwrap();
            let is_on_pace = more.pace(&total) == Pace::OnPace;
            prop_assert_eq!(is_on_pace, i128::from(achieved) >= more.number());
            let less = expected(&today, target, LessIsBetter).unwrap();
            let is_within = less.pace(&total) == Pace::Within;
            prop_assert_eq!(is_within, i128::from(achieved) <= less.number());
        }
    }
}

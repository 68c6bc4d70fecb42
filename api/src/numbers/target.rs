//! Targets: whether one is met, and what becomes of it when its unit moves.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use liendoan_core::quantity::{Total, VALUE_MAX};
use liendoan_core::validity::Validity;
use liendoan_core::{Code, Error, Result, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TargetDirection)]
pub enum Direction {
    MoreIsBetter,
    LessIsBetter,
}

/// What became of a target. It counts as met or not met only where the total proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TargetOutcome)]
pub enum Outcome {
    Met,
    NotMet,
    /// Not proven, and the period still runs.
    Open,
    /// Not proven, and the period is over.
    Undecided,
    /// There is no data.
    NotReported,
}

/// What was achieved against a target in the same units. `is_over`: the last day of its period, or of its unit, lies
/// before today.
pub fn outcome(
    achieved: Option<&Total>,
    target: i64,
    direction: Direction,
    is_over: bool,
) -> Outcome {
    let Some(achieved) = achieved else {
        return Outcome::NotReported;
    };
    let target = i128::from(target);
    // More can't become less, nor the other way round; only the end of the period decides the rest.
    let (is_met, is_not_met) = match direction {
        Direction::MoreIsBetter => (
            achieved.is_at_least(target),
            is_over && achieved.is_below(target),
        ),
        Direction::LessIsBetter => (
            is_over && achieved.is_at_most(target),
            achieved.is_above(target),
        ),
    };
    match (is_met, is_not_met, is_over) {
        (true, _, _) => Outcome::Met,
        (_, true, _) => Outcome::NotMet,
        (_, _, false) => Outcome::Open,
        (_, _, true) => Outcome::Undecided,
    }
}

/// What a superior's target leaves when those below it have theirs. Below zero where more was assigned.
pub fn remaining(target: i64, assigned: &[i64]) -> i128 {
    i128::from(target) - assigned.iter().copied().map(i128::from).sum::<i128>()
}

/// What becomes of a unit's target when it moves to another superior. The unit's own stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TargetOnMove)]
pub enum OnMove {
    /// Nothing changes.
    Stay,
    /// It goes with the unit.
    Move,
    /// What falls on the days from the move on goes with the unit.
    ProRata,
}

impl OnMove {
    /// How much of a target for a period goes with a unit that moves on a day. All that does not divide goes too.
    pub fn part_that_goes(self, target: i64, period: Validity, day: NaiveDate) -> i64 {
        let days = (period.to - period.from).num_days();
        let before = (day - period.from).num_days().clamp(0, days);
        match self {
            Self::Stay => 0,
            Self::Move => target,
            Self::ProRata => {
                let stays = i128::from(target) * i128::from(before) / i128::from(days.max(1));
                target - i64::try_from(stays).unwrap_or(target)
            }
        }
    }
}

/// The new targets of superiors when a part goes from one line to another. Lines go from the direct superior up. Those
/// above both lines keep theirs; who has no target gets none.
pub fn handed_over(
    part: i64,
    old: &[UnitId],
    new: &[UnitId],
    targets: &BTreeMap<UnitId, i64>,
) -> Result<BTreeMap<UnitId, i64>> {
    let shift = |line: &[UnitId], other: &[UnitId], part: i64| {
        let own = line.iter().filter(|unit| !other.contains(unit));
        let with_target = own.filter_map(|unit| Some((*unit, targets.get(unit)?)));
        with_target
            .map(|(unit, target)| match target.saturating_add(part) {
                ..0 => Err(Error::new(Code::TargetBelowZero).with("unit", unit.0)),
                target if target > VALUE_MAX => Err(Code::ValueOutOfRange.into()),
                target => Ok((unit, target)),
            })
            .collect::<Result<Vec<_>>>()
    };
    let taken = shift(old, new, -part)?;
    let added = shift(new, old, part)?;
    Ok(taken.into_iter().chain(added).collect())
}

#[cfg(test)]
mod tests {
    use liendoan_core::period::Period;
    use liendoan_core::quantity::{Qualifier, Quantity};
    use proptest::prelude::*;

    use super::*;
    use Direction::{LessIsBetter, MoreIsBetter};

    const RUNS: bool = false;
    const OVER: bool = true;

    fn year(text: &str) -> Validity {
        text.parse::<Period>().unwrap().range().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn only_what_is_proven_is_met() {
        let of = Quantity::of;
        for (achieved, target, direction, is_over, expected) in [
            (Quantity::exact(850), 850, MoreIsBetter, RUNS, Outcome::Met),
            (Quantity::exact(849), 850, MoreIsBetter, RUNS, Outcome::Open),
            (
                Quantity::exact(849),
                850,
                MoreIsBetter,
                OVER,
                Outcome::NotMet,
            ),
            (
                of(Qualifier::MoreThan, 850),
                850,
                MoreIsBetter,
                RUNS,
                Outcome::Met,
            ),
            (
                of(Qualifier::Nearly, 850),
                850,
                MoreIsBetter,
                OVER,
                Outcome::NotMet,
            ),
            (
                of(Qualifier::Nearly, 850),
                850,
                MoreIsBetter,
                RUNS,
                Outcome::Open,
            ),
            (
                of(Qualifier::Nearly, 5_000),
                4_000,
                MoreIsBetter,
                OVER,
                Outcome::Undecided,
            ),
            (
                of(Qualifier::AtMost, 850),
                850,
                MoreIsBetter,
                OVER,
                Outcome::Undecided,
            ),
            (
                of(Qualifier::About, 900),
                850,
                MoreIsBetter,
                OVER,
                Outcome::Undecided,
            ),
            (Quantity::exact(0), 0, LessIsBetter, RUNS, Outcome::Open),
            (Quantity::exact(0), 0, LessIsBetter, OVER, Outcome::Met),
            (Quantity::exact(1), 0, LessIsBetter, RUNS, Outcome::NotMet),
            (
                of(Qualifier::MoreThan, 5),
                5,
                LessIsBetter,
                RUNS,
                Outcome::NotMet,
            ),
            (
                of(Qualifier::AtLeast, 5),
                5,
                LessIsBetter,
                OVER,
                Outcome::Undecided,
            ),
            (
                of(Qualifier::AtMost, 5),
                5,
                LessIsBetter,
                OVER,
                Outcome::Met,
            ),
        ] {
            let total = achieved.total();
            let outcome = outcome(Some(&total), target, direction, is_over);
            assert_eq!(outcome, expected, "{achieved:?} of {target}");
        }
    }

    #[test]
    fn without_data_nothing_is_reported() {
        for is_over in [RUNS, OVER] {
            assert_eq!(
                outcome(None, 0, LessIsBetter, is_over),
                Outcome::NotReported
            );
        }
    }

    #[test]
    fn more_may_be_assigned_than_there_is() {
        assert_eq!(remaining(10, &[4, 3]), 3);
        assert_eq!(remaining(10, &[8, 3]), -1);
    }

    #[test]
    fn a_target_is_divided_by_days() {
        let goes = |rule: OnMove, moved_on| rule.part_that_goes(10, year("2024"), day(moved_on));
        assert_eq!(goes(OnMove::ProRata, "2024-12-19"), 1);
        assert_eq!(goes(OnMove::ProRata, "2024-01-01"), 10);
        assert_eq!(goes(OnMove::ProRata, "2025-01-01"), 0);
        assert_eq!(goes(OnMove::Stay, "2024-12-19"), 0);
        assert_eq!(goes(OnMove::Move, "2024-12-19"), 10);
    }

    #[test]
    fn a_superior_does_not_owe_targets() {
        let (old, new) = (UnitId(1), UnitId(2));
        let targets = BTreeMap::from([(old, 4), (new, 9)]);
        let refused = handed_over(5, &[old], &[new], &targets).unwrap_err();
        assert_eq!(refused.code(), Code::TargetBelowZero);
    }

    #[test]
    fn who_has_no_target_gets_none() {
        let (district, ward, city) = (UnitId(1), UnitId(2), UnitId(3));
        let targets = BTreeMap::from([(district, 10), (city, 50)]);
        let handed = handed_over(4, &[district, city], &[ward, city], &targets).unwrap();
        assert_eq!(handed, BTreeMap::from([(district, 6)]));
    }

    proptest! {
        /// Invariant I-14 of figures.
        #[test]
        fn what_is_handed_over_is_neither_lost_nor_made(
            own in 0..1_000_i64, rests in prop::array::uniform3(0..1_000_i64), moved_on in 0..366_u64, is_whole: bool
        ) {
            let (old, new, common) = (UnitId(1), UnitId(2), UnitId(3));
            let targets = BTreeMap::from([(old, own + rests[0]), (new, rests[1]), (common, rests[2])]);
            let rule = if is_whole { OnMove::Move } else { OnMove::ProRata };
            let moved_on = day("2024-01-01") + chrono::Days::new(moved_on);
            let part = rule.part_that_goes(own, year("2024"), moved_on);
            let handed = handed_over(part, &[old, common], &[new, common], &targets).unwrap();
            prop_assert!(!handed.contains_key(&common));
            prop_assert_eq!(handed[&old] + handed[&new], targets[&old] + targets[&new]);
        }

        #[test]
        fn no_total_proves_two_things(
            value in 1..100_i64, target in 0..100_i64, qualifier in prop::sample::select(vec![
                Qualifier::Exact, Qualifier::AtLeast, Qualifier::MoreThan, Qualifier::Nearly, Qualifier::AtMost, Qualifier::About
            ])
        ) {
            let total = Quantity::of(qualifier, value).total();
            let target = i128::from(target);
            prop_assert!(!(total.is_at_least(target) && total.is_below(target)));
            prop_assert!(!(total.is_at_most(target) && total.is_above(target)));
        }
    }
}

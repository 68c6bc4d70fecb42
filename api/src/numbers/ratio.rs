//! Percents: how much one total is of another.

use liendoan_core::quantity::{Hedge, Notation, Sum, Total};
use liendoan_core::{Code, Language};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a ratio compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RatioKind)]
pub enum Kind {
    /// The target that was assigned: progress, which may go over 100 %.
    AgainstTarget,
    /// The units that are due: coverage.
    ShareOfDue,
    ShareOfPopulation,
    /// The members of the field in which a rank was taken: no percent.
    FieldSize,
}

impl Kind {
    /// Refuses a part that was said to be more than its whole.
    pub fn check(self, part: &Total, whole: &Total) -> Result<(), Code> {
        let is_part = matches!(self, Self::ShareOfDue | Self::ShareOfPopulation);
        let is_over = |whole| part.said.0 > whole || part.is_above(whole);
        if is_part && whole.exact().is_some_and(is_over) {
            Err(Code::PartOverWhole)
        } else {
            Ok(())
        }
    }

    /// Hundredths of a percent, from numbers in the same units. None where there is no percent: nothing to compare with
    /// or nothing exact, no data, no number.
    pub fn percent(self, x: Option<&Total>, y: Option<&Total>) -> Option<Total> {
        let y = y.and_then(Total::exact).filter(|y| *y > 0)?;
        let x = x.filter(|x| self != Self::FieldSize && !x.is_unquantified())?;
        Some(hundredths(x, y))
    }

    /// Of a group: the sums are compared. A mean of percents would weigh a small member like a large one.
    pub fn percent_of_group(self, members: &[(Sum, Sum)]) -> Option<Total> {
        let x = members.iter().map(|(x, _)| *x).sum::<Sum>().total();
        let y = members.iter().map(|(_, y)| *y).sum::<Sum>().total();
        self.percent(x.as_ref(), y.as_ref())
    }
}

/// Rounded half up where the number is exact or about; else outward, so that what is said stays true.
fn hundredths(x: &Total, y: i128) -> Total {
    let down = |value: i128| (value * 10_000).div_euclid(y);
    let up = |value: i128| -(-value * 10_000).div_euclid(y);
    let nearest = |value: i128| (value * 20_000 + y).div_euclid(2 * y);

    let (min, max) = x.said;
    let said = match x.hedge {
        Hedge::Exact if min == max => (nearest(min), nearest(max)),
        Hedge::About => (nearest(min), nearest(max)),
        Hedge::AtLeast | Hedge::MoreThan if min == max => (down(min), down(max)),
        Hedge::Nearly | Hedge::AtMost if min == max => (up(min), up(max)),
        _ => (down(min), up(max)),
    };
    let sure = match x.exact() {
        Some(_) => (said.0, Some(said.1)),
        None => (down(x.min), x.max.map(up)),
    };
    Total {
        said,
        min: sure.0,
        max: sure.1,
        ..*x
    }
}

/// `118,94 %` in Vietnamese, `118.94%` in English; `–` where there is none.
pub fn print(percent: Option<&Total>, language: Language) -> String {
    let notation = Notation {
        language,
        decimals: 2,
        sign: Some("%"),
    };
    percent.map_or("–".to_owned(), |percent| percent.print(notation))
}

#[cfg(test)]
mod tests {
    use liendoan_core::quantity::{Qualifier, Quantity};
    use proptest::prelude::*;

    use super::*;

    fn percent(x: Quantity, y: Quantity) -> Option<Total> {
        Kind::AgainstTarget.percent(Some(&x.total()), Some(&y.total()))
    }

    fn printed(x: Quantity, y: i64) -> String {
        let percent = percent(x, Quantity::exact(y));
        print(percent.as_ref(), Language::Vietnamese).replace('\u{a0}', " ")
    }

    #[test]
    fn percents_have_two_decimals_half_up() {
        for (x, y, expected) in [
            (18, 17, "105,88 %"),
            (1_011, 850, "118,94 %"),
            (185, 348, "53,16 %"),
            (14, 29, "48,28 %"),
            (1, 32, "3,13 %"),
            (0, 7, "0,00 %"),
            (7, 7, "100,00 %"),
        ] {
            assert_eq!(printed(Quantity::exact(x), y), expected);
        }
    }

    #[test]
    fn qualified_percents_stay_true() {
        let of = Quantity::of;
        for (x, y, expected) in [
            (of(Qualifier::MoreThan, 14), 29, "hơn 48,27 %"),
            (of(Qualifier::AtLeast, 14), 29, "ít nhất 48,27 %"),
            (of(Qualifier::Nearly, 14), 29, "gần 48,28 %"),
            (of(Qualifier::AtMost, 1), 3, "tối đa 33,34 %"),
            (of(Qualifier::About, 14), 29, "khoảng 48,28 %"),
            (Quantity::range(1, 4), 9, "từ 11,11 % đến 44,45 %"),
            (Quantity::magnitude(10), 30, "từ 33,33 % đến dưới 333,34 %"),
        ] {
            assert_eq!(printed(x, y), expected);
        }
    }

    #[test]
    fn each_language_writes_percents_in_its_way() {
        let percent = percent(Quantity::exact(1_011), Quantity::exact(850));
        assert_eq!(
            print(percent.as_ref(), Language::Vietnamese),
            "118,94\u{a0}%"
        );
        assert_eq!(print(percent.as_ref(), Language::English), "118.94%");
        assert_eq!(print(None, Language::English), "–");
    }

    #[test]
    fn without_two_numbers_there_is_no_percent() {
        let (some, zero) = (Quantity::exact(5), Quantity::exact(0));
        let about = Quantity::of(Qualifier::About, 5);
        assert_eq!(percent(some, zero), None);
        assert_eq!(percent(some, about), None);
        assert_eq!(percent(Quantity::unquantified(), some), None);
        let five = some.total();
        assert_eq!(Kind::AgainstTarget.percent(None, Some(&five)), None);
        assert_eq!(Kind::AgainstTarget.percent(Some(&five), None), None);
        assert_eq!(Kind::FieldSize.percent(Some(&five), Some(&five)), None);
    }

    #[test]
    fn a_part_is_not_more_than_its_whole() {
        let whole = Quantity::exact(29).total();
        let is_refused = |kind: Kind, part: Quantity| kind.check(&part.total(), &whole).is_err();
        for (part, over) in [
            (Quantity::exact(29), false),
            (Quantity::exact(30), true),
            (Quantity::of(Qualifier::AtLeast, 29), false),
            (Quantity::of(Qualifier::MoreThan, 29), true),
            (Quantity::of(Qualifier::Nearly, 30), true),
            (Quantity::magnitude(10), false),
        ] {
            assert_eq!(is_refused(Kind::ShareOfDue, part), over, "{part:?}");
            assert_eq!(is_refused(Kind::ShareOfPopulation, part), over, "{part:?}");
            assert!(!is_refused(Kind::AgainstTarget, part), "{part:?}");
        }
    }

    #[test]
    fn a_group_is_no_mean_of_its_members() {
        let pair = |x, y| {
            (
                Sum::from(&Quantity::exact(x)),
                Sum::from(&Quantity::exact(y)),
            )
        };
        let percent = Kind::AgainstTarget.percent_of_group(&[pair(1, 1), pair(0, 99)]);
        assert_eq!(percent.unwrap().exact(), Some(100));
    }

    proptest! {
        #[test]
        fn a_qualified_percent_holds_whatever_the_number_is(
            min in 0..1_000_i64, more in 1..1_000_i64, y in 1..1_000_i64, part in 0..=100_i64
        ) {
            let max = min + more;
            let percent = percent(Quantity::range(min, max), Quantity::exact(y)).unwrap();
            let x = i128::from(min + more * part / 100);
            prop_assert!(percent.min * i128::from(y) <= x * 10_000);
            prop_assert!(percent.max.unwrap() * i128::from(y) >= x * 10_000);
        }
    }
}

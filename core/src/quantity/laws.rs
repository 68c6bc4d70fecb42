//! What must hold of all quantities and sums (invariant I-13 of figures).

use proptest::prelude::*;

use super::{Notation, Qualifier, Quantity, Sum, Total, VALUE_MAX};
use crate::Language;

fn any_quantity() -> impl Strategy<Value = Quantity> {
    let number = || prop_oneof![0..20_i64, 0..=VALUE_MAX];
    let some = || prop_oneof![1..20_i64, 1..=VALUE_MAX];
    prop_oneof![
        number().prop_map(Quantity::exact),
        number().prop_map(|value| Quantity::of(Qualifier::AtLeast, value)),
        number().prop_map(|value| Quantity::of(Qualifier::MoreThan, value)),
        some().prop_map(|value| Quantity::of(Qualifier::Nearly, value)),
        some().prop_map(|value| Quantity::of(Qualifier::AtMost, value)),
        some().prop_map(|value| Quantity::of(Qualifier::About, value)),
        (number(), number())
            .prop_filter("a < b", |(a, b)| a != b)
            .prop_map(|(a, b)| Quantity::range(a.min(b), a.max(b))),
        (1..15_u32).prop_map(|power| Quantity::magnitude(10_i64.pow(power))),
        Just(Quantity::unquantified()),
    ]
}

fn any_sum() -> impl Strategy<Value = Sum> {
    proptest::collection::vec(any_quantity(), 0..5).prop_map(|terms| sum(&terms))
}

fn sum(terms: &[Quantity]) -> Sum {
    terms.iter().map(Sum::from).sum()
}

fn holds(total: &Total, value: i128) -> bool {
    let is_above = if total.min_open {
        total.min < value
    } else {
        total.min <= value
    };
    is_above
        && total.max.is_none_or(|max| {
            if total.max_open {
                value < max
            } else {
                value <= max
            }
        })
}

/// A quantity and a number that it may stand for.
fn quantity_and_number() -> impl Strategy<Value = (Quantity, i128)> {
    (any_quantity(), 0..=2 * VALUE_MAX, 0..20_i64).prop_map(|(quantity, far, near)| {
        let total = quantity.total();
        let (far, near) = (i128::from(far), i128::from(near));
        let least = total.min + i128::from(total.min_open);
        let numbers = [far, near, total.said.0, least + near, least];
        let number = numbers.into_iter().find(|number| holds(&total, *number));
        (quantity, number.unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn sums_are_a_commutative_group(a in any_sum(), b in any_sum(), c in any_sum()) {
        prop_assert_eq!((a + b) + c, a + (b + c));
        prop_assert_eq!(a + b, b + a);
        prop_assert_eq!(a + Sum::default(), a);
        prop_assert_eq!((a + b) - b, a);
        prop_assert!((a + -a).is_nothing());
    }

    #[test]
    fn the_sure_part_holds_every_sum_of_what_the_terms_may_be(
        terms in proptest::collection::vec(quantity_and_number(), 1..5)
    ) {
        let quantities: Vec<_> = terms.iter().map(|(quantity, _)| *quantity).collect();
        let value: i128 = terms.iter().map(|(_, number)| number).sum();
        let total = sum(&quantities).total().unwrap();
        prop_assert!(holds(&total, value), "{value} is outside {total:?}");
    }

    #[test]
    fn an_exact_zero_changes_nothing_that_is_read(terms in any_sum()) {
        let with_zero = terms + Sum::from(&Quantity::exact(0));
        let nothing = Quantity::exact(0).total();
        prop_assert_eq!(with_zero.total(), Some(terms.total().unwrap_or(nothing)));
    }

    #[test]
    fn what_is_printed_is_read_back(
        quantity in any_quantity(), decimals in 0..4_u32, sign in proptest::option::of(Just("đồng"))
    ) {
        let notation = Notation { language: Language::Vietnamese, decimals, sign };
        let text = quantity.total().print(notation);
        prop_assert_eq!(Quantity::read(&text, decimals, sign), Ok(quantity), "{}", text);
    }

    #[test]
    fn a_sum_has_one_text(sum in any_sum()) {
        prop_assert_eq!(sum.to_string().parse::<Sum>().unwrap(), sum);
        let json = serde_json::to_string(&sum).unwrap();
        prop_assert_eq!(serde_json::from_str::<Sum>(&json).unwrap(), sum);
    }

    #[test]
    fn a_single_quantity_is_answered_as_it_was_told(quantity in any_quantity()) {
        let view = quantity.total().view().unwrap();
        let told = (view.qualifier, view.value, view.value_min, view.value_max);
        let Quantity { qualifier, value, value_min, value_max } = quantity;
        prop_assert_eq!(told, (qualifier, value, value_min, value_max));
    }
}

#[test]
fn no_data_is_not_zero() {
    assert_eq!(Sum::default().total(), None);
    assert_eq!(sum(&[Quantity::exact(0)]).total().unwrap().exact(), Some(0));
}

#[test]
fn the_text_of_a_sum_is_short() {
    let more = Quantity::of(Qualifier::MoreThan, 30_000);
    for (terms, text) in [
        (vec![], "0"),
        (vec![Quantity::exact(0)], "1"),
        (vec![Quantity::exact(5), Quantity::exact(3)], "2 8 8 8 8"),
        (
            vec![more, Quantity::exact(500)],
            "2 30500 30500 30500 500 0 0 1",
        ),
    ] {
        assert_eq!(sum(&terms).to_string(), text);
    }
    for bad in ["", "x", "1 2 3 4 5 6 7 8 9 10 11 12 13", "1  2"] {
        assert!(bad.parse::<Sum>().is_err(), "{bad}");
    }
}

#[test]
fn a_total_that_json_can_not_hold_is_not_answered() {
    let largest = Quantity::exact(VALUE_MAX);
    assert!(sum(&[largest]).total().unwrap().view().is_ok());
    assert!(
        sum(&[largest, Quantity::exact(1)])
            .total()
            .unwrap()
            .view()
            .is_err()
    );
}

#[test]
fn a_view_says_what_is_sure() {
    let total = sum(&[Quantity::magnitude(1_000), Quantity::exact(500)]).total();
    let view = serde_json::to_value(total.unwrap().view().unwrap()).unwrap();
    assert_eq!(
        view,
        serde_json::json!({
            "qualifier": "range", "value": null, "value_min": 1500, "value_max": 10500,
            "min": 1500, "min_open": false, "max": 10500, "max_open": true, "unquantified": 0
        })
    );
}

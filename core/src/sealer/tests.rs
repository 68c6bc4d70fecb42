//! What the chain notices.

use super::*;

fn log(n: i64) -> Vec<Sealed> {
    let mut chain = Chain::start();
    let event = |n: i64| Unsealed {
        id: n,
        event_type: "unit_kind.created".to_owned(),
        subject_id: n * 7,
        subject_version: 1,
        occurred_at: Timestamp::default(),
        data: format!("{{\"n\":{n}}}"),
        units: (n % 2 == 0).then(|| format!("[{n}]")),
    };
    (1..=n)
        .map(|n| sealed(&mut chain, event(n)).unwrap())
        .collect()
}

fn broken_at(log: &[Sealed]) -> Option<i64> {
    let mut chain = Chain::start();
    let misfit = log.iter().find(|event| !fits(&mut chain, event).unwrap());
    misfit.map(|_| chain.position)
}

#[test]
fn an_untouched_log_verifies() {
    assert_eq!(broken_at(&log(20)), None);
}

#[test]
fn an_edit_a_gap_and_a_swap_are_found_where_they_are() {
    let mut edited = log(20);
    edited[7].data = "{\"n\":0}".to_owned();
    assert_eq!(broken_at(&edited), Some(8));

    let mut shown_to_others = log(20);
    shown_to_others[7].units = None;
    assert_eq!(broken_at(&shown_to_others), Some(8));

    let mut shortened = log(20);
    shortened.remove(7);
    assert_eq!(broken_at(&shortened), Some(8));

    let mut swapped = log(20);
    swapped.swap(7, 8);
    assert_eq!(broken_at(&swapped), Some(8));
}

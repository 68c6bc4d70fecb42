//! The tree beside a naive model of it: random lists of decisions, recorded, corrected, annulled and reversed.

mod alone;
mod apply;
pub mod bench;
mod broken;
mod checks;
mod generate;
mod guess;
mod kinds;
pub mod model;
mod reading;
mod reversal;
mod tally;
pub mod unit;

use std::panic::AssertUnwindSafe;

use bench::Bench;
use futures_util::FutureExt;
use unit::{Tree, Unit};

use crate::support::seed;

/// Changes tried on one tree before it is annulled, decision by decision.
const CHANGES: usize = 60;
/// Trees after which every operation must have been met.
const TREES_MAX: usize = 10;

/// Grows at least so many trees; answers once every operation was accepted.
async fn grow(bench: &mut Bench<'_>, trees: usize, title: &str) {
    for tree in 0.. {
        let has_met_all = bench.tally.missing().is_empty();
        if tree >= trees && (has_met_all || tree >= trees + TREES_MAX) {
            break;
        }
        for _ in 0..CHANGES {
            bench.step().await;
        }
        bench.compare_all().await;
        bench.annul_all().await;
    }
    bench.tally.print(title);
    assert_eq!(bench.tally.missing(), [""; 0], "never accepted");
}

/// Makes the model err on its last day, in a unit below the root.
fn spoil(tree: &mut Tree, how: fn(&mut Unit)) {
    let unit = tree
        .values_mut()
        .find(|unit| unit.is_living && unit.parent.is_some());
    how(unit.unwrap());
}

const ERRORS: [fn(&mut Unit); 6] = [
    |unit| unit.name.push('!'),
    |unit| unit.short_name = Some("!".to_owned()),
    |unit| unit.kind.push('!'),
    |unit| unit.employer_type = Some("!".to_owned()),
    |unit| unit.parent = Some("!".to_owned()),
    |unit| unit.is_living = false,
];

on_both_engines! {
    async fn a_tree_that_differs_in_one_place_would_be_noticed(app: App) {
        let mut bench = Bench::new(&app, seed()).await;
        while bench.model.steps.is_empty() {
            bench.step().await;
        }
        bench.compare_all().await;
        let truth = bench.model.clone();
        for (place, error) in ERRORS.into_iter().enumerate() {
            bench.model = truth.clone();
            spoil(&mut bench.model.steps.last_mut().unwrap().after, error);
            let compared = AssertUnwindSafe(bench.compare_all()).catch_unwind().await;
            assert!(compared.is_err(), "{place} went unnoticed");
        }
        bench.model = truth;
        bench.compare_all().await;
    }

    async fn the_tree_is_what_the_list_of_decisions_says(app: App) {
        let mut bench = Bench::new(&app, seed()).await;
        grow(&mut bench, 2, "tree, gate").await;
    }

    #[ignore = "long: make prove"]
    async fn the_tree_is_what_long_lists_of_decisions_say(app: App) {
        let mut bench = Bench::new(&app, seed()).await;
        grow(&mut bench, 4_000 / CHANGES + 1, "tree").await;
        assert_eq!(bench.tally.unmet(), [""; 0], "never refused for");
    }
}

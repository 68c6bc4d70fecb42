//! The tree beside a naive model of it: random lists of decisions, recorded, corrected, annulled and reversed.

mod alone;
mod apply;
mod bench;
mod broken;
mod checks;
mod generate;
mod guess;
mod kinds;
pub mod model;
mod reading;
mod reversal;
mod tally;
mod unit;

use bench::Bench;

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

on_both_engines! {
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

//! Totals beside a naive model of them: random trees that are reorganised, and figures that are told, corrected and
//! withdrawn between.

mod examples;
mod model;
mod teller;

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use liendoan::numbers::totals::rebuild;
use liendoan_core::period::Period;
use liendoan_core::quantity::Sum;
use liendoan_core::schema::totals;
use model::{View, World, around};
use rand::RngExt;
use rand::seq::IndexedRandom;
use serde_json::Value;
use teller::{MEASURES, Teller};

use crate::support::{App, open, seed, tell};
use crate::tree_model::bench::Bench;

/// Rounds after which every sort of total must have been met.
const ROUNDS_MAX: usize = 30;

/// What the server answers for a unit, once nothing waits to be added: measure by measure.
async fn answered(
    app: &App,
    unit: &str,
    period: &str,
    tree: &str,
) -> Option<BTreeMap<String, Value>> {
    loop {
        let answer = app
            .get(&format!(
                "/units/code:{unit}/totals?period={period}&tree={tree}"
            ))
            .await
            .ok();
        if answer["is_current"] == true {
            if tree == "now" && answer["lives_today"] == false {
                return None;
            }
            let items = answer["items"].as_array().unwrap().iter();
            return Some(
                items
                    .map(|item| {
                        (
                            item["measure"].as_str().unwrap().to_owned(),
                            item["total"].clone(),
                        )
                    })
                    .collect(),
            );
        }
        tokio::task::yield_now().await;
    }
}

fn shown(sum: &Sum) -> Value {
    sum.total().map_or(Value::Null, |total| {
        serde_json::to_value(total.view().unwrap()).unwrap()
    })
}

async fn compare(
    app: &App,
    bench: &Bench<'_>,
    teller: &mut Teller<'_>,
    units: &[String],
    periods: &BTreeSet<String>,
) {
    let today = app.clock.today();
    for unit in units {
        for period in periods {
            for (tree, view) in [("then", View::Then), ("now", View::Now(today))] {
                let told = answered(app, unit, period, tree).await;
                for measure in MEASURES {
                    let world = World {
                        tree: &bench.model,
                        figures: teller.told.get(measure.code).map_or(&[], Vec::as_slice),
                        measure,
                    };
                    let asked: Period = period.parse().unwrap();
                    let expected = world.total(unit, &asked, view, today);
                    let expected = expected.map(|sum| shown(&sum));
                    let answered = told
                        .as_ref()
                        .map(|told| told.get(measure.code).cloned().unwrap_or(Value::Null));
                    if answered != expected {
                        for figure in world.figures {
                            tell(&format!(
                                "{figure:?} on {:?}",
                                world.record_day(&figure.unit, &figure.period)
                            ));
                        }
                    }
                    assert_eq!(
                        answered, expected,
                        "{} of {unit} in {period}, {tree}",
                        measure.code
                    );
                    if answered.is_some_and(|answered| !answered.is_null()) {
                        teller.see(format!("compared: {} {tree}", measure.code));
                    }
                }
            }
        }
    }
}

/// Everything that is kept, in one order.
fn kept(app: &App) -> Vec<(i64, String, String, [String; 4])> {
    let query = totals::table
        .order((totals::line_id, totals::measure, totals::slot))
        .select((
            totals::line_id,
            totals::measure,
            totals::slot,
            (totals::rest, totals::own, totals::below, totals::total),
        ));
    type Row = (i64, String, String, (String, String, String, String));
    let rows: Vec<Row> = query.load(&mut open(&app.url)).unwrap();
    rows.into_iter()
        .map(|(line, measure, slot, (rest, own, below, total))| {
            (line, measure, slot, [rest, own, below, total])
        })
        .collect()
}

/// Throws away what is kept, and has it worked out from nothing.
async fn rebuild(app: &App) {
    let mut left = app.write(rebuild::begin).await.unwrap();
    while left > 0 {
        left = app.write(rebuild::go_on).await.unwrap();
    }
}

async fn play(app: &App, rounds: usize, title: &str) {
    let mut teller = Teller::new(app).await;
    let mut bench = Bench::new(app, seed()).await;
    for round in 0.. {
        if round >= rounds
            && (teller.has_compared_all() && !kept(app).is_empty() || round >= rounds + ROUNDS_MAX)
        {
            break;
        }
        for _ in 0..4 {
            bench.step().await;
        }
        let units: Vec<String> = bench.model.codes().into_iter().collect();
        if units.is_empty() {
            continue;
        }
        for _ in 0..8 {
            teller.tell(&bench.model, &units).await;
        }
        if teller.random.random_bool(0.5) {
            teller.withdraw().await;
        }
        if teller.random.random_bool(0.5) {
            teller.correct().await;
        }
        let mut periods: BTreeSet<String> = BTreeSet::new();
        for _ in 0..2 {
            if let Some((measure, place)) = teller.any_told() {
                periods.extend(around(&teller.told[measure][place].period));
            }
        }
        let some: Vec<String> = units.sample(&mut teller.random, 5).cloned().collect();
        compare(app, &bench, &mut teller, &some, &periods).await;
    }
    let before = kept(app);
    assert!(!before.is_empty());
    rebuild(app).await;
    assert!(
        kept(app) == before,
        "totals from nothing are others than those that were kept"
    );
    tell(&format!("= totals, {title}: {:?}", teller.tally));
    assert!(
        teller.has_compared_all(),
        "of some measure no total was ever compared"
    );
}

on_both_engines! {
    async fn totals_are_what_a_look_at_every_figure_says(app: App) {
        play(&app, 5, "gate").await;
    }

    #[ignore = "long: make prove"]
    async fn totals_of_long_histories_are_what_a_look_at_every_figure_says(app: App) {
        play(&app, 120, "long").await;
    }
}

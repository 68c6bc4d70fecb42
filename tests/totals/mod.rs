//! Totals beside a naive model of them: random trees that are reorganised, and figures that are told, corrected and
//! withdrawn between.

mod examples;
mod model;

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use liendoan::numbers::totals::rebuild;
use liendoan_core::period::Period;
use liendoan_core::quantity::{Quantity, Sum};
use liendoan_core::schema::totals;
use model::{Figure, Measure, View, World, around};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::activities::{step, step_because};
use crate::support::{App, Signed, open, seed, tell};
use crate::tree_model::bench::Bench;
use crate::tree_model::model::Model;

/// Each sort of total once.
const MEASURES: [Measure; 3] = [
    Measure {
        code: "t_visits",
        is_stock: false,
        replaces: false,
        carry_months: 0,
    },
    Measure {
        code: "t_admitted",
        is_stock: false,
        replaces: true,
        carry_months: 0,
    },
    Measure {
        code: "t_members",
        is_stock: true,
        replaces: true,
        carry_months: 12,
    },
];

/// Rounds after which every sort of total must have been met.
const ROUNDS_MAX: usize = 30;

const PERIODS: [&str; 18] = [
    "2019-06",
    "2019-06-15",
    "2019-H1",
    "2019",
    "2020-01",
    "2020-06",
    "2020-06-03",
    "2020-Q3",
    "2020-Q4",
    "2020-H1",
    "2020-H2",
    "2020",
    "2021-03",
    "2021",
    "R2020",
    "SY2019",
    "2019/2020",
    "L2020-tet",
];

/// The figures told so far, with who tells and who approves.
struct Teller<'a> {
    app: &'a App,
    random: StdRng,
    recorder: Signed,
    approver: Signed,
    told: BTreeMap<&'static str, Vec<Figure>>,
    tally: BTreeMap<String, usize>,
}

impl<'a> Teller<'a> {
    async fn new(app: &'a App) -> Self {
        for measure in MEASURES {
            let collected_by = if measure.replaces {
                "return"
            } else {
                "activity"
            };
            let content = json!({
                "code": measure.code, "rank": 1, "name_vi": measure.code, "name_en": measure.code,
                "kind": if measure.is_stock { "stock" } else { "flow" }, "additive": true,
                "collected_by": collected_by, "calendar": "civil", "consolidated": true, "decimals": 0,
                "carry_months": measure.is_stock.then_some(measure.carry_months),
                "unit_of_measure": "person", "part_of": null, "group": "membership",
                "from": null, "to": null, "document": null,
            });
            app.post("/measures", &content).await.created();
        }
        Self {
            app,
            random: StdRng::seed_from_u64(seed()),
            recorder: app.account("recorder", None).await,
            approver: app.account("approver", None).await,
            told: BTreeMap::new(),
            tally: BTreeMap::new(),
        }
    }

    fn see(&mut self, what: impl Into<String>) {
        *self.tally.entry(what.into()).or_default() += 1;
    }

    fn quantity(&mut self) -> Value {
        let value = self.random.random_range(0..50);
        match self.random.random_range(0..8) {
            0 => json!({"qualifier": "more_than", "value": value}),
            1 => json!({"qualifier": "nearly", "value": value + 1}),
            2 => json!({"qualifier": "range", "value_min": value, "value_max": value + 3}),
            3 => json!({"qualifier": "unquantified"}),
            _ => json!({"qualifier": "exact", "value": value}),
        }
    }

    /// Somebody tells a figure and somebody else approves it, if the rules let them.
    async fn tell(&mut self, tree: &Model, units: &[String]) {
        let measure = *MEASURES.choose(&mut self.random).unwrap();
        let unit = units.choose(&mut self.random).unwrap().clone();
        let world = World {
            tree,
            figures: &[],
            measure,
        };
        let lives = |period: &&&str| world.record_day(&unit, &period.parse().unwrap()).is_some();
        let of_life: Vec<&str> = PERIODS.iter().filter(lives).copied().collect();
        // One that never lived then is refused.
        let period = of_life.choose(&mut self.random).copied();
        let period = period.unwrap_or(PERIODS[self.random.random_range(0..PERIODS.len())]);
        let is_declared = self
            .random
            .random_bool(if measure.replaces { 0.3 } else { 0.15 });
        let quantity = self.quantity();
        let is_return = measure.replaces || is_declared;
        let (path, mut content) = if is_return {
            (
                "/returns",
                json!({"unit": unit, "form": null, "title": "Báo cáo", "period": period}),
            )
        } else {
            (
                "/activities",
                json!({
                "unit": unit, "kind": "visit", "status": "held", "title": "Thăm hỏi", "period": period}),
            )
        };
        let coverage = if is_declared { "consolidated" } else { "own" };
        content["figures"] =
            json!([{"measure": measure.code, "coverage": coverage, "quantity": quantity}]);
        let answer = self.recorder.post(path, &content).await;
        if answer.status != 201 {
            let problem: Value = serde_json::from_str(&answer.text).unwrap();
            assert!(answer.status.is_client_error(), "{problem}");
            let code = problem["errors"][0]["code"]
                .as_str()
                .or(problem["code"].as_str())
                .unwrap();
            self.see(format!("refused: {code}"));
            return;
        }
        let id = answer.created()["id"].clone();
        step(&self.recorder, &id, "submit", 1).await.ok();
        step(&self.approver, &id, "approve", 2).await.ok();
        self.told.entry(measure.code).or_default().push(Figure {
            record: id.as_i64().unwrap(),
            unit,
            is_declared,
            period: period.parse().unwrap(),
            quantity: read(&quantity),
        });
        self.see(format!("told: {coverage} {}", measure.code));
    }

    fn has_compared_all(&self) -> bool {
        let mut sorts = MEASURES
            .iter()
            .flat_map(|measure| ["then", "now"].map(|tree| (measure.code, tree)));
        sorts.all(|(code, tree)| self.tally.contains_key(&format!("compared: {code} {tree}")))
    }

    fn any_told(&mut self) -> Option<(&'static str, usize)> {
        let measure = MEASURES.choose(&mut self.random).unwrap().code;
        let told = self.told.get(measure).map_or(0, Vec::len);
        (told > 0).then(|| (measure, self.random.random_range(0..told)))
    }

    async fn withdraw(&mut self) {
        let Some((measure, place)) = self.any_told() else {
            return;
        };
        let figure = self.told.get_mut(measure).unwrap().remove(place);
        let id = json!(figure.record);
        let version = self.version(figure.record).await;
        step_because(&self.approver, &id, "withdraw", version, "Ghi nhầm")
            .await
            .ok();
        self.see("withdrawn");
    }

    async fn version(&self, record: i64) -> i64 {
        let path = format!("/records/{record}/steps");
        // Each step but the first writes a version; so does an edit, which a correction has once.
        let steps = self.app.all(&path).await;
        let edits = steps
            .iter()
            .filter(|step| step["action"] == "correct")
            .count();
        i64::try_from(1 + steps.len() + edits).unwrap()
    }

    /// What was told is corrected: until the new content is approved, the old one counts.
    async fn correct(&mut self) {
        let Some((measure, place)) = self.any_told() else {
            return;
        };
        let mut figure = self.told[measure][place].clone();
        let id = json!(figure.record);
        let version = self.version(figure.record).await;
        step_because(&self.recorder, &id, "correct", version, "Đính chính")
            .await
            .ok();
        let quantity = self.quantity();
        let coverage = if figure.is_declared {
            "consolidated"
        } else {
            "own"
        };
        let kind = if measure == "t_visits" && !figure.is_declared {
            "activities"
        } else {
            "returns"
        };
        let change =
            json!({"figures": [{"measure": measure, "coverage": coverage, "quantity": quantity}]});
        let call = self.recorder.call(Method::PATCH, &format!("/{kind}/{id}"));
        let call = call.header("if-match", &format!("\"{}\"", version + 1));
        let edited = call
            .header("content-type", "application/merge-patch+json")
            .body(change.to_string())
            .await;
        if edited.status != 200 {
            // A unit that lives no more on the days of what it told has nothing to correct.
            self.see("correction refused");
            let given_up = self.recorder.call(Method::DELETE, &format!("/{kind}/{id}"));
            given_up.header("if-match", "*").await;
            let told = self.told.get_mut(measure).unwrap();
            told.remove(place);
            let version = self.version(figure.record).await;
            step_because(&self.approver, &id, "withdraw", version + 1, "Ghi nhầm").await;
            return;
        }
        step(&self.recorder, &id, "submit", version + 2).await.ok();
        step(&self.approver, &id, "approve", version + 3).await.ok();
        figure.quantity = read(&quantity);
        let told = self.told.get_mut(measure).unwrap();
        told.remove(place);
        told.push(figure);
        self.see("corrected");
    }
}

fn read(quantity: &Value) -> Quantity {
    serde_json::from_value(quantity.clone()).unwrap()
}

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

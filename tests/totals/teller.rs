//! Somebody tells figures, and somebody else approves them; some are corrected or withdrawn.

use std::collections::BTreeMap;

use liendoan_core::quantity::Quantity;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};

use super::model::{Figure, Measure, World};
use crate::activities::{step, step_because};
use crate::support::{App, Signed, seed};
use crate::tree_model::model::Model;

/// Each sort of total once.
pub const MEASURES: [Measure; 3] = [
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
pub struct Teller<'a> {
    app: &'a App,
    pub random: StdRng,
    recorder: Signed,
    approver: Signed,
    pub told: BTreeMap<&'static str, Vec<Figure>>,
    pub tally: BTreeMap<String, usize>,
}

impl<'a> Teller<'a> {
    pub async fn new(app: &'a App) -> Self {
        for measure in &MEASURES {
            make(app, measure).await;
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

    pub fn see(&mut self, what: impl Into<String>) {
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
    pub async fn tell(&mut self, tree: &Model, units: &[String]) {
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

    pub fn has_compared_all(&self) -> bool {
        let mut sorts = MEASURES
            .iter()
            .flat_map(|measure| ["then", "now"].map(|tree| (measure.code, tree)));
        sorts.all(|(code, tree)| self.tally.contains_key(&format!("compared: {code} {tree}")))
    }

    pub fn any_told(&mut self) -> Option<(&'static str, usize)> {
        let measure = MEASURES.choose(&mut self.random).unwrap().code;
        let told = self.told.get(measure).map_or(0, Vec::len);
        (told > 0).then(|| (measure, self.random.random_range(0..told)))
    }

    pub async fn withdraw(&mut self) {
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
    pub async fn correct(&mut self) {
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

/// Enters a measure.
pub async fn make(app: &App, measure: &Measure) {
    let (kind, collected_by) = (
        if measure.is_stock { "stock" } else { "flow" },
        if measure.replaces {
            "return"
        } else {
            "activity"
        },
    );
    let content = json!({
        "code": measure.code, "rank": 1, "name_vi": measure.code, "name_en": measure.code, "kind": kind,
        "additive": true, "collected_by": collected_by, "calendar": "civil", "consolidated": true, "decimals": 0,
        "carry_months": measure.is_stock.then_some(measure.carry_months), "unit_of_measure": "person",
        "part_of": null, "group": "membership", "from": null, "to": null, "document": null,
    });
    app.post("/measures", &content).await.created();
}

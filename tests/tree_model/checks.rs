//! The server's tree beside the model's, as a reader of the API sees it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::bench::Bench;
use super::generate::NAMES;
use super::guess::units;
use super::kinds::{OPENING, day, rank};
use super::reading::{ordered_children, path};
use super::unit::{Tree, Unit, children};

const TODAY: &str = "2026-01-15";
/// The first day that may be asked for.
const FIRST: &str = "1900-01-01";

/// What is compared of each unit.
fn state(tree: &Tree) -> BTreeMap<String, Value> {
    let living = tree.iter().filter(|(_, unit)| unit.is_living);
    let states = living.map(|(code, unit)| {
        let state = json!({
            "name": unit.name, "short_name": unit.short_name, "kind": unit.kind,
            "employer_type": unit.employer_type, "parent": unit.parent
        });
        (code.clone(), state)
    });
    states.collect()
}

fn told(unit: &Value) -> (String, Value) {
    let state = json!({
        "name": unit["name"], "short_name": unit["short_name"], "kind": unit["kind"],
        "employer_type": unit["employer_type"], "parent": unit["parent"]["code"]
    });
    (unit["code"].as_str().unwrap().to_owned(), state)
}

fn codes(items: &[Value]) -> Vec<String> {
    items
        .iter()
        .map(|item| item["code"].as_str().unwrap().to_owned())
        .collect()
}

impl Bench<'_> {
    /// Days on which anything may differ from the day before, and those days before.
    fn days(&self) -> Vec<NaiveDate> {
        let mut days: BTreeSet<NaiveDate> = BTreeSet::from([day(FIRST), day(TODAY)]);
        for on in self.model.days().into_iter().filter(|on| *on != OPENING) {
            days.extend([Some(on), on.pred_opt()].into_iter().flatten());
        }
        days.retain(|on| *on >= day(FIRST));
        days.into_iter().collect()
    }

    pub async fn compare_all(&mut self) {
        for on in self.days() {
            self.compare_day(on).await;
        }
        for code in self.model.codes() {
            self.compare_unit(&code).await;
        }
        self.tally.see("whole trees compared", 1);
    }

    pub async fn compare_some(&mut self) {
        let on = self.generator.pick(&self.days()).unwrap();
        self.compare_day(on).await;
        let known: Vec<String> = self.model.codes().into_iter().collect();
        if let Some(code) = self.generator.pick(&known) {
            self.compare_unit(&code).await;
        }
    }

    async fn compare_day(&mut self, on: NaiveDate) {
        let listed = self.app.all(&format!("/units?as_of={on}")).await;
        let count = listed.len();
        let listed: BTreeMap<String, Value> = listed.iter().map(told).collect();
        assert_eq!(count, listed.len(), "a unit is listed twice on {on}");
        assert_eq!(listed, state(self.model.tree_on(on)), "on {on}");
        self.tally.see("days compared", 1);
        let living = units(self.model.tree_on(on), true);
        if self.generator.chance(0.4)
            && let Some(code) = self.generator.pick(&living)
        {
            self.compare_place(&code, on).await;
        }
    }

    /// Children in their order, path and subtree of a living unit.
    async fn compare_place(&self, code: &str, on: NaiveDate) {
        let tree = self.model.tree_on(on);
        let address = |part: &str| format!("/units/code:{code}{part}?as_of={on}");
        let order = |unit: &Unit| {
            let place = NAMES.iter().position(|name| *name == unit.name);
            (
                rank(&unit.kind),
                place.unwrap_or_else(|| panic!("no place is known of {}", unit.name)),
            )
        };
        let expected = ordered_children(tree, code, order);
        let listed = self.app.all(&address("/children")).await;
        assert_eq!(codes(&listed), expected, "children of {code} on {on}");
        for (place, child) in listed.iter().enumerate() {
            assert_eq!(child["position"], place, "{child}");
            let below = children(tree, child["code"].as_str().unwrap()).len();
            assert_eq!(child["child_count"], below, "{child}");
        }
        let climbed = self.app.get(&address("/path")).await.ok();
        assert_eq!(
            codes(climbed["items"].as_array().unwrap()),
            path(tree, code)
        );
        let walked = self.app.all(&address("/subtree")).await;
        assert_eq!(
            codes(&walked),
            preorder(tree, code, &order),
            "subtree of {code} on {on}"
        );
        let (_, unit) = told(&self.app.get(&address("")).await.ok());
        assert_eq!(unit, state(tree)[code], "{code} on {on}");
    }

    async fn compare_unit(&mut self, code: &str) {
        let unit = self.app.get(&format!("/units/code:{code}")).await.ok();
        assert_eq!(unit["lives"], json!(self.model.lives(code)), "{code}");
        let today = codes(unit["today"].as_array().unwrap());
        let count = today.len();
        let today: BTreeSet<String> = today.into_iter().collect();
        assert_eq!(count, today.len(), "{code}: {unit}");
        assert_eq!(today, self.model.today(code, day(TODAY)), "today of {code}");

        let on = self.generator.pick(&self.days()).unwrap();
        let tree = self.model.tree_on(on);
        let is_living = tree.get(code).is_some_and(|unit| unit.is_living);
        let unit = self
            .app
            .get(&format!("/units/code:{code}?as_of={on}"))
            .await
            .ok();
        assert_eq!(unit["alive"], is_living, "{code} on {on}");
        let shown = self.model.shown(code, on).unwrap();
        assert_eq!(unit["name"], shown.name, "{code} on {on}");
        assert_eq!(unit["kind"], shown.kind, "{code} on {on}");
        if !is_living {
            let missing = self
                .app
                .get(&format!("/units/code:{code}/path?as_of={on}"))
                .await;
            let missing = missing.problem(404, "unit_not_alive");
            assert_eq!(missing["params"]["lives"], json!(self.model.lives(code)));
        }
    }
}

fn preorder(tree: &Tree, code: &str, order: &impl Fn(&Unit) -> (i64, usize)) -> Vec<String> {
    let mut walk = vec![code.to_owned()];
    for child in ordered_children(tree, code, order) {
        walk.extend(preorder(tree, &child, order));
    }
    walk
}

//! The worked examples of the rules on figures, read over HTTP.

use serde_json::{Value, json};

use super::answered;
use super::model::Measure;
use super::teller::make;
use crate::activities::{stand, step};
use crate::support::{App, Signed, end_into, establish, open, sql, transfer, unit_id};

/// Somebody who tells, and somebody who approves.
struct Staff {
    recorder: Signed,
    approver: Signed,
}

impl Staff {
    async fn of(app: &App) -> Self {
        Self {
            recorder: app.account("recorder", None).await,
            approver: app.account("approver", None).await,
        }
    }

    async fn tell(
        &self,
        unit: &str,
        measure: &str,
        coverage: &str,
        period: &str,
        value: i64,
    ) -> Value {
        let content = json!({
            "unit": unit, "form": null, "title": "Báo cáo", "period": period,
            "figures": [{"measure": measure, "coverage": coverage, "quantity": {"qualifier": "exact", "value": value}}],
        });
        let id = self.recorder.post("/returns", &content).await.created()["id"].clone();
        step(&self.recorder, &id, "submit", 1).await.ok();
        step(&self.approver, &id, "approve", 2).await.ok();
        id
    }
}

const COUNT: Measure = Measure {
    code: "t_count",
    is_stock: false,
    replaces: true,
    carry_months: 0,
};

const MEMBERS: Measure = Measure {
    code: "t_members",
    is_stock: true,
    replaces: true,
    carry_months: 12,
};

/// The number that a unit has; None where it has none.
async fn number(app: &App, code: &str, unit: &str, period: &str, tree: &str) -> Option<i64> {
    let totals = answered(app, unit, period, tree).await?;
    totals.get(code).and_then(|total| total["value"].as_i64())
}

async fn one(app: &App, unit: &str, period: &str) -> Value {
    answered(app, unit, period, "then").await;
    let summary = app
        .get(&format!("/units/code:{unit}/totals?period={period}"))
        .await
        .ok();
    summary["items"][0].clone()
}

on_both_engines! {
    async fn what_a_district_declared_stands_for_the_time_it_declared(app: App) {
        stand(&app).await;
        make(&app, &COUNT).await;
        let staff = Staff::of(&app).await;
        staff.tell("q1", "t_count", "consolidated", "2020-H1", 140).await;
        staff.tell("a", "t_count", "own", "2020", 100).await;
        let later = staff.tell("a", "t_count", "own", "2020-H2", 55).await;

        let total = one(&app, "q1", "2020").await;
        assert_eq!((&total["total"]["value"], &total["text_vi"]), (&json!(195), &json!("195")));
        assert_eq!((&total["declared"]["value"], &total["computed"]["value"]), (&json!(140), &json!(100)));
        assert_eq!(total["difference"], Value::Null, "only half of the year was declared");
        let half = one(&app, "q1", "2020-H1").await;
        assert_eq!(half["computed"], Value::Null);
        assert_eq!(number(&app, "t_count", "hn", "2020", "then").await, Some(195));
        assert_eq!(number(&app, "t_count", "a", "2020", "then").await, Some(100));

        // Of what it is made: down to the record.
        let made_of = app.get("/units/code:q1/totals/t_count?period=2020").await.ok();
        assert_eq!(made_of["total"]["total"]["value"], 195);
        assert_eq!((&made_of["figures"][0]["coverage"], &made_of["figures"][0]["counts"]), (&json!("consolidated"), &json!(true)));
        assert_eq!((&made_of["items"][0]["unit"]["code"], &made_of["items"][0]["total"]["value"]), (&json!("a"), &json!(100)));
        let below = app.get("/units/code:a/totals/t_count?period=2020").await.ok();
        let figures: Vec<_> = below["figures"].as_array().unwrap().iter().map(|figure| (figure["record_id"].clone(), figure["counts"].clone())).collect();
        assert!(figures.contains(&(later, json!(false))), "the year stands before its half: {figures:?}");
        app.get("/units/code:q1/totals/nothing?period=2020").await.problem(404, "not_found");
        app.get("/units/code:q1/totals?period=nothing").await.problem(400, "parameter_invalid");
    }

    async fn the_year_of_a_reorganisation_reads_as_it_was_then_and_as_it_is_now(app: App) {
        let chart = stand(&app).await;
        make(&app, &COUNT).await;
        make(&app, &MEMBERS).await;
        let staff = Staff::of(&app).await;
        staff.tell("q1", "t_count", "consolidated", "2024", 50).await;
        staff.tell("q1", "t_count", "consolidated", "2025-H1", 12).await;
        staff.tell("a", "t_count", "own", "2024", 10).await;
        staff.tell("a", "t_count", "own", "2025-H1", 4).await;
        staff.tell("a", "t_count", "own", "2025-H2", 5).await;
        staff.tell("q1", "t_members", "consolidated", "2025-05-31", 400).await;
        staff.tell("a", "t_members", "own", "2025-05-31", 100).await;
        // The district tier ends with June: one union goes to the new union of the ward, the other to the city.
        let ward = establish("w", "commune_union", "hn");
        let ends = [end_into("q1", "hn"), end_into("q2", "hn")];
        let lines = [[ward, transfer("a", "w"), transfer("b", "hn")].as_slice(), &ends].concat();
        chart.decide("2025-07-01", &lines).await;

        for (unit, period, then, now) in [
            ("q1", "2024", Some(50), None),
            ("w", "2024", None, Some(10)),
            ("hn", "2024", Some(50), Some(50)),
            ("q1", "2025", Some(12), None),
            ("w", "2025", Some(5), Some(9)),
            ("hn", "2025", Some(17), Some(17)),
        ] {
            assert_eq!(number(&app, "t_count", unit, period, "then").await, then, "{unit} {period} then");
            assert_eq!(number(&app, "t_count", unit, period, "now").await, now, "{unit} {period} now");
        }
        for (unit, day, then, now) in [
            ("q1", "2025-06-30", Some(400), None),
            ("hn", "2025-06-30", Some(400), Some(400)),
            ("w", "2025-06-30", None, Some(100)),
            ("q1", "2025-12-31", None, None),
            ("w", "2025-12-31", Some(100), Some(100)),
            ("hn", "2025-12-31", Some(100), Some(100)),
        ] {
            assert_eq!(number(&app, "t_members", unit, day, "then").await, then, "{unit} {day} then");
            assert_eq!(number(&app, "t_members", unit, day, "now").await, now, "{unit} {day} now");
        }
    }

    async fn what_belongs_to_a_unit_today_is_for_those_who_answer_for_it_today(app: App) {
        let chart = stand(&app).await;
        make(&app, &COUNT).await;
        let staff = Staff::of(&app).await;
        staff.tell("a", "t_count", "own", "2024", 10).await;
        chart.decide("2025-01-01", &[transfer("a", "q2")]).await;
        let formerly = app.account("viewer", Some("q1")).await;
        // As it was while it stood under their district, and no more.
        formerly.get("/units/code:a/totals?period=2024").await.ok();
        formerly.get("/units/code:a/totals/t_count?period=2024").await.ok();
        formerly.get("/units/code:a/totals?period=2024&tree=now").await.problem(404, "not_found");
        formerly.get("/units/code:a/totals?period=2025").await.problem(404, "not_found");
        let today = app.account("viewer", Some("q2")).await;
        today.get("/units/code:a/totals?period=2024&tree=now").await.ok();
    }

    async fn a_mark_that_can_not_be_read_stops_no_write(app: App) {
        stand(&app).await;
        make(&app, &COUNT).await;
        let staff = Staff::of(&app).await;
        let unit = unit_id(&mut open(&app.url), "a");
        let plant = format!("INSERT INTO figure_changes (unit_id, measure, period) VALUES ({unit}, 't_count', '?')");
        sql(&mut open(&app.url), &plant).unwrap();
        staff.tell("a", "t_count", "own", "2024", 10).await;
        let summary = app.get("/units/code:a/totals?period=2024").await.ok();
        assert_eq!((&summary["is_current"], &summary["items"]), (&json!(false), &json!([])));
        sql(&mut open(&app.url), "DELETE FROM figure_changes WHERE period = '?'").unwrap();
        staff.tell("a", "t_count", "own", "2023", 7).await;
        assert_eq!(number(&app, "t_count", "a", "2024", "then").await, Some(10));
    }

    async fn a_founding_is_annulled_under_which_something_was_told(app: App) {
        let chart = stand(&app).await;
        make(&app, &COUNT).await;
        let founding = chart.decide("2020-01-01", &[establish("q3", "district_federation", "hn")]).await;
        let moving = chart.decide("2021-01-01", &[transfer("a", "q3")]).await;
        let staff = Staff::of(&app).await;
        staff.tell("a", "t_count", "own", "2022", 10).await;
        assert_eq!(number(&app, "t_count", "q3", "2022", "then").await, Some(10));
        chart.annul(moving).await;
        chart.annul(founding).await;
        app.get("/units/code:q3").await.problem(404, "not_found");
        for unit in ["a", "q1", "hn"] {
            assert_eq!(number(&app, "t_count", unit, "2022", "then").await, Some(10), "{unit}");
        }
    }
}

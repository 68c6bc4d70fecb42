//! Units as they are read and looked up, and what is set about them beside decisions.

use serde_json::{Value, json};

use crate::activities::activity;
use crate::support::{App, Chart, end_into, establish, open, rename, sql, transfer};

/// A city with a district, and two unions in it.
async fn stand(app: &App) -> Chart {
    let chart = Chart::empty(app).await;
    chart
        .open(&[
            establish("tld", "confederation", "x").without("parent"),
            establish("hn", "provincial_federation", "tld"),
            establish("q", "district_federation", "hn"),
            establish("a", "grassroots_union", "q"),
            establish("b", "grassroots_union", "q"),
        ])
        .await;
    chart
}

trait Without {
    fn without(self, field: &str) -> Value;
}

impl Without for Value {
    fn without(mut self, field: &str) -> Value {
        self.as_object_mut().unwrap().remove(field);
        self
    }
}

async fn patch(app: &App, code: &str, body: &Value) -> Value {
    let path = format!("/units/code:{code}");
    let read = app.get(&path).await;
    let tag = read.header("etag").unwrap().to_owned();
    let call = app.call(reqwest::Method::PATCH, &path);
    let call = call.header("if-match", &tag);
    let call = call.header("content-type", "application/merge-patch+json");
    call.body(body.to_string()).await.ok()
}

on_both_engines! {
    async fn particulars_hold_from_their_day_until_their_next_change(app: App) {
        stand(&app).await;
        patch(&app, "a", &json!({"address": "Số 1", "effective_on": null})).await;
        patch(&app, "a", &json!({"address": "Số 3", "effective_on": "2024-01-01"})).await;
        patch(&app, "a", &json!({"address": "Số 2", "effective_on": "2020-01-01"})).await;
        patch(&app, "a", &json!({"telephone": "024 0000", "effective_on": "2022-01-01"})).await;
        for (on, address, telephone) in [
            ("1950-01-01", "Số 1", Value::Null),
            ("2019-12-31", "Số 1", Value::Null),
            ("2020-01-01", "Số 2", Value::Null),
            ("2023-12-31", "Số 2", json!("024 0000")),
            ("2024-01-01", "Số 3", json!("024 0000")),
        ] {
            let unit = app.get(&format!("/units/code:a?as_of={on}")).await.ok();
            assert_eq!((&unit["address"], &unit["telephone"]), (&json!(address), &telephone), "{on}");
        }
        let again = patch(&app, "a", &json!({"address": null, "effective_on": "2024-01-01"})).await;
        assert_eq!(again["address"], Value::Null, "one of the same day replaces the other");
        assert_eq!(again["telephone"], "024 0000");
    }

    async fn an_edit_of_what_somebody_else_changed_is_refused(app: App) {
        stand(&app).await;
        let tag = app.get("/units/code:a").await.header("etag").unwrap().to_owned();
        patch(&app, "a", &json!({"tax_code": "0100"})).await;
        let call = app.call(reqwest::Method::PATCH, "/units/code:a").header("if-match", &tag);
        let late = call.header("content-type", "application/merge-patch+json").body("{}").await;
        late.problem(412, "version_outdated");
    }

    async fn bad_particulars_are_named_and_nothing_is_written(app: App) {
        stand(&app).await;
        let before = app.get("/units/code:a").await.ok();
        let call = |body: Value| {
            let call = app.call(reqwest::Method::PATCH, "/units/code:a").header("if-match", "*");
            call.header("content-type", "application/merge-patch+json").body(body.to_string())
        };
        call(json!({"name": "Khác"})).await.refuses(&[("/name", "unknown_field")]);
        call(json!({"address": "a\u{0}"})).await.refuses(&[("/address", "control_character")]);
        call(json!({"aliases": ["x", ""]})).await.refuses(&[("/aliases/1", "blank")]);
        call(json!({"aliases": vec!["x"; 51]})).await.refuses(&[("/aliases", "too_many")]);
        call(json!({"effective_on": "2020-02-30"})).await.refuses(&[("/effective_on", "date_invalid")]);
        let long = "x".repeat(301);
        call(json!({ "employer": long })).await.refuses(&[("/employer", "too_long")]);
        assert_eq!(app.get("/units/code:a").await.ok(), before);
    }

    async fn a_key_of_another_system_belongs_to_one_unit_and_finds_it(app: App) {
        let chart = stand(&app).await;
        patch(&app, "a", &json!({"external_ids": [{"system": "hr", "value": "7"}]})).await;
        let call = app.call(reqwest::Method::PATCH, "/units/code:b").header("if-match", "*");
        let taken = call
            .header("content-type", "application/merge-patch+json")
            .body(json!({"external_ids": [{"system": "hr", "value": "7"}]}).to_string())
            .await;
        taken.problem(409, "external_id_taken");
        let end = json!({"op": "end", "unit": "a", "successors": ["b"]});
        chart.decide("2025-01-01", &[end]).await;
        let keys = json!({"items": [
            {"system": "hr", "value": "7"}, {"code": "b"}, {"system": "hr", "value": "8"}
        ]});
        let found = app.post("/units:lookup", &keys).await.ok();
        let found = found["items"].as_array().unwrap();
        assert_eq!(found[0]["unit"]["code"], "a");
        assert_eq!((&found[0]["alive"], &found[0]["today"][0]["code"]), (&json!(false), &json!("b")));
        assert_eq!((&found[1]["alive"], &found[1]["unit"]["code"]), (&json!(true), &json!("b")));
        assert_eq!(found[2], json!({"unit": null, "alive": false, "today": []}));
    }

    async fn a_lookup_names_the_key_that_is_none(app: App) {
        let ask = |items: Value| app.post("/units:lookup", &json!({ "items": items }));
        ask(json!([])).await.refuses(&[("/items", "too_few")]);
        ask(json!([{"code": "a"}, {"system": "hr"}])).await.refuses(&[("/items/1/value", "required")]);
        ask(json!([{"code": "a", "system": "hr", "value": "1"}]))
            .await
            .refuses(&[("/items/0/code", "not_applicable")]);
        ask(Value::from(vec![json!({"code": "a"}); 1_001])).await.refuses(&[("/items", "too_many")]);
    }

    async fn moved_and_moved_back_is_no_difference(app: App) {
        let chart = stand(&app).await;
        chart.decide("2021-01-01", &[establish("q2", "district_federation", "hn")]).await;
        chart.decide("2022-01-01", &[transfer("a", "q2"), rename("b", "Tên mới")]).await;
        chart.decide("2023-01-01", &[transfer("a", "q")]).await;
        let changes = async |from: &str, to: &str| {
            let path = format!("/units:difference?from={from}&to={to}");
            let found = app.all(&path).await;
            let change = |one: &Value| format!("{} {}", one["unit"]["code"], one["changes"][0]);
            let mut changes: Vec<String> = found.iter().map(change).collect();
            changes.sort();
            changes.join(", ").replace('"', "")
        };
        assert_eq!(changes("2020-06-01", "2023-06-01").await, "b renamed, q2 appeared");
        assert_eq!(changes("2021-06-01", "2022-06-01").await, "a moved, b renamed");
        assert_eq!(changes("2022-06-01", "2023-06-01").await, "a moved");
        assert_eq!(changes("2021-06-01", "2021-06-01").await, "");
        app.get("/units:difference?from=2023-01-01&to=2022-01-01").await.problem(400, "parameter_invalid");
        app.get("/units:difference?from=2023-01-01").await.problem(400, "parameter_invalid");
    }

    async fn a_page_of_children_may_start_at_any_position(app: App) {
        let chart = stand(&app).await;
        let many: Vec<Value> = (0..30)
            .map(|n| establish(&format!("n{n}"), "grassroots_union", "q"))
            .collect();
        chart.decide("2020-01-01", &many).await;
        let whole = app.all("/units/code:q/children?as_of=2020-01-01").await;
        assert_eq!(whole.len(), 32);
        let positions: Vec<i64> = whole.iter().map(|one| one["position"].as_i64().unwrap()).collect();
        assert_eq!(positions, (0..32).collect::<Vec<i64>>());
        let page = app.get("/units/code:q/children?as_of=2020-01-01&offset=7&limit=3").await.ok();
        assert_eq!(page["items"].as_array().unwrap()[..], whole[7..10]);
        let next = page["next_cursor"].as_str().unwrap();
        let path = format!("/units/code:q/children?as_of=2020-01-01&offset=7&limit=3&cursor={next}");
        assert_eq!(app.get(&path).await.ok()["items"].as_array().unwrap()[..], whole[10..13]);
        let path = app.get("/units/code:n7/path?as_of=2020-01-01").await.ok();
        let position = path["items"].as_array().unwrap().last().unwrap()["position"].as_u64().unwrap();
        assert_eq!(whole[usize::try_from(position).unwrap()]["code"], "n7");
    }

    async fn who_has_the_tree_of_this_revision_is_not_sent_it_again(app: App) {
        let chart = stand(&app).await;
        for path in ["/units", "/units/code:q", "/units/code:q/children", "/units/code:a/path", "/units/code:hn/subtree"] {
            let first = app.get(path).await;
            let tag = first.header("etag").unwrap().to_owned();
            let again = app.get(path).header("if-none-match", &tag).await;
            assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{path}");
            assert_eq!(again.header("tree-revision"), first.header("tree-revision"));
        }
        let tag = app.get("/units").await.header("etag").unwrap().to_owned();
        chart.decide("2020-01-01", &[rename("a", "Tên mới")]).await;
        assert_eq!(app.get("/units").header("if-none-match", &tag).await.status.as_u16(), 200);
    }

    async fn an_annulled_decision_stays_in_the_history_of_who_asks(app: App) {
        let chart = stand(&app).await;
        let id = chart.decide("2021-01-01", &[rename("a", "Nhầm")]).await;
        chart.decide("2025-07-01", &[end_into("q", "hn")]).await;
        chart.annul(id).await;
        let states = async |query: &str| {
            let entries = app.all(&format!("/units/code:a/history{query}")).await;
            let state = |entry: &Value| entry["state"].as_str().unwrap().to_owned();
            entries.iter().map(state).collect::<Vec<_>>()
        };
        assert_eq!(states("").await, ["in_effect", "in_effect"]);
        assert_eq!(states("?include_annulled=true").await, ["in_effect", "annulled", "in_effect"]);
    }

    async fn a_list_of_units_is_narrowed_by_what_they_are_on_the_day(app: App) {
        let chart = stand(&app).await;
        let school = json!({"op": "change_kind", "unit": "a", "employer_type": "school"});
        chart.decide("2022-01-01", &[school]).await;
        let codes = async |query: &str| {
            let found = app.all(&format!("/units?{query}")).await;
            let code = |one: &Value| one["code"].as_str().unwrap().to_owned();
            found.iter().map(code).collect::<Vec<_>>()
        };
        assert_eq!(codes("kind=grassroots_union").await, ["a", "b"]);
        assert_eq!(codes("employer_type=school").await, ["a"]);
        assert!(codes("employer_type=school&as_of=2021-12-31").await.is_empty());
        assert_eq!(codes("level=3").await, ["q"]);
        assert_eq!(codes("parent=code:hn").await, ["q"]);
        assert_eq!(codes("parent=code:q").await, ["a", "b"]);
        app.get("/units?level=5").await.problem(400, "parameter_invalid");
        app.get("/units?parent=x").await.problem(400, "unit_address_invalid");
        app.get("/units?parent=code:none").await.problem(404, "not_found");
        app.get("/units/code:Q").await.problem(400, "unit_address_invalid");
        app.get("/units/code:none").await.problem(404, "not_found");
        app.get("/units/999").await.problem(404, "not_found");
        app.get("/units/code:a?as_of=3000-01-01").await.problem(400, "parameter_invalid");
    }

    async fn whoever_climbs_in_a_circle_arrives(app: App) {
        stand(&app).await;
        let circle = "UPDATE unit_states SET parent_id = (SELECT id FROM units WHERE code = 'a') WHERE code = 'q'";
        sql(&mut open(&app.url), circle).unwrap();
        app.get("/units/code:a/path").await.ok();
        app.get("/units/code:a/subtree?count=exact&limit=1").await.ok();
        // Its places are looked up, and who is above it hears of it.
        app.post("/activities", &activity("a", "2020-03-05")).await.created();
    }
}

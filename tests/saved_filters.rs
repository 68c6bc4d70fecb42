//! Filters that somebody keeps for themselves.

use reqwest::Method;
use serde_json::{Value, json};

use crate::activities::stand;
use crate::support::{Answer, Remote};

fn filter(name: &str) -> Value {
    json!({"name": name, "list": "activities", "parameters": {"state": "draft", "q": "hội nghị"}})
}

async fn change(remote: &Remote, id: &Value, version: i64, body: &Value) -> Answer {
    let call = remote.call(Method::PATCH, &format!("/account/filters/{id}"));
    let call = call.header("if-match", &format!("\"{version}\""));
    let call = call.header("content-type", "application/merge-patch+json");
    call.body(body.to_string()).await
}

async fn names(remote: &Remote) -> Vec<String> {
    let kept = remote.get("/account/filters").await.ok();
    let items = kept["items"].as_array().unwrap().iter();
    items
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

on_both_engines! {
    async fn a_filter_is_kept_changed_and_deleted_by_its_owner_alone(app: App) {
        stand(&app).await;
        let (me, other) = (app.account("viewer", Some("a")).await, app.account("viewer", Some("a")).await);
        let kept = me.post("/account/filters", &filter("Nháp")).await.created();
        assert_eq!(kept["parameters"], filter("Nháp")["parameters"]);
        me.post("/account/filters", &filter("Hội nghị")).await.created();
        assert_eq!(names(&me).await, ["Hội nghị", "Nháp"]);
        assert_eq!(names(&other).await, [""; 0]);
        other.post("/account/filters", &filter("Nháp")).await.created();

        let id = &kept["id"];
        let changed = change(&me, id, 1, &json!({"parameters": {"q": null, "kind": "visit"}})).await.ok();
        assert_eq!(changed["parameters"], json!({"state": "draft", "kind": "visit"}));
        change(&me, id, 1, &json!({"name": "Khác"})).await.problem(412, "version_outdated");
        change(&me, id, 2, &json!({"name": "Hội nghị"})).await.problem(409, "filter_name_taken");
        change(&other, id, 2, &json!({"name": "Khác"})).await.problem(404, "not_found");
        let delete = |remote: &Remote| remote.call(Method::DELETE, &format!("/account/filters/{id}")).header("if-match", "\"2\"");
        delete(&other).await.problem(404, "not_found");
        delete(&me).await.is(204);
        assert_eq!(names(&me).await, ["Hội nghị"]);
    }

    async fn bad_filters_are_refused_with_the_place(app: App) {
        let me = app.account("viewer", None).await;
        me.post("/account/filters", &filter("Nháp")).await.created();
        me.post("/account/filters", &filter("Nháp")).await.problem(409, "filter_name_taken");
        let refuses = async |field: &str, value: Value, place: &str, code: &str| {
            let mut content = filter("Khác");
            content[field] = value;
            me.post("/account/filters", &content).await.refuses(&[(place, code)]);
        };
        refuses("name", json!(" "), "/name", "blank").await;
        refuses("list", json!("../x"), "/list", "code_invalid").await;
        refuses("parameters", json!({"a/b": "c"}), "/parameters/a~1b", "code_invalid").await;
        refuses("parameters", json!({"q": "x".repeat(301)}), "/parameters/q", "too_long").await;
        let many: serde_json::Map<String, Value> = (0..31).map(|n| (format!("p{n}"), json!("x"))).collect();
        refuses("parameters", Value::Object(many), "/parameters", "too_many").await;
        for number in 1..100 {
            me.post("/account/filters", &filter(&number.to_string())).await.created();
        }
        me.post("/account/filters", &filter("Thừa")).await.refuses(&[("", "too_many")]);
    }
}

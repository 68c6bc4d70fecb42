//! Many changes in one request.

use std::future::IntoFuture;

use serde_json::{Value, json};

use crate::unit_kinds::kind;

fn statuses(answer: &Value) -> Vec<u64> {
    let items = answer["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["status"].as_u64().unwrap())
        .collect()
}

on_both_engines! {
    async fn each_item_stands_for_itself(app: App) {
        let id = app.post("/unit_kinds", &kind("first")).await.created()["id"].clone();
        let other = app.post("/unit_kinds", &kind("second")).await.created()["id"].clone();
        let batch = json!({"items": [
            {"action": "create", "content": kind("third")},
            {"action": "create", "content": kind("first")},
            {"action": "update", "id": id, "version": 1, "content": {"name_en": "Changed"}},
            {"action": "update", "id": id, "version": 1, "content": {"name_en": "Too late"}},
            {"action": "delete", "id": other, "version": 1},
            {"action": "delete", "id": 999_999, "version": 1},
            {"action": "create", "content": {"kind": "fourth"}},
        ]});
        let answer = app.post("/unit_kinds:batch", &batch).key("b-1").await.is(207);
        assert_eq!(statuses(&answer), [201, 409, 200, 412, 204, 404, 422]);
        assert_eq!((&answer["succeeded"], &answer["failed"]), (&json!(3), &json!(4)));
        assert_eq!(answer["items"][1]["problem"]["code"], "validity_overlaps");
        assert_eq!(answer["items"][2]["content"]["name_en"], "Changed");
        assert_eq!(answer["items"][3]["problem"]["params"]["current_version"], 2);
        let refused = &answer["items"][6]["problem"]["errors"][0];
        assert_eq!(refused["pointer"], "/items/6/content/rank");
        assert_eq!(refused["code"], "required");

        app.get(&format!("/unit_kinds/{other}")).await.problem(404, "not_found");
        assert_eq!(app.get(&format!("/unit_kinds/{id}")).await.ok()["name_en"], "Changed");
    }

    async fn a_batch_sent_twice_is_done_once(app: App) {
        let batch = json!({"items": [{"action": "create", "content": kind("trial")}]});
        let first = app.post("/unit_kinds:batch", &batch).key("b-1").await;
        let again = app.post("/unit_kinds:batch", &batch).key("b-1").await;
        assert_eq!(first.is(207), again.is(207));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(statuses(&again.is(207)), [201]);
    }

    async fn a_batch_needs_a_key(app: App) {
        let batch = json!({"items": [{"action": "create", "content": kind("trial")}]});
        let refused = app.post("/unit_kinds:batch", &batch).await;
        refused.problem(400, "idempotency_key_required");
        assert_eq!(app.get("/unit_kinds?kind=trial").await.ok()["items"], json!([]));
    }

    async fn an_item_says_what_it_needs(app: App) {
        let batch = json!({"items": [
            {"action": "create"},
            {"action": "update", "version": 1, "content": {}},
            {"action": "update", "id": 1, "content": {}},
            {"action": "delete", "id": 1},
            {"action": "create", "id": 1, "content": kind("trial")},
            {"action": "delete", "id": 1, "version": 1, "content": {}},
        ]});
        let answer = app.post("/unit_kinds:batch", &batch).key("b-1").await.is(207);
        let places: Vec<&Value> = (0..6).map(|n| &answer["items"][n]["problem"]["errors"][0]["pointer"]).collect();
        assert_eq!(places, ["/items/0/content", "/items/1/id", "/items/2/version", "/items/3/version", "/items/4/id", "/items/5/content"]);
    }

    async fn a_batch_that_cannot_be_read_does_nothing(app: App) {
        let post = |body: Value| app.post("/unit_kinds:batch", &body).key("b-1").into_future();
        post(json!({})).await.refuses(&[("/items", "required")]);
        post(json!({"items": []})).await.refuses(&[("/items", "too_few")]);
        post(json!({"items": [{"action": "smash"}]})).await.refuses(&[("/items/0/action", "unknown_value")]);
        post(json!({"items": [{"action": "delete", "ID": 1}]})).await.refuses(&[("/items/0/ID", "unknown_field")]);
        let deletion = json!({"action": "delete", "id": 1, "version": 9});
        let too_many = json!({"items": vec![deletion; 1_001]});
        post(too_many).await.refuses(&[("/items", "too_many")]);
    }

    async fn a_thousand_items_fit(app: App) {
        let create = |n| json!({"action": "create", "content": kind(&format!("trial_{n}"))});
        let batch = json!({"items": (0..1_000).map(create).collect::<Vec<_>>()});
        let answer = app.post("/unit_kinds:batch", &batch).key("b-1").await.is(207);
        assert_eq!(answer["succeeded"], 1_000);
        assert_eq!(app.get("/unit_kinds?count=exact&limit=1").await.ok()["total"], 1_011);
    }
}

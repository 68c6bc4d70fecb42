//! The reference data of kinds: read by day, edited, and guarded.

use reqwest::Method;
use serde_json::{Value, json};

/// A kind that the law does not know, so that it meets no other.
pub fn kind(code: &str) -> Value {
    json!({
        "kind": code, "level": 3, "rank": 500, "may_be_root": false,
        "name_vi": "Loại thử", "name_en": "Trial kind",
        "child_kinds": ["grassroots_union"],
        "from": "2020-01-01", "to": "2025-01-01", "document": "1/QĐ"
    })
}

fn codes(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["kind"].as_str().unwrap())
        .collect()
}

on_both_engines! {
    async fn the_kinds_are_those_of_the_day(app: App) {
        let districts = app.get("/unit_kinds?as_of=2025-06-30").await.ok();
        assert!(codes(&districts).contains(&"district_federation"));
        assert!(!codes(&districts).contains(&"commune_union"));

        let communes = app.get("/unit_kinds?as_of=2025-07-01").await.ok();
        assert!(!codes(&communes).contains(&"district_federation"));
        assert!(codes(&communes).contains(&"commune_union"));
    }

    async fn a_province_may_have_districts_until_the_law_ends_them(app: App) {
        let province = |day: &str| format!("/unit_kinds?kind=provincial_federation&as_of={day}");
        let before = app.get(&province("2025-06-30")).await.ok();
        let after = app.get(&province("2025-07-01")).await.ok();
        let children = |page: &Value| page["items"][0]["child_kinds"].as_array().unwrap().clone();
        assert!(children(&before).contains(&json!("district_federation")));
        assert!(!children(&after).contains(&json!("district_federation")));
        assert!(children(&after).contains(&json!("commune_union")));
    }

    async fn what_is_created_is_read_back(app: App) {
        let created = app.post("/unit_kinds", &kind("trial")).await;
        let body = created.created();
        let location = created.header("location").unwrap().strip_prefix("/api/v1").unwrap();
        assert_eq!(created.header("etag"), Some("\"1\""));

        let read = app.get(location).await;
        assert_eq!(read.ok(), body);
        assert_eq!(read.header("etag"), Some("\"1\""));
        for (name, value) in kind("trial").as_object().unwrap() {
            assert_eq!(&body[name], value, "{name}");
        }
        assert_eq!(body["created_at"], "2026-01-15T05:00:00.000000Z");
        assert_eq!(body["allowed_actions"], json!(["edit", "delete"]));
    }

    async fn a_decomposed_name_is_stored_composed(app: App) {
        let mut trial = kind("trial");
        trial["name_vi"] = json!("Lie\u{302}n \u{111}oa\u{300}n");
        let body = app.post("/unit_kinds", &trial).await.created();
        assert_eq!(body["name_vi"], "Liên đoàn");
    }

    async fn a_patch_changes_what_it_names_and_no_more(app: App) {
        let id = app.post("/unit_kinds", &kind("trial")).await.created()["id"].clone();
        let path = format!("/unit_kinds/{id}");
        let patched = app.patch(&path, 1, &json!({"name_en": "Another", "to": null})).await;
        let body = patched.ok();
        assert_eq!(patched.header("etag"), Some("\"2\""));
        assert_eq!(body["version"], 2);
        assert_eq!(body["name_en"], "Another");
        assert_eq!(body["to"], Value::Null);
        assert_eq!(body["name_vi"], "Loại thử");
        assert_eq!(app.get(&path).await.ok(), body);
    }

    async fn a_patch_that_breaks_a_rule_changes_nothing(app: App) {
        let created = app.post("/unit_kinds", &kind("trial")).await.created();
        let path = format!("/unit_kinds/{}", created["id"]);
        app.patch(&path, 1, &json!({"kind": "other"})).await.refuses(&[("/kind", "read_only")]);
        app.patch(&path, 1, &json!({"name_vi": null})).await.refuses(&[("/name_vi", "wrong_type")]);
        app.patch(&path, 1, &json!({"id": 7})).await.refuses(&[("/id", "unknown_field")]);
        app.patch(&path, 1, &json!({"to": "2019-01-01"})).await.refuses(&[("/to", "validity_empty")]);
        app.patch(&path, 1, &json!([])).await.refuses(&[("", "wrong_type")]);
        app.patch(&path, 1, &json!({"nope": null})).await.refuses(&[("/nope", "unknown_field")]);
        let twice = app.patch(&path, 1, &json!({})).body("{\"rank\": 1, \"rank\": 2}").await;
        twice.refuses(&[("/rank", "repeated_field")]);
        assert_eq!(app.get(&path).await.ok(), created);
    }

    async fn a_patch_that_changes_nothing_makes_no_version(app: App) {
        let start = app.feed_end().await;
        let created = app.post("/unit_kinds", &kind("trial")).await.created();
        let path = format!("/unit_kinds/{}", created["id"]);
        for patch in [json!({}), json!({"rank": 500}), json!({"name_en": " Trial kind "})] {
            assert_eq!(app.patch(&path, 1, &patch).await.ok()["version"], 1);
        }
        app.patch(&path, 1, &json!({"rank": 501})).await.ok();
        app.post("/unit_kinds", &kind("last")).await.created();
        let told = app.events(start, 3).await;
        let types: Vec<_> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(types, ["unit_kind.created", "unit_kind.updated", "unit_kind.created"]);
    }

    async fn entries_of_one_kind_do_not_overlap(app: App) {
        let first = app.post("/unit_kinds", &kind("trial")).await.created();
        let mut later = kind("trial");
        later["from"] = json!("2024-12-31");
        later["to"] = Value::Null;
        let refused = app.post("/unit_kinds", &later).await.problem(409, "validity_overlaps");
        assert_eq!(refused["params"]["id"], first["id"]);

        later["from"] = json!("2025-01-01");
        let second = app.post("/unit_kinds", &later).await.created();
        let path = format!("/unit_kinds/{}", second["id"]);
        app.patch(&path, 1, &json!({"from": null})).await.problem(409, "validity_overlaps");
    }

    async fn kinds_under_a_kind_must_exist(app: App) {
        let mut trial = kind("trial");
        trial["child_kinds"] = json!(["grassroots_union", "trial", "nowhere"]);
        app.post("/unit_kinds", &trial).await.refuses(&[("/child_kinds/2", "kind_unknown")]);
    }

    async fn a_kind_that_others_name_stays(app: App) {
        let kinds = app.get("/unit_kinds?kind=section").await.ok();
        let section = format!("/unit_kinds/{}", kinds["items"][0]["id"]);
        app.delete(&section, 1).await.problem(409, "kind_in_use");
        app.get(&section).await.ok();
    }

    async fn a_wildcard_in_a_code_names_no_other_kind(app: App) {
        let a_b = app.post("/unit_kinds", &kind("a_b")).await.created();
        app.post("/unit_kinds", &kind("axb")).await.created();
        let mut parent = kind("parent");
        parent["child_kinds"] = json!(["axb"]);
        app.post("/unit_kinds", &parent).await.created();
        app.delete(&format!("/unit_kinds/{}", a_b["id"]), 1).await.is(204);
    }

    async fn what_is_deleted_is_gone(app: App) {
        let id = app.post("/unit_kinds", &kind("trial")).await.created()["id"].clone();
        let path = format!("/unit_kinds/{id}");
        app.delete(&path, 1).await.is(204);
        app.get(&path).await.problem(404, "not_found");
        app.delete(&path, 1).await.problem(404, "not_found");
    }

    async fn related_kinds_come_along_when_asked_for(app: App) {
        let list = app.get("/unit_kinds?kind=provincial_federation&expand=child_kinds").await.ok();
        let until_2025 = &list["items"][0];
        let children = until_2025["expanded"]["child_kinds"].as_array().unwrap();
        let district = children.iter().find(|c| c["kind"] == "district_federation").unwrap();
        assert_eq!(district["name_en"], "District federation");
        assert!(children.iter().all(|c| c["kind"] != "commune_union"));

        let path = format!("/unit_kinds/{}", until_2025["id"]);
        let alone = app.get(&format!("{path}?expand=child_kinds")).await;
        assert_eq!(&alone.ok(), until_2025);
        assert_eq!(alone.header("etag"), None, "the version does not speak for what is related");
        assert_eq!(app.get(&path).await.ok().get("expanded"), None);
    }

    async fn lists_are_narrowed_and_counted(app: App) {
        let level_2 = app.get("/unit_kinds?level=2&count=exact&limit=1").await.ok();
        assert_eq!(level_2["total"], 3);
        assert_eq!(level_2["items"].as_array().unwrap().len(), 1);
        assert_eq!(app.get("/unit_kinds?level=2").await.ok().get("total"), None);
        assert_eq!(app.get("/unit_kinds?kind=nowhere").await.ok()["items"], json!([]));
    }

    async fn head_answers_as_get_without_the_body(app: App) {
        let head = app.call(Method::HEAD, "/unit_kinds/1").await;
        assert_eq!(head.status.as_u16(), 200);
        assert_eq!(head.header("etag"), Some("\"1\""));
        assert_eq!(head.text, "");
    }
}

//! The change feed.

use std::collections::BTreeMap;
use std::future::IntoFuture;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::unit_kinds::kind;

fn positions(events: &[Value]) -> Vec<i64> {
    events
        .iter()
        .map(|event| event["position"].as_i64().unwrap())
        .collect()
}

on_both_engines! {
    async fn every_change_is_told_in_order(app: App) {
        let start = app.feed_end().await;
        let created = app.post("/unit_kinds", &kind("trial")).await.created();
        let path = format!("/unit_kinds/{}", created["id"]);
        app.patch(&path, 1, &json!({"name_en": "Changed"})).await.ok();
        app.delete(&path, 2).await.is(204);

        let events = app.events(start, 3).await;
        let told: Vec<_> = events
            .iter()
            .map(|e| (e["type"].as_str().unwrap(), e["id"].clone(), e["version"].as_i64().unwrap()))
            .collect();
        let id = created["id"].clone();
        assert_eq!(told, [
            ("unit_kind.created", id.clone(), 1),
            ("unit_kind.updated", id.clone(), 2),
            ("unit_kind.deleted", id, 2),
        ]);
        assert_eq!(positions(&events), [start + 1, start + 2, start + 3]);
        assert_eq!(events[1]["data"]["name_en"], "Changed");
        assert_eq!(events[0]["occurred_at"], "2026-01-15T05:00:00.000000Z");
    }

    async fn what_is_refused_is_not_told(app: App) {
        let start = app.feed_end().await;
        let mut trial = kind("trial");
        trial["child_kinds"] = json!(["nowhere"]);
        app.post("/unit_kinds", &trial).await.refuses(&[("/child_kinds/0", "kind_unknown")]);
        let batch = json!({"items": [
            {"action": "create", "content": trial},
            {"action": "create", "content": kind("sound")},
        ]});
        app.post("/unit_kinds:batch", &batch).key("b-1").await.is(207);
        let events = app.events(start, 1).await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["data"]["kind"], "sound");
    }

    async fn a_repeated_request_is_told_once(app: App) {
        let start = app.feed_end().await;
        app.post("/unit_kinds", &kind("trial")).key("k-1").await.created();
        app.post("/unit_kinds", &kind("trial")).key("k-1").await.created();
        app.post("/unit_kinds", &kind("last")).await.created();
        let events = app.events(start, 2).await;
        let kinds: Vec<_> = events.iter().map(|e| e["data"]["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["trial", "last"]);
    }

    async fn sixteen_writers_leave_one_order_without_a_gap(app: App) {
        let start = app.feed_end().await;
        let writers = (0..16).map(|writer| {
            let app = &app;
            async move {
                for n in 0..10 {
                    let code = format!("trial_{writer}_{n}");
                    let created = app.post("/unit_kinds", &kind(&code)).await.created();
                    let path = format!("/unit_kinds/{}", created["id"]);
                    app.patch(&path, 1, &json!({"rank": n})).await.ok();
                }
            }
        });
        let read = async { app.events(start, 320).await };
        let (_, live) = tokio::join!(join_all(writers), read);
        assert_eq!(positions(&live), (start + 1..=start + 320).collect::<Vec<_>>());
        assert_eq!(app.events(start, 320).await, live, "a later reader sees what the first saw");

        let mut versions: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for event in &live {
            let id = event["id"].as_i64().unwrap();
            versions.entry(id).or_default().push(event["version"].as_i64().unwrap());
        }
        assert_eq!(versions.len(), 160);
        assert!(versions.values().all(|v| *v == [1, 2]), "of each entry in the order of its versions");
    }

    async fn the_feed_is_read_page_by_page(app: App) {
        let end = app.feed_end().await;
        let page = app.get("/events?after=2&limit=3").await.ok();
        assert_eq!(positions(page["items"].as_array().unwrap()), [3, 4, 5]);
        assert_eq!((&page["after"], &page["position"]), (&json!(5), &json!(end)));
        let rest = app.get(&format!("/events?after={end}")).await.ok();
        assert_eq!((&rest["items"], &rest["after"]), (&json!([]), &json!(end)));
    }

    async fn a_waiting_reader_hears_of_the_next_change(app: App) {
        let end = app.feed_end().await;
        let waiting = app.get(&format!("/events?after={end}&wait=9")).into_future();
        let change = app.post("/unit_kinds", &kind("trial")).into_future();
        let (heard, _) = tokio::join!(waiting, change);
        assert_eq!(heard.ok()["items"][0]["data"]["kind"], "trial");
    }

    async fn a_place_beyond_the_end_tells_that_the_feed_is_another_one(app: App) {
        let end = app.feed_end().await;
        let beyond = app.get(&format!("/events?after={}", end + 1)).await;
        let refused = beyond.problem(409, "position_ahead_of_feed");
        assert_eq!(refused["params"]["position"], end);
    }

    async fn a_place_that_cannot_be_is_refused(app: App) {
        for query in ["", "after=-1", "after=x", "after=0&limit=0", "after=0&limit=201", "after=0&wait=31"] {
            app.get(&format!("/events?{query}")).await.problem(400, "parameter_invalid");
        }
        app.get("/events?after=0&since=1").await.problem(400, "unknown_parameter");
    }
}

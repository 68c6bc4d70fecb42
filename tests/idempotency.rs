//! Idempotency-Key: what is sent twice is done once.

use std::future::IntoFuture;

use futures_util::future::join_all;
use serde_json::json;

use crate::unit_kinds::kind;

on_both_engines! {
    async fn the_same_request_is_answered_as_the_first_time(app: App) {
        let first = app.post("/unit_kinds", &kind("trial")).key("k-1").await;
        let again = app.post("/unit_kinds", &kind("trial")).key("k-1").await;
        assert_eq!(first.created(), again.created());
        for header in ["location", "etag", "content-type"] {
            assert_eq!(first.header(header), again.header(header), "{header}");
        }
        assert_eq!(first.text, again.text, "byte by byte");
        assert_eq!(first.header("idempotency-replayed"), None);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(app.get("/unit_kinds?kind=trial&count=exact").await.ok()["total"], 1);
    }

    async fn the_first_answer_comes_again_even_after_a_change(app: App) {
        let first = app.post("/unit_kinds", &kind("trial")).key("k-1").await.created();
        let path = format!("/unit_kinds/{}", first["id"]);
        app.patch(&path, 1, &json!({"name_en": "Changed"})).await.ok();
        let again = app.post("/unit_kinds", &kind("trial")).key("k-1").await.created();
        assert_eq!(first, again);
    }

    async fn a_key_of_another_request_is_refused(app: App) {
        app.post("/unit_kinds", &kind("trial")).key("k-1").await.created();
        let other = app.post("/unit_kinds", &kind("other")).key("k-1").await;
        other.problem(422, "idempotency_key_reused");
        assert_eq!(app.get("/unit_kinds?kind=other").await.ok()["items"], json!([]));
    }

    async fn a_key_belongs_to_one_operation(app: App) {
        app.post("/unit_kinds", &kind("trial")).key("k-1").await.created();
        let batch = json!({"items": [{"action": "create", "content": kind("other")}]});
        app.post("/unit_kinds:batch", &batch).key("k-1").await.is(207);
    }

    async fn a_refused_request_leaves_its_key_free(app: App) {
        let mut trial = kind("trial");
        trial["level"] = json!(9);
        app.post("/unit_kinds", &trial).key("k-1").await.refuses(&[("/level", "out_of_range")]);
        app.post("/unit_kinds", &kind("trial")).key("k-1").await.created();
    }

    async fn a_key_is_forgotten_after_three_days(app: App) {
        app.post("/unit_kinds", &kind("trial")).key("k-1").await.created();
        app.clock.set("2026-01-18T05:00:00Z".parse().unwrap());
        app.post("/unit_kinds", &kind("trial")).key("k-1").await.created();
        app.clock.set("2026-01-18T05:00:01Z".parse().unwrap());
        app.post("/unit_kinds", &kind("trial")).key("k-1").await.problem(409, "validity_overlaps");
    }

    async fn a_key_that_cannot_be_one_is_refused(app: App) {
        for key in ["", "two words", &"k".repeat(256)] {
            let refused = app.post("/unit_kinds", &kind("trial")).key(key).await;
            let body = refused.problem(400, "idempotency_key_invalid");
            assert_eq!(body["errors"][0]["header"], "idempotency-key");
        }
        let two = app.post("/unit_kinds", &kind("trial")).key("k-1").key("k-2").await;
        two.problem(400, "idempotency_key_invalid");
        let longest = "k".repeat(255);
        app.post("/unit_kinds", &kind("trial")).key(&longest).await.created();
    }

    async fn the_same_key_at_the_same_moment_makes_one_entry(app: App) {
        let posts = (0..16).map(|_| app.post("/unit_kinds", &kind("trial")).key("k-1").into_future());
        let answers = join_all(posts).await;
        let created: Vec<_> = answers.iter().filter(|a| a.status.as_u16() == 201).collect();
        assert!(!created.is_empty());
        for answer in &answers {
            match answer.status.as_u16() {
                201 => assert_eq!(answer.text, created[0].text),
                _ => {
                    answer.problem(409, "idempotency_key_in_use");
                }
            }
        }
        assert_eq!(app.get("/unit_kinds?kind=trial&count=exact").await.ok()["total"], 1);
    }
}

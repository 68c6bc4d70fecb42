//! ETag, If-Match, If-None-Match.

use std::future::IntoFuture;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::unit_kinds::kind;

on_both_engines! {
    async fn a_change_without_if_match_is_refused(app: App) {
        let patch = app
            .call(Method::PATCH, "/unit_kinds/1")
            .header("content-type", "application/merge-patch+json")
            .body("{}");
        patch.await.problem(428, "precondition_required");
        app.call(Method::DELETE, "/unit_kinds/1").await.problem(428, "precondition_required");
    }

    async fn a_change_of_an_outdated_version_is_refused_with_the_present_one(app: App) {
        app.patch("/unit_kinds/1", 1, &json!({"name_en": "Second"})).await.ok();
        let refused = app.patch("/unit_kinds/1", 1, &json!({"name_en": "Third"})).await;
        assert_eq!(refused.problem(412, "version_outdated")["params"]["current_version"], 2);
        assert_eq!(refused.header("etag"), Some("\"2\""));
        app.delete("/unit_kinds/1", 1).await.problem(412, "version_outdated");
        assert_eq!(app.get("/unit_kinds/1").await.ok()["name_en"], "Second");
    }

    async fn if_match_is_read_as_the_rfc_writes_it(app: App) {
        let with = |tag: &str, name: &str| {
            app.call(Method::PATCH, "/unit_kinds/1")
                .header("content-type", "application/merge-patch+json")
                .header("if-match", tag)
                .body(json!({"name_en": name}).to_string())
        };
        with("*", "Any").await.ok();
        with("\"1\", \"2\"", "Either").await.ok();
        with("W/\"3\"", "Weak").await.problem(412, "version_outdated");
        with("\"of something else\"", "Strange").await.problem(412, "version_outdated");
        with("3", "Bare").await.problem(400, "if_match_invalid");
        assert_eq!(app.get("/unit_kinds/1").await.ok()["version"], 3);
    }

    async fn who_has_the_present_version_is_told_so(app: App) {
        let known = |tag: &str| app.get("/unit_kinds/1").header("if-none-match", tag);
        for tag in ["\"1\"", "W/\"1\"", "\"0\", \"1\"", "*"] {
            let unchanged = known(tag).await;
            assert_eq!(unchanged.status.as_u16(), 304, "{tag}");
            assert_eq!(unchanged.text, "");
            assert_eq!(unchanged.header("etag"), Some("\"1\""));
        }
        known("\"2\"").await.ok();
        known("nonsense").await.ok();
    }

    async fn a_list_that_has_not_changed_is_not_sent_again(app: App) {
        let end = app.feed_end().await;
        let list = |tag: &str| app.get("/unit_kinds?level=3").header("if-none-match", tag).into_future();
        let tag = list("").await.header("etag").unwrap().to_owned();
        assert_eq!(list(&tag).await.status.as_u16(), 304);

        app.post("/unit_kinds", &kind("trial")).await.created();
        app.events(end, 1).await;
        let changed = list(&tag).await;
        changed.ok();
        assert_ne!(changed.header("etag"), Some(tag.as_str()));
    }

    async fn of_two_changes_at_once_one_wins(app: App) {
        let id = app.post("/unit_kinds", &kind("trial")).await.created()["id"].clone();
        let path = format!("/unit_kinds/{id}");
        let changes = (0..16).map(|n| app.patch(&path, 1, &json!({"rank": n})).into_future());
        let answers = join_all(changes).await;
        let won: Vec<_> = answers.iter().filter(|a| a.status.as_u16() == 200).collect();
        assert_eq!(won.len(), 1);
        for lost in answers.iter().filter(|a| a.status.as_u16() != 200) {
            lost.problem(412, "version_outdated");
        }
        assert_eq!(app.get(&path).await.ok(), won[0].ok());
    }
}

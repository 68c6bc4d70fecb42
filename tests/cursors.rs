//! Lists a page at a time.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::App;
use crate::unit_kinds::kind;

async fn with_many(app: &App, count: i32) {
    // Ranks out of the order of ids, and some the same.
    let create = |n: i32| {
        let mut trial = kind(&format!("trial_{n}"));
        trial["rank"] = json!((n * 37) % 50);
        json!({"action": "create", "content": trial})
    };
    let batch = json!({"items": (0..count).map(create).collect::<Vec<_>>()});
    app.post("/unit_kinds:batch", &batch)
        .key("many")
        .await
        .is(207);
}

fn ids(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_i64().unwrap())
        .collect()
}

on_both_engines! {
    async fn a_walk_meets_every_entry_once_and_in_order(app: App) {
        with_many(&app, 120).await;
        let mut seen: Vec<(i64, i64)> = Vec::new();
        let mut path = "/unit_kinds?limit=7".to_owned();
        loop {
            let answer = app.get(&path).await;
            let page = answer.ok();
            for item in page["items"].as_array().unwrap() {
                seen.push((item["rank"].as_i64().unwrap(), item["id"].as_i64().unwrap()));
            }
            let links = answer.header("link").unwrap().to_owned();
            assert!(links.contains("</api/v1/unit_kinds?limit=7>; rel=\"first\""), "{links}");
            match page["next_cursor"].as_str() {
                Some(cursor) => {
                    path = format!("/unit_kinds?limit=7&cursor={cursor}");
                    assert!(links.contains(&format!("</api/v1{path}>; rel=\"next\"")), "{links}");
                }
                None => break,
            }
        }
        assert!(seen.is_sorted(), "in order of rank, then id");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 131);
        assert_eq!(seen.len(), 131);
    }

    async fn a_walk_is_not_disturbed_by_what_comes_and_goes(app: App) {
        with_many(&app, 40).await;
        let first = app.get("/unit_kinds?limit=20").await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let last = ids(&first)[19];
        app.delete(&format!("/unit_kinds/{last}"), 1).await.is(204);
        let mut early = kind("early");
        early["rank"] = json!(0);
        app.post("/unit_kinds", &early).await.created();

        let rest = app.get(&format!("/unit_kinds?limit=200&cursor={cursor}")).await.ok();
        assert_eq!(ids(&rest).len(), 31);
        assert!(ids(&rest).iter().all(|id| !ids(&first).contains(id)));
    }

    async fn the_default_page_has_fifty_and_the_largest_two_hundred(app: App) {
        with_many(&app, 250).await;
        assert_eq!(ids(&app.get("/unit_kinds").await.ok()).len(), 50);
        assert_eq!(ids(&app.get("/unit_kinds?limit=200").await.ok()).len(), 200);
        for limit in ["0", "201", "-1", "65536", "many", ""] {
            let refused = app.get(&format!("/unit_kinds?limit={limit}")).await;
            let body = refused.problem(400, "parameter_invalid");
            assert_eq!(body["errors"][0]["parameter"], "limit");
        }
    }

    async fn a_cursor_that_was_tampered_with_is_refused(app: App) {
        with_many(&app, 60).await;
        let page = app.get("/unit_kinds?limit=5").await.ok();
        let cursor = page["next_cursor"].as_str().unwrap();
        let at = cursor.len() / 2;
        let other = if &cursor[at..=at] == "A" { "B" } else { "A" };
        let tampered = format!("{}{other}{}", &cursor[..at], &cursor[at + 1..]);
        for bad in [tampered.as_str(), &cursor[1..], "", "nonsense"] {
            let refused = app.get(&format!("/unit_kinds?cursor={bad}")).await;
            refused.problem(400, "cursor_invalid");
        }
    }

    async fn a_cursor_of_another_list_is_refused(app: App) {
        with_many(&app, 60).await;
        let page = app.get("/unit_kinds?limit=5&level=3").await.ok();
        let cursor = page["next_cursor"].as_str().unwrap();
        let other_filter = app.get(&format!("/unit_kinds?cursor={cursor}")).await;
        other_filter.problem(400, "cursor_of_another_list");
        app.get(&format!("/unit_kinds?cursor={cursor}&level=3&limit=9")).await.ok();
    }
}

//! The OpenAPI document and the service say the same.

use std::collections::BTreeSet;
use std::future::IntoFuture;

use reqwest::Method;
use serde_json::Value;

use crate::support::App;

const COMMITTED: &str = include_str!("../openapi/openapi.json");

async fn served(app: &App) -> Value {
    app.call_root(Method::GET, "/openapi.json").await.ok()
}

/// Every operation with its method and address.
fn operations(document: &Value) -> Vec<(Method, String, &Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            operations.push((
                method,
                path.replace("{id}", "1")
                    .replace("{unit}", "1")
                    .replace("{code}", "viewer"),
                operation,
            ));
        }
    }
    assert!(operations.len() >= 12);
    operations
}

/// Every `$ref` in the document.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|v| references(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| references(v, found)),
        _ => {}
    }
}

on_both_engines! {
    async fn the_committed_document_is_the_one_served(app: App) {
        let committed: Value = serde_json::from_str(COMMITTED).unwrap();
        assert_eq!(served(&app).await, committed, "make openapi renews openapi/openapi.json");
    }

    async fn the_document_is_not_sent_again_to_who_has_it(app: App) {
        let first = app.call_root(Method::GET, "/openapi.json").await;
        let tag = first.header("etag").unwrap();
        let again = app.call_root(Method::GET, "/openapi.json").header("if-none-match", tag).await;
        assert_eq!(again.status.as_u16(), 304);
        assert_eq!(again.text, "");
        app.call_root(Method::GET, "/openapi.json").header("if-none-match", "\"older\"").await.ok();
    }

    async fn no_reference_dangles(app: App) {
        let document = served(&app).await;
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(found.len() > 10);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    async fn every_schema_is_used(app: App) {
        let document = served(&app).await;
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        for name in document["components"]["schemas"].as_object().unwrap().keys() {
            let reference = format!("#/components/schemas/{name}");
            assert!(found.contains(reference.as_str()), "{name}");
        }
    }

    async fn no_operation_ignores_a_parameter_that_it_does_not_know(app: App) {
        for (method, path, operation) in operations(&served(&app).await) {
            let answer = app
                .call_root(method.clone(), &format!("{path}?nonsense=1"))
                .header("if-match", "\"0\"")
                .header("idempotency-key", "k-1")
                .header("content-type", "application/json")
                .body("{}");
            let answer = answer.await;
            let is_oauth = operation["tags"][0] == "oauth" && method == Method::POST;
            if is_oauth {
                // RFC 6749, section 5.2, has a form of its own.
                assert_eq!(answer.is(400)["error"], "invalid_request", "{path}");
                continue;
            }
            let refused = answer.problem(400, "unknown_parameter");
            let named = &refused["errors"][0]["parameter"];
            assert_eq!(named, "nonsense", "{}", operation["operationId"]);
        }
    }

    async fn every_failure_met_is_a_documented_one(app: App) {
        for (method, path, operation) in operations(&served(&app).await) {
            let bare = app.call_root(method.clone(), &path);
            let with_body = app
                .call_root(method.clone(), &path)
                .header("if-match", "\"0\"")
                .header("content-type", "application/json")
                .body("{");
            for call in [bare, with_body] {
                let status = call.await.status.as_u16().to_string();
                let documented = operation["responses"].as_object().unwrap();
                assert!(documented.contains_key(&status), "{method} {path} gave {status}");
            }
        }
    }

    async fn the_pages_for_people_are_served_without_another_host(app: App) {
        let page = app.call_root(Method::GET, "/docs/").await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(page.text.contains("swagger-ui"));
        for file in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-initializer.js"] {
            let answer = app.call_root(Method::GET, &format!("/docs/{file}")).await;
            assert_eq!(answer.status.as_u16(), 200, "{file}");
        }
        assert!(!page.text.contains("//unpkg") && !page.text.contains("//cdn"));

        let codes = app.call_root(Method::GET, "/docs/errors").await;
        assert!(codes.text.contains("id=\"validity_overlaps\""));
        assert!(codes.text.contains("Không tìm thấy"));
    }

    async fn the_service_tells_how_it_is(app: App) {
        let health = |name: &str| app.call_root(Method::GET, &format!("/health/{name}")).into_future();
        assert_eq!(health("live").await.ok()["status"], "ok");
        assert_eq!(health("ready").await.ok()["status"], "ok");
        app.get("/unit_kinds/1").await.ok();
        let metrics = app.call_root(Method::GET, "/metrics").await;
        assert_eq!(metrics.status.as_u16(), 200);
        assert!(metrics.text.contains("operation=\"/api/v1/unit_kinds/{id}\""), "{}", metrics.text);
    }
}

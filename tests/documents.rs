//! Papers that others rest on.

use diesel::prelude::*;
use liendoan_core::schema::reorganisations;
use liendoan_core::validity::ALWAYS;
use liendoan_core::{Actor, Store};
use serde_json::{Value, json};

fn resolution() -> Value {
    json!({
        "number": "60-NQ/TW", "date": "2025-04-12",
        "issuer": "Ban Chấp hành Trung ương Đảng", "title": "Nghị quyết Hội nghị lần thứ mười một"
    })
}

/// A reorganisation that rests on a document; annulled, which must make no difference.
pub async fn rest_on(store: &Store, document: i64) {
    store
        .write(Actor::program("tests"), move |tx| {
            let now = tx.now();
            diesel::insert_into(reorganisations::table)
                .values((
                    reorganisations::version.eq(2),
                    reorganisations::document_id.eq(document),
                    reorganisations::effective_on.eq(ALWAYS),
                    reorganisations::day_seq.eq(1),
                    reorganisations::effective_precision.eq("day"),
                    reorganisations::lines.eq("[]"),
                    reorganisations::lines_total.eq(0),
                    reorganisations::annulled_because.eq("trial"),
                    reorganisations::is_announced.eq(true),
                    reorganisations::created_at.eq(now),
                    reorganisations::updated_at.eq(now),
                ))
                .execute(&mut **tx)?;
            Ok(())
        })
        .await
        .unwrap();
}

on_both_engines! {
    async fn a_document_is_created_and_read_back(app: App) {
        let created = app.post("/documents", &resolution()).await;
        let body = created.created();
        let location = created.header("location").unwrap().strip_prefix("/api/v1").unwrap();
        assert_eq!(created.header("etag"), Some("\"1\""));
        for (name, value) in resolution().as_object().unwrap() {
            assert_eq!(&body[name], value, "{name}");
        }
        assert_eq!(body["version"], 1);
        assert_eq!(body["created_at"], "2026-01-15T05:00:00.000000Z");
        assert_eq!(body["allowed_actions"], json!(["edit", "delete"]));

        let read = app.get(location).await;
        assert_eq!(read.ok(), body);
        let again = app.get(location).header("if-none-match", read.header("etag").unwrap()).await;
        assert_eq!(again.status.as_u16(), 304);
    }

    async fn what_is_not_known_stays_null(app: App) {
        let numbered = app.post("/documents", &json!({"number": "1/QĐ"})).await.created();
        assert_eq!(numbered["title"], Value::Null);
        assert_eq!(numbered["date"], Value::Null);
        let titled = app.post("/documents", &json!({"title": "Biên bản"})).await.created();
        assert_eq!(titled["number"], Value::Null);
    }

    async fn a_document_without_number_and_title_is_refused(app: App) {
        let unnamed = json!({"issuer": "Tổng Liên đoàn", "date": "2025-04-12"});
        app.post("/documents", &unnamed).await.refuses(&[("", "document_unnamed")]);
        let numbered = app.post("/documents", &json!({"number": "1/QĐ"})).await.created();
        let path = format!("/documents/{}", numbered["id"]);
        app.patch(&path, 1, &json!({"number": null})).await.refuses(&[("", "document_unnamed")]);
        app.patch(&path, 1, &json!({"number": null, "title": "Quyết định"})).await.ok();
    }

    async fn what_does_not_fit_is_refused_at_its_place(app: App) {
        let long = |count: usize| "x".repeat(count);
        let bad = json!({"number": long(301), "date": "2025-04-12", "issuer": " ", "title": long(1001)});
        app.post("/documents", &bad).await.refuses(&[
            ("/number", "too_long"), ("/issuer", "blank"), ("/title", "too_long"),
        ]);
        app.post("/documents", &json!({"title": long(1000)})).await.created();
        let never = json!({"number": "1/QĐ", "date": "2025-02-30"});
        app.post("/documents", &never).await.refuses(&[("/date", "date_invalid")]);
        let strange = json!({"number": "1/QĐ", "colour": "red"});
        app.post("/documents", &strange).await.refuses(&[("/colour", "unknown_field")]);
    }

    async fn a_number_is_found_in_whatever_form_it_is_typed(app: App) {
        for number in ["1/QĐ-LĐLĐ", "1/QĐ-LĐLĐ", "2/QĐ-Liên"] {
            app.post("/documents", &json!({"number": number})).await.created();
        }
        let page = app.get("/documents?number=1/QĐ-LĐLĐ&count=exact").await.ok();
        assert_eq!(page["total"], 2);
        let decomposed = app.get("/documents?number=2/Q\u{110}-Lie\u{302}n").await.ok();
        assert_eq!(decomposed["items"][0]["number"], "2/QĐ-Liên");
        let none = app.get("/documents?number=1/Q").await.ok();
        assert_eq!(none["items"], json!([]));
        app.get("/documents?number=").await.problem(400, "parameter_invalid");
    }

    async fn documents_are_listed_a_page_at_a_time(app: App) {
        for n in 0..5 {
            app.post("/documents", &json!({"number": format!("{n}/QĐ")})).await.created();
        }
        let first = app.get("/documents?limit=3").await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = app.get(&format!("/documents?limit=3&cursor={cursor}")).await.ok();
        assert_eq!(rest["next_cursor"], Value::Null);
        let pages = [&first, &rest].map(|page| page["items"].as_array().unwrap().clone()).concat();
        let numbers: Vec<_> = pages.iter().map(|item| item["number"].as_str().unwrap()).collect();
        assert_eq!(numbers, ["0/QĐ", "1/QĐ", "2/QĐ", "3/QĐ", "4/QĐ"]);
    }

    async fn changes_are_guarded_and_told(app: App) {
        let start = app.feed_end().await;
        let created = app.post("/documents", &resolution()).await.created();
        let path = format!("/documents/{}", created["id"]);
        assert_eq!(app.patch(&path, 1, &json!({"number": " 60-NQ/TW "})).await.ok()["version"], 1);
        let patched = app.patch(&path, 1, &json!({"issuer": null})).await;
        assert_eq!(patched.header("etag"), Some("\"2\""));
        assert_eq!(patched.ok()["issuer"], Value::Null);
        assert_eq!(patched.ok()["title"], resolution()["title"]);
        app.patch(&path, 1, &json!({"issuer": "x"})).await.problem(412, "version_outdated");
        app.delete(&path, 1).await.problem(412, "version_outdated");
        app.delete(&path, 2).await.is(204);
        app.get(&path).await.problem(404, "not_found");

        let told = app.events(start, 3).await;
        let types: Vec<_> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(types, ["document.created", "document.updated", "document.deleted"]);
    }

    async fn a_document_on_which_a_reorganisation_rests_stays(app: App) {
        let created = app.post("/documents", &resolution()).await.created();
        let path = format!("/documents/{}", created["id"]);
        rest_on(&app.store, created["id"].as_i64().unwrap()).await;
        let refused = app.delete(&path, 1).await.problem(409, "document_in_use");
        assert_eq!(refused["params"]["reorganisation_id"], 1);
        // Its particulars may still be mended.
        app.patch(&path, 1, &json!({"date": "2025-04-13"})).await.ok();
    }
}

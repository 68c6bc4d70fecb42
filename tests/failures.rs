//! Whatever is sent, the failure has one form, a code of its own, and nothing is written.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::App;
use crate::unit_kinds::kind;

/// A creation whose body is written out as given.
async fn create(app: &App, body: impl Into<reqwest::Body>) -> crate::support::Answer {
    let call = app.call(Method::POST, "/unit_kinds");
    call.header("content-type", "application/json")
        .body(body)
        .await
}

async fn entries(app: &App) -> Value {
    app.get("/unit_kinds?count=exact&limit=1").await.ok()["total"].clone()
}

on_both_engines! {
    async fn an_address_that_is_none_is_a_404(app: App) {
        app.get("/nowhere").await.problem(404, "not_found");
        app.call_root(Method::GET, "/").await.problem(404, "not_found");
        app.get("/unit_kinds/").await.problem(404, "not_found");
        app.get("/unit_kinds/999999").await.problem(404, "not_found");
        let problem = app.get("/nowhere").await.problem(404, "not_found");
        assert_eq!(problem["instance"], "/api/v1/nowhere");
    }

    async fn an_id_that_is_none_is_malformed(app: App) {
        for id in ["x", "+3", "03", "1.5", "9223372036854775808", "%00"] {
            app.get(&format!("/unit_kinds/{id}")).await.problem(400, "id_invalid");
        }
    }

    async fn a_wrong_method_is_told_the_right_ones(app: App) {
        let refused = app.call(Method::PUT, "/unit_kinds/1").await;
        refused.problem(405, "method_not_allowed");
        assert_eq!(refused.header("allow"), Some("GET, PATCH, DELETE, HEAD"));
        let refused = app.call(Method::DELETE, "/unit_kinds:batch").await;
        refused.problem(405, "method_not_allowed");
        assert_eq!(refused.header("allow"), Some("POST"));
        let options = app.call(Method::OPTIONS, "/unit_kinds").await;
        assert_eq!(options.status.as_u16(), 204);
        assert_eq!(options.header("allow"), Some("GET, POST, HEAD"));
        app.call(Method::TRACE, "/unit_kinds").await.problem(405, "method_not_allowed");
    }

    async fn a_failure_speaks_the_language_of_the_reader(app: App) {
        let vietnamese = app.get("/nowhere").header("accept-language", "vi-VN,vi;q=0.9,en;q=0.8").await;
        assert_eq!(vietnamese.problem(404, "not_found")["title"], "Không tìm thấy");
        assert_eq!(vietnamese.header("content-language"), Some("vi"));
        let english = app.get("/nowhere").await;
        assert_eq!(english.problem(404, "not_found")["title"], "There is nothing here");
        assert_eq!(english.header("content-language"), Some("en"));
    }

    async fn a_body_that_is_no_json_is_malformed(app: App) {
        for body in ["", "{", "{\"kind\": }", "{} {}", "nonsense"] {
            create(&app, body).await.problem(400, "malformed_json");
        }
        create(&app, vec![b'{', b'"', 0xff, b'"', b'}']).await.problem(400, "not_utf8");
        assert_eq!(entries(&app).await, 11);
    }

    async fn half_a_surrogate_pair_is_malformed(app: App) {
        let body = kind("trial").to_string().replace("Loại thử", "\\ud800");
        create(&app, body).await.problem(400, "unpaired_surrogate");
        assert_eq!(entries(&app).await, 11);
    }

    async fn a_body_of_another_type_is_refused(app: App) {
        let call = || app.call(Method::POST, "/unit_kinds").body(kind("trial").to_string());
        call().await.problem(415, "unsupported_media_type");
        call().header("content-type", "text/plain").await.problem(415, "unsupported_media_type");
        let patch = app.call(Method::PATCH, "/unit_kinds/1").header("if-match", "\"1\"").json(&json!({}));
        let refused = patch.await.problem(415, "unsupported_media_type");
        assert_eq!(refused["errors"][0]["params"]["expected"], "application/merge-patch+json");
        let latin = call().header("content-type", "application/json; charset=latin1").await;
        latin.problem(415, "unsupported_media_type");
        let with_charset = call().header("content-type", "Application/JSON; charset=utf-8").await;
        with_charset.created();
    }

    async fn a_body_one_byte_over_the_limit_is_refused(app: App) {
        let limit = 4_194_304;
        let mut body = kind("trial").to_string();
        body.push_str(&" ".repeat(limit - body.len()));
        let too_large = format!("{body} ");
        let refused = create(&app, too_large).await.problem(413, "body_too_large");
        assert_eq!(refused["params"]["max_bytes"], limit);
        create(&app, body).await.created();
    }

    async fn an_endless_body_is_cut_off(app: App) {
        let chunks = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 65_536]));
        let body = reqwest::Body::wrap_stream(futures_util::StreamExt::take(chunks, 1_000));
        create(&app, body).await.problem(413, "body_too_large");
    }

    async fn refused_fields_are_named(app: App) {
        let with = |name: &str, value: Value| {
            let mut trial = kind("trial");
            trial[name] = value;
            trial.to_string()
        };
        for (name, value, pointer, code) in [
            ("name_vi", json!("a\u{0}b"), "/name_vi", "control_character"),
            ("name_vi", json!("a\u{202e}b"), "/name_vi", "control_character"),
            ("name_vi", json!("x".repeat(2_000)), "/name_vi", "too_long"),
            ("name_vi", json!("  "), "/name_vi", "blank"),
            ("name_vi", json!("\u{ad}\u{200d}"), "/name_vi", "control_character"),
            ("name_vi", json!(null), "/name_vi", "wrong_type"),
            ("name_vi", json!(7), "/name_vi", "wrong_type"),
            ("from", json!("2020-02-30"), "/from", "date_invalid"),
            ("from", json!("30/06/2025"), "/from", "date_invalid"),
            ("from", json!("1899-12-31"), "/from", "date_out_of_range"),
            ("to", json!("3000-01-01"), "/to", "date_out_of_range"),
            ("to", json!("2020-01-01"), "/to", "validity_empty"),
            ("level", json!(5), "/level", "out_of_range"),
            ("level", json!(1.5), "/level", "wrong_type"),
            ("level", json!(99_999_999_999_i64), "/level", "wrong_type"),
            ("rank", json!(-1), "/rank", "out_of_range"),
            ("kind", json!("Đơn vị"), "/kind", "code_invalid"),
            ("kind", json!("k".repeat(65)), "/kind", "code_invalid"),
            ("child_kinds", json!(["trial", "trial"]), "/child_kinds/1", "repeated"),
            ("child_kinds", json!({}), "/child_kinds", "wrong_type"),
            ("document", json!(""), "/document", "blank"),
            ("id", json!(1), "/id", "unknown_field"),
            ("a/b~c", json!(1), "/a~1b~0c", "unknown_field"),
        ] {
            create(&app, with(name, value)).await.refuses(&[(pointer, code)]);
        }
        let twice = kind("trial").to_string().replacen('{', "{\"kind\":\"again\",", 1);
        create(&app, twice).await.refuses(&[("/kind", "repeated_field")]);
        create(&app, "[]").await.refuses(&[("", "wrong_type")]);
        assert_eq!(entries(&app).await, 11);
    }

    async fn unknown_and_unreadable_parameters_are_named(app: App) {
        for (query, code, parameter) in [
            ("x=1", "unknown_parameter", "x"),
            ("as_of=2020-02-30", "parameter_invalid", "as_of"),
            ("level=three", "parameter_invalid", "level"),
            ("expand=everything", "parameter_invalid", "expand"),
            ("level=1&level=2", "repeated_parameter", "level"),
            ("count=about", "parameter_invalid", "count"),
        ] {
            let body = app.get(&format!("/unit_kinds?{query}")).await.problem(400, code);
            assert_eq!(body["errors"][0]["parameter"], parameter, "{query}");
        }
        app.post("/unit_kinds?x=1", &kind("trial")).await.problem(400, "unknown_parameter");
        assert_eq!(entries(&app).await, 11);
    }

    async fn parameters_hold_text_that_can_be_seen(app: App) {
        for (query, code, reason) in [
            ("kind=%00", "parameter_invalid", "control_character"),
            ("kind=a%0Ab", "parameter_invalid", "control_character"),
            ("kind=%FF", "not_utf8", "not_utf8"),
        ] {
            let body = app.get(&format!("/unit_kinds?{query}")).await.problem(400, code);
            assert_eq!(body["errors"][0]["code"], reason, "{query}");
        }
    }

    async fn a_refused_parameter_says_why(app: App) {
        for (query, reason) in [
            ("as_of=2020-02-30", "date_invalid"),
            ("as_of=1899-12-31", "date_out_of_range"),
            ("level=9", "out_of_range"),
            ("level=three", "wrong_type"),
            ("limit=99999999", "out_of_range"),
            ("expand=everything", "unknown_value"),
        ] {
            let body = app.get(&format!("/unit_kinds?{query}")).await.problem(400, "parameter_invalid");
            assert_eq!(body["errors"][0]["code"], reason, "{query}");
        }
        let body = app.get("/unit_kinds?limit=99999999").await.problem(400, "parameter_invalid");
        assert_eq!(body["errors"][0]["params"], json!({"min": 1, "max": 200}));
    }

    async fn an_array_is_not_read_as_an_object(app: App) {
        let fields = json!(["zz", 1, 2, false, "v", "e", [], null, null, null]);
        create(&app, fields.to_string()).await.refuses(&[("", "wrong_type")]);
        let batch = app.post("/unit_kinds:batch", &json!([[]])).key("b-1").await;
        batch.refuses(&[("", "wrong_type")]);
        assert_eq!(entries(&app).await, 11);
    }

    async fn failures_of_the_pages_have_the_same_form(app: App) {
        app.call_root(Method::GET, "/docs/nothing").await.problem(404, "not_found");
        app.call_root(Method::POST, "/docs/").await.problem(405, "method_not_allowed");
        let picky = app.get("/unit_kinds/1").header("accept-encoding", "identity;q=0, nonsense");
        picky.await.problem(406, "not_acceptable");
        let led = app.call_root(Method::GET, "/docs").await;
        assert!(led.text.contains("swagger-ui"), "{}", led.text);
    }

    async fn every_answer_carries_the_headers_that_protect(app: App) {
        let answers = [
            app.get("/unit_kinds").await,
            app.get("/unit_kinds/1").header("if-none-match", "\"1\"").await,
            app.get("/nowhere").await,
            app.call(Method::PUT, "/unit_kinds").await,
            app.call_root(Method::GET, "/health/live").await,
            app.call_root(Method::GET, "/docs/").await,
            app.call_root(Method::GET, "/openapi.json").await,
        ];
        for answer in answers {
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
            assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-site"));
            assert!(answer.header("strict-transport-security").is_some());
            assert!(answer.header("content-security-policy").unwrap().contains("default-src 'none'"));
            assert!(answer.header("cache-control").is_some());
            assert_eq!(answer.header("x-request-id").unwrap().len(), 36);
            assert_eq!(answer.header("server"), None);
        }
    }

    async fn what_is_no_http_harms_nobody(app: App) {
        for sent in ["nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0\0\0\0\r\n\r\n"] {
            let mut stream = TcpStream::connect(&app.address).await.unwrap();
            stream.write_all(sent.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let read = tokio::time::timeout(Duration::from_secs(9), stream.read_to_end(&mut answer));
            read.await.unwrap().unwrap();
            assert!(answer.starts_with(b"HTTP/1.1 400") || answer.starts_with(b"HTTP/1.1 505"), "{answer:?}");
        }
        app.get("/unit_kinds/1").await.ok();
    }
}

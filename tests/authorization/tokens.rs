//! Who is let in no more, and what is told of accounts beside their own addresses: by the feed, by the audit log.

use reqwest::Method;
use serde_json::{Value, json};

use super::world::{id, plant, record};
use crate::support::{App, Call, Engine, Remote, open, run_with, sql};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Another system, with a way to ask for its tokens.
struct System {
    admin: Remote,
    id: i64,
    form: String,
}

impl System {
    async fn make(admin: &Remote, unit: Option<&str>, scopes: &[&str]) -> Self {
        let content = json!({"name": "Cổng", "unit": unit, "scopes": scopes, "valid_to": null});
        let made = admin.post("/service_accounts", &content).await.created();
        let path = format!("/service_accounts/{}/secrets", made["id"]);
        let secret = admin
            .call(Method::POST, &path)
            .header("if-match", "*")
            .await
            .created();
        let (client, secret) = (text(&made["client_id"]), text(&secret["secret"]));
        Self {
            admin: admin.clone(),
            id: id(&made),
            form: format!(
                "grant_type=client_credentials&client_id={client}&client_secret={secret}"
            ),
        }
    }

    async fn token(&self, more: &str) -> String {
        let call = self
            .admin
            .anonymous()
            .call_root(Method::POST, "/oauth/token");
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        text(&call.body(format!("{}{more}", self.form)).await.ok()["access_token"]).to_owned()
    }

    fn get(&self, token: &str, path: &str) -> Call {
        let call = self.admin.anonymous().get(path);
        call.header("authorization", &format!("Bearer {token}"))
    }

    async fn change(&self, change: &Value) {
        let path = format!("/service_accounts/{}", self.id);
        let patch = self
            .admin
            .call(Method::PATCH, &path)
            .header("if-match", "*");
        let patch = patch.header("content-type", "application/merge-patch+json");
        patch.body(change.to_string()).await.ok();
    }
}

on_both_engines! {
    async fn whoever_is_out_has_no_good_token(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        // Locked and signed out, past the service and before it knew them.
        for change in [
            "UPDATE accounts SET state = 'locked' WHERE id",
            "UPDATE accounts SET state = 'disabled' WHERE id",
            "UPDATE accounts SET state = 'invited' WHERE id",
            "UPDATE sessions SET ended_at = '2026-01-01 00:00:00' WHERE account_id",
            "UPDATE sessions SET expires_at = '2026-01-15 05:00:00' WHERE account_id",
        ] {
            let viewer = app.account("viewer", Some("hn-d")).await;
            sql(&mut open(&app.url), &format!("{change} = {}", viewer.id)).unwrap();
            viewer.get("/units").await.problem(401, "session_ended");
            viewer.get("/account").await.problem(401, "session_ended");
        }
    }

    async fn another_system_may_what_its_token_says_from_where_it_may_call(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let system = System::make(&admin, Some("hn-d"), &["units:read", "accounts:read"]).await;
        let whole = system.token("").await;
        system.get(&whole, "/units").await.ok();
        system.get(&whole, "/accounts").await.ok();
        // What everybody may who holds a role is not theirs for nothing.
        system.get(&whole, "/documents").await.problem(403, "forbidden");
        system.get(&whole, "/account").await.problem(403, "people_only");
        let narrow = system.token("&scope=units:read").await;
        system.get(&narrow, "/units").await.ok();
        system.get(&narrow, "/accounts").await.problem(403, "forbidden");

        system.change(&json!({"addresses": ["10.9.9.9"]})).await;
        system.get(&whole, "/units").await.problem(401, "token_invalid");
        system.change(&json!({"addresses": []})).await;
        system.get(&whole, "/units").await.ok();
        system.change(&json!({"scopes": ["units:read"]})).await;
        system.get(&whole, "/accounts").await.problem(403, "forbidden");
        system.change(&json!({"valid_to": "2026-01-15"})).await;
        system.get(&whole, "/units").await.problem(401, "session_ended");
        system.change(&json!({"valid_to": "2026-01-16"})).await;
        system.get(&whole, "/units").await.ok();
        system.change(&json!({"disabled": true})).await;
        system.get(&whole, "/units").await.problem(401, "session_ended");
    }

    async fn the_feed_tells_nothing_of_accounts(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let account = json!({"name": "secret.person", "unit": "hn-d"});
        let account = id(&admin.post("/accounts", &account).await.created());
        let grant = json!({"account_id": account, "role": "viewer", "unit": "hn-d-a"});
        admin.post("/grants", &grant).await.created();
        let role = json!({"code": "reader", "name_vi": "Đọc", "name_en": "Reader", "permissions": ["records:read"]});
        admin.post("/roles", &role).await.created();
        System::make(&admin, Some("hn-d"), &["events:read"]).await;
        // A decision that touches the grant.
        let document = id(&admin.post("/documents", &json!({"number": "7/QĐ"})).await.created());
        let end = json!({"op": "end", "unit": "hn-d-a"});
        record(&admin, document, Some("2025-06-30"), &[end]).await;
        app.events(0, 1).await;
        let last = admin.get("/events?after=0&limit=1&wait=5").await.ok()["position"].as_i64().unwrap();
        let events = admin.events_to(last).await;
        assert!(events.iter().any(|event| event["type"] == "reorganisation.recorded"));
        // Behind what every database begins with.
        let seeded = admin.seeded().await;
        for event in &events[seeded..] {
            let text = event.to_string();
            for word in ["account", "grant", "session", "role", "secret", "token", "principal"] {
                assert!(!text.contains(word), "{word}: {text}");
            }
        }
    }

    async fn the_audit_log_is_searched_within_the_scope(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let auditor = app.account("auditor", Some("hn-d")).await;
        let make = async |name: &str, unit: Option<&str>| {
            let content = json!({"name": name, "unit": unit});
            id(&admin.post("/accounts", &content).await.created())
        };
        let inside = make("inside", Some("hn-d-a")).await;
        let moved_in = make("moved.in", Some("hn-e-in")).await;
        let followed = make("followed", Some("hn-x")).await;
        let hidden = [
            make("beside", Some("hn-e-a")).await,
            make("elsewhere", Some("hp-d")).await,
            make("moved.out", Some("hn-d-gone")).await,
            make("above", Some("hn")).await,
            make("federal", None).await,
        ];
        let about = async |remote: &Remote, filter: &str| -> Vec<String> {
            let entries = remote.all(&format!("/audit_entries?{filter}")).await;
            entries.iter().filter_map(|entry| entry["about"].as_str().map(str::to_owned)).collect()
        };
        let name = |id: i64| format!("account:{id}");
        let expected = [name(followed), name(moved_in), name(inside)];
        // Entries take their places a moment after they were made.
        while about(&admin, "action=account.created").await.len() < 8 {
            tokio::task::yield_now().await;
        }
        assert_eq!(about(&auditor, "action=account.created").await, expected);
        assert_eq!(about(&auditor, "action=account.").await, expected);
        assert_eq!(about(&auditor, "unit=code:hn-d-a&action=account.").await, [name(inside)]);
        let maker = format!("actor=account:{}", admin.pass().account());
        assert_eq!(about(&auditor, &maker).await, expected);
        for id in hidden {
            for filter in [
                format!("about=account:{id}"),
                format!("action=account.created&object={id}"),
                format!("action=account.created&object={id}&unit=code:hp-d"),
            ] {
                assert_eq!(about(&auditor, &filter).await, [""; 0], "{filter}");
            }
            assert_eq!(about(&admin, &format!("about=account:{id}")).await, [name(id)]);
        }
        for unit in ["hp-d", "hn-e", "hn-d-gone"] {
            let there = about(&auditor, &format!("unit=code:{unit}")).await;
            assert_eq!(there, [""; 0], "{unit}");
        }
        // Above they see what concerns both.
        assert_eq!(about(&auditor, "unit=code:hn&action=account.").await, expected);
        let first = admin.get("/audit_entries?action=account.&limit=1").await.ok();
        let cursor = text(&first["next_cursor"]);
        assert_eq!(about(&auditor, &format!("action=account.&cursor={cursor}")).await, expected);
    }
}

/// Whoever owes a second factor may set it up, and nothing else.
async fn nothing_without_a_second_factor(app: App) {
    let manager = app.account("account_administrator", None).await;
    let code = "second_factor_required";
    for path in ["/accounts", "/grants", "/units", "/roles", "/unit_kinds"] {
        manager.get(path).await.problem(403, code);
    }
    let own = format!("/accounts/{}", manager.id);
    manager.get(&own).await.problem(403, code);
    manager
        .get(&format!("{own}/rights?unit=1"))
        .await
        .problem(403, code);
    let role = json!({"code": "reader", "name_vi": "Đọc", "name_en": "Reader", "permissions": ["records:read"]});
    manager.post("/roles", &role).await.problem(403, code);
    let account = manager.get("/account").await.ok();
    assert_eq!(account["must_set_up_second_factor"], true);
    manager
        .call(Method::POST, "/account/second_factor")
        .await
        .ok();
    app.account("viewer", None).await.get("/units").await.ok();
}

#[test]
fn nothing_without_a_second_factor_sqlite() {
    let settings = [("access.second_factor", "administrators")];
    run_with(Engine::Sqlite, &settings, nothing_without_a_second_factor);
}

#[test]
fn nothing_without_a_second_factor_postgres() {
    let settings = [("access.second_factor", "administrators")];
    run_with(Engine::Postgres, &settings, nothing_without_a_second_factor);
}

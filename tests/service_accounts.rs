//! Accounts of other systems: who makes them, what they may be given, and their secrets.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, Call, Chart, Remote, establish};

/// The confederation, two provinces, two districts of one of them.
pub async fn plant(app: &App) -> Chart {
    let root = json!({
        "op": "establish", "code": "tld", "name": "Tổng Liên đoàn", "kind": "confederation"
    });
    let chart = Chart::empty(app).await;
    chart
        .open(&[
            root,
            establish("hn", "provincial_federation", "tld"),
            establish("hp", "provincial_federation", "tld"),
            establish("hn-q-btl", "district_federation", "hn"),
            establish("hn-q-hk", "district_federation", "hn"),
        ])
        .await;
    chart
}

/// What another system may be given.
pub fn service_account(unit: Option<&str>, scopes: &[&str]) -> Value {
    json!({"name": "Cổng dữ liệu", "unit": unit, "scopes": scopes})
}

pub fn path(account: &Value) -> String {
    format!("/service_accounts/{}", account["id"])
}

/// A request for a secret, of the account as it was read.
pub fn ask_for_secret(remote: &Remote, account: &Value, version: i64) -> Call {
    remote
        .call(Method::POST, &format!("{}/secrets", path(account)))
        .header("if-match", &format!("\"{version}\""))
}

fn ids(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["id"].as_i64().unwrap()).collect()
}

on_both_engines! {
    async fn an_account_is_made_read_changed_and_removed(app: App) {
        plant(&app).await;
        let admin = app.admin();
        let mut content = service_account(Some("hn"), &["units:read", "events:read"]);
        content["addresses"] = json!(["10.1.2.3", "10.2.9.9/16"]);
        content["valid_to"] = json!("2027-01-01");
        let created = admin.post("/service_accounts", &content).await;
        let account = created.created();
        assert_eq!(created.header("etag"), Some("\"1\""));
        assert_eq!(account["client_id"].as_str().unwrap().len(), 15);
        assert_eq!(account["scopes"], json!(["units:read", "events:read"]));
        assert_eq!(account["addresses"], json!(["10.1.2.3/32", "10.2.0.0/16"]));
        assert_eq!(account["valid_to"], "2027-01-01");
        assert_eq!((&account["disabled"], &account["used_at"]), (&json!(false), &Value::Null));
        assert_eq!(account["allowed_actions"], json!(["edit", "add_secret", "delete"]));
        assert_eq!(admin.get(&path(&account)).await.ok(), account);

        let patch = json!({"valid_to": null, "addresses": [], "scopes": ["events:read"]});
        let patched = admin.patch(&path(&account), 1, &patch).await.ok();
        assert_eq!(patched["version"], 2);
        assert_eq!((&patched["valid_to"], &patched["unit"]), (&Value::Null, &json!("hn")));
        assert_eq!(patched["scopes"], json!(["events:read"]));
        admin.patch(&path(&account), 1, &patch).await.problem(412, "version_outdated");

        let page = admin.get("/service_accounts?count=exact").await.ok();
        assert_eq!((&page["items"], &page["total"]), (&json!([patched]), &json!(1)));
        admin.delete(&path(&account), 2).await.is(204);
        admin.get(&path(&account)).await.problem(404, "not_found");
    }

    async fn each_rule_names_its_place(app: App) {
        plant(&app).await;
        let admin = app.admin();
        let refuse = async |changes: Value, places: &[(&str, &str)]| {
            let mut content = service_account(None, &["units:read"]);
            for (name, value) in changes.as_object().unwrap() {
                content[name] = value.clone();
            }
            admin.post("/service_accounts", &content).await.refuses(places);
        };
        refuse(json!({"name": " "}), &[("/name", "blank")]).await;
        refuse(json!({"unit": "nowhere"}), &[("/unit", "unit_unknown")]).await;
        refuse(json!({"scopes": []}), &[("/scopes", "too_few")]).await;
        refuse(json!({"scopes": ["units:read", "units:rule"]}), &[("/scopes/1", "permission_unknown")]).await;
        refuse(json!({"addresses": ["10.0.0.0/33"]}), &[("/addresses/0", "address_invalid")]).await;
        refuse(json!({"addresses": vec!["10.0.0.1"; 51]}), &[("/addresses", "too_many")]).await;
        refuse(json!({"valid_to": "2026-02-30"}), &[("/valid_to", "date_invalid")]).await;
        refuse(json!({"client_id": "sa-mine"}), &[("/client_id", "unknown_field")]).await;
        assert_eq!(admin.get("/service_accounts").await.ok()["items"], json!([]));
    }

    async fn two_secrets_live_at_a_time(app: App) {
        let admin = app.admin();
        let account = service_account(None, &["units:read"]);
        let account = admin.post("/service_accounts", &account).await.created();
        let first = ask_for_secret(&admin, &account, 1).await;
        assert_eq!(first.header("etag"), Some("\"2\""));
        assert_eq!(first.header("cache-control"), Some("no-store"));
        let first = first.created();
        ask_for_secret(&admin, &account, 1).await.problem(412, "version_outdated");
        let second = ask_for_secret(&admin, &account, 2).await.created();
        assert_ne!(first["secret"], second["secret"]);
        ask_for_secret(&admin, &account, 3).await.problem(409, "too_many_secrets");

        let secrets = format!("{}/secrets", path(&account));
        let listed = admin.get(&secrets).await;
        assert_eq!(ids(&listed.ok()), ids(&json!({"items": [first, second]})));
        assert!(!listed.text.contains("lds_"), "a secret is shown once");
        let first_path = format!("{secrets}/{}", first["id"]);
        admin.delete(&first_path, 3).await.is(204);
        admin.delete(&first_path, 4).await.problem(404, "not_found");
        assert_eq!(ids(&admin.get(&secrets).await.ok()), [second["id"].as_i64().unwrap()]);
        ask_for_secret(&admin, &account, 4).await.created();
    }

    async fn a_secret_of_another_account_is_not_there(app: App) {
        let admin = app.admin();
        let account = service_account(None, &["units:read"]);
        let one = admin.post("/service_accounts", &account).await.created();
        let other = admin.post("/service_accounts", &account).await.created();
        let secret = ask_for_secret(&admin, &one, 1).await.created();
        let path = format!("{}/secrets/{}", path(&other), secret["id"]);
        admin.delete(&path, 1).await.problem(404, "not_found");
    }

    async fn nobody_gives_what_they_do_not_hold_there(app: App) {
        plant(&app).await;
        let integrator = app.account("integrator", Some("hn")).await;
        let create = async |unit, scopes: &[&str]| {
            integrator.post("/service_accounts", &service_account(unit, scopes)).await
        };
        let held = create(Some("hn-q-btl"), &["events:read"]).await.created();
        // Held everywhere, as by everybody who holds any role.
        create(Some("hn"), &["units:read"]).await.created();
        let refused = create(Some("hn"), &["events:read", "audit:read"]).await;
        let refused = refused.problem(403, "not_held");
        assert_eq!(refused["params"]["permission"], "audit:read");
        create(Some("hp"), &["events:read"]).await.problem(403, "out_of_scope");
        create(None, &["events:read"]).await.problem(403, "out_of_scope");

        let wider = json!({"scopes": ["events:read", "accounts:read"]});
        let wider = integrator.patch(&path(&held), 1, &wider).await;
        wider.problem(403, "not_held");
        let away = integrator.patch(&path(&held), 1, &json!({"unit": "hp"})).await;
        away.problem(403, "out_of_scope");
    }

    async fn who_holds_less_may_stop_an_account_and_not_use_it(app: App) {
        plant(&app).await;
        let admin = app.admin();
        let mighty = service_account(Some("hn"), &["accounts:manage"]);
        let mighty = admin.post("/service_accounts", &mighty).await.created();
        let integrator = app.account("integrator", Some("hn")).await;
        ask_for_secret(&integrator, &mighty, 1).await.problem(403, "not_held");
        let open = json!({"addresses": ["0.0.0.0/0"]});
        integrator.patch(&path(&mighty), 1, &open).await.problem(403, "not_held");
        let stop = json!({"disabled": true, "name": "Dừng"});
        integrator.patch(&path(&mighty), 1, &stop).await.ok();
        let again = json!({"disabled": false});
        integrator.patch(&path(&mighty), 2, &again).await.problem(403, "not_held");
    }

    async fn accounts_outside_are_not_there(app: App) {
        plant(&app).await;
        let admin = app.admin();
        let mut made = Vec::new();
        for unit in [None, Some("hn"), Some("hn-q-btl"), Some("hn-q-hk"), Some("hp")] {
            let content = service_account(unit, &["events:read"]);
            made.push(admin.post("/service_accounts", &content).await.created());
        }
        let integrator = app.account("integrator", Some("hn-q-btl")).await;
        let seen = integrator.get("/service_accounts?count=exact").await.ok();
        assert_eq!((ids(&seen), &seen["total"]), (vec![made[2]["id"].as_i64().unwrap()], &json!(1)));
        for (index, account) in made.iter().enumerate().filter(|(index, _)| *index != 2) {
            let path = path(account);
            integrator.get(&path).await.problem(404, "not_found");
            integrator.get(&format!("{path}/secrets")).await.problem(404, "not_found");
            let patch = integrator.patch(&path, 1, &json!({"disabled": true})).await;
            patch.problem(404, "not_found");
            integrator.delete(&path, 1).await.problem(404, "not_found");
            let secret = ask_for_secret(&integrator, account, 1).await;
            assert_eq!(secret.status, 404, "{index}");
        }
        // A cursor of somebody else leads to nothing more.
        let first = admin.get("/service_accounts?limit=1").await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let page = format!("/service_accounts?limit=1&cursor={cursor}");
        assert_eq!(ids(&integrator.get(&page).await.ok()), ids(&seen));

        let viewer = app.account("viewer", None).await;
        viewer.get("/service_accounts").await.problem(403, "forbidden");
        app.anonymous().get("/service_accounts").await.problem(401, "unauthenticated");
    }
}

//! Tokens for other systems, as ordinary OAuth libraries ask for them.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::service_accounts::{ask_for_secret, path, plant, service_account};
use crate::support::{Answer, App, Call, Remote, sql};

/// Another system with a secret.
struct Client {
    account: Value,
    id: String,
    secret: String,
}

impl Client {
    async fn of(app: &App, content: &Value) -> Self {
        let admin = app.admin();
        let account = admin.post("/service_accounts", content).await.created();
        let secret = ask_for_secret(&admin, &account, 1).await.created();
        Self {
            id: account["client_id"].as_str().unwrap().to_owned(),
            secret: secret["secret"].as_str().unwrap().to_owned(),
            account,
        }
    }

    async fn with(app: &App, scopes: &[&str]) -> Self {
        Self::of(app, &service_account(None, scopes)).await
    }

    /// Its credentials, in the form.
    fn form(&self, fields: &str) -> String {
        format!(
            "{fields}&client_id={}&client_secret={}",
            self.id, self.secret
        )
    }

    async fn ask(&self, app: &App, fields: &str) -> Answer {
        post(&app.anonymous(), "token", &self.form(fields)).await
    }

    async fn token(&self, app: &App) -> String {
        let answer = self.ask(app, GRANT).await.ok();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    async fn introspect(&self, app: &App, token: &str) -> Value {
        let form = self.form(&format!("token={token}"));
        post(&app.anonymous(), "introspect", &form).await.ok()
    }

    async fn revoke(&self, app: &App, token: &str) -> Answer {
        let form = self.form(&format!("token={token}"));
        post(&app.anonymous(), "revoke", &form).await
    }
}

const GRANT: &str = "grant_type=client_credentials";

fn post(remote: &Remote, operation: &str, form: &str) -> Call {
    remote
        .call_root(Method::POST, &format!("/oauth/{operation}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
}

/// Base64 of `id:secret`, as RFC 6749 has it.
fn basic(id: &str, secret: &str) -> String {
    use reqwest::header::AUTHORIZATION;
    let request = reqwest::Client::new().get("http://localhost");
    let request = request.basic_auth(id, Some(secret)).build().unwrap();
    request.headers()[AUTHORIZATION]
        .to_str()
        .unwrap()
        .to_owned()
}

/// A request of whoever bears a token.
async fn get(app: &App, token: &str, path: &str) -> Answer {
    let call = app.anonymous().get(path);
    call.header("authorization", &format!("Bearer {token}"))
        .await
}

/// Holds an answer to be a failure as RFC 6749 writes it.
#[track_caller]
fn refuses(answer: &Answer, status: u16, error: &str) {
    let body = answer.is(status);
    assert_eq!(body["error"], error, "{body}");
    assert!(!body["error_description"].as_str().unwrap().is_empty());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("x-request-id").is_some());
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    assert_eq!(challenge.starts_with("Basic "), status == 401);
}

on_both_engines! {
    async fn a_system_gets_a_token_and_calls_with_it(app: App) {
        plant(&app).await;
        let client = Client::with(&app, &["units:read", "events:read"]).await;
        let answer = client.ask(&app, GRANT).await;
        let token = answer.ok();
        assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(600)));
        assert_eq!(token["scope"], "units:read events:read");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("pragma"), Some("no-cache"));
        let token = token["access_token"].as_str().unwrap();
        get(&app, token, "/units/code:hn").await.ok();
        get(&app, token, "/clusters").await.problem(403, "forbidden");
        get(&app, token, "/account").await.problem(403, "people_only");

        let by_header = post(&app.anonymous(), "token", GRANT)
            .header("authorization", &basic(&client.id, &client.secret));
        by_header.await.ok();
        let account = app.admin().get(&path(&client.account)).await.ok();
        assert!(account["used_at"].is_string());
        assert_eq!(account["allowed_actions"], json!(["edit", "add_secret"]));
        let deleted = app.admin().delete(&path(&client.account), 2).await;
        deleted.problem(409, "service_account_used");
    }

    async fn the_scope_of_a_token_narrows_what_it_may(app: App) {
        plant(&app).await;
        let client = Client::with(&app, &["units:read", "clusters:read"]).await;
        let narrow = client.ask(&app, &format!("{GRANT}&scope=clusters:read")).await.ok();
        assert_eq!(narrow["scope"], "clusters:read");
        let narrow = narrow["access_token"].as_str().unwrap();
        get(&app, narrow, "/clusters").await.ok();
        get(&app, narrow, "/units/code:hn").await.problem(403, "forbidden");
        get(&app, &client.token(&app).await, "/units/code:hn").await.ok();
        let wide = client.ask(&app, &format!("{GRANT}&scope=clusters:read%20audit:read")).await;
        refuses(&wide, 400, "invalid_scope");
        // What is taken from the account is taken from its tokens.
        let less = json!({"scopes": ["units:read"]});
        app.admin().patch(&path(&client.account), 2, &less).await.ok();
        get(&app, narrow, "/clusters").await.problem(403, "forbidden");
    }

    async fn a_narrow_token_gives_no_more_than_it_has(app: App) {
        let scopes = ["service_accounts:manage", "audit:read"];
        let client = Client::with(&app, &scopes).await;
        let fields = format!("{GRANT}&scope=service_accounts:manage");
        let token = client.ask(&app, &fields).await.ok();
        let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
        let as_client = async |call: Call| call.header("authorization", &bearer).await;
        let nobody = app.anonymous();
        let spy = service_account(None, &["audit:read"]);
        as_client(nobody.post("/service_accounts", &spy)).await.problem(403, "not_held");
        // A token that is stolen makes no secret that outlives it.
        let own = ask_for_secret(&nobody, &client.account, 2);
        as_client(own).await.problem(403, "people_only");
        let own = nobody.patch(&path(&client.account), 2, &json!({"disabled": true}));
        as_client(own).await.problem(403, "own_grants");
    }

    async fn failures_are_those_of_rfc_6749(app: App) {
        let client = Client::with(&app, &["units:read"]).await;
        let other = Client::with(&app, &["units:read"]).await;
        let nobody = app.anonymous();
        let token = async |form: &str| post(&nobody, "token", form).await;
        refuses(&token(GRANT).await, 401, "invalid_client");
        refuses(&token(&client.form("scope=units:read")).await, 400, "invalid_request");
        let unknown = client.form("grant_type=password&username=a&password=b");
        refuses(&token(&unknown).await, 400, "unsupported_grant_type");
        let mixed = format!("{GRANT}&client_id={}&client_secret={}", client.id, other.secret);
        refuses(&token(&mixed).await, 401, "invalid_client");
        let nobodys = format!("{GRANT}&client_id=sa-aaaaaaaaaaaa&client_secret={}", client.secret);
        refuses(&token(&nobodys).await, 401, "invalid_client");
        let twice = client.form(&format!("{GRANT}&scope=units:read&scope=units:read"));
        refuses(&token(&twice).await, 400, "invalid_request");

        let header = basic(&client.id, &client.secret);
        let with_header = async |form: &str, header: &str| {
            post(&nobody, "token", form).header("authorization", header).await
        };
        refuses(&with_header(&client.form(GRANT), &header).await, 400, "invalid_request");
        let wrong = basic(&client.id, "wrong");
        refuses(&with_header(GRANT, &wrong).await, 401, "invalid_client");
        refuses(&with_header(GRANT, "Basic ???").await, 401, "invalid_client");
        refuses(&with_header(GRANT, "Bearer a.b.c").await, 401, "invalid_client");
        let same = format!("{GRANT}&client_id={}", client.id);
        with_header(&same, &header).await.ok();

        let json = nobody.call_root(Method::POST, "/oauth/token").json(&json!({})).await;
        refuses(&json, 400, "invalid_request");
        let long = format!("{GRANT}&scope={}", "a".repeat(30_000));
        refuses(&token(&client.form(&long)).await, 400, "invalid_request");
        let query = nobody.call_root(Method::POST, &format!("/oauth/token?{GRANT}"))
            .header("content-type", "application/x-www-form-urlencoded").await;
        refuses(&query, 400, "invalid_request");
        let wrong_method = nobody.get_root("/oauth/token").await;
        wrong_method.problem(401, "unauthenticated");
    }

    async fn either_of_two_secrets_will_do_until_it_is_deleted(app: App) {
        let admin = app.admin();
        let mut client = Client::with(&app, &["units:read"]).await;
        let first = client.token(&app).await;
        let second = ask_for_secret(&admin, &client.account, 2).await.created();
        let old = std::mem::replace(&mut client.secret, second["secret"].as_str().unwrap().to_owned());
        client.token(&app).await;
        let secrets = format!("{}/secrets", path(&client.account));
        let listed = admin.get(&secrets).await.ok();
        admin.delete(&format!("{secrets}/{}", listed["items"][0]["id"]), 3).await.is(204);
        client.token(&app).await;
        client.secret = old;
        refuses(&client.ask(&app, GRANT).await, 401, "invalid_client");
        // Its tokens run out by themselves.
        get(&app, &first, "/units").await.ok();
    }

    async fn an_account_ends_on_its_day_and_stops_at_once(app: App) {
        let mut content = service_account(None, &["units:read"]);
        content["valid_to"] = json!("2026-01-16");
        let client = Client::of(&app, &content).await;
        app.clock.set("2026-01-15T16:59:00Z".parse().unwrap());
        let token = client.token(&app).await;
        get(&app, &token, "/units").await.ok();
        app.clock.set("2026-01-15T17:00:00Z".parse().unwrap());
        get(&app, &token, "/units").await.problem(401, "session_ended");
        refuses(&client.ask(&app, GRANT).await, 401, "invalid_client");

        let client = Client::with(&app, &["units:read"]).await;
        let token = client.token(&app).await;
        get(&app, &token, "/units").await.ok();
        app.admin().patch(&path(&client.account), 2, &json!({"disabled": true})).await.ok();
        get(&app, &token, "/units").await.problem(401, "session_ended");
        refuses(&client.ask(&app, GRANT).await, 401, "invalid_client");
        assert_eq!(Client::with(&app, &["accounts:read"]).await.introspect(&app, &token).await, json!({"active": false}));
    }

    async fn a_token_runs_out_after_ten_minutes(app: App) {
        let client = Client::with(&app, &["units:read"]).await;
        let token = client.token(&app).await;
        app.clock.set("2026-01-15T05:11:00Z".parse().unwrap());
        get(&app, &token, "/units").await.problem(401, "token_expired");
        assert_eq!(client.introspect(&app, &token).await, json!({"active": false}));
        client.revoke(&app, &token).await.is(200);
    }

    async fn a_system_asks_from_its_addresses_only(app: App) {
        let mut content = service_account(None, &["units:read"]);
        content["addresses"] = json!(["10.1.0.0/16"]);
        let client = Client::of(&app, &content).await;
        refuses(&client.ask(&app, GRANT).await, 401, "invalid_client");
        // Whoever is no trusted proxy can't say where they come from.
        let spoofed = post(&app.anonymous(), "token", &client.form(GRANT));
        refuses(&spoofed.header("x-forwarded-for", "10.1.2.3").await, 401, "invalid_client");
        let here = json!({"addresses": ["127.0.0.0/8"]});
        app.admin().patch(&path(&client.account), 2, &here).await.ok();
        let token = client.token(&app).await;
        get(&app, &token, "/units").await.ok();
        let there = json!({"addresses": ["10.1.0.0/16"]});
        app.admin().patch(&path(&client.account), 3, &there).await.ok();
        get(&app, &token, "/units").await.problem(401, "token_invalid");
    }

    async fn a_revoked_token_does_nothing_at_once(app: App) {
        let client = Client::with(&app, &["units:read"]).await;
        let (token, other) = (client.token(&app).await, client.token(&app).await);
        get(&app, &token, "/units").await.ok();
        client.revoke(&app, &token).await.is(200);
        get(&app, &token, "/units").await.problem(401, "session_ended");
        get(&app, &other, "/units").await.ok();
        assert_eq!(client.introspect(&app, &token).await, json!({"active": false}));
        // Again, and what is no token.
        client.revoke(&app, &token).await.is(200);
        client.revoke(&app, "nothing").await.is(200);
        let missing = post(&app.anonymous(), "revoke", &client.form("x=y")).await;
        refuses(&missing, 400, "invalid_request");
    }

    async fn nobody_revokes_or_sees_the_token_of_another(app: App) {
        plant(&app).await;
        let client = Client::with(&app, &["units:read"]).await;
        let token = client.token(&app).await;
        let other = Client::with(&app, &["units:read"]).await;
        refuses(&other.revoke(&app, &token).await, 400, "invalid_request");
        get(&app, &token, "/units").await.ok();
        assert_eq!(other.introspect(&app, &token).await, json!({"active": false}));
        let persons = app.pass().token();
        assert_eq!(client.introspect(&app, &persons).await, json!({"active": false}));

        let mine = client.introspect(&app, &token).await;
        assert_eq!((&mine["active"], &mine["client_id"]), (&json!(true), &json!(client.id)));
        assert_eq!(mine["scope"], "units:read");
        assert_eq!(mine["sub"], format!("service_account:{}", client.account["id"]));
        let of_unit = service_account(Some("hn"), &["accounts:read"]);
        let of_unit = Client::of(&app, &of_unit).await;
        assert_eq!(of_unit.introspect(&app, &token).await, json!({"active": false}));
        let of_all = Client::with(&app, &["accounts:read"]).await;
        assert_eq!(of_all.introspect(&app, &token).await, mine);
        let account = app.pass().claims(0).sub;
        assert_eq!(of_all.introspect(&app, &persons).await["sub"], account);
        let unknown = post(&app.anonymous(), "introspect", &format!("token={token}")).await;
        refuses(&unknown, 401, "invalid_client");
    }

    async fn too_many_failures_must_wait(app: App) {
        let mut client = Client::with(&app, &["units:read"]).await;
        let right = std::mem::replace(&mut client.secret, "lds_wrong".to_owned());
        for _ in 0..10 {
            refuses(&client.ask(&app, GRANT).await, 401, "invalid_client");
        }
        client.secret = right;
        let waits = client.ask(&app, GRANT).await;
        refuses(&waits, 429, "temporarily_unavailable");
        assert!(waits.header("retry-after").is_some());
        let other = Client::with(&app, &["units:read"]).await;
        other.token(&app).await;
        app.clock.set("2026-01-15T05:00:10Z".parse().unwrap());
        client.token(&app).await;
    }

    async fn a_client_finds_everything_by_the_metadata(app: App) {
        let nobody = app.anonymous();
        let answer = nobody.get_root("/.well-known/oauth-authorization-server").await;
        let metadata = answer.ok();
        assert_eq!(answer.header("cache-control"), Some("public, max-age=60"));
        let issuer = metadata["issuer"].as_str().unwrap();
        for (name, path) in [
            ("token_endpoint", "/oauth/token"),
            ("revocation_endpoint", "/oauth/revoke"),
            ("introspection_endpoint", "/oauth/introspect"),
            ("jwks_uri", "/.well-known/jwks.json"),
        ] {
            assert_eq!(metadata[name], format!("{issuer}{path}"));
        }
        assert_eq!(metadata["grant_types_supported"], json!(["client_credentials"]));
        let answer = nobody.get_root("/.well-known/jwks.json").await;
        assert_eq!(answer.header("cache-control"), Some("public, max-age=60"));
        let keys = answer.ok();
        let key = &keys["keys"][0];
        assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
        assert_eq!(key.get("d"), None, "the private part is nobody's");
    }

    async fn what_systems_do_is_in_the_audit_log_and_no_secret_with_it(app: App) {
        let client = Client::with(&app, &["units:read"]).await;
        let token = client.token(&app).await;
        client.revoke(&app, &token).await.is(200);
        let wrong = format!("{GRANT}&client_id={}&client_secret=lds_wrong", client.id);
        refuses(&post(&app.anonymous(), "token", &wrong).await, 401, "invalid_client");
        let about = format!("service_account:{}", client.account["id"]);
        let entries = crate::audit::until(&app.admin(), &format!("about={about}"), 5).await;
        let actions: Vec<&str> = entries.iter().map(|e| e["action"].as_str().unwrap()).collect();
        assert_eq!(actions, [
            "service_account.refused",
            "token.revoked",
            "service_account.token_issued",
            "service_account.secret_created",
            "service_account.created",
        ]);
        assert_eq!(entries[0]["actor"], "anonymous");
        assert_eq!(entries[1]["actor"], about.as_str());
        let text = serde_json::to_string(&entries).unwrap();
        for secret in [&client.secret, &token, "lds_wrong"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }

    async fn what_a_system_does_is_seen_by_who_audits_its_unit(app: App) {
        plant(&app).await;
        let client = Client::of(&app, &service_account(Some("hn-q-btl"), &["units:read"])).await;
        let token = client.token(&app).await;
        client.revoke(&app, &token).await.is(200);
        let wrong = format!("{GRANT}&client_id={}&client_secret=lds_wrong", client.id);
        refuses(&post(&app.anonymous(), "token", &wrong).await, 401, "invalid_client");
        let about = format!("about=service_account:{}", client.account["id"]);
        let auditor = app.account("auditor", Some("hn-q-btl")).await;
        crate::audit::until(&auditor, &about, 5).await;
        let sibling = app.account("auditor", Some("hn-q-hk")).await;
        assert_eq!(sibling.all(&format!("/audit_entries?{about}")).await, [] as [Value; 0]);
    }

    async fn many_ask_at_once(app: App) {
        let client = Client::with(&app, &["units:read"]).await;
        let asked = (0..40).map(|_| client.ask(&app, GRANT));
        for answer in join_all(asked).await {
            answer.ok();
        }
    }

    async fn a_network_that_can_not_be_read_opens_nothing(app: App) {
        let client = Client::with(&app, &["units:read"]).await;
        let mut db = crate::support::open(&app.url);
        sql(&mut db, "UPDATE service_accounts SET addresses = '[\"nonsense\"]'").unwrap();
        refuses(&client.ask(&app, GRANT).await, 500, "server_error");
    }
}

//! Signing in, staying signed in, signing out.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Call, Remote};

pub const PASSWORD: &str = "gió mùa đông bắc thổi qua ngõ nhỏ 1987";

/// An account that somebody was invited to and has opened, with a role on the whole federation.
pub async fn opened(app: &App, name: &str) -> i64 {
    let admin = app.admin();
    let account = admin
        .post("/accounts", &json!({"name": name}))
        .await
        .created();
    let id = account["id"].as_i64().unwrap();
    let grant = json!({"account_id": id, "role": "viewer", "unit": null});
    admin.post("/grants", &grant).await.created();
    let token = invite(&admin, id).await;
    accept(app, &token, PASSWORD).await.is(204);
    id
}

pub async fn invite(admin: &Remote, id: i64) -> String {
    let account = admin.get(&format!("/accounts/{id}")).await.ok();
    let invite = admin
        .call(Method::POST, &format!("/accounts/{id}:invite"))
        .header("if-match", &format!("\"{}\"", account["version"]));
    let link = invite.await.ok();
    link["token"].as_str().unwrap().to_owned()
}

pub async fn accept(service: &Remote, token: &str, password: &str) -> Answer {
    let acceptance = json!({"token": token, "password": password});
    service
        .anonymous()
        .post("/invitations:accept", &acceptance)
        .await
}

pub fn sign_in(service: &Remote, name: &str, password: &str) -> Call {
    service
        .anonymous()
        .post("/sessions", &json!({"name": name, "password": password}))
}

/// The cookie of an answer, as it is sent back.
pub fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie").expect("no cookie");
    set.split(';').next().unwrap().to_owned()
}

pub fn refresh(service: &Remote, cookie: &str) -> Call {
    service
        .anonymous()
        .call(Method::POST, "/sessions:refresh")
        .header("cookie", cookie)
}

/// A call with an access token of one's own.
pub fn own(app: &App, token: &Value, method: Method, path: &str) -> Call {
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    app.anonymous()
        .call(method, path)
        .header("authorization", &bearer)
}

pub fn later(app: &App, by: TimeDelta) {
    let now = app.clock.now().and_utc();
    app.clock.set(now + by);
}

/// Actions of the audit log, from the oldest on.
async fn audited(app: &App, action: &str) -> Vec<Value> {
    let action = action.to_owned();
    let read = move |db: &mut liendoan_core::Db| liendoan_core::audit::following(db, 0, 10_000);
    // The sealer gives entries their place a moment after the answer.
    for _ in 0..1_000 {
        let entries = app.store.read(read).await.unwrap();
        let found = entries.iter().filter(|entry| entry.action == action);
        let found: Vec<Value> = found
            .map(|entry| json!({"actor": entry.actor, "about": entry.about}))
            .collect();
        if !found.is_empty() {
            return found;
        }
        tokio::task::yield_now().await;
        app.store
            .sealing()
            .wait_past(0, std::time::Duration::from_millis(10))
            .await;
    }
    Vec::new()
}

on_both_engines! {
    async fn a_password_gives_a_token_and_a_cookie_that_scripts_cannot_read(app: App) {
        let id = opened(&app, "an.binh").await;
        let answer = sign_in(&app, "An.Binh", PASSWORD).await;
        let token = answer.created();
        let set = answer.header("set-cookie").unwrap();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
            assert!(set.contains(part), "{set}");
        }
        assert_eq!(token["expires_in"], 600);
        let me = own(&app, &token, Method::GET, "/account").await.ok();
        assert_eq!((&me["id"], &me["name"]), (&json!(id), &json!("an.binh")));
        assert_eq!(me["must_set_up_second_factor"], false);
        let started = audited(&app, "session.started").await;
        assert_eq!(started[0]["about"], format!("account:{id}"));
        // Neither is kept as it is, nor told to anybody else.
        assert!(!answer.text.contains("ldr_"), "{}", answer.text);
    }

    async fn a_wrong_password_and_an_unknown_name_are_answered_alike(app: App) {
        opened(&app, "an.binh").await;
        let wrong = sign_in(&app, "an.binh", "another password altogether").await;
        let unknown = sign_in(&app, "nobody.here", PASSWORD).await;
        let body = |answer: &Answer| {
            let mut body = answer.problem(401, "sign_in_refused");
            body.as_object_mut().unwrap().remove("request_id");
            body
        };
        assert_eq!(body(&wrong), body(&unknown));
        assert!(wrong.header("www-authenticate").unwrap().starts_with("Bearer"));
        assert!(wrong.header("set-cookie").is_none());
        assert_eq!(audited(&app, "session.refused").await[0]["actor"], "anonymous");
    }

    async fn too_many_failures_make_the_next_wait_longer_and_longer(app: App) {
        opened(&app, "an.binh").await;
        for _ in 0..10 {
            sign_in(&app, "an.binh", "wrong").await.problem(401, "sign_in_refused");
        }
        let refused = sign_in(&app, "an.binh", PASSWORD).await;
        refused.problem(429, "too_many_attempts");
        assert_eq!(refused.header("retry-after"), Some("6"));
        // Unknown names are counted like known ones.
        for _ in 0..10 {
            sign_in(&app, "nobody.here", "wrong").await.problem(401, "sign_in_refused");
        }
        sign_in(&app, "nobody.here", "wrong").await.problem(429, "too_many_attempts");
        later(&app, TimeDelta::seconds(6));
        sign_in(&app, "an.binh", "wrong").await.problem(401, "sign_in_refused");
        let longer = sign_in(&app, "an.binh", PASSWORD).await;
        assert_eq!(longer.header("retry-after"), Some("11"));
        later(&app, TimeDelta::seconds(11));
        sign_in(&app, "an.binh", PASSWORD).await.created();
    }

    async fn a_refresh_token_is_used_once(app: App) {
        opened(&app, "an.binh").await;
        let first = cookie(&sign_in(&app, "an.binh", PASSWORD).await);
        let answer = refresh(&app, &first).await;
        let second = cookie(&answer);
        assert_ne!(first, second);
        own(&app, &answer.ok(), Method::GET, "/account").await.ok();
        let third = cookie(&refresh(&app, &second).await);
        refresh(&app, &third).await.ok();
    }

    async fn within_ten_seconds_a_lost_answer_is_given_again(app: App) {
        opened(&app, "an.binh").await;
        let first = cookie(&sign_in(&app, "an.binh", PASSWORD).await);
        let lost = refresh(&app, &first).await;
        later(&app, TimeDelta::seconds(10));
        let again = refresh(&app, &first).await;
        assert_eq!(again.ok()["session_id"], lost.ok()["session_id"]);
        // Both go on: two tabs asked at once.
        refresh(&app, &cookie(&lost)).await.ok();
        refresh(&app, &cookie(&again)).await.ok();
    }

    async fn a_refresh_token_used_later_ends_the_session_of_whoever_has_it(app: App) {
        let id = opened(&app, "an.binh").await;
        let other_device = cookie(&sign_in(&app, "an.binh", PASSWORD).await);
        let first = cookie(&sign_in(&app, "an.binh", PASSWORD).await);
        let answer = refresh(&app, &first).await;
        let token = answer.ok();
        later(&app, TimeDelta::seconds(11));
        refresh(&app, &first).await.problem(401, "session_ended");
        refresh(&app, &cookie(&answer)).await.problem(401, "session_ended");
        own(&app, &token, Method::GET, "/account").await.problem(401, "session_ended");
        refresh(&app, &other_device).await.ok();
        let reused = audited(&app, "session.reused").await;
        assert_eq!(reused, [json!({"actor": "anonymous", "about": format!("account:{id}")})]);
    }

    async fn another_client_with_the_same_refresh_token_ends_the_session_at_once(app: App) {
        opened(&app, "an.binh").await;
        let first = cookie(&sign_in(&app, "an.binh", PASSWORD).await);
        let answer = refresh(&app, &first).await;
        let thief = refresh(&app, &first).header("user-agent", "Thief/1.0").await;
        thief.problem(401, "session_ended");
        refresh(&app, &cookie(&answer)).await.problem(401, "session_ended");
    }

    async fn a_session_that_is_not_used_runs_out(app: App) {
        opened(&app, "an.binh").await;
        let answer = sign_in(&app, "an.binh", PASSWORD).await;
        later(&app, TimeDelta::minutes(11));
        own(&app, &answer.created(), Method::GET, "/account").await.problem(401, "token_expired");
        let mut kept = cookie(&refresh(&app, &cookie(&answer)).await);
        for _ in 0..6 {
            later(&app, TimeDelta::days(14) - TimeDelta::seconds(1));
            kept = cookie(&refresh(&app, &kept).await);
        }
        // 84 days: the 90th ends it, used or not.
        later(&app, TimeDelta::days(7));
        refresh(&app, &kept).await.problem(401, "session_ended");
        let idle = cookie(&sign_in(&app, "an.binh", PASSWORD).await);
        later(&app, TimeDelta::days(14));
        refresh(&app, &idle).await.problem(401, "session_ended");
    }

    async fn a_page_of_another_site_can_not_use_the_cookie(app: App) {
        opened(&app, "an.binh").await;
        let kept = cookie(&sign_in(&app, "an.binh", PASSWORD).await);
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            refresh(&app, &kept).header(name, value).await.problem(403, "cross_site");
            sign_in(&app, "an.binh", PASSWORD).header(name, value).await.problem(403, "cross_site");
        }
        let ours = format!("http://{}", app.address);
        refresh(&app, &kept).header("origin", &ours).header("sec-fetch-site", "same-origin").await.ok();
    }

    async fn who_signs_out_is_out(app: App) {
        opened(&app, "an.binh").await;
        let answer = sign_in(&app, "an.binh", PASSWORD).await;
        let kept = cookie(&answer);
        let out = app.anonymous().call(Method::POST, "/sessions:end").header("cookie", &kept).await;
        out.is(204);
        assert!(out.header("clear-site-data").unwrap().contains("storage"));
        assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
        refresh(&app, &kept).await.problem(401, "session_ended");
        own(&app, &answer.created(), Method::GET, "/account").await.problem(401, "session_ended");
    }

    async fn a_person_sees_and_ends_their_own_sessions(app: App) {
        opened(&app, "an.binh").await;
        opened(&app, "hoa.mai").await;
        let one = sign_in(&app, "an.binh", PASSWORD).await.created();
        let two = sign_in(&app, "an.binh", PASSWORD).await.created();
        let others = sign_in(&app, "hoa.mai", PASSWORD).await.created();
        let sessions = own(&app, &two, Method::GET, "/account/sessions").await.ok();
        let ids: Vec<&Value> = sessions["items"].as_array().unwrap().iter().map(|s| &s["id"]).collect();
        assert_eq!(ids, [&two["session_id"], &one["session_id"]]);
        assert_eq!(sessions["items"][0]["is_current"], true);
        // Somebody else's is not there.
        let end = |id: &Value| format!("/account/sessions/{id}:end");
        own(&app, &two, Method::POST, &end(&others["session_id"])).await.problem(404, "not_found");
        own(&app, &two, Method::POST, &end(&one["session_id"])).await.is(204);
        own(&app, &one, Method::GET, "/account").await.problem(401, "session_ended");
        own(&app, &two, Method::POST, "/account/sessions:end").await.is(204);
        own(&app, &two, Method::GET, "/account").await.problem(401, "session_ended");
        own(&app, &others, Method::GET, "/account").await.ok();
    }

    async fn nothing_but_what_is_open_answers_without_a_token(app: App) {
        let stranger = app.anonymous();
        for path in ["/units", "/account", "/events?after=0", "/unit_kinds", "/nothing_here"] {
            let refused = stranger.get(path).await;
            refused.problem(401, "unauthenticated");
            assert_eq!(refused.header("www-authenticate"), Some("Bearer realm=\"liendoan\""));
        }
        stranger.get_root("/metrics").await.problem(401, "unauthenticated");
        for path in ["/health/live", "/health/ready", "/openapi.json"] {
            stranger.get_root(path).await.ok();
        }
        let page = stranger.get_root("/docs/").await;
        assert_eq!(page.status.as_u16(), 200);
    }
}

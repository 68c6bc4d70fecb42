//! Signing in, staying signed in, signing out.

use aws_lc_rs::hmac;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Call, Remote};

pub const PASSWORD: &str = "gió mùa đông bắc thổi qua ngõ nhỏ 1987";

/// An account that somebody was invited to and has opened, with a role on the whole federation.
async fn opened(app: &App, name: &str) -> i64 {
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

async fn invite(admin: &Remote, id: i64) -> String {
    let account = admin.get(&format!("/accounts/{id}")).await.ok();
    let invite = admin
        .call(Method::POST, &format!("/accounts/{id}:invite"))
        .header("if-match", &format!("\"{}\"", account["version"]));
    let link = invite.await.ok();
    link["token"].as_str().unwrap().to_owned()
}

async fn accept(app: &App, token: &str, password: &str) -> Answer {
    let acceptance = json!({"token": token, "password": password});
    app.anonymous()
        .post("/invitations:accept", &acceptance)
        .await
}

fn sign_in(app: &App, name: &str, password: &str) -> Call {
    app.anonymous()
        .post("/sessions", &json!({"name": name, "password": password}))
}

fn sign_in_with(app: &App, name: &str, code: &str) -> Call {
    let given = json!({"name": name, "password": PASSWORD, "code": code});
    app.anonymous().post("/sessions", &given)
}

/// The cookie of an answer, as it is sent back.
fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie").expect("no cookie");
    set.split(';').next().unwrap().to_owned()
}

fn refresh(app: &App, cookie: &str) -> Call {
    app.anonymous()
        .call(Method::POST, "/sessions:refresh")
        .header("cookie", cookie)
}

/// A call with an access token of one's own.
fn own(app: &App, token: &Value, method: Method, path: &str) -> Call {
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    app.anonymous()
        .call(method, path)
        .header("authorization", &bearer)
}

fn later(app: &App, by: TimeDelta) {
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

/// The code that an authenticator app would show (RFC 6238).
fn code_of(secret: &str, seconds: i64) -> String {
    let mut bits = String::new();
    for c in secret.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
            .iter()
            .position(|b| *b == c);
        bits += &format!("{:05b}", value.unwrap());
    }
    let bytes = bits.as_bytes().chunks_exact(8);
    let key: Vec<u8> = bytes
        .map(|eight| u8::from_str_radix(std::str::from_utf8(eight).unwrap(), 2).unwrap())
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = hmac::sign(&key, &(seconds / 30).to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[19] & 15);
    let word = u32::from_be_bytes(tag[offset..offset + 4].try_into().unwrap());
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

fn now(app: &App) -> i64 {
    app.clock.now().and_utc().timestamp()
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

    async fn a_password_is_changed_by_who_knows_it(app: App) {
        opened(&app, "an.binh").await;
        let other = sign_in(&app, "an.binh", PASSWORD).await.created();
        let token = sign_in(&app, "an.binh", PASSWORD).await.created();
        let change = |current: &str, new: &str| {
            let body = json!({"current": current, "new": new});
            own(&app, &token, Method::PUT, "/account/password").json(&body)
        };
        let new = "bảy con thuyền ngủ trên sông chiều 42";
        change("not it", new).await.refuses(&[("/current", "password_wrong")]);
        change(PASSWORD, "short").await.refuses(&[("/new", "password_too_short")]);
        change(PASSWORD, "password1234567").await.refuses(&[("/new", "password_too_common")]);
        change(PASSWORD, "congdoan lien doan").await.refuses(&[("/new", "password_too_common")]);
        change(PASSWORD, &"x1".repeat(80)).await.refuses(&[("/new", "too_long")]);
        change(PASSWORD, new).await.is(204);
        own(&app, &token, Method::GET, "/account").await.ok();
        own(&app, &other, Method::GET, "/account").await.problem(401, "session_ended");
        sign_in(&app, "an.binh", PASSWORD).await.problem(401, "sign_in_refused");
        sign_in(&app, "an.binh", new).await.created();
    }

    async fn an_invitation_opens_an_account_once_and_for_a_day(app: App) {
        let admin = app.admin();
        let account = admin.post("/accounts", &json!({"name": "an.binh"})).await.created();
        let id = account["id"].as_i64().unwrap();
        sign_in(&app, "an.binh", PASSWORD).await.problem(401, "sign_in_refused");
        let first = invite(&admin, id).await;
        let second = invite(&admin, id).await;
        accept(&app, &first, PASSWORD).await.problem(410, "link_used");
        accept(&app, &second, "short").await.refuses(&[("/password", "password_too_short")]);
        accept(&app, &second, "an.binh an.binh an.binh").await.refuses(&[("/password", "password_too_common")]);
        accept(&app, &second, PASSWORD).await.is(204);
        accept(&app, &second, PASSWORD).await.problem(410, "link_used");
        sign_in(&app, "an.binh", PASSWORD).await.created();
        let late = admin.post("/accounts", &json!({"name": "hoa.mai"})).await.created();
        let late = invite(&admin, late["id"].as_i64().unwrap()).await;
        later(&app, TimeDelta::hours(24));
        accept(&app, &late, PASSWORD).await.problem(410, "link_used");
    }

    async fn a_second_factor_is_asked_for_once_it_is_confirmed(app: App) {
        opened(&app, "an.binh").await;
        let token = sign_in(&app, "an.binh", PASSWORD).await.created();
        let offer = own(&app, &token, Method::POST, "/account/second_factor").await.ok();
        let secret = offer["secret"].as_str().unwrap();
        assert!(offer["uri"].as_str().unwrap().starts_with("otpauth://totp/"), "{offer}");
        let confirm = |code: &str| {
            own(&app, &token, Method::POST, "/account/second_factor:confirm").json(&json!({"code": code}))
        };
        confirm("000000").await.refuses(&[("/code", "code_wrong")]);
        // Offered is not confirmed.
        sign_in(&app, "an.binh", PASSWORD).await.created();
        let codes = confirm(&code_of(secret, now(&app))).await.ok();
        assert_eq!(codes["codes"].as_array().unwrap().len(), 10);
        confirm(&code_of(secret, now(&app))).await.problem(409, "second_factor_on");

        sign_in(&app, "an.binh", PASSWORD).await.problem(401, "second_factor_needed");
        // The code that confirmed is used up, and so is each that signed in.
        sign_in_with(&app, "an.binh", &code_of(secret, now(&app))).await.problem(401, "sign_in_refused");
        later(&app, TimeDelta::seconds(30));
        sign_in_with(&app, "an.binh", &code_of(secret, now(&app))).await.created();
        sign_in_with(&app, "an.binh", &code_of(secret, now(&app))).await.problem(401, "sign_in_refused");
        let recovery = codes["codes"][3].as_str().unwrap().replace('-', " ");
        let token = sign_in_with(&app, "an.binh", &recovery).await.created();
        sign_in_with(&app, "an.binh", &recovery).await.problem(401, "sign_in_refused");

        let remove = |code: &str| {
            let body = json!({"password": PASSWORD, "code": code});
            own(&app, &token, Method::POST, "/account/second_factor:remove").json(&body)
        };
        remove("123456").await.refuses(&[("/code", "code_wrong")]);
        later(&app, TimeDelta::seconds(30));
        remove(&code_of(secret, now(&app))).await.is(204);
        sign_in(&app, "an.binh", PASSWORD).await.created();
    }

    async fn of_two_sign_ins_with_one_code_one_gets_in(app: App) {
        opened(&app, "an.binh").await;
        let token = sign_in(&app, "an.binh", PASSWORD).await.created();
        let offer = own(&app, &token, Method::POST, "/account/second_factor").await.ok();
        let secret = offer["secret"].as_str().unwrap();
        let code = json!({"code": code_of(secret, now(&app))});
        own(&app, &token, Method::POST, "/account/second_factor:confirm").json(&code).await.ok();
        later(&app, TimeDelta::seconds(30));
        let code = code_of(secret, now(&app));
        let (a, b) = tokio::join!(
            sign_in_with(&app, "an.binh", &code).into_future(),
            sign_in_with(&app, "an.binh", &code).into_future(),
        );
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401]);
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

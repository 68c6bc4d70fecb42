//! One's own account: the first password, the next one, and a second factor.

use aws_lc_rs::hmac;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use crate::sessions::{PASSWORD, accept, invite, later, opened, own, sign_in};
use crate::support::{App, Call};

fn sign_in_with(app: &App, name: &str, code: &str) -> Call {
    let given = json!({"name": name, "password": PASSWORD, "code": code});
    app.anonymous().post("/sessions", &given)
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

    async fn who_guesses_their_own_password_must_wait_as_at_the_door(app: App) {
        opened(&app, "an.binh").await;
        let token = sign_in(&app, "an.binh", PASSWORD).await.created();
        let change = |current: &str| {
            let body = json!({"current": current, "new": "bảy con thuyền ngủ trên sông chiều 42"});
            own(&app, &token, Method::PUT, "/account/password").json(&body)
        };
        for _ in 0..10 {
            change("not it").await.refuses(&[("/current", "password_wrong")]);
        }
        change(PASSWORD).await.problem(429, "too_many_attempts");
        later(&app, TimeDelta::seconds(6));
        change(PASSWORD).await.is(204);
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
}

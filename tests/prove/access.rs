//! Rights and keys with two processes on one database: what one changes holds in the other within a second, and
//! a change of keys is noticed by nobody who is let in.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::quantile;
use crate::support::{Answer, Engine, Program, Remote, tell};

const ROUNDS: usize = 20;

/// How long until `refused` holds of what the other process answers.
async fn until_refused(other: &Remote, code: &str) -> Duration {
    let start = Instant::now();
    loop {
        let answer = other.get("/units?limit=1").await;
        if !answer.status.is_success() {
            let body: Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!(body["code"], code, "{body}");
            return start.elapsed();
        }
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{code} never came"
        );
    }
}

#[test]
#[ignore = "takes long: make prove"]
fn what_one_process_takes_away_the_other_refuses_within_a_second() {
    actix_web::rt::System::new().block_on(async {
        let program = Program::on_empty(Engine::Postgres);
        let (here, there) = (program.serve(), program.serve());
        let admin = &here.remote;
        let act = async |id: i64, action: &str| {
            let account = admin.get(&format!("/accounts/{id}")).await.ok();
            let call = admin.call(Method::POST, &format!("/accounts/{id}{action}"));
            let call = call.header("if-match", &format!("\"{}\"", account["version"]));
            assert!(call.await.status.is_success());
        };
        for (what, code) in [
            ("a grant", "forbidden"),
            ("a session", "session_ended"),
            ("an account", "session_ended"),
        ] {
            let mut times = Vec::new();
            for round in 0..ROUNDS {
                let name = format!("viewer.{}.{round}", what.replace(' ', "."));
                let (id, pass) = program.signed_in(&name, "viewer");
                let other = there.remote.with(pass);
                other.get("/units?limit=1").await.ok();
                match what {
                    "a grant" => {
                        let grants = admin.get(&format!("/grants?account={id}")).await.ok();
                        let grant = &grants["items"][0];
                        let version = grant["version"].as_i64().unwrap();
                        admin.delete(&format!("/grants/{}", grant["id"]), version).await.is(204);
                    }
                    "a session" => act(id, "/sessions:end").await,
                    _ => act(id, ":disable").await,
                }
                times.push(until_refused(&other, code).await);
            }
            let (p50, max) = (quantile(&mut times, 0.5), quantile(&mut times, 1.0));
            tell(&format!(
                "access, two processes: {what} taken away in one was refused by the other after p50 {p50:.1?}, max {max:.1?}"
            ));
            assert!(max < Duration::from_secs(1), "{max:?}");
        }
    });
}

/// Somebody who signed in by password, and goes on as a browser does.
struct Browser {
    remote: Remote,
    cookie: String,
    token: String,
}

impl Browser {
    async fn sign_in(remote: &Remote, name: &str, password: &str) -> Self {
        let remote = remote.anonymous();
        let given = json!({"name": name, "password": password});
        let answer = remote.post("/sessions", &given).await;
        answer.created();
        let (cookie, token) = Self::kept(&answer);
        Self {
            remote,
            cookie,
            token,
        }
    }

    fn kept(answer: &Answer) -> (String, String) {
        let cookie = answer.header("set-cookie").unwrap();
        let body: Value = serde_json::from_str(&answer.text).unwrap();
        let token = body["access_token"].as_str().unwrap();
        (
            cookie.split(';').next().unwrap().to_owned(),
            token.to_owned(),
        )
    }

    async fn refresh(&mut self) {
        let call = self.remote.call(Method::POST, "/sessions:refresh");
        let answer = call.header("cookie", &self.cookie).await;
        answer.ok();
        (self.cookie, self.token) = Self::kept(&answer);
    }

    async fn ask(&self, of: &Remote) -> Answer {
        let call = of.anonymous().call(Method::GET, "/account");
        call.header("authorization", &format!("Bearer {}", self.token))
            .await
    }

    /// The name of the key that its token is signed with.
    fn key(&self) -> &str {
        self.token.split('.').next().unwrap()
    }
}

#[test]
#[ignore = "takes minutes: make prove"]
fn keys_are_changed_without_a_failed_request_and_in_an_emergency_at_once() {
    actix_web::rt::System::new().block_on(async {
        let program = Program::on_empty(Engine::Postgres);
        let (here, there) = (program.serve(), program.serve());
        let password = "bảy chiếc thuyền ngủ trên sông 1987";
        let admin = &here.remote;
        let account = admin.post("/accounts", &json!({"name": "an.binh"})).await.created();
        let id = &account["id"];
        let call = admin.call(Method::POST, &format!("/accounts/{id}:invite"));
        let invited = call.header("if-match", "\"1\"").await.ok();
        let acceptance = json!({"token": invited["token"], "password": password});
        admin.anonymous().post("/invitations:accept", &acceptance).await.is(204);

        let mut browser = Browser::sign_in(admin, "an.binh", password).await;
        let first_key = browser.key().to_owned();
        let rotated = program.command("keys").args(&["rotate"]).run();
        assert_eq!(rotated.code, Some(0), "{rotated:?}");
        let (begun, mut asked, mut changed_after) = (Instant::now(), 0, None);
        while begun.elapsed() < Duration::from_secs(150) {
            for process in [&here, &there] {
                browser.ask(&process.remote).await.ok();
                asked += 1;
            }
            if asked % 40 == 0 {
                browser.refresh().await;
                if changed_after.is_none() && browser.key() != first_key {
                    changed_after = Some(begun.elapsed());
                }
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let changed_after = changed_after.expect("the new key never signed");
        tell(&format!(
            "keys: {asked} requests to two processes during a change, none failed; the new key signed after {changed_after:.0?}"
        ));

        let emergency = program.command("keys").args(&["rotate", "--now"]).run();
        assert_eq!(emergency.code, Some(0), "{emergency:?}");
        let begun = Instant::now();
        for process in [&here, &there] {
            while browser.ask(&process.remote).await.status.is_success() {
                assert!(begun.elapsed() < Duration::from_secs(60), "the old key still holds");
            }
        }
        let refused_after = begun.elapsed();
        browser.refresh().await;
        for process in [&here, &there] {
            browser.ask(&process.remote).await.ok();
        }
        tell(&format!(
            "keys: in an emergency both processes refused the old key after {refused_after:.1?}, and let in by the new one"
        ));
    });
}

//! Everybody who asks.

use reqwest::Method;
use serde_json::{Value, json};

use super::oracle::{CLERK, Held, ROLES, TODAY, Who, role_on};
use super::world::OWN;
use crate::support::{App, Call, Remote, open, sql};

pub struct Actor {
    pub name: String,
    pub who: Who,
    remote: Remote,
    /// Another system's token.
    token: Option<String>,
}

impl Actor {
    pub fn call(&self, method: Method, path: &str) -> Call {
        let call = self.remote.call_root(method, path);
        match &self.token {
            Some(token) => call.header("authorization", &format!("Bearer {token}")),
            None => call,
        }
    }
}

const TOMORROW: &str = "2026-01-16";

pub async fn actors(app: &App) -> Vec<Actor> {
    let mut actors = vec![Actor {
        name: "anonymous".to_owned(),
        who: Who::Nobody,
        remote: app.admin().anonymous(),
        token: None,
    }];
    for role in ROLES.iter().chain(&[CLERK]) {
        actors.push(person(app, role, vec![role_on(role, Some(OWN))], role).await);
    }
    let dated = |role: &str, from: Option<&str>, to: Option<&str>| {
        let mut held = role_on(role, Some(OWN));
        held.from = from.map_or(held.from, str::to_owned);
        held.to = to.map_or(held.to, str::to_owned);
        vec![held]
    };
    let everything = "administrator";
    let manager = "account_administrator";
    let others = [
        ("without a role", everything, vec![]),
        (
            "ended yesterday",
            everything,
            dated(everything, None, Some(TODAY)),
        ),
        (
            "begins tomorrow",
            everything,
            dated(everything, Some(TOMORROW), None),
        ),
        (
            "ends tomorrow",
            everything,
            dated(everything, None, Some(TOMORROW)),
        ),
        ("began today", manager, dated(manager, Some(TODAY), None)),
        (
            "on an ended unit",
            everything,
            vec![role_on(everything, Some("hn-x"))],
        ),
        (
            "on what moved in",
            everything,
            vec![role_on(everything, Some("hn-e-in"))],
        ),
        (
            "on the province",
            everything,
            vec![role_on(everything, Some("hn"))],
        ),
        ("on everything", everything, vec![role_on(everything, None)]),
        ("on the root", manager, vec![role_on(manager, Some("tld"))]),
    ];
    for (name, role, held) in others {
        actors.push(person(app, name, held, role).await);
    }
    let reader = ["accounts:read"];
    let editor = [
        "units:edit",
        "documents:edit",
        "clusters:edit",
        "units:read",
    ];
    let keeper = ["service_accounts:manage", "events:read", "metrics:read"];
    actors.push(system(app, "reading system", Some(OWN), &reader).await);
    actors.push(system(app, "editing system", Some(OWN), &editor).await);
    actors.push(system(app, "keeping system", None, &keeper).await);
    actors
}

/// An account with what it holds, behind the service's back.
async fn person(app: &App, name: &str, held: Vec<Held>, role: &str) -> Actor {
    let unit = held.first().map_or(Some(OWN), |held| held.unit.as_deref());
    let signed = app.account(role, unit).await;
    let days = match held.first() {
        Some(held) => format!("SET valid_from = '{}', valid_to = '{}'", held.from, held.to),
        // Long ago.
        None => "SET valid_from = '2020-01-01', valid_to = '2021-01-01'".to_owned(),
    };
    let change = format!("UPDATE grants {days} WHERE account_id = {}", signed.id);
    sql(&mut open(&app.url), &change).unwrap();
    Actor {
        name: name.to_owned(),
        who: Who::Person(held),
        remote: signed.remote.clone(),
        token: None,
    }
}

/// Another system with a token of its own.
async fn system(app: &App, name: &str, unit: Option<&str>, scopes: &[&'static str]) -> Actor {
    let admin = app.admin();
    let content = json!({"name": name, "unit": unit, "scopes": scopes, "valid_to": null});
    let made = admin.post("/service_accounts", &content).await.created();
    let path = format!("/service_accounts/{}/secrets", made["id"]);
    let secret = admin
        .call(Method::POST, &path)
        .header("if-match", "*")
        .await;
    let secret = secret.created();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        text(&made["client_id"]),
        text(&secret["secret"])
    );
    let token = admin.anonymous().call_root(Method::POST, "/oauth/token");
    let token = token.header("content-type", "application/x-www-form-urlencoded");
    let token = token.body(form).await.ok();
    Actor {
        name: name.to_owned(),
        who: Who::System(Held {
            permissions: scopes.to_vec(),
            ..role_on("viewer", unit)
        }),
        remote: admin.anonymous(),
        token: Some(text(&token["access_token"])),
    }
}

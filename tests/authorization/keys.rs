//! Keys in other systems: told of units whose records one reads, by whatever way they are asked for.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::world::plant;
use crate::support::{Call, Remote};

const UNITS: [&str; 9] = [
    "tld",
    "hn-d",
    "hn-d-a",
    "hn-e",
    "hp-d",
    "hn-x",
    "hn-d-gone",
    "hn-e-in",
    "hn-d-soon",
];

/// What a district's staff read records of: itself, what is under it, what it followed, what it gave away
/// and what it took over.
const DISTRICTS: [&str; 6] = [
    "hn-d",
    "hn-d-a",
    "hn-x",
    "hn-d-gone",
    "hn-e-in",
    "hn-d-soon",
];

fn key(code: &str) -> String {
    format!(
        "NS 70{}",
        UNITS.iter().position(|unit| *unit == code).unwrap()
    )
}

fn patch(remote: &Remote, code: &str, body: &Value) -> Call {
    let call = remote
        .call(Method::PATCH, &format!("/units/code:{code}"))
        .header("if-match", "*");
    call.header("content-type", "application/merge-patch+json")
        .body(body.to_string())
}

async fn give_keys(admin: &Remote) {
    for code in UNITS {
        let keys = json!({"external_ids": [{"system": "hr", "value": key(code)}]});
        patch(admin, code, &keys).await.ok();
    }
}

/// The units whose keys somebody learns by reading them, by looking keys up, and by searching.
async fn learnt(who: &Remote) -> [BTreeSet<&'static str>; 3] {
    let mut learnt = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    for code in UNITS {
        let unit = who.get(&format!("/units/code:{code}")).await.ok();
        if unit["external_ids"] == json!([{"system": "hr", "value": key(code)}]) {
            learnt[0].insert(code);
        }
        let keys = json!({"items": [{"system": "hr", "value": key(code)}]});
        let found = who.post("/units:lookup", &keys).await.ok();
        if found["items"][0]["unit"]["code"] == code {
            learnt[1].insert(code);
        }
        let hits = who
            .get(&format!("/units:search?q={}", key(code)))
            .await
            .ok();
        if hits["items"][0]["code"] == code {
            learnt[2].insert(code);
        }
    }
    learnt
}

on_both_engines! {
    async fn keys_are_told_of_units_whose_records_one_reads(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        give_keys(&admin).await;
        let viewer = app.account("viewer", Some("hn-d")).await;
        let expected = BTreeSet::from(DISTRICTS);
        assert_eq!(learnt(&viewer).await, [expected.clone(), expected.clone(), expected]);
        let manager = app.account("account_administrator", Some("tld")).await;
        assert_eq!(learnt(&manager).await, [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()]);
        let all = BTreeSet::from(UNITS);
        assert_eq!(learnt(&admin).await, [all.clone(), all.clone(), all]);
    }

    async fn the_feed_tells_that_keys_changed_and_not_which_they_are(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        patch(&admin, "hn-d", &json!({"external_ids": [{"system": "hr", "value": "NS 70"}]})).await.ok();
        let event = app.event("unit.updated").await;
        assert_eq!(event["data"]["external_ids_changed"], true);
        assert!(!event.to_string().contains("NS 70"), "{event}");
    }

    async fn whose_key_it_is_already_is_not_told_to_strangers(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        give_keys(&admin).await;
        let organiser = app.account("organiser", Some("hn-d")).await;
        let taken = |code: &str| json!({"external_ids": [{"system": "hr", "value": key(code)}]});
        let strangers = patch(&organiser, "hn-d-a", &taken("hp-d")).await.problem(409, "external_id_taken");
        assert_eq!(strangers["errors"][0]["params"], json!({}));
        let own = patch(&organiser, "hn-d-a", &taken("hn-x")).await.problem(409, "external_id_taken");
        assert!(own["errors"][0]["params"]["unit"].is_i64(), "{own}");
    }
}

//! Many who would decide on the same record at the same moment.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};

use super::quantile;
use crate::activities::{activity, stand};
use crate::support::{Remote, Signed, tell};

const RECORDS: usize = 500;
const APPROVERS: usize = 4;
/// Records that are fought over in the same moment.
const AT_ONCE: usize = 25;

fn step(remote: &Remote, id: &Value, name: &str, version: i64) -> crate::support::Call {
    let call = remote.call(Method::POST, &format!("/records/{id}:{name}"));
    call.header("if-match", &format!("\"{version}\""))
        .json(&json!({"reason": "Thử"}))
}

/// Sends one record up and lets everybody decide at once; answers how long each took that went through.
async fn fight(recorder: &Signed, approvers: &[Signed]) -> (i64, Duration, Duration) {
    let start = Instant::now();
    let made = recorder
        .post("/activities", &activity("a", "2020-03-05"))
        .await
        .created();
    let created = start.elapsed();
    let id = &made["id"];
    step(recorder, id, "submit", 1).await.ok();
    let start = Instant::now();
    let decide = approvers.iter().enumerate().map(|(number, who)| {
        step(
            who,
            id,
            if number % 2 == 0 { "approve" } else { "return" },
            2,
        )
    });
    let all = decide.chain([step(recorder, id, "recall", 2)]);
    let answers = join_all(all.map(async |call| call.await)).await;
    let decided = start.elapsed();
    let done = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(done, 1, "record {id} was decided {done} times");
    for late in answers.iter().filter(|answer| answer.status != 200) {
        let known = matches!(late.status.as_u16(), 409 | 412);
        assert!(known, "{} {}", late.status, late.text);
    }
    (id.as_i64().unwrap(), created, decided)
}

on_both_engines! {
    #[ignore = "takes long: make prove"]
    async fn each_record_is_decided_once_whoever_tries(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let mut approvers = Vec::new();
        for _ in 0..APPROVERS {
            approvers.push(app.account("approver", Some("q1")).await);
        }
        let fights = (0..RECORDS).map(|_| fight(&recorder, &approvers));
        let fought: Vec<_> = stream::iter(fights).buffer_unordered(AT_ONCE).collect().await;

        let admin = app.admin();
        let (mut told, mut after): (BTreeMap<i64, Vec<i64>>, i64) = (BTreeMap::new(), 0);
        loop {
            let page = admin.get(&format!("/events?after={after}&limit=200&wait=1")).await.ok();
            for event in page["items"].as_array().unwrap() {
                if event["type"].as_str().unwrap().starts_with("activity.") {
                    let versions = told.entry(event["id"].as_i64().unwrap()).or_default();
                    versions.push(event["version"].as_i64().unwrap());
                }
            }
            after = page["after"].as_i64().unwrap();
            if page["items"].as_array().unwrap().is_empty() {
                break;
            }
        }
        for (id, ..) in &fought {
            assert_eq!(told[id], [1, 2, 3], "events of record {id}");
            let steps = admin.all(&format!("/records/{id}/steps")).await;
            assert_eq!(steps.len(), 2, "steps of record {id}: {steps:?}");
        }
        let (mut created, mut decided): (Vec<_>, Vec<_>) =
            fought.into_iter().map(|(_, created, decided)| (created, decided)).unzip();
        let engine = if app.url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
        tell(&format!(
            "approval, {engine}: {RECORDS} records fought over by {} callers, each decided once, told once; \
             created after p50 {:.1?}, decided after p50 {:.1?}",
            APPROVERS + 1,
            quantile(&mut created, 0.5),
            quantile(&mut decided, 0.5),
        ));
    }
}

//! kill -9 in the middle of a stream of writes: what was acknowledged is there, once, and nothing else.
//!
//! Requests that were under way when the process died are in doubt: only sending them again, with the
//! same Idempotency-Key, can tell.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::Value;
use tokio::sync::Notify;

use crate::support::{Engine, Process, Program, Remote, seed, tell};
use crate::unit_kinds::kind;

const WRITERS: usize = 16;

/// What the writers know.
#[derive(Default)]
struct Ledger {
    /// Kinds whose creation was acknowledged, with the id that it was acknowledged by.
    acknowledged: BTreeMap<String, i64>,
    /// Kinds that were asked for and not answered.
    in_doubt: Vec<String>,
    /// Events that a new database begins with.
    seeded: usize,
    kills: usize,
    /// Requests in doubt that turned out to have been done before the kill.
    were_done: usize,
}

/// Asks for a kind; its code is its Idempotency-Key. None: no answer came.
async fn ask(remote: &Remote, code: &str) -> Option<(i64, bool)> {
    let mut body = kind(code);
    // Writers of one parent take turns, and here they shall meet.
    body["child_kinds"] = serde_json::json!([]);
    let request = remote
        .request(Method::POST, "/api/v1/unit_kinds")
        .header("idempotency-key", code)
        .json(&body);
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let is_replayed = response.headers().contains_key("idempotency-replayed");
    let text = response.text().await.ok()?;
    assert_eq!(status, 201, "{code}: {text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    Some((body["id"].as_i64().unwrap(), is_replayed))
}

/// Asks for one kind after another until no answer comes.
async fn write(
    remote: Remote,
    prefix: String,
    done: Arc<AtomicUsize>,
    news: Arc<Notify>,
) -> Ledger {
    let mut ledger = Ledger::default();
    for n in 0.. {
        let code = format!("{prefix}_{n}");
        match ask(&remote, &code).await {
            Some((id, _)) => {
                ledger.acknowledged.insert(code, id);
                done.fetch_add(1, Ordering::SeqCst);
                news.notify_one();
            }
            None => {
                ledger.in_doubt.push(code);
                break;
            }
        }
    }
    ledger
}

/// Sends again what is in doubt.
async fn settle(remote: &Remote, ledger: &mut Ledger) {
    for code in std::mem::take(&mut ledger.in_doubt) {
        let (id, was_done) = ask(remote, &code).await.unwrap();
        ledger.acknowledged.insert(code, id);
        ledger.were_done += usize::from(was_done);
    }
}

/// Kills the program `kills` times, each time after so many acknowledged writes; leaves one running.
async fn storm(
    program: &Program,
    kills: usize,
    writes: Range<usize>,
    random: &mut StdRng,
) -> (Process, Ledger) {
    let mut ledger = Ledger::default();
    let mut process = program.serve();
    ledger.seeded = process.remote.seeded().await;
    for round in 0..kills {
        let (done, news) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let prefix = format!("crash_{round}_{writer}");
                let remote = process.remote.clone();
                tokio::spawn(write(remote, prefix, done.clone(), news.clone()))
            })
            .collect();
        let enough = random.random_range(writes.clone());
        while done.load(Ordering::SeqCst) < enough {
            news.notified().await;
        }
        // Else the kill would always come right after a commit.
        for _ in 0..random.random_range(0..20) {
            process.remote.get("/unit_kinds/1").await;
        }
        process.kill();
        ledger.kills += 1;
        for writer in join_all(writers).await {
            let mut known = writer.unwrap();
            ledger.acknowledged.append(&mut known.acknowledged);
            ledger.in_doubt.append(&mut known.in_doubt);
        }
        process = program.serve();
        settle(&process.remote, &mut ledger).await;
    }
    (process, ledger)
}

/// What holds against the ledger; nothing, if all is well.
async fn complaints(remote: &Remote, ledger: &Ledger) -> Vec<String> {
    let mut complaints = Vec::new();

    let rows = remote.all("/unit_kinds").await;
    let mut ids: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for row in &rows {
        let code = row["kind"].as_str().unwrap();
        if code.starts_with("crash_") {
            ids.entry(code)
                .or_default()
                .push(row["id"].as_i64().unwrap());
        }
    }
    for (code, id) in &ledger.acknowledged {
        match ids.remove(code.as_str()).as_deref() {
            Some([one]) if one == id => {}
            None => complaints.push(format!("lost: {code}")),
            Some(others) => complaints.push(format!("not once as {id}: {code} is {others:?}")),
        }
    }
    complaints.extend(ids.keys().map(|code| format!("never asked for: {code}")));

    let expected = ledger.seeded + ledger.acknowledged.len();
    let events = remote.events_to(expected as i64).await;
    let mut told: BTreeMap<i64, usize> = BTreeMap::new();
    for (position, event) in (1..).zip(&events) {
        if event["position"] != position {
            let found = &event["position"];
            complaints.push(format!("the feed has {found} where {position} should be"));
            break;
        }
    }
    for event in events.iter().skip(ledger.seeded) {
        assert_eq!(event["type"], "unit_kind.created");
        *told.entry(event["id"].as_i64().unwrap()).or_default() += 1;
    }
    for (code, id) in &ledger.acknowledged {
        match told.get(id) {
            Some(1) => {}
            times => complaints.push(format!("{code} is told {} times", times.unwrap_or(&0))),
        }
    }
    if events.len() != expected {
        complaints.push(format!("{} events, not {expected}", events.len()));
    }
    complaints
}

/// A few acknowledged requests sent once more are given their first answers.
async fn first_answers_are_kept(remote: &Remote, ledger: &Ledger) {
    for (code, id) in ledger.acknowledged.iter().step_by(97) {
        assert_eq!(ask(remote, code).await, Some((*id, true)), "{code}");
    }
}

async fn prove(program: Program, kills: usize, writes: Range<usize>) {
    let mut random = StdRng::seed_from_u64(seed());
    let (process, ledger) = storm(&program, kills, writes, &mut random).await;
    first_answers_are_kept(&process.remote, &ledger).await;
    let complaints = complaints(&process.remote, &ledger).await;
    assert!(complaints.is_empty(), "{complaints:#?}");
    tell(&format!(
        "crash, {:?}: {} writes acknowledged, {} kills, {} requests had been done unanswered: none lost, none doubled, none made up",
        program.engine,
        ledger.acknowledged.len(),
        ledger.kills,
        ledger.were_done
    ));
    assert!(ledger.acknowledged.len() >= 1_000);
}

on_both_engines! {
    async fn what_was_acknowledged_outlives_a_kill(program: Program) {
        prove(program, 1, 1_000..1_300).await;
    }

    #[ignore = "takes minutes: make prove"]
    async fn what_was_acknowledged_outlives_many_kills(program: Program) {
        prove(program, 25, 1_000..4_000).await;
    }

    async fn a_lost_or_doubled_or_made_up_write_would_be_noticed(program: Program) {
        let mut random = StdRng::seed_from_u64(seed());
        let (process, ledger) = storm(&program, 1, 40..60, &mut random).await;
        let remote = &process.remote;
        assert_eq!(complaints(remote, &ledger).await, [""; 0]);

        let victim = "crash_0_7_0";
        let columns = "version, level, rank, may_be_root, name_vi, name_en, child_kinds, \
                       valid_to, document, created_at, updated_at";
        let copy = |code: &str, from: &str| format!(
            "INSERT INTO unit_kinds (kind, valid_from, {columns}) \
             SELECT '{code}', '{from}', {columns} FROM unit_kinds WHERE kind = '{victim}'"
        );
        let id = ledger.acknowledged[victim];

        program.sql(&copy("crash_phantom", "2020-01-01")).unwrap();
        assert_eq!(complaints(remote, &ledger).await, ["never asked for: crash_phantom"]);
        program.sql("DELETE FROM unit_kinds WHERE kind = 'crash_phantom'").unwrap();

        program.sql(&copy(victim, "2019-01-01")).unwrap();
        let doubled = complaints(remote, &ledger).await;
        assert!(doubled.len() == 1 && doubled[0].starts_with("not once"), "{doubled:?}");

        program.sql(&format!("DELETE FROM unit_kinds WHERE kind = '{victim}'")).unwrap();
        assert_eq!(complaints(remote, &ledger).await, [format!("lost: {victim}")]);

        let on_table = if program.engine == Engine::Postgres { "ON events" } else { "" };
        program.sql(&format!("DROP TRIGGER events_are_never_deleted {on_table}")).unwrap();
        program.sql(&format!("DELETE FROM events WHERE subject_id = {id}")).unwrap();
        let untold = complaints(remote, &ledger).await;
        assert!(untold.contains(&format!("{victim} is told 0 times")), "{untold:?}");
        assert!(untold.iter().any(|c| c.starts_with("the feed has ")), "{untold:?}");
    }
}

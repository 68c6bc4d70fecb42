//! A long list that is walked while it changes (C-4).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::{leaf, quantile};
use crate::support::{Program, Remote, seed, tell};

const ROWS: usize = 100_000;
const PAGE: usize = 200;
/// The page whose time is held against the first one's.
const LATE: usize = 400;
const TIMES: usize = 301;
/// Inserts and deletions beside which the list is walked, again and again.
const WRITES: usize = 400;

fn ranked(code: &str, random: &mut StdRng) -> Value {
    let mut kind = leaf(code);
    kind["rank"] = json!(random.random_range(0..=1_000_000));
    kind
}

/// Makes the rows that stay, all over the list.
async fn fill(remote: &Remote, random: &mut StdRng) {
    let batches: Vec<Value> = (0..ROWS / 1_000)
        .map(|batch| {
            let codes = (0..1_000).map(|n| format!("stay_{}", batch * 1_000 + n));
            let items: Vec<Value> = codes
                .map(|code| json!({"action": "create", "content": ranked(&code, random)}))
                .collect();
            json!({ "items": items })
        })
        .collect();
    for some in batches.chunks(2) {
        let calls = some.iter().map(|batch| {
            let key = batch["items"][0]["content"]["kind"].as_str().unwrap();
            remote
                .post("/unit_kinds:batch", batch)
                .key(key)
                .into_future()
        });
        for answer in join_all(calls).await {
            assert_eq!(answer.is(207)["succeeded"], 1_000);
        }
    }
}

/// Inserts and deletes rows all over the list, about fifty a second, until told to end.
async fn stir(
    remote: Remote,
    mut random: StdRng,
    is_over: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
) {
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    let mut present = Vec::new();
    for n in 0.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        tick.tick().await;
        if present.len() < 50 || random.random_bool(0.5) {
            let kind = ranked(&format!("come_{n}"), &mut random);
            let created = remote.post("/unit_kinds", &kind).await.created();
            present.push(created["id"].as_i64().unwrap());
        } else {
            let id = present.swap_remove(random.random_range(0..present.len()));
            remote.delete(&format!("/unit_kinds/{id}"), 1).await.is(204);
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// How many of the rows that stayed were missed, and how many were met more than once.
fn missed_and_doubled<'a>(walk: impl Iterator<Item = &'a str>) -> (usize, usize) {
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for code in walk.filter(|code| code.starts_with("stay_")) {
        *met.entry(code).or_default() += 1;
    }
    (
        ROWS - met.len(),
        met.values().filter(|times| **times > 1).count(),
    )
}

/// Walks by cursor; answers the codes and the cursor of each page.
async fn walk(remote: &Remote) -> (Vec<String>, Vec<String>) {
    let (mut codes, mut cursors) = (Vec::new(), vec![String::new()]);
    loop {
        let page = remote.get(&address(&cursors[cursors.len() - 1])).await.ok();
        let items = page["items"].as_array().unwrap();
        codes.extend(
            items
                .iter()
                .map(|item| item["kind"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursors.push(next.to_owned()),
            None => return (codes, cursors),
        }
    }
}

fn address(cursor: &str) -> String {
    if cursor.is_empty() {
        format!("/unit_kinds?limit={PAGE}")
    } else {
        format!("/unit_kinds?limit={PAGE}&cursor={cursor}")
    }
}

/// Walks by counting rows from the start, as lists are often made.
fn walk_by_offset(program: &Program) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        kind: String,
    }
    // Long pages: PostgreSQL counts to the offset anew for each.
    let long = 10 * PAGE;
    let mut db = program.open();
    let mut codes = Vec::new();
    loop {
        let offset = codes.len();
        let page: Vec<Row> = diesel::sql_query(format!(
            "SELECT kind FROM unit_kinds ORDER BY rank, id LIMIT {long} OFFSET {offset}"
        ))
        .load(&mut db)
        .unwrap();
        if page.is_empty() {
            return codes;
        }
        codes.extend(page.into_iter().map(|row| row.kind));
    }
}

on_both_engines! {
    #[ignore = "takes minutes: make prove"]
    async fn a_walk_of_a_hundred_thousand_rows_that_change_meets_each_that_stays_once(program: Program) {
        let mut random = StdRng::seed_from_u64(seed());
        let process = program.start(program.command("serve").with("limits.request_ms", "60000"));
        let remote = &process.remote;
        let start = Instant::now();
        fill(remote, &mut random).await;
        let filled = start.elapsed();

        let (is_over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let stirring = tokio::spawn(stir(remote.clone(), random, is_over.clone(), done.clone()));
        let start = Instant::now();
        let (mut walks, mut cursors) = (0, Vec::new());
        while done.load(Ordering::Relaxed) < WRITES {
            let (codes, its_cursors) = walk(remote).await;
            assert_eq!(missed_and_doubled(codes.iter().map(String::as_str)), (0, 0));
            walks += 1;
            cursors = its_cursors;
        }
        let walked = start.elapsed();

        let (mut first, mut late) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            for (cursor, times) in [(&cursors[0], &mut first), (&cursors[LATE - 1], &mut late)] {
                let start = Instant::now();
                remote.get(&address(cursor)).await.ok();
                times.push(start.elapsed());
            }
        }
        let [first, late] = [&mut first, &mut late].map(|times| quantile(times, 0.5));
        let ratio = late.as_secs_f64() / first.as_secs_f64();
        tell(&format!(
            "list, {:?}: {ROWS} rows made in {filled:.1?} by batches; walked {walks} times in {walked:.1?} beside {WRITES} writes, \
             each row once each time; page 1 {first:.2?}, page {LATE} {late:.2?} (medians, ratio {ratio:.2})",
            program.engine
        ));

        let before = done.load(Ordering::Relaxed);
        let so_far = done.clone();
        let (program, missed, doubled) = tokio::task::spawn_blocking(move || {
            let (mut missed, mut doubled) = (0, 0);
            while so_far.load(Ordering::Relaxed) < before + WRITES {
                let codes = walk_by_offset(&program);
                let found = missed_and_doubled(codes.iter().map(String::as_str));
                missed += found.0;
                doubled += found.1;
            }
            (program, missed, doubled)
        }).await.unwrap();
        tell(&format!(
            "list by offset, {:?}: {missed} rows missed, {doubled} doubled beside {WRITES} writes",
            program.engine
        ));
        is_over.store(true, Ordering::Relaxed);
        stirring.await.unwrap();
        assert!(missed + doubled > 0, "the walk proves nothing");
        assert!(ratio <= 1.3, "{ratio}");
    }
}

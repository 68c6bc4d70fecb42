//! Many that want the same thing at the same moment.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use super::leaf;
use crate::support::{Answer, Engine, Process, Program, Remote, seed, sql, tell};
use crate::unit_kinds::kind;

const CLIENTS: usize = 16;

/// How long the writers of one file go on.
const STORM: Duration = Duration::from_secs(60);

#[test]
#[ignore = "takes long: make prove"]
fn sixty_four_writers_of_one_file_meet_no_error() {
    actix_web::rt::System::new().block_on(async {
        let program = Program::on_empty(Engine::Sqlite);
        let process = program.serve();
        let end = Instant::now() + STORM;
        let writers = (0..64).map(|writer| {
            let remote = process.remote.clone();
            tokio::spawn(async move {
                let mut slowest = Duration::ZERO;
                for n in 0.. {
                    let start = Instant::now();
                    if start > end {
                        return (n, slowest);
                    }
                    let answer = remote.post("/unit_kinds", &leaf(&format!("storm_{writer}_{n}")));
                    answer.await.created();
                    slowest = slowest.max(start.elapsed());
                }
                unreachable!("the storm ends")
            })
        });
        let outcomes = join_all(writers).await;
        let (counts, slowest): (Vec<usize>, Vec<Duration>) =
            outcomes.into_iter().map(Result::unwrap).unzip();
        tell(&format!(
            "SQLite, 64 writers for {} s: {} writes, no error, the slowest took {:?}",
            STORM.as_secs(),
            counts.iter().sum::<usize>(),
            slowest.iter().max().unwrap()
        ));
    });
}

/// Why writes do not begin as reads: no time-out helps.
#[test]
#[ignore = "takes long: make prove"]
fn a_writer_of_one_file_that_reads_first_and_takes_no_turn_meets_an_error() {
    let program = Program::on_empty(Engine::Sqlite);
    let (mut reads_first, mut faster) = (program.open(), program.open());
    let table = "PRAGMA journal_mode = wal; CREATE TABLE t (n INTEGER)";
    sql(&mut faster, table).unwrap();
    sql(&mut reads_first, "BEGIN; SELECT count(*) FROM t").unwrap();
    sql(&mut faster, "INSERT INTO t VALUES (1)").unwrap();
    let start = Instant::now();
    let refused = sql(&mut reads_first, "INSERT INTO t VALUES (2)").unwrap_err();
    tell(&format!(
        "SQLite, a writer that read first and takes no turn: \"{refused}\" after {:.1?}",
        start.elapsed()
    ));
    assert!(refused.to_string().contains("database is locked"));
}

/// Tries so many times to add 1 to the number that a kind's name is; answers how often that worked,
/// and how often somebody else was faster.
async fn count_up(remote: Remote, path: String, times: usize) -> (usize, usize) {
    let (mut done, mut too_late) = (0, 0);
    for _ in 0..times {
        let now = remote.get(&path).await.ok();
        let number: i64 = now["name_en"].as_str().unwrap().parse().unwrap();
        let version = now["version"].as_i64().unwrap();
        let next = json!({"name_en": (number + 1).to_string()});
        let answer = remote.patch(&path, version, &next).await;
        if answer.status.as_u16() == 412 {
            answer.problem(412, "version_outdated");
            too_late += 1;
        } else {
            answer.ok();
            done += 1;
        }
    }
    (done, too_late)
}

/// Sends batches that change twenty of these rows, in any order; answers how many items were done,
/// how many were too late, and how long the slowest batch took.
async fn change_many(
    remote: Remote,
    client: usize,
    ids: Vec<i64>,
    mut random: StdRng,
) -> (i64, i64, Duration) {
    let (mut done, mut too_late, mut slowest) = (0, 0, Duration::ZERO);
    for n in 0..20 {
        let mut chosen = ids.clone();
        chosen.shuffle(&mut random);
        let mut items = Vec::new();
        for id in &chosen[..20] {
            let row = remote.get(&format!("/unit_kinds/{id}")).await.ok();
            let change = json!({"name_en": format!("By {client} in {n}")});
            items.push(
                json!({"action": "update", "id": id, "version": row["version"], "content": change}),
            );
        }
        let start = Instant::now();
        let batch = remote.post("/unit_kinds:batch", &json!({"items": items}));
        let answer = batch.key(&format!("{client}_{n}")).await.is(207);
        slowest = slowest.max(start.elapsed());
        for item in answer["items"].as_array().unwrap() {
            match item["status"].as_i64() {
                Some(200) => done += 1,
                Some(412) => too_late += 1,
                _ => panic!("{item}"),
            }
        }
    }
    (done, too_late, slowest)
}

/// What a request with an Idempotency-Key may answer while copies of it are under way.
#[derive(Default, Debug, PartialEq)]
struct Outcomes {
    first: usize,
    again: usize,
    still_working: usize,
    wrong: usize,
}

impl Outcomes {
    /// Of copies of one request.
    fn count(&mut self, copies: &[Answer]) {
        let created: Vec<_> = copies.iter().filter(|a| a.status.as_u16() == 201).collect();
        let is_one = created.iter().all(|a| a.text == created[0].text);
        let firsts = created
            .iter()
            .filter(|a| a.header("idempotency-replayed").is_none());
        let firsts = firsts.count();
        let still_working = copies
            .iter()
            .filter(|a| a.text.contains("idempotency_key_in_use"))
            .count();
        if !is_one || firsts != 1 || created.len() + still_working != copies.len() {
            self.wrong += 1;
        }
        self.first += firsts;
        self.again += created.len() - firsts;
        self.still_working += still_working;
    }
}

/// Sends each request three times at once; on PostgreSQL to two processes.
async fn send_thrice(processes: &[Process], requests: usize, has_key: bool) -> Outcomes {
    let clients = (0..CLIENTS).map(|client| {
        let remotes: Vec<Remote> = processes.iter().map(|p| p.remote.clone()).collect();
        tokio::spawn(async move {
            let mut outcomes = Outcomes::default();
            for n in (client..requests).step_by(CLIENTS) {
                let code = format!("thrice_{has_key}_{n}");
                let copies = (0..3).map(|copy| {
                    let remote = &remotes[copy % remotes.len()];
                    let call = remote.post("/unit_kinds", &leaf(&code));
                    if has_key { call.key(&code) } else { call }
                });
                outcomes.count(&join_all(copies.map(IntoFuture::into_future)).await);
            }
            outcomes
        })
    });
    let mut sum = Outcomes::default();
    for outcomes in join_all(clients).await {
        let outcomes = outcomes.unwrap();
        sum.first += outcomes.first;
        sum.again += outcomes.again;
        sum.still_working += outcomes.still_working;
        sum.wrong += outcomes.wrong;
    }
    sum
}

on_both_engines! {
    #[ignore = "takes long: make prove"]
    async fn no_edit_is_lost_among_ten_thousand_of_one_row(program: Program) {
        let process = program.serve();
        let mut counter = leaf("counter");
        counter["name_en"] = json!("0");
        let id = process.remote.post("/unit_kinds", &counter).await.created()["id"].clone();
        let path = format!("/unit_kinds/{id}");
        let clients = (0..CLIENTS)
            .map(|_| tokio::spawn(count_up(process.remote.clone(), path.clone(), 10_000 / CLIENTS)));
        let (mut done, mut too_late) = (0, 0);
        for client in join_all(clients).await {
            let (its_done, its_too_late) = client.unwrap();
            done += its_done;
            too_late += its_too_late;
        }
        let row = process.remote.get(&path).await.ok();
        assert_eq!(row["name_en"], done.to_string());
        assert_eq!(row["version"], 1 + done);
        assert!(too_late > 0, "they never met");
        tell(&format!(
            "edits of one row, {:?}: {} by {CLIENTS} clients, {done} done and none of them lost, {too_late} told that they were too late",
            program.engine,
            done + too_late
        ));
    }

    #[ignore = "takes long: make prove"]
    async fn edits_of_one_row_without_versions_are_lost(program: Program) {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            name_en: String,
        }
        assert_eq!(program.command("migrate").run().code, Some(0));
        program.sql("UPDATE unit_kinds SET name_en = '0'").unwrap();
        let read = |db: &mut liendoan_core::Db| -> i64 {
            let row = diesel::sql_query("SELECT name_en FROM unit_kinds WHERE id = 1");
            row.get_result::<Row>(db).unwrap().name_en.parse().unwrap()
        };
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    let mut db = program.open();
                    for _ in 0..20 {
                        let next = read(&mut db) + 1;
                        let change = format!("UPDATE unit_kinds SET name_en = '{next}' WHERE id = 1");
                        sql(&mut db, &change).unwrap();
                    }
                });
            }
        });
        let sum = read(&mut program.open());
        let lost = 20 * CLIENTS as i64 - sum;
        tell(&format!("edits of one row without versions, {:?}: {lost} of {} lost", program.engine, 20 * CLIENTS));
        assert!(lost > 0, "the race proves nothing");
    }

    #[ignore = "takes long: make prove"]
    async fn batches_of_the_same_rows_in_any_order_do_not_stop_each_other(program: Program) {
        let process = program.serve();
        let mut random = StdRng::seed_from_u64(seed());
        let mut ids = Vec::new();
        for n in 0..50 {
            // The writers of one parent meet there too.
            let created = process.remote.post("/unit_kinds", &kind(&format!("many_{n}"))).await.created();
            ids.push(created["id"].as_i64().unwrap());
        }
        let clients = (0..CLIENTS).map(|client| {
            let random = StdRng::seed_from_u64(random.random());
            tokio::spawn(change_many(process.remote.clone(), client, ids.clone(), random))
        });
        let (mut done, mut too_late, mut slowest) = (0, 0, Duration::ZERO);
        for client in join_all(clients).await {
            let (its_done, its_too_late, its_slowest) = client.unwrap();
            done += its_done;
            too_late += its_too_late;
            slowest = slowest.max(its_slowest);
        }
        let mut changes = 0;
        for id in ids {
            let row = process.remote.get(&format!("/unit_kinds/{id}")).await.ok();
            changes += row["version"].as_i64().unwrap() - 1;
        }
        assert_eq!(changes, done);
        tell(&format!(
            "batches of the same rows, {:?}: {} of 20 items by {CLIENTS} clients, none failed; {done} items done, \
             {too_late} too late, the slowest batch took {slowest:.1?}",
            program.engine,
            20 * CLIENTS
        ));
    }

    #[ignore = "takes long: make prove"]
    async fn a_request_sent_thrice_at_once_is_done_once(program: Program) {
        // A file belongs to one process.
        let processes = match program.engine {
            Engine::Sqlite => vec![program.serve()],
            Engine::Postgres => vec![program.serve(), program.serve()],
        };
        let seeded = processes[0].remote.all("/unit_kinds").await.len();
        let told = processes[0].remote.seeded().await;
        let sum = send_thrice(&processes, 2_000, true).await;
        tell(&format!("2000 requests sent thrice, {:?}: {sum:?}", program.engine));
        assert_eq!((sum.wrong, sum.first), (0, 2_000));
        assert_eq!(processes[0].remote.all("/unit_kinds").await.len(), seeded + 2_000);
        let end = told as i64 + 2_000;
        assert_eq!(processes[0].remote.events_to(end + 1).await.len() as i64, end);

        let without_key = send_thrice(&processes, 50, false).await;
        assert_eq!(without_key.wrong, 50, "the key makes the difference");
    }
}

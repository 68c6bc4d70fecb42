//! Behind PgBouncer in transaction mode (D-4): refused until it is safe, and then right.

use diesel::connection::CacheSize;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use url::Url;

use super::leaf;
use crate::support::{Ended, Engine, Launch, Program, Remote, Running, seed, tell};

const CLIENTS: usize = 16;
const QUERIES: usize = 20_000;

/// A database that is reached both past the pooler and through it.
struct Behind {
    program: Program,
    pooled_url: String,
}

impl Behind {
    fn pooler() -> Self {
        let program = Program::on_empty(Engine::Postgres);
        let server = std::env::var("TEST_PGBOUNCER").expect(
            "this test needs PgBouncer: run it by `make prove`, or by \
             scripts/with-postgres.sh scripts/with-pgbouncer.sh cargo test",
        );
        let mut pooled_url = Url::parse(&server).unwrap();
        pooled_url.set_path(Url::parse(program.url()).unwrap().path());
        Self {
            program,
            pooled_url: pooled_url.into(),
        }
    }

    /// Through the pooler, taking it for the server itself.
    fn unaware(&self) -> Launch {
        Launch::of("serve").on(&self.pooled_url)
    }

    /// Through the pooler, with migrations past it.
    fn aware(&self, subcommand: &str) -> Launch {
        Launch::of(subcommand)
            .on(&self.pooled_url)
            .with("database.pooler", "transaction")
            .with("database.direct_url", self.program.url())
    }

    /// Ends the server processes that the pooler keeps: settings of a role reach new ones alone.
    fn renew(&self) {
        let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        self.program.sql(end).unwrap();
    }

    /// Sets what the role must carry by what each refusal says; answers how often it was refused.
    fn obey(&self) -> (RoleSettings<'_>, usize) {
        let settings = RoleSettings(&self.program);
        for refusals in 0..10 {
            match self.aware("serve").spawn().outcome() {
                Ok(process) => {
                    process.stop();
                    return (settings, refusals);
                }
                Err(ended) => {
                    let statement = advice(&ended);
                    self.program.sql(&statement).unwrap();
                    self.renew();
                }
            }
        }
        panic!("its advice does not help");
    }
}

/// The statement that a refusal ends with.
#[track_caller]
fn advice(ended: &Ended) -> String {
    let (_, statement) = ended
        .stderr
        .trim()
        .split_once("run: ")
        .unwrap_or_else(|| panic!("{ended:?}"));
    assert!(
        statement.starts_with("ALTER ROLE CURRENT_USER SET "),
        "{statement}"
    );
    statement.to_owned()
}

/// The role belongs to all tests: it is as before when this is dropped.
struct RoleSettings<'a>(&'a Program);

impl Drop for RoleSettings<'_> {
    fn drop(&mut self) {
        self.0.sql("ALTER ROLE CURRENT_USER RESET ALL").unwrap();
    }
}

#[track_caller]
fn refused(ended: &Ended) -> String {
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    ended.stderr.trim().to_owned()
}

/// Reads and writes; every answer must be about what was asked for.
async fn ask(remote: Remote, client: usize, queries: usize, mut random: StdRng) {
    let mut own: Vec<(i64, i64)> = Vec::new();
    for n in 0..queries {
        let chosen = (!own.is_empty()).then(|| random.random_range(0..own.len()));
        let code = |n: i64| format!("pooled_{client}_{n}");
        match (random.random_range(0..10), chosen) {
            (0, _) | (_, None) => {
                let number = own.len() as i64;
                let created = remote
                    .post("/unit_kinds", &leaf(&code(number)))
                    .await
                    .created();
                assert_eq!(created["kind"], code(number));
                own.push((created["id"].as_i64().unwrap(), 1));
            }
            (1, Some(i)) => {
                let (id, version) = own[i];
                let name = format!("Name {client} {n}");
                let path = format!("/unit_kinds/{id}");
                let changed = remote
                    .patch(&path, version, &json!({"name_en": name}))
                    .await
                    .ok();
                assert_eq!(
                    (&changed["kind"], &changed["name_en"]),
                    (&json!(code(i as i64)), &json!(name))
                );
                own[i].1 += 1;
            }
            (2, Some(i)) => {
                let list = remote.get(&format!("/unit_kinds?kind={}&count=exact", code(i as i64)));
                let list = list.await.ok();
                assert_eq!(
                    (&list["total"], &list["items"][0]["id"]),
                    (&json!(1), &json!(own[i].0))
                );
            }
            (3, Some(_)) => {
                let page = remote.get("/events?after=3&limit=2").await.ok();
                assert_eq!(
                    (&page["items"][0]["position"], &page["items"][1]["position"]),
                    (&json!(4), &json!(5))
                );
            }
            (4, Some(_)) => {
                let list = remote
                    .get("/unit_kinds?kind=section&expand=child_kinds")
                    .await
                    .ok();
                assert_eq!(list["items"][0]["kind"], "section");
            }
            (_, Some(i)) => {
                let (id, version) = own[i];
                let read = remote.get(&format!("/unit_kinds/{id}")).await.ok();
                assert_eq!(
                    (&read["id"], &read["version"], &read["kind"]),
                    (&json!(id), &json!(version), &json!(code(i as i64)))
                );
            }
        }
    }
}

#[test]
#[ignore = "needs a pooler: make prove"]
fn a_pooler_that_is_taken_for_the_server_is_found_out() {
    let behind = Behind::pooler();
    let line = refused(&behind.unaware().run());
    assert!(
        line.contains("pooler") && line.contains("database.direct_url"),
        "{line}"
    );
    tell(&format!("pooler, unaware: {line}"));
}

#[test]
#[ignore = "needs a pooler: make prove"]
fn a_start_that_was_refused_leaves_nothing_in_the_pooler() {
    let behind = Behind::pooler();
    for _ in 0..4 {
        refused(&behind.unaware().run());
    }
    // Waits a minute and fails where a server process of the pooler still holds the lock.
    let migrated = behind.aware("migrate").run();
    assert_eq!(migrated.code, Some(0), "{migrated:?}");
}

#[test]
#[ignore = "needs a pooler: make prove"]
fn a_pooler_without_a_way_past_it_is_refused() {
    let behind = Behind::pooler();
    let ended = Launch::of("serve")
        .on(&behind.pooled_url)
        .with("database.pooler", "transaction")
        .run();
    let line = refused(&ended);
    assert!(line.contains("database.direct_url"), "{line}");
}

#[test]
#[ignore = "needs a pooler: make prove"]
fn migrations_past_the_pooler_all_succeed() {
    let behind = Behind::pooler();
    let all: Vec<Running> = (0..4).map(|_| behind.aware("migrate").spawn()).collect();
    let all: Vec<Ended> = all.into_iter().map(Running::wait).collect();
    assert!(all.iter().all(|e| e.code == Some(0)), "{all:?}");
    tell("pooler: 4 migrations at once past it, all succeeded");
}

#[test]
#[ignore = "needs a pooler: make prove"]
fn behind_a_pooler_nothing_is_wrong_once_the_role_carries_the_time_outs() {
    let behind = Behind::pooler();
    let (_settings, refusals) = behind.obey();
    assert_eq!(refusals, 3, "three time-outs were missing");
    actix_web::rt::System::new().block_on(async {
        let process = behind.program.start(behind.aware("serve"));
        // The feed lags behind the start by what the process before left of its lease.
        assert!(process.remote.events_to(5).await.len() >= 5);
        let seed = seed();
        let clients = (0..CLIENTS).map(|client| {
            let random = StdRng::seed_from_u64(seed.wrapping_add(client as u64));
            tokio::spawn(ask(
                process.remote.clone(),
                client,
                QUERIES / CLIENTS,
                random,
            ))
        });
        for client in join_all(clients).await {
            client.unwrap();
        }
    });
    tell(&format!(
        "pooler, aware: served after {refusals} time-outs were set as it said; {QUERIES} queries of {CLIENTS} clients, none wrong, none failed"
    ));
}

/// What became of queries.
#[derive(Debug, Default, PartialEq)]
struct Outcomes {
    right: usize,
    wrong: usize,
    failed: usize,
}

/// Runs two statements of the same shape in all connections at once, each in its own order.
fn calculate(url: &str, cache: CacheSize) -> Outcomes {
    let calculate = |client: i64| {
        let mut outcomes = Outcomes::default();
        let mut connection = PgConnection::establish(url).unwrap();
        connection.set_prepared_statement_cache_size(cache);
        for n in 1..=i64::try_from(QUERIES / CLIENTS).unwrap() {
            let (outcome, expected): (QueryResult<i64>, i64) = if (client + n) % 2 == 0 {
                let plus = diesel::select(n.into_sql::<BigInt>() + 1_i64);
                (plus.get_result(&mut connection), n + 1)
            } else {
                let times = diesel::select(n.into_sql::<BigInt>() * 3_i64);
                (times.get_result(&mut connection), n * 3)
            };
            match outcome {
                Ok(number) if number == expected => outcomes.right += 1,
                Ok(_) => outcomes.wrong += 1,
                Err(_) => outcomes.failed += 1,
            }
        }
        outcomes
    };
    std::thread::scope(|scope| {
        let clients = 0..i64::try_from(CLIENTS).unwrap();
        let all: Vec<_> = clients
            .map(|client| scope.spawn(move || calculate(client)))
            .collect();
        let mut sum = Outcomes::default();
        for client in all {
            let outcomes = client.join().unwrap();
            sum.right += outcomes.right;
            sum.wrong += outcomes.wrong;
            sum.failed += outcomes.failed;
        }
        sum
    })
}

#[test]
#[ignore = "needs a pooler: make prove"]
fn with_the_cache_of_statements_answers_behind_a_pooler_are_wrong() {
    let behind = Behind::pooler();
    let with_cache = calculate(&behind.pooled_url, CacheSize::Unbounded);
    behind.renew();
    let without = calculate(&behind.pooled_url, CacheSize::Disabled);
    tell(&format!(
        "pooler, statements cached: {with_cache:?}; not cached: {without:?}"
    ));
    assert!(with_cache.wrong > 0, "the pooler proves nothing");
    assert_eq!((without.wrong, without.failed), (0, 0));
}

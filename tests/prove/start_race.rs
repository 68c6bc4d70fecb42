//! Many processes that start at the same moment on one database.

use std::path::Path;
use std::sync::Barrier;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use liendoan_core::Db;

use crate::support::{Ended, Engine, Program, Running, tell};

const PROCESSES: usize = 8;
const ROUNDS: usize = 10;

fn count(db: &mut Db, table: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"))
        .get_result::<Count>(db)
        .unwrap()
        .n
}

/// Migrates in all processes at once.
fn race(program: &Program) -> Vec<Ended> {
    let all: Vec<Running> = (0..PROCESSES)
        .map(|_| program.command("migrate").spawn())
        .collect();
    all.into_iter().map(Running::wait).collect()
}

fn steps(ended: &Ended) -> i64 {
    let (number, _) = ended.stdout.split_once(" steps applied").unwrap();
    number.parse().unwrap()
}

/// Everything that is made once in the life of a database has been made once.
fn is_made_once(program: &Program, applied: i64) {
    let mut db = program.open();
    assert_eq!(count(&mut db, "__diesel_schema_migrations"), applied);
    assert_eq!(count(&mut db, "secrets"), 1);
    let seeds = count(&mut db, "unit_kinds") + count(&mut db, "catalogue_entries");
    let told = count(&mut db, "events") + count(&mut db, "unsealed_events");
    assert!(seeds > 0 && seeds == told, "{seeds} entries, {told} events");
}

#[test]
#[ignore = "takes long: make prove"]
fn eight_migrations_of_one_empty_server_all_succeed_and_each_step_runs_once() {
    for _ in 0..ROUNDS {
        let program = Program::on_empty(Engine::Postgres);
        let first = race(&program);
        assert!(first.iter().all(|e| e.code == Some(0)), "{first:?}");
        is_made_once(&program, first.iter().map(steps).sum());

        let second = race(&program);
        assert!(second.iter().all(|e| e.code == Some(0)), "{second:?}");
        assert!(second.iter().all(|e| steps(e) == 0), "{second:?}");
    }
    tell(&format!(
        "start race, PostgreSQL: {ROUNDS} rounds of {PROCESSES} migrations on an empty and on a current schema, all succeeded"
    ));
}

#[test]
#[ignore = "takes long: make prove"]
fn eight_services_on_one_empty_server_all_answer() {
    for _ in 0..ROUNDS {
        let program = Program::on_empty(Engine::Postgres);
        let all: Vec<Running> = (0..PROCESSES)
            .map(|_| program.command("serve").spawn())
            .collect();
        let all: Vec<_> = all.into_iter().map(Running::ready).collect();
        let kinds: Vec<usize> = actix_web::rt::System::new().block_on(async {
            let pass = program.administrator();
            let lists = all
                .iter()
                .map(async |p| p.remote.with(pass.clone()).all("/unit_kinds").await);
            let lists = futures_util::future::join_all(lists).await;
            lists.iter().map(Vec::len).collect()
        });
        assert!(kinds.iter().all(|n| *n > 0 && *n == kinds[0]), "{kinds:?}");
        is_made_once(
            &program,
            count(&mut program.open(), "__diesel_schema_migrations"),
        );
    }
    tell(&format!(
        "start race, PostgreSQL: {ROUNDS} rounds of {PROCESSES} services on an empty database, all answered"
    ));
}

#[test]
#[ignore = "takes long: make prove"]
fn of_eight_migrations_of_one_file_those_that_do_not_get_it_say_so() {
    let mut refused = 0;
    for _ in 0..ROUNDS {
        let program = Program::on_empty(Engine::Sqlite);
        let all = race(&program);
        let (got_it, others): (Vec<_>, Vec<_>) = all.iter().partition(|e| e.code == Some(0));
        for other in &others {
            assert_eq!(other.code, Some(1), "{other:?}");
            assert_eq!(other.stderr.lines().count(), 1, "{other:?}");
            assert!(
                other.stderr.contains("another process uses it"),
                "{other:?}"
            );
        }
        assert!(!got_it.is_empty(), "{all:?}");
        is_made_once(&program, got_it.into_iter().map(steps).sum());
        refused += others.len();
    }
    assert!(refused > 0, "they never met");
    tell(&format!(
        "start race, SQLite: {ROUNDS} rounds of {PROCESSES} migrations, {refused} of {} were refused the file, the rest succeeded",
        ROUNDS * PROCESSES
    ));
}

#[test]
#[ignore = "takes long: make prove"]
fn without_the_lock_some_of_eight_migrations_fail() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/postgres");
    let mut failed = 0;
    for _ in 0..ROUNDS {
        let program = Program::on_empty(Engine::Postgres);
        let start = Barrier::new(PROCESSES);
        failed += std::thread::scope(|scope| {
            let migrate = || {
                let Db::Postgres(mut connection) = program.open() else {
                    panic!("not PostgreSQL")
                };
                let steps = FileBasedMigrations::from_path(&folder).unwrap();
                start.wait();
                connection.run_pending_migrations(steps).is_err()
            };
            let all: Vec<_> = (0..PROCESSES).map(|_| scope.spawn(migrate)).collect();
            let outcomes = all.into_iter().map(|thread| thread.join().unwrap());
            outcomes.filter(|has_failed| *has_failed).count()
        });
    }
    tell(&format!(
        "start race, without the lock: {failed} of {} migrations failed",
        ROUNDS * PROCESSES
    ));
    assert!(failed > 0, "the race proves nothing");
}

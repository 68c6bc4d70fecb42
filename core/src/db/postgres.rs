//! PostgreSQL: time-outs on every connection, and proof that a pooler in between is harmless.

use std::time::Duration;

use diesel::connection::{CacheSize, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use url::Url;

use super::Db;
use super::options::{Options, Pooler, StartError};
use crate::error::{Code, Error, Result};

/// Brakes of the client side: a diesel call that blocks can't be called back.
const BRAKES: &[(&str, &str)] = &[
    ("application_name", "liendoan"),
    ("connect_timeout", "2"),
    ("tcp_user_timeout", "5000"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "3"),
    ("keepalives_count", "3"),
];

/// What helps where a pooler was taken for the server.
const POOLER_ADVICE: &str = "a pooler in transaction mode stands in between: set database.pooler = \"transaction\", and database.direct_url to the server itself";

/// How often a suspicion about a pooler is tried.
const ROUNDS: i64 = 200;

/// What a connection must have on the server's side.
#[derive(Clone)]
pub(super) struct Settings {
    pooler: Pooler,
    statement_timeout: Duration,
    lock_timeout: Duration,
}

impl Settings {
    pub fn of(options: &Options) -> Self {
        Self {
            pooler: options.pooler,
            statement_timeout: options.statement_timeout,
            lock_timeout: options.lock_timeout,
        }
    }

    fn timeouts(&self) -> [(&'static str, Duration); 3] {
        [
            ("statement_timeout", self.statement_timeout),
            ("lock_timeout", self.lock_timeout),
            (
                "idle_in_transaction_session_timeout",
                2 * self.statement_timeout,
            ),
        ]
    }
}

fn with_brakes(url: &str) -> Result<String, StartError> {
    let mut url = Url::parse(url)
        .map_err(|why| StartError::new(format!("database.url is not a URL: {why}")))?;
    let given: Vec<String> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    for (name, value) in BRAKES {
        if !given.iter().any(|g| g == name) {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    Ok(url.into())
}

/// A connection as it comes, without time-outs for statements: for migrations.
pub(super) fn connect(url: &str) -> Result<PgConnection, StartError> {
    PgConnection::establish(&with_brakes(url)?)
        .map_err(|why| StartError::new(format!("cannot reach PostgreSQL: {why}")))
}

/// Refuses an address behind which a connection does not keep its server process. To be asked first:
/// it leaves nothing in a pooler, where a lock or a prepared statement would stay for others.
pub(super) fn check_processes(url: &str) -> Result<(), StartError> {
    let open = || {
        let mut connection = connect(url)?;
        connection.set_prepared_statement_cache_size(CacheSize::Disabled);
        Ok::<_, StartError>(connection)
    };
    let (mut a, mut b) = (open()?, open()?);
    let first = (process(&mut a)?, process(&mut b)?);
    for _ in 0..ROUNDS {
        let now = (process(&mut a)?, process(&mut b)?);
        if now != first || now.0 == now.1 {
            return Err(StartError::new(format!(
                "PostgreSQL: two connections share server processes ({} and {}, then {} and {}); {POOLER_ADVICE}",
                first.0, first.1, now.0, now.1
            )));
        }
    }
    check_locks(&mut a, &mut b)
}

fn process(connection: &mut PgConnection) -> Result<i32, StartError> {
    diesel::define_sql_function! { fn pg_backend_pid() -> diesel::sql_types::Integer; }
    diesel::select(pg_backend_pid())
        .get_result(connection)
        .map_err(|e| StartError::new(format!("PostgreSQL: {e}")))
}

/// A connection for the service.
pub(super) fn open(url: &str, settings: &Settings) -> Result<Db> {
    let mut connection =
        connect(url).map_err(|e| Error::new(Code::DatabaseUnavailable).because(e))?;
    match settings.pooler {
        Pooler::None => {
            let statements: String = settings
                .timeouts()
                .iter()
                .map(|(name, timeout)| format!("SET {name} = {};", timeout.as_millis()))
                .collect();
            connection.batch_execute(&statements)?;
        }
        // A SET would reach whichever server process came next: the role carries the time-outs.
        Pooler::Transaction => connection.set_prepared_statement_cache_size(CacheSize::Disabled),
    }
    Ok(Db::Postgres(connection))
}

/// Refuses a server that would hang, speak another language than we read, or mix up answers.
pub(super) fn check(url: &str, options: &Options) -> Result<(), StartError> {
    let settings = Settings::of(options);
    let open = || match open(url, &settings) {
        Ok(Db::Postgres(connection)) => Ok(connection),
        Ok(Db::Sqlite(_)) => Err(StartError::new("not a PostgreSQL connection")),
        Err(error) => Err(match error.cause() {
            Some(cause) => StartError::new(cause.to_string()),
            None => StartError::new(error.to_string()),
        }),
    };
    let (mut a, mut b) = (open()?, open()?);
    for (name, expected) in settings.timeouts() {
        let state = setting(&mut a, name)?;
        if milliseconds(&state) != Some(expected.as_millis()) {
            return Err(StartError::new(format!(
                "PostgreSQL: {name} is {state}, not {0}ms; as its owner run: ALTER ROLE CURRENT_USER SET {name} = '{0}ms'",
                expected.as_millis()
            )));
        }
    }
    let language = setting(&mut a, "lc_messages")?;
    if !["C", "POSIX", "en"].iter().any(|l| language.starts_with(l)) {
        return Err(StartError::new(format!(
            "PostgreSQL: lc_messages is {language}, and failures are told apart by their English text; as a superuser run: ALTER ROLE <role> SET lc_messages = 'C'"
        )));
    }
    check_statements(&mut a, &mut b)
}

fn setting(connection: &mut PgConnection, name: &str) -> Result<String, StartError> {
    diesel::define_sql_function! { fn current_setting(name: Text) -> Text; }
    diesel::select(current_setting(name))
        .get_result(connection)
        .map_err(|e| StartError::new(format!("PostgreSQL: {e}")))
}

/// PostgreSQL shows `5s`, `1500ms`, `2min`.
fn milliseconds(shown: &str) -> Option<u128> {
    let digits = shown.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &shown[digits.len()..] {
        "ms" | "" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    digits.parse::<u128>().ok().map(|n| n * unit)
}

/// Runs two prepared statements of the same shape by turns on two connections. Behind a pooler that
/// lends server processes, each may be answered by the other's statement: wrong rows, no error.
fn check_statements(a: &mut PgConnection, b: &mut PgConnection) -> Result<(), StartError> {
    let mixed_up = |why: String| {
        StartError::new(format!(
            "PostgreSQL: prepared statements reach another session ({why}); {POOLER_ADVICE}"
        ))
    };
    for n in 1..=ROUNDS {
        for connection in [&mut *a, &mut *b] {
            let plus: i64 = diesel::select(n.into_sql::<BigInt>() + 1_i64)
                .get_result(connection)
                .map_err(|e| mixed_up(e.to_string()))?;
            if plus != n + 1 {
                return Err(mixed_up(format!("{n} + 1 gave {plus}")));
            }
        }
        for connection in [&mut *b, &mut *a] {
            let times: i64 = diesel::select(n.into_sql::<BigInt>() * 3_i64)
                .get_result(connection)
                .map_err(|e| mixed_up(e.to_string()))?;
            if times != n * 3 {
                return Err(mixed_up(format!("{n} * 3 gave {times}")));
            }
        }
    }
    Ok(())
}

/// Two sessions must not both hold the same advisory lock: migrations rely on it.
fn check_locks(a: &mut PgConnection, b: &mut PgConnection) -> Result<(), StartError> {
    diesel::define_sql_function! { fn pg_try_advisory_lock(key: BigInt) -> diesel::sql_types::Bool; }
    let key = rand::random::<i64>();
    let lock = |connection: &mut PgConnection| -> Result<bool, StartError> {
        diesel::select(pg_try_advisory_lock(key))
            .get_result(connection)
            .map_err(|e| StartError::new(format!("PostgreSQL: {e}")))
    };
    let both = lock(a)? && lock(b)?;
    for connection in [a, b] {
        // What it can't let go of ends with the connection.
        let _ = connection.batch_execute("SELECT pg_advisory_unlock_all()");
    }
    if both {
        return Err(StartError::new(format!(
            "PostgreSQL: two connections got the same advisory lock; {POOLER_ADVICE}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brakes_are_added_where_the_url_has_none() {
        let url = with_brakes("postgres://u:p@h/d?connect_timeout=7").unwrap();
        assert!(url.contains("connect_timeout=7"));
        assert!(!url.contains("connect_timeout=2"));
        assert!(url.contains("tcp_user_timeout=5000"));
    }

    #[test]
    fn shown_times_are_read() {
        for (shown, ms) in [("5s", 5000), ("1500ms", 1500), ("2min", 120_000), ("0", 0)] {
            assert_eq!(milliseconds(shown), Some(ms));
        }
        assert_eq!(milliseconds("5 lightyears"), None);
    }
}

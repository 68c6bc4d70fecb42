//! SQLite: one writer thread that commits in groups, and readers beside it.

use std::fs::{File, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread::JoinHandle;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use tokio::sync::{mpsc, oneshot};

use super::options::StartError;
use super::tx::Tx;
use super::{Db, Purpose};
use crate::Actor;
use crate::clock::Clock;
use crate::error::{Code, Error, Result};
use crate::sealer::Sealing;

/// Before it, a WAL could be reset under a reader (corruption).
const OLDEST_VERSION: &str = "3.51.3";

/// Closures that may wait for the writer; past that the service answers `overloaded`.
const QUEUE: usize = 4096;

/// Closures that may share one commit. More would make the first of them wait too long.
const GROUP: usize = 256;

/// State of the connection that the rest relies on, and what it must read back as.
const PRAGMAS: &[(&str, &str, &str)] = &[
    // Waits, rather than fails, while a backup tool holds the file. First: the others need the file.
    ("busy_timeout", "5000", "5000"),
    ("journal_mode", "wal", "wal"),
    // NORMAL loses acknowledged commits at power loss.
    ("synchronous", "full", "2"),
    ("foreign_keys", "on", "1"),
    // Functions in a schema that somebody else wrote are not run.
    ("trusted_schema", "off", "0"),
];

fn connect(path: &Path) -> Result<SqliteConnection, StartError> {
    let refused = |why: &dyn std::fmt::Display| {
        StartError::new(format!(
            "cannot use the SQLite file {}: {why}",
            path.display()
        ))
    };
    // A new one is for its owner alone: it will hold hashes of passwords. What SQLite puts beside it gets the
    // same rights. Where it can't be made, the next line says why.
    let _ = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let address = path.to_string_lossy();
    let mut connection = SqliteConnection::establish(&address).map_err(|e| refused(&e))?;
    for (name, value, expected) in PRAGMAS {
        connection
            .batch_execute(&format!("PRAGMA {name} = {value}"))
            .map_err(|e| refused(&e))?;
        let state = pragma(&mut connection, name).map_err(|e| refused(&e))?;
        if state != *expected {
            return Err(refused(&format!(
                "PRAGMA {name} is {state}, not {expected}"
            )));
        }
    }
    Ok(connection)
}

fn pragma(connection: &mut SqliteConnection, name: &str) -> QueryResult<String> {
    #[derive(QueryableByName)]
    struct State {
        #[diesel(sql_type = Text)]
        state: String,
    }
    // A table-valued function, so that each PRAGMA's column, whatever its name, arrives as `state`.
    let column = if name == "busy_timeout" {
        "timeout"
    } else {
        name
    };
    let statement = format!("SELECT CAST({column} AS TEXT) AS state FROM pragma_{name}");
    diesel::sql_query(statement)
        .get_result::<State>(connection)
        .map(|row| row.state)
}

/// A connection that may write: for migrations, and for the writer.
pub(super) fn open_writer(path: &Path) -> Result<Db, StartError> {
    connect(path).map(Db::Sqlite)
}

pub(super) fn open_reader(path: &Path) -> Result<Db> {
    let open = || {
        let mut connection = connect(path)?;
        connection
            .batch_execute("PRAGMA query_only = on")
            .map_err(|e| StartError::new(e.to_string()))?;
        Ok::<_, StartError>(Db::Sqlite(connection))
    };
    open().map_err(|e| Error::new(Code::DatabaseUnavailable).because(e))
}

/// Refuses a library that is too old.
pub(super) fn check_version(connection: &mut SqliteConnection) -> Result<(), StartError> {
    diesel::define_sql_function! { fn sqlite_version() -> Text; }
    let version: String = diesel::select(sqlite_version())
        .get_result(connection)
        .map_err(|e| StartError::new(e.to_string()))?;
    if is_recent(&version) {
        Ok(())
    } else {
        Err(StartError::new(format!(
            "this program was built with SQLite {version}; it needs {OLDEST_VERSION} or later"
        )))
    }
}

fn is_recent(version: &str) -> bool {
    let parts = |text: &str| -> Vec<u32> { text.split('.').flat_map(str::parse).collect() };
    parts(version) >= parts(OLDEST_VERSION)
}

/// Holds the file for this process alone, as long as it lives; the system lets go of it when the
/// process dies, however it dies.
pub(super) struct ProcessLock {
    _file: File,
}

impl ProcessLock {
    pub fn take(path: &Path) -> Result<Self, StartError> {
        let refused = |why: &dyn std::fmt::Display| {
            StartError::new(format!(
                "cannot use the SQLite file {}: {why}",
                path.display()
            ))
        };
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| refused(&e))?;
        }
        let mut lock_path = path.as_os_str().to_owned();
        lock_path.push(".lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|e| refused(&e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(refused(
                &"another process uses it; stop that one, or use PostgreSQL for several processes",
            )),
            Err(TryLockError::Error(e)) => Err(refused(&e)),
        }
    }
}

/// The writer thread's end in the rest of the program. Dropping it lets the thread finish what
/// waits, and then joins it.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub fn start(path: &Path, clock: Clock, sealing: Sealing) -> Result<Self, StartError> {
        let lock = ProcessLock::take(path)?;
        let mut db = open_writer(path)?;
        // What the migration recorded.
        let sealed = db.transact(Purpose::Write, |db| sealing.work_off(db));
        sealing.publish(sealed.map_err(|e| StartError::new(e.to_string()))?);
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                write_all(db, queue, &clock, &sealing);
                drop(lock);
            })
            .map_err(|e| StartError::new(e.to_string()))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub async fn run<T, F>(&self, actor: Actor, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Write {
            actor,
            f,
            outcome: None,
            reply,
        });
        let jobs = self.jobs.as_ref().ok_or(Code::ShuttingDown)?;
        jobs.try_send(job).map_err(|_| Code::Overloaded)?;
        answer.await.map_err(|_| Code::ShuttingDown)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // It has caught every panic of a closure; one of its own is in the log already.
            let _ = thread.join();
        }
    }
}

/// A closure waiting to be run and answered.
trait Job: Send {
    /// Runs it in a savepoint of its own; answers whether the sealer has work.
    fn run(&mut self, db: &mut Db, clock: &Clock) -> bool;
    /// Tells the caller, after the commit that it shares.
    fn answer(self: Box<Self>, committed: Result<(), Code>);
}

struct Write<T, F> {
    actor: Actor,
    f: F,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: Fn(&mut Tx<'_>) -> Result<T> + Send,
{
    fn run(&mut self, db: &mut Db, clock: &Clock) -> bool {
        let mut has_entries = false;
        let outcome = db.transaction(|db| {
            let mut tx = Tx::new(db, clock, &self.actor);
            // A panic must not take the others of the group along.
            let value = catch_unwind(AssertUnwindSafe(|| (self.f)(&mut tx)))
                .unwrap_or_else(|_| Err(Error::internal("panic in a write")))?;
            has_entries = tx.has_entries();
            Ok(value)
        });
        has_entries &= outcome.is_ok();
        self.outcome = Some(outcome);
        has_entries
    }

    fn answer(self: Box<Self>, committed: Result<(), Code>) {
        let Self {
            f, outcome, reply, ..
        } = *self;
        // First of all: what the closure holds is free by the time its caller goes on.
        drop(f);
        let outcome = match (outcome, committed) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(code)) => Err(code.into()),
            (None, Ok(())) => Err(Code::Internal.into()),
        };
        // Nobody listens any more when the caller hung up.
        let _ = reply.send(outcome);
    }
}

fn write_all(
    mut db: Db,
    mut queue: mpsc::Receiver<Box<dyn Job>>,
    clock: &Clock,
    sealing: &Sealing,
) {
    while let Some(first) = queue.blocking_recv() {
        let mut group: Vec<Box<dyn Job>> = Vec::new();
        let outcome = db.transact(Purpose::Write, |db| {
            let mut has_entries = false;
            let mut next = Some(first);
            while let Some(mut job) = next {
                has_entries |= job.run(db, clock);
                group.push(job);
                next = (group.len() < GROUP)
                    .then(|| queue.try_recv().ok())
                    .flatten();
            }
            if has_entries {
                sealing.work_off(db).map(Some)
            } else {
                Ok(None)
            }
        });
        let committed = match &outcome {
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::error!(%error, writes = group.len(), "a group of writes was not committed");
                Err(error.code())
            }
        };
        // Before the answers: who is answered finds its own change in the feed.
        if let Ok(Some(positions)) = outcome {
            sealing.publish(positions);
        }
        for job in group {
            job.answer(committed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_with_the_wal_reset_corruption_is_refused() {
        for old in ["3.51.2", "3.9.9", "3.50.4", "2.99.99"] {
            assert!(!is_recent(old), "{old}");
        }
        for recent in ["3.51.3", "3.51.10", "3.53.0", "4.0.0"] {
            assert!(is_recent(recent), "{recent}");
        }
    }
}

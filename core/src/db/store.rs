//! The way in to the database.

use std::sync::Arc;

use super::options::{Options, StartError, Target};
use super::pool::Pool;
use super::sqlite::Writer;
use super::tx::Tx;
use super::{Db, Purpose, postgres, sqlite};
use crate::Actor;
use crate::clock::Clock;
use crate::error::{Code, Result};
use crate::sealer::{self, Fold, Sealing};

/// How often a transaction is run that keeps falling victim to others.
const ATTEMPTS: u32 = 4;

/// Which of the two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The database. Cheap to clone; every clone is the same store.
#[derive(Clone)]
pub struct Store {
    ways: Ways,
    clock: Clock,
    sealing: Sealing,
}

#[derive(Clone)]
enum Ways {
    Sqlite { readers: Pool, writer: Arc<Writer> },
    Postgres { pool: Pool },
}

impl Store {
    /// Opens a database that [`Migrator`](super::Migrator) has brought up to date. On PostgreSQL it
    /// starts the sealer as a task of the running Tokio runtime. The sealer runs `folds` too.
    pub fn open(options: &Options, folds: &'static [Fold]) -> Result<Self, StartError> {
        let clock = options.clock.clone();
        let sealing = Sealing::new(folds);
        let ways = match &options.target {
            Target::Sqlite(path) => {
                let writer = Writer::start(path, clock.clone(), sealing.clone())?;
                let path = path.clone();
                let readers = Pool::start(options.connections, options.wait, move || {
                    sqlite::open_reader(&path)
                })?;
                Ways::Sqlite {
                    readers,
                    writer: Arc::new(writer),
                }
            }
            Target::Postgres(url) => {
                postgres::check(url, options)?;
                let (url, settings) = (url.clone(), postgres::Settings::of(options));
                let pool = Pool::start(options.connections, options.wait, move || {
                    postgres::open(&url, &settings)
                })?;
                Ways::Postgres { pool }
            }
        };
        let store = Self {
            ways,
            clock,
            sealing,
        };
        if store.engine() == Engine::Postgres {
            tokio::spawn(sealer::run(store.clone()));
        }
        Ok(store)
    }

    /// Ends the threads that use the database, when what waits for them is done. To be called once nothing
    /// asks any more, before the process ends.
    pub fn close(&self) {
        match &self.ways {
            Ways::Sqlite { readers, .. } => readers.close(),
            Ways::Postgres { pool } => pool.close(),
        }
    }

    pub fn engine(&self) -> Engine {
        match self.ways {
            Ways::Sqlite { .. } => Engine::Sqlite,
            Ways::Postgres { .. } => Engine::Postgres,
        }
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The sealer's doings in this process.
    pub fn sealing(&self) -> &Sealing {
        &self.sealing
    }

    /// Reads by any number of statements that all see one snapshot.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Db) -> Result<T> + Send + Sync + 'static,
    {
        self.run(move |db| db.transact(Purpose::Read, |db| f(db)))
            .await
    }

    /// Reads by one statement that finds its rows by an index, and is a snapshot in itself. On
    /// PostgreSQL three round trips fewer become one; on SQLite it runs on this very thread, because
    /// to wake another one and wait for it costs more than to read a row.
    pub async fn query<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Db) -> Result<T> + Send + Sync + 'static,
    {
        if let Ways::Sqlite { readers, .. } = &self.ways
            && let Some(outcome) = readers.try_run(&f)
        {
            return outcome;
        }
        self.run(f).await
    }

    /// Reads on a thread that may block.
    async fn run<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Db) -> Result<T> + Send + Sync + 'static,
    {
        let pool = match &self.ways {
            Ways::Sqlite { readers, .. } => readers,
            Ways::Postgres { pool } => pool,
        };
        let f = Arc::new(f);
        let again = f.clone();
        match pool.run(move |db| f(db)).await {
            // The server was restarted and the pool did not know: reading twice harms nothing.
            Err(error) if error.code() == Code::DatabaseUnavailable => {
                pool.run(move |db| again(db)).await
            }
            outcome => outcome,
        }
    }

    /// Runs `f` in a transaction, in the name of `actor`. When this answers `Ok`, what `f` did is on disk; when it answers
    /// `Err`, nothing of it is, except after `database_unavailable` at the commit itself, which only
    /// a repetition with the same Idempotency-Key can tell apart.
    ///
    /// `f` may run more than once: it must do nothing but read and write through its [`Tx`]. It is
    /// dropped before this answers, and not before the transaction has ended.
    pub async fn write<T, F>(&self, actor: Actor, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.ways {
            Ways::Sqlite { writer, .. } => writer.run(actor, f).await,
            Ways::Postgres { pool } => {
                let clock = self.clock.clone();
                let (value, has_entries) = pool
                    .run(move |db| {
                        retry(|| {
                            db.transact(Purpose::Write, |db| {
                                let mut tx = Tx::new(db, &clock, &actor);
                                let value = f(&mut tx)?;
                                Ok((value, tx.has_entries()))
                            })
                        })
                    })
                    .await?;
                if has_entries {
                    self.sealing.wake();
                }
                Ok(value)
            }
        }
    }
}

/// Runs a transaction again when it fell victim to another one, after a random pause that grows:
/// the other one then has time to end, and two victims do not meet again.
fn retry<T>(mut transaction: impl FnMut() -> Result<T>) -> Result<T> {
    let mut attempt = 1;
    loop {
        match transaction() {
            Err(error) if attempt < ATTEMPTS && error.is_worth_retrying() => {
                metrics::counter!("liendoan_transactions_retried_total").increment(1);
                let longest_ms = 10_u64 << attempt;
                let pause = rand::random_range(0..=longest_ms);
                std::thread::sleep(std::time::Duration::from_millis(pause));
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

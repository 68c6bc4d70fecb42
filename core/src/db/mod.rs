//! One database, two engines: SQLite for one machine without a server, PostgreSQL for production.
//!
//! [`Store`] is the only way in. Rules and queries see a [`Db`] (to read) or a [`Tx`] (to write) and
//! can't tell which engine is behind it.

mod error;
mod from_text;
mod migrate;
mod options;
mod pool;
mod postgres;
mod queue;
mod sqlite;
mod statement;
mod store;
mod tx;

pub use from_text::FromText;
pub use migrate::Migrator;
pub use options::{Options, Pooler, StartError, Target};
pub use statement::{Statement, Value};
pub use store::{Engine, Store};
pub use tx::{Event, Hold, Tx};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{PgConnection, SqliteConnection};

use crate::error::Result;

/// A connection to either engine.
#[derive(diesel::MultiConnection)]
pub enum Db {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs one query on whichever engine it is, past [`Db`]'s own dispatch: for a query that is run so often
/// that the dispatch (some 10 µs) counts, and for what the engines share but `Db` does not know.
#[macro_export]
macro_rules! on_engine {
    ($db:expr, $connection:ident => $query:expr) => {
        match $db {
            $crate::Db::Sqlite($connection) => $query,
            $crate::Db::Postgres($connection) => $query,
        }
    };
}

/// What a transaction is for; the engines word it differently.
#[derive(Clone, Copy)]
enum Purpose {
    /// Every statement sees the same snapshot, and none may write.
    Read,
    Write,
}

impl Db {
    /// Which engine it is, for what is worded in two ways.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    fn begin(&mut self, purpose: Purpose) -> Result<()> {
        match (self, purpose) {
            (Db::Sqlite(c), Purpose::Read) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED")?
            }
            // A deferred transaction that turns into a writer fails at once when another one writes.
            (Db::Sqlite(c), Purpose::Write) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?
            }
            (Db::Postgres(c), Purpose::Read) => AnsiTransactionManager::begin_transaction_sql(
                c,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )?,
            (Db::Postgres(c), Purpose::Write) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN")?
            }
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        match self {
            Db::Sqlite(c) => AnsiTransactionManager::commit_transaction(c)?,
            Db::Postgres(c) => AnsiTransactionManager::commit_transaction(c)?,
        }
        Ok(())
    }

    /// Gives up the transaction. A failure to do so means that the connection is gone, and with it
    /// the transaction.
    fn roll_back(&mut self) {
        let outcome = match self {
            Db::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c),
            Db::Postgres(c) => AnsiTransactionManager::rollback_transaction(c),
        };
        if let Err(cause) = outcome {
            tracing::warn!(%cause, "could not roll back");
        }
    }

    /// Runs `f` in a transaction: committed if it answers `Ok`, else as if it never ran.
    fn transact<T>(&mut self, purpose: Purpose, f: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.begin(purpose)?;
        let outcome = f(self);
        match outcome {
            Ok(value) => {
                if let Err(error) = self.commit() {
                    self.roll_back();
                    return Err(error);
                }
                Ok(value)
            }
            Err(error) => {
                self.roll_back();
                Err(error)
            }
        }
    }
}

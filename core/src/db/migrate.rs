//! Bringing a database up to date, once, however many processes start at the same moment.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::options::{Options, Pooler, StartError, Target};
use super::tx::Tx;
use super::{Db, Purpose, postgres, sqlite};
use crate::Actor;
use crate::error::Result;

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Held on PostgreSQL while migrating; any number, but always the same.
const LOCK: i64 = 0x4c69_656e_646f_616e;

/// A connection under the lock that lets one process at a time change the schema. `diesel_migrations`
/// takes no lock of its own: of four processes starting at once three would fail.
pub struct Migrator {
    db: Db,
    _file: Option<sqlite::ProcessLock>,
}

impl Migrator {
    /// Waits, on PostgreSQL, until no other process migrates.
    pub fn lock(options: &Options) -> Result<Self, StartError> {
        match &options.target {
            Target::Sqlite(path) => {
                let lock = sqlite::ProcessLock::take(path)?;
                let mut db = sqlite::open_writer(path)?;
                if let Db::Sqlite(connection) = &mut db {
                    sqlite::check_version(connection)?;
                }
                Ok(Self {
                    db,
                    _file: Some(lock),
                })
            }
            Target::Postgres(url) => {
                if options.pooler == Pooler::Transaction && options.direct_url.is_none() {
                    return Err(StartError::new(
                        "database.pooler is \"transaction\": set database.direct_url to PostgreSQL itself, for migrations",
                    ));
                }
                let direct = options.direct_url.as_ref().unwrap_or(url);
                postgres::check_processes(direct)?;
                let mut connection = postgres::connect(direct)?;
                connection
                    .batch_execute(&format!(
                        "SET statement_timeout = 0; SET lock_timeout = '60s'; SELECT pg_advisory_lock({LOCK})"
                    ))
                    .map_err(|e| StartError::new(format!("cannot lock for migration: {e}")))?;
                Ok(Self {
                    db: Db::Postgres(connection),
                    _file: None,
                })
            }
        }
    }

    /// Applies what is missing, each step whole; answers the names of the steps it applied.
    pub fn run(&mut self) -> Result<Vec<String>, StartError> {
        match &mut self.db {
            Db::Sqlite(connection) => run(connection, SQLITE),
            Db::Postgres(connection) => run(connection, POSTGRES),
        }
    }

    /// Writes what must be written once in the life of a database.
    pub fn write<T>(
        &mut self,
        options: &Options,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T, StartError> {
        let actor = Actor::program("migrate");
        let written = self.db.transact(Purpose::Write, |db| {
            f(&mut Tx::new(db, &options.clock, &actor))
        });
        written.map_err(|e| StartError::new(format!("cannot prepare the database: {e}")))
    }
}

fn run<C, B>(connection: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, StartError>
where
    B: diesel::backend::Backend,
    C: MigrationHarness<B>,
    EmbeddedMigrations: MigrationSource<B>,
{
    let failed = |why: Box<dyn std::error::Error + Send + Sync>| {
        StartError::new(format!("cannot migrate the database: {why}"))
    };
    let known: BTreeSet<String> = MigrationSource::<B>::migrations(&source)
        .map_err(failed)?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied = connection.applied_migrations().map_err(failed)?;
    if let Some(newer) = applied.iter().find(|v| !known.contains(&v.to_string())) {
        return Err(StartError::new(format!(
            "the database is newer than this program (it has step {newer}); start the newer program"
        )));
    }
    let applied = connection.run_pending_migrations(source).map_err(failed)?;
    Ok(applied.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use diesel::pg::Pg;
    use diesel::sqlite::Sqlite;

    use super::*;

    fn names<B: diesel::backend::Backend>(source: EmbeddedMigrations) -> Vec<String>
    where
        EmbeddedMigrations: MigrationSource<B>,
    {
        let migrations = MigrationSource::<B>::migrations(&source).unwrap();
        migrations.iter().map(|m| m.name().to_string()).collect()
    }

    #[test]
    fn both_engines_have_the_same_steps() {
        assert_eq!(names::<Sqlite>(SQLITE), names::<Pg>(POSTGRES));
    }
}

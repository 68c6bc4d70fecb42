//! A database of our own on either engine, gone when the run ends.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use liendoan_core::Db;
use liendoan_core::db::Engine;
use tempfile::TempDir;
use url::Url;

use crate::Result;

pub struct Database {
    pub engine: Engine,
    pub url: String,
    /// Holds the file, on SQLite, and the service's log.
    pub folder: TempDir,
    server: String,
}

const NAME: &str = "liendoan_bench";

impl Database {
    pub fn create(engine: Engine) -> Result<Self> {
        let folder = TempDir::new()?;
        let (server, url) = match engine {
            Engine::Sqlite => {
                let file = folder.path().join("bench.db");
                (String::new(), format!("sqlite://{}", file.display()))
            }
            Engine::Postgres => {
                let server = std::env::var("TEST_POSTGRES")
                    .map_err(|_| "run it by `make bench`, which starts a PostgreSQL")?;
                let mut url = Url::parse(&server)?;
                url.set_path(NAME);
                (server, url.into())
            }
        };
        let database = Self {
            engine,
            url,
            folder,
            server,
        };
        database.administrate(&format!("CREATE DATABASE {NAME} TEMPLATE template0"))?;
        Ok(database)
    }

    fn administrate(&self, statement: &str) -> Result<()> {
        if self.engine == Engine::Postgres {
            PgConnection::establish(&self.server)?.batch_execute(statement)?;
        }
        Ok(())
    }

    /// A connection beside those of the service, with the same settings as far as they cost time.
    pub fn connect(&self) -> Result<Db> {
        Ok(match self.engine {
            Engine::Postgres => Db::Postgres(PgConnection::establish(&self.url)?),
            Engine::Sqlite => {
                let file = self.url.trim_start_matches("sqlite://");
                let mut connection = SqliteConnection::establish(file)?;
                connection.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = wal; \
                     PRAGMA synchronous = full; PRAGMA foreign_keys = on; \
                     PRAGMA trusted_schema = off; PRAGMA query_only = on",
                )?;
                Db::Sqlite(connection)
            }
        })
    }

    /// What PostgreSQL does by itself after a while.
    pub fn settle(&self) -> Result<()> {
        if let Db::Postgres(mut connection) = self.connect()? {
            connection.batch_execute(
                "VACUUM ANALYZE unit_kinds, events, units, unit_states, unit_links, \
                 reorganisations, reorganisation_reads",
            )?;
        }
        Ok(())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The server is thrown away too.
        let _ = self.administrate(&format!("DROP DATABASE {NAME} WITH (FORCE)"));
    }
}

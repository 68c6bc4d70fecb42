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

    /// A connection that enters much at once. What it loses when the machine does is made again.
    pub fn connect_to_write(&self) -> Result<Db> {
        let mut db = self.connect()?;
        db.batch_execute(match self.engine {
            Engine::Postgres => "SET synchronous_commit = off",
            Engine::Sqlite => {
                "PRAGMA query_only = off; PRAGMA synchronous = off; PRAGMA cache_size = -500000; \
                 PRAGMA temp_store = memory"
            }
        })?;
        Ok(db)
    }

    /// What PostgreSQL does by itself after a while.
    pub fn settle(&self) -> Result<()> {
        if let Db::Postgres(mut connection) = self.connect()? {
            connection.batch_execute("VACUUM ANALYZE")?;
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

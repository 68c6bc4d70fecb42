//! The real application on a database of its own.

use std::future::Future;
use std::net::TcpListener;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use liendoan::config::Config;
use liendoan::server::{Service, migrate};
use liendoan_core::schema::units;
use liendoan_core::{Actor, Clock, Db, Files, Store, Tx};
use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use super::pass::{self, Pass};
use super::{Remote, open};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A running application. Its clock stands still until a test moves it.
pub struct App {
    pub clock: Clock,
    /// For what no request can bring about.
    pub store: Store,
    /// Where its files lie.
    pub files: PathBuf,
    /// Its database, past the application.
    pub url: String,
    /// Signed in as an administrator of the whole federation.
    remote: Remote,
}

/// Somebody with an account, signed in.
pub struct Signed {
    pub remote: Remote,
    pub id: i64,
    pub name: String,
}

impl Deref for Signed {
    type Target = Remote;
    fn deref(&self) -> &Remote {
        &self.remote
    }
}

impl Deref for App {
    type Target = Remote;
    fn deref(&self) -> &Remote {
        &self.remote
    }
}

/// When every test begins, in Vietnam: noon of 15 January 2026.
const START: &str = "2026-01-15T05:00:00Z";

/// Runs a test with an application of its own, and cleans up after it, also when it fails.
pub fn run<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(App) -> F) {
    run_with(engine, &[], test);
}

/// The same with settings of its own, such as `access.second_factor`.
pub fn run_with<F: Future<Output = ()>>(
    engine: Engine,
    settings: &[(&str, &str)],
    test: impl FnOnce(App) -> F,
) {
    let database = Database::create(engine);
    actix_web::rt::System::new().block_on(async {
        let (app, server) = App::start(&database, settings).await;
        tokio::spawn(server);
        test(app).await;
    });
}

impl App {
    async fn start(
        database: &Database,
        settings: &[(&str, &str)],
    ) -> (Self, actix_web::dev::Server) {
        let usual = [
            ("database.url", database.url.clone()),
            ("files.folder", database.files().display().to_string()),
            ("files.max_bytes", "100000".to_owned()),
            ("database.connections", "4".to_owned()),
            ("server.workers", "1".to_owned()),
            ("access.secret", pass::SECRET.to_owned()),
            ("access.second_factor", "optional".to_owned()),
            ("limits.address_per_minute", "10000000".to_owned()),
            ("limits.caller_per_minute", "10000000".to_owned()),
        ];
        let is_usual = |(name, _): &(&str, String)| settings.iter().all(|(own, _)| own != name);
        let own = settings
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        let flags: Vec<_> = usual.into_iter().filter(is_usual).chain(own).collect();
        let config = Config::load(None, &flags).unwrap();
        let mut options = config.store_options().unwrap();
        let start: DateTime<Utc> = START.parse().unwrap();
        options.clock = Clock::held(config.civil.time_zone, start);
        migrate(&options).unwrap();
        let clock = options.clock.clone();
        let files = Files::open(&config.files.folder).unwrap();
        let service = Service::open(config, &options, files).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = service.serve(listener).unwrap();
        let mut db = open(&database.url);
        let administrator = pass::account(&mut db, "tester", "administrator", None, &clock);
        let administrator = Pass::of(&mut db, administrator, &clock);
        let app = Self {
            clock,
            store: service.state().store.clone(),
            files: database.files(),
            url: database.url.clone(),
            remote: Remote::at(&address).with(administrator),
        };
        (app, server)
    }

    /// Writes past the API.
    pub async fn write<T, F>(&self, f: F) -> liendoan_core::Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> liendoan_core::Result<T> + Send + 'static,
    {
        self.store.write(Actor::program("tests"), f).await
    }

    /// An administrator of the whole federation.
    pub fn admin(&self) -> Remote {
        self.remote.clone()
    }

    /// Somebody who holds a role on a unit, named by its code, or on the whole federation.
    pub async fn account(&self, role: &str, unit: Option<&str>) -> Signed {
        let name = format!("{role}.{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut db = open(&self.url);
        let unit = unit.map(|code| unit_id(&mut db, code));
        let id = pass::account(&mut db, &name, role, unit, &self.clock);
        let pass = Pass::of(&mut db, id, &self.clock);
        Signed {
            remote: self.remote.with(pass),
            id,
            name,
        }
    }

    /// The first event of a type: waits until it is there.
    pub async fn event(&self, kind: &str) -> Value {
        let mut after = 0;
        loop {
            let events = self.events(after, 1).await;
            if let Some(event) = events.iter().find(|event| event["type"] == kind) {
                return event.clone();
            }
            after = events.last().unwrap()["position"].as_i64().unwrap();
        }
    }

    /// Events after a position: waits until as many as `count` are there.
    pub async fn events(&self, mut after: i64, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        while events.len() < count {
            let page = self
                .get(&format!("/events?after={after}&limit=200&wait=5"))
                .await;
            let page = page.ok();
            let items = page["items"].as_array().unwrap();
            assert!(!items.is_empty(), "no event came after position {after}");
            events.extend(items.iter().cloned());
            after = page["after"].as_i64().unwrap();
        }
        events
    }

    /// Where the feed of a database ends to which nothing was written yet.
    pub async fn feed_end(&self) -> i64 {
        let seeded = self.seeded().await;
        self.events(0, seeded).await.len() as i64
    }
}

/// A database that goes when the test ends.
pub struct Database {
    pub url: String,
    folder: TempDir,
    name: Option<String>,
}

static NUMBER: AtomicU32 = AtomicU32::new(1);

impl Database {
    pub fn create(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = TempDir::new().unwrap();
                let url = format!("sqlite://{}", folder.path().join("test.db").display());
                Self {
                    url,
                    folder,
                    name: None,
                }
            }
            Engine::Postgres => {
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let name = format!("test_{}_{number}", std::process::id());
                administrate(&format!("CREATE DATABASE {name} TEMPLATE {}", template()));
                let url = postgres_url(&name);
                Self {
                    url,
                    folder: TempDir::new().unwrap(),
                    name: Some(name),
                }
            }
        }
    }

    /// The folder of files that belongs to it.
    pub fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    /// One without tables, on PostgreSQL.
    pub fn create_empty_postgres() -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("empty_{}_{number}", std::process::id());
        administrate(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        Self {
            url: postgres_url(&name),
            folder: TempDir::new().unwrap(),
            name: Some(name),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            administrate(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// A migrated database that others are copied from: made once, faster than migrating each.
fn template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("template_{}", std::process::id());
        administrate(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        let flags = [("database.url", postgres_url(&name))];
        let options = Config::load(None, &flags).unwrap().store_options().unwrap();
        migrate(&options).unwrap();
        name
    })
}

/// The id of the unit with this code.
pub fn unit_id(db: &mut Db, code: &str) -> i64 {
    let query = units::table.filter(units::code.eq(code)).select(units::id);
    query.first(db).unwrap()
}

fn server_url() -> String {
    std::env::var("TEST_POSTGRES").expect(
        "the tests need PostgreSQL: run them by `make test`, or by scripts/with-postgres.sh cargo test",
    )
}

pub fn postgres_url(database: &str) -> String {
    let mut url = Url::parse(&server_url()).unwrap();
    url.set_path(database);
    url.into()
}

fn administrate(statement: &str) {
    let mut connection = PgConnection::establish(&server_url()).unwrap();
    connection.batch_execute(statement).unwrap();
}

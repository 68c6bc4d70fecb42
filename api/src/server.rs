//! Start and stop: from the settings to a service that answers, and back.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::{HttpServer, web};
use diesel::prelude::*;
use liendoan_core::db::{Migrator, Options, StartError};
use liendoan_core::files::loose;
use liendoan_core::paging::CursorKey;
use liendoan_core::schema::secrets;
use liendoan_core::{Db, Files, Store, Tx};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::access::Access;
use crate::access::authenticate::authenticate;
use crate::config::Config;
use crate::http::file::Scanner;
use crate::http::guard::{Methods, guard};
use crate::http::once::{self, InFlight};
use crate::http::{State, Uploads};
use crate::numbers;
use crate::platform::client::{self, Client};
use crate::platform::docs::Document;
use crate::platform::telemetry;
use crate::records::catalogues;
use crate::records::lifecycle::words;
use crate::tree::reorganisations::announce::announce_due;
use crate::tree::search::{self, Search};
use crate::tree::unit_kinds;
use crate::{openapi, routes};

/// How often answers that are no longer given again are forgotten.
const TIDY: Duration = Duration::from_secs(3600);

/// How often it is looked for planned decisions whose day has come.
const ANNOUNCE: Duration = Duration::from_secs(30);

/// How often measurements are summed up.
const SUM_UP: Duration = Duration::from_secs(5);

/// Brings the database up to date, once, however many processes start at this moment; answers the
/// steps that it took.
pub fn migrate(options: &Options) -> Result<Vec<String>, StartError> {
    let mut migrator = Migrator::lock(options)?;
    let steps = migrator.run()?;
    migrator.write(options, |tx| {
        make_secret(tx, CURSOR_KEY)?;
        unit_kinds::load_if_empty(tx)?;
        catalogues::load_if_empty(tx)?;
        words::keep_all_if_none(tx)
    })?;
    Ok(steps)
}

const CURSOR_KEY: &str = "cursor_key";

/// Makes a random key, where there is none yet.
fn make_secret(tx: &mut Tx<'_>, name: &str) -> liendoan_core::Result<()> {
    let exists = secrets::table
        .find(name)
        .select(secrets::name)
        .first::<String>(&mut **tx)
        .optional()?;
    if exists.is_none() {
        let value: [u8; 32] = rand::random();
        diesel::insert_into(secrets::table)
            .values((secrets::name.eq(name), secrets::value.eq(value.to_vec())))
            .execute(&mut **tx)?;
    }
    Ok(())
}

fn secret(db: &mut Db, name: &str) -> liendoan_core::Result<Vec<u8>> {
    Ok(secrets::table.find(name).select(secrets::value).first(db)?)
}

/// A service that has opened its database and is ready to be run.
pub struct Service {
    state: web::Data<State>,
    access: web::Data<Access>,
    /// The browser client, where it has been built.
    client: Option<web::Data<Client>>,
    config: Config,
}

impl Service {
    /// Opens a database that has been migrated, beside the files that belong to it.
    pub async fn open(config: Config, options: &Options, files: Files) -> Result<Self, StartError> {
        let store = Store::open(options, numbers::FOLDS)?;
        let key = store.query(|db| secret(db, CURSOR_KEY)).await;
        let key = key.map_err(|e| StartError::new(format!("cannot read the database: {e}")))?;
        let access = Access::open(&config, store.clone()).await?;
        let client = Client::open(&config.client.folder)?;
        let state = web::Data::new(State {
            store,
            files,
            uploads: Uploads {
                max_bytes: config.files.max_bytes,
                max_bytes_per_day: config.files.max_bytes_per_day,
                scanner: Scanner::at(&config.files.scanner),
            },
            cursor_key: CursorKey::new(&key),
            limits: config.limits.clone(),
            trusted_proxies: config.server.trusted_proxies.clone(),
            in_flight: InFlight::default(),
            placed_on: AtomicI32::new(0),
            metrics: telemetry::metrics(),
            is_stopping: AtomicBool::new(false),
        });
        Ok(Self {
            state,
            access: web::Data::new(access),
            client: client.map(web::Data::new),
            config,
        })
    }

    /// Answers on `listener` until stopped.
    pub fn serve(&self, listener: TcpListener) -> std::io::Result<Server> {
        let pages = ("/docs/{page:.*}".to_owned(), vec!["GET"]);
        let methods = Methods::new(openapi::routes().into_iter().chain([pages]));
        let methods = web::Data::new(methods);
        let document = web::Data::new(Document::new(openapi::printed()));
        let state = self.state.clone();
        let access = self.access.clone();
        let client = self.client.clone();
        let origins = self.config.access.allowed_origins.clone();
        let search = web::Data::new(Search::default());
        tokio::spawn(search::feed::warm_up(search.clone(), state.store.clone()));
        tokio::spawn(Access::follow(access.clone().into_inner()));
        tokio::spawn(tidy(state.clone(), access.clone()));
        tokio::spawn(announce(state.store.clone()));
        tokio::spawn(sum_up(state.metrics.clone()));
        let server = HttpServer::new(move || {
            let app = routes::all().into_app();
            let app = match &client {
                Some(client) => app.app_data(client.clone()),
                None => app,
            };
            app.service(web::redirect("/docs", "/docs/"))
                .service(
                    SwaggerUi::new("/docs/{_:.*}").config(SwaggerConfig::from("/openapi.json")),
                )
                .default_service(web::to(client::serve))
                .app_data(state.clone())
                .app_data(access.clone())
                .app_data(search.clone())
                .app_data(document.clone())
                .app_data(methods.clone())
                .wrap(from_fn(authenticate))
                .wrap(Condition::new(!origins.is_empty(), cors(&origins)))
                .wrap(Compress::default())
                .wrap(from_fn(guard))
        });
        let workers = match self.config.server.workers {
            0 => std::thread::available_parallelism().map_or(2, usize::from),
            n => n,
        };
        Ok(server
            .workers(workers)
            .shutdown_timeout(self.config.server.stop_seconds)
            .disable_signals()
            .listen(listener)?
            .run())
    }

    pub fn state(&self) -> &web::Data<State> {
        &self.state
    }

    /// Whether there is a browser client to serve.
    pub fn has_client(&self) -> bool {
        self.client.is_some()
    }

    pub fn access(&self) -> &web::Data<Access> {
        &self.access
    }
}

/// Lets pages of these addresses, and no others, call the API from a browser. They send access tokens of
/// their own; the cookie of a session is never theirs to use.
fn cors(origins: &[String]) -> Cors {
    let allowed = |cors: Cors, origin: &String| cors.allowed_origin(origin);
    origins
        .iter()
        .fold(Cors::default(), allowed)
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "accept-language",
            "authorization",
            "content-type",
            "idempotency-key",
            "if-match",
            "if-none-match",
        ])
        .expose_headers([
            "etag",
            "idempotency-replayed",
            "link",
            "location",
            "retry-after",
            "tree-revision",
            "x-request-id",
        ])
        .block_on_origin_mismatch(false)
        .max_age(600)
}

/// Forgets what is kept for a time only, for as long as the process lives.
async fn tidy(state: web::Data<State>, access: web::Data<Access>) {
    let mut hourly = tokio::time::interval(TIDY);
    loop {
        hourly.tick().await;
        if let Err(error) = once::forget_old_answers(&state.store).await {
            tracing::warn!(%error, "could not forget old answers; will try again");
        }
        if let Err(error) = access.tidy().await {
            tracing::warn!(%error, "could not forget old sessions; will try again");
        }
        match loose::sweep(&state.store, &state.files).await {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "files that nothing named were removed"),
            Err(error) => {
                tracing::warn!(%error, "could not remove files that nothing names; will try again");
            }
        }
    }
}

/// Tells of planned decisions on their day, for as long as the process lives.
async fn announce(store: Store) {
    let mut often = tokio::time::interval(ANNOUNCE);
    loop {
        often.tick().await;
        if let Err(error) = announce_due(&store).await {
            tracing::warn!(%error, "could not tell of decisions that took effect; will try again");
        }
    }
}

/// Folds what was measured into its histograms: where nobody asks for metrics it would pile up.
async fn sum_up(metrics: PrometheusHandle) {
    let mut often = tokio::time::interval(SUM_UP);
    loop {
        often.tick().await;
        metrics.run_upkeep();
    }
}

/// Waits for the wish to stop, lets balancers notice, and stops when what is under way is done.
pub async fn stop_on_signal(
    state: web::Data<State>,
    handle: ServerHandle,
    drain: Duration,
    mut wish: WishToStop,
) {
    wish.come().await;
    tracing::info!("stopping");
    state.is_stopping.store(true, Ordering::Relaxed);
    tokio::select! {
        () = tokio::time::sleep(drain) => {}
        // Asked twice: at once.
        () = wish.come() => {}
    }
    handle.stop(true).await;
}

/// SIGTERM, or Ctrl-C. Heard of from the moment at which it is made: before the service says that it answers.
pub struct WishToStop {
    terminate: Signal,
    interrupt: Signal,
}

impl WishToStop {
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

//! The command line of Liendoan.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use liendoan::config::Config;
use liendoan::server::{Service, migrate, stop_on_signal};
use liendoan::tree::{check, demo};
use liendoan::{openapi, platform::telemetry};
use liendoan_core::db::{Options, StartError};
use liendoan_core::{Files, Scope, Store};

/// The record system of a trade-union federation.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Settings in TOML; `liendoan config` prints all there are.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database up to date and answer requests.
    Serve {
        /// Address and port to listen on.
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
    },
    /// Bring the database up to date, and no more.
    Migrate,
    /// Enter what was published about the unions of Hanoi, where nothing is recorded yet.
    Demo,
    /// Hold the whole database against what must always be so.
    Check,
    /// Print the settings that hold, with passwords hidden.
    Config,
    /// Print the OpenAPI document.
    Openapi,
    /// Print every address with its methods.
    Routes,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "liendoan: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), StartError> {
    let settings = || {
        let mut flags = Vec::new();
        if let Some(url) = &cli.database_url {
            flags.push(("database.url", url.clone()));
        }
        if let Command::Serve {
            listen: Some(listen),
        } = &cli.command
        {
            flags.push(("server.listen", listen.to_string()));
        }
        Config::load(cli.config.as_deref(), &flags)
    };
    match cli.command {
        Command::Serve { .. } => serve(settings()?),
        Command::Migrate => {
            let config = settings()?;
            let _log = telemetry::start_log(&config.log)?;
            let steps = migrate(&config.store_options()?)?;
            print(&format!(
                "{} steps applied; the database is up to date\n",
                steps.len()
            ))
        }
        Command::Demo => demo(&settings()?),
        Command::Check => check(&settings()?),
        Command::Config => print(&settings()?.shown()?),
        Command::Openapi => print(&openapi::printed()),
        Command::Routes => {
            let line = |(path, methods): (String, Vec<&str>)| {
                format!("{:<18} {path}\n", methods.join(" "))
            };
            print(&openapi::routes().into_iter().map(line).collect::<String>())
        }
    }
}

fn print(text: &str) -> Result<(), StartError> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|e| StartError::new(format!("cannot print: {e}")))
}

/// Runs one piece of work on a database.
fn with_store<T>(
    config: &Config,
    options: &Options,
    work: impl AsyncFnOnce(Store) -> liendoan_core::Result<T>,
) -> Result<T, StartError> {
    let _log = telemetry::start_log(&config.log)?;
    // Tasks, such as the sealer, end with the system; then the threads they used.
    let (store, outcome) = actix_web::rt::System::new().block_on(async {
        let store = Store::open(options)?;
        let outcome = work(store.clone()).await;
        Ok::<_, StartError>((store, outcome))
    })?;
    store.close();
    outcome.map_err(|error| StartError::new(error.to_string()))
}

fn demo(config: &Config) -> Result<(), StartError> {
    let options = config.store_options()?;
    migrate(&options)?;
    let units = with_store(config, &options, async |store: Store| {
        let today = store.clock().today();
        store.write(move |tx| demo::load_if_empty(tx, today)).await
    })?;
    print(&match units {
        0 => "The database has decisions already; nothing was entered.\n".to_owned(),
        n => format!("{n} units of the federation of Hanoi were entered, with their decisions.\n"),
    })
}

fn check(config: &Config) -> Result<(), StartError> {
    // As it is: who judges a copy must not change it.
    let options = config.store_options()?;
    let report = with_store(config, &options, async |store: Store| {
        let today = store.clock().today();
        store
            .read(move |db| check::check(db, &Scope::All, today))
            .await
    })?;
    let mut lines = format!(
        "{} units, {} decisions, {} events\n",
        report.units, report.decisions, report.events
    );
    if !report.against_todays_rules.is_empty() {
        lines += &format!(
            "{} units stand where today's rules would not let them begin: {}\n",
            report.against_todays_rules.len(),
            report.against_todays_rules.join(", ")
        );
    }
    for violation in &report.violations {
        lines += &format!("{}: {}\n", violation.invariant, violation.what);
    }
    print(&lines)?;
    match report.violations.len() {
        0 => print("all is as it must be\n"),
        n => Err(StartError::new(format!("violations: {n}"))),
    }
}

fn serve(config: Config) -> Result<(), StartError> {
    let listen = config.server.listen;
    if !listen.ip().is_loopback() {
        return Err(StartError::new(format!(
            "server.listen: {listen} is not a loopback address; until accounts exist the service listens on 127.0.0.1 or [::1] alone"
        )));
    }
    let _log = telemetry::start_log(&config.log)?;
    let options = config.store_options()?;
    // First of all: who can't listen or keep files must not change a database.
    let listener = TcpListener::bind(listen)
        .map_err(|e| StartError::new(format!("cannot listen on {listen}: {e}")))?;
    let files = Files::open(&config.files.folder)?;
    let steps = migrate(&options)?;
    if !steps.is_empty() {
        tracing::info!(steps = steps.len(), "the database was brought up to date");
    }
    let drain = Duration::from_secs(config.server.drain_seconds);
    let outcome = actix_web::rt::System::new().block_on(async move {
        let service = Service::open(config, &options, files).await?;
        let address = listener.local_addr().unwrap_or(listen);
        let store = service.state().store.clone();
        let server = service.serve(listener).map_err(|e| StartError::new(e.to_string()))?;
        tokio::spawn(stop_on_signal(service.state().clone(), server.handle(), drain));
        print(&format!(
            "Liendoan answers at http://{address}\n  documentation  http://{address}/docs/\n  error codes    http://{address}/docs/errors\n  try first      curl 'http://{address}/api/v1/units:search?q=bac+tu+liem'\n"
        ))?;
        Ok::<_, StartError>((store, server.await))
    });
    let (store, outcome) = outcome?;
    store.close();
    tracing::info!("stopped");
    outcome.map_err(|e| StartError::new(e.to_string()))
}

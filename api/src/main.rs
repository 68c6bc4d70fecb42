//! The command line of Liendoan.

mod commands;

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use commands::print;
use liendoan::config::Config;
use liendoan::server::{Service, WishToStop, migrate, stop_on_signal};
use liendoan::{openapi, platform::telemetry};
use liendoan_core::db::StartError;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Make the secret of this installation, where there is none yet.
    Secret,
    /// Enter what was published about the unions of Hanoi, where nothing is recorded yet, and an account for
    /// each role.
    Demo {
        /// Where the passwords of the accounts are written.
        #[arg(long, value_name = "FILE", default_value = "data/demo-accounts.txt")]
        accounts_file: PathBuf,
    },
    /// Accounts of people.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Keys that sign access tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Totals that are kept.
    #[command(subcommand)]
    Totals(TotalsCommand),
    /// Hold the whole database against what must always be so.
    Check,
    /// Print the settings that hold, with passwords hidden.
    Config,
    /// Print the OpenAPI document.
    Openapi,
    /// Print every address with its methods.
    Routes,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Make an account that may do everything, and print what opens it.
    CreateAdmin {
        /// What it signs in with.
        #[arg(default_value = "admin")]
        name: String,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Let a new key take over, with overlap.
    Rotate {
        /// At once: older keys, and the tokens that they signed, are refused from now on.
        #[arg(long)]
        now: bool,
    },
}

#[derive(Subcommand)]
enum TotalsCommand {
    /// Work them out anew from the figures that count.
    Rebuild,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Hold the audit log and the change feed against their chains; name the first entry that does not fit.
    Verify,
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
    match &cli.command {
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
        Command::Secret => commands::make_secret(&settings()?),
        Command::Demo { accounts_file } => commands::demo(&settings()?, accounts_file),
        Command::Account(AccountCommand::CreateAdmin { name }) => {
            commands::create_admin(&settings()?, name)
        }
        Command::Keys(KeysCommand::Rotate { now }) => commands::rotate_keys(&settings()?, *now),
        Command::Audit(AuditCommand::Verify) => commands::verify_logs(&settings()?),
        Command::Totals(TotalsCommand::Rebuild) => commands::rebuild_totals(&settings()?),
        Command::Check => commands::check(&settings()?),
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

fn serve(config: Config) -> Result<(), StartError> {
    let listen = config.server.listen;
    if !listen.ip().is_loopback() && !config.access.issuer.starts_with("https://") {
        return Err(StartError::new(format!(
            "server.listen: {listen} can be reached from elsewhere; set access.issuer to the https:// address under which a proxy publishes it, so that passwords and cookies travel encrypted"
        )));
    }
    let _log = telemetry::start_log(&config.log)?;
    let options = config.store_options()?;
    // First of all: who can't listen or keep files must not change a database.
    let listener = TcpListener::bind(listen)
        .map_err(|e| StartError::new(format!("cannot listen on {listen}: {e}")))?;
    let system = actix_web::rt::System::new();
    let files = system.block_on(config.files.open())?;
    let steps = migrate(&options)?;
    if !steps.is_empty() {
        tracing::info!(steps = steps.len(), "the database was brought up to date");
    }
    let drain = Duration::from_secs(config.server.drain_seconds);
    let outcome = system.block_on(async move {
        let service = Service::open(config, &options, files).await?;
        let address = listener.local_addr().unwrap_or(listen);
        let store = service.state().store.clone();
        let server = service.serve(listener).map_err(|e| StartError::new(e.to_string()))?;
        let wish = WishToStop::listen().map_err(|e| StartError::new(e.to_string()))?;
        tokio::spawn(stop_on_signal(service.state().clone(), server.handle(), drain, wish));
        let client = match service.has_client() {
            true => format!("  in a browser   http://{address}/\n"),
            false => String::new(),
        };
        print(&format!(
            "Liendoan answers at http://{address}\n{client}  documentation  http://{address}/docs/\n  error codes    http://{address}/docs/errors\n  sign in        curl http://{address}/api/v1/sessions -H 'Content-Type: application/json' -d '{{\"name\": \"…\", \"password\": \"…\"}}'\n"
        ))?;
        Ok::<_, StartError>((store, server.await))
    });
    let (store, outcome) = outcome?;
    store.close();
    tracing::info!("stopped");
    outcome.map_err(|e| StartError::new(e.to_string()))
}

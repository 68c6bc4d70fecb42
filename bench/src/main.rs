//! Measures the service beside its bare parts. `README.md` says what and how to read it.

mod bare;
mod binds;
mod database;
mod loads;
mod plans;
mod rows;
mod service;
mod side_by_side;
mod wrk;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use liendoan_core::db::Engine;

use crate::database::Database;
use crate::service::Service;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measures the service beside its bare parts, on both engines.
#[derive(Parser)]
struct Cli {
    /// One minute in place of five: fewer and shorter rounds, fewer rows.
    #[arg(long)]
    quick: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match actix_web::rt::System::new().block_on(run(&cli)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether everything that has a bound kept it.
async fn run(cli: &Cli) -> Result<bool> {
    let program = service::build()?;
    let (rounds, seconds) = if cli.quick { (3, 1) } else { (5, 2) };
    let sizes: &[usize] = if cli.quick {
        &[1_000, 10_000]
    } else {
        &[1_000, 10_000, 100_000]
    };
    let last_id = sizes.iter().copied().max().unwrap_or_default() as i64;
    let mut all_pass = true;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = Database::create(engine)?;
        let service = Service::start(&program, &database, None)?;
        loads::growth(&database, &service, sizes, seconds.min(1)).await?;
        drop(service);
        all_pass &= side_by_side::run(&program, &database, last_id, rounds, seconds).await?;
        let service = Service::start(&program, &database, None)?;
        loads::others(&database, &service, seconds)?;
        drop(service);
        all_pass &= plans::check(&database).await?;
    }
    Ok(all_pass)
}

fn print(text: &str) -> Result<()> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

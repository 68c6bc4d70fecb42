//! Measures the service beside its bare parts. `README.md` says what and how to read it.

mod access;
mod bare;
mod caller;
mod clerk;
mod database;
mod loads;
mod nation;
mod plans;
mod records;
mod rows;
mod service;
mod side_by_side;
mod table;
mod tree;
mod tree_requests;
mod wrk;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use liendoan_core::db::Engine;

use crate::database::Database;
use crate::records::Sizes;
use crate::service::Service;
use crate::side_by_side::Subject;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measures the service beside its bare parts, on both engines.
#[derive(Parser)]
struct Cli {
    /// One minute in place of five: fewer and shorter rounds, fewer rows.
    #[arg(long)]
    quick: bool,
    /// The tree on an invented nation, in place of single entries; with --quick a smaller one.
    #[arg(long)]
    nation: bool,
    /// Signing in, in place of single entries.
    #[arg(long)]
    access: bool,
    /// A million records of that nation, in place of single entries; with --quick fewer of a smaller one.
    #[arg(long)]
    records: bool,
    /// Only one engine: sqlite or postgres.
    #[arg(long, value_parser = engine_named)]
    engine: Option<Engine>,
}

fn engine_named(name: &str) -> std::result::Result<Engine, String> {
    match name {
        "sqlite" => Ok(Engine::Sqlite),
        "postgres" => Ok(Engine::Postgres),
        _ => Err("sqlite or postgres".to_owned()),
    }
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
    let sizes: &[usize] = match (cli.nation, cli.quick) {
        (_, true) => &[1_000, 10_000],
        (false, false) => &[1_000, 10_000, 100_000],
        (true, false) => &[1_000, 10_000, 126_000],
    };
    let engines = [Engine::Sqlite, Engine::Postgres].into_iter();
    let mut all_pass = true;
    for engine in engines.filter(|engine| cli.engine.is_none_or(|only| only == *engine)) {
        all_pass &= if cli.access {
            let database = Database::create(engine)?;
            let sign_ins = access::run(&program, &database, 5 * seconds);
            tokio::task::LocalSet::new().run_until(sign_ins).await?
        } else if cli.records {
            let sizes = if cli.quick { Sizes::QUICK } else { Sizes::FULL };
            records::run(&program, engine, &sizes, rounds, seconds).await?
        } else if cli.nation {
            tree::run(&program, engine, sizes, rounds, seconds).await?
        } else {
            entries(&program, engine, sizes, rounds, seconds).await?
        };
    }
    Ok(all_pass)
}

/// Single entries: kinds of unit.
async fn entries(
    program: &Path,
    engine: Engine,
    sizes: &[usize],
    rounds: usize,
    seconds: u32,
) -> Result<bool> {
    let database = Database::create(engine)?;
    let service = Service::start(program, &database, &[])?;
    loads::growth(&database, &service, sizes, seconds.min(1)).await?;
    drop(service);
    let subject = Subject {
        what: "one item by id".to_owned(),
        path: "/api/v1/unit_kinds/{id}".to_owned(),
        last_id: sizes.iter().copied().max().unwrap_or_default() as i64,
        statements: Box::new(rows::find),
        least: None,
    };
    let mut all_pass = side_by_side::run(program, &database, &subject, rounds, seconds).await?;
    let service = Service::start(program, &database, &[])?;
    loads::others(&database, &service, seconds)?;
    drop(service);
    let tables = ["unit_kinds", "events"];
    all_pass &= plans::check(
        &database,
        &tables,
        plans::SCANS_OF_KINDS,
        plans::ask_about_kinds,
    )
    .await?;
    Ok(all_pass)
}

fn print(text: &str) -> Result<()> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

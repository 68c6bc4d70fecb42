//! The tree on a nation: what it costs to read, to change, to keep in memory and to start.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use liendoan_core::db::Engine;
use serde_json::json;

use crate::clerk::{Clerk, SETTINGS};
use crate::database::Database;
use crate::nation::{DAY, Nation};
use crate::rows::{engine_name, read};
use crate::service::Service;
use crate::side_by_side;
use crate::table::{Bound, Table};
use crate::wrk::Load;
use crate::{Result, caller, plans, print, tree_requests};

/// Measures nations of `sizes` on one engine; answers whether every bound was kept.
pub async fn run(
    program: &Path,
    engine: Engine,
    sizes: &[usize],
    rounds: usize,
    seconds: u32,
) -> Result<bool> {
    let mut table = Table::default();
    let mut all_kept = true;
    for &size in sizes {
        print(&format!("\n{}: {size} units\n", engine_name(engine)))?;
        table.column(size);
        let database = Database::create(engine)?;
        let nation = Nation::of(size);
        let service = Service::start(program, &database, SETTINGS)?;
        write(&database, &service, &nation, &mut table).await?;
        drop(service);
        start(program, &database, &mut table).await?;
        let service = Service::start(program, &database, &[])?;
        reads(&service, size as i64, seconds, &mut table).await?;
        drop(service);
        if sizes.last() == Some(&size) {
            for subject in tree_requests::subjects(size as i64) {
                all_kept &=
                    side_by_side::run(program, &database, &subject, rounds, seconds).await?;
            }
            let tables = ["units", "unit_states"];
            let ask = |base| tree_requests::ask(base, &nation);
            all_kept &= plans::check(&database, &tables, &[], ask).await?;
        }
    }
    all_kept &= table.finish(engine_name(engine))?;
    Ok(all_kept)
}

/// Makes the nation and changes it, as a client would.
async fn write(
    database: &Database,
    service: &Service,
    nation: &Nation,
    table: &mut Table,
) -> Result<()> {
    let mut clerk = Clerk::new(&service.address).await?;
    let begun = Instant::now();
    clerk.found(nation).await?;
    table.enter("founding, s", begun.elapsed().as_secs_f64(), None)?;
    memory(service, table, "memory after founding, MB", "its peak, MB")?;
    database.settle()?;

    let reader = Reader::start(&service.address, nation.founding.len() as i64);
    let (dry, commit) = clerk.record(Some(DAY), &nation.end_of_districts).await?;
    let slowest = reader.stop()?;
    table.enter(
        "end of districts, dry run, s",
        dry,
        Some(Bound::AtMost(10.0)),
    )?;
    table.enter(
        "end of districts, commit, s",
        commit,
        Some(Bound::AtMost(30.0)),
    )?;
    table.enter(
        "slowest read meanwhile, ms",
        slowest.as_secs_f64() * 1e3,
        None,
    )?;
    memory(service, table, "memory after it, MB", "peak during it, MB")?;

    let (dry, commit) = clerk.record(Some(DAY), &nation.merges).await?;
    table.enter("merges of provinces, dry run, s", dry, None)?;
    table.enter("merges of provinces, commit, s", commit, None)?;
    let (dry, commit) = clerk.record(Some(DAY), &nation.communes).await?;
    table.enter("commune unions, dry run, s", dry, None)?;
    table.enter("commune unions, commit, s", commit, None)?;
    memory(
        service,
        table,
        "memory after all, MB",
        "peak during these, MB",
    )?;
    database.settle()?;

    let rename = |name| [json!({"op": "rename", "unit": nation.union, "name": name})];
    let (dry, commit) = clerk
        .record(Some("2026-01-01"), &rename("Công đoàn mới"))
        .await?;
    table.enter("a new name, dry run, ms", dry * 1e3, None)?;
    table.enter("a new name, commit, ms", commit * 1e3, None)?;
    let late = [
        json!({"op": "establish", "code": "late", "name": "Công đoàn vào sổ muộn",
        "kind": "grassroots_union", "parent": nation.district}),
    ];
    let (dry, commit) = clerk.record(Some("2021-03-01"), &late).await?;
    table.enter("a founding of 2021, dry run, ms", dry * 1e3, None)?;
    table.enter("a founding of 2021, commit, ms", commit * 1e3, None)?;
    let (dry, commit) = clerk
        .record(Some("2022-03-01"), &rename("Công đoàn cũ"))
        .await?;
    table.enter("a name of 2022, dry run, ms", dry * 1e3, None)?;
    table.enter("a name of 2022, commit, ms", commit * 1e3, None)?;
    memory(
        service,
        table,
        "memory after late ones, MB",
        "peak during late ones, MB",
    )
}

fn memory(
    service: &Service,
    table: &mut Table,
    now: &'static str,
    peak: &'static str,
) -> Result<()> {
    table.enter(now, service.resident_mb()?, Some(Bound::AtMost(150.0)))?;
    table.enter(peak, service.peak_mb()?, Some(Bound::AtMost(150.0)))
}

/// From nothing to the first answer.
async fn start(program: &Path, database: &Database, table: &mut Table) -> Result<()> {
    let begun = Instant::now();
    let service = Service::start(program, database, &[])?;
    let ready = format!("http://{}/health/ready", service.address);
    while !reqwest::get(&ready)
        .await
        .is_ok_and(|answer| answer.status().is_success())
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    table.enter(
        "start to ready, s",
        begun.elapsed().as_secs_f64(),
        Some(Bound::AtMost(2.0)),
    )
}

/// Single requests by one connection.
async fn reads(service: &Service, last_id: i64, seconds: u32, table: &mut Table) -> Result<()> {
    let mut by_path = Vec::new();
    for (what, path) in tree_requests::READS {
        let outcome = Load::get(path, last_id, 1, seconds).run(&service.address)?;
        table.enter(what, outcome.p50_us, None)?;
        by_path.push(outcome.p50_us);
    }
    for (what, (now, then)) in [
        ("a unit: as_of to today", (0, 1)),
        ("children: as_of to today", (4, 5)),
    ] {
        table.enter(what, by_path[then] / by_path[now], Some(Bound::AtMost(2.0)))?;
    }
    let search = Load::get(tree_requests::SEARCH, last_id, 1, seconds).run(&service.address);
    if let Ok(outcome) = search {
        table.enter(
            "search, 99th percentile, ms",
            outcome.p99_us / 1e3,
            Some(Bound::AtMost(20.0)),
        )?;
    }
    memory(
        service,
        table,
        "memory after reads, MB",
        "peak during reads, MB",
    )
}

/// Reads one unit after another, by a thread of its own.
struct Reader {
    ends: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<Result<Duration>>,
}

impl Reader {
    fn start(address: &str, last_id: i64) -> Self {
        let ends = Arc::new(AtomicBool::new(false));
        let (address, has_ended) = (address.to_owned(), ends.clone());
        let read_on = async move {
            let (client, mut slowest) = (caller::client()?, Duration::ZERO);
            while !has_ended.load(Ordering::Relaxed) {
                let id = rand::random_range(1..=last_id);
                let begun = Instant::now();
                read(
                    client
                        .get(format!("http://{address}/api/v1/units/{id}"))
                        .send()
                        .await?,
                )
                .await?;
                slowest = slowest.max(begun.elapsed());
            }
            Ok(slowest)
        };
        let thread = std::thread::spawn(|| actix_web::rt::System::new().block_on(read_on));
        Self { ends, thread }
    }

    /// The slowest of its reads.
    fn stop(self) -> Result<Duration> {
        self.ends.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| "the reader panicked")?
    }
}

//! What other requests cost, and what reading costs as the table grows.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::Result;
use crate::database::Database;
use crate::rows::{self, content, engine_name};
use crate::service::Service;
use crate::wrk::{Load, Outcome};
use crate::{caller, print};

const CONNECTIONS: u32 = 16;

/// Fills the table to each of `sizes` and reads from it by one connection.
pub async fn growth(
    database: &Database,
    service: &Service,
    sizes: &[usize],
    seconds: u32,
) -> Result<()> {
    let name = engine_name(database.engine);
    print(&format!(
        "\n{name}: µs for one request by one connection (p50, p99), as the table grows\n\
         {:>8}  {:>14}  {:>14}  {:>14}  made in\n",
        "rows", "by id", "page 1 of 50", "deep page"
    ))?;
    for &size in sizes {
        let start = Instant::now();
        rows::fill(&service.address, size).await?;
        let made_in = start.elapsed().as_secs_f64();
        database.settle()?;
        let client = caller::client()?;
        let list = "/api/v1/unit_kinds?";
        let deep_page = rows::deep_page(&client, &service.address, list, size / 2).await?;
        let last_id = size as i64;
        let mut line = format!("{size:>8}");
        for path in [
            "/api/v1/unit_kinds/{id}",
            "/api/v1/unit_kinds?limit=50",
            &deep_page,
        ] {
            let Outcome { p50_us, p99_us, .. } =
                Load::get(path, last_id, 1, seconds).run(&service.address)?;
            line += &format!("  {:>14}", format!("{p50_us:.0}, {p99_us:.0}"));
        }
        print(&format!("{line}  {made_in:.1} s\n"))?;
    }
    Ok(())
}

/// Pages, and writes with and without others to share an fsync with.
pub fn others(database: &Database, service: &Service, seconds: u32) -> Result<()> {
    let mut content = content("{code}", 999_999);
    // Writes that name the same kind wait for each other, and with it for the fsync.
    let waiting = content.to_string();
    content["child_kinds"] = json!([]);
    let free = content.to_string();
    let create = |connections, body| Load::post("/api/v1/unit_kinds", body, connections, seconds);
    let page = Load::get("/api/v1/unit_kinds?limit=50", 1, CONNECTIONS, seconds);
    let events = Load::get("/api/v1/events?after=500&limit=50", 1, CONNECTIONS, seconds);
    print(&format!(
        "\n{}: other requests, per second\n",
        engine_name(database.engine)
    ))?;
    for (what, load) in [
        ("page of 50, 16 connections", page),
        ("page of 50 events, 16 connections", events),
        ("writes, 1 connection", create(1, &free)),
        ("writes, 16 connections", create(CONNECTIONS, &free)),
        (
            "writes, 16, all naming one kind",
            create(CONNECTIONS, &waiting),
        ),
    ] {
        let outcome = load.run(&service.address)?;
        print(&format!(
            "{what:<36} {:>8.0}   p50 {:.2} ms, p99 {:.2} ms\n",
            outcome.per_second,
            outcome.p50_us / 1e3,
            outcome.p99_us / 1e3
        ))?;
    }
    print(&format!(
        "{:<36} {:>8.0}\n",
        "fsyncs alone, one after another",
        fsyncs(database)?
    ))
}

/// Fsyncs per second of a file that grows, where the database is.
fn fsyncs(database: &Database) -> Result<f64> {
    let mut file = File::create(database.folder.path().join("fsync"))?;
    let (start, mut done) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_secs(1) {
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        done += 1;
    }
    Ok(f64::from(done) / start.elapsed().as_secs_f64())
}

//! What it costs to record, send up and approve, and to send a file.

use std::time::Duration;

use liendoan_core::db::Engine;
use serde_json::json;

use super::contents::WARD;
use super::recorder::{APPROVER, Recorder};
use crate::rows::read;
use crate::service::Service;
use crate::side_by_side::median;
use crate::table::{Bound, Table};
use crate::wrk::Load;
use crate::{Result, caller};

const WRITERS: u32 = 16;

/// Server time of one write, at most, in milliseconds.
const SERVER_MS: f64 = 5.0;
/// Creates a second, at least.
const CREATES_SQLITE: f64 = 3_000.0;
const CREATES_POSTGRES: f64 = 5_000.0;

/// Bytes of the file, and what the process may grow by, in MB.
const FILE: usize = 25 << 20;
const GROWS_MB: f64 = 8.0;

/// Records, sends up and approves by sixteen writers at once, each step for as long.
pub async fn measure(
    service: &Service,
    engine: Engine,
    rounds: usize,
    seconds: u32,
    table: &mut Table,
) -> Result<()> {
    let content = json!({
        "unit": WARD, "kind": "visit", "status": "held", "title": "Thăm hỏi đoàn viên {code}", "period": "2026-03-05",
    });
    let content = content.to_string();
    let create = Load::post("/api/v1/activities", &content, WRITERS, seconds);
    let recorder = Recorder::at(&service.address)?;
    let of_one = content.replace("{code}", "");
    let first_id = 1 + recorder
        .create("/activities", &serde_json::from_str(&of_one)?)
        .await?;
    let (before, mut rates) = (
        server_time(service, "/api/v1/activities").await?,
        Vec::new(),
    );
    for _ in 0..rounds {
        rates.push(create.run(&service.address)?.per_second);
    }
    let least = match engine {
        Engine::Sqlite => CREATES_SQLITE,
        Engine::Postgres => CREATES_POSTGRES,
    };
    let rate = median(rates.into_iter());
    table.enter(
        "creates, 16 writers, a second",
        rate,
        Some(Bound::AtLeast(least)),
    )?;
    let after = server_time(service, "/api/v1/activities").await?;
    let bound = Some(Bound::AtMost(SERVER_MS));
    table.enter(
        "a create, 16 writers, server time, ms",
        mean_ms(before, after),
        bound,
    )?;

    let approver = caller::token_of(&service.address, APPROVER)?;
    // Each for less time than what it is about was made in: none runs out of it.
    for (step, token, seconds) in [
        ("submit", caller::token(), 2 * seconds),
        ("approve", approver, seconds),
    ] {
        let address = format!("/api/v1/records/{{id}}:{step}");
        let before = server_time(service, &address).await?;
        let path = address.replace("{id}", "{next}");
        let load = Load {
            first_id,
            token,
            ..Load::post(&path, "{}", WRITERS, seconds)
        };
        let outcome = load.run(&service.address)?;
        table.enter(
            &format!("{step}, 16 writers, a second"),
            outcome.per_second,
            None,
        )?;
        let after = server_time(service, &address).await?;
        let what = format!("{step}, 16 writers, server time, ms");
        table.enter(&what, mean_ms(before, after), bound)?;
    }
    upload(service, &recorder, &of_one, table).await
}

/// What the process grows by while a file comes, once it has taken a small one.
async fn upload(
    service: &Service,
    recorder: &Recorder,
    content: &str,
    table: &mut Table,
) -> Result<()> {
    let id = recorder
        .create("/activities", &serde_json::from_str(content)?)
        .await?;
    let address = format!("http://{}/api/v1/records/{id}/attachments", service.address);
    let send = async |bytes: usize| -> Result<()> {
        let mut file = vec![b'x'; bytes];
        file[..9].copy_from_slice(b"%PDF-1.7\n");
        let request = caller::client()?
            .post(format!("{address}?name=danh+s%C3%A1ch.pdf"))
            .header("content-type", "application/pdf")
            .header("if-match", "*");
        read(request.body(file).send().await?).await.map(drop)
    };
    send(1_000).await?;
    let before = service.resident_mb()?;
    service.peak_mb()?;
    send(FILE).await?;
    let grown = service.peak_mb()? - before;
    table.enter(
        "an upload of 25 MB adds, MB",
        grown,
        Some(Bound::AtMost(GROWS_MB)),
    )
}

/// Seconds that all answers of an operation took the service so far, and how many succeeded.
async fn server_time(service: &Service, operation: &str) -> Result<(Duration, f64)> {
    let url = format!("http://{}/metrics", service.address);
    let text = caller::client()?.get(url).send().await?;
    let text = text.error_for_status()?.text().await?;
    let sum_of = |what: &str| -> f64 {
        let name = format!("liendoan_request_seconds_{what}{{");
        let lines = text.lines().filter(|line| {
            line.starts_with(&name)
                && line.contains("method=\"POST\"")
                && line.contains(&format!("operation=\"{operation}\""))
                && line.contains("status=\"20")
        });
        lines
            .flat_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            .sum()
    };
    Ok((Duration::from_secs_f64(sum_of("sum")), sum_of("count")))
}

fn mean_ms(before: (Duration, f64), after: (Duration, f64)) -> f64 {
    (after.0 - before.0).as_secs_f64() * 1e3 / (after.1 - before.1)
}

//! The two parts that no service can do without: an HTTP answer of the same bytes, and the statement.

use std::io::Write;
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, HttpServer, web};
use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use liendoan_core::schema::unit_kinds;
use liendoan_core::{Db, Timestamp};
use tempfile::NamedTempFile;

use crate::Result;
use crate::database::Database;

/// Serves, for as long as this process lives, what the service answers at `url`; answers where.
pub async fn serve(url: &str) -> Result<String> {
    let answer = reqwest::get(url).await?.error_for_status()?;
    let mut headers: Vec<(HeaderName, HeaderValue)> = Vec::new();
    for (name, value) in answer.headers() {
        let name = HeaderName::from_bytes(name.as_str().as_bytes())?;
        // These two actix writes by itself.
        if name != header::DATE && name != header::CONTENT_LENGTH {
            headers.push((name, HeaderValue::from_bytes(value.as_bytes())?));
        }
    }
    let body = answer.bytes().await?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let app = move || {
        let (headers, body) = (headers.clone(), body.clone());
        let handler = move || std::future::ready(respond(&headers, &body));
        App::new().route("/api/v1/unit_kinds/{id}", web::get().to(handler))
    };
    std::thread::spawn(move || {
        let server = HttpServer::new(app).workers(cores()).disable_signals();
        let serve = async { server.listen(listener)?.run().await };
        actix_web::rt::System::new().block_on(serve)
    });
    Ok(address)
}

fn respond(headers: &[(HeaderName, HeaderValue)], body: &Bytes) -> HttpResponse {
    let mut response = HttpResponse::Ok().body(body.clone());
    let to: &mut HeaderMap = response.headers_mut();
    for (name, value) in headers {
        to.insert(name.clone(), value.clone());
    }
    response
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

type Row = (
    i64,
    i32,
    String,
    Option<i32>,
    i32,
    bool,
    String,
    String,
    String,
    NaiveDate,
    NaiveDate,
    Option<String>,
    Timestamp,
    Timestamp,
);

/// The statement as often as it goes, each time for another one of the ids up to `last_id`.
pub fn statements(database: &Database, last_id: i64, seconds: u32) -> Result<f64> {
    match database.connect()? {
        Db::Sqlite(_) => {
            // Past one thread for each core nothing is won; fewer may win where cores are shared.
            let in_threads = |threads| in_threads(database, last_id, seconds, threads);
            Ok(in_threads(1)?.max(in_threads(cores())?))
        }
        Db::Postgres(_) => pgbench(database, last_id, seconds),
    }
}

fn in_threads(database: &Database, last_id: i64, seconds: u32, threads: usize) -> Result<f64> {
    let time = Duration::from_secs(seconds.into());
    let read = || -> Result<u32> {
        let mut db = database.connect()?;
        let (start, mut done) = (Instant::now(), 0);
        while let Db::Sqlite(connection) = &mut db
            && start.elapsed() < time
        {
            let id = rand::random_range(1..=last_id);
            unit_kinds::table.find(id).first::<Row>(connection)?;
            done += 1;
        }
        Ok(done)
    };
    let counts: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(read)).collect();
        threads.into_iter().map(|thread| thread.join()).collect()
    });
    let mut total = 0;
    for count in counts {
        total += count.map_err(|_| "a thread panicked")??;
    }
    Ok(f64::from(total) / time.as_secs_f64())
}

fn pgbench(database: &Database, last_id: i64, seconds: u32) -> Result<f64> {
    // Diesel's own text of the statement, so that the columns are the same.
    let query = unit_kinds::table.find(0_i64).limit(1);
    let text = diesel::debug_query::<Pg, _>(&query).to_string();
    let text = text.split(" -- binds").next().unwrap_or_default();
    let mut script = NamedTempFile::new()?;
    let text = text.replace("$1", ":id").replace("$2", "1");
    write!(script, "\\set id random(1, {last_id})\n{text};\n")?;

    let directory = std::env::var("TEST_POSTGRES_BIN")?;
    let output = Command::new(format!("{directory}/pgbench"))
        .args(["-n", "-M", "prepared", "-c", "16", "-j", "2"])
        .args(["-T", &seconds.to_string(), "-f"])
        .arg(script.path())
        .arg(&database.url)
        .output()
        .map_err(|why| format!("pgbench: {why}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = "));
    let rate = rate.and_then(|rate| rate.split(' ').next()?.parse().ok());
    rate.ok_or_else(|| format!("pgbench: {text}{}", String::from_utf8_lossy(&output.stderr)).into())
}

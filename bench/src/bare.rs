//! The two parts that no service can do without: an HTTP answer of the same bytes, and the statement.

use std::io::Write;
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, HttpServer, web};
use liendoan_core::Db;
use liendoan_core::db::Engine;
use tempfile::NamedTempFile;

use crate::database::Database;
use crate::{Result, caller};

/// Serves, for as long as this process lives, what the service answers at `url`; answers where.
pub async fn serve(url: &str) -> Result<String> {
    let answer = caller::client()?.get(url).send().await?;
    let answer = answer.error_for_status()?;
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
        App::new().default_service(web::to(handler))
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

/// What a request reads, for one id.
pub type Statements = dyn Fn(&mut Db, i64) -> Result<()> + Send + Sync;

/// The statements as often as they go, each time for another one of the ids up to `last_id`.
pub fn statements(
    database: &Database,
    read: &Statements,
    last_id: i64,
    seconds: u32,
) -> Result<f64> {
    match database.engine {
        Engine::Sqlite => {
            // Past one thread for each core nothing is won; fewer may win where cores are shared.
            let in_threads = |threads| in_threads(database, read, last_id, seconds, threads);
            Ok(in_threads(1)?.max(in_threads(cores())?))
        }
        Engine::Postgres => pgbench(database, read, last_id, seconds),
    }
}

fn in_threads(
    database: &Database,
    read: &Statements,
    last_id: i64,
    seconds: u32,
    threads: usize,
) -> Result<f64> {
    let time = Duration::from_secs(seconds.into());
    let run = || -> Result<u32> {
        let mut db = database.connect()?;
        let (start, mut done) = (Instant::now(), 0);
        while start.elapsed() < time {
            read(&mut db, rand::random_range(1..=last_id))?;
            done += 1;
        }
        Ok(done)
    };
    let counts: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join()).collect()
    });
    let mut total = 0;
    for count in counts {
        total += count.map_err(|_| "a thread panicked")??;
    }
    Ok(f64::from(total) / time.as_secs_f64())
}

fn pgbench(database: &Database, read: &Statements, last_id: i64, seconds: u32) -> Result<f64> {
    // The service's own text of the statements, with the values that it gives them.
    liendoan_plans::attend()?;
    liendoan_plans::start(&database.url);
    let done = read(&mut database.connect()?, last_id);
    let overheard = liendoan_plans::stop(&database.url);
    done?;
    let mut script = NamedTempFile::new()?;
    writeln!(script, "\\set id random(1, {last_id})")?;
    // What has no values begins a transaction or ends it.
    let with_values = overheard
        .into_iter()
        .filter(|(_, heard)| !heard.binds.is_empty());
    for (mut text, heard) in with_values {
        for (number, value) in liendoan_plans::binds(&heard.binds).iter().enumerate().rev() {
            let is_id = *value == format!("'{last_id}'");
            text = text.replace(
                &format!("${}", number + 1),
                if is_id { ":id" } else { value },
            );
        }
        writeln!(script, "{text};")?;
    }

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

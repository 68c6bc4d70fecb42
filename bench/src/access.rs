//! Signing in: how many a second a core, and what a flood of it costs everybody else.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::database::Database;
use crate::rows::{engine_name, read};
use crate::service::Service;
use crate::wrk::Load;
use crate::{Result, caller, print};

const CLIENTS: usize = 16;
/// As many as one thread that hashes lets wait: the time that refusals take is not that of a sign-in. What they
/// cost, the flood shows.
const SIGNING_IN: usize = 4;

/// What a core must do in a second.
const SIGN_INS: f64 = 25.0;
const CLIENT_TOKENS: f64 = 1_000.0;
const REFRESHES: f64 = 600.0;

/// How many times slower the slowest of a hundred requests may be while passwords are tried.
const SLOWER: f64 = 2.0;
/// Wrong passwords a second.
const FLOOD: u64 = 500;

/// Answers whether every bound was kept.
pub async fn run(program: &Path, database: &Database, seconds: u32) -> Result<bool> {
    let name = engine_name(database.engine);
    let service = Service::start(program, database, &[])?;
    let address = Arc::new(service.address.clone());
    print(&format!("\n{name}: signing in, per second of a core\n"))?;
    let mut all_pass = true;

    let base = address.clone();
    let sign_in = move |client: Client, _| {
        let base = base.clone();
        async move { read(sign_in(&client, &base).await?).await.map(drop) }
    };
    all_pass &= rate(
        "sign-ins by password",
        SIGN_INS,
        &service,
        SIGNING_IN,
        seconds,
        sign_in,
    )
    .await?;

    let (id, secret) = service_account(&address).await?;
    let (base, id, secret) = (address.clone(), Arc::new(id), Arc::new(secret));
    let token = move |client: Client, _| {
        let (base, id, secret) = (base.clone(), id.clone(), secret.clone());
        async move {
            let request = client
                .post(format!("http://{base}/oauth/token"))
                .basic_auth(&*id, Some(&*secret))
                .header("content-type", "application/x-www-form-urlencoded")
                .body("grant_type=client_credentials");
            read(request.send().await?).await.map(drop)
        }
    };
    all_pass &= rate(
        "client credentials",
        CLIENT_TOKENS,
        &service,
        CLIENTS,
        seconds,
        token,
    )
    .await?;

    let mut cookies = Vec::new();
    for _ in 0..CLIENTS {
        cookies.push(cookie_of(&sign_in_anew(&address).await?)?);
    }
    let cookies: Arc<Vec<_>> = Arc::new(cookies.into_iter().map(tokio::sync::Mutex::new).collect());
    let base = address.clone();
    let refresh = move |client: Client, number: usize| {
        let (base, cookies) = (base.clone(), cookies.clone());
        async move {
            let mut cookie = cookies[number].lock().await;
            let request = client
                .post(format!("http://{base}/api/v1/sessions:refresh"))
                .header("cookie", cookie.as_str());
            let answer = request.send().await?.error_for_status()?;
            *cookie = cookie_of(&answer)?;
            Ok(())
        }
    };
    all_pass &= rate("refreshes", REFRESHES, &service, CLIENTS, seconds, refresh).await?;
    drop(service);
    all_pass &= flood(program, database, seconds).await?;
    Ok(all_pass)
}

async fn sign_in(client: &Client, address: &str) -> Result<Response> {
    let request = client
        .post(format!("http://{address}/api/v1/sessions"))
        .json(&caller::credentials());
    Ok(request.send().await?)
}

async fn sign_in_anew(address: &str) -> Result<Response> {
    Ok(sign_in(&Client::new(), address).await?.error_for_status()?)
}

fn cookie_of(answer: &Response) -> Result<String> {
    let cookie = answer.headers().get("set-cookie").ok_or("no cookie")?;
    let cookie = cookie.to_str()?.split(';').next().unwrap_or_default();
    Ok(cookie.to_owned())
}

/// A system with a secret; answers its name and the secret.
async fn service_account(address: &str) -> Result<(String, String)> {
    let client = caller::client()?;
    let base = format!("http://{address}/api/v1/service_accounts");
    let content = json!({"name": "bench", "unit": null, "scopes": ["units:read"]});
    let made = read(client.post(&base).json(&content).send().await?).await?;
    let secrets = format!("{base}/{}/secrets", made["id"]);
    let secret = client.post(secrets).header("if-match", "*").send().await?;
    let secret = read(secret).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok((text(&made["client_id"]), text(&secret["secret"])))
}

/// Lets clients do the same again and again, and counts by the time of cores that it takes.
async fn rate<F, Fut>(
    what: &str,
    bound: f64,
    service: &Service,
    clients: usize,
    seconds: u32,
    request: F,
) -> Result<bool>
where
    F: Fn(Client, usize) -> Fut + Clone + 'static,
    Fut: Future<Output = Result<()>> + 'static,
{
    let end = Instant::now() + Duration::from_secs(seconds.into());
    let done = Arc::new(AtomicUsize::new(0));
    let before = service.cpu_seconds()?;
    let begun = Instant::now();
    let clients = (0..clients).map(|number| {
        let (request, done) = (request.clone(), done.clone());
        tokio::task::spawn_local(async move {
            let client = Client::new();
            while Instant::now() < end {
                if request(client.clone(), number).await.is_ok() {
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await?;
    }
    let done = done.load(Ordering::Relaxed) as f64;
    let of_a_core = done / (service.cpu_seconds()? - before);
    let passed = of_a_core >= bound;
    print(&format!(
        "{what:<24} {of_a_core:>8.0} (at least {bound:.0}: {}), {:.0} a second in all\n",
        if passed { "pass" } else { "FAIL" },
        done / begun.elapsed().as_secs_f64(),
    ))?;
    Ok(passed)
}

/// Tries wrong passwords from ever new addresses while somebody reads.
async fn flood(program: &Path, database: &Database, seconds: u32) -> Result<bool> {
    // A proxy that vouches for the address of each: else they would be locked out together.
    let file = database.folder.path().join("flood.toml");
    std::fs::write(&file, "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n")?;
    let service = Service::start_with_file(program, database, &file)?;
    let load = Load::get("/api/v1/unit_kinds/{id}", 1, 1, seconds);
    load.run(&service.address)?;
    let calm = load.run(&service.address)?;
    let resident = service.resident_mb()?;
    let has_ended = Arc::new(AtomicBool::new(false));
    let slowest_refusal = Arc::new(AtomicI64::new(0));
    let flood = {
        let (ended, slowest) = (has_ended.clone(), slowest_refusal.clone());
        let address = service.address.clone();
        std::thread::spawn(move || {
            let try_all = async move {
                let client = Client::new();
                let mut tries = tokio::time::interval(Duration::from_micros(1_000_000 / FLOOD));
                let (mut number, mut refused) = (0_u32, 0_usize);
                let mut answers = tokio::task::JoinSet::new();
                while !ended.load(Ordering::Relaxed) {
                    tries.tick().await;
                    number += 1;
                    let [_, a, b, c] = number.to_be_bytes();
                    let request = client
                        .post(format!("http://{address}/api/v1/sessions"))
                        .header("x-forwarded-for", format!("10.{a}.{b}.{c}"))
                        .json(&json!({"name": format!("nobody.{number}"), "password": "wrong"}));
                    let slowest = slowest.clone();
                    answers.spawn_local(async move {
                        let begun = Instant::now();
                        let answer = request.send().await;
                        let is_shed = answer.is_ok_and(|answer| answer.status() == 503);
                        if is_shed {
                            let micros = i64::try_from(begun.elapsed().as_micros());
                            slowest.fetch_max(micros.unwrap_or(i64::MAX), Ordering::Relaxed);
                        }
                        is_shed
                    });
                    while let Some(answer) = answers.try_join_next() {
                        refused += usize::from(answer.unwrap_or(false));
                    }
                }
                (number, refused)
            };
            let local = tokio::task::LocalSet::new();
            actix_web::rt::System::new().block_on(local.run_until(try_all))
        })
    };
    tokio::time::sleep(Duration::from_millis(500)).await;
    let flooded = load.run(&service.address);
    let grown = service.resident_mb()? - resident;
    has_ended.store(true, Ordering::Relaxed);
    let (tries, shed) = flood.join().map_err(|_| "the flood panicked")?;
    let flooded = flooded?;
    let times = flooded.p99_us / calm.p99_us;
    let passed = times < SLOWER;
    print(&format!(
        "a flood of {FLOOD} sign-ins a second ({tries} tries, {shed} asked to come again, the slowest of these \
         after {:.0} ms): one item by id p99 {:.2} ms, {:.2} ms without it, {times:.1} times (below {SLOWER}: {}); \
         memory grew by {grown:.0} MB\n",
        slowest_refusal.load(Ordering::Relaxed) as f64 / 1e3,
        flooded.p99_us / 1e3,
        calm.p99_us / 1e3,
        if passed { "pass" } else { "FAIL" },
    ))?;
    Ok(passed)
}

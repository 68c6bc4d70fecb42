//! One item by id: the service beside its bare parts, in rounds by turns, so that all meet the same
//! moods of the machine.

use std::path::Path;

use crate::Result;
use crate::bare::{self, Statements};
use crate::database::Database;
use crate::print;
use crate::rows::engine_name;
use crate::service::Service;
use crate::wrk::{Load, Outcome};

/// Connections, as the promise has it.
const CONNECTIONS: u32 = 16;
/// Share of the limit that the service must reach.
const SHARE: f64 = 0.5;

/// What is asked for.
pub struct Subject {
    pub what: String,
    /// `{id}` becomes one of the ids up to `last_id`, at random.
    pub path: String,
    pub last_id: i64,
    pub statements: Box<Statements>,
    /// Answers a second that the service must reach besides.
    pub least: Option<f64>,
}

#[derive(Default)]
struct Rounds {
    bare: Vec<f64>,
    statement: Vec<f64>,
    service: Vec<Outcome>,
    cpu_us: Vec<f64>,
    quiet: Vec<Outcome>,
    resident_mb: f64,
}

/// Answers whether the service reached its share.
pub async fn run(
    program: &Path,
    database: &Database,
    subject: &Subject,
    rounds: usize,
    seconds: u32,
) -> Result<bool> {
    let (path, last_id) = (subject.path.as_str(), subject.last_id);
    let bare = {
        let service = Service::start(program, database, &[])?;
        let path = path.replace("{id}", "1");
        bare::serve(&format!("http://{}{path}", service.address)).await?
    };
    let load = |seconds| Load::get(path, last_id, CONNECTIONS, seconds);
    let statements = |seconds| bare::statements(database, &*subject.statements, last_id, seconds);
    load(1).run(&bare)?;
    statements(1)?;
    let mut all = Rounds::default();
    for _ in 0..rounds {
        all.bare.push(load(seconds).run(&bare)?.per_second);
        all.statement.push(statements(seconds)?);
        let service = Service::start(program, database, &[])?;
        load(1).run(&service.address)?;
        let before = service.cpu_seconds()?;
        let outcome = load(seconds).run(&service.address)?;
        let requests = outcome.per_second * f64::from(seconds);
        all.cpu_us
            .push((service.cpu_seconds()? - before) / requests * 1e6);
        all.service.push(outcome);
        all.resident_mb = service.resident_mb()?;
        drop(service);
        let quiet = Service::start(program, database, &[("LIENDOAN_LOG__LEVEL", "warn")])?;
        load(1).run(&quiet.address)?;
        all.quiet.push(load(seconds).run(&quiet.address)?);
    }
    report(database, subject, &all)
}

fn report(database: &Database, subject: &Subject, all: &Rounds) -> Result<bool> {
    let a = median(all.bare.iter().copied());
    let b = median(all.statement.iter().copied());
    let limit = 1.0 / (1.0 / a + 1.0 / b);
    let of = |outcomes: &[Outcome], part: fn(&Outcome) -> f64| median(outcomes.iter().map(part));
    let service = of(&all.service, |o| o.per_second);
    let quiet = of(&all.quiet, |o| o.per_second);
    // Of each round by itself: its parts met the same neighbours.
    let share_of = |outcomes: &[Outcome]| {
        let parts = all.bare.iter().zip(&all.statement).zip(outcomes);
        median(parts.map(|((a, b), c)| c.per_second * (1.0 / a + 1.0 / b)))
    };
    let share = share_of(&all.service);
    let passed = share >= SHARE;
    let verdict = |passed| if passed { "pass" } else { "FAIL" };
    let is_fast = subject.least.is_none_or(|least| service >= least);
    let least = match subject.least {
        None => String::new(),
        Some(least) => format!("    at least {least:.0} of these: {}\n", verdict(is_fast)),
    };
    print(&format!(
        "\n{}: {}, {CONNECTIONS} connections, requests per second, median of {} rounds\n\
         a   bare handler, same bytes          {a:>9.0}\n\
         b   bare statement                    {b:>9.0}\n\
         \x20   limit = 1/(1/a + 1/b)             {limit:>9.0}\n\
         \x20   half of it                        {:>9.0}\n\
         c   service, default log, to a file   {service:>9.0}  {:>4.0} % of the limit: {}\n\
         {least}\x20   service, log.level = warn         {quiet:>9.0}  {:>4.0} %\n\
         \x20   latency of c                      p50 {:.2} ms, p99 {:.2} ms; memory {:.0} MB; CPU {:.0} µs a request\n\
         \x20   rounds of c                       {}\n",
        engine_name(database.engine),
        subject.what,
        all.bare.len(),
        SHARE * limit,
        share * 100.0,
        verdict(passed),
        share_of(&all.quiet) * 100.0,
        of(&all.service, |o| o.p50_us) / 1e3,
        of(&all.service, |o| o.p99_us) / 1e3,
        all.resident_mb,
        median(all.cpu_us.iter().copied()),
        all.service
            .iter()
            .map(|o| format!("{:.0} ", o.per_second))
            .collect::<String>(),
    ))?;
    Ok(passed && is_fast)
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

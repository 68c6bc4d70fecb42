//! Records of a nation: what it costs to find and to write them where there are a million.

mod contents;
mod copies;
mod lists;
mod recorder;
mod sample;
mod writes;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use liendoan_core::db::Engine;
use liendoan_plans::records as asked;
use serde_json::json;

use crate::clerk::{Clerk, SETTINGS};
use crate::database::Database;
use crate::nation::{DAY, Nation, ROOT};
use crate::rows::{engine_name, read};
use crate::service::Service;
use crate::table::{Bound, Table};
use crate::{Result, caller, plans, print, side_by_side};
use contents::{Contents, WARD, campaign};
use copies::{Copier, Original, wait_until_sealed};
use recorder::{APPROVER, Recorder};

/// How much there is.
pub struct Sizes {
    pub units: usize,
    pub records: usize,
    /// Of these: recorded by requests. The others are copies of them.
    pub recorded: usize,
}

impl Sizes {
    pub const FULL: Self = Self {
        units: 126_000,
        records: 1_000_000,
        recorded: 20_000,
    };
    pub const QUICK: Self = Self {
        units: 10_000,
        records: 50_000,
        recorded: 2_000,
    };

    /// How far down a list a deep page lies.
    fn depth(&self) -> usize {
        self.records / 10
    }
}

const PARTNERS: usize = 100;

/// What may be read whole.
const SCANS: &plans::Excuses = &[
    (
        "SELECT COUNT(*) FROM units",
        "the search of units asks how many there are, once, as it starts",
    ),
    (
        "ORDER BY unit_states.unit_id, unit_states.effective_on",
        "the search of units reads them all, as it starts",
    ),
    (
        "FROM record_people",
        "there is nobody: the bench names none",
    ),
];

/// Records copied in one transaction.
const COPIES: usize = 5_000;

/// Answers whether every bound was kept.
pub async fn run(
    program: &Path,
    engine: Engine,
    sizes: &Sizes,
    rounds: usize,
    seconds: u32,
) -> Result<bool> {
    let name = engine_name(engine);
    print(&format!(
        "\n{name}: {} records of {} units\n",
        sizes.records, sizes.units
    ))?;
    let mut table = Table::default();
    table.column(sizes.records);
    let database = Database::create(engine)?;
    let nation = Nation::of(sizes.units);
    let service = Service::start(program, &database, SETTINGS)?;
    fill(&database, &service, &nation, sizes, &mut table).await?;
    drop(service);
    let begun = Instant::now();
    check(program, &database)?;
    table.enter(
        "the check of all of it, s",
        begun.elapsed().as_secs_f64(),
        None,
    )?;
    database.settle()?;

    let service = Service::start(program, &database, &[])?;
    lists::measure(&service, &nation, sizes, seconds, &mut table).await?;
    let subjects = lists::subjects(&service, engine, sizes).await?;
    drop(service);
    let mut all_kept = true;
    for subject in subjects {
        all_kept &= side_by_side::run(program, &database, &subject, rounds, seconds).await?;
    }
    let service = Service::start(program, &database, &[])?;
    writes::measure(&service, engine, rounds, seconds, &mut table).await?;
    drop(service);
    let ask = |base: String| async move {
        let client = caller::client()?;
        for path in asked::lists(ROOT, nation.largest, WARD) {
            ask_for_two(&client, &base, &path).await?;
        }
        Ok(())
    };
    all_kept &= plans::check(&database, &asked::GROWING, SCANS, ask).await?;
    all_kept &= table.finish(name)?;
    Ok(all_kept)
}

/// The first page of a list, and the second.
async fn ask_for_two(client: &reqwest::Client, base: &str, path: &str) -> Result<()> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let get = async |cursor: String| -> Result<serde_json::Value> {
        let answer = client.get(format!("{base}{path}{joint}limit=50{cursor}"));
        let page = read(answer.send().await?).await;
        Ok(page.map_err(|why| format!("{path}: {why}"))?)
    };
    let page = get(String::new()).await?;
    if let Some(cursor) = page["next_cursor"].as_str() {
        get(format!("&cursor={cursor}")).await?;
    }
    Ok(())
}

/// Makes the nation, its people and its records.
async fn fill(
    database: &Database,
    service: &Service,
    nation: &Nation,
    sizes: &Sizes,
    table: &mut Table,
) -> Result<()> {
    let begun = Instant::now();
    let mut clerk = Clerk::new(&service.address).await?;
    clerk.found(nation).await?;
    for lines in [&nation.end_of_districts, &nation.merges, &nation.communes] {
        clerk.record(Some(DAY), lines).await?;
    }
    for (name, role, unit) in [
        (APPROVER, "approver", None),
        (lists::OF_PROVINCE, "viewer", Some(nation.largest)),
        (lists::OF_WARD, "viewer", Some(WARD)),
    ] {
        caller::employ(&service.address, name, role, unit).await?;
    }
    table.enter("the nation, s", begun.elapsed().as_secs_f64(), None)?;
    database.settle()?;

    let begun = Instant::now();
    let recorder = Recorder::at(&service.address)?;
    let mut partners = Vec::new();
    for number in 0..PARTNERS {
        let content = json!({"name": format!("Công ty đối tác {number}"), "kind": "business"});
        partners.push(recorder.create("/partners", &content).await?);
    }
    let campaign = recorder.enter(&[campaign()]).await?[0];
    let mut contents = Contents::of(nation, partners, campaign);
    let told: Vec<_> = (0..sizes.recorded)
        .map(|number| contents.next(number))
        .collect();
    let ids = recorder.enter(&told).await?;
    let originals = ids
        .into_iter()
        .zip(told)
        .map(|(id, told)| Original { id, told });
    let originals: Vec<Original> = originals.collect();
    table.enter(
        "records by requests, s",
        begun.elapsed().as_secs_f64(),
        None,
    )?;

    let begun = Instant::now();
    let mut copier = Copier::new(database).await?;
    let mut left = sizes.records - sizes.recorded;
    let mut compared = 0;
    while left > 0 {
        for some in originals.chunks(COPIES) {
            let copies = copier.copy(&some[..some.len().min(left)])?;
            left -= copies.len();
            // It leaves an entry, with which SQLite's writer seals what waits.
            caller::sign_in(&service.address, database.folder.path())?;
            if compared == 0 {
                wait_until_sealed(&mut copier.db).await?;
                let recorder = Recorder::at(&service.address)?;
                compared = sample::compare(&mut copier, &recorder, &copies).await?;
            }
        }
    }
    wait_until_sealed(&mut copier.db).await?;
    table.enter("the copies of them, s", begun.elapsed().as_secs_f64(), None)?;
    let least = Some(Bound::AtLeast(10.0));
    table.enter(
        "copies found to be as the service makes them",
        compared as f64,
        least,
    )
}

/// Holds the whole database against what must always be so.
fn check(program: &Path, database: &Database) -> Result<()> {
    let checked = Command::new(program)
        .arg("check")
        .args(["--database-url", &database.url])
        .envs(caller::environment())
        .output()?;
    if checked.status.success() {
        return Ok(());
    }
    let (told, why) = (
        String::from_utf8_lossy(&checked.stdout),
        String::from_utf8_lossy(&checked.stderr),
    );
    Err(format!("liendoan check: {told}{why}").into())
}

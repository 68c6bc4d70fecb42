//! Pages of records: under a ward, a province, the nation; as it was then, as it is now; the first and deep ones.

use chrono::NaiveDate;
use liendoan::records::lifecycle::RecordKind;
use liendoan::records::lifecycle::list::{self, Tree, Wanted};
use liendoan::tree::units::UnitRef;
use liendoan::tree::units::queries::resolve;
use liendoan_core::day::Day;
use liendoan_core::db::Engine;
use liendoan_core::{Db, Scope};

use super::Sizes;
use super::contents::WARD;
use crate::nation::{Nation, ROOT};
use crate::rows::deep_page;
use crate::service::Service;
use crate::side_by_side::Subject;
use crate::table::{Bound, Table};
use crate::wrk::Load;
use crate::{Result, caller};

/// Who reads what is under the largest province, and who what is under the ward.
pub const OF_PROVINCE: &str = "province";
pub const OF_WARD: &str = "ward";

/// A page may cost so many times what the nation's first one does.
const TIMES: f64 = 2.0;
/// Twice what Fastify answered here on PostgreSQL: first page, and 100,000 deep.
const LEAST: [f64; 2] = [6_800.0, 5_500.0];

/// A list, and how deep it is read.
struct Asked {
    what: String,
    /// Who asks; None: the administrator.
    name: Option<&'static str>,
    list: String,
    depth: usize,
}

fn all(nation: &Nation, sizes: &Sizes) -> Vec<Asked> {
    let mut all = Vec::new();
    for (of, unit, name, depth) in [
        ("the nation", ROOT, None, sizes.depth()),
        ("a province", nation.largest, None, sizes.depth()),
        ("a ward", WARD, None, sizes.depth() / 100),
        (
            "their province",
            nation.largest,
            Some(OF_PROVINCE),
            sizes.depth(),
        ),
        ("their ward", WARD, Some(OF_WARD), sizes.depth() / 100),
    ] {
        for tree in ["then", "now"] {
            all.push(Asked {
                what: format!("under {of}, {tree}"),
                name,
                list: format!("/api/v1/activities?unit=code:{unit}&tree={tree}"),
                depth,
            });
        }
    }
    all.push(Asked {
        what: "all of their province".to_owned(),
        name: Some(OF_PROVINCE),
        list: "/api/v1/activities?".to_owned(),
        depth: sizes.depth(),
    });
    all
}

/// What single requests cost, by one connection.
pub async fn measure(
    service: &Service,
    nation: &Nation,
    sizes: &Sizes,
    seconds: u32,
    table: &mut Table,
) -> Result<()> {
    let address = &service.address;
    let mut most = None;
    for Asked {
        what,
        name,
        list,
        depth,
    } in all(nation, sizes)
    {
        let token = match name {
            Some(name) => caller::token_of(address, name)?,
            None => caller::token(),
        };
        let client = caller::client_with(&token)?;
        let deep = deep_page(&client, address, &list, depth).await?;
        for (path, what) in [
            (format!("{list}&limit=50"), format!("50 {what}, µs")),
            (deep, format!("50 {what}, {depth} deep, µs")),
        ] {
            let load = Load {
                token: token.clone(),
                ..Load::get(&path, 1, 1, seconds)
            };
            let p50_us = load.run(address)?.p50_us;
            table.enter(&what, p50_us, most.map(Bound::AtMost))?;
            most = most.or(Some(TIMES * p50_us));
        }
    }
    for (what, query) in [
        ("50 with two common words", "q=hoi+nghi"),
        (
            "50 with words of many, under a province",
            "q=hoi+nghi+an&unit=code:p00",
        ),
        ("50 with the word of one", "q=so+{id}"),
        ("50 and counts by state", "counts=by_state"),
        (
            "50 and counts by state, under a province, now",
            "counts=by_state&unit=code:p00&tree=now",
        ),
        ("50 drafts", "state=draft"),
    ] {
        let path = format!("/api/v1/activities?{query}&limit=50");
        let load = Load::get(&path, sizes.records as i64, 1, seconds);
        table.enter(&format!("{what}, µs"), load.run(address)?.p50_us, None)?;
    }
    Ok(())
}

/// What is measured beside its bare parts: under the nation, first page and deep.
pub async fn subjects(service: &Service, engine: Engine, sizes: &Sizes) -> Result<[Subject; 2]> {
    let list = format!("/api/v1/activities?unit=code:{ROOT}&tree=then");
    let (client, depth) = (caller::client()?, sizes.depth());
    let deep = deep_page(&client, &service.address, &list, depth).await?;
    // Where that page starts: the row before it.
    let before = deep_page(&client, &service.address, &list, depth - 1).await?;
    let before = before.replace("limit=50", "limit=1");
    let page = client.get(format!("http://{}{before}", service.address));
    let page = crate::rows::read(page.send().await?).await?;
    let last = &page["items"][0];
    let day: Day = serde_json::from_value(last["record_day"].clone())?;
    let start = (day.0, last["id"].as_i64().ok_or("no id")?);
    let subject =
        |what: String, path: String, start: Option<(NaiveDate, i64)>, least: f64| Subject {
            what,
            path,
            last_id: 1,
            statements: Box::new(move |db: &mut Db, _| page_of(db, start)),
            least: (engine == Engine::Postgres).then_some(least),
        };
    Ok([
        subject(
            "50 records of the nation".to_owned(),
            format!("{list}&limit=50"),
            None,
            LEAST[0],
        ),
        subject(
            format!("50 records of the nation, {depth} deep"),
            deep,
            Some(start),
            LEAST[1],
        ),
    ])
}

fn page_of(db: &mut Db, start: Option<(NaiveDate, i64)>) -> Result<()> {
    let root = resolve(db, &Scope::All, &UnitRef::Code(ROOT.to_owned()))?;
    let wanted = Wanted {
        under: Some((root, Tree::Then)),
        ..Wanted::default()
    };
    // Of whoever reads everything no day matters.
    let (kind, today) = (RecordKind::Activity, NaiveDate::default());
    list::page(db, &Scope::All, kind, &wanted, start, 51, today)?;
    Ok(())
}

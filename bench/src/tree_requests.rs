//! What is asked about a nation.

use chrono::NaiveDate;
use liendoan::tree::units::card::card;
use liendoan::tree::units::queries::{self, From};
use liendoan::tree::units::{UnitId, UnitRef};
use liendoan_core::{Db, Scope};

use serde_json::json;

use crate::nation::{DAY, Nation, ROOT};
use crate::rows::read;
use crate::side_by_side::Subject;
use crate::{Result, caller};

/// What single requests cost: two by two, today and on a day before the reorganisation.
pub const READS: [(&str, &str); 8] = [
    ("a unit, µs", "/api/v1/units/{id}"),
    (
        "a unit as_of 2024, µs",
        "/api/v1/units/{id}?as_of=2024-01-01",
    ),
    (
        "50 of the most children, µs",
        "/api/v1/units/code:p00/children?limit=50",
    ),
    (
        "50 children as_of 2024, µs",
        "/api/v1/units/code:p00-d0/children?limit=50&as_of=2024-01-01",
    ),
    (
        "50 of the root's children, µs",
        "/api/v1/units/code:tld/children?limit=50",
    ),
    (
        "50 of them as_of 2024, µs",
        "/api/v1/units/code:tld/children?limit=50&as_of=2024-01-01",
    ),
    ("path, µs", "/api/v1/units/code:late/path"),
    (
        "50 of a list by kind, µs",
        "/api/v1/units?kind=commune_union&limit=50",
    ),
];

/// Words and a number, as people type them.
pub const SEARCH: &str = "/api/v1/units:search?q=truong%20tieu%20hoc%20{id}&limit=20";

/// A day after the reorganisation: as dear to read as today.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).unwrap_or_default()
}

/// What is measured beside its bare parts.
pub fn subjects(last_id: i64) -> [Subject; 2] {
    [
        Subject {
            what: "one unit by id".to_owned(),
            path: "/api/v1/units/{id}".to_owned(),
            last_id,
            statements: Box::new(|db, id| {
                card(db, &Scope::All, &UnitRef::Id(UnitId(id)), today(), today())?;
                Ok(())
            }),
            least: None,
        },
        Subject {
            what: "a page of 50 of the most children".to_owned(),
            path: "/api/v1/units/code:p00/children?limit=50".to_owned(),
            last_id,
            statements: Box::new(page),
            least: None,
        },
    ]
}

fn page(db: &mut Db, _: i64) -> Result<()> {
    let largest = UnitRef::Code("p00".to_owned());
    let card = card(db, &Scope::All, &largest, today(), today())?;
    queries::children(
        db,
        &Scope::All,
        UnitId(card.id),
        today(),
        &From::Offset(0),
        51,
    )?;
    Ok(())
}

/// One request of every sort.
pub async fn ask(base: String, nation: &Nation) -> Result<()> {
    let client = caller::client()?;
    let (largest, union, district) = (nation.largest, &nation.union, &nation.district);
    for path in [
        "/units/500".to_owned(),
        "/units/500?as_of=2024-01-01".to_owned(),
        format!("/units/code:{district}"),
        format!("/units/code:{ROOT}/children?limit=50"),
        format!("/units/code:{largest}/children?limit=50&offset=5000"),
        format!("/units/code:{union}/path"),
        format!("/units/code:{union}/history"),
        format!("/units/code:{union}/history?include_annulled=true"),
        format!("/units?parent=code:{largest}&limit=50"),
        "/units?kind=commune_union&limit=50".to_owned(),
        "/units?level=3&employer_type=school&limit=50".to_owned(),
        format!("/units:difference?from=2025-06-30&to={DAY}&limit=50"),
        format!("/units:difference?from=2025-06-30&to={DAY}&under=code:{largest}&limit=50"),
    ] {
        let answer = client.get(format!("{base}{path}")).send().await?;
        read(answer).await.map_err(|why| format!("{path}: {why}"))?;
    }
    for path in [
        format!("/units/code:{largest}/children?limit=50"),
        format!("/units/code:{largest}/subtree?limit=50"),
        "/units?limit=50".to_owned(),
    ] {
        let page = read(client.get(format!("{base}{path}")).send().await?).await?;
        let cursor = page["next_cursor"].as_str().ok_or("the list ends early")?;
        let next = format!("{base}{path}&cursor={cursor}");
        read(client.get(next).send().await?).await?;
    }
    let keys =
        json!({"items": [{"code": union}, {"code": district}, {"system": "hr", "value": "1"}]});
    let lookup = client.post(format!("{base}/units:lookup")).json(&keys);
    read(lookup.send().await?).await?;
    Ok(())
}

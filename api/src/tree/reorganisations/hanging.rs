//! What hangs on units besides the tree: grants, accounts, papers. The tree knows of them only that they name
//! a unit.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::Statement;
use liendoan_core::schema::{accounts, grants, records};
use liendoan_core::{Code, Db, Error, Result, Scope, UnitId, on_engine};
use serde::Serialize;
use utoipa::ToSchema;

use super::source::CHUNK;
use crate::tree::cover;
use crate::tree::replay::world::{LinkKind, Unit};
use crate::tree::replay::{Outcome, rows};

/// Every table whose rows name a unit that must not vanish under them.
const TABLES: &[&str] = &[
    "grants",
    "accounts",
    "service_accounts",
    "documents",
    "records",
    "period_locks",
    "period_lock_exceptions",
];

/// Refuses to let units vanish that something hangs on.
pub fn check_none(db: &mut Db, _: &Scope, units: &[i64]) -> Result<()> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        unit_id: i64,
    }
    for table in TABLES {
        for unit in units {
            let query = format!("SELECT unit_id FROM {table} WHERE unit_id = $1 LIMIT 1");
            let query = Statement::new(query).bind(*unit);
            let found: Option<Found> = on_engine!(&mut *db, c => query.get_result(c)).optional()?;
            if let Some(Found { unit_id }) = found {
                let error = Error::new(Code::UnitInUse);
                return Err(error.with("unit_id", unit_id).with("used_by", *table));
            }
        }
    }
    Ok(())
}

/// Records that a refusal names, at most.
const NAMED: usize = 50;

/// Refuses what would leave a record that was sent up without a day on which its unit lived.
pub fn check_records_have_days(db: &mut Db, _: &Scope, outcome: &Outcome) -> Result<()> {
    let lives_otherwise = |unit: &&Unit| {
        unit.is_changed() && rows::lives(&unit.recorded.touches) != rows::lives(&unit.touches)
    };
    let units = outcome.world.units().map(|(_, unit)| unit);
    let mut outside = Vec::new();
    for unit in units.filter(lives_otherwise) {
        let Some(id) = unit.id else { continue };
        let query = records::table
            .filter(records::unit_id.eq(id))
            .filter(
                records::state
                    .eq_any(["submitted", "approved"])
                    // Or it counts while it is being corrected.
                    .or(records::approved_number
                        .gt(0)
                        .and(records::state.ne("withdrawn"))),
            )
            .order(records::id)
            .select((records::id, records::starts_on, records::ends_on));
        let of_unit: Vec<(i64, NaiveDate, NaiveDate)> = on_engine!(&mut *db, c => query.load(c))?;
        let lives = rows::lives(&unit.touches);
        let has_day = |from: NaiveDate, last: NaiveDate| {
            lives.iter().any(|life| life.from <= last && from < life.to)
        };
        let without = of_unit
            .into_iter()
            .filter(|(_, from, last)| !has_day(*from, *last));
        outside.extend(without.map(|(record, ..)| record));
    }
    if outside.is_empty() {
        return Ok(());
    }
    let count = outside.len();
    outside.truncate(NAMED);
    Err(Error::new(Code::RecordsOutsideLife)
        .with("records", outside)
        .with("count", count))
}

/// A role that somebody holds on a unit that ends. It stays there, and gives no right to write any more.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GrantOnEnding {
    pub grant_id: i64,
    /// Whose it is; null for those who don't read accounts there.
    #[schema(required)]
    pub account_id: Option<i64>,
    /// What the account signs in with.
    #[schema(required)]
    pub account: Option<String>,
    pub role: String,
    /// Code of the unit that ends.
    pub unit: String,
    /// Codes of the units that follow it: where an account administrator may grant the same.
    pub successors: Vec<String>,
}

/// Grants of today on the units that end on a day; `accounts` is where whoever asks reads accounts.
pub fn grants_on_ending(
    db: &mut Db,
    accounts: &Scope,
    outcome: &Outcome,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<GrantOnEnding>> {
    let ends = |unit: &Unit| {
        let lives_on = |touches| rows::lives(touches).iter().any(|life| life.contains(on));
        lives_on(&unit.recorded.touches) && !lives_on(&unit.touches)
    };
    let ending = outcome.world.units().filter(|(_, unit)| ends(unit));
    let ids: Vec<i64> = ending.filter_map(|(_, unit)| unit.id).collect();
    let mut touched = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = grants::table
            .inner_join(accounts::table.on(accounts::id.eq(grants::account_id)))
            .filter(grants::unit_id.eq_any(chunk.iter().copied().map(Some)))
            .filter(grants::valid_from.le(today))
            .filter(grants::valid_to.gt(today))
            .order(grants::id)
            .select((
                grants::id,
                grants::account_id,
                accounts::name,
                grants::role,
                grants::unit_id,
            ));
        let rows: Vec<(i64, i64, String, String, Option<i64>)> =
            on_engine!(&mut *db, c => query.load(c))?;
        for (grant_id, account_id, account, role, unit_id) in rows {
            let world = &outcome.world;
            let Some((unit_id, ux)) = unit_id.and_then(|id| Some((id, world.find_id(id)?))) else {
                continue;
            };
            let is_known = cover::covers(db, accounts, UnitId(unit_id), today)?;
            let links = world.unit(ux).touches.iter().flat_map(|touch| &touch.links);
            let successors = links.filter(|link| link.kind == LinkKind::Successor);
            touched.push(GrantOnEnding {
                grant_id,
                account_id: is_known.then_some(account_id),
                account: is_known.then_some(account),
                role,
                unit: world.code(ux).to_owned(),
                successors: successors
                    .map(|link| world.code(link.other).to_owned())
                    .collect(),
            });
        }
    }
    Ok(touched)
}

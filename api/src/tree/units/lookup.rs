//! Units by what other systems know of them, many at once.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::error::FieldError;
use liendoan_core::schema::{external_ids, unit_states, units};
use liendoan_core::{Code, Db, Error, Result, Scope, UnitId, on_engine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::UnitName;
use crate::http::grant::{ReadRecords, ReadUnits};
use crate::http::list::NoQuery;
use crate::http::{Grant, Json, Problem, State};
use crate::tree::reorganisations::commit;
use crate::tree::{ancestry, cover, revision_header};

/// Units in one look-up, at most.
const ITEMS_MAX: usize = 1_000;

/// What to look up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"system": "hr", "value": "00012"}, {"code": "hn-q-btl"}]}))]
pub struct Lookup {
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<LookupKey>,
}

/// One unit: by its code, or by its key in another system.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"system": "hr", "value": "00012"}))]
pub struct LookupKey {
    pub code: Option<String>,
    pub system: Option<String>,
    pub value: Option<String>,
}

/// What was found, in the order of the keys.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [
    {"unit": {"id": 6, "code": "hn-q-btl", "name": "Liên đoàn Lao động quận Bắc Từ Liêm"},
     "alive": false, "today": []},
    {"unit": null, "alive": false, "today": []}
]}))]
pub struct LookupAnswer {
    pub items: Vec<LookedUp>,
}

/// A unit that was looked up.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LookedUp {
    /// By the last name it had; null where nothing bears the key.
    #[schema(required)]
    pub unit: Option<UnitName>,
    /// Whether it lives today.
    pub alive: bool,
    /// Which units it is today: itself, or what followed it.
    pub today: Vec<UnitName>,
}

/// Look up units
///
/// Up to 1,000 at once, by code or by the key of another system; each with what it is today. A key finds
/// only units of which the caller reads records. Reads alone: nothing is written.
#[utoipa::path(
    operation_id = "lookup_units",
    tag = "units",
    request_body(content = Lookup, description = "The keys"),
    responses((status = 200, description = "What bears them, in their order", body = LookupAnswer)),
)]
#[post("/units:lookup")]
pub async fn find_all(
    grant: Grant<ReadUnits>,
    _: NoQuery,
    lookup: Json<Lookup>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let keys = check(lookup.value)?;
    let today = state.store.clock().today();
    let scope = grant.scope().clone();
    let records = grant.caller.scope::<ReadRecords>();
    let (revision, items) = state
        .store
        .read(move |db| {
            let ids = find(db, &scope, &records, &keys, today)?;
            let known: Vec<i64> = ids.iter().flatten().copied().collect();
            let names = last_names(db, &scope, &known)?;
            let now = ancestry::today(db, &scope, &known, today)?;
            let item = |id: &Option<i64>| {
                let today = id.and_then(|id| now.get(&id)).cloned().unwrap_or_default();
                LookedUp {
                    unit: id.and_then(|id| names.get(&id)).cloned(),
                    alive: today.iter().any(|unit| Some(unit.id) == *id),
                    today,
                }
            };
            let items: Vec<LookedUp> = ids.iter().map(item).collect();
            Ok((commit::revision(db)?.tree, items))
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(revision_header(revision))
        .json(LookupAnswer { items }))
}

/// A sound key.
#[derive(Clone)]
enum Key {
    Code(String),
    External(String, String),
}

fn check(lookup: Lookup) -> Result<Vec<Key>, Error> {
    let code = match lookup.items.len() {
        0 => Some(Code::TooFew),
        n if n > ITEMS_MAX => Some(Code::TooMany),
        _ => None,
    };
    if let Some(code) = code {
        let field = FieldError::at("/items", code);
        return Err(Error::at(field.with("min", 1).with("max", ITEMS_MAX)));
    }
    let key = |(index, key): (usize, LookupKey)| match (key.code, key.system, key.value) {
        (Some(code), None, None) => Ok(Key::Code(code)),
        (None, Some(system), Some(value)) => Ok(Key::External(system, value)),
        (Some(_), _, _) => {
            let place = format!("/items/{index}/code");
            Err(Error::at(FieldError::at(place, Code::NotApplicable)))
        }
        (None, system, _) => {
            let missing = if system.is_some() { "value" } else { "system" };
            let place = format!("/items/{index}/{missing}");
            Err(Error::at(FieldError::at(place, Code::Required)))
        }
    };
    lookup.items.into_iter().enumerate().map(key).collect()
}

/// A key in another system finds only units of which the caller reads records.
fn find(
    db: &mut Db,
    _: &Scope,
    records: &Scope,
    keys: &[Key],
    today: NaiveDate,
) -> Result<Vec<Option<i64>>> {
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for key in keys {
        match key {
            Key::Code(code) => {
                codes.insert(code);
            }
            Key::External(system, value) => {
                values.entry(system).or_default().insert(value);
            }
        }
    }
    let query = units::table
        .filter(units::code.eq_any(codes))
        .select((units::code, units::id));
    let by_code: Vec<(String, i64)> = on_engine!(db, c => query.load(c))?;
    let by_code: BTreeMap<String, i64> = by_code.into_iter().collect();
    let mut by_external: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (system, values) in values {
        let query = external_ids::table
            .filter(external_ids::system.eq(system))
            .filter(external_ids::value.eq_any(values))
            .select((external_ids::value, external_ids::unit_id));
        let rows: Vec<(String, i64)> = on_engine!(db, c => query.load(c))?;
        let pair = |(value, id)| ((system.to_owned(), value), id);
        by_external.extend(rows.into_iter().map(pair));
    }
    let borne = by_external.values().copied().map(UnitId);
    let readable = cover::readable(db, records, borne, today)?;
    by_external.retain(|_, id| readable.contains(&UnitId(*id)));
    let find = |key: &Key| match key {
        Key::Code(code) => by_code.get(code).copied(),
        Key::External(system, value) => {
            let pair = (system.clone(), value.clone());
            by_external.get(&pair).copied()
        }
    };
    Ok(keys.iter().map(find).collect())
}

/// The last name that each unit had, or the only one it will have.
pub fn last_names(db: &mut Db, _: &Scope, ids: &[i64]) -> Result<BTreeMap<i64, UnitName>> {
    let query = unit_states::table
        .filter(unit_states::unit_id.eq_any(ids.iter().copied()))
        .filter(unit_states::alive)
        .order((unit_states::unit_id, unit_states::effective_on))
        .select((unit_states::unit_id, unit_states::code, unit_states::name));
    let rows: Vec<(i64, String, String)> = on_engine!(db, c => query.load(c))?;
    let name = |(id, code, name)| (id, UnitName { id, code, name });
    Ok(rows.into_iter().map(name).collect())
}

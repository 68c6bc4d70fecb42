//! What no decision sets: aliases, address, telephone, employer, tax code, administrative division. Each
//! value is dated and holds from its day until the next of the same field. External ids are not dated.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, patch, web};
use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::day::{Day, FIRST_DAY};
use liendoan_core::db::{Event, Hold};
use liendoan_core::error::FieldError;
use liendoan_core::schema::{external_ids, tree, unit_particulars, units};
use liendoan_core::validity::{ALWAYS, FOREVER};
use liendoan_core::{Code, Error, Result, Scope, Tx};
use serde_json::{Value, json};

use super::content::{Sound, UnitParticulars};
use super::handlers::{Sight, whole};
use super::model::{ExternalId, Unit};
use super::{UnitId, UnitRef, queries};
use crate::http::grant::EditUnits;
use crate::http::list::NoQuery;
use crate::http::{Answer, Grant, IfMatch, Patch, Problem, State};
use crate::tree::{cover, hold, revision_header};

/// What events on units are about: `unit.updated`.
pub const TOPIC: &str = "unit";

/// Update a unit's particulars
///
/// A merge patch (RFC 7396) of what no decision sets. What is named holds from `effective_on` until its
/// next change; names, kinds and places are changed by reorganisations alone.
#[utoipa::path(
    operation_id = "update_unit",
    tag = "units",
    params(("unit" = String, Path, description = "The unit's id, or `code:` and its code", example = "code:hn")),
    request_body(
        content = UnitParticulars,
        content_type = "application/merge-patch+json",
        description = "What is set",
        example = json!({"telephone": "024 3943 0000", "effective_on": "2025-07-01"}),
    ),
    responses((status = 200, description = "The unit, as it is today", body = Unit)),
)]
#[patch("/units/{unit}")]
pub async fn update(
    grant: Grant<EditUnits>,
    _: NoQuery,
    unit: UnitRef,
    if_match: IfMatch,
    patch: Patch<UnitParticulars>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let today = state.store.clock().today();
    let sound = patch.read()?.check(today)?;
    let scope = grant.scope().clone();
    let sight = Sight::of(&grant.caller);
    let answer = state
        .write(&grant.caller, move |tx| {
            let id = queries::resolve(tx, &scope, &unit)?;
            change(tx, &scope, id, &if_match, &sound)?;
            let (revision, view) = whole(tx, &scope, &UnitRef::Id(id), today, today, &sight)?;
            let (name, value) = revision_header(revision);
            Answer::new(StatusCode::OK)
                .version(etag(view.version, revision, today))
                .header(name, value)
                .json(&view)
        })
        .await?;
    Ok(answer.into())
}

/// Sets particulars for whoever is not asked which version they know.
pub fn enter(
    tx: &mut Tx<'_>,
    scope: &Scope,
    unit: UnitId,
    particulars: UnitParticulars,
    today: NaiveDate,
) -> Result<()> {
    change(tx, scope, unit, &IfMatch::Any, &particulars.check(today)?)
}

fn change(
    tx: &mut Tx<'_>,
    scope: &Scope,
    unit: UnitId,
    if_match: &IfMatch,
    sound: &Sound,
) -> Result<()> {
    // First the tree, as decisions do: in another order the two could wait for each other.
    hold(tx, Hold::Shared)?;
    let name = unit.to_string();
    tx.lock(TOPIC, [(name.as_str(), Hold::Alone)])?;
    let today = tx.today();
    cover::check_writes(tx, scope, Some(unit), today)?;
    let version: i32 = units::table
        .find(unit.0)
        .select(units::version)
        .first(&mut **tx)?;
    if_match.check_by(version, version_of)?;
    let before = told_before(tx, unit, sound)?;
    let mut differs: Vec<&str> = Vec::new();
    for (field, value) in &sound.values {
        if set(tx, unit, field, sound.effective_on, value.as_ref())? {
            differs.push(field);
        }
    }
    let units = cover::concerned(tx, [unit], today)?;
    if let Some(ids) = &sound.external_ids
        && replace_external_ids(tx, scope, unit, ids, &units)?
    {
        differs.push("external_ids");
    }
    if differs.is_empty() {
        return Ok(());
    }
    let is_found_otherwise = differs
        .iter()
        .any(|field| ["aliases", "external_ids"].contains(field));
    diesel::update(units::table.find(unit.0))
        .set(units::version.eq(version + 1))
        .execute(&mut **tx)?;
    if is_found_otherwise {
        note_names(tx, unit)?;
    }
    let gives_keys = differs.contains(&"external_ids");
    let values: serde_json::Map<String, Value> = sound
        .values
        .iter()
        .map(|(field, value)| ((*field).to_owned(), value.clone().unwrap_or(Value::Null)))
        .collect();
    let data = json!({
        "effective_on": (sound.effective_on != ALWAYS).then_some(Day(sound.effective_on.max(FIRST_DAY))),
        "particulars": values,
        // Which they are is told to those alone who read records of the unit.
        "external_ids_changed": gives_keys,
    });
    tx.record(Event {
        event_type: "unit.updated",
        subject_id: unit.0,
        subject_version: version + 1,
        data: &data,
        before: Some(&before),
        units: &units,
    })
}

/// What held on the day of a change, of all that it names.
fn told_before(tx: &mut Tx<'_>, unit: UnitId, sound: &Sound) -> Result<Value> {
    use unit_particulars::dsl;
    let held: Vec<(String, Option<String>)> = unit_particulars::table
        .filter(dsl::unit_id.eq(unit.0))
        .filter(dsl::effective_on.le(sound.effective_on))
        .filter(dsl::valid_to.gt(sound.effective_on))
        .select((dsl::field, dsl::value))
        .load(&mut **tx)?;
    let mut values = serde_json::Map::new();
    for (field, _) in &sound.values {
        let held = held.iter().find(|(known, _)| known == field);
        let value = held.and_then(|(_, value)| value.as_deref());
        let value = value.map_or(Ok(Value::Null), serde_json::from_str);
        values.insert((*field).to_owned(), value.map_err(Error::internal)?);
    }
    Ok(json!({ "particulars": values }))
}

/// Lets a value hold from a day until the next of its field; one of the same day is replaced. Answers
/// whether that differs from what was there.
fn set(
    tx: &mut Tx<'_>,
    unit: UnitId,
    field: &str,
    from: NaiveDate,
    value: Option<&Value>,
) -> Result<bool> {
    use unit_particulars::dsl;
    let of_field = || {
        unit_particulars::table
            .filter(dsl::unit_id.eq(unit.0))
            .filter(dsl::field.eq(field.to_owned()))
    };
    let value = value.map(Value::to_string);
    let there: Option<Option<String>> = of_field()
        .filter(dsl::effective_on.eq(from))
        .select(dsl::value)
        .first(&mut **tx)
        .optional()?;
    if there.is_some_and(|there| there == value) {
        return Ok(false);
    }
    let next: Option<NaiveDate> = of_field()
        .filter(dsl::effective_on.gt(from))
        .select(dsl::effective_on)
        .order(dsl::effective_on)
        .first(&mut **tx)
        .optional()?;
    diesel::delete(of_field().filter(dsl::effective_on.eq(from))).execute(&mut **tx)?;
    diesel::update(
        of_field()
            .filter(dsl::effective_on.lt(from))
            .filter(dsl::valid_to.gt(from)),
    )
    .set(dsl::valid_to.eq(from))
    .execute(&mut **tx)?;
    diesel::insert_into(unit_particulars::table)
        .values((
            dsl::unit_id.eq(unit.0),
            dsl::field.eq(field),
            dsl::effective_on.eq(from),
            dsl::valid_to.eq(next.unwrap_or(FOREVER)),
            dsl::value.eq(value),
        ))
        .execute(&mut **tx)?;
    Ok(true)
}

/// Answers whether they differ from those before.
fn replace_external_ids(
    tx: &mut Tx<'_>,
    scope: &Scope,
    unit: UnitId,
    ids: &BTreeSet<ExternalId>,
    units: &[UnitId],
) -> Result<bool> {
    use external_ids::dsl;
    let today = tx.today();
    let there = queries::external_ids(tx, &Scope::All, unit, today)?;
    if there.iter().collect::<BTreeSet<_>>() == ids.iter().collect() {
        return Ok(false);
    }
    for (index, id) in ids.iter().enumerate() {
        let holder: Option<i64> = external_ids::table
            .find((&id.system, &id.value))
            .select(dsl::unit_id)
            .first(&mut **tx)
            .optional()?;
        if let Some(holder) = holder.filter(|holder| *holder != unit.0) {
            let field = FieldError::at(format!("/external_ids/{index}"), Code::ExternalIdTaken);
            let is_known = !cover::readable(tx, scope, [UnitId(holder)], today)?.is_empty();
            return Err(Error::at(if is_known {
                field.with("unit", holder)
            } else {
                field
            }));
        }
    }
    diesel::delete(external_ids::table.filter(dsl::unit_id.eq(unit.0))).execute(&mut **tx)?;
    for id in ids {
        diesel::insert_into(external_ids::table)
            .values((
                dsl::system.eq(&id.system),
                dsl::value.eq(&id.value),
                dsl::unit_id.eq(unit.0),
            ))
            .execute(&mut **tx)?;
    }
    tx.audit(Entry {
        action: "unit.external_ids_replaced",
        object_id: Some(unit.0),
        about: None,
        units,
        before: Some(&json!(there)),
        after: Some(&json!(ids)),
    })?;
    Ok(true)
}

/// Lets search know that the unit is found by something else now.
fn note_names(tx: &mut Tx<'_>, unit: UnitId) -> Result<()> {
    diesel::update(tree::table.find(1))
        .set(tree::names_revision.eq(tree::names_revision + 1))
        .execute(&mut **tx)?;
    let revision: i64 = tree::table
        .find(1)
        .select(tree::names_revision)
        .first(&mut **tx)?;
    diesel::update(units::table.find(unit.0))
        .set(units::names_revision.eq(revision))
        .execute(&mut **tx)?;
    Ok(())
}

/// Bits of an ETag that hold the version of the particulars.
const VERSION_BITS: u32 = 20;

/// What a unit's answer is known by: it changes with the particulars, with the tree and with the day.
pub fn etag(version: i32, revision: i64, day: NaiveDate) -> i64 {
    let days = (day - FIRST_DAY).num_days();
    let of_tree = revision.wrapping_mul(500_000).wrapping_add(days) & ((1 << 42) - 1);
    (of_tree << VERSION_BITS) | (i64::from(version) & ((1 << VERSION_BITS) - 1))
}

/// The version of the particulars that an ETag tells of.
fn version_of(etag: i64) -> i64 {
    etag & ((1 << VERSION_BITS) - 1)
}

/// Aliases as they are kept.
pub fn aliases_of(kept: Option<&str>) -> Result<Vec<String>> {
    kept.map_or(Ok(Vec::new()), |kept| {
        serde_json::from_str(kept).map_err(Error::internal)
    })
}

/// A text as it is kept.
pub fn text_of(kept: Option<&str>) -> Result<Option<String>> {
    kept.map_or(Ok(None), |kept| {
        serde_json::from_str(kept).map_err(Error::internal)
    })
}

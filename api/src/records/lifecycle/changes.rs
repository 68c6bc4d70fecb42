//! What is done to records: each change with its rights, its step, its event, in one transaction.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::{Event, Hold};
use liendoan_core::error::FieldError;
use liendoan_core::schema::{
    record_documents, record_hands, record_steps, record_versions, records,
};
use liendoan_core::{Code, Error, Result, Scope, Tx, UnitId};
use serde_json::{Value, json};

use super::approvers::hands;
use super::beside::{self, Beside};
use super::kind::{Facets, Kind};
use super::model::Record;
use super::rights::{check_side, recording};
use super::state::{Action, Life, State};
use super::{RecordId, links, queries, words};
use crate::http::IfMatch;
use crate::http::grant::{Caller, Principal};
use crate::records::locks::closing;
use crate::tree::places::{self, Placed};
use crate::tree::units::queries::coded;
use crate::tree::{cover, hold};

/// Why something is done, and to what in the content it points.
#[derive(Clone, Debug, Default)]
pub struct Because {
    pub reason: Option<String>,
    pub places: Vec<String>,
}

/// Writes a draft.
pub fn create<K: Kind>(tx: &mut Tx<'_>, caller: &Caller, content: &K) -> Result<Record> {
    hold(tx, Hold::Shared)?;
    let scope = recording(caller, K::KIND)?;
    let facets = content.facets();
    let unit = coded(tx, &scope, &facets.unit)?;
    let today = tx.today();
    cover::check_writes(tx, &scope, Some(unit), today)?;
    let day = day_of(tx, unit, &facets)?;
    content.check_on(tx, &scope, day, today)?;
    let (now, me) = (tx.now(), caller.principal.to_string());
    let text = serde_json::to_string(content).map_err(Error::internal)?;
    let id: RecordId = diesel::insert_into(records::table)
        .values((
            records::version.eq(1),
            records::kind.eq(K::KIND.as_str()),
            records::unit_id.eq(unit),
            records::state.eq(State::Draft.as_str()),
            records::number.eq(Life::NEW.number),
            records::approved_number.eq(Life::NEW.approved_number),
            (
                records::starts_on.eq(facets.period.first_day()),
                records::ends_on.eq(facets.period.last_day()),
                records::record_day.eq(day),
                records::title.eq(&facets.title),
                records::category.eq(&facets.category),
                records::status.eq(facets.status),
                records::content.eq(&text),
                records::recorded_by.eq(me),
                records::created_at.eq(now),
                records::updated_at.eq(now),
            ),
        ))
        .returning(records::id)
        .get_result(&mut **tx)?;
    let placed = Placed {
        record: id.0,
        unit,
        kind: K::KIND.as_str().to_owned(),
        day,
    };
    places::place(tx, &placed)?;
    name_documents(tx, id, &facets.documents, false)?;
    words::keep(tx, id, &facets.title, &text)?;
    leave_hand(tx, caller, id)?;
    let record = queries::reread(tx, id)?;
    tell(tx, "created", None, &record)?;
    Ok(record)
}

/// Writes other content, unless somebody else was faster.
pub fn update<K: Kind>(
    tx: &mut Tx<'_>,
    caller: &Caller,
    before: &Record,
    content: &K,
) -> Result<Record> {
    let scope = recording(caller, K::KIND)?;
    let life = before.life.after(Action::Edit)?.unwrap_or(before.life);
    let facets = content.facets();
    let unit = coded(tx, &scope, &facets.unit)?;
    if unit != before.unit && before.life.was_approved() {
        // Where it counts already stays where it was counted: withdraw it and record it there.
        return Err(Error::at(FieldError::at("/unit", Code::ReadOnly)));
    }
    let today = tx.today();
    cover::check_writes(tx, &scope, Some(unit), today)?;
    let day = day_of(tx, unit, &facets)?;
    content.check_on(tx, &scope, day, today)?;
    let text = serde_json::to_string(content).map_err(Error::internal)?;
    let after = Written {
        life,
        unit,
        day,
        facets: &facets,
        content: &text,
        beside: &before.beside,
        recorded_by: &before.recorded_by,
        submitted_by: None,
    };
    edit(tx, caller, before, &after)
}

/// Sets what stands beside the content, unless somebody else was faster.
pub fn set_beside(
    tx: &mut Tx<'_>,
    caller: &Caller,
    before: &Record,
    beside: &Beside,
) -> Result<Record> {
    let after = Written {
        life: before.life.after(Action::Edit)?.unwrap_or(before.life),
        unit: before.unit,
        day: before.record_day,
        facets: &before.kind.facets(&before.content)?,
        content: &before.content,
        beside,
        recorded_by: &before.recorded_by,
        submitted_by: None,
    };
    edit(tx, caller, before, &after)
}

fn edit(tx: &mut Tx<'_>, caller: &Caller, before: &Record, after: &Written<'_>) -> Result<Record> {
    write(tx, before, after)?;
    leave_hand(tx, caller, before.id)?;
    let record = queries::reread(tx, before.id)?;
    tell(tx, Action::Edit.done(), Some(before), &record)?;
    Ok(record)
}

/// Takes a step, of a version that the caller knows; answers what it made of the record, None where it is gone.
pub fn act(
    tx: &mut Tx<'_>,
    caller: &Caller,
    before: &Record,
    if_match: &IfMatch,
    action: Action,
    because: &Because,
) -> Result<Option<Record>> {
    hold(tx, Hold::Shared)?;
    check_side(tx, caller, before, action.side())?;
    if_match.check(before.version)?;
    if action.needs_reason() && because.reason.is_none() {
        return Err(Error::at(FieldError::at("/reason", Code::Required)));
    }
    let Some(life) = before.life.after(action)? else {
        return remove(tx, before).map(|()| None);
    };
    if action.needs_open_period() {
        closing::check_open(tx, before.id.0)?;
    }
    match action {
        Action::Submit => {
            check_submits(tx, before)?;
            leave_hand(tx, caller, before.id)?;
        }
        Action::Approve => keep_version(tx, caller, before)?,
        Action::Correct => leave_hand(tx, caller, before.id)?,
        _ => {}
    }
    let me = caller.principal.to_string();
    let approved = if action == Action::Delete {
        approved_content(tx, before)?
    } else {
        None
    };
    let kept = (before.content.as_str(), &before.beside);
    let ((content, beside), recorded_by) = match (&approved, action) {
        (Some((content, beside, by)), _) => ((content.as_str(), beside), by.as_str()),
        (None, Action::Correct) => (kept, me.as_str()),
        (None, _) => (kept, before.recorded_by.as_str()),
    };
    let facets = before.kind.facets(content)?;
    let day = places::record_day(
        tx,
        before.unit,
        facets.period.first_day(),
        facets.period.last_day(),
    )?;
    let after = Written {
        life,
        unit: before.unit,
        day: day.unwrap_or(before.record_day),
        facets: &facets,
        content,
        beside,
        recorded_by,
        submitted_by: (action == Action::Submit).then_some(&me),
    };
    write(tx, before, &after)?;
    step(tx, caller, before.id, life, action, because)?;
    let record = queries::reread(tx, before.id)?;
    tell(tx, action.done(), Some(before), &record)?;
    Ok(Some(record))
}

/// What is sent up has a day in its unit's life, and fits the reference data of that day.
fn check_submits(tx: &mut Tx<'_>, record: &Record) -> Result<()> {
    let day = places::record_day(tx, record.unit, record.starts_on, record.ends_on)?;
    let outside = || Error::at(FieldError::at("/period", Code::OutsideLife));
    let days = (day.ok_or_else(outside)?, tx.today());
    record
        .kind
        .check_stored(&record.content, tx, &Scope::All, days)
}

fn day_of(tx: &mut Tx<'_>, unit: UnitId, facets: &Facets) -> Result<NaiveDate> {
    let (first, last) = (facets.period.first_day(), facets.period.last_day());
    let outside = || Error::at(FieldError::at("/period", Code::OutsideLife));
    places::record_day(tx, unit, first, last)?.ok_or_else(outside)
}

/// What is written of a record.
struct Written<'a> {
    life: Life,
    unit: UnitId,
    day: NaiveDate,
    facets: &'a Facets,
    content: &'a str,
    beside: &'a Beside,
    recorded_by: &'a str,
    /// Who sends it up with this; None where it does not wait.
    submitted_by: Option<&'a str>,
}

/// Writes a record, unless somebody else was faster.
fn write(tx: &mut Tx<'_>, before: &Record, after: &Written<'_>) -> Result<()> {
    let unchanged = records::id
        .eq(before.id)
        .and(records::version.eq(before.version));
    let now = tx.now();
    let facets = after.facets;
    let written = diesel::update(records::table.filter(unchanged))
        .set((
            records::version.eq(before.version + 1),
            records::unit_id.eq(after.unit),
            records::state.eq(after.life.state.as_str()),
            records::number.eq(after.life.number),
            records::approved_number.eq(after.life.approved_number),
            records::starts_on.eq(facets.period.first_day()),
            records::ends_on.eq(facets.period.last_day()),
            records::record_day.eq(after.day),
            (
                records::title.eq(&facets.title),
                records::category.eq(&facets.category),
                records::status.eq(facets.status),
                records::content.eq(after.content),
                records::beside.eq(json_of(after.beside)?),
                records::recorded_by.eq(after.recorded_by),
                records::submitted_by.eq(after.submitted_by),
                records::submitted_at.eq(after.submitted_by.map(|_| now)),
                records::updated_at.eq(now),
            ),
        ))
        .execute(&mut **tx)?;
    if written == 0 {
        return Err(Code::VersionOutdated.into());
    }
    name_documents(tx, before.id, &facets.documents, before.life.was_approved())?;
    if after.content != before.content {
        words::keep(tx, before.id, &facets.title, after.content)?;
    }
    if *after.beside != before.beside {
        beside::name_files(tx, before.id, after.beside)?;
    }
    if after.beside.links != before.beside.links {
        links::name_others(tx, before.id, after.beside)?;
    }
    if (after.unit, after.day) != (before.unit, before.record_day) {
        let placed = Placed {
            record: before.id.0,
            unit: after.unit,
            kind: before.kind.as_str().to_owned(),
            day: after.day,
        };
        places::place(tx, &placed)?;
    }
    Ok(())
}

/// Throws a draft away that was never approved.
fn remove(tx: &mut Tx<'_>, before: &Record) -> Result<()> {
    // While its place is still known.
    tell(tx, Action::Delete.done(), None, before)?;
    beside::let_files_go(tx, before.id)?;
    let unchanged = records::id
        .eq(before.id)
        .and(records::version.eq(before.version));
    let deleted = diesel::delete(records::table.filter(unchanged)).execute(&mut **tx)?;
    if deleted == 0 {
        return Err(Code::VersionOutdated.into());
    }
    Ok(())
}

/// Keeps what is approved for ever. Whose hands it went through matters no more.
fn keep_version(tx: &mut Tx<'_>, caller: &Caller, before: &Record) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(record_versions::table)
        .values((
            record_versions::record_id.eq(before.id.0),
            record_versions::number.eq(before.life.number),
            record_versions::content.eq(&before.content),
            record_versions::beside.eq(json_of(&before.beside)?),
            record_versions::recorded_by.eq(&before.recorded_by),
            record_versions::approved_by.eq(caller.principal.to_string()),
            record_versions::approved_at.eq(now),
        ))
        .execute(&mut **tx)?;
    let of_record = record_hands::table.filter(record_hands::record_id.eq(before.id.0));
    diesel::delete(of_record).execute(&mut **tx)?;
    Ok(())
}

/// The content that counts, what stands beside it, and who wrote it.
fn approved_content(tx: &mut Tx<'_>, record: &Record) -> Result<Option<(String, Beside, String)>> {
    let query = record_versions::table
        .find((record.id.0, record.life.approved_number))
        .select((
            record_versions::content,
            record_versions::beside,
            record_versions::recorded_by,
        ));
    let kept: Option<(String, String, String)> = query.first(&mut **tx).optional()?;
    let known = |(content, beside, by): (String, String, String)| {
        Ok((content, super::kind::read(&beside)?, by))
    };
    kept.map(known).transpose()
}

fn json_of(beside: &Beside) -> Result<String> {
    serde_json::to_string(beside).map_err(Error::internal)
}

/// Remembers that somebody had a hand in what is not approved yet.
fn leave_hand(tx: &mut Tx<'_>, caller: &Caller, id: RecordId) -> Result<()> {
    let Principal::Account(me) = caller.principal else {
        return Ok(());
    };
    if hands(tx, id)?.contains(&me) {
        return Ok(());
    }
    diesel::insert_into(record_hands::table)
        .values((
            record_hands::record_id.eq(id.0),
            record_hands::account_id.eq(me),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Lets a record name these documents; those that an approved content named stay named.
fn name_documents(
    tx: &mut Tx<'_>,
    record: RecordId,
    documents: &[i64],
    keeps_others: bool,
) -> Result<()> {
    let of_record = || record_documents::table.filter(record_documents::record_id.eq(record.0));
    let known = of_record().select(record_documents::document_id);
    let known: BTreeSet<i64> = known.load::<i64>(&mut **tx)?.into_iter().collect();
    let wanted: BTreeSet<i64> = documents.iter().copied().collect();
    let dropped: Vec<i64> = known.difference(&wanted).copied().collect();
    if !keeps_others && !dropped.is_empty() {
        let dropped = of_record().filter(record_documents::document_id.eq_any(dropped));
        diesel::delete(dropped).execute(&mut **tx)?;
    }
    for document in wanted.difference(&known) {
        diesel::insert_into(record_documents::table)
            .values((
                record_documents::record_id.eq(record.0),
                record_documents::document_id.eq(document),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

fn step(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: RecordId,
    life: Life,
    action: Action,
    because: &Because,
) -> Result<()> {
    let now = tx.now();
    let places = match because.places.as_slice() {
        [] => None,
        places => Some(serde_json::to_string(places).map_err(Error::internal)?),
    };
    diesel::insert_into(record_steps::table)
        .values((
            record_steps::record_id.eq(id.0),
            record_steps::number.eq(life.number),
            record_steps::action.eq(action.as_str()),
            record_steps::state.eq(life.state.as_str()),
            record_steps::done_by.eq(caller.principal.to_string()),
            record_steps::done_at.eq(now),
            record_steps::reason.eq(&because.reason),
            record_steps::places.eq(places),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Leaves the event: it is heard of by those who have rights on a unit above, of then or of now.
fn tell(tx: &mut Tx<'_>, done: &str, before: Option<&Record>, record: &Record) -> Result<()> {
    let told = |record: &Record| -> Result<Value> {
        let content: Value = super::kind::read(&record.content)?;
        Ok(json!({
            "unit": record.unit_code,
            "state": record.life.state,
            "number": record.life.number,
            "approved_number": record.life.was_approved().then_some(record.life.approved_number),
            "record_day": liendoan_core::day::Day(record.record_day),
            "content": content,
            "attachments": record.beside.attachments,
        }))
    };
    let (before, data) = (before.map(told).transpose()?, told(record)?);
    let units = queries::units_above(tx, &Scope::All, record.id)?;
    let event_type = format!("{}.{done}", record.kind.as_str());
    tx.record_within_units(Event {
        event_type: &event_type,
        subject_id: record.id.0,
        subject_version: record.version,
        data: &data,
        before: before.as_ref(),
        units: &units,
    })
}

//! What is written of a record: its row, its places, and beside it versions, steps, hands, and the event.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::Event;
use liendoan_core::schema::{record_hands, record_steps, record_versions, records};
use liendoan_core::{Code, Error, Result, Scope, Timestamp, Tx, UnitId, on_engine};
use serde_json::{Value, json};

use super::beside::{self, Beside};
use super::changes::Because;
use super::kind::Facets;
use super::mentions::{self, Earlier};
use super::model::Record;
use super::state::{Action, Life};
use super::{RecordId, likeness, links, queries, words};
use crate::http::grant::{Caller, Principal};
use crate::tree::places::{self, Placed};

/// What is written of a record.
pub(super) struct Written<'a> {
    pub life: Life,
    pub unit: UnitId,
    pub day: NaiveDate,
    pub facets: &'a Facets,
    pub content: &'a str,
    pub beside: &'a Beside,
    pub recorded_by: &'a str,
    /// Who sends it up with this; None where it does not wait.
    pub submitted_by: Option<&'a str>,
}

impl Written<'_> {
    /// What is made of a record by it.
    fn record(&self, before: &Record, now: Timestamp) -> Record {
        let facets = self.facets;
        Record {
            version: before.version + 1,
            unit: self.unit,
            unit_code: facets.unit.clone(),
            life: self.life,
            starts_on: facets.period.first_day(),
            ends_on: facets.period.last_day(),
            record_day: self.day,
            title: facets.title.clone(),
            content: self.content.to_owned(),
            beside: self.beside.clone(),
            recorded_by: self.recorded_by.to_owned(),
            submitted_by: self.submitted_by.map(str::to_owned),
            submitted_at: self.submitted_by.map(|_| now),
            updated_at: now,
            ..*before
        }
    }
}

/// Writes a record, unless somebody else was faster; answers what it is then.
pub(super) fn write(tx: &mut Tx<'_>, before: &Record, after: &Written<'_>) -> Result<Record> {
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
                records::due_on.eq(facets.due_on),
                records::likeness.eq(likeness::of(&facets.likeness)),
            ),
        ))
        .execute(&mut **tx)?;
    if written == 0 {
        return Err(Code::VersionOutdated.into());
    }
    if after.content != before.content {
        let earlier = if before.life.was_approved() {
            Earlier::Kept
        } else {
            Earlier::Dropped
        };
        mentions::write(tx, before.id, &facets.names, earlier)?;
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
        places::place_anew(tx, &placed)?;
    }
    Ok(after.record(before, now))
}

/// Throws a draft away that was never approved.
pub(super) fn remove(tx: &mut Tx<'_>, before: &Record) -> Result<()> {
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
pub(super) fn keep_version(tx: &mut Tx<'_>, caller: &Caller, before: &Record) -> Result<()> {
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
pub(super) fn approved_content(
    tx: &mut Tx<'_>,
    record: &Record,
) -> Result<Option<(String, Beside, String)>> {
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
pub(super) fn leave_hand(tx: &mut Tx<'_>, caller: &Caller, id: RecordId) -> Result<()> {
    let Principal::Account(me) = caller.principal else {
        return Ok(());
    };
    let hand = (
        record_hands::record_id.eq(id.0),
        record_hands::account_id.eq(me),
    );
    let insert = diesel::insert_into(record_hands::table).values(hand);
    let insert = insert.on_conflict_do_nothing();
    on_engine!(&mut **tx, c => insert.execute(c))?;
    Ok(())
}

pub(super) fn step(
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

/// Leaves the event of what was done to a record.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    done: &str,
    before: Option<&Record>,
    record: &Record,
) -> Result<()> {
    let units = queries::units_above(tx, &Scope::All, record.id)?;
    tell_those_above(tx, done, before, record, &units)
}

/// The same, of a record that stands under these units, of then or of now: those hear of it who have rights on one.
pub(super) fn tell_those_above(
    tx: &mut Tx<'_>,
    done: &str,
    before: Option<&Record>,
    record: &Record,
    units: &[UnitId],
) -> Result<()> {
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
            // Of which kinds, and not to which records: whoever hears of this one may not read those.
            "links": record.beside.links.iter().map(|link| link.kind).collect::<Vec<_>>(),
        }))
    };
    let (before, data) = (before.map(told).transpose()?, told(record)?);
    let event_type = format!("{}.{done}", record.kind.as_str());
    tx.record_within_units(Event {
        event_type: &event_type,
        subject_id: record.id.0,
        subject_version: record.version,
        data: &data,
        before: before.as_ref(),
        units,
    })
}

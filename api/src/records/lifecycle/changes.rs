//! What is done to records: each change with its rights, its step, its event, in one transaction.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::Hold;
use liendoan_core::error::FieldError;
use liendoan_core::schema::records;
use liendoan_core::{Code, Error, Result, Scope, Tx, UnitId, on_engine};

use super::beside::Beside;
use super::kind::{Facets, Kind, On};
use super::mentions::{self, Earlier};
use super::model::Record;
use super::rights::{check_side, recording};
use super::state::{Action, Life, State};
use super::writing::{
    Written, approved_content, keep_version, leave_hand, remove, step, tell, tell_those_above,
    write,
};
use super::{RecordId, likeness, people, words};
use crate::http::IfMatch;
use crate::http::grant::Caller;
use crate::records::figures;
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
    let on = On {
        record: None,
        unit,
        day,
        today,
    };
    content.check_on(tx, &scope, &on)?;
    let (now, me) = (tx.now(), caller.principal.to_string());
    let (stored, person) = content.parted();
    let text = serde_json::to_string(&stored).map_err(Error::internal)?;
    let (starts_on, ends_on) = (facets.period.first_day(), facets.period.last_day());
    let row = (
        records::version.eq(1),
        records::kind.eq(K::KIND.as_str()),
        records::unit_id.eq(unit),
        records::state.eq(State::Draft.as_str()),
        records::number.eq(Life::NEW.number),
        records::approved_number.eq(Life::NEW.approved_number),
        (
            records::starts_on.eq(starts_on),
            records::ends_on.eq(ends_on),
            records::record_day.eq(day),
            records::title.eq(&facets.title),
            records::category.eq(&facets.category),
            records::status.eq(facets.status),
            records::content.eq(&text),
            records::recorded_by.eq(&me),
            records::created_at.eq(now),
            records::updated_at.eq(now),
            records::due_on.eq(facets.due_on),
            records::likeness.eq(likeness::of(&facets.likeness)),
        ),
    );
    let insert = diesel::insert_into(records::table).values(row);
    let insert = insert.returning(records::id);
    let id: RecordId = on_engine!(&mut **tx, c => insert.get_result(c))?;
    let placed = Placed {
        record: id.0,
        unit,
        kind: K::KIND.as_str().to_owned(),
        day,
    };
    let units = places::place(tx, &placed)?;
    mentions::write(tx, id, &facets.names, Earlier::None)?;
    if person.is_some() {
        people::keep(tx, id, Life::NEW.number, person.as_ref())?;
    }
    words::keep(tx, id, &facets.title, &text)?;
    leave_hand(tx, caller, id)?;
    let record = Record {
        id,
        version: 1,
        kind: K::KIND,
        unit,
        unit_code: facets.unit,
        life: Life::NEW,
        starts_on,
        ends_on,
        record_day: day,
        title: facets.title,
        content: text,
        beside: Beside::default(),
        recorded_by: me,
        submitted_by: None,
        submitted_at: None,
        created_at: now,
        updated_at: now,
    };
    tell_those_above(tx, "created", None, &record, &units)?;
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
    let on = On {
        record: Some(before.id),
        unit,
        day,
        today,
    };
    content.check_on(tx, &scope, &on)?;
    let (stored, person) = content.parted();
    let text = serde_json::to_string(&stored).map_err(Error::internal)?;
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
    if K::PERSON.is_some() {
        people::keep(tx, before.id, life.number, person.as_ref())?;
    }
    edit(tx, caller, before, &after)
}

/// Sets what stands beside the content, unless somebody else was faster.
pub fn set_beside(
    tx: &mut Tx<'_>,
    caller: &Caller,
    before: &Record,
    beside: &Beside,
) -> Result<Record> {
    let life = before.life.after(Action::Edit)?.unwrap_or(before.life);
    let person = people::carry(tx, before, life)?;
    let after = Written {
        life,
        unit: before.unit,
        day: before.record_day,
        facets: &before.kind.facets(&before.content, person)?,
        content: &before.content,
        beside,
        recorded_by: &before.recorded_by,
        submitted_by: None,
    };
    edit(tx, caller, before, &after)
}

fn edit(tx: &mut Tx<'_>, caller: &Caller, before: &Record, after: &Written<'_>) -> Result<Record> {
    let record = write(tx, before, after)?;
    leave_hand(tx, caller, before.id)?;
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
        let days = figures::other_days(tx, before)?;
        closing::check_open_on(tx, before.unit, &days)?;
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
    let person = people::carry(tx, before, life)?;
    let facets = before.kind.facets(content, person)?;
    let day = match &approved {
        // Of the period that it had then.
        Some(_) => {
            let (first, last) = (facets.period.first_day(), facets.period.last_day());
            places::record_day(tx, before.unit, first, last)?
        }
        None => None,
    };
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
    let record = write(tx, before, &after)?;
    if matches!(action, Action::Approve | Action::Withdraw) {
        figures::follow(tx, before.id)?;
    }
    step(tx, caller, before.id, life, action, because)?;
    tell(tx, action.done(), Some(before), &record)?;
    Ok(Some(record))
}

/// What is sent up has a day in its unit's life, and fits the reference data of that day.
fn check_submits(tx: &mut Tx<'_>, record: &Record) -> Result<()> {
    let day = places::record_day(tx, record.unit, record.starts_on, record.ends_on)?;
    let outside = || Error::at(FieldError::at("/period", Code::OutsideLife));
    let on = On {
        record: Some(record.id),
        unit: record.unit,
        day: day.ok_or_else(outside)?,
        today: tx.today(),
    };
    record
        .kind
        .check_stored(&record.content, tx, &Scope::All, &on)
}

fn day_of(tx: &mut Tx<'_>, unit: UnitId, facets: &Facets) -> Result<NaiveDate> {
    let (first, last) = (facets.period.first_day(), facets.period.last_day());
    let outside = || Error::at(FieldError::at("/period", Code::OutsideLife));
    places::record_day(tx, unit, first, last)?.ok_or_else(outside)
}

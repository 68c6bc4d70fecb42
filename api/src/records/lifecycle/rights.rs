//! Who may do what to a record: those who record for its unit today, and those who approve for its superior.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::Hold;
use liendoan_core::schema::record_places;
use liendoan_core::{Code, Db, Error, Result, Scope, Tx, UnitId, on_engine};

use super::RecordId;
use super::approvers::{Seat, hands};
use super::kind::RecordKind;
use super::model::Record;
use super::state::{Action, Side};
use crate::http::grant::{Caller, Principal};
use crate::records::locks::closing;
use crate::tree::{cover, hold};

/// Where the caller records a kind; refused where they don't at all.
pub fn recording(caller: &Caller, kind: RecordKind) -> Result<Scope> {
    permitted(caller, kind.to_record())
}

fn permitted(caller: &Caller, permission: &'static str) -> Result<Scope> {
    let held = caller.rights.scope(permission).cloned();
    held.ok_or_else(|| Error::new(Code::Forbidden).with("permission", permission))
}

/// Lets only those edit who record for its unit today.
pub fn check_edits(tx: &mut Tx<'_>, caller: &Caller, record: &Record) -> Result<()> {
    hold(tx, Hold::Shared)?;
    check_side(tx, caller, record, Side::Recorder)
}

/// Lets only those act whose matter it is.
pub fn check_side(tx: &mut Tx<'_>, caller: &Caller, record: &Record, side: Side) -> Result<()> {
    let today = tx.today();
    match side {
        Side::Recorder => {
            let scope = recording(caller, record.kind)?;
            cover::check_writes(tx, &scope, Some(record.unit), today)
        }
        Side::Approver => {
            permitted(caller, record.kind.to_approve())?;
            match refusal_to_approve(tx, caller, record, today)? {
                None => Ok(()),
                Some(code) => Err(code.into()),
            }
        }
    }
}

/// Why it is not the caller who decides; None where it is.
fn refusal_to_approve(
    db: &mut Db,
    caller: &Caller,
    record: &Record,
    today: NaiveDate,
) -> Result<Option<Code>> {
    let Principal::Account(me) = caller.principal else {
        return Ok(Some(Code::PeopleOnly));
    };
    let seat = Seat::of(db, me, record.kind.to_approve(), today)?;
    if !seat.asked(db, &[record.id])?.is_empty() {
        return Ok(None);
    }
    Ok(Some(if hands(db, record.id)?.contains(&me) {
        Code::SelfApproval
    } else {
        Code::NotTheApprover
    }))
}

/// What the caller may do now with each of some records: as many questions for a page as for one.
pub fn allowed(
    db: &mut Db,
    caller: &Caller,
    records: &[Record],
    today: NaiveDate,
) -> Result<Vec<Vec<Action>>> {
    let (mut recording, mut approving) = (BTreeSet::new(), BTreeSet::new());
    for kind in RecordKind::ALL.iter().copied() {
        let open_to = |side: Side| -> Vec<RecordId> {
            let open = records
                .iter()
                .filter(|record| record.kind == kind && record.life.is_open_to(side));
            open.map(|record| record.id).collect()
        };
        if let Some(scope) = caller.rights.scope(kind.to_record()) {
            recording.extend(under_today(db, scope, open_to(Side::Recorder))?);
        }
        let waiting = open_to(Side::Approver);
        if let Principal::Account(me) = caller.principal
            && caller.rights.scope(kind.to_approve()).is_some()
            && !waiting.is_empty()
        {
            let seat = Seat::of(db, me, kind.to_approve(), today)?;
            approving.extend(seat.asked(db, &waiting)?);
        }
    }
    let may = |record: &Record, action: Action| match action.side() {
        Side::Recorder => recording.contains(&record.id),
        Side::Approver => approving.contains(&record.id),
    };
    let allowed = |record: &Record| -> Vec<Action> {
        let all = Action::ALL.into_iter();
        all.filter(|action| record.life.allows(*action) && may(record, *action))
            .collect()
    };
    let mut allowed: Vec<Vec<Action>> = records.iter().map(allowed).collect();
    let is_touched = |(_, allowed): &(&Record, &Vec<Action>)| {
        allowed.iter().any(|action| action.needs_open_period())
    };
    let touched = records.iter().zip(&allowed).filter(is_touched);
    let touched: Vec<i64> = touched.map(|(record, _)| record.id.0).collect();
    let closed = closing::closed(db, &Scope::All, &touched, today)?;
    for (record, allowed) in records.iter().zip(&mut allowed) {
        if closed.contains_key(&record.id.0) {
            allowed.retain(|action| !action.needs_open_period());
        }
    }
    Ok(allowed)
}

/// What the caller may do with a record now.
pub fn allowed_of(
    db: &mut Db,
    caller: &Caller,
    record: &Record,
    today: NaiveDate,
) -> Result<Vec<Action>> {
    let allowed = allowed(db, caller, std::slice::from_ref(record), today)?;
    Ok(allowed.into_iter().next().unwrap_or_default())
}

/// Those of some records whose unit stands under the scope today.
fn under_today(db: &mut Db, scope: &Scope, records: Vec<RecordId>) -> Result<Vec<RecordId>> {
    let Scope::Under(tops) = scope else {
        return Ok(records);
    };
    if records.is_empty() || tops.is_empty() {
        return Ok(Vec::new());
    }
    // All their places, a handful each: by the unit as well, PostgreSQL would rather look through all that is under it.
    let query = record_places::table
        .filter(record_places::record_id.eq_any(records.iter().map(|record| record.0)))
        .filter(record_places::height.is_not_null())
        .select((record_places::record_id, record_places::ancestor_id));
    let places: Vec<(i64, i64)> = on_engine!(db, c => query.load(c))?;
    let under = places
        .into_iter()
        .filter(|(_, unit)| tops.contains(&UnitId(*unit)));
    Ok(under.map(|(record, _)| RecordId(record)).collect())
}

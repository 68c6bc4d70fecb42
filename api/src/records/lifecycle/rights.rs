//! Who may do what to a record: those who record for its unit today, and those who approve for its superior.

use chrono::NaiveDate;
use liendoan_core::db::Hold;
use liendoan_core::{Code, Db, Error, Result, Scope, Tx};

use super::approvers::{approvers, hands};
use super::kind::RecordKind;
use super::model::Record;
use super::state::{Action, Side};
use crate::http::grant::{Caller, Principal};
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
    let hands = hands(db, record.id)?;
    if hands.contains(&me) {
        return Ok(Some(Code::SelfApproval));
    }
    let found = approvers(db, record.unit, record.kind.to_approve(), &hands, today)?;
    let is_asked = found.contains(&me);
    Ok((!is_asked).then_some(Code::NotTheApprover))
}

/// What the caller may do with a record now.
pub fn allowed(
    db: &mut Db,
    caller: &Caller,
    record: &Record,
    today: NaiveDate,
) -> Result<Vec<Action>> {
    let open = Action::ALL
        .into_iter()
        .filter(|action| record.life.allows(*action));
    let open: Vec<Action> = open.collect();
    let is_open_to = |side: Side| open.iter().any(|action| action.side() == side);
    let records = match caller.rights.scope(record.kind.to_record()) {
        Some(scope) if is_open_to(Side::Recorder) => cover::covers(db, scope, record.unit, today)?,
        _ => false,
    };
    let holds = caller.rights.scope(record.kind.to_approve()).is_some();
    let approves = holds
        && is_open_to(Side::Approver)
        && refusal_to_approve(db, caller, record, today)?.is_none();
    let may = |action: &Action| match action.side() {
        Side::Recorder => records,
        Side::Approver => approves,
    };
    Ok(open.into_iter().filter(may).collect())
}

//! Who is named by a record, kept apart from its content: no version, event or log entry holds a name. Whoever
//! may read of people is shown them by the record's own address alone, and each such reading is in the audit log.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::schema::record_people as people;
use liendoan_core::{Db, Error, Result, Scope, Tx, on_engine};

use super::kind::read;
use super::model::Record;
use super::state::Life;
use super::{RecordId, queries};
use crate::http::grant::{Caller, ReadPersonalData};
use crate::records::parts::Person;

/// Whom one content of a record names.
pub fn of(db: &mut Db, _: &Scope, record: RecordId, number: i32) -> Result<Option<Person>> {
    let query = people::table
        .find((record.0, number))
        .select(people::person);
    let kept: Option<String> = on_engine!(db, c => query.first(c)).optional()?;
    kept.map(|kept| read(&kept)).transpose()
}

/// Those of some records whose shown content names somebody.
pub fn named(db: &mut Db, _: &Scope, records: &[Record]) -> Result<BTreeSet<RecordId>> {
    if records.is_empty() {
        return Ok(BTreeSet::new());
    }
    let query = people::table
        .filter(people::record_id.eq_any(records.iter().map(|record| record.id.0)))
        .select((people::record_id, people::number));
    let kept: Vec<(i64, i32)> = on_engine!(db, c => query.load(c))?;
    let shown = |record: &&Record| kept.contains(&(record.id.0, record.life.number));
    Ok(records
        .iter()
        .filter(shown)
        .map(|record| record.id)
        .collect())
}

/// Keeps whom a content names, in place of whom it named.
pub fn keep(tx: &mut Tx<'_>, record: RecordId, number: i32, person: Option<&Person>) -> Result<()> {
    diesel::delete(people::table.find((record.0, number))).execute(&mut **tx)?;
    if let Some(person) = person {
        let text = serde_json::to_string(person).map_err(Error::internal)?;
        diesel::insert_into(people::table)
            .values((
                people::record_id.eq(record.0),
                people::number.eq(number),
                people::person.eq(text),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Whom the content of a record names once it has another number: a correction begins with whom the approved one
/// names, and leaves nobody behind where it is thrown away.
pub fn carry(tx: &mut Tx<'_>, before: &Record, after: Life) -> Result<Option<Person>> {
    if !before.kind.names_people() {
        return Ok(None);
    }
    let (was, number) = (before.life.number, after.number);
    let from = was.min(number);
    let person = of(tx, &Scope::All, before.id, from)?;
    if number > was {
        keep(tx, before.id, number, person.as_ref())?;
    } else if number < was {
        keep(tx, before.id, was, None)?;
    }
    Ok(person)
}

/// Whether the caller reads of the people whom a record names.
pub fn may_read(db: &mut Db, caller: &Caller, record: &Record, today: NaiveDate) -> Result<bool> {
    let scope = caller.scope::<ReadPersonalData>();
    queries::reads(db, &scope, record, today)
}

/// Leaves word that the caller has read of them.
pub fn tell(tx: &mut Tx<'_>, record: RecordId, action: &str) -> Result<()> {
    let units = queries::units_above(tx, &Scope::All, record)?;
    tx.audit(Entry {
        action,
        object_id: Some(record.0),
        units: &units,
        ..Entry::default()
    })
}

//! Holds the figures that count against what approved contents say.

use std::collections::BTreeMap;

use diesel::prelude::*;
use liendoan_core::schema::{figures, records};
use liendoan_core::{Db, Result, Scope, on_engine};

use super::queries::{Row, approved, kept, rows};
use crate::records::lifecycle::RecordId;

/// Records in one statement.
const CHUNK: usize = 500;

/// How many figures count, and the ids of the records of which others count than their approved contents say.
pub fn misplaced(db: &mut Db, _: &Scope) -> Result<(i64, Vec<i64>)> {
    let count: i64 = on_engine!(&mut *db, c => figures::table.count().get_result(c))?;
    let (mut misplaced, mut last) = (Vec::new(), RecordId(0));
    loop {
        let query = records::table
            .filter(records::id.gt(last))
            .order(records::id)
            .limit(i64::try_from(CHUNK).unwrap_or(i64::MAX))
            .select(records::id);
        let some: Vec<RecordId> = on_engine!(&mut *db, c => query.load(c))?;
        let Some(end) = some.last() else {
            return Ok((count, misplaced));
        };
        last = *end;
        let mut known: BTreeMap<RecordId, Vec<Row>> = BTreeMap::new();
        for row in kept(db, &some)? {
            known.entry(row.record_id).or_default().push(row);
        }
        for record in some {
            let wanted = match approved(db, record)? {
                Some(approved) => rows(db, record, &approved)?.rows,
                None => Vec::new(),
            };
            if known.remove(&record).unwrap_or_default() != wanted {
                misplaced.push(record.0);
            }
        }
    }
}

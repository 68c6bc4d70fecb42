//! What waits for somebody's approval, oldest first.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::Statement;
use liendoan_core::schema::grants;
use liendoan_core::{Db, Result, Timestamp, on_engine};

use super::approvers::roles_with;
use super::kind::RecordKind;
use super::model::Record;
use super::queries::{COLUMNS, load};
use crate::access::principals::root;

/// Where the row of an inbox stands: when it was submitted, and its id.
pub type Key = (Timestamp, i64);

/// Records that wait for an account, after one: those for which no unit nearer than one of the account's has
/// anybody who may decide and neither wrote nor submitted them.
pub fn waiting(
    db: &mut Db,
    account: i64,
    after: Option<Key>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Record>> {
    let mut found: Vec<Record> = Vec::new();
    for kind in RecordKind::ALL {
        let roles = roles_with(db, kind.to_approve())?;
        for unit in units_of(db, account, &roles, today)? {
            found.extend(of_unit(
                db,
                kind,
                &roles,
                (account, unit),
                after,
                limit,
                today,
            )?);
        }
    }
    found.sort_by_key(|record| (record.submitted_at, record.id));
    found.dedup_by_key(|record| record.id);
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(found)
}

/// Units on which an account holds one of some roles today.
fn units_of(db: &mut Db, account: i64, roles: &[String], today: NaiveDate) -> Result<Vec<i64>> {
    let query = grants::table
        .filter(grants::account_id.eq(account))
        .filter(grants::role.eq_any(roles.to_vec()))
        .filter(grants::valid_from.le(today))
        .filter(grants::valid_to.gt(today))
        .select(grants::unit_id);
    let held: Vec<Option<i64>> = on_engine!(&mut *db, c => query.load(c))?;
    let root = root(db, today)?;
    // A role on the whole federation is one on the root.
    let mut units: Vec<i64> = held.into_iter().filter_map(|unit| unit.or(root)).collect();
    units.sort_unstable();
    units.dedup();
    Ok(units)
}

/// In SQLite a CROSS JOIN keeps its order: from the few units above a record to the grants on them.
const WAITING: &str = "\
FROM records r JOIN units u ON u.id = r.unit_id JOIN record_places p ON p.record_id = r.id AND p.ancestor_id = $1 AND p.height >= 1 \
WHERE r.state = 'submitted' AND r.kind = $2 AND (r.submitted_at, r.id) > ($3, $4) \
AND NOT EXISTS (SELECT 1 FROM record_hands h WHERE h.record_id = r.id AND h.account_id = $5) \
AND NOT EXISTS ( \
  SELECT 1 FROM record_places q CROSS JOIN grants g CROSS JOIN accounts a \
  WHERE q.record_id = r.id AND q.height >= 1 AND q.height < p.height \
  AND g.unit_id = q.ancestor_id AND g.valid_from <= $6 AND g.valid_to > $6 AND g.role IN (ROLES) \
  AND a.id = g.account_id AND a.state = 'active' \
  AND NOT EXISTS (SELECT 1 FROM record_hands h WHERE h.record_id = r.id AND h.account_id = g.account_id)) \
ORDER BY r.submitted_at, r.id LIMIT $7";

fn of_unit(
    db: &mut Db,
    kind: RecordKind,
    roles: &[String],
    (account, unit): (i64, i64),
    after: Option<Key>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Record>> {
    let places: Vec<String> = (8..8 + roles.len())
        .map(|place| format!("${place}"))
        .collect();
    let (at, id) = after.unwrap_or((Timestamp::default(), 0));
    let mut query = Statement::new(format!(
        "SELECT {COLUMNS} {}",
        WAITING.replace("ROLES", &places.join(", "))
    ))
    .bind(unit)
    .bind(kind.as_str())
    .bind(at)
    .bind(id)
    .bind(account)
    .bind(today)
    .bind(limit);
    for role in roles {
        query = query.bind(role.as_str());
    }
    load(db, &query)
}

//! What waits for somebody's approval, oldest first.

use chrono::NaiveDate;
use liendoan_core::db::Value;
use liendoan_core::{Db, Result, Timestamp};

use super::approvers::Seat;
use super::kind::RecordKind;
use super::model::Record;
use super::queries::{COLUMNS, load};

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
    for kind in RecordKind::ALL.iter().copied() {
        let seat = Seat::of(db, account, kind.to_approve(), today)?;
        for unit in &seat.units {
            found.extend(of_unit(db, kind, &seat, *unit, after, limit)?);
        }
    }
    found.sort_by_key(|record| (record.submitted_at, record.id));
    found.dedup_by_key(|record| record.id);
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(found)
}

/// Of the few that wait, by the places of each; never, so `+ 0`, of all that stands under the unit.
const WAITING: &str = "\
FROM records r JOIN units u ON u.id = r.unit_id JOIN record_places p ON p.record_id = r.id AND p.ancestor_id + 0 = $3 \
WHERE r.state = 'submitted' AND r.kind = $4 AND (r.submitted_at, r.id) > ($5, $6) AND ASKED \
ORDER BY r.submitted_at, r.id LIMIT $7";

fn of_unit(
    db: &mut Db,
    kind: RecordKind,
    seat: &Seat,
    unit: i64,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Record>> {
    let (at, id) = after.unwrap_or((Timestamp::default(), 0));
    let own: Vec<Value> = vec![
        unit.into(),
        kind.as_str().into(),
        at.into(),
        id.into(),
        limit.into(),
    ];
    load(
        db,
        &seat.statement(&format!("SELECT {COLUMNS} {WAITING}"), own),
    )
}

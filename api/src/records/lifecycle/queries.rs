//! Reading rows of records, for those who read them: what was under their units on the record's day, and what
//! is under them today.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};
use liendoan_core::clock::rfc3339;
use liendoan_core::db::{FromText, Statement, Value};
use liendoan_core::schema::{record_places, record_steps, record_versions};
use liendoan_core::{Code, Db, Error, Result, Scope, Timestamp, UnitId, on_engine};

use super::RecordId;
use super::beside::{Attachment, Beside};
use super::kind::{RecordKind, read};
use super::model::{ApprovedVersion, Record, Step};
use super::state::{Action, Life, State};
use crate::tree::{cover, places};

/// A row of `records`, with the code of its unit.
#[derive(QueryableByName)]
pub struct Row {
    #[diesel(sql_type = BigInt)]
    id: RecordId,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    unit_id: UnitId,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Integer)]
    approved_number: i32,
    #[diesel(sql_type = Date, deserialize_as = FromText<NaiveDate>)]
    starts_on: NaiveDate,
    #[diesel(sql_type = Date, deserialize_as = FromText<NaiveDate>)]
    ends_on: NaiveDate,
    #[diesel(sql_type = Date, deserialize_as = FromText<NaiveDate>)]
    record_day: NaiveDate,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    content: String,
    #[diesel(sql_type = Text)]
    beside: String,
    #[diesel(sql_type = Text)]
    recorded_by: String,
    #[diesel(sql_type = Nullable<Text>)]
    submitted_by: Option<String>,
    #[diesel(sql_type = Nullable<diesel::sql_types::Timestamp>)]
    submitted_at: Option<Timestamp>,
    #[diesel(sql_type = diesel::sql_types::Timestamp, deserialize_as = FromText<Timestamp>)]
    created_at: Timestamp,
    #[diesel(sql_type = diesel::sql_types::Timestamp, deserialize_as = FromText<Timestamp>)]
    updated_at: Timestamp,
    #[diesel(sql_type = Text)]
    unit_code: String,
}

/// The columns of a [`Row`], of `records r` and `units u`.
pub const COLUMNS: &str = "\
r.id, r.version, r.kind, r.unit_id, r.state, r.number, r.approved_number, r.starts_on, r.ends_on, r.record_day, \
r.title, r.content, r.beside, r.recorded_by, r.submitted_by, r.submitted_at, r.created_at, r.updated_at, u.code AS unit_code";

/// Records that a statement finds, in its order.
pub fn load(db: &mut Db, statement: &Statement) -> Result<Vec<Record>> {
    let rows: Vec<Row> = on_engine!(db, c => statement.clone().load(c))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

impl TryFrom<Row> for Record {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            version: row.version,
            kind: RecordKind::named(&row.kind)?,
            unit: row.unit_id,
            unit_code: row.unit_code,
            life: Life {
                state: State::named(&row.state)?,
                number: row.number,
                approved_number: row.approved_number,
            },
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            record_day: row.record_day,
            title: row.title,
            content: row.content,
            beside: read(&row.beside)?,
            recorded_by: row.recorded_by,
            submitted_by: row.submitted_by,
            submitted_at: row.submitted_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// One that the scope reads; of a kind, where one is named.
pub fn find(db: &mut Db, scope: &Scope, kind: Option<RecordKind>, id: RecordId) -> Result<Record> {
    let mut values = vec![Value::from(id.0)];
    let read = read_by(scope, |value| {
        values.push(value);
        format!("${}", values.len())
    });
    let text = format!(
        "SELECT {COLUMNS} FROM records r JOIN units u ON u.id = r.unit_id WHERE r.id = $1 AND {read}"
    );
    let query = values
        .into_iter()
        .fold(Statement::new(text), Statement::bind);
    let found = load(db, &query)?.pop();
    let asked_for = found.filter(|record| kind.is_none_or(|kind| kind == record.kind));
    asked_for.ok_or_else(|| Code::NotFound.into())
}

/// Whether the scope covers its unit on its day, or today.
pub fn reads(db: &mut Db, scope: &Scope, record: &Record, today: NaiveDate) -> Result<bool> {
    Ok(cover::covers(db, scope, record.unit, record.record_day)?
        || cover::covers(db, scope, record.unit, today)?)
}

/// The condition on `records r` that a scope reads it: by its places of then and of now, or since it is open to
/// all who read records. `bind` takes a value in and answers where it stands.
pub fn read_by(scope: &Scope, bind: impl FnMut(Value) -> String) -> String {
    let Scope::Under(tops) = scope else {
        return "TRUE".to_owned();
    };
    if tops.is_empty() {
        return "FALSE".to_owned();
    }
    let tops = tops.iter().map(|top| Value::from(top.0));
    let tops: Vec<String> = tops.map(bind).collect();
    let open = RecordKind::ALL.iter().filter(|kind| kind.is_open());
    let open: Vec<String> = open.map(|kind| format!("'{}'", kind.as_str())).collect();
    format!(
        "({} OR r.kind IN ({}) AND r.state = '{}')",
        places::stands_under("r.id", &tops.join(", "), None),
        open.join(", "),
        State::Approved.as_str()
    )
}

/// The units above it, of then and of now: whoever has rights on one of these hears of it.
pub fn units_above(db: &mut Db, _: &Scope, id: RecordId) -> Result<Vec<UnitId>> {
    let query = record_places::table
        .filter(record_places::record_id.eq(id.0))
        .order(record_places::ancestor_id)
        .select(record_places::ancestor_id);
    let ids: Vec<i64> = on_engine!(db, c => query.load(c))?;
    Ok(ids.into_iter().map(UnitId).collect())
}

/// Steps of a record, in their order, after one.
pub fn steps(
    db: &mut Db,
    _: &Scope,
    record: &Record,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Step)>> {
    type Kept = (
        i64,
        String,
        String,
        i32,
        String,
        Timestamp,
        Option<String>,
        Option<String>,
    );
    let query = record_steps::table
        .filter(record_steps::record_id.eq(record.id.0))
        .filter(record_steps::id.gt(after))
        .order(record_steps::id)
        .limit(limit)
        .select((
            record_steps::id,
            record_steps::action,
            record_steps::state,
            record_steps::number,
            record_steps::done_by,
            record_steps::done_at,
            record_steps::reason,
            record_steps::places,
        ));
    let kept: Vec<Kept> = on_engine!(db, c => query.load(c))?;
    let step = |(id, action, state, number, by, at, reason, places): Kept| {
        let mut all = Action::ALL.into_iter();
        let unknown = || Error::internal(format!("nothing is done by {action:?}"));
        let known = all
            .find(|known| known.as_str() == action)
            .ok_or_else(unknown)?;
        let step = Step {
            action: known,
            state: State::named(&state)?,
            number,
            by,
            at: rfc3339(at),
            reason,
            places: places.map_or(Ok(Vec::new()), |places| read(&places))?,
        };
        Ok((id, step))
    };
    kept.into_iter().map(step).collect()
}

/// Contents of a record that were approved, in their order, after one.
pub fn versions(
    db: &mut Db,
    _: &Scope,
    record: &Record,
    after: i32,
    limit: i64,
) -> Result<Vec<ApprovedVersion>> {
    type Kept = (i32, String, String, String, String, Timestamp);
    let query = record_versions::table
        .filter(record_versions::record_id.eq(record.id.0))
        .filter(record_versions::number.gt(after))
        .order(record_versions::number)
        .limit(limit)
        .select((
            record_versions::number,
            record_versions::content,
            record_versions::beside,
            record_versions::recorded_by,
            record_versions::approved_by,
            record_versions::approved_at,
        ));
    let kept: Vec<Kept> = on_engine!(db, c => query.load(c))?;
    let version = |(number, content, beside, recorded_by, approved_by, at): Kept| {
        Ok(ApprovedVersion {
            number,
            content: read(&content)?,
            attachments: read::<Beside>(&beside)?.attachments,
            recorded_by,
            approved_by,
            approved_at: rfc3339(at),
        })
    };
    kept.into_iter().map(version).collect()
}

/// A file of a record: of its newest content, else of the last approved one that has it.
pub fn attachment(db: &mut Db, _: &Scope, record: &Record, sha256: &str) -> Result<Attachment> {
    if let Some(attachment) = record.beside.attachment(sha256) {
        return Ok(attachment.clone());
    }
    let query = record_versions::table
        .filter(record_versions::record_id.eq(record.id.0))
        .order(record_versions::number.desc())
        .select(record_versions::beside);
    let kept: Vec<String> = on_engine!(db, c => query.load(c))?;
    for beside in &kept {
        if let Some(attachment) = read::<Beside>(beside)?.attachment(sha256) {
            return Ok(attachment.clone());
        }
    }
    Err(Code::NotFound.into())
}

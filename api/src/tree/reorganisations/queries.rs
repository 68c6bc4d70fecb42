//! Rows of `reorganisations`.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::day::Day;
use liendoan_core::db::Event;
use liendoan_core::paging::after;
use liendoan_core::schema::{reorganisation_versions, reorganisations};
use liendoan_core::validity::ALWAYS;
use liendoan_core::{Code, Db, Error, Result, Scope, Timestamp, Tx, UnitId};

use super::ReorganisationId;
use super::content::{Precision, ReorganisationContent};
use super::model::{Recorded, ReorganisationState, Told, day_of};
use super::preview::Preview;

/// What events on reorganisations are about: `reorganisation.recorded`.
pub const TOPIC: &str = "reorganisation";

#[derive(Queryable)]
struct Row {
    id: ReorganisationId,
    version: i32,
    document_id: i64,
    effective_on: NaiveDate,
    day_seq: i32,
    effective_precision: String,
    note: Option<String>,
    lines: String,
    _lines_total: i32,
    annulled_because: Option<String>,
    _is_announced: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A reorganisation without its lines, of which there may be 10,000.
#[derive(Queryable)]
pub struct Listed {
    pub id: ReorganisationId,
    pub version: i32,
    pub document_id: i64,
    pub effective_on: NaiveDate,
    pub day_seq: i32,
    pub effective_precision: String,
    pub note: Option<String>,
    pub lines_total: i32,
    pub annulled_because: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl TryFrom<Row> for Recorded {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            version: row.version,
            content: ReorganisationContent {
                document_id: row.document_id,
                effective_on: (row.effective_on != ALWAYS).then_some(Day(row.effective_on)),
                effective_precision: Precision::named(&row.effective_precision),
                note: row.note,
                lines: serde_json::from_str(&row.lines).map_err(Error::internal)?,
            },
            day_seq: row.day_seq,
            annulled_because: row.annulled_because,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

pub fn find(db: &mut Db, _: &Scope, id: ReorganisationId) -> Result<Recorded> {
    let row: Row = reorganisations::table.find(id).first(db)?;
    row.try_into()
}

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub state: Option<ReorganisationState>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub document_id: Option<i64>,
    pub today: NaiveDate,
}

/// Where a page of the list starts: after this place in the order of replay.
pub type Start = (NaiveDate, i32);

macro_rules! matching {
    ($wanted:expr) => {{
        let wanted: &Wanted = $wanted;
        let mut query = reorganisations::table.into_boxed();
        match wanted.state {
            Some(ReorganisationState::Annulled) => {
                query = query.filter(reorganisations::annulled_because.is_not_null());
            }
            Some(ReorganisationState::Planned) => {
                query = query
                    .filter(reorganisations::annulled_because.is_null())
                    .filter(reorganisations::effective_on.gt(wanted.today));
            }
            Some(ReorganisationState::InEffect) => {
                query = query
                    .filter(reorganisations::annulled_because.is_null())
                    .filter(reorganisations::effective_on.le(wanted.today));
            }
            None => {}
        }
        if let Some(from) = wanted.from {
            query = query.filter(reorganisations::effective_on.ge(from));
        }
        if let Some(to) = wanted.to {
            query = query.filter(reorganisations::effective_on.lt(to));
        }
        if let Some(document) = wanted.document_id {
            query = query.filter(reorganisations::document_id.eq(document));
        }
        query
    }};
}

/// Reorganisations in the order of replay.
pub fn list(
    db: &mut Db,
    _: &Scope,
    wanted: &Wanted,
    start: Option<Start>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let mut query = matching!(wanted);
    if let Some(key) = start {
        let columns = (reorganisations::effective_on, reorganisations::day_seq);
        query = query.filter(after(columns, key));
    }
    Ok(query
        .order((reorganisations::effective_on, reorganisations::day_seq))
        .limit(limit)
        .select((
            reorganisations::id,
            reorganisations::version,
            reorganisations::document_id,
            reorganisations::effective_on,
            reorganisations::day_seq,
            reorganisations::effective_precision,
            reorganisations::note,
            reorganisations::lines_total,
            reorganisations::annulled_because,
            reorganisations::created_at,
            reorganisations::updated_at,
        ))
        .load(db)?)
}

pub fn count(db: &mut Db, _: &Scope, wanted: &Wanted) -> Result<i64> {
    Ok(matching!(wanted).count().get_result(db)?)
}

/// The place of a decision that comes last on a day.
pub fn next_seq(db: &mut Db, day: NaiveDate) -> Result<i32> {
    let highest: Option<i32> = reorganisations::table
        .filter(reorganisations::effective_on.eq(day))
        .select(diesel::dsl::max(reorganisations::day_seq))
        .first(db)?;
    Ok(highest.unwrap_or(0) + 1)
}

fn lines_of(content: &ReorganisationContent) -> Result<String> {
    serde_json::to_string(&content.lines).map_err(Error::internal)
}

fn lines_total(content: &ReorganisationContent) -> i32 {
    i32::try_from(content.lines.len()).unwrap_or(i32::MAX)
}

pub fn insert(
    tx: &mut Tx<'_>,
    content: &ReorganisationContent,
    day_seq: i32,
    today: NaiveDate,
) -> Result<Recorded> {
    let now = tx.now();
    let row: Row = diesel::insert_into(reorganisations::table)
        .values((
            reorganisations::version.eq(1),
            reorganisations::document_id.eq(content.document_id),
            reorganisations::effective_on.eq(day_of(content)),
            reorganisations::day_seq.eq(day_seq),
            reorganisations::effective_precision.eq(content.effective_precision.as_str()),
            reorganisations::note.eq(&content.note),
            reorganisations::lines.eq(lines_of(content)?),
            reorganisations::lines_total.eq(lines_total(content)),
            reorganisations::is_announced.eq(day_of(content) <= today),
            reorganisations::created_at.eq(now),
            reorganisations::updated_at.eq(now),
        ))
        .get_result(&mut **tx)?;
    row.try_into()
}

/// Keeps what it said and sets what it says now.
pub fn correct(
    tx: &mut Tx<'_>,
    before: &Recorded,
    content: &ReorganisationContent,
    day_seq: i32,
    today: NaiveDate,
) -> Result<Recorded> {
    let now = tx.now();
    let kept = serde_json::to_string(&before.content).map_err(Error::internal)?;
    diesel::insert_into(reorganisation_versions::table)
        .values((
            reorganisation_versions::reorganisation_id.eq(before.id.0),
            reorganisation_versions::version.eq(before.version),
            reorganisation_versions::content.eq(kept),
            reorganisation_versions::recorded_at.eq(now),
        ))
        .execute(&mut **tx)?;
    let unchanged = reorganisations::id
        .eq(before.id)
        .and(reorganisations::version.eq(before.version));
    let row: Option<Row> = diesel::update(reorganisations::table.filter(unchanged))
        .set((
            reorganisations::version.eq(before.version + 1),
            reorganisations::document_id.eq(content.document_id),
            reorganisations::effective_on.eq(day_of(content)),
            reorganisations::day_seq.eq(day_seq),
            reorganisations::effective_precision.eq(content.effective_precision.as_str()),
            reorganisations::note.eq(&content.note),
            reorganisations::lines.eq(lines_of(content)?),
            reorganisations::lines_total.eq(lines_total(content)),
            reorganisations::is_announced.eq(day_of(content) <= today),
            reorganisations::updated_at.eq(now),
        ))
        .get_result(&mut **tx)
        .optional()?;
    row.ok_or(Code::VersionOutdated)?.try_into()
}

pub fn annul(tx: &mut Tx<'_>, before: &Recorded, reason: &str) -> Result<Recorded> {
    let now = tx.now();
    let unchanged = reorganisations::id
        .eq(before.id)
        .and(reorganisations::version.eq(before.version));
    let row: Option<Row> = diesel::update(reorganisations::table.filter(unchanged))
        .set((
            reorganisations::version.eq(before.version + 1),
            reorganisations::annulled_because.eq(reason),
            reorganisations::is_announced.eq(true),
            reorganisations::updated_at.eq(now),
        ))
        .get_result(&mut **tx)
        .optional()?;
    row.ok_or(Code::VersionOutdated)?.try_into()
}

/// What it said before each correction: content, and when it was replaced.
pub fn versions(
    db: &mut Db,
    _: &Scope,
    id: ReorganisationId,
) -> Result<Vec<(i32, String, Timestamp)>> {
    Ok(reorganisation_versions::table
        .filter(reorganisation_versions::reorganisation_id.eq(id.0))
        .order(reorganisation_versions::version)
        .select((
            reorganisation_versions::version,
            reorganisation_versions::content,
            reorganisation_versions::recorded_at,
        ))
        .load(db)?)
}

/// Planned ones whose day has come and of which the feed has not told yet.
pub fn unannounced(db: &mut Db, today: NaiveDate) -> Result<Vec<Recorded>> {
    let rows: Vec<Row> = reorganisations::table
        .filter(diesel::dsl::not(reorganisations::is_announced))
        .filter(reorganisations::effective_on.le(today))
        .order((reorganisations::effective_on, reorganisations::day_seq))
        .load(db)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub fn mark_announced(tx: &mut Tx<'_>, id: ReorganisationId) -> Result<bool> {
    let pending = reorganisations::id
        .eq(id)
        .and(diesel::dsl::not(reorganisations::is_announced));
    let marked = diesel::update(reorganisations::table.filter(pending))
        .set(reorganisations::is_announced.eq(true))
        .execute(&mut **tx)?;
    Ok(marked == 1)
}

/// What is told of a decision.
pub struct News<'a> {
    pub event_type: &'static str,
    pub before: Option<&'a Recorded>,
    pub tree_revision: i64,
    pub preview: Option<&'a Preview>,
    pub units: &'a [UnitId],
}

/// Leaves the event of what happened to it.
pub fn tell(tx: &mut Tx<'_>, recorded: &Recorded, news: &News<'_>) -> Result<()> {
    let codes = |preview: &Preview| preview.units.iter().map(|unit| unit.code.clone()).collect();
    let data = serde_json::to_value(Told {
        document_id: recorded.content.document_id,
        effective_on: recorded.content.effective_on,
        effective_precision: recorded.content.effective_precision,
        lines_total: recorded.content.lines.len(),
        annulled_because: recorded.annulled_because.as_deref(),
        tree_revision: news.tree_revision,
        units_total: news.preview.map(|preview| preview.units_total),
        units: news.preview.map(codes),
    });
    let data = data.map_err(Error::internal)?;
    // The lines of old are kept with the decision's versions.
    let before = news.before.map(|before| {
        serde_json::json!({
            "document_id": before.content.document_id,
            "effective_on": before.content.effective_on,
            "effective_precision": before.content.effective_precision,
            "lines_total": before.content.lines.len(),
            "version": before.version,
        })
    });
    tx.record(Event {
        event_type: news.event_type,
        subject_id: recorded.id.0,
        subject_version: recorded.version,
        data: &data,
        before: before.as_ref(),
        units: news.units,
    })
}

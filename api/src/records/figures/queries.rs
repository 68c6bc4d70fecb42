//! Rows of `figures`: what counts, written as records are approved and withdrawn.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use liendoan_core::db::{Hold, Statement};
use liendoan_core::schema::{figure_changes, figure_twins, figures};
use liendoan_core::{Code, Db, Error, Result, Scope, Tx, UnitId, on_engine};

use super::model::Figure;
use crate::records::catalogues::measures::MeasureKind;
use crate::records::catalogues::{self, Measure};
use crate::records::lifecycle::beside::Beside;
use crate::records::lifecycle::kind::read;
use crate::records::lifecycle::links::LinkKind;
use crate::records::lifecycle::{Record, RecordId, RecordKind};
use crate::tree::places;

/// What rows of statements and stocks are locked by.
const TOPIC: &str = "figure";

/// A figure that counts.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = figures)]
pub(super) struct Row {
    pub record_id: RecordId,
    pub place: i32,
    pub unit_id: UnitId,
    pub measure: String,
    pub coverage: String,
    pub is_statement: bool,
    pub period: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub day: NaiveDate,
    pub quantity: String,
    pub text: Option<String>,
    pub basis: String,
    pub told_once: Option<String>,
}

/// The approved content of a record that was not withdrawn.
pub(super) struct Approved {
    kind: RecordKind,
    unit: UnitId,
    content: String,
    beside: Beside,
}

impl Approved {
    /// The records that it calls the same event.
    pub fn twins(&self) -> BTreeSet<i64> {
        let links = self.beside.links.iter();
        let same = links.filter(|link| link.kind == LinkKind::SameEvent);
        same.map(|link| link.record_id).collect()
    }

    /// Whether it has happened, so that it counts.
    fn has_happened(&self) -> Result<bool> {
        Ok(self.kind.facets(&self.content, None)?.figures.is_some())
    }
}

/// The records, but for one, that told some of this once already.
pub(super) fn told_by_others(
    db: &mut Db,
    _: &Scope,
    keys: &[&str],
    except: Option<RecordId>,
) -> Result<Vec<(String, RecordId)>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let query = figures::table
        .filter(figures::told_once.eq_any(keys))
        // No id is 0.
        .filter(figures::record_id.ne(except.unwrap_or(RecordId(0))))
        .select((figures::told_once.assume_not_null(), figures::record_id));
    Ok(on_engine!(db, c => query.load(c))?)
}

/// Writes what counts of a record whose approved content has changed, and of those that tell of the same event by its
/// word.
pub fn follow(tx: &mut Tx<'_>, record: RecordId) -> Result<()> {
    renew(tx, record)?;
    let query = figure_twins::table
        .filter(figure_twins::twin_id.eq(record.0))
        .order(figure_twins::record_id)
        .select(figure_twins::record_id);
    let others: Vec<RecordId> = on_engine!(&mut **tx, c => query.load(c))?;
    others.into_iter().try_for_each(|other| renew(tx, other))
}

/// The days beside its own of which a record tells in figures: in what counts, and in its newest content.
pub fn other_days(tx: &mut Tx<'_>, record: &Record) -> Result<BTreeSet<NaiveDate>> {
    let mut days = BTreeSet::new();
    if record.life.was_approved() {
        days.extend(kept(tx, &[record.id])?.iter().map(|row| row.day));
    }
    let told = record.kind.facets(&record.content, None)?.figures;
    for period in told
        .iter()
        .flatten()
        .filter_map(|figure| figure.period.as_ref())
    {
        let (first, last) = (period.first_day(), period.last_day());
        days.extend(places::record_day(tx, record.unit, first, last)?);
    }
    days.remove(&record.record_day);
    Ok(days)
}

fn renew(tx: &mut Tx<'_>, record: RecordId) -> Result<()> {
    let approved = approved(tx, record)?;
    let wanted = match &approved {
        Some(approved) => rows(tx, record, approved)?,
        None => Wanted::default(),
    };
    name_twins(tx, record, &wanted.twins)?;
    let kept = kept(tx, &[record])?;
    if kept == wanted.rows {
        return Ok(());
    }
    check_told_once(tx, record, &wanted.rows)?;
    let of_record = figures::table.filter(figures::record_id.eq(record));
    on_engine!(&mut **tx, c => diesel::delete(of_record).execute(c))?;
    // Several rows in one statement are more than the two engines share.
    on_engine!(&mut **tx, c => diesel::insert_into(figures::table).values(&wanted.rows).execute(c))?;
    let changed: Vec<_> = kept
        .iter()
        .chain(&wanted.rows)
        .map(|row| {
            (
                figure_changes::unit_id.eq(row.unit_id.0),
                figure_changes::measure.eq(&row.measure),
                figure_changes::period.eq(&row.period),
            )
        })
        .collect();
    on_engine!(&mut **tx, c => diesel::insert_into(figure_changes::table).values(&changed).execute(c))?;
    Ok(())
}

/// Nobody else has told it meanwhile, nor does at this moment.
fn check_told_once(tx: &mut Tx<'_>, record: RecordId, rows: &[Row]) -> Result<()> {
    let keys: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.told_once.as_deref())
        .collect();
    if keys.is_empty() {
        return Ok(());
    }
    tx.lock(TOPIC, keys.iter().map(|key| (*key, Hold::Alone)))?;
    match told_by_others(tx, &Scope::All, &keys, Some(record))?.first() {
        None => Ok(()),
        Some((_, other)) => Err(Error::new(Code::ToldAlready).with("record_id", other.0)),
    }
}

/// Keeps which records an approved content with figures calls the same event.
fn name_twins(tx: &mut Tx<'_>, record: RecordId, wanted: &BTreeSet<i64>) -> Result<()> {
    let of_record = || figure_twins::table.filter(figure_twins::record_id.eq(record.0));
    let query = of_record().select(figure_twins::twin_id);
    let known: Vec<i64> = on_engine!(&mut **tx, c => query.load(c))?;
    if known.iter().copied().collect::<BTreeSet<i64>>() == *wanted {
        return Ok(());
    }
    diesel::delete(of_record()).execute(&mut **tx)?;
    for twin in wanted {
        diesel::insert_into(figure_twins::table)
            .values((
                figure_twins::record_id.eq(record.0),
                figure_twins::twin_id.eq(twin),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// What is to be kept of a record.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub rows: Vec<Row>,
    pub twins: BTreeSet<i64>,
}

/// What counts of an approved content.
pub(super) fn rows(db: &mut Db, record: RecordId, approved: &Approved) -> Result<Wanted> {
    let facets = approved.kind.facets(&approved.content, None)?;
    let told = facets.figures.unwrap_or_default();
    if told.is_empty() {
        return Ok(Wanted::default());
    }
    let (mut twins, mut is_counted_there) = (BTreeSet::new(), false);
    for twin in approved.twins() {
        // What was linked as a draft may be gone.
        if let Some(life) = life_of(db, RecordId(twin))? {
            twins.insert(twin);
            is_counted_there |= life.map_or(Ok(false), |other| other.has_happened())?;
        }
    }
    let mut rows = Vec::new();
    if !is_counted_there {
        let kinds = measure_kinds(db, &told)?;
        let of = (approved.kind, approved.unit);
        for (place, figure) in told.iter().enumerate() {
            let period = figure.period(&facets.period);
            let (starts_on, ends_on) = (period.first_day(), period.last_day());
            let day = places::record_day(db, approved.unit, starts_on, ends_on)?;
            let unknown = || Error::internal(format!("there is no measure {:?}", figure.measure));
            let measure = *kinds.get(&figure.measure).ok_or_else(unknown)?;
            rows.push(Row {
                record_id: record,
                place: i32::try_from(place).map_err(Error::internal)?,
                unit_id: approved.unit,
                measure: figure.measure.clone(),
                coverage: figure.coverage.as_str().to_owned(),
                is_statement: approved.kind == RecordKind::Return && measure == MeasureKind::Flow,
                period: period.to_string(),
                starts_on,
                ends_on,
                // Where it did not live at all it counts under nobody.
                day: day.unwrap_or(ends_on),
                quantity: serde_json::to_string(&figure.quantity).map_err(Error::internal)?,
                text: figure.text.clone(),
                basis: figure.basis.as_str().to_owned(),
                told_once: figure.told_once(of, &facets.period, measure),
            });
        }
    }
    Ok(Wanted { rows, twins })
}

/// Whether the measures of figures are flows or stocks; the latest entry of a code says so.
fn measure_kinds(db: &mut Db, figures: &[Figure]) -> Result<BTreeMap<String, MeasureKind>> {
    let codes = figures.iter().map(|figure| figure.measure.as_str());
    let entries = catalogues::of_codes::<Measure>(db, &Scope::All, &codes.collect())?;
    let kind =
        |entry: catalogues::Entry<Measure>| (entry.fields.common.code, entry.fields.own.kind);
    Ok(entries.into_iter().map(kind).collect())
}

/// The rows of some records, in their order.
pub(super) fn kept(db: &mut Db, records: &[RecordId]) -> Result<Vec<Row>> {
    let query = figures::table
        .filter(figures::record_id.eq_any(records))
        .order((figures::record_id, figures::place))
        .select(Row::as_select());
    Ok(query.load(db)?)
}

#[derive(QueryableByName)]
struct ApprovedRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    unit_id: UnitId,
    #[diesel(sql_type = diesel::sql_types::Nullable<Text>)]
    content: Option<String>,
    #[diesel(sql_type = diesel::sql_types::Nullable<Text>)]
    beside: Option<String>,
}

/// What counts of a record, if anything does.
pub(super) fn approved(db: &mut Db, record: RecordId) -> Result<Option<Approved>> {
    Ok(life_of(db, record)?.flatten())
}

/// A record that is there, and what counts of it.
fn life_of(db: &mut Db, record: RecordId) -> Result<Option<Option<Approved>>> {
    let query = Statement::new(
        "SELECT r.kind, r.state, r.unit_id, v.content, v.beside FROM records r \
         LEFT JOIN record_versions v ON v.record_id = r.id AND v.number = r.approved_number WHERE r.id = $1",
    )
    .bind(record.0);
    let found: Vec<ApprovedRow> = on_engine!(db, c => query.clone().load(c))?;
    let Some(row) = found.into_iter().next() else {
        return Ok(None);
    };
    let (Some(content), Some(beside), true) = (row.content, row.beside, row.state != "withdrawn")
    else {
        return Ok(Some(None));
    };
    Ok(Some(Some(Approved {
        kind: RecordKind::named(&row.kind)?,
        unit: row.unit_id,
        content,
        beside: read(&beside)?,
    })))
}

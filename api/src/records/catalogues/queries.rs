//! Rows of `catalogue_entries`. Reference data is for everybody signed in, and still each query is told
//! for whom.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::{Event, Hold};
use liendoan_core::error::{Code, FieldError};
use liendoan_core::paging::after;
use liendoan_core::schema::catalogue_entries::{self, dsl};
use liendoan_core::validity::Validity;
use liendoan_core::{Db, Error, Result, Scope, Timestamp, Tx, on_engine};

use super::model::{Catalogue, Common, Entry, EntryId, Fields};
use super::uses;
use crate::tree::cover;

#[derive(Queryable)]
struct Row {
    id: EntryId,
    version: i32,
    code: String,
    rank: i32,
    name_vi: String,
    name_en: String,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    document: Option<String>,
    own: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Those of [`Row`], in its order.
const COLUMNS: (
    dsl::id,
    dsl::version,
    dsl::code,
    dsl::rank,
    dsl::name_vi,
    dsl::name_en,
    dsl::valid_from,
    dsl::valid_to,
    dsl::document,
    dsl::own,
    dsl::created_at,
    dsl::updated_at,
) = (
    dsl::id,
    dsl::version,
    dsl::code,
    dsl::rank,
    dsl::name_vi,
    dsl::name_en,
    dsl::valid_from,
    dsl::valid_to,
    dsl::document,
    dsl::own,
    dsl::created_at,
    dsl::updated_at,
);

/// What a caller's content says, as columns.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = catalogue_entries, treat_none_as_null = true)]
struct Columns<'a> {
    code: &'a str,
    rank: i32,
    name_vi: &'a str,
    name_en: &'a str,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    document: Option<&'a str>,
    own: String,
    class: String,
    level: Option<String>,
}

impl<'a> Columns<'a> {
    fn of<C: Catalogue>(Fields { common, own }: &'a Fields<C>) -> Result<Self> {
        let validity = common.validity();
        Ok(Self {
            code: &common.code,
            rank: common.rank,
            name_vi: &common.name_vi,
            name_en: &common.name_en,
            valid_from: validity.from,
            valid_to: validity.to,
            document: common.document.as_deref(),
            own: serde_json::to_string(own).map_err(Error::internal)?,
            class: own.class()?,
            level: own.level()?,
        })
    }
}

impl<C: Catalogue> TryFrom<Row> for Entry<C> {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let validity = Validity {
            from: row.valid_from,
            to: row.valid_to,
        };
        Ok(Self {
            id: row.id,
            version: row.version,
            fields: Fields {
                common: Common {
                    code: row.code,
                    rank: row.rank,
                    name_vi: row.name_vi,
                    name_en: row.name_en,
                    from: validity.start(),
                    to: validity.end(),
                    document: row.document,
                },
                own: serde_json::from_str(&row.own).map_err(Error::internal)?,
            },
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub holding_on: Option<NaiveDate>,
    pub code: Option<String>,
    pub class: Option<String>,
    pub level: Option<String>,
}

macro_rules! matching {
    ($catalogue:expr, $wanted:expr) => {{
        let wanted: &Wanted = $wanted;
        let mut query = catalogue_entries::table
            .filter(dsl::catalogue.eq($catalogue))
            .into_boxed();
        if let Some(day) = wanted.holding_on {
            query = query.filter(dsl::valid_from.le(day).and(dsl::valid_to.gt(day)));
        }
        if let Some(code) = &wanted.code {
            query = query.filter(dsl::code.eq(code.clone()));
        }
        if let Some(class) = &wanted.class {
            query = query.filter(dsl::class.eq(class.clone()));
        }
        if let Some(level) = &wanted.level {
            query = query.filter(dsl::level.eq(level.clone()));
        }
        query
    }};
}

/// Entries in their order, after `(rank, id)`.
pub fn list<C: Catalogue>(
    db: &mut Db,
    _: &Scope,
    wanted: &Wanted,
    start: Option<(i32, i64)>,
    limit: i64,
) -> Result<Vec<Entry<C>>> {
    let mut query = matching!(C::NAME, wanted);
    if let Some(key) = start {
        query = query.filter(after((dsl::rank, dsl::id), key));
    }
    let query = query.order((dsl::rank, dsl::id)).limit(limit);
    let rows: Vec<Row> = query.select(COLUMNS).load(db)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Every entry, in their order.
pub fn all<C: Catalogue>(db: &mut Db, scope: &Scope) -> Result<Vec<Entry<C>>> {
    list(db, scope, &Wanted::default(), None, i64::MAX)
}

pub fn count<C: Catalogue>(db: &mut Db, _: &Scope, wanted: &Wanted) -> Result<i64> {
    Ok(matching!(C::NAME, wanted).count().get_result(db)?)
}

pub fn find<C: Catalogue>(db: &mut Db, _: &Scope, id: EntryId) -> Result<Entry<C>> {
    let query = || {
        let of_catalogue = catalogue_entries::table.filter(dsl::catalogue.eq(C::NAME));
        of_catalogue.filter(dsl::id.eq(id)).select(COLUMNS)
    };
    let row: Row = on_engine!(db, c => query().first(c))?;
    row.try_into()
}

/// The entry of this code that holds on a day; it is not deleted before the transaction ends.
pub fn rely_on<C: Catalogue>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    code: &str,
    on: NaiveDate,
) -> Result<Option<Entry<C>>> {
    tx.lock(C::TOPIC, [(code, Hold::Shared)])?;
    let wanted = Wanted {
        holding_on: Some(on),
        code: Some(code.to_owned()),
        ..Wanted::default()
    };
    Ok(list(tx, scope, &wanted, None, 1)?.pop())
}

/// All entries of these codes, whenever they hold, in the order of their days; none is deleted before the transaction
/// ends.
pub fn rely_on_codes<C: Catalogue>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    codes: &BTreeSet<&str>,
) -> Result<Vec<Entry<C>>> {
    tx.lock(C::TOPIC, codes.iter().map(|code| (*code, Hold::Shared)))?;
    of_codes(tx, scope, codes)
}

/// All entries of these codes, whenever they hold, in the order of their days.
pub fn of_codes<C: Catalogue>(
    db: &mut Db,
    _: &Scope,
    codes: &BTreeSet<&str>,
) -> Result<Vec<Entry<C>>> {
    let query = catalogue_entries::table
        .filter(dsl::catalogue.eq(C::NAME).and(dsl::code.eq_any(codes)))
        .order(dsl::valid_from)
        .select(COLUMNS);
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The ids of all entries of this code, whenever they hold: tells what is unknown from what only does not hold on
/// a day.
pub fn of_code<C: Catalogue>(db: &mut Db, _: &Scope, code: &str) -> Result<Vec<EntryId>> {
    let query = catalogue_entries::table
        .filter(dsl::catalogue.eq(C::NAME).and(dsl::code.eq(code)))
        .order(dsl::id)
        .select(dsl::id);
    Ok(on_engine!(db, c => query.load(c))?)
}

/// Whether the catalogue has any entry.
pub fn has_any<C: Catalogue>(db: &mut Db, scope: &Scope) -> Result<bool> {
    Ok(!list::<C>(db, scope, &Wanted::default(), None, 1)?.is_empty())
}

pub fn create<C: Catalogue>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fields: &Fields<C>,
) -> Result<Entry<C>> {
    check_writes(tx, scope)?;
    uses::check_neighbours(tx, fields, None)?;
    let now = tx.now();
    let row: Row = diesel::insert_into(catalogue_entries::table)
        .values((
            dsl::version.eq(1),
            dsl::catalogue.eq(C::NAME),
            dsl::created_at.eq(now),
            dsl::updated_at.eq(now),
            Columns::of(fields)?,
        ))
        .returning(COLUMNS)
        .get_result(&mut **tx)?;
    let entry = row.try_into()?;
    record(tx, C::CREATED, None, &entry)?;
    Ok(entry)
}

/// Replaces the fields of `before`, unless somebody else was faster.
pub fn update<C: Catalogue>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Entry<C>,
    fields: &Fields<C>,
) -> Result<Entry<C>> {
    check_writes(tx, scope)?;
    if fields.common.code != before.fields.common.code {
        return Err(Error::at(FieldError::at("/code", Code::ReadOnly)));
    }
    if *fields == before.fields {
        return Ok(before.clone());
    }
    uses::check_neighbours(tx, fields, Some(before))?;
    let unchanged = dsl::id.eq(before.id).and(dsl::version.eq(before.version));
    let now = tx.now();
    let row: Option<Row> = diesel::update(catalogue_entries::table.filter(unchanged))
        .set((
            dsl::version.eq(before.version + 1),
            dsl::updated_at.eq(now),
            Columns::of(fields)?,
        ))
        .returning(COLUMNS)
        .get_result(&mut **tx)
        .optional()?;
    let entry = row.ok_or(Code::VersionOutdated)?.try_into()?;
    record(tx, C::UPDATED, Some(before), &entry)?;
    Ok(entry)
}

pub fn delete<C: Catalogue>(tx: &mut Tx<'_>, scope: &Scope, before: &Entry<C>) -> Result<()> {
    check_writes(tx, scope)?;
    let code = before.fields.common.code.as_str();
    tx.lock(C::TOPIC, [(code, Hold::Alone)])?;
    uses::check_not_in_use(tx, before)?;
    let unchanged = dsl::id.eq(before.id).and(dsl::version.eq(before.version));
    let deleted = diesel::delete(catalogue_entries::table.filter(unchanged)).execute(&mut **tx)?;
    if deleted == 0 {
        return Err(Code::VersionOutdated.into());
    }
    record(tx, C::DELETED, None, before)
}

/// What all share is written by those alone who answer for the whole federation.
fn check_writes(tx: &mut Tx<'_>, scope: &Scope) -> Result<()> {
    let today = tx.today();
    cover::check_writes(tx, scope, None, today)
}

fn record<C: Catalogue>(
    tx: &mut Tx<'_>,
    event_type: &'static str,
    before: Option<&Entry<C>>,
    entry: &Entry<C>,
) -> Result<()> {
    let told = |entry: &Entry<C>| serde_json::to_value(entry.to_content()).map_err(Error::internal);
    let (before, data) = (before.map(told).transpose()?, told(entry)?);
    tx.record(Event {
        event_type,
        subject_id: entry.id.0,
        subject_version: entry.version,
        data: &data,
        before: before.as_ref(),
        units: &[],
    })
}

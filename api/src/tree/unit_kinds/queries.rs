//! Rows of `unit_kinds`. Reference data is for everybody signed in, and still each query is told for whom.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::{Event, FromText, Hold};
use liendoan_core::error::{Code, FieldError};
use liendoan_core::paging::after;
use liendoan_core::schema::unit_kinds::{self, dsl};
use liendoan_core::schema::unit_states;
use liendoan_core::validity::Validity;
use liendoan_core::{Db, Error, Result, Scope, Timestamp, Tx, UnitId, on_engine};
use serde_json::{Map, Value};

use super::UnitKindId;
use super::model::{Entry, SoundContent};
use crate::tree::cover;
use crate::tree::reorganisations::commit;
use crate::tree::reorganisations::source::check_rules;
use crate::tree::units::queries as units;

/// What events on entries are about: `unit_kind.updated`.
pub const TOPIC: &str = "unit_kind";

#[derive(Queryable)]
struct Row {
    id: UnitKindId,
    version: i32,
    kind: String,
    level: Option<i32>,
    rank: i32,
    may_be_root: bool,
    name_vi: String,
    name_en: String,
    /// A JSON array.
    child_kinds: String,
    #[diesel(deserialize_as = FromText<NaiveDate>)]
    valid_from: NaiveDate,
    #[diesel(deserialize_as = FromText<NaiveDate>)]
    valid_to: NaiveDate,
    document: Option<String>,
    #[diesel(deserialize_as = FromText<Timestamp>)]
    created_at: Timestamp,
    #[diesel(deserialize_as = FromText<Timestamp>)]
    updated_at: Timestamp,
}

/// What a caller's content says, as columns.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = unit_kinds, treat_none_as_null = true)]
struct Columns<'a> {
    kind: &'a str,
    level: Option<i32>,
    rank: i32,
    may_be_root: bool,
    name_vi: &'a str,
    name_en: &'a str,
    child_kinds: String,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    document: Option<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(content: &'a SoundContent) -> Result<Self> {
        Ok(Self {
            kind: &content.kind,
            level: content.level,
            rank: content.rank,
            may_be_root: content.may_be_root,
            name_vi: &content.name_vi,
            name_en: &content.name_en,
            child_kinds: serde_json::to_string(&content.child_kinds).map_err(Error::internal)?,
            valid_from: content.validity.from,
            valid_to: content.validity.to,
            document: content.document.as_deref(),
        })
    }
}

impl TryFrom<Row> for Entry {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            version: row.version,
            content: SoundContent {
                kind: row.kind,
                level: row.level,
                rank: row.rank,
                may_be_root: row.may_be_root,
                name_vi: row.name_vi,
                name_en: row.name_en,
                child_kinds: serde_json::from_str(&row.child_kinds).map_err(Error::internal)?,
                validity: Validity {
                    from: row.valid_from,
                    to: row.valid_to,
                },
                document: row.document,
            },
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn entries(rows: Vec<Row>) -> Result<Vec<Entry>> {
    rows.into_iter().map(TryInto::try_into).collect()
}

pub fn find(db: &mut Db, _: &Scope, id: UnitKindId) -> Result<Entry> {
    let row: Row = on_engine!(db, c => unit_kinds::table.find(id).first(c))?;
    row.try_into()
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub kind: Option<String>,
    pub level: Option<i32>,
    pub holding_on: Option<NaiveDate>,
}

macro_rules! matching {
    ($wanted:expr) => {{
        let wanted: &Wanted = $wanted;
        let mut query = unit_kinds::table.into_boxed();
        if let Some(kind) = &wanted.kind {
            query = query.filter(dsl::kind.eq(kind.clone()));
        }
        if let Some(level) = wanted.level {
            query = query.filter(dsl::level.eq(level));
        }
        if let Some(day) = wanted.holding_on {
            query = query.filter(dsl::valid_from.le(day).and(dsl::valid_to.gt(day)));
        }
        query
    }};
}

/// Entries in their order, after `(rank, id)`.
pub fn list(
    db: &mut Db,
    _: &Scope,
    wanted: &Wanted,
    start: Option<(i32, i64)>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let mut query = matching!(wanted);
    if let Some(key) = start {
        query = query.filter(after((dsl::rank, dsl::id), key));
    }
    entries(query.order((dsl::rank, dsl::id)).limit(limit).load(db)?)
}

pub fn count(db: &mut Db, _: &Scope, wanted: &Wanted) -> Result<i64> {
    Ok(matching!(wanted).count().get_result(db)?)
}

/// All entries of these kinds, in order.
pub fn of_kinds(db: &mut Db, _: &Scope, kinds: &[String]) -> Result<Vec<Entry>> {
    let query = unit_kinds::table.filter(dsl::kind.eq_any(kinds.to_vec()));
    entries(query.order((dsl::rank, dsl::id)).load(db)?)
}

/// What holds on a day of the kind that a unit is of then.
pub fn of_unit(
    db: &mut Db,
    scope: &Scope,
    unit: UnitId,
    day: NaiveDate,
) -> Result<Option<SoundContent>> {
    let Some(kind) = units::kind_on(db, scope, unit, day)? else {
        return Ok(None);
    };
    let wanted = Wanted {
        kind: Some(kind),
        level: None,
        holding_on: Some(day),
    };
    let mut entries = list(db, scope, &wanted, None, 1)?;
    Ok(entries.pop().map(|entry| entry.content))
}

/// Those of these codes that are codes of kinds, whenever they hold.
pub fn known_among(db: &mut Db, _: &Scope, codes: &[String]) -> Result<BTreeSet<String>> {
    let query = unit_kinds::table.filter(dsl::kind.eq_any(codes.to_vec()));
    let known: Vec<String> = query.select(dsl::kind).load(db)?;
    Ok(known.into_iter().collect())
}

/// Takes the kind that changes and those that the change rests on, so that its rules still hold when it
/// is written.
fn lock(tx: &mut Tx<'_>, kind: &str, child_kinds: &[String]) -> Result<()> {
    let children = child_kinds
        .iter()
        .map(|child| (child.as_str(), Hold::Shared));
    tx.lock(TOPIC, children.chain([(kind, Hold::Alone)]))
}

/// Takes all that a batch will touch, at once: taken item by item, two batches would wait for each
/// other. What can't be read is left to its item to refuse.
pub fn lock_all(tx: &mut Tx<'_>, ids: &[i64], contents: &[&Map<String, Value>]) -> Result<()> {
    let rows: Vec<(String, String)> = unit_kinds::table
        .filter(dsl::id.eq_any(ids.to_vec()))
        .select((dsl::kind, dsl::child_kinds))
        .load(&mut **tx)?;
    let mut held: Vec<(String, Hold)> = Vec::new();
    for (kind, child_kinds) in rows {
        let children: Vec<String> = serde_json::from_str(&child_kinds).map_err(Error::internal)?;
        held.extend(children.into_iter().map(|child| (child, Hold::Shared)));
        held.push((kind, Hold::Alone));
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    for content in contents {
        let children = content.get("child_kinds").and_then(Value::as_array);
        let children = children.into_iter().flatten().filter_map(text);
        held.extend(children.map(|child| (child, Hold::Shared)));
        let kind = content.get("kind").and_then(text);
        held.extend(kind.map(|kind| (kind, Hold::Alone)));
    }
    tx.lock(
        TOPIC,
        held.iter().map(|(kind, hold)| (kind.as_str(), *hold)),
    )
}

pub fn create(tx: &mut Tx<'_>, scope: &Scope, content: &SoundContent) -> Result<Entry> {
    check_writes(tx, scope)?;
    lock(tx, &content.kind, &content.child_kinds)?;
    check_neighbours(tx, content, None)?;
    check_children(tx, scope, content)?;
    let now = tx.now();
    let row: Row = diesel::insert_into(unit_kinds::table)
        .values((
            dsl::version.eq(1),
            dsl::created_at.eq(now),
            dsl::updated_at.eq(now),
            Columns::of(content)?,
        ))
        .get_result(&mut **tx)?;
    let entry = row.try_into()?;
    record(tx, "unit_kind.created", None, &entry)?;
    Ok(entry)
}

/// Replaces the content of `before`, unless somebody else was faster.
pub fn update(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Entry,
    content: &SoundContent,
) -> Result<Entry> {
    check_writes(tx, scope)?;
    if content.kind != before.content.kind {
        return Err(Error::at(FieldError::at("/kind", Code::ReadOnly)));
    }
    lock(tx, &content.kind, &content.child_kinds)?;
    check_neighbours(tx, content, Some(before.id))?;
    check_children(tx, scope, content)?;
    let unchanged = dsl::id.eq(before.id).and(dsl::version.eq(before.version));
    let now = tx.now();
    let row: Option<Row> = diesel::update(unit_kinds::table.filter(unchanged))
        .set((
            dsl::version.eq(before.version + 1),
            dsl::updated_at.eq(now),
            Columns::of(content)?,
        ))
        .get_result(&mut **tx)
        .optional()?;
    let entry: Entry = row.ok_or(Code::VersionOutdated)?.try_into()?;
    if content.rules_differ(&before.content) {
        check_rules(tx, scope)?;
    }
    if content.rank != before.content.rank {
        reorder(tx, &entry)?;
    }
    if content.shows_in_the_tree_unlike(&before.content) {
        commit::take_list(tx)?;
    }
    record(tx, "unit_kind.updated", Some(before), &entry)?;
    Ok(entry)
}

/// Gives the units of the kind their new place among their siblings.
fn reorder(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let validity = entry.content.validity;
    let of_kind = unit_states::table
        .filter(unit_states::kind.eq(&entry.content.kind))
        .filter(unit_states::effective_on.ge(validity.from))
        .filter(unit_states::effective_on.lt(validity.to));
    diesel::update(of_kind)
        .set(unit_states::rank.eq(entry.content.rank))
        .execute(&mut **tx)?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, scope: &Scope, before: &Entry) -> Result<()> {
    check_writes(tx, scope)?;
    lock(tx, &before.content.kind, &[])?;
    check_not_named(tx, before)?;
    let unchanged = dsl::id.eq(before.id).and(dsl::version.eq(before.version));
    let deleted = diesel::delete(unit_kinds::table.filter(unchanged)).execute(&mut **tx)?;
    if deleted == 0 {
        return Err(Code::VersionOutdated.into());
    }
    check_rules(tx, scope)?;
    record(tx, "unit_kind.deleted", None, before)
}

/// One entry of a kind at a time.
fn check_neighbours(
    tx: &mut Tx<'_>,
    content: &SoundContent,
    except: Option<UnitKindId>,
) -> Result<()> {
    let overlapping: Option<UnitKindId> = unit_kinds::table
        .filter(dsl::kind.eq(&content.kind))
        .filter(dsl::valid_from.lt(content.validity.to))
        .filter(dsl::valid_to.gt(content.validity.from))
        // No id is 0.
        .filter(dsl::id.ne(except.unwrap_or(UnitKindId(0))))
        .select(dsl::id)
        .first(&mut **tx)
        .optional()?;
    match overlapping {
        None => Ok(()),
        Some(id) => Err(Error::new(Code::ValidityOverlaps).with("id", id.0)),
    }
}

/// Kinds under a kind exist, or are the kind itself.
fn check_children(tx: &mut Tx<'_>, scope: &Scope, content: &SoundContent) -> Result<()> {
    let known = known_among(tx, scope, &content.child_kinds)?;
    let is_known = |child: &String| *child == content.kind || known.contains(child);
    let unknown = content
        .child_kinds
        .iter()
        .enumerate()
        .filter(|(_, child)| !is_known(child));
    let refused: Vec<_> = unknown
        .map(|(index, _)| FieldError::at(format!("/child_kinds/{index}"), Code::KindUnknown))
        .collect();
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Error::fields(refused))
    }
}

/// The last entry of a kind stays while another kind names it.
fn check_not_named(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let kind = &entry.content.kind;
    let has_others = unit_kinds::table
        .filter(dsl::kind.eq(kind))
        .filter(dsl::id.ne(entry.id))
        .select(dsl::id)
        .first::<i64>(&mut **tx)
        .optional()?
        .is_some();
    if has_others {
        return Ok(());
    }
    // A scan of reference data, for a deletion that hardly ever happens. `_` is a wildcard of LIKE.
    let mention = format!("%\"{}\"%", kind.replace('_', "\\_"));
    let named_by: Option<i64> = unit_kinds::table
        .filter(dsl::child_kinds.like(mention).escape('\\'))
        .filter(dsl::id.ne(entry.id))
        .select(dsl::id)
        .first(&mut **tx)
        .optional()?;
    match named_by {
        None => Ok(()),
        Some(id) => Err(Error::new(Code::KindInUse).with("id", id)),
    }
}

/// What all share is written by those alone who answer for the whole federation.
fn check_writes(tx: &mut Tx<'_>, scope: &Scope) -> Result<()> {
    let today = tx.today();
    cover::check_writes(tx, scope, None, today)
}

fn record(
    tx: &mut Tx<'_>,
    event_type: &'static str,
    before: Option<&Entry>,
    entry: &Entry,
) -> Result<()> {
    let told = |entry: &Entry| serde_json::to_value(entry.to_content()).map_err(Error::internal);
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

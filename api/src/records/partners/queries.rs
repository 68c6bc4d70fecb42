//! Rows of `partners`. They are for everybody signed in, and still each query is told for whom.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use liendoan_core::db::{Event, FromText, Hold, Statement, Value};
use liendoan_core::error::FieldError;
use liendoan_core::schema::{partner_names, partner_words, partners, record_mentions};
use liendoan_core::vietnamese::fold;
use liendoan_core::{Code, Db, Error, Result, Scope, Timestamp, Tx, UnitId, on_engine};

use super::model::{LikelyDuplicate, Partner, PartnerContent, PartnerKind};
use super::{PartnerId, TOPIC};
use crate::tree::cover;
use crate::tree::units::queries::coded;

/// Words of a query that count; the rest would only narrow what is narrow already.
const WORDS_MAX: usize = 6;
/// Likely duplicates that are told of.
const ALIKE_MAX: i64 = 20;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: PartnerId,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    aliases: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    tax_code: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    unit_id: Option<UnitId>,
    #[diesel(sql_type = Nullable<Text>)]
    unit: Option<String>,
    #[diesel(sql_type = diesel::sql_types::Timestamp, deserialize_as = FromText<Timestamp>)]
    created_at: Timestamp,
    #[diesel(sql_type = diesel::sql_types::Timestamp, deserialize_as = FromText<Timestamp>)]
    updated_at: Timestamp,
}

const ROWS: &str = "\
SELECT p.id, p.version, p.name, p.aliases, p.kind, p.tax_code, p.unit_id, u.code AS unit, p.created_at, p.updated_at \
FROM partners p LEFT JOIN units u ON u.id = p.unit_id";

impl TryFrom<Row> for Partner {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            version: row.version,
            content: PartnerContent {
                name: row.name,
                aliases: serde_json::from_str(&row.aliases).map_err(Error::internal)?,
                kind: PartnerKind::named(&row.kind)?,
                tax_code: row.tax_code,
                unit: row.unit,
            },
            unit: row.unit_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn load(db: &mut Db, query: &Statement) -> Result<Vec<Partner>> {
    let rows: Vec<Row> = on_engine!(db, c => query.clone().load(c))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub fn find(db: &mut Db, _: &Scope, id: PartnerId) -> Result<Partner> {
    let query = Statement::new(format!("{ROWS} WHERE p.id = $1")).bind(id.0);
    load(db, &query)?.pop().ok_or_else(|| Code::NotFound.into())
}

/// One that is about to be changed: by those alone who write for its unit.
pub fn find_to_write(tx: &mut Tx<'_>, scope: &Scope, id: PartnerId) -> Result<Partner> {
    let partner = find(tx, scope, id)?;
    let today = tx.today();
    cover::check_writes(tx, scope, partner.unit, today)?;
    Ok(partner)
}

/// Those of these ids that there are; none of them is deleted before the transaction ends.
pub fn rely_on(tx: &mut Tx<'_>, _: &Scope, ids: &[PartnerId]) -> Result<BTreeSet<PartnerId>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
    tx.lock(
        TOPIC,
        names.iter().map(|name| (name.as_str(), Hold::Shared)),
    )?;
    let query = partners::table
        .filter(partners::id.eq_any(ids.iter().map(|id| id.0)))
        .select(partners::id);
    let known: Vec<i64> = query.load(&mut **tx)?;
    Ok(known.into_iter().map(PartnerId).collect())
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Each word of it begins a word of some name.
    pub name: Option<String>,
    pub kind: Option<PartnerKind>,
}

/// Partners in the order in which they were entered, after one.
pub fn list(
    db: &mut Db,
    _: &Scope,
    wanted: &Wanted,
    after: i64,
    limit: i64,
) -> Result<Vec<Partner>> {
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut text = format!("{ROWS} WHERE p.id > {}", bind(after.into()));
    if let Some(kind) = wanted.kind {
        text += &format!(" AND p.kind = {}", bind(kind.as_str().into()));
    }
    for word in fold(wanted.name.as_deref().unwrap_or_default())
        .split_whitespace()
        .take(WORDS_MAX)
    {
        // Past all that begin with the word.
        let end = format!("{word}\u{10FFFF}");
        text += &format!(
            " AND p.id IN (SELECT w.partner_id FROM partner_words w WHERE w.word >= {} AND w.word < {})",
            bind(word.into()),
            bind(end.as_str().into()),
        );
    }
    text += &format!(" ORDER BY p.id LIMIT {}", bind(limit.into()));
    let query = values
        .into_iter()
        .fold(Statement::new(text), Statement::bind);
    load(db, &query)
}

/// Others that likely are about the same body.
pub fn alike(db: &mut Db, _: &Scope, partner: &Partner) -> Result<Vec<LikelyDuplicate>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: i64,
        #[diesel(sql_type = Text)]
        name: String,
    }
    const ALIKE: &str = "\
SELECT p.id, p.name FROM partners p WHERE p.id <> $1 AND p.id IN ( \
  SELECT o.partner_id FROM partner_names n JOIN partner_names o ON o.name_key = n.name_key WHERE n.partner_id = $1 \
  UNION SELECT t.id FROM partners t WHERE t.tax_code = $2 \
) ORDER BY p.id LIMIT $3";
    let tax_code = partner.content.tax_code.as_deref().unwrap_or_default();
    let query = Statement::new(ALIKE)
        .bind(partner.id.0)
        .bind(tax_code)
        .bind(ALIKE_MAX);
    let rows: Vec<Row> = on_engine!(db, c => query.clone().load(c))?;
    Ok(rows
        .into_iter()
        .map(|Row { id, name }| LikelyDuplicate { id, name })
        .collect())
}

/// What a content says, as columns.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = partners, treat_none_as_null = true)]
struct Columns<'a> {
    name: &'a str,
    aliases: String,
    kind: &'static str,
    tax_code: Option<&'a str>,
    unit_id: Option<UnitId>,
}

impl<'a> Columns<'a> {
    fn of(content: &'a PartnerContent, unit_id: Option<UnitId>) -> Result<Self> {
        Ok(Self {
            name: &content.name,
            aliases: serde_json::to_string(&content.aliases).map_err(Error::internal)?,
            kind: content.kind.as_str(),
            tax_code: content.tax_code.as_deref(),
            unit_id,
        })
    }
}

pub fn create(tx: &mut Tx<'_>, scope: &Scope, content: &PartnerContent) -> Result<Partner> {
    let unit = match (&content.unit, scope) {
        (Some(code), _) => Some(coded(tx, scope, code)?),
        (None, Scope::All) => None,
        (None, Scope::Under(units)) => match units.as_ref() {
            [one] => Some(*one),
            _ => return Err(Error::at(FieldError::at("/unit", Code::UnitRequired))),
        },
    };
    let (now, today) = (tx.now(), tx.today());
    cover::check_writes(tx, scope, unit, today)?;
    let id: PartnerId = diesel::insert_into(partners::table)
        .values((
            partners::version.eq(1),
            partners::created_at.eq(now),
            partners::updated_at.eq(now),
            Columns::of(content, unit)?,
        ))
        .returning(partners::id)
        .get_result(&mut **tx)?;
    write_names(tx, id, content)?;
    let partner = find(tx, scope, id)?;
    record(tx, "partner.created", None, &partner)?;
    Ok(partner)
}

pub fn update(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Partner,
    content: &PartnerContent,
) -> Result<Partner> {
    let unit = match &content.unit {
        Some(code) => Some(coded(tx, scope, code)?),
        None => None,
    };
    let (now, today) = (tx.now(), tx.today());
    cover::check_writes(tx, scope, unit, today)?;
    let unchanged = partners::id
        .eq(before.id)
        .and(partners::version.eq(before.version));
    let written = diesel::update(partners::table.filter(unchanged))
        .set((
            partners::version.eq(before.version + 1),
            partners::updated_at.eq(now),
            Columns::of(content, unit)?,
        ))
        .execute(&mut **tx)?;
    if written == 0 {
        return Err(Code::VersionOutdated.into());
    }
    diesel::delete(partner_names::table.filter(partner_names::partner_id.eq(before.id.0)))
        .execute(&mut **tx)?;
    diesel::delete(partner_words::table.filter(partner_words::partner_id.eq(before.id.0)))
        .execute(&mut **tx)?;
    write_names(tx, before.id, content)?;
    let partner = find(tx, scope, before.id)?;
    record(tx, "partner.updated", Some(before), &partner)?;
    Ok(partner)
}

fn write_names(tx: &mut Tx<'_>, id: PartnerId, content: &PartnerContent) -> Result<()> {
    let keys: Vec<_> = content
        .keys()
        .into_iter()
        .map(|key| {
            (
                partner_names::partner_id.eq(id.0),
                partner_names::name_key.eq(key),
            )
        })
        .collect();
    let words: Vec<_> = content
        .words()
        .into_iter()
        .map(|word| {
            (
                partner_words::partner_id.eq(id.0),
                partner_words::word.eq(word),
            )
        })
        .collect();
    // Several rows in one statement are more than the two engines share.
    on_engine!(&mut **tx, c => diesel::insert_into(partner_names::table).values(&keys).execute(c))?;
    on_engine!(&mut **tx, c => diesel::insert_into(partner_words::table).values(&words).execute(c))?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, before: &Partner) -> Result<()> {
    tx.lock(TOPIC, [(before.id.to_string().as_str(), Hold::Alone)])?;
    let named_by: Option<i64> = record_mentions::table
        .filter(record_mentions::subject.eq(TOPIC))
        .filter(record_mentions::subject_id.eq(before.id.0))
        .order(record_mentions::record_id)
        .select(record_mentions::record_id)
        .first(&mut **tx)
        .optional()?;
    if let Some(id) = named_by {
        return Err(Error::new(Code::PartnerInUse).with("record_id", id));
    }
    let unchanged = partners::id
        .eq(before.id)
        .and(partners::version.eq(before.version));
    let deleted = diesel::delete(partners::table.filter(unchanged)).execute(&mut **tx)?;
    if deleted == 0 {
        return Err(Code::VersionOutdated.into());
    }
    record(tx, "partner.deleted", None, before)
}

fn record(
    tx: &mut Tx<'_>,
    event_type: &'static str,
    before: Option<&Partner>,
    partner: &Partner,
) -> Result<()> {
    let told = |partner: &Partner| serde_json::to_value(&partner.content).map_err(Error::internal);
    let (before, data) = (before.map(told).transpose()?, told(partner)?);
    let today = tx.today();
    let units = match partner.unit {
        Some(unit) => cover::concerned(tx, [unit], today)?,
        None => Vec::new(),
    };
    tx.record(Event {
        event_type,
        subject_id: partner.id.0,
        subject_version: partner.version,
        data: &data,
        before: before.as_ref(),
        units: &units,
    })
}

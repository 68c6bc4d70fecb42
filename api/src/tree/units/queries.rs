//! Reads of units on a day. Written in SQL, which both engines read alike: what is joined here is too
//! much for a typed query, and the plan matters.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
use liendoan_core::db::{FromText, Statement};
use liendoan_core::error::FieldError;
use liendoan_core::schema::{unit_states, units};
use liendoan_core::validity::Validity;
use liendoan_core::{Code, Db, Error, Result, Scope, on_engine};

use super::model::{ExternalId, Life, UnitItem, UnitName};
use super::{UnitId, UnitRef};
use crate::tree::cover;

/// Where a unit stands among its siblings: by kind, then name, then code.
pub type Place = (i32, String, String);

/// The id of the unit that an address names.
pub fn resolve(db: &mut Db, scope: &Scope, unit: &UnitRef) -> Result<UnitId> {
    Ok(match unit {
        UnitRef::Id(id) => {
            let query = units::table.find(id.0).select(units::id);
            on_engine!(db, c => query.first(c))?
        }
        UnitRef::Code(code) => with_code(db, scope, code)?.ok_or(Code::NotFound)?,
    })
}

/// The unit with the code that stands in the field `unit` of a body.
pub fn coded(db: &mut Db, scope: &Scope, code: &str) -> Result<UnitId> {
    let unknown = || Error::at(FieldError::at("/unit", Code::UnitUnknown));
    with_code(db, scope, code)?.ok_or_else(unknown)
}

/// The unit with a code, if there is one.
pub fn with_code(db: &mut Db, _: &Scope, code: &str) -> Result<Option<UnitId>> {
    let query = units::table.filter(units::code.eq(code)).select(units::id);
    let found: Option<i64> = on_engine!(db, c => query.first(c)).optional()?;
    Ok(found.map(UnitId))
}

/// The code of its kind on a day; None, where it does not live.
pub fn kind_on(db: &mut Db, _: &Scope, unit: UnitId, day: NaiveDate) -> Result<Option<String>> {
    let query = unit_states::table
        .filter(unit_states::unit_id.eq(unit.0))
        .filter(unit_states::alive)
        .filter(unit_states::effective_on.le(day))
        .filter(unit_states::valid_to.gt(day))
        .select(unit_states::kind);
    Ok(on_engine!(db, c => query.first(c)).optional()?)
}

/// Everything about one unit that one statement can tell.
#[derive(QueryableByName)]
pub struct Card {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Bool)]
    pub placeholder: bool,
    #[diesel(sql_type = Integer)]
    pub version: i32,
    #[diesel(sql_type = Text)]
    pub lives: String,
    #[diesel(sql_type = Date, deserialize_as = FromText<NaiveDate>)]
    pub effective_on: NaiveDate,
    #[diesel(sql_type = Date, deserialize_as = FromText<NaiveDate>)]
    pub valid_to: NaiveDate,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub short_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub employer_type: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub level: Option<i32>,
    #[diesel(sql_type = BigInt)]
    pub child_count: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub parent_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub parent_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub parent_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub aliases: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub telephone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub employer: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub tax_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub administrative_division: Option<String>,
    #[diesel(sql_type = Bool)]
    pub has_external_ids: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub name_today: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
}

impl Card {
    pub fn validity(&self) -> Validity {
        Validity {
            from: self.effective_on,
            to: self.valid_to,
        }
    }

    pub fn lives(&self) -> Result<Vec<Life>> {
        serde_json::from_str(&self.lives).map_err(Error::internal)
    }

    /// Itself as it is called today, if it lives then.
    pub fn today(&self) -> Option<UnitName> {
        Some(UnitName {
            id: self.id,
            code: self.code.clone(),
            name: self.name_today.clone()?,
        })
    }

    pub fn parent(&self) -> Option<UnitName> {
        Some(UnitName {
            id: self.parent_id?,
            code: self.parent_code.clone()?,
            name: self.parent_name.clone()?,
        })
    }
}

/// `$1` is the day, `$2` today, `$3` the unit. The state that shows is the last one that began by that day and in
/// which the unit lives, else its first; parent and level are those of the last day of both.
const CARD: &str = "\
SELECT u.id, u.code, u.placeholder, u.version, u.lives, s.effective_on, s.valid_to, s.name, s.short_name, \
  s.kind, s.employer_type, s.parent_id, p.code AS parent_code, p.name AS parent_name, \
  (SELECT k.level FROM unit_kinds k WHERE k.kind = s.kind AND k.valid_from < s.valid_to \
    AND (k.valid_from <= $1 OR k.valid_from <= s.effective_on) ORDER BY k.valid_from DESC LIMIT 1) AS level, \
  (SELECT COUNT(*) FROM unit_states c WHERE c.parent_id = u.id AND c.alive \
    AND c.effective_on <= $1 AND c.valid_to > $1) AS child_count, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'aliases' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS aliases, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'address' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS address, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'telephone' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS telephone, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'employer' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS employer, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'tax_code' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS tax_code, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'administrative_division' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS administrative_division, \
  EXISTS (SELECT 1 FROM external_ids e WHERE e.unit_id = u.id) AS has_external_ids, \
  (SELECT t.name FROM unit_states t WHERE t.unit_id = u.id AND t.alive \
    AND t.effective_on <= $2 AND t.valid_to > $2) AS name_today, \
  (SELECT revision FROM tree WHERE id = 1) AS revision \
FROM units u \
JOIN unit_states s ON s.id = COALESCE( \
  (SELECT id FROM unit_states WHERE unit_id = u.id AND alive AND effective_on <= $1 \
    AND effective_on < valid_to ORDER BY effective_on DESC, day_seq DESC LIMIT 1), \
  (SELECT id FROM unit_states WHERE unit_id = u.id AND alive AND effective_on < valid_to \
    ORDER BY effective_on, day_seq LIMIT 1)) \
LEFT JOIN unit_states p ON p.id = \
  (SELECT id FROM unit_states WHERE unit_id = s.parent_id AND alive AND effective_on < s.valid_to \
    AND (effective_on <= $1 OR effective_on <= s.effective_on) AND effective_on < valid_to \
    ORDER BY effective_on DESC, day_seq DESC LIMIT 1) \
WHERE ";

/// One unit as it is on a day, and its name today if it lives then, by one statement.
pub fn card(
    db: &mut Db,
    _: &Scope,
    unit: &UnitRef,
    day: NaiveDate,
    today: NaiveDate,
) -> Result<Card> {
    let card: Option<Card> = match unit {
        UnitRef::Id(id) => {
            let query = Statement::new(format!("{CARD} u.id = $3"))
                .bind(day)
                .bind(today)
                .bind(id.0);
            on_engine!(db, c => query.get_result(c)).optional()?
        }
        UnitRef::Code(code) => {
            let query = Statement::new(format!("{CARD} u.code = $3"))
                .bind(day)
                .bind(today)
                .bind(code.as_str());
            on_engine!(db, c => query.get_result(c)).optional()?
        }
    };
    card.ok_or_else(|| Code::NotFound.into())
}

/// Its keys in other systems, for those who read records of it: `records` is where the caller does.
pub fn external_ids(
    db: &mut Db,
    records: &Scope,
    unit: UnitId,
    today: NaiveDate,
) -> Result<Vec<ExternalId>> {
    use liendoan_core::schema::external_ids;
    if cover::readable(db, records, [unit], today)?.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, String)> = external_ids::table
        .filter(external_ids::unit_id.eq(unit.0))
        .order((external_ids::system, external_ids::value))
        .select((external_ids::system, external_ids::value))
        .load(db)?;
    let pair = |(system, value)| ExternalId { system, value };
    Ok(rows.into_iter().map(pair).collect())
}

/// Codes of units.
pub fn codes(db: &mut Db, ids: &[i64]) -> Result<BTreeMap<i64, String>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let query = units::table
        .filter(units::id.eq_any(ids))
        .select((units::id, units::code));
    let rows: Vec<(i64, String)> = on_engine!(db, c => query.load(c))?;
    Ok(rows.into_iter().collect())
}

/// A row of a list of units on a day.
#[derive(Clone, QueryableByName)]
pub struct ItemRow {
    #[diesel(sql_type = BigInt)]
    pub unit_id: i64,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    short_name: Option<String>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    employer_type: Option<String>,
    #[diesel(sql_type = Integer)]
    rank: i32,
    #[diesel(sql_type = Text)]
    name_key: String,
    #[diesel(sql_type = Bool)]
    placeholder: bool,
    #[diesel(sql_type = Nullable<Integer>)]
    level: Option<i32>,
    #[diesel(sql_type = BigInt)]
    pub child_count: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    parent_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    parent_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    parent_name: Option<String>,
}

impl ItemRow {
    pub fn place(&self) -> Place {
        (self.rank, self.name_key.clone(), self.code.clone())
    }

    pub fn name(&self) -> UnitName {
        UnitName {
            id: self.unit_id,
            code: self.code.clone(),
            name: self.name.clone(),
        }
    }

    pub fn to_view(&self) -> UnitItem {
        let parent = || {
            Some(UnitName {
                id: self.parent_id?,
                code: self.parent_code.clone()?,
                name: self.parent_name.clone()?,
            })
        };
        UnitItem {
            id: self.unit_id,
            code: self.code.clone(),
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            kind: self.kind.clone(),
            level: self.level,
            employer_type: self.employer_type.clone(),
            placeholder: self.placeholder,
            parent: parent(),
            child_count: self.child_count,
            position: None,
            depth: None,
        }
    }
}

/// Units that live on day `$1`.
pub(super) const ITEMS: &str = "\
SELECT s.unit_id, s.code, s.name, s.short_name, s.kind, s.employer_type, s.rank, s.name_key, u.placeholder, \
  (SELECT k.level FROM unit_kinds k WHERE k.kind = s.kind AND k.valid_from <= $1 \
    ORDER BY k.valid_from DESC LIMIT 1) AS level, \
  (SELECT COUNT(*) FROM unit_states c WHERE c.parent_id = s.unit_id AND c.alive \
    AND c.effective_on <= $1 AND c.valid_to > $1) AS child_count, \
  s.parent_id, p.code AS parent_code, p.name AS parent_name \
FROM unit_states s \
JOIN units u ON u.id = s.unit_id \
LEFT JOIN unit_states p ON p.unit_id = s.parent_id AND p.effective_on <= $1 AND p.valid_to > $1 \
WHERE s.alive AND s.effective_on <= $1 AND s.valid_to > $1";

/// Where a page of children starts.
#[derive(Clone, Debug)]
pub enum From {
    Offset(i64),
    After(Place),
}

/// Direct children on a day, in the order of siblings.
pub fn children(
    db: &mut Db,
    _: &Scope,
    parent: UnitId,
    day: NaiveDate,
    from: &From,
    limit: i64,
) -> Result<Vec<ItemRow>> {
    const ORDER: &str = "ORDER BY s.rank, s.name_key, s.code";
    Ok(match from {
        From::Offset(offset) => {
            let query = Statement::new(format!(
                "{ITEMS} AND s.parent_id = $2 {ORDER} LIMIT $3 OFFSET $4"
            ))
            .bind(day)
            .bind(parent.0)
            .bind(limit)
            .bind(*offset);
            on_engine!(db, c => query.load(c))?
        }
        From::After((rank, name_key, code)) => {
            let query = Statement::new(format!(
                "{ITEMS} AND s.parent_id = $2 AND (s.rank, s.name_key, s.code) > ($3, $4, $5) {ORDER} LIMIT $6"
            ))
            .bind(day)
            .bind(parent.0)
            .bind(*rank)
            .bind(name_key.as_str())
            .bind(code.as_str())
            .bind(limit);
            on_engine!(db, c => query.load(c))?
        }
    })
}

/// One unit that lives on that day.
pub fn item(db: &mut Db, _: &Scope, unit: UnitId, day: NaiveDate) -> Result<Option<ItemRow>> {
    let query = Statement::new(format!("{ITEMS} AND s.unit_id = $2"))
        .bind(day)
        .bind(unit.0);
    Ok(on_engine!(db, c => query.get_result(c)).optional()?)
}

/// A step of a path.
#[derive(QueryableByName)]
pub struct Step {
    #[diesel(sql_type = BigInt)]
    pub unit_id: i64,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = BigInt)]
    pub position: i64,
}

/// From the root down to the unit, each with its place among its siblings on that day.
pub fn path(db: &mut Db, _: &Scope, unit: UnitId, day: NaiveDate) -> Result<Vec<Step>> {
    const PATH: &str = "\
WITH RECURSIVE up (unit_id, parent_id, code, name, kind, rank, name_key, height) AS ( \
  SELECT unit_id, parent_id, code, name, kind, rank, name_key, 0 FROM unit_states \
  WHERE alive AND effective_on <= $1 AND valid_to > $1 AND unit_id = $2 \
  UNION ALL \
  SELECT s.unit_id, s.parent_id, s.code, s.name, s.kind, s.rank, s.name_key, up.height + 1 \
  FROM up JOIN unit_states s ON s.unit_id = up.parent_id \
  WHERE s.alive AND s.effective_on <= $1 AND s.valid_to > $1) \
SELECT up.unit_id, up.code, up.name, up.kind, \
  (SELECT COUNT(*) FROM unit_states b WHERE b.parent_id = up.parent_id AND b.alive \
    AND b.effective_on <= $1 AND b.valid_to > $1 \
    AND (b.rank, b.name_key, b.code) < (up.rank, up.name_key, up.code)) AS position \
FROM up ORDER BY up.height DESC";
    let query = Statement::new(PATH).bind(day).bind(unit.0);
    Ok(on_engine!(db, c => query.load(c))?)
}

/// Refuses a day on which a unit does not live, with the days on which it does.
pub fn not_alive(card: &Card) -> Result<Error> {
    let lives = serde_json::to_value(card.lives()?).map_err(Error::internal)?;
    Ok(Error::new(Code::UnitNotAlive).with("lives", lives))
}

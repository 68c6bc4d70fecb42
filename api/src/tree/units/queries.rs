//! Reads of units on a day. Written in SQL, which both engines read alike: what is joined here is too
//! much for a typed query, and the plan matters.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use liendoan_core::db::Statement;
use liendoan_core::error::FieldError;
use liendoan_core::schema::{unit_states, units};
use liendoan_core::{Code, Db, Error, Result, Scope, on_engine};

use super::model::{ExternalId, UnitItem, UnitName};
use super::{UnitId, UnitRef};
use crate::tree::{DEEPEST, cover};

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
  WHERE s.alive AND s.effective_on <= $1 AND s.valid_to > $1 AND up.height < $3) \
SELECT up.unit_id, up.code, up.name, up.kind, \
  (SELECT COUNT(*) FROM unit_states b WHERE b.parent_id = up.parent_id AND b.alive \
    AND b.effective_on <= $1 AND b.valid_to > $1 \
    AND (b.rank, b.name_key, b.code) < (up.rank, up.name_key, up.code)) AS position \
FROM up ORDER BY up.height DESC";
    let query = Statement::new(PATH).bind(day).bind(unit.0).bind(DEEPEST);
    Ok(on_engine!(db, c => query.load(c))?)
}

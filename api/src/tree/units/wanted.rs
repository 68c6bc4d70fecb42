//! Lists of units on a day, narrowed by what is asked for.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use liendoan_core::db::Statement;
use liendoan_core::{Db, Result, Scope, on_engine};

use super::UnitId;
use super::queries::{ITEMS, ItemRow};

/// What a list of units is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub kind: Option<String>,
    pub level: Option<i32>,
    pub employer_type: Option<String>,
    pub parent: Option<UnitId>,
}

/// Kinds of level `$4` on day `$1`, by the last entry that began by then: a kind that has ended keeps its
/// level, for the units that still are of it.
const KINDS_OF_LEVEL: &str = "SELECT k.kind FROM unit_kinds k WHERE k.level = $4 AND k.valid_from <= $1 \
     AND NOT EXISTS (SELECT 1 FROM unit_kinds l WHERE l.kind = k.kind \
       AND l.valid_from > k.valid_from AND l.valid_from <= $1)";

#[derive(QueryableByName)]
struct Kind {
    #[diesel(sql_type = Text)]
    kind: String,
}

impl Wanted {
    /// Conditions, with the values in their places; none for what is not asked for, so that an index
    /// serves the others.
    fn conditions(&self) -> String {
        let mut conditions = String::from(" AND s.unit_id > $2");
        if self.parent.is_some() {
            conditions += " AND s.parent_id = $6";
        }
        if self.kind.is_some() {
            conditions += " AND s.kind = $3";
        }
        if self.level.is_some() {
            conditions += &format!(" AND s.kind IN ({KINDS_OF_LEVEL})");
        }
        if self.employer_type.is_some() {
            conditions += " AND s.employer_type = $5";
        }
        conditions
    }

    /// Of a level with one kind the kind is asked for: its units are found in their order.
    fn by_kind(&self, db: &mut Db, day: NaiveDate) -> Result<Self> {
        let mut wanted = self.clone();
        if let (Some(level), None) = (self.level, &self.kind) {
            let query = Statement::new(KINDS_OF_LEVEL)
                .bind(day)
                .bind(0_i64)
                .bind("")
                .bind(level);
            let rows: Vec<Kind> = on_engine!(db, c => query.load(c))?;
            let mut kinds: Vec<String> = rows.into_iter().map(|row| row.kind).collect();
            if kinds.len() == 1 {
                (wanted.kind, wanted.level) = (kinds.pop(), None);
            }
        }
        Ok(wanted)
    }
}

/// Units that live on a day, by id, after `start`.
pub fn list(
    db: &mut Db,
    _: &Scope,
    wanted: &Wanted,
    day: NaiveDate,
    start: i64,
    limit: i64,
) -> Result<Vec<ItemRow>> {
    let wanted = wanted.by_kind(db, day)?;
    let conditions = wanted.conditions();
    let statement = format!("{ITEMS}{conditions} ORDER BY s.unit_id LIMIT $7");
    let query = Statement::new(statement)
        .bind(day)
        .bind(start)
        .bind(wanted.kind.as_deref().unwrap_or_default())
        .bind(wanted.level.unwrap_or_default())
        .bind(wanted.employer_type.as_deref().unwrap_or_default())
        .bind(wanted.parent.map_or(0, |parent| parent.0))
        .bind(limit);
    Ok(on_engine!(db, c => query.load(c))?)
}

pub fn count(db: &mut Db, _: &Scope, wanted: &Wanted, day: NaiveDate) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Total {
        #[diesel(sql_type = BigInt)]
        total: i64,
    }
    let statement = format!(
        "SELECT COUNT(*) AS total FROM unit_states s \
         WHERE s.alive AND s.effective_on <= $1 AND s.valid_to > $1{}",
        wanted.conditions()
    );
    let query = Statement::new(statement)
        .bind(day)
        .bind(0_i64)
        .bind(wanted.kind.as_deref().unwrap_or_default())
        .bind(wanted.level.unwrap_or_default())
        .bind(wanted.employer_type.as_deref().unwrap_or_default())
        .bind(wanted.parent.map_or(0, |parent| parent.0));
    let total: Total = on_engine!(db, c => query.get_result(c))?;
    Ok(total.total)
}

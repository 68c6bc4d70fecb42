//! A subtree in the order in which it is read: each unit, then what is below it. A page costs what it
//! holds, wherever it starts, because it goes on from the places at which the page before stood.

use std::collections::VecDeque;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::Statement;
use liendoan_core::{Db, Result, Scope, on_engine};

use super::UnitId;
use super::queries::{self, From, ItemRow, Place};
use crate::tree::DEEPEST;

/// The way from the top to where a page stands: each unit whose children are being read, and the last
/// of them that was.
pub type Trail = Vec<(i64, Option<Place>)>;

/// A unit of the subtree.
#[derive(Clone)]
pub struct Below {
    pub row: ItemRow,
    pub depth: usize,
    /// From where to read on after it.
    pub trail: Trail,
}

/// Children of one unit while they are read.
struct Level {
    parent: i64,
    last: Option<Place>,
    ahead: VecDeque<ItemRow>,
    is_read: bool,
}

impl Level {
    fn after(parent: i64, last: Option<Place>) -> Self {
        Self {
            parent,
            last,
            ahead: VecDeque::new(),
            is_read: false,
        }
    }

    fn next(
        &mut self,
        db: &mut Db,
        scope: &Scope,
        day: NaiveDate,
        limit: i64,
    ) -> Result<Option<ItemRow>> {
        if self.ahead.is_empty() && !self.is_read {
            let from = self.last.clone().map_or(From::Offset(0), From::After);
            let rows = queries::children(db, scope, UnitId(self.parent), day, &from, limit)?;
            self.is_read = i64::try_from(rows.len()).is_ok_and(|read| read < limit);
            self.ahead = rows.into();
        }
        let next = self.ahead.pop_front();
        if let Some(row) = &next {
            self.last = Some(row.place());
        }
        Ok(next)
    }
}

/// `limit` units from where `start` stands; from the top without it.
pub fn page(
    db: &mut Db,
    scope: &Scope,
    top: UnitId,
    day: NaiveDate,
    start: Option<Trail>,
    limit: i64,
) -> Result<Vec<Below>> {
    let wanted = usize::try_from(limit).unwrap_or(0);
    let mut found = Vec::with_capacity(wanted);
    let mut levels: Vec<Level> = match start {
        Some(trail) => trail
            .into_iter()
            .map(|(up, last)| Level::after(up, last))
            .collect(),
        None => {
            if let Some(row) = queries::item(db, scope, top, day)? {
                let trail = vec![(top.0, None)];
                found.push(Below {
                    row,
                    depth: 0,
                    trail,
                });
            }
            vec![Level::after(top.0, None)]
        }
    };
    while found.len() < wanted {
        let depth = levels.len();
        let Some(level) = levels.last_mut() else {
            break;
        };
        let Some(row) = level.next(db, scope, day, limit)? else {
            levels.pop();
            continue;
        };
        if row.child_count > 0 {
            levels.push(Level::after(row.unit_id, None));
        }
        let trail = levels
            .iter()
            .map(|level| (level.parent, level.last.clone()));
        let trail = trail.collect();
        found.push(Below { row, depth, trail });
    }
    Ok(found)
}

/// Units in the subtree, the top included.
pub fn count(db: &mut Db, _: &Scope, top: UnitId, day: NaiveDate) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Total {
        #[diesel(sql_type = BigInt)]
        total: i64,
    }
    const COUNT: &str = "\
WITH RECURSIVE below (unit_id, depth) AS ( \
  SELECT unit_id, 0 FROM unit_states WHERE alive AND effective_on <= $1 AND valid_to > $1 AND unit_id = $2 \
  UNION ALL \
  SELECT s.unit_id, below.depth + 1 FROM below JOIN unit_states s ON s.parent_id = below.unit_id \
  WHERE s.alive AND s.effective_on <= $1 AND s.valid_to > $1 AND below.depth < $3) \
SELECT COUNT(*) AS total FROM below";
    let query = Statement::new(COUNT).bind(day).bind(top.0).bind(DEEPEST);
    let total: Total = on_engine!(db, c => query.get_result(c))?;
    Ok(total.total)
}

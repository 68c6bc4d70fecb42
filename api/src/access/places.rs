//! Where something belongs today, so that whether a scope covers it can be told without the database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use liendoan_core::{Code, Db, Error, Result, Scope, UnitId};

use crate::tree::cover;

/// What an account or a grant belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The whole federation.
    Federation,
    /// A unit: its home today, and all that stand above that.
    Under(Arc<[UnitId]>),
}

impl Place {
    pub fn is_in(&self, scope: &Scope) -> bool {
        match (scope, self) {
            (Scope::All, _) => true,
            (Scope::Under(_), Place::Federation) => false,
            (Scope::Under(tops), Place::Under(line)) => line.iter().any(|unit| tops.contains(unit)),
        }
    }
}

/// The places of a day. Each unit is looked for once.
pub struct Places {
    today: NaiveDate,
    known: BTreeMap<UnitId, Place>,
}

impl Places {
    pub fn of(today: NaiveDate) -> Self {
        Self {
            today,
            known: BTreeMap::new(),
        }
    }

    /// The place of a unit; None is the whole federation.
    pub fn find(&mut self, db: &mut Db, unit: Option<UnitId>) -> Result<Place> {
        let Some(unit) = unit else {
            return Ok(Place::Federation);
        };
        if let Some(known) = self.known.get(&unit) {
            return Ok(known.clone());
        }
        let place = Place::Under(cover::line(db, unit, self.today)?.into());
        self.known.insert(unit, place.clone());
        Ok(place)
    }

    /// Whether what belongs to this unit is seen within a scope.
    pub fn covers(&mut self, db: &mut Db, scope: &Scope, unit: Option<UnitId>) -> Result<bool> {
        match scope {
            Scope::All => Ok(true),
            Scope::Under(_) => Ok(self.find(db, unit)?.is_in(scope)),
        }
    }

    /// Hides what lies outside: it is answered like what does not exist.
    pub fn check_seen(&mut self, db: &mut Db, scope: &Scope, unit: Option<UnitId>) -> Result<()> {
        if self.covers(db, scope, unit)? {
            Ok(())
        } else {
            Err(Code::NotFound.into())
        }
    }

    /// Units are no secret: who writes for one outside is told so.
    pub fn check_written(
        &mut self,
        db: &mut Db,
        scope: &Scope,
        unit: Option<UnitId>,
    ) -> Result<()> {
        if self.covers(db, scope, unit)? {
            return Ok(());
        }
        let error = Error::new(Code::OutOfScope);
        Err(match unit {
            Some(unit) => error.with("unit_id", unit.0),
            None => error,
        })
    }
}

/// More units are not named in a statement: then all rows are read.
const NAMED_MAX: usize = 5_000;

/// Rows read at once while those that are seen are gathered.
const STEP: i64 = 1_000;

/// What can be asked of the database about which rows a scope covers: all that it does are among them.
#[derive(Clone, Debug)]
pub enum Candidates {
    All,
    Of(Vec<i64>),
}

impl Candidates {
    pub fn within(db: &mut Db, scope: &Scope) -> Result<Self> {
        Ok(match cover::ever_under(db, scope)? {
            Some(units) if units.len() <= NAMED_MAX => {
                let ids: BTreeSet<i64> = units.into_iter().map(|unit| unit.0).collect();
                Self::Of(ids.into_iter().collect())
            }
            _ => Self::All,
        })
    }
}

/// Gathers `limit` rows that are seen, in the order of their ids after `start`. `read` gives a number of
/// candidates after an id.
pub fn gather<R>(
    db: &mut Db,
    start: Option<i64>,
    limit: i64,
    read: impl Fn(&mut Db, i64, i64) -> Result<Vec<R>>,
    id: impl Fn(&R) -> i64,
    mut is_seen: impl FnMut(&mut Db, &R) -> Result<bool>,
) -> Result<Vec<R>> {
    let mut gathered = Vec::new();
    let mut after = start.unwrap_or(0);
    // The first step is enough where everything is seen.
    let mut step = limit;
    loop {
        let rows = read(db, after, step)?;
        let is_last = (rows.len() as i64) < step;
        for row in rows {
            after = id(&row);
            if is_seen(db, &row)? {
                gathered.push(row);
                if gathered.len() as i64 == limit {
                    return Ok(gathered);
                }
            }
        }
        if is_last {
            return Ok(gathered);
        }
        step = STEP;
    }
}

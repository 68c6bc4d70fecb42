//! What a page of hits shows of its units.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use liendoan_core::schema::{unit_states, units};
use liendoan_core::validity::Validity;
use liendoan_core::{Db, Error, Result, Scope, on_engine};

use crate::tree::units::model::Life;

/// A unit as it shows on a day: as it is then, else as it was last before, else as it is at first.
pub struct Shown {
    pub code: String,
    pub lives: Vec<Life>,
    pub name: String,
    pub kind: String,
    pub is_alive: bool,
    /// The day itself where it lives on it, else the last or the first day of what shows.
    pub day: NaiveDate,
}

/// Some units as they show on a day.
pub fn shown(
    db: &mut Db,
    _: &Scope,
    ids: &[i64],
    as_of: NaiveDate,
) -> Result<BTreeMap<i64, Shown>> {
    let cards = units::table
        .filter(units::id.eq_any(ids.iter().copied()))
        .select((units::id, units::code, units::lives));
    let cards: Vec<(i64, String, String)> = on_engine!(db, c => cards.load(c))?;
    let states = unit_states::table
        .filter(unit_states::unit_id.eq_any(ids.iter().copied()))
        .filter(unit_states::alive)
        .filter(unit_states::effective_on.lt(unit_states::valid_to))
        .order((unit_states::unit_id, unit_states::effective_on))
        .select((
            unit_states::unit_id,
            unit_states::effective_on,
            unit_states::valid_to,
            unit_states::name,
            unit_states::kind,
        ));
    let states: Vec<(i64, NaiveDate, NaiveDate, String, String)> =
        on_engine!(db, c => states.load(c))?;

    let mut states_of: BTreeMap<i64, (Validity, String, String)> = BTreeMap::new();
    for (id, from, to, name, kind) in states {
        // In order of time: the last that has begun stays, or the very first.
        if from <= as_of || !states_of.contains_key(&id) {
            states_of.insert(id, (Validity { from, to }, name, kind));
        }
    }
    let mut shown = BTreeMap::new();
    for (id, code, lives) in cards {
        let Some((validity, name, kind)) = states_of.remove(&id) else {
            continue;
        };
        let is_alive = validity.contains(as_of);
        let last_day = validity.to.checked_sub_days(Days::new(1));
        let day = if is_alive {
            as_of
        } else if validity.from > as_of {
            validity.from
        } else {
            last_day.unwrap_or(validity.from)
        };
        let unit = Shown {
            code,
            lives: serde_json::from_str(&lives).map_err(Error::internal)?,
            name,
            kind,
            is_alive,
            day,
        };
        shown.insert(id, unit);
    }
    Ok(shown)
}

//! Where units stand: the way down to each from the root.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::schema::unit_states;
use liendoan_core::{Db, Result, Scope, on_engine};

use super::units::model::UnitName;

type Spot = (i64, NaiveDate);

#[derive(Queryable)]
struct Row {
    unit_id: i64,
    effective_on: NaiveDate,
    valid_to: NaiveDate,
    parent_id: Option<i64>,
    code: String,
    name: String,
}

/// From the root down to each unit, itself last, on the day given with it; without those that do not live
/// on theirs. All climb together: a statement for each level, however many they are.
pub fn paths(
    db: &mut Db,
    _: &Scope,
    units: &[(i64, NaiveDate)],
) -> Result<BTreeMap<(i64, NaiveDate), Vec<UnitName>>> {
    let mut above: BTreeMap<Spot, (UnitName, Option<Spot>)> = BTreeMap::new();
    let mut wanted: BTreeSet<Spot> = units.iter().copied().collect();
    while let (Some(first), Some(last)) = (
        wanted.iter().map(|(_, day)| *day).min(),
        wanted.iter().map(|(_, day)| *day).max(),
    ) {
        let ids: BTreeSet<i64> = wanted.iter().map(|(id, _)| *id).collect();
        let query = unit_states::table
            .filter(unit_states::unit_id.eq_any(ids))
            .filter(unit_states::alive)
            .filter(unit_states::effective_on.le(last))
            .filter(unit_states::valid_to.gt(first))
            .select((
                unit_states::unit_id,
                unit_states::effective_on,
                unit_states::valid_to,
                unit_states::parent_id,
                unit_states::code,
                unit_states::name,
            ));
        let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
        let mut next = BTreeSet::new();
        for row in rows {
            let on_its_days = (row.unit_id, row.effective_on)..(row.unit_id, row.valid_to);
            for spot in wanted.range(on_its_days) {
                let parent = row.parent_id.map(|parent| (parent, spot.1));
                let name = UnitName {
                    id: row.unit_id,
                    code: row.code.clone(),
                    name: row.name.clone(),
                };
                next.extend(parent);
                above.insert(*spot, (name, parent));
            }
        }
        wanted = next
            .into_iter()
            .filter(|spot| !above.contains_key(spot))
            .collect();
    }
    let found = units.iter().filter(|spot| above.contains_key(spot));
    let path = |spot: &Spot| {
        let climb = std::iter::successors(above.get(spot), |(_, parent)| above.get(&(*parent)?));
        let mut path: Vec<UnitName> = climb.map(|(name, _)| name.clone()).collect();
        path.reverse();
        (*spot, path)
    };
    Ok(found.map(path).collect())
}

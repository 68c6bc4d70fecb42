//! What hangs on units that a change touches: what goes along below them, clusters, siblings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use liendoan_core::schema::unit_states;
use liendoan_core::vietnamese::name_key;
use liendoan_core::{Code, Db, Error, Result, Scope, on_engine};

use super::commit::vanishing;
use super::preview::{Preview, Warning};
use crate::tree::clusters::queries as clusters;
use crate::tree::replay::world::Unit;
use crate::tree::replay::{Outcome, Position, Rules, Ux, rows};

/// Refuses to let a unit vanish that something hangs on.
pub fn check_not_in_use(db: &mut Db, scope: &Scope, outcome: &Outcome) -> Result<()> {
    let vanishing = vanishing(outcome.world.units().map(|(_, unit)| unit));
    if vanishing.is_empty() {
        return Ok(());
    }
    let using = clusters::touched_by(db, scope, &vanishing)?;
    if using.is_empty() {
        return Ok(());
    }
    let codes: Vec<String> = using.into_iter().map(|cluster| cluster.code).collect();
    Err(Error::new(Code::UnitInUse).with("clusters", codes))
}

/// Adds to a preview what hangs on its units on the day of the decision.
pub fn complete(
    db: &mut Db,
    scope: &Scope,
    rules: &Rules,
    outcome: &Outcome,
    on: NaiveDate,
    preview: &mut Preview,
) -> Result<()> {
    let changed: Vec<(Ux, &Unit)> = outcome
        .world
        .units()
        .filter(|(_, unit)| unit.is_changed())
        .collect();
    count_carried(db, &changed, on, preview)?;
    preview.warnings = same_names(db, rules, outcome, &changed, on)?;
    let ids: Vec<i64> = changed.iter().filter_map(|(_, unit)| unit.id).collect();
    for cluster in clusters::touched_by(db, scope, &ids)? {
        let headless = cluster.heads.iter().find(|(head, stretch)| {
            let unit = outcome
                .world
                .find_id(*head)
                .map(|ux| outcome.world.unit(ux));
            unit.is_some_and(|unit| {
                let lives_on = |touches| {
                    let lives = rows::lives(touches);
                    lives.iter().any(|life| life.contains(on))
                };
                stretch.to > on && lives_on(&unit.recorded.touches) && !lives_on(&unit.touches)
            })
        });
        if let Some((head, _)) = headless {
            let unit = outcome.world.find_id(*head);
            preview.warnings.push(Warning {
                code: "cluster_without_head",
                unit: unit.map_or_else(String::new, |ux| outcome.world.code(ux).to_owned()),
                other: cluster.code.clone(),
            });
        }
        preview.clusters.push(cluster.code);
    }
    Ok(())
}

/// The first rows of the preview that move get the number of units below them.
fn count_carried(
    db: &mut Db,
    changed: &[(Ux, &Unit)],
    on: NaiveDate,
    preview: &mut Preview,
) -> Result<()> {
    #[derive(QueryableByName)]
    struct Below {
        #[diesel(sql_type = BigInt)]
        top: i64,
        #[diesel(sql_type = BigInt)]
        below: i64,
    }
    let moved = |unit: &&Unit| {
        let parent = |touches| {
            let at = rows::placements(touches);
            let at = at.into_iter().find(|(validity, _)| validity.contains(on));
            at.map(|(_, parent)| parent)
        };
        let (before, after) = (parent(&unit.recorded.touches), parent(&unit.touches));
        after.is_some() && before.is_some_and(|before| Some(before) != after)
    };
    let moved: BTreeSet<i64> = changed
        .iter()
        .map(|(_, unit)| *unit)
        .filter(moved)
        .filter_map(|unit| unit.id)
        .collect();
    let mut below: BTreeMap<i64, i64> = BTreeMap::new();
    let moved: Vec<i64> = moved.into_iter().collect();
    for chunk in moved.chunks(super::source::CHUNK) {
        let ids: Vec<String> = chunk.iter().map(i64::to_string).collect();
        // Ids are numbers, so nothing can be injected.
        let statement = format!(
            "WITH RECURSIVE below (top, id) AS (\
               SELECT parent_id, unit_id FROM unit_states \
               WHERE parent_id IN ({}) AND alive AND effective_on <= $1 AND valid_to > $2 \
               UNION ALL \
               SELECT below.top, s.unit_id FROM below JOIN unit_states s ON s.parent_id = below.id \
               WHERE s.alive AND s.effective_on <= $3 AND s.valid_to > $4) \
             SELECT top, COUNT(*) AS below FROM below GROUP BY top",
            ids.join(", ")
        );
        let query = diesel::sql_query(statement)
            .bind::<Date, _>(on)
            .bind::<Date, _>(on)
            .bind::<Date, _>(on)
            .bind::<Date, _>(on);
        let rows: Vec<Below> = query.load(db)?;
        below.extend(rows.into_iter().map(|row| (row.top, row.below)));
    }
    preview.carried_along = below.values().sum();
    let by_code: BTreeMap<&str, i64> = changed
        .iter()
        .filter_map(|(_, unit)| Some((&*unit.code, *below.get(&unit.id?)?)))
        .collect();
    for unit in &mut preview.units {
        unit.carried_along = by_code.get(unit.code.as_str()).copied().unwrap_or(0);
    }
    Ok(())
}

/// Units that come to bear the name of a sibling of their kind; of the first thousand that change.
fn same_names(
    db: &mut Db,
    rules: &Rules,
    outcome: &Outcome,
    changed: &[(Ux, &Unit)],
    on: NaiveDate,
) -> Result<Vec<Warning>> {
    let world = &outcome.world;
    let mut warnings = Vec::new();
    let mut seen: BTreeMap<(Ux, &str), &str> = BTreeMap::new();
    for (ux, unit) in changed.iter().take(super::preview::UNITS_SHOWN) {
        let end_of_day = Position { on, seq: i32::MAX };
        let state = world.before(*ux, end_of_day).filter(|state| state.alive);
        let Some((state, parent)) = state.and_then(|state| Some((state, state.parent?))) else {
            continue;
        };
        let name = state.version.name.as_str();
        if let Some(other) = seen.insert((parent, name), &unit.code) {
            warnings.push(warning(&unit.code, other));
        }
        let Some(parent_id) = world.unit(parent).id else {
            continue;
        };
        let query = unit_states::table
            .filter(unit_states::parent_id.eq(parent_id))
            .filter(unit_states::rank.eq(rules.rank(&state.version.kind, on)))
            .filter(unit_states::name_key.eq(name_key(name)))
            .filter(unit_states::alive)
            .filter(unit_states::effective_on.le(on))
            .filter(unit_states::valid_to.gt(on))
            .filter(unit_states::code.ne(&*unit.code))
            .select(unit_states::code)
            .order(unit_states::code);
        let sibling: Option<String> = on_engine!(db, c => query.first(c)).optional()?;
        // One that changes too is looked at in its own turn.
        let stays = |code: &String| {
            let known = world.find(code).map(|ux| world.unit(ux));
            !known.is_some_and(Unit::is_changed)
        };
        if let Some(other) = sibling.filter(stays) {
            warnings.push(warning(&unit.code, &other));
        }
    }
    Ok(warnings)
}

fn warning(unit: &str, other: &str) -> Warning {
    Warning {
        code: "same_name_as_sibling",
        unit: unit.to_owned(),
        other: other.to_owned(),
    }
}

//! What hangs on units that a change touches: what goes along below them, clusters, siblings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::schema::unit_states;
use liendoan_core::vietnamese::name_key;
use liendoan_core::{Code, Db, Error, Result, Scope, on_engine};

use super::commit::vanishing;
use super::hanging;
use super::plan::Asker;
use super::preview::{Preview, Warning};
use crate::tree::clusters::queries as clusters;
use crate::tree::replay::world::Unit;
use crate::tree::replay::{Outcome, Position, Rules, Ux, rows};

/// Places in one statement, each a condition of its own.
const PLACES: usize = 100;

/// Refuses to let a unit vanish that something hangs on.
pub fn check_not_in_use(db: &mut Db, scope: &Scope, outcome: &Outcome) -> Result<()> {
    let vanishing = vanishing(outcome.world.units().map(|(_, unit)| unit));
    if vanishing.is_empty() {
        return Ok(());
    }
    hanging::check_none(db, scope, &vanishing)?;
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
    asker: &Asker,
    rules: &Rules,
    outcome: &Outcome,
    on: NaiveDate,
    today: NaiveDate,
    preview: &mut Preview,
) -> Result<()> {
    let scope = &asker.scope;
    preview.grants = hanging::grants_on_ending(db, &asker.accounts, outcome, on, today)?;
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
    let under = under(db, &moved, on)?;
    let count = |top: &i64| {
        let (mut count, mut climb) = (0, vec![*top]);
        while let Some(children) = climb.pop().map(|unit| under.get(&unit)) {
            let children = children.map_or(&[][..], Vec::as_slice);
            count += i64::try_from(children.len()).unwrap_or(i64::MAX);
            climb.extend(children);
        }
        (*top, count)
    };
    let below: BTreeMap<i64, i64> = moved.iter().map(count).collect();
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

/// Children, on a day, of units and of all that stand below them.
fn under(db: &mut Db, tops: &BTreeSet<i64>, on: NaiveDate) -> Result<BTreeMap<i64, Vec<i64>>> {
    let mut under: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut asked = tops.clone();
    let mut wanted: Vec<i64> = tops.iter().copied().collect();
    while !wanted.is_empty() {
        let mut next = Vec::new();
        for chunk in wanted.chunks(super::source::CHUNK) {
            let query = unit_states::table
                .filter(unit_states::parent_id.eq_any(chunk.iter().copied()))
                .filter(unit_states::alive)
                .filter(unit_states::effective_on.le(on))
                .filter(unit_states::valid_to.gt(on))
                .select((
                    unit_states::parent_id.assume_not_null(),
                    unit_states::unit_id,
                ));
            let rows: Vec<(i64, i64)> = on_engine!(db, c => query.load(c))?;
            for (parent, unit) in rows {
                under.entry(parent).or_default().push(unit);
                next.extend(asked.insert(unit).then_some(unit));
            }
        }
        wanted = next;
    }
    Ok(under)
}

/// A place among siblings, as far as units of one kind and name share it: parent, rank and name key.
type Namesakes = (i64, i32, String);

/// Units that come to bear the name of a sibling of their kind; of the first thousand that change.
fn same_names(
    db: &mut Db,
    rules: &Rules,
    outcome: &Outcome,
    changed: &[(Ux, &Unit)],
    on: NaiveDate,
) -> Result<Vec<Warning>> {
    let world = &outcome.world;
    let end_of_day = Position { on, seq: i32::MAX };
    let placed = |(ux, unit): &(Ux, &Unit)| {
        let state = world.before(*ux, end_of_day).filter(|state| state.alive)?;
        let parent = state.parent?;
        let name = state.version.name.clone();
        let of_parent = |id| (id, rules.rank(&state.version.kind, on), name_key(&name));
        let namesakes: Option<Namesakes> = world.unit(parent).id.map(of_parent);
        Some((unit.code.clone(), parent, name, namesakes))
    };
    let shown = changed.iter().take(super::preview::UNITS_SHOWN);
    let placed: Vec<_> = shown.filter_map(placed).collect();
    let namesakes: Vec<&Namesakes> = placed.iter().filter_map(|unit| unit.3.as_ref()).collect();
    let recorded = recorded_under(db, &namesakes, on)?;
    let mut warnings = Vec::new();
    let mut seen: BTreeMap<(Ux, &str), &str> = BTreeMap::new();
    for (code, parent, name, namesakes) in &placed {
        if let Some(other) = seen.insert((*parent, name), code) {
            warnings.push(warning(code, other));
        }
        let siblings = namesakes.as_ref().and_then(|place| recorded.get(place));
        let sibling = siblings
            .into_iter()
            .flatten()
            .find(|other| ***other != **code);
        // One that changes too is looked at in its own turn.
        let stays = |code: &&String| {
            let known = world.find(code).map(|ux| world.unit(ux));
            !known.is_some_and(Unit::is_changed)
        };
        if let Some(other) = sibling.filter(stays) {
            warnings.push(warning(code, other));
        }
    }
    Ok(warnings)
}

/// Codes of units that live in these places on that day, in order.
fn recorded_under(
    db: &mut Db,
    places: &[&Namesakes],
    on: NaiveDate,
) -> Result<BTreeMap<Namesakes, BTreeSet<String>>> {
    let mut found: BTreeMap<Namesakes, BTreeSet<String>> = BTreeMap::new();
    for chunk in places.chunks(PLACES) {
        let mut query = unit_states::table
            .select((
                unit_states::parent_id.assume_not_null(),
                unit_states::rank,
                unit_states::name_key,
                unit_states::code,
            ))
            .into_boxed();
        for (parent, rank, key) in chunk {
            query = query.or_filter(
                unit_states::parent_id
                    .assume_not_null()
                    .eq(parent)
                    .and(unit_states::rank.eq(rank))
                    .and(unit_states::name_key.eq(key))
                    // In each place: else SQLite does not see that an index of the living will do.
                    .and(unit_states::alive),
            );
        }
        let rows: Vec<(i64, i32, String, String)> = query
            .filter(unit_states::effective_on.le(on))
            .filter(unit_states::valid_to.gt(on))
            .load(db)?;
        for (parent, rank, key, code) in rows {
            found.entry((parent, rank, key)).or_default().insert(code);
        }
    }
    Ok(found)
}

fn warning(unit: &str, other: &str) -> Warning {
    Warning {
        code: "same_name_as_sibling",
        unit: unit.to_owned(),
        other: other.to_owned(),
    }
}

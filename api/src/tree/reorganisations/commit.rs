//! Writes what a replay came to: the rows that differ, and no others.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::Hold;
use liendoan_core::schema::{reorganisation_reads, tree, unit_links, unit_states, units};
use liendoan_core::validity::FOREVER;
use liendoan_core::vietnamese::name_key;
use liendoan_core::{Db, Error, Result, Tx, on_engine};

use super::preview::Life;
use super::source::CHUNK;
use crate::tree::replay::world::{LinkKind, Unit};
use crate::tree::replay::{Outcome, Rules, Touch, Ux, World, rows};

/// Rows in one statement; each has some 15 values.
const INSERTED: usize = 500;

/// The revision of the tree, and of what search finds in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Revision {
    pub tree: i64,
    pub names: i64,
}

/// Takes the list of decisions for this transaction and gives it its next revision: changes of the list
/// run one at a time, and after whoever looks at the tree to write what agrees with it.
pub fn take_list(tx: &mut Tx<'_>) -> Result<Revision> {
    crate::tree::hold(tx, Hold::Alone)?;
    let taken = diesel::update(tree::table.find(1))
        .set((
            tree::revision.eq(tree::revision + 1),
            tree::names_revision.eq(tree::names_revision + 1),
        ))
        .returning((tree::revision, tree::names_revision));
    Ok(on_engine!(&mut **tx, c => taken.get_result(c))?)
}

#[derive(Insertable)]
#[diesel(table_name = units, treat_none_as_default_value = false)]
struct NewUnit<'a> {
    code: &'a str,
    placeholder: bool,
    version: i32,
    names_revision: i64,
    lives: String,
    created_at: liendoan_core::Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = unit_states, treat_none_as_default_value = false)]
struct NewState<'a> {
    unit_id: i64,
    effective_on: NaiveDate,
    day_seq: i32,
    valid_to: NaiveDate,
    reorganisation_id: i64,
    lines: String,
    alive: bool,
    parent_id: Option<i64>,
    code: &'a str,
    name: &'a str,
    short_name: Option<&'a str>,
    kind: &'a str,
    employer_type: Option<&'a str>,
    rank: i32,
    name_key: String,
}

#[derive(Insertable)]
#[diesel(table_name = unit_links)]
struct NewLink {
    unit_id: i64,
    effective_on: NaiveDate,
    day_seq: i32,
    other_id: i64,
    kind: &'static str,
}

#[derive(Insertable)]
#[diesel(table_name = reorganisation_reads)]
struct NewRead {
    unit_id: i64,
    reorganisation_id: i64,
}

/// Writes the rows of every unit that the replay changed.
pub fn write(tx: &mut Tx<'_>, rules: &Rules, outcome: &Outcome, revision: Revision) -> Result<()> {
    let world = &outcome.world;
    let changed: Vec<(Ux, &Unit)> = world
        .units()
        .filter(|(_, unit)| unit.is_changed())
        .collect();
    let ids = found(tx, world, &changed, revision)?;
    replace_links(tx, &changed, &ids)?;
    for chunk in changed.chunks(INSERTED) {
        replace_states(tx, rules, chunk, &ids)?;
    }
    note_names(tx, &changed, revision)?;
    replace_reads(tx, &outcome.reads, &ids)?;
    forget(tx, &changed)
}

/// Ids of all units of the world; those that begin get theirs now.
fn found(
    tx: &mut Tx<'_>,
    world: &World,
    changed: &[(Ux, &Unit)],
    revision: Revision,
) -> Result<HashMap<Ux, i64>> {
    let mut ids: HashMap<Ux, i64> = world
        .units()
        .filter_map(|(ux, unit)| Some((ux, unit.id?)))
        .collect();
    let created_at = tx.now();
    let new: Vec<&Unit> = changed
        .iter()
        .filter(|(_, unit)| unit.id.is_none())
        .map(|(_, unit)| *unit)
        .collect();
    for chunk in new.chunks(INSERTED) {
        let rows: Vec<NewUnit<'_>> = chunk
            .iter()
            .map(|unit| {
                Ok(NewUnit {
                    code: &unit.code,
                    placeholder: unit.placeholder,
                    version: 1,
                    names_revision: revision.names,
                    lives: lives(&unit.touches)?,
                    created_at,
                })
            })
            .collect::<Result<_>>()?;
        on_engine!(&mut **tx, c => diesel::insert_into(units::table).values(&rows).execute(c))?;
        let codes: Vec<&str> = chunk.iter().map(|unit| &*unit.code).collect();
        let query = units::table
            .filter(units::code.eq_any(codes))
            .select((units::code, units::id));
        let given: Vec<(String, i64)> = on_engine!(&mut **tx, c => query.load(c))?;
        for (code, id) in given {
            ids.extend(world.find(&code).map(|ux| (ux, id)));
        }
    }
    for (_, unit) in changed {
        if let Some(id) = unit.id
            && unit.placeholder != unit.recorded.placeholder
        {
            diesel::update(units::table.find(id))
                .set(units::placeholder.eq(unit.placeholder))
                .execute(&mut **tx)?;
        }
    }
    Ok(ids)
}

/// Each touch with the day on which the next one takes over.
fn with_ends(touches: &[Touch]) -> impl Iterator<Item = (&Touch, NaiveDate)> {
    let ends = touches.iter().skip(1).map(|next| next.at.on);
    touches.iter().zip(ends.chain([FOREVER]))
}

fn replace_states(
    tx: &mut Tx<'_>,
    rules: &Rules,
    changed: &[(Ux, &Unit)],
    ids: &HashMap<Ux, i64>,
) -> Result<()> {
    let mut gone: Vec<i64> = Vec::new();
    let mut closed: BTreeMap<NaiveDate, Vec<i64>> = BTreeMap::new();
    let mut new: Vec<NewState<'_>> = Vec::new();
    for (ux, unit) in changed {
        let id = id_of(ids, *ux)?;
        let recorded = with_ends(&unit.recorded.touches).zip(&unit.recorded.rows);
        let mut recorded: BTreeMap<_, _> = recorded
            .map(|((touch, to), row)| (touch.at, (touch, to, *row)))
            .collect();
        for (touch, to) in with_ends(&unit.touches) {
            match recorded.remove(&touch.at) {
                Some((before, before_to, row)) if before == touch => {
                    if before_to != to {
                        closed.entry(to).or_default().push(row);
                    }
                    continue;
                }
                Some((_, _, row)) => gone.push(row),
                None => {}
            }
            let version = &touch.state.version;
            new.push(NewState {
                unit_id: id,
                effective_on: touch.at.on,
                day_seq: touch.at.seq,
                valid_to: to,
                reorganisation_id: touch.decision,
                lines: serde_json::to_string(&touch.lines).map_err(Error::internal)?,
                alive: touch.state.alive,
                parent_id: touch.state.parent.map(|up| id_of(ids, up)).transpose()?,
                code: &unit.code,
                name: &version.name,
                short_name: version.short_name.as_deref(),
                kind: &version.kind,
                employer_type: version.employer_type.as_deref(),
                rank: rules.rank(&version.kind, touch.at.on),
                name_key: name_key(&version.name),
            });
        }
        gone.extend(recorded.into_values().map(|(_, _, row)| row));
    }
    for chunk in gone.chunks(CHUNK) {
        let rows = unit_states::table.filter(unit_states::id.eq_any(chunk.iter().copied()));
        on_engine!(&mut **tx, c => diesel::delete(rows).execute(c))?;
    }
    for (to, closed) in closed {
        for chunk in closed.chunks(CHUNK) {
            let rows = unit_states::table.filter(unit_states::id.eq_any(chunk.iter().copied()));
            let close = diesel::update(rows).set(unit_states::valid_to.eq(to));
            on_engine!(&mut **tx, c => close.execute(c))?;
        }
    }
    for chunk in new.chunks(INSERTED) {
        on_engine!(&mut **tx, c => diesel::insert_into(unit_states::table).values(chunk).execute(c))?;
    }
    Ok(())
}

fn replace_links(tx: &mut Tx<'_>, changed: &[(Ux, &Unit)], ids: &HashMap<Ux, i64>) -> Result<()> {
    let has_links = |touches: &[Touch]| touches.iter().any(|touch| !touch.links.is_empty());
    for (ux, unit) in changed {
        let id = id_of(ids, *ux)?;
        if has_links(&unit.recorded.touches) {
            diesel::delete(unit_links::table.filter(unit_links::unit_id.eq(id)))
                .execute(&mut **tx)?;
        }
        let links = unit.touches.iter().flat_map(|touch| {
            let link = move |link| (touch.at, link);
            touch.links.iter().map(link)
        });
        let links: Vec<NewLink> = links
            .map(|(at, link)| {
                Ok(NewLink {
                    unit_id: id,
                    effective_on: at.on,
                    day_seq: at.seq,
                    other_id: id_of(ids, link.other)?,
                    kind: match link.kind {
                        LinkKind::Successor => "successor",
                        LinkKind::Separate => "separate",
                    },
                })
            })
            .collect::<Result<_>>()?;
        for chunk in links.chunks(INSERTED) {
            on_engine!(&mut **tx, c => diesel::insert_into(unit_links::table).values(chunk).execute(c))?;
        }
    }
    Ok(())
}

/// Marks the units of which search finds something else than before, and writes their lives.
fn note_names(tx: &mut Tx<'_>, changed: &[(Ux, &Unit)], revision: Revision) -> Result<()> {
    let mut by_lives: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (_, unit) in changed {
        let (now, before) = (&unit.touches, &unit.recorded.touches);
        let (lives_now, lives_before) = (lives(now)?, lives(before)?);
        if lives_now != lives_before || rows::versions(now) != rows::versions(before) {
            by_lives.entry(lives_now).or_default().extend(unit.id);
        }
    }
    for (lives, ids) in by_lives {
        for chunk in ids.chunks(CHUNK) {
            diesel::update(units::table.filter(units::id.eq_any(chunk.to_vec())))
                .set((
                    units::names_revision.eq(revision.names),
                    units::lives.eq(&lives),
                ))
                .execute(&mut **tx)?;
        }
    }
    Ok(())
}

fn lives(touches: &[Touch]) -> Result<String> {
    let lives: Vec<Life> = rows::lives(touches).into_iter().map(Life::from).collect();
    serde_json::to_string(&lives).map_err(Error::internal)
}

fn replace_reads(
    tx: &mut Tx<'_>,
    reads: &BTreeMap<i64, Option<BTreeSet<Ux>>>,
    ids: &HashMap<Ux, i64>,
) -> Result<()> {
    for (decision, units) in reads {
        let recorded = reorganisation_reads::reorganisation_id.eq(decision);
        diesel::delete(reorganisation_reads::table.filter(recorded)).execute(&mut **tx)?;
        let read = |ux: &Ux| {
            Ok(NewRead {
                unit_id: id_of(ids, *ux)?,
                reorganisation_id: *decision,
            })
        };
        let new: Vec<NewRead> = units.iter().flatten().map(read).collect::<Result<_>>()?;
        for chunk in new.chunks(INSERTED) {
            on_engine!(&mut **tx, c => diesel::insert_into(reorganisation_reads::table).values(chunk).execute(c))?;
        }
    }
    Ok(())
}

/// Remembers which units an annulled decision had touched, for their history.
pub fn remember_annulled(tx: &mut Tx<'_>, outcome: &Outcome, decision: i64) -> Result<()> {
    let had_touched = |unit: &Unit| {
        let mut recorded = unit.recorded.touches.iter();
        recorded.any(|touch| touch.decision == decision) && !unit.touches.is_empty()
    };
    let touched = outcome.world.units().filter(|(_, unit)| had_touched(unit));
    let rows: Vec<NewRead> = touched
        .filter_map(|(_, unit)| unit.id)
        .map(|unit_id| NewRead {
            unit_id,
            reorganisation_id: decision,
        })
        .collect();
    for chunk in rows.chunks(INSERTED) {
        on_engine!(&mut **tx, c => diesel::insert_into(reorganisation_reads::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// Removes units that no decision founds any more; what hangs on them was looked for before.
fn forget(tx: &mut Tx<'_>, changed: &[(Ux, &Unit)]) -> Result<()> {
    use liendoan_core::schema::{external_ids, unit_particulars};
    for id in vanishing(changed.iter().map(|(_, unit)| *unit)) {
        diesel::delete(external_ids::table.filter(external_ids::unit_id.eq(id)))
            .execute(&mut **tx)?;
        diesel::delete(unit_particulars::table.filter(unit_particulars::unit_id.eq(id)))
            .execute(&mut **tx)?;
        diesel::delete(unit_links::table.filter(unit_links::other_id.eq(id))).execute(&mut **tx)?;
        let read = reorganisation_reads::unit_id.eq(id);
        diesel::delete(reorganisation_reads::table.filter(read)).execute(&mut **tx)?;
        diesel::delete(units::table.find(id)).execute(&mut **tx)?;
    }
    Ok(())
}

/// Ids of units that were recorded and that nothing founds any more.
pub fn vanishing<'a>(units: impl Iterator<Item = &'a Unit>) -> Vec<i64> {
    let vanishes = |unit: &&Unit| unit.touches.is_empty() && !unit.recorded.touches.is_empty();
    units.filter(vanishes).filter_map(|unit| unit.id).collect()
}

fn id_of(ids: &HashMap<Ux, i64>, ux: Ux) -> Result<i64> {
    let without = || Error::internal("a unit of the replay has no row");
    ids.get(&ux).copied().ok_or_else(without)
}

/// The present revision of the tree.
pub fn revision(db: &mut Db) -> Result<Revision> {
    let query = tree::table
        .find(1)
        .select((tree::revision, tree::names_revision));
    Ok(on_engine!(db, c => query.first(c))?)
}

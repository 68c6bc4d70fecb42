//! What the replay asks of the database.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::Hold;
use liendoan_core::schema::{
    reorganisation_reads, reorganisations, unit_kinds, unit_links, unit_states, units,
};
use liendoan_core::validity::Validity;
use liendoan_core::{Code, Db, Error, Result, Scope, Tx, on_engine};

use super::content::LineContent;
use crate::tree::hold;
use crate::tree::replay::all::replay_all;
use crate::tree::replay::line::Line;
use crate::tree::replay::rules::{KindRule, Rules};
use crate::tree::replay::world::{Link, LinkKind, Recorded, Version};
use crate::tree::replay::{Decision, Position, Source, State, Touch, Ux, Which, World};

/// Ids or codes in one statement. SQLite takes 32,766.
pub const CHUNK: usize = 1_000;

/// The reference data of kinds.
pub fn rules(db: &mut Db, _: &Scope) -> Result<Rules> {
    type Row = (String, NaiveDate, NaiveDate, bool, String, i32);
    let rows: Vec<Row> = unit_kinds::table
        .select((
            unit_kinds::kind,
            unit_kinds::valid_from,
            unit_kinds::valid_to,
            unit_kinds::may_be_root,
            unit_kinds::child_kinds,
            unit_kinds::rank,
        ))
        .load(db)?;
    let rule = |(kind, from, to, may_be_root, child_kinds, rank): Row| {
        Ok(KindRule {
            kind,
            validity: Validity { from, to },
            may_be_root,
            child_kinds: serde_json::from_str(&child_kinds).map_err(Error::internal)?,
            rank,
        })
    };
    rows.into_iter().map(rule).collect()
}

/// Reads what the replay asks for.
pub struct Recording<'a> {
    pub db: &'a mut Db,
}

#[derive(Queryable)]
struct StateRow {
    id: i64,
    unit_id: i64,
    effective_on: NaiveDate,
    day_seq: i32,
    reorganisation_id: i64,
    lines: String,
    alive: bool,
    parent_id: Option<i64>,
    name: String,
    short_name: Option<String>,
    kind: String,
    employer_type: Option<String>,
}

#[derive(Queryable)]
struct LinkRow {
    unit_id: i64,
    effective_on: NaiveDate,
    day_seq: i32,
    other_id: i64,
    kind: String,
}

#[derive(Queryable)]
struct UnitRow {
    id: i64,
    code: String,
    placeholder: bool,
}

/// All that is recorded of some units.
#[derive(Default)]
struct Rows {
    units: Vec<UnitRow>,
    states: Vec<StateRow>,
    links: HashMap<i64, Vec<LinkRow>>,
}

impl Source for Recording<'_> {
    fn recall(&mut self, world: &mut World, which: Which<'_>) -> Result<()> {
        // Chunk by chunk: rows take more memory than what they become.
        for chunk in self.ids(which)?.chunks(CHUNK) {
            let rows = self.with_all_above(world, chunk)?;
            enter(world, rows)?;
        }
        Ok(())
    }

    fn touched_by(&mut self, decision: i64) -> Result<Vec<i64>> {
        let query = unit_states::table
            .filter(unit_states::reorganisation_id.eq(decision))
            .select(unit_states::unit_id);
        Ok(on_engine!(self.db, c => query.load(c))?)
    }

    fn readers(&mut self, units: &[i64], after: Position) -> Result<Vec<(i64, Position)>> {
        let mut readers = BTreeMap::new();
        if units.is_empty() || !self.has_later(after)? {
            return Ok(Vec::new());
        }
        for chunk in units.chunks(CHUNK) {
            let rows: Vec<(i64, NaiveDate, i32)> = reorganisation_reads::table
                .inner_join(
                    reorganisations::table
                        .on(reorganisations::id.eq(reorganisation_reads::reorganisation_id)),
                )
                .filter(reorganisation_reads::unit_id.eq_any(chunk.to_vec()))
                .filter(reorganisations::effective_on.ge(after.on))
                .filter(reorganisations::annulled_because.is_null())
                .select((
                    reorganisations::id,
                    reorganisations::effective_on,
                    reorganisations::day_seq,
                ))
                .load(self.db)?;
            let place = |(id, on, seq): (i64, NaiveDate, i32)| (id, Position { on, seq });
            readers.extend(rows.into_iter().map(place));
        }
        Ok(readers.into_iter().collect())
    }

    fn lines_of(&mut self, decision: i64) -> Result<Vec<Line>> {
        let lines: String = reorganisations::table
            .find(decision)
            .select(reorganisations::lines)
            .first(self.db)?;
        parse_lines(&lines)
    }
}

/// Recorded lines, which were sound when they were recorded.
pub fn parse_lines(lines: &str) -> Result<Vec<Line>> {
    let lines: Vec<LineContent> = serde_json::from_str(lines).map_err(Error::internal)?;
    lines.iter().map(LineContent::to_line).collect()
}

impl Recording<'_> {
    fn has_later(&mut self, after: Position) -> Result<bool> {
        let later: Option<i64> = reorganisations::table
            .filter(reorganisations::effective_on.ge(after.on))
            .filter(
                reorganisations::effective_on
                    .gt(after.on)
                    .or(reorganisations::day_seq.gt(after.seq)),
            )
            .select(reorganisations::id)
            .first(self.db)
            .optional()?;
        Ok(later.is_some())
    }

    fn ids(&mut self, which: Which<'_>) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        match which {
            Which::Ids(given) => ids.extend(given),
            Which::Codes(codes) => {
                for chunk in codes.chunks(CHUNK) {
                    let query = units::table
                        .filter(units::code.eq_any(chunk.iter().copied()))
                        .select(units::id);
                    let found: Vec<i64> = on_engine!(self.db, c => query.load(c))?;
                    ids.extend(found);
                }
            }
            Which::Under(parents) => {
                for chunk in parents.chunks(CHUNK) {
                    let query = unit_states::table
                        .filter(unit_states::parent_id.eq_any(chunk.iter().copied()))
                        .select(unit_states::unit_id)
                        .distinct();
                    let found: Vec<i64> = on_engine!(self.db, c => query.load(c))?;
                    ids.extend(found);
                }
            }
            Which::Roots => {
                let query = unit_states::table
                    .filter(unit_states::parent_id.is_null())
                    .select(unit_states::unit_id)
                    .distinct();
                ids = on_engine!(self.db, c => query.load(c))?;
            }
        }
        Ok(ids)
    }

    /// What is recorded of units and of what ever stood above them, without what the world knows.
    fn with_all_above(&mut self, world: &World, ids: &[i64]) -> Result<Rows> {
        let mut rows = Rows::default();
        let mut read: BTreeSet<i64> = BTreeSet::new();
        let mut wanted = ids.to_vec();
        loop {
            wanted.retain(|id| world.find_id(*id).is_none() && read.insert(*id));
            if wanted.is_empty() {
                return Ok(rows);
            }
            let known = (rows.states.len(), rows.units.len());
            self.read(&wanted, &mut rows)?;
            let parents = rows.states[known.0..].iter().filter_map(|s| s.parent_id);
            let linked = rows.units[known.1..].iter();
            let linked = linked.flat_map(|unit| rows.links.get(&unit.id).into_iter().flatten());
            let above: BTreeSet<i64> = parents.chain(linked.map(|link| link.other_id)).collect();
            wanted = above.into_iter().collect();
        }
    }

    fn read(&mut self, ids: &[i64], rows: &mut Rows) -> Result<()> {
        for chunk in ids.chunks(CHUNK) {
            let query = units::table
                .filter(units::id.eq_any(chunk.iter().copied()))
                .select((units::id, units::code, units::placeholder));
            let found: Vec<UnitRow> = on_engine!(self.db, c => query.load(c))?;
            rows.units.extend(found);
            let query = unit_states::table
                .filter(unit_states::unit_id.eq_any(chunk.iter().copied()))
                .order((
                    unit_states::unit_id,
                    unit_states::effective_on,
                    unit_states::day_seq,
                ))
                .select((
                    unit_states::id,
                    unit_states::unit_id,
                    unit_states::effective_on,
                    unit_states::day_seq,
                    unit_states::reorganisation_id,
                    unit_states::lines,
                    unit_states::alive,
                    unit_states::parent_id,
                    unit_states::name,
                    unit_states::short_name,
                    unit_states::kind,
                    unit_states::employer_type,
                ));
            let found: Vec<StateRow> = on_engine!(self.db, c => query.load(c))?;
            rows.states.extend(found);
            let query = unit_links::table
                .filter(unit_links::unit_id.eq_any(chunk.iter().copied()))
                .order(unit_links::id)
                .select((
                    unit_links::unit_id,
                    unit_links::effective_on,
                    unit_links::day_seq,
                    unit_links::other_id,
                    unit_links::kind,
                ));
            let found: Vec<LinkRow> = on_engine!(self.db, c => query.load(c))?;
            for link in found {
                rows.links.entry(link.unit_id).or_default().push(link);
            }
        }
        Ok(())
    }
}

/// Tells the world what was read. All units first: touches point from one to another.
fn enter(world: &mut World, rows: Rows) -> Result<()> {
    let mut recorded: HashMap<i64, Recorded> = HashMap::new();
    for unit in &rows.units {
        world.enter(&unit.code, Some(unit.id));
        let placeholder = unit.placeholder;
        let nothing = Recorded {
            placeholder,
            ..Recorded::default()
        };
        recorded.insert(unit.id, nothing);
    }
    let find = |id: i64| {
        let unknown = || Error::internal(format!("unit {id} is pointed to and not there"));
        world.find_id(id).ok_or_else(unknown)
    };
    for row in rows.states {
        let at = Position {
            on: row.effective_on,
            seq: row.day_seq,
        };
        let links = rows.links.get(&row.unit_id).into_iter().flatten();
        let links = links.filter(|link| (link.effective_on, link.day_seq) == (at.on, at.seq));
        let link = |link: &LinkRow| {
            let kind = match link.kind.as_str() {
                "separate" => LinkKind::Separate,
                _ => LinkKind::Successor,
            };
            Ok(Link {
                other: find(link.other_id)?,
                kind,
            })
        };
        let links = links.map(link).collect::<Result<_>>()?;
        let parent = row.parent_id.map(find).transpose()?;
        let of_unit = recorded.entry(row.unit_id).or_default();
        let version = Version {
            name: row.name,
            short_name: row.short_name,
            kind: row.kind,
            employer_type: row.employer_type,
        };
        let state = state_after(of_unit.touches.last(), at.on, row.alive, parent, version);
        of_unit.rows.push(row.id);
        of_unit.touches.push(Touch {
            at,
            decision: row.reorganisation_id,
            lines: serde_json::from_str(&row.lines).map_err(Error::internal)?,
            state,
            links,
        });
    }
    for (id, recorded) in recorded {
        if let Some(ux) = world.find_id(id) {
            world.recall(ux, recorded);
        }
    }
    Ok(())
}

/// Life and death follow from the touches: when the present life began, when the last one ended.
fn state_after(
    before: Option<&Touch>,
    on: NaiveDate,
    alive: bool,
    parent: Option<Ux>,
    version: Version,
) -> State {
    let before = before.map(|touch| &touch.state);
    let (since, ended) = match (before, alive) {
        (None, _) => (on, None),
        (Some(before), true) if before.alive || before.ended == Some(on) => (before.since, None),
        (Some(_), true) => (on, None),
        (Some(before), false) => (before.since, Some(before.ended.unwrap_or(on))),
    };
    // A name that stays is kept once.
    let version = match before {
        Some(before) if *before.version == version => before.version.clone(),
        _ => Arc::new(version),
    };
    State {
        alive,
        parent,
        version,
        since,
        ended,
    }
}

/// Every decision that holds, in the order of replay.
pub fn all_decisions(db: &mut Db, _: &Scope) -> Result<Vec<Decision>> {
    let rows: Vec<(i64, NaiveDate, i32, String)> = reorganisations::table
        .filter(reorganisations::annulled_because.is_null())
        .order((reorganisations::effective_on, reorganisations::day_seq))
        .select((
            reorganisations::id,
            reorganisations::effective_on,
            reorganisations::day_seq,
            reorganisations::lines,
        ))
        .load(db)?;
    let decision = |(id, on, seq, lines): (i64, NaiveDate, i32, String)| {
        Ok(Decision {
            id,
            at: Position { on, seq },
            lines: parse_lines(&lines)?,
        })
    };
    rows.into_iter().map(decision).collect()
}

/// Holds the rules as they are now against every recorded decision, where they may have become
/// stricter. Nobody records another one meanwhile.
pub fn check_rules(tx: &mut Tx<'_>, scope: &Scope) -> Result<()> {
    hold(tx, Hold::Alone)?;
    let (rules, decisions) = (rules(tx, scope)?, all_decisions(tx, scope)?);
    match replay_all(&rules, decisions) {
        Ok(_) => Ok(()),
        Err((decision, refusal)) => Err(Error::new(Code::RuleInUse)
            .with("reorganisation_id", decision)
            .with("line", refusal.line)
            .with("code", refusal.code.as_str())),
    }
}

//! Holds the whole database against what must always be so.
//!
//! The rows are judged by themselves, day by day, and then against a replay of all decisions from
//! nothing: a mistake of the replay shows in the first, one of the writing in the second.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use liendoan_core::schema::units;
use liendoan_core::validity::{FOREVER, Validity};
use liendoan_core::{Db, Result, Scope, audit, on_engine, sealer};

use super::reorganisations::source::{CHUNK, Recording, all_decisions, rules};
use super::replay::all::replay_all;
use super::replay::rules::{EMPLOYER_TYPES, GRASSROOTS_UNION};
use super::replay::world::Unit;
use super::replay::{Rules, Source, Touch, Ux, Which, World, rows};
use super::{DEEPEST, places};

/// What was looked at, and what is wrong.
#[derive(Debug, Default)]
pub struct Report {
    pub units: usize,
    pub decisions: usize,
    pub events: i64,
    pub records: usize,
    /// What must never be.
    pub violations: Vec<Violation>,
    /// Units that today's rules would not let stand where they do; laws change before the
    /// reorganisations that they order.
    pub against_todays_rules: Vec<String>,
}

/// Something that must never be.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The invariant: I-1 one root, I-2 no circle, I-3 who stands above lives as long, I-4 no gap and no
    /// overlap, I-5 kinds are known, I-8 every unit lives on a day, I-9 rows equal a replay; F-1 files are there, as they
    /// were sent; `places`: records are found where the tree puts them.
    pub invariant: &'static str,
    pub what: String,
}

impl Report {
    fn violated(&mut self, invariant: &'static str, what: impl Into<String>) {
        let what = what.into();
        self.violations.push(Violation { invariant, what });
    }
}

/// Looks at everything, in one snapshot.
pub fn check(db: &mut Db, scope: &Scope, today: NaiveDate) -> Result<Report> {
    let mut report = Report::default();
    check_tiling(db, &mut report)?;
    check_chains(db, &mut report)?;
    let rules = rules(db, scope)?;
    let world = recall_all(db)?;
    report.units = world.units().count();
    check_rows(&world, &rules, &mut report);
    check_today(&world, &rules, today, &mut report);
    // Who climbs in a circle arrives nowhere.
    if !report.violations.iter().any(|one| one.invariant == "I-2") {
        check_places(db, scope, today, &mut report)?;
    }
    let decisions = all_decisions(db, scope)?;
    report.decisions = decisions.len();
    match replay_all(&rules, decisions) {
        Ok(replayed) => compare(&world, &replayed, &mut report),
        Err((decision, refusal)) => report.violated(
            "I-9",
            format!(
                "decision {decision} does not replay: line {}, {}",
                refusal.line,
                refusal.code.as_str()
            ),
        ),
    }
    Ok(report)
}

fn recall_all(db: &mut Db) -> Result<World> {
    let query = units::table.select(units::id).order(units::id);
    let ids: Vec<i64> = on_engine!(&mut *db, c => query.load(c))?;
    let mut world = World::default();
    let mut source = Recording { db };
    for chunk in ids.chunks(10 * CHUNK) {
        source.recall(&mut world, Which::Ids(chunk))?;
    }
    Ok(world)
}

/// I-4: each row holds until the next one of its unit, or of its field.
fn check_tiling(db: &mut Db, report: &mut Report) -> Result<()> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        unit_id: i64,
        #[diesel(sql_type = Text)]
        of: String,
    }
    for tiling in [
        "SELECT unit_id, 'unit_states' AS of FROM (SELECT unit_id, valid_to, LEAD(effective_on) OVER \
           (PARTITION BY unit_id ORDER BY effective_on, day_seq) AS next FROM unit_states) t \
         WHERE valid_to <> COALESCE(next, $1)",
        "SELECT unit_id, field AS of FROM (SELECT unit_id, field, valid_to, LEAD(effective_on) OVER \
           (PARTITION BY unit_id, field ORDER BY effective_on) AS next FROM unit_particulars) t \
         WHERE valid_to <> COALESCE(next, $1)",
    ] {
        let query = diesel::sql_query(tiling).bind::<Date, _>(FOREVER);
        let rows: Vec<Row> = on_engine!(&mut *db, c => query.load(c))?;
        for row in rows {
            report.violated(
                "I-4",
                format!("unit {}: gap or overlap in {}", row.unit_id, row.of),
            );
        }
    }
    Ok(())
}

/// Records are found under the units under which they stood then and stand now.
fn check_places(db: &mut Db, scope: &Scope, today: NaiveDate, report: &mut Report) -> Result<()> {
    let (records, misplaced) = places::misplaced(db, scope, today)?;
    report.records = records;
    for record in misplaced {
        let what = format!("record {record}: not found where the tree puts it");
        report.violated("places", what);
    }
    Ok(())
}

/// Each entry of the logs is chained to the one before it, and none is cut off.
fn check_chains(db: &mut Db, report: &mut Report) -> Result<()> {
    let (events, entries) = (sealer::verify(db)?, audit::verify(db)?);
    report.events = events.entries;
    for (log, verdict) in [("events", events), ("audit", entries)] {
        if let Some(broken) = verdict.broken_at {
            report.violated(log, format!("the chain breaks at position {broken}"));
        }
    }
    Ok(())
}

/// I-1 to I-6, on the rows alone.
fn check_rows(world: &World, rules: &Rules, report: &mut Report) {
    let mut roots: Vec<(Validity, &str)> = Vec::new();
    for (ux, unit) in world.units() {
        let code = &unit.code;
        if rows::lives(&unit.touches).is_empty() {
            report.violated("I-8", format!("{code} never lives"));
        }
        for (validity, state) in rows::states(&unit.touches).filter(|(_, state)| state.alive) {
            match state.parent {
                None => roots.push((validity, code)),
                Some(parent) => {
                    check_above(world, ux, parent, validity, report);
                }
            }
            let version = &state.version;
            if !rules.knows(&version.kind) {
                report.violated(
                    "I-5",
                    format!("{code} is of the unknown kind {}", version.kind),
                );
            }
            let employer_type = version.employer_type.as_deref();
            let is_sound = employer_type.is_none_or(|given| {
                version.kind == GRASSROOTS_UNION && EMPLOYER_TYPES.contains(&given)
            });
            if !is_sound {
                report.violated(
                    "I-5",
                    format!("{code} has an employer type that it can't have"),
                );
            }
        }
    }
    roots.sort_by_key(|(validity, _)| validity.from);
    for pair in roots.windows(2) {
        if pair[0].0.overlaps(pair[1].0) {
            report.violated(
                "I-1",
                format!("{} and {} are both root", pair[0].1, pair[1].1),
            );
        }
    }
}

/// I-2 and I-3: what stands above lives as long, and the way up ends.
fn check_above(world: &World, ux: Ux, parent: Ux, validity: Validity, report: &mut Report) {
    let mut uncovered = validity.from;
    for life in rows::lives(&world.unit(parent).touches) {
        if life.from <= uncovered {
            uncovered = uncovered.max(life.to);
        }
    }
    let (code, above) = (world.code(ux), world.code(parent));
    if uncovered < validity.to {
        report.violated(
            "I-3",
            format!("{code} lives on {uncovered}, {above} above it does not"),
        );
    }
    let on = |ux: Ux| {
        let mut states = rows::states(&world.unit(ux).touches);
        let state = states.find(|(days, _)| days.contains(validity.from));
        state.and_then(|(_, state)| state.parent)
    };
    let mut steps = std::iter::successors(Some(parent), |ux| on(*ux)).zip(0..);
    if steps.any(|(_, height)| height >= DEEPEST) {
        report.violated(
            "I-2",
            format!("{code} stands below itself on {}", validity.from),
        );
    }
}

fn check_today(world: &World, rules: &Rules, today: NaiveDate, report: &mut Report) {
    let on_day = |unit: &Unit| {
        let mut states = rows::states(&unit.touches);
        let state = states.find(|(validity, state)| state.alive && validity.contains(today));
        state.map(|(_, state)| (state.version.kind.clone(), state.parent))
    };
    for (_, unit) in world.units() {
        let Some((kind, parent)) = on_day(unit) else {
            continue;
        };
        let stands = match parent {
            None => rules.may_be_root(&kind, today),
            Some(parent) => on_day(world.unit(parent))
                .is_some_and(|(above, _)| rules.fits(&kind, &above, today)),
        };
        if !stands {
            report.against_todays_rules.push(unit.code.to_string());
        }
    }
}

/// I-9: rows equal a replay from nothing.
fn compare(world: &World, replayed: &World, report: &mut Report) {
    let by_code = |world: &World| -> BTreeMap<String, Ux> {
        let begun = world.units().filter(|(_, unit)| !unit.touches.is_empty());
        begun
            .map(|(ux, unit)| (unit.code.to_string(), ux))
            .collect()
    };
    let (recorded, expected) = (by_code(world), by_code(replayed));
    let codes: BTreeSet<&String> = recorded.keys().chain(expected.keys()).collect();
    for code in codes {
        let touches = |world: &World, of: &BTreeMap<String, Ux>| {
            let unit = of.get(code).map(|ux| world.unit(*ux));
            let placeholder = unit.is_some_and(|unit| unit.placeholder);
            let touches = unit.map_or(&[][..], |unit| &unit.touches);
            let spelt: Vec<String> = touches.iter().map(|t| spelling(world, t)).collect();
            (placeholder, spelt)
        };
        if touches(world, &recorded) != touches(replayed, &expected) {
            report.violated(
                "I-9",
                format!("{code} is not what its decisions make of it"),
            );
        }
    }
}

/// A touch without what only its own world can tell.
fn spelling(world: &World, touch: &Touch) -> String {
    let state = &touch.state;
    let parent = state.parent.map(|up| world.code(up));
    let links: Vec<_> = touch
        .links
        .iter()
        .map(|link| (world.code(link.other), link.kind))
        .collect();
    let life = (state.alive, state.since, state.ended);
    format!(
        "{:?}",
        (
            touch.at,
            touch.decision,
            &touch.lines,
            life,
            parent,
            &state.version,
            links
        )
    )
}

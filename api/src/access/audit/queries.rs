//! Reads of `audit_entries`, the newest first. The log grows for ever: each search must find its page by an
//! index, and go through no more than that page.
//!
//! An index gives the entries of one unit, or of one action, in their order. Where several are meant, a page of
//! each is read and the pages are merged: a union in one statement would be sorted whole.

use std::collections::BTreeMap;

use diesel::prelude::*;
use liendoan_core::audit::Sealed;
use liendoan_core::schema::{audit_entries, audit_units};
use liendoan_core::{Db, Result, Scope, UnitId, on_engine};

use super::filter::{Action, SKEW, Wanted, behind};
use crate::tree::units::queries::resolve;

/// By what a page is found.
#[derive(Clone, Copy)]
enum Way<'a> {
    /// The log itself, or whatever index fits the filter.
    Log,
    Unit(UnitId),
    Action(&'a str),
}

/// Entries that `wanted` and the scope allow, before a position, the newest first.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    wanted: &Wanted,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Sealed>> {
    let unit = match &wanted.unit {
        None => None,
        Some(unit) => Some(resolve(db, scope, unit)?),
    };
    let stretch = Stretch::of(db, wanted, before)?;
    let find = |db: &mut Db, way| page(db, scope, wanted, stretch, way, limit);
    match (unit, scope, &wanted.action) {
        (Some(unit), ..) => find(db, Way::Unit(unit)),
        (None, Scope::Under(tops), _) => {
            let pages = tops.iter().map(|top| find(db, Way::Unit(*top)));
            merged(pages.collect::<Result<_>>()?, limit)
        }
        (None, Scope::All, Some(Action::Of(prefix))) if !wanted.is_narrow() => {
            let actions = actions_of(db, prefix)?;
            let pages = actions.iter().map(|action| find(db, Way::Action(action)));
            merged(pages.collect::<Result<_>>()?, limit)
        }
        _ => find(db, Way::Log),
    }
}

impl Wanted {
    /// Whether an index finds few entries before the action is looked at.
    fn is_narrow(&self) -> bool {
        self.actor.is_some() || self.about.is_some() || self.object.is_some()
    }
}

/// Each entry once, in order.
fn merged(pages: Vec<Vec<Sealed>>, limit: i64) -> Result<Vec<Sealed>> {
    let entries = pages.into_iter().flatten();
    let by_position: BTreeMap<i64, Sealed> = entries.map(|entry| (entry.position, entry)).collect();
    let limit = usize::try_from(limit).unwrap_or(0);
    Ok(by_position.into_values().rev().take(limit).collect())
}

/// Positions between which everything wanted lies: after the first, before the second.
#[derive(Clone, Copy)]
struct Stretch {
    after: i64,
    before: i64,
}

impl Stretch {
    /// An entry has its place within moments of when it happened, so a stretch of time is one of positions,
    /// with some room at both ends.
    fn of(db: &mut Db, wanted: &Wanted, before: Option<i64>) -> Result<Self> {
        use audit_entries::dsl::{occurred_at, position};
        let mut stretch = Self {
            after: 0,
            before: before.unwrap_or(i64::MAX),
        };
        if let Some(from) = wanted.from {
            let last = audit_entries::table
                .filter(occurred_at.lt(from - SKEW))
                .order((occurred_at.desc(), position.desc()))
                .select(position);
            let last: Option<i64> = on_engine!(&mut *db, c => last.first(c)).optional()?;
            stretch.after = last.unwrap_or(0);
        }
        if let Some(to) = wanted.to {
            let first = audit_entries::table
                .filter(occurred_at.ge(to + SKEW))
                .order((occurred_at, position))
                .select(position);
            let first: Option<i64> = on_engine!(&mut *db, c => first.first(c)).optional()?;
            stretch.before = stretch.before.min(first.unwrap_or(i64::MAX));
        }
        Ok(stretch)
    }
}

/// Actions of a kind that the log has: some dozens at most, each found by one step through the index.
fn actions_of(db: &mut Db, prefix: &str) -> Result<Vec<String>> {
    let last = behind(prefix);
    let mut known: Vec<String> = Vec::new();
    loop {
        let after = known.last().map_or(prefix, String::as_str);
        let next = audit_entries::table
            .filter(audit_entries::action.gt(after))
            .filter(audit_entries::action.lt(&last))
            .order(audit_entries::action)
            .select(audit_entries::action);
        let next: Option<String> = on_engine!(&mut *db, c => next.first(c)).optional()?;
        match next {
            Some(action) => known.push(action),
            None => return Ok(known),
        }
    }
}

/// Adds what is wanted to a query of entries.
macro_rules! narrowed {
    ($query:expr, $wanted:expr) => {{
        let (mut query, wanted): (_, &Wanted) = ($query, $wanted);
        if let Some(actor) = &wanted.actor {
            query = query.filter(audit_entries::actor.eq(actor));
        }
        if let Some(about) = &wanted.about {
            query = query.filter(audit_entries::about.eq(about));
        }
        if let Some(object) = wanted.object {
            query = query.filter(audit_entries::object_id.eq(object));
        }
        match &wanted.action {
            // An equality would make SQLite go through all entries of that action.
            Some(Action::Exactly(action)) if wanted.is_narrow() => {
                query = query.filter(audit_entries::action.between(action, action));
            }
            Some(Action::Exactly(action)) => {
                query = query.filter(audit_entries::action.eq(action));
            }
            Some(Action::Of(prefix)) => {
                query = query
                    .filter(audit_entries::action.ge(prefix))
                    .filter(audit_entries::action.lt(behind(prefix)));
            }
            None => {}
        }
        if let Some(from) = wanted.from {
            query = query.filter(audit_entries::occurred_at.ge(from));
        }
        if let Some(to) = wanted.to {
            query = query.filter(audit_entries::occurred_at.lt(to));
        }
        query
    }};
}

fn page(
    db: &mut Db,
    scope: &Scope,
    wanted: &Wanted,
    stretch: Stretch,
    way: Way<'_>,
    limit: i64,
) -> Result<Vec<Sealed>> {
    match way {
        Way::Unit(unit) => {
            // The place is asked of the index of units: asked of the entries, it would be sorted for.
            let of_unit = audit_units::table
                .inner_join(
                    audit_entries::table.on(audit_entries::position.eq(audit_units::position)),
                )
                .filter(audit_units::unit_id.eq(unit.0))
                .filter(audit_units::position.gt(stretch.after))
                .filter(audit_units::position.lt(stretch.before))
                .order(audit_units::position.desc())
                .limit(limit)
                .select(Sealed::as_select())
                .into_boxed();
            let mut query = narrowed!(of_unit, wanted);
            if let Scope::Under(tops) = scope
                && !tops.contains(&unit)
            {
                let tops: Vec<i64> = tops.iter().map(|top| top.0).collect();
                let seen = diesel::alias!(audit_units as seen);
                let is_seen = seen
                    .filter(
                        seen.field(audit_units::position)
                            .eq(audit_entries::position),
                    )
                    .filter(seen.field(audit_units::unit_id).eq_any(tops));
                query = query.filter(diesel::dsl::exists(is_seen));
            }
            Ok(query.load(db)?)
        }
        Way::Log | Way::Action(_) => {
            let of_log = audit_entries::table
                .filter(audit_entries::position.gt(stretch.after))
                .filter(audit_entries::position.lt(stretch.before))
                .order(audit_entries::position.desc())
                .limit(limit)
                .select(Sealed::as_select())
                .into_boxed();
            let query = match way {
                Way::Action(action) => {
                    let one = Wanted {
                        action: Some(Action::Exactly(action.to_owned())),
                        ..wanted.clone()
                    };
                    return Ok(narrowed!(of_log, &one).load(db)?);
                }
                _ => narrowed!(of_log, wanted),
            };
            Ok(query.load(db)?)
        }
    }
}

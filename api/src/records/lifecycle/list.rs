//! Pages of records, newest first: of everything that a caller reads, or of what is under a unit, in the tree
//! of then or of now.
//!
//! What a caller reads is what stands under one of their units then or now. Each way of standing under one
//! unit is a stretch of an index, and a page is merged from the first rows of a few such stretches: it costs
//! the same for a ward and for the nation, on the first page and on the last.
//!
//! What a list is narrowed to is asked of each row on the way, of which a page then needs but some; unless few
//! records are left by one such condition alone ([`few`](super::few)): those are put in order.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::{Db, Result, Scope, UnitId, on_engine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::few;
use super::kind::RecordKind;
use super::mentions::Mention;
use super::model::{COUNT_MAX, Record, StateCounts};
use super::queries::{COLUMNS, load};
use super::state::State;
use super::stretch::{Also, Reading, Stretch, of_stretch};
use super::words::Sought;
use crate::tree::cover;

/// In which tree a record stands under a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tree {
    /// As it was organised on the record's own day.
    #[default]
    Then,
    /// As it is organised today.
    Now,
}

/// What a list of records is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub under: Option<(UnitId, Tree)>,
    pub state: Option<State>,
    pub category: Option<String>,
    pub status: Option<&'static str>,
    /// Only what names all of these.
    pub naming: Vec<Mention>,
    /// Only records of these units themselves.
    pub of_units: Option<Vec<UnitId>>,
    /// A day of their period.
    pub on: Option<NaiveDate>,
    /// What is due, and not replaced, on this day or later.
    pub due_from: Option<NaiveDate>,
    /// What is due, and not replaced, earlier than this day.
    pub due_to: Option<NaiveDate>,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The first day after.
    pub to: Option<NaiveDate>,
    /// Only those of whose words these are.
    pub sought: Option<Sought>,
}

/// What a caller asks of a list: under which unit, in which tree, and what else it is narrowed to.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The unit's id, or `code:` and its code.
    pub unit: Option<String>,
    pub tree: Option<Tree>,
    /// What somebody typed to find records by their words.
    pub words: Option<String>,
    /// Whether it is told how many there are in each state.
    pub counts: bool,
    /// Only records of a unit and of those above it: its id, or `code:` and its code.
    pub open_to: Option<String>,
    pub wanted: Wanted,
}

/// Records of a kind, newest first, after the day and id of one.
pub fn page(
    db: &mut Db,
    scope: &Scope,
    kind: RecordKind,
    wanted: &Wanted,
    start: Option<(NaiveDate, i64)>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Record>> {
    let reading = Reading {
        kind,
        wanted,
        columns: COLUMNS,
        few: few::of(db, scope, kind, wanted)?,
        start,
        limit,
    };
    let mut rows: Vec<Record> = Vec::new();
    for stretch in stretches(db, scope, wanted, today)? {
        rows.extend(load(db, &of_stretch(&reading, stretch.as_ref()))?);
    }
    if reads_all_approved(kind, scope, wanted) {
        let approved = Wanted {
            state: Some(State::Approved),
            ..wanted.clone()
        };
        rows.extend(page(db, &Scope::All, kind, &approved, start, limit, today)?);
    }
    rows.sort_by_key(|record| std::cmp::Reverse((record.record_day, record.id)));
    rows.dedup_by_key(|record| record.id);
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(rows)
}

/// Records of each state, of all that a list is narrowed to but a state.
pub fn count_by_state(
    db: &mut Db,
    scope: &Scope,
    kind: RecordKind,
    wanted: &Wanted,
    today: NaiveDate,
) -> Result<StateCounts> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        record_id: i64,
    }
    // Asked once for all of them: a state narrows a list that is narrowed by nothing else.
    let of_drafts = Wanted {
        state: Some(State::Draft),
        ..wanted.clone()
    };
    let few = few::of(db, scope, kind, &of_drafts)?;
    let mut counts = StateCounts::default();
    for state in State::ALL {
        let wanted = Wanted {
            state: Some(state),
            ..wanted.clone()
        };
        let reading = Reading {
            kind,
            wanted: &wanted,
            columns: "r.id AS record_id",
            few: few.clone(),
            start: None,
            limit: COUNT_MAX,
        };
        // What is found in several ways is one record.
        let mut ids = BTreeSet::new();
        let scope = if reads_all_approved(kind, scope, &wanted) {
            &Scope::All
        } else {
            scope
        };
        for stretch in stretches(db, scope, &wanted, today)? {
            let statement = of_stretch(&reading, stretch.as_ref());
            let found: Vec<Found> = on_engine!(&mut *db, c => statement.load(c))?;
            ids.extend(found.into_iter().map(|found| found.record_id));
        }
        *counts.of(state) = COUNT_MAX.min(ids.len() as i64);
    }
    Ok(counts)
}

/// Whether approved ones are wanted that are read from everywhere, beside what stands under the scope's units.
fn reads_all_approved(kind: RecordKind, scope: &Scope, wanted: &Wanted) -> bool {
    let are_wanted = wanted.state.is_none_or(|state| state == State::Approved);
    kind.is_open() && are_wanted && matches!(scope, Scope::Under(tops) if !tops.is_empty())
}

/// None among them: everything is read in its own order.
fn stretches(
    db: &mut Db,
    scope: &Scope,
    wanted: &Wanted,
    today: NaiveDate,
) -> Result<Vec<Option<Stretch>>> {
    let Scope::Under(tops) = scope else {
        let of_unit = |(unit, tree): (UnitId, Tree)| Stretch {
            unit,
            tree,
            also: Also::Nothing,
        };
        return Ok(vec![wanted.under.map(of_unit)]);
    };
    if let Some((unit, tree)) = wanted.under
        && cover::covers(db, scope, unit, today)?
    {
        // Nearly all of it is read by the caller: what is not has moved here from elsewhere, or away.
        return Ok(vec![Some(Stretch {
            unit,
            tree,
            also: Also::UnderAny(tops.clone()),
        })]);
    }
    let of_top = |top: &UnitId| {
        [Tree::Then, Tree::Now].map(|tree| {
            Some(Stretch {
                unit: *top,
                tree,
                also: wanted
                    .under
                    .map_or(Also::Nothing, |(unit, tree)| Also::Under(unit, tree)),
            })
        })
    };
    Ok(tops.iter().flat_map(of_top).collect())
}

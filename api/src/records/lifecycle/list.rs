//! Pages of records, newest first: of everything that a caller reads, or of what is under a unit, in the tree
//! of then or of now.
//!
//! What a caller reads is what stands under one of their units then or now. Each way of standing under one
//! unit is a stretch of an index, and a page is merged from the first rows of a few such stretches: it costs
//! the same for a ward and for the nation, on the first page and on the last.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::{Statement, Value};
use liendoan_core::{Db, Result, Scope, UnitId, on_engine};
use serde::Deserialize;
use utoipa::ToSchema;

use super::kind::RecordKind;
use super::mentions::Mention;
use super::model::{COUNT_MAX, Record, StateCounts};
use super::queries::{COLUMNS, load};
use super::state::State;
use super::words::{self, Sought};
use crate::tree::cover;

/// In which tree a record stands under a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tree {
    /// As it was organised on the record's own day.
    #[default]
    Then,
    /// As it is organised today.
    Now,
}

impl Tree {
    /// That a row of `record_places` tells of this tree: the condition of its index.
    fn stands(self, row: &str) -> String {
        match self {
            Self::Then => format!("{row}.is_then"),
            Self::Now => format!("{row}.height IS NOT NULL"),
        }
    }
}

/// That nothing which counts has come in a record's place.
const NOT_REPLACED: &str = " \
AND NOT EXISTS (SELECT 1 FROM record_mentions m JOIN records n ON n.id = m.record_id \
WHERE m.subject = 'replaced' AND m.subject_id = r.id AND n.approved_number > 0 AND n.state <> 'withdrawn')";

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

/// Where the rows of a page are read from.
struct Stretch {
    unit: i64,
    tree: Tree,
    also: Also,
}

/// Under what the rows of a stretch must stand besides.
#[derive(Clone)]
enum Also {
    Nothing,
    /// One of these, in whichever tree.
    UnderAny(Arc<[UnitId]>),
    Under(UnitId, Tree),
}

/// A page of records: its statement in the making.
struct Page {
    text: String,
    values: Vec<Value>,
}

/// What is read of a list.
struct Reading<'a> {
    kind: RecordKind,
    wanted: &'a Wanted,
    columns: &'static str,
    /// How records are found by their words, where they are.
    way: Option<Way>,
    start: Option<(NaiveDate, i64)>,
    limit: i64,
}

impl Page {
    fn of(reading: &Reading<'_>, from: &str) -> Self {
        Self {
            text: format!("SELECT {} FROM {from}", reading.columns),
            values: Vec::new(),
        }
    }

    fn of_records(reading: &Reading<'_>) -> Self {
        let kind = reading.kind.as_str();
        if let Some(Way::ByIndex { found, words }) = &reading.way {
            // In SQLite a CROSS JOIN keeps its order: from the few that the index gives.
            let from = format!("({found}) w CROSS JOIN records r JOIN units u ON u.id = r.unit_id");
            let mut page = Self::of(reading, &from);
            page.bind(words.as_str());
            let kind = page.bind(kind);
            page.text += &format!(" WHERE r.id = w.record_id AND r.kind = {kind}");
            return page;
        }
        let mut page = Self::of(reading, "records r JOIN units u ON u.id = r.unit_id");
        let kind = page.bind(kind);
        page.text += &format!(" WHERE r.kind = {kind}");
        page
    }

    /// The place of a value in the text.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Adds `column sign value`.
    fn compare(&mut self, column_and_sign: &str, value: impl Into<Value>) {
        let place = self.bind(value);
        self.text += &format!(" AND {column_and_sign} {place}");
    }

    /// Adds that something is named.
    fn name(&mut self, mention: &Mention) {
        let subject = mention.subject();
        let id = match mention {
            Mention::Partner(id) | Mention::Campaign(id) | Mention::Replaced(id) => self.bind(*id),
            Mention::Unit(code) => {
                let code = self.bind(code.as_str());
                format!("(SELECT id FROM units WHERE code = {code})")
            }
        };
        self.text += &format!(
            " AND r.id IN (SELECT m.record_id FROM record_mentions m \
             WHERE m.subject = '{subject}' AND m.subject_id = {id})"
        );
    }

    /// Adds what the list is narrowed to, where the page starts, and its order: by `day` and `id`.
    fn finish(mut self, reading: &Reading<'_>, (day, id): (&str, &str)) -> Statement {
        let wanted = reading.wanted;
        match wanted.state {
            None => {}
            // Spelt out: an index of some rows alone is taken only where it is plain that they will do.
            Some(State::Approved) => self.text += " AND r.state = 'approved'",
            Some(state) => {
                self.text += &format!(" AND r.state <> 'approved' AND r.state = '{state}'");
            }
        }
        if let Some(category) = &wanted.category {
            self.compare("r.category =", category.as_str());
        }
        if let Some(status) = &wanted.status {
            self.compare("r.status =", *status);
        }
        for mention in &wanted.naming {
            self.name(mention);
        }
        if let Some(units) = &wanted.of_units {
            let places: Vec<String> = units.iter().map(|unit| self.bind(unit.0)).collect();
            // Of no unit is nothing; no id is 0.
            let places = if places.is_empty() {
                "0".to_owned()
            } else {
                places.join(", ")
            };
            self.text += &format!(" AND r.unit_id IN ({places})");
        }
        if let Some(on) = wanted.on {
            self.compare("r.starts_on <=", on);
            self.compare("r.ends_on >=", on);
        }
        for (sign, due) in [(">=", wanted.due_from), ("<", wanted.due_to)] {
            if let Some(due) = due {
                self.compare(&format!("r.due_on {sign}"), due);
            }
        }
        if wanted.due_from.or(wanted.due_to).is_some() {
            self.text += NOT_REPLACED;
        }
        if let Some(from) = wanted.from {
            self.compare(&format!("{day} >="), from);
        }
        if let Some(to) = wanted.to {
            self.compare(&format!("{day} <"), to);
        }
        if let (Some(Way::OneByOne), Some(sought)) = (&reading.way, &wanted.sought) {
            let patterns: Vec<String> = sought
                .patterns()
                .map(|pattern| format!("w.words LIKE {}", self.bind(pattern.as_str())))
                .collect();
            let patterns = patterns.join(" AND ");
            // A value, not a table: PostgreSQL would rather look through all of that.
            self.text +=
                &format!(" AND (SELECT {patterns} FROM record_words w WHERE w.record_id = {id})");
        }
        if let Some((start_day, start_id)) = reading.start {
            let (at, after) = (self.bind(start_day), self.bind(start_id));
            // One comparison of rows: spelt out, PostgreSQL would walk the index from its start.
            self.text += &format!(" AND ({day}, {id}) < ({at}, {after})");
        }
        let limit = self.bind(reading.limit);
        self.text += &format!(" ORDER BY {day} DESC, {id} DESC LIMIT {limit}");
        let statement = Statement::new(self.text);
        self.values.into_iter().fold(statement, Statement::bind)
    }
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
        way: way(db, scope, wanted)?,
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
    let way = way(db, scope, wanted)?;
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
            way: way.clone(),
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

/// How records are found by their words.
#[derive(Clone)]
enum Way {
    /// From the few that the index of words gives for these.
    ByIndex { found: String, words: String },
    /// One after the other, in the order of the list.
    OneByOne,
}

fn way(db: &mut Db, scope: &Scope, wanted: &Wanted) -> Result<Option<Way>> {
    let Some(sought) = &wanted.sought else {
        return Ok(None);
    };
    let are_few = words::are_few(db, scope, sought)?;
    Ok(Some(if are_few {
        Way::ByIndex {
            found: words::by_index(db, "$1"),
            words: sought.for_index(db),
        }
    } else {
        Way::OneByOne
    }))
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
            unit: unit.0,
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
            unit: unit.0,
            tree,
            also: Also::UnderAny(tops.clone()),
        })]);
    }
    let of_top = |top: &UnitId| {
        [Tree::Then, Tree::Now].map(|tree| {
            Some(Stretch {
                unit: top.0,
                tree,
                also: wanted
                    .under
                    .map_or(Also::Nothing, |(unit, tree)| Also::Under(unit, tree)),
            })
        })
    };
    Ok(tops.iter().flat_map(of_top).collect())
}

/// Day and id of a row, where records are read by themselves and where they are read by their places.
const OF_RECORDS: (&str, &str) = ("r.record_day", "r.id");
const OF_PLACES: (&str, &str) = ("p.record_day", "p.record_id");

fn of_stretch(reading: &Reading<'_>, stretch: Option<&Stretch>) -> Statement {
    let Some(stretch) = stretch else {
        return Page::of_records(reading).finish(reading, OF_RECORDS);
    };
    let stands = stretch.tree.stands("p");
    let mut state = reading.wanted.state.into_iter();
    let are_few = matches!(reading.way, Some(Way::ByIndex { .. }));
    // Few are not approved: they are looked through sooner than all that stand there.
    let (mut page, key) = if are_few || state.any(|state| state != State::Approved) {
        let mut page = Page::of_records(reading);
        let unit = page.bind(stretch.unit);
        page.text += &format!(
            " AND EXISTS (SELECT 1 FROM record_places p \
             WHERE p.record_id = r.id AND p.ancestor_id = {unit} AND {stands})"
        );
        (page, OF_RECORDS)
    } else {
        let mut page = Page::of(
            reading,
            "record_places p JOIN records r ON r.id = p.record_id JOIN units u ON u.id = r.unit_id",
        );
        let kind = reading.kind.as_str();
        let (unit, kind) = (page.bind(stretch.unit), page.bind(kind));
        page.text += &format!(" WHERE p.ancestor_id = {unit} AND p.kind = {kind} AND {stands}");
        (page, OF_PLACES)
    };
    match &stretch.also {
        Also::Nothing => {}
        Also::UnderAny(units) => {
            let places: Vec<String> = units.iter().map(|unit| page.bind(unit.0)).collect();
            let places = places.join(", ");
            // OFFSET: asked row by row, since nearly all pass; in a join PostgreSQL would look through all places.
            page.text += &format!(
                " AND EXISTS (SELECT 1 FROM record_places a \
                 WHERE a.record_id = {} AND a.ancestor_id IN ({places}) LIMIT 1 OFFSET 0)",
                key.1
            );
        }
        Also::Under(unit, tree) => {
            let (unit, stands) = (page.bind(unit.0), tree.stands("a"));
            page.text += &format!(
                " AND EXISTS (SELECT 1 FROM record_places a \
                 WHERE a.record_id = {} AND a.ancestor_id = {unit} AND {stands})",
                key.1
            );
        }
    }
    page.finish(reading, key)
}

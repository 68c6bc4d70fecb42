//! A stretch of an index, and the statement that reads it: what stands under one unit in one tree, or
//! everything, narrowed to what is wanted of a list and in its order.

use std::sync::Arc;

use chrono::NaiveDate;
use liendoan_core::UnitId;
use liendoan_core::db::{Statement, Value};

use super::few::Few;
use super::kind::RecordKind;
use super::list::{Tree, Wanted};
use super::mentions::Mention;
use super::state::State;
use crate::tree::places;

impl Tree {
    /// That a row of `record_places` tells of this tree: the condition of its index.
    pub(super) fn stands(self, row: &str) -> String {
        match self {
            Self::Then => format!("{row}.is_then"),
            Self::Now => format!("{row}.height IS NOT NULL"),
        }
    }
}

/// That nothing which counts has come in a record's place. Asked of each row, by OFFSET, which lets no join be made of
/// it: for that PostgreSQL would read all that was ever replaced.
const NOT_REPLACED: &str = " \
AND NOT EXISTS (SELECT 1 FROM record_mentions m JOIN records n ON n.id = m.record_id \
WHERE m.subject = 'replaced' AND m.subject_id = r.id AND n.approved_number > 0 AND n.state <> 'withdrawn' \
LIMIT 1 OFFSET 0)";

/// Where the rows of a page are read from: what stands under a unit.
pub(super) struct Stretch {
    pub unit: UnitId,
    pub tree: Tree,
    pub also: Also,
}

/// Under what the rows of a stretch must stand besides.
pub(super) enum Also {
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
pub(super) struct Reading<'a> {
    pub kind: RecordKind,
    pub wanted: &'a Wanted,
    pub columns: &'static str,
    /// From where, if few are left by one condition alone.
    pub few: Option<Few>,
    pub start: Option<(NaiveDate, i64)>,
    pub limit: i64,
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
        if let Some(few) = &reading.few {
            // In SQLite a CROSS JOIN keeps its order: from the few.
            let from = format!(
                "({}) w CROSS JOIN records r JOIN units u ON u.id = r.unit_id",
                few.by_themselves()
            );
            let mut page = Self::of(reading, &from);
            page.values.clone_from(&few.values);
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

    /// Adds that the records stand under one of some units, in one tree or in whichever.
    fn stand_under(&mut self, (_, id): (&str, &str), units: &str, tree: Option<Tree>) {
        let stands = tree.map(|tree| tree.stands("a"));
        let under = places::stands_under(id, units, stands.as_deref());
        self.text += &format!(" AND {under}");
    }

    /// Adds that the record with this id names something.
    fn name(&mut self, mention: &Mention, id: &str) {
        let (subject, named) = mention.found(&mut self.values);
        self.text += &format!(
            " AND EXISTS (SELECT 1 FROM record_mentions m WHERE m.record_id = {id} \
             AND m.subject = '{subject}' AND m.subject_id = {named} LIMIT 1 OFFSET 0)"
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
            self.name(mention, id);
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
                // Of the rows in the order of the list, not by an index of these days.
                self.compare(&format!("COALESCE(r.due_on, r.due_on) {sign}"), due);
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
        if let Some(sought) = &wanted.sought {
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

/// Day and id of a row, where records are read by themselves and where they are read by their places.
const OF_RECORDS: (&str, &str) = ("r.record_day", "r.id");
const OF_PLACES: (&str, &str) = ("p.record_day", "p.record_id");

/// Reads a stretch, or everything where there is none.
pub(super) fn of_stretch(reading: &Reading<'_>, stretch: Option<&Stretch>) -> Statement {
    let Some(stretch) = stretch else {
        return Page::of_records(reading).finish(reading, OF_RECORDS);
    };
    let kind = reading.kind.as_str();
    let mut state = reading.wanted.state.into_iter();
    // Few are not approved: they are looked through sooner than all that stand there.
    let are_few = reading.few.is_some() || state.any(|state| state != State::Approved);
    let (mut page, key) = if are_few {
        let mut page = Page::of_records(reading);
        let unit = page.bind(stretch.unit.0);
        page.stand_under(OF_RECORDS, &unit, Some(stretch.tree));
        (page, OF_RECORDS)
    } else {
        // In SQLite a CROSS JOIN keeps its order.
        let from = "record_places p CROSS JOIN records r JOIN units u ON u.id = r.unit_id";
        let mut page = Page::of(reading, from);
        let (unit, kind) = (page.bind(stretch.unit.0), page.bind(kind));
        let stands = stretch.tree.stands("p");
        page.text += &format!(
            " WHERE r.id = p.record_id AND p.ancestor_id = {unit} AND p.kind = {kind} AND {stands}"
        );
        (page, OF_PLACES)
    };
    match &stretch.also {
        Also::Nothing => {}
        Also::UnderAny(units) => {
            let units: Vec<String> = units.iter().map(|unit| page.bind(unit.0)).collect();
            page.stand_under(key, &units.join(", "), None);
        }
        Also::Under(unit, tree) => {
            let unit = page.bind(unit.0);
            page.stand_under(key, &unit, Some(*tree));
        }
    }
    page.finish(reading, key)
}

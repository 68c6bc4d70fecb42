//! A stretch of an index, and the statement that reads it: what stands under one unit in one tree, or
//! everything, narrowed to what is wanted of a list and in its order.

use std::sync::Arc;

use chrono::NaiveDate;
use liendoan_core::UnitId;
use liendoan_core::db::{Statement, Value};

use super::kind::RecordKind;
use super::list::{Tree, Wanted};
use super::mentions::Mention;
use super::state::State;

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
    /// How records are found by their words, where they are sought by them.
    pub way: Option<Way>,
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

/// How records are found by their words.
#[derive(Clone)]
pub(super) enum Way {
    /// From the few that the index of words gives for these.
    ByIndex { found: String, words: String },
    /// One after the other, in the order of the list.
    OneByOne,
}

/// Day and id of a row, where records are read by themselves and where they are read by their places.
const OF_RECORDS: (&str, &str) = ("r.record_day", "r.id");
const OF_PLACES: (&str, &str) = ("p.record_day", "p.record_id");

/// Reads a stretch, or everything where there is none.
pub(super) fn of_stretch(reading: &Reading<'_>, stretch: Option<&Stretch>) -> Statement {
    let Some(stretch) = stretch else {
        return Page::of_records(reading).finish(reading, OF_RECORDS);
    };
    let stands = stretch.tree.stands("p");
    let mut state = reading.wanted.state.into_iter();
    let are_few = matches!(reading.way, Some(Way::ByIndex { .. }));
    // Few are not approved: they are looked through sooner than all that stand there.
    let (mut page, key) = if are_few || state.any(|state| state != State::Approved) {
        let mut page = Page::of_records(reading);
        let unit = page.bind(stretch.unit.0);
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
        let (unit, kind) = (page.bind(stretch.unit.0), page.bind(kind));
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

//! Rows that the fold reads and writes: marks, figures that count, kept totals.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::{Statement, Value};
use liendoan_core::period::Period;
use liendoan_core::quantity::{Quantity, Sum};
use liendoan_core::schema::{figure_changes, figures, lines, totals};
use liendoan_core::{Db, Error, Result, UnitId, on_engine};

use super::cell::{Cell, Rest};
use super::lines::LineId;
use super::measures::Measures;
use super::reading::Asked;

/// Ids in one statement.
const CHUNK: usize = 500;

/// That figures of a unit have changed for a period.
pub struct Mark {
    pub id: i64,
    pub unit: UnitId,
    pub measure: String,
    pub period: Period,
}

/// A figure that counts.
#[derive(Clone, Debug)]
pub struct Told {
    pub is_declared: bool,
    pub period: Period,
    /// The last day of the period on which its unit lived.
    pub day: NaiveDate,
    pub sum: Sum,
}

/// The measure at a line.
pub type Key = (LineId, String);

/// What is kept of some measures at some lines.
pub type Kept<K> = BTreeMap<Key, BTreeMap<K, Cell>>;

pub fn period(text: &str) -> Result<Period> {
    let unreadable = |_| Error::internal(format!("{text:?} is kept as a period"));
    text.parse().map_err(unreadable)
}

/// The oldest marks.
pub fn marks(db: &mut Db, limit: usize) -> Result<Vec<Mark>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(i64, UnitId, String, String)> = figure_changes::table
        .order(figure_changes::id)
        .limit(limit)
        .select((
            figure_changes::id,
            figure_changes::unit_id,
            figure_changes::measure,
            figure_changes::period,
        ))
        .load(db)?;
    let mark = |(id, unit, measure, text): (i64, UnitId, String, String)| {
        Ok(Mark {
            id,
            unit,
            measure,
            period: period(&text)?,
        })
    };
    rows.into_iter().map(mark).collect()
}

/// By id, one by one: a lower id may have been committed since they were read.
pub fn forget(db: &mut Db, marks: &[Mark]) -> Result<()> {
    let ids = marks.iter().map(|mark| mark.id);
    diesel::delete(figure_changes::table.filter(figure_changes::id.eq_any(ids))).execute(db)?;
    Ok(())
}

/// What a unit told that is read beside its kept totals: what it declared of the period or of stocks, and figures
/// that are never summed.
pub fn told_apart(
    db: &mut Db,
    measures: &Measures,
    asked: &Asked,
) -> Result<BTreeMap<String, Vec<Told>>> {
    type Row = (String, String, String, NaiveDate, String);
    let (first, last) = (asked.period.first_day(), asked.period.last_day());
    let stock_or_inside = figures::starts_on
        .ge(first)
        .and(figures::ends_on.le(last))
        .or(figures::measure.eq_any(measures.stocks().map(|(code, _)| code)));
    let apart = figures::coverage
        .eq("consolidated")
        .and(stock_or_inside)
        .or(figures::measure.eq_any(measures.never_summed()));
    let rows: Vec<Row> = figures::table
        .filter(figures::unit_id.eq(asked.unit))
        .filter(apart)
        .order(figures::id)
        .select((
            figures::measure,
            figures::coverage,
            figures::period,
            figures::day,
            figures::quantity,
        ))
        .load(db)?;
    let mut told: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for (measure, coverage, text, day, quantity) in rows {
        let one = self::told_of(&coverage, &text, day, &quantity)?;
        told.entry(measure).or_default().push(one);
    }
    Ok(told)
}

fn told_of(coverage: &str, text: &str, day: NaiveDate, quantity: &str) -> Result<Told> {
    let quantity: Quantity = serde_json::from_str(quantity).map_err(Error::internal)?;
    Ok(Told {
        is_declared: coverage == "consolidated",
        period: period(text)?,
        day,
        sum: Sum::from(&quantity),
    })
}

/// What units told of measures; in a window, only for periods that meet it.
pub fn told(
    db: &mut Db,
    of_units: &BTreeSet<(UnitId, String)>,
    window: Option<(NaiveDate, NaiveDate)>,
) -> Result<BTreeMap<(UnitId, String), Vec<Told>>> {
    type Row = (UnitId, String, String, String, NaiveDate, String);
    let mut told: BTreeMap<(UnitId, String), Vec<Told>> = BTreeMap::new();
    let measures: BTreeSet<&String> = of_units.iter().map(|(_, measure)| measure).collect();
    let units: BTreeSet<UnitId> = of_units.iter().map(|(unit, _)| *unit).collect();
    let units: Vec<UnitId> = units.into_iter().collect();
    let (first, last) = window.unwrap_or((NaiveDate::MIN, NaiveDate::MAX));
    for chunk in units.chunks(CHUNK) {
        let mut query = figures::table
            .filter(figures::unit_id.eq_any(chunk.to_vec()))
            .filter(figures::measure.eq_any(measures.iter().copied()))
            .order(figures::id)
            .select((
                figures::unit_id,
                figures::measure,
                figures::coverage,
                figures::period,
                figures::day,
                figures::quantity,
            ))
            .into_boxed();
        if window.is_some() {
            query = query
                .filter(figures::starts_on.le(last))
                .filter(figures::ends_on.ge(first));
        }
        let rows: Vec<Row> = query.load(db)?;
        for (unit, measure, coverage, text, day, quantity) in rows {
            let key = (unit, measure);
            if !of_units.contains(&key) {
                continue;
            }
            let one = told_of(&coverage, &text, day, &quantity)?;
            told.entry(key).or_default().push(one);
        }
    }
    Ok(told)
}

#[derive(Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = totals)]
struct Row {
    line_id: LineId,
    measure: String,
    slot: String,
    is_lone: bool,
    rest: String,
    own: String,
    below: String,
    total: String,
}

impl Row {
    fn of(key: &Key, slot: String, cell: &Cell) -> Self {
        Self {
            line_id: key.0,
            measure: key.1.clone(),
            slot,
            is_lone: cell.is_lone,
            rest: cell.rest.as_str().to_owned(),
            own: cell.own.to_string(),
            below: cell.below.to_string(),
            total: cell.total.to_string(),
        }
    }

    fn cell(&self) -> Result<Cell> {
        let unreadable = || Error::internal(format!("a total of {} can't be read", self.measure));
        let sum = |text: &str| text.parse::<Sum>().map_err(|_| unreadable());
        Ok(Cell {
            own: sum(&self.own)?,
            below: sum(&self.below)?,
            total: sum(&self.total)?,
            rest: Rest::named(&self.rest).ok_or_else(unreadable)?,
            is_lone: self.is_lone,
        })
    }
}

/// The lone periods of which something is kept.
pub fn lone<'k>(
    db: &mut Db,
    keys: impl Iterator<Item = &'k Key>,
) -> Result<BTreeMap<Key, Vec<Period>>> {
    let lines: BTreeSet<LineId> = keys.map(|(line, _)| *line).collect();
    let lines: Vec<LineId> = lines.into_iter().collect();
    let mut lone: BTreeMap<Key, Vec<Period>> = BTreeMap::new();
    for chunk in lines.chunks(CHUNK) {
        let rows: Vec<(LineId, String, String)> = totals::table
            .filter(totals::line_id.eq_any(chunk.to_vec()))
            .filter(totals::is_lone)
            .select((totals::line_id, totals::measure, totals::slot))
            .load(db)?;
        for (line, measure, slot) in rows {
            lone.entry((line, measure))
                .or_default()
                .push(period(&slot)?);
        }
    }
    Ok(lone)
}

/// Kept totals of flows, of these slots.
pub fn cells(db: &mut Db, wanted: &BTreeMap<Key, BTreeSet<String>>) -> Result<Kept<String>> {
    let mut kept: Kept<String> = BTreeMap::new();
    let keys: Vec<(&Key, &BTreeSet<String>)> = wanted.iter().collect();
    for chunk in keys.chunks(CHUNK) {
        let lines: BTreeSet<LineId> = chunk.iter().map(|((line, _), _)| *line).collect();
        let measures: BTreeSet<&str> = chunk.iter().map(|((_, code), _)| code.as_str()).collect();
        let slots: BTreeSet<&String> = chunk.iter().flat_map(|(_, slots)| *slots).collect();
        let rows: Vec<Row> = totals::table
            .filter(totals::line_id.eq_any(lines))
            .filter(totals::measure.eq_any(measures))
            .filter(totals::slot.eq_any(slots))
            .select(Row::as_select())
            .load(db)?;
        for row in rows {
            let key = (row.line_id, row.measure.clone());
            if wanted
                .get(&key)
                .is_some_and(|slots| slots.contains(&row.slot))
            {
                let cell = row.cell()?;
                kept.entry(key).or_default().insert(row.slot, cell);
            }
        }
    }
    Ok(kept)
}

/// Every kept total of some measures at some lines.
pub fn all_cells(db: &mut Db, lines: &BTreeSet<LineId>, codes: &[&String]) -> Result<Kept<String>> {
    let mut kept: Kept<String> = BTreeMap::new();
    let lines: Vec<LineId> = lines.iter().copied().collect();
    for chunk in lines.chunks(CHUNK) {
        let rows: Vec<Row> = totals::table
            .filter(totals::line_id.eq_any(chunk.to_vec()))
            .filter(totals::measure.eq_any(codes.iter().copied()))
            .select(Row::as_select())
            .load(db)?;
        for row in rows {
            let cell = row.cell()?;
            kept.entry((row.line_id, row.measure))
                .or_default()
                .insert(row.slot, cell);
        }
    }
    Ok(kept)
}

/// The step of each stock at a line that holds on a day: one look-up a stock, however many steps there are.
pub fn steps_on(db: &mut Db, line: LineId, day: NaiveDate) -> Result<Vec<(String, Cell)>> {
    const LATEST: &str = "\
SELECT t.* FROM (SELECT DISTINCT code FROM catalogue_entries WHERE catalogue = 'measures' AND level = 'stock') c \
JOIN totals t ON t.line_id = $1 AND t.measure = c.code AND t.slot = (\
  SELECT MAX(l.slot) FROM totals l WHERE l.line_id = $1 AND l.measure = c.code AND l.slot <= $2)";
    let query = Statement::new(LATEST)
        .bind(line.0)
        .bind(day.to_string().as_str());
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    let step = |row: Row| Ok((row.measure.clone(), row.cell()?));
    rows.into_iter().map(step).collect()
}

/// All kept steps of stocks.
pub fn steps<'k>(db: &mut Db, keys: impl Iterator<Item = &'k Key>) -> Result<Kept<NaiveDate>> {
    let keys: Vec<&Key> = keys.collect();
    let mut kept: Kept<NaiveDate> = BTreeMap::new();
    for chunk in keys.chunks(CHUNK) {
        let lines: BTreeSet<LineId> = chunk.iter().map(|(line, _)| *line).collect();
        let measures: BTreeSet<&str> = chunk.iter().map(|(_, code)| code.as_str()).collect();
        let rows: Vec<Row> = totals::table
            .filter(totals::line_id.eq_any(lines))
            .filter(totals::measure.eq_any(measures))
            .select(Row::as_select())
            .load(db)?;
        for row in rows {
            let day = row.slot.parse().map_err(Error::internal)?;
            let cell = row.cell()?;
            kept.entry((row.line_id, row.measure))
                .or_default()
                .insert(day, cell);
        }
    }
    Ok(kept)
}

/// Writes what has changed about a measure at a line, and no more.
pub fn write<K: Ord + ToString>(
    db: &mut Db,
    key: &Key,
    before: &BTreeMap<K, Cell>,
    after: &BTreeMap<K, Cell>,
) -> Result<()> {
    let of_slot = |slot: String| totals::table.find((key.0, key.1.clone(), slot));
    let mut new = Vec::new();
    for (slot, cell) in after {
        let known = before.get(slot);
        if known == Some(cell) {
            continue;
        }
        match known {
            Some(_) => {
                let row = Row::of(key, slot.to_string(), cell);
                diesel::update(of_slot(slot.to_string()))
                    .set((
                        totals::rest.eq(row.rest),
                        totals::own.eq(row.own),
                        totals::below.eq(row.below),
                        totals::total.eq(row.total),
                    ))
                    .execute(db)?;
            }
            None => new.push(Row::of(key, slot.to_string(), cell)),
        }
    }
    for slot in before.keys().filter(|slot| !after.contains_key(slot)) {
        diesel::delete(of_slot(slot.to_string())).execute(db)?;
    }
    if !new.is_empty() {
        // Several rows in one statement are more than the two engines share.
        on_engine!(db, c => diesel::insert_into(totals::table).values(&new).execute(c))?;
    }
    Ok(())
}

/// When something is kept: of a flow for one of these periods, of a stock from a day on that came by then.
pub enum When {
    OneOf(Vec<String>),
    By(NaiveDate),
}

/// Lines directly below those of a unit on which something of a measure is kept, of the next units after one: as many
/// as `limit`, with all their lines there.
pub fn lines_below(
    db: &mut Db,
    unit: UnitId,
    code: &str,
    when: &When,
    after: UnitId,
    limit: usize,
) -> Result<BTreeMap<UnitId, Vec<LineId>>> {
    #[derive(QueryableByName)]
    struct Below {
        #[diesel(sql_type = BigInt)]
        id: i64,
        #[diesel(sql_type = BigInt)]
        unit_id: i64,
    }
    let of_unit: Vec<LineId> = lines::table
        .filter(lines::unit_id.eq(unit))
        .select(lines::id)
        .load(db)?;
    let mut below: BTreeMap<UnitId, Vec<LineId>> = BTreeMap::new();
    for line in of_unit {
        let mut values: Vec<Value> = vec![line.0.into(), after.0.into(), code.into()];
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let is_kept = match when {
            When::By(day) => {
                values.push(day.to_string().as_str().into());
                "t.slot <= $5".to_owned()
            }
            When::OneOf(slots) => {
                values.extend(slots.iter().map(|slot| Value::from(slot.as_str())));
                let places: Vec<String> = (5..=values.len()).map(|n| format!("${n}")).collect();
                format!("t.slot IN ({})", places.join(", "))
            }
        };
        let text = format!(
            "SELECT l.id, l.unit_id FROM lines l WHERE l.above_id = $1 AND l.unit_id > $2 AND EXISTS (\
             SELECT 1 FROM totals t WHERE t.line_id = l.id AND t.measure = $3 AND {is_kept}) \
             ORDER BY l.unit_id LIMIT $4"
        );
        let query = values
            .into_iter()
            .fold(Statement::new(text), Statement::bind);
        let rows: Vec<Below> = on_engine!(&mut *db, c => query.load(c))?;
        for row in rows {
            let of_unit = below.entry(UnitId(row.unit_id)).or_default();
            of_unit.push(LineId(row.id));
        }
    }
    Ok(below.into_iter().take(limit).collect())
}

/// Whether figures have changed that are not in the totals yet.
pub fn has_marks(db: &mut Db) -> Result<bool> {
    let first = figure_changes::table.select(figure_changes::id).limit(1);
    let first: Vec<i64> = first.load(db)?;
    Ok(!first.is_empty())
}

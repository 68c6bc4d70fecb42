//! Rows of kept totals.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::{Statement, Value};
use liendoan_core::period::Period;
use liendoan_core::quantity::Sum;
use liendoan_core::schema::{lines, totals};
use liendoan_core::{Db, Error, Result, UnitId, on_engine};

use super::cell::{Cell, Rest};
use super::lines::{LineId, NO_LINE};

/// Ids in one statement.
const CHUNK: usize = 500;

/// The measure at a line.
pub type Key = (LineId, String);

/// What is kept of some measures at some lines.
pub type Kept<K> = BTreeMap<Key, BTreeMap<K, Cell>>;

pub fn period(text: &str) -> Result<Period> {
    let unreadable = |_| Error::internal(format!("{text:?} is kept as a period"));
    text.parse().map_err(unreadable)
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

/// Lines in one look-up of steps.
const LINES: usize = 100;

/// The step of each stock at some lines that holds on a day: one look-up a stock and line, however many steps there are.
pub fn steps_on(db: &mut Db, lines: &[LineId], day: NaiveDate) -> Result<Vec<(Key, Cell)>> {
    let places: Vec<String> = (2..LINES + 2).map(|place| format!("${place}")).collect();
    let text = format!(
        "SELECT t.* FROM lines n CROSS JOIN (\
           SELECT DISTINCT code FROM catalogue_entries WHERE catalogue = 'measures' AND level = 'stock') c \
         JOIN totals t ON t.line_id = n.id AND t.measure = c.code AND t.slot = (\
           SELECT MAX(l.slot) FROM totals l WHERE l.line_id = n.id AND l.measure = c.code AND l.slot <= $1) \
         WHERE n.id IN ({})",
        places.join(", ")
    );
    let mut found = Vec::new();
    for chunk in lines.chunks(LINES) {
        // Always as many: texts of statements are kept.
        let ids = chunk.iter().copied().chain(std::iter::repeat(NO_LINE));
        let query = Statement::new(text.clone()).bind(day.to_string().as_str());
        let query = ids
            .take(LINES)
            .fold(query, |query, line| query.bind(line.0));
        let rows: Vec<Row> = on_engine!(&mut *db, c => query.clone().load(c))?;
        for row in rows {
            let cell = row.cell()?;
            found.push(((row.line_id, row.measure), cell));
        }
    }
    Ok(found)
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

//! Totals of one unit as the tree is now (section 5 of the rules on figures): the figures of the units that are at
//! home under it today, with what they declared then.
//!
//! Their lines are cut out of the lines of then. Mostly a whole branch comes along and its kept total is the answer.
//! Where a unit has left meanwhile, its branch is a *gap* in the line it left: the totals above it are worked out
//! without it, up to the first that its unit declared.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::Statement;
use liendoan_core::period::Period;
use liendoan_core::quantity::Sum;
use liendoan_core::schema::{lines, unit_states};
use liendoan_core::{Db, Result, Scope, UnitId, on_engine};

use super::cell::{Cell, Rest};
use super::lines::{LineId, NO_LINE};
use super::measures::{Measure, Measures};
use super::reading::{Asked, slots_of, wanted};
use super::rows;
use crate::tree::cover;

/// Ids in one statement.
const CHUNK: usize = 500;

/// Totals by measure; None for a unit that does not live today: it has none of now.
pub fn now(
    db: &mut Db,
    measures: &Measures,
    asked: &Asked,
) -> Result<Option<BTreeMap<String, Sum>>> {
    let cut = if is_root(db, asked)? {
        // All there is: of a root, now is then.
        Cut::whole(db)?
    } else {
        match members(db, asked.unit, asked.today)? {
            None => return Ok(None),
            Some(members) => Cut::of(db, &members)?,
        }
    };
    let mut totals: BTreeMap<String, Sum> = BTreeMap::new();
    let kept = cut.flows(db, measures, &asked.period)?;
    for (code, measure) in measures.flows() {
        let fold = Fold {
            cut: &cut,
            kept: &kept,
            code,
            measure,
        };
        let slots = slots_of(measure, &asked.period);
        for top in &cut.tops {
            for slot in &slots {
                *totals.entry(code.clone()).or_default() += fold.total(*top, slot)?;
            }
        }
    }
    let kept = cut.stocks(db, asked.day())?;
    for (code, measure) in measures.stocks() {
        let fold = Fold {
            cut: &cut,
            kept: &kept,
            code,
            measure,
        };
        for top in &cut.tops {
            *totals.entry(code.clone()).or_default() += fold.total(*top, "")?;
        }
    }
    totals.retain(|_, total| !total.is_nothing());
    Ok(Some(totals))
}

fn is_root(db: &mut Db, asked: &Asked) -> Result<bool> {
    let query = unit_states::table
        .filter(unit_states::unit_id.eq(asked.unit.0))
        .filter(unit_states::alive)
        .filter(unit_states::effective_on.le(asked.today))
        .filter(unit_states::valid_to.gt(asked.today))
        .filter(unit_states::parent_id.is_null())
        .select(unit_states::unit_id);
    let found: Option<i64> = on_engine!(db, c => query.first(c)).optional()?;
    Ok(found.is_some())
}

/// The units that are at home at a living unit or under it today.
fn members(db: &mut Db, unit: UnitId, today: NaiveDate) -> Result<Option<HashSet<UnitId>>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        unit_id: i64,
    }
    const DOWN: &str = "\
WITH RECURSIVE down (unit_id) AS ( \
  SELECT unit_id FROM unit_states \
  WHERE alive AND effective_on <= $1 AND valid_to > $1 AND unit_id = $2 \
  UNION ALL \
  SELECT s.unit_id FROM down JOIN unit_states s ON s.parent_id = down.unit_id AND s.alive \
  AND s.effective_on <= $1 AND s.valid_to > $1 \
) SELECT unit_id FROM down";
    let query = Statement::new(DOWN).bind(today).bind(unit.0);
    let living: Vec<Row> = on_engine!(&mut *db, c => query.load(c))?;
    if living.is_empty() {
        return Ok(None);
    }
    let mut members: HashSet<UnitId> = living.into_iter().map(|row| UnitId(row.unit_id)).collect();
    let ever = cover::ever_under(db, &Scope::under([unit]))?.unwrap_or_default();
    let others: Vec<UnitId> = ever
        .into_iter()
        .filter(|one| !members.contains(one))
        .collect();
    for ended in ended_of(db, &others, today)? {
        if cover::line(db, ended, today)?.contains(&unit) {
            members.insert(ended);
        }
    }
    Ok(Some(members))
}

/// Those of some units that do not live on a day.
fn ended_of(db: &mut Db, units: &[UnitId], day: NaiveDate) -> Result<Vec<UnitId>> {
    let mut living: HashSet<i64> = HashSet::new();
    for chunk in units.chunks(CHUNK) {
        let query = unit_states::table
            .filter(unit_states::unit_id.eq_any(chunk.iter().map(|unit| unit.0)))
            .filter(unit_states::alive)
            .filter(unit_states::effective_on.le(day))
            .filter(unit_states::valid_to.gt(day))
            .select(unit_states::unit_id);
        let some: Vec<i64> = on_engine!(&mut *db, c => query.load(c))?;
        living.extend(some);
    }
    let units = units.iter().copied();
    Ok(units.filter(|unit| !living.contains(&unit.0)).collect())
}

/// The lines of some units, cut out of all.
struct Cut {
    /// Those under none of the others.
    tops: Vec<LineId>,
    /// Lines of other units that lead down from one of these.
    gaps: HashSet<LineId>,
    /// What lies directly below a line that has a gap somewhere below it, as far as it or what is below it differs.
    differing: HashMap<LineId, Vec<LineId>>,
}

impl Cut {
    /// Every line, whole.
    fn whole(db: &mut Db) -> Result<Self> {
        let query = lines::table
            .filter(lines::above_id.eq(NO_LINE))
            .select(lines::id);
        Ok(Self {
            tops: on_engine!(db, c => query.load(c))?,
            gaps: HashSet::new(),
            differing: HashMap::new(),
        })
    }

    fn of(db: &mut Db, members: &HashSet<UnitId>) -> Result<Self> {
        let units: Vec<i64> = members.iter().map(|unit| unit.0).collect();
        let mut of_members: HashMap<LineId, LineId> = HashMap::new();
        for chunk in units.chunks(CHUNK) {
            let query = lines::table
                .filter(lines::unit_id.eq_any(chunk.to_vec()))
                .select((lines::id, lines::above_id));
            let rows: Vec<(LineId, LineId)> = on_engine!(&mut *db, c => query.load(c))?;
            of_members.extend(rows);
        }
        // Down from them, through what is not theirs, as far as it goes.
        let mut above: HashMap<LineId, LineId> = of_members.clone();
        let mut gaps: HashSet<LineId> = HashSet::new();
        let mut next: Vec<LineId> = of_members.keys().copied().collect();
        while !next.is_empty() {
            let mut found = Vec::new();
            for chunk in next.chunks(CHUNK) {
                let query = lines::table
                    .filter(lines::above_id.eq_any(chunk.to_vec()))
                    .select((lines::id, lines::above_id));
                let rows: Vec<(LineId, LineId)> = on_engine!(&mut *db, c => query.load(c))?;
                found.extend(rows);
            }
            found.retain(|(line, _)| !of_members.contains_key(line));
            next = found.iter().map(|(line, _)| *line).collect();
            gaps.extend(next.iter().copied());
            above.extend(found);
        }
        let mut differing: HashMap<LineId, Vec<LineId>> = HashMap::new();
        for gap in &gaps {
            let mut line = *gap;
            while let Some(up) = above.get(&line).filter(|up| above.contains_key(up)) {
                let below = differing.entry(*up).or_default();
                if below.contains(&line) {
                    break;
                }
                below.push(line);
                line = *up;
            }
        }
        // What comes back below a gap.
        for (line, up) in &of_members {
            if gaps.contains(up) {
                let below = differing.entry(*up).or_default();
                if !below.contains(line) {
                    below.push(*line);
                }
            }
        }
        let is_top = |up: &LineId| !above.contains_key(up);
        let tops = of_members.iter().filter(|(_, up)| is_top(up));
        Ok(Self {
            tops: tops.map(|(line, _)| *line).collect(),
            gaps,
            differing,
        })
    }

    /// Lines of which every cell may be looked at.
    fn looked_into(&self) -> BTreeSet<LineId> {
        let below = self.differing.values().flatten();
        self.differing.keys().chain(below).copied().collect()
    }

    fn flows(&self, db: &mut Db, measures: &Measures, period: &Period) -> Result<Cells> {
        let mut kept = Cells::new();
        for ((line, code), cells) in rows::cells(db, &wanted(measures, period, &self.tops))? {
            for (slot, cell) in cells {
                kept.insert((line, code.clone(), slot), cell);
            }
        }
        let looked_into = self.looked_into();
        let codes: Vec<&String> = measures.flows().map(|(code, _)| code).collect();
        for ((line, code), cells) in rows::all_cells(db, &looked_into, &codes)? {
            for (slot, cell) in cells {
                kept.insert((line, code.clone(), slot), cell);
            }
        }
        Ok(kept)
    }

    fn stocks(&self, db: &mut Db, day: NaiveDate) -> Result<Cells> {
        let mut kept = Cells::new();
        let mut wanted = self.looked_into();
        wanted.extend(&self.tops);
        let wanted: Vec<LineId> = wanted.into_iter().collect();
        for ((line, code), cell) in rows::steps_on(db, &wanted, day)? {
            kept.insert((line, code, String::new()), cell);
        }
        Ok(kept)
    }
}

type Cells = HashMap<(LineId, String, String), Cell>;

/// The totals of one measure along the lines of a cut.
struct Fold<'a> {
    cut: &'a Cut,
    kept: &'a Cells,
    code: &'a str,
    measure: &'a Measure,
}

impl Fold<'_> {
    fn kept(&self, line: LineId, slot: &str) -> Cell {
        let key = (line, self.code.to_owned(), slot.to_owned());
        self.kept.get(&key).cloned().unwrap_or_default()
    }

    /// The total of a line without what has left.
    fn total(&self, line: LineId, slot: &str) -> Result<Sum> {
        let kept = self.kept(line, slot);
        let differing = self.cut.differing.get(&line).map_or(&[][..], Vec::as_slice);
        if self.cut.gaps.contains(&line) {
            let mut total = Sum::default();
            for below in differing {
                total += self.total(*below, slot)?;
            }
            return Ok(total);
        }
        if differing.is_empty() {
            return Ok(kept.total);
        }
        match kept.rest {
            Rest::Sum => {
                let mut below = kept.below;
                for one in differing {
                    below += self.total(*one, slot)? - self.kept(*one, slot).total;
                }
                Ok(kept.own + below)
            }
            Rest::Declared if kept.is_lone => {
                let mut total = kept.total;
                for part in self.parts(slot)? {
                    total += self.kept(line, &part).total - self.total(line, &part)?;
                }
                Ok(total)
            }
            Rest::Declared => Ok(kept.total),
            Rest::Parts if kept.is_lone => Ok(kept.total),
            Rest::Parts => {
                let mut total = Sum::default();
                for part in self.parts(slot)? {
                    total += self.total(line, &part)?;
                }
                Ok(total)
            }
        }
    }

    fn parts(&self, slot: &str) -> Result<Vec<String>> {
        let parts = rows::period(slot)?.parts(self.measure.calendar);
        Ok(parts.iter().map(ToString::to_string).collect())
    }
}

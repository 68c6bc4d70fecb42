//! Lines: a unit with all that stood above it on a day, as a path up that never moves.
//!
//! A unit that gets another superior, or whose superior does, stands on another line from then on, and so do all
//! below it. Totals are kept by line: what was told in 2020 stays on the line of 2020, and the total of a unit is
//! that of all its lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use liendoan_core::schema::{lines, unit_states};
use liendoan_core::validity::Validity;
use liendoan_core::{Db, Result, UnitId, id, on_engine};

id! {
    /// A unit with all that stand above it.
    LineId
}

/// Above the root's line there is none.
pub const NO_LINE: LineId = LineId(0);

/// Ids in one statement.
const CHUNK: usize = 500;

/// The days on which a unit stood on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub days: Validity,
    pub line: LineId,
}

/// A line as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub unit: UnitId,
    pub above: LineId,
    /// How many stand above.
    pub depth: i32,
}

/// The lines of some units and of all that ever stood above them.
#[derive(Default)]
pub struct Lines {
    known: HashMap<LineId, Line>,
    /// Each line of a unit, by the one above.
    of_units: HashMap<UnitId, BTreeMap<LineId, LineId>>,
    stretches: HashMap<UnitId, Vec<Stretch>>,
}

/// A unit under a superior over some days of its life.
struct Life {
    days: Validity,
    superior: Option<UnitId>,
}

impl Lines {
    /// Works out where units stood all their lives; writes the lines that are new.
    pub fn load(db: &mut Db, units: impl IntoIterator<Item = UnitId>) -> Result<Self> {
        let mut lines = Self::default();
        let mut lives: HashMap<UnitId, Vec<Life>> = HashMap::new();
        let mut next: BTreeSet<UnitId> = units.into_iter().collect();
        while !next.is_empty() {
            let found = lives_of(db, &next)?;
            let superiors = found.values().flatten().filter_map(|life| life.superior);
            let mut above: BTreeSet<UnitId> = superiors.collect();
            lives.extend(found);
            // Also those above whom it was thought that they stood.
            above.extend(lines.read(db, next)?);
            next = above;
            next.retain(|unit| !lives.contains_key(unit));
        }
        let all: Vec<UnitId> = lives.keys().copied().collect();
        for unit in all {
            lines.stand(db, &lives, unit)?;
        }
        Ok(lines)
    }

    /// Reads the lines of units; answers the units of those above that are not known yet.
    fn read(&mut self, db: &mut Db, units: BTreeSet<UnitId>) -> Result<Vec<UnitId>> {
        let units: Vec<UnitId> = units.into_iter().collect();
        let mut above: BTreeSet<LineId> = BTreeSet::new();
        for chunk in units.chunks(CHUNK) {
            let query = lines::table
                .filter(lines::unit_id.eq_any(chunk.to_vec()))
                .select((lines::id, lines::unit_id, lines::above_id, lines::depth));
            let rows: Vec<(LineId, UnitId, LineId, i32)> =
                on_engine!(&mut *db, c => query.load(c))?;
            for (id, unit, line, depth) in rows {
                self.know(
                    id,
                    Line {
                        unit,
                        above: line,
                        depth,
                    },
                );
                above.insert(line);
            }
        }
        above.retain(|line| !self.known.contains_key(line));
        let above: Vec<LineId> = above.into_iter().collect();
        let mut strangers = Vec::new();
        for chunk in above.chunks(CHUNK) {
            let query = lines::table
                .filter(lines::id.eq_any(chunk.to_vec()))
                .select(lines::unit_id);
            let some: Vec<UnitId> = on_engine!(&mut *db, c => query.load(c))?;
            strangers.extend(some);
        }
        Ok(strangers)
    }

    fn know(&mut self, id: LineId, line: Line) {
        let of_unit = self.of_units.entry(line.unit).or_default();
        of_unit.insert(line.above, id);
        self.known.insert(id, line);
    }

    /// Works out where a unit stood, after all above it.
    fn stand(
        &mut self,
        db: &mut Db,
        lives: &HashMap<UnitId, Vec<Life>>,
        unit: UnitId,
    ) -> Result<()> {
        if self.stretches.contains_key(&unit) {
            return Ok(());
        }
        // Against a circle, which no decision makes.
        self.stretches.insert(unit, Vec::new());
        let mut stretches: Vec<Stretch> = Vec::new();
        for life in lives.get(&unit).into_iter().flatten() {
            let above = match life.superior {
                None => vec![Stretch {
                    days: life.days,
                    line: NO_LINE,
                }],
                Some(superior) => {
                    self.stand(db, lives, superior)?;
                    self.stretches.get(&superior).cloned().unwrap_or_default()
                }
            };
            for above in above
                .into_iter()
                .filter(|above| above.days.overlaps(life.days))
            {
                let line = self.line(db, unit, above.line)?;
                let days = Validity {
                    from: above.days.from.max(life.days.from),
                    to: above.days.to.min(life.days.to),
                };
                match stretches.last_mut() {
                    Some(last) if last.line == line && last.days.to == days.from => {
                        last.days.to = days.to;
                    }
                    _ => stretches.push(Stretch { days, line }),
                }
            }
        }
        self.stretches.insert(unit, stretches);
        Ok(())
    }

    fn line(&mut self, db: &mut Db, unit: UnitId, above: LineId) -> Result<LineId> {
        let of_unit = self.of_units.get(&unit);
        if let Some(known) = of_unit.and_then(|of_unit| of_unit.get(&above)) {
            return Ok(*known);
        }
        let depth = self.known.get(&above).map_or(0, |above| above.depth + 1);
        let id: LineId = diesel::insert_into(lines::table)
            .values((
                lines::unit_id.eq(unit),
                lines::above_id.eq(above),
                lines::depth.eq(depth),
            ))
            .returning(lines::id)
            .get_result(db)?;
        self.know(id, Line { unit, above, depth });
        Ok(id)
    }

    pub fn get(&self, id: LineId) -> Option<Line> {
        self.known.get(&id).copied()
    }

    /// Every line that a unit has or, by what was thought before, had.
    pub fn of(&self, unit: UnitId) -> impl Iterator<Item = LineId> {
        let of_unit = self.of_units.get(&unit);
        of_unit
            .into_iter()
            .flat_map(|of_unit| of_unit.values().copied())
    }

    /// Where a unit stood, in the order of days.
    pub fn stretches(&self, unit: UnitId) -> &[Stretch] {
        self.stretches.get(&unit).map_or(&[], Vec::as_slice)
    }

    /// The line of a unit on a day.
    pub fn on(&self, unit: UnitId, day: chrono::NaiveDate) -> Option<LineId> {
        let mut stretches = self.stretches(unit).iter();
        let found = stretches.find(|stretch| stretch.days.contains(day));
        found.map(|stretch| stretch.line)
    }
}

fn lives_of(db: &mut Db, units: &BTreeSet<UnitId>) -> Result<HashMap<UnitId, Vec<Life>>> {
    type Row = (UnitId, chrono::NaiveDate, chrono::NaiveDate, Option<UnitId>);
    let mut lives: HashMap<UnitId, Vec<Life>> =
        units.iter().map(|unit| (*unit, Vec::new())).collect();
    let units: Vec<UnitId> = units.iter().copied().collect();
    for chunk in units.chunks(CHUNK) {
        let query = unit_states::table
            .filter(unit_states::unit_id.eq_any(chunk.iter().map(|unit| unit.0)))
            .filter(unit_states::alive)
            .filter(unit_states::effective_on.lt(unit_states::valid_to))
            .order((unit_states::unit_id, unit_states::effective_on))
            .select((
                unit_states::unit_id,
                unit_states::effective_on,
                unit_states::valid_to,
                unit_states::parent_id,
            ));
        let rows: Vec<(i64, chrono::NaiveDate, chrono::NaiveDate, Option<i64>)> =
            on_engine!(&mut *db, c => query.load(c))?;
        for row in rows {
            let (unit, from, to, superior): Row = (UnitId(row.0), row.1, row.2, row.3.map(UnitId));
            let days = Validity { from, to };
            lives.entry(unit).or_default().push(Life { days, superior });
        }
    }
    Ok(lives)
}

//! What a scope covers, to the day: `covers(U, x, D)` of the rules on rights, and where a unit's records
//! count when it does not live.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::Statement;
use liendoan_core::schema::{unit_links, unit_states};
use liendoan_core::{Code, Db, Error, Result, Scope, UnitId, on_engine};

use super::DEEPEST;

/// Its home on a day, and all that stand above that, from the lowest up. The home is the unit itself
/// if it lives; else that of its one successor; of several, the lowest unit that is or stands above all
/// of theirs; without any, that of its last superior; before it begins, that of its first superior.
/// Empty for a unit that never was, and where no tree stands on that day.
pub fn line(db: &mut Db, unit: UnitId, day: NaiveDate) -> Result<Vec<UnitId>> {
    climb(db, unit, day, &mut BTreeSet::new())
}

fn climb(
    db: &mut Db,
    unit: UnitId,
    day: NaiveDate,
    seen: &mut BTreeSet<UnitId>,
) -> Result<Vec<UnitId>> {
    let above = living_line(db, unit, day)?;
    if !above.is_empty() || !seen.insert(unit) {
        return Ok(above);
    }
    match heirs(db, unit, day)? {
        Heirs::Superior(None) => Ok(Vec::new()),
        Heirs::Superior(Some(superior)) => climb(db, superior, day, seen),
        Heirs::Successors(successors) => {
            let mut lines = Vec::new();
            for one in &successors {
                lines.push(climb(db, *one, day, &mut seen.clone())?);
            }
            let first = lines.first().cloned().unwrap_or_default();
            let is_shared = |unit: &UnitId| lines.iter().all(|line| line.contains(unit));
            Ok(first
                .into_iter()
                .skip_while(|unit| !is_shared(unit))
                .collect())
        }
    }
}

/// A unit that lives on that day and all above it; empty if it does not live.
fn living_line(db: &mut Db, unit: UnitId, day: NaiveDate) -> Result<Vec<UnitId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        unit_id: i64,
    }
    const UP: &str = "\
WITH RECURSIVE up (unit_id, parent_id, height) AS ( \
  SELECT unit_id, parent_id, 0 FROM unit_states \
  WHERE alive AND effective_on <= $1 AND valid_to > $1 AND unit_id = $2 \
  UNION ALL \
  SELECT s.unit_id, s.parent_id, up.height + 1 FROM up \
  JOIN unit_states s ON s.unit_id = up.parent_id AND s.alive \
  AND s.effective_on <= $1 AND s.valid_to > $1 \
  WHERE up.height < $3 \
) SELECT unit_id FROM up ORDER BY height";
    let query = Statement::new(UP).bind(day).bind(unit.0).bind(DEEPEST);
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    Ok(rows.into_iter().map(|row| UnitId(row.unit_id)).collect())
}

/// Both its line and its superiors: of a unit that lives they are found at once.
pub fn line_and_superiors(
    db: &mut Db,
    unit: UnitId,
    day: NaiveDate,
) -> Result<(Vec<UnitId>, Vec<UnitId>)> {
    let line = living_line(db, unit, day)?;
    if line.is_empty() {
        return Ok((self::line(db, unit, day)?, superiors(db, unit, day)?));
    }
    let superiors = above(&line).to_vec();
    Ok((line, superiors))
}

/// Who stands above the lowest of a line.
fn above(line: &[UnitId]) -> &[UnitId] {
    match line {
        [_, above @ ..] if !above.is_empty() => above,
        root => root,
    }
}

/// Who is asked to approve what the unit did, from the lowest up: its superior and all above that. The root
/// stands above itself. What ended with one successor has that one's superiors; what ended otherwise, or is
/// yet to begin, has its home.
fn superiors(db: &mut Db, unit: UnitId, day: NaiveDate) -> Result<Vec<UnitId>> {
    let mut unit = unit;
    let mut seen = BTreeSet::new();
    while seen.insert(unit) {
        let line = living_line(db, unit, day)?;
        if !line.is_empty() {
            return Ok(above(&line).to_vec());
        }
        match heirs(db, unit, day)? {
            Heirs::Successors(successors) if successors.len() == 1 => unit = successors[0],
            _ => break,
        }
    }
    line(db, unit, day)
}

/// Where a unit that does not live on a day is at home instead.
enum Heirs {
    /// What followed it at its end.
    Successors(Vec<UnitId>),
    /// Its last superior; before it begins, its first.
    Superior(Option<UnitId>),
}

fn heirs(db: &mut Db, unit: UnitId, day: NaiveDate) -> Result<Heirs> {
    type State = (NaiveDate, i32, bool, Option<i64>);
    let of_unit = || {
        unit_states::table
            .filter(unit_states::unit_id.eq(unit.0))
            .select((
                unit_states::effective_on,
                unit_states::day_seq,
                unit_states::alive,
                unit_states::parent_id,
            ))
    };
    let oldest_first = (unit_states::effective_on, unit_states::day_seq);
    let newest_first = (
        unit_states::effective_on.desc(),
        unit_states::day_seq.desc(),
    );
    let ended = of_unit()
        .filter(unit_states::effective_on.le(day))
        .order(newest_first);
    let ended: Option<State> = on_engine!(&mut *db, c => ended.first(c)).optional()?;
    let Some((on, seq, _, _)) = ended else {
        let first = of_unit().order(oldest_first);
        let first: Option<State> = on_engine!(&mut *db, c => first.first(c)).optional()?;
        let superior = first.and_then(|(.., parent)| parent);
        return Ok(Heirs::Superior(superior.map(UnitId)));
    };
    let successors = unit_links::table
        .filter(unit_links::unit_id.eq(unit.0))
        .filter(unit_links::effective_on.eq(on))
        .filter(unit_links::day_seq.eq(seq))
        .filter(unit_links::kind.eq("successor"))
        .order(unit_links::other_id)
        .select(unit_links::other_id);
    let successors: Vec<i64> = on_engine!(&mut *db, c => successors.load(c))?;
    if !successors.is_empty() {
        return Ok(Heirs::Successors(
            successors.into_iter().map(UnitId).collect(),
        ));
    }
    let lived = of_unit()
        .filter(unit_states::effective_on.le(on))
        .filter(unit_states::alive)
        .order(newest_first);
    let lived: Option<State> = on_engine!(&mut *db, c => lived.first(c)).optional()?;
    let superior = lived.and_then(|(.., parent)| parent);
    Ok(Heirs::Superior(superior.map(UnitId)))
}

/// Whether `scope` covers a unit on a day.
pub fn covers(db: &mut Db, scope: &Scope, unit: UnitId, day: NaiveDate) -> Result<bool> {
    match scope {
        Scope::All => Ok(true),
        Scope::Under(tops) => Ok(line(db, unit, day)?.iter().any(|unit| tops.contains(unit))),
    }
}

/// Those of some units of which the scope reads any record: it covers them today, or they stood under it on
/// some day of their lives, which may be a record's.
pub fn readable(
    db: &mut Db,
    scope: &Scope,
    units: impl IntoIterator<Item = UnitId>,
    today: NaiveDate,
) -> Result<BTreeSet<UnitId>> {
    let mut readable = BTreeSet::new();
    for unit in units {
        let is_readable = match scope {
            Scope::All => true,
            Scope::Under(tops) => {
                let superiors = superiors_of_all_days(db, unit)?;
                tops.contains(&unit)
                    || superiors.iter().any(|superior| tops.contains(superior))
                    || covers(db, scope, unit, today)?
            }
        };
        if is_readable {
            readable.insert(unit);
        }
    }
    Ok(readable)
}

/// All that stood above a unit on any day that it lived.
fn superiors_of_all_days(db: &mut Db, unit: UnitId) -> Result<Vec<UnitId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        superior: i64,
    }
    // Each superior with the days on which it was one.
    const UP: &str = "\
WITH RECURSIVE up (superior, since, until) AS ( \
  SELECT parent_id, effective_on, valid_to FROM unit_states \
  WHERE alive AND effective_on < valid_to AND parent_id IS NOT NULL AND unit_id = $1 \
  UNION \
  SELECT s.parent_id, \
    CASE WHEN s.effective_on > up.since THEN s.effective_on ELSE up.since END, \
    CASE WHEN s.valid_to < up.until THEN s.valid_to ELSE up.until END \
  FROM up JOIN unit_states s ON s.unit_id = up.superior AND s.alive \
  AND s.effective_on < up.until AND s.valid_to > up.since \
  WHERE s.parent_id IS NOT NULL AND s.effective_on < s.valid_to \
) SELECT DISTINCT superior FROM up";
    let query = Statement::new(UP).bind(unit.0);
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    Ok(rows.into_iter().map(|row| UnitId(row.superior)).collect())
}

/// Lets only those write for a unit who answer for it today. None is the whole federation.
pub fn check_writes(
    db: &mut Db,
    scope: &Scope,
    unit: Option<UnitId>,
    today: NaiveDate,
) -> Result<()> {
    let is_covered = match unit {
        None => *scope == Scope::All,
        Some(unit) => covers(db, scope, unit, today)?,
    };
    if is_covered {
        Ok(())
    } else {
        let error = Error::new(Code::OutOfScope);
        Err(match unit {
            Some(unit) => error.with("unit_id", unit.0),
            None => error,
        })
    }
}

/// The units of an audit entry: where each of these is at home today, and all above.
pub fn concerned(
    db: &mut Db,
    units: impl IntoIterator<Item = UnitId>,
    today: NaiveDate,
) -> Result<Vec<UnitId>> {
    let mut concerned = BTreeSet::new();
    for unit in units {
        // Also itself, where it does not live: who was given rights on it sees what it was about.
        if concerned.insert(unit) {
            concerned.extend(line(db, unit, today)?);
        }
    }
    Ok(concerned.into_iter().collect())
}

/// Units in one statement.
const CHUNK: usize = 1_000;

/// All units that ever stood below those of the scope or were followed by one below: whatever is at home
/// under the scope on any day is among them, and some that are not. None: every unit.
pub fn ever_under(db: &mut Db, scope: &Scope) -> Result<Option<Vec<UnitId>>> {
    let Scope::Under(tops) = scope else {
        return Ok(None);
    };
    let mut known: BTreeSet<UnitId> = tops.iter().copied().collect();
    let mut wanted: Vec<UnitId> = tops.to_vec();
    while !wanted.is_empty() {
        let mut next = Vec::new();
        for chunk in wanted.chunks(CHUNK) {
            let ids: Vec<i64> = chunk.iter().map(|unit| unit.0).collect();
            let children = unit_states::table
                .filter(unit_states::parent_id.eq_any(ids.iter().copied().map(Some)))
                .select(unit_states::unit_id);
            let children: Vec<i64> = on_engine!(&mut *db, c => children.load(c))?;
            let followed = unit_links::table
                .filter(unit_links::other_id.eq_any(ids))
                .select(unit_links::unit_id);
            let followed: Vec<i64> = on_engine!(&mut *db, c => followed.load(c))?;
            let found = children.into_iter().chain(followed).map(UnitId);
            next.extend(found.filter(|unit| known.insert(*unit)));
        }
        wanted = next;
    }
    Ok(Some(known.into_iter().collect()))
}

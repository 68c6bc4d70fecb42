//! Keeps a process's index up to date with the database.
//!
//! `tree.names_revision` grows with every change of what units are found by, and each unit bears the one
//! of its own last change. So one number tells whether there is anything to read, and an index tells what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::paging::after;
use liendoan_core::schema::{external_ids, unit_particulars, unit_states, units};
use liendoan_core::validity::Validity;
use liendoan_core::{Db, Error, Result, Scope, Store, on_engine};
use tokio::sync::Mutex;

use super::index::Index;
use super::unit::{Entry, Face, Naming, What};
use crate::tree::reorganisations::commit;
use crate::tree::units::model::Life;
use crate::tree::units::particulars::aliases_of;

/// Units read at once: few enough that readers hardly wait while they are taken in.
const CHUNK: i64 = 2_000;

/// The search of a process. It begins empty, and reads what it lacks before it answers.
pub struct Search {
    index: RwLock<Index>,
    /// The names revision that the index speaks of; -1 before it has been read for the first time.
    known: AtomicI64,
    /// Revision and id of the last unit that was read. Whoever reads on holds it.
    read_to: Mutex<(i64, i64)>,
}

/// Some units that have changed, in the order of their changes.
struct Chunk {
    entries: Vec<Entry>,
    read_to: Option<(i64, i64)>,
    /// Where no change was left when this was read: the revision of the whole, and how many units there
    /// are.
    end: Option<(i64, i64)>,
}

impl Default for Search {
    /// A search that has read nothing yet.
    fn default() -> Self {
        Self {
            index: RwLock::default(),
            known: AtomicI64::new(-1),
            read_to: Mutex::new((-1, 0)),
        }
    }
}

impl Search {
    /// Reads on until the index knows all that the database did at `revision`. One caller reads, others
    /// wait; who searches without waiting finds what is there. A caller who gives up leaves what was
    /// read so far.
    pub async fn catch_up(&self, store: &Store, revision: i64) -> Result<()> {
        if self.known.load(Ordering::Acquire) >= revision {
            return Ok(());
        }
        let mut read_to = self.read_to.lock().await;
        while self.known.load(Ordering::Acquire) < revision {
            let start = *read_to;
            let chunk = store.read(move |db| changed_after(db, start)).await?;
            let count = self.replace(chunk.entries, &[]);
            *read_to = chunk.read_to.unwrap_or(start);
            let Some((revision, expected)) = chunk.end else {
                continue;
            };
            // A unit whose founding was annulled leaves no row that could tell of it, only a gap.
            if i64::try_from(count).ok() != Some(expected) {
                let all = store.read(|db| all_ids(db, &Scope::All)).await?;
                let gone = self.read(|index| {
                    let gone = index.ids().filter(|id| !all.contains(id));
                    gone.collect::<Vec<_>>()
                });
                self.replace(Vec::new(), &gone);
            }
            self.known.store(revision, Ordering::Release);
        }
        Ok(())
    }

    /// Looks something up among what has been read.
    pub fn read<T>(&self, f: impl FnOnce(&Index) -> T) -> T {
        f(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes in changes; answers how many units there are.
    fn replace(&self, entries: Vec<Entry>, gone: &[i64]) -> usize {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        index.replace(entries, gone);
        index.count()
    }
}

/// Reads in advance what the first search would have to wait for.
pub async fn warm_up(search: actix_web::web::Data<Search>, store: Store) {
    let caught_up = async {
        let revision = store.query(commit::revision).await?;
        search.catch_up(&store, revision.names).await
    };
    if let Err(error) = caught_up.await {
        tracing::warn!(%error, "could not read the names of units; the first search will");
    }
}

fn all_ids(db: &mut Db, _: &Scope) -> Result<BTreeSet<i64>> {
    let ids: Vec<i64> = on_engine!(db, c => units::table.select(units::id).load(c))?;
    Ok(ids.into_iter().collect())
}

#[derive(Queryable)]
struct UnitRow {
    id: i64,
    names_revision: i64,
    code: String,
    lives: String,
}

#[derive(Queryable)]
struct StateRow {
    unit_id: i64,
    effective_on: NaiveDate,
    valid_to: NaiveDate,
    name: String,
    short_name: Option<String>,
    rank: i32,
    name_key: String,
}

fn changed_after(db: &mut Db, start: (i64, i64)) -> Result<Chunk> {
    let rows = units::table
        .filter(after((units::names_revision, units::id), start))
        .order((units::names_revision, units::id))
        .limit(CHUNK)
        .select((units::id, units::names_revision, units::code, units::lives));
    let rows: Vec<UnitRow> = on_engine!(db, c => rows.load(c))?;
    let read_to = rows.last().map(|row| (row.names_revision, row.id));
    let end = if (rows.len() as i64) < CHUNK {
        let count: i64 = on_engine!(db, c => units::table.count().get_result(c))?;
        Some((commit::revision(db)?.names, count))
    } else {
        None
    };
    Ok(Chunk {
        entries: entries(db, rows)?,
        read_to,
        end,
    })
}

/// All that these units are found by.
fn entries(db: &mut Db, rows: Vec<UnitRow>) -> Result<Vec<Entry>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut entries = BTreeMap::new();
    for row in rows {
        let lives: Vec<Life> = serde_json::from_str(&row.lives).map_err(Error::internal)?;
        let lives = lives
            .into_iter()
            .map(|life| Ok(Validity::new(life.from, life.to)?));
        let entry = Entry {
            id: row.id,
            code: row.code,
            lives: lives.collect::<Result<_>>()?,
            external_ids: Vec::new(),
            faces: Vec::new(),
            names: Vec::new(),
        };
        entries.insert(row.id, entry);
    }

    let states = unit_states::table
        .filter(unit_states::unit_id.eq_any(ids.iter().copied()))
        .filter(unit_states::alive)
        // Two decisions of a day: what the first one made held on no day.
        .filter(unit_states::effective_on.lt(unit_states::valid_to))
        .order((unit_states::unit_id, unit_states::effective_on))
        .select((
            unit_states::unit_id,
            unit_states::effective_on,
            unit_states::valid_to,
            unit_states::name,
            unit_states::short_name,
            unit_states::rank,
            unit_states::name_key,
        ));
    let states: Vec<StateRow> = on_engine!(db, c => states.load(c))?;
    for state in states {
        if let Some(entry) = entries.get_mut(&state.unit_id) {
            take_state(entry, state);
        }
    }

    let aliases = unit_particulars::table
        .filter(unit_particulars::unit_id.eq_any(ids.iter().copied()))
        .filter(unit_particulars::field.eq("aliases"))
        .order((unit_particulars::unit_id, unit_particulars::effective_on))
        .select((
            unit_particulars::unit_id,
            unit_particulars::effective_on,
            unit_particulars::valid_to,
            unit_particulars::value,
        ));
    let aliases: Vec<(i64, NaiveDate, NaiveDate, Option<String>)> =
        on_engine!(db, c => aliases.load(c))?;
    for (id, from, to, kept) in aliases {
        if let Some(entry) = entries.get_mut(&id) {
            for alias in aliases_of(kept.as_deref())? {
                name(entry, What::Alias, alias, Validity { from, to });
            }
        }
    }

    let keys = external_ids::table
        .filter(external_ids::unit_id.eq_any(ids))
        .order((
            external_ids::unit_id,
            external_ids::system,
            external_ids::value,
        ))
        .select((external_ids::unit_id, external_ids::value));
    let keys: Vec<(i64, String)> = on_engine!(db, c => keys.load(c))?;
    for (id, value) in keys {
        if let Some(entry) = entries.get_mut(&id) {
            entry.external_ids.push(value);
        }
    }
    Ok(entries.into_values().collect())
}

fn take_state(entry: &mut Entry, state: StateRow) {
    let validity = Validity {
        from: state.effective_on,
        to: state.valid_to,
    };
    let face = Face {
        from: validity.from,
        rank: state.rank,
        name_key: state.name_key.into(),
    };
    let sorts_alike = |last: &Face| (last.rank, &last.name_key) == (face.rank, &face.name_key);
    if !entry.faces.last().is_some_and(sorts_alike) {
        entry.faces.push(face);
    }
    name(entry, What::Name, state.name, validity);
    if let Some(short_name) = state.short_name {
        name(entry, What::ShortName, short_name, validity);
    }
}

/// Adds a name, or the days on which it goes on: a transfer makes a new row and no new name.
fn name(entry: &mut Entry, what: What, text: String, validity: Validity) {
    let goes_on = |known: &&mut Naming| {
        known.what == what && *known.text == *text && known.validity.to == validity.from
    };
    if let Some(known) = entry.names.iter_mut().find(goes_on) {
        known.validity.to = validity.to;
    } else {
        entry.names.push(Naming {
            what,
            text: text.into(),
            validity,
        });
    }
}

#[cfg(test)]
mod tests {
    use liendoan_core::validity::{ALWAYS, FOREVER};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn state(from: NaiveDate, to: NaiveDate, name: &str) -> StateRow {
        StateRow {
            unit_id: 1,
            effective_on: from,
            valid_to: to,
            name: name.to_owned(),
            short_name: None,
            rank: 10,
            name_key: name.to_owned(),
        }
    }

    #[test]
    fn a_name_that_outlasts_a_transfer_is_one_name() {
        let mut entry = Entry {
            id: 1,
            code: "a".to_owned(),
            external_ids: Vec::new(),
            lives: Vec::new(),
            faces: Vec::new(),
            names: Vec::new(),
        };
        let (first, second, third) = (day("2020-01-01"), day("2021-01-01"), day("2022-01-01"));
        take_state(&mut entry, state(ALWAYS, first, "A"));
        take_state(&mut entry, state(first, second, "A"));
        take_state(&mut entry, state(second, third, "B"));
        take_state(&mut entry, state(third, FOREVER, "A"));
        let names = entry
            .names
            .iter()
            .map(|n| (&*n.text, n.validity.from, n.validity.to));
        let expected = [
            ("A", ALWAYS, second),
            ("B", second, third),
            ("A", third, FOREVER),
        ];
        assert!(names.eq(expected));
        let faces: Vec<NaiveDate> = entry.faces.iter().map(|face| face.from).collect();
        assert_eq!(faces, [ALWAYS, second, third]);
    }
}

//! The names of all units in memory, and how they are found. No I/O, and no clock.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;
use liendoan_core::validity::{ALWAYS, FOREVER, Validity};
use liendoan_core::vietnamese::{fold, words};
use smallvec::SmallVec;

use super::order::Order;
use super::query::{Extent, Query};
use super::slots::Slots;
use super::unit::{Entry, Name, Naming, PlacedFace, Unit, What};
use super::vocabulary::{Answers, Meanings, Vocabulary, WordId};

/// In the time to look at a unit so many entries of lists are read.
const LOOK: usize = 32;

/// Finds units by code, external id or name.
#[derive(Default)]
pub struct Index {
    vocabulary: Vocabulary,
    /// By word: the slots of the units that have it in a name, ascending.
    postings: Vec<Vec<u32>>,
    /// A unit keeps its slot; that of one that is gone is given to another.
    units: Vec<Option<Unit>>,
    free: Vec<u32>,
    slots: BTreeMap<i64, u32>,
    /// Codes and external ids, hashed, with the slots of their units.
    keys: BTreeSet<(u32, u32)>,
    order: Order,
}

/// What a search finds.
#[derive(Debug, Default)]
pub struct Found {
    /// A page of it.
    pub hits: Vec<Hit>,
    pub total: usize,
}

/// A unit, and under what it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub unit_id: i64,
    pub matched: Naming,
}

/// How well a name answers a query; the least is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Key,
    Whole,
    Beginning,
    Words,
    Typos,
}

/// The order of what is found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Merit {
    rank: Rank,
    is_dead: bool,
    is_past: bool,
    place: u32,
}

/// Which of a unit's keys or names.
#[derive(Clone, Copy)]
enum Which {
    Key(u16),
    Name(u16),
}

impl Index {
    /// How many units there are.
    pub fn count(&self) -> usize {
        self.slots.len()
    }

    /// The ids of all units.
    pub fn ids(&self) -> impl Iterator<Item = i64> {
        self.slots.keys().copied()
    }

    /// Takes in units that are new or have changed, and forgets those that are gone.
    pub fn replace(&mut self, entries: Vec<Entry>, gone: &[i64]) {
        let mut changed = BTreeSet::new();
        for id in gone {
            if let Some(slot) = self.slots.remove(id) {
                self.put(slot, None);
                self.free.push(slot);
                changed.insert(slot);
            }
        }
        for entry in entries {
            let slot = self.slot_of(entry.id);
            let unit = self.read(entry);
            self.put(slot, Some(unit));
            changed.insert(slot);
        }
        let changed: Vec<u32> = changed.into_iter().collect();
        self.order.renew(&mut self.units, &changed);
    }

    fn slot_of(&mut self, id: i64) -> u32 {
        let (units, free) = (&mut self.units, &mut self.free);
        *self.slots.entry(id).or_insert_with(|| {
            free.pop().unwrap_or_else(|| {
                units.push(None);
                // Far fewer units than that fit into memory.
                u32::try_from(units.len() - 1).unwrap_or(u32::MAX)
            })
        })
    }

    fn read(&mut self, entry: Entry) -> Unit {
        let mut name = |naming: Naming| {
            let learn = |word| self.vocabulary.learn(&word);
            let words = words(&naming.text).into_iter().map(learn).collect();
            Name { words, naming }
        };
        let names: SmallVec<_> = entry.names.into_iter().map(&mut name).collect();
        let place = |face| PlacedFace { face, place: 0 };
        let keys = [entry.code].into_iter().chain(entry.external_ids);
        Unit {
            id: entry.id,
            lives: entry.lives.into(),
            names,
            faces: entry.faces.into_iter().map(place).collect(),
            keys: keys.collect::<Vec<_>>().join("\n").into(),
        }
    }

    /// Puts a unit into a slot, or empties it, and lists it under its words and keys alone.
    fn put(&mut self, slot: u32, unit: Option<Unit>) {
        let old = std::mem::replace(&mut self.units[slot as usize], unit);
        let new = self.units[slot as usize].as_ref();
        let (old_words, new_words) = (words_of(old.as_ref()), words_of(new));
        let (old_keys, new_keys) = (keys_of(old.as_ref()), keys_of(new));
        for key in old_keys {
            self.keys.remove(&(key, slot));
        }
        self.keys
            .extend(new_keys.into_iter().map(|key| (key, slot)));
        for word in old_words.difference(&new_words) {
            let listed = &mut self.postings[*word as usize];
            if let Ok(place) = listed.binary_search(&slot) {
                listed.remove(place);
            }
        }
        for word in new_words.difference(&old_words) {
            let place = *word as usize;
            if self.postings.len() <= place {
                self.postings.resize_with(place + 1, Vec::new);
            }
            let listed = &mut self.postings[place];
            if let Err(place) = listed.binary_search(&slot) {
                listed.insert(place, slot);
            }
        }
    }

    /// Units found under `text`, best first, each once. The external ids of those in `kept_back` find
    /// nothing.
    pub fn search(
        &self,
        text: &str,
        as_of: NaiveDate,
        offset: usize,
        limit: usize,
        kept_back: &BTreeSet<i64>,
    ) -> Found {
        let query = Query::read(text);
        if query.is_empty() {
            return Found::default();
        }
        let mut found: Vec<(Merit, u32, Which)> = Vec::new();
        let by_key = self.find_key(&query.folded, kept_back);
        for (slot, which) in &by_key {
            let merit = self.merit(*slot, as_of, Rank::Key, false);
            found.extend(merit.map(|merit| (merit, *slot, *which)));
        }
        let meanings = self.vocabulary.meanings(&query.typed);
        for slot in self.candidates(&query, &meanings).iter() {
            if !by_key.contains_key(&slot) {
                let best = self.best_name(slot, &query, &meanings, as_of);
                found.extend(best.map(|(merit, name)| (merit, slot, Which::Name(name))));
            }
        }
        let total = found.len();
        let end = total.min(offset.saturating_add(limit));
        if end < total {
            found.select_nth_unstable_by_key(end, |(merit, ..)| *merit);
            found.truncate(end);
        }
        found.sort_unstable_by_key(|(merit, ..)| *merit);
        let page = found.into_iter().skip(offset);
        let hits = page.filter_map(|(_, slot, which)| self.hit(slot, which));
        Found {
            hits: hits.collect(),
            total,
        }
    }

    /// The units whose external id this is.
    pub fn bearers(&self, text: &str) -> BTreeSet<i64> {
        let found = self.find_key(&Query::read(text).folded, &BTreeSet::new());
        let by_external_id = found
            .into_iter()
            .filter(|(_, which)| !matches!(which, Which::Key(0)));
        let units = by_external_id.filter_map(|(slot, _)| self.units[slot as usize].as_ref());
        units.map(|unit| unit.id).collect()
    }

    /// The units whose code or external id this is.
    fn find_key(&self, folded: &str, kept_back: &BTreeSet<i64>) -> HashMap<u32, Which> {
        let hash = hash_of(folded);
        let listed = self.keys.range((hash, 0)..=(hash, u32::MAX));
        let found = listed.filter_map(|(_, slot)| {
            let unit = self.units[*slot as usize].as_ref()?;
            let mut keys = (0..).zip(unit.keys());
            let (place, _) = keys.find(|(place, key)| {
                (*place == 0 || !kept_back.contains(&unit.id)) && fold(key) == folded
            })?;
            Some((*slot, Which::Key(place)))
        });
        found.collect()
    }

    /// All units that may answer: those that have, in some names, an answer to every word.
    fn candidates(&self, query: &Query, meanings: &Meanings) -> Slots {
        let postings = |place: usize| {
            let words = meanings.words[place].iter();
            words.filter_map(|word| self.postings.get(*word as usize))
        };
        let none = Slots::none(self.units.len());
        let listed = |place: usize| {
            let mut listed = none.clone();
            postings(place)
                .flatten()
                .for_each(|slot| listed.insert(*slot));
            listed
        };
        let cost = |group: &Vec<Vec<usize>>| {
            let places = group.iter().flatten();
            places
                .flat_map(|place| postings(*place))
                .map(Vec::len)
                .sum::<usize>()
        };
        let mut groups: Vec<_> = query.groups().map(|group| (cost(&group), group)).collect();
        groups.sort_unstable();
        let mut candidates: Option<Slots> = None;
        for (cost, group) in groups {
            // Few are sooner looked at one by one.
            if candidates
                .as_ref()
                .is_some_and(|few| few.count() * LOOK < cost)
            {
                break;
            }
            let reading = |places: &Vec<usize>| {
                let all = places.iter().map(|place| listed(*place));
                all.reduce(|one, other| one.meet(&other))
            };
            let any = group
                .iter()
                .filter_map(reading)
                .reduce(|one, other| one.join(&other));
            let any = any.unwrap_or_else(|| none.clone());
            candidates = Some(candidates.map_or(any.clone(), |few| few.meet(&any)));
        }
        candidates.unwrap_or(none)
    }

    /// The name of a unit that answers the query best, if any does.
    fn best_name(
        &self,
        slot: u32,
        query: &Query,
        meanings: &Meanings,
        as_of: NaiveDate,
    ) -> Option<(Merit, u16)> {
        let unit = self.units[slot as usize].as_ref()?;
        let ranked = (0..).zip(&unit.names).filter_map(|(place, name)| {
            let rank = self.rank(&name.words, query, meanings)?;
            let naming = &name.naming;
            let is_past = naming.what == What::Alias || !naming.validity.contains(as_of);
            let preference = (naming.what, Reverse(naming.validity.from), place);
            Some(((rank, is_past), preference))
        });
        let ((rank, is_past), (.., place)) = ranked.min()?;
        let merit = self.merit(slot, as_of, rank, is_past)?;
        Some((merit, place))
    }

    fn rank(&self, name: &[WordId], query: &Query, meanings: &Meanings) -> Option<Rank> {
        let mut all = Answers::default();
        for word in name {
            let answer = &meanings.answers[*word as usize];
            all.begun |= answer.begun;
            all.near |= answer.near;
        }
        if query.is_answered_by(all.begun) {
            Some(match query.extent_in(name, &self.vocabulary, meanings) {
                Some(Extent::Whole) => Rank::Whole,
                Some(Extent::Beginning) => Rank::Beginning,
                None => Rank::Words,
            })
        } else {
            query.is_answered_by(all.near).then_some(Rank::Typos)
        }
    }

    fn merit(&self, slot: u32, as_of: NaiveDate, rank: Rank, is_past: bool) -> Option<Merit> {
        let unit = self.units[slot as usize].as_ref()?;
        Some(Merit {
            rank,
            is_dead: !unit.lives_on(as_of),
            is_past,
            place: unit.place(as_of),
        })
    }

    fn hit(&self, slot: u32, which: Which) -> Option<Hit> {
        let unit = self.units[slot as usize].as_ref()?;
        let matched = match which {
            Which::Key(place) => Naming {
                what: if place == 0 {
                    What::Code
                } else {
                    What::ExternalId
                },
                text: unit.keys().nth(place.into())?.into(),
                validity: Validity {
                    from: ALWAYS,
                    to: FOREVER,
                },
            },
            Which::Name(place) => unit.names[usize::from(place)].naming.clone(),
        };
        Some(Hit {
            unit_id: unit.id,
            matched,
        })
    }
}

fn words_of(unit: Option<&Unit>) -> BTreeSet<WordId> {
    let names = unit.into_iter().flat_map(|unit| &unit.names);
    names.flat_map(|name| name.words.iter().copied()).collect()
}

fn keys_of(unit: Option<&Unit>) -> Vec<u32> {
    let Some(unit) = unit else { return Vec::new() };
    unit.keys().map(|key| hash_of(&fold(key))).collect()
}

/// Half of a hash: what is found by it is compared.
fn hash_of(text: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    (hasher.finish() >> 32) as u32
}

#[cfg(test)]
mod tests;

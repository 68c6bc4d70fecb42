//! Units through time, as far as they are known yet.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

/// A place in the order of replay: the effective day, then the order on that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// `ALWAYS` for an opening, so openings come first.
    pub on: NaiveDate,
    pub seq: i32,
}

/// A unit within one [`World`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ux(u32);

/// What a unit is called and of which kind it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub name: String,
    pub short_name: Option<String>,
    pub kind: String,
    pub employer_type: Option<String>,
}

/// What a unit is at one place in the replay.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub alive: bool,
    /// The last one, where it lives no more; None for the root.
    pub parent: Option<Ux>,
    pub version: Arc<Version>,
    /// First day of its present life, or of its last one.
    pub since: NaiveDate,
    /// First day on which it no longer lives, where it does not.
    pub ended: Option<NaiveDate>,
}

impl State {
    /// Whether other units can tell the difference: a name is nobody else's business.
    fn stands_like(&self, other: &State) -> bool {
        self.alive == other.alive
            && self.parent == other.parent
            && self.version.kind == other.version.kind
    }
}

/// How a unit is tied to another that took something over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// It ended, and the other follows it.
    Successor,
    /// It lives on, and the other took a part.
    Separate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub other: Ux,
    pub kind: LinkKind,
}

/// What one decision made of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Touch {
    pub at: Position,
    pub decision: i64,
    /// Places of the lines that touched it.
    pub lines: Vec<u32>,
    pub state: State,
    pub links: Vec<Link>,
}

/// One unit: all that decisions made of it, in order.
#[derive(Clone, Debug)]
pub struct Unit {
    /// None as long as it is not recorded.
    pub id: Option<i64>,
    pub code: Arc<str>,
    pub placeholder: bool,
    pub touches: Vec<Touch>,
    /// As recorded, before the change.
    pub recorded: Recorded,
}

#[derive(Clone, Debug, Default)]
pub struct Recorded {
    pub placeholder: bool,
    pub touches: Vec<Touch>,
    /// The row of each touch.
    pub rows: Vec<i64>,
}

impl Unit {
    pub fn is_changed(&self) -> bool {
        self.touches != self.recorded.touches || self.placeholder != self.recorded.placeholder
    }

    fn before(&self, at: Position) -> Option<&Touch> {
        let index = self.touches.partition_point(|touch| touch.at < at);
        index.checked_sub(1).map(|index| &self.touches[index])
    }

    /// Puts what a decision makes of it now in the place of what it made before.
    fn put(&mut self, at: Position, touch: Option<Touch>) -> Difference {
        let index = self.touches.partition_point(|touch| touch.at < at);
        let before = self.touches.get(index).filter(|touch| touch.at == at);
        let difference = match (before, &touch) {
            (None, None) => Difference::None,
            (Some(a), Some(b)) if a == b => Difference::None,
            (Some(a), Some(b)) if a.state.stands_like(&b.state) => Difference::OfItself,
            _ => Difference::OfStanding,
        };
        if before.is_some() {
            self.touches.remove(index);
        }
        if let Some(touch) = touch {
            self.touches.reserve_exact(1);
            self.touches.insert(index, touch);
        }
        difference
    }
}

/// What a replayed decision makes of a unit, beside what it made before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    None,
    /// Name and the like: what else happens to this unit may come out differently.
    OfItself,
    /// Life, kind or place: what happens to units around it may, too.
    OfStanding,
}

/// The units that are known, and which of them ever stood under which.
#[derive(Default)]
pub struct World {
    units: Vec<Unit>,
    by_code: HashMap<Arc<str>, Ux>,
    by_id: HashMap<i64, Ux>,
    under: HashMap<Ux, HashSet<Ux>>,
    /// Units that ever stood under none.
    roots: HashSet<Ux>,
}

impl World {
    pub fn unit(&self, ux: Ux) -> &Unit {
        &self.units[ux.0 as usize]
    }

    pub fn unit_mut(&mut self, ux: Ux) -> &mut Unit {
        &mut self.units[ux.0 as usize]
    }

    pub fn units(&self) -> impl Iterator<Item = (Ux, &Unit)> {
        (0..).map(Ux).zip(&self.units)
    }

    pub fn find(&self, code: &str) -> Option<Ux> {
        self.by_code.get(code).copied()
    }

    pub fn find_id(&self, id: i64) -> Option<Ux> {
        self.by_id.get(&id).copied()
    }

    pub fn code(&self, ux: Ux) -> &str {
        &self.unit(ux).code
    }

    pub fn roots(&self) -> impl Iterator<Item = Ux> + '_ {
        self.roots.iter().copied()
    }

    /// A unit by its code, new if it is not known yet; with its id where it is recorded.
    pub fn enter(&mut self, code: &str, id: Option<i64>) -> Ux {
        if let Some(ux) = self.find(code) {
            return ux;
        }
        let code: Arc<str> = code.into();
        let ux = Ux(u32::try_from(self.units.len()).unwrap_or(u32::MAX));
        self.units.push(Unit {
            id,
            code: code.clone(),
            placeholder: false,
            touches: Vec::new(),
            recorded: Recorded::default(),
        });
        self.by_code.insert(code, ux);
        if let Some(id) = id {
            self.by_id.insert(id, ux);
        }
        ux
    }

    /// What is recorded of a unit that was entered by its id.
    pub fn recall(&mut self, ux: Ux, mut recorded: Recorded) {
        // There may be a hundred thousand.
        recorded.touches.shrink_to_fit();
        recorded.rows.shrink_to_fit();
        for touch in &recorded.touches {
            self.note_place(ux, touch.state.parent);
        }
        let unit = self.unit_mut(ux);
        unit.placeholder = recorded.placeholder;
        unit.touches.clone_from(&recorded.touches);
        unit.recorded = recorded;
    }

    /// What the unit is before the decision at `at`.
    pub fn before(&self, ux: Ux, at: Position) -> Option<&State> {
        self.unit(ux).before(at).map(|touch| &touch.state)
    }

    pub fn put(&mut self, ux: Ux, at: Position, touch: Option<Touch>) -> Difference {
        if let Some(touch) = &touch {
            self.note_place(ux, touch.state.parent);
        }
        self.unit_mut(ux).put(at, touch)
    }

    pub fn note_place(&mut self, ux: Ux, parent: Option<Ux>) {
        match parent {
            Some(parent) => self.under.entry(parent).or_default().insert(ux),
            None => self.roots.insert(ux),
        };
    }

    /// Units that ever stood directly under this one, as far as known.
    pub fn ever_under(&self, ux: Ux) -> impl Iterator<Item = Ux> + '_ {
        self.under.get(&ux).into_iter().flatten().copied()
    }

    /// Units above which it ever stood below, itself not included.
    pub fn ever_above(&self, ux: Ux) -> HashSet<Ux> {
        let mut above = HashSet::new();
        let mut climb = vec![ux];
        while let Some(ux) = climb.pop() {
            let unit = self.unit(ux);
            let touches = unit.touches.iter().chain(&unit.recorded.touches);
            for parent in touches.filter_map(|touch| touch.state.parent) {
                if above.insert(parent) {
                    climb.push(parent);
                }
            }
        }
        above
    }

    pub fn rename_decision(&mut self, from: i64, to: i64) {
        let touches = self.units.iter_mut().flat_map(|unit| &mut unit.touches);
        for touch in touches.filter(|touch| touch.decision == from) {
            touch.decision = to;
        }
    }
}

//! Units that one needs rights on to change the list of decisions: to move or end a unit, rights where it
//! comes from and where it goes.

use std::collections::BTreeSet;

use liendoan_core::UnitId;

use crate::tree::replay::line::{Founding, Line, Target};
use crate::tree::replay::world::Touch;
use crate::tree::replay::{Position, Ux, World};

/// What the lines of a decision need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needed {
    pub units: BTreeSet<UnitId>,
    /// It founds the root: the whole federation.
    pub everything: bool,
}

/// Of which replay the world before a line is looked up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As recorded, for a decision that is corrected or annulled.
    Recorded,
    /// As it would be.
    Changed,
}

/// Looks up what stood where before a decision at one place.
struct Look<'a> {
    world: &'a World,
    reading: Reading,
    at: Position,
    needed: Needed,
}

/// Adds what the lines of a decision at `at` need.
pub fn add(
    needed: Needed,
    world: &World,
    reading: Reading,
    at: Position,
    lines: &[Line],
) -> Needed {
    let mut look = Look {
        world,
        reading,
        at,
        needed,
    };
    for line in lines {
        look.line(line);
    }
    look.needed
}

impl Look<'_> {
    fn line(&mut self, line: &Line) {
        match line {
            Line::Establish(new) => self.founding(new),
            Line::Transfer { unit, to, .. } => {
                self.parent_of(unit);
                self.unit(to);
            }
            Line::Rename { unit, .. } | Line::ChangeKind { unit, .. } => self.unit(unit),
            Line::Merge { units, into } => {
                units.iter().for_each(|unit| self.parent_of(unit));
                self.target(into);
            }
            Line::Split {
                unit,
                parts,
                children_to,
                ..
            } => {
                self.parent_of(unit);
                parts.iter().for_each(|part| self.target(&part.target));
                children_to.iter().for_each(|unit| self.unit(unit));
            }
            Line::End {
                unit,
                children_to,
                successors,
                ..
            } => {
                self.parent_of(unit);
                let named = children_to.iter().chain(successors);
                named.for_each(|unit| self.unit(unit));
            }
            Line::Restore { unit, parent } => match parent {
                Some(parent) => self.unit(parent),
                None => self.parent_of(unit),
            },
        }
    }

    fn founding(&mut self, new: &Founding) {
        match &new.parent {
            Some(parent) => self.unit(parent),
            None => self.needed.everything = true,
        }
    }

    fn target(&mut self, target: &Target) {
        match target {
            Target::Existing(unit) => self.unit(unit),
            Target::New(new) => self.founding(new),
        }
    }

    /// One that the decision itself founds has no rights on it yet: its founding needs its parent.
    fn unit(&mut self, code: &str) {
        let unit = self.world.find(code).map(|ux| self.world.unit(ux));
        let id = unit.and_then(|unit| unit.id);
        self.needed.units.extend(id.map(UnitId));
    }

    fn parent_of(&mut self, code: &str) {
        let parent = self.world.find(code).and_then(|ux| self.parent_before(ux));
        let id = parent.and_then(|parent| self.world.unit(parent).id);
        self.needed.units.extend(id.map(UnitId));
    }

    fn parent_before(&self, ux: Ux) -> Option<Ux> {
        let unit = self.world.unit(ux);
        let touches: &[Touch] = match self.reading {
            Reading::Recorded => &unit.recorded.touches,
            Reading::Changed => &unit.touches,
        };
        let before = touches.partition_point(|touch| touch.at < self.at);
        before
            .checked_sub(1)
            .and_then(|last| touches[last].state.parent)
    }
}

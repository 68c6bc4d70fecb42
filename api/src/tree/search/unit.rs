//! What the index knows of a unit.

use chrono::NaiveDate;
use liendoan_core::validity::Validity;
use smallvec::SmallVec;

use super::vocabulary::WordId;

/// Under what something is found. In the order in which they are preferred.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Code,
    ExternalId,
    Name,
    ShortName,
    Alias,
}

/// A unit as it is told to the index.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: i64,
    pub code: String,
    pub external_ids: Vec<String>,
    pub lives: Vec<Validity>,
    /// In order of time.
    pub faces: Vec<Face>,
    pub names: Vec<Naming>,
}

/// What a unit is sorted by from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    pub from: NaiveDate,
    /// Order of kinds.
    pub rank: i32,
    pub name_key: Box<str>,
}

/// A name of a unit, with the days on which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    pub what: What,
    pub text: Box<str>,
    pub validity: Validity,
}

/// A unit as it is kept: what a search through all of them reads lies side by side.
pub(super) struct Unit {
    pub id: i64,
    pub lives: SmallVec<[Validity; 1]>,
    pub names: SmallVec<[Name; 1]>,
    pub faces: SmallVec<[PlacedFace; 1]>,
    /// Its code and then its external ids, each on a line: a text of its own for each would take more
    /// room than what it says.
    pub keys: Box<str>,
}

pub(super) struct Name {
    pub words: SmallVec<[WordId; 12]>,
    pub naming: Naming,
}

pub(super) struct PlacedFace {
    pub face: Face,
    /// Among the faces of all units.
    pub place: u32,
}

impl Unit {
    /// Its code and then its external ids.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.split('\n')
    }

    pub fn lives_on(&self, day: NaiveDate) -> bool {
        self.lives.iter().any(|life| life.contains(day))
    }

    /// Its place in the order of all units: by what it is on a day, else by what it was last before,
    /// else by what it is at first.
    pub fn place(&self, day: NaiveDate) -> u32 {
        let begun = self.faces.iter().rfind(|placed| placed.face.from <= day);
        let shown = begun.or(self.faces.first());
        shown.map_or(u32::MAX, |placed| placed.place)
    }
}

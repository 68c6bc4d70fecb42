//! What is kept of a total at one line: of a flow for a period, of a stock from a day on.

use liendoan_core::quantity::Sum;

/// One kept total, with what it is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What the unit told itself, of itself.
    pub own: Sum,
    /// What was told below it.
    pub below: Sum,
    pub total: Sum,
    pub rest: Rest,
    /// Whether it is of a period that is not regular in the measure's calendar. Then all three are what it adds to
    /// its parts.
    pub is_lone: bool,
}

/// What a total rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rest {
    /// The unit's own figures and those below it.
    #[default]
    Sum,
    /// What the unit declared for it.
    Declared,
    /// The totals of its parts, for one of which or for a part of which the unit declared something.
    Parts,
}

impl Cell {
    /// Whether nothing would be lost if it were not kept.
    pub fn is_nothing(&self) -> bool {
        self.own.is_nothing() && self.below.is_nothing() && self.total.is_nothing()
    }

    /// The total as if the unit had declared nothing.
    pub fn computed(&self) -> Sum {
        self.own + self.below
    }
}

impl Rest {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Declared => "declared",
            Self::Parts => "parts",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Sum, Self::Declared, Self::Parts];
        all.into_iter().find(|rest| rest.as_str() == name)
    }
}

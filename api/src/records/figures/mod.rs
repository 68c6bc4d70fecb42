//! What records tell in figures: of a measure, for a period, a quantity. The same in every kind of record.
//!
//! | looking for | see |
//! |---|---|
//! | what a figure is, and its rules that need no row | `model` |
//! | its rules about measures, units and what was told already | `rules` |
//! | rows of those that count | `queries` |
//! | rows held against what approved contents say | `check` |

mod check;
mod model;
mod queries;
mod rules;

pub use check::misplaced;
pub use model::{Basis, Coverage, Figure, mentions};
pub use queries::{follow, other_days};
pub use rules::Telling;

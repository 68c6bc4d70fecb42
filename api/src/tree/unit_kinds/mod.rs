//! Kinds of unit, as dated reference data: which there are, at which level, and which may stand under
//! which. Laws change them (the district tier ended with 30 June 2025), so every entry has days.

pub mod handlers;
mod model;
mod queries;
mod seed;

pub use model::{UnitKind, UnitKindContent};
pub use queries::{known_among, of_unit};
pub use seed::load_if_empty;

use liendoan_core::id;

id! {
    /// An entry of the reference data of kinds. A kind with two validities has two entries.
    UnitKindId
}

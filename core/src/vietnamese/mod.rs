//! Vietnamese text: how names are put in order, and how what was typed is compared with what is stored.
//!
//! Pure functions; `api`'s search and the order of siblings stand on them.

mod abbreviations;
mod fold;
mod key;
mod typos;

pub use abbreviations::{InFull, Word, words};
pub use fold::fold;
pub use key::{NAME_KEY_MAX, name_key};
pub use typos::{distance_at_most, typos_allowed};

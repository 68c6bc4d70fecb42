//! Vietnamese text: how names are put in order, and how what was typed is compared with what is stored.
//!
//! Pure functions; `api`'s search and the order of siblings stand on them.

mod fold;
mod key;

pub use fold::fold;
pub use key::{NAME_KEY_MAX, name_key};

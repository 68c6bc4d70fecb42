//! Finding units by what people type: without diacritics, abbreviated, misspelt.
//!
//! The search runs in memory, in each process; the database only tells what has changed.

mod index;
#[cfg(test)]
mod measure;
mod order;
mod query;
mod unit;
mod vocabulary;

pub use index::{Found, Hit, Index};
pub use unit::{Entry, Face, Naming, What};

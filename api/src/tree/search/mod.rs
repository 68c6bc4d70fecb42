//! Finding units by what people type: without diacritics, abbreviated, misspelt.
//!
//! The search runs in memory, in each process; the database only tells what has changed.
//!
//! | looking for | see |
//! |---|---|
//! | what is found, and in which order | [`index`] |
//! | words, and what was typed for them | `vocabulary`, `query` |
//! | how a process keeps up with the others | [`feed`] |
//! | what a hit shows | [`handlers`] |

pub mod feed;
pub mod handlers;
pub mod index;
mod order;
mod queries;
mod query;
mod slots;
mod unit;
mod vocabulary;

pub use feed::Search;
pub use index::{Found, Hit, Index};
pub use unit::{Entry, Face, Naming, What};

//! The machinery of every kind of record, written once. A kind adds its fields and rules.
//!
//! | looking for | see |
//! |---|---|
//! | which state follows which | [`state`] |
//! | who approves | [`approvers`] |
//! | who may do what | [`rights`] |
//! | what is done to a record | [`changes`] |
//! | what is written of it, with its versions, history and events | `writing` |
//! | what records name, and whom | [`mentions`], [`people`] |
//! | which likely tell of the same thing | [`likeness`] |
//! | pages of records under a unit, of then or of now | [`list`], the statements `stretch` |
//! | records by the words of their titles and texts | [`words`] |
//! | lists that are narrowed to few | [`few`] |
//! | what waits for me | [`inbox`] |
//! | evidence and links to other records, which are approved with the content | [`beside`] |
//! | their addresses | [`addresses`] and [`answers`] of one kind, [`steps`], [`batch`], [`reading`], [`attachments`], [`links`] of all |
//!
//! A kind is a type with the trait [`Kind`], a line in [`kind`], its [`addresses`] and its tables of reference
//! data; nothing else knows it.

pub mod addresses;
pub mod answers;
pub mod approvers;
pub mod attachments;
pub mod batch;
pub mod beside;
pub mod changes;
pub mod few;
pub mod inbox;
pub mod kind;
pub mod likeness;
pub mod links;
pub mod list;
pub mod mentions;
pub mod model;
pub mod people;
pub mod queries;
pub mod reading;
pub mod rights;
pub mod state;
pub mod steps;
mod stretch;
pub mod words;
mod writing;

pub use kind::{Facets, Kind, On, RecordKind};
pub use mentions::{Mention, Names};
pub use model::{Head, Record};
pub use state::{Action, Life, State};

liendoan_core::id! {
    /// A record of any kind.
    RecordId
}

/// What rows of one record are locked by.
pub const TOPIC: &str = "record";

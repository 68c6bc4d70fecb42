//! Decisions about the tree: the only way to change it.
//!
//! What they come to is worked out by [`replay`](super::replay); here they are read, previewed, written
//! and shown.

pub mod announce;
pub mod commit;
pub mod content;
pub mod handlers;
pub mod hanging;
pub mod model;
pub mod plan;
pub mod preview;
pub mod queries;
pub mod reading;
pub mod related;
pub mod reversal;
pub mod rights;
pub mod source;

liendoan_core::id! {
    /// A reorganisation.
    ReorganisationId
}

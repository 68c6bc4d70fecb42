//! Bodies outside the union with which units do things: kept once, found in any spelling.

pub mod handlers;
mod model;
mod queries;

pub use model::PartnerContent;
pub use queries::{create, rely_on};

liendoan_core::id! {
    /// A body outside the union.
    PartnerId
}

/// What partners are locked and told of by, and named by in records.
pub const TOPIC: &str = "partner";

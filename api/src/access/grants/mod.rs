//! Roles given to accounts on units, from a day to a day.

pub mod administrators;
pub mod changes;
pub mod handlers;
mod model;
pub mod queries;
pub mod rules;

liendoan_core::id! {
    /// A grant.
    GrantId
}

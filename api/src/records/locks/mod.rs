//! Periods that a unit has closed: what lies in them under it counts as it is, until they are reopened.
//!
//! | looking for | see |
//! |---|---|
//! | what a lock says, and how it is shown | [`model`] |
//! | which lock keeps a record as it is | [`closing`] |
//! | their rows | [`queries`] |
//! | their addresses | [`handlers`] |

pub mod closing;
pub mod handlers;
pub mod model;
pub mod queries;

liendoan_core::id! {
    /// A lock of a period.
    LockId
}

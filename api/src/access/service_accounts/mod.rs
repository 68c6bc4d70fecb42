//! Accounts of other systems: what they may do where, from which addresses, until when, and the secrets by
//! which they get access tokens.

pub mod changes;
pub mod handlers;
mod model;
pub mod queries;
pub mod secrets;

pub use model::{Scopes, ServiceAccount, sound_addresses};

liendoan_core::id! {
    /// An account of another system.
    ServiceAccountId
}

//! The audit log as auditors search it.

mod filter;
pub mod handlers;
pub mod queries;
mod view;

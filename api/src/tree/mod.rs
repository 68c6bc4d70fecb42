//! The organisation through time.

pub mod documents;
pub mod unit_kinds;

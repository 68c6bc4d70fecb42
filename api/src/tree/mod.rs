//! The organisation through time.

pub mod unit_kinds;

//! What other systems take from here.

pub mod events;

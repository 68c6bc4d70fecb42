//! What a unit did, or plans to do: a conference, a visit, a contest, a training, a gift round.

pub mod handlers;
pub mod model;

pub use model::ActivityContent;

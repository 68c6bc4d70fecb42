//! What comes out when the list of decisions is replayed. No I/O.
//!
//! A change of the list holds if the whole changed list replays from nothing. What a decision does
//! depends only on the units it names, those above and those below them; so a change is worked out by
//! replaying the decisions that depend on a unit that it changes, and the outcome is that of replaying
//! all. [`Source`] tells what is recorded of a unit, when it is first needed.
//!
//! | looking for | see |
//! |---|---|
//! | which kinds may stand under which, and when | [`rules`] |
//! | a line of a decision | [`line`] |
//! | units through time | [`world`] |
//! | what each kind of line needs and does | [`apply`] |
//! | which decisions are replayed | [`change`] |
//! | the whole list, from nothing | [`all`] |
//! | rows as people read them | [`rows`] |

pub mod all;
pub mod apply;
pub mod change;
pub mod line;
pub mod rows;
pub mod rules;
pub mod world;

pub use apply::Refusal;
pub use change::{Change, Decision, Failure, Outcome, Source, Which};
pub use line::Line;
pub use rules::Rules;
pub use world::{Position, State, Touch, Ux, World};

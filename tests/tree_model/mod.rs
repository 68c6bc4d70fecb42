//! The tree beside a naive model of it: random lists of decisions, recorded, corrected, annulled and reversed.

mod alone;
mod apply;
mod broken;
mod generate;
mod guess;
mod kinds;
mod model;
mod reading;
mod reversal;
mod tally;

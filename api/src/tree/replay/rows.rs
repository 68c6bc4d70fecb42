//! A unit's touches as people read them: lives, versions, places, from day to day.

use std::sync::Arc;

use chrono::NaiveDate;
use liendoan_core::validity::{FOREVER, Validity};

use super::world::{State, Touch, Ux, Version};

/// Each state with the days on which it holds. Of several on a day only the last holds on any.
pub fn states(touches: &[Touch]) -> impl Iterator<Item = (Validity, &State)> {
    let ends = touches.iter().skip(1).map(|touch| touch.at.on);
    let ends = ends.chain([FOREVER]);
    touches.iter().zip(ends).filter_map(|(touch, to)| {
        let from = touch.at.on;
        (from < to).then_some((Validity { from, to }, &touch.state))
    })
}

/// One aspect of a unit on the days of its lives; neighbours that say the same are one.
fn stretches<T: PartialEq>(touches: &[Touch], aspect: impl Fn(&State) -> T) -> Vec<(Validity, T)> {
    let mut rows: Vec<(Validity, T)> = Vec::new();
    for (validity, state) in states(touches).filter(|(_, state)| state.alive) {
        let value = aspect(state);
        match rows.last_mut() {
            Some((last, said)) if last.to == validity.from && *said == value => {
                last.to = validity.to;
            }
            _ => rows.push((validity, value)),
        }
    }
    rows
}

pub fn lives(touches: &[Touch]) -> Vec<Validity> {
    let rows = stretches(touches, |_| ());
    rows.into_iter().map(|(validity, ())| validity).collect()
}

pub fn versions(touches: &[Touch]) -> Vec<(Validity, Arc<Version>)> {
    stretches(touches, |state| state.version.clone())
}

pub fn placements(touches: &[Touch]) -> Vec<(Validity, Option<Ux>)> {
    stretches(touches, |state| state.parent)
}

/// The state that shows on a day: of that day, else the nearest earlier one in which it lived, else
/// the first.
pub fn shown_on(touches: &[Touch], day: NaiveDate) -> Option<(Validity, &State)> {
    let living = || states(touches).filter(|(_, state)| state.alive);
    let earlier = living().take_while(|(validity, _)| validity.from <= day);
    earlier.last().or_else(|| living().next())
}

//! What takes long: `make prove` runs it. Each test prints a line with what it measured.

mod access;
mod approval;
mod audit_chain;
mod contention;
mod feed;
mod paging;
mod pooler;
mod scanner;
mod signing_in;
mod start_race;

use std::time::Duration;

use serde_json::{Value, json};

use crate::unit_kinds::kind;

/// A kind that nothing stands under: writers of one parent take turns, and here they shall meet.
fn leaf(code: &str) -> Value {
    let mut leaf = kind(code);
    leaf["child_kinds"] = json!([]);
    leaf
}

/// The value below which `share` of the values lie, such as 0.5 for the median.
fn quantile(values: &mut [Duration], share: f64) -> Duration {
    values.sort_unstable();
    let last = values.len() - 1;
    values[(last as f64 * share).round() as usize]
}

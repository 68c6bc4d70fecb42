//! The organisation through time.

pub mod ancestry;
pub mod check;
pub mod clusters;
pub mod demo;
pub mod documents;
pub mod paths;
pub mod reorganisations;
pub mod replay;
pub mod search;
pub mod unit_kinds;
pub mod units;

use actix_web::http::header::HeaderName;

/// Tells a caller which state of the tree an answer speaks of.
pub fn revision_header(revision: i64) -> (HeaderName, String) {
    let name = HeaderName::from_static("tree-revision");
    (name, revision.to_string())
}

//! The organisation through time.

pub mod ancestry;
pub mod check;
pub mod clusters;
pub mod cover;
pub mod demo;
pub mod documents;
pub mod paths;
pub mod places;
pub mod reorganisations;
pub mod replay;
pub mod search;
pub mod unit_kinds;
pub mod units;

use actix_web::http::header::HeaderName;
use liendoan_core::db::Hold;
use liendoan_core::{Result, Tx};

/// Deeper than any tree of unions. More steps up are a circle, which only somebody made who wrote past the service:
/// who climbs ends here, and `liendoan check` names it.
pub const DEEPEST: i32 = 100;

/// Tells a caller which state of the tree an answer speaks of.
pub fn revision_header(revision: i64) -> (HeaderName, String) {
    let name = HeaderName::from_static("tree-revision");
    (name, revision.to_string())
}

/// Holds the tree still until the transaction ends: alone for who changes it, shared for who writes
/// what it must agree with. Before any other lock, so that none waits in a ring.
pub fn hold(tx: &mut Tx<'_>, hold: Hold) -> Result<()> {
    tx.lock("tree", [("tree", hold)])
}

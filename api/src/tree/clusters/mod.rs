//! Emulation clusters and blocks: peers that are compared with each other for a period, a second
//! grouping that cuts across the tree.
//!
//! A reorganisation writes nothing here. A membership counts on the days on which its unit lives, so an
//! ended member is out by itself and an ended head leaves none; who comes in its place is a decision
//! of people.

pub mod changes;
pub mod handlers;
mod model;
mod neighbours;
pub mod queries;
mod stretch;
mod view;

pub use model::{Cluster, ClusterContent, ClusterKind};
pub use stretch::Stretch;
pub use view::ClusterView;

use liendoan_core::id;

id! {
    /// A cluster or a block.
    ClusterId
}

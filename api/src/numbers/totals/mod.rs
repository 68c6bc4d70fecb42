//! Totals: what all that stood under a unit told of a measure, then and now.
//!
//! | looking for | see |
//! |---|---|
//! | where a unit stands, as a path that never moves | [`lines`] |
//! | what is kept | [`cell`] |
//! | the rules: of flows, of stocks | [`flow`], [`stock`] |
//! | how what is kept follows the figures | [`fold`] |
//! | reading them: then, now | [`reading`], [`now`] |
//! | all of it from nothing | [`rebuild`] |
//! | rows: of figures and marks, of what is kept | [`told`], [`rows`] |

pub mod cell;
pub mod flow;
pub mod fold;
pub mod lines;
pub mod measures;
pub mod now;
pub mod reading;
pub mod rebuild;
pub mod rows;
pub mod stock;
pub mod told;

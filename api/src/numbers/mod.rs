//! What is made of figures.
//!
//! | looking for | see |
//! |---|---|
//! | totals of then and of now, and how they are kept | [`totals`] |
//! | the addresses that read them | [`summary`], [`breakdown`] |
//! | percents | [`ratio`] |
//! | whether a target is met, and what moves with a unit | [`target`] |
//! | whether it is on the way there | [`pace`] |
//! | who is first | [`ranking`] |

pub mod breakdown;
pub mod pace;
pub mod ranking;
pub mod ratio;
pub mod summary;
pub mod target;
pub mod totals;

use liendoan_core::sealer::Fold;

/// What the sealer keeps up to date.
pub const FOLDS: &[Fold] = &[totals::fold::fold_some];

//! What units did, with proof, approved step by step.
//!
//! | looking for | see |
//! |---|---|
//! | states, versions, history, approval, inbox, lists: the same for every kind of record | [`lifecycle`] |
//! | what a unit did on a day | [`activities`] |
//! | periods that are closed | [`locks`] |
//! | filters of lists, kept under a name | [`saved_filters`] |
//! | kinds of activity, award titles | [`catalogues`] |

pub mod activities;
pub mod catalogues;
pub mod lifecycle;
pub mod locks;
pub mod saved_filters;

//! What units did, with proof, approved step by step.
//!
//! | looking for | see |
//! |---|---|
//! | states, versions, history, approval, inbox, lists: the same for every kind of record | [`lifecycle`] |
//! | the kinds | [`activities`], [`campaigns`], [`awards`], [`agreements`], [`inspections`], [`returns`] |
//! | what they tell in figures | [`figures`] |
//! | periods that are closed | [`locks`] |
//! | filters of lists, kept under a name | [`saved_filters`] |
//! | parts that several kinds have, with their rules | [`parts`] |
//! | bodies outside the union | [`partners`] |
//! | kinds of activity, award titles, measures, forms of returns | [`catalogues`] |
//! | what the demo enters | [`demo`] |

pub mod activities;
pub mod agreements;
pub mod awards;
pub mod campaigns;
pub mod catalogues;
pub mod demo;
pub mod figures;
pub mod inspections;
pub mod lifecycle;
pub mod locks;
pub mod partners;
pub mod parts;
pub mod returns;
pub mod saved_filters;

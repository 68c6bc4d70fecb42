//! What is made of figures.
//!
//! | looking for | see |
//! |---|---|
//! | percents | [`ratio`] |
//! | whether a target is met, and what moves with a unit | [`target`] |
//! | whether it is on the way there | [`pace`] |
//! | who is first | [`ranking`] |

pub mod pace;
pub mod ranking;
pub mod ratio;
pub mod target;

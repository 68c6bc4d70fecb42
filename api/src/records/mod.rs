//! What units did, and the catalogues by which it is told.
//!
//! | looking for | see |
//! |---|---|
//! | kinds of activity, award titles | [`catalogues`] |

pub mod catalogues;

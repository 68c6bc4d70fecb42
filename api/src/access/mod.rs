//! Who comes in, as far as it needs no database and no HTTP: rules and arithmetic.
//!
//! | looking for | see |
//! |---|---|
//! | what follows from the secret of the installation | [`vault`] |
//! | what a new password may be | [`passwords`] |
//! | passwords at rest, and the threads that work on them | [`hashing`] |
//! | codes of the second factor | [`totp`] |
//! | codes for whoever lost it | [`recovery`] |
//! | access tokens, their keys, the one check of them | [`tokens`] |
//! | refresh tokens, secrets of services, invitations | [`secrets`] |

pub mod hashing;
pub mod passwords;
pub mod recovery;
pub mod secrets;
pub mod tokens;
pub mod totp;
pub mod vault;

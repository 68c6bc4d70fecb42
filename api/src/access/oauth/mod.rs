//! Access tokens for other systems: OAuth 2.0 with client credentials (RFC 6749), with what ordinary
//! libraries look for beside it: metadata, keys, revocation, introspection.

mod client;
pub mod discovery;
pub mod introspect;
pub mod revoke;
pub mod token;

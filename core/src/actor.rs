//! Who does something, as the audit log names them.

use std::net::IpAddr;

/// Whoever is behind a transaction. The audit log names them with every change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `account:12`, `service_account:3`, `program:demo`, or `anonymous` before a sign-in.
    pub principal: String,
    /// What they use: the browser's or the program's own name for itself.
    pub client: Option<String>,
    /// From where: the address that spoke to us, or that a trusted proxy vouches for.
    pub address: Option<IpAddr>,
    /// The request, as its lines in the log name it.
    pub request_id: Option<String>,
}

impl Actor {
    /// A part of the program itself, such as `demo`.
    pub fn program(part: &str) -> Self {
        Self {
            principal: format!("program:{part}"),
            client: None,
            address: None,
            request_id: None,
        }
    }
}

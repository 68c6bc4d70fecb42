//! Accounts of people: made, invited, locked, reset; and what somebody may do where.

pub mod actions;
pub mod changes;
pub mod creation;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rights;
pub mod state;

liendoan_core::id! {
    /// An account.
    AccountId
}

use liendoan_core::Code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A name to sign in with, as it is kept: in small letters.
pub fn sound_name(given: &str) -> Result<String, Code> {
    let name = given.trim().to_lowercase();
    let is_sign = |b: u8| b"._@-".contains(&b);
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || is_sign(b);
    if (3..=64).contains(&name.len()) && name.bytes().all(fits) {
        Ok(name)
    } else {
        Err(Code::AccountNameInvalid)
    }
}

/// What an account may do at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountState)]
pub enum State {
    /// Nobody has set a password yet.
    Invited,
    Active,
    /// For a time: it may be unlocked.
    Locked,
    /// For good: it stays for the sake of what it did.
    Disabled,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Invited => "invited",
            State::Active => "active",
            State::Locked => "locked",
            State::Disabled => "disabled",
        }
    }

    /// An unknown state is the safest.
    pub fn named(name: &str) -> Self {
        match name {
            "invited" => State::Invited,
            "active" => State::Active,
            "locked" => State::Locked,
            _ => State::Disabled,
        }
    }
}

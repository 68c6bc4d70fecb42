//! Sessions of people: sign-in, refresh, sign-out.
//!
//! A session is a chain of refresh tokens, each used once. In a browser they lie in a cookie that scripts
//! can't read; access tokens live ten minutes and only in memory.

pub mod cookies;
pub mod failures;
pub mod handlers;
pub mod queries;
pub mod sign_in;

use chrono::TimeDelta;

/// How long a session lives at most, and how long when it is not used.
pub const LONGEST: TimeDelta = TimeDelta::days(90);
pub const IDLE: TimeDelta = TimeDelta::days(14);

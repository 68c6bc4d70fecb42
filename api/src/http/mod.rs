//! How every resource speaks HTTP, written once: who asks, what they sent, what they get.
//!
//! | looking for | see |
//! |---|---|
//! | who asks and whether they may | [`grant`] |
//! | bodies | [`body`] |
//! | forms, and failures of OAuth 2.0 | [`form`], [`oauth_error`] |
//! | merge patches | [`patch`] |
//! | filters, cursors, `count`, `expand` | [`list`] |
//! | ETag, If-Match, If-None-Match | [`precondition`] |
//! | Idempotency-Key, answers of writes | [`once`] |
//! | batches | [`batch`] |
//! | files, as their bytes | [`file`] |
//! | failures as problem+json | [`problem`] |
//! | headers, time limit, panics, 405 | [`guard`] |

pub mod batch;
pub mod body;
pub mod file;
pub mod form;
pub mod grant;
pub mod guard;
pub mod list;
pub mod oauth_error;
pub mod once;
pub mod patch;
pub mod precondition;
pub mod problem;

pub use body::Json;
pub use form::Form;
pub use grant::{Caller, Grant, Permission, SignedIn};
pub use list::{List, Page};
pub use once::{Answer, Post};
pub use patch::Patch;
pub use precondition::{IfMatch, IfNoneMatch};
pub use problem::Problem;

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use liendoan_core::error::{Code, FieldError};
use liendoan_core::paging::CursorKey;
use liendoan_core::{Error, Files, Store};

use crate::config::Limits;
use once::InFlight;

/// What every handler may use. One for the process; the database holds all other state.
pub struct State {
    pub store: Store,
    pub files: Files,
    pub uploads: Uploads,
    pub cursor_key: CursorKey,
    pub limits: Limits,
    /// Proxies whose word on where a request comes from is believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    pub in_flight: InFlight,
    /// The last day, counted from the year 1, up to which records are known to stand where decisions put them.
    pub placed_on: std::sync::atomic::AtomicI32,
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
    /// Set when the process has been asked to stop.
    pub is_stopping: std::sync::atomic::AtomicBool,
}

/// What is taken of files.
pub struct Uploads {
    /// The largest.
    pub max_bytes: usize,
    /// The most that one account sends on a day.
    pub max_bytes_per_day: i64,
    pub scanner: Option<file::Scanner>,
}

/// The state of the application that serves `request`.
pub fn state(request: &HttpRequest) -> Result<&web::Data<State>, Problem> {
    request
        .app_data::<web::Data<State>>()
        .ok_or_else(|| Error::internal("no state").into())
}

/// The id in the address.
pub struct Id<I>(pub I);

impl<I: FromStr + ToString + 'static> FromRequest for Id<I> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("id").unwrap_or_default();
        // `+3` and `03` would be read as 3: one thing, one address.
        let id = text.parse().ok().filter(|id: &I| id.to_string() == text);
        let refused = || Error::at(FieldError::parameter("id", Code::IdInvalid)).into();
        ready(id.map(Id).ok_or_else(refused))
    }
}

//! Units: what they are on a day, where they stand, what they were, what they are called elsewhere.
//!
//! Names, kinds and places are set by [`reorganisations`](super::reorganisations) alone; here they are
//! read. Particulars, which no decision sets, are written here.

pub mod around;
pub mod card;
pub mod content;
pub mod difference;
pub mod handlers;
pub mod history;
pub mod lookup;
pub mod model;
pub mod particulars;
pub mod preorder;
pub mod queries;
pub mod wanted;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use liendoan_core::error::{Code, FieldError};
use liendoan_core::{Error, text};

use crate::http::Problem;

pub use liendoan_core::UnitId;

/// The unit in an address: its id, or `code:` and its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitRef {
    Id(UnitId),
    Code(String),
}

impl UnitRef {
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(code) = text.strip_prefix("code:") {
            let is_sound = text::code(code, '-', crate::tree::replay::apply::CODE_MAX).is_ok();
            return is_sound.then(|| Self::Code(code.to_owned()));
        }
        let id: i64 = text.parse().ok()?;
        // `+3` and `03` would be read as 3: one thing, one address.
        (id.to_string() == text).then_some(Self::Id(UnitId(id)))
    }
}

impl FromRequest for UnitRef {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("unit").unwrap_or_default();
        let refused = || Error::at(FieldError::parameter("unit", Code::UnitAddressInvalid)).into();
        ready(Self::parse(text).ok_or_else(refused))
    }
}

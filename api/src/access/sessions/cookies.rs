//! The cookie that a browser's refresh token lies in, and the proof that no page of another site sent it.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use std::future::{Ready, ready};

use liendoan_core::Code;

use super::LONGEST;
use crate::access::Access;
use crate::http::Problem;

/// With the prefix a browser takes it only over HTTPS, for this host and the path `/`.
const SECURE_NAME: &str = "__Host-liendoan_refresh";
const PLAIN_NAME: &str = "liendoan_refresh";

fn name(access: &Access) -> &'static str {
    if access.is_secure {
        SECURE_NAME
    } else {
        PLAIN_NAME
    }
}

fn cookie<'a>(access: &Access, value: &'a str, age: Duration) -> Cookie<'a> {
    Cookie::build(name(access), value)
        .path("/")
        .http_only(true)
        .secure(access.is_secure)
        .same_site(SameSite::Strict)
        .max_age(age)
        .finish()
}

/// The cookie with a new refresh token.
pub fn given<'a>(access: &Access, token: &'a str) -> Cookie<'a> {
    cookie(access, token, Duration::days(LONGEST.num_days()))
}

/// The cookie that takes it away.
pub fn taken(access: &Access) -> Cookie<'static> {
    cookie(access, "", Duration::ZERO)
}

/// The refresh token that came with the request, if any.
pub fn sent(access: &Access, request: &HttpRequest) -> Option<String> {
    let cookie = request.cookie(name(access))?;
    Some(cookie.value().to_owned())
}

/// Proof that a request was not made by a page of another site. For operations that set or use the cookie.
pub struct SameOrigin;

impl FromRequest for SameOrigin {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = |name: &str| {
            let value = request.headers().get(name);
            value.map(|value| value.to_str().unwrap_or("unreadable").to_owned())
        };
        let access = request.app_data::<web::Data<Access>>();
        let own = access.map(|access| access.issuer.as_str());
        let host = header(header::HOST.as_str());
        let is_ours = is_same_origin(
            header("sec-fetch-site").as_deref(),
            header(header::ORIGIN.as_str()).as_deref(),
            own,
            host.as_deref(),
        );
        ready(if is_ours {
            Ok(Self)
        } else {
            Err(Code::CrossSite.into())
        })
    }
}

/// Browsers name the origin of every POST, and how it relates to us. What names neither is no browser.
fn is_same_origin(
    fetch_site: Option<&str>,
    origin: Option<&str>,
    own: Option<&str>,
    host: Option<&str>,
) -> bool {
    let is_own = |origin: &str| {
        let bare = origin.split_once("://").map(|(_, host)| host);
        Some(origin) == own || (bare.is_some() && bare == host)
    };
    matches!(fetch_site, None | Some("same-origin" | "none")) && origin.is_none_or(is_own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs_pass() {
        let own = Some("https://union.example");
        let host = Some("union.example");
        for (site, origin, passes) in [
            (None, None, true),
            (Some("same-origin"), Some("https://union.example"), true),
            (Some("none"), None, true),
            (Some("cross-site"), Some("https://evil.example"), false),
            (Some("same-site"), Some("https://blog.union.example"), false),
            (Some("cross-site"), None, false),
            (None, Some("https://evil.example"), false),
            (None, Some("null"), false),
            (
                Some("same-origin"),
                Some("https://union.example.evil"),
                false,
            ),
            (Some("unreadable"), None, false),
        ] {
            assert_eq!(
                is_same_origin(site, origin, own, host),
                passes,
                "{site:?} {origin:?}"
            );
        }
    }
}

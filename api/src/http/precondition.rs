//! ETags (RFC 9110, section 13): a resource's version, strong, `"3"`.

use std::fmt::Display;
use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderName};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use liendoan_core::Error;
use liendoan_core::error::{Code, FieldError};
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::Problem;

pub fn etag(version: impl Display) -> String {
    format!("\"{version}\"")
}

/// The versions that the caller is ready to change. Required wherever something that exists changes.
#[derive(Clone, Debug)]
pub enum IfMatch {
    Any,
    Versions(Vec<i64>),
}

impl IfMatch {
    /// Refuses when `current` is none of the versions.
    pub fn check(&self, current: i32) -> Result<(), Error> {
        let outdated = |error: Error| error.with("current_version", current);
        self.check_by(current, |tag| tag).map_err(outdated)
    }

    /// The same where a tag tells more than the version.
    pub fn check_by(&self, current: i32, version_of: impl Fn(i64) -> i64) -> Result<(), Error> {
        let is_current = |tag: &i64| version_of(*tag) == i64::from(current);
        match self {
            IfMatch::Versions(tags) if !tags.iter().any(is_current) => {
                Err(Code::VersionOutdated.into())
            }
            _ => Ok(()),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match tags(request, header::IF_MATCH) {
            None => Err(Code::PreconditionRequired.into()),
            Some(tags) if tags.trim() == "*" => Ok(IfMatch::Any),
            Some(tags) => match tags.split(',').map(tag).collect::<Option<Vec<_>>>() {
                // A weak tag, or a strange one, matches no version: the comparison is the strong one.
                Some(tags) => Ok(IfMatch::Versions(tags.into_iter().flatten().collect())),
                None => {
                    let field = FieldError::header("if-match", Code::IfMatchInvalid);
                    Err(Error::at(field).into())
                }
            },
        })
    }
}

/// The versions that the caller has already: of an item its own, of a list the position of the last
/// event on what it lists, of a file its hash.
pub struct IfNoneMatch {
    tags: Vec<String>,
    any: bool,
}

/// An operation that names it among its parameters is documented with its ETag and its 304.
impl IntoParams for IfNoneMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = ParameterBuilder::new()
            .name("If-None-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "The ETag of what the caller has: 304 if it is still so",
            ))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .example(Some("\"1\"".into()))
            .build();
        vec![parameter]
    }
}

impl IfNoneMatch {
    /// Answers with `body`, or 304 where the caller has this version.
    pub fn answer<T: Serialize>(&self, version: impl Into<i64>, body: &T) -> HttpResponse {
        let version = version.into();
        if self.has(version) {
            return unchanged(version);
        }
        let mut answer = HttpResponse::Ok();
        tag_answer(&mut answer, version);
        answer.json(body)
    }

    pub fn has(&self, version: impl Display) -> bool {
        let version = version.to_string();
        self.any || self.tags.contains(&version)
    }
}

/// Tells the caller that what they have is the present version.
pub fn unchanged(version: impl Display) -> HttpResponse {
    let mut answer = HttpResponse::NotModified();
    tag_answer(&mut answer, version);
    answer.finish()
}

/// Lets the caller keep the answer, to be asked about each time.
pub fn tag_answer(answer: &mut HttpResponseBuilder, version: impl Display) {
    answer
        .insert_header((header::ETAG, etag(version)))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"));
}

impl FromRequest for IfNoneMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // The comparison is the weak one, and what can't be read matches nothing.
        let tags = tags(request, header::IF_NONE_MATCH).unwrap_or_default();
        let weak = |one: &str| tag(one.trim().trim_start_matches("W/")).flatten();
        ready(Ok(Self {
            tags: tags.split(',').filter_map(weak).collect(),
            any: tags.trim() == "*",
        }))
    }
}

fn tags(request: &HttpRequest, name: HeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
}

/// Reads one entity tag: `None` when it is none, `Some(None)` when it is none of ours.
fn tag<V: FromStr + ToString>(text: &str) -> Option<Option<V>> {
    let text = text.trim();
    let (is_weak, quoted) = match text.strip_prefix("W/") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let version: Option<V> = inner.parse().ok();
    // `"+3"` and `"03"` are read as 3, and are not the tag that was given.
    let version = version.filter(|v| !is_weak && v.to_string() == inner);
    (!inner.contains('"')).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_the_rfc_writes_them() {
        assert_eq!(tag("\"3\""), Some(Some(3_i32)));
        assert_eq!(tag::<i32>(" W/\"3\" "), Some(None));
        assert_eq!(tag::<i32>("\"of another\""), Some(None));
        for bad in ["3", "\"3", "", "\"3\"4\"", "w/\"3\""] {
            assert_eq!(tag::<i32>(bad), None, "{bad}");
        }
    }
}

//! What a caller sends: read whole, measured, and refused with the place that is wrong.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use liendoan_core::Error;
use liendoan_core::error::{Code, FieldError, code_named};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use sha2::{Digest, Sha256};

use super::{Problem, state};

pub(super) type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// A JSON body, with the hash that tells a repeated request from another one.
pub struct Json<T> {
    pub value: T,
    pub hash: Vec<u8>,
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = BoxFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload, "application/json");
        Box::pin(async move {
            let body = body.await?;
            Ok(Self {
                value: parse(&body)?,
                hash: Sha256::digest(&body).to_vec(),
            })
        })
    }
}

/// Whether a Content-Type is the media type, in UTF-8 if it says.
pub(super) fn is_of_type(given: &str, media_type: &str) -> bool {
    let mut parts = given.split(';').map(str::trim);
    let is_it = parts
        .next()
        .is_some_and(|t| t.eq_ignore_ascii_case(media_type));
    is_it
        && parts.all(|p| {
            p.eq_ignore_ascii_case("charset=utf-8") || p.eq_ignore_ascii_case("charset=\"utf-8\"")
        })
}

/// Reads a body of the given media type, up to the configured size.
pub(super) fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    media_type: &'static str,
) -> impl Future<Output = Result<BytesMut, Problem>> + use<> {
    let given = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|given| is_of_type(given, media_type));
    let limit = state(request).map(|state| state.limits.body_bytes);
    let payload = payload.take();
    async move {
        if !given {
            let field = FieldError::header("content-type", Code::UnsupportedMediaType);
            return Err(Error::at(field.with("expected", media_type)).into());
        }
        Ok(collect(payload, limit?).await?)
    }
}

/// Reads a body to its end, or until it is longer than `limit` bytes.
pub(super) async fn collect(mut payload: Payload, limit: usize) -> Result<BytesMut, Error> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|cause| Error::new(Code::MalformedRequest).because(cause.to_string()))?;
        if body.len() + chunk.len() > limit {
            return Err(Error::new(Code::BodyTooLarge).with("max_bytes", limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let text = std::str::from_utf8(body).map_err(|_| Code::NotUtf8)?;
    // serde would read an array as the fields in their order.
    if text.trim_start().starts_with('[') {
        serde_json::from_str::<IgnoredAny>(text).map_err(|cause| malformed(&cause))?;
        return Err(Error::at(FieldError::at("", Code::WrongType)));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer);
    // Whether it is JSON at all comes before what it says.
    if value.is_err() {
        serde_json::from_str::<IgnoredAny>(text).map_err(|cause| malformed(&cause))?;
    }
    let value = value.map_err(refusal)?;
    deserializer.end().map_err(|cause| malformed(&cause))?;
    Ok(value)
}

pub(super) fn of_value<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(value).map_err(refusal)
}

/// Says what serde refused, and where. serde gives words only; they are told apart here alone.
fn refusal(error: serde_path_to_error::Error<serde_json::Error>) -> Error {
    let cause = error.inner();
    let words = cause.to_string();
    // Of JSON that was read as such before: null for a word of an enumeration.
    let is_wrong_type = words.starts_with("expected value");
    if (cause.is_syntax() && !is_wrong_type) || cause.is_eof() {
        return malformed(cause);
    }
    let parent = pointer(error.path());
    let quoted = words.split('`').nth(1).unwrap_or_default();
    let field = if words.starts_with("missing field") {
        FieldError::at(format!("{parent}/{}", escaped(quoted)), Code::Required)
    } else if words.starts_with("unknown field") {
        // The path may or may not have reached the field itself.
        let own = format!("/{}", escaped(quoted));
        let parent = parent.strip_suffix(&own).unwrap_or(&parent);
        FieldError::at(format!("{parent}{own}"), Code::UnknownField)
    } else if words.starts_with("duplicate field") {
        FieldError::at(format!("{parent}/{}", escaped(quoted)), Code::RepeatedField)
    } else if words.starts_with("unknown variant") {
        FieldError::at(parent, Code::UnknownValue)
    } else {
        FieldError::at(parent, code_named(&words).unwrap_or(Code::WrongType))
    };
    Error::at(field)
}

fn malformed(cause: &serde_json::Error) -> Error {
    let words = cause.to_string();
    let is_surrogate =
        words.contains("surrogate") || words.contains("unexpected end of hex escape");
    let code = if is_surrogate {
        Code::UnpairedSurrogate
    } else {
        Code::MalformedJson
    };
    Error::new(code)
        .with("line", cause.line())
        .with("column", cause.column())
}

fn pointer(path: &Path) -> String {
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Enum { variant } => format!("/{}", escaped(variant)),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// RFC 6901, section 3.
fn escaped(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        name: String,
        #[serde(default)]
        list: Vec<i32>,
        #[serde(default)]
        day: Option<liendoan_core::day::Day>,
        #[serde(default)]
        word: Word,
    }

    #[derive(Debug, Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        #[default]
        Known,
    }

    fn refused(body: &str) -> (Code, Option<(String, Code)>) {
        let error = parse::<Thing>(body.as_bytes()).unwrap_err();
        let field = error
            .field_errors()
            .first()
            .map(|field| match &field.place {
                liendoan_core::error::Place::Pointer(pointer) => (pointer.clone(), field.code),
                other => panic!("{other:?}"),
            });
        (error.code(), field)
    }

    fn at(pointer: &str, code: Code) -> (Code, Option<(String, Code)>) {
        (Code::Invalid, Some((pointer.to_owned(), code)))
    }

    #[test]
    fn a_refusal_says_where_and_why() {
        assert_eq!(refused("{}"), at("/name", Code::Required));
        assert_eq!(
            refused(r#"{"name":"a","x":1}"#),
            at("/x", Code::UnknownField)
        );
        assert_eq!(
            refused(r#"{"name":"a","name":"b"}"#),
            at("/name", Code::RepeatedField)
        );
        assert_eq!(refused(r#"{"name":7}"#), at("/name", Code::WrongType));
        assert_eq!(
            refused(r#"{"name":"a","list":[1,"b"]}"#),
            at("/list/1", Code::WrongType)
        );
        assert_eq!(
            refused(r#"{"name":"a","list":[99999999999]}"#),
            at("/list/0", Code::WrongType)
        );
        assert_eq!(
            refused(r#"{"name":"a","day":"2020-02-30"}"#),
            at("/day", Code::DateInvalid)
        );
        assert_eq!(
            refused(r#"{"name":"a","word":"unknown"}"#),
            at("/word", Code::UnknownValue)
        );
        for other in ["null", "7", "[]"] {
            let body = format!(r#"{{"name":"a","word":{other}}}"#);
            assert_eq!(refused(&body), at("/word", Code::WrongType));
        }
        assert_eq!(refused("[]"), at("", Code::WrongType));
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        assert_eq!(refused("").0, Code::MalformedJson);
        assert_eq!(refused("{").0, Code::MalformedJson);
        assert_eq!(refused(r#"{"name":"a"} {}"#).0, Code::MalformedJson);
        assert_eq!(refused(r#"{"name":"\ud800"}"#).0, Code::UnpairedSurrogate);
        assert_eq!(
            refused(r#"{"name":"\ud800\u0041"}"#).0,
            Code::UnpairedSurrogate
        );
        assert_eq!(
            parse::<Thing>(b"{\"name\":\"\xff\"}").unwrap_err().code(),
            Code::NotUtf8
        );
        let nested = "[".repeat(10_000);
        assert_eq!(refused(&nested).0, Code::MalformedJson);
    }
}

//! Failures as RFC 9457 `application/problem+json`, the framework's own too.

use std::fmt;

use actix_web::http::header;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, ResponseError};
use liendoan_core::error::{FieldError, Place};
use liendoan_core::{Code, Error};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::oauth_error;

/// Seconds after which a caller may try again when the service is busy or its database away.
const RETRY_AFTER: &str = "1";

/// A failure on its way out. [`guard`](super::guard) writes it, knowing the request.
#[derive(Debug)]
pub struct Problem(pub Error);

impl<E: Into<Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(self.0.code())
    }

    fn error_response(&self) -> HttpResponse {
        write(&self.0, &About::default())
    }
}

/// What a problem says of the request it answers.
#[derive(Clone, Debug, Default)]
pub struct About {
    pub method: Method,
    pub path: String,
    pub request_id: Uuid,
    pub speaks_vietnamese: bool,
}

/// A failure. The codes and their sentences in both languages stand at `/docs/errors`.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/docs/errors#invalid",
    "title": "Some fields were refused",
    "status": 422,
    "code": "invalid",
    "instance": "/api/v1/unit_kinds",
    "request_id": "0193f5a0-7c1e-7b3a-9d55-5f0c2f6f7a10",
    "params": {},
    "errors": [{"pointer": "/name_vi", "code": "too_long", "params": {"max": 300}}]
}))]
pub struct ProblemBody {
    /// Where the code is explained.
    pub r#type: String,
    /// What went wrong, in Vietnamese or English as `Accept-Language` asks.
    pub title: &'static str,
    pub status: u16,
    /// The failure's stable name. New codes may come; none changes its meaning.
    pub code: &'static str,
    /// The address that was asked.
    pub instance: String,
    /// Names this request in the log; tell it to whoever runs the service.
    pub request_id: String,
    /// What the code's sentence needs, such as `current_version`.
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    /// The places that were refused, with a code each.
    pub errors: Vec<ProblemField>,
}

/// A place in the request and what is wrong with it. One of `pointer`, `parameter` and `header` is given.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"pointer": "/name_vi", "code": "too_long", "params": {"max": 300}}))]
pub struct ProblemField {
    /// JSON Pointer (RFC 6901) into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pointer: Option<String>,
    /// Name of a query parameter or of a part of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub parameter: Option<String>,
    /// Name of a header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub header: Option<String>,
    pub code: &'static str,
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
}

impl From<&FieldError> for ProblemField {
    fn from(field: &FieldError) -> Self {
        let (mut pointer, mut parameter, mut header) = (None, None, None);
        match &field.place {
            Place::Pointer(p) => pointer = Some(p.clone()),
            Place::Parameter(p) => parameter = Some(p.clone()),
            Place::Header(h) => header = Some((*h).to_owned()),
        }
        Self {
            pointer,
            parameter,
            header,
            code: field.code.as_str(),
            params: field.params.clone(),
        }
    }
}

/// The body of a problem: whole answers and items of a batch have the same.
pub fn body(error: &Error, about: &About) -> ProblemBody {
    let code = error.code();
    ProblemBody {
        r#type: format!("/docs/errors#{}", code.as_str()),
        title: if about.speaks_vietnamese {
            code.title_vi()
        } else {
            code.title_en()
        },
        status: code.status(),
        code: code.as_str(),
        instance: about.path.clone(),
        request_id: about.request_id.to_string(),
        params: error.params().clone(),
        errors: error.field_errors().iter().map(Into::into).collect(),
    }
}

/// The whole answer.
pub fn write(error: &Error, about: &About) -> HttpResponse {
    if oauth_error::is_at(&about.method, &about.path) {
        return oauth_error::write(error);
    }
    let mut answer = HttpResponse::build(status(error.code()));
    answer
        .insert_header((header::CONTENT_TYPE, "application/problem+json"))
        .insert_header((
            header::CONTENT_LANGUAGE,
            if about.speaks_vietnamese { "vi" } else { "en" },
        ))
        .insert_header((header::VARY, "accept-language"));
    if error.code().status() == 503 {
        answer.insert_header((header::RETRY_AFTER, RETRY_AFTER));
    }
    if error.code().status() == 401 {
        answer.insert_header((header::WWW_AUTHENTICATE, challenge(error.code())));
    }
    if let Some(seconds) = error.params().get("retry_after") {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some(version) = error.params().get("current_version") {
        answer.insert_header((header::ETAG, format!("\"{version}\"")));
    }
    if let (Code::RangeNotSatisfiable, Some(size)) = (error.code(), error.params().get("size")) {
        answer.insert_header((header::CONTENT_RANGE, format!("bytes */{size}")));
    }
    if let Some(allow) = error.params().get("allow").and_then(Value::as_str) {
        answer.insert_header((header::ALLOW, allow));
    }
    let body = serde_json::to_string(&body(error, about));
    answer.body(body.unwrap_or_else(|_| json!({"code": error.code().as_str()}).to_string()))
}

/// What an answer 401 asks for (RFC 6750, section 3): where a token was sent, what is wrong with it.
fn challenge(code: Code) -> &'static str {
    match code {
        Code::TokenInvalid | Code::TokenExpired | Code::SessionEnded => {
            "Bearer realm=\"liendoan\", error=\"invalid_token\""
        }
        _ => "Bearer realm=\"liendoan\"",
    }
}

/// The code for a failure that the framework found.
pub fn code_of(status: StatusCode) -> Code {
    match status {
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::Forbidden,
        StatusCode::TOO_MANY_REQUESTS => Code::TooManyRequests,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::NOT_ACCEPTABLE => Code::NotAcceptable,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
        StatusCode::URI_TOO_LONG => Code::UriTooLong,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Code::HeadersTooLarge,
        StatusCode::SERVICE_UNAVAILABLE => Code::Overloaded,
        other if other.is_client_error() => Code::MalformedRequest,
        _ => Code::Internal,
    }
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

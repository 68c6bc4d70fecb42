//! Failures of the addresses of OAuth 2.0, in the form of RFC 6749, section 5.2: ordinary libraries know
//! that one and no other.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode, header};
use liendoan_core::Error;
use liendoan_core::error::Place;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Addresses whose failures have this form.
const PATHS: [&str; 3] = ["/oauth/token", "/oauth/revoke", "/oauth/introspect"];

pub fn is_at(method: &Method, path: &str) -> bool {
    *method == Method::POST && PATHS.contains(&path)
}

/// A failure as RFC 6749, section 5.2 writes it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "error": "invalid_scope",
    "error_description": "The scope names what the client was not given: events:read"
}))]
pub struct OAuthError {
    /// `invalid_request`, `invalid_client`, `unsupported_grant_type` or `invalid_scope`; also
    /// `temporarily_unavailable` and `server_error`.
    pub error: &'static str,
    /// What went wrong, in English.
    pub error_description: String,
}

fn name_of(error: &Error) -> (u16, &'static str) {
    use liendoan_core::Code;
    match (error.code(), error.code().status()) {
        (Code::GrantTypeUnsupported, _) => (400, "unsupported_grant_type"),
        (Code::ScopeTooWide, _) => (400, "invalid_scope"),
        (_, 401) => (401, "invalid_client"),
        (_, status @ (429 | 503 | 507)) => (status, "temporarily_unavailable"),
        (_, 500..) => (500, "server_error"),
        _ => (400, "invalid_request"),
    }
}

/// The code's sentence and what it is about.
fn description(error: &Error) -> String {
    let (code, about) = match error.field_errors().first() {
        None => (error.code(), None),
        Some(field) => {
            let place = match &field.place {
                Place::Pointer(place) | Place::Parameter(place) => place,
                Place::Header(name) => *name,
            };
            (field.code, Some(place.to_owned()))
        }
    };
    let scope = error.params().get("scope").and_then(Value::as_str);
    let sentence = match about.as_deref().or(scope) {
        None => code.title_en().to_owned(),
        Some(about) => format!("{}: {about}", code.title_en()),
    };
    // Nothing else may stand there (RFC 6749, appendix A.8).
    let may_stand = |c: char| (' '..='~').contains(&c) && c != '"' && c != '\\';
    sentence.chars().filter(|c| may_stand(*c)).collect()
}

/// The whole answer.
pub fn write(error: &Error) -> HttpResponse {
    let (status, name) = name_of(error);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::PRAGMA, "no-cache"));
    if status == StatusCode::UNAUTHORIZED {
        let challenge = "Basic realm=\"liendoan\", charset=\"UTF-8\"";
        answer.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    let seconds = error.params().get("retry_after").map(Value::to_string);
    match (seconds, status) {
        (Some(seconds), _) => {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        (None, StatusCode::SERVICE_UNAVAILABLE) => {
            answer.insert_header((header::RETRY_AFTER, "1"));
        }
        _ => {}
    }
    answer.json(OAuthError {
        error: name,
        error_description: description(error),
    })
}

#[cfg(test)]
mod tests {
    use liendoan_core::Code;
    use liendoan_core::error::FieldError;

    use super::*;

    #[test]
    fn failures_have_the_names_that_libraries_know() {
        let named = |error: Error| name_of(&error);
        assert_eq!(named(Code::ClientRefused.into()), (401, "invalid_client"));
        assert_eq!(named(Code::Unauthenticated.into()), (401, "invalid_client"));
        assert_eq!(named(Code::ScopeTooWide.into()), (400, "invalid_scope"));
        let missing = FieldError::parameter("token", Code::Required);
        assert_eq!(named(Error::at(missing)), (400, "invalid_request"));
        let unsupported = Code::UnsupportedMediaType.into();
        assert_eq!(named(unsupported), (400, "invalid_request"));
        let waiting = (429, "temporarily_unavailable");
        assert_eq!(named(Code::TooManyAttempts.into()), waiting);
        assert_eq!(named(Error::internal("why")), (500, "server_error"));
    }

    #[test]
    fn a_description_holds_only_what_may_stand_there() {
        let error = Error::at(FieldError::parameter("đ\"\n\\x", Code::RepeatedParameter));
        assert!(description(&error).ends_with(": x"));
        let wide = Error::new(Code::ScopeTooWide).with("scope", "units:read");
        assert!(description(&wide).ends_with(": units:read"));
    }
}

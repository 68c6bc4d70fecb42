//! What operations of a sort have in common: parameters, headers, failures.

use utoipa::PartialSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{
    ContentBuilder, Header, HttpMethod, ObjectBuilder, Ref, RefOr, Required, Response,
    ResponseBuilder, Type,
};

use crate::http::problem::ProblemBody;

/// Failures by status, with what they mean here.
const FAILURES: &[(u16, &str)] = &[
    (
        400,
        "The request can't be read: malformed JSON, an unknown or unreadable parameter, a cursor of another list",
    ),
    (
        401,
        "Who asks is not known: no access token, or one that does not hold; `WWW-Authenticate` tells",
    ),
    (
        403,
        "The caller lacks the permission, or does not hold it for this unit (`out_of_scope`)",
    ),
    (404, "There is nothing here that the caller may see"),
    (409, "In conflict with the present state"),
    (
        410,
        "The link was used already, has run out, or was replaced by a newer one",
    ),
    (
        412,
        "It was changed since it was read; `params.current_version` and the ETag tell the present version",
    ),
    (
        413,
        "The body is larger than allowed; `params.max_bytes` tells the limit",
    ),
    (
        415,
        "The body is of another media type than this operation reads",
    ),
    (
        416,
        "The file ends before the range; `params.size` and `Content-Range` tell its size",
    ),
    (
        422,
        "Read well, but refused; `errors` names each place with a code",
    ),
    (428, "If-Match is missing"),
    (
        429,
        "Too many requests; wait as many seconds as `Retry-After` says",
    ),
    (
        500,
        "Something went wrong on our side; `request_id` finds it in the log",
    ),
    (
        503,
        "Busy, being stopped, or the database is away; try again after `Retry-After` seconds",
    ),
    (507, "The disk is full; nothing was written"),
];

fn failure_name(status: u16) -> String {
    format!("Failure{status}")
}

fn failure(description: &str) -> RefOr<Response> {
    let example = <ProblemBody as PartialSchema>::schema();
    let example = match example {
        RefOr::T(utoipa::openapi::Schema::Object(object)) => object.example,
        _ => None,
    };
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(example)
        .build();
    RefOr::T(
        ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", content)
            .header("X-Request-Id", text_header("Names the request in the log"))
            .build(),
    )
}

pub fn text_header(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some(description))
        .build()
}

/// Every failure by the name that operations refer to.
pub fn failures() -> impl Iterator<Item = (String, RefOr<Response>)> {
    let named = |(status, description): &(u16, &str)| (failure_name(*status), failure(description));
    let of_oauth =
        |(status, description): &(u16, &str)| (oauth_failure_name(*status), oauth(description));
    let failures = FAILURES.iter().map(named);
    failures.chain(OAUTH_FAILURES.iter().map(of_oauth))
}

/// Failures where tokens are had, by status.
const OAUTH_FAILURES: &[(u16, &str)] = &[
    (
        400,
        "`invalid_request`, `unsupported_grant_type` or `invalid_scope`: it can't be done so",
    ),
    (
        401,
        "`invalid_client`: the client is not known, its secret is wrong, or it may not ask from there",
    ),
    (
        429,
        "`temporarily_unavailable`: too many requests or failures; wait as many seconds as `Retry-After` says",
    ),
    (
        500,
        "`server_error`: something went wrong on our side; `X-Request-Id` finds it in the log",
    ),
    (
        503,
        "`temporarily_unavailable`: busy, being stopped, or the database is away; try again after `Retry-After` seconds",
    ),
];

fn oauth_failure_name(status: u16) -> String {
    format!("OAuthFailure{status}")
}

fn oauth(description: &str) -> RefOr<Response> {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("OAuthError")))
        .build();
    RefOr::T(
        ResponseBuilder::new()
            .description(description)
            .content("application/json", content)
            .header("X-Request-Id", text_header("Names the request in the log"))
            .build(),
    )
}

/// Operations that answer a secret: the answer is shown once, and never kept to be given again.
const SECRETIVE: [&str; 3] = ["invite_account", "reset_account", "create_service_secret"];

/// Gives an operation what follows from its sort.
pub fn complete(method: &HttpMethod, operation: &mut Operation) {
    let has = |wanted: &dyn Fn(&Parameter) -> bool| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters.any(|p| matches!(p, RefOr::T(p) if wanted(p)))
    };
    let is_item = has(&|p| p.parameter_in == ParameterIn::Path);
    let is_list = has(&|p| p.name == "cursor");
    let is_read = *method == HttpMethod::Get;
    let is_versioned = has(&|p| p.name == "If-None-Match");
    let is_committed = has(&|p| p.name == "fingerprint");
    // It names no way to sign in: anybody may.
    let is_open = operation.security.is_some();
    let tags = operation.tags.iter().flatten();
    let is_own = tags.clone().any(|tag| tag == "account");
    let is_oauth = tags.clone().any(|tag| tag == "oauth");
    let id = operation.operation_id.clone().unwrap_or_default();

    let mut failures = vec![400, 429, 500, 503];
    if !is_open {
        failures.extend([401, 403]);
    }
    if is_item {
        failures.push(404);
    }
    if operation.request_body.is_some() {
        failures.extend([413, 415, 422]);
    }
    if is_own && !is_read {
        failures.extend([401, 403, 409, 507]);
    }
    // Their failures are those of RFC 6749, as long as somebody is to be told.
    let is_client_facing = is_oauth && !is_read;
    if is_client_facing {
        failures = vec![400, 401, 429, 500, 503];
    }
    let is_plain = is_own || is_oauth;
    if *method == HttpMethod::Post && !is_plain && !SECRETIVE.contains(&id.as_str()) {
        operation.parameters.get_or_insert_default().push(header(
            "Idempotency-Key",
            id.starts_with("batch_"),
            "A name for this request, new for each: sent again with it, it is answered as the first time and \
             done once. 1 to 255 visible ASCII characters, remembered for 72 hours",
            "8e03978e-40d5-43dd-bc93-6894a57f9324",
        ));
        failures.extend([409, 507]);
    }
    if is_committed {
        failures.extend([412, 428]);
    }
    // What exists changes, by PUT, PATCH, DELETE or by a POST to it.
    if !is_read && !is_plain && (is_item || *method != HttpMethod::Post) {
        operation.parameters.get_or_insert_default().push(header(
            "If-Match",
            true,
            "The ETag that was read; with another present version nothing changes",
            "\"1\"",
        ));
        failures.extend([409, 412, 428, 507]);
    }
    super::files::complete(operation);
    let responses = &mut operation.responses.responses;
    // A failure that a handler names for itself is described as all of its kind are.
    let named = responses.keys().filter_map(|status| status.parse().ok());
    failures.extend(named.filter(|status: &u16| *status >= 400));
    if is_versioned {
        let unchanged = ResponseBuilder::new().description("The caller has the present version");
        responses.insert("304".to_owned(), RefOr::T(unchanged.build()));
    }
    for (status, response) in responses.iter_mut() {
        let RefOr::T(response) = response else {
            continue;
        };
        let mut give = |name: &str, description: &str| {
            let header = text_header(description).into();
            response.headers.insert(name.to_owned(), header);
        };
        give("X-Request-Id", "Names the request in the log");
        if is_list {
            give("Link", "RFC 8288: `first`, and `next` where a page follows");
        }
        let shows_one = is_item || *method == HttpMethod::Post;
        if is_versioned || (shows_one && ["200", "201"].contains(&status.as_str())) {
            give("ETag", "The version of what is shown");
        }
    }
    for status in failures {
        let name = if is_client_facing {
            oauth_failure_name(status)
        } else {
            failure_name(status)
        };
        let reference = Ref::from_response_name(name);
        responses.insert(status.to_string(), RefOr::Ref(reference));
    }
}

fn header(name: &str, required: bool, description: &str, example: &str) -> RefOr<Parameter> {
    let required = if required {
        Required::True
    } else {
        Required::False
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .example(Some(example.into()))
        .build()
        .into()
}

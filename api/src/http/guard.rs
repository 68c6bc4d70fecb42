//! What surrounds every request: its id, time limit and headers, its line in the log, and failures in
//! one form.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ResourceDef, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;
use ipnet::IpNet;
use liendoan_core::{Code, Error};
use metrics::Histogram;
use uuid::Uuid;

use super::problem::{self, About};
use super::{Problem, State};

/// On every answer (OWASP REST Security Cheat Sheet), unless it brings its own.
static HEADERS: [(HeaderName, HeaderValue); 5] = [
    (
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=63072000; includeSubDomains"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        header::CROSS_ORIGIN_RESOURCE_POLICY,
        HeaderValue::from_static("same-site"),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// What an answer that is no page may do in a browser: nothing.
static POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Pages of documentation bring their own scripts and styles, and nothing from elsewhere.
static PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    /// The id of the request that the running task answers: all its log lines bear it. A span of
    /// `tracing` would cost several times as much.
    static ANSWERED: Uuid;
}

/// The id of the request that is being answered here, if one is.
pub fn request_id() -> Option<Uuid> {
    ANSWERED.try_get().ok()
}

/// The middleware around all others.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, ActixError> {
    let about = about(&request);
    let id = about.request_id;
    ANSWERED.scope(id, answer(request, next, about)).await
}

async fn answer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    about: About,
) -> Result<ServiceResponse<BoxBody>, ActixError> {
    let start = Instant::now();
    let state = request.app_data::<web::Data<State>>();
    let proxies = state.map_or(&[][..], |state| &state.trusted_proxies);
    let client = client_address(&request, proxies);
    let time_limit = state.map_or(Duration::MAX, |state| state.limits.time_for(request.path()));
    request.extensions_mut().insert(Origin {
        request_id: about.request_id,
        address: client,
    });
    // HEAD is GET without the body, which the framework leaves out by itself (RFC 9110, 9.3.2).
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let answer = AssertUnwindSafe(tokio::time::timeout(time_limit, next.call(request)));
    let error = match answer.catch_unwind().await {
        Ok(Ok(Ok(response))) => {
            let pattern = response.request().match_pattern();
            let problem = match response.response().error() {
                Some(error) => Some(write(error, &about)),
                None => bare_failure(&response, &about),
            };
            let mut response = match problem {
                Some(problem) => response.into_response(problem),
                None => response.map_into_boxed_body(),
            };
            dress(response.headers_mut(), &about);
            let status = response.status().as_u16();
            note(&about, client, pattern, status, start);
            return Ok(response);
        }
        Ok(Ok(Err(error))) => error,
        Ok(Err(_)) => Problem::from(Code::TimedOut).into(),
        Err(_) => Problem(Error::internal("panic in a handler")).into(),
    };
    let mut response = write(&error, &about);
    dress(response.headers_mut(), &about);
    note(&about, client, None, response.status().as_u16(), start);
    Err(InternalError::from_response(error, response).into())
}

/// Where a request comes from, and its name in the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin {
    pub request_id: Uuid,
    pub address: Option<IpAddr>,
}

impl Origin {
    pub fn of(request: &ServiceRequest) -> Self {
        request.extensions().get().copied().unwrap_or_default()
    }
}

/// The address that a request comes from: the peer's, or where that is a trusted proxy, the last one in
/// `X-Forwarded-For` that is not. What stands before it anybody may have written.
fn client_address(request: &ServiceRequest, proxies: &[IpNet]) -> Option<IpAddr> {
    let is_proxy = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    let peer = request.peer_addr()?.ip().to_canonical();
    if !is_proxy(&peer) {
        return Some(peer);
    }
    let lists = request.headers().get_all("x-forwarded-for");
    let lists: Vec<&str> = lists.filter_map(|list| list.to_str().ok()).collect();
    let mut hops = lists.iter().rev().flat_map(|list| list.rsplit(','));
    let mut client = peer;
    while is_proxy(&client) {
        match hops.next().map(|hop| hop.trim().parse::<IpAddr>()) {
            Some(Ok(hop)) => client = hop.to_canonical(),
            _ => break,
        }
    }
    Some(client)
}

/// The problem in place of a failure that something below answered in a form of its own.
fn bare_failure<B>(response: &ServiceResponse<B>, about: &About) -> Option<HttpResponse> {
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    is_failure.then(|| problem::write(&problem::code_of(status).into(), about))
}

/// Writes a failure: ours as it is, the framework's by its status.
fn write(error: &ActixError, about: &About) -> HttpResponse {
    let error = match error.as_error::<Problem>() {
        Some(Problem(ours)) => ours,
        None => &problem::code_of(error.as_response_error().status_code()).into(),
    };
    if error.code().status() >= 500 {
        tracing::error!(%error, "request failed");
    }
    problem::write(error, about)
}

fn about(request: &ServiceRequest) -> About {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|v: &HeaderValue| v.to_str().ok())
    };
    About {
        method: request.method().clone(),
        path: request.path().to_owned(),
        request_id: Uuid::now_v7(),
        speaks_vietnamese: header(header::ACCEPT_LANGUAGE).is_some_and(prefers_vietnamese),
    }
}

/// Whether `Accept-Language` ranks Vietnamese above English. The first of equals wins.
fn prefers_vietnamese(accepted: &str) -> bool {
    let weight_of = |language: &str| {
        accepted
            .split(',')
            .enumerate()
            .filter_map(|(place, range)| {
                let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
                let is_it = tag.trim().split('-').next()?.eq_ignore_ascii_case(language);
                let weight: f32 = weight.trim().parse().ok()?;
                is_it.then_some(weight - place as f32 / 1_000.0)
            })
            .fold(0.0, f32::max)
    };
    weight_of("vi") > weight_of("en")
}

/// Gives an answer the headers that it does not bring itself.
fn dress(headers: &mut HeaderMap, about: &About) {
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/html"));
    let policy = if is_page { &PAGE_POLICY } else { &POLICY };
    let policy = &(header::CONTENT_SECURITY_POLICY, policy.clone());
    for (name, value) in HEADERS.iter().chain([policy]) {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    let mut buffer = Uuid::encode_buffer();
    let id = about.request_id.hyphenated().encode_lower(&mut buffer);
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID.clone(), id);
    }
}

/// The line of the access log, and the metrics.
fn note(
    about: &About,
    client: Option<IpAddr>,
    pattern: Option<String>,
    status: u16,
    start: Instant,
) {
    let elapsed = start.elapsed();
    tracing::info!(
        method = %about.method,
        path = about.path,
        status,
        micros = elapsed.as_micros() as u64,
        client = client.map(tracing::field::display),
        "answered"
    );
    let key = (
        name_of(&about.method),
        pattern.unwrap_or_else(|| "none".to_owned()),
        status,
    );
    SECONDS.with_borrow_mut(|series| {
        let histogram = series.entry(key).or_insert_with_key(begin_series);
        histogram.record(elapsed);
    });
}

/// Method, pattern of the address, status: one series for each operation, whatever is asked for.
type Series = (&'static str, String, u16);

thread_local! {
    /// The series so far: to look one up in the recorder takes longer.
    static SECONDS: RefCell<HashMap<Series, Histogram>> = RefCell::default();
}

fn begin_series((method, operation, status): &Series) -> Histogram {
    metrics::histogram!(
        "liendoan_request_seconds",
        "method" => *method,
        "operation" => operation.clone(),
        "status" => status.to_string(),
    )
}

/// A method's name among the labels: callers may make up as many others as they like.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// First segments of the addresses that are the service's own.
const OF_THE_SERVICE: [&str; 7] = [
    "api",
    "docs",
    "oauth",
    "health",
    "metrics",
    "openapi.json",
    ".well-known",
];

/// Whether an operation may stand at an address; the others are pages of the browser client.
pub fn is_of_the_service(path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    OF_THE_SERVICE.contains(&first)
}

/// The methods of every documented address: what tells a wrong method from a wrong address.
#[derive(Clone)]
pub struct Methods(std::sync::Arc<Vec<(ResourceDef, Vec<&'static str>)>>);

impl Methods {
    /// From pairs of a path as the document writes it and its methods.
    pub fn new(paths: impl IntoIterator<Item = (String, Vec<&'static str>)>) -> Self {
        let known = paths.into_iter().map(|(path, mut methods)| {
            if methods.contains(&"GET") {
                methods.push("HEAD");
            }
            (ResourceDef::new(path), methods)
        });
        Self(std::sync::Arc::new(known.collect()))
    }
}

/// Answers for every address that has no handler for the request's method.
pub async fn unmatched(
    request: HttpRequest,
    methods: web::Data<Methods>,
) -> Result<HttpResponse, ActixError> {
    let known = methods
        .0
        .iter()
        .find(|(path, _)| path.is_match(request.path()));
    let Some((_, methods)) = known else {
        return Err(Problem::from(Code::NotFound).into());
    };
    let allow = methods.join(", ");
    if request.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent()
            .insert_header((header::ALLOW, allow))
            .finish());
    }
    let error = Error::new(Code::MethodNotAllowed).with("allow", allow);
    Err(Problem(error).into())
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::{App, test};

    use super::*;

    async fn panicking() -> HttpResponse {
        panic!("on purpose")
    }

    #[actix_web::test]
    async fn a_panic_is_a_500_and_the_next_request_is_served() {
        let app = App::new()
            .wrap(from_fn(guard))
            .route("/panic", web::get().to(panicking))
            .route("/fine", web::get().to(HttpResponse::Ok));
        let app = test::init_service(app).await;
        let failed =
            test::try_call_service(&app, test::TestRequest::get().uri("/panic").to_request()).await;
        let response = failed.err().unwrap().error_response();
        assert_eq!(response.status().as_u16(), 500);
        assert_eq!(
            response.headers().get("content-type").unwrap(),
            "application/problem+json"
        );
        let fine =
            test::call_service(&app, test::TestRequest::get().uri("/fine").to_request()).await;
        assert_eq!(fine.status().as_u16(), 200);
    }

    #[actix_web::test]
    async fn the_language_is_the_one_preferred() {
        for (accepted, vietnamese) in [
            ("vi", true),
            ("vi-VN,vi;q=0.9,en;q=0.8", true),
            ("en-US,en;q=0.9,vi;q=0.8", false),
            ("en;q=0.5, vi;q=0.9", true),
            ("fr", false),
            ("", false),
            ("vi;q=nonsense", false),
        ] {
            assert_eq!(prefers_vietnamese(accepted), vietnamese, "{accepted}");
        }
    }
}

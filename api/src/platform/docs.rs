//! The document for programs and the pages for people.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use liendoan_core::Code;
use sha2::{Digest, Sha256};

use crate::http::list::NoQuery;

/// The document as it is served: made once, at start.
pub struct Document {
    json: String,
    etag: String,
}

impl Document {
    pub fn new(json: String) -> Self {
        let digest = Sha256::digest(json.as_bytes());
        let hex: String = digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            json,
            etag: format!("\"{hex}\""),
        }
    }
}

/// Read the OpenAPI document
///
/// This document, in OpenAPI 3.1.
#[utoipa::path(
    operation_id = "read_openapi",
    tag = "operations",
    security(()),
    params(("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has: 304 if it is still so", example = "\"0123456789abcdef\"")),
    responses(
        (status = 200, description = "The document", content_type = "application/json",
            body = Object,
            headers(("ETag" = String, description = "Changes with the document")),
            example = json!({"openapi": "3.1.0"})),
        (status = 304, description = "The caller has the present document"),
    ),
)]
#[get("/openapi.json")]
pub async fn openapi(
    _: NoQuery,
    request: HttpRequest,
    document: web::Data<Document>,
) -> HttpResponse {
    let known = request.headers().get(header::IF_NONE_MATCH);
    let is_known = known.is_some_and(|tag| tag.as_bytes() == document.etag.as_bytes());
    let mut answer = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((header::ETAG, document.etag.as_str()))
        .insert_header((header::CACHE_CONTROL, "no-cache"));
    if is_known {
        answer.finish()
    } else {
        answer
            .content_type("application/json")
            .body(document.json.clone())
    }
}

/// List the error codes
///
/// A page for people: every code that a failure may carry, explained in both languages.
#[utoipa::path(
    operation_id = "list_error_codes",
    tag = "operations",
    security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html",
        example = "<!doctype html>")),
)]
#[get("/docs/errors")]
pub async fn errors(_: NoQuery) -> HttpResponse {
    let rows: String = Code::ALL
        .iter()
        .map(|code| {
            format!(
                "<tr id=\"{0}\"><td><code>{0}</code></td><td>{1}</td><td lang=\"vi\">{2}</td><td>{3}</td></tr>\n",
                code.as_str(),
                code.status(),
                code.title_vi(),
                code.title_en(),
            )
        })
        .collect();
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .body(format!(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>Mã lỗi · Error codes</title>\
             <style>body{{font-family:system-ui,sans-serif;margin:2rem}}td,th{{text-align:left;padding:.3rem .8rem;\
             border-bottom:1px solid #ddd}}tr:target{{background:#ffefb0}}</style>\
             <h1>Mã lỗi · Error codes</h1>\
             <p>Every failure is <code>application/problem+json</code> (RFC 9457) with one of these as <code>code</code>; \
             codes of status 422 also stand beside single fields.</p>\
             <table><thead><tr><th>code</th><th>status</th><th>Tiếng Việt</th><th>English</th></tr></thead>\
             <tbody>\n{rows}</tbody></table></html>\n"
        ))
}

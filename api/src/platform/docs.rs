//! The document for programs and the pages for people.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use liendoan_core::Code;

use crate::http::list::NoQuery;

/// The document as it is served: made once, at start.
pub struct Document(pub String);

/// Read the OpenAPI document
///
/// This document, in OpenAPI 3.1.
#[utoipa::path(
    operation_id = "read_openapi",
    tag = "operations",
    responses((status = 200, description = "The document", content_type = "application/json",
        body = Object, example = json!({"openapi": "3.1.0"}))),
)]
#[get("/openapi.json")]
pub async fn openapi(_: NoQuery, document: web::Data<Document>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(document.0.clone())
}

/// List the error codes
///
/// A page for people: every code that a failure may carry, explained in both languages.
#[utoipa::path(
    operation_id = "list_error_codes",
    tag = "operations",
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

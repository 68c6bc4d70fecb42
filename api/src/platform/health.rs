//! Whether the service lives, whether it can work, and what it is doing.

use std::sync::atomic::Ordering;

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use diesel::prelude::*;
use liendoan_core::Code;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::grant::ReadMetrics;
use crate::http::list::NoQuery;
use crate::http::{Grant, Problem, State};

/// A service that answers.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "ok"}))]
pub struct Health {
    pub status: &'static str,
}

/// Check that the process lives
///
/// Never asks the database: a process whose database is away need not be started again.
#[utoipa::path(
    operation_id = "check_liveness",
    tag = "operations",
    security(()),
    responses((status = 200, description = "The process lives", body = Health)),
)]
#[get("/health/live")]
pub async fn live(_: NoQuery) -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Check that requests can be served
///
/// Asks the database. Fails while the service is being stopped, so that a balancer sends nothing more.
#[utoipa::path(
    operation_id = "check_readiness",
    tag = "operations",
    security(()),
    responses((status = 200, description = "Requests can be served", body = Health)),
)]
#[get("/health/ready")]
pub async fn ready(_: NoQuery, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    if state.is_stopping.load(Ordering::Relaxed) {
        return Err(Code::ShuttingDown.into());
    }
    state
        .store
        .query(|db| Ok(diesel::sql_query("SELECT 1").execute(db)?))
        .await?;
    Ok(HttpResponse::Ok().json(Health { status: "ok" }))
}

/// Read the metrics
///
/// Counters and times since the start, in the text format of Prometheus, which gets its access token as an
/// OAuth 2.0 client.
#[utoipa::path(
    operation_id = "read_metrics",
    tag = "operations",
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain",
        example = "liendoan_request_seconds_count{operation=\"/api/v1/unit_kinds\",status=\"200\"} 3\n")),
)]
#[get("/metrics")]
pub async fn metrics(_: Grant<ReadMetrics>, _: NoQuery, state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4"))
        .body(state.metrics.render())
}

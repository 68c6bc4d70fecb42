//! Every handler there is. Its address stands above it, in its attribute; `liendoan routes` prints all.
//!
//! What is listed here is served and documented; there is no other way to do either.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::exchange::events;
use crate::platform::{docs, health};
use crate::tree::unit_kinds::handlers as unit_kinds;

/// Addresses under `/api/v1`.
pub fn api(services: &mut ServiceConfig<'_>) {
    services
        .service(unit_kinds::list)
        .service(unit_kinds::create)
        .service(unit_kinds::batch)
        .service(unit_kinds::read)
        .service(unit_kinds::update)
        .service(unit_kinds::delete)
        .service(events::list);
}

/// Addresses at the root.
pub fn root(services: &mut ServiceConfig<'_>) {
    services
        .service(health::live)
        .service(health::ready)
        .service(health::metrics)
        .service(docs::openapi)
        .service(docs::errors);
}

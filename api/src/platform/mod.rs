//! Running the service: health, metrics, the pages of documentation.

pub mod docs;
pub mod health;
pub mod telemetry;

//! Running the service: health, metrics, the pages of documentation.

pub mod docs;
pub mod health;
mod lines;
pub mod telemetry;

//! Running the service: health, metrics, the pages of documentation.

pub mod docs;
mod form;
pub mod health;
mod lines;
pub mod telemetry;

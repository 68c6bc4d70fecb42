//! Running the service: health, metrics, the pages of documentation, the browser client.

pub mod client;
pub mod docs;
mod form;
pub mod health;
mod lines;
pub mod telemetry;

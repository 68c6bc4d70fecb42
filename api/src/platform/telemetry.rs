//! What the service tells of itself: structured log lines with the request's id, and metrics.

use std::sync::OnceLock;

use liendoan_core::db::StartError;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::form::Form;
use super::lines::{self, Rest};
use crate::config::Log;

/// Bounds of the histogram of answer times, in seconds.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Starts writing log lines to standard error, for as long as the answer is held.
pub fn start_log(log: &Log) -> Result<Rest, StartError> {
    let filter = EnvFilter::try_new(&log.level)
        .map_err(|why| StartError::new(format!("configuration: log.level: {why}")))?;
    tracing_subscriber::registry()
        .with(filter)
        .with(Form(log.format))
        .try_init()
        .map_err(|why| StartError::new(why.to_string()))?;
    lines::start().map_err(|why| StartError::new(format!("cannot start a thread: {why}")))
}

/// The metrics of this process.
pub fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    let start = || {
        let seconds = Matcher::Suffix("_seconds".to_owned());
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(seconds, SECONDS)
            // Fails only for no bounds at all; a summary then takes the histogram's place.
            .unwrap_or_default()
            .build_recorder();
        let handle = recorder.handle();
        // Fails only where one is installed already, and nobody else installs one.
        let _ = metrics::set_global_recorder(recorder);
        handle
    };
    HANDLE.get_or_init(start).clone()
}

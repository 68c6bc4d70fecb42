//! Load on an address, by wrk.

use std::io::Write;
use std::process::Command;

use tempfile::NamedTempFile;

use crate::{Result, caller};

/// What is asked for, by how many connections at once, for how long.
pub struct Load<'a> {
    pub method: &'a str,
    /// `{id}` becomes an id, at random.
    pub path: &'a str,
    pub last_id: i64,
    /// `{code}` becomes a word that no other request has.
    pub body: Option<&'a str>,
    pub connections: u32,
    pub seconds: u32,
}

/// What came of it. Only answers that were no failure count.
#[derive(Clone, Copy, Default)]
pub struct Outcome {
    pub per_second: f64,
    pub p50_us: f64,
    pub p99_us: f64,
}

impl<'a> Load<'a> {
    pub fn get(path: &'a str, last_id: i64, connections: u32, seconds: u32) -> Self {
        Self {
            method: "GET",
            path,
            last_id,
            body: None,
            connections,
            seconds,
        }
    }

    /// Runs it against `http://{address}`. A failed request is an error: it would count as a fast one.
    pub fn run(&self, address: &str) -> Result<Outcome> {
        let mut script = NamedTempFile::new()?;
        script.write_all(include_bytes!("wrk.lua"))?;
        let output = Command::new("wrk")
            .env("BENCH_TOKEN", caller::token())
            .args(["--threads", if self.connections > 1 { "2" } else { "1" }])
            .args(["--connections", &self.connections.to_string()])
            .args(["--duration", &format!("{}s", self.seconds)])
            .arg("--script")
            .arg(script.path())
            .args([&format!("http://{address}"), "--", self.method, self.path])
            .arg(self.last_id.to_string())
            .args(self.body)
            .output()
            .map_err(|why| format!("wrk: {why}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find_map(|line| line.strip_prefix("measured "));
        let numbers: Vec<f64> = line
            .unwrap_or_default()
            .split(' ')
            .flat_map(str::parse)
            .collect();
        let &[requests, failed, micros, p50_us, p99_us] = numbers.as_slice() else {
            return Err(format!("wrk: {text}{}", String::from_utf8_lossy(&output.stderr)).into());
        };
        if failed > 0.0 {
            return Err(format!(
                "{} {}: {failed} of {requests} failed",
                self.method, self.path
            )
            .into());
        }
        Ok(Outcome {
            per_second: requests / micros * 1e6,
            p50_us,
            p99_us,
        })
    }
}

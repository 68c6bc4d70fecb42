//! Load on an address, by wrk.

use std::io::Write;
use std::process::Command;

use tempfile::NamedTempFile;

use crate::{Result, caller};

/// What is asked for, by how many connections at once, for how long.
pub struct Load<'a> {
    pub method: &'a str,
    /// `{id}` becomes an id up to `last_id`, at random; `{next}` one after the other, from `first_id`.
    pub path: &'a str,
    pub first_id: i64,
    pub last_id: i64,
    /// `{code}` becomes a word that no other request has.
    pub body: Option<&'a str>,
    pub connections: u32,
    pub seconds: u32,
    /// The access token of whoever asks.
    pub token: String,
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
            first_id: 1,
            last_id,
            body: None,
            connections,
            seconds,
            token: caller::token(),
        }
    }

    /// A load of writes; each may name any version of what it changes.
    pub fn post(path: &'a str, body: &'a str, connections: u32, seconds: u32) -> Self {
        Self {
            method: "POST",
            body: Some(body),
            ..Self::get(path, 1, connections, seconds)
        }
    }

    /// Runs it against `http://{address}`. A failed request is an error: it would count as a fast one.
    pub fn run(&self, address: &str) -> Result<Outcome> {
        let mut script = NamedTempFile::new()?;
        script.write_all(include_bytes!("wrk.lua"))?;
        // Of two threads neither would know which id is the next.
        let is_alone = self.connections == 1 || self.path.contains("{next}");
        let output = Command::new("wrk")
            .env("BENCH_TOKEN", &self.token)
            .args(["--threads", if is_alone { "1" } else { "2" }])
            .args(["--connections", &self.connections.to_string()])
            .args(["--duration", &format!("{}s", self.seconds)])
            .arg("--script")
            .arg(script.path())
            .args([&format!("http://{address}"), "--", self.method, self.path])
            .args([self.first_id, self.last_id].map(|id| id.to_string()))
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

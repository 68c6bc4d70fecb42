//! Who enters decisions about the tree, as a client would.

use std::time::Instant;

use reqwest::Client;
use serde_json::{Value, json};

use crate::nation::Nation;
use crate::rows::read;
use crate::{Result, caller};

/// Lines of one opening.
const OPENING: usize = 10_000;

/// A nation is larger, and takes longer, than what a service is open to by default.
pub const SETTINGS: &[(&str, &str)] = &[
    ("LIENDOAN_LIMITS__BODY_BYTES", "8388608"),
    ("LIENDOAN_LIMITS__REQUEST_MS", "120000"),
    ("LIENDOAN_DATABASE__STATEMENT_TIMEOUT_MS", "60000"),
];

/// Records decisions.
pub struct Clerk {
    client: Client,
    base: String,
    document: Value,
    recorded: usize,
}

impl Clerk {
    pub async fn new(address: &str) -> Result<Self> {
        let client = caller::client()?;
        let base = format!("http://{address}/api/v1");
        let paper = json!({"number": "60-NQ/TW", "title": "Sắp xếp đơn vị hành chính"});
        let made = client
            .post(format!("{base}/documents"))
            .json(&paper)
            .send()
            .await?;
        Ok(Self {
            document: read(made).await?["id"].clone(),
            client,
            base,
            recorded: 0,
        })
    }

    /// Founds a nation, in as many openings as it takes.
    pub async fn found(&mut self, nation: &Nation) -> Result<()> {
        for lines in nation.founding.chunks(OPENING) {
            self.record(None, lines).await?;
        }
        Ok(())
    }

    /// Looks, then does; answers the seconds of both.
    pub async fn record(&mut self, on: Option<&str>, lines: &[Value]) -> Result<(f64, f64)> {
        let content = json!({"document_id": self.document, "effective_on": on, "lines": lines});
        let content = serde_json::to_vec(&content)?;
        let url = format!("{}/reorganisations", self.base);
        let send = |query: String, key: usize| {
            let post = self.client.post(format!("{url}?{query}"));
            let post = post.header("content-type", "application/json");
            post.header("idempotency-key", format!("nation-{key}"))
                .body(content.clone())
                .send()
        };
        let begun = Instant::now();
        let preview = read(send("dry_run=true".to_owned(), 2 * self.recorded).await?).await?;
        let looked = begun.elapsed().as_secs_f64();
        let seen = preview["fingerprint"].as_str().unwrap_or_default();
        let begun = Instant::now();
        read(send(format!("fingerprint={seen}"), 2 * self.recorded + 1).await?).await?;
        self.recorded += 1;
        Ok((looked, begun.elapsed().as_secs_f64()))
    }
}

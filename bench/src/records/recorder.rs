//! Who records what units did, sends it up, and decides on it: by requests, as people do.

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Client;
use serde_json::{Value, json};

use super::contents::Told;
use crate::rows::read;
use crate::{Result, caller};

/// Requests under way at once.
const AT_ONCE: usize = 16;
/// Steps of one batch.
const BATCH: usize = 1_000;

/// Who decides.
pub const APPROVER: &str = "approver";

/// Two people: whoever records does not approve.
pub struct Recorder {
    recorder: Client,
    approver: Client,
    base: String,
    batches: AtomicUsize,
}

impl Recorder {
    pub fn at(address: &str) -> Result<Self> {
        Ok(Self {
            recorder: caller::client()?,
            approver: caller::client_with(&caller::token_of(address, APPROVER)?)?,
            base: format!("http://{address}/api/v1"),
            batches: AtomicUsize::default(),
        })
    }

    pub async fn get(&self, path: &str) -> Result<Value> {
        let url = format!("{}{path}", self.base);
        read(self.recorder.get(url).send().await?).await
    }

    pub async fn create(&self, path: &str, content: &Value) -> Result<i64> {
        let url = format!("{}{path}", self.base);
        create(self.recorder.clone(), url, content.clone()).await
    }

    /// Records all of it and takes it as far as it goes; answers ids in the same order.
    pub async fn enter(&self, told: &[Told]) -> Result<Vec<i64>> {
        let mut ids = Vec::with_capacity(told.len());
        for some in told.chunks(AT_ONCE) {
            let some = some.iter().map(|told| {
                let url = format!("{}/{}", self.base, told.kind);
                tokio::spawn(create(self.recorder.clone(), url, told.content.clone()))
            });
            for one in some.collect::<Vec<_>>() {
                ids.push(one.await??);
            }
        }
        for (by, action, version, states) in [
            (
                &self.recorder,
                "submit",
                1,
                &["submitted", "approved", "returned", "withdrawn"][..],
            ),
            (&self.approver, "approve", 2, &["approved", "withdrawn"]),
            (&self.approver, "return", 2, &["returned"]),
            (&self.approver, "withdraw", 3, &["withdrawn"]),
        ] {
            let meant = ids
                .iter()
                .zip(told)
                .filter(|(_, told)| states.contains(&told.state));
            let steps: Vec<Value> = meant.map(|(id, _)| step(*id, action, version)).collect();
            for some in steps.chunks(BATCH) {
                self.take(by, some).await?;
            }
        }
        Ok(ids)
    }

    async fn take(&self, by: &Client, steps: &[Value]) -> Result<()> {
        let number = self.batches.fetch_add(1, Ordering::Relaxed);
        let request = by
            .post(format!("{}/records:batch", self.base))
            .header(
                "idempotency-key",
                format!("steps-{}-{number}", steps[0]["id"]),
            )
            .json(&json!({ "items": steps }));
        let answer = read(request.send().await?).await?;
        let items = answer["items"].as_array().into_iter().flatten();
        let mut refused = items.filter(|item| item["problem"].is_object());
        match refused.next() {
            None => Ok(()),
            Some(item) => Err(format!("a step was refused: {item}").into()),
        }
    }
}

async fn create(client: Client, url: String, content: Value) -> Result<i64> {
    let made = read(client.post(url).json(&content).send().await?).await;
    let made = made.map_err(|why| format!("{content}: {why}"))?;
    made["id"].as_i64().ok_or_else(|| "no id".into())
}

fn step(id: i64, action: &str, version: i32) -> Value {
    let mut step = json!({"id": id, "version": version, "action": action});
    if matches!(action, "return" | "withdraw") {
        step["reason"] = "Thiếu danh sách kèm theo".into();
    }
    step
}

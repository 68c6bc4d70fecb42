//! A tree to work on: units come by decisions alone, as for everybody.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::Remote;

/// Keys and numbers that no two decisions of a test run share.
static NUMBER: AtomicU32 = AtomicU32::new(1);

impl Remote {
    /// Records an opening: units of which nobody knows since when they are there. Each is told as
    /// `(code, name, kind, parent)`, parents first; the root has no parent.
    pub async fn establish(&self, units: &[(&str, &str, &str, Option<&str>)]) -> Value {
        let line = |(code, name, kind, parent): &(&str, &str, &str, Option<&str>)| {
            let mut line = json!({"op": "establish", "code": code, "name": name, "kind": kind});
            if let Some(parent) = parent {
                line["parent"] = json!(parent);
            }
            line
        };
        self.decide(None, units.iter().map(line).collect()).await
    }

    /// Records a decision in force from a day, as a person does: a document, a preview, the commit.
    pub async fn decide(&self, effective_on: Option<&str>, lines: Vec<Value>) -> Value {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let document = json!({"number": format!("{number}/QĐ-LĐLĐ")});
        let document = self.post("/documents", &document).await.created();
        let content = json!({
            "document_id": document["id"], "effective_on": effective_on, "lines": lines
        });
        let preview = self
            .post("/reorganisations?dry_run=true", &content)
            .await
            .ok();
        let fingerprint = preview["fingerprint"].as_str().unwrap();
        self.post(
            &format!("/reorganisations?fingerprint={fingerprint}"),
            &content,
        )
        .key(&format!("decision-{number}"))
        .await
        .created()
    }
}

//! The chart of a federation, changed by decisions as a client of the API makes them.

use std::cell::Cell;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Call, Remote};

pub struct Chart {
    remote: Remote,
    document: Value,
    keys: Cell<usize>,
}

pub fn establish(code: &str, kind: &str, parent: &str) -> Value {
    json!({"op": "establish", "code": code, "name": format!("Đơn vị {code}"), "kind": kind, "parent": parent})
}

pub fn transfer(unit: &str, to: &str) -> Value {
    json!({"op": "transfer", "unit": unit, "to": to})
}

pub fn rename(unit: &str, name: &str) -> Value {
    json!({"op": "rename", "unit": unit, "name": name})
}

pub fn end_into(unit: &str, children_to: &str) -> Value {
    json!({"op": "end", "unit": unit, "children_to": children_to})
}

/// The content of a decision; without a day it is an opening.
pub fn decision(on: Option<&str>, lines: &[Value]) -> Value {
    json!({"effective_on": on, "lines": lines})
}

impl Chart {
    /// With nothing decided yet.
    pub async fn empty(app: &Remote) -> Self {
        let document = json!({"number": "1/QĐ-TLĐ", "title": "Về tổ chức"});
        let document = app.post("/documents", &document).await.created();
        Self {
            remote: app.clone(),
            document: document["id"].clone(),
            keys: Cell::new(0),
        }
    }

    pub fn key(&self, call: Call) -> Call {
        self.keys.set(self.keys.get() + 1);
        call.key(&format!("chart-{}", self.keys.get()))
    }

    /// A request to record, with `dry_run` or a fingerprint in the query.
    pub async fn ask(&self, query: &str, decision: &Value) -> Answer {
        let path = format!("/reorganisations?{query}");
        self.key(self.remote.post(&path, &self.documented(decision)))
            .await
    }

    fn documented(&self, decision: &Value) -> Value {
        let mut body = decision.clone();
        body["document_id"] = self.document.clone();
        body
    }

    pub async fn preview(&self, decision: &Value) -> Answer {
        self.ask("dry_run=true", decision).await
    }

    /// Previews and records; answers the id.
    pub async fn record(&self, decision: &Value) -> i64 {
        let preview = self.preview(decision).await.ok();
        let fingerprint = preview["fingerprint"].as_str().unwrap();
        let recorded = self
            .ask(&format!("fingerprint={fingerprint}"), decision)
            .await;
        recorded.created()["id"].as_i64().unwrap()
    }

    pub async fn open(&self, lines: &[Value]) -> i64 {
        self.record(&decision(None, lines)).await
    }

    pub async fn decide(&self, on: &str, lines: &[Value]) -> i64 {
        self.record(&decision(Some(on), lines)).await
    }

    async fn version(&self, id: i64) -> String {
        let read = self
            .remote
            .get(&format!("/reorganisations/{id}"))
            .await
            .ok();
        format!("\"{}\"", read["version"])
    }

    pub async fn ask_to_annul(&self, id: i64, query: &str) -> Answer {
        let path = format!("/reorganisations/{id}:annul?{query}");
        let call = self.remote.post(&path, &json!({"reason": "Ghi nhầm"}));
        let call = call.header("if-match", &self.version(id).await);
        self.key(call).await
    }

    pub async fn annul(&self, id: i64) {
        let preview = self.ask_to_annul(id, "dry_run=true").await.ok();
        let fingerprint = preview["fingerprint"].as_str().unwrap();
        let annulled = self
            .ask_to_annul(id, &format!("fingerprint={fingerprint}"))
            .await
            .ok();
        assert_eq!(annulled["state"], "annulled");
    }

    pub async fn ask_to_correct(&self, id: i64, query: &str, decision: &Value) -> Answer {
        let path = format!("/reorganisations/{id}?{query}");
        let call = self
            .remote
            .call(Method::PUT, &path)
            .json(&self.documented(decision));
        call.header("if-match", &self.version(id).await).await
    }

    pub async fn correct(&self, id: i64, decision: &Value) {
        let preview = self.ask_to_correct(id, "dry_run=true", decision).await.ok();
        let query = format!("fingerprint={}", preview["fingerprint"].as_str().unwrap());
        self.ask_to_correct(id, &query, decision).await.ok();
    }

    pub async fn draft_reversal(&self, id: i64, on: &str) -> Answer {
        let path = format!("/reorganisations/{id}:draft_reversal?effective_on={on}");
        self.remote.get(&path).await
    }

    pub async fn unit(&self, code: &str, on: &str) -> Value {
        self.remote
            .get(&format!("/units/code:{code}?as_of={on}"))
            .await
            .ok()
    }

    /// The code of the unit above.
    pub async fn parent(&self, code: &str, on: &str) -> String {
        let unit = self.unit(code, on).await;
        unit["parent"]["code"].as_str().unwrap().to_owned()
    }

    pub async fn name(&self, code: &str, on: &str) -> String {
        self.unit(code, on).await["name"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn lives(&self, code: &str) -> Value {
        self.remote.get(&format!("/units/code:{code}")).await.ok()["lives"].clone()
    }

    /// The codes of what the unit is today.
    pub async fn today(&self, code: &str) -> Vec<String> {
        let unit = self.remote.get(&format!("/units/code:{code}")).await.ok();
        let units = unit["today"].as_array().unwrap().iter();
        let mut codes: Vec<String> = units
            .map(|unit| unit["code"].as_str().unwrap().to_owned())
            .collect();
        codes.sort();
        codes
    }

    /// All that is there to be read of the tree: what a refused change must leave alone.
    pub async fn everything(&self) -> (String, Vec<Value>, Vec<Value>) {
        let revision = self.remote.get("/units?limit=1").await;
        let revision = revision.header("tree-revision").unwrap().to_owned();
        let mut units = Vec::new();
        for on in [
            "1900-01-01",
            "2020-01-01",
            "2022-01-01",
            "2025-07-01",
            "2999-12-31",
        ] {
            units.extend(self.remote.all(&format!("/units?as_of={on}")).await);
        }
        (revision, units, self.remote.all("/reorganisations").await)
    }
}

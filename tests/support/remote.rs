//! The service as its callers see it.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::{Call, Pass};

/// The address of a service, and a client for it.
#[derive(Clone)]
pub struct Remote {
    pub address: String,
    client: reqwest::Client,
    /// Nobody's without one.
    pass: Option<Pass>,
}

/// Uses no connection again that has been idle for as long as the service keeps one (five seconds): a test
/// that held up the thread which both run on would send into one that is being closed.
fn client() -> reqwest::Client {
    let idle = Duration::from_secs(3);
    let client = reqwest::Client::builder().pool_idle_timeout(idle);
    client.build().unwrap()
}

impl Remote {
    pub fn at(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            client: client(),
            pass: None,
        }
    }

    /// The same service, for somebody who is signed in.
    pub fn with(&self, pass: Pass) -> Self {
        Self {
            pass: Some(pass),
            ..self.clone()
        }
    }

    /// The same service, for nobody.
    pub fn anonymous(&self) -> Self {
        Self {
            pass: None,
            ..self.clone()
        }
    }

    /// How the caller proves who they are.
    pub fn pass(&self) -> &Pass {
        self.pass.as_ref().expect("nobody is signed in")
    }

    /// The header of a request that is written by hand, with its end of line.
    pub fn authorization(&self) -> String {
        format!("Authorization: Bearer {}\r\n", self.pass().token())
    }

    /// A request that may stay without an answer.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("http://{}{path}", self.address));
        match &self.pass {
            Some(pass) => request.bearer_auth(pass.token()),
            None => request,
        }
    }

    /// A call to an address under `/api/v1`.
    pub fn call(&self, method: Method, path: &str) -> Call {
        self.call_root(method, &format!("/api/v1{path}"))
    }

    /// A call to an address at the root.
    pub fn call_root(&self, method: Method, path: &str) -> Call {
        Call::new(self.request(method, path))
    }

    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: &Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    /// A merge patch of what was read as `version`.
    pub fn patch(&self, path: &str, version: i64, body: &Value) -> Call {
        self.call(Method::PATCH, path)
            .header("if-match", &format!("\"{version}\""))
            .header("content-type", "application/merge-patch+json")
            .body(body.to_string())
    }

    pub fn delete(&self, path: &str, version: i64) -> Call {
        self.call(Method::DELETE, path)
            .header("if-match", &format!("\"{version}\""))
    }

    pub fn get_root(&self, path: &str) -> Call {
        self.call_root(Method::GET, path)
    }

    /// Whether it says that it can serve.
    pub async fn is_ready(&self) -> bool {
        self.get_root("/health/ready").await.status.is_success()
    }

    /// Every item of a list, page by page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("{path}{joint}limit=200{cursor}")).await;
            let mut page = page.ok();
            items.append(page["items"].as_array_mut().unwrap());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// How many entries of reference data there are: a new database tells of each in one event.
    pub async fn seeded(&self) -> usize {
        let mut seeded = 0;
        for catalogue in [
            "unit_kinds",
            "activity_kinds",
            "award_titles",
            "measures",
            "return_forms",
        ] {
            seeded += self.all(&format!("/{catalogue}")).await.len();
        }
        seeded
    }

    /// Every event up to position `end`; fewer where the feed ends before and stays there.
    pub async fn events_to(&self, end: i64) -> Vec<Value> {
        let mut events = Vec::new();
        let mut after = 0;
        while after < end {
            let page = self
                .get(&format!("/events?after={after}&limit=200&wait=5"))
                .await;
            let mut page = page.ok();
            let items = page["items"].as_array_mut().unwrap();
            if items.is_empty() {
                break;
            }
            events.append(items);
            after = page["after"].as_i64().unwrap();
        }
        events
    }
}

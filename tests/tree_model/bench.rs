//! One change after the other, put to the server and to the model.

use chrono::NaiveDate;
use reqwest::Method;
use serde_json::{Value, json};

use super::generate::{Change, Generator, content, operation};
use super::kinds::day;
use super::model::{Model, Refusal, effective_on};
use super::tally::Tally;
use crate::support::{Answer, App, Call, tell};

/// A decision that the server has not numbered yet.
const NEW: i64 = 0;

pub struct Bench<'a> {
    pub app: &'a App,
    pub model: Model,
    pub generator: Generator,
    pub tally: Tally,
    document: Value,
    keys: usize,
    annulled: Vec<i64>,
    /// What a failed run was about to do.
    trying: String,
}

/// A change as a request: address, content, and the version it was made for.
struct Wish {
    method: Method,
    path: String,
    body: Value,
    version: Option<i64>,
}

impl<'a> Bench<'a> {
    pub async fn new(app: &'a App, seed: u64) -> Self {
        let document = json!({"number": "1/QĐ", "title": "Thử"});
        let document = app.post("/documents", &document).await.created();
        Self {
            app,
            model: Model::default(),
            generator: Generator::new(seed),
            tally: Tally::default(),
            document: document["id"].clone(),
            keys: 0,
            annulled: Vec::new(),
            trying: String::new(),
        }
    }

    pub async fn step(&mut self) {
        match self.generator.change(&self.model) {
            Change::Record(content) => {
                self.record(content).await;
            }
            Change::Correct(id, content) => {
                self.correct(id, content).await;
            }
            Change::Annul(id) => {
                self.annul(id).await;
            }
            Change::Reverse(id, on) => self.reverse(id, on).await,
        }
        if self.generator.chance(0.05) {
            self.annul_again().await;
        }
    }

    pub async fn record(&mut self, content: Value) -> bool {
        let mut after = self.model.clone();
        let verdict = after.try_record(NEW, &content);
        let wish = Wish {
            method: Method::POST,
            path: "/reorganisations".to_owned(),
            body: self.dress(&content),
            version: None,
        };
        self.tally.decision(&content, verdict.is_ok());
        self.put_to(wish, verdict, after).await
    }

    async fn correct(&mut self, id: i64, content: Value) -> bool {
        let mut after = self.model.clone();
        let verdict = after.try_correct(id, &content);
        let wish = Wish {
            method: Method::PUT,
            path: format!("/reorganisations/{id}"),
            body: self.dress(&content),
            version: Some(self.version(id).await),
        };
        self.tally.decision(&content, verdict.is_ok());
        self.tally.see("corrections", usize::from(verdict.is_ok()));
        self.put_to(wish, verdict, after).await
    }

    pub async fn annul(&mut self, id: i64) -> bool {
        let mut after = self.model.clone();
        let verdict = after.try_annul(id);
        let wish = self.annulment(id).await;
        self.tally.see("annulments", usize::from(verdict.is_ok()));
        let is_done = self.put_to(wish, verdict, after).await;
        if is_done {
            self.annulled.push(id);
        }
        is_done
    }

    async fn annulment(&self, id: i64) -> Wish {
        Wish {
            method: Method::POST,
            path: format!("/reorganisations/{id}:annul"),
            body: json!({"reason": "Ghi nhầm"}),
            version: Some(self.version(id).await),
        }
    }

    async fn annul_again(&mut self) {
        let Some(id) = self.generator.pick(&self.annulled) else {
            return;
        };
        let wish = self.annulment(id).await;
        let answer = self.send(&wish, "dry_run=true").await;
        answer.problem(409, "already_annulled");
        self.tally.see("already_annulled", 1);
    }

    async fn reverse(&mut self, id: i64, on: NaiveDate) {
        let address = |on| format!("/reorganisations/{id}:draft_reversal?effective_on={on}");
        self.trying = format!("GET {}", address(on));
        if let Some(begun) = self.model.decision(id).content["effective_on"].as_str() {
            let answer = self.app.get(&address(day(begun))).await;
            assert_eq!(
                answer.problem(422, "invalid")["errors"][0]["code"],
                "reversal_too_early"
            );
        }
        let draft = self.app.get(&address(on)).await.ok();
        assert_eq!(draft["effective_on"], json!(on));
        let lines = draft["lines"].as_array().unwrap().clone();
        let short = |lines: &[Value]| {
            let lines = lines
                .iter()
                .map(|line| format!("{} {}", line["op"], line["unit"]));
            let mut lines: Vec<String> = lines.collect();
            lines.sort();
            lines
        };
        let expected = self.model.draft_reversal(id, on);
        assert_eq!(
            short(&lines),
            short(&expected),
            "of {id} from {on}\n{expected:?}"
        );
        let before = self.model.clone();
        if self.record(content(on, lines)).await {
            let units = before.check_reversal(&self.model, id, on);
            self.tally.see("reversals", 1);
            self.tally.see("units reversed", units);
        }
    }

    /// What the tree does not depend on is sent as well.
    fn dress(&mut self, content: &Value) -> Value {
        let mut body = content.clone();
        body["document_id"] = self.document.clone();
        body["note"] = json!(self.generator.pick(&[None, Some("Ghi chú")]));
        if !body["effective_on"].is_null() {
            let precision = self.generator.pick(&["day", "month", "year", "by"]);
            body["effective_precision"] = json!(precision);
        }
        for line in body["lines"].as_array_mut().unwrap() {
            line["inferred"] = json!(self.generator.chance(0.2));
        }
        body
    }

    async fn version(&self, id: i64) -> i64 {
        let decision = self.app.get(&format!("/reorganisations/{id}")).await.ok();
        decision["version"].as_i64().unwrap()
    }

    async fn send(&mut self, wish: &Wish, query: &str) -> Answer {
        let address = format!("{}?{query}", wish.path);
        self.trying = format!("{} {address} {}", wish.method, wish.body);
        let mut call: Call = self
            .app
            .call(wish.method.clone(), &address)
            .json(&wish.body);
        if let Some(version) = wish.version {
            call = call.header("if-match", &format!("\"{version}\""));
        }
        if wish.method == Method::POST {
            self.keys += 1;
            call = call.key(&format!("tree-{}", self.keys));
        }
        call.await
    }

    /// Tries a change, then does it; answers whether it was accepted, as the model says it is.
    async fn put_to(&mut self, wish: Wish, verdict: Result<(), Refusal>, mut after: Model) -> bool {
        let revision = self.revision().await;
        let tried = self.send(&wish, "dry_run=true").await;
        if let Err(refusal) = verdict {
            self.tally.refusal(&refusal);
            check_refusal(&tried, &refusal);
            if self.generator.chance(0.2) {
                let answer = self.send(&wish, "fingerprint=invented").await;
                assert!(answer.status.is_client_error(), "{}", answer.text);
            }
            assert_eq!(self.revision().await, revision, "a refused change counts");
            self.compare_on_occasion(0.03).await;
            return false;
        }
        let preview = tried.ok();
        assert_eq!(self.revision().await, revision, "a preview counts");
        self.check_preview(&preview, &after);
        if self.generator.chance(0.05) {
            self.compare_on_occasion(1.0).await;
            self.send(&wish, "").await.problem(428, "preview_required");
            let other = self.send(&wish, "fingerprint=invented").await;
            let other = other.problem(412, "preview_outdated");
            assert_eq!(other["params"]["preview"], preview);
        }
        let fingerprint = preview["fingerprint"].as_str().unwrap();
        let done = self
            .send(&wish, &format!("fingerprint={fingerprint}"))
            .await;
        let is_new = wish.path == "/reorganisations";
        let decision = done.is(if is_new { 201 } else { 200 });
        after.give_id(NEW, decision["id"].as_i64().unwrap());
        self.check_decision(&decision, &after);
        self.model = after;
        assert_eq!(self.revision().await, revision + 1);
        self.tally.see("changes accepted", 1);
        self.compare_on_occasion(0.04).await;
        true
    }

    async fn compare_on_occasion(&mut self, share: f64) {
        if self.generator.chance(share) {
            self.compare_all().await;
        } else {
            self.compare_some().await;
        }
    }

    pub async fn revision(&self) -> i64 {
        let answer = self.app.get("/units?limit=1").await;
        answer.ok();
        answer.header("tree-revision").unwrap().parse().unwrap()
    }

    fn check_preview(&self, preview: &Value, after: &Model) {
        let expected = self.model.changes(after);
        let units = preview["units"].as_array().unwrap();
        let told: Vec<&str> = units
            .iter()
            .map(|unit| unit["code"].as_str().unwrap())
            .collect();
        let codes: Vec<&String> = expected.keys().collect();
        assert_eq!(told, codes, "the units of the preview");
        assert_eq!(preview["units_total"], codes.len());
        for (unit, (code, (before, after))) in units.iter().zip(&expected) {
            assert_eq!(&unit["before"], before, "{code} before");
            assert_eq!(&unit["after"], after, "{code} after");
        }
    }

    fn check_decision(&self, decision: &Value, after: &Model) {
        let id = decision["id"].as_i64().unwrap();
        let ours = after.decision(id);
        assert_eq!(decision["effective_on"], ours.content["effective_on"]);
        assert_eq!(decision["day_seq"], ours.day_seq, "{decision}");
        let state = match ours {
            ours if ours.is_annulled => "annulled",
            ours if effective_on(&ours.content) > day("2026-01-15") => "planned",
            _ => "in_effect",
        };
        assert_eq!(decision["state"], state);
        let lines = decision["lines"].as_array().unwrap().iter();
        let told: Vec<&str> = lines.map(operation).collect();
        let lines: Vec<&str> = ours.lines().iter().map(operation).collect();
        assert_eq!(told, lines);
    }

    /// Annuls decisions in any order until none is left: the last can always go.
    pub async fn annul_all(&mut self) {
        loop {
            let standing: Vec<i64> = self.model.in_order().iter().map(|d| d.id).collect();
            let Some(last) = standing.last() else { break };
            let id = if self.generator.chance(0.5) {
                *last
            } else {
                self.generator.pick(&standing).unwrap()
            };
            self.annul(id).await;
        }
        self.compare_all().await;
        self.model.forget();
        self.app
            .get("/units/code:t")
            .await
            .problem(404, "not_found");
    }
}

impl Drop for Bench<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tell(&format!("the list:\n{}", self.model));
            tell(&format!("while trying {}", self.trying));
        }
    }
}

/// The server names the first line that fails, and of its broken conditions only such as are broken.
fn check_refusal(answer: &Answer, refusal: &Refusal) {
    let place = match refusal.line {
        Some(line) => format!("/lines/{line}"),
        None => String::new(),
    };
    let agrees = |error: &Value| {
        let pointer = error["pointer"].as_str().unwrap();
        let rest = pointer.strip_prefix(&place);
        let is_there = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_there && refusal.codes.contains(error["code"].as_str().unwrap())
    };
    if refusal.is_later {
        let problem = answer.problem(409, "later_decision_depends");
        let params = &problem["params"];
        assert_eq!(
            params["reorganisation_id"], refusal.decision,
            "{problem}\n{refusal:?}"
        );
        assert_eq!(
            params["line"].as_u64().map(|line| line as usize),
            refusal.line,
            "{problem}"
        );
        assert!(agrees(params), "{problem}\n{refusal:?}");
    } else {
        let problem = answer.problem(422, "invalid");
        let errors = problem["errors"].as_array().unwrap();
        assert!(
            !errors.is_empty() && errors.iter().all(agrees),
            "{problem}\n{refusal:?}"
        );
    }
}

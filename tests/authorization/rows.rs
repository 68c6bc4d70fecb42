//! The table itself: how each operation is called, and what it asks for.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use super::actors::Actor;
use super::oracle::Demand;
use super::world::{Mend, Thing, World};
use crate::support::Call;

/// Where an operation is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// It is about no place.
    Once,
    /// Each place, the whole federation among them.
    Places,
    Units,
}

/// What a call is made of.
pub struct Cell<'a> {
    pub world: &'a World,
    pub actor: &'a Actor,
    pub thing: &'a Thing,
}

impl Cell<'_> {
    pub fn get(&self, path: &str) -> Call {
        self.actor.call(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: &Value) -> Call {
        self.actor.call(Method::POST, path).json(body)
    }

    /// A form of OAuth.
    pub fn form(&self, path: &str) -> Call {
        let call = self.actor.call(Method::POST, path);
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        call.body("token=none")
    }

    /// A write of whatever version there is.
    pub fn act(&self, method: Method, path: &str) -> Call {
        self.actor.call(method, path).header("if-match", "*")
    }

    pub fn patch(&self, path: &str, body: &Value) -> Call {
        let call = self.act(Method::PATCH, path);
        let call = call.header("content-type", "application/merge-patch+json");
        call.body(body.to_string())
    }

    /// A write of a version that never was: refused last of all, and nothing is changed.
    pub fn late(&self, method: Method, path: &str) -> Call {
        let call = self.actor.call(method, path);
        call.header("if-match", "\"999\"")
    }

    pub fn late_patch(&self, path: &str, body: &Value) -> Call {
        let call = self.late(Method::PATCH, path);
        let call = call.header("content-type", "application/merge-patch+json");
        call.body(body.to_string())
    }
}

/// A way to call an operation.
pub struct Row {
    /// As it is documented: method and path.
    pub operation: &'static str,
    pub at: At,
    pub demands: &'static [Demand],
    /// What it answers to who is let in; so that it is known that they were.
    pub reached: &'static [u16],
    pub call: fn(&Cell<'_>) -> Call,
    pub mend: Mend,
}

impl Row {
    pub fn once(
        operation: &'static str,
        demands: &'static [Demand],
        reached: &'static [u16],
        call: fn(&Cell<'_>) -> Call,
    ) -> Self {
        Self {
            operation,
            at: At::Once,
            demands,
            reached,
            call,
            mend: Mend::Nothing,
        }
    }

    pub fn places(
        operation: &'static str,
        demands: &'static [Demand],
        reached: &'static [u16],
        call: fn(&Cell<'_>) -> Call,
    ) -> Self {
        Self {
            at: At::Places,
            ..Self::once(operation, demands, reached, call)
        }
    }

    pub fn units(
        operation: &'static str,
        demands: &'static [Demand],
        reached: &'static [u16],
        call: fn(&Cell<'_>) -> Call,
    ) -> Self {
        Self {
            at: At::Units,
            ..Self::once(operation, demands, reached, call)
        }
    }

    pub fn mended(self, mend: Mend) -> Self {
        Self { mend, ..self }
    }
}

/// Fails with the names of what is in one and not in the other.
pub fn check_complete(rows: &[Row], document: &Value) {
    let paths = document["paths"].as_object().unwrap();
    let documented: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let named: BTreeSet<String> = rows.iter().map(|row| row.operation.to_owned()).collect();
    let missing: Vec<_> = documented.difference(&named).collect();
    assert!(
        missing.is_empty(),
        "not in the authorization table: {missing:?}"
    );
    let unknown: Vec<_> = named.difference(&documented).collect();
    assert!(unknown.is_empty(), "not documented: {unknown:?}");
}

//! The published document: its frame, and what every operation shares.
//!
//! utoipa collects what stands on the handlers. What OpenAPI can't inherit is added by [`rules`] over
//! the collected operations: a failure that any operation of a sort may give is given to all of them,
//! and none is written by hand.
//!
//! The document leaves here as JSON, because its last pass mends what utoipa does to generic types.

mod files;
mod rules;

use serde_json::{Map, Value, json};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{HttpMethod, OpenApi, PathItem};
use utoipa::{Modify, OpenApi as Derive};

use crate::http::oauth_error::OAuthError;
use crate::http::problem::{ProblemBody, ProblemField};
use crate::routes;

#[derive(Derive)]
#[openapi(
    info(
        title = "Liendoan",
        description = "The record system of a trade-union federation: an organisation whose tree has dates, \
            and what its units did.\n\nDays are half-open: `from` is the first day on which something holds, \
            `to` the first on which it no longer does; null is an open end. Instants are RFC 3339 in UTC. \
            Lists go by cursor. Whatever changes something that exists needs `If-Match`; every POST takes \
            an `Idempotency-Key`, but those that answer a secret. Failures are `application/problem+json` (RFC 9457) with a stable `code`; \
            all codes stand at `/docs/errors`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    security(("access_token" = [])),
    servers((url = "/", description = "This service")),
    tags(
        (name = "account", description = "One's own account: sign-in, sessions, password, second factor."),
        (name = "saved_filters", description = "Filters of lists that one keeps under a name, for oneself."),
        (name = "accounts", description = "Accounts of people: invited, locked, reset; and what somebody may do where."),
        (name = "grants", description = "Roles given to accounts on units, from a day to a day."),
        (name = "roles", description = "Named sets of permissions, built in and one's own."),
        (name = "service_accounts", description = "Accounts of other systems, with their secrets."),
        (name = "oauth", description = "Access tokens for other systems (OAuth 2.0, client credentials)."),
        (name = "audit", description = "Who did what, from where, before and after."),
        (name = "unit_kinds", description = "Kinds of unit as dated reference data: their levels, and which may stand under which."),
        (name = "activity_kinds", description = "Kinds of activity as dated reference data, by field of work."),
        (name = "award_titles", description = "Award titles as dated reference data: what they are, who issues them, who is given them."),
        (name = "measures", description = "Measures as dated reference data: of what figures are, how they add up, and which records tell them."),
        (name = "return_forms", description = "Forms of returns as dated reference data: by which decision, for whom, with which measures."),
        (name = "documents", description = "Decisions, laws and other papers that reorganisations and records rest on."),
        (name = "units", description = "The units of the federation on any day: what they are, where they stand, what is below them."),
        (name = "reorganisations", description = "Decisions about the tree, the only way to change it: previewed, recorded, corrected, annulled, reversed."),
        (name = "clusters", description = "Emulation clusters and blocks: peers that are compared with each other for a period."),
        (name = "activities", description = "What units did, or plan to do: recorded, approved step by step, listed in the tree of then and of now."),
        (name = "campaigns", description = "Themes of the year, emulation drives, programmes: by a unit for all under it. Approved ones are for everybody who reads records."),
        (name = "awards", description = "Award proposals and awards, with their decision and ceremony; who is given one is shown to those alone who may read personal data."),
        (name = "agreements", description = "Collective agreements, benefits for members, coordination programmes: signed, holding, running out."),
        (name = "inspections", description = "Inspections and working visits: who visited whom, what was found and concluded, what is to be done."),
        (name = "returns", description = "Returns: what a unit reports in figures, in a form or outside one, for itself and for all under it."),
        (name = "partners", description = "Bodies outside the union with which units do things, kept once."),
        (name = "records", description = "What all records have in common: their steps up to an approval, versions, history, and what waits for me."),
        (name = "period_locks", description = "Periods that a unit has closed for what stands under it, and who is let in for a time."),
        (name = "numbers", description = "What the records under a unit come to: totals in the tree of then and of now, and of what each is made."),
        (name = "events", description = "The change feed, for systems that keep a copy."),
        (name = "operations", description = "Running the service."),
    ),
    components(schemas(ProblemBody, ProblemField, OAuthError)),
    modifiers(&Security),
)]
struct Base;

/// How callers prove who they are.
struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut OpenApi) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "An access token: of `/api/v1/sessions` for people, of `/oauth/token` for other systems",
            ))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("access_token", SecurityScheme::Http(token));
    }
}

/// The whole document.
pub fn document() -> Value {
    let mut document = serde_json::to_value(collected()).unwrap_or_default();
    let schemas = document["components"]["schemas"].clone();
    if let Some(schemas) = schemas.as_object() {
        refer(&mut document["paths"], schemas);
        for (name, schema) in schemas {
            refer_below(&mut document["components"]["schemas"][name], schemas);
            if let Some(example) = example_of(schema, schemas) {
                document["components"]["schemas"][name]["example"] = example;
            }
        }
    }
    document
}

/// As it is printed, served and committed.
pub fn printed() -> String {
    format!("{:#}\n", document())
}

/// Puts a reference where a schema is spelt out that has a name: utoipa inlines the arguments of
/// generic types, so that a client generator would make a type of its own for each.
fn refer(value: &mut Value, schemas: &Map<String, Value>) {
    let named = schemas
        .iter()
        .find(|(_, schema)| is_worth_naming(schema) && *schema == value);
    if let Some((name, _)) = named {
        *value = json!({ "$ref": format!("#/components/schemas/{name}") });
    } else {
        refer_below(value, schemas);
    }
}

fn refer_below(value: &mut Value, schemas: &Map<String, Value>) {
    match value {
        Value::Object(members) => members.values_mut().for_each(|v| refer(v, schemas)),
        Value::Array(items) => items.iter_mut().for_each(|v| refer(v, schemas)),
        _ => {}
    }
}

/// Small schemas, such as those of a text, are the same by chance.
fn is_worth_naming(schema: &Value) -> bool {
    schema["properties"]
        .as_object()
        .is_some_and(|properties| properties.len() > 1)
}

/// A schema's example: its own, or one that is made of those of its parts.
fn example_of(schema: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    let own = schema.get("example").cloned();
    own.or_else(|| example_of_page(schema, schemas))
        .or_else(|| example_of_record(schema, schemas))
}

/// The schema that is meant, by its name or spelt out.
fn named<'a>(schema: &Value, schemas: &'a Map<String, Value>) -> Option<&'a Value> {
    let name = schema["$ref"]
        .as_str()
        .and_then(|name| name.rsplit('/').next());
    let named = name.and_then(|name| schemas.get(name));
    named.or_else(|| schemas.values().find(|s| *s == schema))
}

/// A record's example is its head's, with its content's.
fn example_of_record(schema: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    let parts = schema["allOf"].as_array()?;
    let content = parts
        .iter()
        .find_map(|part| part["properties"].get("content"))?;
    let mut example = parts
        .iter()
        .find_map(|part| named(part, schemas)?.get("example"))?
        .clone();
    example["content"] = named(content, schemas)?.get("example")?.clone();
    Some(example)
}

/// A page's example is made of its item's.
fn example_of_page(schema: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    let parts = schema["properties"].as_object()?;
    let is_list =
        |name: &String| ["items", "next_cursor", "total", "by_state"].contains(&name.as_str());
    if !parts.keys().all(is_list) {
        return None;
    }
    let item = named(&schema["properties"]["items"]["items"], schemas)?;
    let example = example_of(item, schemas)?;
    Some(if parts.contains_key("next_cursor") {
        json!({ "items": [example], "next_cursor": null })
    } else {
        json!({ "items": [example] })
    })
}

fn collected() -> OpenApi {
    let mut document = Base::openapi();
    document.merge(routes::all().split_for_parts().1);
    for path in document.paths.paths.values_mut() {
        let shared = path.parameters.take();
        for (method, operation) in operations(path) {
            if let Some(shared) = &shared {
                operation
                    .parameters
                    .get_or_insert_default()
                    .extend(shared.clone());
            }
            rules::complete(&method, operation);
        }
    }
    let components = document.components.get_or_insert_default();
    components.responses.extend(rules::failures());
    document
}

/// Paths with their methods, as routers name them.
pub fn routes() -> Vec<(String, Vec<&'static str>)> {
    let methods = |item: &PathItem| {
        let mut item = item.clone();
        operations(&mut item)
            .map(|(method, _)| name_of(&method))
            .collect()
    };
    let document = collected();
    let paths = document.paths.paths.iter();
    paths
        .map(|(path, item)| (path.clone(), methods(item)))
        .collect()
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, &mut path.get),
        (HttpMethod::Post, &mut path.post),
        (HttpMethod::Put, &mut path.put),
        (HttpMethod::Patch, &mut path.patch),
        (HttpMethod::Delete, &mut path.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn name_of(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Head => "HEAD",
        HttpMethod::Trace => "TRACE",
    }
}

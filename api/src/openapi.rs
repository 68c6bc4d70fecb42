//! The published document: its frame, and what every operation shares.
//!
//! utoipa collects what stands on the handlers. What OpenAPI can't inherit is added here by rules over
//! the collected operations: a failure that any operation of a sort may give is given to all of them,
//! and none is written by hand.
//!
//! The document leaves here as JSON, because its last pass mends what utoipa does to generic types.

use serde_json::{Map, Value, json};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::{
    ContentBuilder, HttpMethod, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Required,
    ResponseBuilder, Type,
};
use utoipa::{OpenApi as Derive, PartialSchema};
use utoipa_actix_web::{AppExt, scope};

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
            an `Idempotency-Key`. Failures are `application/problem+json` (RFC 9457) with a stable `code`; \
            all codes stand at `/docs/errors`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    // Until accounts exist nothing is asked for.
    security(()),
    servers((url = "/", description = "This service")),
    tags(
        (name = "unit_kinds", description = "Kinds of unit as dated reference data: their levels, and which may stand under which."),
        (name = "events", description = "The change feed, for systems that keep a copy."),
        (name = "operations", description = "Running the service."),
    ),
    components(schemas(ProblemBody, ProblemField)),
)]
struct Base;

/// The whole document.
pub fn document() -> Value {
    let mut document = serde_json::to_value(collected()).unwrap_or_default();
    let schemas = document["components"]["schemas"].clone();
    if let Some(schemas) = schemas.as_object() {
        refer(&mut document["paths"], schemas);
        for (name, schema) in schemas {
            refer_below(&mut document["components"]["schemas"][name], schemas);
            let example = example_of_page(schema, schemas);
            if let Some(example) = example {
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

/// A page's example is made of its item's.
fn example_of_page(schema: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    schema["properties"].get("next_cursor")?;
    let item = &schema["properties"]["items"]["items"];
    let example = schemas.values().find(|s| *s == item)?.get("example")?;
    Some(json!({ "items": [example], "next_cursor": null }))
}

fn collected() -> OpenApi {
    let (_, mut document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .service(scope::scope("/api/v1").configure(routes::api))
        .configure(routes::root)
        .split_for_parts();
    for path in document.paths.paths.values_mut() {
        let shared = path.parameters.take();
        for (method, operation) in operations(path) {
            if let Some(shared) = &shared {
                operation
                    .parameters
                    .get_or_insert_default()
                    .extend(shared.clone());
            }
            complete(method, operation);
        }
    }
    let components = document.components.get_or_insert_default();
    for (status, description) in FAILURES {
        components
            .responses
            .insert(failure_name(*status), failure(description));
    }
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

/// Failures by status, with what they mean here.
const FAILURES: &[(u16, &str)] = &[
    (
        400,
        "The request can't be read: malformed JSON, an unknown or unreadable parameter, a cursor of another list",
    ),
    (403, "The caller lacks the permission"),
    (404, "There is nothing here that the caller may see"),
    (409, "In conflict with the present state"),
    (
        412,
        "It was changed since it was read; `params.current_version` and the ETag tell the present version",
    ),
    (
        413,
        "The body is larger than allowed; `params.max_bytes` tells the limit",
    ),
    (
        415,
        "The body is of another media type than this operation reads",
    ),
    (
        422,
        "Read well, but refused; `errors` names each place with a code",
    ),
    (428, "If-Match is missing"),
    (
        500,
        "Something went wrong on our side; `request_id` finds it in the log",
    ),
    (
        503,
        "Busy, being stopped, or the database is away; try again after `Retry-After` seconds",
    ),
    (507, "The disk is full; nothing was written"),
];

fn failure_name(status: u16) -> String {
    format!("Failure{status}")
}

fn failure(description: &str) -> RefOr<utoipa::openapi::Response> {
    let example = <ProblemBody as PartialSchema>::schema();
    let example = match example {
        RefOr::T(utoipa::openapi::Schema::Object(object)) => object.example,
        _ => None,
    };
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(example)
        .build();
    RefOr::T(
        ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", content)
            .header("X-Request-Id", text_header("Names the request in the log"))
            .build(),
    )
}

fn text_header(description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some(description))
        .build()
}

/// Gives an operation what follows from its sort.
fn complete(method: HttpMethod, operation: &mut Operation) {
    let is_operational = operation
        .tags
        .as_ref()
        .is_some_and(|tags| tags.iter().any(|t| t == "operations"));
    let has = |place: ParameterIn| {
        let parameters = operation.parameters.iter().flatten();
        parameters
            .filter(|p| matches!(p, RefOr::T(p) if p.parameter_in == place))
            .count()
            > 0
    };
    let (has_id, has_query) = (has(ParameterIn::Path), has(ParameterIn::Query));
    let is_list = operation
        .operation_id
        .as_ref()
        .is_some_and(|id| id.starts_with("list_"));
    let mut statuses = vec![400, 500, 503];
    if !is_operational {
        statuses.push(403);
    }
    if has_id {
        statuses.push(404);
    }
    if operation.request_body.is_some() {
        statuses.extend([413, 415, 422]);
    }
    let mut header = |name: &str, required: bool, description: &str, example: &str| {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(if required {
                Required::True
            } else {
                Required::False
            })
            .description(Some(description))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .example(Some(example.into()))
            .build();
        operation
            .parameters
            .get_or_insert_default()
            .push(parameter.into());
    };
    match method {
        HttpMethod::Post => {
            let is_batch = operation
                .operation_id
                .as_ref()
                .is_some_and(|id| id.starts_with("batch_"));
            header(
                "Idempotency-Key",
                is_batch,
                "A name for this request, new for each: sent again with it, it is answered as the first time and done once. 1 to 255 visible ASCII characters, remembered for 72 hours",
                "8e03978e-40d5-43dd-bc93-6894a57f9324",
            );
            statuses.extend([409, 507]);
        }
        HttpMethod::Put | HttpMethod::Patch | HttpMethod::Delete => {
            header(
                "If-Match",
                true,
                "The ETag that was read; with another present version nothing changes",
                "\"1\"",
            );
            statuses.extend([409, 412, 428, 507]);
        }
        _ => {
            if has_id && has_query {
                header(
                    "If-None-Match",
                    false,
                    "The ETag of what the caller has: 304 if it is still so",
                    "\"1\"",
                );
            }
        }
    }
    statuses.sort_unstable();
    for status in statuses {
        let reference = Ref::from_response_name(failure_name(status));
        operation
            .responses
            .responses
            .insert(status.to_string(), RefOr::Ref(reference));
    }
    let sends_version = has_id || method == HttpMethod::Post;
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else {
            continue;
        };
        response.headers.insert(
            "X-Request-Id".to_owned(),
            text_header("Names the request in the log").into(),
        );
        if is_list && !is_operational {
            response.headers.insert(
                "Link".to_owned(),
                text_header("RFC 8288: `first`, and `next` where a page follows").into(),
            );
        }
        if sends_version && ["200", "201"].contains(&status.as_str()) {
            response.headers.insert(
                "ETag".to_owned(),
                text_header("The version, for If-Match").into(),
            );
        }
    }
    if method == HttpMethod::Get && has_id {
        let unchanged = ResponseBuilder::new()
            .description("The caller has the present version")
            .header("ETag", text_header("The version"))
            .build();
        operation
            .responses
            .responses
            .insert("304".to_owned(), RefOr::T(unchanged));
    }
}

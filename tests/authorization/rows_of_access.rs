//! Rows of what concerns accounts, roles, other systems and the service itself.

use reqwest::Method;
use serde_json::{Value, json};

use super::oracle::Demand::{Holds, HoldsOne, May, MayEverywhere, Nothing, Person, Sees, Writes};
use super::oracle::Spot::{Own, There};
use super::oracle::{CLERK, Demand};
use super::rows::{Cell, Row};
use super::world::Mend;

const READ: &str = "accounts:read";
const MANAGE: &str = "accounts:manage";
const SYSTEMS: &str = "service_accounts:manage";
/// The role of every account that is kept at a place, and that is given.
const ROLE: &str = "account_administrator";

const SEEN: &[Demand] = &[Sees(READ, There)];
const MANAGED: &[Demand] = &[Sees(MANAGE, There)];
/// Whoever lets somebody in could come in instead.
const OPENED: &[Demand] = &[Sees(MANAGE, There), Holds(ROLE, There)];
const KEPT: &[Demand] = &[Sees(SYSTEMS, There)];

fn account(cell: &Cell<'_>, rest: &str) -> String {
    format!("/api/v1/accounts/{}{rest}", cell.thing.account)
}

fn system(cell: &Cell<'_>, rest: &str) -> String {
    format!(
        "/api/v1/service_accounts/{}{rest}",
        cell.thing.service_account
    )
}

fn secret(cell: &Cell<'_>) -> String {
    system(cell, &format!("/secrets/{}", cell.thing.secret))
}

fn grant(cell: &Cell<'_>) -> String {
    format!("/api/v1/grants/{}", cell.thing.grant)
}

fn gift(cell: &Cell<'_>, account: i64) -> Value {
    json!({"account_id": account, "role": ROLE, "unit": cell.thing.unit})
}

/// A day after all that were given before.
fn later(cell: &Cell<'_>) -> String {
    let days = chrono::Days::new(cell.world.number() as u64);
    let start = chrono::NaiveDate::from_ymd_opt(2029, 1, 1).unwrap();
    start.checked_add_days(days).unwrap().to_string()
}

pub fn accounts() -> Vec<Row> {
    vec![
        Row::once("GET /api/v1/accounts", &[May(READ)], &[200], |c| {
            c.get("/api/v1/accounts")
        }),
        // A name that is taken is refused last.
        Row::places(
            "POST /api/v1/accounts",
            &[Writes(MANAGE, There)],
            &[409],
            |c| {
                c.post(
                    "/api/v1/accounts",
                    &json!({"name": "tester", "unit": c.thing.unit}),
                )
            },
        ),
        Row::places("GET /api/v1/accounts/{id}", SEEN, &[200], |c| {
            c.get(&account(c, ""))
        }),
        Row::places("PATCH /api/v1/accounts/{id}", MANAGED, &[412], |c| {
            c.late_patch(&account(c, ""), &json!({"display_name": "Ban Tổ chức"}))
        }),
        // From the own unit to the place.
        Row::places(
            "PATCH /api/v1/accounts/{id}",
            &[Sees(MANAGE, Own), Writes(MANAGE, There)],
            &[200],
            |c| {
                let path = format!("/api/v1/accounts/{}", c.thing.wanderer);
                c.patch(&path, &json!({"unit": c.thing.unit}))
            },
        )
        .mended(Mend::Wanderer),
        Row::places("GET /api/v1/accounts/{id}/rights", SEEN, &[200], |c| {
            c.get(&account(c, "/rights?unit=code:hn-d"))
        }),
        Row::places("GET /api/v1/accounts/{id}/sessions", SEEN, &[200], |c| {
            c.get(&account(c, "/sessions"))
        }),
        Row::places(
            "POST /api/v1/accounts/{id}/sessions:end",
            MANAGED,
            &[204],
            |c| c.act(Method::POST, &account(c, "/sessions:end")),
        ),
        Row::places("POST /api/v1/accounts/{id}:disable", MANAGED, &[412], |c| {
            c.late(Method::POST, &account(c, ":disable"))
        }),
        Row::places("POST /api/v1/accounts/{id}:invite", OPENED, &[200], |c| {
            c.act(Method::POST, &account(c, ":invite"))
        }),
        Row::places("POST /api/v1/accounts/{id}:lock", MANAGED, &[412], |c| {
            c.late(Method::POST, &account(c, ":lock"))
        }),
        Row::places("POST /api/v1/accounts/{id}:reset", OPENED, &[200], |c| {
            c.act(Method::POST, &account(c, ":reset")).json(&json!({}))
        }),
        // It is not locked.
        Row::places("POST /api/v1/accounts/{id}:unlock", OPENED, &[409], |c| {
            c.act(Method::POST, &account(c, ":unlock"))
        }),
        Row::once("GET /api/v1/grants", &[May(READ)], &[200], |c| {
            c.get("/api/v1/grants")
        }),
        Row::places("POST /api/v1/grants", OPENED, &[201], |c| {
            c.post("/api/v1/grants", &gift(c, c.thing.account))
        }),
        // To somebody of the own unit, at the place.
        Row::places(
            "POST /api/v1/grants",
            &[Sees(MANAGE, Own), Writes(MANAGE, There), Holds(ROLE, There)],
            &[201],
            |c| c.post("/api/v1/grants", &gift(c, c.world.receiver)),
        ),
        Row::places("GET /api/v1/grants/{id}", SEEN, &[200], |c| {
            c.get(&grant(c))
        }),
        Row::places("PATCH /api/v1/grants/{id}", OPENED, &[200], |c| {
            c.patch(&grant(c), &json!({"to": later(c)}))
        }),
        // To take away one need not hold it.
        Row::places("PATCH /api/v1/grants/{id}", MANAGED, &[412], |c| {
            c.late_patch(&grant(c), &json!({"to": "2027-01-01"}))
        }),
        Row::places("DELETE /api/v1/grants/{id}", MANAGED, &[412], |c| {
            c.late(Method::DELETE, &grant(c))
        }),
    ]
}

pub fn systems() -> Vec<Row> {
    vec![
        Row::once(
            "GET /api/v1/service_accounts",
            &[May(SYSTEMS)],
            &[200],
            |c| c.get("/api/v1/service_accounts?count=exact"),
        ),
        Row::places(
            "POST /api/v1/service_accounts",
            &[Writes(SYSTEMS, There), HoldsOne("events:read", There)],
            &[201],
            |c| {
                let content = json!({
                    "name": "Cổng", "unit": c.thing.unit, "scopes": ["events:read"], "valid_to": null
                });
                c.post("/api/v1/service_accounts", &content)
            },
        ),
        Row::places("GET /api/v1/service_accounts/{id}", KEPT, &[200], |c| {
            c.get(&system(c, ""))
        }),
        Row::places("PATCH /api/v1/service_accounts/{id}", KEPT, &[412], |c| {
            c.late_patch(&system(c, ""), &json!({"disabled": true}))
        }),
        Row::places("DELETE /api/v1/service_accounts/{id}", KEPT, &[412], |c| {
            c.late(Method::DELETE, &system(c, ""))
        }),
        Row::places(
            "GET /api/v1/service_accounts/{id}/secrets",
            KEPT,
            &[200],
            |c| c.get(&system(c, "/secrets")),
        ),
        // After two there is room for no more.
        Row::places(
            "POST /api/v1/service_accounts/{id}/secrets",
            &[
                May(SYSTEMS),
                Person,
                Sees(SYSTEMS, There),
                HoldsOne("events:read", There),
            ],
            &[201, 409],
            |c| c.act(Method::POST, &system(c, "/secrets")),
        ),
        Row::places(
            "DELETE /api/v1/service_accounts/{id}/secrets/{secret}",
            KEPT,
            &[412],
            |c| c.late(Method::DELETE, &secret(c)),
        ),
    ]
}

pub fn roles() -> Vec<Row> {
    const EDIT: &[Demand] = &[MayEverywhere("roles:edit")];
    const SEE: &[Demand] = &[May("reference_data:read")];
    vec![
        Row::once("GET /api/v1/permissions", SEE, &[200], |c| {
            c.get("/api/v1/permissions")
        }),
        Row::once("GET /api/v1/roles", SEE, &[200], |c| c.get("/api/v1/roles")),
        Row::once("GET /api/v1/roles/{code}", SEE, &[200], |c| {
            c.get(&format!("/api/v1/roles/{CLERK}"))
        }),
        Row::once("POST /api/v1/roles", EDIT, &[409], |c| {
            let content = json!({
                "code": CLERK, "name_vi": "Văn thư", "name_en": "Clerk", "permissions": ["roles:edit"]
            });
            c.post("/api/v1/roles", &content)
        }),
        Row::once("PATCH /api/v1/roles/{code}", EDIT, &[412], |c| {
            c.late_patch(
                &format!("/api/v1/roles/{CLERK}"),
                &json!({"name_en": "Writer"}),
            )
        }),
        Row::once("DELETE /api/v1/roles/{code}", EDIT, &[412], |c| {
            c.late(Method::DELETE, &format!("/api/v1/roles/{CLERK}"))
        }),
    ]
}

/// One's own account; the last row ends the actors' sessions.
pub fn own() -> Vec<Row> {
    const ME: &[Demand] = &[Person];
    vec![
        Row::once("GET /api/v1/account", ME, &[200], |c| {
            c.get("/api/v1/account")
        }),
        Row::once("PUT /api/v1/account/password", ME, &[422], |c| {
            let call = c.actor.call(Method::PUT, "/api/v1/account/password");
            call.json(&json!({"current": "none at all", "new": "bốn từ đứng cạnh nhau"}))
        }),
        Row::once("POST /api/v1/account/second_factor", ME, &[200], |c| {
            c.actor.call(Method::POST, "/api/v1/account/second_factor")
        }),
        Row::once(
            "POST /api/v1/account/second_factor:confirm",
            ME,
            &[409, 422],
            |c| {
                c.post(
                    "/api/v1/account/second_factor:confirm",
                    &json!({"code": "000000"}),
                )
            },
        ),
        Row::once(
            "POST /api/v1/account/second_factor:remove",
            ME,
            &[409, 422],
            |c| {
                let body = json!({"password": "none at all", "code": "000000"});
                c.post("/api/v1/account/second_factor:remove", &body)
            },
        ),
        Row::once("GET /api/v1/account/filters", ME, &[200], |c| {
            c.get("/api/v1/account/filters")
        }),
        Row::once("POST /api/v1/account/filters", ME, &[201], |c| {
            let name = format!("Bộ lọc {}", c.world.number());
            let filter = json!({"name": name, "list": "activities", "parameters": {}});
            c.post("/api/v1/account/filters", &filter)
        }),
        // The filter is the administrator's.
        Row::once(
            "PATCH /api/v1/account/filters/{id}",
            &[Person, Nothing],
            &[],
            |c| {
                let path = format!("/api/v1/account/filters/{}", c.world.filter);
                c.patch(&path, &json!({"name": "Của ai"}))
            },
        ),
        Row::once(
            "DELETE /api/v1/account/filters/{id}",
            &[Person, Nothing],
            &[],
            |c| {
                let path = format!("/api/v1/account/filters/{}", c.world.filter);
                c.act(Method::DELETE, &path)
            },
        ),
        Row::once("GET /api/v1/account/sessions", ME, &[200], |c| {
            c.get("/api/v1/account/sessions")
        }),
        // The session is the administrator's.
        Row::once(
            "POST /api/v1/account/sessions/{id}:end",
            &[Person, Nothing],
            &[],
            |c| {
                let session = c.world.admin.pass().session();
                c.actor.call(
                    Method::POST,
                    &format!("/api/v1/account/sessions/{session}:end"),
                )
            },
        ),
        Row::once("POST /api/v1/account/sessions:end", ME, &[204], |c| {
            c.actor.call(Method::POST, "/api/v1/account/sessions:end")
        }),
    ]
}

pub fn service() -> Vec<Row> {
    vec![
        Row::once(
            "GET /api/v1/audit_entries",
            &[May("audit:read")],
            &[200],
            |c| c.get("/api/v1/audit_entries?limit=1"),
        ),
        Row::once("GET /api/v1/events", &[May("events:read")], &[200], |c| {
            c.get("/api/v1/events?after=0&limit=1")
        }),
        Row::once("GET /metrics", &[May("metrics:read")], &[200], |c| {
            c.get("/metrics")
        }),
        Row::once("GET /docs/errors", &[], &[200], |c| c.get("/docs/errors")),
        Row::once("GET /health/live", &[], &[200], |c| c.get("/health/live")),
        Row::once("GET /health/ready", &[], &[200], |c| c.get("/health/ready")),
        Row::once("GET /openapi.json", &[], &[200], |c| c.get("/openapi.json")),
        Row::once("GET /.well-known/jwks.json", &[], &[200], |c| {
            c.get("/.well-known/jwks.json")
        }),
        Row::once(
            "GET /.well-known/oauth-authorization-server",
            &[],
            &[200],
            |c| c.get("/.well-known/oauth-authorization-server"),
        ),
        // These look at what is sent, and at no token.
        Row::once("POST /api/v1/sessions", &[], &[422], |c| {
            c.post("/api/v1/sessions", &json!({"name": "tester"}))
        }),
        Row::once("POST /api/v1/sessions:refresh", &[], &[401], |c| {
            c.actor.call(Method::POST, "/api/v1/sessions:refresh")
        }),
        Row::once("POST /api/v1/sessions:end", &[], &[204], |c| {
            c.actor.call(Method::POST, "/api/v1/sessions:end")
        }),
        Row::once("POST /api/v1/invitations:accept", &[], &[410], |c| {
            let body = json!({"token": "ldi_none", "password": "bốn từ đứng cạnh nhau"});
            c.post("/api/v1/invitations:accept", &body)
        }),
        Row::once("POST /oauth/token", &[], &[400, 401], |c| {
            c.form("/oauth/token")
        }),
        Row::once("POST /oauth/revoke", &[], &[400, 401], |c| {
            c.form("/oauth/revoke")
        }),
        Row::once("POST /oauth/introspect", &[], &[400, 401], |c| {
            c.form("/oauth/introspect")
        }),
    ]
}

//! Rows of what concerns units: the tree, its decisions, documents, clusters, kinds.

use reqwest::Method;
use serde_json::{Value, json};

use super::oracle::Demand;
use super::oracle::Demand::{May, MayEverywhere, Reads, Writes};
use super::oracle::Spot::There;
use super::rows::{Cell, Row};
use super::world::{Mend, cluster, pdf, renaming};

const KINDS: &[Demand] = &[May("reference_data:read")];
const EDIT_KINDS: &[Demand] = &[MayEverywhere("reference_data:edit")];
const UNITS: &[Demand] = &[May("units:read")];
/// What records told: read by those who read these.
const TOTALS: &[Demand] = &[Reads("records:read")];
const REORGANISE: &[Demand] = &[Writes("units:reorganise", There)];
const DOCUMENTS: &[Demand] = &[May("documents:read")];
const EDIT_DOCUMENTS: &[Demand] = &[Writes("documents:edit", There)];
const CLUSTERS: &[Demand] = &[May("clusters:read")];
const EDIT_CLUSTERS: &[Demand] = &[Writes("clusters:edit", There)];

fn document(cell: &Cell<'_>, rest: &str) -> String {
    format!("/api/v1/documents/{}{rest}", cell.thing.document)
}

fn kept_cluster(cell: &Cell<'_>) -> String {
    format!("/api/v1/clusters/{}", cell.thing.cluster())
}

fn kind(cell: &Cell<'_>) -> String {
    format!("/api/v1/unit_kinds/{}", cell.world.kind)
}

fn decision(cell: &Cell<'_>, rest: &str) -> String {
    format!("/api/v1/reorganisations/{}{rest}", cell.thing.decision)
}

fn unit(cell: &Cell<'_>, rest: &str) -> String {
    format!("/api/v1/units/code:{}{rest}", cell.thing.code())
}

/// A decision that gives the unit of the place another name.
fn renamed(cell: &Cell<'_>, day: u32) -> Value {
    json!({
        "document_id": cell.thing.document,
        "effective_on": cell.thing.lives_on(day),
        "lines": [renaming(cell.thing, "Tên hai")]
    })
}

pub fn units() -> Vec<Row> {
    vec![
        Row::once("GET /api/v1/units", UNITS, &[200], |c| {
            c.get("/api/v1/units")
        }),
        Row::once("GET /api/v1/units:search", UNITS, &[200], |c| {
            c.get("/api/v1/units:search?q=hn")
        }),
        Row::once("GET /api/v1/units:difference", UNITS, &[200], |c| {
            c.get("/api/v1/units:difference?from=2025-01-01&to=2026-01-01")
        }),
        Row::once("POST /api/v1/units:lookup", UNITS, &[200], |c| {
            c.post(
                "/api/v1/units:lookup",
                &json!({"items": [{"code": "hp-d"}]}),
            )
        }),
        Row::units("GET /api/v1/units/{unit}", UNITS, &[200], |c| {
            c.get(&unit(c, ""))
        }),
        Row::units("GET /api/v1/units/{unit}/children", UNITS, &[200], |c| {
            c.get(&unit(
                c,
                &format!("/children?as_of={}", c.thing.lives_on(20)),
            ))
        }),
        Row::units("GET /api/v1/units/{unit}/history", UNITS, &[200], |c| {
            c.get(&unit(c, "/history"))
        }),
        Row::units("GET /api/v1/units/{unit}/totals", TOTALS, &[200], |c| {
            let period = c.thing.lives_on(1);
            c.get(&unit(c, &format!("/totals?period={period}")))
        }),
        Row::units(
            "GET /api/v1/units/{unit}/totals/{measure}",
            TOTALS,
            &[200],
            |c| {
                let period = c.thing.lives_on(1);
                c.get(&unit(c, &format!("/totals/members?period={period}")))
            },
        ),
        Row::units("GET /api/v1/units/{unit}/path", UNITS, &[200], |c| {
            c.get(&unit(c, &format!("/path?as_of={}", c.thing.lives_on(20))))
        }),
        Row::units("GET /api/v1/units/{unit}/subtree", UNITS, &[200], |c| {
            c.get(&unit(
                c,
                &format!("/subtree?as_of={}", c.thing.lives_on(20)),
            ))
        }),
        Row::units(
            "PATCH /api/v1/units/{unit}",
            &[Writes("units:edit", There)],
            &[412],
            |c| {
                let body = json!({"telephone": "024 3943 0000", "effective_on": null});
                c.late_patch(&unit(c, ""), &body)
            },
        ),
    ]
}

pub fn decisions() -> Vec<Row> {
    vec![
        Row::once("GET /api/v1/reorganisations", UNITS, &[200], |c| {
            c.get("/api/v1/reorganisations")
        }),
        Row::units("POST /api/v1/reorganisations", REORGANISE, &[200], |c| {
            c.post("/api/v1/reorganisations?dry_run=true", &renamed(c, 10))
        }),
        // Without a preview that was seen nothing is recorded; told to those alone who may.
        Row::units("POST /api/v1/reorganisations", REORGANISE, &[428], |c| {
            let call = c.post("/api/v1/reorganisations", &renamed(c, 10));
            call.key(&format!("table-{}", c.world.number()))
        }),
        Row::units("GET /api/v1/reorganisations/{id}", UNITS, &[200], |c| {
            c.get(&decision(c, ""))
        }),
        Row::units(
            "GET /api/v1/reorganisations/{id}/versions",
            UNITS,
            &[200],
            |c| c.get(&decision(c, "/versions")),
        ),
        Row::units(
            "PUT /api/v1/reorganisations/{id}",
            REORGANISE,
            &[200],
            |c| {
                let call = c.act(Method::PUT, &decision(c, "?dry_run=true"));
                call.json(&renamed(c, 1))
            },
        ),
        Row::units(
            "POST /api/v1/reorganisations/{id}:annul",
            REORGANISE,
            &[200],
            |c| {
                let call = c.act(Method::POST, &decision(c, ":annul?dry_run=true"));
                call.json(&json!({"reason": "Ghi nhầm"}))
            },
        ),
        Row::units(
            "GET /api/v1/reorganisations/{id}:draft_reversal",
            &[May("units:reorganise")],
            &[200],
            |c| {
                let day = c.thing.lives_on(20);
                c.get(&decision(c, &format!(":draft_reversal?effective_on={day}")))
            },
        ),
    ]
}

pub fn documents() -> Vec<Row> {
    vec![
        Row::once("GET /api/v1/documents", DOCUMENTS, &[200], |c| {
            c.get("/api/v1/documents")
        }),
        Row::units("POST /api/v1/documents", EDIT_DOCUMENTS, &[201], |c| {
            c.post(
                "/api/v1/documents",
                &json!({"number": "9/QĐ", "unit": c.thing.unit}),
            )
        }),
        Row::places("GET /api/v1/documents/{id}", DOCUMENTS, &[200], |c| {
            c.get(&document(c, ""))
        }),
        Row::places(
            "PATCH /api/v1/documents/{id}",
            EDIT_DOCUMENTS,
            &[200],
            |c| {
                let title = format!("Về tổ chức {}", c.world.number());
                c.patch(&document(c, ""), &json!({"title": title}))
            },
        ),
        // A decision rests on it.
        Row::places(
            "DELETE /api/v1/documents/{id}",
            EDIT_DOCUMENTS,
            &[409],
            |c| c.act(Method::DELETE, &document(c, "")),
        ),
        Row::places("GET /api/v1/documents/{id}/file", DOCUMENTS, &[200], |c| {
            c.get(&document(c, "/file"))
        }),
        Row::places(
            "PUT /api/v1/documents/{id}/file",
            EDIT_DOCUMENTS,
            &[200],
            |c| {
                let call = c.act(Method::PUT, &document(c, "/file?name=a.pdf"));
                let call = call.header("content-type", "application/pdf");
                call.body(pdf(c.world.number()))
            },
        ),
        Row::places(
            "DELETE /api/v1/documents/{id}/file",
            EDIT_DOCUMENTS,
            &[200],
            |c| c.act(Method::DELETE, &document(c, "/file")),
        )
        .mended(Mend::File),
    ]
}

pub fn clusters() -> Vec<Row> {
    vec![
        Row::once("GET /api/v1/clusters", CLUSTERS, &[200], |c| {
            c.get("/api/v1/clusters")
        }),
        Row::units("POST /api/v1/clusters", EDIT_CLUSTERS, &[201], |c| {
            let code = format!("cum-{}", c.world.number());
            c.post("/api/v1/clusters", &cluster(c.thing, &code))
        }),
        Row::units("GET /api/v1/clusters/{id}", CLUSTERS, &[200], |c| {
            c.get(&kept_cluster(c))
        }),
        // To a unit that is not there: its keeper is looked at first.
        Row::units("PATCH /api/v1/clusters/{id}", EDIT_CLUSTERS, &[422], |c| {
            c.patch(&kept_cluster(c), &json!({"owner": "nowhere"}))
        }),
        Row::units("DELETE /api/v1/clusters/{id}", EDIT_CLUSTERS, &[204], |c| {
            c.act(Method::DELETE, &kept_cluster(c))
        })
        .mended(Mend::Cluster),
    ]
}

pub fn kinds() -> Vec<Row> {
    vec![
        Row::once("GET /api/v1/unit_kinds", KINDS, &[200], |c| {
            c.get("/api/v1/unit_kinds")
        }),
        Row::once("GET /api/v1/unit_kinds/{id}", KINDS, &[200], |c| {
            c.get(&kind(c))
        }),
        Row::once("POST /api/v1/unit_kinds", EDIT_KINDS, &[201], |c| {
            let number = c.world.number();
            let mut kind = crate::unit_kinds::kind(&format!("new_{number}"));
            kind["rank"] = json!(number);
            c.post("/api/v1/unit_kinds", &kind)
        }),
        Row::once("PATCH /api/v1/unit_kinds/{id}", EDIT_KINDS, &[200], |c| {
            let name = format!("Trial kind {}", c.world.number());
            c.patch(&kind(c), &json!({"name_en": name}))
        }),
        // One actor may, so that it is there for all.
        Row::once("DELETE /api/v1/unit_kinds/{id}", EDIT_KINDS, &[204], |c| {
            c.act(
                Method::DELETE,
                &format!("/api/v1/unit_kinds/{}", c.world.kind_unused),
            )
        }),
        // What becomes of its one item counts.
        Row::once("POST /api/v1/unit_kinds:batch", EDIT_KINDS, &[201], |c| {
            let number = c.world.number();
            let mut kind = crate::unit_kinds::kind(&format!("new_{number}"));
            kind["rank"] = json!(number);
            let items = json!({"items": [{"action": "create", "content": kind}]});
            let call = c.post("/api/v1/unit_kinds:batch", &items);
            call.key(&format!("table-{number}"))
        }),
    ]
}

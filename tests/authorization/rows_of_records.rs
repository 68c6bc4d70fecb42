//! Rows of what concerns records, and the catalogues that they name by code.

use reqwest::Method;
use serde_json::{Value, json};

use super::oracle::Demand;
use super::oracle::Demand::{Approves, May, MayEverywhere, Reads, Writes};
use super::oracle::Spot::There;
use super::rows::{Cell, Row};
use super::world::{Thing, pdf, recorded};

const READ: &[Demand] = &[May("reference_data:read")];
const EDIT: &[Demand] = &[MayEverywhere("reference_data:edit")];

/// The rows of a catalogue, by its place among the world's.
macro_rules! catalogue {
    ($name:literal, $place:literal) => {
        [
            Row::once(concat!("GET /api/v1/", $name), READ, &[200], |c| {
                c.get(concat!("/api/v1/", $name))
            }),
            Row::once(concat!("GET /api/v1/", $name, "/{id}"), READ, &[200], |c| {
                let (kept, _) = c.world.entries[$place];
                c.get(&format!("/api/v1/{}/{kept}", $name))
            }),
            Row::once(concat!("POST /api/v1/", $name), EDIT, &[201], |c| {
                let code = format!("new_{}", c.world.number());
                let entry = crate::catalogues::entry($name, &code);
                c.post(concat!("/api/v1/", $name), &entry)
            }),
            Row::once(
                concat!("PATCH /api/v1/", $name, "/{id}"),
                EDIT,
                &[200],
                |c| {
                    let (kept, _) = c.world.entries[$place];
                    let name = format!("Trial {}", c.world.number());
                    c.patch(
                        &format!("/api/v1/{}/{kept}", $name),
                        &json!({"name_en": name}),
                    )
                },
            ),
            // One actor may, so that it is there for all.
            Row::once(
                concat!("DELETE /api/v1/", $name, "/{id}"),
                EDIT,
                &[204],
                |c| {
                    let (_, unused) = c.world.entries[$place];
                    c.act(Method::DELETE, &format!("/api/v1/{}/{unused}", $name))
                },
            ),
        ]
    };
}

pub fn catalogues() -> Vec<Row> {
    let catalogues = [
        catalogue!("activity_kinds", 0),
        catalogue!("award_titles", 1),
        catalogue!("measures", 2),
        catalogue!("return_forms", 3),
    ];
    catalogues.into_iter().flatten().collect()
}

const SEE: &[Demand] = &[May("records:read"), Reads("records:read")];
/// The address knows no kind of record: it is found before it is asked who may record or approve it.
const TAKE_BACK: &[Demand] = &[
    May("records:read"),
    Reads("records:read"),
    Writes("activities:record", There),
];
const DECIDE: &[Demand] = &[
    May("records:read"),
    Reads("records:read"),
    Approves("activities:approve"),
];

/// The rows of a kind of record, by its place among all, with the permissions that it takes to record and to
/// approve.
macro_rules! kind {
    ($name:literal, $place:literal, $record:literal, $approve:literal) => {
        [
            Row::once(concat!("GET /api/v1/", $name), &[May("records:read")], &[200], |c| {
                c.get(concat!("/api/v1/", $name))
            }),
            Row::units(concat!("POST /api/v1/", $name), &[Writes($record, There)], &[201], |c| {
                c.post(concat!("/api/v1/", $name), &recorded($name, c.thing))
            }),
            Row::units(concat!("GET /api/v1/", $name, "/{id}"), SEE, &[200], |c| {
                c.get(&format!("/api/v1/{}/{}", $name, c.thing.drafts[$place]))
            }),
            Row::units(
                concat!("PATCH /api/v1/", $name, "/{id}"),
                &[May($record), Reads("records:read"), Writes($record, There)],
                &[412],
                |c| {
                    let path = format!("/api/v1/{}/{}", $name, c.thing.drafts[$place]);
                    c.late_patch(&path, &json!({"text": "Thử"}))
                },
            ),
            Row::units(
                concat!("DELETE /api/v1/", $name, "/{id}"),
                &[May($record), Reads("records:read"), Writes($record, There)],
                &[412],
                |c| {
                    let path = format!("/api/v1/{}/{}", $name, c.thing.drafts[$place]);
                    c.late(Method::DELETE, &path)
                },
            ),
            Row::units(
                "POST /api/v1/records/{id}:approve",
                &[May("records:read"), Reads("records:read"), Approves($approve)],
                &[412],
                |c| {
                    let path = format!("/api/v1/records/{}:approve", c.thing.waiting[$place]);
                    c.late(Method::POST, &path).json(&json!({}))
                },
            ),
        ]
    };
}

pub fn kinds() -> Vec<Row> {
    let kinds = [
        kind!("activities", 0, "activities:record", "activities:approve"),
        kind!("campaigns", 1, "campaigns:record", "campaigns:approve"),
        kind!("awards", 2, "awards:record", "awards:approve"),
        kind!("agreements", 3, "agreements:record", "agreements:approve"),
        kind!(
            "inspections",
            4,
            "inspections:record",
            "inspections:approve"
        ),
        kind!("returns", 5, "returns:record", "returns:approve"),
    ];
    kinds.into_iter().flatten().collect()
}

const READ_PARTNERS: &[Demand] = &[May("partners:read")];
const EDIT_PARTNERS: &[Demand] = &[Writes("partners:edit", There)];

pub fn partners() -> Vec<Row> {
    fn path(c: &Cell<'_>) -> String {
        format!("/api/v1/partners/{}", c.thing.partner)
    }
    vec![
        Row::once("GET /api/v1/partners", READ_PARTNERS, &[200], |c| {
            c.get("/api/v1/partners?name=unit")
        }),
        Row::units("POST /api/v1/partners", EDIT_PARTNERS, &[201], |c| {
            let partner = json!({"name": "Đối tác", "kind": "other", "unit": c.thing.unit});
            c.post("/api/v1/partners", &partner)
        }),
        Row::places("GET /api/v1/partners/{id}", READ_PARTNERS, &[200], |c| {
            c.get(&path(c))
        }),
        Row::places("PATCH /api/v1/partners/{id}", EDIT_PARTNERS, &[412], |c| {
            c.late_patch(&path(c), &json!({"name": "Tên khác"}))
        }),
        Row::places("DELETE /api/v1/partners/{id}", EDIT_PARTNERS, &[412], |c| {
            c.late(Method::DELETE, &path(c))
        }),
    ]
}

/// Links of records, of versions that never were.
pub fn links() -> Vec<Row> {
    vec![
        Row::units("GET /api/v1/records/{id}/links", SEE, &[200], |c| {
            c.get(&format!("/api/v1/records/{}/links", c.thing.drafts[0]))
        }),
        Row::units("POST /api/v1/records/{id}/links", TAKE_BACK, &[412], |c| {
            let path = format!("/api/v1/records/{}/links", c.thing.drafts[0]);
            let link = json!({"kind": "follows", "record_id": c.thing.waiting[0]});
            c.late(Method::POST, &path).json(&link)
        }),
        Row::units(
            "DELETE /api/v1/records/{id}/links/{kind}/{other}",
            TAKE_BACK,
            &[412],
            |c| {
                let (draft, waiting) = (c.thing.drafts[0], c.thing.waiting[0]);
                c.late(
                    Method::DELETE,
                    &format!("/api/v1/records/{draft}/links/follows/{waiting}"),
                )
            },
        ),
    ]
}

/// Of a year before all that is recorded, so that it keeps nothing as it is.
pub fn period_lock(thing: &Thing) -> Value {
    json!({"unit": thing.code(), "period": "1950", "reason": "Đã chốt số liệu"})
}

pub fn period_locks() -> Vec<Row> {
    const LOCK: &[Demand] = &[Writes("periods:lock", There)];
    let read = &[May("records:read")];
    vec![
        Row::once("GET /api/v1/period_locks", read, &[200], |c| {
            c.get("/api/v1/period_locks")
        }),
        Row::units("GET /api/v1/period_locks/{id}", read, &[200], |c| {
            c.get(&format!("/api/v1/period_locks/{}", c.thing.lock))
        }),
        Row::units("POST /api/v1/period_locks", LOCK, &[201], |c| {
            c.post("/api/v1/period_locks", &period_lock(c.thing))
        }),
        Row::units("PATCH /api/v1/period_locks/{id}", LOCK, &[412], |c| {
            let path = format!("/api/v1/period_locks/{}", c.thing.lock);
            c.late_patch(&path, &json!({"reason": "Thử"}))
        }),
        Row::units("POST /api/v1/period_locks/{id}:reopen", LOCK, &[412], |c| {
            let path = format!("/api/v1/period_locks/{}:reopen", c.thing.lock);
            c.late(Method::POST, &path).json(&json!({"reason": "Thử"}))
        }),
    ]
}

/// Files of records, of versions that never were.
pub fn attachments() -> Vec<Row> {
    vec![
        Row::units(
            "POST /api/v1/records/{id}/attachments",
            TAKE_BACK,
            &[412],
            |c| {
                let path = format!(
                    "/api/v1/records/{}/attachments?name=a.pdf",
                    c.thing.drafts[0]
                );
                let call = c.late(Method::POST, &path);
                call.header("content-type", "application/pdf")
                    .body(pdf(c.world.number()))
            },
        ),
        Row::units(
            "GET /api/v1/records/{id}/attachments/{sha256}",
            SEE,
            &[200],
            |c| {
                let (draft, attached) = (c.thing.drafts[0], &c.thing.attached);
                c.get(&format!("/api/v1/records/{draft}/attachments/{attached}"))
            },
        ),
        Row::units(
            "DELETE /api/v1/records/{id}/attachments/{sha256}",
            TAKE_BACK,
            &[412],
            |c| {
                let (draft, attached) = (c.thing.drafts[0], &c.thing.attached);
                c.late(
                    Method::DELETE,
                    &format!("/api/v1/records/{draft}/attachments/{attached}"),
                )
            },
        ),
    ]
}

/// A step of a version that never was.
macro_rules! step {
    ($name:literal, $demands:expr, $record:ident) => {
        Row::units(concat!("POST /api/v1/records/{id}:", $name), $demands, &[412], |c| {
            let path = format!("/api/v1/records/{}:{}", c.thing.$record[0], $name);
            c.late(Method::POST, &path).json(&json!({"reason": "Thử"}))
        })
    };
}

pub fn steps() -> Vec<Row> {
    vec![
        step!("submit", TAKE_BACK, drafts),
        step!("recall", TAKE_BACK, waiting),
        step!("correct", TAKE_BACK, waiting),
        step!("return", DECIDE, waiting),
        step!("withdraw", DECIDE, waiting),
        Row::units("POST /api/v1/records:batch", DECIDE, &[412], |c| {
            let item = json!({"id": c.thing.waiting[0], "version": 999, "action": "approve"});
            let call = c.post("/api/v1/records:batch", &json!({"items": [item]}));
            call.key(&format!("table-{}", c.world.number()))
        }),
        Row::units("GET /api/v1/records/{id}/steps", SEE, &[200], |c| {
            c.get(&format!("/api/v1/records/{}/steps", c.thing.waiting[0]))
        }),
        Row::units("GET /api/v1/records/{id}/versions", SEE, &[200], |c| {
            c.get(&format!("/api/v1/records/{}/versions", c.thing.waiting[0]))
        }),
        Row::units(
            "GET /api/v1/records/{id}/likely_duplicates",
            SEE,
            &[200],
            |c| {
                c.get(&format!(
                    "/api/v1/records/{}/likely_duplicates",
                    c.thing.waiting[0]
                ))
            },
        ),
        Row::once("GET /api/v1/inbox", &[May("records:read")], &[200], |c| {
            c.get("/api/v1/inbox")
        }),
    ]
}

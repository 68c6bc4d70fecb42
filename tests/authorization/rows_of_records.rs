//! Rows of what concerns records: the catalogues that they name by code.

use reqwest::Method;
use serde_json::json;

use super::oracle::Demand;
use super::oracle::Demand::{May, MayEverywhere};
use super::rows::Row;

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
    let kinds = catalogue!("activity_kinds", 0);
    let titles = catalogue!("award_titles", 1);
    kinds.into_iter().chain(titles).collect()
}

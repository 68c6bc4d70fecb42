//! The addresses under `/units` that read what is around a unit: children, path, subtree.

use actix_web::{HttpResponse, get, web};
use liendoan_core::day::Day;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::handlers::{AsOf, living, of_tree};
use super::model::UnitItem;
use super::preorder::{self, Trail};
use super::queries::{self, From, Place};
use super::{UnitId, UnitRef};
use crate::http::grant::ReadUnits;
use crate::http::list::{Paging, Query, Walk, in_range};
use crate::http::precondition::tag_answer;
use crate::http::{Grant, IfNoneMatch, List, Page, Problem, State};

/// The furthest that a page of children may be asked for by its offset.
const OFFSET_MAX: i64 = 1_000_000;

/// Which children.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ChildrenFilter {
    /// The day of which the answer is, past or planned; today if it is not given.
    pub as_of: Option<Day>,
    /// Where the first page starts, as the position of its first child. Later ones follow by `cursor`.
    #[param(minimum = 0, maximum = 1000000)]
    pub offset: Option<i64>,
}

/// A page of the units directly below one.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [{
    "id": 24, "code": "hn-tcnt", "name": "Công đoàn Trường Trung cấp Ngoại Thương", "short_name": null,
    "kind": "grassroots_union", "level": 4, "employer_type": "school", "placeholder": false,
    "parent": {"id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội"},
    "child_count": 0, "position": 0
}], "next_cursor": null, "child_count": 1}))]
pub struct Children {
    pub items: Vec<UnitItem>,
    /// Give it as `cursor` to get the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// All children on that day.
    pub child_count: i64,
}

/// From the root to a unit.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [
    {"id": 1, "code": "tld", "name": "Tổng Liên đoàn Lao động Việt Nam", "kind": "confederation", "position": 0},
    {"id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội", "kind": "provincial_federation", "position": 0}
]}))]
pub struct UnitPath {
    pub items: Vec<PathStep>,
}

/// One unit on a path.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội",
    "kind": "provincial_federation", "position": 0}))]
pub struct PathStep {
    pub id: i64,
    pub code: String,
    pub name: String,
    pub kind: String,
    /// Its place among its siblings, from 0: the `offset` at which it is found among the children above.
    pub position: i64,
}

/// List the children of a unit
///
/// The units directly below it on a day, in the order of siblings: by kind, then by name as Vietnamese
/// is sorted. By cursor, or by `offset`, which is the position of the first one. Without a cursor a
/// client that sees another `Tree-Revision` loads its pages again.
#[utoipa::path(
    operation_id = "list_unit_children",
    tag = "units",
    params(("unit" = String, Path, description = "The unit's id, or `code:` and its code", example = "code:hn"), ChildrenFilter, Walk, IfNoneMatch),
    responses((status = 200, description = "A page of children", body = Children)),
)]
#[get("/units/{unit}/children")]
pub async fn children(
    grant: Grant<ReadUnits>,
    unit: UnitRef,
    asked: List<ChildrenFilter>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    asked.refuse_count()?;
    let start = asked.start::<(i64, Place)>()?;
    let offset = asked.filter.offset;
    if let Some(offset) = offset {
        in_range("offset", offset, 0..=OFFSET_MAX)?;
    }
    let first = start.as_ref().map_or(offset.unwrap_or(0), |(at, _)| *at);
    let from = match start {
        Some((_, place)) => From::After(place),
        None => From::Offset(first),
    };
    let day = AsOf {
        as_of: asked.filter.as_of,
    }
    .day(&state);
    let limit = asked.rows_to_read();
    let scope = grant.scope().clone();
    let (card, rows) = state
        .store
        .read(move |db| {
            let card = living(db, &scope, &unit, day)?;
            let rows = queries::children(db, &scope, UnitId(card.id), day, &from, limit)?;
            Ok((card, rows))
        })
        .await?;
    let rows: Vec<_> = (first..).zip(rows).collect();
    of_tree(&known, card.revision, day, |version| {
        let page = asked.page(
            rows,
            |(position, row)| (position + 1, row.place()),
            |(position, row)| UnitItem {
                position: Some(position),
                ..row.to_view()
            },
        )?;
        Ok(page.answer(Some(version), |items, next_cursor| Children {
            items,
            next_cursor,
            child_count: card.child_count,
        }))
    })
}

/// Read the path of a unit
///
/// From the root down to it, on a day, each with its position among its siblings: what a tree on the
/// screen needs to open at that place.
#[utoipa::path(
    operation_id = "read_unit_path",
    tag = "units",
    params(("unit" = String, Path, description = "The unit's id, or `code:` and its code", example = "code:hn"), AsOf, IfNoneMatch),
    responses((status = 200, description = "The path", body = UnitPath)),
)]
#[get("/units/{unit}/path")]
pub async fn path(
    grant: Grant<ReadUnits>,
    unit: UnitRef,
    query: Query<AsOf>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let day = query.0.day(&state);
    let scope = grant.scope().clone();
    let (revision, steps) = state
        .store
        .read(move |db| {
            let card = living(db, &scope, &unit, day)?;
            let steps = queries::path(db, &scope, UnitId(card.id), day)?;
            Ok((card.revision, steps))
        })
        .await?;
    let step = |step: queries::Step| PathStep {
        id: step.unit_id,
        code: step.code,
        name: step.name,
        kind: step.kind,
        position: step.position,
    };
    let items = steps.into_iter().map(step).collect();
    of_tree(&known, revision, day, |version| {
        let mut answer = HttpResponse::Ok();
        tag_answer(&mut answer, version);
        Ok(answer.json(UnitPath { items }))
    })
}

/// List the subtree of a unit
///
/// Itself and everything below it on a day, each unit before what is under it, siblings in their order.
#[utoipa::path(
    operation_id = "list_unit_subtree",
    tag = "units",
    params(("unit" = String, Path, description = "The unit's id, or `code:` and its code", example = "code:hn"), AsOf, Paging, IfNoneMatch),
    responses((status = 200, description = "A page of the subtree", body = Page<UnitItem>)),
)]
#[get("/units/{unit}/subtree")]
pub async fn subtree(
    grant: Grant<ReadUnits>,
    unit: UnitRef,
    asked: List<AsOf>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let start = asked.start::<Trail>()?;
    let day = asked.filter.day(&state);
    let limit = asked.rows_to_read();
    let scope = grant.scope().clone();
    let counts = asked.counts();
    let (revision, rows, total) = state
        .store
        .read(move |db| {
            let card = living(db, &scope, &unit, day)?;
            let top = UnitId(card.id);
            let rows = preorder::page(db, &scope, top, day, start.clone(), limit)?;
            let total = counts.then(|| preorder::count(db, &scope, top, day));
            Ok((card.revision, rows, total.transpose()?))
        })
        .await?;
    of_tree(&known, revision, day, |version| {
        asked.answer(
            Some(version),
            rows,
            total,
            |row| row.trail.clone(),
            |row| UnitItem {
                depth: Some(row.depth),
                ..row.row.to_view()
            },
        )
    })
}

//! The addresses under `/unit_kinds`.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::day::Day;
use liendoan_core::{Db, Result, Scope, Tx, sealer};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::UnitKindId;
use super::model::{Entry, UnitKind, UnitKindContent, UnitKindExpanded};
use super::queries::{self, Wanted};
use crate::http::batch::{Batch, BatchAnswer, Change};
use crate::http::grant::{EditReferenceData, ReadReferenceData};
use crate::http::list::{NoQuery, Paging, Query, in_range};
use crate::http::{
    Answer, Grant, Id, IfMatch, IfNoneMatch, Json, List, Page, Patch, Post, Problem, State,
    precondition,
};

/// Something related that can come along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Expand {
    ChildKinds,
}

/// What a list of kinds is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UnitKindFilter {
    /// Only entries that hold on this day, such as `2025-06-30`.
    pub as_of: Option<Day>,
    /// Only entries of the kind with this code.
    pub kind: Option<String>,
    /// Only entries of this level, 1 to 4.
    #[param(minimum = 1, maximum = 4)]
    pub level: Option<i32>,
    /// Brings the entries of the kinds that may stand under each.
    #[param(inline)]
    pub expand: Option<Expand>,
}

/// What comes along with one entry.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExpandParam {
    /// Brings the entries of the kinds that may stand under it.
    #[param(inline)]
    pub expand: Option<Expand>,
}

/// List unit kinds
///
/// All entries, past and future ones too, in the order of kinds. With `as_of` only those that hold on
/// that day: the kinds of the districts' time by `as_of=2025-06-30`.
#[utoipa::path(
    operation_id = "list_unit_kinds",
    tag = "unit_kinds",
    params(UnitKindFilter, Paging, IfNoneMatch),
    responses((status = 200, description = "A page of entries", body = Page<UnitKind>)),
)]
#[get("/unit_kinds")]
pub async fn list(
    grant: Grant<ReadReferenceData>,
    list: List<UnitKindFilter>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let start = list.start::<(i32, i64)>()?;
    if let Some(level) = list.filter.level {
        in_range("level", level.into(), 1..=4)?;
    }
    let wanted = Wanted {
        kind: list.filter.kind.clone(),
        level: list.filter.level,
        holding_on: list.filter.as_of.map(|day| day.0),
    };
    let (counts, limit) = (list.counts(), list.rows_to_read());
    let expands = list.filter.expand.is_some();
    let scope = grant.scope().clone();
    let may_edit = grant.caller.may::<EditReferenceData>();
    let (version, found) = state
        .store
        .read(move |db| {
            let version = sealer::position_of(db, queries::TOPIC)?;
            if version.is_some_and(|version| known.has(version)) {
                return Ok((version, None));
            }
            let entries = queries::list(db, &scope, &wanted, start, limit)?;
            let related = if expands {
                related(db, &scope, &entries)?
            } else {
                Vec::new()
            };
            let total = counts.then(|| queries::count(db, &scope, &wanted));
            Ok((version, Some((entries, related, total.transpose()?))))
        })
        .await?;
    let Some((entries, related, total)) = found else {
        return Ok(precondition::unchanged(version.unwrap_or_default()));
    };
    list.answer(
        version,
        entries,
        total,
        |entry| (entry.content.rank, entry.id.0),
        |entry| {
            let expanded = expands.then(|| expand(&entry, &related));
            UnitKind {
                expanded,
                ..entry.to_view(may_edit)
            }
        },
    )
}

/// Read a unit kind
///
/// One entry by its id, with its version as ETag.
#[utoipa::path(
    operation_id = "read_unit_kind",
    tag = "unit_kinds",
    params(("id" = i64, Path, description = "The entry's id", example = 6), ExpandParam, IfNoneMatch),
    responses((status = 200, description = "The entry", body = UnitKind)),
)]
#[get("/unit_kinds/{id}")]
pub async fn read(
    grant: Grant<ReadReferenceData>,
    id: Id<UnitKindId>,
    query: Query<ExpandParam>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let may_edit = grant.caller.may::<EditReferenceData>();
    if query.0.expand.is_none() {
        let find = move |db: &mut Db| queries::find(db, &scope, id.0);
        let entry = state.store.query(find).await?;
        return Ok(known.answer(entry.version, &entry.to_view(may_edit)));
    }
    let (entry, related) = state
        .store
        .read(move |db| {
            let entry = queries::find(db, &scope, id.0)?;
            let related = related(db, &scope, std::slice::from_ref(&entry))?;
            Ok((entry, related))
        })
        .await?;
    // No ETag: the version does not change when something related does.
    Ok(HttpResponse::Ok().json(UnitKind {
        expanded: Some(expand(&entry, &related)),
        ..entry.to_view(may_edit)
    }))
}

/// Create a unit kind
///
/// Adds an entry. Entries of one kind must not overlap; the kinds that may stand under it must exist.
#[utoipa::path(
    operation_id = "create_unit_kind",
    tag = "unit_kinds",
    request_body(content = UnitKindContent, description = "The new entry"),
    responses((status = 201, description = "The new entry", body = UnitKind,
        headers(("Location" = String, description = "Address of the entry")))),
)]
#[post("/unit_kinds")]
pub async fn create(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    post: Post,
    content: Json<UnitKindContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let content_to_store = content.value.check()?;
    let scope = grant.scope().clone();
    let write = move |tx: &mut Tx<'_>| {
        let entry = queries::create(tx, &scope, &content_to_store)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/unit_kinds/{}", entry.id))
            .version(entry.version)
            .json(&entry.to_view(true))
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Update a unit kind
///
/// A merge patch (RFC 7396): members given are set, null clears, the rest stays. `kind` can't change.
#[utoipa::path(
    operation_id = "update_unit_kind",
    tag = "unit_kinds",
    params(("id" = i64, Path, description = "The entry's id", example = 6)),
    request_body(
        content = Patch<UnitKindContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"to": "2025-07-01", "document": "97/2025/QH15"}),
    ),
    responses((status = 200, description = "The entry after the change", body = UnitKind)),
)]
#[patch("/unit_kinds/{id}")]
pub async fn update(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<UnitKindId>,
    if_match: IfMatch,
    patch: Patch<UnitKindContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let entry = state
        .write(&grant.caller, move |tx| {
            change(tx, &scope, id.0, &if_match, &patch)
        })
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .version(entry.version)
        .json(&entry.to_view(true))?
        .into())
}

/// Delete a unit kind
///
/// Removes an entry that was made by mistake. What has ended by law gets its last day instead, by an
/// update of `to`.
#[utoipa::path(
    operation_id = "delete_unit_kind",
    tag = "unit_kinds",
    params(("id" = i64, Path, description = "The entry's id", example = 6)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/unit_kinds/{id}")]
pub async fn delete(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<UnitKindId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    state
        .write(&grant.caller, move |tx| remove(tx, &scope, id.0, &if_match))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Change many unit kinds
///
/// Up to 1,000 creations, updates and deletions, each answered for itself: one that is refused leaves
/// the others alone. All that succeed are written together.
#[utoipa::path(
    operation_id = "batch_unit_kinds",
    tag = "unit_kinds",
    request_body(
        content = Batch<UnitKindContent>,
        description = "The changes",
        example = json!({"items": [
            {"action": "update", "id": 7, "version": 1, "content": {"to": "2025-07-01"}},
            {"action": "delete", "id": 8, "version": 1}
        ]}),
    ),
    responses((status = 207, description = "What became of each", body = BatchAnswer<UnitKind>,
        example = json!({"items": [
            {"status": 204},
            {"status": 412, "problem":
                {"code": "version_outdated", "params": {"current_version": 2}, "errors": []}}
        ], "succeeded": 1, "failed": 1}))),
)]
#[post("/unit_kinds:batch")]
pub async fn batch(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    post: Post,
    batch: Json<Batch<UnitKindContent>>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    post.require_key()?;
    batch.value.check_size()?;
    let scope = grant.scope().clone();
    let items = batch.value;
    let write = move |tx: &mut Tx<'_>| {
        let ids: Vec<i64> = items.items.iter().filter_map(|item| item.id).collect();
        let contents = items.items.iter().filter_map(|item| item.content.as_ref());
        let contents: Vec<_> = contents.map(Patch::members).collect();
        queries::lock_all(tx, &ids, &contents)?;
        let answer: BatchAnswer<UnitKind> = items.run(tx, |tx, item| match item {
            Change::Create(content) => {
                let content = content.check().map_err(|e| e.under("/content"))?;
                let entry =
                    queries::create(tx, &scope, &content).map_err(|e| e.under("/content"))?;
                Ok((201, Some(entry.to_view(true))))
            }
            Change::Update { id, version, patch } => {
                let if_match = IfMatch::Versions(vec![version.into()]);
                let entry = change(tx, &scope, UnitKindId(id), &if_match, &patch)
                    .map_err(|e| e.under("/content"))?;
                Ok((200, Some(entry.to_view(true))))
            }
            Change::Delete { id, version } => {
                remove(
                    tx,
                    &scope,
                    UnitKindId(id),
                    &IfMatch::Versions(vec![version.into()]),
                )?;
                Ok((204, None))
            }
        })?;
        Answer::new(StatusCode::MULTI_STATUS).json(&answer)
    };
    state
        .write_once(&grant.caller, post, batch.hash, write)
        .await
}

fn change(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: UnitKindId,
    if_match: &IfMatch,
    patch: &Patch<UnitKindContent>,
) -> Result<Entry> {
    let before = queries::find(tx, scope, id)?;
    if_match.check(before.version)?;
    let content = patch.apply(&before.to_content())?.check()?;
    if content == before.content {
        return Ok(before);
    }
    queries::update(tx, scope, &before, &content)
}

fn remove(tx: &mut Tx<'_>, scope: &Scope, id: UnitKindId, if_match: &IfMatch) -> Result<()> {
    let before = queries::find(tx, scope, id)?;
    if_match.check(before.version)?;
    queries::delete(tx, scope, &before)
}

/// The entries of all kinds that `entries` name as standing under them.
fn related(db: &mut Db, scope: &Scope, entries: &[Entry]) -> Result<Vec<Entry>> {
    let kinds: BTreeSet<String> = entries
        .iter()
        .flat_map(|entry| entry.content.child_kinds.iter().cloned())
        .collect();
    queries::of_kinds(db, scope, &kinds.into_iter().collect::<Vec<_>>())
}

fn expand(entry: &Entry, related: &[Entry]) -> UnitKindExpanded {
    let child_kinds = related
        .iter()
        .filter(|child| entry.content.child_kinds.contains(&child.content.kind))
        .filter(|child| child.content.validity.overlaps(entry.content.validity))
        .map(Into::into)
        .collect();
    UnitKindExpanded { child_kinds }
}

//! The addresses under `/reorganisations` that read.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::{Db, Error, Result, Scope};
use serde::Deserialize;
use utoipa::IntoParams;

use super::ReorganisationId;
use super::model::{
    Recorded, Reorganisation, ReorganisationState, ReorganisationSummary, ReorganisationVersion,
    ReorganisationVersions,
};
use super::queries::{self, Start, Wanted};
use super::reversal::{self, DraftReversal};
use super::source::Recording;
use crate::http::grant::{ReadUnits, ReorganiseUnits};
use crate::http::list::{NoQuery, Paging, Query};
use crate::http::precondition::etag;
use crate::http::{Grant, Id, List, Page, Problem, State};
use crate::tree::documents::DocumentId;
use crate::tree::documents::model::DocumentSummary;
use crate::tree::documents::queries as documents;
use crate::tree::replay::{Source, Which, World};

/// What a list of reorganisations is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReorganisationFilter {
    /// Only planned ones, those in effect, or annulled ones.
    #[param(inline)]
    pub state: Option<ReorganisationState>,
    /// Only those that take effect on this day or later.
    pub from: Option<Day>,
    /// Only those that take effect before this day.
    pub to: Option<Day>,
    /// Only those that rest on this document.
    pub document_id: Option<i64>,
}

/// The day of a reversal.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReversalParams {
    /// The first day on which things are as before.
    pub effective_on: Day,
}

/// List reorganisations
///
/// In the order in which they apply, openings first. Planned, annulled and past ones alike; `state` narrows.
#[utoipa::path(
    operation_id = "list_reorganisations",
    tag = "reorganisations",
    params(ReorganisationFilter, Paging),
    responses((status = 200, description = "A page of reorganisations", body = Page<ReorganisationSummary>)),
)]
#[get("/reorganisations")]
pub async fn list(
    grant: Grant<ReadUnits>,
    list: List<ReorganisationFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let start = list.start::<Start>()?;
    let today = state.store.clock().today();
    let wanted = Wanted {
        state: list.filter.state,
        from: list.filter.from.map(|day| day.0),
        to: list.filter.to.map(|day| day.0),
        document_id: list.filter.document_id,
        today,
    };
    let (counts, limit) = (list.counts(), list.rows_to_read());
    let scope = grant.scope().clone();
    let may_reorganise = grant.caller.may::<ReorganiseUnits>();
    let (rows, documents, total) = state
        .store
        .read(move |db| {
            let rows = queries::list(db, &scope, &wanted, start, limit)?;
            let papers = rows.iter().map(|row| DocumentId(row.document_id));
            let documents = documents_of(db, &scope, papers)?;
            let total = counts.then(|| queries::count(db, &scope, &wanted));
            Ok((rows, documents, total.transpose()?))
        })
        .await?;
    list.answer(
        // What is planned becomes what is in effect without a write.
        None,
        rows,
        total,
        |row| (row.effective_on, row.day_seq),
        |row| {
            let document = documents.get(&row.document_id).cloned();
            row.to_view(document, today, may_reorganise)
        },
    )
}

/// Read a reorganisation
///
/// One decision with its lines, as they read now.
#[utoipa::path(
    operation_id = "read_reorganisation",
    tag = "reorganisations",
    params(("id" = i64, Path, description = "The reorganisation's id", example = 4)),
    responses((status = 200, description = "The reorganisation", body = Reorganisation)),
)]
#[get("/reorganisations/{id}")]
pub async fn read(
    grant: Grant<ReadUnits>,
    _: NoQuery,
    id: Id<ReorganisationId>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let today = state.store.clock().today();
    let scope = grant.scope().clone();
    let may_reorganise = grant.caller.may::<ReorganiseUnits>();
    let view = state
        .store
        .read(move |db| {
            let recorded = queries::find(db, &scope, id.0)?;
            view_of(db, &scope, &recorded, today, may_reorganise)
        })
        .await?;
    // For `If-Match` alone: its document and its state change without its version.
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, etag(view.version)))
        .json(view))
}

/// List former contents of a reorganisation
///
/// What it said before each correction, oldest first.
#[utoipa::path(
    operation_id = "list_reorganisation_versions",
    tag = "reorganisations",
    params(("id" = i64, Path, description = "The reorganisation's id", example = 4)),
    responses((status = 200, description = "Its former contents", body = ReorganisationVersions)),
)]
#[get("/reorganisations/{id}/versions")]
pub async fn versions(
    grant: Grant<ReadUnits>,
    _: NoQuery,
    id: Id<ReorganisationId>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let versions = state
        .store
        .read(move |db| {
            queries::find(db, &scope, id.0)?;
            queries::versions(db, &scope, id.0)
        })
        .await?;
    let version = |(version, content, replaced_at): (i32, String, _)| {
        Ok(ReorganisationVersion {
            version,
            content: serde_json::from_str(&content).map_err(Error::internal)?,
            replaced_at: rfc3339(replaced_at),
        })
    };
    let versions = versions
        .into_iter()
        .map(version)
        .collect::<Result<Vec<_>>>()?;
    Ok(HttpResponse::Ok().json(ReorganisationVersions { items: versions }))
}

/// Draft a reversal
///
/// Lines that, from a day on, put back what this decision changed and nothing changed since. A person
/// edits them and records them as a decision of its own.
#[utoipa::path(
    operation_id = "draft_reversal",
    tag = "reorganisations",
    params(("id" = i64, Path, description = "The reorganisation's id", example = 4), ReversalParams),
    responses(
        (status = 200, description = "The draft", body = DraftReversal),
        (status = 409, description = "It is annulled"),
        (status = 422, description = "The day does not lie after that of the decision"),
    ),
)]
#[get("/reorganisations/{id}:draft_reversal")]
pub async fn draft_reversal(
    grant: Grant<ReorganiseUnits>,
    query: Query<ReversalParams>,
    id: Id<ReorganisationId>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let on: NaiveDate = query.0.effective_on.0;
    let draft = state
        .store
        .read(move |db| {
            let recorded = queries::find(db, &scope, id.0)?;
            recorded.check_in_force()?;
            let mut source = Recording { db };
            let ids = source.touched_by(recorded.id.0)?;
            let mut world = World::default();
            source.recall(&mut world, Which::Ids(&ids))?;
            let touched: Vec<_> = ids.iter().filter_map(|id| world.find_id(*id)).collect();
            reversal::draft(&world, &touched, recorded.position(), on)
        })
        .await?;
    Ok(HttpResponse::Ok().json(draft))
}

/// A reorganisation with the paper that it rests on.
pub fn view_of(
    db: &mut Db,
    scope: &Scope,
    recorded: &Recorded,
    today: NaiveDate,
    may_reorganise: bool,
) -> Result<Reorganisation> {
    let id = DocumentId(recorded.content.document_id);
    let document = documents_of(db, scope, [id])?.remove(&id.0);
    Ok(recorded.to_view(document, today, may_reorganise))
}

fn documents_of(
    db: &mut Db,
    scope: &Scope,
    ids: impl IntoIterator<Item = DocumentId>,
) -> Result<BTreeMap<i64, DocumentSummary>> {
    let ids: Vec<DocumentId> = ids.into_iter().collect();
    let found = documents::of_ids(db, scope, &ids)?;
    Ok(found
        .iter()
        .map(|document| (document.id.0, DocumentSummary::from(document)))
        .collect())
}

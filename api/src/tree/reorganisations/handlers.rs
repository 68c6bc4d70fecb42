//! The addresses under `/reorganisations`.

use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, post, put, web};
use chrono::NaiveDate;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::error::FieldError;
use liendoan_core::text;
use liendoan_core::{Db, Error, Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ReorganisationId;
use super::commit;
use super::content::ReorganisationContent;
use super::model::{
    Recorded, Reorganisation, ReorganisationState, ReorganisationVersion, ReorganisationVersions,
};
use super::plan::{Edit, carry_out, work_out};
use super::preview::Preview;
use super::queries::{self, Start, Wanted};
use super::reversal::{self, DraftReversal};
use super::source::Recording;
use crate::http::grant::{ReadUnits, ReorganiseUnits};
use crate::http::list::{NoQuery, Paging, Query};
use crate::http::precondition::etag;
use crate::http::{Answer, Grant, Id, IfMatch, Json, List, Page, Post, Problem, State};
use crate::tree::documents::DocumentId;
use crate::tree::documents::model::DocumentSummary;
use crate::tree::documents::queries as documents;
use crate::tree::replay::{Source, Which, World};
use crate::tree::revision_header;

/// Whether to look or to do.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CommitParams {
    /// `true` answers with everything that would be touched, and writes nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// The `fingerprint` of the preview that was seen; needed to commit.
    #[param(max_length = 64)]
    pub fingerprint: Option<String>,
}

/// Why a reorganisation never happened.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Nhập trùng"}))]
pub struct Annulment {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// What a correction or an annulment answers: what is recorded now, or, of a dry run, the preview.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"fingerprint": "5f1c", "units_total": 0, "carried_along": 0, "units": [],
    "links": {"added": [], "removed": []}, "warnings": [], "clusters": []}))]
pub enum Changed {
    Recorded(Box<Reorganisation>),
    Previewed(Box<Preview>),
}

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
    responses((status = 200, description = "A page of reorganisations", body = Page<Reorganisation>)),
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
            let documents = documents_of(db, &scope, &rows)?;
            let total = counts.then(|| queries::count(db, &scope, &wanted));
            Ok((rows, documents, total.transpose()?))
        })
        .await?;
    list.answer(
        // What is planned becomes what is in effect without a write.
        None,
        rows,
        total,
        |row| (row.position().on, row.position().seq),
        |row| {
            let document = documents.get(&row.content.document_id).cloned();
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

/// Record a reorganisation
///
/// The only way to change the tree: past, present or future. First with `dry_run=true`, which answers a
/// preview of everything touched; then with that preview's `fingerprint`. It is applied whole or
/// refused whole: 422 names the first line that does not hold, 409 `later_decision_depends` a recorded
/// decision that no longer would.
#[utoipa::path(
    operation_id = "record_reorganisation",
    tag = "reorganisations",
    params(CommitParams),
    request_body(content = ReorganisationContent, description = "The decision"),
    responses(
        (status = 200, description = "The preview, of a dry run", body = Preview),
        (status = 201, description = "The decision as recorded", body = Reorganisation,
            headers(("Location" = String, description = "Address of the reorganisation"))),
    ),
)]
#[post("/reorganisations")]
pub async fn record(
    grant: Grant<ReorganiseUnits>,
    query: Query<CommitParams>,
    post: Post,
    content: Json<ReorganisationContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let edit = Edit::Record(content.value);
    if query.0.dry_run {
        let scope = grant.scope().clone();
        return dry_run(&state, move |db| Ok(work_out(db, &scope, &edit)?.preview)).await;
    }
    post.require_key()?;
    let (scope, fingerprint) = (grant.scope().clone(), query.0.fingerprint);
    let today = state.store.clock().today();
    let write = move |tx: &mut Tx<'_>| {
        let seen = fingerprint.as_deref();
        let (recorded, revision) = carry_out(tx, &scope, &edit, None, seen, today)?;
        answer(tx, &scope, StatusCode::CREATED, &recorded, revision, today)
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Correct a reorganisation
///
/// For wrong dates, names and numbers: another content under the same id; the old one is kept. Units
/// are recognised by their codes. Asked for and committed as a new one is.
#[utoipa::path(
    operation_id = "correct_reorganisation",
    tag = "reorganisations",
    params(("id" = i64, Path, description = "The reorganisation's id", example = 4), CommitParams),
    request_body(content = ReorganisationContent, description = "The whole decision, as it should read"),
    responses((status = 200, description = "The decision as it reads now; of a dry run, the preview",
        body = Changed)),
)]
#[put("/reorganisations/{id}")]
pub async fn correct(
    grant: Grant<ReorganiseUnits>,
    query: Query<CommitParams>,
    id: Id<ReorganisationId>,
    if_match: IfMatch,
    content: Json<ReorganisationContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let content = content.value;
    let edit = move |db: &mut Db, scope: &Scope| {
        let before = queries::find(db, scope, id.0)?;
        if_match.check(before.version)?;
        Ok::<_, Error>(Edit::Correct(before, content.clone()))
    };
    if query.0.dry_run {
        return dry_run(&state, move |db| {
            let edit = edit(db, &scope)?;
            Ok(work_out(db, &scope, &edit)?.preview)
        })
        .await;
    }
    let today = state.store.clock().today();
    let answer = state
        .store
        .write(move |tx| {
            let edit = edit(tx, &scope)?;
            let seen = query.0.fingerprint.as_deref();
            let (recorded, revision) = carry_out(tx, &scope, &edit, None, seen, today)?;
            answer(tx, &scope, StatusCode::OK, &recorded, revision, today)
        })
        .await?;
    Ok(answer.into())
}

/// Annul a reorganisation
///
/// It never happened. It stays visible with the reason and can't be brought back; record it again. A
/// revoked decision, which did happen, is reversed instead.
#[utoipa::path(
    operation_id = "annul_reorganisation",
    tag = "reorganisations",
    params(("id" = i64, Path, description = "The reorganisation's id", example = 4), CommitParams),
    request_body(content = Annulment, description = "The reason"),
    responses((status = 200, description = "The annulled decision; of a dry run, the preview",
        body = Changed)),
)]
#[post("/reorganisations/{id}:annul")]
pub async fn annul(
    grant: Grant<ReorganiseUnits>,
    query: Query<CommitParams>,
    id: Id<ReorganisationId>,
    post: Post,
    if_match: IfMatch,
    annulment: Json<Annulment>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let reason = text::name(&annulment.value.reason, 1_000)
        .map_err(|code| Error::at(FieldError::at("/reason", code)))?;
    let scope = grant.scope().clone();
    let edit = move |db: &mut Db, scope: &Scope| {
        let before = queries::find(db, scope, id.0)?;
        before.check_in_force()?;
        if_match.check(before.version)?;
        Ok::<_, Error>(Edit::Annul(before))
    };
    if query.0.dry_run {
        return dry_run(&state, move |db| {
            let edit = edit(db, &scope)?;
            Ok(work_out(db, &scope, &edit)?.preview)
        })
        .await;
    }
    post.require_key()?;
    let today = state.store.clock().today();
    let write = move |tx: &mut Tx<'_>| {
        let edit = edit(tx, &scope)?;
        let seen = query.0.fingerprint.as_deref();
        let (recorded, revision) = carry_out(tx, &scope, &edit, Some(&reason), seen, today)?;
        answer(tx, &scope, StatusCode::OK, &recorded, revision, today)
    };
    state
        .write_once(&grant.caller, post, annulment.hash, write)
        .await
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

async fn dry_run<F>(state: &State, f: F) -> Result<HttpResponse, Problem>
where
    F: Fn(&mut Db) -> Result<Preview> + Send + Sync + 'static,
{
    let (preview, revision) = state
        .store
        .read(move |db| Ok((f(db)?, commit::revision(db)?)))
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(revision_header(revision.tree))
        .json(Changed::Previewed(Box::new(preview))))
}

fn answer(
    tx: &mut Tx<'_>,
    scope: &Scope,
    status: StatusCode,
    recorded: &Recorded,
    revision: i64,
    today: NaiveDate,
) -> Result<Answer> {
    let view = view_of(tx, scope, recorded, today, true)?;
    let (name, value) = revision_header(revision);
    let answer = Answer::new(status)
        .version(recorded.version)
        .header(name, value)
        .json(&Changed::Recorded(Box::new(view)))?;
    Ok(match status {
        StatusCode::CREATED => answer.location(format!("/api/v1/reorganisations/{}", recorded.id)),
        _ => answer,
    })
}

fn view_of(
    db: &mut Db,
    scope: &Scope,
    recorded: &Recorded,
    today: NaiveDate,
    may_reorganise: bool,
) -> Result<Reorganisation> {
    let mut documents = documents_of(db, scope, std::slice::from_ref(recorded))?;
    let document = documents.remove(&recorded.content.document_id);
    Ok(recorded.to_view(document, today, may_reorganise))
}

fn documents_of(
    db: &mut Db,
    scope: &Scope,
    rows: &[Recorded],
) -> Result<BTreeMap<i64, DocumentSummary>> {
    let ids: Vec<DocumentId> = rows
        .iter()
        .map(|row| DocumentId(row.content.document_id))
        .collect();
    let found = documents::of_ids(db, scope, &ids)?;
    Ok(found
        .iter()
        .map(|document| (document.id.0, DocumentSummary::from(document)))
        .collect())
}

//! The addresses under `/reorganisations` that write.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use chrono::NaiveDate;
use liendoan_core::error::FieldError;
use liendoan_core::{Db, Error, Result, Scope, Tx, text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ReorganisationId;
use super::commit;
use super::content::ReorganisationContent;
use super::model::{Recorded, Reorganisation};
use super::plan::{Asker, Edit, carry_out, work_out};
use super::preview::Preview;
use super::queries;
use super::reading::view_of;
use crate::http::grant::ReorganiseUnits;
use crate::http::list::Query;
use crate::http::{Answer, Grant, Id, IfMatch, Json, Post, Problem, State};
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
    "links": {"added": [], "removed": []}, "warnings": [], "clusters": [], "grants": []}))]
pub enum Changed {
    Recorded(Box<Reorganisation>),
    Previewed(Box<Preview>),
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
    let asker = Asker::of(&grant);
    let today = state.store.clock().today();
    if query.0.dry_run {
        return dry_run(&state, move |db| {
            Ok(work_out(db, &asker, &edit, today)?.preview)
        })
        .await;
    }
    post.require_key()?;
    let fingerprint = query.0.fingerprint;
    let write = move |tx: &mut Tx<'_>| {
        let seen = fingerprint.as_deref();
        let (recorded, revision) = carry_out(tx, &asker, &edit, None, seen, today)?;
        answer(
            tx,
            &asker.scope,
            StatusCode::CREATED,
            &recorded,
            revision,
            today,
        )
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
    let asker = Asker::of(&grant);
    let content = content.value;
    let edit = move |db: &mut Db, scope: &Scope| {
        let before = queries::find(db, scope, id.0)?;
        if_match.check(before.version)?;
        Ok::<_, Error>(Edit::Correct(before, content.clone()))
    };
    let today = state.store.clock().today();
    if query.0.dry_run {
        return dry_run(&state, move |db| {
            let edit = edit(db, &asker.scope)?;
            Ok(work_out(db, &asker, &edit, today)?.preview)
        })
        .await;
    }
    let answer = state
        .write(&grant.caller, move |tx| {
            let edit = edit(tx, &asker.scope)?;
            let seen = query.0.fingerprint.as_deref();
            let (recorded, revision) = carry_out(tx, &asker, &edit, None, seen, today)?;
            answer(tx, &asker.scope, StatusCode::OK, &recorded, revision, today)
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
    let asker = Asker::of(&grant);
    let edit = move |db: &mut Db, scope: &Scope| {
        let before = queries::find(db, scope, id.0)?;
        before.check_in_force()?;
        if_match.check(before.version)?;
        Ok::<_, Error>(Edit::Annul(before))
    };
    let today = state.store.clock().today();
    if query.0.dry_run {
        return dry_run(&state, move |db| {
            let edit = edit(db, &asker.scope)?;
            Ok(work_out(db, &asker, &edit, today)?.preview)
        })
        .await;
    }
    post.require_key()?;
    let write = move |tx: &mut Tx<'_>| {
        let edit = edit(tx, &asker.scope)?;
        let seen = query.0.fingerprint.as_deref();
        let (recorded, revision) = carry_out(tx, &asker, &edit, Some(&reason), seen, today)?;
        answer(tx, &asker.scope, StatusCode::OK, &recorded, revision, today)
    };
    state
        .write_once(&grant.caller, post, annulment.hash, write)
        .await
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

//! The addresses under `/period_locks`.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use liendoan_core::error::FieldError;
use liendoan_core::{Code, Error, Tx, UnitId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::LockId;
use super::model::{Lock, LockContent, LockView, Reopening};
use super::queries;
use crate::http::grant::{LockPeriods, ReadRecords};
use crate::http::list::{NoQuery, Walk};
use crate::http::{Answer, Grant, Id, IfMatch, Json, List, Page, Patch, Post, Problem, State};
use crate::tree::cover;
use crate::tree::units::{UnitRef, queries as units};

/// What a list of locks is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LockFilter {
    /// Only locks of this unit itself: its id, or `code:` and its code.
    pub unit: Option<String>,
}

/// List period locks
///
/// Closed periods, those that were reopened too, in the order in which they were closed. Everybody who reads
/// records may know them.
#[utoipa::path(
    operation_id = "list_period_locks",
    tag = "period_locks",
    params(LockFilter, Walk),
    responses((status = 200, description = "A page of locks", body = Page<LockView>)),
)]
#[get("/period_locks")]
pub async fn list(
    grant: Grant<ReadRecords>,
    list: List<LockFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let after = list.start::<i64>()?.unwrap_or(0);
    let unit = list.filter.unit.as_deref().map(|unit| {
        let refused = || Error::at(FieldError::parameter("unit", Code::UnitAddressInvalid));
        UnitRef::parse(unit).ok_or_else(refused)
    });
    let unit = unit.transpose()?;
    let today = state.store.clock().today();
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let limit = list.rows_to_read();
    let views = state
        .store
        .read(move |db| {
            let unit = match &unit {
                Some(unit) => Some(units::resolve(db, &scope, unit)?),
                None => None,
            };
            let locks = queries::list(db, &scope, unit, after, limit)?;
            // Most locks are of a few units.
            let units: BTreeSet<UnitId> = locks.iter().map(|lock| lock.unit).collect();
            let locking = caller.scope::<LockPeriods>();
            let mut mine = BTreeSet::new();
            for unit in units {
                if cover::covers(db, &locking, unit, today)? {
                    mine.insert(unit);
                }
            }
            let view = |lock: &Lock| lock.to_view(today, mine.contains(&lock.unit));
            Ok(locks.iter().map(view).collect::<Vec<_>>())
        })
        .await?;
    list.answer(None, views, None, |view| view.id, |view| view)
}

/// Read a period lock
///
/// With the units that are let in for a time, and who reopened it.
#[utoipa::path(
    operation_id = "read_period_lock",
    tag = "period_locks",
    params(("id" = i64, Path, description = "The lock's id", example = 3)),
    responses((status = 200, description = "The lock", body = LockView)),
)]
#[get("/period_locks/{id}")]
pub async fn read(
    grant: Grant<ReadRecords>,
    _: NoQuery,
    id: Id<LockId>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let today = state.store.clock().today();
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let view = state
        .store
        .read(move |db| {
            let lock = queries::find(db, &scope, id.0)?;
            let may_change = cover::covers(db, &caller.scope::<LockPeriods>(), lock.unit, today)?;
            Ok(lock.to_view(today, may_change))
        })
        .await?;
    // Whether it holds changes at midnight, without the version: the tag helps writers, and spares no reading.
    let answer = Answer::new(StatusCode::OK).version(view.version);
    Ok(answer.json(&view)?.into())
}

fn answer(tx: &Tx<'_>, status: StatusCode, lock: &Lock) -> Result<Answer, Error> {
    let view = lock.to_view(tx.today(), true);
    Answer::new(status).version(lock.version).json(&view)
}

/// Close a period
///
/// From now on no record that stands under the unit, then or now, and whose record day lies in the period is
/// submitted, approved, corrected or withdrawn: 409 `period_locked`. Drafts can be written still.
#[utoipa::path(
    operation_id = "create_period_lock",
    tag = "period_locks",
    request_body(content = LockContent, description = "What is closed"),
    responses((status = 201, description = "The lock", body = LockView,
        headers(("Location" = String, description = "Address of the lock")))),
)]
#[post("/period_locks")]
pub async fn create(
    grant: Grant<LockPeriods>,
    _: NoQuery,
    post: Post,
    content: Json<LockContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let content_to_store = content.value.check()?;
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let write = move |tx: &mut Tx<'_>| {
        let lock = queries::create(tx, &caller, &scope, &content_to_store)?;
        let location = format!("/api/v1/period_locks/{}", lock.id);
        Ok(answer(tx, StatusCode::CREATED, &lock)?.location(location))
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Update a period lock
///
/// A merge patch (RFC 7396): until when it holds, why, and which units are let in for a time. Unit and period
/// never change.
#[utoipa::path(
    operation_id = "update_period_lock",
    tag = "period_locks",
    params(("id" = i64, Path, description = "The lock's id", example = 3)),
    request_body(
        content = Patch<LockContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"exceptions": [
            {"unit": "hn-tcnt", "until": "2021-03-01", "reason": "Bổ sung báo cáo nộp muộn"}
        ]}),
    ),
    responses((status = 200, description = "The lock after the change", body = LockView)),
)]
#[patch("/period_locks/{id}")]
pub async fn update(
    grant: Grant<LockPeriods>,
    _: NoQuery,
    id: Id<LockId>,
    if_match: IfMatch,
    patch: Patch<LockContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let answer = state
        .write(&grant.caller, move |tx| {
            let before = queries::find_to_change(tx, &scope, id.0)?;
            if_match.check(before.version)?;
            let content = patch.apply(&before.content)?.check()?;
            let lock = if content == before.content {
                before
            } else {
                queries::update(tx, &scope, &before, &content)?
            };
            answer(tx, StatusCode::OK, &lock)
        })
        .await?;
    Ok(answer.into())
}

/// Reopen a period
///
/// It can be closed again, by another lock. This one stays, with the reason.
#[utoipa::path(
    operation_id = "reopen_period_lock",
    tag = "period_locks",
    params(("id" = i64, Path, description = "The lock's id", example = 3)),
    request_body(content = Reopening, description = "The reason"),
    responses((status = 200, description = "The lock, which no longer holds", body = LockView)),
)]
#[post("/period_locks/{id}:reopen")]
pub async fn reopen(
    grant: Grant<LockPeriods>,
    _: NoQuery,
    id: Id<LockId>,
    (post, if_match): (Post, IfMatch),
    content: Json<Reopening>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let reason = content.value.check()?;
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let write = move |tx: &mut Tx<'_>| {
        let before = queries::find_to_change(tx, &scope, id.0)?;
        if_match.check(before.version)?;
        let lock = queries::reopen(tx, &caller, &scope, &before, &reason)?;
        answer(tx, StatusCode::OK, &lock)
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

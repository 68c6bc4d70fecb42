//! The history of a record, and what waits for me.

use actix_web::{HttpResponse, get, web};
use liendoan_core::clock::rfc3339;
use liendoan_core::{Code, Error, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{ApprovedVersion, Record, RecordSummary, Step};
use super::{RecordId, inbox, queries, rights};
use crate::http::grant::{Principal, ReadRecords};
use crate::http::list::Walk;
use crate::http::{Grant, Id, List, Page, Problem, State};
use crate::tree::places;

/// A list of what belongs to one record is narrowed to nothing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

/// List the steps of a record
///
/// Its history: every step from state to state, in order, with reasons.
#[utoipa::path(
    operation_id = "list_record_steps",
    tag = "records",
    params(("id" = i64, Path, description = "The record's id", example = 12), Walk),
    responses((status = 200, description = "A page of steps", body = Page<Step>)),
)]
#[get("/records/{id}/steps")]
pub async fn list_steps(
    grant: Grant<ReadRecords>,
    id: Id<RecordId>,
    list: List<NoFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let after = list.start::<i64>()?.unwrap_or(0);
    let (scope, limit) = (grant.scope().clone(), list.rows_to_read());
    let steps = state
        .store
        .read(move |db| {
            let record = queries::find(db, &scope, None, id.0)?;
            queries::steps(db, &scope, &record, after, limit)
        })
        .await?;
    list.answer(None, steps, None, |(id, _)| *id, |(_, step)| step)
}

/// List the versions of a record
///
/// Every content that was approved, in order; they never change. The last one counts.
#[utoipa::path(
    operation_id = "list_record_versions",
    tag = "records",
    params(("id" = i64, Path, description = "The record's id", example = 12), Walk),
    responses((status = 200, description = "A page of versions", body = Page<ApprovedVersion>)),
)]
#[get("/records/{id}/versions")]
pub async fn list_versions(
    grant: Grant<ReadRecords>,
    id: Id<RecordId>,
    list: List<NoFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let after = list.start::<i32>()?.unwrap_or(0);
    let (scope, limit) = (grant.scope().clone(), list.rows_to_read());
    let versions = state
        .store
        .read(move |db| {
            let record = queries::find(db, &scope, None, id.0)?;
            queries::versions(db, &scope, &record, after, limit)
        })
        .await?;
    list.answer(
        None,
        versions,
        None,
        |version| version.number,
        |version| version,
    )
}

/// List what waits for me
///
/// Records that wait for the caller's approval, oldest first, of every kind: those for which no unit nearer
/// than the caller's has anybody who may decide. Empty for whoever approves nothing.
#[utoipa::path(
    operation_id = "list_inbox",
    tag = "records",
    params(Walk),
    responses((status = 200, description = "A page of records", body = Page<RecordSummary>)),
)]
#[get("/inbox")]
pub async fn list_inbox(
    grant: Grant<ReadRecords>,
    list: List<NoFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let start = list.start::<(String, i64)>()?;
    let start = start
        .map(|(at, id)| Ok::<_, Error>((moment(&at)?, id)))
        .transpose()?;
    let Principal::Account(account) = grant.caller.principal else {
        return Err(Error::from(Code::PeopleOnly).into());
    };
    places::catch_up(&state).await?;
    let today = state.store.clock().today();
    let (caller, limit) = (grant.caller.clone(), list.rows_to_read());
    let rows = state
        .store
        .read(move |db| {
            let records = inbox::waiting(db, account, start, limit, today)?;
            let allowed = rights::allowed(db, &caller, &records, today)?;
            let shown = records.iter().zip(allowed);
            let rows = shown.map(|(record, allowed)| (key_of(record), record.summary(allowed)));
            Ok(rows.collect::<Vec<_>>())
        })
        .await?;
    list.answer(None, rows, None, |(key, _)| key.clone(), |(_, shown)| shown)
}

fn key_of(record: &Record) -> (String, i64) {
    let at = record.submitted_at.unwrap_or_default();
    (rfc3339(at), record.id.0)
}

/// A moment as [`key_of`] writes it, out of a cursor that was signed.
fn moment(text: &str) -> Result<Timestamp, Error> {
    let read = chrono::DateTime::parse_from_rfc3339(text);
    Ok(read.map_err(|_| Code::CursorInvalid)?.naive_utc())
}

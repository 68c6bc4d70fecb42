//! The addresses under `/activities`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::day::Day;
use liendoan_core::error::FieldError;
use liendoan_core::{Code, Error, Tx};
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{Activity, ActivityContent, Status};
use crate::http::grant::{ReadRecords, RecordActivities};
use crate::http::list::{NoQuery, Walk};
use crate::http::{
    Answer, Grant, Id, IfMatch, Json, List, Page, Patch, Post, Problem, State as Service,
};
use crate::records::lifecycle::changes::{self, Because};
use crate::records::lifecycle::list::{Tree, Wanted, page};
use crate::records::lifecycle::{
    Action, Kind, Record, RecordId, RecordKind, State, queries, rights,
};
use crate::tree::places;
use crate::tree::units::{UnitRef, queries as units};

/// What a list of activities is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ActivityFilter {
    /// Only those under this unit, itself included: its id, or `code:` and its code.
    pub unit: Option<String>,
    /// Under the unit as it was organised on the activity's day (`then`), or as it is today (`now`).
    #[param(inline)]
    pub tree: Option<Tree>,
    /// Only those in this state.
    #[param(inline)]
    pub state: Option<State>,
    /// Only those of the kind with this code.
    pub kind: Option<String>,
    /// Only those that were held, are planned, or were cancelled.
    #[param(inline)]
    pub status: Option<Status>,
    /// Only those whose record day is this day or later.
    pub from: Option<Day>,
    /// Only those whose record day is earlier than this day.
    pub to: Option<Day>,
}

fn view(record: &Record, allowed: Vec<Action>) -> Result<Activity, Error> {
    Ok(Activity {
        head: record.head(allowed),
        content: record.content()?,
    })
}

/// List activities
///
/// Those that the caller reads, newest first by record day: what was under their units then, and what is
/// under them now. With `unit` what is under one unit, in the tree of then or of now.
#[utoipa::path(
    operation_id = "list_activities",
    tag = "activities",
    params(ActivityFilter, Walk),
    responses(
        (status = 200, description = "A page of activities", body = Page<Activity>),
        (status = 404, description = "There is no such unit"),
    ),
)]
#[get("/activities")]
pub async fn list(
    grant: Grant<ReadRecords>,
    list: List<ActivityFilter>,
    state: web::Data<Service>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let start = list.start::<(Day, i64)>()?.map(|(day, id)| (day.0, id));
    let filter = &list.filter;
    let unit = filter.unit.as_deref().map(|unit| {
        let refused = || Error::at(FieldError::parameter("unit", Code::UnitAddressInvalid));
        UnitRef::parse(unit).ok_or_else(refused)
    });
    let unit = unit.transpose()?;
    if unit.is_none() && filter.tree.is_some() {
        return Err(Error::at(FieldError::parameter("unit", Code::Required)).into());
    }
    let tree = filter.tree.unwrap_or_default();
    let wanted = Wanted {
        under: None,
        state: filter.state,
        category: filter.kind.clone(),
        status: filter.status.map(|status| status.as_str().to_owned()),
        from: filter.from.map(|day| day.0),
        to: filter.to.map(|day| day.0),
    };
    places::catch_up(&state.store).await?;
    let today = state.store.clock().today();
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let limit = list.rows_to_read();
    let rows = state
        .store
        .read(move |db| {
            let mut wanted = wanted.clone();
            if let Some(unit) = &unit {
                wanted.under = Some((units::resolve(db, &scope, unit)?, tree));
            }
            let records = page(
                db,
                &scope,
                ActivityContent::KIND,
                &wanted,
                start,
                limit,
                today,
            )?;
            let shown = records.into_iter().map(|record| {
                let allowed = rights::allowed(db, &caller, &record, today)?;
                let activity = view(&record, allowed)?;
                Ok((Day(record.record_day), record.id.0, activity))
            });
            shown.collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    list.answer(
        None,
        rows,
        None,
        |(day, id, _)| (*day, *id),
        |(.., shown)| shown,
    )
}

/// Read an activity
///
/// With its newest content: of one that is being corrected, what it will say. What counts meanwhile is under
/// `/records/{id}/versions`.
#[utoipa::path(
    operation_id = "read_activity",
    tag = "activities",
    params(("id" = i64, Path, description = "The activity's id", example = 12)),
    responses((status = 200, description = "The activity", body = Activity)),
)]
#[get("/activities/{id}")]
pub async fn read(
    grant: Grant<ReadRecords>,
    id: Id<RecordId>,
    _: NoQuery,
    state: web::Data<Service>,
) -> Result<HttpResponse, Problem> {
    let today = state.store.clock().today();
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let activity = state
        .store
        .read(move |db| {
            let record = queries::find(db, &scope, Some(RecordKind::Activity), id.0, today)?;
            let allowed = rights::allowed(db, &caller, &record, today)?;
            view(&record, allowed)
        })
        .await?;
    // What may be done changes without the version: the tag helps writers, and spares no reading.
    let answer = Answer::new(StatusCode::OK).version(activity.head.version);
    Ok(answer.json(&activity)?.into())
}

/// Record an activity
///
/// As a draft, for a unit that the caller records for today. It counts nowhere until it is approved.
#[utoipa::path(
    operation_id = "create_activity",
    tag = "activities",
    request_body(content = ActivityContent, description = "What was done"),
    responses((status = 201, description = "The draft", body = Activity,
        headers(("Location" = String, description = "Address of the activity")))),
)]
#[post("/activities")]
pub async fn create(
    grant: Grant<RecordActivities>,
    _: NoQuery,
    post: Post,
    content: Json<ActivityContent>,
    state: web::Data<Service>,
) -> Result<HttpResponse, Problem> {
    let content_to_store = content.value.check()?;
    let caller = grant.caller.clone();
    let write = move |tx: &mut Tx<'_>| {
        let record = changes::create(tx, &caller, &content_to_store)?;
        let today = tx.today();
        let allowed = rights::allowed(tx, &caller, &record, today)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/activities/{}", record.id))
            .version(record.version)
            .json(&view(&record, allowed)?)
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Update an activity
///
/// A merge patch (RFC 7396) of a draft, or of what was returned. What was approved is opened for a correction
/// first; its unit stays.
#[utoipa::path(
    operation_id = "update_activity",
    tag = "activities",
    params(("id" = i64, Path, description = "The activity's id", example = 12)),
    request_body(
        content = Patch<ActivityContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"participants": 118, "women": 63}),
    ),
    responses((status = 200, description = "The activity after the change", body = Activity)),
)]
#[patch("/activities/{id}")]
pub async fn update(
    grant: Grant<RecordActivities>,
    _: NoQuery,
    id: Id<RecordId>,
    if_match: IfMatch,
    patch: Patch<ActivityContent>,
    state: web::Data<Service>,
) -> Result<HttpResponse, Problem> {
    let caller = grant.caller.clone();
    let answer = state
        .write(&grant.caller, move |tx| {
            let today = tx.today();
            let before = find_to_change(tx, &caller, id.0)?;
            rights::check_edits(tx, &caller, &before)?;
            if_match.check(before.version)?;
            let content = patch
                .apply(&before.content::<ActivityContent>()?)?
                .check()?;
            let record = if content == before.content()? {
                before
            } else {
                changes::update(tx, &caller, &before, &content)?
            };
            let allowed = rights::allowed(tx, &caller, &record, today)?;
            Answer::new(StatusCode::OK)
                .version(record.version)
                .json(&view(&record, allowed)?)
        })
        .await?;
    Ok(answer.into())
}

/// Delete an activity
///
/// A draft, or what was returned: it is gone, and the feed says so. Of a correction the new content alone is
/// thrown away; what was approved goes on counting.
#[utoipa::path(
    operation_id = "delete_activity",
    tag = "activities",
    params(("id" = i64, Path, description = "The activity's id", example = 12)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/activities/{id}")]
pub async fn delete(
    grant: Grant<RecordActivities>,
    _: NoQuery,
    id: Id<RecordId>,
    if_match: IfMatch,
    state: web::Data<Service>,
) -> Result<HttpResponse, Problem> {
    let caller = grant.caller.clone();
    state
        .write(&grant.caller, move |tx| {
            let before = find_to_change(tx, &caller, id.0)?;
            let because = Because::default();
            changes::act(tx, &caller, &before, &if_match, Action::Delete, &because).map(drop)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// One that the caller reads, to be changed.
fn find_to_change(
    tx: &mut Tx<'_>,
    caller: &crate::http::grant::Caller,
    id: RecordId,
) -> Result<Record, Error> {
    let (today, scope) = (tx.today(), caller.scope::<ReadRecords>());
    queries::find(tx, &scope, Some(RecordKind::Activity), id, today)
}

//! Kinds of activity, and the addresses under `/activity_kinds`.

use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::Result;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answers;
use super::forms::catalogue;
use super::model::{Catalogue, CatalogueAction, Common, Entry, EntryId, Fields, NamedAs, word};
use super::queries::Wanted;
use crate::http::grant::{EditReferenceData, ReadReferenceData};
use crate::http::list::{NoQuery, Paging};
use crate::http::{Grant, Id, IfMatch, IfNoneMatch, Json, List, Page, Patch, Post, Problem, State};

/// The field of work that a kind of activity belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Membership,
    Organisation,
    Welfare,
    Awards,
    Agreements,
    Conferences,
    Training,
    Emulation,
    Finance,
    Inspection,
    Communication,
    Women,
    Party,
}

catalogue! {
    /// What makes an entry a kind of activity.
    ActivityKind {
        #[schema(inline)]
        group: Group,
    }

    /// What a caller sets: all of an entry but its identity.
    #[schema(as = ActivityKindContent, example = json!({
        "code": "blood_donation",
        "rank": 350,
        "name_vi": "Hiến máu tình nguyện",
        "name_en": "Voluntary blood donation",
        "group": "welfare",
        "from": null,
        "to": null,
        "document": null
    }))]
    sent ActivityKindContent

    /// A kind of activity over one stretch of time.
    #[schema(as = ActivityKind, example = json!({
        "id": 12,
        "version": 1,
        "code": "blood_donation",
        "rank": 350,
        "name_vi": "Hiến máu tình nguyện",
        "name_en": "Voluntary blood donation",
        "group": "welfare",
        "from": null,
        "to": null,
        "document": null,
        "created_at": "2026-11-28T02:00:00.000000Z",
        "updated_at": "2026-11-28T02:00:00.000000Z",
        "allowed_actions": ["edit", "delete"]
    }))]
    seen ActivityKindView
}

impl Catalogue for ActivityKind {
    const NAME: &'static str = "activity_kinds";
    const NAMED_AS: NamedAs = NamedAs::Category("activity");
    const TOPIC: &'static str = "activity_kind";
    const CREATED: &'static str = "activity_kind.created";
    const UPDATED: &'static str = "activity_kind.updated";
    const DELETED: &'static str = "activity_kind.deleted";
    const SEED: &'static str = include_str!("../../../../reference/activity_kinds.json");

    type Content = ActivityKindContent;
    type View = ActivityKindView;

    fn class(&self) -> Result<String> {
        word(self.group)
    }
}

/// What a list of kinds of activity is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ActivityKindFilter {
    /// Only entries that hold on this day, such as `2025-06-30`.
    pub as_of: Option<Day>,
    /// Only entries of this code.
    pub code: Option<String>,
    /// Only entries of this field of work.
    #[param(inline)]
    pub group: Option<Group>,
}

/// List activity kinds
///
/// All entries, past and future ones too, in the order of the catalogue. With `as_of` only those that
/// hold on that day: those that a record of that day may name.
#[utoipa::path(
    operation_id = "list_activity_kinds",
    tag = "activity_kinds",
    params(ActivityKindFilter, Paging, IfNoneMatch),
    responses((status = 200, description = "A page of entries", body = Page<ActivityKindView>)),
)]
#[get("/activity_kinds")]
pub async fn list(
    grant: Grant<ReadReferenceData>,
    list: List<ActivityKindFilter>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let wanted = Wanted {
        holding_on: list.filter.as_of.map(|day| day.0),
        code: list.filter.code.clone(),
        class: list.filter.group.map(word).transpose()?,
        level: None,
    };
    answers::list::<ActivityKind, _>(grant, list, wanted, known, &state).await
}

/// Read an activity kind
///
/// One entry by its id, with its version as ETag.
#[utoipa::path(
    operation_id = "read_activity_kind",
    tag = "activity_kinds",
    params(("id" = i64, Path, description = "The entry's id", example = 12), IfNoneMatch),
    responses((status = 200, description = "The entry", body = ActivityKindView)),
)]
#[get("/activity_kinds/{id}")]
pub async fn read(
    grant: Grant<ReadReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::read::<ActivityKind>(grant, id, known, &state).await
}

/// Create an activity kind
///
/// Adds an entry. Entries of one code must not overlap.
#[utoipa::path(
    operation_id = "create_activity_kind",
    tag = "activity_kinds",
    request_body(content = ActivityKindContent, description = "The new entry"),
    responses((status = 201, description = "The new entry", body = ActivityKindView,
        headers(("Location" = String, description = "Address of the entry")))),
)]
#[post("/activity_kinds")]
pub async fn create(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    post: Post,
    content: Json<ActivityKindContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::create::<ActivityKind>(grant, post, content, &state).await
}

/// Update an activity kind
///
/// A merge patch (RFC 7396): members given are set, null clears, the rest stays. `code` can't change.
#[utoipa::path(
    operation_id = "update_activity_kind",
    tag = "activity_kinds",
    params(("id" = i64, Path, description = "The entry's id", example = 12)),
    request_body(
        content = Patch<ActivityKindContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"name_en": "Blood donation", "to": "2027-01-01"}),
    ),
    responses((status = 200, description = "The entry after the change", body = ActivityKindView)),
)]
#[patch("/activity_kinds/{id}")]
pub async fn update(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    if_match: IfMatch,
    patch: Patch<ActivityKindContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::update::<ActivityKind>(grant, id, if_match, patch, &state).await
}

/// Delete an activity kind
///
/// Removes an entry that was made by mistake. What is no longer used gets its last day instead, by an
/// update of `to`.
#[utoipa::path(
    operation_id = "delete_activity_kind",
    tag = "activity_kinds",
    params(("id" = i64, Path, description = "The entry's id", example = 12)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/activity_kinds/{id}")]
pub async fn delete(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::delete::<ActivityKind>(grant, id, if_match, &state).await
}

//! The addresses under `/partners`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::error::FieldError;
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::{Db, Error, Result, Tx};
use serde::Deserialize;
use utoipa::IntoParams;

use super::PartnerId;
use super::model::{Partner, PartnerContent, PartnerKind, PartnerView};
use super::queries::{self, Wanted};
use crate::http::grant::{EditPartners, ReadPartners};
use crate::http::list::{NoQuery, Walk};
use crate::http::{Answer, Grant, Id, IfMatch, Json, List, Page, Patch, Post, Problem, State};

/// What a list of partners is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PartnerFilter {
    /// Only those in whose names a word begins with each of these words, with or without marks: `ubnd cau giay`.
    #[param(max_length = 300)]
    pub name: Option<String>,
    /// Only those of this kind.
    #[param(inline)]
    pub kind: Option<PartnerKind>,
}

/// List partners
///
/// Bodies outside the union, in the order in which they were entered; with `name` those that it finds.
#[utoipa::path(
    operation_id = "list_partners",
    tag = "partners",
    params(PartnerFilter, Walk),
    responses((status = 200, description = "A page of partners", body = Page<PartnerView>)),
)]
#[get("/partners")]
pub async fn list(
    grant: Grant<ReadPartners>,
    list: List<PartnerFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let after = list.start::<i64>()?.unwrap_or(0);
    let name = list
        .filter
        .name
        .as_deref()
        .map(|name| text::name(name, NAME_MAX));
    let refused = |code| Error::at(FieldError::parameter("name", code));
    let wanted = Wanted {
        name: name.transpose().map_err(refused)?,
        kind: list.filter.kind,
    };
    let (scope, limit) = (grant.scope().clone(), list.rows_to_read());
    let may_edit = grant.caller.may::<EditPartners>();
    let partners = state
        .store
        .read(move |db| queries::list(db, &scope, &wanted, after, limit))
        .await?;
    list.answer(
        None,
        partners,
        None,
        |partner| partner.id.0,
        |partner| partner.to_view(may_edit, None),
    )
}

/// Read a partner
///
/// One partner by its id, with its version as ETag, and what likely is the same body.
#[utoipa::path(
    operation_id = "read_partner",
    tag = "partners",
    params(("id" = i64, Path, description = "The partner's id", example = 4)),
    responses((status = 200, description = "The partner", body = PartnerView)),
)]
#[get("/partners/{id}")]
pub async fn read(
    grant: Grant<ReadPartners>,
    _: NoQuery,
    id: Id<PartnerId>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let may_edit = grant.caller.may::<EditPartners>();
    let (version, view) = state
        .store
        .read(move |db| {
            let partner = queries::find(db, &scope, id.0)?;
            Ok((partner.version, whole(db, &partner, may_edit)?))
        })
        .await?;
    // What is like it changes without its version: the tag helps writers, and spares no reading.
    Ok(Answer::new(StatusCode::OK)
        .version(version)
        .json(&view)?
        .into())
}

/// Create a partner
///
/// Adds a body outside the union. One that is there already, by tax code or by a name in another spelling, is
/// pointed out in `likely_duplicates`; nothing is refused for it.
#[utoipa::path(
    operation_id = "create_partner",
    tag = "partners",
    request_body(content = PartnerContent, description = "The new partner"),
    responses((status = 201, description = "The new partner", body = PartnerView,
        headers(("Location" = String, description = "Address of the partner")))),
)]
#[post("/partners")]
pub async fn create(
    grant: Grant<EditPartners>,
    _: NoQuery,
    post: Post,
    content: Json<PartnerContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let content_to_store = content.value.check()?;
    let scope = grant.scope().clone();
    let write = move |tx: &mut Tx<'_>| {
        let partner = queries::create(tx, &scope, &content_to_store)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/partners/{}", partner.id))
            .version(partner.version)
            .json(&whole(tx, &partner, true)?)
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Update a partner
///
/// A merge patch (RFC 7396) by those who write for the unit that keeps it: members given are set, null clears,
/// the rest stays.
#[utoipa::path(
    operation_id = "update_partner",
    tag = "partners",
    params(("id" = i64, Path, description = "The partner's id", example = 4)),
    request_body(
        content = Patch<PartnerContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"aliases": ["UBND Cầu Giấy"]}),
    ),
    responses((status = 200, description = "The partner after the change", body = PartnerView)),
)]
#[patch("/partners/{id}")]
pub async fn update(
    grant: Grant<EditPartners>,
    _: NoQuery,
    id: Id<PartnerId>,
    if_match: IfMatch,
    patch: Patch<PartnerContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let answer = state
        .write(&grant.caller, move |tx| {
            let before = queries::find_to_write(tx, &scope, id.0)?;
            if_match.check(before.version)?;
            let content = patch.apply(&before.content)?.check()?;
            let partner = if content == before.content {
                before
            } else {
                queries::update(tx, &scope, &before, &content)?
            };
            Answer::new(StatusCode::OK)
                .version(partner.version)
                .json(&whole(tx, &partner, true)?)
        })
        .await?;
    Ok(answer.into())
}

/// Delete a partner
///
/// Removes an entry that no record names.
#[utoipa::path(
    operation_id = "delete_partner",
    tag = "partners",
    params(("id" = i64, Path, description = "The partner's id", example = 4)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/partners/{id}")]
pub async fn delete(
    grant: Grant<EditPartners>,
    _: NoQuery,
    id: Id<PartnerId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    state
        .write(&grant.caller, move |tx| {
            let before = queries::find_to_write(tx, &scope, id.0)?;
            if_match.check(before.version)?;
            queries::delete(tx, &before)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn whole(db: &mut Db, partner: &Partner, may_edit: bool) -> Result<PartnerView> {
    // Names of partners are for everybody signed in.
    let alike = queries::alike(db, &liendoan_core::Scope::All, partner)?;
    Ok(partner.to_view(may_edit, Some(alike)))
}

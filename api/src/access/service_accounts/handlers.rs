//! The addresses under `/service_accounts`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::{Result, Tx};
use serde::Deserialize;

use super::ServiceAccountId;
use super::changes;
use super::model::{ServiceAccountContent, ServiceAccountView};
use super::queries;
use crate::access::Access;
use crate::http::grant::{ManageServiceAccounts, Principal};
use crate::http::list::{NoQuery, Paging};
use crate::http::{
    Answer, Grant, Id, IfMatch, IfNoneMatch, Json, List, Page, Patch, Post, Problem, State,
};

/// All of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

/// List service accounts
///
/// Accounts of other systems by id: those of units that the caller manages such accounts for.
#[utoipa::path(
    operation_id = "list_service_accounts",
    tag = "service_accounts",
    params(Paging),
    responses((status = 200, description = "A page of service accounts", body = Page<ServiceAccountView>)),
)]
#[get("/service_accounts")]
pub async fn list(
    grant: Grant<ManageServiceAccounts>,
    list: List<NoFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let start = list.start::<i64>()?.unwrap_or(0);
    let (counts, limit) = (list.counts(), list.rows_to_read());
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let scope = grant.scope().clone();
    let today = state.store.clock().today();
    let (accounts, total) = state
        .store
        .read(move |db| {
            let accounts = queries::list(db, &scope, today, start, limit)?;
            let total = counts.then(|| queries::count(db, &scope, today));
            Ok((accounts, total.transpose()?))
        })
        .await?;
    list.answer(
        None,
        accounts,
        total,
        |account| account.id,
        |account| account.to_view(),
    )
}

/// Read a service account
///
/// One account of another system by its id, with its version as ETag.
#[utoipa::path(
    operation_id = "read_service_account",
    tag = "service_accounts",
    params(("id" = i64, Path, description = "The service account's id", example = 3), IfNoneMatch),
    responses((status = 200, description = "The service account", body = ServiceAccountView)),
)]
#[get("/service_accounts/{id}")]
pub async fn read(
    grant: Grant<ManageServiceAccounts>,
    _: NoQuery,
    id: Id<ServiceAccountId>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let today = state.store.clock().today();
    let account = state
        .store
        .read(move |db| queries::find(db, &scope, id.0, today))
        .await?;
    Ok(known.answer(account.version, &account.to_view()))
}

/// Create a service account
///
/// Adds an account for another system. It may do what its scopes say, on its unit and below; nobody gives
/// scopes that they do not hold there themselves. It has no secret yet: make one with
/// `POST /service_accounts/{id}/secrets`.
#[utoipa::path(
    operation_id = "create_service_account",
    tag = "service_accounts",
    request_body(content = ServiceAccountContent, description = "The new service account"),
    responses((status = 201, description = "The new service account", body = ServiceAccountView,
        headers(("Location" = String, description = "Address of the service account")))),
)]
#[post("/service_accounts")]
pub async fn create(
    grant: Grant<ManageServiceAccounts>,
    _: NoQuery,
    post: Post,
    content: Json<ServiceAccountContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let content_to_store = content.value.check()?;
    let (scope, rights) = (grant.scope().clone(), grant.caller.rights.clone());
    let write = move |tx: &mut Tx<'_>| {
        let account = changes::create(tx, &scope, &rights, &content_to_store)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/service_accounts/{}", account.id))
            .version(account.version)
            .json(&account.to_view())
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Update a service account
///
/// A merge patch (RFC 7396): `scopes` and `addresses` are replaced whole where they are given, the rest
/// stays. It holds at once, for tokens that were given before too. Who does more than disable or rename it
/// must hold all its scopes.
#[utoipa::path(
    operation_id = "update_service_account",
    tag = "service_accounts",
    params(("id" = i64, Path, description = "The service account's id", example = 3)),
    request_body(
        content = Patch<ServiceAccountContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"disabled": true}),
    ),
    responses((status = 200, description = "The service account after the change", body = ServiceAccountView)),
)]
#[patch("/service_accounts/{id}")]
pub async fn update(
    grant: Grant<ManageServiceAccounts>,
    _: NoQuery,
    id: Id<ServiceAccountId>,
    if_match: IfMatch,
    patch: Patch<ServiceAccountContent>,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    changes::check_is_another(&grant.caller, id.0)?;
    let (scope, rights) = (grant.scope().clone(), grant.caller.rights.clone());
    let account = state
        .write(&grant.caller, move |tx| {
            let today = tx.today();
            let before = queries::find(tx, &scope, id.0, today)?;
            if_match.check(before.version)?;
            let content = patch.apply(&before.content.to_content())?.check()?;
            if content == before.content {
                return Ok(before);
            }
            changes::update(tx, &scope, &rights, &before, &content)
        })
        .await?;
    access.forget(Principal::ServiceAccount(account.id.0));
    Ok(Answer::new(StatusCode::OK)
        .version(account.version)
        .json(&account.to_view())?
        .into())
}

/// Delete a service account
///
/// Removes an account that never got a token, with its secrets. One that did has left traces in what it
/// changed and in the audit log: 409 `service_account_used`; disable it instead.
#[utoipa::path(
    operation_id = "delete_service_account",
    tag = "service_accounts",
    params(("id" = i64, Path, description = "The service account's id", example = 3)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/service_accounts/{id}")]
pub async fn delete(
    grant: Grant<ManageServiceAccounts>,
    _: NoQuery,
    id: Id<ServiceAccountId>,
    if_match: IfMatch,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    changes::check_is_another(&grant.caller, id.0)?;
    let scope = grant.scope().clone();
    let account = id.0;
    state
        .write(&grant.caller, move |tx| {
            let today = tx.today();
            let before = queries::find(tx, &scope, account, today)?;
            if_match.check(before.version)?;
            changes::delete(tx, &before)
        })
        .await?;
    access.forget(Principal::ServiceAccount(account.0));
    Ok(HttpResponse::NoContent().finish())
}

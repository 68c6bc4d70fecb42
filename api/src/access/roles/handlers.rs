//! The addresses under `/roles`, and `/permissions`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, patch, post, web};
use liendoan_core::{Code, Error, Result, Scope, Tx};

use super::model::{PermissionView, Permissions, RoleContent, RoleView, Roles, is_code};
use super::{BUILT_IN, built_in, queries};
use crate::access::Access;
use crate::http::grant::{EVERYBODYS, EditRoles, PERMISSIONS, Permission, ReadReferenceData};
use crate::http::list::NoQuery;
use crate::http::{Answer, Caller, Grant, IfMatch, Json, Patch, Post, Problem, State};

/// The code in the address.
pub struct RoleCode(String);

impl FromRequest for RoleCode {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let code = request.match_info().get("code").unwrap_or_default();
        // No role bears a code that is none.
        ready(if is_code(code) {
            Ok(Self(code.to_owned()))
        } else {
            Err(Code::NotFound.into())
        })
    }
}

/// Roles hold everywhere: so must the right to edit them.
fn check_edits(grant: &Grant<EditRoles>) -> Result<(), Error> {
    match grant.scope() {
        Scope::All => Ok(()),
        Scope::Under(_) => Err(Code::OutOfScope.into()),
    }
}

fn may_edit(caller: &Caller) -> bool {
    caller.rights.scope(EditRoles::NAME) == Some(&Scope::All)
}

/// Refuses a change of what comes with the program.
fn check_not_built_in(code: &str) -> Result<(), Error> {
    match built_in(code) {
        None => Ok(()),
        Some(_) => Err(Code::RoleBuiltIn.into()),
    }
}

/// List permissions
///
/// Everything that a role can consist of, in both languages. Some name what is still to come.
#[utoipa::path(
    operation_id = "list_permissions",
    tag = "roles",
    responses((status = 200, description = "All permissions", body = Permissions)),
)]
#[get("/permissions")]
pub async fn list_permissions(_: Grant<ReadReferenceData>, _: NoQuery) -> HttpResponse {
    let view = |permission: &crate::http::grant::PermissionText| PermissionView {
        name: permission.name,
        vi: permission.vi,
        en: permission.en,
        everybodys: EVERYBODYS.contains(&permission.name),
    };
    let items = PERMISSIONS.iter().map(view).collect();
    HttpResponse::Ok().json(Permissions { items })
}

/// List roles
///
/// All roles: those that come with the program, then the federation's own.
#[utoipa::path(
    operation_id = "list_roles",
    tag = "roles",
    responses((status = 200, description = "All roles", body = Roles)),
)]
#[get("/roles")]
pub async fn list(
    grant: Grant<ReadReferenceData>,
    _: NoQuery,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let may_edit = may_edit(&grant.caller);
    let own = state.store.query(queries::list).await?;
    let built_in = BUILT_IN.iter().map(|role| role.to_view());
    let own = own.iter().map(|role| role.to_view(may_edit));
    let items = built_in.chain(own).collect();
    Ok(HttpResponse::Ok().json(Roles { items }))
}

/// Read a role
///
/// One role by its code; with its version as ETag where it does not come with the program.
#[utoipa::path(
    operation_id = "read_role",
    tag = "roles",
    params(("code" = String, Path, description = "The role's code", example = "award_clerk")),
    responses((status = 200, description = "The role", body = RoleView)),
)]
#[get("/roles/{code}")]
pub async fn read(
    grant: Grant<ReadReferenceData>,
    _: NoQuery,
    code: RoleCode,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if let Some(role) = built_in(&code.0) {
        return Ok(HttpResponse::Ok().json(role.to_view()));
    }
    let find = move |db: &mut liendoan_core::Db| queries::find(db, &code.0);
    let role = state.store.query(find).await?;
    Ok(Answer::new(StatusCode::OK)
        .version(role.version)
        .json(&role.to_view(may_edit(&grant.caller)))?
        .into())
}

/// Create a role
///
/// Adds a role of the federation's own. It takes the permission on the whole federation, and nobody puts
/// into a role what they do not hold everywhere themselves (`not_held`).
#[utoipa::path(
    operation_id = "create_role",
    tag = "roles",
    request_body(content = RoleContent, description = "The new role"),
    responses((status = 201, description = "The new role", body = RoleView,
        headers(("Location" = String, description = "Address of the role")))),
)]
#[post("/roles")]
pub async fn create(
    grant: Grant<EditRoles>,
    _: NoQuery,
    post: Post,
    content: Json<RoleContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    check_edits(&grant)?;
    let sound = content.value.check()?;
    let caller = grant.caller.clone();
    let write = move |tx: &mut Tx<'_>| {
        let role = queries::create(tx, &caller, &sound)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/roles/{}", role.content.code))
            .version(role.version)
            .json(&role.to_view(true))
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Update a role
///
/// A merge patch (RFC 7396): `permissions` is replaced whole where it is given. Whoever holds the role has
/// at once what it now consists of. `code` can't change, nor any role that comes with the program.
#[utoipa::path(
    operation_id = "update_role",
    tag = "roles",
    params(("code" = String, Path, description = "The role's code", example = "award_clerk")),
    request_body(
        content = Patch<RoleContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"permissions": ["records:read", "awards:record", "awards:approve"]}),
    ),
    responses((status = 200, description = "The role after the change", body = RoleView)),
)]
#[patch("/roles/{code}")]
pub async fn update(
    grant: Grant<EditRoles>,
    _: NoQuery,
    code: RoleCode,
    if_match: IfMatch,
    patch: Patch<RoleContent>,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    check_edits(&grant)?;
    check_not_built_in(&code.0)?;
    let caller = grant.caller.clone();
    let role = state
        .write(&grant.caller, move |tx| {
            let before = queries::find(tx, &code.0)?;
            if_match.check(before.version)?;
            let content = patch.apply(&before.to_content())?.check()?;
            queries::update(tx, &caller, &before, &content)
        })
        .await?;
    access.principals.forget_all();
    Ok(Answer::new(StatusCode::OK)
        .version(role.version)
        .json(&role.to_view(true))?
        .into())
}

/// Delete a role
///
/// Removes a role that nobody was ever given.
#[utoipa::path(
    operation_id = "delete_role",
    tag = "roles",
    params(("code" = String, Path, description = "The role's code", example = "award_clerk")),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/roles/{code}")]
pub async fn delete(
    grant: Grant<EditRoles>,
    _: NoQuery,
    code: RoleCode,
    if_match: IfMatch,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    check_edits(&grant)?;
    check_not_built_in(&code.0)?;
    state
        .write(&grant.caller, move |tx| {
            let before = queries::find(tx, &code.0)?;
            if_match.check(before.version)?;
            queries::delete(tx, &before)
        })
        .await?;
    access.principals.forget_all();
    Ok(HttpResponse::NoContent().finish())
}

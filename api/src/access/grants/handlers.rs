//! The addresses under `/grants`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::{Db, Error, Result, Tx};
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{GrantContent, GrantView, RoleGrant};
use super::queries::{self, Wanted};
use super::{GrantId, changes};
use crate::access::Access;
use crate::access::places::Places;
use crate::http::grant::{ManageAccounts, Permission, Principal, ReadAccounts};
use crate::http::list::{NoQuery, Walk};
use crate::http::{
    Answer, Caller, Grant, Id, IfMatch, IfNoneMatch, Json, List, Page, Patch, Post, Problem, State,
};
use crate::tree::units::UnitRef;

/// What a list of grants is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GrantFilter {
    /// Only grants of the account with this id.
    pub account: Option<i64>,
    /// Only grants on this very unit: its id, or `code:` and its code.
    pub unit: Option<String>,
    /// Only grants of the role with this code.
    pub role: Option<String>,
    /// Only grants that are held on this day, such as `2026-01-15`.
    pub as_of: Option<Day>,
}

impl GrantFilter {
    fn wanted(&self) -> Result<Wanted> {
        let refused = || Error::at(FieldError::parameter("unit", Code::UnitAddressInvalid));
        let unit = self.unit.as_deref();
        let unit = unit.map(|unit| UnitRef::parse(unit).ok_or_else(refused));
        Ok(Wanted {
            account: self.account,
            unit: unit.transpose()?,
            role: self.role.clone(),
            as_of: self.as_of.map(|day| day.0),
        })
    }
}

/// Grants as a caller sees them, each with what they may do with it.
fn shown(
    db: &mut Db,
    caller: &Caller,
    places: &mut Places,
    grants: &[RoleGrant],
) -> Result<Vec<GrantView>> {
    let managed = caller.rights.scope(ManageAccounts::NAME);
    let show = |grant: &RoleGrant| {
        let is_own = caller.principal == Principal::Account(grant.account.0);
        let may_change = match managed {
            Some(scope) if !is_own => {
                queries::is_within(db, scope, places, grant.unit, grant.account_unit)?
            }
            _ => false,
        };
        Ok(grant.to_view(may_change))
    };
    grants.iter().map(show).collect()
}

/// List grants
///
/// Grants within the caller's scope, past and future ones too, in the order in which they were given. A
/// grant is seen by those who read both the accounts of its unit and those of its account's unit.
#[utoipa::path(
    operation_id = "list_grants",
    tag = "grants",
    params(GrantFilter, Walk),
    responses((status = 200, description = "A page of grants", body = Page<GrantView>)),
)]
#[get("/grants")]
pub async fn list(
    grant: Grant<ReadAccounts>,
    list: List<GrantFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let start = list.start::<i64>()?;
    let (wanted, limit) = (list.filter.wanted()?, list.rows_to_read());
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let today = state.store.clock().today();
    let grants = state
        .store
        .read(move |db| {
            let mut places = Places::of(today);
            let grants = queries::list(db, &scope, &mut places, &wanted, start, limit)?;
            shown(db, &caller, &mut places, &grants)
        })
        .await?;
    list.answer(None, grants, None, |grant| grant.id, |grant| grant)
}

/// Read a grant
///
/// One grant by its id.
#[utoipa::path(
    operation_id = "read_grant",
    tag = "grants",
    params(("id" = i64, Path, description = "The grant's id", example = 31), IfNoneMatch),
    responses((status = 200, description = "The grant", body = GrantView)),
)]
#[get("/grants/{id}")]
pub async fn read(
    grant: Grant<ReadAccounts>,
    _: NoQuery,
    id: Id<GrantId>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let today = state.store.clock().today();
    let view = state
        .store
        .read(move |db| {
            let mut places = Places::of(today);
            let grant = queries::find(db, &scope, &mut places, id.0)?;
            one(shown(db, &caller, &mut places, &[grant])?)
        })
        .await?;
    Ok(known.answer(view.version, &view))
}

fn one(views: Vec<GrantView>) -> Result<GrantView> {
    let none = || Error::internal("a grant that is not shown");
    views.into_iter().next().ok_or_else(none)
}

/// Give a role
///
/// Gives an account a role on a unit and below it. Nobody gives a permission that they do not hold there
/// themselves (`not_held`), nor to themselves (`own_grants`). An invitation that is still open is void: invite anew.
#[utoipa::path(
    operation_id = "create_grant",
    tag = "grants",
    request_body(content = GrantContent, description = "Who, what, where and for how long"),
    responses((status = 201, description = "The new grant", body = GrantView,
        headers(("Location" = String, description = "Address of the grant")))),
)]
#[post("/grants")]
pub async fn create(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    post: Post,
    content: Json<GrantContent>,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let (content, hash) = (content.value, content.hash);
    let receiver = Principal::Account(content.account_id.0);
    let write = move |tx: &mut Tx<'_>| {
        let given = changes::create(tx, &caller, &scope, &content)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/grants/{}", given.id))
            .version(given.version)
            .json(&given.to_view(true))
    };
    let answer = state.write_once(&grant.caller, post, hash, write).await?;
    access.forget(receiver);
    Ok(answer)
}

/// Change the days of a grant
///
/// A merge patch (RFC 7396) of `from` and `to` alone. To take a role away, set `to` to the first day on
/// which it is no longer held: today ends it at once. More days are given only by those who could give the
/// role; fewer, by whoever manages both units' accounts.
#[utoipa::path(
    operation_id = "update_grant",
    tag = "grants",
    params(("id" = i64, Path, description = "The grant's id", example = 31)),
    request_body(
        content = Patch<GrantContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"to": "2026-07-01"}),
    ),
    responses((status = 200, description = "The grant after the change", body = GrantView)),
)]
#[patch("/grants/{id}")]
pub async fn update(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    id: Id<GrantId>,
    if_match: IfMatch,
    patch: Patch<GrantContent>,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let changed = state
        .write(&grant.caller, move |tx| {
            let mut places = Places::of(tx.today());
            let before = queries::find(tx, &scope, &mut places, id.0)?;
            if_match.check(before.version)?;
            let content = before.to_content();
            let validity = patch.apply(&content)?.check_change(&content)?;
            if validity == before.validity {
                return Ok(before);
            }
            changes::update(tx, &caller, &scope, &before, validity)
        })
        .await?;
    access.forget(Principal::Account(changed.account.0));
    let is_own = grant.caller.principal == Principal::Account(changed.account.0);
    Ok(Answer::new(StatusCode::OK)
        .version(changed.version)
        .json(&changed.to_view(!is_own))?
        .into())
}

/// Delete a grant
///
/// Removes a grant that was made by mistake. One that has run its course gets its last day instead, by a
/// change of `to`.
#[utoipa::path(
    operation_id = "delete_grant",
    tag = "grants",
    params(("id" = i64, Path, description = "The grant's id", example = 31)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/grants/{id}")]
pub async fn delete(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    id: Id<GrantId>,
    if_match: IfMatch,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let account = state
        .write(&grant.caller, move |tx| {
            let mut places = Places::of(tx.today());
            let before = queries::find(tx, &scope, &mut places, id.0)?;
            if_match.check(before.version)?;
            changes::delete(tx, &caller, &before)?;
            Ok(before.account)
        })
        .await?;
    access.forget(Principal::Account(account.0));
    Ok(HttpResponse::NoContent().finish())
}

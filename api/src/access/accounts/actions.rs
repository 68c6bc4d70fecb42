//! The addresses at which something is done with an account, and its sessions.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use liendoan_core::clock::rfc3339;
use liendoan_core::{Result, Timestamp, Tx};

use super::creation::LINK_LIVES;
use super::handlers::view;
use super::model::{AccountReset, AccountView, Invitation};
use super::state::AccountAction;
use super::{AccountId, changes, queries};
use crate::access::Access;
use crate::access::own::handlers::Sessions;
use crate::access::places::Places;
use crate::access::secrets::Opaque;
use crate::access::sessions::queries as sessions;
use crate::http::grant::{ManageAccounts, Principal, ReadAccounts};
use crate::http::list::NoQuery;
use crate::http::{Answer, Grant, Id, IfMatch, Json, Post, Problem, State};

impl Access {
    /// What is handed to a person, so that they can set a password.
    fn invitation(&self, token: &Opaque, now: Timestamp) -> Invitation {
        Invitation {
            token: token.expose().to_owned(),
            url: format!("{}/#/invitation/{}", self.issuer, token.expose()),
            expires_at: rfc3339(now + LINK_LIVES),
        }
    }
}

/// Invite a person
///
/// Makes a link by which the person sets a password, once and within a day; links made before are void.
/// For an account whose person has none yet. Nobody invites to an account that holds more than they do
/// (`not_held`): they could use the link themselves.
#[utoipa::path(
    operation_id = "invite_account",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12)),
    responses((status = 200, description = "What opens the account, shown this once", body = Invitation)),
)]
#[post("/accounts/{id}:invite")]
pub async fn invite(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    id: Id<AccountId>,
    if_match: IfMatch,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let (version, token, now) = state
        .write(&grant.caller, move |tx| {
            let mut places = Places::of(tx.today());
            let account = queries::find(tx, &scope, &mut places, id.0)?;
            if_match.check(account.version)?;
            let token = changes::invite(tx, &caller, &account)?;
            Ok((account.version, token, tx.now()))
        })
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .version(version)
        .json(&access.invitation(&token, now))?
        .into())
}

/// Reset an account
///
/// Voids the password, ends all sessions, and makes a link by which the person sets a new one. Also lets an
/// account that is locked begin anew.
#[utoipa::path(
    operation_id = "reset_account",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12)),
    request_body(content = AccountReset, description = "What is taken away beside the password"),
    responses((status = 200, description = "What opens the account, shown this once", body = Invitation)),
)]
#[post("/accounts/{id}:reset")]
pub async fn reset(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    id: Id<AccountId>,
    if_match: IfMatch,
    given: Json<AccountReset>,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let also_second_factor = given.value.second_factor;
    let (account, token, now) = state
        .write(&grant.caller, move |tx| {
            let mut places = Places::of(tx.today());
            let before = queries::find(tx, &scope, &mut places, id.0)?;
            if_match.check(before.version)?;
            let reset = changes::reset(tx, &caller, &scope, &before, also_second_factor)?;
            Ok((reset.0, reset.1, tx.now()))
        })
        .await?;
    access.forget(Principal::Account(account.id.0));
    Ok(Answer::new(StatusCode::OK)
        .version(account.version)
        .json(&access.invitation(&token, now))?
        .into())
}

/// What the three ways have in common that bring an account from one state into another.
async fn act(
    grant: Grant<ManageAccounts>,
    post: Post,
    id: AccountId,
    if_match: IfMatch,
    action: AccountAction,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let write = move |tx: &mut Tx<'_>| {
        let mut places = Places::of(tx.today());
        let before = queries::find(tx, &scope, &mut places, id)?;
        if_match.check(before.version)?;
        let account = changes::act(tx, &caller, &scope, &before, action)?;
        Answer::new(StatusCode::OK)
            .version(account.version)
            .json(&view(tx, &caller, account)?)
    };
    let answer = state
        .write_once(&grant.caller, post, Vec::new(), write)
        .await?;
    access.forget(Principal::Account(id.0));
    Ok(answer)
}

/// Lock an account
///
/// Ends its sessions at once and lets nobody in until it is unlocked. What it was given stays.
#[utoipa::path(
    operation_id = "lock_account",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12)),
    responses((status = 200, description = "The account after the change", body = AccountView)),
)]
#[post("/accounts/{id}:lock")]
pub async fn lock(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    post: Post,
    id: Id<AccountId>,
    if_match: IfMatch,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    act(
        grant,
        post,
        id.0,
        if_match,
        AccountAction::Lock,
        state,
        access,
    )
    .await
}

/// Unlock an account
///
/// Lets the person in again with the password they had. Nobody unlocks an account that holds more than they
/// do (`not_held`).
#[utoipa::path(
    operation_id = "unlock_account",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12)),
    responses((status = 200, description = "The account after the change", body = AccountView)),
)]
#[post("/accounts/{id}:unlock")]
pub async fn unlock(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    post: Post,
    id: Id<AccountId>,
    if_match: IfMatch,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    act(
        grant,
        post,
        id.0,
        if_match,
        AccountAction::Unlock,
        state,
        access,
    )
    .await
}

/// Disable an account
///
/// Ends its sessions at once and lets nobody in any more. The account stays for the sake of what it did; it
/// can't be enabled again.
#[utoipa::path(
    operation_id = "disable_account",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12)),
    responses((status = 200, description = "The account after the change", body = AccountView)),
)]
#[post("/accounts/{id}:disable")]
pub async fn disable(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    post: Post,
    id: Id<AccountId>,
    if_match: IfMatch,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    act(
        grant,
        post,
        id.0,
        if_match,
        AccountAction::Disable,
        state,
        access,
    )
    .await
}

/// List an account's sessions
///
/// All that live, the youngest first: each a browser that is signed in.
#[utoipa::path(
    operation_id = "list_account_sessions",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12)),
    responses((status = 200, description = "The sessions", body = Sessions)),
)]
#[get("/accounts/{id}/sessions")]
pub async fn list_sessions(
    grant: Grant<ReadAccounts>,
    _: NoQuery,
    id: Id<AccountId>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let (scope, current) = (grant.scope().clone(), grant.caller.session);
    let clock = state.store.clock();
    let (now, today) = (clock.now(), clock.today());
    let items = state
        .store
        .read(move |db| {
            let account = queries::find(db, &scope, &mut Places::of(today), id.0)?;
            sessions::live(db, account.id.0, current, now)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Sessions { items }))
}

/// End an account's sessions
///
/// Signs the person out everywhere, at once. They may sign in again; to keep them out, lock the account.
#[utoipa::path(
    operation_id = "end_account_sessions",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12)),
    responses((status = 204, description = "They have ended")),
)]
#[post("/accounts/{id}/sessions:end")]
pub async fn end_sessions(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    post: Post,
    id: Id<AccountId>,
    if_match: IfMatch,
    state: web::Data<State>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let account = id.0;
    let write = move |tx: &mut Tx<'_>| {
        let mut places = Places::of(tx.today());
        let account = queries::find(tx, &scope, &mut places, account)?;
        if_match.check(account.version)?;
        changes::end_sessions(tx, &account)?;
        Ok(Answer::new(StatusCode::NO_CONTENT))
    };
    let answer = state
        .write_once(&grant.caller, post, Vec::new(), write)
        .await?;
    access.forget(Principal::Account(account.0));
    Ok(answer)
}

//! The addresses of accounts themselves.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use liendoan_core::error::{Code, FieldError};
use liendoan_core::{Db, Error, Result, Tx};
use serde::Deserialize;
use utoipa::IntoParams;

use super::changes::{self, Management};
use super::model::{Account, AccountContent, AccountView};
use super::queries::{self, Wanted};
use super::{AccountId, State as AccountState};
use crate::access::places::Places;
use crate::http::grant::{ManageAccounts, ReadAccounts};
use crate::http::list::{NoQuery, Walk};
use crate::http::{
    Answer, Caller, Grant, Id, IfMatch, Json, List, Page, Patch, Post, Problem, State,
};
use crate::tree::units::UnitRef;

/// What a list of accounts is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccountFilter {
    /// Only accounts that this very unit keeps: its id, or `code:` and its code.
    pub unit: Option<String>,
    /// Only accounts in this state.
    #[param(inline)]
    pub state: Option<AccountState>,
    /// Only accounts whose names begin so.
    pub name: Option<String>,
}

impl AccountFilter {
    fn wanted(&self) -> Result<Wanted> {
        let refused = || Error::at(FieldError::parameter("unit", Code::UnitAddressInvalid));
        let unit = self.unit.as_deref();
        let unit = unit.map(|unit| UnitRef::parse(unit).ok_or_else(refused));
        Ok(Wanted {
            unit: unit.transpose()?,
            state: self.state,
            name: self.name.as_deref().map(str::to_lowercase),
        })
    }
}

/// Accounts as a caller sees them, each with what they may do with it.
fn shown(
    db: &mut Db,
    caller: &Caller,
    places: &mut Places,
    today: chrono::NaiveDate,
    accounts: &[Account],
) -> Result<Vec<AccountView>> {
    let mut management = Management {
        caller,
        places,
        today,
    };
    let allowed = management.allowed(db, accounts)?;
    let each = accounts.iter().zip(allowed);
    Ok(each
        .map(|(account, allowed)| account.to_view(allowed))
        .collect())
}

/// One account as the caller sees it after a change.
pub fn view(tx: &mut Tx<'_>, caller: &Caller, account: Account) -> Result<AccountView> {
    let today = tx.today();
    let views = shown(tx, caller, &mut Places::of(today), today, &[account])?;
    let none = || Error::internal("an account that is not shown");
    views.into_iter().next().ok_or_else(none)
}

/// List accounts
///
/// Accounts of people that units within the caller's scope keep, in the order in which they were made.
#[utoipa::path(
    operation_id = "list_accounts",
    tag = "accounts",
    params(AccountFilter, Walk),
    responses((status = 200, description = "A page of accounts", body = Page<AccountView>)),
)]
#[get("/accounts")]
pub async fn list(
    grant: Grant<ReadAccounts>,
    list: List<AccountFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let start = list.start::<i64>()?;
    let (wanted, limit) = (list.filter.wanted()?, list.rows_to_read());
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let today = state.store.clock().today();
    let accounts = state
        .store
        .read(move |db| {
            let mut places = Places::of(today);
            let accounts = queries::list(db, &scope, &mut places, &wanted, start, limit)?;
            shown(db, &caller, &mut places, today, &accounts)
        })
        .await?;
    list.answer(
        None,
        accounts,
        None,
        |account| account.id,
        |account| account,
    )
}

/// Read an account
///
/// One account by its id. It is hidden from those who do not read the accounts of its unit.
#[utoipa::path(
    operation_id = "read_account",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12)),
    responses((status = 200, description = "The account", body = AccountView)),
)]
#[get("/accounts/{id}")]
pub async fn read(
    grant: Grant<ReadAccounts>,
    _: NoQuery,
    id: Id<AccountId>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let today = state.store.clock().today();
    let mut views = state
        .store
        .read(move |db| {
            let mut places = Places::of(today);
            let account = queries::find(db, &scope, &mut places, id.0)?;
            shown(db, &caller, &mut places, today, &[account])
        })
        .await?;
    let view = views.pop().ok_or(Code::NotFound)?;
    // What it may be used for changes without its version: nobody is told that they have it already.
    Ok(Answer::new(StatusCode::OK)
        .version(view.version)
        .json(&view)?
        .into())
}

/// Create an account
///
/// Adds an account that nobody can use yet: invite its person, and give it roles.
#[utoipa::path(
    operation_id = "create_account",
    tag = "accounts",
    request_body(content = AccountContent, description = "The new account"),
    responses((status = 201, description = "The new account", body = AccountView,
        headers(("Location" = String, description = "Address of the account")))),
)]
#[post("/accounts")]
pub async fn create(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    post: Post,
    content: Json<AccountContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let sound = content.value.check()?;
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let write = move |tx: &mut Tx<'_>| {
        let account = changes::create(tx, &scope, &sound)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/accounts/{}", account.id))
            .version(account.version)
            .json(&view(tx, &caller, account)?)
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Update an account
///
/// A merge patch (RFC 7396) of what is shown, and of the unit that keeps the account: whoever moves it
/// manages both units' accounts. `name` can't change.
#[utoipa::path(
    operation_id = "update_account",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12)),
    request_body(
        content = Patch<AccountContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"display_name": "Ban Tổ chức quận"}),
    ),
    responses((status = 200, description = "The account after the change", body = AccountView)),
)]
#[patch("/accounts/{id}")]
pub async fn update(
    grant: Grant<ManageAccounts>,
    _: NoQuery,
    id: Id<AccountId>,
    if_match: IfMatch,
    patch: Patch<AccountContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let view = state
        .write(&grant.caller, move |tx| {
            let mut places = Places::of(tx.today());
            let before = queries::find(tx, &scope, &mut places, id.0)?;
            if_match.check(before.version)?;
            let content = patch.apply(&before.to_content())?;
            let account = changes::update(tx, &scope, &before, content)?;
            view(tx, &caller, account)
        })
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .version(view.version)
        .json(&view)?
        .into())
}

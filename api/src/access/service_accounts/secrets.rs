//! Secrets of other systems: two at most, so that one can take over from the other without a pause.

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, post, web};
use diesel::prelude::*;
use liendoan_core::clock::rfc3339;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::schema::service_secrets;
use liendoan_core::{Db, Error, Result, Timestamp, on_engine};
use serde::Serialize;
use serde_json::json;
use std::future::{Ready, ready};
use utoipa::ToSchema;

use super::ServiceAccountId;
use super::changes;
use super::queries;
use crate::access::secrets::{Kind, Opaque};
use crate::http::grant::{ManageServiceAccounts, SignedIn};
use crate::http::list::NoQuery;
use crate::http::{Answer, Grant, Id, IfMatch, Problem, State};

/// Secrets of one account that may be used at the same time.
const SECRETS_MAX: i64 = 2;

/// A secret as it is known after its making.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"id": 7, "created_at": "2026-11-21T02:00:00.000000Z", "used_at": null}))]
pub struct ServiceSecret {
    pub id: i64,
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it last got a token, to the minute; null: never.
    #[schema(required, format = DateTime)]
    pub used_at: Option<String>,
}

/// The secrets of an account.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "items": [{"id": 7, "created_at": "2026-11-21T02:00:00.000000Z", "used_at": null}]
}))]
pub struct ServiceSecrets {
    /// Two at most, the older first.
    pub items: Vec<ServiceSecret>,
}

/// A new secret.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": 7,
    "secret": "lds_kX9p2mVq7Lr4tZ8wB3nY6sHc1dFgJ5aE0uQoRiTvKxM",
    "created_at": "2026-11-21T02:00:00.000000Z"
}))]
pub struct NewServiceSecret {
    pub id: i64,
    /// The `client_secret` for `/oauth/token`. It is shown this once and kept nowhere.
    pub secret: String,
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// The secret in the address.
pub struct SecretId(i64);

impl FromRequest for SecretId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("secret").unwrap_or_default();
        // `+3` and `03` would be read as 3: one thing, one address.
        let id: Option<i64> = text.parse().ok().filter(|id: &i64| id.to_string() == text);
        let refused = || Error::at(FieldError::parameter("secret", Code::IdInvalid)).into();
        ready(id.map(Self).ok_or_else(refused))
    }
}

fn of_account(db: &mut Db, account: ServiceAccountId) -> Result<Vec<ServiceSecret>> {
    let query = service_secrets::table
        .filter(service_secrets::service_account_id.eq(account.0))
        .order(service_secrets::id)
        .select((
            service_secrets::id,
            service_secrets::created_at,
            service_secrets::used_at,
        ));
    let rows: Vec<(i64, Timestamp, Option<Timestamp>)> = on_engine!(db, c => query.load(c))?;
    let secret = |(id, created_at, used_at): (i64, Timestamp, Option<Timestamp>)| ServiceSecret {
        id,
        created_at: rfc3339(created_at),
        used_at: used_at.map(rfc3339),
    };
    Ok(rows.into_iter().map(secret).collect())
}

/// List the secrets of a service account
///
/// When each was made and last used; the secrets themselves are kept nowhere.
#[utoipa::path(
    operation_id = "list_service_secrets",
    tag = "service_accounts",
    params(("id" = i64, Path, description = "The service account's id", example = 3)),
    responses((status = 200, description = "Its secrets", body = ServiceSecrets)),
)]
#[get("/service_accounts/{id}/secrets")]
pub async fn list(
    grant: Grant<ManageServiceAccounts>,
    _: NoQuery,
    id: Id<ServiceAccountId>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let today = state.store.clock().today();
    let items = state
        .store
        .read(move |db| {
            queries::find(db, &scope, id.0, today)?;
            of_account(db, id.0)
        })
        .await?;
    Ok(HttpResponse::Ok().json(ServiceSecrets { items }))
}

/// Make a secret for a service account
///
/// The answer shows it this once. Two may live at the same time: make the second, bring it to the other
/// system, then delete the first. Only a person makes secrets, and only one who holds all scopes of the
/// account. The answer is never repeated; where it got lost, delete the secret and make another.
#[utoipa::path(
    operation_id = "create_service_secret",
    tag = "service_accounts",
    params(("id" = i64, Path, description = "The service account's id", example = 3)),
    responses((status = 201, description = "The secret", body = NewServiceSecret)),
)]
#[post("/service_accounts/{id}/secrets")]
pub async fn create(
    grant: Grant<ManageServiceAccounts>,
    // A token lasts ten minutes; whoever stole one must not make a key of it that lasts.
    _: SignedIn,
    _: NoQuery,
    id: Id<ServiceAccountId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let rights = grant.caller.rights.clone();
    let answer = state
        .write(&grant.caller, move |tx| {
            let (now, today) = (tx.now(), tx.today());
            let account = queries::find(tx, &scope, id.0, today)?;
            if_match.check(account.version)?;
            // Whoever has its secret may do all that it may.
            changes::check_held(tx, &rights, &account.content.scopes, account.unit)?;
            changes::touch(tx, &account)?;
            let live = service_secrets::table
                .filter(service_secrets::service_account_id.eq(account.id.0))
                .count();
            let live: i64 = live.get_result(&mut **tx)?;
            if live >= SECRETS_MAX {
                return Err(Code::TooManySecrets.into());
            }
            let secret = Opaque::generate(Kind::ServiceSecret);
            let secret_id: i64 = diesel::insert_into(service_secrets::table)
                .values((
                    service_secrets::service_account_id.eq(account.id.0),
                    service_secrets::hash.eq(secret.hash().to_vec()),
                    service_secrets::created_at.eq(now),
                ))
                .returning(service_secrets::id)
                .get_result(&mut **tx)?;
            let after = json!({"secret_id": secret_id});
            changes::note(
                tx,
                &account,
                "service_account.secret_created",
                None,
                Some(&after),
            )?;
            Answer::new(StatusCode::CREATED)
                .version(account.version + 1)
                .json(&NewServiceSecret {
                    id: secret_id,
                    secret: secret.expose().to_owned(),
                    created_at: rfc3339(now),
                })
        })
        .await?;
    Ok(answer.into())
}

/// Delete a secret of a service account
///
/// It gets no tokens any more. Those that it got hold until they run out; to end them at once, revoke them
/// or disable the account.
#[utoipa::path(
    operation_id = "delete_service_secret",
    tag = "service_accounts",
    params(
        ("id" = i64, Path, description = "The service account's id", example = 3),
        ("secret" = i64, Path, description = "The secret's id", example = 7),
    ),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/service_accounts/{id}/secrets/{secret}")]
pub async fn delete(
    grant: Grant<ManageServiceAccounts>,
    _: NoQuery,
    id: Id<ServiceAccountId>,
    secret: SecretId,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    state
        .write(&grant.caller, move |tx| {
            let today = tx.today();
            let account = queries::find(tx, &scope, id.0, today)?;
            if_match.check(account.version)?;
            changes::touch(tx, &account)?;
            let of_account = service_secrets::table
                .filter(service_secrets::id.eq(secret.0))
                .filter(service_secrets::service_account_id.eq(account.id.0));
            if diesel::delete(of_account).execute(&mut **tx)? == 0 {
                return Err(Code::NotFound.into());
            }
            let before = json!({"secret_id": secret.0});
            changes::note(
                tx,
                &account,
                "service_account.secret_deleted",
                Some(&before),
                None,
            )
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

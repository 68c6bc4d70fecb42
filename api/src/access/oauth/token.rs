//! `/oauth/token`: an access token for a client id and a secret (RFC 6749, section 4.4).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::schema::{service_accounts, service_secrets};
use liendoan_core::{Code, Error, Result, Timestamp, Tx};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::client::{Client, USED_TO};
use crate::access::Access;
use crate::access::service_accounts::changes::leave;
use crate::access::service_accounts::{Scopes, ServiceAccountId};
use crate::access::tokens::{Claims, LIFETIME};
use crate::http::list::NoQuery;
use crate::http::{Form, Problem};

/// What a client sends for a token.
#[derive(ToSchema)]
#[schema(example = json!({"grant_type": "client_credentials", "scope": "units:read events:read"}))]
pub struct TokenRequest {
    /// `client_credentials`.
    pub grant_type: String,
    /// Permissions with spaces between them, to narrow what the token may; without it, all scopes of the
    /// account.
    pub scope: Option<String>,
    /// Without HTTP Basic: the account's client id.
    pub client_id: Option<String>,
    /// Without HTTP Basic: one of the account's secrets.
    pub client_secret: Option<String>,
}

/// An access token (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln",
    "token_type": "Bearer",
    "expires_in": 600,
    "scope": "units:read events:read"
}))]
pub struct ClientToken {
    /// Send it with each request: `Authorization: Bearer …`.
    pub access_token: String,
    pub token_type: &'static str,
    /// Seconds that it lives.
    pub expires_in: i64,
    /// What the token may, with spaces between the permissions.
    pub scope: String,
}

/// Get a token for another system
///
/// The client credentials grant of RFC 6749: client id and secret by HTTP Basic or in the form, not both.
/// `scope` narrows what the token may; a wider one is `invalid_scope`. After too many failures the next
/// attempt must wait.
#[utoipa::path(
    operation_id = "create_token",
    tag = "oauth",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded",
        description = "The grant"),
    responses((status = 200, description = "The token", body = ClientToken)),
)]
#[post("/oauth/token")]
pub async fn create(
    _: NoQuery,
    request: HttpRequest,
    form: Form,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    if form.required("grant_type")? != "client_credentials" {
        return Err(Code::GrantTypeUnsupported.into());
    }
    let (client, actor) = access.client_of(&request, &form).await?;
    let scopes = narrowed(&client.scopes, form.get("scope"))?;
    access.freshen_keys().await?;
    let scope = scopes.join(" ");
    let now = access.store.clock().now().and_utc().timestamp();
    let claims = Claims {
        client_id: Some(client.client_id.clone()),
        scope: Some(scope.clone()),
        ..access.claims(client.principal(), now)
    };
    let token = access.issue(&claims)?;
    let after = json!({"jti": claims.jti, "scope": scope, "secret_id": client.secret_id});
    access
        .store
        .write(actor, move |tx| {
            note_use(tx, &client)?;
            let entry = Entry {
                action: "service_account.token_issued",
                after: Some(&after),
                ..Entry::default()
            };
            leave(tx, ServiceAccountId(client.id), client.unit, entry)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::PRAGMA, "no-cache"))
        .json(ClientToken {
            access_token: token,
            token_type: "Bearer",
            expires_in: LIFETIME,
            scope,
        }))
}

/// Those of the account's scopes that are asked for; all, where none is named.
fn narrowed(held: &Scopes, asked: Option<&str>) -> Result<Scopes> {
    let Some(asked) = asked else {
        return Ok(held.clone());
    };
    let asked: Vec<&str> = asked.split(' ').filter(|name| !name.is_empty()).collect();
    if let Some(wider) = asked.iter().find(|name| !held.contains(*name)) {
        return Err(Error::new(Code::ScopeTooWide).with("scope", *wider));
    }
    if asked.is_empty() {
        return Ok(held.clone());
    }
    let is_asked = |name: &&&str| asked.contains(*name);
    Ok(held.iter().filter(is_asked).copied().collect())
}

/// Keeps when secret and account were last used, unless that is known closely enough.
fn note_use(tx: &mut Tx<'_>, client: &Client) -> Result<()> {
    let now: Timestamp = tx.now();
    if client
        .used_at
        .is_some_and(|used_at| now - used_at < USED_TO)
    {
        return Ok(());
    }
    let used = diesel::update(service_secrets::table.find(client.secret_id))
        .set(service_secrets::used_at.eq(now))
        .execute(&mut **tx)?
        + diesel::update(service_accounts::table.find(client.id))
            .set(service_accounts::used_at.eq(now))
            .execute(&mut **tx)?;
    match used {
        2 => Ok(()),
        // Secret or account were deleted meanwhile.
        _ => Err(Code::ClientRefused.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_narrows_and_never_widens() {
        let held = vec!["units:read", "events:read"];
        let narrowed = |asked| narrowed(&held, asked).map_err(|error| error.code());
        assert_eq!(narrowed(None), Ok(held.clone()));
        assert_eq!(narrowed(Some("")), Ok(held.clone()));
        assert_eq!(narrowed(Some("events:read")), Ok(vec!["events:read"]));
        assert_eq!(narrowed(Some("events:read units:read")), Ok(held.clone()));
        for wider in ["audit:read", "units:read audit:read", "units:READ", "*"] {
            assert_eq!(narrowed(Some(wider)), Err(Code::ScopeTooWide), "{wider}");
        }
    }
}

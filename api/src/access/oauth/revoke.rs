//! `/oauth/revoke`: a client takes its own token back (RFC 7009).

use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::DateTime;
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::schema::revoked_tokens;
use liendoan_core::{Code, Error, Result};
use serde_json::json;
use utoipa::ToSchema;

use crate::access::Access;
use crate::access::service_accounts::ServiceAccountId;
use crate::access::service_accounts::changes::leave;
use crate::http::list::NoQuery;
use crate::http::{Form, Problem};

/// The token that revocation and introspection are about.
#[derive(ToSchema)]
#[schema(example = json!({"token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln"}))]
pub struct TokenForm {
    /// An access token.
    pub token: String,
    /// Not needed, and not looked at: there is one kind of token.
    pub token_type_hint: Option<String>,
    /// Without HTTP Basic: the account's client id.
    pub client_id: Option<String>,
    /// Without HTTP Basic: one of the account's secrets.
    pub client_secret: Option<String>,
}

/// Revoke a token
///
/// RFC 7009: the token does nothing any more, at once. What is no token, or one that has run out, is
/// answered 200 too. A client revokes its own tokens only.
#[utoipa::path(
    operation_id = "revoke_token",
    tag = "oauth",
    security(()),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded",
        description = "The token"),
    responses((status = 200, description = "The token does not hold, or does not any more")),
)]
#[post("/oauth/revoke")]
pub async fn revoke(
    _: NoQuery,
    request: HttpRequest,
    form: Form,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let (client, actor) = access.client_of(&request, &form).await?;
    let principal = client.principal();
    let standing = match access.standing_of(form.required("token")?).await {
        Ok(standing) => standing,
        Err(error) if error.code().status() == 401 => return Ok(HttpResponse::Ok().finish()),
        Err(error) => return Err(error.into()),
    };
    if standing.principal != principal {
        return Err(Code::TokenOfAnother.into());
    }
    let claims = standing.claims;
    let end = DateTime::from_timestamp(claims.exp, 0).map(|end| end.naive_utc());
    let end = end.ok_or_else(|| Error::internal("a token without an end"))?;
    access
        .store
        .write(actor, move |tx| {
            let about = principal.to_string();
            let known: Option<String> = revoked_tokens::table
                .find(&claims.jti)
                .select(revoked_tokens::jti)
                .first(&mut **tx)
                .optional()?;
            if known.is_some() {
                return Ok(());
            }
            diesel::insert_into(revoked_tokens::table)
                .values((
                    revoked_tokens::jti.eq(&claims.jti),
                    revoked_tokens::principal.eq(&about),
                    // A verifier may be a minute behind.
                    revoked_tokens::expires_at.eq(end + chrono::TimeDelta::minutes(1)),
                ))
                .execute(&mut **tx)?;
            let entry = Entry {
                action: "token.revoked",
                after: Some(&json!({"jti": claims.jti})),
                ..Entry::default()
            };
            leave(tx, ServiceAccountId(client.id), client.unit, entry)
        })
        .await?;
    access.forget(principal);
    Ok(HttpResponse::Ok().finish())
}

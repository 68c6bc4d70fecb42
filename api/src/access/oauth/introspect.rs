//! `/oauth/introspect`: whether a token holds, and what it says (RFC 7662).

use actix_web::{HttpRequest, HttpResponse, post, web};
use liendoan_core::Result;
use serde::Serialize;
use utoipa::ToSchema;

use super::revoke::TokenForm;
use crate::access::Access;
use crate::access::authenticate::Standing;
use crate::http::list::NoQuery;
use crate::http::{Form, Problem};

/// What a token says, if it holds (RFC 7662, section 2.2); else only that it does not.
#[derive(Default, Serialize, ToSchema)]
#[schema(example = json!({
    "active": true,
    "scope": "units:read events:read",
    "client_id": "sa-k7m2qx4cvd3n",
    "token_type": "Bearer",
    "exp": 1795226400,
    "iat": 1795225800,
    "nbf": 1795225800,
    "sub": "service_account:3",
    "aud": "liendoan",
    "iss": "https://liendoan.example",
    "jti": "0193f5a0-7c1e-7b3a-9d55-5f0c2f6f7a10"
}))]
pub struct Introspection {
    pub active: bool,
    /// What a token of another system may do, with spaces between the permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub scope: Option<String>,
    /// Whose it is, where that is another system.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token_type: Option<&'static str>,
    /// When it runs out, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub nbf: Option<i64>,
    /// `account:12` or `service_account:3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub aud: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub jti: Option<String>,
}

impl Introspection {
    fn of(standing: &Standing) -> Self {
        let claims = standing.claims.as_ref().clone();
        Self {
            active: true,
            scope: claims.scope,
            client_id: claims.client_id,
            token_type: Some("Bearer"),
            exp: Some(claims.exp),
            iat: Some(claims.iat),
            nbf: Some(claims.nbf),
            sub: Some(claims.sub),
            aud: Some(claims.aud),
            iss: Some(claims.iss),
            jti: Some(claims.jti),
        }
    }
}

/// Ask about a token
///
/// RFC 7662: whether a token holds at this moment, and what it says. A client sees its own tokens. Those of
/// other systems and of people it sees only with scope `accounts:read` on the whole federation; to anybody
/// else they are not active.
#[utoipa::path(
    operation_id = "introspect_token",
    tag = "oauth",
    security(()),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded",
        description = "The token"),
    responses((status = 200, description = "What it says, or that it is not active", body = Introspection)),
)]
#[post("/oauth/introspect")]
pub async fn introspect(
    _: NoQuery,
    request: HttpRequest,
    form: Form,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let (client, _) = access.client_of(&request, &form).await?;
    let standing = match access.standing_of(form.required("token")?).await {
        Ok(standing) => Some(standing),
        Err(error) if error.code().status() == 401 => None,
        Err(error) => return Err(error.into()),
    };
    let seen = match standing {
        Some(standing) if standing.principal == client.principal() => Some(standing),
        Some(standing) if client.reads_all_accounts(&access).await? => Some(standing),
        _ => None,
    };
    let answer = seen.as_ref().map(Introspection::of).unwrap_or_default();
    Ok(HttpResponse::Ok().json(answer))
}

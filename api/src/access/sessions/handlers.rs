//! The addresses under `/sessions`.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use liendoan_core::{Code, Error, Result, text};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cookies::{self, SameOrigin};
use super::queries::{self, Refreshed};
use super::sign_in::Credentials;
use crate::access::Access;
use crate::access::authenticate::anonymous_of;
use crate::access::secrets;
use crate::access::tokens::{Claims, LIFETIME};
use crate::http::grant::Principal;
use crate::http::list::NoQuery;
use crate::http::{Json, Problem};

/// The longest of what is sent to sign in; longer is no password of ours.
const SECRET_MAX: usize = 1_000;

/// What a person signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "an.nguyen", "password": "correct horse battery staple"}))]
pub struct SignIn {
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 128)]
    pub password: SecretString,
    /// Where a second factor is set up: the code that the authenticator app shows, or a recovery code.
    #[schema(value_type = Option<String>, max_length = 64)]
    pub code: Option<SecretString>,
}

/// An access token, and how long it lives.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln",
    "token_type": "Bearer",
    "expires_in": 600,
    "account_id": 12,
    "session_id": 42
}))]
pub struct SessionToken {
    /// Send it with each request: `Authorization: Bearer …`. Keep it in memory only.
    pub access_token: String,
    pub token_type: &'static str,
    /// Seconds that it lives.
    pub expires_in: i64,
    pub account_id: i64,
    pub session_id: i64,
}

impl Access {
    fn session_token(&self, account: i64, session: i64) -> Result<SessionToken> {
        let now = self.store.clock().now().and_utc().timestamp();
        let principal = Principal::Account(account);
        let claims = Claims {
            sid: Some(session.to_string()),
            ..self.claims(principal, now)
        };
        Ok(SessionToken {
            access_token: self.issue(&claims)?,
            token_type: "Bearer",
            expires_in: LIFETIME,
            account_id: account,
            session_id: session,
        })
    }
}

/// Sign in
///
/// By name and password, and by the code of a second factor where one is set up: without it the answer is
/// 401 `second_factor_needed`. Answers an access token that lives ten minutes, and a cookie by which
/// `/sessions:refresh` gives the next one. A wrong password and an unknown name are answered alike.
#[utoipa::path(
    operation_id = "sign_in",
    tag = "account",
    security(()),
    request_body(content = SignIn, description = "Name and password"),
    responses((status = 201, description = "The session has begun", body = SessionToken,
        headers(("Set-Cookie" = String, description = "The refresh token, which scripts can't read")))),
)]
#[post("/sessions")]
pub async fn sign_in(
    _: SameOrigin,
    _: NoQuery,
    request: HttpRequest,
    given: Json<SignIn>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let SignIn {
        name,
        password,
        code,
    } = given.value;
    let is_too_long = |secret: &SecretString| {
        use secrecy::ExposeSecret;
        secret.expose_secret().len() > SECRET_MAX
    };
    if is_too_long(&password) || code.as_ref().is_some_and(is_too_long) {
        return Err(Code::SignInRefused.into());
    }
    let name = text::name(&name, 64).map_err(|_| Error::from(Code::SignInRefused))?;
    let credentials = Credentials {
        name,
        password,
        code,
    };
    let started = access.sign_in(credentials, anonymous_of(&request)).await?;
    access.forget(Principal::Account(started.account));
    let body = access.session_token(started.account, started.session)?;
    Ok(HttpResponse::Created()
        .cookie(cookies::given(&access, started.token.expose()))
        .json(body))
}

/// Get the next access token
///
/// Uses the cookie of the session and gives it another one. Used a second time within ten seconds by the
/// same client, it is answered again (two tabs, a lost answer); later, the whole session ends.
#[utoipa::path(
    operation_id = "refresh_session",
    tag = "account",
    security(()),
    responses((status = 200, description = "The next access token", body = SessionToken,
        headers(("Set-Cookie" = String, description = "The next refresh token")))),
)]
#[post("/sessions:refresh")]
pub async fn refresh(
    _: SameOrigin,
    _: NoQuery,
    request: HttpRequest,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let token = cookies::sent(&access, &request).ok_or(Code::SessionEnded)?;
    let hash = secrets::hash(&token);
    let refreshed = access
        .store
        .write(anonymous_of(&request), move |tx| {
            queries::refresh(tx, &hash)
        })
        .await?;
    match refreshed {
        Refreshed::Renewed {
            account,
            session,
            token,
        } => Ok(HttpResponse::Ok()
            .cookie(cookies::given(&access, token.expose()))
            .json(access.session_token(account, session)?)),
        Refreshed::Refused => Err(Code::SessionEnded.into()),
        Refreshed::Reused { account } => {
            access.forget(Principal::Account(account));
            Err(Code::SessionEnded.into())
        }
    }
}

/// Sign out
///
/// Ends the session that the cookie belongs to, and lets the browser forget all that it kept of this site.
#[utoipa::path(
    operation_id = "sign_out",
    tag = "account",
    security(()),
    responses((status = 204, description = "The session has ended",
        headers(("Clear-Site-Data" = String, description = "What the browser forgets")))),
)]
#[post("/sessions:end")]
pub async fn sign_out(
    _: SameOrigin,
    _: NoQuery,
    request: HttpRequest,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    if let Some(token) = cookies::sent(&access, &request) {
        let hash = secrets::hash(&token);
        let ended = access
            .store
            .write(anonymous_of(&request), move |tx| {
                let Some((account, session)) = queries::of_token(tx, &hash)? else {
                    return Ok(None);
                };
                queries::end(tx, account, session, "session.ended")?;
                Ok(Some(account))
            })
            .await?;
        if let Some(account) = ended {
            access.forget(Principal::Account(account));
        }
    }
    Ok(HttpResponse::NoContent()
        .insert_header((
            header::CLEAR_SITE_DATA,
            "\"cookies\", \"storage\", \"cache\"",
        ))
        .cookie(cookies::taken(&access))
        .finish())
}

//! Finds out who sends a request, and lets nobody else in.
//!
//! A request without a valid access token reaches the few operations that are [open](OPEN), and nothing else:
//! a handler that forgets to ask for a permission is still not open to strangers.

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage, HttpRequest, web};
use chrono::NaiveDate;
use liendoan_core::audit::Entry;
use liendoan_core::{Actor, Code, Error, Result};
use serde_json::json;

use super::Access;
use super::principals::Known;
use super::tokens::{Claims, Refusal};
use crate::config::SecondFactor;
use crate::http::Problem;
use crate::http::grant::{Authentication, Caller, Principal, Rights};
use crate::http::guard::{Origin, is_of_the_service};

/// Operations that answer without a token, by method and path.
pub const OPEN: &[(&str, &str)] = &[
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/openapi.json"),
    ("GET", "/docs/errors"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/.well-known/oauth-authorization-server"),
    // These bring credentials of their own.
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/sessions:refresh"),
    ("POST", "/api/v1/sessions:end"),
    ("POST", "/api/v1/invitations:accept"),
    ("POST", "/oauth/token"),
    ("POST", "/oauth/revoke"),
    ("POST", "/oauth/introspect"),
];

/// Pages of documentation, with all that they load.
const OPEN_PAGES: &str = "/docs";

pub fn is_open(method: &Method, path: &str) -> bool {
    let method = match *method {
        Method::HEAD => "GET",
        _ => method.as_str(),
    };
    OPEN.contains(&(method, path))
        || (method == "GET" && (path == OPEN_PAGES || path.starts_with("/docs/")))
        // No operation stands there.
        || (method == "GET" && !is_of_the_service(path))
        // Asks for methods only.
        || method == "OPTIONS"
}

/// The middleware.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, ActixError> {
    let Some(access) = request.app_data::<web::Data<Access>>().cloned() else {
        return Err(Problem(Error::internal("no access")).into());
    };
    let note = async |method: &Method, path: &str, code: &str, actor: Actor| {
        let entry = json!({"method": method.as_str(), "path": path, "code": code});
        access.note_refusal(actor, &entry).await;
    };
    match enter(&access, &request).await {
        Ok(caller) => {
            let kept = caller.clone();
            {
                let anonymous = caller.is_err().then(|| anonymous(&request));
                let mut extensions = request.extensions_mut();
                if let Some(anonymous) = anonymous {
                    extensions.insert(anonymous);
                }
                extensions.insert::<Authentication>(caller);
            }
            let response = next.call(request).await?;
            if matches!(response.status().as_u16(), 401 | 403) {
                let problem = response.response().error();
                let problem = problem.and_then(|error| error.as_error::<Problem>());
                let code = problem.map_or("", |problem| problem.0.code().as_str());
                let request = response.request();
                let actor =
                    kept.map_or_else(|_| anonymous_of(request), |caller| caller.actor.clone());
                note(request.method(), request.path(), code, actor).await;
            }
            Ok(response)
        }
        Err(error) => {
            // Too many requests are not worth a line each.
            if error.code().status() == 401 {
                let (code, actor) = (error.code().as_str(), anonymous(&request));
                note(request.method(), request.path(), code, actor).await;
            }
            Err(Problem(error).into())
        }
    }
}

/// Who asks; an error lets the request go no further.
async fn enter(access: &Access, request: &ServiceRequest) -> Result<Authentication> {
    if let Some(address) = Origin::of(request).address {
        access.limits.check_address(address)?;
    }
    // A token sent nevertheless is not looked at: whether the process lives is told without a database.
    if is_open(request.method(), request.path()) {
        return Ok(Err(Code::Unauthenticated));
    }
    let token = bearer(request).ok_or(Code::Unauthenticated)?;
    let caller = access.caller_of(token, anonymous(request)).await?;
    access.limits.check_principal(caller.principal)?;
    Ok(Ok(Arc::new(caller)))
}

/// The token of `Authorization: Bearer …` (RFC 6750, section 2.1).
fn bearer(request: &ServiceRequest) -> Option<&str> {
    let mut given = request.headers().get_all(header::AUTHORIZATION);
    let value = given.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    // Two of them would be read differently by different parts of the way here.
    let is_only_one = given.next().is_none();
    (is_only_one && scheme.eq_ignore_ascii_case("bearer")).then(|| token.trim())
}

/// The longest name of a client that is kept, in characters.
const CLIENT_MAX: usize = 200;

/// Whoever sent a request that brings credentials of its own.
pub fn anonymous_of(request: &HttpRequest) -> Actor {
    let known = request.extensions().get::<Actor>().cloned();
    known.unwrap_or_else(|| Actor::program("request"))
}

/// What is known of a request before it is known who sent it.
fn anonymous(request: &ServiceRequest) -> Actor {
    let origin = Origin::of(request);
    let client = request.headers().get(header::USER_AGENT);
    let client = client.and_then(|value| value.to_str().ok());
    Actor {
        principal: "anonymous".to_owned(),
        client: client.map(|client| client.chars().take(CLIENT_MAX).collect()),
        address: origin.address,
        request_id: Some(origin.request_id.to_string()),
    }
}

/// A token that holds, with whom it was given to.
pub struct Standing {
    pub claims: Arc<Claims>,
    pub principal: Principal,
    pub known: Arc<Known>,
    /// The session that it belongs to; a person's only.
    pub session: Option<i64>,
}

impl Standing {
    /// What its bearer may do on a day. A token of another system holds no more than its own `scope`.
    pub fn rights(&self, today: NaiveDate) -> Arc<Rights> {
        let rights = self.known.rights(today);
        if matches!(self.principal, Principal::Account(_)) {
            return rights;
        }
        let scope = self.claims.scope.as_deref().unwrap_or_default();
        let is_in_scope = |name: &str| scope.split(' ').any(|known| known == name);
        if rights.iter().all(|(name, _)| is_in_scope(name)) {
            rights
        } else {
            Arc::new(rights.narrowed(is_in_scope))
        }
    }
}

impl Access {
    /// The caller that a token stands for, sent by somebody of whom nothing else is known.
    pub async fn caller_of(&self, token: &str, anonymous: Actor) -> Result<Caller> {
        let standing = self.standing_of(token).await?;
        if !standing.known.may_come_from(anonymous.address) {
            return Err(Code::TokenInvalid.into());
        }
        let today = self.store.clock().today();
        let must_have_second_factor = match self.second_factor {
            SecondFactor::Optional => false,
            SecondFactor::Administrators => standing.known.is_administrator(today),
            SecondFactor::Everybody => true,
        };
        Ok(Caller {
            principal: standing.principal,
            session: standing.session,
            lacks_second_factor: must_have_second_factor && !standing.known.has_second_factor,
            actor: Actor {
                principal: standing.principal.to_string(),
                ..anonymous
            },
            rights: standing.rights(today),
        })
    }

    /// What a token stands for, if it holds now; from where it was sent is not looked at.
    pub async fn standing_of(&self, token: &str) -> Result<Standing> {
        let now = self.store.clock().now();
        let claims = self.verify(token, now.and_utc().timestamp()).await?;
        let principal = principal_of(&claims).ok_or(Code::TokenInvalid)?;
        let mut known = self.principals.get(&self.store, principal).await?;
        let session = claims.sid.as_deref().and_then(|sid| sid.parse().ok());
        if let (Principal::Account(_), Some(session)) = (principal, session)
            && known
                .as_ref()
                .is_some_and(|known| !known.has_session(session, now))
        {
            // It may have begun since.
            known = self.principals.load(&self.store, principal).await?;
        }
        let known = known.ok_or(Code::SessionEnded)?;
        let is_live = match principal {
            Principal::Account(_) => session.is_some_and(|id| known.has_session(id, now)),
            Principal::ServiceAccount(_) => !known.is_revoked(&claims.jti),
        };
        if !known.is_active(self.store.clock().today()) || !is_live {
            return Err(Code::SessionEnded.into());
        }
        Ok(Standing {
            claims,
            principal,
            known,
            session,
        })
    }

    /// What a token says, if it is one of ours and holds now.
    async fn verify(&self, token: &str, now: i64) -> Result<Arc<Claims>> {
        self.freshen_keys().await?;
        if let Some(claims) = self.verified.get(token) {
            return match claims.check_times(now) {
                Ok(()) => Ok(claims),
                Err(refusal) => Err(code_of(refusal).into()),
            };
        }
        let mut outcome = self.keys.verify(token, now);
        if matches!(outcome, Err(Refusal::UnknownKey)) && self.keys.may_reload() {
            self.reload_keys().await?;
            outcome = self.keys.verify(token, now);
        }
        let claims = Arc::new(outcome.map_err(code_of)?);
        self.verified.insert(token.to_owned(), claims.clone());
        Ok(claims)
    }

    /// Reads the keys again where others may have changed them.
    pub async fn freshen_keys(&self) -> Result<()> {
        if self.keys.is_old() {
            self.reload_keys().await?;
        }
        Ok(())
    }

    /// Reads the keys again. What was verified by one that is gone is verified no more.
    async fn reload_keys(&self) -> Result<()> {
        self.keys.reload(&self.store, &self.vault).await?;
        self.verified.invalidate_all();
        Ok(())
    }

    /// Leaves a refusal in the audit log. The caller is answered in any case.
    pub async fn note_refusal(&self, actor: Actor, refusal: &serde_json::Value) {
        let refusal = refusal.clone();
        let about = actor.principal.clone();
        let written = self.store.write(actor, move |tx| {
            tx.audit(Entry {
                action: "request.refused",
                about: Some(&about),
                after: Some(&refusal),
                ..Entry::default()
            })
        });
        match tokio::time::timeout(Duration::from_secs(5), written).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "a refusal is not in the audit log"),
            Err(_) => tracing::error!("a refusal is not in the audit log: it took too long"),
        }
    }
}

fn code_of(refusal: Refusal) -> Code {
    match refusal {
        Refusal::Expired => Code::TokenExpired,
        _ => Code::TokenInvalid,
    }
}

/// `account:12` and `service_account:3` of the claim `sub`.
fn principal_of(claims: &Claims) -> Option<Principal> {
    let (kind, id) = claims.sub.split_once(':')?;
    let id = id.parse().ok()?;
    match kind {
        "account" => Some(Principal::Account(id)),
        "service_account" => Some(Principal::ServiceAccount(id)),
        _ => None,
    }
}

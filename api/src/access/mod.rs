//! Who may do what, where and until when.
//!
//! | looking for | see |
//! |---|---|
//! | how a request's caller is found out | [`authenticate`] |
//! | what is known of callers, in memory | [`principals`] |
//! | accounts of people, and what somebody may do where | [`accounts`] |
//! | who gave whom which role, and who may | [`grants`] |
//! | roles, built in and others | [`roles`] |
//! | where an account or a grant belongs today | [`places`] |
//! | permissions, and how a handler asks for one | [`http::grant`](crate::http::grant) |
//! | which units a scope covers | [`tree::cover`](crate::tree::cover) |
//! | sign-in, refresh, sign-out | [`sessions`] |
//! | one's own password, second factor, sessions | [`own`] |
//! | accounts of other systems, their tokens | [`service_accounts`], [`oauth`] |
//! | searching the audit log | [`audit`] |
//! | rates | [`limits`] |
//! | what follows from the secret of the installation | [`vault`] |
//! | what a new password may be; passwords at rest | [`passwords`], [`hashing`] |
//! | codes of the second factor, and for whoever lost it | [`totp`], [`recovery`] |
//! | refresh tokens, secrets of services, invitations | [`secrets`] |
//! | access tokens, and the keys that sign them | [`tokens`], [`keys`] |

pub mod accounts;
pub mod audit;
pub mod authenticate;
pub mod demo;
pub mod grants;
pub mod hashing;
pub mod keys;
pub mod limits;
pub mod oauth;
pub mod own;
pub mod passwords;
pub mod places;
pub mod principals;
pub mod recovery;
pub mod roles;
pub mod secrets;
pub mod service_accounts;
pub mod sessions;
pub mod tokens;
pub mod totp;
pub mod vault;

use std::sync::Arc;

use diesel::prelude::*;
use liendoan_core::db::StartError;
use liendoan_core::schema::revoked_tokens;
use liendoan_core::{Actor, Result, Store};
use moka::sync::Cache;
use uuid::Uuid;

use crate::config::{Config, SecondFactor};
use crate::http::grant::Principal;

use hashing::Hashing;
use keys::Keys;
use limits::Limits;
use principals::{News, Principals};
use tokens::Claims;
use vault::Vault;

/// Verified access tokens kept in memory at most: to verify one again costs more than to answer.
const TOKENS: u64 = 20_000;

/// All that finding out about callers needs. One for the process.
pub struct Access {
    pub store: Store,
    pub vault: Vault,
    pub hashing: Hashing,
    pub keys: Keys,
    pub principals: Principals,
    pub limits: Limits,
    /// Tokens whose signature was verified, by their text. Their times are looked at anew with each use.
    pub(crate) verified: Cache<String, Arc<Claims>>,
    pub second_factor: SecondFactor,
    /// The address of the service as the world knows it; it stands in every token.
    pub issuer: String,
    pub audience: String,
    /// Whether the browser reaches the service by HTTPS: then cookies are sent by nothing else.
    pub is_secure: bool,
}

impl Access {
    /// Opens it on a database that has been migrated; refuses a secret that is not the one of its keys.
    pub async fn open(config: &Config, store: Store) -> std::result::Result<Self, StartError> {
        let vault = Vault::new(&config.access.secret_bytes()?)?;
        let hashing = Hashing::start(&vault)?;
        let issuer = config.access.issuer.trim_end_matches('/').to_owned();
        let audience = config.access.audience.clone();
        let keys = Keys::open(&store, &vault, &issuer, &audience).await?;
        Ok(Self {
            vault,
            hashing,
            keys,
            principals: Principals::default(),
            limits: Limits::new(&config.limits),
            verified: Cache::new(TOKENS),
            second_factor: config.access.second_factor,
            is_secure: issuer.starts_with("https://"),
            issuer,
            audience,
            store,
        })
    }

    /// Somebody was changed by this process: it must hold from now on.
    pub fn forget(&self, principal: Principal) {
        self.principals.forget(principal);
    }

    /// Hears of what other processes change, for as long as this one lives.
    pub async fn follow(access: Arc<Self>) {
        let position = loop {
            match access.store.query(liendoan_core::audit::position).await {
                Ok(position) => break position,
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(200)).await,
            }
        };
        // What changed before it began to listen.
        access.principals.forget_all();
        let follower = access.clone();
        let tell = move |news| match news {
            News::Of(principal) => follower.principals.forget(principal),
            News::OfMany => follower.principals.forget_all(),
            News::OfKeys => follower.keys.reload_soon(),
        };
        principals::follow(access.store.clone(), position, tell).await;
    }

    /// Forgets what is kept for a time only.
    pub async fn tidy(&self) -> Result<()> {
        self.limits.tidy();
        self.store
            .write(Actor::program("tidy"), |tx| {
                sessions::failures::tidy(tx)?;
                sessions::queries::tidy(tx)?;
                let past = revoked_tokens::table.filter(revoked_tokens::expires_at.lt(tx.now()));
                diesel::delete(past).execute(&mut **tx)?;
                Ok(())
            })
            .await
    }

    /// What every access token of a principal says.
    pub fn claims(&self, principal: Principal, now: i64) -> Claims {
        Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: principal.to_string(),
            sid: None,
            jti: Uuid::now_v7().to_string(),
            iat: now,
            nbf: now,
            exp: now + tokens::LIFETIME,
            client_id: None,
            scope: None,
        }
    }

    /// Signs an access token.
    pub fn issue(&self, claims: &Claims) -> Result<String> {
        self.keys.sign(claims)
    }
}

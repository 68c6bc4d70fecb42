//! One's own password: the first, by an invitation, and those after it.

use actix_web::{HttpRequest, HttpResponse, post, put, web};
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::error::FieldError;
use liendoan_core::schema::{account_links, accounts, units};
use liendoan_core::{Actor, Code, Db, Error, Result, Tx, on_engine};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::Access;
use crate::access::accounts::State;
use crate::access::authenticate::anonymous_of;
use crate::access::hashing::Verdict;
use crate::access::passwords;
use crate::access::secrets;
use crate::access::sessions::failures::{self, Attempt};
use crate::access::sessions::queries as sessions;
use crate::http::grant::{Principal, SignedIn};
use crate::http::list::NoQuery;
use crate::http::{Json, Problem};

/// The present password and the next one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current": "correct horse battery staple", "new": "four other words together"}))]
pub struct PasswordChange {
    #[schema(value_type = String, format = Password, max_length = 128)]
    pub current: SecretString,
    /// At least 15 characters; 8 where a second factor is set up.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
    pub new: SecretString,
}

/// Change one's own password
///
/// Asks for the present one. Ends all other sessions.
#[utoipa::path(
    operation_id = "change_own_password",
    tag = "account",
    request_body(content = PasswordChange, description = "Both passwords"),
    responses((status = 204, description = "The new password holds")),
)]
#[put("/account/password")]
pub async fn change_password(
    me: SignedIn,
    _: NoQuery,
    change: Json<PasswordChange>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let PasswordChange { current, new } = change.value;
    let account = access.credentials(me.account).await?;
    access
        .check_password(&account, current, "/current", &me.caller.actor)
        .await?;
    let hash = access.hash_new(&account, new, "/new").await?;
    access
        .store
        .write(me.caller.actor.clone(), move |tx| {
            set_password(tx, me.account, &hash)?;
            sessions::end_all(tx, me.account, Some(me.session))?;
            let units = sessions::units_of(tx, me.account)?;
            tx.audit(Entry {
                action: "account.password_changed",
                object_id: Some(me.account),
                about: Some(&Principal::Account(me.account).to_string()),
                units: &units,
                ..Entry::default()
            })
        })
        .await?;
    access.forget(me.caller.principal);
    Ok(HttpResponse::NoContent().finish())
}

fn set_password(tx: &mut Tx<'_>, account: i64, hash: &str) -> Result<()> {
    let now = tx.now();
    diesel::update(accounts::table.find(account))
        .set((
            accounts::password_hash.eq(hash),
            accounts::version.eq(accounts::version + 1),
            accounts::updated_at.eq(now),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// What is checked before somebody proves to be who they are.
#[derive(Clone)]
pub struct Stored {
    pub name: String,
    pub password_hash: Option<String>,
    pub has_second_factor: bool,
    pub unit: Option<String>,
}

impl Access {
    pub async fn credentials(&self, account: i64) -> Result<Stored> {
        let find = move |db: &mut Db| stored(db, account);
        self.store.query(find).await
    }

    /// Asks a person who is signed in for their password once more. A wrong one counts like a failed sign-in:
    /// whoever got hold of a session shall not find out the password by it.
    pub async fn check_password(
        &self,
        account: &Stored,
        password: SecretString,
        pointer: &str,
        actor: &Actor,
    ) -> Result<()> {
        let attempt = Attempt {
            name: account.name.clone(),
            address: actor.address,
        };
        let (tried, now) = (attempt.clone(), self.store.clock().now());
        self.store
            .query(move |db| failures::check(db, &tried, now))
            .await?;
        let verdict = self
            .hashing
            .verify(password, account.password_hash.clone())
            .await?;
        match verdict {
            Verdict::Right { .. } => Ok(()),
            Verdict::Wrong => {
                let wrong = Error::at(FieldError::at(pointer, Code::PasswordWrong));
                Err(self.refuse(attempt, actor.clone(), wrong).await)
            }
        }
    }

    /// Holds a new password against the rules, and hashes it.
    pub async fn hash_new(
        &self,
        account: &Stored,
        password: SecretString,
        pointer: &str,
    ) -> Result<String> {
        let own = [Some(account.name.clone()), account.unit.clone()];
        let has_second_factor = account.has_second_factor;
        // A long one takes a while to judge: not on the thread that answers others.
        let judged = password.clone();
        let judge = move || {
            let context: Vec<&str> = own.iter().flatten().map(String::as_str).collect();
            passwords::check_new(judged.expose_secret(), &context, has_second_factor)
        };
        let verdict = web::block(judge).await.map_err(Error::internal)?;
        let refused = |refusal| {
            let field = |code| FieldError::at(pointer, code);
            Error::at(match refusal {
                passwords::Refusal::TooShort { min } => {
                    field(Code::PasswordTooShort).with("min", min)
                }
                passwords::Refusal::TooLong { max } => field(Code::TooLong).with("max", max),
                passwords::Refusal::TooCommon => field(Code::PasswordTooCommon),
            })
        };
        verdict.map_err(refused)?;
        self.hashing.hash(password).await
    }
}

fn stored(db: &mut Db, account: i64) -> Result<Stored> {
    type Row = (String, Option<String>, bool, Option<String>);
    let query = accounts::table
        .left_join(units::table.on(accounts::unit_id.eq(units::id.nullable())))
        .filter(accounts::id.eq(account))
        .select((
            accounts::name,
            accounts::password_hash,
            accounts::second_factor_on,
            units::code.nullable(),
        ));
    let (name, password_hash, has_second_factor, unit): Row = on_engine!(db, c => query.first(c))?;
    Ok(Stored {
        name,
        password_hash,
        has_second_factor,
        unit,
    })
}

/// What opens an account: the token of the link, and the password that is to hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "ldi_kX9p2mVq7Lr4tZ8wB3nY6sHc1dFgJ5aE0uQoRiTvKxM", "password": "four words that stand together"}))]
pub struct Acceptance {
    #[schema(value_type = String, max_length = 128)]
    pub token: SecretString,
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
    pub password: SecretString,
}

/// Accept an invitation
///
/// Sets the password of an account that was invited or reset; the link's token is used up. Then sign in.
#[utoipa::path(
    operation_id = "accept_invitation",
    tag = "account",
    security(()),
    request_body(content = Acceptance, description = "Token and password"),
    responses(
        (status = 204, description = "The password holds"),
        (status = 410, description = "The link was used already or has run out"),
    ),
)]
#[post("/invitations:accept")]
pub async fn accept_invitation(
    _: NoQuery,
    request: HttpRequest,
    given: Json<Acceptance>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let hash = secrets::hash(given.value.token.expose_secret());
    let now = access.store.clock().now();
    let account = access
        .store
        .query(move |db| {
            let query = account_links::table
                .find(hash.to_vec())
                .filter(account_links::expires_at.gt(now))
                .select(account_links::account_id);
            let account: Option<i64> = on_engine!(db, c => query.first(c)).optional()?;
            account.ok_or_else(|| Code::LinkUsed.into())
        })
        .await?;
    let stored = access.credentials(account).await?;
    let password = given.value.password;
    let new = access.hash_new(&stored, password, "/password").await?;
    let actor = Actor {
        principal: Principal::Account(account).to_string(),
        ..anonymous_of(&request)
    };
    access
        .store
        .write(actor, move |tx| open(tx, account, &hash, &new))
        .await?;
    access.forget(Principal::Account(account));
    Ok(HttpResponse::NoContent().finish())
}

/// Uses a link up.
fn open(tx: &mut Tx<'_>, account: i64, hash: &[u8], new: &str) -> Result<()> {
    let used = diesel::delete(account_links::table.find(hash.to_vec())).execute(&mut **tx)?;
    let may_open = [State::Invited.as_str(), State::Active.as_str()];
    let opened = diesel::update(accounts::table.find(account))
        .filter(accounts::state.eq_any(may_open))
        .set(accounts::state.eq(State::Active.as_str()))
        .execute(&mut **tx)?;
    if used == 0 || opened == 0 {
        return Err(Code::LinkUsed.into());
    }
    set_password(tx, account, new)?;
    sessions::end_all(tx, account, None)?;
    let units = sessions::units_of(tx, account)?;
    tx.audit(Entry {
        action: "account.opened",
        object_id: Some(account),
        about: Some(&Principal::Account(account).to_string()),
        units: &units,
        ..Entry::default()
    })
}

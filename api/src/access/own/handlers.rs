//! The addresses under `/account`, and the invitation that makes an account one's own.

use actix_web::{HttpResponse, get, post, put, web};
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::error::FieldError;
use liendoan_core::schema::{account_links, accounts, units};
use liendoan_core::{Actor, Code, Db, Error, Result, Scope, Tx, on_engine};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Access;
use crate::access::accounts::State;
use crate::access::authenticate::anonymous_of;
use crate::access::hashing::Verdict;
use crate::access::passwords;
use crate::access::secrets;
use crate::access::sessions::queries::{self as sessions, Session};
use crate::http::grant::{Principal, Rights, SignedIn};
use crate::http::list::NoQuery;
use crate::http::{Id, Json, Problem};

/// Where a permission is held.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"permission": "activities:approve", "everywhere": false, "units": ["hn"]}))]
pub struct HeldPermission {
    pub permission: &'static str,
    /// In the whole federation.
    pub everywhere: bool,
    /// Else on these units, by code, and on all below them.
    pub units: Vec<String>,
}

/// One's own account.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": 12,
    "name": "an.nguyen",
    "display_name": "Ban Tổ chức",
    "unit": "hn",
    "has_second_factor": true,
    "must_set_up_second_factor": false,
    "session_id": 42,
    "permissions": [{"permission": "activities:approve", "everywhere": false, "units": ["hn"]}]
}))]
pub struct OwnAccount {
    pub id: i64,
    pub name: String,
    #[schema(required)]
    pub display_name: Option<String>,
    /// Code of the unit that keeps the account; null: the whole federation.
    #[schema(required)]
    pub unit: Option<String>,
    pub has_second_factor: bool,
    /// Nothing else is allowed before that.
    pub must_set_up_second_factor: bool,
    pub session_id: i64,
    /// What the account may do today, and where.
    pub permissions: Vec<HeldPermission>,
}

/// Rights as they are shown, units by their codes.
pub fn shown(db: &mut Db, rights: &Rights) -> Result<Vec<HeldPermission>> {
    let mut shown = Vec::new();
    for (permission, scope) in rights.iter() {
        let units = match scope {
            Scope::All => Vec::new(),
            Scope::Under(tops) => {
                let ids: Vec<i64> = tops.iter().map(|unit| unit.0).collect();
                let query = units::table
                    .filter(units::id.eq_any(ids))
                    .order(units::code)
                    .select(units::code);
                on_engine!(&mut *db, c => query.load(c))?
            }
        };
        shown.push(HeldPermission {
            permission,
            everywhere: *scope == Scope::All,
            units,
        });
    }
    shown.sort_by_key(|held| held.permission);
    Ok(shown)
}

/// Read one's own account
///
/// Who is signed in, and what they may do where today.
#[utoipa::path(
    operation_id = "read_own_account",
    tag = "account",
    responses((status = 200, description = "The account", body = OwnAccount)),
)]
#[get("/account")]
pub async fn read(
    me: SignedIn,
    _: NoQuery,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let caller = me.caller.clone();
    let own = access
        .store
        .read(move |db| {
            type Row = (String, Option<String>, bool, Option<String>);
            let query = accounts::table
                .left_join(units::table.on(accounts::unit_id.eq(units::id.nullable())))
                .filter(accounts::id.eq(me.account))
                .select((
                    accounts::name,
                    accounts::display_name,
                    accounts::second_factor_on,
                    units::code.nullable(),
                ));
            let (name, display_name, has_second_factor, unit): Row =
                on_engine!(&mut *db, c => query.first(c))?;
            Ok(OwnAccount {
                id: me.account,
                name,
                display_name,
                unit,
                has_second_factor,
                must_set_up_second_factor: caller.lacks_second_factor,
                session_id: me.session,
                permissions: shown(db, &caller.rights)?,
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(own))
}

/// Sessions of an account.
#[derive(Serialize, ToSchema)]
pub struct Sessions {
    pub items: Vec<Session>,
}

/// List one's own sessions
///
/// All that live, the youngest first: each a browser that is signed in.
#[utoipa::path(
    operation_id = "list_own_sessions",
    tag = "account",
    responses((status = 200, description = "The sessions", body = Sessions)),
)]
#[get("/account/sessions")]
pub async fn list_sessions(
    me: SignedIn,
    _: NoQuery,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let now = access.store.clock().now();
    let items = access
        .store
        .query(move |db| sessions::live(db, me.account, Some(me.session), now))
        .await?;
    Ok(HttpResponse::Ok().json(Sessions { items }))
}

/// End one of one's own sessions
///
/// Signs another browser out, or this one.
#[utoipa::path(
    operation_id = "end_own_session",
    tag = "account",
    params(("id" = i64, Path, description = "The session's id", example = 42)),
    responses((status = 204, description = "It has ended")),
)]
#[post("/account/sessions/{id}:end")]
pub async fn end_session(
    me: SignedIn,
    _: NoQuery,
    id: Id<i64>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let ended = access
        .store
        .write(me.caller.actor.clone(), move |tx| {
            sessions::end(tx, me.account, id.0, "session.ended")
        })
        .await?;
    access.forget(me.caller.principal);
    if ended {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Code::NotFound.into())
    }
}

/// End all of one's own sessions
///
/// Signs every browser out, this one too.
#[utoipa::path(
    operation_id = "end_own_sessions",
    tag = "account",
    responses((status = 204, description = "They have ended")),
)]
#[post("/account/sessions:end")]
pub async fn end_sessions(
    me: SignedIn,
    _: NoQuery,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    access
        .store
        .write(me.caller.actor.clone(), move |tx| {
            sessions::end_all(tx, me.account, None)
        })
        .await?;
    access.forget(me.caller.principal);
    Ok(HttpResponse::NoContent().finish())
}

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
    access.check_password(&account, current, "/current").await?;
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

    /// Asks a person who is signed in for their password once more; a wrong one is counted like a failed
    /// sign-in is not, because whoever asks has a session already.
    pub async fn check_password(
        &self,
        account: &Stored,
        password: SecretString,
        pointer: &str,
    ) -> Result<()> {
        let verdict = self
            .hashing
            .verify(password, account.password_hash.clone())
            .await?;
        match verdict {
            Verdict::Right { .. } => Ok(()),
            Verdict::Wrong => Err(Error::at(FieldError::at(pointer, Code::PasswordWrong))),
        }
    }

    /// Holds a new password against the rules, and hashes it.
    pub async fn hash_new(
        &self,
        account: &Stored,
        password: SecretString,
        pointer: &str,
    ) -> Result<String> {
        let own = [Some(account.name.as_str()), account.unit.as_deref()];
        let context: Vec<&str> = own.into_iter().flatten().collect();
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
        let text = password.expose_secret();
        passwords::check_new(text, &context, account.has_second_factor).map_err(refused)?;
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
    request: actix_web::HttpRequest,
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

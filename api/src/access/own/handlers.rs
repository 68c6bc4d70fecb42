//! The addresses under `/account` that tell who one is, and one's sessions.

use actix_web::{HttpResponse, get, post, web};
use diesel::prelude::*;
use liendoan_core::schema::{accounts, units};
use liendoan_core::{Code, Db, Result, Scope, on_engine};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Access;
use crate::access::sessions::queries::{self as sessions, Session};
use crate::http::grant::{Rights, SignedIn};
use crate::http::list::NoQuery;
use crate::http::{Id, Problem};

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

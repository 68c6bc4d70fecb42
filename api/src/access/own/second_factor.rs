//! Setting up a second factor for oneself, and taking it away again.

use actix_web::http::header;
use actix_web::{HttpResponse, post, web};
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::error::FieldError;
use liendoan_core::schema::{accounts, recovery_codes};
use liendoan_core::{Code, Db, Error, Result, Tx, on_engine};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Access;
use crate::access::sessions::queries::units_of;
use crate::access::sessions::sign_in::SECOND_FACTOR;
use crate::access::{recovery, totp};
use crate::http::grant::{Principal, SignedIn};
use crate::http::list::NoQuery;
use crate::http::{Json, Problem};

/// What the authenticator app asks who it is for.
const APP_NAME: &str = "Liên đoàn";

/// A second factor that is offered; it holds once a code of it was confirmed.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "secret": "JBSWY3DPEHPK3PXP",
    "uri": "otpauth://totp/Li%C3%AAn%20%C4%91o%C3%A0n:an.nguyen?secret=JBSWY3DPEHPK3PXP&issuer=Li%C3%AAn%20%C4%91o%C3%A0n"
}))]
pub struct SecondFactorOffer {
    /// To be typed into the authenticator app, in base32.
    pub secret: String,
    /// The same, to be shown as a QR code.
    pub uri: String,
}

/// A code of the authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "492039"}))]
pub struct SecondFactorCode {
    #[schema(value_type = String, min_length = 6, max_length = 64)]
    pub code: SecretString,
}

/// Codes for the day on which the telephone is lost.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"codes": ["40718-29563-81027-44906-31758"]}))]
pub struct RecoveryCodes {
    /// Each may be used once in place of a code. They are shown this one time.
    pub codes: Vec<String>,
}

/// Begin to set up a second factor
///
/// Answers a new secret for an authenticator app (RFC 6238: 6 digits, 30 seconds). It holds once a code of it
/// is confirmed.
#[utoipa::path(
    operation_id = "offer_second_factor",
    tag = "account",
    responses((status = 200, description = "The secret, shown this once", body = SecondFactorOffer)),
)]
#[post("/account/second_factor")]
pub async fn offer(
    me: SignedIn,
    _: NoQuery,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let account = access.credentials(me.account).await?;
    let secret = totp::Secret::random();
    let bound_to = me.account.to_string();
    let sealed = access
        .vault
        .seal(SECOND_FACTOR, &bound_to, secret.as_bytes())?;
    access
        .store
        .write(me.caller.actor.clone(), move |tx| {
            let offered = diesel::update(accounts::table.find(me.account))
                .filter(accounts::second_factor_on.eq(false))
                .set(accounts::second_factor.eq(&sealed))
                .execute(&mut **tx)?;
            if offered == 0 {
                return Err(Code::SecondFactorOn.into());
            }
            note(tx, me.account, "account.second_factor_offered")
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(SecondFactorOffer {
            secret: secret.base32().expose_secret().to_owned(),
            uri: secret
                .uri(APP_NAME, &account.name)
                .expose_secret()
                .to_owned(),
        }))
}

/// Confirm a second factor
///
/// By a code that the app shows now. From then on each sign-in asks for one. Answers ten recovery codes.
#[utoipa::path(
    operation_id = "confirm_second_factor",
    tag = "account",
    request_body(content = SecondFactorCode, description = "The code"),
    responses((status = 200, description = "Recovery codes, shown this once", body = RecoveryCodes)),
)]
#[post("/account/second_factor:confirm")]
pub async fn confirm(
    me: SignedIn,
    _: NoQuery,
    given: Json<SecondFactorCode>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let offered = access.sealed_second_factor(me.account).await?;
    let (sealed, last_step) = match offered {
        (Some(sealed), false, last_step) => (sealed, last_step),
        (_, true, _) => return Err(Code::SecondFactorOn.into()),
        (None, ..) => return Err(Code::SecondFactorOff.into()),
    };
    let wrong = || Error::at(FieldError::at("/code", Code::CodeWrong));
    let now = access.store.clock().now().and_utc().timestamp();
    let secret = access.second_factor_secret(me.account, &sealed);
    let code = given.value.code.expose_secret();
    let step = secret.and_then(|secret| totp::check(&secret, code, now, Some(last_step)));
    let step = step.ok_or_else(wrong)?;
    let codes = recovery::generate().map(|code| code.expose_secret().to_owned());
    let hashes = codes.each_ref().map(|code| recovery::hash(code));
    access
        .store
        .write(me.caller.actor.clone(), move |tx| {
            let confirmed = diesel::update(accounts::table.find(me.account))
                .filter(accounts::second_factor_on.eq(false))
                .filter(accounts::second_factor.eq(&sealed))
                .set((
                    accounts::second_factor_on.eq(true),
                    accounts::second_factor_step.eq(step),
                ))
                .execute(&mut **tx)?;
            if confirmed == 0 {
                return Err(Code::SecondFactorOff.into());
            }
            keep_recovery_codes(tx, me.account, &hashes)?;
            note(tx, me.account, "account.second_factor_confirmed")
        })
        .await?;
    access.forget(me.caller.principal);
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(RecoveryCodes {
            codes: codes.into(),
        }))
}

/// What it takes to weaken one's own sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "correct horse battery staple", "code": "492039"}))]
pub struct SecondFactorRemoval {
    #[schema(value_type = String, format = Password, max_length = 128)]
    pub password: SecretString,
    #[schema(value_type = String, min_length = 6, max_length = 64)]
    pub code: SecretString,
}

/// Take one's second factor away
///
/// Asks for the password and for a code, or a recovery code.
#[utoipa::path(
    operation_id = "remove_second_factor",
    tag = "account",
    request_body(content = SecondFactorRemoval, description = "Password and code"),
    responses((status = 204, description = "Sign-in asks for the password alone")),
)]
#[post("/account/second_factor:remove")]
pub async fn remove(
    me: SignedIn,
    _: NoQuery,
    given: Json<SecondFactorRemoval>,
    access: web::Data<Access>,
) -> Result<HttpResponse, Problem> {
    let SecondFactorRemoval { password, code } = given.value;
    let account = access.credentials(me.account).await?;
    access
        .check_password(&account, password, "/password", &me.caller.actor)
        .await?;
    let (sealed, last_step) = match access.sealed_second_factor(me.account).await? {
        (Some(sealed), true, last_step) => (sealed, last_step),
        _ => return Err(Code::SecondFactorOff.into()),
    };
    let now = access.store.clock().now().and_utc().timestamp();
    let secret = access.second_factor_secret(me.account, &sealed);
    let code = code.expose_secret();
    let step = secret.and_then(|secret| totp::check(&secret, code, now, Some(last_step)));
    let recovery = recovery::hash(code).to_vec();
    access
        .store
        .write(me.caller.actor.clone(), move |tx| {
            let proved = match step {
                Some(step) => diesel::update(accounts::table.find(me.account))
                    .filter(accounts::second_factor_step.lt(step))
                    .set(accounts::second_factor_step.eq(step))
                    .execute(&mut **tx)?,
                None => diesel::delete(recovery_codes::table.find((me.account, &recovery)))
                    .execute(&mut **tx)?,
            };
            if proved == 0 {
                return Err(Error::at(FieldError::at("/code", Code::CodeWrong)));
            }
            take_away(tx, me.account)?;
            note(tx, me.account, "account.second_factor_removed")
        })
        .await?;
    access.forget(me.caller.principal);
    Ok(HttpResponse::NoContent().finish())
}

/// Leaves an account without a second factor; its steps stay used.
pub fn take_away(tx: &mut Tx<'_>, account: i64) -> Result<()> {
    diesel::update(accounts::table.find(account))
        .set((
            accounts::second_factor.eq(None::<Vec<u8>>),
            accounts::second_factor_on.eq(false),
        ))
        .execute(&mut **tx)?;
    keep_recovery_codes(tx, account, &[])
}

fn keep_recovery_codes(tx: &mut Tx<'_>, account: i64, hashes: &[[u8; 32]]) -> Result<()> {
    let of_account = recovery_codes::table.filter(recovery_codes::account_id.eq(account));
    diesel::delete(of_account).execute(&mut **tx)?;
    for hash in hashes {
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::account_id.eq(account),
                recovery_codes::hash.eq(hash.to_vec()),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

fn note(tx: &mut Tx<'_>, account: i64, action: &'static str) -> Result<()> {
    let units = units_of(tx, account)?;
    tx.audit(Entry {
        action,
        object_id: Some(account),
        about: Some(&Principal::Account(account).to_string()),
        units: &units,
        ..Entry::default()
    })
}

impl Access {
    /// An account's second factor as it lies sealed, whether it holds, and the last step used.
    async fn sealed_second_factor(&self, account: i64) -> Result<(Option<Vec<u8>>, bool, i64)> {
        let find = move |db: &mut Db| {
            let query = accounts::table.find(account).select((
                accounts::second_factor,
                accounts::second_factor_on,
                accounts::second_factor_step,
            ));
            Ok(on_engine!(db, c => query.first(c))?)
        };
        self.store.query(find).await
    }
}

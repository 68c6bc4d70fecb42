//! Access tokens for tests: of an account in the database, signed with the database's own key, as if somebody
//! had signed in a moment ago. What signing in itself does is the matter of tests of its own.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use liendoan::access::secrets::{Kind, Opaque};
use liendoan::access::tokens::{self, Claims, LIFETIME, SigningKey};
use liendoan::access::vault::Vault;
use liendoan_core::schema::{accounts, grants, sessions, signing_keys};
use liendoan_core::{Clock, Db};

/// The secret of every installation under test.
pub const SECRET: &str = "8b1f3c5d7e9a0b2c4d6e8f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c9d1e3f5a7b9c";

pub const ISSUER: &str = "http://127.0.0.1:8080";
pub const AUDIENCE: &str = "liendoan";

/// Gives a token whenever one is needed.
#[derive(Clone)]
pub struct Pass {
    key: Arc<SigningKey>,
    account: i64,
    session: i64,
    clock: Clock,
}

impl Pass {
    /// A token that is good at this moment.
    pub fn token(&self) -> String {
        let now = self.clock.now().and_utc().timestamp();
        tokens::sign(&self.key, &self.claims(now)).unwrap()
    }

    pub fn claims(&self, now: i64) -> Claims {
        Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: format!("account:{}", self.account),
            sid: Some(self.session.to_string()),
            jti: Opaque::generate(Kind::Invitation).expose().to_owned(),
            iat: now,
            nbf: now,
            exp: now + LIFETIME,
            client_id: None,
            scope: None,
        }
    }

    /// The key that the service signs with.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    pub fn account(&self) -> i64 {
        self.account
    }

    pub fn session(&self) -> i64 {
        self.session
    }

    /// Signs an account in, behind the service's back.
    pub fn of(db: &mut Db, account: i64, clock: &Clock) -> Self {
        let vault = Vault::new(SECRET.as_bytes()).unwrap();
        let (kid, sealed): (String, Vec<u8>) = signing_keys::table
            .order(signing_keys::signs_from.desc())
            .select((signing_keys::kid, signing_keys::private_key))
            .first(db)
            .unwrap();
        let private = vault.open("signing_key", &kid, &sealed).unwrap();
        let now = clock.now();
        let session = diesel::insert_into(sessions::table)
            .values((
                sessions::account_id.eq(account),
                sessions::started_at.eq(now),
                sessions::used_at.eq(now),
                // Tests move their clock by years.
                sessions::expires_at.eq(far()),
                sessions::has_second_factor.eq(true),
            ))
            .returning(sessions::id)
            .get_result(db)
            .unwrap();
        Self {
            key: Arc::new(SigningKey::from_pkcs8(&private).unwrap()),
            account,
            session,
            clock: clock.clone(),
        }
    }
}

fn far() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(9999, 1, 1)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap()
}

/// An active account with a role on a unit, or on the whole federation; answers its id.
pub fn account(db: &mut Db, name: &str, role: &str, unit: Option<i64>, clock: &Clock) -> i64 {
    let now = clock.now();
    let id = diesel::insert_into(accounts::table)
        .values((
            accounts::version.eq(1),
            accounts::name.eq(name),
            accounts::unit_id.eq(unit),
            accounts::state.eq("active"),
            accounts::second_factor_on.eq(false),
            accounts::second_factor_step.eq(0_i64),
            accounts::created_at.eq(now),
            accounts::updated_at.eq(now),
        ))
        .returning(accounts::id)
        .get_result(db)
        .unwrap();
    grant(db, id, role, unit, ("0001-01-01", "9999-12-31"), clock);
    id
}

/// A role on a unit from a day to a day; answers the grant's id.
pub fn grant(
    db: &mut Db,
    account: i64,
    role: &str,
    unit: Option<i64>,
    (from, to): (&str, &str),
    clock: &Clock,
) -> i64 {
    let now = clock.now();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    diesel::insert_into(grants::table)
        .values((
            grants::version.eq(1),
            grants::account_id.eq(account),
            grants::role.eq(role),
            grants::unit_id.eq(unit),
            grants::valid_from.eq(day(from)),
            grants::valid_to.eq(day(to)),
            grants::granted_by.eq("program:tests"),
            grants::created_at.eq(now),
            grants::updated_at.eq(now),
        ))
        .returning(grants::id)
        .get_result(db)
        .unwrap()
}

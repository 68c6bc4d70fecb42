//! Signing in: by password, and by a second factor where one is set up.

use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::schema::{accounts, recovery_codes};
use liendoan_core::{Actor, Code, Db, Error, Result, Tx, on_engine};
use secrecy::{ExposeSecret, SecretString};

use super::failures::{self, Attempt};
use super::queries;
use crate::access::Access;
use crate::access::accounts::State;
use crate::access::hashing::Verdict;
use crate::access::secrets::Opaque;
use crate::access::{recovery, totp};
use crate::http::grant::Principal;

/// What the vault knows secrets of second factors by.
pub const SECOND_FACTOR: &str = "second_factor";

/// What somebody signs in with.
pub struct Credentials {
    pub name: String,
    pub password: SecretString,
    /// Of the authenticator app, or a recovery code.
    pub code: Option<SecretString>,
}

#[derive(Clone)]
struct Found {
    id: i64,
    state: State,
    password_hash: Option<String>,
    second_factor: Option<Vec<u8>>,
    last_step: i64,
}

/// A session that has begun.
pub struct Started {
    pub account: i64,
    pub session: i64,
    pub token: Opaque,
}

/// How a second factor was proved.
#[derive(Clone)]
enum Proof {
    NotAsked,
    Step(i64),
    Recovery([u8; 32]),
}

impl Access {
    /// Signs somebody in, or refuses them: with one answer for a wrong password, an unknown name and an
    /// account that may not, and as much work for each.
    pub async fn sign_in(&self, given: Credentials, actor: Actor) -> Result<Started> {
        // In a flood the database is asked for those alone whose password will be looked at.
        self.hashing.check_room()?;
        let attempt = Attempt {
            name: given.name.to_lowercase(),
            address: actor.address,
        };
        let (looked_up, now) = (attempt.clone(), self.store.clock().now());
        let found = self
            .store
            .read(move |db| {
                failures::check(db, &looked_up, now)?;
                find(db, &looked_up.name)
            })
            .await?;
        let hash = found.as_ref().and_then(|found| found.password_hash.clone());
        let verdict = self.hashing.verify(given.password.clone(), hash).await?;
        let is_outdated = match verdict {
            Verdict::Right { is_outdated } => Some(is_outdated),
            Verdict::Wrong => None,
        };
        let found = found.filter(|found| is_outdated.is_some() && found.state == State::Active);
        let Some(found) = found else {
            return Err(self
                .refuse(attempt, actor, Code::SignInRefused.into())
                .await);
        };
        let proof = match (&found.second_factor, &given.code) {
            (None, _) => Some(Proof::NotAsked),
            (Some(_), None) => return Err(Code::SecondFactorNeeded.into()),
            (Some(sealed), Some(code)) => self.prove(&found, sealed, code.expose_secret()),
        };
        let Some(proof) = proof else {
            return Err(self
                .refuse(attempt, actor, Code::SignInRefused.into())
                .await);
        };
        let rehashed = if is_outdated == Some(true) {
            Some(self.hashing.hash(given.password).await?)
        } else {
            None
        };
        let (forgiven, account) = (attempt.clone(), found.id);
        let started = self
            .store
            .write(actor.clone(), move |tx| {
                if !accept(tx, account, &proof)? {
                    return Ok(None);
                }
                failures::forgive(tx, &forgiven)?;
                if let Some(hash) = &rehashed {
                    diesel::update(accounts::table.find(account))
                        .set(accounts::password_hash.eq(hash))
                        .execute(&mut **tx)?;
                }
                let has_second_factor = !matches!(proof, Proof::NotAsked);
                queries::start(tx, account, has_second_factor).map(Some)
            })
            .await?;
        match started {
            Some((session, token)) => Ok(Started {
                account,
                session,
                token,
            }),
            None => Err(self
                .refuse(attempt, actor, Code::SignInRefused.into())
                .await),
        }
    }

    fn prove(&self, found: &Found, sealed: &[u8], code: &str) -> Option<Proof> {
        let secret = self.second_factor_secret(found.id, sealed)?;
        let now = self.store.clock().now().and_utc().timestamp();
        match totp::check(&secret, code, now, Some(found.last_step)) {
            Some(step) => Some(Proof::Step(step)),
            None => Some(Proof::Recovery(recovery::hash(code))),
        }
    }

    /// The secret of an account's second factor, as it lies sealed.
    pub fn second_factor_secret(&self, account: i64, sealed: &[u8]) -> Option<totp::Secret> {
        let open = self
            .vault
            .open(SECOND_FACTOR, &account.to_string(), sealed)?;
        totp::Secret::from_bytes(&open)
    }

    /// Counts a failed attempt and leaves it in the audit log; answers what the caller is told.
    pub async fn refuse(&self, attempt: Attempt, actor: Actor, refusal: Error) -> Error {
        let counted = self
            .store
            .write(actor, move |tx| {
                failures::count(tx, &attempt)?;
                let account = accounts::table
                    .filter(accounts::name.eq(&attempt.name))
                    .select(accounts::id);
                let account: Option<i64> = account.first(&mut **tx).optional()?;
                // A name that is nobody's may be a password in the wrong field.
                let about = account.map(|id| Principal::Account(id).to_string());
                let units = account.map(|id| queries::units_of(tx, id)).transpose()?;
                tx.audit(Entry {
                    action: "session.refused",
                    about: about.as_deref(),
                    units: units.as_deref().unwrap_or_default(),
                    ..Entry::default()
                })
            })
            .await;
        match counted {
            Ok(()) => refusal,
            // Uncounted failures would be tries for free.
            Err(error) => error,
        }
    }
}

fn find(db: &mut Db, name: &str) -> Result<Option<Found>> {
    type Row = (i64, String, Option<String>, Option<Vec<u8>>, bool, i64);
    let query = accounts::table.filter(accounts::name.eq(name)).select((
        accounts::id,
        accounts::state,
        accounts::password_hash,
        accounts::second_factor,
        accounts::second_factor_on,
        accounts::second_factor_step,
    ));
    let row: Option<Row> = on_engine!(db, c => query.first(c)).optional()?;
    Ok(row.map(
        |(id, state, password_hash, second_factor, is_on, last_step)| Found {
            id,
            state: State::named(&state),
            password_hash,
            second_factor: second_factor.filter(|_| is_on),
            last_step,
        },
    ))
}

/// Uses up what was proved, and looks at the account once more; answers whether both hold.
fn accept(tx: &mut Tx<'_>, account: i64, proof: &Proof) -> Result<bool> {
    let active = accounts::table
        .filter(accounts::id.eq(account))
        .filter(accounts::state.eq(State::Active.as_str()));
    let changed = match proof {
        Proof::NotAsked => {
            let without = active.filter(accounts::second_factor_on.eq(false));
            let found: Option<i64> = without.select(accounts::id).first(&mut **tx).optional()?;
            usize::from(found.is_some())
        }
        // Each step once, and none before one that was used.
        Proof::Step(step) => diesel::update(active.filter(accounts::second_factor_step.lt(step)))
            .set(accounts::second_factor_step.eq(step))
            .execute(&mut **tx)?,
        Proof::Recovery(hash) => {
            let code = recovery_codes::table.find((account, hash.to_vec()));
            diesel::delete(code).execute(&mut **tx)?
        }
    };
    Ok(changed == 1)
}

//! The keys that sign access tokens: known to all before they sign, and still known when they no longer do.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::TimeDelta;
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::db::{Hold, StartError};
use liendoan_core::schema::signing_keys;
use liendoan_core::{Actor, Db, Error, Result, Store, Timestamp, Tx};
use serde_json::json;

use super::tokens::{self, Claims, Refusal, SigningKey, Verifier};
use super::vault::Vault;

/// How long others may keep the list of keys: a new key signs only after everybody has it.
pub const CACHED_SECONDS: i64 = 60;

/// How long a token may live, and the leeway that verifiers give it.
const LONGEST: TimeDelta = TimeDelta::seconds(tokens::LIFETIME + 60);

/// What the vault knows these keys by.
const PURPOSE: &str = "signing_key";

/// Keys are looked for anew at most this often, in seconds, however many unknown ones are named.
const RELOAD_SECONDS: i64 = 1;

/// One key with its times.
struct Known {
    key: SigningKey,
    signs_from: Timestamp,
}

struct Set {
    keys: Vec<Known>,
    verifier: Verifier,
}

/// The keys as this process knows them.
pub struct Keys {
    set: RwLock<Arc<Set>>,
    issuer: String,
    audience: String,
    clock: liendoan_core::Clock,
    is_old: AtomicBool,
    loaded_at: AtomicI64,
}

impl Keys {
    /// Reads the keys, and makes the first one where there is none.
    pub async fn open(
        store: &Store,
        vault: &Vault,
        issuer: &str,
        audience: &str,
    ) -> std::result::Result<Self, StartError> {
        let maker = vault.clone();
        let made = store.write(Actor::program("serve"), move |tx| make_first(tx, &maker));
        made.await.map_err(|e| StartError::new(e.to_string()))?;
        let keys = Self {
            set: RwLock::new(Arc::new(Set {
                keys: Vec::new(),
                verifier: Verifier::new([], issuer, audience),
            })),
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            clock: store.clock().clone(),
            is_old: AtomicBool::new(false),
            loaded_at: AtomicI64::new(0),
        };
        keys.reload(store, vault)
            .await
            .map_err(|e| StartError::new(e.to_string()))?;
        if keys.current().is_err() {
            return Err(StartError::new(
                "access.secret is not the one that this database was made with: it opens none of the keys that sign tokens",
            ));
        }
        Ok(keys)
    }

    /// Reads the keys again.
    pub async fn reload(&self, store: &Store, vault: &Vault) -> Result<()> {
        let now = self.clock.now();
        self.is_old.store(false, Ordering::SeqCst);
        let vault = vault.clone();
        let keys = store.read(move |db| read(db, &vault, now)).await?;
        let public = keys.iter().map(|known| known.key.public());
        let verifier = Verifier::new(public, &self.issuer, &self.audience);
        let set = Arc::new(Set { keys, verifier });
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = set;
        self.loaded_at
            .store(now.and_utc().timestamp(), Ordering::SeqCst);
        Ok(())
    }

    /// They were changed elsewhere.
    pub fn reload_soon(&self) {
        self.is_old.store(true, Ordering::SeqCst);
    }

    /// Whether it is time to look for keys again.
    pub fn may_reload(&self) -> bool {
        let now = self.clock.now().and_utc().timestamp();
        let age = now - self.loaded_at.load(Ordering::SeqCst);
        self.is_old.load(Ordering::SeqCst) || age >= RELOAD_SECONDS
    }

    pub fn is_old(&self) -> bool {
        let now = self.clock.now().and_utc().timestamp();
        let age = now - self.loaded_at.load(Ordering::SeqCst);
        self.is_old.load(Ordering::SeqCst) || age >= CACHED_SECONDS
    }

    fn set(&self) -> Arc<Set> {
        self.set
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The key that signs now: the youngest whose time has come.
    fn current(&self) -> Result<usize> {
        let now = self.clock.now();
        let set = self.set();
        let ready = set
            .keys
            .iter()
            .enumerate()
            .filter(|(_, known)| known.signs_from <= now);
        let youngest = ready.max_by_key(|(_, known)| known.signs_from);
        let none = || Error::internal("no key signs now");
        youngest.map(|(index, _)| index).ok_or_else(none)
    }

    pub fn sign(&self, claims: &Claims) -> Result<String> {
        let index = self.current()?;
        let set = self.set();
        let none = || Error::internal("no key signs now");
        let known = set.keys.get(index).ok_or_else(none)?;
        tokens::sign(&known.key, claims)
    }

    pub fn verify(&self, token: &str, now: i64) -> std::result::Result<Claims, Refusal> {
        self.set().verifier.verify(token, now)
    }

    /// All keys that are known, as others verify by them (RFC 7517).
    pub fn jwks(&self) -> serde_json::Value {
        let set = self.set();
        tokens::jwks(set.keys.iter().map(|known| known.key.public()))
    }
}

fn read(db: &mut Db, vault: &Vault, now: Timestamp) -> Result<Vec<Known>> {
    let rows: Vec<(String, Vec<u8>, Timestamp)> = signing_keys::table
        .filter(signing_keys::known_until.gt(now))
        .order(signing_keys::signs_from)
        .select((
            signing_keys::kid,
            signing_keys::private_key,
            signing_keys::signs_from,
        ))
        .load(db)?;
    let open = |(kid, sealed, signs_from): (String, Vec<u8>, Timestamp)| {
        let private = vault.open(PURPOSE, &kid, &sealed)?;
        let key = SigningKey::from_pkcs8(&private).ok()?;
        Some(Known { key, signs_from })
    };
    Ok(rows.into_iter().filter_map(open).collect())
}

fn make_first(tx: &mut Tx<'_>, vault: &Vault) -> Result<()> {
    tx.lock("signing_key", [("all", Hold::Alone)])?;
    let now = tx.now();
    let live = signing_keys::table
        .filter(signing_keys::known_until.gt(now))
        .select(signing_keys::kid);
    let live: Option<String> = live.first(&mut **tx).optional()?;
    match live {
        Some(_) => Ok(()),
        None => make(tx, vault, now).map(drop),
    }
}

/// Adds a key; answers its id.
fn make(tx: &mut Tx<'_>, vault: &Vault, signs_from: Timestamp) -> Result<String> {
    let key = SigningKey::generate()?;
    let kid = key.public().kid().to_owned();
    let sealed = vault.seal(PURPOSE, &kid, key.pkcs8())?;
    let now = tx.now();
    // Until the next one takes over.
    let for_ever = now + TimeDelta::days(36_500);
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(&kid),
            signing_keys::private_key.eq(sealed),
            signing_keys::signs_from.eq(signs_from),
            signing_keys::known_until.eq(for_ever),
            signing_keys::created_at.eq(now),
        ))
        .execute(&mut **tx)?;
    tx.audit(Entry {
        action: "signing_key.made",
        after: Some(&json!({"kid": kid})),
        ..Entry::default()
    })?;
    Ok(kid)
}

/// Lets a new key take over: once everybody has heard of it, or at once in an emergency, when the old
/// ones, and all tokens that they signed, are refused from now on.
pub fn rotate(tx: &mut Tx<'_>, vault: &Vault, is_emergency: bool) -> Result<String> {
    tx.lock("signing_key", [("all", Hold::Alone)])?;
    let now = tx.now();
    let (signs_from, known_until) = if is_emergency {
        (now, now)
    } else {
        let signs_from = now + TimeDelta::seconds(2 * CACHED_SECONDS);
        (signs_from, signs_from + LONGEST)
    };
    let old = signing_keys::table.filter(signing_keys::known_until.gt(known_until));
    diesel::update(old)
        .set(signing_keys::known_until.eq(known_until))
        .execute(&mut **tx)?;
    make(tx, vault, signs_from)
}

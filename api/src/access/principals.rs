//! What is known of who may be signed in: state, sessions, grants. Kept in memory, so that authorization of a
//! request asks no database; forgotten when it changes.
//!
//! A process forgets at once what it changes itself. What others change it hears of from the audit log,
//! which each process follows in its one order: within a second at most.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use diesel::prelude::*;
use ipnet::IpNet;
use liendoan_core::schema::{
    accounts, grants, revoked_tokens, roles as custom_roles, service_accounts, sessions,
    unit_states,
};
use liendoan_core::validity::FOREVER;
use liendoan_core::{Db, Error, Result, Scope, Store, Timestamp, UnitId, audit, on_engine};
use moka::sync::Cache;

use super::accounts::State;
use super::roles;
use super::service_accounts::queries::networks_in;
use crate::http::grant::{EVERYBODYS, ManageAccounts, Permission, Principal, Rights};

/// Principals kept in memory at most; the longest unused go first.
const CAPACITY: u64 = 50_000;

/// Pause after the audit log could not be read.
const PAUSE: Duration = Duration::from_millis(200);

/// A set of permissions held somewhere for a time.
#[derive(Clone, Debug)]
pub struct Held {
    pub permissions: Arc<[&'static str]>,
    pub scope: Scope,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Somebody who may be signed in.
#[derive(Debug)]
pub struct Known {
    /// What they sign in with.
    pub name: String,
    /// Whether they may do anything at all, until `ends_on`.
    is_enabled: bool,
    ends_on: NaiveDate,
    pub has_second_factor: bool,
    /// A person's sessions that have not ended, and when each will at the latest.
    sessions: BTreeMap<i64, Timestamp>,
    /// A system's tokens that were taken back.
    revoked: BTreeSet<String>,
    /// Where a system may call from; empty: from anywhere.
    addresses: Vec<IpNet>,
    pub held: Vec<Held>,
    is_person: bool,
    /// Of the day for which they were last asked.
    rights: Mutex<Option<(NaiveDate, Arc<Rights>)>>,
}

impl Known {
    pub fn has_session(&self, session: i64, now: Timestamp) -> bool {
        self.sessions.get(&session).is_some_and(|end| now < *end)
    }

    pub fn is_active(&self, today: NaiveDate) -> bool {
        self.is_enabled && today < self.ends_on
    }

    pub fn may_come_from(&self, address: Option<IpAddr>) -> bool {
        let is_named = |address| self.addresses.iter().any(|net| net.contains(&address));
        self.addresses.is_empty() || address.is_some_and(is_named)
    }

    pub fn is_revoked(&self, jti: &str) -> bool {
        self.revoked.contains(jti)
    }

    /// What they may do on a day.
    pub fn rights(&self, today: NaiveDate) -> Arc<Rights> {
        let mut kept = self.rights.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((day, rights)) if *day == today => rights.clone(),
            _ => {
                let rights = Arc::new(self.rights_on(today));
                *kept = Some((today, rights.clone()));
                rights
            }
        }
    }

    fn rights_on(&self, day: NaiveDate) -> Rights {
        let live = self
            .held
            .iter()
            .filter(|held| held.from <= day && day < held.to);
        let mut rights = Vec::new();
        for held in live {
            let names = held.permissions.iter();
            rights.extend(names.map(|name| (*name, held.scope.clone())));
            if self.is_person {
                rights.extend(EVERYBODYS.iter().map(|name| (*name, Scope::All)));
            }
        }
        Rights::new(rights)
    }

    /// Whether they manage accounts on a day: then more is asked of their sign-in.
    pub fn is_administrator(&self, today: NaiveDate) -> bool {
        self.rights(today).scope(ManageAccounts::NAME).is_some()
    }
}

/// All who are known in this process.
pub struct Principals {
    known: Cache<Principal, Arc<Known>>,
    /// Grows with everything that is forgotten: what was read before may be old.
    generation: AtomicU64,
    /// Held while something is kept or forgotten.
    turn: Mutex<()>,
}

impl Default for Principals {
    fn default() -> Self {
        Self {
            known: Cache::new(CAPACITY),
            generation: AtomicU64::new(0),
            turn: Mutex::new(()),
        }
    }
}

impl Principals {
    /// Somebody, from memory or from the database; None if there is no such principal.
    pub async fn get(&self, store: &Store, principal: Principal) -> Result<Option<Arc<Known>>> {
        match self.known.get(&principal) {
            Some(known) => Ok(Some(known)),
            None => self.load(store, principal).await,
        }
    }

    /// Somebody as they are in the database now.
    pub async fn load(&self, store: &Store, principal: Principal) -> Result<Option<Arc<Known>>> {
        let generation = self.generation.load(Ordering::SeqCst);
        let (now, today) = (store.clock().now(), store.clock().today());
        let read = move |db: &mut Db| read(db, principal, now, today);
        let known = store.read(read).await?.map(Arc::new);
        if let Some(known) = &known {
            let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            if self.generation.load(Ordering::SeqCst) == generation {
                self.known.insert(principal, known.clone());
            }
        }
        Ok(known)
    }

    /// Somebody was changed.
    pub fn forget(&self, principal: Principal) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate(&principal);
    }

    /// Something was changed that concerns many.
    pub fn forget_all(&self) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate_all();
    }
}

/// What the audit log says that must be forgotten.
#[derive(Debug, PartialEq, Eq)]
pub enum News {
    Of(Principal),
    OfMany,
    OfKeys,
}

/// What happens to somebody often and leaves them as they were.
const CHANGES_NOTHING: [&str; 3] = [
    "session.refused",
    "service_account.refused",
    "service_account.token_issued",
];

/// What an entry of the audit log means for what is kept in memory.
pub fn news_of(entry: &audit::Sealed) -> Option<News> {
    if CHANGES_NOTHING.contains(&entry.action.as_str()) {
        return None;
    }
    match entry.action.split('.').next().unwrap_or_default() {
        "account" | "grant" | "session" | "service_account" | "token" => {
            let about = entry.about.as_deref().and_then(principal_named);
            about.map(News::Of)
        }
        "role" => Some(News::OfMany),
        "signing_key" => Some(News::OfKeys),
        _ => None,
    }
}

fn principal_named(text: &str) -> Option<Principal> {
    let (kind, id) = text.split_once(':')?;
    let id = id.parse().ok()?;
    match kind {
        "account" => Some(Principal::Account(id)),
        "service_account" => Some(Principal::ServiceAccount(id)),
        _ => None,
    }
}

/// Follows the audit log, from where it ends now, for as long as the process lives.
pub async fn follow(store: Store, mut position: i64, tell: impl Fn(News)) {
    loop {
        store.sealing().wait_past_audit(position).await;
        let after = position;
        let entries = store
            .query(move |db| audit::following(db, after, 1_000))
            .await;
        match entries {
            Ok(entries) => {
                entries.iter().filter_map(news_of).for_each(&tell);
                position = entries.last().map_or(position, |last| last.position);
            }
            Err(error) => {
                tracing::warn!(%error, "could not follow the audit log; will try again");
                // What can't be heard may have changed.
                tell(News::OfMany);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn read(
    db: &mut Db,
    principal: Principal,
    now: Timestamp,
    today: NaiveDate,
) -> Result<Option<Known>> {
    match principal {
        Principal::Account(id) => read_account(db, id, now, today),
        Principal::ServiceAccount(id) => read_service_account(db, id, now, today),
    }
}

fn read_account(db: &mut Db, id: i64, now: Timestamp, today: NaiveDate) -> Result<Option<Known>> {
    let query = accounts::table.find(id).select((
        accounts::name,
        accounts::state,
        accounts::second_factor_on,
    ));
    let account: Option<(String, String, bool)> =
        on_engine!(&mut *db, c => query.first(c)).optional()?;
    let Some((name, state, has_second_factor)) = account else {
        return Ok(None);
    };
    let live = sessions::table
        .filter(sessions::account_id.eq(id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .select((sessions::id, sessions::expires_at));
    let live: Vec<(i64, Timestamp)> = on_engine!(&mut *db, c => live.load(c))?;
    Ok(Some(Known {
        name,
        is_enabled: State::named(&state) == State::Active,
        ends_on: FOREVER,
        has_second_factor,
        sessions: live.into_iter().collect(),
        revoked: BTreeSet::new(),
        addresses: Vec::new(),
        held: held(db, id, today)?,
        is_person: true,
        rights: Mutex::new(None),
    }))
}

/// What an account holds today or will hold.
pub fn held(db: &mut Db, account: i64, today: NaiveDate) -> Result<Vec<Held>> {
    let query = grants::table
        .filter(grants::account_id.eq(account))
        .filter(grants::valid_to.gt(today))
        .order(grants::id)
        .select((
            grants::role,
            grants::unit_id,
            grants::valid_from,
            grants::valid_to,
        ));
    let rows: Vec<(String, Option<i64>, NaiveDate, NaiveDate)> =
        on_engine!(&mut *db, c => query.load(c))?;
    let root = root(db, today)?;
    rows.into_iter()
        .map(|(role, unit, from, to)| {
            Ok(Held {
                permissions: permissions_of(db, &role)?,
                scope: scope_on(unit, root),
                from,
                to,
            })
        })
        .collect()
}

/// A grant on the root is a grant on everything.
pub fn scope_on(unit: Option<i64>, root: Option<i64>) -> Scope {
    match unit {
        None => Scope::All,
        Some(unit) if Some(unit) == root => Scope::All,
        Some(unit) => Scope::under([UnitId(unit)]),
    }
}

/// The unit above all others.
pub fn root(db: &mut Db, today: NaiveDate) -> Result<Option<i64>> {
    let query = unit_states::table
        .filter(unit_states::alive)
        .filter(unit_states::parent_id.is_null())
        .filter(unit_states::effective_on.le(today))
        .filter(unit_states::valid_to.gt(today))
        .select(unit_states::unit_id);
    Ok(on_engine!(db, c => query.first(c)).optional()?)
}

/// What a role consists of; nothing, where it is gone.
pub fn permissions_of(db: &mut Db, role: &str) -> Result<Arc<[&'static str]>> {
    if let Some(role) = roles::built_in(role) {
        return Ok(role.permissions.into());
    }
    let query = custom_roles::table
        .filter(custom_roles::code.eq(role))
        .select(custom_roles::permissions);
    let kept: Option<String> = on_engine!(db, c => query.first(c)).optional()?;
    kept.map_or(Ok([].into()), |kept| permissions_in(&kept))
}

/// Permissions as they are kept: a JSON array. One that the program no longer knows gives no right.
pub fn permissions_in(kept: &str) -> Result<Arc<[&'static str]>> {
    let names: Vec<String> = serde_json::from_str(kept).map_err(Error::internal)?;
    Ok(names
        .iter()
        .filter_map(|name| roles::permission(name))
        .collect())
}

fn read_service_account(
    db: &mut Db,
    id: i64,
    now: Timestamp,
    today: NaiveDate,
) -> Result<Option<Known>> {
    type Row = (String, Option<i64>, String, NaiveDate, String, bool);
    let query = service_accounts::table.find(id).select((
        service_accounts::name,
        service_accounts::unit_id,
        service_accounts::scopes,
        service_accounts::valid_to,
        service_accounts::addresses,
        service_accounts::is_disabled,
    ));
    let row: Option<Row> = on_engine!(&mut *db, c => query.first(c)).optional()?;
    let Some((name, unit, scopes, to, addresses, is_disabled)) = row else {
        return Ok(None);
    };
    let revoked = revoked_tokens::table
        .filter(revoked_tokens::principal.eq(Principal::ServiceAccount(id).to_string()))
        .filter(revoked_tokens::expires_at.gt(now))
        .select(revoked_tokens::jti);
    let revoked: Vec<String> = on_engine!(&mut *db, c => revoked.load(c))?;
    let addresses = networks_in(&addresses)?;
    let root = root(db, today)?;
    Ok(Some(Known {
        name,
        is_enabled: !is_disabled,
        ends_on: to,
        has_second_factor: true,
        sessions: BTreeMap::new(),
        revoked: revoked.into_iter().collect(),
        addresses,
        held: vec![Held {
            permissions: permissions_in(&scopes)?,
            scope: scope_on(unit, root),
            from: NaiveDate::MIN,
            to,
        }],
        is_person: false,
        rights: Mutex::new(None),
    }))
}

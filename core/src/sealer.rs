//! The event log, and the [audit log](crate::audit): each one order without gaps, in which nothing is missed.
//!
//! Transactions leave their events unsealed, touching no row that another one needs. One sealer at a
//! time moves them into the log, gives them their positions and chains their hashes. An id or a time
//! taken inside a transaction would not do: a transaction that commits late would appear *behind*
//! the place that a reader has already passed.
//!
//! On SQLite the writer thread seals in the very transaction that recorded the events, so nothing
//! lags. On PostgreSQL whichever process holds the lease does it, within milliseconds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use diesel::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::{Notify, watch};

use crate::clock::{Clock, Timestamp, rfc3339};
use crate::db::{Db, Store, Tx};
use crate::error::{Error, Result};
use crate::schema::{events, sealer, topics, unsealed_events};
use crate::{Actor, audit, on_engine};

/// Entries of a log moved in one statement: a burst is worked off in steps that each stay short.
pub(crate) const STEP: i64 = 1_000;

/// How often a process looks for what others left, besides being woken by its own writes.
const LOOK: Duration = Duration::from_millis(100);

/// How long a lease outlives its last use. It spares processes from contending; what keeps two
/// sealers apart is the row lock that taking it needs.
const LEASE: TimeDelta = TimeDelta::seconds(1);

/// Brings up to date what is kept from what transactions have left, some of it; answers whether more is left. It is
/// run by the sealer, after what it sealed.
pub type Fold = fn(&mut Db) -> Result<bool>;

/// One entry of the event log.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = events)]
pub struct Sealed {
    pub position: i64,
    pub event_type: String,
    pub subject_id: i64,
    pub subject_version: i32,
    pub occurred_at: Timestamp,
    pub data: String,
    pub hash: Vec<u8>,
    /// Who hears of it: a JSON array of the units that it concerns and all above them; None: everybody.
    pub units: Option<String>,
}

#[derive(Queryable)]
struct Unsealed {
    id: i64,
    event_type: String,
    subject_id: i64,
    subject_version: i32,
    occurred_at: Timestamp,
    data: String,
    units: Option<String>,
}

/// Where the logs end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    pub events: i64,
    pub audit: i64,
}

/// What this process knows of the logs: where they end, and when to look for more.
#[derive(Clone)]
pub struct Sealing {
    positions: Arc<watch::Sender<Positions>>,
    work: Arc<Notify>,
    folds: &'static [Fold],
}

impl Sealing {
    pub(crate) fn new(folds: &'static [Fold]) -> Self {
        let (positions, _) = watch::channel(Positions::default());
        Self {
            positions: Arc::new(positions),
            work: Arc::new(Notify::new()),
            folds,
        }
    }

    /// Seals and folds all that waits. Only for the writer thread of SQLite.
    pub(crate) fn work_off(&self, db: &mut Db) -> Result<Positions> {
        let positions = seal_all(db)?;
        for fold in self.folds {
            // In a savepoint: what can't be folded keeps its marks, and takes no write along.
            while db.transaction(fold).unwrap_or_else(|error| {
                tracing::error!(%error, "could not fold; will try again");
                false
            }) {}
        }
        Ok(positions)
    }

    pub(crate) fn wake(&self) {
        self.work.notify_one();
    }

    pub(crate) fn publish(&self, positions: Positions) {
        self.positions.send_if_modified(|known| {
            let before = *known;
            known.events = positions.events.max(known.events);
            known.audit = positions.audit.max(known.audit);
            *known != before
        });
    }

    /// Waits until the feed has gone past `position`; answers whether it did within `patience`.
    pub async fn wait_past(&self, position: i64, patience: Duration) -> bool {
        let mut news = self.positions.subscribe();
        let passed = news.wait_for(|known| known.events > position);
        matches!(tokio::time::timeout(patience, passed).await, Ok(Ok(_)))
    }

    /// Waits until the audit log has gone past `position`.
    pub async fn wait_past_audit(&self, position: i64) {
        let mut news = self.positions.subscribe();
        if news.wait_for(|known| known.audit > position).await.is_err() {
            // Nobody seals any more.
            std::future::pending::<()>().await;
        }
    }
}

/// Where the last event on a subject stands, such as `unit_kind`; 0 before the first. Whatever shows
/// nothing but these subjects has not changed while this has not. `None` while a change waits for its
/// place: what is read in this transaction is then ahead of the feed.
pub fn position_of(db: &mut Db, topic: &str) -> Result<Option<i64>> {
    // A look at a table that is empty but for moments.
    let waiting: Vec<String> = unsealed_events::table
        .select(unsealed_events::event_type)
        .load(db)?;
    if waiting
        .iter()
        .any(|event_type| topic_of(event_type) == topic)
    {
        return Ok(None);
    }
    let position = topics::table.find(topic).select(topics::position).first(db);
    Ok(Some(position.optional()?.unwrap_or(0)))
}

/// Where the log ends.
pub fn position(db: &mut Db) -> Result<i64> {
    Ok(sealer::table.select(sealer::position).first(db)?)
}

/// Where both logs end.
fn positions(db: &mut Db) -> Result<Positions> {
    let (events, audit) = sealer::table
        .select((sealer::position, sealer::audit_position))
        .first(db)?;
    Ok(Positions { events, audit })
}

/// Seals everything that waits; answers where the logs then end. Only for whoever is alone: the
/// writer thread, or the holder of the lease in the transaction that took it.
fn seal_all(db: &mut Db) -> Result<Positions> {
    let until_done = |db: &mut Db, seal: fn(&mut Db) -> Result<(usize, i64)>| loop {
        let (sealed, position) = seal(db)?;
        if sealed < STEP as usize {
            return Ok::<_, Error>(position);
        }
    };
    Ok(Positions {
        events: until_done(db, seal)?,
        audit: until_done(db, audit::seal)?,
    })
}

/// Seals up to [`STEP`] events; answers how many, and where the log then ends.
fn seal(db: &mut Db) -> Result<(usize, i64)> {
    let (position, hash) = sealer::table
        .select((sealer::position, sealer::hash))
        .first(db)?;
    let mut chain = Chain { position, hash };
    let waiting: Vec<Unsealed> = unsealed_events::table
        .order(unsealed_events::id)
        .limit(STEP)
        .load(db)?;
    if waiting.is_empty() {
        return Ok((0, chain.position));
    }
    let ids: Vec<i64> = waiting.iter().map(|event| event.id).collect();
    let sealed: Vec<Sealed> = waiting
        .into_iter()
        .map(|event| sealed(&mut chain, event))
        .collect::<Result<_>>()?;
    // Several rows in one statement are more than the two engines share.
    on_engine!(db, c => diesel::insert_into(events::table).values(&sealed).execute(c))?;
    // By id, one by one: a lower id may have been committed since they were read.
    diesel::delete(unsealed_events::table.filter(unsealed_events::id.eq_any(ids))).execute(db)?;
    diesel::update(sealer::table)
        .set((
            sealer::position.eq(chain.position),
            sealer::hash.eq(&chain.hash),
        ))
        .execute(db)?;
    fold(db, &sealed)?;
    Ok((sealed.len(), chain.position))
}

/// Adds what was sealed to what is known of each topic: one write a topic, however many events.
fn fold(db: &mut Db, sealed: &[Sealed]) -> Result<()> {
    let mut news: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for event in sealed {
        let (events, last) = news.entry(topic_of(&event.event_type)).or_default();
        *events += 1;
        *last = event.position;
    }
    for (topic, (events, last)) in news {
        let known = diesel::update(topics::table.find(topic))
            .set((
                topics::events.eq(topics::events + events),
                topics::position.eq(last),
            ))
            .execute(db)?;
        if known == 0 {
            diesel::insert_into(topics::table)
                .values((
                    topics::topic.eq(topic),
                    topics::events.eq(events),
                    topics::position.eq(last),
                ))
                .execute(db)?;
        }
    }
    Ok(())
}

/// The subject of an event's type: `unit_kind` of `unit_kind.updated`.
fn topic_of(event_type: &str) -> &str {
    event_type.split('.').next().unwrap_or(event_type)
}

/// A log as far as it is known: its last place, and the hash that all before it led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    pub position: i64,
    pub hash: Vec<u8>,
}

impl Chain {
    /// Before the first entry.
    pub fn start() -> Self {
        Self {
            position: 0,
            hash: vec![0; 32],
        }
    }

    /// Gives an entry the next place. Its hash is SHA-256 over the hash before, the place, and the entry in
    /// a fixed spelling.
    pub(crate) fn add(&mut self, entry: &impl Serialize) -> Result<(i64, Vec<u8>)> {
        let spelling = serde_json::to_vec(&(self.position + 1, entry)).map_err(Error::internal)?;
        self.position += 1;
        self.hash = Sha256::new()
            .chain_update(&self.hash)
            .chain_update(spelling)
            .finalize()
            .to_vec();
        Ok((self.position, self.hash.clone()))
    }
}

fn sealed(chain: &mut Chain, event: Unsealed) -> Result<Sealed> {
    let mut sealed = Sealed {
        position: 0,
        event_type: event.event_type,
        subject_id: event.subject_id,
        subject_version: event.subject_version,
        occurred_at: event.occurred_at,
        data: event.data,
        hash: Vec::new(),
        units: event.units,
    };
    (sealed.position, sealed.hash) = chain.add(&spelling(&sealed))?;
    Ok(sealed)
}

/// An event as the chain knows it: all but its place, which the chain adds.
#[derive(Serialize)]
#[serde(untagged)]
enum Spelling<'a> {
    ToAll(&'a str, i64, i32, String, &'a str),
    ToUnits(&'a str, i64, i32, String, &'a str, &'a str),
}

fn spelling(event: &Sealed) -> Spelling<'_> {
    let (name, data) = (event.event_type.as_str(), event.data.as_str());
    let (id, version) = (event.subject_id, event.subject_version);
    let at = rfc3339(event.occurred_at);
    match &event.units {
        None => Spelling::ToAll(name, id, version, at, data),
        Some(units) => Spelling::ToUnits(name, id, version, at, data, units),
    }
}

/// What a walk over a whole log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Entries that fit.
    pub entries: i64,
    /// The place of the first one that was changed, added, taken out or cut off.
    pub broken_at: Option<i64>,
}

/// Entries read at once while a log is verified.
const PAGE: i64 = 10_000;

/// Walks a log from its beginning. `page` gives the entries after a position, each with its place and hash
/// as kept, and adds them to the chain by itself; `end` is where the sealer left it.
pub(crate) fn walk<T>(
    db: &mut Db,
    end: Chain,
    page: impl Fn(&mut Db, i64, i64) -> Result<Vec<T>>,
    add: impl Fn(&mut Chain, &T) -> Result<bool>,
) -> Result<Verdict> {
    let mut chain = Chain::start();
    loop {
        let entries = page(db, chain.position, PAGE)?;
        for entry in &entries {
            let before = chain.position;
            if !add(&mut chain, entry)? {
                return Ok(Verdict {
                    entries: before,
                    broken_at: Some(before + 1),
                });
            }
        }
        if entries.len() < PAGE as usize {
            return Ok(Verdict {
                entries: chain.position,
                broken_at: (chain != end).then_some(chain.position + 1),
            });
        }
    }
}

/// Whether an event is what comes next in the chain, which it is added to.
fn fits(chain: &mut Chain, event: &Sealed) -> Result<bool> {
    let (position, hash) = chain.add(&spelling(event))?;
    Ok(position == event.position && hash == event.hash)
}

/// Holds the whole event log against its chain.
pub fn verify(db: &mut Db) -> Result<Verdict> {
    let (position, hash) = sealer::table
        .select((sealer::position, sealer::hash))
        .first(db)?;
    walk(db, Chain { position, hash }, following, fits)
}

/// Events after a position, in order.
pub fn following(db: &mut Db, after: i64, limit: i64) -> Result<Vec<Sealed>> {
    let query = events::table
        .filter(events::position.gt(after))
        .order(events::position)
        .limit(limit);
    Ok(on_engine!(db, c => query.load(c))?)
}

/// Seals for as long as the store lives. A failure is logged and tried again: events wait, none is
/// lost.
pub(crate) async fn run(store: Store) {
    let holder = format!("{:032x}", rand::random::<u128>());
    let sealing = store.sealing().clone();
    loop {
        // Either is a reason to look.
        let _ = tokio::time::timeout(LOOK, sealing.work.notified()).await;
        let me = holder.clone();
        let outcome = store
            .write(Actor::program("sealer"), move |tx| {
                let has_lease = take_lease(tx, &me)?;
                if has_lease {
                    seal_all(tx)
                } else {
                    positions(tx)
                }
            })
            .await;
        match outcome {
            Ok(positions) => sealing.publish(positions),
            Err(error) => tracing::warn!(%error, "could not seal; will try again"),
        }
        for fold in sealing.folds {
            if let Err(error) = fold_all(&store, &holder, *fold).await {
                tracing::warn!(%error, "could not fold; will try again");
            }
        }
    }
}

/// In transactions of their own: events do not wait for them.
async fn fold_all(store: &Store, holder: &str, fold: Fold) -> Result<()> {
    loop {
        let holder = holder.to_owned();
        let fold = move |tx: &mut Tx<'_>| Ok(take_lease(tx, &holder)? && fold(tx)?);
        if !store.write(Actor::program("sealer"), fold).await? {
            return Ok(());
        }
    }
}

/// Keeps the sealer out until the transaction ends: for who does its work in its stead.
pub fn hold(db: &mut Db) -> Result<()> {
    diesel::update(sealer::table)
        .set(sealer::held_until.eq(sealer::held_until))
        .execute(db)?;
    Ok(())
}

fn take_lease(db: &mut Db, me: &str) -> Result<bool> {
    // Not the store's clock: a test may hold that one, and a lease must run out.
    let now = Clock::system(chrono_tz::UTC).now();
    let mine_or_free = sealer::holder.eq(me).or(sealer::held_until.lt(now));
    let taken = diesel::update(sealer::table.filter(mine_or_free))
        .set((sealer::holder.eq(me), sealer::held_until.eq(now + LEASE)))
        .execute(db)?;
    Ok(taken == 1)
}

#[cfg(test)]
mod tests;

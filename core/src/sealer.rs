//! The event log: one order without gaps, in which nothing is missed.
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
use crate::db::{Db, Store};
use crate::error::Result;
use crate::on_engine;
use crate::schema::{events, sealer, topics, unsealed_events};

/// Events moved in one transaction: a burst is worked off in steps that each stay short.
const STEP: i64 = 1_000;

/// How often a process looks for what others left, besides being woken by its own writes.
const LOOK: Duration = Duration::from_millis(100);

/// How long a lease outlives its last use. It spares processes from contending; what keeps two
/// sealers apart is the row lock that taking it needs.
const LEASE: TimeDelta = TimeDelta::seconds(1);

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
}

#[derive(Queryable)]
struct Unsealed {
    id: i64,
    event_type: String,
    subject_id: i64,
    subject_version: i32,
    occurred_at: Timestamp,
    data: String,
}

/// What this process knows of the feed: its position, and when to look for more.
#[derive(Clone)]
pub struct Sealing {
    position: Arc<watch::Sender<i64>>,
    work: Arc<Notify>,
}

impl Sealing {
    pub(crate) fn new(position: watch::Sender<i64>) -> Self {
        Self {
            position: Arc::new(position),
            work: Arc::new(Notify::new()),
        }
    }

    pub(crate) fn wake(&self) {
        self.work.notify_one();
    }

    pub(crate) fn publish(&self, position: i64) {
        self.position.send_if_modified(|known| {
            let is_news = position > *known;
            *known = position.max(*known);
            is_news
        });
    }

    /// Waits until the feed has gone past `position`; answers whether it did within `patience`.
    pub async fn wait_past(&self, position: i64, patience: Duration) -> bool {
        let mut news = self.position.subscribe();
        let passed = news.wait_for(|known| *known > position);
        matches!(tokio::time::timeout(patience, passed).await, Ok(Ok(_)))
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

/// Seals everything that waits; answers where the log then ends. Only for whoever is alone: the
/// writer thread, or the holder of the lease in the transaction that took it.
pub(crate) fn seal_all(db: &mut Db) -> Result<i64> {
    loop {
        let (sealed, position) = seal(db)?;
        if sealed < STEP as usize {
            return Ok(position);
        }
    }
}

/// Seals up to [`STEP`] events; answers how many, and where the log then ends.
fn seal(db: &mut Db) -> Result<(usize, i64)> {
    let (mut position, mut hash): (i64, Vec<u8>) = sealer::table
        .select((sealer::position, sealer::hash))
        .first(db)?;
    let waiting: Vec<Unsealed> = unsealed_events::table
        .order(unsealed_events::id)
        .limit(STEP)
        .load(db)?;
    if waiting.is_empty() {
        return Ok((0, position));
    }
    let ids: Vec<i64> = waiting.iter().map(|event| event.id).collect();
    let sealed: Vec<Sealed> = waiting
        .into_iter()
        .map(|event| {
            position += 1;
            hash = chained(&hash, position, &event);
            Sealed {
                position,
                event_type: event.event_type,
                subject_id: event.subject_id,
                subject_version: event.subject_version,
                occurred_at: event.occurred_at,
                data: event.data,
                hash: hash.clone(),
            }
        })
        .collect();
    // Several rows in one statement are more than the two engines share.
    on_engine!(db, c => diesel::insert_into(events::table).values(&sealed).execute(c))?;
    // By id, one by one: a lower id may have been committed since they were read.
    diesel::delete(unsealed_events::table.filter(unsealed_events::id.eq_any(ids))).execute(db)?;
    diesel::update(sealer::table)
        .set((sealer::position.eq(position), sealer::hash.eq(hash)))
        .execute(db)?;
    fold(db, &sealed)?;
    Ok((sealed.len(), position))
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

/// SHA-256 over the hash before and the entry in a fixed spelling.
fn chained(before: &[u8], position: i64, event: &Unsealed) -> Vec<u8> {
    #[derive(Serialize)]
    struct Spelling<'a>(i64, &'a str, i64, i32, String, &'a str);
    let spelling = serde_json::to_vec(&Spelling(
        position,
        &event.event_type,
        event.subject_id,
        event.subject_version,
        rfc3339(event.occurred_at),
        &event.data,
    ));
    Sha256::new()
        .chain_update(before)
        .chain_update(spelling.unwrap_or_default())
        .finalize()
        .to_vec()
}

/// Recomputes the chain of `entries`, which follow one another from `before` on; answers the
/// position of the first that does not fit.
pub fn first_broken(before: &[u8], entries: &[Sealed]) -> Option<i64> {
    let mut hash = before.to_vec();
    for (expected, entry) in (entries.first()?.position..).zip(entries) {
        let event = Unsealed {
            id: 0,
            event_type: entry.event_type.clone(),
            subject_id: entry.subject_id,
            subject_version: entry.subject_version,
            occurred_at: entry.occurred_at,
            data: entry.data.clone(),
        };
        hash = chained(&hash, entry.position, &event);
        if hash != entry.hash || entry.position != expected {
            return Some(expected);
        }
    }
    None
}

/// Seals for as long as the store lives. A failure is logged and tried again: events wait, none is
/// lost.
pub(crate) async fn run(store: Store) {
    let holder = format!("{:032x}", rand::random::<u128>());
    let sealing = store.sealing().clone();
    loop {
        // Either is a reason to look.
        let _ = tokio::time::timeout(LOOK, sealing.work.notified()).await;
        let holder = holder.clone();
        let outcome = store
            .write(move |tx| {
                let has_lease = take_lease(tx, &holder)?;
                if has_lease {
                    seal_all(tx)
                } else {
                    position(tx)
                }
            })
            .await;
        match outcome {
            Ok(position) => sealing.publish(position),
            Err(error) => tracing::warn!(%error, "could not seal; will try again"),
        }
    }
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
mod tests {
    use super::*;

    fn log(n: i64) -> Vec<Sealed> {
        let mut hash = vec![0; 32];
        (1..=n)
            .map(|position| {
                let event = Unsealed {
                    id: position,
                    event_type: "unit_kind.created".to_owned(),
                    subject_id: position * 7,
                    subject_version: 1,
                    occurred_at: Timestamp::default(),
                    data: format!("{{\"n\":{position}}}"),
                };
                hash = chained(&hash, position, &event);
                Sealed {
                    position,
                    event_type: event.event_type,
                    subject_id: event.subject_id,
                    subject_version: 1,
                    occurred_at: event.occurred_at,
                    data: event.data,
                    hash: hash.clone(),
                }
            })
            .collect()
    }

    #[test]
    fn an_untouched_log_verifies() {
        assert_eq!(first_broken(&[0; 32], &log(20)), None);
    }

    #[test]
    fn an_edit_a_gap_and_a_swap_are_found_where_they_are() {
        let mut edited = log(20);
        edited[7].data = "{\"n\":0}".to_owned();
        assert_eq!(first_broken(&[0; 32], &edited), Some(8));

        let mut shortened = log(20);
        shortened.remove(7);
        assert_eq!(first_broken(&[0; 32], &shortened), Some(8));

        let mut swapped = log(20);
        swapped.swap(7, 8);
        assert_eq!(first_broken(&[0; 32], &swapped), Some(8));
    }
}

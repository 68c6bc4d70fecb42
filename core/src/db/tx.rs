//! A write transaction: the connection, the instant it speaks of, and what it leaves for others to see.

use std::ops::{Deref, DerefMut};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::Db;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::schema::unsealed_events;

/// A change, as other systems hear of it.
pub struct Event<'a> {
    /// Subject and verb: `unit_kind.updated`.
    pub event_type: &'static str,
    pub subject_id: i64,
    pub subject_version: i32,
    /// The subject after the change; before it, where it is gone.
    pub data: &'a serde_json::Value,
}

/// What a closure given to [`Store::write`](super::Store::write) works with.
pub struct Tx<'a> {
    db: &'a mut Db,
    now: Timestamp,
    has_events: bool,
    /// Held as a whole.
    topics: Vec<&'static str>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(db: &'a mut Db, now: Timestamp) -> Self {
        Self {
            db,
            now,
            has_events: false,
            topics: Vec::new(),
        }
    }

    /// The instant of everything that this transaction writes.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Leaves an event with the change it tells of. Record it after the row is written: then the
    /// events of one row lie in the order of its versions.
    pub fn record(&mut self, event: Event<'_>) -> Result<()> {
        diesel::insert_into(unsealed_events::table)
            .values((
                unsealed_events::event_type.eq(event.event_type),
                unsealed_events::subject_id.eq(event.subject_id),
                unsealed_events::subject_version.eq(event.subject_version),
                unsealed_events::occurred_at.eq(self.now),
                unsealed_events::data.eq(event.data.to_string()),
            ))
            .execute(self.db)?;
        self.has_events = true;
        Ok(())
    }

    /// Runs one after the other what is done under the same names of a topic, until the transaction
    /// ends. For rules over several rows that no constraint can hold. Who only relies on what a name
    /// stands for shares it with others who do. On SQLite there is one writer anyway.
    ///
    /// All names at once, so that two transactions can't wait for each other; who can't tell all of
    /// them beforehand takes the topic.
    pub fn lock<'n>(
        &mut self,
        topic: &'static str,
        names: impl IntoIterator<Item = (&'n str, Hold)>,
    ) -> Result<()> {
        if self.topics.contains(&topic) {
            return Ok(());
        }
        let named = names.into_iter();
        let mut keys: Vec<_> = named
            .map(|(name, hold)| (lock_key(&format!("{topic} {name}")), hold))
            .collect();
        keys.sort_unstable();
        // Alone comes first and includes the other.
        keys.dedup_by_key(|(key, _)| *key);
        keys.insert(0, (lock_key(topic), Hold::Shared));
        self.take(&keys)
    }

    /// Waits for all who hold names of the topic, and keeps others out until the transaction ends.
    pub fn lock_topic(&mut self, topic: &'static str) -> Result<()> {
        self.take(&[(lock_key(topic), Hold::Alone)])?;
        self.topics.push(topic);
        Ok(())
    }

    /// Takes locks in this order, in one round trip.
    fn take(&mut self, keys: &[(i64, Hold)]) -> Result<()> {
        let Db::Postgres(connection) = self.db else {
            return Ok(());
        };
        let calls: Vec<String> = keys
            .iter()
            .map(|(key, hold)| match hold {
                Hold::Alone => format!("pg_advisory_xact_lock({key})"),
                Hold::Shared => format!("pg_advisory_xact_lock_shared({key})"),
            })
            .collect();
        connection.batch_execute(&format!("SELECT {}", calls.join(", ")))?;
        Ok(())
    }

    /// Runs `f` so that, if it fails, what it did is undone and the transaction goes on.
    pub fn attempt<T>(&mut self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let now = self.now;
        let topics = self.topics.clone();
        let (value, has_events) = self.db.transaction::<_, Error, _>(|db| {
            let mut tx = Tx {
                topics,
                ..Tx::new(db, now)
            };
            Ok((f(&mut tx)?, tx.has_events))
        })?;
        self.has_events |= has_events;
        Ok(value)
    }

    pub(super) fn has_events(&self) -> bool {
        self.has_events
    }
}

/// How a name is held by [`Tx::lock`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    Alone,
    Shared,
}

fn lock_key(name: &str) -> i64 {
    let digest = Sha256::digest(name.as_bytes());
    i64::from_be_bytes(std::array::from_fn(|i| digest[i]))
}

impl Deref for Tx<'_> {
    type Target = Db;
    fn deref(&self) -> &Db {
        self.db
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        self.db
    }
}

//! A write transaction: the connection, the instant it speaks of, and what it leaves for others to see.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::Db;
use crate::audit::{self, Entry};
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Result};
use crate::schema::unsealed_events;
use crate::{Actor, UnitId, on_engine};

/// A change, as other systems hear of it.
pub struct Event<'a> {
    /// Subject and verb: `unit_kind.updated`.
    pub event_type: &'a str,
    pub subject_id: i64,
    pub subject_version: i32,
    /// The subject after the change; before it, where it is gone.
    pub data: &'a serde_json::Value,
    /// The subject before the change, for the audit log; None where it was not there.
    pub before: Option<&'a serde_json::Value>,
    /// Units that it concerns, and all that stand above them; none where it is the whole federation's.
    pub units: &'a [UnitId],
}

/// What a closure given to [`Store::write`](super::Store::write) works with.
pub struct Tx<'a> {
    db: &'a mut Db,
    now: Timestamp,
    today: NaiveDate,
    actor: &'a Actor,
    has_entries: bool,
    /// Names that it holds already, by their keys.
    held: BTreeSet<(i64, Hold)>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(db: &'a mut Db, clock: &Clock, actor: &'a Actor) -> Self {
        Self {
            db,
            now: clock.now(),
            today: clock.today(),
            actor,
            has_entries: false,
            held: BTreeSet::new(),
        }
    }

    /// The civil day of that instant.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// Who does all this.
    pub fn actor(&self) -> &'a Actor {
        self.actor
    }

    /// The instant of everything that this transaction writes.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Leaves an event, and its entry in the audit log, with the change they tell of. Record it after the
    /// row is written: then the events of one row lie in the order of its versions.
    pub fn record(&mut self, event: Event<'_>) -> Result<()> {
        self.leave(event, None)
    }

    /// The same, for what those alone hear of who have rights on one of its units.
    pub fn record_within_units(&mut self, event: Event<'_>) -> Result<()> {
        let ids: Vec<i64> = event.units.iter().map(|unit| unit.0).collect();
        let units = serde_json::to_string(&ids).map_err(Error::internal)?;
        self.leave(event, Some(units))
    }

    fn leave(&mut self, event: Event<'_>, units: Option<String>) -> Result<()> {
        let row = (
            unsealed_events::event_type.eq(event.event_type),
            unsealed_events::subject_id.eq(event.subject_id),
            unsealed_events::subject_version.eq(event.subject_version),
            unsealed_events::occurred_at.eq(self.now),
            unsealed_events::data.eq(event.data.to_string()),
            unsealed_events::units.eq(units),
        );
        let insert = diesel::insert_into(unsealed_events::table).values(row);
        on_engine!(&mut *self.db, c => insert.execute(c))?;
        let is_gone = event.event_type.ends_with(".deleted");
        self.audit(Entry {
            action: event.event_type,
            object_id: Some(event.subject_id),
            about: None,
            units: event.units,
            before: if is_gone {
                Some(event.data)
            } else {
                event.before
            },
            after: (!is_gone).then_some(event.data),
        })
    }

    /// Leaves an entry in the audit log of what the change feed does not tell.
    pub fn audit(&mut self, entry: Entry<'_>) -> Result<()> {
        self.has_entries = true;
        audit::leave(self.db, self.now, self.actor, entry)
    }

    /// Runs one after the other what is done under the same names of a topic, until the transaction
    /// ends. For rules over several rows that no constraint can hold. Who only relies on what a name
    /// stands for shares it with others who do. On SQLite there is one writer anyway.
    ///
    /// All names of the transaction at once, so that two of them can't wait for each other. Each is a
    /// slot of PostgreSQL's lock table, which holds some 6,000 by default.
    pub fn lock<'n>(
        &mut self,
        topic: &str,
        names: impl IntoIterator<Item = (&'n str, Hold)>,
    ) -> Result<()> {
        let Db::Postgres(connection) = self.db else {
            return Ok(());
        };
        let named = names.into_iter();
        let mut keys: Vec<_> = named
            .map(|(name, hold)| (lock_key(topic, name), hold))
            .collect();
        keys.sort_unstable();
        // Alone comes first and includes the other.
        keys.dedup_by_key(|(key, _)| *key);
        let held = &self.held;
        keys.retain(|(key, hold)| {
            !held.contains(&(*key, Hold::Alone)) && !held.contains(&(*key, *hold))
        });
        if keys.is_empty() {
            return Ok(());
        }
        // Numbers alone, so nothing can be injected; one round trip for all.
        let statements: String = keys
            .iter()
            .map(|(key, hold)| match hold {
                Hold::Alone => format!("SELECT pg_advisory_xact_lock({key});"),
                Hold::Shared => format!("SELECT pg_advisory_xact_lock_shared({key});"),
            })
            .collect();
        connection.batch_execute(&statements)?;
        self.held.extend(keys);
        Ok(())
    }

    /// Runs `f` so that, if it fails, what it did is undone and the transaction goes on.
    pub fn attempt<T>(&mut self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let (now, today, actor) = (self.now, self.today, self.actor);
        // What it locks is let go with what it did.
        let held = self.held.clone();
        let (value, has_entries, held) = self.db.transaction::<_, Error, _>(|db| {
            let mut tx = Tx {
                db,
                now,
                today,
                actor,
                has_entries: false,
                held,
            };
            Ok((f(&mut tx)?, tx.has_entries, tx.held))
        })?;
        self.has_entries |= has_entries;
        self.held = held;
        Ok(value)
    }

    /// Whether the sealer has work.
    pub(super) fn has_entries(&self) -> bool {
        self.has_entries
    }
}

/// How a name is held by [`Tx::lock`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    Alone,
    Shared,
}

fn lock_key(topic: &str, name: &str) -> i64 {
    let digest = Sha256::digest(format!("{topic} {name}").as_bytes());
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

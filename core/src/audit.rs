//! The audit log: who did what, from where, before and after. Kept for ever, in one order, chained.
//!
//! An entry is written in the transaction of what it tells of, and given its place by the
//! [`sealer`](crate::sealer), as events are. Unlike the change feed it also has what nobody should follow:
//! sign-ins, refusals, readings of personal data. It holds no secret, ever.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::clock::{Timestamp, rfc3339};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::on_engine;
use crate::schema::{audit_entries, audit_units, sealer, unsealed_audit};
use crate::sealer::{Chain, STEP, Verdict, walk};
use crate::{Actor, UnitId};

/// Something that was done, or refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry<'a> {
    /// Thing and verb: `account.locked`. What stands before the dot tells what `object_id` is an id of.
    pub action: &'a str,
    pub object_id: Option<i64>,
    /// The principal to whom it happened, such as `account:12`, where that is not the actor.
    pub about: Option<&'a str>,
    /// Units that it concerns, and all that stand above them: who audits one of these sees it.
    pub units: &'a [UnitId],
    pub before: Option<&'a Value>,
    pub after: Option<&'a Value>,
}

/// One entry of the log.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_entries)]
pub struct Sealed {
    pub position: i64,
    pub occurred_at: Timestamp,
    pub actor: String,
    pub client: Option<String>,
    pub address: Option<String>,
    pub request_id: Option<String>,
    pub action: String,
    pub object_id: Option<i64>,
    pub about: Option<String>,
    /// A JSON array of ids.
    pub units: String,
    pub content_before: Option<String>,
    pub content_after: Option<String>,
    pub hash: Vec<u8>,
}

#[derive(Queryable)]
struct Unsealed {
    id: i64,
    occurred_at: Timestamp,
    actor: String,
    client: Option<String>,
    address: Option<String>,
    request_id: Option<String>,
    action: String,
    object_id: Option<i64>,
    about: Option<String>,
    units: String,
    content_before: Option<String>,
    content_after: Option<String>,
}

/// Leaves an entry for the sealer.
pub(crate) fn leave(db: &mut Db, now: Timestamp, actor: &Actor, entry: Entry<'_>) -> Result<()> {
    use unsealed_audit::dsl;
    let units = serde_json::to_string(entry.units).map_err(Error::internal)?;
    let row = (
        dsl::occurred_at.eq(now),
        dsl::actor.eq(&actor.principal),
        dsl::client.eq(&actor.client),
        dsl::address.eq(actor.address.map(|address| address.to_string())),
        dsl::request_id.eq(&actor.request_id),
        dsl::action.eq(entry.action),
        dsl::object_id.eq(entry.object_id),
        dsl::about.eq(entry.about),
        dsl::units.eq(units),
        dsl::content_before.eq(entry.before.map(Value::to_string)),
        dsl::content_after.eq(entry.after.map(Value::to_string)),
    );
    let insert = diesel::insert_into(unsealed_audit::table).values(row);
    on_engine!(db, c => insert.execute(c))?;
    Ok(())
}

/// Where the log ends.
pub fn position(db: &mut Db) -> Result<i64> {
    Ok(sealer::table.select(sealer::audit_position).first(db)?)
}

/// Entries after a position, in order.
pub fn following(db: &mut Db, after: i64, limit: i64) -> Result<Vec<Sealed>> {
    let query = audit_entries::table
        .filter(audit_entries::position.gt(after))
        .order(audit_entries::position)
        .limit(limit);
    Ok(on_engine!(db, c => query.load(c))?)
}

/// Seals up to [`STEP`] entries; answers how many, and where the log then ends.
pub(crate) fn seal(db: &mut Db) -> Result<(usize, i64)> {
    let (position, hash): (i64, Vec<u8>) = sealer::table
        .select((sealer::audit_position, sealer::audit_hash))
        .first(db)?;
    let mut chain = Chain { position, hash };
    let waiting: Vec<Unsealed> = unsealed_audit::table
        .order(unsealed_audit::id)
        .limit(STEP)
        .load(db)?;
    if waiting.is_empty() {
        return Ok((0, chain.position));
    }
    let ids: Vec<i64> = waiting.iter().map(|entry| entry.id).collect();
    let sealed: Vec<Sealed> = waiting
        .into_iter()
        .map(|entry| sealed(&mut chain, entry))
        .collect::<Result<_>>()?;
    let by_unit = by_unit(&sealed)?;
    on_engine!(db, c => diesel::insert_into(audit_entries::table).values(&sealed).execute(c))?;
    for chunk in by_unit.chunks(STEP as usize) {
        on_engine!(db, c => diesel::insert_into(audit_units::table).values(chunk).execute(c))?;
    }
    diesel::delete(unsealed_audit::table.filter(unsealed_audit::id.eq_any(ids))).execute(db)?;
    diesel::update(sealer::table)
        .set((
            sealer::audit_position.eq(chain.position),
            sealer::audit_hash.eq(&chain.hash),
        ))
        .execute(db)?;
    Ok((sealed.len(), chain.position))
}

#[derive(Insertable)]
#[diesel(table_name = audit_units)]
struct OfUnit {
    unit_id: i64,
    position: i64,
}

fn by_unit(sealed: &[Sealed]) -> Result<Vec<OfUnit>> {
    let mut rows = Vec::new();
    for entry in sealed {
        let units: Vec<i64> = serde_json::from_str(&entry.units).map_err(Error::internal)?;
        let position = entry.position;
        rows.extend(
            units
                .into_iter()
                .map(|unit_id| OfUnit { unit_id, position }),
        );
    }
    Ok(rows)
}

fn sealed(chain: &mut Chain, entry: Unsealed) -> Result<Sealed> {
    let mut sealed = Sealed {
        position: 0,
        occurred_at: entry.occurred_at,
        actor: entry.actor,
        client: entry.client,
        address: entry.address,
        request_id: entry.request_id,
        action: entry.action,
        object_id: entry.object_id,
        about: entry.about,
        units: entry.units,
        content_before: entry.content_before,
        content_after: entry.content_after,
        hash: Vec::new(),
    };
    (sealed.position, sealed.hash) = chain.add(&spelling(&sealed))?;
    Ok(sealed)
}

/// An entry as the chain knows it: all but its place, which the chain adds.
fn spelling(entry: &Sealed) -> impl Serialize + '_ {
    (
        rfc3339(entry.occurred_at),
        &entry.actor,
        (&entry.client, &entry.address, &entry.request_id),
        &entry.action,
        entry.object_id,
        &entry.about,
        &entry.units,
        &entry.content_before,
        &entry.content_after,
    )
}

/// Whether an entry is what comes next in the chain, which it is added to.
fn fits(chain: &mut Chain, entry: &Sealed) -> Result<bool> {
    let (position, hash) = chain.add(&spelling(entry))?;
    Ok(position == entry.position && hash == entry.hash)
}

/// Holds the whole log against its chain.
pub fn verify(db: &mut Db) -> Result<Verdict> {
    let (position, hash) = sealer::table
        .select((sealer::audit_position, sealer::audit_hash))
        .first(db)?;
    walk(db, Chain { position, hash }, following, fits)
}

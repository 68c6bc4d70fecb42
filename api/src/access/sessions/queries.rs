//! Rows of `sessions` and `refresh_tokens`.

use chrono::TimeDelta;
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::clock::rfc3339;
use liendoan_core::schema::{accounts, refresh_tokens, sessions};
use liendoan_core::{Db, Result, Timestamp, Tx, UnitId, on_engine};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{IDLE, LONGEST};
use crate::access::accounts::State;
use crate::access::secrets::{Kind, Opaque};
use crate::http::grant::Principal;
use crate::tree::cover;

/// How long after its use a refresh token may be used again by the same client: the answer was lost, or two
/// tabs asked at once.
const SECOND_USE: TimeDelta = TimeDelta::seconds(10);

/// A session as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": 42,
    "started_at": "2026-11-21T02:00:00.000000Z",
    "used_at": "2026-11-21T02:30:00.000000Z",
    "expires_at": "2027-02-19T02:00:00.000000Z",
    "client": "Mozilla/5.0",
    "address": "10.1.2.3",
    "is_current": true
}))]
pub struct Session {
    pub id: i64,
    #[schema(format = DateTime)]
    pub started_at: String,
    /// When it last got a new access token.
    #[schema(format = DateTime)]
    pub used_at: String,
    /// When it ends at the latest; two weeks without use end it sooner.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// What the browser calls itself.
    #[schema(required)]
    pub client: Option<String>,
    #[schema(required)]
    pub address: Option<String>,
    /// Whether the request was made by this very session.
    pub is_current: bool,
}

/// Live sessions of an account, the youngest first.
pub fn live(
    db: &mut Db,
    account: i64,
    current: Option<i64>,
    now: Timestamp,
) -> Result<Vec<Session>> {
    type Row = (
        i64,
        Timestamp,
        Timestamp,
        Timestamp,
        Option<String>,
        Option<String>,
    );
    let query = sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::used_at.gt(now - IDLE))
        .order(sessions::id.desc())
        .select((
            sessions::id,
            sessions::started_at,
            sessions::used_at,
            sessions::expires_at,
            sessions::client,
            sessions::address,
        ));
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    let view = |(id, started_at, used_at, expires_at, client, address): Row| Session {
        id,
        started_at: rfc3339(started_at),
        used_at: rfc3339(used_at),
        expires_at: rfc3339(expires_at),
        client,
        address,
        is_current: current == Some(id),
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Begins a session of an account; answers its id and its first refresh token.
pub fn start(tx: &mut Tx<'_>, account: i64, has_second_factor: bool) -> Result<(i64, Opaque)> {
    let now = tx.now();
    let actor = tx.actor().clone();
    let id: i64 = diesel::insert_into(sessions::table)
        .values((
            sessions::account_id.eq(account),
            sessions::started_at.eq(now),
            sessions::used_at.eq(now),
            sessions::expires_at.eq(now + LONGEST),
            sessions::client.eq(&actor.client),
            sessions::address.eq(actor.address.map(|address| address.to_string())),
            sessions::has_second_factor.eq(has_second_factor),
        ))
        .returning(sessions::id)
        .get_result(&mut **tx)?;
    let token = give_token(tx, id)?;
    let units = units_of(tx, account)?;
    tx.audit(Entry {
        action: "session.started",
        object_id: Some(id),
        about: Some(&Principal::Account(account).to_string()),
        units: &units,
        after: Some(&json!({"has_second_factor": has_second_factor})),
        ..Entry::default()
    })?;
    Ok((id, token))
}

/// Who audits the unit that keeps an account, or one above, sees its sessions.
pub fn units_of(tx: &mut Tx<'_>, account: i64) -> Result<Vec<UnitId>> {
    let query = accounts::table.find(account).select(accounts::unit_id);
    let unit: Option<i64> = query.first(&mut **tx)?;
    let today = tx.today();
    cover::concerned(tx, unit.map(UnitId), today)
}

fn give_token(tx: &mut Tx<'_>, session: i64) -> Result<Opaque> {
    let token = Opaque::generate(Kind::RefreshToken);
    let client = tx.actor().client.clone();
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::hash.eq(token.hash().to_vec()),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::client.eq(client),
            refresh_tokens::made_at.eq(tx.now()),
        ))
        .execute(&mut **tx)?;
    Ok(token)
}

/// What became of a refresh token that was sent.
pub enum Refreshed {
    /// Its session goes on with a new one.
    Renewed {
        account: i64,
        session: i64,
        token: Opaque,
    },
    /// It is unknown, or its session has ended.
    Refused,
    /// It was used before by somebody: the session has ended, since one of the two is a thief.
    Reused { account: i64 },
}

/// Uses a refresh token, given by its hash.
pub fn refresh(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Refreshed> {
    let now = tx.now();
    let found: Option<(i64, Option<String>, Option<Timestamp>)> = refresh_tokens::table
        .find(hash)
        .select((
            refresh_tokens::session_id,
            refresh_tokens::client,
            refresh_tokens::used_at,
        ))
        .first(&mut **tx)
        .optional()?;
    let Some((session, client, _)) = found else {
        return Ok(Refreshed::Refused);
    };
    let live: Option<(i64, String)> = sessions::table
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        .filter(sessions::id.eq(session))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::used_at.gt(now - IDLE))
        .select((sessions::account_id, accounts::state))
        .first(&mut **tx)
        .optional()?;
    let Some((account, state)) = live else {
        return Ok(Refreshed::Refused);
    };
    if State::named(&state) != State::Active {
        return Ok(Refreshed::Refused);
    }
    // Whoever comes first uses it; the others wait here for the outcome.
    let unused = refresh_tokens::table
        .filter(refresh_tokens::hash.eq(hash))
        .filter(refresh_tokens::used_at.is_null());
    let is_first = diesel::update(unused)
        .set(refresh_tokens::used_at.eq(now))
        .execute(&mut **tx)?
        == 1;
    if !is_first {
        let used_at: Option<Timestamp> = refresh_tokens::table
            .find(hash)
            .select(refresh_tokens::used_at)
            .first(&mut **tx)?;
        let is_lost_answer = used_at.is_some_and(|used_at| now - used_at <= SECOND_USE);
        if !is_lost_answer || client != tx.actor().client {
            end(tx, account, session, "session.reused")?;
            return Ok(Refreshed::Reused { account });
        }
    }
    diesel::update(sessions::table.find(session))
        .set(sessions::used_at.eq(now))
        .execute(&mut **tx)?;
    let token = give_token(tx, session)?;
    Ok(Refreshed::Renewed {
        account,
        session,
        token,
    })
}

/// The live session that a refresh token belongs to, with its account.
pub fn of_token(db: &mut Db, hash: &[u8]) -> Result<Option<(i64, i64)>> {
    let query = refresh_tokens::table
        .inner_join(sessions::table.on(sessions::id.eq(refresh_tokens::session_id)))
        .filter(refresh_tokens::hash.eq(hash))
        .filter(sessions::ended_at.is_null())
        .select((sessions::account_id, sessions::id));
    Ok(on_engine!(db, c => query.first(c)).optional()?)
}

/// Ends a session of an account; answers whether it lived.
pub fn end(tx: &mut Tx<'_>, account: i64, session: i64, action: &'static str) -> Result<bool> {
    let now = tx.now();
    let live = sessions::table
        .filter(sessions::id.eq(session))
        .filter(sessions::account_id.eq(account))
        .filter(sessions::ended_at.is_null());
    let ended = diesel::update(live)
        .set(sessions::ended_at.eq(now))
        .execute(&mut **tx)?;
    if ended == 0 {
        return Ok(false);
    }
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::session_id.eq(session)))
        .execute(&mut **tx)?;
    let units = units_of(tx, account)?;
    tx.audit(Entry {
        action,
        object_id: Some(session),
        about: Some(&Principal::Account(account).to_string()),
        units: &units,
        ..Entry::default()
    })?;
    Ok(true)
}

/// Ends all sessions of an account, or all but one; answers how many.
pub fn end_all(tx: &mut Tx<'_>, account: i64, except: Option<i64>) -> Result<usize> {
    let live: Vec<i64> = sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::ended_at.is_null())
        .select(sessions::id)
        .load(&mut **tx)?;
    let mut ended = 0;
    for session in live.into_iter().filter(|id| Some(*id) != except) {
        ended += usize::from(end(tx, account, session, "session.ended")?);
    }
    Ok(ended)
}

/// Forgets refresh tokens of sessions that are over, and used ones that a thief would no longer hold.
pub fn tidy(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    let over = sessions::table
        .filter(sessions::expires_at.lt(now))
        .select(sessions::id);
    let of_these = refresh_tokens::table.filter(refresh_tokens::session_id.eq_any(over));
    on_engine!(&mut **tx, c => diesel::delete(of_these).execute(c))?;
    Ok(())
}

//! The change feed: every change, in one order, for systems that keep a copy.

use std::time::Duration;

use actix_web::{HttpResponse, get, web};
use liendoan_core::clock::rfc3339;
use liendoan_core::paging::MAX_LIMIT;
use liendoan_core::sealer::{self, Sealed};
use liendoan_core::{Code, Db, Error, Result, Scope, UnitId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use crate::http::grant::{ReadEvents, ReadRecords};
use crate::http::list::{Query, default_limit, in_range};
use crate::http::{Grant, Problem, State};

/// The longest that a request may wait for news, in seconds.
const WAIT_MAX: i64 = 30;

/// From where to read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsParams {
    /// The position up to which the caller has read; 0 from the very first change.
    #[param(minimum = 0, example = 0)]
    pub after: i64,
    /// How many events at most.
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: i64,
    /// Seconds to wait for an event where there is none yet; never longer than nine tenths of the
    /// time that a request may take (9 seconds by default).
    #[serde(default)]
    #[param(minimum = 0, maximum = 30, default = 0)]
    pub wait: i64,
}

/// Changes in their order. Positions have no gap but where a change is not for the caller.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "items": [{
        "position": 12,
        "type": "unit_kind.updated",
        "id": 7,
        "version": 2,
        "occurred_at": "2026-11-21T02:00:00.000000Z",
        "data": {"kind": "district_federation", "to": "2025-07-01"}
    }],
    "after": 12,
    "position": 12
}))]
pub struct EventPage {
    pub items: Vec<Event>,
    /// Give it as `after` to read on.
    pub after: i64,
    /// Where the feed ended when this was read.
    pub position: i64,
}

/// A change.
#[derive(Serialize, ToSchema)]
pub struct Event {
    /// Its place in the feed: 1, 2, 3 … Those that are missing are not for the caller.
    pub position: i64,
    /// What happened to what: `unit_kind.created`, `unit_kind.updated`, `unit_kind.deleted`. More will come.
    pub r#type: String,
    /// Id of what changed.
    pub id: i64,
    /// Its version after the change; the last one, where it is gone.
    pub version: i32,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub occurred_at: String,
    /// What changed, as it was after the change; before it, where it is gone.
    #[schema(value_type = Object)]
    pub data: Box<RawValue>,
}

impl TryFrom<Sealed> for Event {
    type Error = Error;

    fn try_from(sealed: Sealed) -> Result<Self> {
        Ok(Self {
            position: sealed.position,
            r#type: sealed.event_type,
            id: sealed.subject_id,
            version: sealed.subject_version,
            occurred_at: rfc3339(sealed.occurred_at),
            data: RawValue::from_string(sealed.data).map_err(Error::internal)?,
        })
    }
}

/// Follow the changes
///
/// Every change since position `after` that concerns the caller, in the one order that there is. Read a page, do
/// what it says, remember `after`, read on until it is `position`: a page may be empty before that. With `wait`
/// the answer is held back until there is something new.
#[utoipa::path(
    operation_id = "list_events",
    tag = "events",
    params(EventsParams),
    responses((status = 200, description = "The changes that follow", body = EventPage)),
)]
#[get("/events")]
pub async fn list(
    grant: Grant<ReadEvents>,
    query: Query<EventsParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let EventsParams { after, limit, wait } = query.0;
    in_range("after", after, 0..=i64::MAX)?;
    in_range("limit", limit, 1..=MAX_LIMIT)?;
    in_range("wait", wait, 0..=WAIT_MAX)?;
    if wait > 0 {
        let patience = Duration::from_secs(wait.unsigned_abs());
        let patience = patience.min(state.limits.request_time() * 9 / 10);
        state.store.sealing().wait_past(after, patience).await;
    }
    // What is told of records is told to those who read records there.
    let scopes = [grant.scope().clone(), grant.caller.scope::<ReadRecords>()];
    let (position, sealed, read_to) = state
        .store
        .read(move |db| {
            let position = sealer::position(db)?;
            let (sealed, read_to) = following(db, &scopes, after, limit)?;
            Ok((position, sealed, read_to))
        })
        .await?;
    if after > position {
        return Err(Error::new(Code::PositionAheadOfFeed)
            .with("position", position)
            .into());
    }
    let items: Vec<Event> = sealed
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_>>()?;
    Ok(HttpResponse::Ok().json(EventPage {
        after: read_to,
        position,
        items,
    }))
}

/// Events that are passed over in one request, at most: somebody of one ward is told little of all.
const SCAN_MAX: usize = 5_000;
/// Events read at once.
const STEP: i64 = 1_000;

/// The next events for somebody, and how far they have read with them. What is told of the tree, its papers
/// and reference data is for everybody; what is told of records, for those who have rights on a unit above it.
fn following(db: &mut Db, scopes: &[Scope], after: i64, limit: i64) -> Result<(Vec<Sealed>, i64)> {
    let wanted = usize::try_from(limit).unwrap_or_default();
    let sees_all = scopes.iter().all(|scope| *scope == Scope::All);
    let (mut shown, mut read_to, mut scanned) = (Vec::new(), after, 0);
    while shown.len() < wanted && scanned < SCAN_MAX {
        let step = if sees_all { limit } else { STEP };
        let events = sealer::following(db, read_to, step)?;
        let read = events.len();
        for event in events {
            if shown.len() == wanted {
                return Ok((shown, read_to));
            }
            read_to = event.position;
            if hears(scopes, &event)? {
                shown.push(event);
            }
        }
        scanned += read;
        if i64::try_from(read).unwrap_or(step) < step {
            break;
        }
    }
    Ok((shown, read_to))
}

fn hears(scopes: &[Scope], event: &Sealed) -> Result<bool> {
    let Some(units) = &event.units else {
        return Ok(true);
    };
    let units: Vec<UnitId> = serde_json::from_str(units).map_err(Error::internal)?;
    let covers = |scope: &Scope| match scope {
        Scope::All => true,
        Scope::Under(tops) => tops.iter().any(|top| units.contains(top)),
    };
    Ok(scopes.iter().all(covers))
}

//! What the addresses of every kind of record do. The macro in `addresses` lets each kind have them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use liendoan_core::day::Day;
use liendoan_core::error::FieldError;
use liendoan_core::{Code, Error, Tx};

use super::changes::{self, Because};
use super::kind::Kind;
use super::list::{Asked, count_by_state, page};
use super::model::{Record, RecordPage};
use super::state::Action;
use super::words::{SOUGHT_MAX, Sought};
use super::{RecordId, queries, rights};
use crate::http::grant::{Caller, ReadRecords};
use crate::http::{Answer, Grant, IfMatch, Json, List, Patch, Post, Problem, State};
use crate::tree::places;
use crate::tree::units::{UnitRef, queries as units};

pub async fn list<K: Kind, F>(
    grant: Grant<ReadRecords>,
    list: List<F>,
    asked: Asked,
    state: &State,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let start = list.start::<(Day, i64)>()?.map(|(day, id)| (day.0, id));
    let unit = asked.unit.as_deref().map(|unit| {
        let refused = || Error::at(FieldError::parameter("unit", Code::UnitAddressInvalid));
        UnitRef::parse(unit).ok_or_else(refused)
    });
    let unit = unit.transpose()?;
    if unit.is_none() && asked.tree.is_some() {
        return Err(Error::at(FieldError::parameter("unit", Code::Required)).into());
    }
    let sought = asked.words.as_deref().map(|words| {
        Sought::read(words).map_err(|code| {
            let field = FieldError::parameter("q", code);
            Error::at(match code {
                Code::TooLong => field.with("max", SOUGHT_MAX),
                _ => field,
            })
        })
    });
    let sought = sought.transpose()?;
    places::catch_up(state).await?;
    let today = state.store.clock().today();
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let limit = list.rows_to_read();
    let (rows, by_state) = state
        .store
        .read(move |db| {
            let mut wanted = asked.wanted.clone();
            wanted.sought.clone_from(&sought);
            if let Some(unit) = &unit {
                let tree = asked.tree.unwrap_or_default();
                wanted.under = Some((units::resolve(db, &scope, unit)?, tree));
            }
            let records = page(db, &scope, K::KIND, &wanted, start, limit, today)?;
            let allowed = rights::allowed(db, &caller, &records, today)?;
            let shown = records.iter().zip(allowed).map(|(record, allowed)| {
                let view = view::<K>(record, allowed)?;
                Ok((Day(record.record_day), record.id.0, view))
            });
            let shown = shown.collect::<Result<Vec<_>, Error>>()?;
            let counts = asked
                .counts
                .then(|| count_by_state(db, &scope, K::KIND, &wanted, today));
            Ok((shown, counts.transpose()?))
        })
        .await?;
    let page = list.page(rows, |(day, id, _)| (*day, *id), |(.., shown)| shown)?;
    Ok(page.answer(None, |items, next_cursor| RecordPage {
        items,
        next_cursor,
        by_state,
    }))
}

pub async fn read<K: Kind>(
    grant: Grant<ReadRecords>,
    id: RecordId,
    state: &State,
) -> Result<HttpResponse, Problem> {
    places::catch_up(state).await?;
    let today = state.store.clock().today();
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let (version, view) = state
        .store
        .read(move |db| {
            let record = queries::find(db, &scope, Some(K::KIND), id, today)?;
            let allowed = rights::allowed_of(db, &caller, &record, today)?;
            Ok((record.version, view::<K>(&record, allowed)?))
        })
        .await?;
    // What may be done changes without the version: the tag helps writers, and spares no reading.
    let answer = Answer::new(StatusCode::OK).version(version);
    Ok(answer.json(&view)?.into())
}

pub async fn create<K: Kind, P>(
    grant: Grant<P>,
    address: &'static str,
    post: Post,
    content: Json<K>,
    state: &State,
) -> Result<HttpResponse, Problem> {
    let content_to_store = content.value.check()?;
    places::catch_up(state).await?;
    let caller = grant.caller.clone();
    let write = move |tx: &mut Tx<'_>| {
        let record = changes::create(tx, &caller, &content_to_store)?;
        Ok(seen::<K>(tx, &caller, &record, StatusCode::CREATED)?
            .location(format!("/api/v1{address}/{}", record.id)))
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

pub async fn update<K: Kind, P>(
    grant: Grant<P>,
    id: RecordId,
    if_match: IfMatch,
    patch: Patch<K>,
    state: &State,
) -> Result<HttpResponse, Problem> {
    places::catch_up(state).await?;
    let caller = grant.caller.clone();
    let answer = state
        .write(&grant.caller, move |tx| {
            let before = find_to_change::<K>(tx, &caller, id)?;
            rights::check_edits(tx, &caller, &before)?;
            if_match.check(before.version)?;
            let content = patch.apply(&before.content::<K>()?)?.check()?;
            let record = if content == before.content()? {
                before
            } else {
                changes::update(tx, &caller, &before, &content)?
            };
            seen::<K>(tx, &caller, &record, StatusCode::OK)
        })
        .await?;
    Ok(answer.into())
}

pub async fn delete<K: Kind, P>(
    grant: Grant<P>,
    id: RecordId,
    if_match: IfMatch,
    state: &State,
) -> Result<HttpResponse, Problem> {
    places::catch_up(state).await?;
    let caller = grant.caller.clone();
    state
        .write(&grant.caller, move |tx| {
            let before = find_to_change::<K>(tx, &caller, id)?;
            let because = Because::default();
            changes::act(tx, &caller, &before, &if_match, Action::Delete, &because).map(drop)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn view<K: Kind>(record: &Record, allowed: Vec<Action>) -> Result<K::View, Error> {
    Ok((record.head(allowed), record.content::<K>()?).into())
}

/// A record as whoever has just written it sees it.
fn seen<K: Kind>(
    tx: &mut Tx<'_>,
    caller: &Caller,
    record: &Record,
    status: StatusCode,
) -> Result<Answer, Error> {
    let today = tx.today();
    let allowed = rights::allowed_of(tx, caller, record, today)?;
    Answer::new(status)
        .version(record.version)
        .json(&view::<K>(record, allowed)?)
}

/// One that the caller reads, to be changed.
fn find_to_change<K: Kind>(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: RecordId,
) -> Result<Record, Error> {
    let (today, scope) = (tx.today(), caller.scope::<ReadRecords>());
    queries::find(tx, &scope, Some(K::KIND), id, today)
}

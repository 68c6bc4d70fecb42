//! What the addresses of every kind of record do. The macro in `addresses` lets each kind have them.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use liendoan_core::day::Day;
use liendoan_core::error::FieldError;
use liendoan_core::{Code, Db, Error, Scope, Tx};

use super::changes::{self, Because};
use super::kind::Kind;
use super::list::{Asked, count_by_state, page};
use super::model::{Record, RecordPage};
use super::state::Action;
use super::words::{SOUGHT_MAX, Sought};
use super::{RecordId, people, queries, rights};
use crate::http::grant::{Caller, ReadRecords};
use crate::http::{Answer, Grant, IfMatch, Json, List, Patch, Post, Problem, State};
use crate::records::parts::Person;
use crate::tree::units::{UnitRef, queries as units};
use crate::tree::{cover, places};

pub async fn list<K: Kind, F>(
    grant: Grant<ReadRecords>,
    list: List<F>,
    asked: Asked,
    state: &State,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let start = list.start::<(Day, i64)>()?.map(|(day, id)| (day.0, id));
    let unit = address("unit", asked.unit.as_deref())?;
    let open_to = address("open_to", asked.open_to.as_deref())?;
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
            if let Some(unit) = &open_to {
                let unit = units::resolve(db, &scope, unit)?;
                wanted.of_units = Some(cover::line(db, unit, today)?);
            }
            let records = page(db, &scope, K::KIND, &wanted, start, limit, today)?;
            let allowed = rights::allowed(db, &caller, &records, today)?;
            let named = named::<K>(db, &scope, &records)?;
            let shown = records.iter().zip(allowed).map(|(record, allowed)| {
                let view = view::<K>(record, allowed, named.contains(&record.id))?;
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

/// Whom it names is shown here alone, to those who may read of people, and the audit log says so.
pub async fn read<K: Kind>(
    grant: Grant<ReadRecords>,
    id: RecordId,
    state: &State,
) -> Result<HttpResponse, Problem> {
    places::catch_up(state).await?;
    let today = state.store.clock().today();
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let (record, allowed, person, may_read) = state
        .store
        .read(move |db| {
            let record = queries::find(db, &scope, Some(K::KIND), id)?;
            let allowed = rights::allowed_of(db, &caller, &record, today)?;
            let person = person_of::<K>(db, &scope, &record)?;
            let may_read = person.is_some() && people::may_read(db, &caller, &record, today)?;
            Ok((record, allowed, person, may_read))
        })
        .await?;
    let is_named = person.is_some();
    let view: K::View = if may_read {
        let action = format!("{}.person_read", K::KIND.as_str());
        // Before the answer: nobody reads of others unseen.
        state
            .write(&grant.caller, move |tx| people::tell(tx, id, &action))
            .await?;
        let content = record.content::<K>()?.with_person(person);
        (record.head(allowed), content).into()
    } else {
        view::<K>(&record, allowed, is_named)?
    };
    // What may be done changes without the version: the tag helps writers, and spares no reading.
    let answer = Answer::new(StatusCode::OK).version(record.version);
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
            let person = person_of::<K>(tx, &Scope::All, &before)?;
            let known = before.content::<K>()?.with_person(person);
            let content = patch.apply(&known)?.check()?;
            let record = if content == known {
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

/// A record without whom it names.
fn view<K: Kind>(record: &Record, allowed: Vec<Action>, is_named: bool) -> Result<K::View, Error> {
    let mut head = record.head(allowed);
    head.masked.extend(K::PERSON.filter(|_| is_named));
    Ok((head, record.content::<K>()?).into())
}

fn person_of<K: Kind>(
    db: &mut Db,
    scope: &Scope,
    record: &Record,
) -> Result<Option<Person>, Error> {
    match K::PERSON {
        None => Ok(None),
        Some(_) => people::of(db, scope, record.id, record.life.number),
    }
}

/// Those of some records that name somebody.
fn named<K: Kind>(
    db: &mut Db,
    scope: &Scope,
    records: &[Record],
) -> Result<BTreeSet<RecordId>, Error> {
    match K::PERSON {
        None => Ok(BTreeSet::new()),
        Some(_) => people::named(db, scope, records),
    }
}

/// The unit that a parameter names by its id or its code.
fn address(parameter: &str, unit: Option<&str>) -> Result<Option<UnitRef>, Error> {
    let read = unit.map(|unit| {
        let refused = || Error::at(FieldError::parameter(parameter, Code::UnitAddressInvalid));
        UnitRef::parse(unit).ok_or_else(refused)
    });
    read.transpose()
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
    let is_named = person_of::<K>(tx, &Scope::All, record)?.is_some();
    Answer::new(status)
        .version(record.version)
        .json(&view::<K>(record, allowed, is_named)?)
}

/// One that the caller reads, to be changed.
fn find_to_change<K: Kind>(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: RecordId,
) -> Result<Record, Error> {
    let scope = caller.scope::<ReadRecords>();
    queries::find(tx, &scope, Some(K::KIND), id)
}

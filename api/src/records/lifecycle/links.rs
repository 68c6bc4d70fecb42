//! The addresses `/records/{id}/links`: what a record has to do with others, of whatever kind.
//!
//! A link belongs to the record that names the other one: it is approved and changed with that one's content. It
//! is shown at both, to those who read both.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, web};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use liendoan_core::db::{Statement, Value};
use liendoan_core::error::FieldError;
use liendoan_core::schema::{record_links, records};
use liendoan_core::{Code, Db, Error, Result, Scope, Tx, on_engine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::attachments::{answer, found};
use super::beside::{self, Beside};
use super::model::RecordSummary;
use super::queries::{COLUMNS, Row};
use super::reading::NoFilter;
use super::{Record, RecordId, changes, queries, rights};
use crate::http::grant::{Caller, ReadRecords};
use crate::http::list::{NoQuery, Walk};
use crate::http::{Grant, Id, IfMatch, Json, List, Page, Post, Problem, State};
use crate::tree::places;

/// Links that one record names, at most.
const LINKS_MAX: usize = 50;

/// What a record has to do with another one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordLinkKind)]
pub enum LinkKind {
    /// It tells of the same event, as a superior unit does that tells what a unit under it has told.
    SameEvent,
    /// It came of it: a conclusion is carried out, a proposal becomes an award.
    Follows,
    /// It is a part of it.
    PartOf,
}

impl LinkKind {
    const ALL: [Self; 3] = [Self::SameEvent, Self::Follows, Self::PartOf];

    fn as_str(self) -> &'static str {
        match self {
            Self::SameEvent => "same_event",
            Self::Follows => "follows",
            Self::PartOf => "part_of",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// That a record has to do with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecordLinkContent, example = json!({"kind": "same_event", "record_id": 9}))]
pub struct Link {
    #[schema(inline)]
    pub kind: LinkKind,
    /// The id of the other record, of whatever kind.
    pub record_id: i64,
}

/// A link, as it is seen at one of its two records.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordLink, example = json!({"kind": "same_event", "is_own": true, "record": {
    "record_kind": "activity", "unit": "hn-tcnt", "title": "Hội nghị người lao động năm 2020",
    "id": 9, "version": 4, "state": "approved", "number": 1, "approved_number": 1, "record_day": "2020-03-05",
    "recorded_by": "account:12", "provenance": "entered", "submitted_by": null, "submitted_at": null,
    "created_at": "2026-11-21T01:00:00.000000Z", "updated_at": "2026-11-21T02:00:00.000000Z",
    "attachments": [], "masked": [], "allowed_actions": ["correct"]
}}))]
pub struct LinkView {
    #[schema(inline)]
    pub kind: LinkKind,
    /// Whether this record names the other one; else the other one names this.
    pub is_own: bool,
    /// The other record.
    pub record: RecordSummary,
}

/// List the links of a record
///
/// Those that it names and those that name it, by the other's id. Links to records that the caller does not
/// read are not there.
#[utoipa::path(
    operation_id = "list_record_links",
    tag = "records",
    params(("id" = i64, Path, description = "The record's id", example = 12), Walk),
    responses((status = 200, description = "A page of links", body = Page<LinkView>)),
)]
#[get("/records/{id}/links")]
pub async fn list(
    grant: Grant<ReadRecords>,
    id: Id<RecordId>,
    list: List<NoFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    places::catch_up(&state).await?;
    let start = list.start::<(i64, String, bool)>()?;
    let today = state.store.clock().today();
    let (scope, caller) = (grant.scope().clone(), grant.caller.clone());
    let limit = list.rows_to_read();
    let views = state
        .store
        .read(move |db| {
            let record = queries::find(db, &scope, None, id.0)?;
            let found = of_record(db, &scope, &record, start.clone(), limit)?;
            let others: Vec<Record> = found.iter().map(|(.., other)| other.clone()).collect();
            let allowed = rights::allowed(db, &caller, &others, today)?;
            let view = |((kind, is_own, other), allowed): ((LinkKind, bool, Record), _)| LinkView {
                kind,
                is_own,
                record: other.summary(allowed),
            };
            Ok(found.into_iter().zip(allowed).map(view).collect::<Vec<_>>())
        })
        .await?;
    let key = |view: &LinkView| (view.record.head.id, view.kind.as_str(), view.is_own);
    list.answer(None, views, None, key, |view| view)
}

/// A row of the other record, with the link.
#[derive(QueryableByName)]
struct Found {
    #[diesel(embed)]
    other: Row,
    #[diesel(sql_type = Text)]
    link_kind: String,
    #[diesel(sql_type = Bool)]
    is_own: bool,
}

/// A link's kind, whether it is the record's own, and the other record.
type Linked = (LinkKind, bool, Record);

/// From the links of one record, by their two indexes, to those of the others that are read.
fn of_record(
    db: &mut Db,
    scope: &Scope,
    record: &Record,
    after: Option<(i64, String, bool)>,
    limit: i64,
) -> Result<Vec<Linked>> {
    let mut values: Vec<Value> = vec![record.id.0.into()];
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut narrowed = queries::read_by(scope, &mut bind);
    if let Some((other, kind, is_own)) = after {
        let (other, kind) = (bind(other.into()), bind(kind.as_str().into()));
        // The record's own come last.
        let behind = if is_own {
            ""
        } else {
            " OR l.link_kind = KIND AND l.is_own"
        };
        narrowed += &format!(
            " AND (l.other > {other} OR l.other = {other} AND (l.link_kind > {kind}{}))",
            behind.replace("KIND", &kind)
        );
    }
    let limit = bind(limit.into());
    let text = format!(
        "SELECT {COLUMNS}, l.link_kind, l.is_own FROM (\
         SELECT to_id AS other, kind AS link_kind, TRUE AS is_own FROM record_links WHERE from_id = $1 UNION ALL \
         SELECT from_id AS other, kind AS link_kind, FALSE AS is_own FROM record_links WHERE to_id = $1) l \
         JOIN records r ON r.id = l.other JOIN units u ON u.id = r.unit_id WHERE {narrowed} \
         ORDER BY l.other, l.link_kind, l.is_own LIMIT {limit}"
    );
    let query = values
        .into_iter()
        .fold(Statement::new(text), Statement::bind);
    let found: Vec<Found> = on_engine!(db, c => query.load(c))?;
    let linked = |found: Found| {
        let unknown = || Error::internal("a link is of no kind");
        let kind = LinkKind::named(&found.link_kind).ok_or_else(unknown)?;
        Ok((kind, found.is_own, found.other.try_into()?))
    };
    found.into_iter().map(linked).collect()
}

/// Link a record to another one
///
/// To one that the caller reads, of whatever kind: it tells of the same event, follows from it, or is a part of
/// it. Of a draft, of what was returned, or of what is being corrected; by those who record for its unit.
#[utoipa::path(
    operation_id = "create_record_link",
    tag = "records",
    params(("id" = i64, Path, description = "The record's id", example = 12)),
    request_body(content = Link, description = "The other record, and what this one has to do with it"),
    responses((status = 201, description = "The record, linked", body = RecordSummary)),
)]
#[post("/records/{id}/links")]
pub async fn create(
    grant: Grant<ReadRecords>,
    _: NoQuery,
    id: Id<RecordId>,
    (post, if_match): (Post, IfMatch),
    link: Json<Link>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    places::catch_up(&state).await?;
    let caller = grant.caller.clone();
    let new = link.value;
    let write = move |tx: &mut Tx<'_>| {
        let before = found(tx, &caller, id.0)?;
        let record = add(tx, &caller, &before, &if_match, new)?;
        answer(tx, &caller, StatusCode::CREATED, &record)
    };
    state
        .write_once(&grant.caller, post, link.hash, write)
        .await
}

/// Lets a record that may be changed name another one that the caller reads.
pub fn add(
    tx: &mut Tx<'_>,
    caller: &Caller,
    before: &Record,
    if_match: &IfMatch,
    new: Link,
) -> Result<Record> {
    beside::check_changes(tx, caller, before, if_match)?;
    let other = match found(tx, caller, RecordId(new.record_id)) {
        Err(error) if error.code() == Code::NotFound => {
            return Err(Error::at(FieldError::at("/record_id", Code::RecordUnknown)));
        }
        other => other?,
    };
    check_takes(tx, before, &other, new)?;
    let mut beside = before.beside.clone();
    beside.links.push(new);
    changes::set_beside(tx, caller, before, &beside)
}

fn check_takes(tx: &mut Tx<'_>, record: &Record, other: &Record, new: Link) -> Result<()> {
    if other.id == record.id {
        return Err(Error::at(FieldError::at(
            "/record_id",
            Code::LinkedToItself,
        )));
    }
    // Neither twice, nor the other way round: what is a part of another one does not have it as its part.
    let back = record_links::table.find((other.id.0, record.id.0, new.kind.as_str()));
    let back: Option<i64> = back
        .select(record_links::from_id)
        .first(&mut **tx)
        .optional()?;
    if back.is_some() || record.beside.links.contains(&new) {
        return Err(Code::AlreadyLinked.into());
    }
    if new.kind == LinkKind::SameEvent && leads_to(tx, other.id, record.id)? {
        return Err(Code::AlreadyLinked.into());
    }
    if record.beside.links.len() >= LINKS_MAX {
        let field = FieldError::at("", Code::TooMany);
        return Err(Error::at(field.with("max", LINKS_MAX)));
    }
    Ok(())
}

/// Whether a record tells of an event by the word of another one, of which that may tell by the word of a third: each event
/// is counted at the end of such a way, so none leads back.
fn leads_to(tx: &mut Tx<'_>, from: RecordId, sought: RecordId) -> Result<bool> {
    let mut seen = BTreeSet::from([from.0]);
    let mut last = vec![from.0];
    while !last.is_empty() {
        let query = record_links::table
            .filter(record_links::from_id.eq_any(&last))
            .filter(record_links::kind.eq(LinkKind::SameEvent.as_str()))
            .select(record_links::to_id);
        let next: Vec<i64> = on_engine!(&mut **tx, c => query.load(c))?;
        last = next.into_iter().filter(|id| seen.insert(*id)).collect();
    }
    Ok(seen.contains(&sought.0))
}

/// Take a link away from a record
///
/// One that it names itself. Of a draft, of what was returned, or of what is being corrected.
#[utoipa::path(
    operation_id = "delete_record_link",
    tag = "records",
    params(
        ("id" = i64, Path, description = "The record's id", example = 12),
        ("kind" = inline(LinkKind), Path, description = "What it has to do with it", example = "same_event"),
        ("other" = i64, Path, description = "The other record's id", example = 9),
    ),
    responses((status = 200, description = "The record without the link", body = RecordSummary)),
)]
#[delete("/records/{id}/links/{kind}/{other}")]
pub async fn delete(
    grant: Grant<ReadRecords>,
    _: NoQuery,
    id: Id<RecordId>,
    path: web::Path<(String, String, String)>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let (_, kind, other) = path.into_inner();
    let kind = LinkKind::named(&kind).ok_or(Code::NotFound)?;
    let record_id: i64 = other.parse().map_err(|_| Code::NotFound)?;
    places::catch_up(&state).await?;
    let caller = grant.caller.clone();
    let answer = state
        .write(&grant.caller, move |tx| {
            let before = found(tx, &caller, id.0)?;
            beside::check_changes(tx, &caller, &before, &if_match)?;
            let mut beside = before.beside.clone();
            beside
                .links
                .retain(|link| *link != Link { kind, record_id });
            if beside == before.beside {
                return Err(Code::NotFound.into());
            }
            let record = changes::set_beside(tx, &caller, &before, &beside)?;
            answer(tx, &caller, StatusCode::OK, &record)
        })
        .await?;
    Ok(answer.into())
}

/// Lets a record name these others, and no more.
pub(super) fn name_others(tx: &mut Tx<'_>, record: RecordId, beside: &Beside) -> Result<()> {
    let of_record = record_links::table.filter(record_links::from_id.eq(record.0));
    diesel::delete(of_record).execute(&mut **tx)?;
    // What was linked by a content that comes back may be gone meanwhile.
    let others = beside.links.iter().map(|link| link.record_id);
    let others = records::table.filter(records::id.eq_any(others));
    let others: Vec<i64> = others.select(records::id).load(&mut **tx)?;
    let live = beside.links.iter();
    let live = live.filter(|link| others.contains(&link.record_id));
    let rows: Vec<_> = live
        .map(|link| {
            (
                record_links::from_id.eq(record.0),
                record_links::to_id.eq(link.record_id),
                record_links::kind.eq(link.kind.as_str()),
            )
        })
        .collect();
    // Several rows in one statement are more than the two engines share.
    on_engine!(&mut **tx, c => diesel::insert_into(record_links::table).values(&rows).execute(c))?;
    Ok(())
}

//! What the addresses of every catalogue do. Each stands with its documentation beside its catalogue.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use liendoan_core::{Db, Tx, sealer};

use super::model::{Catalogue, EntryId, Fields};
use super::queries::{self, Wanted};
use super::uses;
use crate::http::grant::{EditReferenceData, ReadReferenceData};
use crate::http::{
    Answer, Grant, Id, IfMatch, IfNoneMatch, Json, List, Patch, Post, Problem, State, precondition,
};

pub async fn list<C: Catalogue, F>(
    grant: Grant<ReadReferenceData>,
    list: List<F>,
    wanted: Wanted,
    known: IfNoneMatch,
    state: &State,
) -> Result<HttpResponse, Problem> {
    let start = list.start::<(i32, i64)>()?;
    let (counts, limit) = (list.counts(), list.rows_to_read());
    let scope = grant.scope().clone();
    let may_edit = grant.caller.may::<EditReferenceData>();
    let (version, found) = state
        .store
        .read(move |db| {
            let version = sealer::position_of(db, C::TOPIC)?;
            if version.is_some_and(|version| known.has(version)) {
                return Ok((version, None));
            }
            let entries = queries::list::<C>(db, &scope, &wanted, start, limit)?;
            let total = counts.then(|| queries::count::<C>(db, &scope, &wanted));
            Ok((version, Some((entries, total.transpose()?))))
        })
        .await?;
    let Some((entries, total)) = found else {
        return Ok(precondition::unchanged(version.unwrap_or_default()));
    };
    list.answer(
        version,
        entries,
        total,
        |entry| (entry.fields.common.rank, entry.id.0),
        |entry| entry.into_view(may_edit),
    )
}

pub async fn read<C: Catalogue>(
    grant: Grant<ReadReferenceData>,
    id: Id<EntryId>,
    known: IfNoneMatch,
    state: &State,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let may_edit = grant.caller.may::<EditReferenceData>();
    let find = move |db: &mut Db| queries::find::<C>(db, &scope, id.0);
    let entry = state.store.query(find).await?;
    Ok(known.answer(entry.version, &entry.into_view(may_edit)))
}

pub async fn create<C: Catalogue>(
    grant: Grant<EditReferenceData>,
    post: Post,
    content: Json<C::Content>,
    state: &State,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::<C>::of(content.value)?;
    let scope = grant.scope().clone();
    let write = move |tx: &mut Tx<'_>| {
        let entry = queries::create(tx, &scope, &fields)?;
        uses::check_names(tx, &scope, &fields)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/{}/{}", C::NAME, entry.id))
            .version(entry.version)
            .json(&entry.into_view(true))
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

pub async fn update<C: Catalogue>(
    grant: Grant<EditReferenceData>,
    id: Id<EntryId>,
    if_match: IfMatch,
    patch: Patch<C::Content>,
    state: &State,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let write = move |tx: &mut Tx<'_>| {
        let before = queries::find::<C>(tx, &scope, id.0)?;
        if_match.check(before.version)?;
        let fields = Fields::of(patch.apply(&before.to_content())?)?;
        let entry = queries::update(tx, &scope, &before, &fields)?;
        uses::check_names(tx, &scope, &fields)?;
        Ok(entry)
    };
    let entry = state.write(&grant.caller, write).await?;
    Ok(Answer::new(StatusCode::OK)
        .version(entry.version)
        .json(&entry.into_view(true))?
        .into())
}

pub async fn delete<C: Catalogue>(
    grant: Grant<EditReferenceData>,
    id: Id<EntryId>,
    if_match: IfMatch,
    state: &State,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let write = move |tx: &mut Tx<'_>| {
        let before = queries::find::<C>(tx, &scope, id.0)?;
        if_match.check(before.version)?;
        queries::delete(tx, &scope, &before)
    };
    state.write(&grant.caller, write).await?;
    Ok(HttpResponse::NoContent().finish())
}

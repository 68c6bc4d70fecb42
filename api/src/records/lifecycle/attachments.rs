//! The addresses `/records/{id}/attachments`: evidence, of records of whatever kind.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, post, web};
use liendoan_core::audit::Entry;
use liendoan_core::{Code, Error, Tx};
use serde_json::json;

use super::beside::{self, Attachment};
use super::model::RecordSummary;
use super::{Record, RecordId, queries, rights};
use crate::http::file::{Binary, FileName, Ranged, Upload, download};
use crate::http::grant::{Caller, ReadRecords};
use crate::http::list::{NoQuery, Query};
use crate::http::{Answer, Grant, Id, IfMatch, IfNoneMatch, Post, Problem, State, precondition};
use crate::tree::places;

/// The hash in the address.
pub struct Hash(String);

impl FromRequest for Hash {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("sha256").unwrap_or_default();
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        ready(if text.len() == 64 && text.bytes().all(is_digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Code::NotFound.into())
        })
    }
}

/// One that the caller reads, to be changed.
pub(super) fn found(tx: &mut Tx<'_>, caller: &Caller, id: RecordId) -> Result<Record, Error> {
    let scope = caller.scope::<ReadRecords>();
    queries::find(tx, &scope, None, id)
}

/// A record as whoever has just changed it sees it.
pub(super) fn answer(
    tx: &mut Tx<'_>,
    caller: &Caller,
    status: StatusCode,
    record: &Record,
) -> Result<Answer, Error> {
    let today = tx.today();
    let allowed = rights::allowed_of(tx, caller, record, today)?;
    let answer = Answer::new(status).version(record.version);
    answer.json(&record.summary(allowed))
}

/// Attach a file to a record
///
/// Evidence: a photograph, a list, a scan. The body is the file itself, and must be what its Content-Type says. Of
/// an image the picture alone is kept, without place, day and camera.
/// Of a draft, of what was returned, or of what is being corrected; by those who record for its unit.
#[utoipa::path(
    operation_id = "create_record_attachment",
    tag = "records",
    params(("id" = i64, Path, description = "The record's id", example = 12), FileName),
    request_body(description = "The bytes of the file", content((Binary = "*/*"))),
    responses((status = 201, description = "The record with the file", body = RecordSummary,
        headers(("Location" = String, description = "Address of the file")))),
)]
#[post("/records/{id}/attachments")]
pub async fn create(
    grant: Grant<ReadRecords>,
    name: Query<FileName>,
    id: Id<RecordId>,
    (post, if_match): (Post, IfMatch),
    upload: Upload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    places::catch_up(&state).await?;
    // Asked now, so that what is refused is not even read; decided below.
    let (caller, known, is_new) = (grant.caller.clone(), if_match.clone(), !post.has_key());
    let check = move |tx: &mut Tx<'_>| {
        let before = found(tx, &caller, id.0)?;
        rights::check_edits(tx, &caller, &before)?;
        if is_new {
            beside::check_changes(tx, &caller, &before, &known)?;
        }
        // Else it may have been done already: then it has another version, and its first answer stands.
        Ok(())
    };
    state.write(&grant.caller, check).await?;
    let file = upload
        .receive(&state, &grant.caller, &name.0, Some(&post))
        .await?;
    let (caller, request_hash) = (grant.caller.clone(), file.request_hash());
    let write = move |tx: &mut Tx<'_>| {
        let before = found(tx, &caller, id.0)?;
        beside::check_changes(tx, &caller, &before, &if_match)?;
        let record = beside::attach(tx, &caller, &before, &file)?;
        let address = format!("/api/v1/records/{}/attachments/{}", record.id, file.sha256);
        Ok(answer(tx, &caller, StatusCode::CREATED, &record)?.location(address))
    };
    state
        .write_once(&grant.caller, post, request_hash, write)
        .await
}

/// Read a file of a record
///
/// Also one that only an earlier approved content has. To be saved under its name; its ETag is its hash. Each
/// reading is in the audit log, since evidence may show people.
#[utoipa::path(
    operation_id = "read_record_attachment",
    tag = "records",
    params(
        ("id" = i64, Path, description = "The record's id", example = 12),
        ("sha256" = String, Path, description = "The file's hash",
            example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        Ranged, IfNoneMatch,
    ),
    responses((status = 200, description = "The file", content((Binary = "*/*")))),
)]
#[get("/records/{id}/attachments/{sha256}")]
pub async fn read(
    grant: Grant<ReadRecords>,
    _: NoQuery,
    id: Id<RecordId>,
    hash: Hash,
    (ranged, known): (Ranged, IfNoneMatch),
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    places::catch_up(&state).await?;
    let (scope, sha256) = (grant.scope().clone(), hash.0);
    let (record, file) = state
        .store
        .read(move |db| {
            let record = queries::find(db, &scope, None, id.0)?;
            let file = queries::attachment(db, &scope, &record, &sha256)?;
            Ok((record, file))
        })
        .await?;
    if known.has(&file.sha256) {
        return Ok(precondition::unchanged(&file.sha256));
    }
    let bytes = (file.sha256.as_str(), file.size);
    let answer = download(&state.files, &file.name, &file.media_type, bytes, &ranged).await?;
    leave_entry(&state, &grant.caller, &record, &file).await?;
    Ok(answer)
}

/// Before the answer: nobody reads of others unseen.
async fn leave_entry(
    state: &State,
    caller: &Caller,
    record: &Record,
    file: &Attachment,
) -> Result<(), Error> {
    let (id, kind) = (record.id, record.kind);
    let told = json!({"sha256": file.sha256, "name": file.name});
    let write = move |tx: &mut Tx<'_>| {
        let units = queries::units_above(tx, &liendoan_core::Scope::All, id)?;
        tx.audit(Entry {
            action: &format!("{}.attachment_read", kind.as_str()),
            object_id: Some(id.0),
            units: &units,
            after: Some(&told),
            ..Entry::default()
        })
    };
    state.write(caller, write).await
}

/// Take a file away from a record
///
/// Of a draft, of what was returned, or of what is being corrected. A content that was approved keeps the file.
#[utoipa::path(
    operation_id = "delete_record_attachment",
    tag = "records",
    params(
        ("id" = i64, Path, description = "The record's id", example = 12),
        ("sha256" = String, Path, description = "The file's hash",
            example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ),
    responses((status = 200, description = "The record without the file", body = RecordSummary)),
)]
#[delete("/records/{id}/attachments/{sha256}")]
pub async fn delete(
    grant: Grant<ReadRecords>,
    _: NoQuery,
    id: Id<RecordId>,
    hash: Hash,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    places::catch_up(&state).await?;
    let (caller, sha256) = (grant.caller.clone(), hash.0);
    let answer = state
        .write(&grant.caller, move |tx| {
            let before = found(tx, &caller, id.0)?;
            beside::check_changes(tx, &caller, &before, &if_match)?;
            let record = beside::detach(tx, &caller, &before, &sha256)?;
            answer(tx, &caller, StatusCode::OK, &record)
        })
        .await?;
    Ok(answer.into())
}

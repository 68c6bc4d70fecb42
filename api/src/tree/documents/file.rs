//! The address `/documents/{id}/file`: a document's one file.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, put, web};
use liendoan_core::{Code, Db, Result};

use super::DocumentId;
use super::model::{DocumentFile, DocumentView};
use super::queries;
use crate::http::file::{Binary, FileName, Ranged, Upload, download};
use crate::http::grant::{EditDocuments, ReadDocuments};
use crate::http::list::{NoQuery, Query};
use crate::http::{Answer, Grant, Id, IfMatch, IfNoneMatch, Problem, State, precondition};

/// Set a document's file
///
/// Takes the place of the one that was there. The body is the file itself, and must be what its
/// Content-Type says. Of an image the picture alone is kept, without place, day and camera.
#[utoipa::path(
    operation_id = "put_document_file",
    tag = "documents",
    params(("id" = i64, Path, description = "The document's id", example = 3), FileName),
    request_body(description = "The bytes of the file", content((Binary = "*/*"))),
    responses((status = 200, description = "The document with its file", body = DocumentView)),
)]
#[put("/documents/{id}/file")]
pub async fn put(
    grant: Grant<EditDocuments>,
    name: Query<FileName>,
    id: Id<DocumentId>,
    if_match: IfMatch,
    upload: Upload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let find = {
        let (scope, if_match) = (grant.scope().clone(), if_match.clone());
        move |db: &mut Db| {
            let document = queries::find(db, &scope, id.0)?;
            if_match.check(document.version)
        }
    };
    // Looked at now, so that what is refused leaves nothing in the store; decided below.
    state.store.query(find).await?;
    let received = upload.receive(&state, &grant.caller, &name.0, None).await?;
    let file = DocumentFile::from(received);
    set(&state, grant, id.0, if_match, Some(file)).await
}

/// Read a document's file
///
/// The file as it was sent, to be saved under its name. Its ETag is its hash.
#[utoipa::path(
    operation_id = "read_document_file",
    tag = "documents",
    params(("id" = i64, Path, description = "The document's id", example = 3), Ranged, IfNoneMatch),
    responses((status = 200, description = "The file", content((Binary = "*/*")))),
)]
#[get("/documents/{id}/file")]
pub async fn read(
    grant: Grant<ReadDocuments>,
    _: NoQuery,
    id: Id<DocumentId>,
    (ranged, known): (Ranged, IfNoneMatch),
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let find = move |db: &mut Db| queries::find(db, &scope, id.0);
    let file = state.store.query(find).await?.file.ok_or(Code::NotFound)?;
    if known.has(&file.sha256) {
        return Ok(precondition::unchanged(&file.sha256));
    }
    let bytes = (file.sha256.as_str(), file.size);
    download(&state.files, &file.name, &file.media_type, bytes, &ranged).await
}

/// Delete a document's file
///
/// The document stays, without a file.
#[utoipa::path(
    operation_id = "delete_document_file",
    tag = "documents",
    params(("id" = i64, Path, description = "The document's id", example = 3)),
    responses((status = 200, description = "The document without a file", body = DocumentView)),
)]
#[delete("/documents/{id}/file")]
pub async fn delete(
    grant: Grant<EditDocuments>,
    _: NoQuery,
    id: Id<DocumentId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    set(&state, grant, id.0, if_match, None).await
}

/// Gives the document this file or none, and answers with the document.
async fn set(
    state: &State,
    grant: Grant<EditDocuments>,
    id: DocumentId,
    if_match: IfMatch,
    file: Option<DocumentFile>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let document = state
        .write(&grant.caller, move |tx| {
            let before = queries::find_to_write(tx, &scope, id)?;
            if_match.check(before.version)?;
            if before.file.is_none() && file.is_none() {
                return Err(Code::NotFound.into());
            }
            if before.file == file {
                return Ok(before);
            }
            queries::set_file(tx, &scope, &before, file.clone())
        })
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .version(document.version)
        .json(&document.to_view(true))?
        .into())
}

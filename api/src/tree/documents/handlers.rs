//! The addresses under `/documents`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::error::FieldError;
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::{Db, Error, Result, Tx, sealer};
use serde::Deserialize;
use utoipa::IntoParams;

use super::DocumentId;
use super::model::{DocumentContent, DocumentView};
use super::queries::{self, Wanted};
use crate::http::grant::{EditDocuments, ReadDocuments};
use crate::http::list::{NoQuery, Paging};
use crate::http::{
    Answer, Grant, Id, IfMatch, IfNoneMatch, Json, List, Page, Patch, Post, Problem, State,
    precondition,
};

/// What a list of documents is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DocumentFilter {
    /// Only documents of exactly this number. Issuers number for themselves: it may be several.
    pub number: Option<String>,
}

impl DocumentFilter {
    /// The number is looked for in the form in which numbers are stored.
    fn wanted(&self) -> Result<Wanted> {
        let number = self.number.as_deref().map(|n| text::name(n, NAME_MAX));
        let refused = |code| Error::at(FieldError::parameter("number", code));
        Ok(Wanted {
            number: number.transpose().map_err(refused)?,
        })
    }
}

/// List documents
///
/// All documents, in the order in which they were entered.
#[utoipa::path(
    operation_id = "list_documents",
    tag = "documents",
    params(DocumentFilter, Paging, IfNoneMatch),
    responses((status = 200, description = "A page of documents", body = Page<DocumentView>)),
)]
#[get("/documents")]
pub async fn list(
    grant: Grant<ReadDocuments>,
    list: List<DocumentFilter>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let start = list.start::<i64>()?;
    let wanted = list.filter.wanted()?;
    let (counts, limit) = (list.counts(), list.rows_to_read());
    let scope = grant.scope().clone();
    let may_edit = grant.caller.may::<EditDocuments>();
    let (version, found) = state
        .store
        .read(move |db| {
            let version = sealer::position_of(db, queries::TOPIC)?;
            if version.is_some_and(|version| known.has(version)) {
                return Ok((version, None));
            }
            let documents = queries::list(db, &scope, &wanted, start, limit)?;
            let total = counts.then(|| queries::count(db, &scope, &wanted));
            Ok((version, Some((documents, total.transpose()?))))
        })
        .await?;
    let Some((documents, total)) = found else {
        return Ok(precondition::unchanged(version.unwrap_or_default()));
    };
    list.answer(
        version,
        documents,
        total,
        |document| document.id.0,
        |document| document.to_view(may_edit),
    )
}

/// Read a document
///
/// One document by its id, with its version as ETag.
#[utoipa::path(
    operation_id = "read_document",
    tag = "documents",
    params(("id" = i64, Path, description = "The document's id", example = 3), IfNoneMatch),
    responses((status = 200, description = "The document", body = DocumentView)),
)]
#[get("/documents/{id}")]
pub async fn read(
    grant: Grant<ReadDocuments>,
    _: NoQuery,
    id: Id<DocumentId>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let may_edit = grant.caller.may::<EditDocuments>();
    let find = move |db: &mut Db| queries::find(db, &scope, id.0);
    let document = state.store.query(find).await?;
    Ok(known.answer(document.version, &document.to_view(may_edit)))
}

/// Create a document
///
/// Number or title must be given; what is not known stays null. Two documents may bear one number.
#[utoipa::path(
    operation_id = "create_document",
    tag = "documents",
    request_body(content = DocumentContent, description = "The new document"),
    responses((status = 201, description = "The new document", body = DocumentView,
        headers(("Location" = String, description = "Address of the document")))),
)]
#[post("/documents")]
pub async fn create(
    grant: Grant<EditDocuments>,
    _: NoQuery,
    post: Post,
    content: Json<DocumentContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let content_to_store = content.value.check()?;
    let scope = grant.scope().clone();
    let write = move |tx: &mut Tx<'_>| {
        let document = queries::create(tx, &scope, &content_to_store)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/documents/{}", document.id))
            .version(document.version)
            .json(&document.to_view(true))
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Update a document
///
/// A merge patch (RFC 7396): members given are set, null clears, the rest stays.
#[utoipa::path(
    operation_id = "update_document",
    tag = "documents",
    params(("id" = i64, Path, description = "The document's id", example = 3)),
    request_body(
        content = Patch<DocumentContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"date": "2025-04-12", "issuer": null}),
    ),
    responses((status = 200, description = "The document after the change", body = DocumentView)),
)]
#[patch("/documents/{id}")]
pub async fn update(
    grant: Grant<EditDocuments>,
    _: NoQuery,
    id: Id<DocumentId>,
    if_match: IfMatch,
    patch: Patch<DocumentContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let document = state
        .write(&grant.caller, move |tx| {
            let before = queries::find_to_write(tx, &scope, id.0)?;
            if_match.check(before.version)?;
            let content = patch.apply(&before.to_content())?.check()?;
            if content == before.content {
                return Ok(before);
            }
            queries::update(tx, &scope, &before, &content)
        })
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .version(document.version)
        .json(&document.to_view(true))?
        .into())
}

/// Delete a document
///
/// Removes a document on which nothing rests. One that a reorganisation names stays, even after the
/// reorganisation was annulled.
#[utoipa::path(
    operation_id = "delete_document",
    tag = "documents",
    params(("id" = i64, Path, description = "The document's id", example = 3)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/documents/{id}")]
pub async fn delete(
    grant: Grant<EditDocuments>,
    _: NoQuery,
    id: Id<DocumentId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    state
        .write(&grant.caller, move |tx| {
            let before = queries::find_to_write(tx, &scope, id.0)?;
            if_match.check(before.version)?;
            queries::delete(tx, &before)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

//! One step of a record, of whatever kind: the addresses `/records/{id}:…`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use liendoan_core::error::FieldError;
use liendoan_core::{Code, Error, Tx, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::changes::{self, Because};
use super::model::RecordSummary;
use super::state::Action;
use super::{RecordId, queries, rights};
use crate::http::grant::{Caller, ReadRecords};
use crate::http::list::NoQuery;
use crate::http::{Answer, Grant, Id, IfMatch, Json, Post, Problem, State};
use crate::tree::places;

/// The longest reason, in characters.
const REASON_MAX: usize = 2_000;
const PLACES_MAX: usize = 50;
/// The longest pointer to a place, in characters.
const PLACE_MAX: usize = 200;

/// Why a step is taken.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Thiếu danh sách kèm theo", "places": ["/participants"]}))]
pub struct StepContent {
    /// Required for `return`, `correct` and `withdraw`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: Option<String>,
    /// JSON Pointers (RFC 6901) to what is to be mended in the content; for `return`.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub places: Vec<String>,
}

impl StepContent {
    /// As it is kept, of a step.
    pub fn check(self, action: Action) -> Result<Because, Error> {
        let mut refused = Vec::new();
        let reason = self.reason.and_then(|reason| {
            let read = text::paragraphs(&reason, REASON_MAX);
            read.map_err(|code| {
                refused.push(FieldError::at("/reason", code).with("max", REASON_MAX))
            })
            .ok()
        });
        if action != Action::Return && !self.places.is_empty() {
            refused.push(FieldError::at("/places", Code::NotApplicable));
        }
        if self.places.len() > PLACES_MAX {
            refused.push(FieldError::at("/places", Code::TooMany).with("max", PLACES_MAX));
        }
        for (index, place) in self.places.iter().enumerate().take(PLACES_MAX) {
            let is_pointer =
                place.starts_with('/') && text::name(place, PLACE_MAX).as_ref() == Ok(place);
            if !is_pointer {
                refused.push(FieldError::at(
                    format!("/places/{index}"),
                    Code::PointerInvalid,
                ));
            }
        }
        if refused.is_empty() {
            Ok(Because {
                reason,
                places: self.places,
            })
        } else {
            Err(Error::fields(refused))
        }
    }
}

/// Finds what the caller reads, takes the step, and tells what the record is then.
pub fn take(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: RecordId,
    if_match: &IfMatch,
    action: Action,
    because: &Because,
) -> Result<RecordSummary, Error> {
    let (today, scope) = (tx.today(), caller.scope::<ReadRecords>());
    let before = queries::find(tx, &scope, None, id)?;
    let after = changes::act(tx, caller, &before, if_match, action, because)?;
    // A step leaves the record where it is.
    let record = after.ok_or(Code::NotFound)?;
    let allowed = rights::allowed_of(tx, caller, &record, today)?;
    Ok(record.summary(allowed))
}

/// One step by its own address.
macro_rules! step {
    ($(#[$meta:meta])* $name:ident, $address:literal, $action:expr) => {
        $(#[$meta])*
        #[post($address)]
        pub async fn $name(
            grant: Grant<ReadRecords>,
            _: NoQuery,
            id: Id<RecordId>,
            post: Post,
            if_match: IfMatch,
            content: Json<StepContent>,
            state: web::Data<State>,
        ) -> Result<HttpResponse, Problem> {
            let because = content.value.check($action)?;
            places::catch_up(&state).await?;
            let caller = grant.caller.clone();
            let write = move |tx: &mut Tx<'_>| {
                let record = take(tx, &caller, id.0, &if_match, $action, &because)?;
                Answer::new(StatusCode::OK)
                    .version(record.head.version)
                    .json(&record)
            };
            state
                .write_once(&grant.caller, post, content.hash, write)
                .await
        }
    };
}

step! {
    /// Submit a record
    ///
    /// Sends a draft, or what was returned, up for approval. Whoever submits does not approve.
    #[utoipa::path(
        operation_id = "submit_record",
        tag = "records",
        params(("id" = i64, Path, description = "The record's id", example = 12)),
        request_body(content = StepContent, description = "Nothing needs to be said", example = json!({})),
        responses((status = 200, description = "The record, which waits now", body = RecordSummary)),
    )]
    submit, "/records/{id}:submit", Action::Submit
}

step! {
    /// Take a record back
    ///
    /// Makes a draft again of what was submitted and nobody has decided on yet.
    #[utoipa::path(
        operation_id = "recall_record",
        tag = "records",
        params(("id" = i64, Path, description = "The record's id", example = 12)),
        request_body(content = StepContent, description = "Nothing needs to be said", example = json!({})),
        responses((status = 200, description = "The record, a draft again", body = RecordSummary)),
    )]
    recall, "/records/{id}:recall", Action::Recall
}

step! {
    /// Approve a record
    ///
    /// By the nearest superior unit, in today's tree, at which somebody may who neither wrote nor submitted
    /// it. From then on it counts, and its content is locked.
    #[utoipa::path(
        operation_id = "approve_record",
        tag = "records",
        params(("id" = i64, Path, description = "The record's id", example = 12)),
        request_body(content = StepContent, description = "Nothing needs to be said", example = json!({})),
        responses((status = 200, description = "The record, which counts now", body = RecordSummary)),
    )]
    approve, "/records/{id}:approve", Action::Approve
}

step! {
    /// Return a record
    ///
    /// Sends it back with a reason and the places that are to be mended. By those who may approve it.
    #[utoipa::path(
        operation_id = "return_record",
        tag = "records",
        params(("id" = i64, Path, description = "The record's id", example = 12)),
        request_body(content = StepContent, description = "The reason"),
        responses((status = 200, description = "The record, which can be mended now", body = RecordSummary)),
    )]
    return_, "/records/{id}:return", Action::Return
}

step! {
    /// Correct a record
    ///
    /// Opens what was approved for new content. Until that is approved in its turn, the old one counts.
    #[utoipa::path(
        operation_id = "correct_record",
        tag = "records",
        params(("id" = i64, Path, description = "The record's id", example = 12)),
        request_body(content = StepContent, description = "The reason"),
        responses((status = 200, description = "The record, whose content can be changed now", body = RecordSummary)),
    )]
    correct, "/records/{id}:correct", Action::Correct
}

step! {
    /// Withdraw a record
    ///
    /// Lets what was approved count no more. It stays, with the reason. By those who may approve it.
    #[utoipa::path(
        operation_id = "withdraw_record",
        tag = "records",
        params(("id" = i64, Path, description = "The record's id", example = 12)),
        request_body(content = StepContent, description = "The reason"),
        responses((status = 200, description = "The record, which counts no more", body = RecordSummary)),
    )]
    withdraw, "/records/{id}:withdraw", Action::Withdraw
}

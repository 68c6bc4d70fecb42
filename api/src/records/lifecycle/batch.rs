//! Steps of many records at once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use liendoan_core::error::FieldError;
use liendoan_core::{Code, Error, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RecordId;
use super::model::RecordSummary;
use super::state::Action;
use super::steps::{StepContent, take};
use crate::http::batch::{BatchProblem, MAX_ITEMS};
use crate::http::grant::{Caller, ReadRecords};
use crate::http::list::NoQuery;
use crate::http::{Answer, Grant, IfMatch, Json, Post, Problem, State};
use crate::tree::places;

/// Steps that are taken of records as they are, not of their contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepAction {
    Submit,
    Recall,
    Approve,
    Return,
    Correct,
    Withdraw,
}

impl From<StepAction> for Action {
    fn from(action: StepAction) -> Self {
        match action {
            StepAction::Submit => Self::Submit,
            StepAction::Recall => Self::Recall,
            StepAction::Approve => Self::Approve,
            StepAction::Return => Self::Return,
            StepAction::Correct => Self::Correct,
            StepAction::Withdraw => Self::Withdraw,
        }
    }
}

/// Steps of several records. Each stands for itself: one that is refused leaves the others alone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [
    {"id": 12, "version": 2, "action": "approve"},
    {"id": 13, "version": 4, "action": "return", "reason": "Thiếu danh sách kèm theo", "places": ["/participants"]}
]}))]
pub struct Steps {
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<StepItem>,
}

/// One step.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": 12, "version": 2, "action": "approve"}))]
pub struct StepItem {
    pub id: i64,
    /// The version that was read, as `If-Match` is for a single step.
    pub version: i32,
    #[schema(inline)]
    pub action: StepAction,
    /// Required for `return`, `correct` and `withdraw`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: Option<String>,
    /// JSON Pointers (RFC 6901) to what is to be mended in the content; for `return`.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub places: Vec<String>,
}

/// What became of each step, in their order.
#[derive(Serialize, ToSchema)]
pub struct StepsAnswer {
    pub items: Vec<StepAnswer>,
    pub succeeded: usize,
    pub failed: usize,
}

/// What became of a step.
#[derive(Serialize, ToSchema)]
pub struct StepAnswer {
    /// The HTTP status that the step alone would have had.
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub content: Option<RecordSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub problem: Option<BatchProblem>,
}

/// Take many steps
///
/// Submit, approve, return and so on, up to 1,000 at once, each answered for itself. All that succeed are
/// written together.
#[utoipa::path(
    operation_id = "batch_record_steps",
    tag = "records",
    request_body(content = Steps, description = "The steps"),
    responses((status = 207, description = "What became of each", body = StepsAnswer,
        example = json!({"items": [
            {"status": 409, "problem":
                {"code": "state_forbids", "params": {"state": "approved", "action": "approve"}, "errors": []}}
        ], "succeeded": 0, "failed": 1}))),
)]
#[post("/records:batch")]
pub async fn batch(
    grant: Grant<ReadRecords>,
    _: NoQuery,
    post: Post,
    steps: Json<Steps>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    post.require_key()?;
    let items = steps.value.items;
    let code = match items.len() {
        0 => Some(Code::TooFew),
        n if n > MAX_ITEMS => Some(Code::TooMany),
        _ => None,
    };
    if let Some(code) = code {
        let field = FieldError::at("/items", code);
        return Err(Error::at(field.with("min", 1).with("max", MAX_ITEMS)).into());
    }
    places::catch_up(&state).await?;
    let caller = grant.caller.clone();
    let write = move |tx: &mut Tx<'_>| {
        let mut answers = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let outcome = tx.attempt(|tx| take_item(tx, &caller, item));
            answers.push(match outcome {
                Ok(record) => StepAnswer {
                    status: 200,
                    content: Some(record),
                    problem: None,
                },
                // Not the item's fault: the whole batch is given up, and perhaps run again.
                Err(error) if error.code().status() >= 500 || error.is_worth_retrying() => {
                    return Err(error);
                }
                Err(error) => StepAnswer {
                    status: error.code().status(),
                    content: None,
                    problem: Some(error.under(&format!("/items/{index}")).into()),
                },
            });
        }
        let failed = answers
            .iter()
            .filter(|answer| answer.problem.is_some())
            .count();
        Answer::new(StatusCode::MULTI_STATUS).json(&StepsAnswer {
            succeeded: answers.len() - failed,
            failed,
            items: answers,
        })
    };
    state
        .write_once(&grant.caller, post, steps.hash, write)
        .await
}

fn take_item(tx: &mut Tx<'_>, caller: &Caller, item: &StepItem) -> Result<RecordSummary, Error> {
    let action = item.action.into();
    let content = StepContent {
        reason: item.reason.clone(),
        places: item.places.clone(),
    };
    let because = content.check(action)?;
    let if_match = IfMatch::Versions(vec![item.version.into()]);
    take(tx, caller, RecordId(item.id), &if_match, action, &because)
}

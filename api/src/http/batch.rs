//! Batches: many writes of one kind in one request, answered item by item.

use liendoan_core::error::{Code, FieldError};
use liendoan_core::{Error, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Patch;
use super::problem::ProblemField;

/// Items of a batch at most.
pub const MAX_ITEMS: usize = 1_000;

/// Several writes. Each stands for itself: one that is refused leaves the others alone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch<T: ToSchema> {
    #[schema(min_items = 1, max_items = 1000)]
    #[serde(bound(deserialize = ""))]
    pub items: Vec<BatchItem<T>>,
}

/// What to do with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchAction {
    Create,
    Update,
    Delete,
}

/// One write of a batch.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchItem<T: ToSchema> {
    #[schema(inline)]
    pub action: BatchAction,
    /// Which one; for `update` and `delete`.
    pub id: Option<i64>,
    /// The version that was read, as `If-Match` is for a single write; for `update` and `delete`.
    pub version: Option<i32>,
    /// The whole for `create`, a merge patch (RFC 7396) for `update`, nothing for `delete`.
    #[serde(bound(deserialize = ""))]
    pub content: Option<Patch<T>>,
}

/// What became of a batch, in the order of its items.
#[derive(Serialize, ToSchema)]
pub struct BatchAnswer<T> {
    pub items: Vec<BatchItemAnswer<T>>,
    pub succeeded: usize,
    pub failed: usize,
}

/// What became of an item: `content` where it exists now, `problem` where it was refused.
#[derive(Serialize, ToSchema)]
pub struct BatchItemAnswer<T> {
    /// The HTTP status that the item alone would have had.
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub content: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub problem: Option<BatchProblem>,
}

/// Why an item was refused; as in the problem that it alone would have got.
#[derive(Serialize, ToSchema)]
pub struct BatchProblem {
    pub code: &'static str,
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    /// Pointers lead into the batch: `/items/7/content/name_vi`.
    pub errors: Vec<ProblemField>,
}

impl From<Error> for BatchProblem {
    fn from(error: Error) -> Self {
        Self {
            code: error.code().as_str(),
            params: error.params().clone(),
            errors: error.field_errors().iter().map(Into::into).collect(),
        }
    }
}

/// A well-formed item.
pub enum Change<T> {
    Create(T),
    Update {
        id: i64,
        version: i32,
        patch: Patch<T>,
    },
    Delete {
        id: i64,
        version: i32,
    },
}

impl<T: Serialize + serde::de::DeserializeOwned + ToSchema> BatchItem<T> {
    fn change(&self) -> Result<Change<T>, Error> {
        let required = |name| Error::at(FieldError::at(name, Code::Required));
        let id = || self.id.ok_or_else(|| required("/id"));
        let version = || self.version.ok_or_else(|| required("/version"));
        let content = || self.content.as_ref().ok_or_else(|| required("/content"));
        let out_of_place = match self.action {
            BatchAction::Create if self.id.is_some() => Some("/id"),
            BatchAction::Create if self.version.is_some() => Some("/version"),
            BatchAction::Delete if self.content.is_some() => Some("/content"),
            _ => None,
        };
        if let Some(pointer) = out_of_place {
            return Err(Error::at(FieldError::at(pointer, Code::NotApplicable)));
        }
        Ok(match self.action {
            BatchAction::Create => {
                Change::Create(content()?.to_new().map_err(|e| e.under("/content"))?)
            }
            BatchAction::Update => Change::Update {
                id: id()?,
                version: version()?,
                patch: content()?.clone(),
            },
            BatchAction::Delete => Change::Delete {
                id: id()?,
                version: version()?,
            },
        })
    }
}

impl<T: Serialize + serde::de::DeserializeOwned + ToSchema> Batch<T> {
    pub fn check_size(&self) -> Result<(), Error> {
        let code = match self.items.len() {
            0 => Code::TooFew,
            n if n > MAX_ITEMS => Code::TooMany,
            _ => return Ok(()),
        };
        Err(Error::at(
            FieldError::at("/items", code)
                .with("min", 1)
                .with("max", MAX_ITEMS),
        ))
    }

    /// Does each item by `f`, which answers the status and what is there now.
    pub fn run<R>(
        &self,
        tx: &mut Tx<'_>,
        f: impl Fn(&mut Tx<'_>, Change<T>) -> Result<(u16, Option<R>), Error>,
    ) -> Result<BatchAnswer<R>, Error> {
        let mut items = Vec::with_capacity(self.items.len());
        for (index, item) in self.items.iter().enumerate() {
            let outcome = item
                .change()
                .and_then(|change| tx.attempt(|tx| f(tx, change)));
            items.push(match outcome {
                Ok((status, content)) => BatchItemAnswer {
                    status,
                    content,
                    problem: None,
                },
                // Not the item's fault: the whole batch is given up, and perhaps run again.
                Err(error) if error.code().status() >= 500 || error.is_worth_retrying() => {
                    return Err(error);
                }
                Err(error) => BatchItemAnswer {
                    status: error.code().status(),
                    content: None,
                    problem: Some(error.under(&format!("/items/{index}")).into()),
                },
            });
        }
        let failed = items.iter().filter(|item| item.problem.is_some()).count();
        Ok(BatchAnswer {
            succeeded: items.len() - failed,
            failed,
            items,
        })
    }
}

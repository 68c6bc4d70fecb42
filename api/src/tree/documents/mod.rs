//! Decisions, laws and other papers that reorganisations and records rest on: where a number or a
//! change can be opened down to its source.

pub mod file;
pub mod handlers;
pub mod model;
pub mod queries;

pub use model::{Document, DocumentContent, DocumentFile, DocumentSummary, DocumentView};

use liendoan_core::id;

id! {
    /// A document. Several reorganisations may share one.
    DocumentId
}

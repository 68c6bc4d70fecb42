//! What a document is and what it may look like. No I/O.

use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::{Error, Timestamp, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DocumentId;
use crate::http::file::Received;

/// The longest title, in characters: laws name all that they amend.
const TITLE_MAX: usize = 1_000;

/// What a caller sets: all of a document but its identity. It has a number or a title at least.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DocumentContent, example = json!({
    "number": "60-NQ/TW",
    "date": "2025-04-12",
    "issuer": "Ban Chấp hành Trung ương Đảng khóa XIII",
    "title": "Nghị quyết Hội nghị lần thứ mười một"
}))]
pub struct DocumentContent {
    /// As it is printed; null where that is not known.
    #[schema(min_length = 1, max_length = 300)]
    pub number: Option<String>,
    /// The day on which it was issued; null where that is not known.
    pub date: Option<Day>,
    /// Who issued it; null where that is not known.
    #[schema(min_length = 1, max_length = 300)]
    pub issuer: Option<String>,
    /// What it is about; null where that is not known.
    #[schema(min_length = 1, max_length = 1000)]
    pub title: Option<String>,
    /// Code of the unit whose paper it is: who writes for that unit may edit it. Without it, the one unit
    /// that the caller writes for; of who writes for the whole federation, null: the federation's own.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 64, example = "hn")]
    pub unit: Option<String>,
}

/// Content that obeys the rules, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundContent {
    pub number: Option<String>,
    pub date: Option<Day>,
    pub issuer: Option<String>,
    pub title: Option<String>,
    pub unit: Option<String>,
}

impl DocumentContent {
    /// Holds the content against every rule that needs no other row; names all that it breaks.
    pub fn check(self) -> Result<SoundContent, Error> {
        let mut refused = Vec::new();
        let mut text = |pointer: &str, given: Option<String>, max: usize| {
            text::name(&given?, max)
                .map_err(|code| {
                    let field = FieldError::at(pointer, code);
                    refused.push(match code {
                        Code::TooLong => field.with("max", max),
                        _ => field,
                    });
                })
                .ok()
        };
        let is_unnamed = self.number.is_none() && self.title.is_none();
        let content = SoundContent {
            number: text("/number", self.number, NAME_MAX),
            date: self.date,
            issuer: text("/issuer", self.issuer, NAME_MAX),
            title: text("/title", self.title, TITLE_MAX),
            unit: self.unit,
        };
        if is_unnamed {
            refused.push(FieldError::at("", Code::DocumentUnnamed));
        }
        if refused.is_empty() {
            Ok(content)
        } else {
            Err(Error::fields(refused))
        }
    }
}

/// The file of a document: most often the scan of the decision.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "60-NQ-TW.pdf",
    "media_type": "application/pdf",
    "size": 482133,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct DocumentFile {
    pub name: String,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// Hash of the bytes, in lower-case hexadecimal digits; it is the ETag of the file.
    pub sha256: String,
}

impl From<Received> for DocumentFile {
    fn from(file: Received) -> Self {
        Self {
            name: file.name,
            media_type: file.media_type.to_owned(),
            size: file.size,
            sha256: file.sha256,
        }
    }
}

/// A document as it is kept.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: DocumentId,
    pub version: i32,
    pub content: SoundContent,
    /// Whose paper it is; None for the whole federation's.
    pub unit_id: Option<UnitId>,
    pub file: Option<DocumentFile>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Document {
    /// The content as a caller would send it.
    pub fn to_content(&self) -> DocumentContent {
        let content = self.content.clone();
        DocumentContent {
            number: content.number,
            date: content.date,
            issuer: content.issuer,
            title: content.title,
            unit: content.unit,
        }
    }

    /// The document as a caller sees it.
    pub fn to_view(&self, may_edit: bool) -> DocumentView {
        let content = self.to_content();
        DocumentView {
            id: self.id.0,
            version: self.version,
            number: content.number,
            date: content.date,
            issuer: content.issuer,
            title: content.title,
            unit: content.unit,
            file: self.file.clone(),
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions: if may_edit {
                vec![DocumentAction::Edit, DocumentAction::Delete]
            } else {
                Vec::new()
            },
        }
    }
}

/// A decision, a law or another paper that others rest on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Document, example = json!({
    "id": 3,
    "version": 1,
    "number": "60-NQ/TW",
    "date": "2025-04-12",
    "issuer": "Ban Chấp hành Trung ương Đảng khóa XIII",
    "title": "Nghị quyết Hội nghị lần thứ mười một",
    "unit": "tld",
    "file": {
        "name": "60-NQ-TW.pdf",
        "media_type": "application/pdf",
        "size": 482133,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    },
    "created_at": "2026-11-21T02:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z",
    "allowed_actions": ["edit", "delete"]
}))]
pub struct DocumentView {
    pub id: i64,
    /// Grows by one with each change; it is the ETag.
    pub version: i32,
    /// As it is printed; null where that is not known.
    #[schema(required)]
    pub number: Option<String>,
    /// The day on which it was issued; null where that is not known.
    #[schema(required)]
    pub date: Option<Day>,
    /// Who issued it; null where that is not known.
    #[schema(required)]
    pub issuer: Option<String>,
    /// What it is about; null where that is not known.
    #[schema(required)]
    pub title: Option<String>,
    /// Code of the unit whose paper it is; null: the whole federation's.
    #[schema(required)]
    pub unit: Option<String>,
    /// Its file, to be had at `/documents/{id}/file`; null where there is none.
    #[schema(required)]
    pub file: Option<DocumentFile>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What the caller may do with this document.
    pub allowed_actions: Vec<DocumentAction>,
}

/// Something that can be done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentAction {
    Edit,
    Delete,
}

/// The little of a document that names it, for what rests on it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentSummary {
    pub id: i64,
    #[schema(required)]
    pub number: Option<String>,
    #[schema(required)]
    pub date: Option<Day>,
    #[schema(required)]
    pub issuer: Option<String>,
    #[schema(required)]
    pub title: Option<String>,
}

impl From<&Document> for DocumentSummary {
    fn from(document: &Document) -> Self {
        let content = document.to_content();
        Self {
            id: document.id.0,
            number: content.number,
            date: content.date,
            issuer: content.issuer,
            title: content.title,
        }
    }
}

#[cfg(test)]
mod tests {
    use liendoan_core::error::Place;

    use super::*;

    fn refused(content: DocumentContent) -> Vec<(Place, Code)> {
        let error = content.check().unwrap_err();
        let fields = error.field_errors().iter();
        fields.map(|f| (f.place.clone(), f.code)).collect()
    }

    fn at(pointer: &str, code: Code) -> (Place, Code) {
        (Place::Pointer(pointer.to_owned()), code)
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let bad = DocumentContent {
            number: Some(" ".to_owned()),
            issuer: Some("a\u{0}".to_owned()),
            title: Some("x".repeat(TITLE_MAX + 1)),
            ..Default::default()
        };
        assert_eq!(
            refused(bad),
            [
                at("/number", Code::Blank),
                at("/issuer", Code::ControlCharacter),
                at("/title", Code::TooLong),
            ]
        );
    }

    #[test]
    fn a_document_is_known_by_its_number_or_its_title() {
        let dated = DocumentContent {
            date: "2025-04-12".parse().ok(),
            issuer: Some("Tổng Liên đoàn".to_owned()),
            ..Default::default()
        };
        assert_eq!(refused(dated.clone()), [at("", Code::DocumentUnnamed)]);
        let titled = DocumentContent {
            title: Some("x".repeat(TITLE_MAX)),
            ..dated.clone()
        };
        assert!(titled.check().is_ok());
        let numbered = DocumentContent {
            number: Some("1/QĐ".to_owned()),
            ..dated
        };
        assert!(numbered.check().is_ok());
    }
}

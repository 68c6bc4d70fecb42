//! What an entry is and what it may look like. No I/O.

use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::validity::Validity;
use liendoan_core::{Error, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UnitKindId;

/// The longest code of a kind, in characters.
const CODE_MAX: usize = 64;
/// Kinds that may stand under one, at most.
const CHILDREN_MAX: usize = 100;
/// The last place in the order of kinds.
const RANK_MAX: i32 = 1_000_000;

/// What a caller sets: all of an entry but its identity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UnitKindContent, example = json!({
    "kind": "commune_union",
    "level": 3,
    "rank": 60,
    "may_be_root": false,
    "name_vi": "Công đoàn xã, phường, đặc khu",
    "name_en": "Commune or ward union",
    "child_kinds": ["grassroots_union"],
    "from": "2025-07-01",
    "to": null,
    "document": "97/2025/QH15"
}))]
pub struct UnitKindContent {
    /// The kind's code, the same in all its entries. Never changes.
    #[schema(pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", max_length = 64)]
    pub kind: String,
    /// Level 1 to 4 of the union's organisation (Law 50/2024/QH15, article 8); null for kinds outside it.
    #[schema(minimum = 1, maximum = 4)]
    pub level: Option<i32>,
    /// Place in the order of kinds: siblings in the tree are listed by it first.
    #[schema(minimum = 0, maximum = 1000000)]
    pub rank: i32,
    /// Whether a unit of this kind may stand under none.
    #[serde(default)]
    #[schema(default = false)]
    pub may_be_root: bool,
    #[schema(min_length = 1, max_length = 300)]
    pub name_vi: String,
    #[schema(min_length = 1, max_length = 300)]
    pub name_en: String,
    /// Codes of the kinds that may stand directly under this one while this entry holds.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub child_kinds: Vec<String>,
    /// The first day on which the entry holds; null: it always has, as far as is known.
    pub from: Option<Day>,
    /// The first day on which it no longer holds; null: no end is known.
    pub to: Option<Day>,
    /// Number of the law or decision that set it; null where that is not known.
    #[schema(min_length = 1, max_length = 300)]
    pub document: Option<String>,
}

/// Content that obeys the rules, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundContent {
    pub kind: String,
    pub level: Option<i32>,
    pub rank: i32,
    pub may_be_root: bool,
    pub name_vi: String,
    pub name_en: String,
    pub child_kinds: Vec<String>,
    pub validity: Validity,
    pub document: Option<String>,
}

impl UnitKindContent {
    /// Holds the content against every rule that needs no other row; names all that it breaks.
    pub fn check(self) -> Result<SoundContent, Error> {
        let mut refused = Vec::new();
        let mut name = |pointer: &str, name: &str| {
            text::name(name, NAME_MAX).unwrap_or_else(|code| {
                let field = FieldError::at(pointer, code);
                refused.push(match code {
                    Code::TooLong => field.with("max", NAME_MAX),
                    _ => field,
                });
                String::new()
            })
        };
        let name_vi = name("/name_vi", &self.name_vi);
        let name_en = name("/name_en", &self.name_en);
        let document = self.document.as_deref().map(|d| name("/document", d));

        if let Err(code) = text::code(&self.kind, '_', CODE_MAX) {
            refused.push(FieldError::at("/kind", code));
        }
        if self.level.is_some_and(|level| !(1..=4).contains(&level)) {
            let field = FieldError::at("/level", Code::OutOfRange);
            refused.push(field.with("min", 1).with("max", 4));
        }
        if !(0..=RANK_MAX).contains(&self.rank) {
            let field = FieldError::at("/rank", Code::OutOfRange);
            refused.push(field.with("min", 0).with("max", RANK_MAX));
        }
        if self.child_kinds.len() > CHILDREN_MAX {
            let field = FieldError::at("/child_kinds", Code::TooMany);
            refused.push(field.with("max", CHILDREN_MAX));
        }
        for (index, child) in self.child_kinds.iter().enumerate().take(CHILDREN_MAX) {
            let pointer = format!("/child_kinds/{index}");
            if let Err(code) = text::code(child, '_', CODE_MAX) {
                refused.push(FieldError::at(pointer, code));
            } else if self.child_kinds[..index].contains(child) {
                refused.push(FieldError::at(pointer, Code::Repeated));
            }
        }
        let validity = Validity::new(self.from, self.to)
            .inspect_err(|code| refused.push(FieldError::at("/to", *code)));
        match validity {
            Ok(validity) if refused.is_empty() => Ok(SoundContent {
                kind: self.kind,
                level: self.level,
                rank: self.rank,
                may_be_root: self.may_be_root,
                name_vi,
                name_en,
                child_kinds: self.child_kinds,
                validity,
                document,
            }),
            _ => Err(Error::fields(refused)),
        }
    }
}

impl SoundContent {
    /// Whether a unit that may stand somewhere by the one may not by the other.
    pub fn rules_differ(&self, other: &Self) -> bool {
        self.validity != other.validity
            || self.may_be_root != other.may_be_root
            || self.child_kinds != other.child_kinds
    }

    /// Whether answers about units come out otherwise: by their order, or by their level.
    pub fn shows_in_the_tree_unlike(&self, other: &Self) -> bool {
        self.rank != other.rank || self.level != other.level || self.validity != other.validity
    }
}

/// An entry as it is kept.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: UnitKindId,
    pub version: i32,
    pub content: SoundContent,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Entry {
    /// The content as a caller would send it.
    pub fn to_content(&self) -> UnitKindContent {
        let content = self.content.clone();
        UnitKindContent {
            kind: content.kind,
            level: content.level,
            rank: content.rank,
            may_be_root: content.may_be_root,
            name_vi: content.name_vi,
            name_en: content.name_en,
            child_kinds: content.child_kinds,
            from: content.validity.start(),
            to: content.validity.end(),
            document: content.document,
        }
    }

    /// The entry as a caller sees it.
    pub fn to_view(&self, may_edit: bool) -> UnitKind {
        let content = self.to_content();
        UnitKind {
            id: self.id.0,
            version: self.version,
            kind: content.kind,
            level: content.level,
            rank: content.rank,
            may_be_root: content.may_be_root,
            name_vi: content.name_vi,
            name_en: content.name_en,
            child_kinds: content.child_kinds,
            from: content.from,
            to: content.to,
            document: content.document,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions: if may_edit {
                vec![UnitKindAction::Edit, UnitKindAction::Delete]
            } else {
                Vec::new()
            },
            expanded: None,
        }
    }
}

/// A kind of unit over one stretch of time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UnitKind, example = json!({
    "id": 6,
    "version": 1,
    "kind": "commune_union",
    "level": 3,
    "rank": 60,
    "may_be_root": false,
    "name_vi": "Công đoàn xã, phường, đặc khu",
    "name_en": "Commune or ward union",
    "child_kinds": ["grassroots_union"],
    "from": "2025-07-01",
    "to": null,
    "document": "97/2025/QH15",
    "created_at": "2026-11-21T02:00:00.000000Z",
    "updated_at": "2026-11-21T02:00:00.000000Z",
    "allowed_actions": ["edit", "delete"]
}))]
pub struct UnitKind {
    pub id: i64,
    /// Grows by one with each change; it is the ETag.
    pub version: i32,
    /// The kind's code, the same in all its entries.
    pub kind: String,
    /// Level 1 to 4 of the union's organisation (Law 50/2024/QH15, article 8); null for kinds outside it.
    #[schema(required)]
    pub level: Option<i32>,
    /// Place in the order of kinds: siblings in the tree are listed by it first.
    pub rank: i32,
    /// Whether a unit of this kind may stand under none.
    pub may_be_root: bool,
    pub name_vi: String,
    pub name_en: String,
    /// Codes of the kinds that may stand directly under this one while this entry holds.
    pub child_kinds: Vec<String>,
    /// The first day on which the entry holds; null: it always has, as far as is known.
    #[schema(required)]
    pub from: Option<Day>,
    /// The first day on which it no longer holds; null: no end is known.
    #[schema(required)]
    pub to: Option<Day>,
    /// Number of the law or decision that set it; null where that is not known.
    #[schema(required)]
    pub document: Option<String>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What the caller may do with this entry.
    pub allowed_actions: Vec<UnitKindAction>,
    /// What `expand` asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expanded: Option<UnitKindExpanded>,
}

/// Something that can be done with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitKindAction {
    Edit,
    Delete,
}

/// Things related to an entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitKindExpanded {
    /// The entries of the kinds that may stand under it which hold on one of its days at least.
    pub child_kinds: Vec<UnitKindSummary>,
}

/// The little of an entry that names it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitKindSummary {
    pub id: i64,
    pub kind: String,
    #[schema(required)]
    pub level: Option<i32>,
    pub name_vi: String,
    pub name_en: String,
    #[schema(required)]
    pub from: Option<Day>,
    #[schema(required)]
    pub to: Option<Day>,
}

impl From<&Entry> for UnitKindSummary {
    fn from(entry: &Entry) -> Self {
        let content = entry.to_content();
        Self {
            id: entry.id.0,
            kind: content.kind,
            level: content.level,
            name_vi: content.name_vi,
            name_en: content.name_en,
            from: content.from,
            to: content.to,
        }
    }
}

#[cfg(test)]
mod tests {
    use liendoan_core::error::Place;

    use super::*;

    fn content() -> UnitKindContent {
        UnitKindContent {
            kind: "commune_union".to_owned(),
            level: Some(3),
            rank: 60,
            may_be_root: false,
            name_vi: "Công đoàn xã".to_owned(),
            name_en: "Commune union".to_owned(),
            child_kinds: vec!["grassroots_union".to_owned()],
            from: "2025-07-01".parse().ok(),
            to: None,
            document: None,
        }
    }

    fn refused(content: UnitKindContent) -> Vec<(String, Code)> {
        let error = content.check().unwrap_err();
        let field = |field: &FieldError| match &field.place {
            Place::Pointer(pointer) => (pointer.clone(), field.code),
            other => panic!("{other:?}"),
        };
        error.field_errors().iter().map(field).collect()
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let bad = UnitKindContent {
            kind: "Commune".to_owned(),
            level: Some(5),
            rank: -1,
            name_vi: "a\u{0}".to_owned(),
            name_en: "x".repeat(2_000),
            child_kinds: vec!["a".to_owned(), "a".to_owned(), "".to_owned()],
            to: "2025-07-01".parse().ok(),
            document: Some(" ".to_owned()),
            ..content()
        };
        let at = |pointer: &str, code| (pointer.to_owned(), code);
        assert_eq!(
            refused(bad),
            [
                at("/name_vi", Code::ControlCharacter),
                at("/name_en", Code::TooLong),
                at("/document", Code::Blank),
                at("/kind", Code::CodeInvalid),
                at("/level", Code::OutOfRange),
                at("/rank", Code::OutOfRange),
                at("/child_kinds/1", Code::Repeated),
                at("/child_kinds/2", Code::CodeInvalid),
                at("/to", Code::ValidityEmpty),
            ]
        );
    }

    #[test]
    fn a_kind_may_stand_under_itself() {
        let section = UnitKindContent {
            kind: "section".to_owned(),
            child_kinds: vec!["section".to_owned()],
            level: None,
            ..content()
        };
        assert!(section.check().is_ok());
    }
}

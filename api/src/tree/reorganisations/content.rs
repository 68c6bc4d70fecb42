//! A reorganisation as it is sent, and its lines as the replay reads them.

use liendoan_core::Error;
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::tree::replay::line::{Founding, Line, Part, Target};

/// Lines of one reorganisation, at most.
const LINES_MAX: usize = 10_000;
/// The longest note, in characters.
const NOTE_MAX: usize = 2_000;

/// A decision about the tree: one effective date, any number of lines, applied in their order, whole or
/// not at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "document_id": 3,
    "effective_on": "2024-12-19",
    "lines": [{"op": "transfer", "unit": "hn-tcnt", "to": "hn-q-btl", "from": "hn-q-lb"}]
}))]
pub struct ReorganisationContent {
    /// The paper that says so.
    pub document_id: i64,
    /// The first day of the new state. Null makes it an opening: its units live on every day before the
    /// first decision too, because nobody knows when they began.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    pub effective_on: Option<Day>,
    /// How exactly the day is known; `day` if it is not said.
    #[serde(default)]
    #[schema(inline)]
    pub effective_precision: Precision,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    #[schema(min_items = 1, max_items = 10000)]
    pub lines: Vec<LineContent>,
}

/// How exactly a day is known; shown with it, without effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    #[default]
    Day,
    Month,
    Year,
    /// At the latest that day.
    By,
}

impl Precision {
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Month => "month",
            Precision::Year => "year",
            Precision::By => "by",
        }
    }

    pub fn named(name: &str) -> Self {
        match name {
            "month" => Precision::Month,
            "year" => Precision::Year,
            "by" => Precision::By,
            _ => Precision::Day,
        }
    }
}

/// What a line does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// `code`, `name`, `kind`, `parent` (none for the root): a unit begins. Also `short_name`,
    /// `employer_type`, `placeholder`.
    #[default]
    Establish,
    /// `unit`, `to`, and `from` to be sure: another parent; everything below goes along.
    Transfer,
    /// `unit`, and `name` or `short_name` (null: none any more).
    Rename,
    /// `unit`, and `kind` or `employer_type` (null: not known).
    ChangeKind,
    /// `units` end and their children go to `into`, or to the `new` unit that begins.
    Merge,
    /// `unit` ends and its children go to `parts`, those not named to `children_to`. With `keep` it
    /// lives on with the rest.
    Split,
    /// `unit` ends; its children go to `children_to`, or all below ends with it (`subtree`).
    /// `successors` follow it.
    End,
    /// `unit`, which had ended, lives again, under `parent` or the last one it had.
    Restore,
}

/// A unit that begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    #[schema(
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length = 64,
        example = "hn-p-kimlien"
    )]
    pub code: String,
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    #[schema(example = "commune_union")]
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<bool>,
}

/// What takes over a part of a split unit: `unit` or `new`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<NewUnit>,
    /// Direct children that go with it.
    #[serde(default)]
    pub children: Vec<String>,
}

/// One step of a reorganisation; `op` says which of the other fields it takes. Units are named by code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"op": "transfer", "unit": "hn-tcnt", "to": "hn-q-btl", "from": "hn-q-lb"}))]
pub struct LineContent {
    pub op: Op,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<String>)]
    pub short_name: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<String>)]
    pub employer_type: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Known only as part of a count; never counted as a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<NewUnit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<PartContent>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub children_to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtree: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successors: Option<Vec<String>>,
    /// Concluded, and not said by the document; without effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inferred: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// Tells `null` from a field that is not there.
fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl ReorganisationContent {
    /// The lines as the replay reads them, where each has the fields that its `op` takes.
    pub fn to_lines(&self) -> Result<Vec<Line>, Error> {
        let count = match self.lines.len() {
            0 => Some(Code::NoLines),
            n if n > LINES_MAX => Some(Code::TooManyLines),
            _ => None,
        };
        if let Some(code) = count {
            return Err(Error::fields(vec![FieldError::at("/lines", code)]));
        }
        if let Some(note) = &self.note {
            check_note(note, "/note")?;
        }
        let lines = self.lines.iter().enumerate();
        lines
            .map(|(index, line)| {
                let place = format!("/lines/{index}");
                if let Some(note) = &line.note {
                    check_note(note, &format!("{place}/note"))?;
                }
                line.to_line().map_err(|error| error.under(&place))
            })
            .collect()
    }
}

fn check_note(note: &str, pointer: &str) -> Result<(), Error> {
    let flat = note.replace(['\n', '\r', '\t'], " ");
    let checked = text::name(&flat, NOTE_MAX);
    checked.map_err(|code| Error::fields(vec![FieldError::at(pointer, code)]))?;
    Ok(())
}

fn refused(pointer: &str, code: Code) -> Error {
    Error::fields(vec![FieldError::at(pointer, code)])
}

fn required<T>(field: Option<T>, pointer: &str) -> Result<T, Error> {
    field.ok_or_else(|| refused(pointer, Code::Required))
}

impl LineContent {
    /// A line of which nothing but its kind is said yet.
    pub fn of(op: Op) -> Self {
        Self {
            op,
            ..Self::default()
        }
    }

    /// Takes what the `op` takes; anything else that was given has no place.
    pub fn to_line(&self) -> Result<Line, Error> {
        let mut given = self.clone();
        let line = match self.op {
            Op::Establish => Line::Establish(Founding {
                code: required(given.code.take(), "/code")?,
                name: required(given.name.take(), "/name")?,
                short_name: given.short_name.take().flatten(),
                kind: required(given.kind.take(), "/kind")?,
                employer_type: given.employer_type.take().flatten(),
                parent: given.parent.take(),
                placeholder: given.placeholder.take().unwrap_or(false),
            }),
            Op::Transfer => Line::Transfer {
                unit: required(given.unit.take(), "/unit")?,
                to: required(given.to.take(), "/to")?,
                from: given.from.take(),
            },
            Op::Rename => Line::Rename {
                unit: required(given.unit.take(), "/unit")?,
                name: given.name.take(),
                short_name: given.short_name.take(),
            },
            Op::ChangeKind => Line::ChangeKind {
                unit: required(given.unit.take(), "/unit")?,
                kind: given.kind.take(),
                employer_type: given.employer_type.take(),
            },
            Op::Merge => Line::Merge {
                units: required(given.units.take(), "/units")?,
                into: target(given.into.take(), given.new.take(), "/into")?,
            },
            Op::Split => Line::Split {
                unit: required(given.unit.take(), "/unit")?,
                parts: parts(required(given.parts.take(), "/parts")?)?,
                children_to: given.children_to.take(),
                keep: given.keep.take().unwrap_or(false),
            },
            Op::End => Line::End {
                unit: required(given.unit.take(), "/unit")?,
                children_to: given.children_to.take(),
                subtree: given.subtree.take().unwrap_or(false),
                successors: given.successors.take().unwrap_or_default(),
            },
            Op::Restore => Line::Restore {
                unit: required(given.unit.take(), "/unit")?,
                parent: given.parent.take(),
            },
        };
        match given.first_given() {
            Some(field) => Err(refused(&format!("/{field}"), Code::NotApplicable)),
            None => Ok(line),
        }
    }

    fn first_given(&self) -> Option<&'static str> {
        let fields = [
            ("unit", self.unit.is_some()),
            ("units", self.units.is_some()),
            ("code", self.code.is_some()),
            ("name", self.name.is_some()),
            ("short_name", self.short_name.is_some()),
            ("kind", self.kind.is_some()),
            ("employer_type", self.employer_type.is_some()),
            ("parent", self.parent.is_some()),
            ("placeholder", self.placeholder.is_some()),
            ("to", self.to.is_some()),
            ("from", self.from.is_some()),
            ("into", self.into.is_some()),
            ("new", self.new.is_some()),
            ("parts", self.parts.is_some()),
            ("children_to", self.children_to.is_some()),
            ("keep", self.keep.is_some()),
            ("subtree", self.subtree.is_some()),
            ("successors", self.successors.is_some()),
        ];
        let mut given = fields.into_iter().filter(|(_, is_given)| *is_given);
        given.next().map(|(name, _)| name)
    }
}

fn target(existing: Option<String>, new: Option<NewUnit>, pointer: &str) -> Result<Target, Error> {
    match (existing, new) {
        (Some(code), None) => Ok(Target::Existing(code)),
        (None, Some(new)) => Ok(Target::New(Founding {
            code: new.code,
            name: new.name,
            short_name: new.short_name,
            kind: new.kind,
            employer_type: new.employer_type,
            parent: new.parent,
            placeholder: new.placeholder.unwrap_or(false),
        })),
        (Some(_), Some(_)) => Err(refused("/new", Code::NotApplicable)),
        (None, None) => Err(refused(pointer, Code::Required)),
    }
}

fn parts(parts: Vec<PartContent>) -> Result<Vec<Part>, Error> {
    let parts = parts.into_iter().enumerate();
    parts
        .map(|(index, part)| {
            let target = target(part.unit, part.new, "/unit")
                .map_err(|error| error.under(&format!("/parts/{index}")))?;
            Ok(Part {
                target,
                children: part.children,
            })
        })
        .collect()
}

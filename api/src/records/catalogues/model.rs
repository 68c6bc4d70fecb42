//! What entries of every catalogue are and may look like. No I/O.

use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::validity::{ALWAYS, FOREVER, Validity};
use liendoan_core::{Error, Result, Timestamp, Tx, id};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

/// The longest code, in characters.
pub const CODE_MAX: usize = 64;
/// The last place in the order of a catalogue.
const RANK_MAX: i32 = 1_000_000;

id! {
    /// An entry of a catalogue. What has two validities has two entries.
    EntryId
}

/// One catalogue. The type that stands for it holds what its entries have beside what all have;
/// the macro in `forms` makes it, and the forms in which callers send and see an entry.
pub trait Catalogue:
    Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// As its address and the table name it: `activity_kinds`.
    const NAME: &'static str;
    /// How records name its entries.
    const NAMED_AS: NamedAs;
    /// What its events are about: `activity_kind`.
    const TOPIC: &'static str;
    const CREATED: &'static str;
    const UPDATED: &'static str;
    const DELETED: &'static str;
    /// The entries that a database begins with, as JSON.
    const SEED: &'static str;

    /// An entry as a caller sends it.
    type Content: Serialize
        + DeserializeOwned
        + From<Fields<Self>>
        + Into<Fields<Self>>
        + Send
        + 'static;
    /// An entry as a caller sees it, with what they may do.
    type View: Serialize + From<(Entry<Self>, Vec<CatalogueAction>)>;

    /// Brings its own fields into the form in which they are stored; names what they break of the rules that need no
    /// other row.
    fn check(&mut self, _code: &str, _refused: &mut Vec<FieldError>) {}

    /// What lists are narrowed to first, as a word.
    fn class(&self) -> Result<String>;

    /// What lists are narrowed to besides, as a word.
    fn level(&self) -> Result<Option<String>> {
        Ok(None)
    }

    /// The kinds of unit that it names, in the member `/issuer_kinds`.
    fn issuer_kinds(&self) -> &[String] {
        &[]
    }

    /// The measures that it names, each by its code, with the member where it does.
    fn measures(&self) -> Vec<(String, &str)> {
        Vec::new()
    }

    /// Whether what is told of an entry means the same as what is told of the other one, so that it adds up.
    fn counts_as(&self, _other: &Self) -> bool {
        true
    }

    /// Refuses to let go the last entry of a code that entries of catalogues name.
    fn check_unnamed(_: &mut Tx<'_>, _code: &str) -> Result<()> {
        Ok(())
    }
}

/// How records name entries of a catalogue.
#[derive(Clone, Copy)]
pub enum NamedAs {
    /// As the category of the records of a kind.
    Category(&'static str),
    /// As one of the subjects that contents mention.
    Subject(&'static str),
}

/// What an entry of any catalogue has.
#[derive(Clone, Debug, PartialEq)]
pub struct Common {
    pub code: String,
    pub rank: i32,
    pub name_vi: String,
    pub name_en: String,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub document: Option<String>,
}

/// What a caller sets of an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields<C> {
    pub common: Common,
    pub own: C,
}

/// An entry as it is kept.
#[derive(Clone, Debug)]
pub struct Entry<C> {
    pub id: EntryId,
    pub version: i32,
    pub fields: Fields<C>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Something that can be done with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CatalogueAction {
    Edit,
    Delete,
}

impl Common {
    /// The days on which it holds.
    pub fn validity(&self) -> Validity {
        Validity {
            from: self.from.map_or(ALWAYS, |day| day.0),
            to: self.to.map_or(FOREVER, |day| day.0),
        }
    }

    /// Brings texts into the form in which they are stored; names all that breaks a rule.
    fn check(&mut self, refused: &mut Vec<FieldError>) {
        if let Err(code) = text::code(&self.code, '_', CODE_MAX) {
            refused.push(FieldError::at("/code", code));
        }
        if !(0..=RANK_MAX).contains(&self.rank) {
            let field = FieldError::at("/rank", Code::OutOfRange);
            refused.push(field.with("min", 0).with("max", RANK_MAX));
        }
        let names = [
            ("/name_vi", Some(&mut self.name_vi)),
            ("/name_en", Some(&mut self.name_en)),
            ("/document", self.document.as_mut()),
        ];
        for (pointer, name) in names {
            let Some(name) = name else { continue };
            match text::name(name, NAME_MAX) {
                Ok(sound) => *name = sound,
                Err(Code::TooLong) => {
                    refused.push(FieldError::at(pointer, Code::TooLong).with("max", NAME_MAX));
                }
                Err(code) => refused.push(FieldError::at(pointer, code)),
            }
        }
        if let Err(code) = Validity::new(self.from, self.to) {
            refused.push(FieldError::at("/to", code));
        }
    }
}

impl<C: Catalogue> Fields<C> {
    /// What a caller sent, if it obeys every rule that needs no other row; else all that it breaks.
    pub fn of(content: C::Content) -> Result<Self, Error> {
        let mut fields: Self = content.into();
        let mut refused = Vec::new();
        fields.common.check(&mut refused);
        fields.own.check(&fields.common.code, &mut refused);
        if refused.is_empty() {
            Ok(fields)
        } else {
            Err(Error::fields(refused))
        }
    }
}

impl<C: Catalogue> Entry<C> {
    /// The content as a caller would send it.
    pub fn to_content(&self) -> C::Content {
        self.fields.clone().into()
    }

    /// The entry as a caller sees it.
    pub fn into_view(self, may_edit: bool) -> C::View {
        let actions = if may_edit {
            vec![CatalogueAction::Edit, CatalogueAction::Delete]
        } else {
            Vec::new()
        };
        (self, actions).into()
    }
}

/// The word by which a value of an enumeration is sent and stored.
pub fn word<T: Serialize>(value: T) -> Result<String> {
    serde_json::to_value(value)
        .and_then(serde_json::from_value)
        .map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use liendoan_core::error::Place;

    use super::super::activity_kinds::{ActivityKind, Group};
    use super::super::award_titles::AwardTitle;
    use super::super::measures::{Measure, MeasureContent};
    use super::super::return_forms::ReturnForm;
    use super::*;

    fn kind() -> Fields<ActivityKind> {
        Fields {
            common: Common {
                code: "visit".to_owned(),
                rank: 1,
                name_vi: "Thăm hỏi".to_owned(),
                name_en: "Visit".to_owned(),
                from: "2025-07-01".parse().ok(),
                to: None,
                document: None,
            },
            own: ActivityKind {
                group: Group::Welfare,
            },
        }
    }

    fn refused<C: Catalogue>(content: C::Content) -> Vec<(String, Code)> {
        let error = Fields::<C>::of(content).err().unwrap();
        let field = |field: &FieldError| match &field.place {
            Place::Pointer(pointer) => (pointer.clone(), field.code),
            other => panic!("{other:?}"),
        };
        error.field_errors().iter().map(field).collect()
    }

    fn at(pointer: &str, code: Code) -> (String, Code) {
        (pointer.to_owned(), code)
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let mut bad = kind();
        bad.common = Common {
            code: "Visit".to_owned(),
            rank: RANK_MAX + 1,
            name_vi: "a\u{0}".to_owned(),
            name_en: "x".repeat(2_000),
            to: bad.common.from,
            document: Some(" ".to_owned()),
            ..bad.common
        };
        assert_eq!(
            refused::<ActivityKind>(bad.into()),
            [
                at("/code", Code::CodeInvalid),
                at("/rank", Code::OutOfRange),
                at("/name_vi", Code::ControlCharacter),
                at("/name_en", Code::TooLong),
                at("/document", Code::Blank),
                at("/to", Code::ValidityEmpty),
            ]
        );
    }

    #[test]
    fn texts_are_brought_into_one_form() {
        let mut sent = kind();
        sent.common.name_vi = " Tha\u{306}m ho\u{309}i ".to_owned();
        assert_eq!(Fields::of(sent.into()).ok(), Some(kind()));
    }

    #[test]
    fn an_open_end_is_the_last_day_there_is() {
        let common = kind().common;
        assert_eq!(common.validity().to, FOREVER);
        assert_eq!(common.validity().start(), common.from);
    }

    #[test]
    fn every_database_begins_with_sound_entries_of_which_none_overlap() {
        fn check<C: Catalogue>() {
            let contents: Vec<C::Content> = serde_json::from_str(C::SEED).unwrap();
            let sound = contents.into_iter().map(|content| Fields::<C>::of(content));
            let entries: Vec<Fields<C>> = sound.map(Result::unwrap).collect();
            let measures: Vec<MeasureContent> = serde_json::from_str(Measure::SEED).unwrap();
            for (pointer, code) in entries.iter().flat_map(|fields| fields.own.measures()) {
                let is_known = measures.iter().any(|measure| measure.code == code);
                assert!(is_known, "{pointer}: {code}");
            }
            let entries: Vec<Common> = entries.into_iter().map(|fields| fields.common).collect();
            for (index, entry) in entries.iter().enumerate() {
                let meets = |other: &&Common| {
                    entry.code == other.code && entry.validity().overlaps(other.validity())
                };
                let met = entries[..index].iter().find(meets);
                assert!(met.is_none(), "{} stands twice", entry.code);
            }
        }
        check::<ActivityKind>();
        check::<AwardTitle>();
        check::<Measure>();
        check::<ReturnForm>();
    }
}

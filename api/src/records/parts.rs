//! Parts that contents of several kinds of record have, and the rules that they obey wherever they stand.

use chrono::NaiveDate;
use liendoan_core::error::FieldError;
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::{Code, Error, Result, Scope, Tx, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::catalogues::{self, Catalogue};
use super::partners::{self, PartnerId};
use crate::tree::documents::{DocumentId, queries as documents};
use crate::tree::units::queries as units;

/// The largest number that every JSON reader holds (RFC 8259, section 6).
pub const NUMBER_MAX: i64 = (1 << 53) - 1;
/// The longest text, in characters.
pub const TEXT_MAX: usize = 20_000;
/// The most entries of one list in a content.
pub const LIST_MAX: usize = 50;

/// Whether it took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EventStatus)]
pub enum Status {
    Planned,
    Held,
    Cancelled,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
        }
    }
}

/// How sure a number is, as it was told: 30,500; at least, more than, nearly, at most, about 30,500.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    #[default]
    Exact,
    AtLeast,
    MoreThan,
    Nearly,
    AtMost,
    About,
}

impl Qualifier {
    /// The least number that it can be said of: nothing is nearly, at most or about none.
    fn least(self) -> i64 {
        match self {
            Self::Exact | Self::AtLeast | Self::MoreThan => 0,
            Self::Nearly | Self::AtMost | Self::About => 1,
        }
    }

    /// The least that a whole number of which this is said may be.
    pub fn at_least(self, number: i64) -> i64 {
        match self {
            Self::Exact | Self::AtLeast => number,
            Self::MoreThan => number.saturating_add(1),
            Self::Nearly | Self::AtMost | Self::About => 0,
        }
    }

    /// The most that it may be, if there is a most.
    pub fn at_most(self, number: i64) -> Option<i64> {
        match self {
            Self::Exact | Self::AtMost => Some(number),
            Self::Nearly => Some(number.saturating_sub(1)),
            Self::AtLeast | Self::MoreThan | Self::About => None,
        }
    }
}

/// What is counted where it is not told: the one thing that a content is about.
pub fn one() -> i64 {
    1
}

/// Who paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AmountSource)]
pub enum Source {
    /// The city's or province's federation.
    City,
    District,
    /// The unit itself.
    Unit,
    /// Businesses, benefactors and others outside the union.
    Social,
}

/// Money that was spent, given or raised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"source": "unit", "amount": 8_500_000, "qualifier": "exact"}))]
pub struct Amount {
    /// Null where it is not told.
    #[serde(default)]
    #[schema(inline)]
    pub source: Option<Source>,
    /// In whole đồng (VND).
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub amount: i64,
    #[serde(default)]
    #[schema(inline)]
    pub qualifier: Qualifier,
}

/// Things that were given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "khẩu trang", "quantity": 30_000, "qualifier": "more_than", "unit": "chiếc"}))]
pub struct Goods {
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub quantity: i64,
    #[serde(default)]
    #[schema(inline)]
    pub qualifier: Qualifier,
    /// In what the quantity is counted; null: pieces.
    #[schema(min_length = 1, max_length = 300)]
    pub unit: Option<String>,
}

/// A figure in the words in which it was published. It is kept beside what is computed, and never corrected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"subject": "Thu nộp kinh phí", "text": "vượt trên 20 % kế hoạch"}))]
pub struct StatedFigure {
    /// Of what it tells.
    #[schema(min_length = 1, max_length = 300)]
    pub subject: String,
    #[schema(min_length = 1, max_length = 300)]
    pub text: String,
}

/// Somebody by name, and no more of them than an award needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Nguyễn Văn A", "position": "Công nhân"}))]
pub struct Person {
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// What they were at that time.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300)]
    pub position: Option<String>,
}

/// Collects what is wrong with a content, place by place.
#[derive(Default)]
pub struct Refusals(Vec<FieldError>);

/// Rules that need no row.
impl Refusals {
    pub fn add(&mut self, pointer: impl Into<String>, code: Code) {
        self.0.push(FieldError::at(pointer, code));
    }

    pub fn push(&mut self, refused: FieldError) {
        self.0.push(refused);
    }

    pub fn unless(&mut self, is_met: bool, pointer: impl Into<String>, code: Code) {
        if !is_met {
            self.add(pointer, code);
        }
    }

    /// A name as it is stored.
    pub fn name(&mut self, pointer: impl Into<String>, name: &mut String) {
        *name = self.sound(pointer, text::name(name, NAME_MAX), NAME_MAX);
    }

    pub fn name_if_any(&mut self, pointer: impl Into<String>, name: &mut Option<String>) {
        if let Some(name) = name {
            self.name(pointer, name);
        }
    }

    /// A text of several lines as it is stored.
    pub fn text(&mut self, pointer: impl Into<String>, text: &mut Option<String>) {
        if let Some(text) = text {
            *text = self.sound(pointer, text::paragraphs(text, TEXT_MAX), TEXT_MAX);
        }
    }

    fn sound(
        &mut self,
        pointer: impl Into<String>,
        read: Result<String, Code>,
        max: usize,
    ) -> String {
        read.unwrap_or_else(|code| {
            let field = FieldError::at(pointer, code);
            self.0.push(match code {
                Code::TooLong => field.with("max", max),
                _ => field,
            });
            String::new()
        })
    }

    pub fn number(&mut self, pointer: impl Into<String>, number: Option<i64>) {
        self.number_from(0, pointer, number);
    }

    pub fn number_from(&mut self, min: i64, pointer: impl Into<String>, number: Option<i64>) {
        if number.is_some_and(|number| !(min..=NUMBER_MAX).contains(&number)) {
            let field = FieldError::at(pointer, Code::OutOfRange);
            self.0.push(field.with("min", min).with("max", NUMBER_MAX));
        }
    }

    /// A number with what is said of it.
    pub fn quantity(&mut self, pointer: impl Into<String>, number: i64, qualifier: Qualifier) {
        self.number_from(qualifier.least(), pointer, Some(number));
    }

    /// A number that need not be told; what is said of it stands in the field `{pointer}_qualifier`.
    pub fn quantity_if_any(&mut self, pointer: &str, told: (Option<i64>, Qualifier)) {
        match told {
            (Some(number), qualifier) => self.quantity(pointer, number, qualifier),
            (None, Qualifier::Exact) => {}
            (None, _) => self.add(format!("{pointer}_qualifier"), Code::NotApplicable),
        }
    }

    /// Entries of a list, of which none stands there twice.
    pub fn set<T: PartialEq>(&mut self, pointer: &str, entries: &[T]) {
        self.size(pointer, entries.len());
        for (index, entry) in entries.iter().enumerate().take(LIST_MAX) {
            if entries[..index].contains(entry) {
                self.add(format!("{pointer}/{index}"), Code::Repeated);
            }
        }
    }

    pub fn size(&mut self, pointer: &str, size: usize) {
        self.size_up_to(LIST_MAX, pointer, size);
    }

    pub fn size_up_to(&mut self, max: usize, pointer: &str, size: usize) {
        if size > max {
            self.push(FieldError::at(pointer, Code::TooMany).with("max", max));
        }
    }

    pub fn amounts(&mut self, amounts: &[Amount]) {
        for (index, amount) in amounts.iter().enumerate() {
            let at = |field: &str| format!("/amounts/{index}/{field}");
            self.quantity(at("amount"), amount.amount, amount.qualifier);
            let earlier = &amounts[..index];
            if earlier
                .iter()
                .any(|earlier| earlier.source == amount.source)
            {
                self.add(at("source"), Code::Repeated);
            }
        }
    }

    pub fn goods(&mut self, goods: &mut [Goods]) {
        self.size("/goods", goods.len());
        for (index, goods) in goods.iter_mut().enumerate().take(LIST_MAX) {
            let at = |field: &str| format!("/goods/{index}/{field}");
            self.name(at("name"), &mut goods.name);
            self.name_if_any(at("unit"), &mut goods.unit);
            self.quantity(at("quantity"), goods.quantity, goods.qualifier);
        }
    }

    pub fn stated_figures(&mut self, figures: &mut [StatedFigure]) {
        self.size("/stated_figures", figures.len());
        for (index, figure) in figures.iter_mut().enumerate().take(LIST_MAX) {
            let at = |field: &str| format!("/stated_figures/{index}/{field}");
            self.name(at("subject"), &mut figure.subject);
            self.name(at("text"), &mut figure.text);
        }
    }

    /// What was held has begun.
    pub fn held(&mut self, status: Status, first_day: NaiveDate, today: NaiveDate) {
        let is_ahead = status == Status::Held && first_day > today;
        self.unless(!is_ahead, "/period", Code::PeriodInFuture);
    }

    /// Nothing, or all that is wrong.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::fields(self.0))
        }
    }
}

/// Rules about what a content names.
impl Refusals {
    pub fn documents(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        pointers: &[(String, i64)],
    ) -> Result<()> {
        let ids: Vec<DocumentId> = pointers.iter().map(|(_, id)| DocumentId(*id)).collect();
        let known = documents::of_ids(tx, scope, &ids)?;
        for (pointer, id) in pointers {
            let is_known = known.iter().any(|document| document.id.0 == *id);
            self.unless(is_known, pointer, Code::DocumentUnknown);
        }
        Ok(())
    }

    pub fn partners(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        pointers: &[(String, i64)],
    ) -> Result<()> {
        let ids: Vec<PartnerId> = pointers.iter().map(|(_, id)| PartnerId(*id)).collect();
        let known = partners::rely_on(tx, scope, &ids)?;
        for (pointer, id) in pointers {
            self.unless(
                known.contains(&PartnerId(*id)),
                pointer,
                Code::PartnerUnknown,
            );
        }
        Ok(())
    }

    /// The unit of a code.
    pub fn unit(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        pointer: &str,
        code: &str,
    ) -> Result<Option<UnitId>> {
        let found = units::with_code(tx, scope, code)?;
        self.unless(found.is_some(), pointer, Code::UnitUnknown);
        Ok(found)
    }

    /// The entry of a catalogue that holds on a day; or `unknown`, or `not_then` where it holds on others.
    pub fn entry<C: Catalogue>(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        (pointer, code): (&str, &str),
        day: NaiveDate,
        (unknown, not_then): (Code, Code),
    ) -> Result<Option<C>> {
        let entry = catalogues::rely_on::<C>(tx, scope, code, day)?;
        if entry.is_none() {
            let is_known = !catalogues::of_code::<C>(tx, scope, code)?.is_empty();
            self.add(pointer, if is_known { not_then } else { unknown });
        }
        Ok(entry.map(|entry| entry.fields.own))
    }
}

/// Each entry of a list with its pointer.
pub fn at<T: Copy>(pointer: &str, entries: &[T]) -> Vec<(String, T)> {
    let entries = entries.iter().enumerate();
    entries
        .map(|(index, entry)| (format!("{pointer}/{index}"), *entry))
        .collect()
}

//! What is told of an activity, and the rules that it obeys.

use chrono::NaiveDate;
use liendoan_core::error::FieldError;
use liendoan_core::period::Period;
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::{Code, Db, Error, Result, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::catalogues::{self, ActivityKind};
use crate::records::lifecycle::{Facets, Kind, RecordKind};
use crate::tree::documents::{DocumentId, queries as documents};

/// The largest number that every JSON reader holds (RFC 8259, section 6).
const NUMBER_MAX: i64 = (1 << 53) - 1;
/// The longest text, in characters.
const TEXT_MAX: usize = 20_000;
const LIST_MAX: usize = 50;

/// Whether it took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ActivityStatus)]
pub enum Status {
    Planned,
    Held,
    Cancelled,
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

/// Money that was spent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"source": "unit", "amount": 8_500_000}))]
pub struct Amount {
    #[schema(inline)]
    pub source: Source,
    /// In whole đồng (VND).
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub amount: i64,
}

/// Things that were given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "khẩu trang", "quantity": 30_000, "unit": "chiếc"}))]
pub struct Goods {
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub quantity: i64,
    /// In what the quantity is counted; null: pieces.
    #[schema(min_length = 1, max_length = 300)]
    pub unit: Option<String>,
}

/// What a caller sets of an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "unit": "hn-q-btl",
    "kind": "employee_conference",
    "status": "held",
    "title": "Hội nghị người lao động năm 2020",
    "text": null,
    "period": "2020-03-05",
    "place": "Hội trường quận",
    "participants": 120,
    "women": 64,
    "beneficiaries": null,
    "amounts": [{"source": "unit", "amount": 8_500_000}],
    "goods": [],
    "documents": []
}))]
pub struct ActivityContent {
    /// Code of the unit that did it.
    #[schema(max_length = 64)]
    pub unit: String,
    /// Code of its kind, as `/activity_kinds` has it on the last day of the period.
    #[schema(max_length = 64)]
    pub kind: String,
    #[schema(inline)]
    pub status: Status,
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// The whole story, with line breaks.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub text: Option<String>,
    /// When: a day, or the period that it is told for.
    pub period: Period,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300)]
    pub place: Option<String>,
    /// People who took part.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub participants: Option<i64>,
    /// Women among the participants.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub women: Option<i64>,
    /// People who were given something.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub beneficiaries: Option<i64>,
    /// Money spent, each source once.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub amounts: Vec<Amount>,
    /// Gifts in kind.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub goods: Vec<Goods>,
    /// Ids of documents that it rests on or that tell of it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<i64>,
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

/// Collects what is wrong with a content, place by place.
#[derive(Default)]
struct Refusals(Vec<FieldError>);

impl Refusals {
    fn add(&mut self, pointer: impl Into<String>, code: Code) {
        self.0.push(FieldError::at(pointer, code));
    }

    fn name(&mut self, pointer: impl Into<String>, text: &str) -> String {
        self.shortened(pointer, text::name(text, NAME_MAX), NAME_MAX)
    }

    fn shortened(
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

    fn number(&mut self, pointer: impl Into<String>, number: Option<i64>) {
        if number.is_some_and(|number| !(0..=NUMBER_MAX).contains(&number)) {
            let field = FieldError::at(pointer, Code::OutOfRange);
            self.0.push(field.with("min", 0).with("max", NUMBER_MAX));
        }
    }

    fn size(&mut self, pointer: &str, size: usize, max: usize) {
        if size > max {
            let field = FieldError::at(pointer, Code::TooMany);
            self.0.push(field.with("max", max));
        }
    }
}

impl Kind for ActivityContent {
    const KIND: RecordKind = RecordKind::Activity;

    type View = super::Activity;

    fn check(mut self) -> Result<Self> {
        let mut refused = Refusals::default();
        self.title = refused.name("/title", &self.title);
        self.place = self.place.map(|place| refused.name("/place", &place));
        self.text = self.text.map(|text| {
            let read = text::paragraphs(&text, TEXT_MAX);
            refused.shortened("/text", read, TEXT_MAX)
        });
        for (place, number) in [
            ("/participants", self.participants),
            ("/women", self.women),
            ("/beneficiaries", self.beneficiaries),
        ] {
            refused.number(place, number);
        }
        let tells_of_all = self.participants.is_some_and(|all| all >= 0);
        if tells_of_all && self.women > self.participants {
            refused.add("/women", Code::MoreWomenThanParticipants);
        }
        for (index, amount) in self.amounts.iter().enumerate() {
            refused.number(format!("/amounts/{index}/amount"), Some(amount.amount));
            let earlier = &self.amounts[..index];
            if earlier
                .iter()
                .any(|earlier| earlier.source == amount.source)
            {
                refused.add(format!("/amounts/{index}/source"), Code::Repeated);
            }
        }
        refused.size("/goods", self.goods.len(), LIST_MAX);
        for (index, goods) in self.goods.iter_mut().enumerate().take(LIST_MAX) {
            let at = |field: &str| format!("/goods/{index}/{field}");
            goods.name = refused.name(at("name"), &goods.name);
            goods.unit = goods
                .unit
                .take()
                .map(|unit| refused.name(at("unit"), &unit));
            refused.number(at("quantity"), Some(goods.quantity));
        }
        refused.size("/documents", self.documents.len(), LIST_MAX);
        for (index, document) in self.documents.iter().enumerate().take(LIST_MAX) {
            if self.documents[..index].contains(document) {
                refused.add(format!("/documents/{index}"), Code::Repeated);
            }
        }
        if refused.0.is_empty() {
            Ok(self)
        } else {
            Err(Error::fields(refused.0))
        }
    }

    fn check_on(&self, db: &mut Db, scope: &Scope, day: NaiveDate, today: NaiveDate) -> Result<()> {
        let mut refused = Refusals::default();
        if self.status == Status::Held && self.period.first_day() > today {
            refused.add("/period", Code::PeriodInFuture);
        }
        if catalogues::holding::<ActivityKind>(db, scope, &self.kind, day)?.is_none() {
            let is_known = catalogues::exists::<ActivityKind>(db, scope, &self.kind)?;
            refused.add(
                "/kind",
                if is_known {
                    Code::ActivityKindNotThen
                } else {
                    Code::ActivityKindUnknown
                },
            );
        }
        let ids: Vec<DocumentId> = self.documents.iter().copied().map(DocumentId).collect();
        let known = documents::of_ids(db, scope, &ids)?;
        for (index, id) in ids.iter().enumerate() {
            if !known.iter().any(|document| document.id == *id) {
                refused.add(format!("/documents/{index}"), Code::DocumentUnknown);
            }
        }
        if refused.0.is_empty() {
            Ok(())
        } else {
            Err(Error::fields(refused.0))
        }
    }

    fn facets(&self) -> Facets {
        Facets {
            unit: self.unit.clone(),
            title: self.title.clone(),
            category: self.kind.clone(),
            status: self.status.as_str(),
            period: self.period.clone(),
            documents: self.documents.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use liendoan_core::error::Place;
    use serde_json::json;

    use super::*;

    fn content() -> serde_json::Value {
        json!({"unit": "a", "kind": "visit", "status": "held", "title": "Thăm hỏi", "period": "2020-03-05"})
    }

    fn refused(changes: &serde_json::Value) -> Vec<(String, Code)> {
        let mut content = content();
        for (name, value) in changes.as_object().unwrap() {
            content[name] = value.clone();
        }
        let content: ActivityContent = serde_json::from_value(content).unwrap();
        let error = content.check().unwrap_err();
        let field = |field: &FieldError| match &field.place {
            Place::Pointer(pointer) => (pointer.clone(), field.code),
            other => panic!("{other:?}"),
        };
        error.field_errors().iter().map(field).collect()
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let at = |pointer: &str, code| (pointer.to_owned(), code);
        let bad = json!({
            "title": " ", "text": "a\u{0}b", "place": "x".repeat(301), "participants": 2, "women": 3,
            "beneficiaries": NUMBER_MAX + 1,
            "amounts": [{"source": "unit", "amount": 1}, {"source": "unit", "amount": -1}],
            "goods": [{"name": "", "quantity": -5, "unit": null}],
            "documents": [7, 7],
        });
        assert_eq!(
            refused(&bad),
            [
                at("/title", Code::Blank),
                at("/place", Code::TooLong),
                at("/text", Code::ControlCharacter),
                at("/beneficiaries", Code::OutOfRange),
                at("/women", Code::MoreWomenThanParticipants),
                at("/amounts/1/amount", Code::OutOfRange),
                at("/amounts/1/source", Code::Repeated),
                at("/goods/0/name", Code::Blank),
                at("/goods/0/quantity", Code::OutOfRange),
                at("/documents/1", Code::Repeated),
            ]
        );
    }

    #[test]
    fn women_may_be_told_without_the_participants() {
        let mut only_women = content();
        only_women["women"] = json!(12);
        let only_women: ActivityContent = serde_json::from_value(only_women).unwrap();
        assert!(only_women.check().is_ok());
    }

    #[test]
    fn a_content_is_read_back_as_it_was_kept() {
        let content: ActivityContent = serde_json::from_value(content()).unwrap();
        let content = content.check().unwrap();
        let kept = serde_json::to_string(&content).unwrap();
        assert_eq!(
            serde_json::from_str::<ActivityContent>(&kept).unwrap(),
            content
        );
    }
}

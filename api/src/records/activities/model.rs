//! What is told of an activity, and the rules that it obeys.

use liendoan_core::period::Period;
use liendoan_core::{Code, Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::catalogues::ActivityKind;
use crate::records::figures::{Figure, Telling, mentions};
use crate::records::lifecycle::{Facets, Kind, Mention, Names, On, RecordKind};
use crate::records::parts::{Amount, Goods, Qualifier, Refusals, StatedFigure, Status, at};

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
    "participants_qualifier": "exact",
    "women": 64,
    "women_qualifier": "exact",
    "beneficiaries": null,
    "beneficiaries_qualifier": "exact",
    "amounts": [{"source": "unit", "amount": 8_500_000}],
    "goods": [],
    "figures": [],
    "stated_figures": [],
    "partners": [],
    "campaigns": [],
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
    #[serde(default)]
    #[schema(inline)]
    pub participants_qualifier: Qualifier,
    /// Women among the participants.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub women: Option<i64>,
    #[serde(default)]
    #[schema(inline)]
    pub women_qualifier: Qualifier,
    /// People who were given something.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub beneficiaries: Option<i64>,
    #[serde(default)]
    #[schema(inline)]
    pub beneficiaries_qualifier: Qualifier,
    /// Money spent, each source once.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub amounts: Vec<Amount>,
    /// Gifts in kind.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub goods: Vec<Goods>,
    /// What it tells in figures. They count where it was held.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub figures: Vec<Figure>,
    /// Figures in the words in which they were published.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub stated_figures: Vec<StatedFigure>,
    /// Ids of bodies outside the union that took part.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub partners: Vec<i64>,
    /// Ids of the campaigns that it is part of: of the unit itself or of one above it, in whose time it falls.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub campaigns: Vec<i64>,
    /// Ids of documents that it rests on or that tell of it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<i64>,
}

impl Kind for ActivityContent {
    const KIND: RecordKind = RecordKind::Activity;

    type View = super::Activity;

    fn check(mut self) -> Result<Self> {
        let mut refused = Refusals::default();
        refused.name("/title", &mut self.title);
        refused.name_if_any("/place", &mut self.place);
        refused.text("/text", &mut self.text);
        let all = (self.participants, self.participants_qualifier);
        let women = (self.women, self.women_qualifier);
        refused.quantity_if_any("/participants", all);
        refused.quantity_if_any("/women", women);
        let beneficiaries = (self.beneficiaries, self.beneficiaries_qualifier);
        refused.quantity_if_any("/beneficiaries", beneficiaries);
        let fewest = women.0.map(|number| women.1.at_least(number));
        let most = all.0.and_then(|number| all.1.at_most(number));
        let are_too_many = most.is_some_and(|most| most >= 0 && fewest > Some(most));
        refused.unless(!are_too_many, "/women", Code::MoreWomenThanParticipants);
        refused.amounts(&self.amounts);
        refused.goods(&mut self.goods);
        refused.figures(&mut self.figures);
        refused.stated_figures(&mut self.stated_figures);
        refused.set("/partners", &self.partners);
        refused.set("/campaigns", &self.campaigns);
        refused.set("/documents", &self.documents);
        refused.finish()?;
        Ok(self)
    }

    fn check_on(&self, tx: &mut Tx<'_>, scope: &Scope, on: &On) -> Result<()> {
        let mut refused = Refusals::default();
        refused.held(self.status, self.period.first_day(), on.today);
        let codes = (Code::ActivityKindUnknown, Code::ActivityKindNotThen);
        let kind = ("/kind", self.kind.as_str());
        refused.entry::<ActivityKind>(tx, scope, kind, on.day, codes)?;
        refused.partners(tx, scope, &at("/partners", &self.partners))?;
        refused.campaigns(tx, &at("/campaigns", &self.campaigns), &self.period, on)?;
        let told = Telling {
            kind: Self::KIND,
            period: &self.period,
            figures: &self.figures,
        };
        refused.figures_on(tx, scope, &told, on)?;
        refused.documents(tx, scope, &at("/documents", &self.documents))?;
        refused.finish()
    }

    fn facets(&self) -> Facets {
        let names = Names {
            documents: self.documents.clone(),
            ..Names::default()
        };
        Facets {
            unit: self.unit.clone(),
            title: self.title.clone(),
            category: self.kind.clone(),
            status: self.status.as_str(),
            period: self.period.clone(),
            names: names
                .with(self.partners.iter().copied().map(Mention::Partner))
                .with(self.campaigns.iter().copied().map(Mention::Campaign))
                .with(mentions(&self.figures)),
            figures: (self.status == Status::Held).then(|| self.figures.clone()),
            due_on: None,
            likeness: vec![
                self.kind.clone(),
                self.period.to_string(),
                self.title.clone(),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use liendoan_core::error::{FieldError, Place};
    use serde_json::json;

    use super::*;
    use crate::records::parts::NUMBER_MAX;

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
            "goods": [
                {"name": "", "quantity": -5, "unit": null},
                {"name": "quà", "quantity": 0, "qualifier": "nearly", "unit": null},
            ],
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
                at("/goods/1/quantity", Code::OutOfRange),
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
    fn there_are_more_women_only_where_that_is_sure() {
        let told = |all: &str, women: &str| {
            let mut content = content();
            content["participants"] = json!(100);
            content["participants_qualifier"] = json!(all);
            content["women"] = json!(if women == "more_than" { 99 } else { 101 });
            content["women_qualifier"] = json!(women);
            serde_json::from_value::<ActivityContent>(content)
                .unwrap()
                .check()
        };
        for all in ["exact", "nearly", "at_most"] {
            for women in ["exact", "at_least"] {
                assert!(told(all, women).is_err(), "{all}, {women}");
            }
            for women in ["nearly", "at_most", "about"] {
                assert!(told(all, women).is_ok(), "{all}, {women}");
            }
        }
        for all in ["at_least", "more_than", "about"] {
            assert!(told(all, "exact").is_ok(), "{all}");
        }
        // More than 99 are all of the 100, and more than nearly 100.
        assert!(told("exact", "more_than").is_ok());
        assert!(told("nearly", "more_than").is_err());
    }

    #[test]
    fn how_sure_a_number_is_has_no_place_without_it() {
        let at = |pointer: &str, code| (pointer.to_owned(), code);
        let bad =
            json!({"participants_qualifier": "about", "women": 0, "women_qualifier": "nearly"});
        assert_eq!(
            refused(&bad),
            [
                at("/participants_qualifier", Code::NotApplicable),
                at("/women", Code::OutOfRange),
            ]
        );
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

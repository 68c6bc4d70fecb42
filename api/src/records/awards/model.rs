//! What is told of an award, and the rules that it obeys.

use chrono::NaiveDate;
use liendoan_core::day::Day;
use liendoan_core::period::Period;
use liendoan_core::vietnamese::fold;
use liendoan_core::{Code, Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::catalogues::{AwardTitle, TitleRecipient};
use crate::records::figures::{Figure, Telling, mentions};
use crate::records::lifecycle::{Facets, Kind, Mention, Names, On, RecordKind};
use crate::records::parts::{Person, Qualifier, Refusals, at, one};
use crate::tree::units::queries as units;

/// How far it has come. A proposal is not an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AwardStatus {
    Proposed,
    /// Decided on.
    Awarded,
    /// Handed over.
    Presented,
    /// Proposed, and not given.
    Declined,
}

impl AwardStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Awarded => "awarded",
            Self::Presented => "presented",
            Self::Declined => "declined",
        }
    }

    fn is_given(self) -> bool {
        matches!(self, Self::Awarded | Self::Presented)
    }
}

/// Who is given it.
pub type Recipient = TitleRecipient;

/// What a unit above said of a proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit": "hn", "on": "2024-01-10", "is_supported": true, "note": null}))]
pub struct Review {
    /// Code of the unit that reviewed it.
    #[schema(max_length = 64)]
    pub unit: String,
    pub on: Day,
    pub is_supported: bool,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300)]
    pub note: Option<String>,
}

/// What a caller sets of an award.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "unit": "hn-cdvc", "award_title": "confederation_certificate_of_merit", "status": "awarded",
    "title": "Thành tích xuất sắc trong hoạt động công đoàn năm 2023", "text": null, "period": "2023",
    "recipient": "individual", "recipient_unit": "hn-cdvc", "person": null, "count": 2,
    "count_qualifier": "exact", "reviews": [],
    "issuer_unit": "tld", "issuer_partner": null, "decided_on": "2024-01-15", "decision": null,
    "presented_on": null, "figures": [], "campaigns": [], "documents": []
}))]
pub struct AwardContent {
    /// Code of the unit that records it: who proposed it, or tells of it.
    #[schema(max_length = 64)]
    pub unit: String,
    /// Code of the title, as `/award_titles` has it on the day of the decision; before that, on the record's day.
    /// Null where it is not told which title it is.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub award_title: Option<String>,
    #[schema(inline)]
    pub status: AwardStatus,
    /// What it is given for. It names nobody.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// The whole story, with line breaks. It names nobody.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub text: Option<String>,
    /// The time that it honours, which is not the day of the ceremony.
    pub period: Period,
    #[schema(inline)]
    pub recipient: Recipient,
    /// Code of the unit that is given it, or to which those belong who are.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub recipient_unit: Option<String>,
    /// Who is given it, where one person or family is. Shown by the award's own address to those who may read
    /// personal data, and each time the audit log says so; to all others null, with its place in `masked`.
    #[serde(default)]
    pub person: Option<Person>,
    /// How many are given it, where no names are told.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64, default = 1)]
    pub count: i64,
    #[serde(default)]
    #[schema(inline)]
    pub count_qualifier: Qualifier,
    /// What units above said of the proposal, in their order.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub reviews: Vec<Review>,
    /// Code of the unit that issues it; null where that is not known or no unit does.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub issuer_unit: Option<String>,
    /// Id of the body outside the union that issues it.
    #[serde(default)]
    pub issuer_partner: Option<i64>,
    /// The day of the decision; null where it is not known.
    #[serde(default)]
    pub decided_on: Option<Day>,
    /// Id of the document by which it was decided.
    #[serde(default)]
    pub decision: Option<i64>,
    /// The day of the ceremony.
    #[serde(default)]
    pub presented_on: Option<Day>,
    /// What it tells in figures. They are of its period, and count unless it was
    /// declined; what is proposed is of another measure than what is given.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub figures: Vec<Figure>,
    /// Ids of campaigns that it is part of.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub campaigns: Vec<i64>,
    /// Ids of further documents.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<i64>,
}

impl AwardContent {
    /// Whether a text names the person.
    fn is_named_in(&self, text: Option<&str>) -> bool {
        let (Some(person), Some(text)) = (&self.person, text) else {
            return false;
        };
        let name = fold(&person.name);
        // A single word may mean anything.
        name.contains(' ') && format!(" {} ", fold(text)).contains(&format!(" {name} "))
    }

    /// The day whose rules on titles hold.
    fn title_day(&self, record_day: NaiveDate) -> NaiveDate {
        self.decided_on.map_or(record_day, |day| day.0)
    }
}

impl Kind for AwardContent {
    const KIND: RecordKind = RecordKind::Award;
    const PERSON: Option<&'static str> = Some("/person");

    type View = super::Award;

    fn check(mut self) -> Result<Self> {
        let mut refused = Refusals::default();
        refused.name("/title", &mut self.title);
        refused.text("/text", &mut self.text);
        refused.number_from(1, "/count", Some(self.count));
        if let Some(person) = &mut self.person {
            refused.name("/person/name", &mut person.name);
            refused.name_if_any("/person/position", &mut person.position);
        }
        let is_counted = self.count == 1 && self.count_qualifier == Qualifier::Exact;
        let is_one = self.recipient != Recipient::Collective && is_counted;
        refused.unless(
            self.person.is_none() || is_one,
            "/person",
            Code::NotApplicable,
        );
        for (pointer, text) in [("/title", Some(&self.title)), ("/text", self.text.as_ref())] {
            let is_named = self.is_named_in(text.map(String::as_str));
            refused.unless(!is_named, pointer, Code::PersonNamed);
        }
        for (index, figure) in self.figures.iter().enumerate() {
            let at = |field: &str| format!("/figures/{index}/{field}");
            let is_named = self.is_named_in(figure.text.as_deref());
            refused.unless(!is_named, at("text"), Code::PersonNamed);
            let is_of_award = *figure.period(&self.period) == self.period;
            refused.unless(is_of_award, at("period"), Code::NotApplicable);
        }
        refused.size("/reviews", self.reviews.len());
        for (index, review) in self.reviews.iter_mut().enumerate() {
            refused.name_if_any(format!("/reviews/{index}/note"), &mut review.note);
        }
        let is_decided = self.status != AwardStatus::Proposed;
        refused.unless(
            is_decided || self.decided_on.is_none(),
            "/decided_on",
            Code::NotApplicable,
        );
        refused.unless(
            is_decided || self.decision.is_none(),
            "/decision",
            Code::NotApplicable,
        );
        let may_be_presented = self.status.is_given() || self.presented_on.is_none();
        refused.unless(may_be_presented, "/presented_on", Code::NotApplicable);
        let is_in_order = match (self.decided_on, self.presented_on) {
            (Some(decided), Some(presented)) => decided.0 <= presented.0,
            _ => true,
        };
        refused.unless(is_in_order, "/presented_on", Code::PresentedBeforeDecided);
        let has_two_issuers = self.issuer_unit.is_some() && self.issuer_partner.is_some();
        refused.unless(!has_two_issuers, "/issuer_partner", Code::NotApplicable);
        refused.figures(&mut self.figures);
        refused.set("/campaigns", &self.campaigns);
        refused.set("/documents", &self.documents);
        refused.finish()?;
        Ok(self)
    }

    fn check_on(&self, tx: &mut Tx<'_>, scope: &Scope, on: &On) -> Result<()> {
        let mut refused = Refusals::default();
        let day = self.title_day(on.day);
        let codes = (Code::AwardTitleUnknown, Code::AwardTitleNotThen);
        let title = match &self.award_title {
            Some(code) => {
                refused.entry::<AwardTitle>(tx, scope, ("/award_title", code), day, codes)?
            }
            None => None,
        };
        let is_for = title
            .as_ref()
            .is_none_or(|title| title.recipients.contains(&self.recipient));
        refused.unless(is_for, "/recipient", Code::AwardRecipientNotAllowed);
        if let Some(code) = &self.recipient_unit {
            refused.unit(tx, scope, "/recipient_unit", code)?;
        }
        for (index, review) in self.reviews.iter().enumerate() {
            refused.unit(tx, scope, &format!("/reviews/{index}/unit"), &review.unit)?;
        }
        if let Some(code) = &self.issuer_unit
            && let Some(unit) = refused.unit(tx, scope, "/issuer_unit", code)?
            && let Some(title) = &title
        {
            let kind = units::kind_on(tx, scope, unit, day)?;
            let may = title.issuer_kinds.is_empty()
                || kind.is_some_and(|kind| title.issuer_kinds.contains(&kind));
            refused.unless(may, "/issuer_unit", Code::AwardIssuerNotAllowed);
        }
        let told = Telling {
            kind: Self::KIND,
            period: &self.period,
            figures: &self.figures,
        };
        refused.figures_on(tx, scope, &told, on)?;
        let is_ahead = |day: Option<Day>| day.is_some_and(|day| day.0 > on.today);
        refused.unless(!is_ahead(self.decided_on), "/decided_on", Code::DayInFuture);
        let is_early = self.status == AwardStatus::Presented && is_ahead(self.presented_on);
        refused.unless(!is_early, "/presented_on", Code::DayInFuture);
        let issuer = self
            .issuer_partner
            .map(|id| ("/issuer_partner".to_owned(), id));
        refused.partners(tx, scope, &Vec::from_iter(issuer))?;
        refused.campaigns(tx, &at("/campaigns", &self.campaigns), &self.period, on)?;
        let mut documents = at("/documents", &self.documents);
        documents.extend(self.decision.map(|id| ("/decision".to_owned(), id)));
        refused.documents(tx, scope, &documents)?;
        refused.finish()
    }

    fn facets(&self) -> Facets {
        let names = Names {
            documents: self
                .documents
                .iter()
                .copied()
                .chain(self.decision)
                .collect(),
            ..Names::default()
        };
        let names = names
            .with(self.campaigns.iter().copied().map(Mention::Campaign))
            .with(self.issuer_partner.map(Mention::Partner))
            .with(self.recipient_unit.clone().map(Mention::Unit))
            .with(mentions(&self.figures));
        let is_collective = self.recipient == Recipient::Collective;
        // Of many at once it can't be told whether they are the same.
        let who = match (&self.person, &self.recipient_unit) {
            (Some(person), _) => Some(person.name.clone()),
            (None, Some(unit)) if is_collective && self.count == 1 => Some(unit.clone()),
            _ => None,
        };
        let likeness = match (&self.award_title, who) {
            (Some(title), Some(who)) => vec![title.clone(), self.period.to_string(), who],
            _ => Vec::new(),
        };
        Facets {
            unit: self.unit.clone(),
            title: self.title.clone(),
            category: self.award_title.clone().unwrap_or_default(),
            status: self.status.as_str(),
            period: self.period.clone(),
            names,
            figures: (self.status != AwardStatus::Declined).then(|| self.figures.clone()),
            due_on: None,
            likeness,
        }
    }

    fn take_person(&mut self) -> Option<Person> {
        self.person.take()
    }

    fn give_person(&mut self, person: Person) {
        self.person = Some(person);
    }
}

#[cfg(test)]
mod tests {
    use liendoan_core::error::{FieldError, Place};
    use serde_json::{Value, json};

    use super::*;

    fn refused(changes: Value) -> Vec<(String, Code)> {
        let mut content = json!({
            "unit": "a", "award_title": "x", "status": "awarded", "title": "Thành tích năm 2023", "period": "2023",
            "recipient": "individual"
        });
        content
            .as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        let content: AwardContent = serde_json::from_value(content).unwrap();
        let field = |field: &FieldError| match &field.place {
            Place::Pointer(pointer) => (pointer.clone(), field.code),
            other => panic!("{other:?}"),
        };
        match content.check() {
            Ok(_) => Vec::new(),
            Err(error) => error.field_errors().iter().map(field).collect(),
        }
    }

    #[test]
    fn a_proposal_has_not_been_decided_on() {
        let not = |pointer: &str| vec![(pointer.to_owned(), Code::NotApplicable)];
        let proposed =
            |name: &str, value: Value| refused(json!({"status": "proposed", name: value}));
        assert_eq!(
            proposed("decided_on", json!("2024-01-15")),
            not("/decided_on")
        );
        assert_eq!(proposed("decision", json!(1)), not("/decision"));
        assert_eq!(
            proposed("presented_on", json!("2024-07-16")),
            not("/presented_on")
        );
        let early = json!({"decided_on": "2024-01-15", "presented_on": "2024-01-14"});
        assert_eq!(
            refused(early),
            [("/presented_on".to_owned(), Code::PresentedBeforeDecided)]
        );
    }

    #[test]
    fn one_is_named_or_many_are_counted() {
        let person = json!({"name": "Nguyễn Văn A"});
        assert_eq!(refused(json!({"person": person})), []);
        assert_eq!(refused(json!({"count": 18_520})), []);
        let both = refused(json!({"person": person, "count": 2}));
        assert_eq!(both, [("/person".to_owned(), Code::NotApplicable)]);
        let nearly = json!({"person": person, "count_qualifier": "nearly"});
        assert_eq!(
            refused(nearly),
            [("/person".to_owned(), Code::NotApplicable)]
        );
        assert_eq!(
            refused(json!({"count": 0})),
            [("/count".to_owned(), Code::OutOfRange)]
        );
    }

    #[test]
    fn what_everybody_reads_names_nobody() {
        let named =
            json!({"person": {"name": "Nguyễn Văn A"}, "text": "Bà NGUYEN VAN A, công nhân"});
        assert_eq!(refused(named), [("/text".to_owned(), Code::PersonNamed)]);
    }
}

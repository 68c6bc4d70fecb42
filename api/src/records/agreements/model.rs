//! What is told of an agreement, and the rules that it obeys.

use liendoan_core::day::Day;
use liendoan_core::period::Period;
use liendoan_core::validity::Validity;
use liendoan_core::{Code, Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::figures::{Figure, Telling, mentions};
use crate::records::lifecycle::{Facets, Kind, Mention, Names, On, RecordId, RecordKind, queries};
use crate::records::parts::{Qualifier, Refusals, at, one};

/// What an agreement is: `collective` with an employer (thỏa ước lao động tập thể), `benefit` for members with a
/// business (thỏa thuận phúc lợi), `coordination` with a body of state or party (chương trình phối hợp).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgreementKind {
    Collective,
    Benefit,
    Coordination,
}

impl AgreementKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collective => "collective",
            Self::Benefit => "benefit",
            Self::Coordination => "coordination",
        }
    }
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgreementStatus {
    Negotiated,
    Signed,
    /// It ended before its time.
    Ended,
}

impl AgreementStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Negotiated => "negotiated",
            Self::Signed => "signed",
            Self::Ended => "ended",
        }
    }
}

/// How good a collective agreement is for workers (guidance 90/HD-TLĐ of 17 July 2023).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Rating {
    A,
    B,
    C,
}

/// What a caller sets of an agreement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "unit": "hn-q-ntl", "kind": "coordination", "status": "signed",
    "title": "Chương trình phối hợp hoạt động giai đoạn 2020-2025", "text": null, "period": "2020",
    "count": 1, "count_qualifier": "exact", "partners": [7], "valid_from": "2020-01-01", "valid_to": "2026-01-01", "replaces": null, "better_clauses": [],
    "rating": null, "members_covered": null, "members_used": null, "figures": [], "documents": []
}))]
pub struct AgreementContent {
    /// Code of the unit that signed it.
    #[schema(max_length = 64)]
    pub unit: String,
    #[schema(inline)]
    pub kind: AgreementKind,
    #[schema(inline)]
    pub status: AgreementStatus,
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// The whole story, with line breaks.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub text: Option<String>,
    /// When it was signed: the day, or the period in which it is known to have been; of several that are told as
    /// signed to date, that day.
    pub period: Period,
    /// How many were signed, where they are not told one by one.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64, default = 1)]
    pub count: i64,
    #[serde(default)]
    #[schema(inline)]
    pub count_qualifier: Qualifier,
    /// Ids of the bodies with which it is: the employer, the business, the body of state or party. Empty where they
    /// are not named.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub partners: Vec<i64>,
    /// The first day on which it holds.
    #[serde(default)]
    pub valid_from: Option<Day>,
    /// The first day on which it no longer does; null where none is set or known.
    #[serde(default)]
    pub valid_to: Option<Day>,
    /// Id of the agreement that it was signed anew in place of.
    #[serde(default)]
    pub replaces: Option<i64>,
    /// Clauses of a collective agreement that are better for workers than the law.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub better_clauses: Vec<String>,
    /// Of a collective agreement.
    #[serde(default)]
    #[schema(inline)]
    pub rating: Option<Rating>,
    /// People to whom it applies.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub members_covered: Option<i64>,
    /// Members who have made use of a benefit.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub members_used: Option<i64>,
    /// What it tells in figures. They count where it was signed.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub figures: Vec<Figure>,
    /// Ids of documents: its text, what it rests on.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<i64>,
}

impl Kind for AgreementContent {
    const KIND: RecordKind = RecordKind::Agreement;

    type View = super::Agreement;

    fn check(mut self) -> Result<Self> {
        let mut refused = Refusals::default();
        refused.name("/title", &mut self.title);
        refused.text("/text", &mut self.text);
        for (index, clause) in self.better_clauses.iter_mut().enumerate() {
            refused.name(format!("/better_clauses/{index}"), clause);
        }
        refused.set("/better_clauses", &self.better_clauses);
        refused.set("/partners", &self.partners);
        refused.figures(&mut self.figures);
        refused.set("/documents", &self.documents);
        refused.number_from(1, "/count", Some(self.count));
        refused.number("/members_covered", self.members_covered);
        refused.number("/members_used", self.members_used);
        if let Err(code) = Validity::new(self.valid_from, self.valid_to) {
            refused.add("/valid_to", code);
        }
        let is = |kind| self.kind == kind;
        let (collective, benefit) = (is(AgreementKind::Collective), is(AgreementKind::Benefit));
        let no_clauses = self.better_clauses.is_empty();
        refused.unless(
            collective || no_clauses,
            "/better_clauses",
            Code::NotApplicable,
        );
        refused.unless(
            collective || self.rating.is_none(),
            "/rating",
            Code::NotApplicable,
        );
        let no_users = self.members_used.is_none();
        refused.unless(benefit || no_users, "/members_used", Code::NotApplicable);
        refused.finish()?;
        Ok(self)
    }

    fn check_on(&self, tx: &mut Tx<'_>, scope: &Scope, on: &On) -> Result<()> {
        let mut refused = Refusals::default();
        let is_ahead = self.period.first_day() > on.today;
        let is_signed = self.status != AgreementStatus::Negotiated;
        refused.unless(!(is_signed && is_ahead), "/period", Code::SignedInFuture);
        refused.partners(tx, scope, &at("/partners", &self.partners))?;
        let told = Telling {
            kind: Self::KIND,
            period: &self.period,
            figures: &self.figures,
        };
        refused.figures_on(tx, scope, &told, on)?;
        refused.documents(tx, scope, &at("/documents", &self.documents))?;
        if let Some(id) = self.replaces {
            let kind = Some(RecordKind::Agreement);
            match queries::find(tx, scope, kind, RecordId(id)) {
                Ok(_) => {}
                Err(error) if error.code() == Code::NotFound => {
                    refused.add("/replaces", Code::AgreementUnknown);
                }
                Err(error) => return Err(error),
            }
        }
        refused.finish()
    }

    fn facets(&self) -> Facets {
        let names = Names {
            documents: self.documents.clone(),
            ..Names::default()
        };
        let names = names
            .with(self.partners.iter().copied().map(Mention::Partner))
            .with(self.replaces.map(Mention::Replaced))
            .with(mentions(&self.figures));
        let mut with: Vec<String> = self.partners.iter().map(ToString::to_string).collect();
        with.sort_unstable();
        let kind = self.kind.as_str().to_owned();
        Facets {
            unit: self.unit.clone(),
            title: self.title.clone(),
            category: kind.clone(),
            status: self.status.as_str(),
            period: self.period.clone(),
            names,
            figures: (self.status != AgreementStatus::Negotiated).then(|| self.figures.clone()),
            due_on: self
                .valid_to
                .filter(|_| self.status == AgreementStatus::Signed)
                .map(|day| day.0),
            // Of several at once it can't be told whether they are the same.
            likeness: if with.is_empty() || self.count > 1 {
                Vec::new()
            } else {
                vec![kind, self.period.to_string(), with.join(" ")]
            },
        }
    }
}

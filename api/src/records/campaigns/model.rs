//! What is told of a campaign, and the rules that it obeys.

use liendoan_core::period::Period;
use liendoan_core::{Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::lifecycle::{Facets, Kind, Mention, Names, On, RecordKind};
use crate::records::parts::{Refusals, at};

/// What a campaign is: the `year_theme` (chủ đề năm), an `emulation_drive` (phong trào, đợt thi đua), a `programme`
/// (chương trình), or something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CampaignKind {
    YearTheme,
    EmulationDrive,
    Programme,
    Other,
}

impl CampaignKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::YearTheme => "year_theme",
            Self::EmulationDrive => "emulation_drive",
            Self::Programme => "programme",
            Self::Other => "other",
        }
    }
}

/// What a caller sets of a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "unit": "hn", "kind": "emulation_drive",
    "title": "Đợt thi đua cao điểm chào mừng 91 năm Ngày thành lập Công đoàn Việt Nam",
    "text": null, "period": "2020-05/2020-07", "goals": ["100 % công đoàn cơ sở tham gia"],
    "partners": [], "documents": []
}))]
pub struct CampaignContent {
    /// Code of the unit that launches it, for itself and for all under it.
    #[schema(max_length = 64)]
    pub unit: String,
    #[schema(inline)]
    pub kind: CampaignKind,
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// The whole story, with line breaks.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub text: Option<String>,
    /// When it runs.
    pub period: Period,
    /// What it is to reach, in words.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub goals: Vec<String>,
    /// Ids of bodies outside the union that take part.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub partners: Vec<i64>,
    /// Ids of documents that it rests on or that tell of it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<i64>,
}

impl Kind for CampaignContent {
    const KIND: RecordKind = RecordKind::Campaign;
    const IS_OPEN: bool = true;

    type View = super::Campaign;

    fn check(mut self) -> Result<Self> {
        let mut refused = Refusals::default();
        refused.name("/title", &mut self.title);
        refused.text("/text", &mut self.text);
        for (index, goal) in self.goals.iter_mut().enumerate() {
            refused.name(format!("/goals/{index}"), goal);
        }
        refused.set("/goals", &self.goals);
        refused.set("/partners", &self.partners);
        refused.set("/documents", &self.documents);
        refused.finish()?;
        Ok(self)
    }

    fn check_on(&self, tx: &mut Tx<'_>, scope: &Scope, _: &On) -> Result<()> {
        let mut refused = Refusals::default();
        refused.partners(tx, scope, &at("/partners", &self.partners))?;
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
            category: self.kind.as_str().to_owned(),
            status: "",
            period: self.period.clone(),
            names: names.with(self.partners.iter().copied().map(Mention::Partner)),
            figures: None,
            due_on: None,
            likeness: vec![self.title.clone(), self.period.to_string()],
        }
    }
}

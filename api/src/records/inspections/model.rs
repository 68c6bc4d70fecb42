//! What is told of an inspection, and the rules that it obeys.

use liendoan_core::day::Day;
use liendoan_core::period::Period;
use liendoan_core::{Code, Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::figures::{Figure, Telling, mentions};
use crate::records::lifecycle::{Facets, Kind, Mention, Names, On, RecordKind};
use crate::records::parts::{Refusals, Status, at};

/// What it is: `inspection` (kiểm tra), `supervision` (giám sát), `survey` (khảo sát), `working_visit` (làm việc với
/// đơn vị).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InspectionKind {
    Inspection,
    Supervision,
    Survey,
    WorkingVisit,
}

impl InspectionKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inspection => "inspection",
            Self::Supervision => "supervision",
            Self::Survey => "survey",
            Self::WorkingVisit => "working_visit",
        }
    }
}

/// How far a task has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    Open,
    Done,
    /// It is no longer asked for.
    Dropped,
}

/// Something that a unit is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit": "hn-q-cg", "task": "Bổ sung hồ sơ tài chính công đoàn", "due_on": "2020-12-31",
    "state": "open", "done_on": null}))]
pub struct Task {
    /// Code of the unit that is asked.
    #[schema(max_length = 64)]
    pub unit: String,
    #[schema(min_length = 1, max_length = 300)]
    pub task: String,
    /// The last day for it; null where none was set.
    #[serde(default)]
    pub due_on: Option<Day>,
    #[schema(inline)]
    pub state: TaskState,
    /// The day on which it was done; null where it is not or that is not known.
    #[serde(default)]
    pub done_on: Option<Day>,
}

/// What a caller sets of an inspection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "unit": "hn", "kind": "survey", "status": "held",
    "title": "Khảo sát phong trào công nhân viên chức lao động và hoạt động công đoàn năm 2020", "text": null,
    "period": "2020-11-18", "place": "Quận ủy Cầu Giấy", "visited": ["hn-q-cg", "hn-q-tx"], "findings": null,
    "conclusions": null,
    "tasks": [{"unit": "hn-q-cg", "task": "Bổ sung hồ sơ tài chính công đoàn", "due_on": "2020-12-31",
        "state": "open", "done_on": null}],
    "figures": [], "partners": [], "documents": []
}))]
pub struct InspectionContent {
    /// Code of the unit that visited.
    #[schema(max_length = 64)]
    pub unit: String,
    #[schema(inline)]
    pub kind: InspectionKind,
    #[schema(inline)]
    pub status: Status,
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// The whole story, with line breaks.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub text: Option<String>,
    /// When: a day, or the period that it took.
    pub period: Period,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300)]
    pub place: Option<String>,
    /// Codes of the units that were visited.
    #[schema(min_items = 1, max_items = 50)]
    pub visited: Vec<String>,
    /// What was found.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub findings: Option<String>,
    /// What was concluded.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub conclusions: Option<String>,
    /// What units are asked to do.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub tasks: Vec<Task>,
    /// What it tells in figures. They count where it was held.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub figures: Vec<Figure>,
    /// Ids of bodies outside the union that took part.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub partners: Vec<i64>,
    /// Ids of documents that it rests on or that tell of it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<i64>,
}

impl Kind for InspectionContent {
    const KIND: RecordKind = RecordKind::Inspection;

    type View = super::Inspection;

    fn check(mut self) -> Result<Self> {
        let mut refused = Refusals::default();
        refused.name("/title", &mut self.title);
        refused.name_if_any("/place", &mut self.place);
        refused.text("/text", &mut self.text);
        refused.text("/findings", &mut self.findings);
        refused.text("/conclusions", &mut self.conclusions);
        refused.unless(!self.visited.is_empty(), "/visited", Code::TooFew);
        refused.set("/visited", &self.visited);
        refused.size("/tasks", self.tasks.len());
        for (index, task) in self.tasks.iter_mut().enumerate() {
            let at = |field: &str| format!("/tasks/{index}/{field}");
            refused.name(at("task"), &mut task.task);
            let may_be_done = task.state == TaskState::Done || task.done_on.is_none();
            refused.unless(may_be_done, at("done_on"), Code::NotApplicable);
        }
        refused.figures(&mut self.figures);
        refused.set("/partners", &self.partners);
        refused.set("/documents", &self.documents);
        refused.finish()?;
        Ok(self)
    }

    fn check_on(&self, tx: &mut Tx<'_>, scope: &Scope, on: &On) -> Result<()> {
        let mut refused = Refusals::default();
        refused.held(self.status, self.period.first_day(), on.today);
        for (index, code) in self.visited.iter().enumerate() {
            refused.unit(tx, scope, &format!("/visited/{index}"), code)?;
        }
        for (index, task) in self.tasks.iter().enumerate() {
            refused.unit(tx, scope, &format!("/tasks/{index}/unit"), &task.unit)?;
            let is_ahead = task.done_on.is_some_and(|day| day.0 > on.today);
            refused.unless(
                !is_ahead,
                format!("/tasks/{index}/done_on"),
                Code::DayInFuture,
            );
        }
        refused.partners(tx, scope, &at("/partners", &self.partners))?;
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
        let open = self
            .tasks
            .iter()
            .filter(|task| task.state == TaskState::Open);
        let mut visited = self.visited.clone();
        visited.sort_unstable();
        let kind = self.kind.as_str().to_owned();
        Facets {
            unit: self.unit.clone(),
            title: self.title.clone(),
            category: kind.clone(),
            status: self.status.as_str(),
            period: self.period.clone(),
            names: names
                .with(self.partners.iter().copied().map(Mention::Partner))
                .with(self.visited.iter().cloned().map(Mention::Unit))
                .with(mentions(&self.figures)),
            figures: (self.status == Status::Held).then(|| self.figures.clone()),
            due_on: open.filter_map(|task| task.due_on).map(|day| day.0).min(),
            likeness: vec![kind, self.period.to_string(), visited.join(" ")],
        }
    }
}

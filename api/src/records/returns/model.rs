//! What is told in a return, and the rules that it obeys.

use liendoan_core::period::Period;
use liendoan_core::{Code, Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::catalogues::ReturnForm;
use crate::records::figures::{Figure, Telling, mentions};
use crate::records::lifecycle::{Facets, Kind, Names, On, RecordKind};
use crate::records::parts::{Refusals, StatedFigure, at};
use crate::tree::unit_kinds;

/// What a caller sets of a return.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "unit": "hn-q-hk", "form": null, "title": "Số liệu năm 2020", "text": null, "period": "2020",
    "figures": [{
        "measure": "members_admitted", "coverage": "consolidated", "period": null,
        "quantity": {"qualifier": "exact", "value": 1011, "value_min": null, "value_max": null},
        "text": null, "basis": "stated"
    }],
    "stated_figures": [], "documents": []
}))]
pub struct ReturnContent {
    /// Code of the unit that reports.
    #[schema(max_length = 64)]
    pub unit: String,
    /// Code of the form, as `/return_forms` has it on the last day of the period; null: it is told outside a form, such
    /// as in a publication.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub form: Option<String>,
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// What is to be said of it, with line breaks.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub text: Option<String>,
    /// For when it reports.
    pub period: Period,
    /// What the unit tells in figures, each once: flows for their period, stocks for its last day.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub figures: Vec<Figure>,
    /// Figures in the words in which they were published.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub stated_figures: Vec<StatedFigure>,
    /// Ids of documents that it rests on or that tell of it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<i64>,
}

impl ReturnContent {
    /// The form holds on that day, and is filled in by such a unit for such a period with such figures.
    fn check_form(
        &self,
        refused: &mut Refusals,
        tx: &mut Tx<'_>,
        scope: &Scope,
        on: &On,
    ) -> Result<()> {
        let Some(code) = &self.form else {
            return Ok(());
        };
        let codes = (Code::ReturnFormUnknown, Code::FormNotThen);
        let at_form = ("/form", code.as_str());
        let Some(form) = refused.entry::<ReturnForm>(tx, scope, at_form, on.day, codes)? else {
            return Ok(());
        };
        let fits = self.period.is_regular(form.calendar);
        refused.unless(fits, "/period", Code::PeriodNotOfForm);
        if !form.levels.is_empty() {
            let kind = unit_kinds::of_unit(tx, scope, on.unit, on.day)?;
            let level = kind.and_then(|kind| kind.level);
            let is_for = level.is_some_and(|level| form.levels.contains(&level));
            refused.unless(is_for, "/form", Code::FormNotForUnit);
        }
        for (index, figure) in self.figures.iter().enumerate() {
            let may = form.measures.is_empty() || form.measures.contains(&figure.measure);
            let pointer = format!("/figures/{index}/measure");
            refused.unless(may, pointer, Code::MeasureNotInForm);
        }
        Ok(())
    }
}

impl Kind for ReturnContent {
    const KIND: RecordKind = RecordKind::Return;

    type View = super::Return;

    fn check(mut self) -> Result<Self> {
        let mut refused = Refusals::default();
        refused.name("/title", &mut self.title);
        refused.text("/text", &mut self.text);
        refused.figures(&mut self.figures);
        refused.stated_figures(&mut self.stated_figures);
        refused.set("/documents", &self.documents);
        refused.finish()?;
        Ok(self)
    }

    fn check_on(&self, tx: &mut Tx<'_>, scope: &Scope, on: &On) -> Result<()> {
        let mut refused = Refusals::default();
        self.check_form(&mut refused, tx, scope, on)?;
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
        let form = self.form.clone().unwrap_or_default();
        Facets {
            unit: self.unit.clone(),
            title: self.title.clone(),
            category: form.clone(),
            status: "",
            period: self.period.clone(),
            names: names.with(mentions(&self.figures)),
            figures: Some(self.figures.clone()),
            due_on: None,
            // Outside a form many are told for one period.
            likeness: match self.form {
                Some(_) => vec![form, self.period.to_string(), self.unit.clone()],
                None => Vec::new(),
            },
        }
    }
}

//! What a figure is and may look like. No I/O.

use liendoan_core::UnitId;
use liendoan_core::error::FieldError;
use liendoan_core::period::Period;
use liendoan_core::quantity::Quantity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::catalogues::Measure;
use crate::records::catalogues::measures::{DECIMALS_MAX, MeasureKind};
use crate::records::lifecycle::{Mention, RecordKind};
use crate::records::parts::Refusals;

/// Figures of one record, at most.
pub const FIGURES_MAX: usize = 100;

/// For whom a figure is told: the unit itself (`own`), or it and all under it (`consolidated`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    #[default]
    Own,
    Consolidated,
}

impl Coverage {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Consolidated => "consolidated",
        }
    }
}

/// Where a figure comes from: it was `stated`, `counted_from_list` where only the things were named, or `derived`
/// from others that were stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FigureBasis)]
pub enum Basis {
    #[default]
    Stated,
    CountedFromList,
    Derived,
}

impl Basis {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::CountedFromList => "counted_from_list",
            Self::Derived => "derived",
        }
    }
}

/// A figure that a record tells. It counts once the record is approved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "measure": "members_admitted", "coverage": "own", "period": null,
    "quantity": {"qualifier": "exact", "value": 147, "value_min": null, "value_max": null},
    "text": null, "basis": "stated"
}))]
pub struct Figure {
    /// Code of what it is of, as `/measures` has it on the record's day.
    #[schema(max_length = 64)]
    pub measure: String,
    #[serde(default)]
    #[schema(inline)]
    pub coverage: Coverage,
    /// For when it is told; null: for the record's period. A stock stands on the last day.
    #[serde(default)]
    pub period: Option<Period>,
    pub quantity: Quantity,
    /// As it was published, where that says more than the quantity.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300)]
    pub text: Option<String>,
    #[serde(default)]
    #[schema(inline)]
    pub basis: Basis,
}

impl Figure {
    /// For when it is told, in a record of this period.
    pub fn period<'a>(&'a self, of_record: &'a Period) -> &'a Period {
        self.period.as_ref().unwrap_or(of_record)
    }

    /// What is told once only: a statement, which is a flow in a return, for its period; a stock for its day. None of an
    /// event, which adds to others.
    pub fn told_once(
        &self,
        (kind, unit): (RecordKind, UnitId),
        of_record: &Period,
        measure: MeasureKind,
    ) -> Option<String> {
        let period = self.period(of_record);
        let when = match (measure, kind) {
            (MeasureKind::Stock, _) => period.last_day().to_string(),
            (MeasureKind::Flow, RecordKind::Return) => period.to_string(),
            (MeasureKind::Flow, _) => return None,
        };
        let coverage = self.coverage.as_str();
        Some(format!("{unit} {} {coverage} {when}", self.measure))
    }
}

/// The measures of some figures, as what a content names.
pub fn mentions(figures: &[Figure]) -> impl Iterator<Item = Mention> + '_ {
    figures
        .iter()
        .map(|figure| Mention::Measure(figure.measure.clone()))
}

/// Whether a part is more than its whole, for sure; each with the measure that it is of.
pub fn is_over(part: (&Quantity, &Measure), whole: (&Quantity, &Measure)) -> bool {
    let scale = |measure: &Measure| {
        let places = u32::try_from(DECIMALS_MAX - measure.decimals).unwrap_or(0);
        10_i128.pow(places)
    };
    let (least, most) = (part.0.total(), whole.0.total());
    most.max.is_some_and(|max| {
        let (min, max) = (least.min * scale(part.1), max * scale(whole.1));
        min > max || min == max && (least.min_open || most.max_open)
    })
}

/// Rules that need no row.
impl Refusals {
    pub fn figures(&mut self, figures: &mut [Figure]) {
        self.size_up_to(FIGURES_MAX, "/figures", figures.len());
        for (index, figure) in figures.iter_mut().enumerate().take(FIGURES_MAX) {
            let at = |field: &str| format!("/figures/{index}/{field}");
            let refused: Vec<FieldError> = figure.quantity.check(&at("quantity"));
            for field in refused {
                self.push(field);
            }
            self.name_if_any(at("text"), &mut figure.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use liendoan_core::quantity::Qualifier;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn measure(decimals: i32) -> Measure {
        serde_json::from_value(json!({
            "kind": "flow", "additive": true, "collected_by": "return", "calendar": "civil", "consolidated": true,
            "decimals": decimals, "carry_months": null, "unit_of_measure": "thing", "part_of": null, "group": "party"
        }))
        .unwrap()
    }

    fn told(qualifier: Qualifier, value: i64) -> Quantity {
        Quantity::of(qualifier, value)
    }

    #[test]
    fn a_part_is_over_its_whole_only_where_that_is_sure() {
        let exact = Quantity::exact;
        for (part, whole, over) in [
            (exact(29), exact(29), false),
            (exact(30), exact(29), true),
            (told(Qualifier::MoreThan, 29), exact(29), true),
            (told(Qualifier::AtLeast, 29), exact(29), false),
            (told(Qualifier::Nearly, 40), exact(29), false),
            (told(Qualifier::About, 40), exact(29), false),
            (exact(29), told(Qualifier::Nearly, 29), true),
            (exact(29), told(Qualifier::AtMost, 29), false),
            (exact(40), told(Qualifier::AtLeast, 29), false),
            (exact(40), Quantity::unquantified(), false),
            (Quantity::range(30, 31), exact(29), true),
            (Quantity::range(1, 31), exact(29), false),
            (Quantity::magnitude(100), Quantity::magnitude(10), true),
        ] {
            let measure = measure(0);
            assert_eq!(
                is_over((&part, &measure), (&whole, &measure)),
                over,
                "{part:?} of {whole:?}"
            );
        }
    }

    #[test]
    fn decimals_are_minded() {
        let (hundredths, whole) = (measure(2), measure(0));
        let is_over = |part, all| {
            is_over(
                (&Quantity::exact(part), &hundredths),
                (&Quantity::exact(all), &whole),
            )
        };
        assert!(!is_over(2_900, 29));
        assert!(is_over(2_901, 29));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn of_exact_numbers_the_larger_is_over(part in 0..100_i64, whole in 0..100_i64) {
            let measure = measure(6);
            let over = is_over((&Quantity::exact(part), &measure), (&Quantity::exact(whole), &measure));
            prop_assert_eq!(over, part > whole);
        }
    }

    #[test]
    fn statements_and_stocks_are_told_once_and_events_add() {
        let figure = |own: serde_json::Value| -> Figure {
            let mut figure =
                json!({"measure": "members", "quantity": {"qualifier": "exact", "value": 1}});
            figure
                .as_object_mut()
                .unwrap()
                .extend(own.as_object().unwrap().clone());
            serde_json::from_value(figure).unwrap()
        };
        let of_record: Period = "2020".parse().unwrap();
        let key =
            |kind, measure, own| figure(own).told_once((kind, UnitId(7)), &of_record, measure);
        let (flow, stock) = (MeasureKind::Flow, MeasureKind::Stock);
        assert_eq!(key(RecordKind::Activity, flow, json!({})), None);
        let told = |kind, measure, own| key(kind, measure, own).unwrap();
        assert_eq!(
            told(RecordKind::Return, flow, json!({})),
            "7 members own 2020"
        );
        assert_eq!(
            told(
                RecordKind::Return,
                flow,
                json!({"period": "2020-H1", "coverage": "consolidated"})
            ),
            "7 members consolidated 2020-H1"
        );
        // The year's stock is that of its last day, however that is written.
        let by_year = told(RecordKind::Return, stock, json!({}));
        assert_eq!(
            by_year,
            told(
                RecordKind::Agreement,
                stock,
                json!({"period": "2020-12-31"})
            )
        );
    }
}

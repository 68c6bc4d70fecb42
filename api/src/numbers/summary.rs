//! The addresses under `/units/{unit}/totals`: what a unit and all under it did, and of what each number is made.

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use liendoan_core::day::Day;
use liendoan_core::period::Period;
use liendoan_core::quantity::{Notation, OutOfRange, QuantityView, Sum};
use liendoan_core::{Code, Db, Language, Result, Scope, UnitId, sealer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::totals::measures::{Measure, Measures};
use super::totals::reading::{self, Asked, Reading};
use super::totals::{now, told};
use crate::http::grant::ReadRecords;
use crate::http::list::Query;
use crate::http::{Grant, Problem, State};
use crate::records::catalogues::measures::UnitOfMeasure;
use crate::records::lifecycle::list::Tree;
use crate::tree::cover;
use crate::tree::places;
use crate::tree::units::model::UnitName;
use crate::tree::units::{UnitRef, lookup, queries as units};

/// Of when a summary is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SummaryFilter {
    /// The period, such as `2020`, `2020-Q3`, `SY2019` or `R2020-H1`.
    #[param(value_type = Period)]
    pub period: Period,
    /// Under which tree: `then`, what stood under the unit when it was done, or `now`, what belongs to it today.
    #[serde(default)]
    #[param(inline)]
    pub tree: Tree,
}

/// What a unit and all under it told for a period.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "unit": {"id": 6, "code": "hn-q-btl", "name": "Liên đoàn Lao động quận Bắc Từ Liêm"},
    "period": "2020", "tree": "then", "stock_day": "2020-12-31", "lives_today": false, "position": 412, "is_current": true,
    "items": [{
        "measure": "members_admitted", "name_vi": "Đoàn viên kết nạp mới", "name_en": "Members newly admitted",
        "unit_of_measure": "person", "decimals": 0,
        "total": {"qualifier": "exact", "value": 1011, "value_min": null, "value_max": null, "min": 1011, "min_open": false,
            "max": 1011, "max_open": false, "unquantified": 0},
        "total_out_of_range": false, "text_vi": "1.011", "text_en": "1,011",
        "own": {"qualifier": "exact", "value": 1011, "value_min": null, "value_max": null, "min": 1011, "min_open": false,
            "max": 1011, "max_open": false, "unquantified": 0},
        "declared": null, "computed": null, "difference": null
    }]
}))]
pub struct UnitTotals {
    pub unit: UnitName,
    pub period: Period,
    #[schema(inline)]
    pub tree: Tree,
    /// The day of stocks: the last one of the period, or today where that is yet to come.
    pub stock_day: Day,
    /// Whether the unit lives today. One that does not has no totals of now.
    pub lives_today: bool,
    /// Up to which position of the change feed the totals speak.
    pub position: i64,
    /// Whether nothing waits to be added that was approved before this was read.
    pub is_current: bool,
    /// In the order of the measures; those of which nothing was told are left out.
    pub items: Vec<UnitTotal>,
}

/// The total of one measure.
#[derive(Serialize, ToSchema)]
pub struct UnitTotal {
    /// Code of the measure.
    pub measure: String,
    pub name_vi: String,
    pub name_en: String,
    #[schema(inline)]
    pub unit_of_measure: UnitOfMeasure,
    /// Numbers are in units of the last of these decimals.
    pub decimals: u32,
    #[serde(flatten)]
    #[schema(inline)]
    pub total: Told,
    /// What the unit told of itself alone. In the tree of then, as those that follow.
    #[schema(required)]
    pub own: Option<QuantityView>,
    /// What the unit declared for all under it.
    #[schema(required)]
    pub declared: Option<QuantityView>,
    /// The total as if it had declared nothing.
    #[schema(required)]
    pub computed: Option<QuantityView>,
    /// Declared less computed; null where either is not exact, or not all of the period was declared.
    #[schema(required)]
    pub difference: Option<i64>,
}

/// A sum, in numbers and in words.
#[derive(Serialize, ToSchema)]
pub struct Told {
    /// Null where it is larger than every JSON reader holds: then `total_out_of_range`.
    #[schema(required)]
    pub total: Option<QuantityView>,
    pub total_out_of_range: bool,
    pub text_vi: String,
    pub text_en: String,
}

impl Told {
    pub fn of(sum: &Sum, measure: &Measure) -> Option<Self> {
        let total = sum.total()?;
        let print = |language| {
            let notation = Notation {
                language,
                decimals: measure.decimals,
                sign: None,
            };
            total.print(notation)
        };
        let view = total.view();
        Some(Self {
            total_out_of_range: view == Err(OutOfRange),
            total: view.ok(),
            text_vi: print(Language::Vietnamese),
            text_en: print(Language::English),
        })
    }
}

/// A sum, where it has a term and every JSON reader holds it.
pub fn view(sum: &Sum) -> Option<QuantityView> {
    sum.total()?.view().ok()
}

/// Read the totals of a unit
///
/// Of every measure that was told for the period by the unit or under it. What counts is approved; no data is no
/// item, and not 0. `/units/{unit}/totals/{measure}` tells of what a total is made.
#[utoipa::path(
    operation_id = "read_unit_totals",
    tag = "numbers",
    params(
        ("unit" = String, Path, description = "The unit's id, or `code:` and its code", example = "code:hn"),
        SummaryFilter,
    ),
    responses((status = 200, description = "Its totals", body = UnitTotals)),
)]
#[get("/units/{unit}/totals")]
pub async fn read(
    grant: Grant<ReadRecords>,
    unit: UnitRef,
    query: Query<SummaryFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    places::catch_up(&state).await?;
    let today = state.store.clock().today();
    let scope = grant.scope().clone();
    let SummaryFilter { period, tree } = query.0;
    let totals = state
        .store
        .read(move |db| {
            let asked = Asked {
                unit: units::resolve(db, &scope, &unit)?,
                period: period.clone(),
                today,
            };
            check_reads(db, &scope, &asked, tree)?;
            totals_of(db, &scope, &asked, tree)
        })
        .await?;
    Ok(HttpResponse::Ok().json(totals))
}

/// Totals of then are for those who read the records under the unit, today or on the last day that they are of; those of
/// now for those who do today.
pub fn check_reads(db: &mut Db, scope: &Scope, asked: &Asked, tree: Tree) -> Result<()> {
    let then = last_day_of(db, asked)?;
    let is_read = cover::covers(db, scope, asked.unit, asked.today)?
        || tree == Tree::Then && cover::covers(db, scope, asked.unit, then)?;
    if is_read {
        Ok(())
    } else {
        Err(Code::NotFound.into())
    }
}

/// The last day of the period on which the unit lived.
fn last_day_of(db: &mut Db, asked: &Asked) -> Result<NaiveDate> {
    let (first, last) = (asked.period.first_day(), asked.period.last_day());
    Ok(places::record_day(db, asked.unit, first, last)?.unwrap_or(last))
}

fn totals_of(db: &mut Db, scope: &Scope, asked: &Asked, tree: Tree) -> Result<UnitTotals> {
    let measures = Measures::load(db, scope)?;
    let lives_today = units::kind_on(db, scope, asked.unit, asked.today)?.is_some();
    let readings = match tree {
        Tree::Then => reading::then(db, &measures, asked)?,
        Tree::Now => {
            let totals = now::now(db, &measures, asked)?.unwrap_or_default();
            let reading = |total| Reading {
                total,
                ..Reading::default()
            };
            let totals = totals.into_iter();
            totals.map(|(code, total)| (code, reading(total))).collect()
        }
    };
    let item = |(code, measure): (&String, &Measure)| {
        let reading = readings.get(code)?;
        Some(UnitTotal {
            measure: code.clone(),
            name_vi: measure.name_vi.clone(),
            name_en: measure.name_en.clone(),
            unit_of_measure: measure.unit_of_measure?,
            decimals: measure.decimals,
            total: Told::of(&reading.total, measure)?,
            own: view(&reading.own),
            declared: view(&reading.declared),
            computed: view(&reading.computed),
            difference: reading
                .difference()
                .and_then(|difference| i64::try_from(difference).ok()),
        })
    };
    Ok(UnitTotals {
        unit: name_of(db, scope, asked.unit)?,
        period: asked.period.clone(),
        tree,
        stock_day: Day(asked.day()),
        lives_today,
        position: sealer::position(db)?,
        is_current: !told::has_marks(db)?,
        items: measures.in_order().filter_map(item).collect(),
    })
}

/// As it is called today, or was last.
pub fn name_of(db: &mut Db, scope: &Scope, unit: UnitId) -> Result<UnitName> {
    let name = lookup::last_names(db, scope, &[unit.0])?.remove(&unit.0);
    name.ok_or_else(|| Code::NotFound.into())
}

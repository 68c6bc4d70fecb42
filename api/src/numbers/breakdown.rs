//! Of what a total is made: the unit's own figures and those that it declared, each with the record that tells it, and
//! what each unit directly below adds. Followed down, every number ends at a record.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use liendoan_core::day::Day;
use liendoan_core::db::{FromText, Statement, Value};
use liendoan_core::paging::page_of;
use liendoan_core::period::Period;
use liendoan_core::quantity::{Quantity, Sum};
use liendoan_core::{Code, Db, Error, Result, Scope, UnitId, on_engine};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::summary::{Told, check_reads};
use super::totals::flow::{self, Book};
use super::totals::lines::{LineId, NO_LINE};
use super::totals::measures::{Measure, Measures};
use super::totals::reading::{self, Asked};
use super::totals::rows::{self, When};
use crate::http::grant::ReadRecords;
use crate::http::list::Walk;
use crate::http::{Grant, List, Problem, State};
use crate::records::figures::{Basis, Coverage};
use crate::records::lifecycle::RecordKind;
use crate::records::lifecycle::list::Tree;
use crate::records::lifecycle::queries::read_by;
use crate::tree::places;
use crate::tree::units::model::UnitName;
use crate::tree::units::{UnitRef, lookup, queries as units};

/// Figures that are shown of a unit itself, at most.
const FIGURES_SHOWN: i64 = 200;

/// As many are read for these: some of those days are of periods that do not count in this one.
const FIGURES_READ: i64 = 5 * FIGURES_SHOWN;

/// Of when a total is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BreakdownFilter {
    /// The period, such as `2020`, `2020-Q3`, `SY2019` or `R2020-H1`.
    #[param(value_type = Period)]
    pub period: Period,
}

/// Of what a total is made, as the tree was then.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "measure": "members_admitted", "period": "2020",
    "total": {
        "total": {"qualifier": "exact", "value": 1011, "value_min": null, "value_max": null, "min": 1011, "min_open": false,
            "max": 1011, "max_open": false, "unquantified": 0},
        "total_out_of_range": false, "text_vi": "1.011", "text_en": "1,011"
    },
    "figures": [{
        "id": 31, "record_id": 12, "record_kind": "return", "record_title": "Kết quả năm 2020", "coverage": "own",
        "period": "2020", "day": "2020-12-31",
        "quantity": {"qualifier": "exact", "value": 1011, "value_min": null, "value_max": null},
        "text": null, "basis": "stated", "counts": true
    }],
    "has_more_figures": false,
    "items": [], "next_cursor": null
}))]
pub struct Breakdown {
    pub measure: String,
    pub period: Period,
    /// The total; null where nothing was told.
    #[schema(required)]
    pub total: Option<Told>,
    /// Figures of the unit itself that are of this period: what it declared for all under it, then its own, newest first.
    /// On the first page, and 200 at most.
    pub figures: Vec<FigureView>,
    /// Whether it has more of its own: those of a shorter period are fewer.
    pub has_more_figures: bool,
    /// A page of the units directly below, with what they have.
    pub items: Vec<Share>,
    /// Give it as `cursor` to get the next page of these; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A figure with the record that tells it.
#[derive(Serialize, ToSchema)]
pub struct FigureView {
    pub id: i64,
    pub record_id: i64,
    #[schema(inline)]
    pub record_kind: RecordKind,
    pub record_title: String,
    #[schema(inline)]
    pub coverage: Coverage,
    pub period: Period,
    /// The last day of the period on which the unit lived.
    pub day: Day,
    pub quantity: Quantity,
    /// As it was published, where that is told.
    #[schema(required)]
    pub text: Option<String>,
    #[schema(inline)]
    pub basis: Basis,
    /// Whether it is in the total of its unit; else another one stands before it.
    pub counts: bool,
}

/// What a unit directly below has.
#[derive(Serialize, ToSchema)]
pub struct Share {
    pub unit: UnitName,
    #[serde(flatten)]
    #[schema(inline)]
    pub total: Told,
}

/// Read of what a total is made
///
/// As the tree was then: the figures of the unit itself with their records, and page by page what the units directly
/// below have. Where the unit declared the period, what lies below is set aside: it is shown, and not in the total.
#[utoipa::path(
    operation_id = "read_unit_total",
    tag = "numbers",
    params(
        ("unit" = String, Path, description = "The unit's id, or `code:` and its code", example = "code:hn"),
        ("measure" = String, Path, description = "Code of the measure", example = "members_admitted"),
        BreakdownFilter,
        Walk,
    ),
    responses((status = 200, description = "Of what it is made", body = Breakdown)),
)]
#[get("/units/{unit}/totals/{measure}")]
pub async fn read(
    grant: Grant<ReadRecords>,
    path: web::Path<(String, String)>,
    list: List<BreakdownFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    places::catch_up(&state).await?;
    let (unit, code) = path.into_inner();
    let unit = UnitRef::parse(&unit).ok_or(Code::NotFound)?;
    let after = list.start::<i64>()?.unwrap_or(0);
    let today = state.store.clock().today();
    let (scope, limit) = (grant.scope().clone(), list.rows_to_read());
    let period = list.filter.period.clone();
    let (measure, of) = (code.clone(), period.clone());
    let (total, figures, shares) = state
        .store
        .read(move |db| {
            let measures = Measures::load(db, &scope)?.only(&measure);
            let known = measures.get(&measure).ok_or(Code::NotFound)?;
            let asked = Asked {
                unit: units::resolve(db, &scope, &unit)?,
                period: of.clone(),
                today,
            };
            check_reads(db, &scope, &asked, Tree::Then)?;
            let mut readings = reading::then(db, &measures, &asked)?;
            let total = readings.remove(&measure).map(|reading| reading.total);
            let total = total.and_then(|total| Told::of(&total, known));
            let figures = if after == 0 {
                figures_of(db, &scope, &asked, &measure, known)?
            } else {
                Vec::new()
            };
            let shares = shares_of(db, &scope, &asked, &measures, after, limit)?;
            Ok((total, figures, shares))
        })
        .await?;
    let (figures, has_more_figures) = page_of(figures, FIGURES_SHOWN);
    let paged = list.page(shares, |share| share.unit.id, |share| share)?;
    Ok(paged.answer(None, |items, next_cursor| Breakdown {
        measure: code,
        period,
        total,
        figures,
        has_more_figures,
        items,
        next_cursor,
    }))
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Text)]
    record_kind: String,
    #[diesel(sql_type = Text)]
    record_title: String,
    #[diesel(sql_type = Text)]
    coverage: String,
    #[diesel(sql_type = Text)]
    period: String,
    #[diesel(sql_type = Date, deserialize_as = FromText<chrono::NaiveDate>)]
    day: chrono::NaiveDate,
    #[diesel(sql_type = Text)]
    quantity: String,
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
    #[diesel(sql_type = Text)]
    basis: String,
}

/// Figures of a unit that are of the period, of records that the caller reads; one more than are shown.
fn figures_of(
    db: &mut Db,
    scope: &Scope,
    asked: &Asked,
    code: &str,
    measure: &Measure,
) -> Result<Vec<FigureView>> {
    let mut values: Vec<Value> = vec![asked.unit.0.into(), code.into()];
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let is_read = read_by(scope, &mut bind);
    let (first, last) = if measure.is_stock {
        (measure.stale_on(asked.day()), asked.day())
    } else {
        (asked.period.first_day(), asked.period.last_day())
    };
    let (first, last) = (bind(first.into()), bind(last.into()));
    let text = format!(
        "SELECT f.id, f.record_id, r.kind AS record_kind, r.title AS record_title, f.coverage, f.period, \
         f.day, f.quantity, f.text, f.basis \
         FROM figures f JOIN records r ON r.id = f.record_id \
         WHERE f.unit_id = $1 AND f.measure = $2 AND f.ends_on >= {first} AND f.ends_on <= {last} AND {is_read} \
         ORDER BY f.coverage, f.ends_on DESC, f.id DESC LIMIT {FIGURES_READ}"
    );
    let query = values
        .into_iter()
        .fold(Statement::new(text), Statement::bind);
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    let mut figures = Vec::new();
    for row in rows {
        let period = rows::period(&row.period)?;
        let is_of_it = if measure.is_stock {
            row.day <= asked.day() && asked.day() < measure.fresh_until(row.day)
        } else {
            period.counts_in(&asked.period, measure.calendar)
        };
        if !is_of_it || figures.len() as i64 > FIGURES_SHOWN {
            continue;
        }
        figures.push(FigureView {
            id: row.id,
            record_id: row.record_id,
            record_kind: RecordKind::named(&row.record_kind)?,
            record_title: row.record_title,
            coverage: stored(&row.coverage)?,
            period,
            day: Day(row.day),
            quantity: serde_json::from_str(&row.quantity).map_err(Error::internal)?,
            text: row.text,
            basis: stored(&row.basis)?,
            counts: false,
        });
    }
    let counting = counting(&figures, asked, measure);
    for (figure, counts) in figures.iter_mut().zip(counting) {
        figure.counts = counts;
    }
    Ok(figures)
}

/// A word of an enumeration, as it is stored.
fn stored<T: DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(word.into()).map_err(Error::internal)
}

/// Which of a unit's figures are in its total.
fn counting(figures: &[FigureView], asked: &Asked, measure: &Measure) -> Vec<bool> {
    let is_declared = |figure: &FigureView| figure.coverage == Coverage::Consolidated;
    if measure.is_stock {
        // What was declared comes first, the newest before the others.
        let latest = figures.first().map(|figure| figure.id);
        return figures
            .iter()
            .map(|figure| Some(figure.id) == latest)
            .collect();
    }
    let told: Vec<flow::Told> = figures
        .iter()
        .map(|figure| flow::Told {
            line: NO_LINE,
            is_declared: is_declared(figure),
            period: figure.period.clone(),
            sum: Sum::from(&figure.quantity),
        })
        .collect();
    let book = Book {
        calendar: measure.calendar,
        replaces: measure.replaces,
        told: &told,
    };
    told.iter()
        .map(|one| book.stands(one, &asked.period))
        .collect()
}

/// What the next units directly below have, by their ids.
fn shares_of(
    db: &mut Db,
    scope: &Scope,
    asked: &Asked,
    measures: &Measures,
    after: i64,
    limit: i64,
) -> Result<Vec<Share>> {
    let Some((code, measure)) = measures.in_order().next() else {
        return Ok(Vec::new());
    };
    let when = if measure.is_stock {
        When::By(asked.day())
    } else {
        When::OneOf(reading::slots_of(measure, &asked.period))
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut shares, mut after) = (Vec::new(), UnitId(after));
    // Past those that have something kept, and no total.
    loop {
        let below = rows::lines_below(db, asked.unit, code, &when, after, limit)?;
        let Some(last) = below.keys().next_back().copied() else {
            return Ok(shares);
        };
        after = last;
        let is_last = below.len() < limit;
        let ids: Vec<i64> = below.keys().map(|unit| unit.0).collect();
        let mut names = lookup::last_names(db, scope, &ids)?;
        let mut sums = sums_of(db, asked, measures, below.values().flatten().copied())?;
        for (unit, lines) in below {
            let sums = lines.iter().filter_map(|line| sums.remove(line));
            let total = Told::of(&sums.sum(), measure);
            if let (Some(unit), Some(total)) = (names.remove(&unit.0), total) {
                shares.push(Share { unit, total });
            }
        }
        if is_last || shares.len() >= limit {
            shares.truncate(limit);
            return Ok(shares);
        }
    }
}

/// The totals of lines, of the one measure.
fn sums_of(
    db: &mut Db,
    asked: &Asked,
    measures: &Measures,
    lines: impl Iterator<Item = LineId>,
) -> Result<BTreeMap<LineId, Sum>> {
    let lines: Vec<LineId> = lines.collect();
    let mut sums: BTreeMap<LineId, Sum> = BTreeMap::new();
    for ((line, _), cells) in rows::cells(db, &reading::wanted(measures, &asked.period, &lines))? {
        let sum = sums.entry(line).or_default();
        cells.values().for_each(|cell| *sum += cell.total);
    }
    if measures.stocks().next().is_some() {
        for ((line, code), cell) in rows::steps_on(db, &lines, asked.day())? {
            if measures.get(&code).is_some() {
                *sums.entry(line).or_default() += cell.total;
            }
        }
    }
    Ok(sums)
}

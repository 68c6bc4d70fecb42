//! What differs between the trees of two days.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use liendoan_core::day::Day;
use liendoan_core::db::{FromText, Statement};
use liendoan_core::error::FieldError;
use liendoan_core::schema::unit_states;
use liendoan_core::{Code, Db, Error, Result, Scope, on_engine};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::handlers::with_revision;
use super::history::UnitState;
use super::model::UnitName;
use super::{UnitId, UnitRef, queries};
use crate::http::grant::ReadUnits;
use crate::http::list::Walk;
use crate::http::{Grant, List, Page, Problem, State};
use crate::tree::ancestry;
use crate::tree::reorganisations::commit;

/// Candidates that are looked at in one go.
const CHUNK: i64 = 500;

/// Which two days, and where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DifferenceFilter {
    /// The earlier day.
    pub from: Day,
    /// The later day.
    pub to: Day,
    /// Only units in this subtree on either day: its id, or `code:` and its code.
    pub under: Option<String>,
}

/// How a unit differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    Appeared,
    Disappeared,
    Moved,
    Renamed,
    KindChanged,
}

/// A unit that is not on one day what it is on the other.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "unit": {"id": 24, "code": "hn-tcnt", "name": "Công đoàn Trường Trung cấp Ngoại Thương"},
    "changes": ["moved"],
    "before": {"alive": true, "name": "Công đoàn Trường Trung cấp Ngoại Thương", "short_name": null,
        "kind": "grassroots_union", "employer_type": "school", "parent": "hn-q-lb"},
    "after": {"alive": true, "name": "Công đoàn Trường Trung cấp Ngoại Thương", "short_name": null,
        "kind": "grassroots_union", "employer_type": "school", "parent": "hn-q-btl"}
}))]
pub struct UnitDifference {
    pub unit: UnitName,
    #[schema(inline)]
    pub changes: Vec<DifferenceKind>,
    /// On the earlier day; null where it does not live then.
    #[schema(required)]
    pub before: Option<UnitState>,
    /// On the later day; null where it does not live then.
    #[schema(required)]
    pub after: Option<UnitState>,
}

/// Compare the trees of two days
///
/// Two states, not what happened between: a unit that moved and moved back is no difference. Units that
/// went along below another are not listed. By the day of the first change after the earlier day.
#[utoipa::path(
    operation_id = "list_unit_differences",
    tag = "units",
    params(DifferenceFilter, Walk),
    responses(
        (status = 200, description = "A page of differences", body = Page<UnitDifference>),
        (status = 404, description = "There is no unit `under` which to look"),
    ),
)]
#[get("/units:difference")]
pub async fn list(
    grant: Grant<ReadUnits>,
    asked: List<DifferenceFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    asked.refuse_count()?;
    let start = asked.start::<Key>()?;
    let days = (asked.filter.from.0, asked.filter.to.0);
    if days.0 > days.1 {
        let field = FieldError::parameter("to", Code::OutOfRange);
        let first = days.0.to_string();
        return Err(Error::at(field.with("min", first)).into());
    }
    let under = asked.filter.under.as_deref().map(|under| {
        let refused = || Error::at(FieldError::parameter("under", Code::UnitAddressInvalid));
        UnitRef::parse(under).ok_or_else(refused)
    });
    let under = under.transpose()?;
    let limit = asked.rows_to_read();
    let scope = grant.scope().clone();
    let (revision, rows) = state
        .store
        .read(move |db| {
            let under = under
                .as_ref()
                .map(|under| queries::resolve(db, &scope, under));
            let rows = differences(db, &scope, days, under.transpose()?, start, limit)?;
            Ok((commit::revision(db)?.tree, rows))
        })
        .await?;
    let answer = asked.answer(None, rows, None, |row| row.0, |row| row.1)?;
    Ok(with_revision(answer, revision))
}

/// A unit by its first change in the time between.
type Key = (NaiveDate, i64);

fn differences(
    db: &mut Db,
    scope: &Scope,
    days: (NaiveDate, NaiveDate),
    under: Option<UnitId>,
    start: Option<Key>,
    limit: i64,
) -> Result<Vec<(Key, UnitDifference)>> {
    let wanted = usize::try_from(limit).unwrap_or(0);
    let mut after = start.unwrap_or((days.0, i64::MAX));
    let mut found = Vec::new();
    while found.len() < wanted {
        let keys = touched(db, scope, days, after)?;
        let Some(last) = keys.last() else {
            break;
        };
        after = *last;
        let ids: Vec<i64> = keys.iter().map(|(_, id)| *id).collect();
        let (before, now) = (on(db, scope, &ids, days.0)?, on(db, scope, &ids, days.1)?);
        let (within_before, within_now) = match under {
            Some(top) => (
                ancestry::within(db, scope, top.0, &ids, days.0)?,
                ancestry::within(db, scope, top.0, &ids, days.1)?,
            ),
            None => (ids.iter().copied().collect(), ids.iter().copied().collect()),
        };
        for key in keys {
            let id = key.1;
            if !within_before.contains(&id) && !within_now.contains(&id) {
                continue;
            }
            if let Some(difference) = compare(id, before.get(&id), now.get(&id)) {
                found.push((key, difference));
            }
        }
    }
    found.truncate(wanted);
    Ok(found)
}

/// Units that a decision touched after the first day and by the second, each once.
fn touched(db: &mut Db, _: &Scope, days: (NaiveDate, NaiveDate), after: Key) -> Result<Vec<Key>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Date, deserialize_as = FromText<NaiveDate>)]
        effective_on: NaiveDate,
        #[diesel(sql_type = BigInt)]
        unit_id: i64,
    }
    const TOUCHED: &str = "\
SELECT DISTINCT s.effective_on, s.unit_id FROM unit_states s \
WHERE s.effective_on > $1 AND s.effective_on <= $2 AND (s.effective_on, s.unit_id) > ($3, $4) \
  AND NOT EXISTS (SELECT 1 FROM unit_states e WHERE e.unit_id = s.unit_id \
    AND e.effective_on > $1 AND e.effective_on < s.effective_on) \
ORDER BY s.effective_on, s.unit_id LIMIT $5";
    let query = Statement::new(TOUCHED)
        .bind(days.0)
        .bind(days.1)
        .bind(after.0)
        .bind(after.1)
        .bind(CHUNK);
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    let key = |row: Row| (row.effective_on, row.unit_id);
    Ok(rows.into_iter().map(key).collect())
}

type OnDay = BTreeMap<i64, (String, UnitState)>;

/// Those that live on a day, as they are then.
fn on(db: &mut Db, _: &Scope, ids: &[i64], day: NaiveDate) -> Result<OnDay> {
    type Row = (
        i64,
        String,
        String,
        Option<String>,
        String,
        Option<String>,
        Option<i64>,
    );
    let query = unit_states::table
        .filter(unit_states::unit_id.eq_any(ids.iter().copied()))
        .filter(unit_states::alive)
        .filter(unit_states::effective_on.le(day))
        .filter(unit_states::valid_to.gt(day))
        .select((
            unit_states::unit_id,
            unit_states::code,
            unit_states::name,
            unit_states::short_name,
            unit_states::kind,
            unit_states::employer_type,
            unit_states::parent_id,
        ));
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    let parents: Vec<i64> = rows.iter().filter_map(|row| row.6).collect();
    let codes = queries::codes(db, &parents)?;
    let state = |row: Row| {
        let (id, code, name, short_name, kind, employer_type, parent) = row;
        let state = UnitState {
            alive: true,
            name,
            short_name,
            kind,
            employer_type,
            parent: parent.and_then(|id| codes.get(&id).cloned()),
        };
        (id, (code, state))
    };
    Ok(rows.into_iter().map(state).collect())
}

fn compare(
    id: i64,
    before: Option<&(String, UnitState)>,
    after: Option<&(String, UnitState)>,
) -> Option<UnitDifference> {
    let (code, shown) = after.or(before)?;
    let changes = match (before, after) {
        (None, _) => vec![DifferenceKind::Appeared],
        (_, None) => vec![DifferenceKind::Disappeared],
        (Some((_, a)), Some((_, b))) => {
            let differs = [
                (DifferenceKind::Moved, a.parent != b.parent),
                (
                    DifferenceKind::Renamed,
                    (&a.name, &a.short_name) != (&b.name, &b.short_name),
                ),
                (
                    DifferenceKind::KindChanged,
                    (&a.kind, &a.employer_type) != (&b.kind, &b.employer_type),
                ),
            ];
            let kinds = differs.into_iter().filter(|(_, differs)| *differs);
            kinds.map(|(kind, _)| kind).collect()
        }
    };
    if changes.is_empty() {
        return None;
    }
    Some(UnitDifference {
        unit: UnitName {
            id,
            code: code.clone(),
            name: shown.name.clone(),
        },
        changes,
        before: before.map(|(_, state)| state.clone()),
        after: after.map(|(_, state)| state.clone()),
    })
}

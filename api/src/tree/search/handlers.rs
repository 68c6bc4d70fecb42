//! The address under which units are found.

use actix_web::{HttpResponse, get, web};
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::{Db, Error, Result, Scope, UnitId, text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::unit::What;
use super::{Hit, Search, queries};
use crate::http::grant::{ReadRecords, ReadUnits};
use crate::http::list::{Query, in_range};
use crate::http::{Grant, Problem, State};
use crate::tree::cover::readable;
use crate::tree::reorganisations::commit;
use crate::tree::units::model::{Life, UnitName};
use crate::tree::{ancestry, paths, revision_header};

/// The longest query, in characters.
const QUERY_MAX: usize = 200;
const LIMIT_MAX: i64 = 50;
/// Who has not found it among a thousand looks for something else.
const OFFSET_MAX: i64 = 1_000;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SearchParams {
    /// A name, or the beginnings of its words; a code; a key in another system.
    #[param(min_length = 1, max_length = 200, example = "ldld hoan kiem")]
    pub q: String,
    /// The day of which the answer is, past or planned; today if it is not given.
    pub as_of: Option<Day>,
    /// How many hits at most.
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 50, default = 20)]
    pub limit: i64,
    /// How many hits to pass over.
    #[serde(default)]
    #[param(minimum = 0, maximum = 1000, default = 0)]
    pub offset: i64,
}

fn default_limit() -> i64 {
    20
}

/// Units that were found, the best first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [{
    "id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội", "kind": "provincial_federation",
    "matched": {"text": "hn", "what": "code", "from": null, "to": null},
    "alive": true, "lives": [{"from": null, "to": null}],
    "today": [{"id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội"}],
    "path": [{"id": 1, "code": "tld", "name": "Tổng Liên đoàn Lao động Việt Nam"},
        {"id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội"}]
}], "total": 1}))]
pub struct SearchAnswer {
    pub items: Vec<UnitHit>,
    /// How many there are, beyond this page too.
    pub total: usize,
}

/// A unit that was found.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": 9,
    "code": "hn-q-hk",
    "name": "Liên đoàn Lao động quận Hoàn Kiếm",
    "kind": "district_federation",
    "matched": {"text": "LĐLĐ quận Hoàn Kiếm", "what": "alias", "from": null, "to": null},
    "alive": false,
    "lives": [{"from": null, "to": "2025-07-01"}],
    "today": [],
    "path": [
        {"id": 1, "code": "tld", "name": "Tổng Liên đoàn Lao động Việt Nam"},
        {"id": 2, "code": "hn", "name": "Liên đoàn Lao động thành phố Hà Nội"},
        {"id": 9, "code": "hn-q-hk", "name": "Liên đoàn Lao động quận Hoàn Kiếm"}
    ]
}))]
pub struct UnitHit {
    pub id: i64,
    pub code: String,
    /// Its name on the day; where it does not live then, its last name before, else its first.
    pub name: String,
    pub kind: String,
    pub matched: Matched,
    /// Whether it lives on the day.
    pub alive: bool,
    /// Days on which it lives.
    pub lives: Vec<Life>,
    /// Which units it is today: itself, or what followed it; empty if nothing did.
    pub today: Vec<UnitName>,
    /// From the root down to it, itself last: on the day; where it does not live then, on its last day
    /// before, else on its first.
    pub path: Vec<UnitName>,
}

/// Under what a unit was found.
#[derive(Serialize, ToSchema)]
pub struct Matched {
    pub text: String,
    pub what: What,
    /// The first day on which it is called so; null: since always.
    #[schema(required)]
    pub from: Option<Day>,
    /// The first day on which it no longer is; null: no end is known.
    #[schema(required)]
    pub to: Option<Day>,
}

/// Find units
///
/// By name or code of any day, or by the key in another system of a unit whose records the caller reads. It does not matter whether diacritics are typed,
/// whether names are abbreviated (`LĐLĐ`, `CĐCS`, `TP`, `Q.`), or whether a long word has a typo. Best
/// first: code; whole name; beginning of the name; beginnings of words; with typos. Units that have
/// ended, and names that units had, are found too, after the present ones.
#[utoipa::path(
    operation_id = "search_units",
    tag = "units",
    params(SearchParams),
    responses((status = 200, description = "A page of hits", body = SearchAnswer)),
)]
#[get("/units:search")]
pub async fn search(
    grant: Grant<ReadUnits>,
    query: Query<SearchParams>,
    search: web::Data<Search>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let asked = query.0;
    let refused = |code| Error::at(FieldError::parameter("q", code).with("max", QUERY_MAX));
    let text = text::name(&asked.q, QUERY_MAX).map_err(|code| match code {
        Code::TooLong => refused(code),
        _ => Error::at(FieldError::parameter("q", code)),
    })?;
    in_range("limit", asked.limit, 1..=LIMIT_MAX)?;
    in_range("offset", asked.offset, 0..=OFFSET_MAX)?;
    let (offset, limit) = (as_size(asked.offset), as_size(asked.limit));
    let today = state.store.clock().today();
    let as_of = asked.as_of.map_or(today, |day| day.0);

    let revision = state.store.query(commit::revision).await?;
    search.catch_up(&state.store, revision.names).await?;
    let scope = grant.scope().clone();
    let records = grant.caller.scope::<ReadRecords>();
    let (revision, answer) = state
        .store
        .read(move |db| {
            let bearers = search.read(|index| index.bearers(&text));
            let readable = readable(db, &records, bearers.iter().copied().map(UnitId), today)?;
            let kept_back = bearers
                .into_iter()
                .filter(|unit| !readable.contains(&UnitId(*unit)));
            let kept_back = kept_back.collect();
            let found = search.read(|index| index.search(&text, as_of, offset, limit, &kept_back));
            let items = show(db, &scope, found.hits, as_of, today)?;
            let total = found.total;
            Ok((commit::revision(db)?, SearchAnswer { items, total }))
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(revision_header(revision.tree))
        .json(answer))
}

/// The hits as they are answered. One whose unit has gone meanwhile is left out.
fn show(
    db: &mut Db,
    scope: &Scope,
    hits: Vec<Hit>,
    as_of: chrono::NaiveDate,
    today: chrono::NaiveDate,
) -> Result<Vec<UnitHit>> {
    let ids: Vec<i64> = hits.iter().map(|hit| hit.unit_id).collect();
    let mut shown = queries::shown(db, scope, &ids, as_of)?;
    let mut followers = ancestry::today(db, scope, &ids, today)?;
    let spots: Vec<_> = shown.iter().map(|(id, unit)| (*id, unit.day)).collect();
    let mut paths = paths::paths(db, scope, &spots)?;
    let hits = hits.into_iter().filter_map(|hit| {
        let unit = shown.remove(&hit.unit_id)?;
        Some(UnitHit {
            id: hit.unit_id,
            code: unit.code,
            name: unit.name,
            kind: unit.kind,
            matched: Matched {
                text: hit.matched.text.into(),
                what: hit.matched.what,
                from: hit.matched.validity.start(),
                to: hit.matched.validity.end(),
            },
            alive: unit.is_alive,
            lives: unit.lives,
            today: followers.remove(&hit.unit_id).unwrap_or_default(),
            path: paths.remove(&(hit.unit_id, unit.day)).unwrap_or_default(),
        })
    });
    Ok(hits.collect())
}

/// A number that was found to be small and not negative.
fn as_size(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

//! The addresses under `/units` that read.

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use liendoan_core::day::Day;
use liendoan_core::error::FieldError;
use liendoan_core::{Code, Db, Error, Result, Scope};
use serde::Deserialize;
use utoipa::IntoParams;

use super::card::{Card, card, not_alive};
use super::model::{Unit, UnitAction, UnitItem, UnitName};
use super::queries;
use super::wanted::{self, Wanted};
use super::{UnitId, UnitRef, particulars};
use crate::http::grant::{Caller, EditUnits, ReadRecords, ReadUnits};
use crate::http::list::{Paging, Query, in_range};
use crate::http::{Grant, IfNoneMatch, List, Page, Problem, State, precondition};
use crate::tree::ancestry;
use crate::tree::reorganisations::commit;
use crate::tree::revision_header;

/// The day that an answer is of.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AsOf {
    /// The day of which the answer is, past or planned; today if it is not given.
    pub as_of: Option<Day>,
}

impl AsOf {
    pub fn day(&self, state: &State) -> NaiveDate {
        self.as_of
            .map_or_else(|| state.store.clock().today(), |day| day.0)
    }
}

/// What a list of units is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UnitFilter {
    /// Units that live on this day, as they are then; today if it is not given.
    pub as_of: Option<Day>,
    /// Only those of this kind.
    pub kind: Option<String>,
    /// Only those of this level, 1 to 4.
    #[param(minimum = 1, maximum = 4)]
    pub level: Option<i32>,
    /// Only grassroots unions at this type of employer.
    pub employer_type: Option<String>,
    /// Only those directly under this unit: its id, or `code:` and its code.
    pub parent: Option<String>,
}

/// List units
///
/// Those that live on a day, by id. A reorganisation between two pages shows in the later ones.
#[utoipa::path(
    operation_id = "list_units",
    tag = "units",
    params(UnitFilter, Paging, IfNoneMatch),
    responses(
        (status = 200, description = "A page of units", body = Page<UnitItem>),
        (status = 404, description = "There is no such parent"),
    ),
)]
#[get("/units")]
pub async fn list(
    grant: Grant<ReadUnits>,
    list: List<UnitFilter>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let start = list.start::<i64>()?.unwrap_or(0);
    if let Some(level) = list.filter.level {
        in_range("level", level.into(), 1..=4)?;
    }
    let parent = list.filter.parent.as_deref().map(|parent| {
        let refused = || Error::at(FieldError::parameter("parent", Code::UnitAddressInvalid));
        UnitRef::parse(parent).ok_or_else(refused)
    });
    let parent = parent.transpose()?;
    let filter = &list.filter;
    let wanted = Wanted {
        kind: filter.kind.clone(),
        level: filter.level,
        employer_type: filter.employer_type.clone(),
        parent: None,
    };
    let day = AsOf {
        as_of: filter.as_of,
    }
    .day(&state);
    let (counts, limit) = (list.counts(), list.rows_to_read());
    let scope = grant.scope().clone();
    let (revision, rows, total) = state
        .store
        .read(move |db| {
            let mut wanted = wanted.clone();
            if let Some(parent) = &parent {
                wanted.parent = Some(queries::resolve(db, &scope, parent)?);
            }
            let rows = wanted::list(db, &scope, &wanted, day, start, limit)?;
            let total = counts.then(|| wanted::count(db, &scope, &wanted, day));
            Ok((commit::revision(db)?.tree, rows, total.transpose()?))
        })
        .await?;
    of_tree(&known, revision, day, |version| {
        let key = |row: &queries::ItemRow| row.unit_id;
        list.answer(Some(version), rows, total, key, |row| row.to_view())
    })
}

/// Read a unit
///
/// As it is on a day. One that has ended, or is yet to begin, is found too: `alive` tells.
#[utoipa::path(
    operation_id = "read_unit",
    tag = "units",
    params(("unit" = String, Path, description = "The unit's id, or `code:` and its code", example = "code:hn"), AsOf, IfNoneMatch),
    responses((status = 200, description = "The unit", body = Unit)),
)]
#[get("/units/{unit}")]
pub async fn read(
    grant: Grant<ReadUnits>,
    unit: UnitRef,
    query: Query<AsOf>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let today = state.store.clock().today();
    let day = query.0.day(&state);
    let sight = Sight::of(&grant.caller);
    let scope = grant.scope().clone();
    let (asked, of) = (unit.clone(), scope.clone());
    // What one statement can tell is most often all there is.
    let card = state
        .store
        .query(move |db| card(db, &of, &asked, day, today))
        .await?;
    let (revision, view) = match card.today() {
        Some(name) if !card.has_external_ids => (
            card.revision,
            view(&card, day, vec![name], Vec::new(), sight.may_edit)?,
        ),
        _ => {
            let whole = move |db: &mut Db| whole(db, &scope, &unit, day, today, &sight);
            state.store.read(whole).await?
        }
    };
    let etag = particulars::etag(view.version, revision, day);
    Ok(with_revision(known.answer(etag, &view), revision))
}

/// What a caller is shown of a unit beyond what everybody is.
#[derive(Clone)]
pub struct Sight {
    /// Where they read records, and with them a unit's keys in other systems.
    records: Scope,
    may_edit: bool,
}

impl Sight {
    pub fn of(caller: &Caller) -> Self {
        Self {
            records: caller.scope::<ReadRecords>(),
            may_edit: caller.may::<EditUnits>(),
        }
    }
}

/// A unit with all that hangs on it, in one snapshot; and the tree's revision.
pub fn whole(
    db: &mut Db,
    scope: &Scope,
    unit: &UnitRef,
    day: NaiveDate,
    today: NaiveDate,
    sight: &Sight,
) -> Result<(i64, Unit)> {
    let card = card(db, scope, unit, day, today)?;
    let now = ancestry::today(db, scope, &[card.id], today)?;
    let now = now.into_values().flatten().collect();
    let external_ids = queries::external_ids(db, &sight.records, UnitId(card.id), today)?;
    Ok((
        card.revision,
        view(&card, day, now, external_ids, sight.may_edit)?,
    ))
}

fn view(
    card: &Card,
    day: NaiveDate,
    today: Vec<UnitName>,
    external_ids: Vec<super::model::ExternalId>,
    may_edit: bool,
) -> Result<Unit> {
    let validity = card.validity();
    Ok(Unit {
        id: card.id,
        code: card.code.clone(),
        version: card.version,
        as_of: Day(day),
        alive: validity.contains(day),
        name: card.name.clone(),
        short_name: card.short_name.clone(),
        kind: card.kind.clone(),
        level: card.level,
        employer_type: card.employer_type.clone(),
        placeholder: card.placeholder,
        parent: card.parent(),
        from: validity.start(),
        to: validity.end(),
        lives: card.lives()?,
        child_count: card.child_count,
        today,
        aliases: particulars::aliases_of(card.aliases.as_deref())?,
        address: particulars::text_of(card.address.as_deref())?,
        telephone: particulars::text_of(card.telephone.as_deref())?,
        employer: particulars::text_of(card.employer.as_deref())?,
        tax_code: particulars::text_of(card.tax_code.as_deref())?,
        administrative_division: particulars::text_of(card.administrative_division.as_deref())?,
        external_ids,
        allowed_actions: if may_edit {
            vec![UnitAction::Edit]
        } else {
            Vec::new()
        },
    })
}

/// The unit, which lives on that day.
pub fn living(db: &mut Db, scope: &Scope, unit: &UnitRef, day: NaiveDate) -> Result<Card> {
    let card = card(db, scope, unit, day, day)?;
    if card.validity().contains(day) {
        Ok(card)
    } else {
        Err(not_alive(&card)?)
    }
}

/// Tells which state of the tree an answer speaks of.
pub fn with_revision(mut answer: HttpResponse, revision: i64) -> HttpResponse {
    let (name, value) = revision_header(revision);
    if let Ok(value) = value.parse() {
        answer.headers_mut().insert(name, value);
    }
    answer
}

/// The same for what depends on the tree and the day alone: who has it is not sent it again.
pub fn of_tree(
    known: &IfNoneMatch,
    revision: i64,
    day: NaiveDate,
    answer: impl FnOnce(i64) -> Result<HttpResponse, Problem>,
) -> Result<HttpResponse, Problem> {
    let version = particulars::etag(0, revision, day);
    let answer = if known.has(version) {
        precondition::unchanged(version)
    } else {
        answer(version)?
    };
    Ok(with_revision(answer, revision))
}

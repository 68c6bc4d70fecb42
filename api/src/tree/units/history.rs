//! What decisions made of a unit, in the order of replay.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::day::Day;
use liendoan_core::db::Statement;
use liendoan_core::schema::unit_states;
use liendoan_core::validity::ALWAYS;
use liendoan_core::{Db, Error, Result, Scope, on_engine};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::handlers::with_revision;
use super::{UnitId, UnitRef, queries};
use crate::http::grant::ReadUnits;
use crate::http::list::Walk;
use crate::http::{Grant, List, Page, Problem, State};
use crate::tree::documents::DocumentId;
use crate::tree::documents::model::DocumentSummary;
use crate::tree::documents::queries as documents;
use crate::tree::reorganisations::content::{LineContent, Precision};
use crate::tree::reorganisations::model::{Recorded, ReorganisationState};
use crate::tree::reorganisations::{ReorganisationId, commit, queries as reorganisations};

/// Which decisions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HistoryFilter {
    /// Annulled decisions, which never happened, too.
    #[serde(default)]
    pub include_annulled: bool,
}

/// What one decision made of a unit.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "reorganisation_id": 4,
    "state": "in_effect",
    "effective_on": "2024-12-19",
    "effective_precision": "day",
    "day_seq": 1,
    "document": {"id": 3, "number": null, "date": null, "issuer": null, "title": "Chuyển giao, tiếp nhận"},
    "lines": [{"line": 0, "content": {"op": "transfer", "unit": "hn-tcnt", "to": "hn-q-btl"}}],
    "after": {"alive": true, "name": "Công đoàn Trường Trung cấp Ngoại Thương", "short_name": null,
        "kind": "grassroots_union", "employer_type": "school", "parent": "hn-q-btl"}
}))]
pub struct HistoryEntry {
    pub reorganisation_id: i64,
    #[schema(inline)]
    pub state: ReorganisationState,
    /// Null for an opening: nobody knows since when.
    #[schema(required)]
    pub effective_on: Option<Day>,
    #[schema(inline)]
    pub effective_precision: Precision,
    pub day_seq: i32,
    #[schema(required)]
    pub document: Option<DocumentSummary>,
    /// The lines that touched the unit, moves that follow from another unit's end included.
    pub lines: Vec<HistoryLine>,
    /// The unit after it; null where it was annulled.
    #[schema(required)]
    pub after: Option<UnitState>,
}

/// A line, and its place in the decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryLine {
    pub line: usize,
    pub content: LineContent,
}

/// A unit at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitState {
    pub alive: bool,
    pub name: String,
    #[schema(required)]
    pub short_name: Option<String>,
    pub kind: String,
    #[schema(required)]
    pub employer_type: Option<String>,
    /// Code of the unit above, or of the last one that it had; null for the root.
    #[schema(required)]
    pub parent: Option<String>,
}

/// Read the history of a unit
///
/// Every decision that touched it, in the order in which they apply, with the lines that did and the
/// paper that says so.
#[utoipa::path(
    operation_id = "list_unit_history",
    tag = "units",
    params(("unit" = String, Path, description = "The unit's id, or `code:` and its code", example = "code:hn"), HistoryFilter, Walk),
    responses((status = 200, description = "A page of the history", body = Page<HistoryEntry>)),
)]
#[get("/units/{unit}/history")]
pub async fn list(
    grant: Grant<ReadUnits>,
    unit: UnitRef,
    asked: List<HistoryFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    asked.refuse_count()?;
    let start = asked.start::<(NaiveDate, i32)>()?;
    let today = state.store.clock().today();
    let (limit, annulled_too) = (asked.rows_to_read(), asked.filter.include_annulled);
    let scope = grant.scope().clone();
    let (revision, rows) = state
        .store
        .read(move |db| {
            let id = queries::resolve(db, &scope, &unit)?;
            let rows = entries(db, &scope, id, annulled_too, start, limit, today)?;
            Ok((commit::revision(db)?.tree, rows))
        })
        .await?;
    let answer = asked.answer(None, rows, None, |row| row.0, |row| row.1)?;
    Ok(with_revision(answer, revision))
}

type Entry = ((NaiveDate, i32), HistoryEntry);

fn entries(
    db: &mut Db,
    scope: &Scope,
    unit: UnitId,
    annulled_too: bool,
    start: Option<(NaiveDate, i32)>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Entry>> {
    let decisions = decisions(db, scope, unit, annulled_too, start, limit)?;
    let mut states = states(db, scope, unit)?;
    let recorded: Vec<Recorded> = decisions
        .into_iter()
        .map(|id| reorganisations::find(db, scope, id))
        .collect::<Result<_>>()?;
    let ids: Vec<DocumentId> = recorded
        .iter()
        .map(|one| DocumentId(one.content.document_id))
        .collect();
    let papers: BTreeMap<i64, DocumentSummary> = documents::of_ids(db, scope, &ids)?
        .iter()
        .map(|paper| (paper.id.0, paper.into()))
        .collect();
    let entry = |one: Recorded| {
        let at = one.position();
        let touched = states.remove(&one.id.0);
        let (lines, after) = match touched {
            Some((lines, after)) => (lines, Some(after)),
            None => (Vec::new(), None),
        };
        let content = one.content.lines.iter().enumerate();
        let chosen = content.filter(|(line, _)| lines.contains(line));
        let entry = HistoryEntry {
            reorganisation_id: one.id.0,
            state: one.state(today),
            effective_on: one.content.effective_on,
            effective_precision: one.content.effective_precision,
            day_seq: one.day_seq,
            document: papers.get(&one.content.document_id).cloned(),
            lines: chosen
                .map(|(line, content)| HistoryLine {
                    line,
                    content: content.clone(),
                })
                .collect(),
            after,
        };
        ((at.on, at.seq), entry)
    };
    Ok(recorded.into_iter().map(entry).collect())
}

/// Decisions that touched the unit; annulled ones, which touch nothing any more, are remembered.
fn decisions(
    db: &mut Db,
    _: &Scope,
    unit: UnitId,
    annulled_too: bool,
    start: Option<(NaiveDate, i32)>,
    limit: i64,
) -> Result<Vec<ReorganisationId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let annulled = if annulled_too {
        "UNION SELECT a.reorganisation_id FROM reorganisation_reads a \
         JOIN reorganisations n ON n.id = a.reorganisation_id \
         WHERE a.unit_id = $1 AND n.annulled_because IS NOT NULL"
    } else {
        ""
    };
    let statement = format!(
        "SELECT r.id FROM reorganisations r WHERE r.id IN \
         (SELECT reorganisation_id FROM unit_states WHERE unit_id = $1 {annulled}) \
         AND (r.effective_on, r.day_seq) > ($2, $3) ORDER BY r.effective_on, r.day_seq LIMIT $4"
    );
    let (on, seq) = start.unwrap_or((ALWAYS, 0));
    let query = Statement::new(statement)
        .bind(unit.0)
        .bind(on)
        .bind(seq)
        .bind(limit);
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    Ok(rows
        .into_iter()
        .map(|row| ReorganisationId(row.id))
        .collect())
}

/// What each decision left of the unit, and by which of its lines.
fn states(db: &mut Db, _: &Scope, unit: UnitId) -> Result<BTreeMap<i64, (Vec<usize>, UnitState)>> {
    type Row = (
        i64,
        String,
        bool,
        String,
        Option<String>,
        String,
        Option<String>,
        Option<i64>,
    );
    let rows: Vec<Row> = unit_states::table
        .filter(unit_states::unit_id.eq(unit.0))
        .select((
            unit_states::reorganisation_id,
            unit_states::lines,
            unit_states::alive,
            unit_states::name,
            unit_states::short_name,
            unit_states::kind,
            unit_states::employer_type,
            unit_states::parent_id,
        ))
        .load(db)?;
    let parents: Vec<i64> = rows.iter().filter_map(|row| row.7).collect();
    let codes = queries::codes(db, &parents)?;
    let state = |row: Row| {
        let (decision, lines, alive, name, short_name, kind, employer_type, parent) = row;
        let lines: Vec<usize> = serde_json::from_str(&lines).map_err(Error::internal)?;
        let state = UnitState {
            alive,
            name,
            short_name,
            kind,
            employer_type,
            parent: parent.and_then(|id| codes.get(&id).cloned()),
        };
        Ok((decision, (lines, state)))
    };
    rows.into_iter().map(state).collect()
}

//! Records that likely tell of the same thing: the same certificate, told by the parent and by the child. They are
//! pointed out, and nothing is refused for it.

use actix_web::{HttpResponse, get, web};
use diesel::prelude::*;
use liendoan_core::db::{Statement, Value};
use liendoan_core::schema::records;
use liendoan_core::vietnamese::fold;
use liendoan_core::{Db, Result, Scope, on_engine};
use sha2::{Digest, Sha256};

use super::model::{Record, RecordSummary};
use super::queries::{COLUMNS, load};
use super::reading::NoFilter;
use super::{RecordId, queries, rights};
use crate::http::grant::ReadRecords;
use crate::http::list::Walk;
use crate::http::{Grant, Id, List, Page, Problem, State};
use crate::tree::places;

/// What is the same about them, as it is kept: a hash, since it may rest on a person's name.
pub fn of(parts: &[String]) -> Option<String> {
    let folded: Vec<String> = parts.iter().map(|part| fold(part)).collect();
    let digest = || Sha256::digest(folded.join("\n").as_bytes());
    (!parts.is_empty()).then(|| digest().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Others of its kind that likely tell of the same, after one.
fn alike(
    db: &mut Db,
    scope: &Scope,
    record: &Record,
    after: i64,
    limit: i64,
) -> Result<Vec<Record>> {
    let query = records::table.find(record.id.0).select(records::likeness);
    let likeness: Option<String> = on_engine!(&mut *db, c => query.first(c))?;
    let Some(likeness) = likeness else {
        return Ok(Vec::new());
    };
    let mut values: Vec<Value> = vec![
        record.kind.as_str().into(),
        likeness.as_str().into(),
        after.into(),
        record.id.0.into(),
        limit.into(),
    ];
    let read = queries::read_by(scope, |value| {
        values.push(value);
        format!("${}", values.len())
    });
    let text = format!(
        "SELECT {COLUMNS} FROM records r JOIN units u ON u.id = r.unit_id \
         WHERE r.kind = $1 AND r.likeness = $2 AND r.id > $3 AND r.id <> $4 AND {read} ORDER BY r.id LIMIT $5"
    );
    load(
        db,
        &values
            .into_iter()
            .fold(Statement::new(text), Statement::bind),
    )
}

/// List likely duplicates of a record
///
/// Other records that the caller reads and that likely tell of the same thing: of awards, one title for one
/// recipient and period; of others, the same title or partners in the same period. Nothing is refused for it.
#[utoipa::path(
    operation_id = "list_likely_duplicates",
    tag = "records",
    params(("id" = i64, Path, description = "The record's id", example = 12), Walk),
    responses((status = 200, description = "A page of records", body = Page<RecordSummary>)),
)]
#[get("/records/{id}/likely_duplicates")]
pub async fn list(
    grant: Grant<ReadRecords>,
    id: Id<RecordId>,
    list: List<NoFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let after = list.start::<i64>()?.unwrap_or(0);
    places::catch_up(&state).await?;
    let today = state.store.clock().today();
    let (scope, caller, limit) = (
        grant.scope().clone(),
        grant.caller.clone(),
        list.rows_to_read(),
    );
    let rows = state
        .store
        .read(move |db| {
            let record = queries::find(db, &scope, None, id.0)?;
            let records = alike(db, &scope, &record, after, limit)?;
            let allowed = rights::allowed(db, &caller, &records, today)?;
            let shown = records.iter().zip(allowed);
            Ok(shown
                .map(|(record, allowed)| record.summary(allowed))
                .collect::<Vec<_>>())
        })
        .await?;
    list.answer(None, rows, None, |row| row.head.id, |row| row)
}

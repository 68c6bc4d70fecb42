//! The address `/audit_entries`.

use actix_web::{HttpResponse, get, web};
use liendoan_core::audit::Entry;
use liendoan_core::{Result, Scope};

use super::filter::AuditFilter;
use super::queries;
use super::view::AuditEntry;
use crate::http::grant::ReadAudit;
use crate::http::list::Walk;
use crate::http::{Grant, List, Page, Problem, State};
use crate::tree::cover;

/// Search the audit log
///
/// Who did what, from where, before and after; the newest first. Whoever audits units sees what concerned
/// these and those below them, as the tree stood then; what concerns no unit, only who audits the whole
/// federation. Each search is itself in the log, as `audit.searched`.
#[utoipa::path(
    operation_id = "list_audit_entries",
    tag = "audit",
    params(AuditFilter, Walk),
    responses(
        (status = 200, description = "A page of entries", body = Page<AuditEntry>),
        (status = 404, description = "There is no such unit"),
    ),
)]
#[get("/audit_entries")]
pub async fn list(
    grant: Grant<ReadAudit>,
    list: List<AuditFilter>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    list.refuse_count()?;
    let before = list.start::<i64>()?;
    let wanted = list.filter.check()?;
    let limit = list.rows_to_read();
    let scope = grant.scope().clone();
    let entries = state
        .store
        .read(move |db| queries::list(db, &scope, &wanted, before, limit))
        .await?;
    let told = list.filter.told(before);
    let scope = grant.scope().clone();
    // Before the answer: nobody reads of others unseen.
    state
        .write(&grant.caller, move |tx| {
            let today = tx.today();
            let units = match &scope {
                Scope::All => Vec::new(),
                Scope::Under(tops) => cover::concerned(tx, tops.iter().copied(), today)?,
            };
            tx.audit(Entry {
                action: "audit.searched",
                units: &units,
                after: Some(&told),
                ..Entry::default()
            })
        })
        .await?;
    let entries: Vec<AuditEntry> = entries
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_>>()?;
    list.answer(None, entries, None, |entry| entry.position, |entry| entry)
}

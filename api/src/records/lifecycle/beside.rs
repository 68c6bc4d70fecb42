//! What stands beside the content of a record, of whatever kind, and is approved with it: its evidence, and its
//! links to other records.
//!
//! It changes as the content does: of a draft, of what was returned, and of what was approved by a correction.

use std::collections::BTreeSet;

use diesel::prelude::*;
use liendoan_core::clock::rfc3339;
use liendoan_core::error::FieldError;
use liendoan_core::files::loose;
use liendoan_core::schema::{record_files, record_versions};
use liendoan_core::{Code, Error, Result, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::links::Link;
use super::model::Record;
use super::state::Action;
use super::{RecordId, changes, kind, rights};
use crate::http::IfMatch;
use crate::http::file::Received;
use crate::http::grant::Caller;

/// Files of one record.
const ATTACHMENTS_MAX: usize = 50;

/// As it is kept, in JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Beside {
    pub attachments: Vec<Attachment>,
    /// To other records.
    pub links: Vec<Link>,
}

/// A file that proves what a record tells: a photograph, a list, a scan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "name": "danh sách ký nhận.pdf",
    "media_type": "application/pdf",
    "size": 482133,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "attached_by": "account:12",
    "attached_at": "2026-11-21T01:00:00.000000Z"
}))]
pub struct Attachment {
    pub name: String,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// Hash of the bytes, in lower-case hexadecimal digits: its name in `/records/{id}/attachments/{sha256}`.
    pub sha256: String,
    /// Who sent it: `account:12`.
    pub attached_by: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub attached_at: String,
}

impl Beside {
    pub fn attachment(&self, sha256: &str) -> Option<&Attachment> {
        let mut all = self.attachments.iter();
        all.find(|attachment| attachment.sha256 == sha256)
    }
}

/// Lets only those change it who edit the record, of a version that they know, in a state that allows it.
pub fn check_changes(
    tx: &mut Tx<'_>,
    caller: &Caller,
    record: &Record,
    if_match: &IfMatch,
) -> Result<()> {
    rights::check_edits(tx, caller, record)?;
    if_match.check(record.version)?;
    record.life.after(Action::Edit).map(drop)
}

/// Attaches a file to a record that may be changed.
pub fn attach(
    tx: &mut Tx<'_>,
    caller: &Caller,
    before: &Record,
    file: &Received,
) -> Result<Record> {
    let mut beside = before.beside.clone();
    check_takes(before, &file.sha256)?;
    beside.attachments.push(Attachment {
        name: file.name.clone(),
        media_type: file.media_type.to_owned(),
        size: file.size,
        sha256: file.sha256.clone(),
        attached_by: caller.principal.to_string(),
        attached_at: rfc3339(tx.now()),
    });
    changes::set_beside(tx, caller, before, &beside)
}

fn check_takes(record: &Record, sha256: &str) -> Result<()> {
    let beside = &record.beside;
    if let Some(same) = beside.attachment(sha256) {
        let name = same.name.as_str();
        return Err(Error::new(Code::AlreadyAttached).with("name", name));
    }
    if beside.attachments.len() >= ATTACHMENTS_MAX {
        let field = FieldError::at("", Code::TooMany);
        return Err(Error::at(field.with("max", ATTACHMENTS_MAX)));
    }
    Ok(())
}

/// Takes a file away from a record that may be changed; an approved content that had it keeps it.
pub fn detach(tx: &mut Tx<'_>, caller: &Caller, before: &Record, sha256: &str) -> Result<Record> {
    let mut beside = before.beside.clone();
    beside.attachments.retain(|one| one.sha256 != sha256);
    if beside == before.beside {
        return Err(Code::NotFound.into());
    }
    changes::set_beside(tx, caller, before, &beside)
}

/// Lets a record name these files, beside those that its approved contents have.
pub(super) fn name_files(tx: &mut Tx<'_>, record: RecordId, beside: &Beside) -> Result<()> {
    let known = files_of(tx, record)?;
    let attachments = beside.attachments.iter();
    let wanted: BTreeSet<String> = attachments.map(|one| one.sha256.clone()).collect();
    let mut dropped: BTreeSet<&String> = known.difference(&wanted).collect();
    if !dropped.is_empty() {
        for approved in approved(tx, record)? {
            dropped.retain(|hash| approved.attachment(hash).is_none());
        }
        let of_record = record_files::table.filter(record_files::record_id.eq(record.0));
        let gone = of_record.filter(record_files::hash.eq_any(dropped.clone()));
        diesel::delete(gone).execute(&mut **tx)?;
        loose::let_go(tx, dropped.into_iter().map(String::as_str))?;
    }
    for hash in wanted.difference(&known) {
        diesel::insert_into(record_files::table)
            .values((
                record_files::record_id.eq(record.0),
                record_files::hash.eq(hash),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

fn approved(tx: &mut Tx<'_>, record: RecordId) -> Result<Vec<Beside>> {
    let query = record_versions::table
        .filter(record_versions::record_id.eq(record.0))
        .select(record_versions::beside);
    let kept: Vec<String> = query.load(&mut **tx)?;
    kept.iter().map(|beside| kind::read(beside)).collect()
}

/// Lets go the files of a record that is about to be deleted.
pub(super) fn let_files_go(tx: &mut Tx<'_>, record: RecordId) -> Result<()> {
    let files = files_of(tx, record)?;
    loose::let_go(tx, files.iter().map(String::as_str))
}

fn files_of(tx: &mut Tx<'_>, record: RecordId) -> Result<BTreeSet<String>> {
    let of_record = record_files::table.filter(record_files::record_id.eq(record.0));
    let hashes: Vec<String> = of_record.select(record_files::hash).load(&mut **tx)?;
    Ok(hashes.into_iter().collect())
}

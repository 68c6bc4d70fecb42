//! Files that perhaps no row names: uploads on their way to one, and what was let go. Those that still have
//! none after a day are removed.
//!
//! A file is put down here before its bytes are put in their place, so that a sweep at the same moment leaves
//! them alone; and whoever finds that its removal has begun is asked to come again.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use diesel::prelude::*;

use super::Files;
use crate::db::Hold;
use crate::error::{Code, Result};
use crate::schema::{document_files, loose_files, record_files};
use crate::{Actor, Store, Tx};

/// How long a file is kept that no row names.
pub const KEPT: TimeDelta = TimeDelta::days(1);

/// After how long a removal that was begun is begun again: whoever began it is gone.
const GIVEN_UP: TimeDelta = TimeDelta::hours(1);

/// Files looked at in one transaction.
const CHUNK: i64 = 200;

/// Keeps a file for a day from now, until a row names it.
pub fn touch(tx: &mut Tx<'_>, hash: &str) -> Result<()> {
    let now = tx.now();
    tx.lock("file", [(hash, Hold::Alone)])?;
    let known = loose_files::table.find(hash);
    let known: Option<Option<crate::Timestamp>> = known
        .select(loose_files::doomed_at)
        .first(&mut **tx)
        .optional()?;
    match known {
        Some(Some(_)) => return Err(Code::Overloaded.into()),
        Some(None) => {
            diesel::update(loose_files::table.find(hash))
                .set(loose_files::since.eq(now))
                .execute(&mut **tx)?;
        }
        None => {
            diesel::insert_into(loose_files::table)
                .values((loose_files::hash.eq(hash), loose_files::since.eq(now)))
                .execute(&mut **tx)?;
        }
    }
    Ok(())
}

/// Tells that a row no longer names these files.
pub fn let_go<'a>(tx: &mut Tx<'_>, hashes: impl IntoIterator<Item = &'a str>) -> Result<()> {
    // In one order, so that two who let go the same do not wait for each other.
    let hashes: BTreeSet<&str> = hashes.into_iter().collect();
    hashes.into_iter().try_for_each(|hash| touch(tx, hash))
}

/// Removes what has been without a row for a day, and what is left of uploads that broke off; answers how many.
pub async fn sweep(store: &Store, files: &Files) -> Result<usize> {
    let mut removed = 0;
    loop {
        let doomed = store.write(Actor::program("files"), doom).await?;
        if doomed.is_empty() {
            break;
        }
        for hash in &doomed {
            files.remove(hash).await?;
        }
        removed += doomed.len();
        let forget = move |tx: &mut Tx<'_>| {
            let gone = loose_files::table
                .filter(loose_files::hash.eq_any(doomed.clone()))
                .filter(loose_files::doomed_at.is_not_null());
            Ok(diesel::delete(gone).execute(&mut **tx)?)
        };
        store.write(Actor::program("files"), forget).await?;
    }
    let before = store.clock().now() - KEPT;
    Ok(removed + files.remove_broken_off(before).await?)
}

/// Picks files that are to be removed, and forgets those that a row names after all.
fn doom(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let now = tx.now();
    let due = || {
        loose_files::table
            .filter(loose_files::since.lt(now - KEPT))
            .filter(
                loose_files::doomed_at
                    .is_null()
                    .or(loose_files::doomed_at.lt(now - GIVEN_UP)),
            )
            .order(loose_files::since)
            .limit(CHUNK)
            .select(loose_files::hash)
    };
    let hashes: Vec<String> = due().load(&mut **tx)?;
    if hashes.is_empty() {
        return Ok(hashes);
    }
    let names = hashes.iter().map(|hash| (hash.as_str(), Hold::Alone));
    tx.lock("file", names)?;
    // Anew, now that nobody else touches them.
    let hashes: Vec<String> = due()
        .filter(loose_files::hash.eq_any(hashes))
        .load(&mut **tx)?;
    let of_documents = document_files::table.filter(document_files::hash.eq_any(hashes.clone()));
    let mut named: Vec<String> = of_documents.select(document_files::hash).load(&mut **tx)?;
    let of_records = record_files::table.filter(record_files::hash.eq_any(hashes.clone()));
    named.extend(
        of_records
            .select(record_files::hash)
            .load::<String>(&mut **tx)?,
    );
    diesel::delete(loose_files::table.filter(loose_files::hash.eq_any(named.clone())))
        .execute(&mut **tx)?;
    let is_unnamed = |hash: &String| !named.contains(hash);
    let doomed: Vec<String> = hashes.into_iter().filter(is_unnamed).collect();
    diesel::update(loose_files::table.filter(loose_files::hash.eq_any(doomed.clone())))
        .set(loose_files::doomed_at.eq(now))
        .execute(&mut **tx)?;
    Ok(doomed)
}

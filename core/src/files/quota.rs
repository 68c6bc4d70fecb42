//! How much somebody may send on a day, so that nobody fills the disk for all.

use diesel::prelude::*;

use crate::Tx;
use crate::db::Hold;
use crate::error::{Code, Error, Result};
use crate::schema::sent_bytes;

/// Counts bytes that whoever is behind the transaction sends; refuses what goes beyond the most of a day.
pub fn spend(tx: &mut Tx<'_>, bytes: i64, max: i64) -> Result<()> {
    let (principal, today) = (tx.actor().principal.as_str(), tx.today());
    tx.lock("sent_bytes", [(principal, Hold::Alone)])?;
    let theirs = sent_bytes::table.filter(sent_bytes::principal.eq(principal));
    diesel::delete(theirs.filter(sent_bytes::day.lt(today))).execute(&mut **tx)?;
    let row = sent_bytes::table.find((principal, today));
    let before: Option<i64> = row.select(sent_bytes::bytes).first(&mut **tx).optional()?;
    let sum = before.unwrap_or_default().saturating_add(bytes);
    if sum > max {
        return Err(Error::new(Code::UploadQuotaSpent).with("max_bytes_per_day", max));
    }
    if before.is_some() {
        diesel::update(row)
            .set(sent_bytes::bytes.eq(sum))
            .execute(&mut **tx)?;
    } else {
        let (principal, day) = (
            sent_bytes::principal.eq(principal),
            sent_bytes::day.eq(today),
        );
        diesel::insert_into(sent_bytes::table)
            .values((principal, day, sent_bytes::bytes.eq(sum)))
            .execute(&mut **tx)?;
    }
    Ok(())
}

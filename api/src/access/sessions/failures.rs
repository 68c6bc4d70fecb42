//! Failed sign-ins, and how long the next one must wait. An account that somebody hammers from one network
//! can still be reached from another; unknown names are counted like known ones.

use std::net::IpAddr;

use chrono::TimeDelta;
use diesel::prelude::*;
use liendoan_core::schema::sign_in_failures;
use liendoan_core::{Code, Db, Error, Result, Timestamp, Tx};

use crate::access::limits::network;
use crate::access::secrets;

/// What failures are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// One account from one network: 10 in a quarter of an hour, then a pause that doubles.
    AccountFromNetwork,
    /// One account from anywhere: 100 an hour.
    Account,
    /// One network, whatever the account: 100 in a quarter of an hour.
    Network,
}

impl Count {
    fn free(self) -> i32 {
        match self {
            Count::AccountFromNetwork => 10,
            Count::Account | Count::Network => 100,
        }
    }

    fn window(self) -> TimeDelta {
        match self {
            Count::Account => TimeDelta::hours(1),
            Count::AccountFromNetwork | Count::Network => TimeDelta::minutes(15),
        }
    }
}

/// The first pause, and the longest.
const PAUSE: TimeDelta = TimeDelta::seconds(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(15);

/// Rows older than this mean nothing any more.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Whose sign-in is tried from where.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub name: String,
    pub address: Option<IpAddr>,
}

impl Attempt {
    fn subjects(&self) -> [(Count, String); 3] {
        let network = self.address.map_or_else(
            || "unknown".to_owned(),
            |address| network(address).to_string(),
        );
        // Not as it was typed: it may be a password in the wrong field.
        let name: String = secrets::hash(&self.name)[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        [
            (Count::AccountFromNetwork, format!("{name} from {network}")),
            (Count::Account, format!("{name} from anywhere")),
            (Count::Network, format!("anybody from {network}")),
        ]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    failures: i32,
    first_at: Timestamp,
    blocked_until: Timestamp,
}

/// What is known after one more failure.
fn after_failure(count: Count, known: Option<Row>, now: Timestamp) -> Row {
    let fresh = Row {
        failures: 0,
        first_at: now,
        blocked_until: now,
    };
    let is_over = |row: &Row| now - row.first_at >= count.window() && now >= row.blocked_until;
    let mut row = known.filter(|row| !is_over(row)).unwrap_or(fresh);
    row.failures = row.failures.saturating_add(1);
    let over = row.failures - count.free();
    if over >= 0 {
        let doubled = PAUSE * 2_i32.pow(u32::try_from(over.min(10)).unwrap_or(0));
        row.blocked_until = now + doubled.min(LONGEST_PAUSE);
    }
    row
}

/// Refuses an attempt that comes too early after too many failures.
pub fn check(db: &mut Db, attempt: &Attempt, now: Timestamp) -> Result<()> {
    let subjects = attempt.subjects().map(|(_, subject)| subject);
    let blocked = sign_in_failures::table
        .filter(sign_in_failures::subject.eq_any(subjects))
        .filter(sign_in_failures::blocked_until.gt(now))
        .select(sign_in_failures::blocked_until);
    let blocked: Vec<Timestamp> = blocked.load(db)?;
    match blocked.into_iter().max() {
        None => Ok(()),
        Some(until) => {
            let seconds = (until - now).num_seconds() + 1;
            Err(Error::new(Code::TooManyAttempts).with("retry_after", seconds))
        }
    }
}

/// Counts a failure.
pub fn count(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    let now = tx.now();
    for (count, subject) in attempt.subjects() {
        use sign_in_failures::dsl;
        let of_subject = || sign_in_failures::table.find(subject.clone());
        let known: Option<(i32, Timestamp, Timestamp)> = of_subject()
            .select((dsl::failures, dsl::first_at, dsl::blocked_until))
            .first(&mut **tx)
            .optional()?;
        let known = known.map(|(failures, first_at, blocked_until)| Row {
            failures,
            first_at,
            blocked_until,
        });
        let row = after_failure(count, known, now);
        let values = (
            dsl::failures.eq(row.failures),
            dsl::first_at.eq(row.first_at),
            dsl::blocked_until.eq(row.blocked_until),
        );
        let updated = diesel::update(of_subject())
            .set(values)
            .execute(&mut **tx)?;
        if updated == 0 {
            diesel::insert_into(sign_in_failures::table)
                .values((dsl::subject.eq(&subject), values))
                .execute(&mut **tx)?;
        }
    }
    Ok(())
}

/// Whoever got in from there may start anew.
pub fn forgive(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    let [(_, subject), ..] = attempt.subjects();
    diesel::delete(sign_in_failures::table.find(subject)).execute(&mut **tx)?;
    Ok(())
}

/// Forgets what is long past.
pub fn tidy(tx: &mut Tx<'_>) -> Result<()> {
    let oldest = tx.now() - KEPT;
    let old = sign_in_failures::table.filter(sign_in_failures::first_at.lt(oldest));
    diesel::delete(old).execute(&mut **tx)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::default() + TimeDelta::seconds(seconds)
    }

    fn pause(count: Count, failures: i32) -> i64 {
        let mut row = None;
        for _ in 0..failures {
            row = Some(after_failure(count, row, at(0)));
        }
        row.map_or(0, |row: Row| (row.blocked_until - at(0)).num_seconds())
    }

    #[test]
    fn the_pause_doubles_up_to_a_quarter_of_an_hour() {
        let pauses = [1, 9, 10, 11, 12, 17, 18, 40].map(|n| pause(Count::AccountFromNetwork, n));
        assert_eq!(pauses, [0, 0, 5, 10, 20, 640, 900, 900]);
        assert_eq!([99, 100].map(|n| pause(Count::Account, n)), [0, 5]);
    }

    #[test]
    fn failures_are_forgotten_with_their_window() {
        let nine = (0..9).fold(None, |row, _| {
            Some(after_failure(Count::AccountFromNetwork, row, at(0)))
        });
        let later = after_failure(Count::AccountFromNetwork, nine, at(900));
        assert_eq!((later.failures, later.blocked_until), (1, at(900)));
        let sooner = after_failure(Count::AccountFromNetwork, nine, at(899));
        assert_eq!((sooner.failures, sooner.blocked_until), (10, at(904)));
    }
}

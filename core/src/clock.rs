//! The one place that asks what time it is; everything else is handed a [`Clock`].

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use chrono_tz::Tz;

/// An instant in UTC, to the microsecond: what PostgreSQL keeps.
pub type Timestamp = NaiveDateTime;

/// Civil time: instants in UTC, days in the configured zone.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: Tz,
    /// Microseconds since 1970; set only where a test holds the clock.
    held_at: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's clock; days change at midnight in `zone`.
    pub fn system(zone: Tz) -> Self {
        Self {
            zone,
            held_at: None,
        }
    }

    /// A clock that stands still until [`Clock::set`] moves it.
    pub fn held(zone: Tz, at: DateTime<Utc>) -> Self {
        let held_at = Some(Arc::new(AtomicI64::new(at.timestamp_micros())));
        Self { zone, held_at }
    }

    /// Moves a held clock, and every clone of it; does nothing to the machine's.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Some(held) = &self.held_at {
            held.store(at.timestamp_micros(), Ordering::SeqCst);
        }
    }

    pub fn now(&self) -> Timestamp {
        self.instant().naive_utc()
    }

    /// The civil day it is now.
    pub fn today(&self) -> NaiveDate {
        self.instant().with_timezone(&self.zone).date_naive()
    }

    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn instant(&self) -> DateTime<Utc> {
        let micros = match &self.held_at {
            Some(held) => held.load(Ordering::SeqCst),
            None => Utc::now().timestamp_micros(),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }
}

/// RFC 3339 in UTC with microseconds, as the API writes every instant.
pub fn rfc3339(at: Timestamp) -> String {
    at.and_utc().to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_changes_at_midnight_in_vietnam() {
        let clock = Clock::held(
            chrono_tz::Asia::Ho_Chi_Minh,
            at("2025-06-30T16:59:59.999999Z"),
        );
        assert_eq!(clock.today().to_string(), "2025-06-30");
        clock.set(at("2025-06-30T17:00:00Z"));
        assert_eq!(clock.today().to_string(), "2025-07-01");
    }

    #[test]
    fn instants_are_written_in_utc_with_microseconds() {
        let clock = Clock::held(chrono_tz::Asia::Ho_Chi_Minh, at("2025-06-30T16:00:00Z"));
        assert_eq!(rfc3339(clock.now()), "2025-06-30T16:00:00.000000Z");
    }
}

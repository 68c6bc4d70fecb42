//! Days and instants as SQLite keeps them: as text.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use diesel::backend::Backend;
use diesel::deserialize::{FromSql, FromSqlRow, Result};
use diesel::pg::Pg;
use diesel::sql_types::{Date, Timestamp};
use diesel::sqlite::Sqlite;

use super::MultiBackend;

/// A day or an instant in a column, for `#[diesel(deserialize_as = …)]`. Diesel reads SQLite's text by a format
/// string, which for a page of rows takes a fifth of all its time.
#[derive(Clone, Copy, Debug, FromSqlRow)]
pub struct FromText<T>(T);

impl From<FromText<Self>> for NaiveDate {
    fn from(FromText(day): FromText<Self>) -> Self {
        day
    }
}

impl From<FromText<Self>> for NaiveDateTime {
    fn from(FromText(instant): FromText<Self>) -> Self {
        instant
    }
}

impl FromSql<Date, Sqlite> for FromText<NaiveDate> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> Result<Self> {
        let text = value.read_text();
        day(text).map(Self).ok_or_else(|| unread("day", text))
    }
}

impl FromSql<Timestamp, Sqlite> for FromText<NaiveDateTime> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> Result<Self> {
        let text = value.read_text();
        instant(text)
            .map(Self)
            .ok_or_else(|| unread("instant", text))
    }
}

impl<T, ST> FromSql<ST, Pg> for FromText<T>
where
    T: FromSql<ST, Pg>,
{
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> Result<Self> {
        T::from_sql(value).map(Self)
    }
}

impl<T, ST> FromSql<ST, MultiBackend> for FromText<T>
where
    Self: FromSql<ST, Sqlite> + FromSql<ST, Pg>,
{
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> Result<Self> {
        value.from_sql()
    }
}

fn unread(what: &str, text: &str) -> Box<dyn std::error::Error + Send + Sync> {
    format!("{text:?} is no {what}").into()
}

/// `2020-11-18`.
fn day(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `2020-11-18 07:30:00.25`, in UTC.
fn instant(text: &str) -> Option<NaiveDateTime> {
    let (on, time) = text.split_once(' ')?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = clock.split(':');
    let mut part = || parts.next()?.parse().ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    let places = u32::try_from(fraction.len()).ok().filter(|n| *n <= 9)?;
    let nanos = match fraction {
        "" => 0,
        _ => fraction.parse::<u32>().ok()? * 10_u32.pow(9 - places),
    };
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
    Some(day(on)?.and_time(time))
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sqlite::SqliteConnection;
    use proptest::prelude::*;

    use super::*;

    #[derive(Queryable)]
    struct Row {
        #[diesel(deserialize_as = FromText<NaiveDate>)]
        day: NaiveDate,
        #[diesel(deserialize_as = FromText<NaiveDateTime>)]
        instant: NaiveDateTime,
    }

    fn read_back(day: NaiveDate, instant: NaiveDateTime) -> QueryResult<Row> {
        let mut db = SqliteConnection::establish(":memory:").unwrap();
        let select = diesel::select((
            diesel::dsl::sql::<Date>("").bind::<Date, _>(day),
            diesel::dsl::sql::<Timestamp>("").bind::<Timestamp, _>(instant),
        ));
        select.first(&mut db)
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(seconds in -62_000_000_000_i64..250_000_000_000, micros in 0..1_000_000_u32) {
            let instant = chrono::DateTime::from_timestamp(seconds, micros * 1_000).unwrap().naive_utc();
            let row = read_back(instant.date(), instant).unwrap();
            prop_assert_eq!((row.day, row.instant), (instant.date(), instant));
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "2020",
            "2020-11",
            "2020-13-01",
            "2021-02-29",
            "18/11/2020",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
        for text in [
            "2020-11-18",
            "2020-11-18 07:30",
            "2020-11-18 24:00:00",
            "2020-11-18 07:30:00.0000000001",
            "2020-11-18 07:30:00.x",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}

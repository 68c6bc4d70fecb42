//! Stretches of time as the union's papers name them: a month, a half-year, a school year, a term.
//!
//! | text | period | days |
//! |---|---|---|
//! | `2020-11-18` | a day | that day |
//! | `2020-11`, `2020-Q3`, `2020-H1`, `2020` | month, quarter, half-year, year | as the calendar has them |
//! | `SY2019` | school year | 2019-09-01 to 2020-08-31 |
//! | `R2020`, `R2020-H1`, `R2020-H2` | year of the union's statistics and its halves | 1 December 2019 to 30 November 2020, cut at 31 May |
//! | `2016/2020`, `2025-01/2025-05`, `2024-12-20/2025-01-20` | from one to another, both included | as written |
//! | `T2017-2022`, `T2016-2021.hdnd` | a term by its code | not known |
//! | `P5Y/2020` | so many years to one; where they start is not said | not known |
//! | `L2023-tet` | Tết Nguyên đán, a lunar holiday | its first day, 2023-01-22 |
//!
//! One meaning has one text: `2020-01/2020-03` is refused, and the refusal says to write `2020-Q1`.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::day::Day;
use crate::error::{Code, refused_as};
use crate::validity::Validity;
use crate::{tet, text};

const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2100;
/// The longest code of a term, in characters.
const TERM_MAX: usize = 40;

/// A period as it is written, with its days where they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    text: String,
    /// Where its days are not known: those of the years that it names.
    days: Validity,
    are_known: bool,
}

impl Period {
    /// The days, half-open; None where they are not known.
    pub fn range(&self) -> Option<Validity> {
        self.are_known.then_some(self.days)
    }

    /// The last day; where the days are not known, 31 December of the last year named.
    pub fn last_day(&self) -> NaiveDate {
        self.days.to.pred_opt().unwrap_or(self.days.to)
    }

    /// The first day; where the days are not known, 1 January of the first year named.
    pub fn first_day(&self) -> NaiveDate {
        self.days.from
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Period {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let days = if let Some(code) = text.strip_prefix('T') {
            return term(text, code);
        } else if let Some((years, to)) = text.strip_prefix('P').and_then(|t| t.split_once("Y/")) {
            return open_window(text, years, to);
        } else if let Some((from, to)) = text.split_once('/') {
            span(from, to)?
        } else {
            single(text)?
        };
        Ok(Self {
            text: text.to_owned(),
            days,
            are_known: true,
        })
    }
}

/// Length of a plain unit of the civil calendar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Month,
    Year,
}

fn single(text: &str) -> Result<Validity, Code> {
    if let Some(year) = text.strip_prefix("SY") {
        return months(first_of(number(year)?, 9)?, 12);
    }
    if let Some(holiday) = text.strip_prefix('L') {
        let year = holiday.strip_suffix("-tet").ok_or(Code::PeriodInvalid)?;
        return one_day(tet::first_day(number(year)?).ok_or(Code::PeriodInvalid)?);
    }
    if let Some(statistical) = text.strip_prefix('R') {
        let (year, half) = match statistical.split_once('-') {
            None => (statistical, None),
            Some((year, half)) => (year, Some(half)),
        };
        let start = first_of(number(year)? - 1, 12)?;
        return match half {
            None => months(start, 12),
            Some("H1") => months(start, 6),
            Some("H2") => months(later(start, 6)?, 6),
            Some(_) => Err(Code::PeriodInvalid),
        };
    }
    match text.split_once('-') {
        Some((year, "H1")) => months(first_of(number(year)?, 1)?, 6),
        Some((year, "H2")) => months(first_of(number(year)?, 7)?, 6),
        Some((year, quarter)) if quarter.starts_with('Q') => {
            let quarter = ["Q1", "Q2", "Q3", "Q4"]
                .into_iter()
                .zip([1, 4, 7, 10])
                .find(|(name, _)| *name == quarter);
            let (_, month) = quarter.ok_or(Code::PeriodInvalid)?;
            months(first_of(number(year)?, month)?, 3)
        }
        _ => plain(text).map(|(_, range)| range),
    }
}

/// A day, a month or a year.
fn plain(text: &str) -> Result<(Unit, Validity), Code> {
    match text.len() {
        4 => Ok((Unit::Year, months(first_of(number(text)?, 1)?, 12)?)),
        7 => {
            let (year, month) = text.split_once('-').ok_or(Code::PeriodInvalid)?;
            let month = two_digits(month)?;
            Ok((Unit::Month, months(first_of(number(year)?, month)?, 1)?))
        }
        _ => {
            let Day(day) = text.parse().map_err(|_| Code::PeriodInvalid)?;
            number(&day.year().to_string())?;
            Ok((Unit::Day, one_day(day)?))
        }
    }
}

/// From one to another, both included, where no shorter text says the same.
fn span(from: &str, to: &str) -> Result<Validity, Code> {
    let ((unit, from), (unit_to, to)) = (plain(from)?, plain(to)?);
    if unit != unit_to || from.from >= to.from {
        return Err(Code::PeriodInvalid);
    }
    let range = Validity {
        from: from.from,
        to: to.to,
    };
    let starts_and_ends =
        |is_first: fn(NaiveDate) -> bool| is_first(range.from) && is_first(range.to);
    let whole_months = starts_and_ends(|day| day.day() == 1);
    let whole_years = starts_and_ends(|day| day.ordinal() == 1);
    let has_name = {
        let length = (range.to.year() - range.from.year()) * 12
            + i32::try_from(range.to.month()).unwrap_or(0)
            - i32::try_from(range.from.month()).unwrap_or(0);
        let begins_one =
            i32::try_from(range.from.month0()).is_ok_and(|month| month % length.max(1) == 0);
        whole_months && [1, 3, 6, 12].contains(&length) && begins_one
    };
    let is_simplest = match unit {
        Unit::Year => true,
        Unit::Month => !whole_years,
        Unit::Day => !whole_months,
    };
    if is_simplest && !has_name {
        Ok(range)
    } else {
        Err(Code::PeriodNotSimplest)
    }
}

/// A term, whose days nobody has told yet.
fn term(text: &str, code: &str) -> Result<Period, Code> {
    let (years, body) = match code.split_once('.') {
        None => (code, None),
        Some((years, body)) => (years, Some(body)),
    };
    let (from, to) = years.split_once('-').ok_or(Code::PeriodInvalid)?;
    let (from, to) = (number(from)?, number(to)?);
    let is_named = body.is_none_or(|body| text::code(body, '_', TERM_MAX).is_ok());
    if from < to && is_named {
        without_days(text, from, to)
    } else {
        Err(Code::PeriodInvalid)
    }
}

/// "The five years to 2020."
fn open_window(text: &str, years: &str, to: &str) -> Result<Period, Code> {
    let is_count = years
        .parse::<u8>()
        .is_ok_and(|count| (1..=99).contains(&count));
    if is_count && !years.starts_with(['0', '+']) {
        let to = number(to)?;
        without_days(text, to, to)
    } else {
        Err(Code::PeriodInvalid)
    }
}

fn without_days(text: &str, first_year: i32, last_year: i32) -> Result<Period, Code> {
    Ok(Period {
        text: text.to_owned(),
        days: Validity {
            from: first_of(first_year, 1)?,
            to: first_of(last_year + 1, 1)?,
        },
        are_known: false,
    })
}

/// A year in four digits.
fn number(year: &str) -> Result<i32, Code> {
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let year = year.parse().ok().filter(|_| is_year);
    year.filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year))
        .ok_or(Code::PeriodInvalid)
}

fn two_digits(month: &str) -> Result<u32, Code> {
    let is_month = month.len() == 2 && month.bytes().all(|b| b.is_ascii_digit());
    month
        .parse()
        .ok()
        .filter(|_| is_month)
        .ok_or(Code::PeriodInvalid)
}

fn first_of(year: i32, month: u32) -> Result<NaiveDate, Code> {
    NaiveDate::from_ymd_opt(year, month, 1).ok_or(Code::PeriodInvalid)
}

fn later(day: NaiveDate, months: u32) -> Result<NaiveDate, Code> {
    day.checked_add_months(Months::new(months))
        .ok_or(Code::PeriodInvalid)
}

fn one_day(from: NaiveDate) -> Result<Validity, Code> {
    let to = from.succ_opt().ok_or(Code::PeriodInvalid)?;
    Ok(Validity { from, to })
}

fn months(from: NaiveDate, count: u32) -> Result<Validity, Code> {
    let to = later(from, count)?;
    Ok(Validity { from, to })
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(refused_as)
    }
}

impl utoipa::PartialSchema for Period {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "A day (`2020-11-18`), month (`2020-11`), quarter (`2020-Q3`), half-year (`2020-H1`), year (`2020`), \
                 school year (`SY2019`), statistical year or half (`R2020`, `R2020-H1`), span with both ends included \
                 (`2016/2020`, `2025-01/2025-05`, `2024-12-20/2025-01-20`), term (`T2017-2022`), number of years \
                 to one (`P5Y/2020`) or Tết, by its first day (`L2023-tet`).",
            ))
            .max_length(Some(60))
            .examples(["2020-11-18"])
            .into()
    }
}

impl utoipa::ToSchema for Period {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(text: &str) -> (String, String) {
        let range = text.parse::<Period>().unwrap().range().unwrap();
        (range.from.to_string(), range.to.to_string())
    }

    #[test]
    fn each_form_has_its_days() {
        for (text, from, to) in [
            ("2020-11-18", "2020-11-18", "2020-11-19"),
            ("2020-02", "2020-02-01", "2020-03-01"),
            ("2020-Q3", "2020-07-01", "2020-10-01"),
            ("2020-H1", "2020-01-01", "2020-07-01"),
            ("2020", "2020-01-01", "2021-01-01"),
            ("SY2019", "2019-09-01", "2020-09-01"),
            ("L2023-tet", "2023-01-22", "2023-01-23"),
            ("R2020", "2019-12-01", "2020-12-01"),
            ("R2020-H1", "2019-12-01", "2020-06-01"),
            ("R2020-H2", "2020-06-01", "2020-12-01"),
            ("2016/2020", "2016-01-01", "2021-01-01"),
            ("2025-01/2025-05", "2025-01-01", "2025-06-01"),
            ("2024-12-20/2025-01-20", "2024-12-20", "2025-01-21"),
        ] {
            assert_eq!(days(text), (from.to_owned(), to.to_owned()), "{text}");
        }
    }

    #[test]
    fn without_days_it_lasts_for_the_years_that_are_named() {
        for (text, first) in [
            ("T2017-2022", "2017-01-01"),
            ("T2017-2022.hdnd", "2017-01-01"),
            ("P5Y/2022", "2022-01-01"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.range(), None, "{text}");
            assert_eq!(period.first_day().to_string(), first, "{text}");
            assert_eq!(period.last_day().to_string(), "2022-12-31", "{text}");
        }
    }

    #[test]
    fn one_meaning_has_one_text() {
        for longer in [
            "2020-01/2020-03",
            "2020-07/2020-12",
            "2020-01/2020-12",
            "2020-01/2021-12",
            "2020-01-01/2020-01-31",
            "2020-02-01/2020-03-31",
            "2020-01-01/2020-12-31",
        ] {
            assert_eq!(
                longer.parse::<Period>(),
                Err(Code::PeriodNotSimplest),
                "{longer}"
            );
        }
        // Three months that are no quarter.
        assert!("2020-02/2020-04".parse::<Period>().is_ok());
        // A school year is none of the civil calendar's names.
        assert!("2019-09/2020-08".parse::<Period>().is_ok());
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for bad in [
            "",
            "20",
            "2020-13",
            "2020-1",
            "2020-Q5",
            "2020-q1",
            "2020-H3",
            "SY19",
            "R2020-Q1",
            "2020/2020",
            "2021/2020",
            "2020/2021-01",
            "2020-11-31",
            "1899",
            "2101",
            "+2020",
            "T2022-2017",
            "T2017",
            "P0Y/2020",
            "P05Y/2020",
            "P5Y/20",
            "2020/2021/2022",
            "L2023",
            "L1975-tet",
            "L2023-trung-thu",
            "٢٠٢٠",
            "2020-0٢",
        ] {
            assert_eq!(bad.parse::<Period>(), Err(Code::PeriodInvalid), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_back_and_has_a_day_at_least(text in "(R|SY|T|L|P5Y/)?20[0-9]{2}(-tet|-(H|Q)[1-4]|-[01][0-9](-[0-3][0-9])?)?(/20[0-9]{2}(-[01][0-9](-[0-3][0-9])?)?)?") {
            if let Ok(period) = text.parse::<Period>() {
                prop_assert_eq!(period.to_string(), text);
                prop_assert!(period.first_day() <= period.last_day());
            }
        }
    }
}

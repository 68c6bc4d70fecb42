//! Reading periods: each from its one text.

use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

use super::{FIRST_YEAR, Form, LAST_YEAR, Period};
use crate::day::Day;
use crate::error::Code;
use crate::validity::Validity;
use crate::{tet, text};

/// The longest code of a term, in characters.
const TERM_MAX: usize = 40;

impl FromStr for Period {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let (form, days) = if let Some(code) = text.strip_prefix('T') {
            (Form::Term, term(code)?)
        } else if let Some((years, to)) = text.strip_prefix('P').and_then(|t| t.split_once("Y/")) {
            (Form::OpenWindow, open_window(years, to)?)
        } else if let Some((from, to)) = text.split_once('/') {
            (Form::Span, span(from, to)?)
        } else {
            single(text)?
        };
        Ok(Self {
            text: text.to_owned(),
            form,
            days,
        })
    }
}

fn single(text: &str) -> Result<(Form, Validity), Code> {
    if let Some(year) = text.strip_prefix("SY") {
        let days = months(first_of(number(year)?, 9)?, 12)?;
        return Ok((Form::SchoolYear, days));
    }
    if let Some(holiday) = text.strip_prefix('L') {
        let year = holiday.strip_suffix("-tet").ok_or(Code::PeriodInvalid)?;
        let day = tet::first_day(number(year)?).ok_or(Code::PeriodInvalid)?;
        return Ok((Form::Holiday, one_day(day)?));
    }
    if let Some(statistical) = text.strip_prefix('R') {
        let (year, half) = match statistical.split_once('-') {
            None => (statistical, None),
            Some((year, half)) => (year, Some(half)),
        };
        let start = first_of(number(year)? - 1, 12)?;
        return match half {
            None => Ok((Form::StatisticalYear, months(start, 12)?)),
            Some("H1") => Ok((Form::StatisticalHalf, months(start, 6)?)),
            Some("H2") => Ok((Form::StatisticalHalf, months(later(start, 6)?, 6)?)),
            Some(_) => Err(Code::PeriodInvalid),
        };
    }
    match text.split_once('-') {
        Some((year, "H1")) => Ok((Form::Half, months(first_of(number(year)?, 1)?, 6)?)),
        Some((year, "H2")) => Ok((Form::Half, months(first_of(number(year)?, 7)?, 6)?)),
        Some((year, quarter)) if quarter.starts_with('Q') => {
            let quarter = ["Q1", "Q2", "Q3", "Q4"]
                .into_iter()
                .zip([1, 4, 7, 10])
                .find(|(name, _)| *name == quarter);
            let (_, month) = quarter.ok_or(Code::PeriodInvalid)?;
            Ok((Form::Quarter, months(first_of(number(year)?, month)?, 3)?))
        }
        _ => plain(text),
    }
}

/// A day, a month or a year.
fn plain(text: &str) -> Result<(Form, Validity), Code> {
    match text.len() {
        4 => Ok((Form::Year, months(first_of(number(text)?, 1)?, 12)?)),
        7 => {
            let (year, month) = text.split_once('-').ok_or(Code::PeriodInvalid)?;
            let month = two_digits(month)?;
            Ok((Form::Month, months(first_of(number(year)?, month)?, 1)?))
        }
        _ => {
            let Day(day) = text.parse().map_err(|_| Code::PeriodInvalid)?;
            number(&day.year().to_string())?;
            Ok((Form::Day, one_day(day)?))
        }
    }
}

/// From one to another, both included, where no shorter text says the same.
fn span(from: &str, to: &str) -> Result<Validity, Code> {
    let ((form, from), (form_to, to)) = (plain(from)?, plain(to)?);
    if form != form_to || from.from >= to.from {
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
    let is_simplest = match form {
        Form::Year => true,
        Form::Month => !whole_years,
        _ => !whole_months,
    };
    if is_simplest && !has_name {
        Ok(range)
    } else {
        Err(Code::PeriodNotSimplest)
    }
}

/// A term, whose days nobody has told yet.
fn term(code: &str) -> Result<Validity, Code> {
    let (named, body) = match code.split_once('.') {
        None => (code, None),
        Some((named, body)) => (named, Some(body)),
    };
    let (from, to) = named.split_once('-').ok_or(Code::PeriodInvalid)?;
    let (from, to) = (number(from)?, number(to)?);
    let is_named = body.is_none_or(|body| text::code(body, '_', TERM_MAX).is_ok());
    if from < to && is_named {
        years(from, to)
    } else {
        Err(Code::PeriodInvalid)
    }
}

/// "The five years to 2020."
fn open_window(count: &str, to: &str) -> Result<Validity, Code> {
    let is_count = count
        .parse::<u8>()
        .is_ok_and(|count| (1..=99).contains(&count));
    if is_count && !count.starts_with(['0', '+']) {
        let to = number(to)?;
        years(to, to)
    } else {
        Err(Code::PeriodInvalid)
    }
}

/// From the first day of one to the last of another.
fn years(first: i32, last: i32) -> Result<Validity, Code> {
    Ok(Validity {
        from: first_of(first, 1)?,
        to: first_of(last + 1, 1)?,
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

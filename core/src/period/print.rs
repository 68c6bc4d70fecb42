//! Periods as people say them.

use chrono::{Datelike, NaiveDate};

use super::{Form, Period};
use crate::{Language, tet};

impl Period {
    /// `quý III/2020`, `Q3 2020`.
    pub fn display(&self, language: Language) -> String {
        let first = self.first_day();
        let year = first.year();
        let is_first_half = self.text.ends_with("H1");
        let half = match language {
            Language::Vietnamese if is_first_half => "6 tháng đầu",
            Language::Vietnamese => "6 tháng cuối",
            Language::English if is_first_half => "first half of",
            Language::English => "second half of",
        };
        match self.form {
            Form::Holiday => format!("Tết {} {year}", tet::year_name(year)),
            Form::Day => day(first, language),
            Form::Month => month(first, language),
            Form::Quarter => match language {
                Language::Vietnamese => {
                    let quarters = ["I", "II", "III", "IV"];
                    let quarter = usize::try_from(first.month0() / 3).unwrap_or(0);
                    format!("quý {}/{year}", quarters[quarter])
                }
                Language::English => format!("Q{} {year}", first.quarter()),
            },
            Form::Half => format!("{half} {}{year}", language.pick("năm ", "")),
            Form::Year => format!("{}{year}", language.pick("năm ", "")),
            Form::SchoolYear => {
                let school_year = language.pick("năm học", "school year");
                format!("{school_year} {year}-{}", year + 1)
            }
            Form::StatisticalYear => self.statistical(language),
            Form::StatisticalHalf => format!("{half} {}", self.statistical(language)),
            Form::Span => self.span(language),
            Form::Term => {
                let (years, body) = self.text[1..]
                    .split_once('.')
                    .unwrap_or((&self.text[1..], ""));
                let body = if body.is_empty() {
                    String::new()
                } else {
                    format!(" ({body})")
                };
                format!("{} {years}{body}", language.pick("nhiệm kỳ", "term"))
            }
            Form::OpenWindow => {
                let (count, to) = self.text[1..].split_once("Y/").unwrap_or_default();
                let years = match language {
                    Language::Vietnamese => "năm đến",
                    Language::English if count == "1" => "year to",
                    Language::English => "years to",
                };
                format!("{count} {years} {to}")
            }
        }
    }

    /// With its days: who hears "2020" does not expect December 2019.
    fn statistical(&self, language: Language) -> String {
        let year = &self.text[1..5];
        let (first, last) = (self.first_day(), self.last_day());
        format!(
            "{} {year} ({} - {})",
            language.pick("năm thống kê", "statistical year"),
            day(first, language),
            day(last, language)
        )
    }

    fn span(&self, language: Language) -> String {
        let (first, last) = (self.first_day(), self.last_day());
        let from_to = |say: fn(NaiveDate, Language) -> String| match language {
            Language::Vietnamese => {
                format!("từ {} đến {}", say(first, language), say(last, language))
            }
            Language::English => format!("{} to {}", say(first, language), say(last, language)),
        };
        match self.text.len() {
            9 => format!(
                "{}{}-{}",
                language.pick("giai đoạn ", ""),
                first.year(),
                last.year()
            ),
            15 => from_to(month),
            _ => from_to(day),
        }
    }
}

fn day(day: NaiveDate, language: Language) -> String {
    let form = language.pick("%-d/%-m/%Y", "%-d %B %Y");
    day.format(form).to_string()
}

fn month(day: NaiveDate, language: Language) -> String {
    let form = language.pick("tháng %-m/%Y", "%B %Y");
    day.format(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_period_is_said_in_both_languages() {
        for (text, vietnamese, english) in [
            ("2020-11-18", "18/11/2020", "18 November 2020"),
            ("2020-03", "tháng 3/2020", "March 2020"),
            ("2020-Q3", "quý III/2020", "Q3 2020"),
            ("2020-H1", "6 tháng đầu năm 2020", "first half of 2020"),
            ("2020-H2", "6 tháng cuối năm 2020", "second half of 2020"),
            ("2020", "năm 2020", "2020"),
            ("SY2019", "năm học 2019-2020", "school year 2019-2020"),
            (
                "R2020",
                "năm thống kê 2020 (1/12/2019 - 30/11/2020)",
                "statistical year 2020 (1 December 2019 - 30 November 2020)",
            ),
            (
                "R2020-H2",
                "6 tháng cuối năm thống kê 2020 (1/6/2020 - 30/11/2020)",
                "second half of statistical year 2020 (1 June 2020 - 30 November 2020)",
            ),
            ("L2023-tet", "Tết Quý Mão 2023", "Tết Quý Mão 2023"),
            ("2016/2020", "giai đoạn 2016-2020", "2016-2020"),
            (
                "2025-01/2025-05",
                "từ tháng 1/2025 đến tháng 5/2025",
                "January 2025 to May 2025",
            ),
            (
                "2024-12-20/2025-01-20",
                "từ 20/12/2024 đến 20/1/2025",
                "20 December 2024 to 20 January 2025",
            ),
            ("T2017-2022", "nhiệm kỳ 2017-2022", "term 2017-2022"),
            (
                "T2016-2021.hdnd",
                "nhiệm kỳ 2016-2021 (hdnd)",
                "term 2016-2021 (hdnd)",
            ),
            ("P5Y/2020", "5 năm đến 2020", "5 years to 2020"),
            ("P1Y/2020", "1 năm đến 2020", "1 year to 2020"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.display(Language::Vietnamese), vietnamese);
            assert_eq!(period.display(Language::English), english);
        }
    }
}

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

mod calendar;
mod parse;
mod print;

pub use calendar::Calendar;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::refused_as;
use crate::validity::Validity;

const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2100;

/// A period as it is written, with its days where they are known. Its text is its identity: a school year is another
/// period than the span of the same days.
#[derive(Clone, Debug)]
pub struct Period {
    text: String,
    form: Form,
    /// Where its days are not known: those of the years that it names.
    days: Validity,
}

/// What kind of stretch it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Holiday,
    Day,
    Month,
    Quarter,
    Half,
    Year,
    SchoolYear,
    StatisticalHalf,
    StatisticalYear,
    Span,
    Term,
    OpenWindow,
}

impl Period {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The days, half-open; None where they are not known.
    pub fn range(&self) -> Option<Validity> {
        let are_known = !matches!(self.form, Form::Term | Form::OpenWindow);
        are_known.then_some(self.days)
    }

    /// The last day; where the days are not known, 31 December of the last year named.
    pub fn last_day(&self) -> NaiveDate {
        self.days.to.pred_opt().unwrap_or(self.days.to)
    }

    /// The first day; where the days are not known, 1 January of the first year named.
    pub fn first_day(&self) -> NaiveDate {
        self.days.from
    }

    /// Whether they share a day; where the days are not known, one of the years named.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.days.overlaps(other.days)
    }

    pub fn has_begun(&self, today: NaiveDate) -> bool {
        self.first_day() <= today
    }
}

impl PartialEq for Period {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Period {}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By its text.
impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Period {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
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

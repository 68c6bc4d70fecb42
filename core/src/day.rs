//! A civil day as the API writes it.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Code, refused_as};

/// The first day that may be named.
pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
/// The last day that may be named.
pub const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2999, 12, 31).unwrap();

/// A day from 1900 to 2999, written `2020-11-18` and in no other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub NaiveDate);

impl FromStr for Day {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| Code::DateInvalid)?;
        // chrono also reads `2020-1-5` and `+2020-01-05`.
        if day.to_string() != text {
            Err(Code::DateInvalid)
        } else if (FIRST_DAY..=LAST_DAY).contains(&day) {
            Ok(Self(day))
        } else {
            Err(Code::DateOutOfRange)
        }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(refused_as)
    }
}

impl utoipa::PartialSchema for Day {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .into()
    }
}

impl utoipa::ToSchema for Day {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way() {
        assert!("2020-02-29".parse::<Day>().is_ok());
        for bad in [
            "2020-02-30",
            "2020-2-9",
            "+2020-02-09",
            " 2020-02-09",
            "2020-02-09T00:00",
            "18/11/2020",
            "",
        ] {
            assert_eq!(bad.parse::<Day>(), Err(Code::DateInvalid), "{bad}");
        }
    }

    #[test]
    fn a_day_lies_in_the_calendar_of_the_records() {
        assert!("1900-01-01".parse::<Day>().is_ok());
        assert!("2999-12-31".parse::<Day>().is_ok());
        for bad in ["1899-12-31", "3000-01-01", "0001-01-01", "9999-12-31"] {
            assert_eq!(bad.parse::<Day>(), Err(Code::DateOutOfRange), "{bad}");
        }
    }
}

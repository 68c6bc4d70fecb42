//! On which day Tết Nguyên đán falls: the first of the first lunar month, as Vietnam reckons it (UTC+7).

use chrono::NaiveDate;

const FIRST_YEAR: i32 = 1976;

/// Month and day of each year: 131 is 31 January. From 1976, since when the whole country has had one calendar.
///
/// Reckoned from new moons (Meeus, *Astronomical Formulae for Calculators*) and the rule that the winter solstice
/// is in the eleventh month. The same reckoning at UTC+8 gives every New Year of China up to 2099; at UTC+7 it is
/// another day in 1985, 2007, 2030 and 2053.
const DAYS: [u16; 125] = [
    131, 218, 207, 128, 216, 205, 125, 213, 202, 121, 209, 129, 217, 206, 127, 215, 204, 123, 210,
    131, 219, 207, 128, 216, 205, 124, 212, 201, 122, 209, 129, 217, 207, 126, 214, 203, 123, 210,
    131, 219, 208, 128, 216, 205, 125, 212, 201, 122, 210, 129, 217, 206, 126, 213, 202, 123, 211,
    131, 219, 208, 128, 215, 204, 124, 212, 201, 122, 210, 130, 217, 206, 126, 214, 202, 123, 211,
    201, 218, 208, 128, 215, 204, 124, 212, 202, 121, 209, 129, 217, 205, 126, 214, 203, 123, 211,
    131, 219, 207, 127, 215, 205, 124, 212, 202, 122, 209, 129, 217, 206, 126, 214, 203, 124, 210,
    130, 218, 207, 127, 215, 205, 125, 212, 201, 121, 209,
];

/// The first day of Tết in a year from 1976 to 2100.
pub fn first_day(year: i32) -> Option<NaiveDate> {
    let index = usize::try_from(year.checked_sub(FIRST_YEAR)?).ok()?;
    let day = u32::from(*DAYS.get(index)?);
    NaiveDate::from_ymd_opt(year, day / 100, day % 100)
}

/// The name of a lunar year in the cycle of sixty: 2023 is Quý Mão.
pub fn year_name(year: i32) -> String {
    const STEMS: [&str; 10] = [
        "Canh", "Tân", "Nhâm", "Quý", "Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ",
    ];
    const BRANCHES: [&str; 12] = [
        "Thân", "Dậu", "Tuất", "Hợi", "Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi",
    ];
    let place = |cycle| usize::try_from(year.rem_euclid(cycle)).unwrap_or(0);
    format!("{} {}", STEMS[place(10)], BRANCHES[place(12)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_named_in_the_cycle_of_sixty() {
        for (year, name) in [
            (1968, "Mậu Thân"),
            (1984, "Giáp Tý"),
            (2023, "Quý Mão"),
            (2024, "Giáp Thìn"),
            (2025, "Ất Tỵ"),
        ] {
            assert_eq!(year_name(year), name);
        }
    }

    #[test]
    fn tet_is_vietnams() {
        for (year, day) in [
            (1985, "1985-01-21"),
            (2007, "2007-02-17"),
            (2023, "2023-01-22"),
            (2024, "2024-02-10"),
            (2030, "2030-02-02"),
        ] {
            assert_eq!(first_day(year).unwrap().to_string(), day);
        }
        assert_eq!((first_day(1975), first_day(2101)), (None, None));
    }

    #[test]
    fn from_one_tet_to_the_next_are_twelve_months_or_thirteen() {
        for year in FIRST_YEAR..2100 {
            let days = (first_day(year + 1).unwrap() - first_day(year).unwrap()).num_days();
            assert!(
                (353..=355).contains(&days) || (383..=385).contains(&days),
                "{year}: {days}"
            );
        }
    }
}

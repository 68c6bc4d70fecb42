//! Which periods nest: the regular ones of three calendars, and what counts in a report for a period.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Form, Period};
use crate::validity::Validity;

/// The calendar of a measure: which periods are regular for it. Of two regular periods of a calendar one lies in the
/// other, or they are apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MeasureCalendar)]
pub enum Calendar {
    /// Year, half-year, quarter, month, day, holiday.
    #[default]
    Civil,
    /// School year, month, day, holiday.
    School,
    /// Year of the union's statistics, its half, month, day, holiday.
    Statistical,
}

impl Calendar {
    /// The forms of its regular periods, from the shortest.
    fn forms(self) -> &'static [Form] {
        use Form::{
            Day, Half, Holiday, Month, Quarter, SchoolYear, StatisticalHalf, StatisticalYear, Year,
        };
        match self {
            Self::Civil => &[Holiday, Day, Month, Quarter, Half, Year],
            Self::School => &[Holiday, Day, Month, SchoolYear],
            Self::Statistical => &[Holiday, Day, Month, StatisticalHalf, StatisticalYear],
        }
    }
}

impl Form {
    /// The regular period of this form that holds a day; None where none does, or its year may not be named.
    fn on(self, day: NaiveDate) -> Option<Period> {
        let (year, month) = (day.year(), day.month());
        let text = match self {
            Self::Holiday => format!("L{year}-tet"),
            Self::Day => day.to_string(),
            Self::Month => format!("{year}-{month:02}"),
            Self::Quarter => format!("{year}-Q{}", day.quarter()),
            Self::Half => format!("{year}-H{}", month.div_ceil(6)),
            Self::Year => year.to_string(),
            Self::SchoolYear => format!("SY{}", year - i32::from(month < 9)),
            Self::StatisticalHalf => {
                let half = if (6..12).contains(&month) { 2 } else { 1 };
                format!("R{}-H{half}", year + i32::from(month == 12))
            }
            Self::StatisticalYear => format!("R{}", year + i32::from(month == 12)),
            Self::Span | Self::Term | Self::OpenWindow => return None,
        };
        let period: Option<Period> = text.parse().ok();
        period.filter(|period| period.days.contains(day))
    }
}

impl Period {
    /// Whether it is one of those of which a calendar is made.
    pub fn is_regular(&self, calendar: Calendar) -> bool {
        calendar.forms().contains(&self.form)
    }

    /// Whether what is told for it counts in a report: it is told for exactly that period, or it is regular and lies in
    /// it. A holiday contains nothing but itself.
    pub fn counts_in(&self, report: &Self, calendar: Calendar) -> bool {
        let lies_in = |range: Validity| range.from <= self.days.from && self.days.to <= range.to;
        self == report
            || (self.is_regular(calendar)
                && report.form != Form::Holiday
                && report.range().is_some_and(lies_in))
    }

    /// The fewest regular periods that make it up, all below it: of a year its halves, of a month its days, of a day the
    /// holiday that begins on it. None for a holiday, and where its days are not known. Periods whose years may not be
    /// named are left out.
    pub fn parts(&self, calendar: Calendar) -> Vec<Self> {
        let Some(range) = self.range() else {
            return Vec::new();
        };
        let mut parts = Vec::new();
        let mut day = range.from;
        while day < range.to {
            let longest = calendar.forms().iter().rev().find_map(|form| {
                form.on(day).filter(|part| {
                    part.days.from == day && part != self && part.counts_in(self, calendar)
                })
            });
            let next = match &longest {
                Some(part) => Some(part.days.to),
                None => day.checked_add_days(Days::new(1)),
            };
            parts.extend(longest);
            let Some(next) = next else { break };
            day = next;
        }
        parts
    }

    /// All regular periods that contain a regular one, from the shortest. None for others: they stand alone.
    pub fn around(&self, calendar: Calendar) -> Vec<Self> {
        let forms = calendar.forms();
        let Some(place) = forms.iter().position(|form| *form == self.form) else {
            return Vec::new();
        };
        let longer = forms[place + 1..].iter();
        longer.filter_map(|form| form.on(self.days.from)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tet;

    const CALENDARS: [Calendar; 3] = [Calendar::Civil, Calendar::School, Calendar::Statistical];

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    fn texts(periods: &[Period]) -> Vec<&str> {
        periods.iter().map(Period::as_str).collect()
    }

    fn parts(text: &str, calendar: Calendar) -> String {
        texts(&period(text).parts(calendar)).join(" ")
    }

    fn around(text: &str, calendar: Calendar) -> String {
        texts(&period(text).around(calendar)).join(" ")
    }

    #[test]
    fn what_is_told_counts_in_the_periods_around_it() {
        for (told, counts_in, not_in) in [
            (
                "2020-03-05",
                "2020-03 2020-Q1 2020-H1 2020 SY2019 R2020-H1 R2020 2016/2020 2020-01/2020-05",
                "2020-Q2 R2020-H2",
            ),
            ("2020-12-15", "2020 R2021-H1 SY2020", "R2020"),
            ("2020-H1", "2020 SY2019 R2020 2016/2020", "2020-Q1 R2020-H1"),
            ("2020-Q4", "2020-H2 2020", "R2020"),
            ("SY2019", "SY2019", "2020 2019/2020"),
            ("2016/2020", "2016/2020", "2020 2015/2025"),
            ("P5Y/2020", "P5Y/2020", "2020 2016/2020"),
            ("T2016-2020", "T2016-2020", "2016/2020"),
            (
                "L2023-tet",
                "L2023-tet 2023-01-22 2023-01 2023 SY2022 R2023-H1",
                "2023-Q2",
            ),
            ("2023-01-22", "2023-01", "L2023-tet"),
        ] {
            let counts = |report: &str| period(told).counts_in(&period(report), Calendar::Civil);
            for report in counts_in.split(' ') {
                assert!(counts(report), "{told} counts in {report}");
            }
            for report in not_in.split(' ') {
                assert!(!counts(report), "{told} does not count in {report}");
            }
        }
    }

    #[test]
    fn a_period_has_the_fewest_parts() {
        let (civil, school, statistical) =
            (Calendar::Civil, Calendar::School, Calendar::Statistical);
        for (text, calendar, expected) in [
            ("2020", civil, "2020-H1 2020-H2"),
            ("2020-H2", civil, "2020-Q3 2020-Q4"),
            ("2020-Q1", civil, "2020-01 2020-02 2020-03"),
            ("2023-01-22", civil, "L2023-tet"),
            ("2023-01-21", civil, ""),
            ("L2023-tet", civil, ""),
            ("T2017-2022", civil, ""),
            ("P5Y/2020", civil, ""),
            ("R2020", civil, "2019-12 2020-H1 2020-Q3 2020-10 2020-11"),
            ("SY2019", civil, "2019-09 2019-Q4 2020-H1 2020-07 2020-08"),
            ("2019/2020", civil, "2019 2020"),
            (
                "2020-03-30/2020-05-01",
                civil,
                "2020-03-30 2020-03-31 2020-04 2020-05-01",
            ),
            (
                "2020",
                school,
                "2020-01 2020-02 2020-03 2020-04 2020-05 2020-06 2020-07 2020-08 2020-09 2020-10 2020-11 2020-12",
            ),
            ("2019-09/2020-08", school, "SY2019"),
            ("R2020", statistical, "R2020-H1 R2020-H2"),
            (
                "R2020-H2",
                statistical,
                "2020-06 2020-07 2020-08 2020-09 2020-10 2020-11",
            ),
            (
                "2019/2020",
                statistical,
                "2019-01 2019-02 2019-03 2019-04 2019-05 R2019-H2 R2020 2020-12",
            ),
        ] {
            assert_eq!(parts(text, calendar), expected, "{text}");
        }
        assert_eq!(period("2020-02").parts(civil).len(), 29);
        assert_eq!(period("2024-12-20/2025-01-20").parts(civil).len(), 32);
    }

    #[test]
    fn around_a_regular_period_are_the_longer_ones() {
        for (text, calendar, expected) in [
            (
                "2020-11-18",
                Calendar::Civil,
                "2020-11 2020-Q4 2020-H2 2020",
            ),
            ("2020-11-18", Calendar::School, "2020-11 SY2020"),
            (
                "2020-12-18",
                Calendar::Statistical,
                "2020-12 R2021-H1 R2021",
            ),
            (
                "L2023-tet",
                Calendar::Civil,
                "2023-01-22 2023-01 2023-Q1 2023-H1 2023",
            ),
            ("2020", Calendar::Civil, ""),
            ("2020", Calendar::School, ""),
            ("2020-01/2020-05", Calendar::Civil, ""),
        ] {
            assert_eq!(around(text, calendar), expected, "{text}");
        }
    }

    #[test]
    fn where_no_year_may_be_named_there_is_no_part() {
        assert_eq!(
            parts("R1900-H1", Calendar::Civil),
            "1900-Q1 1900-04 1900-05"
        );
        assert_eq!(around("2100-12", Calendar::Statistical), "");
    }

    fn any_calendar() -> impl Strategy<Value = Calendar> {
        prop::sample::select(CALENDARS.to_vec())
    }

    /// Far enough from the first and the last year that may be named.
    fn any_day() -> impl Strategy<Value = NaiveDate> {
        let first = NaiveDate::from_ymd_opt(1995, 1, 1).unwrap();
        (0..4_000_u64).prop_map(move |days| first + Days::new(days))
    }

    fn any_regular(calendar: Calendar) -> impl Strategy<Value = Period> {
        let forms = prop::sample::select(calendar.forms().to_vec());
        (forms, any_day()).prop_map(|(form, day)| {
            let tet = tet::first_day(day.year()).unwrap();
            form.on(if form == Form::Holiday { tet } else { day })
                .unwrap()
        })
    }

    /// Any period with days, of any calendar or none.
    fn any_period() -> impl Strategy<Value = Period> {
        let regular = any_calendar().prop_flat_map(any_regular);
        let span = (any_day(), 1..500_u64).prop_filter_map("has a name", |(from, length)| {
            format!("{from}/{}", from + Days::new(length)).parse().ok()
        });
        prop_oneof![regular, span]
    }

    /// All periods that are reached from one by its parts, and theirs.
    fn below(period: &Period, calendar: Calendar) -> Vec<Period> {
        let parts = period.parts(calendar);
        let deeper = parts.iter().flat_map(|part| below(part, calendar));
        deeper.chain(parts.iter().cloned()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn regular_periods_of_a_calendar_are_apart_or_nested(
            (calendar, a, b) in any_calendar().prop_flat_map(|calendar| {
                (Just(calendar), any_regular(calendar), any_regular(calendar))
            })
        ) {
            let nested = a.counts_in(&b, calendar) || b.counts_in(&a, calendar);
            prop_assert_eq!(a.overlaps(&b), nested);
            prop_assert_eq!(b.around(calendar).contains(&a), a != b && b.counts_in(&a, calendar));
        }

        #[test]
        fn parts_are_disjoint_and_fill_the_period(period in any_period(), calendar in any_calendar()) {
            prop_assume!(period.form != Form::Day && period.form != Form::Holiday);
            let parts = period.parts(calendar);
            prop_assert_eq!(parts.first().unwrap().first_day(), period.first_day());
            prop_assert_eq!(parts.last().unwrap().last_day(), period.last_day());
            for pair in parts.windows(2) {
                prop_assert_eq!(pair[0].days.to, pair[1].days.from);
            }
        }

        #[test]
        fn what_counts_in_a_period_is_reached_by_its_parts(
            report in any_period(),
            (calendar, told) in any_calendar().prop_flat_map(|calendar| (Just(calendar), any_regular(calendar)))
        ) {
            let is_reached = told == report || below(&report, calendar).contains(&told);
            prop_assert_eq!(told.counts_in(&report, calendar), is_reached);
        }

        #[test]
        fn what_is_not_regular_counts_in_itself_alone(a in any_period(), b in any_period(), calendar in any_calendar()) {
            prop_assume!(!a.is_regular(calendar));
            prop_assert_eq!(a.counts_in(&b, calendar), a == b);
            prop_assert!(a.around(calendar).is_empty());
        }
    }
}

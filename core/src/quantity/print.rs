//! Quantities and totals as people read them. No digit is left out and none made up.

use super::{Hedge, Total};
use crate::Language;

/// How numbers of a measure are written: always with all its decimals, and with the sign of what is counted, if it has
/// one, such as `đồng` or `%`.
#[derive(Clone, Copy, Debug)]
pub struct Notation<'a> {
    pub language: Language,
    pub decimals: u32,
    pub sign: Option<&'a str>,
}

impl Notation<'static> {
    /// Of whole numbers without a sign.
    pub fn plain(language: Language) -> Self {
        Self {
            language,
            decimals: 0,
            sign: None,
        }
    }
}

impl Notation<'_> {
    /// `1.234,5` in Vietnamese, `1,234.5` in English.
    pub fn number(&self, number: i128) -> String {
        let (dot, comma) = self.language.pick(('.', ','), (',', '.'));
        let scale = 10_u128.pow(self.decimals);
        let (whole, rest) = (number.unsigned_abs() / scale, number.unsigned_abs() % scale);
        let mut text = String::from(if number < 0 { "-" } else { "" });
        let digits = whole.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                text.push(dot);
            }
            text.push(digit);
        }
        if self.decimals > 0 {
            let width = usize::try_from(self.decimals).unwrap_or(0);
            text.push_str(&format!("{comma}{rest:0width$}"));
        }
        match (self.sign, self.language) {
            (None, _) => text,
            (Some("%"), Language::Vietnamese) => text + "\u{a0}%",
            (Some("%"), Language::English) => text + "%",
            (Some(sign), _) => format!("{text} {sign}"),
        }
    }
}

impl Total {
    pub fn print(&self, notation: Notation<'_>) -> String {
        let language = notation.language;
        if self.is_unquantified() {
            return language.pick("không nêu số", "not quantified").to_owned();
        }
        let say = |number| notation.number(number);
        let hedged = |hedge, number| format!("{}{}", word(hedge, language), say(number));
        let (min, max) = self.said;
        let words = match self.hedge {
            hedge if min == max => hedged(hedge, min),
            Hedge::Exact => self.magnitude_in_words(notation).unwrap_or_else(|| {
                let (from, to) = language.pick(("từ", "đến"), ("from", "to"));
                let under = self.under(language);
                format!("{from} {} {to} {under}{}", say(min), say(max))
            }),
            hedge @ (Hedge::AtLeast | Hedge::MoreThan) => hedged(hedge, min),
            Hedge::Nearly | Hedge::AtMost if self.max_open => {
                format!("{}{}", self.under(language), say(max))
            }
            Hedge::Nearly | Hedge::AtMost => hedged(Hedge::AtMost, max),
            Hedge::About => {
                let to = language.pick("đến", "to");
                format!("{} {to} {}", hedged(Hedge::About, min), say(max))
            }
        };
        let missing = match (self.unquantified, language) {
            (0, _) => String::new(),
            (count, Language::Vietnamese) => format!(" ({count} số liệu không nêu số)"),
            (1, Language::English) => " (1 figure without a number)".to_owned(),
            (count, Language::English) => format!(" ({count} figures without a number)"),
        };
        words + &missing
    }

    fn under(&self, language: Language) -> &'static str {
        if self.max_open {
            language.pick("dưới ", "under ")
        } else {
            ""
        }
    }

    /// Of whole numbers without a sign; the words would mean something else with decimals.
    fn magnitude_in_words(&self, notation: Notation<'_>) -> Option<String> {
        let is_plain = notation.decimals == 0 && notation.sign.is_none();
        let power = self.magnitude().filter(|_| is_plain)?;
        match notation.language {
            Language::Vietnamese => {
                let (_, words) = MAGNITUDES.iter().find(|(named, _)| *named == power)?;
                Some(format!("hàng {words}"))
            }
            Language::English => {
                let places = ["", "thousand", "million", "billion", "trillion"];
                let place = *places.get(usize::try_from(power / 3).ok()?)?;
                Some(match (power % 3, place) {
                    (0, place) => format!("{place}s"),
                    (1, "") => "tens".to_owned(),
                    (1, place) => format!("tens of {place}s"),
                    (_, "") => "hundreds".to_owned(),
                    (_, place) => format!("hundreds of {place}s"),
                })
            }
        }
    }
}

/// The powers of ten that are named, up to the largest magnitude that a figure may tell.
pub(super) const MAGNITUDES: [(u32, &str); 14] = [
    (1, "chục"),
    (2, "trăm"),
    (3, "nghìn"),
    (4, "chục nghìn"),
    (5, "trăm nghìn"),
    (6, "triệu"),
    (7, "chục triệu"),
    (8, "trăm triệu"),
    (9, "tỷ"),
    (10, "chục tỷ"),
    (11, "trăm tỷ"),
    (12, "nghìn tỷ"),
    (13, "chục nghìn tỷ"),
    (14, "trăm nghìn tỷ"),
];

/// What stands before the number, with the space between.
fn word(hedge: Hedge, language: Language) -> &'static str {
    match hedge {
        Hedge::Exact => "",
        Hedge::AtLeast => language.pick("ít nhất ", "at least "),
        Hedge::MoreThan => language.pick("hơn ", "more than "),
        Hedge::About => language.pick("khoảng ", "about "),
        Hedge::Nearly => language.pick("gần ", "nearly "),
        Hedge::AtMost => language.pick("tối đa ", "at most "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Qualifier, Quantity, Sum};

    fn both(total: Total) -> (String, String) {
        (
            total.print(Notation::plain(Language::Vietnamese)),
            total.print(Notation::plain(Language::English)),
        )
    }

    #[test]
    fn each_quantity_is_said_in_both_languages() {
        for (quantity, vietnamese, english) in [
            (Quantity::exact(30_500), "30.500", "30,500"),
            (
                Quantity::of(Qualifier::AtLeast, 30_500),
                "ít nhất 30.500",
                "at least 30,500",
            ),
            (
                Quantity::of(Qualifier::MoreThan, 30_500),
                "hơn 30.500",
                "more than 30,500",
            ),
            (
                Quantity::of(Qualifier::Nearly, 5_000),
                "gần 5.000",
                "nearly 5,000",
            ),
            (
                Quantity::of(Qualifier::AtMost, 5_000),
                "tối đa 5.000",
                "at most 5,000",
            ),
            (
                Quantity::of(Qualifier::About, 5_000),
                "khoảng 5.000",
                "about 5,000",
            ),
            (Quantity::range(1, 4), "từ 1 đến 4", "from 1 to 4"),
            (Quantity::magnitude(10), "hàng chục", "tens"),
            (Quantity::magnitude(100), "hàng trăm", "hundreds"),
            (Quantity::magnitude(1_000), "hàng nghìn", "thousands"),
            (
                Quantity::magnitude(10_000_000_000),
                "hàng chục tỷ",
                "tens of billions",
            ),
            (
                Quantity::magnitude(100_000_000_000_000),
                "hàng trăm nghìn tỷ",
                "hundreds of trillions",
            ),
            (Quantity::unquantified(), "không nêu số", "not quantified"),
        ] {
            let (vi, en) = both(quantity.total());
            assert_eq!((vi.as_str(), en.as_str()), (vietnamese, english));
        }
    }

    #[test]
    fn sums_say_what_their_terms_leave_open() {
        let thousands = Quantity::magnitude(1_000);
        let nearly = |value| Quantity::of(Qualifier::Nearly, value);
        let more_than = |value| Quantity::of(Qualifier::MoreThan, value);
        let (exact, unquantified) = (Quantity::exact, Quantity::unquantified());
        for (terms, vietnamese, english) in [
            (
                vec![more_than(30_000), exact(500)],
                "hơn 30.500",
                "more than 30,500",
            ),
            (vec![nearly(5_000), exact(500)], "gần 5.500", "nearly 5,500"),
            (
                vec![more_than(30_000), nearly(5_000)],
                "khoảng 35.000",
                "about 35,000",
            ),
            (
                vec![thousands, exact(500)],
                "từ 1.500 đến dưới 10.500",
                "from 1,500 to under 10,500",
            ),
            (
                vec![Quantity::range(1, 4), nearly(10)],
                "dưới 14",
                "under 14",
            ),
            (
                vec![Quantity::range(1, 4), Quantity::of(Qualifier::AtMost, 10)],
                "tối đa 14",
                "at most 14",
            ),
            (
                vec![Quantity::range(1, 4), more_than(10)],
                "hơn 11",
                "more than 11",
            ),
            (
                vec![Quantity::range(1, 4), Quantity::of(Qualifier::About, 10)],
                "khoảng 11 đến 14",
                "about 11 to 14",
            ),
            (
                vec![exact(100), unquantified],
                "ít nhất 100 (1 số liệu không nêu số)",
                "at least 100 (1 figure without a number)",
            ),
            (
                vec![exact(100), unquantified, unquantified],
                "ít nhất 100 (2 số liệu không nêu số)",
                "at least 100 (2 figures without a number)",
            ),
            (
                vec![nearly(5_000), unquantified],
                "khoảng 5.000 (1 số liệu không nêu số)",
                "about 5,000 (1 figure without a number)",
            ),
        ] {
            let total = terms.iter().map(Sum::from).sum::<Sum>().total().unwrap();
            let (vi, en) = both(total);
            assert_eq!((vi.as_str(), en.as_str()), (vietnamese, english));
        }
    }

    #[test]
    fn decimals_and_signs_stand_with_each_number() {
        let print = |quantity: Quantity, language, decimals, sign| {
            let notation = Notation {
                language,
                decimals,
                sign,
            };
            quantity.total().print(notation)
        };
        let (vi, en) = (Language::Vietnamese, Language::English);
        let billion = Quantity::of(Qualifier::MoreThan, 1_000_000_000);
        assert_eq!(
            print(billion, vi, 0, Some("đồng")),
            "hơn 1.000.000.000 đồng"
        );
        assert_eq!(
            print(billion, en, 0, Some("đồng")),
            "more than 1,000,000,000 đồng"
        );
        assert_eq!(print(Quantity::exact(123_405), vi, 2, None), "1.234,05");
        assert_eq!(print(Quantity::exact(123_405), en, 2, None), "1,234.05");
        assert_eq!(print(Quantity::exact(5), vi, 2, Some("%")), "0,05\u{a0}%");
        assert_eq!(print(Quantity::exact(5), en, 2, Some("%")), "0.05%");
        let hundreds = Quantity::magnitude(100);
        assert_eq!(print(hundreds, vi, 1, None), "từ 10,0 đến dưới 100,0");
        assert_eq!(
            print(hundreds, vi, 0, Some("đồng")),
            "từ 100 đồng đến dưới 1.000 đồng"
        );
    }

    #[test]
    fn a_difference_may_be_below_zero() {
        assert_eq!(
            Notation::plain(Language::Vietnamese).number(-1_234),
            "-1.234"
        );
    }
}

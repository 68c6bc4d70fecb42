//! Quantities as the union's papers write them, in Vietnamese. What can be read in two ways is refused, never guessed.

use unicode_normalization::UnicodeNormalization;

use super::print::MAGNITUDES;
use super::{Qualifier, Quantity, VALUE_MAX};
use crate::Code;

/// What may stand before a number, and what it says of it.
const HEDGES: [(&str, Qualifier); 8] = [
    ("hơn ", Qualifier::MoreThan),
    ("trên ", Qualifier::MoreThan),
    ("ít nhất ", Qualifier::AtLeast),
    ("tối thiểu ", Qualifier::AtLeast),
    ("gần ", Qualifier::Nearly),
    ("tối đa ", Qualifier::AtMost),
    ("không quá ", Qualifier::AtMost),
    ("khoảng ", Qualifier::About),
];

/// What may stand behind a number, and the power of ten that it is. The longer before its end.
const MULTIPLIERS: [(&str, u32); 4] = [("nghìn tỷ", 12), ("nghìn", 3), ("triệu", 6), ("tỷ", 9)];

impl Quantity {
    /// Reads `hơn 8,5 triệu`, `từ 1 đến 4`, `hàng nghìn`. Numbers may have as many decimals as the measure, and the
    /// sign of what is counted behind them.
    pub fn read(text: &str, decimals: u32, sign: Option<&str>) -> Result<Self, Code> {
        let numbers = Numbers {
            decimals,
            sign: sign.map(plain),
        };
        let text = plain(text);
        if ["nhiều", "không nêu số"].contains(&text.as_str()) {
            return Ok(Self::unquantified());
        }
        if let Some(magnitude) = text.strip_prefix("hàng ") {
            return numbers.magnitude(magnitude);
        }
        if let Some(range) = text.strip_prefix("từ ") {
            return numbers.range(range);
        }
        let hedge = HEDGES
            .iter()
            .find_map(|(word, qualifier)| Some((text.strip_prefix(word)?, *qualifier)));
        let (number, qualifier) = hedge.unwrap_or((&text, Qualifier::Exact));
        sound(Self::of(qualifier, numbers.number(number)?))
    }
}

/// In composed small letters, with one space between words, and one spelling of two.
fn plain(text: &str) -> String {
    let text: String = text.nfc().collect::<String>().to_lowercase();
    let words = text.split_whitespace().map(|word| match word {
        "ngàn" => "nghìn",
        "tỉ" => "tỷ",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn sound(mut quantity: Quantity) -> Result<Quantity, Code> {
    match quantity.check("").first() {
        None => Ok(quantity),
        Some(refused) => Err(refused.code),
    }
}

/// The numbers of one measure.
struct Numbers {
    decimals: u32,
    sign: Option<String>,
}

impl Numbers {
    /// `8,5 triệu` in stored units.
    fn number(&self, text: &str) -> Result<i64, Code> {
        let text = self.without_sign(text);
        let multiplied = MULTIPLIERS.iter().find_map(|(word, power)| {
            let number = text.strip_suffix(word)?;
            Some((number.trim_end(), *power))
        });
        let (number, power) = multiplied.unwrap_or((text, 0));
        let (whole, fraction) = number.split_once(',').unwrap_or((number, ""));
        let is_sound = is_whole(whole)
            && fraction.bytes().all(|byte| byte.is_ascii_digit())
            && number.ends_with(|end: char| end.is_ascii_digit());
        if !is_sound {
            return Err(Code::NumberNotReadable);
        }
        let decimals = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
        let power = (power + self.decimals)
            .checked_sub(decimals)
            .ok_or(Code::TooManyDecimals)?;
        let digits = whole.replace('.', "") + fraction;
        let value = digits.parse::<i64>().ok();
        let value = value.and_then(|value| value.checked_mul(10_i64.checked_pow(power)?));
        value
            .filter(|value| *value <= VALUE_MAX)
            .ok_or(Code::ValueOutOfRange)
    }

    /// `1 đến 4`. A magnitude with decimals or a sign is printed as `1.000 đến dưới 10.000`.
    fn range(&self, text: &str) -> Result<Quantity, Code> {
        let (min, max) = text.split_once(" đến ").ok_or(Code::NumberNotReadable)?;
        if let Some(max) = max.strip_prefix("dưới ") {
            let magnitude = sound(Quantity::magnitude(self.number(min)?));
            return magnitude
                .ok()
                .filter(|read| self.number(max).ok() == read.value_max)
                .ok_or(Code::NumberNotReadable);
        }
        // From 1 to 4 million, or from 1 million to 4 million?
        let is_plain = |number: &str| {
            self.without_sign(number)
                .ends_with(|c: char| c.is_ascii_digit())
        };
        if is_plain(min) && !is_plain(max) {
            return Err(Code::NumberNotReadable);
        }
        sound(Quantity::range(self.number(min)?, self.number(max)?))
    }

    /// `chục nghìn`.
    fn magnitude(&self, text: &str) -> Result<Quantity, Code> {
        let text = self.without_sign(text);
        let named = MAGNITUDES.iter().find(|(_, words)| *words == text);
        let (power, _) = named.ok_or(Code::NumberNotReadable)?;
        let power = 10_i64.checked_pow(power + self.decimals);
        sound(Quantity::magnitude(power.ok_or(Code::ValueOutOfRange)?))
    }

    fn without_sign<'t>(&self, text: &'t str) -> &'t str {
        let sign = self.sign.as_deref().unwrap_or_default();
        text.strip_suffix(sign).unwrap_or(text).trim_end()
    }
}

/// Digits alone, or in groups of three after dots. `0.500` is no number: it may be a half in another language.
fn is_whole(text: &str) -> bool {
    let are_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        None => !text.is_empty() && are_digits(text),
        Some((first, groups)) => {
            (1..=3).contains(&first.len())
                && !first.starts_with('0')
                && are_digits(first)
                && groups
                    .split('.')
                    .all(|group| group.len() == 3 && are_digits(group))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_vietnam_writes_them() {
        for (text, value) in [
            ("30.500", 30_500),
            ("30500", 30_500),
            ("1.011", 1_011),
            ("04", 4),
            ("0", 0),
            ("8,5 triệu", 8_500_000),
            ("1,25 tỷ", 1_250_000_000),
            ("1,25 tỉ", 1_250_000_000),
            ("12 nghìn tỷ", 12_000_000_000_000),
            ("30 nghìn", 30_000),
            ("30 ngàn", 30_000),
            ("  1.234.567 ", 1_234_567),
            ("8,5 tri\u{ea}\u{323}u", 8_500_000),
        ] {
            assert_eq!(
                Quantity::read(text, 0, None),
                Ok(Quantity::exact(value)),
                "{text}"
            );
        }
    }

    #[test]
    fn words_say_how_sure_a_number_is() {
        for (text, quantity) in [
            ("hơn 30.500", Quantity::of(Qualifier::MoreThan, 30_500)),
            ("Trên 30.500", Quantity::of(Qualifier::MoreThan, 30_500)),
            ("ít nhất 3", Quantity::of(Qualifier::AtLeast, 3)),
            ("tối thiểu 3", Quantity::of(Qualifier::AtLeast, 3)),
            ("gần 5.000", Quantity::of(Qualifier::Nearly, 5_000)),
            ("tối đa 5.000", Quantity::of(Qualifier::AtMost, 5_000)),
            ("không quá 5.000", Quantity::of(Qualifier::AtMost, 5_000)),
            (
                "khoảng 1,5 tỷ",
                Quantity::of(Qualifier::About, 1_500_000_000),
            ),
            ("từ 1 đến 4", Quantity::range(1, 4)),
            (
                "từ 500 nghìn đến 1 triệu",
                Quantity::range(500_000, 1_000_000),
            ),
            ("hàng nghìn", Quantity::magnitude(1_000)),
            ("hàng chục tỷ", Quantity::magnitude(10_000_000_000)),
            ("nhiều", Quantity::unquantified()),
        ] {
            assert_eq!(Quantity::read(text, 0, None), Ok(quantity), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for (text, code) in [
            ("1.5", Code::NumberNotReadable),
            ("1,011.5", Code::NumberNotReadable),
            ("0.500", Code::NumberNotReadable),
            ("1.0111", Code::NumberNotReadable),
            ("1 011", Code::NumberNotReadable),
            ("1,", Code::NumberNotReadable),
            (",5", Code::NumberNotReadable),
            ("-1", Code::NumberNotReadable),
            ("+1", Code::NumberNotReadable),
            ("٣", Code::NumberNotReadable),
            ("", Code::NumberNotReadable),
            ("hơn", Code::NumberNotReadable),
            ("ba", Code::NumberNotReadable),
            ("hàng vạn", Code::NumberNotReadable),
            ("từ 1 đến 4 triệu", Code::NumberNotReadable),
            ("từ 1.500 đến dưới 10.500", Code::NumberNotReadable),
            ("5 đồng", Code::NumberNotReadable),
            ("1,011", Code::TooManyDecimals),
            ("1,0115 nghìn", Code::TooManyDecimals),
            ("từ 4 đến 1", Code::RangeEmpty),
            ("gần 0", Code::ValueOutOfRange),
            ("9007199254740992", Code::ValueOutOfRange),
            ("99999999999999999999999 tỷ", Code::ValueOutOfRange),
        ] {
            assert_eq!(Quantity::read(text, 0, None), Err(code), "{text}");
        }
    }

    #[test]
    fn decimals_and_the_sign_are_those_of_the_measure() {
        let read = |text| Quantity::read(text, 2, Some("kg"));
        assert_eq!(read("1,5"), Ok(Quantity::exact(150)));
        assert_eq!(read("1,05 kg"), Ok(Quantity::exact(105)));
        assert_eq!(read("1,055"), Err(Code::TooManyDecimals));
        assert_eq!(read("hàng nghìn kg"), Ok(Quantity::magnitude(100_000)));
    }
}

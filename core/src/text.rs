//! What text from outside may look like before it is stored.

use unicode_normalization::UnicodeNormalization;

use crate::error::Code;

/// The longest name of anything, in characters.
pub const NAME_MAX: usize = 300;

/// A name as it is stored: NFC, no white space around it, 1 to `max` characters, no control characters.
///
/// Text typed on a Mac arrives decomposed (NFD); stored as it came it would not equal itself.
pub fn name(text: &str, max: usize) -> Result<String, Code> {
    let name: String = text.nfc().collect::<String>().trim().to_owned();
    if name.chars().any(is_unprintable) {
        Err(Code::ControlCharacter)
    } else if name.is_empty() {
        Err(Code::Blank)
    } else if name.chars().count() > max {
        Err(Code::TooLong)
    } else {
        Ok(name)
    }
}

/// A text of several lines as it is stored: NFC, lines ended by `\n` alone, no white space around it, 1 to `max`
/// characters, no control characters but the ends of lines and tabs.
pub fn paragraphs(text: &str, max: usize) -> Result<String, Code> {
    let text: String = text.nfc().collect();
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text
        .chars()
        .any(|c| is_unprintable(c) && !matches!(c, '\n' | '\t'))
    {
        Err(Code::ControlCharacter)
    } else if text.is_empty() {
        Err(Code::Blank)
    } else if text.chars().count() > max {
        Err(Code::TooLong)
    } else {
        Ok(text)
    }
}

/// Control characters, signs of no width, marks that turn the direction of text, and what is no
/// character: what a person can't see but what makes two texts differ, or read otherwise than they
/// are (Unicode TR 36). Vietnamese needs none of them.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// A code in lower-case words joined by `separator`: `district_federation`, `hn-q-btl`.
pub fn code(text: &str, separator: char, max: usize) -> Result<(), Code> {
    let word_is_sound = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if text.len() <= max && text.split(separator).all(word_is_sound) {
        Ok(())
    } else {
        Err(Code::CodeInvalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decomposed_name_is_stored_composed() {
        let decomposed = "Lie\u{302}n \u{111}oa\u{300}n";
        assert_eq!(name(decomposed, NAME_MAX), Ok("Liên đoàn".to_owned()));
    }

    #[test]
    fn white_space_around_a_name_is_dropped_and_nothing_else_is_no_name() {
        assert_eq!(name("  CĐCS  ", NAME_MAX), Ok("CĐCS".to_owned()));
        assert_eq!(name(" \u{a0} ", NAME_MAX), Err(Code::Blank));
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        for hidden in [
            "a\u{0}b",
            "a\nb",
            "a\u{7f}b",
            "a\u{202e}b",
            "a\u{feff}b",
            "\u{ad}\u{200d}",
            "a\u{ffff}",
            "a\u{1fffe}",
        ] {
            assert_eq!(name(hidden, NAME_MAX), Err(Code::ControlCharacter));
        }
    }

    #[test]
    fn a_text_keeps_its_lines_and_nothing_else_that_cannot_be_seen() {
        assert_eq!(
            paragraphs(" một\r\nhai\tba\n", 20),
            Ok("một\nhai\tba".to_owned())
        );
        assert_eq!(paragraphs("a\rb", 20), Err(Code::ControlCharacter));
        assert_eq!(paragraphs("\n", 20), Err(Code::Blank));
        assert_eq!(paragraphs("ba dòng", 6), Err(Code::TooLong));
    }

    #[test]
    fn a_name_is_measured_in_characters_not_bytes() {
        assert!(name(&"đ".repeat(NAME_MAX), NAME_MAX).is_ok());
        assert_eq!(
            name(&"đ".repeat(NAME_MAX + 1), NAME_MAX),
            Err(Code::TooLong)
        );
    }

    #[test]
    fn codes_are_lower_case_words() {
        assert!(code("district_federation", '_', 64).is_ok());
        for bad in ["", "_a", "a__b", "Ab", "đ", "a-b", "a b"] {
            assert_eq!(code(bad, '_', 64), Err(Code::CodeInvalid), "{bad}");
        }
    }
}

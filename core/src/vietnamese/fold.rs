//! Text without what people leave out, mix up or write in two ways.

use std::iter::from_fn;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower-case letters and digits without any marks, in words parted by one space each: `Đống Đa` is
/// `dong da`, composed or decomposed.
pub fn fold(text: &str) -> String {
    let words: Vec<String> = split(text).map(|(word, _)| word).collect();
    words.join(" ")
}

/// The folded words of a text, and whether a dot stands right behind each.
pub(super) fn split(text: &str) -> impl Iterator<Item = (String, bool)> {
    let mut chars = plain(text);
    from_fn(move || {
        let first = chars.find(|c| c.is_alphanumeric())?;
        let mut word = String::from(first);
        loop {
            match chars.next() {
                Some(c) if c.is_alphanumeric() => word.push(c),
                end => return Some((word, end == Some('.'))),
            }
        }
    })
}

/// The characters in lower case, their marks dropped.
fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if is_barred_d(c) { 'd' } else { c })
}

/// đ, and the Icelandic eth, whose capital looks the same and which old converters write for it.
pub(super) fn is_barred_d(lower_case: char) -> bool {
    matches!(lower_case, 'đ' | 'ð')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn what_is_left_are_plain_words() {
        assert_eq!(
            fold("  LĐLĐ quận Đống Đa – 6 CĐCS (2020) "),
            "ldld quan dong da 6 cdcs 2020"
        );
        assert_eq!(fold("Sở VH&TT"), "so vh tt");
        assert_eq!(fold("Ðống Ða"), "dong da", "written with eth");
        assert_eq!(fold("–"), "");
    }

    proptest! {
        #[test]
        fn composed_or_not_reads_the_same(text in "[\\PC ăâđêôơưàảãáạ]{0,20}") {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&composed), fold(&decomposed));
        }

        #[test]
        fn what_is_folded_stays(text in "\\PC{0,20}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert!(folded.split(' ').all(|word| !word.is_empty()) || folded.is_empty());
        }
    }
}

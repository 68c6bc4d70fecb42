//! The key by which names are put in order, on any engine, by comparing bytes.

use std::iter::from_fn;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

use super::fold::is_barred_d;

/// The longest key in bytes; that of a name of 300 characters is shorter.
pub const NAME_KEY_MAX: usize = 1000;

/// The letters in their order; f, j, w and z stand where names from abroad have them.
const LETTERS: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// Stands for the first letter. Each letter is one byte, in order.
const FIRST_LETTER: u8 = b'A';
/// Any run of other signs. Below digits, which are below letters.
const GAP: u8 = b'-';
/// Where the letters end and the tones begin. Below all else, so that a name comes before those that
/// begin with it.
const END: u8 = b' ';
/// Closes the tones of a word. Below every tone, so that a word without one comes first.
const NO_TONE: u8 = b'0';

/// ASCII text whose bytes sort as names do: first by gaps, whole numbers and letters, then by tones.
///
/// Tones count word by word, wherever in it they stand: `hoà` and `hòa` are two spellings of a word.
pub fn name_key(name: &str) -> String {
    let lower_case = name.chars().flat_map(char::to_lowercase);
    let mut signs = lower_case.nfd().peekable();
    let mut key = Vec::with_capacity(name.len());
    let mut tones = Vec::new();
    while let Some(sign) = signs.next() {
        let marks: Vec<char> = from_fn(|| signs.next_if(|c| is_combining_mark(*c))).collect();
        if let Some(letter) = letter(sign, &marks) {
            key.push(letter);
            tones.extend(marks.iter().filter_map(tone));
            continue;
        }
        if key.last() >= Some(&FIRST_LETTER) {
            tones.push(NO_TONE);
        }
        if sign.is_ascii_digit() {
            let more = from_fn(|| signs.next_if(char::is_ascii_digit));
            let digits: String = [sign].into_iter().chain(more).collect();
            push_number(&mut key, &digits);
        } else if key.last() != Some(&GAP) && !is_combining_mark(sign) {
            key.push(GAP);
        }
    }
    // Tones are compared only between equal letters, so nothing at the end is the same as no tone.
    while tones.last() == Some(&NO_TONE) {
        tones.pop();
    }
    if !tones.is_empty() {
        key.push(END);
        key.append(&mut tones);
    }
    key.truncate(NAME_KEY_MAX);
    key.into_iter().map(char::from).collect()
}

/// The byte of a letter with the marks that make it another letter; its tone is left aside.
fn letter(sign: char, marks: &[char]) -> Option<u8> {
    let sign = if is_barred_d(sign) { 'đ' } else { sign };
    let with_mark = |letter, mark: &char| {
        let other = compose(letter, *mark);
        other.filter(|c| LETTERS.contains(*c)).unwrap_or(letter)
    };
    let letter = marks.iter().fold(sign, with_mark);
    let place = LETTERS.chars().position(|c| c == letter)?;
    u8::try_from(place).ok().map(|place| FIRST_LETTER + place)
}

/// Huyền, hỏi, ngã, sắc, nặng.
fn tone(mark: &char) -> Option<u8> {
    match mark {
        '\u{300}' => Some(b'1'),
        '\u{309}' => Some(b'2'),
        '\u{303}' => Some(b'3'),
        '\u{301}' => Some(b'4'),
        '\u{323}' => Some(b'5'),
        _ => None,
    }
}

/// Digits, and before them how many they are, so that the longer number is the greater: a 9 for each
/// nine digits, and one digit for the rest.
fn push_number(key: &mut Vec<u8>, digits: &str) {
    let digits = digits.trim_start_matches('0').as_bytes();
    key.extend(std::iter::repeat_n(b'9', digits.len() / 9));
    key.extend((b'0'..).nth(digits.len() % 9));
    key.extend(digits);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A name as the rule of order sees it, read without any of the code above.
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
    enum Part {
        Gap,
        /// How many digits, and which.
        Number(usize, String),
        Letter(usize),
    }

    const TONES: [&str; 6] = [
        "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz",
        "àằầ____èề___ì_____òồờ_____ùừ___ỳ_",
        "ảẳẩ____ẻể___ỉ_____ỏổở_____ủử___ỷ_",
        "ãẵẫ____ẽễ___ĩ_____õỗỡ_____ũữ___ỹ_",
        "áắấ____éế___í_____óốớ_____úứ___ý_",
        "ạặậ____ẹệ___ị_____ọộợ_____ụự___ỵ_",
    ];

    /// The parts of a composed name, and the tones of each of its words.
    fn read(name: &str) -> (Vec<Part>, Vec<Vec<usize>>) {
        let (mut parts, mut tones) = (Vec::new(), vec![Vec::new()]);
        for c in name.to_lowercase().chars().filter(|c| *c != '_') {
            let place = |row: &&str| row.chars().position(|other| other == c);
            let found = TONES.iter().map(&place).enumerate();
            let found = found
                .filter_map(|(tone, place)| Some((tone, place?)))
                .next();
            match (found, parts.last_mut()) {
                (Some((tone, place)), last) => {
                    if !matches!(last, Some(Part::Letter(_))) {
                        tones.push(Vec::new());
                    }
                    parts.push(Part::Letter(place));
                    let of_word = tones.last_mut().unwrap();
                    of_word.extend((tone > 0).then_some(tone));
                }
                (None, Some(Part::Number(count, digits))) if c.is_ascii_digit() => {
                    if *count > 0 || c != '0' {
                        digits.push(c);
                        *count += 1;
                    }
                }
                (None, _) if c == '0' => parts.push(Part::Number(0, String::new())),
                (None, _) if c.is_ascii_digit() => parts.push(Part::Number(1, c.to_string())),
                (None, Some(Part::Gap)) => {}
                (None, _) => parts.push(Part::Gap),
            }
        }
        (parts, tones)
    }

    fn any_name() -> impl Strategy<Value = String> {
        prop_oneof![
            "[aăâáàạAĂÂdđDĐuưúứ019 .–]{0,8}",
            "[aáà]{0,3}( [aáạ]{0,2}[0-3]{0,2}){0,4}",
            "[a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ0-9 ]{0,12}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn keys_sort_as_the_rule_says(a in any_name(), b in any_name()) {
            prop_assert_eq!(name_key(&a).cmp(&name_key(&b)), read(&a).cmp(&read(&b)), "{} {}", a, b);
        }

        #[test]
        fn a_key_is_short_plain_text(name in "\\PC{0,300}") {
            let key = name_key(&name);
            prop_assert!(key.len() < NAME_KEY_MAX);
            prop_assert!(key.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            prop_assert_eq!(&key, &name_key(&name.nfd().collect::<String>()));
        }
    }

    fn assert_in_order(names: &[&str]) {
        let mut sorted = names.to_vec();
        sorted.sort_by_key(|name| name_key(name));
        assert_eq!(sorted, names);
        let keys: std::collections::BTreeSet<_> = names.iter().map(|n| name_key(n)).collect();
        assert_eq!(keys.len(), names.len(), "no two are the same");
    }

    #[test]
    fn names_stand_as_in_a_vietnamese_list() {
        assert_in_order(&["An", "Ăn", "Ân", "Cụm 2", "Cụm 10", "Da", "Dá", "Dạ", "Đa"]);
        assert_in_order(&["ma", "mà", "mả", "mã", "má", "mạ"]);
        assert_in_order(&["Hoa", "Hoà Bình", "Hoa Lư", "Hòa Phát", "Hoàn Kiếm"]);
        assert_in_order(&["Khối", "Khối 2", "Khối 12", "Khối A", "Khối2", "KhốiA"]);
        assert_eq!(name_key("Khối – 2"), name_key("Khối 2"));
    }

    #[test]
    fn numbers_count_whole_however_long() {
        let long = |digits: usize| format!("Đội 1{}", "0".repeat(digits));
        let names = [
            "Đội 0".to_owned(),
            long(0),
            long(7),
            long(8),
            long(9),
            long(17),
            long(290),
        ];
        assert_in_order(&names.each_ref().map(String::as_str));
        assert_eq!(name_key("Số 007"), name_key("Số 7"));
    }

    #[test]
    fn two_spellings_of_a_tone_are_one_name() {
        assert_eq!(name_key("Hoà Bình"), name_key("Hòa Bình"));
        assert_eq!(name_key("HÒA BÌNH"), name_key("Hòa Bình"));
    }

    #[test]
    fn the_longest_key_is_within_bounds() {
        for worst in ["ṍ1", "ṍ ", "á1", "9", "1-"] {
            let name: String = worst.chars().cycle().take(300).collect();
            assert!(name_key(&name).len() < NAME_KEY_MAX, "{worst}");
        }
    }
}

//! What a new password may be: long enough, and not among the first that anybody would try.
//!
//! There are no rules on the kinds of characters in it, and it is hashed as it was given.

use std::borrow::Cow;

use liendoan_core::vietnamese::fold;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zxcvbn::{Score, zxcvbn};

const SHORTEST_ALONE: usize = 15;
const SHORTEST_WITH_SECOND_FACTOR: usize = 8;
const LONGEST: usize = 128;

/// A word this short says little of where it comes from: `an` and `ha` are parts of everything.
const SHORTEST_WORD: usize = 4;

/// What people of this organisation would think of first, besides what is theirs; without diacritics.
const OUR_WORDS: [&str; 22] = [
    "cong doan",
    "lien doan",
    "tong lien doan",
    "lien doan lao dong",
    "tong lien doan lao dong",
    "cong doan co so",
    "lao dong",
    "cong nhan",
    "doan vien",
    "thi dua",
    "khen thuong",
    "can bo",
    "mat khau",
    "viet nam",
    "ha noi",
    "sai gon",
    "ho chi minh",
    "da nang",
    "anh yeu em",
    "em yeu anh",
    "quan tri",
    "admin",
];

/// Signs that zxcvbn may read as a letter. It tries all the ways at once.
const LOOK_ALIKES: [(&str, char); 12] = [
    ("4@", 'a'),
    ("8", 'b'),
    ("({[<", 'c'),
    ("3", 'e'),
    ("69", 'g'),
    ("1!|", 'i'),
    ("1|7", 'l'),
    ("0", 'o'),
    ("$5", 's'),
    ("+7", 't'),
    ("%", 'x'),
    ("2", 'z'),
];

/// As many as digits alone have.
const MOST_WAYS: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    TooShort {
        min: usize,
    },
    TooLong {
        max: usize,
    },
    /// Common, or made of what belongs to the account or to the organisation.
    TooCommon,
}

/// `context` is what others know of the account: its name, the person's, those of its units.
pub fn check_new(password: &str, context: &[&str], has_second_factor: bool) -> Result<(), Refusal> {
    // Composed, so that `ệ` is one character however the keyboard wrote it.
    let length = password.nfc().count();
    let (min, least) = if has_second_factor {
        (SHORTEST_WITH_SECOND_FACTOR, Score::Two)
    } else {
        (SHORTEST_ALONE, Score::Four)
    };
    if length < min {
        return Err(Refusal::TooShort { min });
    }
    if length > LONGEST {
        return Err(Refusal::TooLong { max: LONGEST });
    }
    if score(password, context) < least {
        return Err(Refusal::TooCommon);
    }
    Ok(())
}

/// The worst of three readings, so that neither diacritics nor names that are known anyhow make a password
/// look stronger than it is: as given; without diacritics; and what is left without those names.
fn score(password: &str, context: &[&str]) -> Score {
    let known = known_words(context);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let plain = without_diacritics(password);
    let rest = without_words(&plain, &known);
    let readings = [password, &plain, &rest];
    let scores = readings.map(|reading| zxcvbn(&in_few_ways(reading), &known).score());
    scores.into_iter().min().unwrap_or(Score::Zero)
}

/// The words that count as known, longest first: whole names, pairs of neighbours (most Vietnamese
/// words are two syllables) and longer single ones, all without spaces and diacritics.
fn known_words(context: &[&str]) -> Vec<String> {
    let mut known = Vec::new();
    for text in context.iter().chain(&OUR_WORDS) {
        let text = fold(text);
        let words: Vec<&str> = text.split(' ').collect();
        known.push(words.concat());
        known.extend(words.windows(2).map(<[&str]>::concat));
        known.extend(words.iter().map(|word| (*word).to_owned()));
    }
    known.retain(|word| word.len() >= SHORTEST_WORD);
    known.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    known.dedup();
    known
}

/// A text that can be read in few ways. A password made for it would keep zxcvbn busy for seconds: one
/// with many signs that look like letters has them replaced by the letters.
fn in_few_ways(text: &str) -> Cow<'_, str> {
    let ways = |signs: &str| signs.chars().filter(|c| text.contains(*c)).count().max(1);
    let ways: usize = LOOK_ALIKES.iter().map(|(signs, _)| ways(signs)).product();
    if ways <= MOST_WAYS {
        return text.into();
    }
    let read = |c: char| {
        let found = LOOK_ALIKES.iter().find(|(signs, _)| signs.contains(c));
        // Digits stay: they make years and rows, and are few.
        let found = found.filter(|_| !c.is_ascii_digit());
        found.map_or(c, |(_, letter)| *letter)
    };
    text.chars().map(read).collect()
}

fn without_diacritics(text: &str) -> String {
    let plain = text.nfd().filter(|c| !is_combining_mark(*c));
    plain
        .map(|c| {
            if matches!(c, 'đ' | 'Đ' | 'ð' | 'Ð') {
                'd'
            } else {
                c
            }
        })
        .collect()
}

/// `text` in lower case without `words`, also where spaces or dots part their syllables.
fn without_words(text: &str, words: &[&str]) -> String {
    let mut rest: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    for word in words {
        let word: Vec<char> = word.chars().collect();
        let mut start = 0;
        while start < rest.len() {
            match end_of(&rest[start..], &word) {
                Some(length) => drop(rest.drain(start..start + length)),
                None => start += 1,
            }
        }
    }
    rest.into_iter().collect()
}

/// How many characters of `text` it takes to read `word` from its beginning.
fn end_of(text: &[char], word: &[char]) -> Option<usize> {
    let mut letters = word.iter().peekable();
    for (place, c) in text.iter().enumerate() {
        if letters.next_if_eq(&c).is_some() {
            if letters.peek().is_none() {
                return Some(place + 1);
            }
        } else if place == 0 || c.is_alphanumeric() {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    const CONTEXT: [&str; 3] = [
        "nguyen.thi.hoa",
        "Nguyễn Thị Hoa",
        "Công đoàn cơ sở Trường Tiểu học Kim Đồng",
    ];

    fn alone(password: &str) -> Result<(), Refusal> {
        check_new(password, &CONTEXT, false)
    }

    fn beside_a_second_factor(password: &str) -> Result<(), Refusal> {
        check_new(password, &CONTEXT, true)
    }

    #[test]
    fn a_password_alone_is_longer_than_one_beside_a_second_factor() {
        let random = "hV7kq2Zt9xWmR4c";
        assert_eq!(alone(random), Ok(()));
        assert_eq!(alone(&random[1..]), Err(Refusal::TooShort { min: 15 }));
        assert_eq!(beside_a_second_factor(&random[..8]), Ok(()));
        assert_eq!(
            beside_a_second_factor(&random[..7]),
            Err(Refusal::TooShort { min: 8 })
        );
        assert_eq!(alone(""), Err(Refusal::TooShort { min: 15 }));
    }

    #[test]
    fn characters_are_counted_as_people_see_them() {
        let composed = "ệ ữ ẩ ằ ỗ ế ợ ử ";
        let decomposed: String = composed.chars().nfd().collect();
        assert!(decomposed.chars().count() > 30);
        assert_eq!(
            check_new(&decomposed[..9], &[], true),
            Err(Refusal::TooShort { min: 8 })
        );
        let long: String = "Xuân Hạ Thu Đông mưa rơi lá rụng "
            .chars()
            .cycle()
            .take(128)
            .collect();
        let decomposed: String = long.nfd().collect();
        for spelling in [long.clone(), decomposed] {
            assert_ne!(alone(&spelling), Err(Refusal::TooLong { max: 128 }));
            assert_eq!(
                alone(&format!("{spelling}!")),
                Err(Refusal::TooLong { max: 128 })
            );
        }
    }

    #[test]
    fn no_kind_of_character_is_asked_for() {
        for password in [
            "mười hai con trâu gặm cỏ",
            "bau troi mua dong rat xanh",
            "correct horse battery staple",
            "thuyền ngược sóng, cá xuôi dòng",
            "qzkvmwxhtbnyrpl",
            "8203957146203958",
            "🚲🌧🍜🐃🌾🛶🎋🧺🥁🏮🪷🐓🌶🍵🧵",
        ] {
            assert_eq!(alone(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn what_anybody_would_try_is_refused() {
        for password in [
            "123456789012345",
            "aaaaaaaaaaaaaaaaaaaa",
            "qwertyuiopasdfghjkl",
            "passwordpassword",
            "password123456789",
            "Password1Password1",
            "matkhau123456789",
            "Mật khẩu 123456789",
            "anhyeuem anhyeuem",
            "abcabcabcabcabcabc",
            "20112020 20112020",
            "iloveyou iloveyou",
        ] {
            assert_eq!(alone(password), Err(Refusal::TooCommon), "{password}");
        }
        for password in [
            "12345678",
            "password",
            "P@ssw0rd",
            "matkhau1",
            "iloveyou1",
            "anhyeuem",
            "admin123",
        ] {
            let outcome = beside_a_second_factor(password);
            assert_eq!(outcome, Err(Refusal::TooCommon), "{password}");
        }
    }

    #[test]
    fn what_belongs_to_the_account_or_the_organisation_is_refused() {
        for password in [
            "congdoanvietnam2024",
            "Công đoàn Việt Nam 2024",
            "C0ngd0an@2024!!",
            "liendoanlaodong123",
            "Tổng Liên đoàn Lao động Việt Nam",
            "tong.lien.doan.lao.dong.1",
            "nguyenthihoa1985@",
            "Nguyễn Thị Hoa 1985",
            "truongtieuhockimdong",
            "Kim Đồng Kim Đồng 1",
            "hoanguyenthi congdoan",
            "CONGDOAN CONGDOAN CONGDOAN",
        ] {
            assert_eq!(alone(password), Err(Refusal::TooCommon), "{password}");
        }
        for password in ["congdoan1", "Liên đoàn", "kimdong99"] {
            let outcome = beside_a_second_factor(password);
            assert_eq!(outcome, Err(Refusal::TooCommon), "{password}");
        }
    }

    #[test]
    fn a_known_word_does_not_spoil_what_is_strong_without_it() {
        assert_eq!(alone("congdoan hV7kq2Zt9xWmR4c"), Ok(()));
        assert_eq!(alone("công đoàn trâu gặm tám bụi cỏ lau"), Ok(()));
        // The context counts, not only the password.
        assert_eq!(check_new("quynh lien vuthihongnhung", &[], false), Ok(()));
        let context = ["Vũ Thị Hồng Nhung", "quynh.lien"];
        let outcome = check_new("quynh lien vuthihongnhung", &context, false);
        assert_eq!(outcome, Err(Refusal::TooCommon));
    }

    #[test]
    fn words_are_found_in_whatever_parts_their_syllables() {
        let rest = |text: &str| without_words(text, &["congdoan"]);
        assert_eq!(rest("xcongdoany"), "xy");
        assert_eq!(rest("x Cong - Doan y"), "x  y");
        assert_eq!(rest("cong9doan"), "cong9doan");
        assert_eq!(rest("congdoa"), "congdoa");
        assert_eq!(rest("congcongdoan"), "cong");
    }

    #[test]
    fn no_text_takes_long_or_panics() {
        let units = ["Liên đoàn Lao động tỉnh Bà Rịa – Vũng Tàu"; 20];
        for text in [
            "a".repeat(128),
            "1234567890".repeat(12),
            "password1".repeat(14),
            "ế".repeat(128),
            "\u{301}".repeat(128),
            "\0".repeat(128),
            "🏮".repeat(128),
            "01/01/2020 ".repeat(11),
            "p@$$w0rd!".repeat(14),
            "4@8({[<369&#!1/|0$5+7%2".repeat(5),
            "1|7".repeat(40),
            "17+0234589".repeat(12),
            "({[<".repeat(30),
            "q7$Kz!w@Lm|4x".repeat(9),
        ] {
            let start = Instant::now();
            let _ = check_new(&text, &units, false);
            let took = start.elapsed();
            assert!(took < Duration::from_secs(2), "{took:?}: {text}");
        }
    }
}

//! How far a mistyped word may be from the one that was meant.

/// How many typos a word of so many letters may have.
pub fn typos_allowed(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Whether `a` becomes `b` by at most `n` typos: a letter left out, added or changed, or two neighbours
/// swapped (Damerau-Levenshtein).
///
/// The distance itself is `strsim`'s, which `clap` brings along anyway. It knows no bound; words are
/// short, and most that are too far apart show it by their lengths.
pub fn distance_at_most(a: &str, b: &str, n: usize) -> bool {
    let lengths = a.chars().count().abs_diff(b.chars().count());
    lengths <= n && (a == b || n > 0 && strsim::damerau_levenshtein(a, b) <= n)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_of_typo_counts_once() {
        for typed in ["kie", "kieem", "kien", "keim"] {
            assert!(distance_at_most(typed, "kiem", 1), "{typed}");
            assert!(!distance_at_most(typed, "kiem", 0), "{typed}");
        }
        assert!(!distance_at_most("kime", "keim", 1));
        assert!(distance_at_most("nghipe", "nghiep", 1));
    }

    /// One typo in a word, wherever.
    fn mistype(word: &str, kind: u8, at: usize, letter: char) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        let at = at % letters.len();
        match kind {
            0 => letters.insert(at, letter),
            1 => letters[at] = letter,
            2 => letters.swap(at.saturating_sub(1), at),
            _ => drop(letters.remove(at)),
        }
        letters.into_iter().collect()
    }

    proptest! {
        #[test]
        fn a_word_with_one_typo_is_near(
            word in "[a-z]{4,10}", kind in 0..4u8, at in 0..10usize, letter in prop::char::range('a', 'z'),
        ) {
            let typed = mistype(&word, kind, at, letter);
            prop_assert!(distance_at_most(&typed, &word, 1), "{}", typed);
            prop_assert!(distance_at_most(&word, &typed, 2));
        }

        #[test]
        fn none_allowed_is_equality(a in "[ab]{0,3}", b in "[ab]{0,3}") {
            prop_assert_eq!(distance_at_most(&a, &b, 0), a == b);
        }
    }
}

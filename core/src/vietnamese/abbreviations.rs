//! Abbreviations that names are written with, and what they say in full.

use super::fold::split;

/// A word of a name or of a query, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it is written: `ldld`.
    pub written: String,
    /// What it may say in full, word by word; nothing where it is no abbreviation.
    pub in_full: InFull,
}

/// The full forms of an abbreviation, each a run of folded words. Only CĐ has more than one.
pub type InFull = &'static [&'static [&'static str]];

const ABBREVIATIONS: &[(&str, InFull)] = &[
    ("ldld", &[&["lien", "doan", "lao", "dong"]]),
    ("tld", &[&["tong", "lien", "doan"]]),
    ("cdcs", &[&["cong", "doan", "co", "so"]]),
    ("cd", &[&["cong", "doan"], &["cao", "dang"]]),
    ("tp", &[&["thanh", "pho"]]),
    ("kcn", &[&["khu", "cong", "nghiep"]]),
    ("kcx", &[&["khu", "che", "xuat"]]),
];

/// Too short to mean anything without their dot.
const DOTTED: &[(&str, InFull)] = &[
    ("q", &[&["quan"]]),
    ("h", &[&["huyen"]]),
    ("p", &[&["phuong"]]),
    ("x", &[&["xa"]]),
    ("tx", &[&["thi", "xa"]]),
    ("tt", &[&["thi", "tran"]]),
];

/// The folded words of a text, each with what it may abbreviate. `LĐLĐ` and `ldld` are the same word.
pub fn words(text: &str) -> Vec<Word> {
    let word = |(written, has_dot): (String, bool)| {
        let dotted = DOTTED.iter().filter(|_| has_dot);
        let known = ABBREVIATIONS.iter().chain(dotted);
        let in_full = known.copied().find(|(short, _)| *short == written);
        Word {
            written,
            in_full: in_full.map_or(&[], |(_, in_full)| in_full),
        }
    };
    split(text).map(word).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold;
    use super::*;

    /// The first full form of every word.
    fn in_full(text: &str) -> String {
        let words = words(text);
        let full = words.iter().flat_map(|word| match word.in_full.first() {
            Some(full) => full.to_vec(),
            None => vec![word.written.as_str()],
        });
        full.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn abbreviations_are_read_in_any_spelling() {
        for written in ["LĐLĐ TP.Hà Nội", "LDLD tp Ha Noi", "ldld TP. hà nội"] {
            assert_eq!(in_full(written), "lien doan lao dong thanh pho ha noi");
        }
        assert_eq!(in_full("Tổng LĐLĐ"), "tong lien doan lao dong");
        assert_eq!(in_full("TLĐ, CĐCS"), "tong lien doan cong doan co so");
        assert_eq!(in_full("KCN-KCX"), "khu cong nghiep khu che xuat");
        assert_eq!(words("CĐ")[0].in_full, [["cong", "doan"], ["cao", "dang"]]);
    }

    #[test]
    fn short_ones_need_their_dot() {
        assert_eq!(in_full("Q.Đống Đa"), "quan dong da");
        assert_eq!(in_full("Q Đống Đa"), "q dong da");
        assert_eq!(
            in_full("TX. Sơn Tây, TT.Phùng"),
            "thi xa son tay thi tran phung"
        );
        assert_eq!(in_full("H.Mỹ Đức P.1 X."), "huyen my duc phuong 1 xa");
        assert_eq!(in_full("TT&TX"), "tt tx");
    }

    proptest! {
        #[test]
        fn what_is_written_is_the_folded_text(text in "([LĐCSTPQHXKNVqh. ]|\\PC){0,20}") {
            let written: Vec<_> = words(&text).into_iter().map(|word| word.written).collect();
            prop_assert_eq!(written.join(" "), fold(&text));
        }
    }
}

//! Finding records by the words of their titles and texts, however they are typed: without diacritics, with an
//! abbreviation or in full.
//!
//! Every word that is looked for begins a word of the record. Both engines are asked for the same words, folded
//! here, so that both find the same: by an index of words where few records have them all, else by looking at
//! one record after the other in the order of the list, of which a page then needs but a few.

use std::collections::BTreeSet;

use diesel::prelude::*;
use liendoan_core::db::Statement;
use liendoan_core::schema::{record_words, records};
use liendoan_core::vietnamese::words;
use liendoan_core::{Code, Db, Result, Tx, on_engine};
use serde::Deserialize;

use super::RecordId;

/// The longest that may be looked for, in characters and in words.
pub const SOUGHT_MAX: usize = 200;
const WORDS_MAX: usize = 20;

/// The longest word, in characters: what is longer is no word.
const WORD_MAX: usize = 64;

/// What is looked for: the beginnings of words, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought(Vec<String>);

impl Sought {
    /// Reads what somebody typed; refused where there is no word in it.
    pub fn read(text: &str) -> Result<Self, Code> {
        if text.chars().count() > SOUGHT_MAX {
            return Err(Code::TooLong);
        }
        let mut sought = BTreeSet::new();
        for word in words(text) {
            // An abbreviation with one meaning is looked for in full: the index has both.
            match word.in_full {
                [one] => sought.extend(one.iter().map(|word| (*word).to_owned())),
                _ => drop(sought.insert(shortened(&word.written))),
            }
        }
        match sought.len() {
            0 => Err(Code::Blank),
            1..=WORDS_MAX => Ok(Self(sought.into_iter().collect())),
            _ => Err(Code::TooMany),
        }
    }

    /// As the index of words is asked: SQLite's FTS5, or PostgreSQL by a `tsquery`.
    pub fn for_index(&self, db: &Db) -> String {
        let words = self.0.iter();
        let (words, and): (Vec<String>, _) = match db {
            Db::Sqlite(_) => (words.map(|word| format!("\"{word}\" *")).collect(), " AND "),
            Db::Postgres(_) => (words.map(|word| format!("'{word}':*")).collect(), " & "),
        };
        words.join(and)
    }

    /// What the folded words of a record are compared with, one by one: `LIKE` of these.
    pub fn patterns(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|word| format!("% {word}%"))
    }
}

fn shortened(word: &str) -> String {
    word.chars().take(WORD_MAX).collect()
}

/// The words of a record as they are kept: folded, each once, each behind a space; abbreviations as they stand
/// and in full.
pub fn kept(title: &str, text: Option<&str>) -> String {
    let mut all = BTreeSet::new();
    for word in [Some(title), text].into_iter().flatten().flat_map(words) {
        all.insert(shortened(&word.written));
        all.extend(
            word.in_full
                .iter()
                .copied()
                .flatten()
                .map(|word| (*word).to_owned()),
        );
    }
    all.iter().flat_map(|word| [" ", word.as_str()]).collect()
}

/// What of any content is looked through.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    text: Option<String>,
}

/// Keeps the words of a record, so that it is found by them.
pub fn keep(tx: &mut Tx<'_>, record: RecordId, title: &str, content: &str) -> Result<()> {
    let told: Told = super::kind::read(content)?;
    let words = kept(title, told.text.as_deref());
    let query = Statement::new(
        "INSERT INTO record_words (record_id, words) VALUES ($1, $2) \
         ON CONFLICT (record_id) DO UPDATE SET words = excluded.words \
         WHERE record_words.words <> excluded.words",
    );
    let query = query.bind(record.0).bind(words.as_str());
    on_engine!(&mut **tx, c => query.execute(c))?;
    Ok(())
}

/// Keeps the words of all records, where none are kept yet: of a database that is older than they are.
pub fn keep_all_if_none(tx: &mut Tx<'_>) -> Result<()> {
    let known: Option<i64> = record_words::table
        .select(record_words::record_id)
        .first(&mut **tx)
        .optional()?;
    let mut after = 0;
    while known.is_none() {
        let some: Vec<(i64, String, String)> = records::table
            .filter(records::id.gt(after))
            .order(records::id)
            .limit(1_000)
            .select((records::id, records::title, records::content))
            .load(&mut **tx)?;
        let Some((last, ..)) = some.last() else { break };
        after = *last;
        for (id, title, content) in &some {
            keep(tx, RecordId(*id), title, content)?;
        }
    }
    Ok(())
}

/// The records that the index of words gives for what is looked for, which is the value at `place`.
pub fn by_index(db: &Db, place: &str) -> String {
    match db {
        Db::Sqlite(_) => format!(
            "SELECT rowid AS record_id FROM record_words_index WHERE record_words_index MATCH {place}"
        ),
        // By itself: as a part of the whole, PostgreSQL would rather look through all records for the first few.
        Db::Postgres(_) => format!(
            "WITH found AS MATERIALIZED (SELECT record_id FROM record_words \
             WHERE array_to_tsvector(string_to_array(ltrim(words), ' ')) @@ {place}::tsquery) SELECT record_id FROM found"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, title: &str, text: &str) -> bool {
        let (sought, kept) = (Sought::read(typed).unwrap(), kept(title, Some(text)));
        // What LIKE does.
        let mut patterns = sought.patterns();
        patterns.all(|pattern| kept.contains(pattern.trim_matches('%')))
    }

    #[test]
    fn records_are_found_however_words_are_typed() {
        let (title, text) = ("Hội nghị người lao động", "LĐLĐ quận Bắc Từ Liêm tổ chức.");
        for typed in [
            "hoi nghi",
            "HỘI NGHỊ",
            "lao dong hoi",
            "bac tu liem",
            "ldld",
            "LĐL",
            "lien doan lao dong",
        ] {
            assert!(finds(typed, title, text), "{typed}");
        }
        for typed in ["hoi nghi 2020", "ghi", "iem"] {
            assert!(!finds(typed, title, text), "{typed}");
        }
        assert!(finds("LĐLĐ", "Liên đoàn Lao động", ""));
    }

    #[test]
    fn what_holds_no_word_is_not_looked_for() {
        assert_eq!(Sought::read(" –% '"), Err(Code::Blank));
        assert_eq!(Sought::read(&"a".repeat(201)), Err(Code::TooLong));
        let many: String = (10..31).map(|number| format!("{number} ")).collect();
        assert_eq!(Sought::read(&many), Err(Code::TooMany));
    }

    #[test]
    fn no_sign_of_a_query_language_is_left() {
        let sought = Sought::read("a\"b':* & NOT (c) OR d% e_f").unwrap();
        assert_eq!(sought.0, ["a", "b", "c", "d", "e", "f", "not", "or"]);
    }
}

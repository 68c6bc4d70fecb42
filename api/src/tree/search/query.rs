//! What somebody typed, taken apart.

use liendoan_core::vietnamese::{Word, fold, words};

use super::vocabulary::{Bits, Meanings, Vocabulary, WordId};

/// Readings of a whole query that are compared one by one; one with more is read word by word.
const READINGS_MAX: usize = 16;

/// A query: words, of which each may be read as written or as what it abbreviates.
pub struct Query {
    /// All of it, folded.
    pub folded: String,
    /// The different words of all its readings.
    pub typed: Vec<String>,
    /// For each word of the query, its readings, as bits of `typed`.
    groups: Vec<Vec<Bits>>,
    words: Vec<Word>,
    /// All readings of the whole, as places in `typed`; empty where there are too many.
    readings: Vec<Vec<usize>>,
}

/// How much of a name a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    Beginning,
    Whole,
}

impl Query {
    pub fn read(text: &str) -> Self {
        let words = words(text);
        let mut typed = Vec::new();
        let groups = words.iter().map(|word| {
            let in_full = word.in_full.iter().map(|reading| bits(&mut typed, reading));
            let in_full: Vec<Bits> = in_full.collect();
            [bits(&mut typed, &[&word.written])]
                .into_iter()
                .chain(in_full)
                .collect()
        });
        Self {
            folded: fold(text),
            groups: groups.collect(),
            readings: readings_of_all(&words, &typed),
            typed,
            words,
        }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// For each word of the query, its readings, each as places in `typed`.
    pub fn groups(&self) -> impl Iterator<Item = Vec<Vec<usize>>> {
        let places = |bits: &Bits| {
            let all = 0..self.typed.len();
            all.filter(|place| bits >> place & 1 == 1).collect()
        };
        let is_looked_for = |group: &&Vec<Bits>| group.iter().all(|reading| *reading != 0);
        let readings = move |group: &Vec<Bits>| group.iter().map(places).collect();
        self.groups.iter().filter(is_looked_for).map(readings)
    }

    /// Whether every word, in one of its readings, is answered by these bits.
    pub fn is_answered_by(&self, bits: Bits) -> bool {
        let is_answered = |reading: &Bits| reading & !bits == 0;
        self.groups
            .iter()
            .all(|group| group.iter().any(is_answered))
    }

    /// Whether some reading of the query is some reading of a name, or its beginning.
    pub fn extent_in(
        &self,
        name: &[WordId],
        vocabulary: &Vocabulary,
        meanings: &Meanings,
    ) -> Option<Extent> {
        let longest = self
            .readings
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or(usize::MAX);
        let mut beginning = name.iter().take(longest);
        if beginning.any(|word| vocabulary.is_abbreviation(*word)) || self.readings.is_empty() {
            let query = Left {
                open: &[],
                closed: &self.words,
            };
            return follow(
                query,
                Left {
                    open: &[],
                    closed: name,
                },
                vocabulary,
            );
        }
        let extent = |reading: &Vec<usize>| plain_extent(reading, name, meanings);
        self.readings.iter().map(extent).max().flatten()
    }
}

/// All ways to read these words, each as places in `typed`; none where there are too many.
fn readings_of_all(words: &[Word], typed: &[String]) -> Vec<Vec<usize>> {
    let place = |word: &str| typed.iter().position(|other| other == word);
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for word in words {
        let in_full = word.in_full.iter();
        let in_full = in_full.map(|reading| reading.iter().map(|word| place(word)).collect());
        let written = place(&word.written).map(|place| vec![place]);
        let ways: Option<Vec<Vec<usize>>> = [written].into_iter().chain(in_full).collect();
        let Some(ways) = ways.filter(|ways| all.len() * ways.len() <= READINGS_MAX) else {
            return Vec::new();
        };
        let longer = all
            .iter()
            .flat_map(|start| ways.iter().map(move |way| [&start[..], way].concat()));
        all = longer.collect();
    }
    all
}

/// Whether a reading is a name without abbreviations, or its beginning.
fn plain_extent(reading: &[usize], name: &[WordId], meanings: &Meanings) -> Option<Extent> {
    for (at, place) in reading.iter().enumerate() {
        let word = *name.get(at)?;
        if meanings.same[*place] != Some(word) {
            let is_last = at + 1 == reading.len();
            let is_begun = meanings.answers[word as usize].begun >> place & 1 == 1;
            return (is_last && is_begun).then_some(Extent::Beginning);
        }
    }
    Some(if name.len() == reading.len() {
        Extent::Whole
    } else {
        Extent::Beginning
    })
}

/// The bits of these words, which are added where they are new. Where there are more different words
/// than bits, the rest is not looked for: nobody types so many.
fn bits(typed: &mut Vec<String>, words: &[&str]) -> Bits {
    let mut bits = 0;
    for word in words {
        let known = typed.iter().position(|other| other == word);
        let place = known.unwrap_or(typed.len());
        if place < Bits::BITS as usize {
            bits |= 1 << place;
            if known.is_none() {
                typed.push((*word).to_owned());
            }
        }
    }
    bits
}

/// What is left of a query or a name: first the rest of a reading, then words not read yet.
struct Left<'a, W> {
    open: &'a [&'a str],
    closed: &'a [W],
}

/// Reads both word by word. Readings of one abbreviation differ in their first words but for the dotted
/// ones, so that hardly ever more than one way is followed for more than a word.
fn follow(
    query: Left<'_, Word>,
    name: Left<'_, WordId>,
    vocabulary: &Vocabulary,
) -> Option<Extent> {
    match (query.open, query.closed, name.open, name.closed) {
        ([], [], [], []) => Some(Extent::Whole),
        ([], [], _, _) => Some(Extent::Beginning),
        (_, _, [], []) => None,
        ([], [word, closed @ ..], [], [other, others @ ..])
            if word.written == vocabulary.written(*other) =>
        {
            // However both are read, they say the same: to try every reading would take for ever in
            // a name of many abbreviations.
            let name = Left {
                open: &[],
                closed: others,
            };
            follow(Left { open: &[], closed }, name, vocabulary)
        }
        ([], [word, closed @ ..], _, _) => readings(&word.written, word.in_full, |open| {
            follow(Left { open, closed }, Left { ..name }, vocabulary)
        }),
        (_, _, [], [other, closed @ ..]) => readings(
            vocabulary.written(*other),
            vocabulary.in_full(*other),
            |open| follow(Left { ..query }, Left { open, closed }, vocabulary),
        ),
        ([word, open @ ..], closed, [other, others @ ..], _) if word == other => {
            let name = Left {
                open: others,
                ..name
            };
            follow(Left { open, closed }, name, vocabulary)
        }
        ([word], [], [other, ..], _) if other.starts_with(word) => Some(Extent::Beginning),
        _ => None,
    }
}

/// The most that comes of a word as it is written, or in full.
fn readings(
    written: &str,
    in_full: &[&[&str]],
    f: impl Fn(&[&str]) -> Option<Extent>,
) -> Option<Extent> {
    let in_full = in_full.iter().map(|reading| f(reading)).max().flatten();
    f(&[written]).max(in_full)
}

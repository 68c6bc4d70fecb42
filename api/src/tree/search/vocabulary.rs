//! The words that names are made of, each kept once, and which of them a typed word may mean.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use liendoan_core::vietnamese::{InFull, Word, distance_at_most, typos_allowed};

/// The place of a word in the vocabulary.
pub type WordId = u32;

/// One bit for each different word of a query.
pub type Bits = u64;

/// The words of all names. Words that no name has any more stay; they are few.
#[derive(Default)]
pub struct Vocabulary {
    known: Vec<Known>,
    plain: BTreeMap<Arc<str>, WordId>,
    abbreviations: Vec<(WordId, InFull)>,
}

struct Known {
    text: Arc<str>,
    shape: Shape,
    is_abbreviation: bool,
}

/// Which words of a query a word of a name answers, itself or by what it abbreviates.
#[derive(Clone, Copy, Default)]
pub struct Answers {
    /// Those it begins with.
    pub begun: Bits,
    /// Those, and the ones that differ from it by typos.
    pub near: Bits,
}

/// What the words of a query mean in a vocabulary.
pub struct Meanings {
    /// By word of the vocabulary.
    pub answers: Vec<Answers>,
    /// By word of the query: the words that answer it.
    pub words: Vec<Vec<WordId>>,
    /// By word of the query: itself, where a name has it and it is no abbreviation.
    pub same: Vec<Option<WordId>>,
}

impl Vocabulary {
    /// The id of a word, which is new if need be.
    pub fn learn(&mut self, word: &Word) -> WordId {
        let is_abbreviation = !word.in_full.is_empty();
        let id = if is_abbreviation {
            let mut known = self.abbreviations.iter();
            known
                .find_map(|(id, _)| (*self.known[*id as usize].text == word.written).then_some(*id))
        } else {
            self.plain.get(word.written.as_str()).copied()
        };
        id.unwrap_or_else(|| {
            // Far fewer words than that fit into memory.
            let id = WordId::try_from(self.known.len()).unwrap_or(WordId::MAX);
            let text: Arc<str> = word.written.as_str().into();
            if is_abbreviation {
                self.abbreviations.push((id, word.in_full));
            } else {
                self.plain.insert(text.clone(), id);
            }
            self.known.push(Known {
                shape: Shape::of(&text),
                text,
                is_abbreviation,
            });
            id
        })
    }

    pub fn written(&self, id: WordId) -> &str {
        &self.known[id as usize].text
    }

    pub fn is_abbreviation(&self, id: WordId) -> bool {
        self.known[id as usize].is_abbreviation
    }

    pub fn in_full(&self, id: WordId) -> InFull {
        if !self.is_abbreviation(id) {
            return &[];
        }
        let mut known = self.abbreviations.iter();
        let in_full = known.find_map(|(other, in_full)| (*other == id).then_some(*in_full));
        in_full.unwrap_or_default()
    }

    /// What these words mean. There are at most as many as [`Bits`] has.
    pub fn meanings(&self, typed: &[String]) -> Meanings {
        let mut answers = vec![Answers::default(); self.known.len()];
        let mut words = Vec::with_capacity(typed.len());
        for (place, typed) in typed.iter().enumerate() {
            let bit = 1 << place;
            let mut found = Vec::new();
            for id in self.begun_by(typed) {
                answers[id as usize].begun |= bit;
                answers[id as usize].near |= bit;
                found.push(id);
            }
            for id in self.near(typed) {
                if answers[id as usize].near & bit == 0 {
                    answers[id as usize].near |= bit;
                    found.push(id);
                }
            }
            words.push(found);
        }
        let same = typed
            .iter()
            .map(|typed| self.plain.get(typed.as_str()).copied());
        Meanings {
            answers,
            words,
            same: same.collect(),
        }
    }

    /// The words that begin with what was typed, or abbreviate one that does.
    fn begun_by(&self, typed: &str) -> impl Iterator<Item = WordId> {
        let from_here = (Bound::Included(typed), Bound::Unbounded);
        let plain = self.plain.range::<str, _>(from_here);
        let plain = plain.take_while(move |(text, _)| text.starts_with(typed));
        let is_begun = move |text: &str| text.starts_with(typed);
        plain.map(|(_, id)| *id).chain(self.abbreviating(is_begun))
    }

    /// The words that what was typed differs from by typos, or that abbreviate one of those.
    fn near(&self, typed: &str) -> impl Iterator<Item = WordId> {
        let shape = Shape::of(typed);
        let allowed = typos_allowed(usize::from(shape.length));
        let is_near = move |text: &str| distance_at_most(typed, text, allowed);
        let candidates = (0..).zip(&self.known).filter(move |(_, known)| {
            allowed > 0 && shape.may_be_near(known.shape, allowed) && is_near(&known.text)
        });
        candidates
            .map(|(id, _)| id)
            .chain(self.abbreviating(is_near))
    }

    /// The abbreviations that, written or in full, hold a word of which `f` is true.
    fn abbreviating(&self, f: impl Fn(&str) -> bool) -> impl Iterator<Item = WordId> {
        let mut abbreviations = self.abbreviations.iter();
        std::iter::from_fn(move || {
            let holds = |(id, in_full): &&(WordId, InFull)| {
                f(self.written(*id)) || in_full.iter().flat_map(|words| words.iter()).any(|w| f(w))
            };
            abbreviations.find(holds).map(|(id, _)| *id)
        })
    }
}

/// Little that tells of most words that they are far apart, without reading them.
#[derive(Clone, Copy)]
struct Shape {
    /// A bit for each letter that occurs.
    letters: u32,
    /// Letters and digits, or 255.
    length: u8,
}

impl Shape {
    fn of(text: &str) -> Self {
        Self {
            letters: text
                .chars()
                .fold(0, |bits, c| bits | 1 << (u32::from(c) % 32)),
            length: u8::try_from(text.chars().count()).unwrap_or(u8::MAX),
        }
    }

    /// A typo adds or takes away one letter, or does both.
    fn may_be_near(self, other: Self, typos: usize) -> bool {
        usize::from(self.length.abs_diff(other.length)) <= typos
            && (self.letters ^ other.letters).count_ones() as usize <= 2 * typos
    }
}

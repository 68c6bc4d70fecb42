//! The index beside a search that goes by the definition, and nothing but.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use liendoan_core::vietnamese::{distance_at_most, name_key, typos_allowed};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::tree::search::{Face, Naming};

/// Every way to read a text: each abbreviation as written, or in full.
fn readings(text: &str) -> Vec<Vec<String>> {
    words(text).iter().fold(vec![Vec::new()], |readings, word| {
        let in_full = word
            .in_full
            .iter()
            .map(|full| full.iter().map(|w| (*w).to_owned()).collect());
        let ways: Vec<Vec<String>> = [vec![word.written.clone()]]
            .into_iter()
            .chain(in_full)
            .collect();
        let extend = |reading: &Vec<String>| {
            let longer = ways.iter().map(|way| [reading.as_slice(), way].concat());
            longer.collect::<Vec<_>>()
        };
        readings.iter().flat_map(extend).collect()
    })
}

/// The rank of a name, 2 to 5.
fn rank(name: &str, query: &str) -> Option<u8> {
    let (names, queries) = (readings(name), readings(query));
    let begins = |q: &String, n: &String| n.starts_with(q.as_str());
    let is_near = |q: &String, n: &String| {
        begins(q, n) || distance_at_most(q, n, typos_allowed(q.chars().count()))
    };
    let some_pair = |f: &dyn Fn(&str, &str) -> bool| {
        let mut pairs = names
            .iter()
            .flat_map(|n| queries.iter().map(move |q| (n.join(" "), q.join(" "))));
        pairs.any(|(name, query)| f(&name, &query))
    };
    // The words of a name are those of all its readings.
    let every_word = |f: &dyn Fn(&String, &String) -> bool| {
        let mut queries = queries.iter();
        queries.any(|query| {
            query
                .iter()
                .all(|q| names.iter().flatten().any(|n| f(q, n)))
        })
    };
    if some_pair(&|name, query| name == query) {
        Some(2)
    } else if some_pair(&|name, query| name.starts_with(query)) {
        Some(3)
    } else if every_word(&begins) {
        Some(4)
    } else {
        every_word(&is_near).then_some(5)
    }
}

/// All that is found, as the law orders it.
fn naive(units: &BTreeMap<i64, Entry>, query: &str, as_of: NaiveDate) -> Vec<(i64, What, String)> {
    if fold(query).is_empty() {
        return Vec::new();
    }
    let best = |unit: &Entry| {
        let undated = |what| (1, false, what, Reverse(ALWAYS));
        let is_key = |key: &&String| fold(key) == fold(query);
        let code = Some(&unit.code)
            .filter(is_key)
            .map(|key| (undated(What::Code), 0, key.clone()));
        let mut ids = unit.external_ids.iter().enumerate();
        let id = ids
            .find(|(_, key)| is_key(key))
            .map(|(n, key)| (undated(What::ExternalId), n, key.clone()));
        let names = unit.names.iter().enumerate().filter_map(|(n, name)| {
            let is_past = name.what == What::Alias || !name.validity.contains(as_of);
            let rank = rank(&name.text, query)?;
            Some((
                (rank, is_past, name.what, Reverse(name.validity.from)),
                n,
                name.text.to_string(),
            ))
        });
        names.chain(code).chain(id).min()
    };
    let found = units.values().filter_map(|unit| {
        let ((rank, is_past, what, _), _, text) = best(unit)?;
        let is_dead = !unit.lives.iter().any(|life| life.contains(as_of));
        let face = unit
            .faces
            .iter()
            .rfind(|face| face.from <= as_of)
            .unwrap_or(&unit.faces[0]);
        let order = (
            rank,
            is_dead,
            is_past,
            face.rank,
            face.name_key.clone(),
            unit.code.clone(),
        );
        Some((order, (unit.id, what, text)))
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    found.into_iter().map(|(_, hit)| hit).collect()
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Days::new(n)
}

const WORDS: &[&str] = &[
    "Công", "đoàn", "Liên", "LĐLĐ", "CĐ", "CĐCS", "TP", "thành", "phố", "Q.", "Q", "quận", "TT.",
    "thị", "trấn", "Hoàn", "Kiếm", "Kiêm", "Kiến", "cơ", "sở", "lao", "động", "cao", "đẳng", "2",
    "10", "nghiệp", "nghệp",
];

fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(select(WORDS), 1..5).prop_map(|words| words.join(" "))
}

/// Words of names, some mistyped or unfinished.
fn any_query() -> impl Strategy<Value = String> {
    let word = (select(WORDS), 0..6u8, 0..8usize).prop_map(|(word, change, at)| {
        let mut letters: Vec<char> = word.chars().collect();
        let at = at % letters.len();
        match change {
            0 => letters.truncate(at.max(1)),
            1 => drop(letters.remove(at)),
            2 => letters.swap(at.saturating_sub(1), at),
            3 => letters.insert(at, 'h'),
            _ => {}
        }
        letters.into_iter().collect::<String>()
    });
    let words = prop::collection::vec(word, 1..5).prop_map(|words| words.join(" "));
    prop_oneof![6 => words, 1 => "a-[0-9]", 1 => "\\PC{0,6}"]
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let days = (0..20u64, 1..20u64).prop_map(|(from, length)| Validity {
        from: day(from),
        to: day(from + length),
    });
    let name = (
        select(&[What::Name, What::ShortName, What::Alias][..]),
        any_text(),
        days.clone(),
    );
    let names = prop::collection::vec(name, 1..4);
    let faces = prop::collection::vec((0..20u64, 0..3i32, any_text()), 1..3);
    let lives = prop::collection::vec(days, 1..3);
    let ids = prop::collection::vec("A-[0-9]", 0..2);
    (0..12i64, names, faces, lives, ids).prop_map(|(id, names, mut faces, lives, external_ids)| {
        faces.sort();
        faces.dedup_by_key(|(from, ..)| *from);
        let face = |(from, rank, name): (u64, i32, String)| Face {
            from: day(from),
            rank,
            name_key: name_key(&name).into(),
        };
        let naming = |(what, text, validity): (What, String, Validity)| Naming {
            what,
            text: text.into(),
            validity,
        };
        Entry {
            id,
            code: format!("a-{id}"),
            external_ids,
            lives,
            faces: faces.into_iter().map(face).collect(),
            names: names.into_iter().map(naming).collect(),
        }
    })
}

fn all(index: &Index, query: &str, as_of: NaiveDate) -> Vec<(i64, What, String)> {
    let found = index.search(query, as_of, 0, 1000, &BTreeSet::new());
    assert_eq!(found.total, found.hits.len());
    let hits = found.hits.into_iter();
    hits.map(|hit| (hit.unit_id, hit.matched.what, hit.matched.text.into()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn what_is_found_is_what_the_law_says(
        changes in prop::collection::vec(
            (prop::collection::vec(any_entry(), 0..8), prop::collection::vec(0..12i64, 0..2)), 1..4),
        queries in prop::collection::vec((any_query(), 0..45u64), 1..8),
    ) {
        let (mut index, mut units) = (Index::default(), BTreeMap::new());
        for (entries, gone) in changes {
            index.replace(entries.clone(), &gone);
            units.retain(|id, _| !gone.contains(id));
            units.extend(entries.into_iter().map(|entry| (entry.id, entry)));
            prop_assert!(index.ids().eq(units.keys().copied()));
        }
        for (query, as_of) in queries {
            let expected = naive(&units, &query, day(as_of));
            prop_assert_eq!(all(&index, &query, day(as_of)), expected, "{}", query);
        }
    }

    #[test]
    fn pages_are_cut_from_one_list(
        entries in prop::collection::vec(any_entry(), 0..12), query in any_query(),
        offset in 0..8usize, limit in 1..5usize,
    ) {
        let mut index = Index::default();
        index.replace(entries, &[]);
        let whole = index.search(&query, day(5), 0, 100, &BTreeSet::new());
        let page = index.search(&query, day(5), offset, limit, &BTreeSet::new());
        let expected: Vec<_> = whole.hits.into_iter().skip(offset).take(limit).collect();
        prop_assert_eq!((page.hits, page.total), (expected, whole.total));
    }
}

/// An index of one name.
fn index_of(name: &str) -> Index {
    let always = Validity {
        from: ALWAYS,
        to: FOREVER,
    };
    let entry = Entry {
        id: 1,
        code: "a".to_owned(),
        external_ids: Vec::new(),
        lives: vec![always],
        faces: Vec::new(),
        names: vec![Naming {
            what: What::Name,
            text: name.into(),
            validity: always,
        }],
    };
    let mut index = Index::default();
    index.replace(vec![entry], &[]);
    index
}

#[test]
fn many_abbreviations_are_read_in_no_time() {
    let index = index_of(&"CĐ ".repeat(100));
    for query in [
        "cd ".repeat(66),
        "cong doan ".repeat(20),
        "cd cong doan cao dang ".repeat(9),
    ] {
        assert_eq!(
            index.search(&query, day(0), 0, 1, &BTreeSet::new()).total,
            1
        );
    }
    assert_eq!(
        index
            .search(&("cd ".repeat(65) + "cx"), day(0), 0, 1, &BTreeSet::new())
            .total,
        0
    );
}

#[test]
fn a_query_of_more_words_than_bits_finds_its_name() {
    let words: Vec<String> = (1000..1100).map(|number| number.to_string()).collect();
    let name = words.join(" ");
    assert_eq!(
        index_of(&name)
            .search(&name, day(0), 0, 1, &BTreeSet::new())
            .total,
        1
    );
    assert_eq!(
        index_of(&name)
            .search(&format!("ldld {name}"), day(0), 0, 1, &BTreeSet::new())
            .total,
        0
    );
}

/// The list of what people type (the black-box test asks the whole service the same).
#[test]
fn what_people_type_finds_what_they_mean() {
    let list: serde_json::Value =
        serde_json::from_str(include_str!("../../../../../tests/search_queries.json")).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let always = Validity {
        from: ALWAYS,
        to: FOREVER,
    };
    let until_2025 = Validity {
        to: NaiveDate::from_ymd_opt(2025, 7, 1).unwrap(),
        ..always
    };
    let entries = list["units"]
        .as_array()
        .unwrap()
        .iter()
        .zip(1..)
        .map(|(unit, id)| {
            let has_ended = unit["ended"] == true;
            let life = if has_ended { until_2025 } else { always };
            let name = text(&unit["name"]);
            let face = Face {
                from: ALWAYS,
                rank: 1,
                name_key: name_key(&name).into(),
            };
            let mut names = vec![Naming {
                what: What::Name,
                text: name.into(),
                validity: life,
            }];
            let aliases = unit["aliases"]
                .as_array()
                .unwrap()
                .iter()
                .map(|alias| Naming {
                    what: What::Alias,
                    text: text(alias).into(),
                    validity: always,
                });
            names.extend(aliases);
            Entry {
                id,
                code: text(&unit["code"]),
                external_ids: Vec::new(),
                lives: vec![life],
                faces: vec![face],
                names,
            }
        });
    let entries: Vec<Entry> = entries.collect();
    let codes: BTreeMap<i64, String> = entries.iter().map(|e| (e.id, e.code.clone())).collect();
    let mut index = Index::default();
    index.replace(entries, &[]);
    let today = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    let queries = list["queries"].as_array().unwrap();
    assert_eq!(queries.len(), 60);
    let missed = queries.iter().filter_map(|query| {
        let found = index.search(query["q"].as_str().unwrap(), today, 0, 5, &BTreeSet::new());
        let first: Vec<&str> = found
            .hits
            .iter()
            .map(|hit| codes[&hit.unit_id].as_str())
            .collect();
        let is_found = first.contains(&query["unit"].as_str().unwrap());
        (!is_found).then(|| format!("{query}: {first:?}"))
    });
    let missed: Vec<String> = missed.collect();
    assert!(missed.len() <= 2, "{missed:#?}");
}

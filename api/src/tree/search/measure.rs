//! How long a search takes among the units of a nation, and how much memory they need:
//! `cargo test --release -p liendoan measure -- --ignored --nocapture`

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use liendoan_core::validity::{ALWAYS, FOREVER, Validity};
use liendoan_core::vietnamese::{fold, name_key};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::{Entry, Face, Index, Naming, What};

const UNITS: i64 = 126_000;
const CHUNK: i64 = 2_000;

const BEGINNINGS: &[&str] = &[
    "Công đoàn cơ sở Công ty TNHH",
    "CĐCS Công ty Cổ phần",
    "Công đoàn Trường Tiểu học",
    "Công đoàn Trường Trung học cơ sở",
    "CĐ Trường Mầm non",
    "Công đoàn cơ sở Xí nghiệp",
    "Công đoàn phường",
    "Nghiệp đoàn",
    "LĐLĐ quận",
    "Công đoàn cơ quan Ủy ban nhân dân xã",
];

/// Some 4,000 syllables as Vietnamese has them.
fn syllables() -> Vec<String> {
    let first = "b c ch d đ g gi h kh l m n ng nh ph qu s t th tr v x";
    let rest = "a à á ạ an àn án am anh ánh ao au ăn ân âm ất ay ê ên ệ i inh ích iên iếm o ong ông on ôn \
                ơ ơn ơi u ung ùng ú ương ường ước uyên uyến y ai ải oa òa oan oàn";
    let pairs = first.split(' ').flat_map(|first| {
        rest.split_whitespace()
            .map(move |rest| format!("{first}{rest}"))
    });
    let capital = |word: String| {
        let mut chars = word.chars();
        let first = chars.next().into_iter().flat_map(char::to_uppercase);
        first.chain(chars).collect()
    };
    pairs.map(capital).collect()
}

fn name(random: &mut SmallRng, syllables: &[String]) -> String {
    let mut words = vec![(*BEGINNINGS.choose(random).unwrap()).to_owned()];
    for _ in 0..random.random_range(2..5) {
        words.push(syllables.choose(random).unwrap().clone());
    }
    if random.random_bool(0.3) {
        words.push(random.random_range(1..3000).to_string());
    }
    words.join(" ")
}

fn entry(id: i64, random: &mut SmallRng, syllables: &[String]) -> Entry {
    let always = Validity {
        from: ALWAYS,
        to: FOREVER,
    };
    let naming = |what, text: &str| Naming {
        what,
        text: text.into(),
        validity: always,
    };
    let present = name(random, syllables);
    let mut names = vec![naming(What::Name, &present)];
    if random.random_bool(0.2) {
        names.push(naming(What::Alias, &name(random, syllables)));
    }
    Entry {
        id,
        code: format!("hn-cs-{id}"),
        external_ids: vec![format!("DVCS{id:08}")],
        lives: vec![always],
        faces: vec![Face {
            from: ALWAYS,
            rank: (id % 5) as i32,
            name_key: name_key(&present).into(),
        }],
        names,
    }
}

/// Resident memory of this process in MB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<usize>()
        .unwrap()
        / 1024
}

/// How long this thread has been on a processor: the machine may have other things to do.
fn on_processor() -> Duration {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(spent.split(' ').next().unwrap().parse().unwrap())
}

/// Two or three words from the end of a name, without diacritics; every third one mistyped.
fn specific(random: &mut SmallRng, names: &[String]) -> String {
    let folded = fold(names.choose(random).unwrap());
    let words: Vec<&str> = folded.split(' ').collect();
    let mut query = words[words.len() - random.random_range(2..4)..].join(" ");
    if random.random_range(0..3) == 0 {
        query.insert(random.random_range(0..query.len()), 'h');
    }
    query
}

fn whole(random: &mut SmallRng, names: &[String]) -> String {
    names.choose(random).unwrap().clone()
}

/// What is typed first, and answered by nearly all.
fn broad(random: &mut SmallRng, _: &[String]) -> String {
    let broad = [
        "c",
        "cong doan",
        "công đoàn cơ sở",
        "cd truong",
        "co so cong ty",
        "cong daon",
        "t",
        "LDLD",
    ];
    (*broad.choose(random).unwrap()).to_owned()
}

#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout, reason = "a measurement")]
#[allow(clippy::cast_possible_truncation, reason = "small numbers")]
fn measure() {
    let mut random = SmallRng::seed_from_u64(7);
    let syllables = syllables();
    let before = resident();
    let (mut index, mut names) = (Index::default(), Vec::new());
    let (mut longest, start) = (Duration::ZERO, Instant::now());
    for chunk in 0..UNITS / CHUNK {
        let ids = chunk * CHUNK..(chunk + 1) * CHUNK;
        let entries: Vec<_> = ids.map(|id| entry(id, &mut random, &syllables)).collect();
        names.extend(
            entries
                .iter()
                .step_by(60)
                .map(|entry| entry.names[0].text.to_string()),
        );
        let start = Instant::now();
        index.replace(entries, &[]);
        longest = longest.max(start.elapsed());
    }
    let taken = start.elapsed();
    println!(
        "{} units in {taken:?}, a chunk at most {longest:?}",
        index.count()
    );
    println!("memory: {} MB", resident() - before);
    let one = entry(UNITS / 2, &mut random, &syllables);
    let start = Instant::now();
    index.replace(vec![one], &[]);
    println!("one changed in {:?}", start.elapsed());

    let day = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    type Make = fn(&mut SmallRng, &[String]) -> String;
    for (kind, make) in [
        ("specific", specific as Make),
        ("whole", whole),
        ("broad", broad),
    ] {
        let mut times: Vec<(Duration, usize, String)> = Vec::new();
        for _ in 0..1000 {
            let query = make(&mut random, &names);
            let start = on_processor();
            let found = index.search(&query, day, 0, 20);
            times.push((on_processor() - start, found.total, query));
        }
        times.sort();
        for (quantile, place) in [("p50", 500), ("p99", 990), ("max", 999)] {
            println!("{kind} {quantile}: {:?}", times[place]);
        }
    }
    println!("memory: {} MB", resident() - before);
}

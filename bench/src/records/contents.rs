//! What units of an invented nation did: records of every kind in every state, over three years.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::nation::{DAY, Nation, ROOT, WORDS};

/// A commune union, with few unions.
pub const WARD: &str = "x0";

/// What is recorded, and how far it goes.
#[derive(Clone)]
pub struct Told {
    /// As the address of its kind has it.
    pub kind: &'static str,
    pub state: &'static str,
    pub title: String,
    pub day: NaiveDate,
    pub content: Value,
}

/// The kinds, each with its share of a thousand.
const KINDS: [(&str, u32); 5] = [
    ("activities", 900),
    ("awards", 40),
    ("agreements", 30),
    ("inspections", 25),
    ("campaigns", 5),
];

/// The states, each with its share of a hundred.
const STATES: [(&str, u32); 5] = [
    ("approved", 92),
    ("submitted", 2),
    ("draft", 2),
    ("returned", 2),
    ("withdrawn", 2),
];

const ACTIVITIES: [(&str, &str); 4] = [
    ("employee_conference", "Hội nghị người lao động"),
    ("visit", "Thăm hỏi đoàn viên ốm đau"),
    ("member_admission", "Lễ kết nạp đoàn viên"),
    ("membership_drive", "Vận động phát triển đoàn viên"),
];

const TEXT: &str = "Ban Chấp hành công đoàn đã tổ chức với sự tham gia của đông đảo đoàn viên và người lao động.\n\
    Kết quả được báo cáo lên công đoàn cấp trên.";

/// A unit that does things, before the reorganisation, after it, or both.
struct Doer {
    code: String,
    early: bool,
    late: bool,
}

/// Whose records they are.
pub struct Contents {
    all: Vec<Doer>,
    of_largest: Vec<usize>,
    of_ward: Vec<usize>,
    /// What activities name.
    partners: Vec<i64>,
    campaign: i64,
    random: StdRng,
}

impl Contents {
    pub fn of(nation: &Nation, partners: Vec<i64>, campaign: i64) -> Self {
        let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let merged: HashSet<String> = nation
            .merges
            .iter()
            .map(|line| line["units"][0].as_str().unwrap_or_default().to_owned())
            .collect();
        let founded = nation.founding.iter().map(|line| {
            let code = text(line, "code");
            let ends = text(line, "kind") == "district_federation" || merged.contains(&code);
            Doer {
                early: true,
                late: !ends,
                code,
            }
        });
        let communes = nation
            .communes
            .iter()
            .filter(|line| line["op"] == "establish");
        let begun = communes.map(|line| Doer {
            code: text(line, "code"),
            early: false,
            late: true,
        });
        let all: Vec<Doer> = founded.chain(begun).collect();
        let moved = nation.communes.iter().filter(|line| line["to"] == WARD);
        let of_ward: HashSet<String> = moved
            .map(|line| text(line, "unit"))
            .chain([WARD.to_owned()])
            .collect();
        let those = |is_meant: &dyn Fn(&Doer) -> bool| {
            let numbers = all.iter().enumerate();
            let meant = numbers.filter(|(_, doer)| is_meant(doer));
            meant.map(|(number, _)| number).collect()
        };
        Self {
            of_largest: those(&|doer| doer.code.starts_with(nation.largest)),
            of_ward: those(&|doer| of_ward.contains(&doer.code)),
            all,
            partners,
            campaign,
            random: StdRng::seed_from_u64(2026),
        }
    }

    /// The next one. A fifth of all is under the largest province, a hundredth under the ward.
    pub fn next(&mut self, number: usize) -> Told {
        let some = match number % 100 {
            0..20 => Some(&self.of_largest),
            20 => Some(&self.of_ward),
            _ => None,
        };
        let chosen = match some {
            Some(some) => some[self.random.random_range(0..some.len())],
            None => self.random.random_range(0..self.all.len()),
        };
        let doer = &self.all[chosen];
        let is_early = if doer.early && doer.late {
            number % 3 < 2
        } else {
            doer.early
        };
        let first = first_day(is_early);
        let day = first + Days::new(self.random.random_range(0..days(is_early)));
        let kind = drawn(&mut self.random, &KINDS);
        let sort = self.random.random_range(0..ACTIVITIES.len());
        let title = title(kind, sort, number);
        let mut content =
            json!({"unit": doer.code, "title": title, "text": TEXT, "period": day.to_string()});
        let partner = self.partners[number % self.partners.len()];
        // In the years around the end of them.
        let due_on = first_day(false) + Days::new(self.random.random_range(366..1_280));
        let due_on = due_on.to_string();
        let own = match kind {
            "activities" => json!({
                "kind": ACTIVITIES[sort].0, "status": "held", "place": "Hội trường công đoàn",
                "participants": number % 400 + 20, "women": number % 20,
                "amounts": [{"source": "unit", "amount": (number % 90 + 1) * 100_000}],
                "partners": if number.is_multiple_of(4) { vec![partner] } else { Vec::new() },
                "campaigns": if number % 4 == 1 { vec![self.campaign] } else { Vec::new() },
            }),
            "awards" => json!({
                "award_title": "excellent_labour_collective", "status": "proposed", "recipient": "collective",
                "recipient_unit": doer.code,
            }),
            "agreements" => json!({
                "kind": "collective", "status": "signed", "partners": [partner], "valid_to": due_on,
            }),
            "inspections" => json!({
                "kind": "working_visit", "status": "held", "visited": [doer.code],
                "tasks": [{"unit": doer.code, "task": "Bổ sung hồ sơ", "due_on": due_on, "state": "open"}],
            }),
            _ => json!({"kind": "emulation_drive"}),
        };
        if let (Value::Object(content), Value::Object(own)) = (&mut content, own) {
            content.extend(own);
        }
        Told {
            kind,
            state: drawn(&mut self.random, &STATES),
            title,
            day,
            content,
        }
    }
}

/// A drive of the whole federation, which activities of these years are part of.
pub fn campaign() -> Told {
    let title = "Đợt thi đua toàn quốc".to_owned();
    let content =
        json!({"unit": ROOT, "kind": "emulation_drive", "title": title, "period": "2023/2026"});
    Told {
        kind: "campaigns",
        state: "approved",
        title,
        day: first_day(true),
        content,
    }
}

/// What the like of one is called that has another number.
pub fn title(kind: &str, sort: usize, number: usize) -> String {
    let what = match kind {
        "activities" => ACTIVITIES[sort % ACTIVITIES.len()].1,
        "awards" => "Tập thể lao động xuất sắc",
        "agreements" => "Thỏa ước lao động tập thể",
        "inspections" => "Làm việc với công đoàn cơ sở",
        _ => "Đợt thi đua cao điểm",
    };
    let word = |step: usize| WORDS[number / step % WORDS.len()];
    format!("{what} {} {} số {number}", word(1), word(37))
}

/// A day on which a unit is organised as on `day`.
pub fn another_day(day: NaiveDate, random: &mut impl Rng) -> NaiveDate {
    let is_early = day < first_day(false);
    first_day(is_early) + Days::new(random.random_range(0..days(is_early)))
}

/// The first of the days before the reorganisation, and of those after it.
fn first_day(is_early: bool) -> NaiveDate {
    let day = if is_early { "2023-07-01" } else { DAY };
    day.parse().unwrap_or_default()
}

fn days(is_early: bool) -> u64 {
    if is_early { 731 } else { 365 }
}

fn drawn(random: &mut impl Rng, shares: &[(&'static str, u32)]) -> &'static str {
    let mut drawn = random.random_range(0..shares.iter().map(|(_, share)| share).sum());
    for (what, share) in shares {
        match drawn.checked_sub(*share) {
            None => return what,
            Some(rest) => drawn = rest,
        }
    }
    shares[0].0
}

//! An invented federation with the shape of the real one, and the reorganisation of July 2025. Any size
//! has the same top and the same proportions; the same size is the same federation every time.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

/// The day on which districts ended and provinces were merged.
pub const DAY: &str = "2025-07-01";

pub const ROOT: &str = "tld";
const PROVINCES: usize = 63;
/// What is left of the provinces after [`DAY`].
const PROVINCES_LEFT: usize = 34;
const SECTORS: usize = 20;

/// Words that places are called by, two and two.
pub const WORDS: [&str; 32] = [
    "An", "Bình", "Châu", "Đông", "Giang", "Hà", "Hải", "Hòa", "Hưng", "Khánh", "Lâm", "Lộc",
    "Long", "Minh", "Nam", "Ninh", "Phú", "Phước", "Quang", "Sơn", "Tân", "Tây", "Thái", "Thanh",
    "Thịnh", "Thuận", "Trung", "Vân", "Vĩnh", "Xuân", "Yên", "Ích",
];

/// Where unions are founded, and the type of employer.
const EMPLOYERS: [(&str, &str); 8] = [
    ("Công ty TNHH", "nonstate_enterprise"),
    ("Công ty cổ phần", "nonstate_enterprise"),
    ("Trường Tiểu học", "school"),
    ("Trường Trung học cơ sở", "school"),
    ("Trường Mầm non", "school"),
    ("Trung tâm Y tế", "public_service_unit"),
    ("Ủy ban nhân dân xã", "state_agency"),
    ("Công ty điện tử", "fdi_enterprise"),
];

/// A federation as the decisions that make it.
pub struct Nation {
    /// Units that are there from the start, parents before children.
    pub founding: Vec<Value>,
    /// Every district ends, and its unions go to the province.
    pub end_of_districts: Vec<Value>,
    /// Provinces are merged into others.
    pub merges: Vec<Value>,
    /// Commune unions begin and take unions over.
    pub communes: Vec<Value>,
    /// The unit with the most children after [`DAY`], a twelfth of all.
    pub largest: &'static str,
    /// One of its districts, and a union in it.
    pub district: String,
    pub union: String,
}

impl Nation {
    pub fn of(units: usize) -> Self {
        Maker {
            random: StdRng::seed_from_u64(2025),
            founding: Vec::with_capacity(units),
        }
        .make(units)
    }
}

/// A unit's code, and the number of its province.
type InProvince = (String, usize);

struct Maker {
    random: StdRng,
    founding: Vec<Value>,
}

impl Maker {
    fn make(mut self, units: usize) -> Nation {
        let (districts, unions) = self.provinces(units);
        let middle = self.middle(units);
        let mut above: Vec<String> = middle;
        above.extend((0..SECTORS).map(sector));
        above.extend((0..PROVINCES).map(province));
        // Unions outside of districts; some have sections.
        let mut last = String::new();
        for number in 0..units - self.founding.len() {
            if number % 8 == 7 {
                self.found(
                    format!("{last}-t"),
                    "section",
                    &last,
                    format!("Tổ công đoàn {number}"),
                );
            } else {
                let parent = above[number % above.len()].clone();
                last = format!("{parent}-u{number}");
                self.union(&last, &parent, number);
            }
        }
        let end = |(code, province): &InProvince| json!({"op": "end", "unit": code, "children_to": self::province(*province)});
        let merge = |gone: usize| json!({"op": "merge", "units": [province(gone)], "into": province(gone - PROVINCES_LEFT + 1)});
        let of_first = |(_, province): &&InProvince| *province == 0;
        Nation {
            end_of_districts: districts.iter().map(end).collect(),
            merges: (PROVINCES_LEFT..PROVINCES).map(merge).collect(),
            communes: self.communes(units, &unions),
            largest: "p00",
            district: districts
                .iter()
                .find(of_first)
                .map_or_else(String::new, |d| d.0.clone()),
            union: unions
                .first()
                .map_or_else(String::new, |union| union.0.clone()),
            founding: self.founding,
        }
    }

    /// The root, provinces and central sectors, districts and the unions in them: 100,000 of 126,000.
    /// Answers districts and unions, each with its province.
    fn provinces(&mut self, units: usize) -> (Vec<InProvince>, Vec<InProvince>) {
        let root = json!({"op": "establish", "code": ROOT, "name": "Tổng Liên đoàn Lao động", "kind": "confederation"});
        self.founding.push(root);
        for number in 0..PROVINCES {
            let name = format!("Liên đoàn Lao động tỉnh {}", self.place());
            self.found(province(number), "provincial_federation", ROOT, name);
        }
        for number in 0..SECTORS {
            let name = format!("Công đoàn ngành {}", self.place());
            self.found(sector(number), "central_sector_union", ROOT, name);
        }
        let mut districts = Vec::new();
        let mut of_province = vec![Vec::new(); PROVINCES];
        for number in 0..(units / 180).max(PROVINCES) {
            let at = if number < PROVINCES {
                number
            } else {
                self.some_province(0)
            };
            let code = format!("{}-d{number}", province(at));
            let name = format!("Liên đoàn Lao động huyện {}", self.place());
            self.found(code.clone(), "district_federation", &province(at), name);
            of_province[at].push(code.clone());
            districts.push((code, at));
        }
        let mut unions = Vec::new();
        for number in 0..units * 100 / 126 {
            let at = if number < units / 12 {
                0
            } else {
                self.some_province(1)
            };
            // The first districts of a province are the larger ones.
            let share: f64 = self.random.random();
            let chosen = (share * share * of_province[at].len() as f64) as usize;
            let district = of_province[at][chosen].clone();
            let code = format!("{district}-u{number}");
            self.union(&code, &district, number);
            unions.push((code, at));
        }
        (districts, unions)
    }

    /// Local sectors and industrial zones, in the provinces by turns.
    fn middle(&mut self, units: usize) -> Vec<String> {
        let mut made = Vec::new();
        for number in 0..units / 180 {
            let (kind, name) = match number % 3 {
                0 => ("industrial_zone_union", "Công đoàn Khu công nghiệp"),
                _ => ("local_sector_union", "Công đoàn ngành"),
            };
            let parent = province(number % PROVINCES);
            let code = format!("{parent}-m{number}");
            let name = format!("{name} {}", self.place());
            self.found(code.clone(), kind, &parent, name);
            made.push(code);
        }
        made
    }

    /// A commune for every 60 units, and two unions for each; the largest province keeps its own.
    fn communes(&mut self, units: usize, unions: &[InProvince]) -> Vec<Value> {
        let (mut founded, mut moved) = (Vec::new(), Vec::new());
        let outside: Vec<_> = unions
            .iter()
            .filter(|(_, province)| *province > 0)
            .collect();
        let communes = units / 60;
        for number in 0..communes {
            let code = format!("x{number}");
            for (union, at) in outside.iter().skip(number).step_by(communes).take(2) {
                if moved.len() == 2 * founded.len() {
                    let name = format!("Công đoàn xã {}", self.place());
                    founded.push(establish(code.clone(), "commune_union", &left(*at), name));
                }
                moved.push(json!({"op": "transfer", "unit": union, "to": code}));
            }
        }
        founded.extend(moved);
        founded
    }

    fn union(&mut self, code: &str, parent: &str, number: usize) {
        let (at, employer_type) = EMPLOYERS[self.random.random_range(0..EMPLOYERS.len())];
        let name = format!("Công đoàn {at} {} {number}", self.place());
        let mut line = establish(code.to_owned(), "grassroots_union", parent, name);
        line["employer_type"] = employer_type.into();
        self.founding.push(line);
    }

    fn found(&mut self, code: String, kind: &str, parent: &str, name: String) {
        self.founding.push(establish(code, kind, parent, name));
    }

    fn place(&mut self) -> String {
        let mut word = || WORDS[self.random.random_range(0..WORDS.len())];
        format!("{} {}", word(), word())
    }

    /// One of the provinces from `first` on; the first ones are the larger ones.
    fn some_province(&mut self, first: usize) -> usize {
        let share: f64 = self.random.random();
        first + (share.powf(1.5) * (PROVINCES - first) as f64) as usize
    }
}

fn establish(code: String, kind: &str, parent: &str, name: String) -> Value {
    json!({"op": "establish", "code": code, "name": name, "kind": kind, "parent": parent})
}

fn province(number: usize) -> String {
    format!("p{number:02}")
}

/// The province, or what it was merged into.
fn left(number: usize) -> String {
    province(if number < PROVINCES_LEFT {
        number
    } else {
        number - PROVINCES_LEFT + 1
    })
}

fn sector(number: usize) -> String {
    format!("s{number:02}")
}

#[cfg(test)]
mod tests {
    use super::Nation;

    #[test]
    fn any_size_has_the_same_shape() {
        for units in [1_000, 10_000, 126_000] {
            let nation = Nation::of(units);
            assert_eq!(nation.founding.len(), units);
            assert_eq!(nation.merges.len(), 29);
            assert!(nation.communes.len() <= 10_000);
            let of_largest = |line: &&serde_json::Value| {
                let parent = line["parent"].as_str();
                parent.is_some_and(|parent| parent.starts_with("p00-d"))
            };
            let children = nation.founding.iter().filter(of_largest).count();
            assert_eq!(children, units / 12);
        }
    }
}

//! Facts as they were published, and the records that tell them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::Process;
use crate::tour::difference;

const FACTS: &str = include_str!("../../reference/hanoi/facts.jsonl");
const ENTRIES: &str = include_str!("../../reference/hanoi/records.json");
const UNITS: &str = include_str!("../../reference/hanoi/units.json");

const MEASURES: &str = include_str!("../../reference/measures.json");

pub fn facts() -> Vec<Value> {
    let facts = FACTS.lines().map(serde_json::from_str);
    facts.collect::<Result<_, _>>().unwrap()
}

pub fn entries() -> Vec<Value> {
    serde_json::from_str(ENTRIES).unwrap()
}

pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// Units' codes by their names and aliases.
pub fn codes() -> BTreeMap<String, String> {
    let data: Value = serde_json::from_str(UNITS).unwrap();
    let units = data["units"].as_array().unwrap();
    let names = units.iter().flat_map(|unit| {
        let aliases = unit["aliases"].as_array().unwrap().iter();
        let names = aliases.chain([&unit["name_vi"]]);
        names.map(|name| {
            (
                name.as_str().unwrap().to_owned(),
                text(unit, "code").to_owned(),
            )
        })
    });
    names.collect()
}

/// The period as it is written here.
pub fn period_of(fact: &Value) -> String {
    let told = text(fact, "period");
    if let Some(years) = told.strip_prefix("SY") {
        return format!("SY{}", &years[..4]);
    }
    if let Some(year) = told.strip_prefix("Tet-") {
        return format!("L{year}-tet");
    }
    match text(fact, "period_type") {
        "term" => format!("T{}", told.replace('/', "-")),
        "cumulative" | "stock" => told.replace("asof:", ""),
        _ => told.replace("Y..", "Y/"),
    }
}

/// What an entry made, as the API answers it.
pub struct Made {
    pub entry: Value,
    pub answer: Value,
    pub content: Value,
}

/// All that the demo made, entry by entry.
pub async fn made(process: &Process) -> Vec<Made> {
    let mut ids: BTreeMap<String, Value> = BTreeMap::new();
    let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut made = Vec::new();
    for entry in entries() {
        let address = text(&entry, "post").to_owned();
        if !lists.contains_key(&address) {
            let items = process.remote.all(&address).await;
            lists.insert(address.clone(), items);
        }
        let body = resolved(&entry["body"], &ids);
        let content = |item: &Value| item.get("content").unwrap_or(item).clone();
        let of_entry = |item: &&Value| difference(&body, &content(item), "").is_none();
        let found: Vec<&Value> = lists[&address].iter().filter(of_entry).collect();
        let [answer] = found[..] else {
            panic!("{} entries like {body}", found.len());
        };
        if let Some(key) = entry["key"].as_str() {
            ids.insert(key.to_owned(), answer["id"].clone());
        }
        let (answer, content) = (answer.clone(), content(answer));
        made.push(Made {
            entry,
            answer,
            content,
        });
    }
    made
}

pub fn resolved(body: &Value, ids: &BTreeMap<String, Value>) -> Value {
    match body {
        Value::String(text) => match text.strip_prefix('@') {
            Some(key) => ids[key].clone(),
            None => body.clone(),
        },
        Value::Array(items) => items.iter().map(|item| resolved(item, ids)).collect(),
        Value::Object(members) => {
            let members = members.iter();
            members
                .map(|(name, value)| (name.clone(), resolved(value, ids)))
                .collect()
        }
        other => other.clone(),
    }
}

/// Where an entry tells of a fact: by one number, or by the same number at several places of its content.
pub fn places(made: &Made, fact: &str) -> Vec<String> {
    match &made.entry["tells"][fact] {
        Value::String(place) => vec![place.clone()],
        Value::Array(places) => places
            .iter()
            .map(|place| place.as_str().unwrap().to_owned())
            .collect(),
        _ => Vec::new(),
    }
}

/// A number with its qualifier, where a record tells of a fact at this place. Of what happened, each record is one.
pub fn told(made: &Made, place: &str) -> (Option<i64>, String) {
    if place.is_empty() {
        return (Some(1), "exact".to_owned());
    }
    let value = made.content.pointer(place).unwrap();
    let (parent, field) = place.rsplit_once('/').unwrap();
    if let Some(words) = value.as_str() {
        return (number_in(words), "stated".to_owned());
    }
    if value.is_object() {
        let qualifier = text(value, "qualifier");
        let least = value["value_min"].as_f64();
        let qualifier = least.map_or(qualifier.to_owned(), |least| {
            format!("{qualifier}:1e{}", least.log10())
        });
        return (value["value"].as_i64(), qualifier);
    }
    let beside = match field {
        "count" => "/count_qualifier".to_owned(),
        _ => format!("{parent}/qualifier"),
    };
    let qualifier = made.content.pointer(&beside).and_then(Value::as_str);
    (value.as_i64(), qualifier.unwrap_or("exact").to_owned())
}

/// The first number in words: `1.000.000 đồng`, `chương trình 02`, `Giải nhì`; of all it is 100 %.
pub fn number_in(words: &str) -> Option<i64> {
    for (word, number) in [("nhì", 2), ("tất cả", 100)] {
        if words.contains(word) {
            return Some(number);
        }
    }
    let words = words.replace('.', "");
    let mut numbers = words
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty());
    numbers.next()?.parse().ok()
}

/// The figure whose quantity stands at a place.
pub fn figure_at<'a>(made: &'a Made, place: &str) -> Option<&'a Value> {
    made.content.pointer(place.strip_suffix("/quantity")?)
}

pub fn measure(code: &str) -> Value {
    let all: Vec<Value> = serde_json::from_str(MEASURES).unwrap();
    let found = all.into_iter().find(|measure| measure["code"] == code);
    found.unwrap_or_else(|| panic!("no measure {code}"))
}

/// In what the number at a place is counted.
pub fn units_of_measure(made: &Made, place: &str) -> &'static [&'static str] {
    let happened = &[
        "campaign",
        "class",
        "conference",
        "congress",
        "contest",
        "event",
        "programme",
        "project",
        "session",
        "trip",
    ];
    if let Some(figure) = figure_at(made, place).filter(|figure| figure["measure"].is_string()) {
        return match text(&measure(text(figure, "measure")), "unit_of_measure") {
            "person" => &["person"],
            "participation" => &["participation"],
            "unit" => &["conference", "unit"],
            "grassroots_union" => &["grassroots union"],
            "event" => happened,
            "award" => &[
                "award",
                "certificate",
                "collective",
                "family",
                "person",
                "title",
                "unit",
            ],
            "agreement" => &["agreement", "partner"],
            "gift" => &["gift", "grant"],
            "initiative" => &["initiative"],
            "thing" => &["board", "item", "project", "task", "team"],
            "vnd" => &["VND", "VND per gift"],
            "percent" => &["%"],
            _ => &[],
        };
    }
    let field = place.rsplit('/').next().unwrap_or_default();
    match (
        field,
        text(&made.entry, "post"),
        text(&made.content, "recipient"),
    ) {
        ("amount", ..) => &["VND"],
        ("quantity", ..) => &["gift", "grant", "item"],
        ("participants" | "beneficiaries" | "members_used", ..) => &["person"],
        ("count", "/agreements", _) => &["agreement", "partner"],
        ("count", _, "collective") => &["collective", "unit"],
        ("count", _, "family") => &["family"],
        ("count", _, "individual") => &["person", "award", "certificate", "title"],
        ("", "/agreements", _) => &["agreement"],
        ("", ..) => happened,
        _ => &[],
    }
}

/// For when a record tells of a fact at a place: the figure says so, or the record; an agreement for how long it holds.
pub fn told_for(content: &Value, figure: Option<&Value>) -> String {
    if let Some(period) = figure.and_then(|figure| figure["period"].as_str()) {
        return period.to_owned();
    }
    match text(content, "valid_from").split_once('-') {
        Some((first, _)) => {
            let end: i32 = text(content, "valid_to")[..4].parse().unwrap();
            format!("T{first}-{}", end - 1)
        }
        None => text(content, "period").to_owned(),
    }
}

//! The tour of README.md: its commands are run as a reader would paste them, and must answer what it shows.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

const README: &str = include_str!("../README.md");
const HEADING: &str = "## A five-minute tour";
/// The address that the tour speaks to.
const ADDRESS: &str = "127.0.0.1:8080";
/// Where the demo leaves the passwords of its accounts.
const ACCOUNTS: &str = "data/demo-accounts.txt";
/// A tour with fewer has lost some.
const STEPS_MIN: usize = 12;

/// A command, and what the reader is told that it answers.
#[derive(Debug, PartialEq)]
struct Step {
    command: String,
    expected: Expected,
}

#[derive(Debug, PartialEq)]
enum Expected {
    Json(Value),
    Text(String),
}

/// A fenced block: its language and its text.
fn blocks(section: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language.to_owned(), text.join("\n")));
        }
    }
    blocks
}

/// The steps of the tour; the reason where a block has no partner.
fn steps(readme: &str) -> Result<Vec<Step>, String> {
    let (_, rest) = readme
        .split_once(&format!("{HEADING}\n"))
        .ok_or("no tour")?;
    let section = rest.split("\n## ").next().unwrap_or_default();
    let mut steps = Vec::new();
    let mut blocks = blocks(section).into_iter();
    while let Some((language, command)) = blocks.next() {
        if language != "sh" {
            return Err(format!("an answer without a command: {command}"));
        }
        let expected = match blocks.next() {
            Some((language, text)) if language == "json" => {
                let value = serde_json::from_str(&text);
                Expected::Json(value.map_err(|why| format!("{why} in: {text}"))?)
            }
            Some((language, text)) if language == "text" && !text.trim().is_empty() => {
                Expected::Text(text)
            }
            _ => return Err(format!("a command without an answer: {command}")),
        };
        steps.push(Step { command, expected });
    }
    if steps.len() < STEPS_MIN {
        return Err(format!("only {} steps", steps.len()));
    }
    Ok(steps)
}

/// Where `answer` is not what is `shown`. Members that are not shown may have any value. `"..."` stands
/// for any text, and at the end of a list for any further items.
pub fn difference(shown: &Value, answer: &Value, place: &str) -> Option<String> {
    match (shown, answer) {
        (Value::String(dots), Value::String(_)) if dots == "..." => None,
        (Value::Object(shown), Value::Object(answer)) => shown.iter().find_map(|(name, value)| {
            let place = format!("{place}/{name}");
            match answer.get(name) {
                Some(answer) => difference(value, answer, &place),
                None => Some(format!("{place} is missing")),
            }
        }),
        (Value::Array(shown), Value::Array(answer)) => {
            let (shown, goes_on) = match shown.split_last() {
                Some((last, others)) if last == "..." => (others, true),
                _ => (shown.as_slice(), false),
            };
            if answer.len() < shown.len() || (answer.len() > shown.len() && !goes_on) {
                return Some(format!(
                    "{place} has {} items, not {}",
                    answer.len(),
                    shown.len()
                ));
            }
            let pairs = shown.iter().zip(answer).enumerate();
            pairs
                .map(|(index, (shown, answer))| {
                    difference(shown, answer, &format!("{place}/{index}"))
                })
                .find_map(|difference| difference)
        }
        (shown, answer) if shown == answer => None,
        (shown, answer) => Some(format!("{place} is {answer}, not {shown}")),
    }
}

/// The first line of `shown` that is not in `answer`. A header must be there whole, its name in any case.
fn missing_line<'a>(shown: &'a str, answer: &str) -> Option<&'a str> {
    shown.lines().map(str::trim).find(|line| {
        let is_there = match header(line) {
            Some(wanted) => answer
                .lines()
                .any(|line| header(line) == Some(wanted.clone())),
            None => answer.contains(line),
        };
        !is_there
    })
}

/// The name, in small letters, and the value of a line that is a header.
fn header(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(": ")?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_name.then(|| (name.to_ascii_lowercase(), value.trim()))
}

/// What a command prints that is run in a folder; it must succeed.
fn run(command: &str, folder: &Path) -> String {
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", command])
        .current_dir(folder)
        .env("no_proxy", "*")
        .output()
        .unwrap();
    assert!(output.status.success(), "failed: {command}\n{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

on_both_engines! {
    async fn the_tour_answers_what_it_shows(program: Program) {
        // As `make run` does on an empty database; here the folder with `data` is one of its own.
        let demo = program.demo().run();
        assert_eq!(demo.code, Some(0), "{demo:?}");
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::copy(program.accounts_file(), folder.path().join(ACCOUNTS)).unwrap();
        let process = program.serve();
        for step in steps(README).unwrap() {
            let command = step.command.replace(ADDRESS, &process.remote.address);
            assert_ne!(command, step.command, "speaks to another address");
            let answer = run(&command, folder.path());
            let wrong = match &step.expected {
                Expected::Json(shown) => match serde_json::from_str(&answer) {
                    Ok(answer) => difference(shown, &answer, ""),
                    Err(why) => Some(why.to_string()),
                },
                Expected::Text(shown) => missing_line(shown, &answer).map(|l| format!("no line: {l}")),
            };
            assert_eq!(wrong, None, "\n{command}\nanswered:\n{answer}");
        }
    }
}

#[test]
fn a_wrong_value_in_the_tour_is_found() {
    let answer = json!({"items": [{"kind": "a", "to": null}, {"kind": "b"}], "next_cursor": "Qz"});
    for shown in [
        json!({}),
        json!({"items": [{"kind": "a"}, {"kind": "b"}]}),
        json!({"items": [{"to": null}, "..."], "next_cursor": "..."}),
    ] {
        assert_eq!(difference(&shown, &answer, ""), None, "{shown}");
    }
    for (shown, place) in [
        (json!({"items": [{"kind": "b"}, "..."]}), "/items/0/kind"),
        (json!({"items": [{"kind": "a"}]}), "/items has 2"),
        (json!({"items": [{}, {}, {}, "..."]}), "/items has 2"),
        (json!({"items": [{"to": "..."}, "..."]}), "/items/0/to"),
        (json!({"items": {}}), "/items"),
        (json!({"next_cursor": null}), "/next_cursor"),
        (json!({"total": 2}), "/total is missing"),
    ] {
        let found = difference(&shown, &answer, "");
        assert!(
            found.as_ref().is_some_and(|f| f.starts_with(place)),
            "{shown}: {found:?}"
        );
    }
}

#[test]
fn a_wrong_line_in_the_tour_is_found() {
    let answer = "HTTP/1.1 201 Created\r\netag: \"12\"\r\n\r\n{\"kind\":\"a\"}";
    assert_eq!(
        missing_line("HTTP/1.1 201 Created\nETag: \"12\"\n\"kind\":\"a\"", answer),
        None
    );
    for wrong in [
        "HTTP/1.1 200 OK",
        "ETag: \"1\"",
        "Location: /",
        "\"kind\":\"b\"",
    ] {
        assert_eq!(missing_line(wrong, answer), Some(wrong));
    }
}

#[test]
fn a_tour_with_holes_is_refused() {
    let step = "```sh\ncurl\n```\n```json\n{}\n```\n";
    let tour = |text: &str| {
        steps(&format!(
            "# X\n{HEADING}\n{text}\n## Next\n```sh\nmake\n```\n"
        ))
    };
    let sound = tour(&step.repeat(STEPS_MIN));
    assert_eq!(sound.map(|steps| steps.len()), Ok(STEPS_MIN));
    let short = tour(&step.repeat(STEPS_MIN - 1));
    assert!(short.unwrap_err().contains("only 11"));
    for hole in [
        "```sh\ncurl\n```\n",
        "```json\n{}\n```\n",
        "```sh\ncurl\n```\n```text\n\n```\n",
    ] {
        let refused = tour(&format!("{hole}{}", step.repeat(STEPS_MIN)));
        assert!(refused.is_err(), "{hole}");
    }
}

//! The house's own order: who may know whom.

use std::fs;
use std::path::{Path, PathBuf};

/// The service's modules, each of which may use those before it. What is not named here stands above
/// all (`routes`, `server`, `openapi`, `main`).
const ORDER: [&str; 8] = [
    "config", "http", "tree", "access", "records", "numbers", "exchange", "platform",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// Modules that `text` names after `crate::`, also in braces.
fn modules_named(text: &str) -> Vec<String> {
    let word = |s: &str| {
        s.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut named = Vec::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => named.push(word(rest)),
            Some(group) => {
                let group = group.split(';').next().unwrap_or_default();
                named.extend(group.split(',').map(|s| word(s.trim())));
            }
        }
    }
    named
}

fn strays(module: &str, text: &str) -> Vec<String> {
    let place = ORDER.iter().position(|m| *m == module).unwrap();
    let may_use = &ORDER[..=place];
    let above_all = ["routes", "server", "openapi"];
    let is_stray = |name: &String| {
        let is_module = ORDER.contains(&name.as_str()) || above_all.contains(&name.as_str());
        is_module && !may_use.contains(&name.as_str())
    };
    modules_named(text).into_iter().filter(is_stray).collect()
}

#[test]
fn modules_know_only_those_before_them() {
    let api = root().join("api/src");
    for module in ORDER {
        let folder = api.join(module);
        let files = if folder.is_dir() {
            sources(&folder)
        } else {
            let file = api.join(format!("{module}.rs"));
            vec![(file.clone(), fs::read_to_string(file).unwrap())]
        };
        for (path, text) in files {
            let strays = strays(module, &text);
            assert!(strays.is_empty(), "{} uses {strays:?}", path.display());
        }
    }
}

#[test]
fn a_stray_would_be_found() {
    assert_eq!(strays("tree", "use crate::exchange::events;"), ["exchange"]);
    assert_eq!(
        strays("http", "use crate::{config::Limits, tree::x};"),
        ["tree"]
    );
    assert_eq!(strays("access", "use crate::records::x;"), ["records"]);
    assert_eq!(strays("http", "crate::server::migrate()"), ["server"]);
    assert!(strays("tree", "use crate::http::Problem;").is_empty());
}

#[test]
fn the_core_knows_no_http() {
    let manifest = fs::read_to_string(root().join("core/Cargo.toml")).unwrap();
    for stranger in ["actix", "reqwest", "liendoan ="] {
        assert!(!manifest.contains(stranger), "core depends on {stranger}");
    }
}

#[test]
fn files_stay_short_enough_to_read() {
    for folder in ["core/src", "api/src", "plans/src", "tests", "bench/src"] {
        for (path, text) in sources(&root().join(folder)) {
            assert!(
                text.lines().count() <= 450,
                "{} is to be split by meaning",
                path.display()
            );
        }
    }
}

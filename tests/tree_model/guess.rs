//! One line of a wanted operation, which often fits the tree. Whether it does, the model says.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::generate::{CODES, Generator, NAMES};
use super::kinds::{EMPLOYER_TYPES, GRASSROOTS, fits, under};
use super::unit::{Tree, children};

/// Codes of the units that live, or that do not.
pub fn units(tree: &Tree, living: bool) -> Vec<String> {
    tree.iter()
        .filter(|(_, unit)| unit.is_living == living)
        .map(|(code, _)| code.clone())
        .collect()
}

impl Generator {
    pub fn guess(&mut self, operation: &str, tree: &Tree, on: NaiveDate) -> Option<Value> {
        let living = units(tree, true);
        let unit = self.pick(&living)?;
        let its_children = children(tree, &unit);
        Some(match operation {
            "establish" => {
                let mut line = self.founding(tree, &unit, on)?;
                line["op"] = json!("establish");
                line
            }
            "transfer" => {
                let to = self.host(tree, std::slice::from_ref(&unit), on)?;
                let mut line = json!({"op": "transfer", "unit": unit, "to": to});
                if self.chance(0.3) {
                    line["from"] = json!(tree[&unit].parent);
                }
                line
            }
            "rename" => self.renaming(&unit),
            "change_kind" => self.change_of_kind(tree, &unit, on)?,
            "merge into" => {
                let units = self.alike(tree, &unit, 1)?;
                json!({"op": "merge", "units": units, "into": unit})
            }
            "merge new" => {
                let mut units = self.alike(tree, &unit, 1)?;
                units.push(unit.clone());
                let parent = tree[&unit].parent.clone()?;
                let mut new = self.founding(tree, &parent, on)?;
                self.resemble(&mut new, &tree[&unit].kind);
                json!({"op": "merge", "units": units, "new": new})
            }
            "split" => self.split(tree, &unit, on, false)?,
            "split keep" => self.split(tree, &unit, on, true)?,
            "end" => {
                let mut line = json!({"op": "end", "unit": unit});
                if self.chance(0.3) {
                    line["successors"] = json!([self.pick(&living)]);
                }
                line
            }
            "end children_to" => {
                let to = self.host(tree, &its_children, on)?;
                let mut line = json!({"op": "end", "unit": unit, "children_to": to});
                if self.chance(0.3) {
                    line["successors"] = json!([to]);
                }
                line
            }
            "end subtree" => {
                let mut line = json!({"op": "end", "unit": unit, "subtree": true});
                let (first, second) = (self.pick(&living), self.pick(&living));
                if self.chance(0.5) && first != second {
                    line["successors"] = json!([first, second]);
                }
                line
            }
            "restore" => {
                let ended = self.pick(&units(tree, false))?;
                let mut line = json!({"op": "restore", "unit": ended});
                if self.chance(0.5) {
                    line["parent"] = json!(unit);
                }
                line
            }
            other => panic!("no such operation: {other}"),
        })
    }

    /// A new unit under a parent: seldom with a code that was given before.
    pub fn founding(&mut self, tree: &Tree, parent: &str, on: NaiveDate) -> Option<Value> {
        let is_free = |code: &&&str| !tree.contains_key(**code);
        let free: Vec<&str> = CODES.iter().filter(is_free).copied().collect();
        let kind = self.pick(&under(&tree[parent].kind, on))?;
        let mut new = json!({
            "code": self.pick(&free)?, "name": self.pick(&NAMES), "kind": kind, "parent": parent
        });
        if kind == GRASSROOTS && self.chance(0.6) {
            new["employer_type"] = json!(self.pick(&EMPLOYER_TYPES));
        }
        if self.chance(0.2) {
            new["short_name"] = json!(self.pick(&NAMES));
        }
        Some(new)
    }

    fn resemble(&mut self, new: &mut Value, kind: &str) {
        new["kind"] = json!(kind);
        if kind != GRASSROOTS {
            new.as_object_mut().unwrap().remove("employer_type");
        }
    }

    /// A living unit under which all of these fit.
    pub fn host(&mut self, tree: &Tree, guests: &[String], on: NaiveDate) -> Option<String> {
        let mut hosts = units(tree, true);
        hosts.retain(|host| {
            guests
                .iter()
                .all(|guest| fits(&tree[guest].kind, &tree[host].kind, on))
        });
        self.pick(&hosts)
    }

    fn renaming(&mut self, unit: &str) -> Value {
        let mut line = json!({"op": "rename", "unit": unit});
        if self.chance(0.8) {
            line["name"] = json!(self.pick(&NAMES));
        }
        match self.number(4) {
            0 => line["short_name"] = json!(self.pick(&NAMES)),
            1 => line["short_name"] = Value::Null,
            _ => {}
        }
        line
    }

    fn change_of_kind(&mut self, tree: &Tree, unit: &str, on: NaiveDate) -> Option<Value> {
        let parent = tree[unit].parent.clone()?;
        let kind = self.pick(&under(&tree[&parent].kind, on));
        let mut line = json!({"op": "change_kind", "unit": unit});
        if let Some(kind) = kind.filter(|_| self.chance(0.7)) {
            line["kind"] = json!(kind);
        }
        match self.number(4) {
            0 => line["employer_type"] = json!(self.pick(&EMPLOYER_TYPES)),
            1 => line["employer_type"] = Value::Null,
            _ => {}
        }
        Some(line)
    }

    /// One or more other units of the same kind.
    fn alike(&mut self, tree: &Tree, unit: &str, least: usize) -> Option<Vec<String>> {
        let kind = &tree[unit].kind;
        let mut others = units(tree, true);
        others.retain(|other| other != unit && tree[other].kind == *kind);
        let count = least + usize::from(self.chance(0.3));
        let mut found = Vec::new();
        for _ in 0..count.min(others.len()) {
            let index = self.number(others.len());
            found.push(others.swap_remove(index));
        }
        (found.len() >= least).then_some(found)
    }

    fn split(&mut self, tree: &Tree, unit: &str, on: NaiveDate, keeps: bool) -> Option<Value> {
        let parent = tree[unit].parent.clone()?;
        let count = if keeps {
            self.pick(&[1, 1, 2])
        } else {
            self.pick(&[2, 2, 3])
        };
        let mut existing = self.alike(tree, unit, 0)?;
        let mut parts: Vec<Value> = Vec::new();
        for _ in 0..count? {
            let existing = if self.chance(0.4) {
                existing.pop()
            } else {
                None
            };
            parts.push(match existing {
                Some(existing) => json!({"unit": existing, "children": []}),
                None => {
                    let mut new = self.founding(tree, &parent, on)?;
                    self.resemble(&mut new, &tree[unit].kind);
                    json!({"new": new, "children": []})
                }
            });
        }
        let mut are_all_named = true;
        for child in children(tree, unit) {
            if self.chance(0.7) {
                let part = self.number(parts.len());
                parts[part]["children"].as_array_mut()?.push(json!(child));
            } else {
                are_all_named = false;
            }
        }
        let mut line = json!({"op": "split", "unit": unit, "parts": parts});
        if keeps {
            line["keep"] = json!(true);
        } else if !are_all_named || self.chance(0.3) {
            let part = self.pick(&parts)?;
            let code = if part["new"].is_null() {
                &part["unit"]
            } else {
                &part["new"]["code"]
            };
            line["children_to"] = code.clone();
        }
        Some(line)
    }
}

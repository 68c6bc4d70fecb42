//! What one line does to the tree: the table of operations, row by row.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::Value;

use super::kinds::{EMPLOYER_TYPES, GRASSROOTS, OPENING, fits, is_known, may_be_root};
use super::unit::{Tree, Unit, children, codes, subtree, text};

pub type Codes = BTreeSet<&'static str>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    Life,
    Parent,
    Name,
    Kind,
}
use Aspect::{Kind, Life, Name, Parent};

const ALL: [Aspect; 4] = [Life, Parent, Name, Kind];

/// What the lines of one decision have set by name so far.
pub type Named = BTreeSet<(String, Aspect)>;

fn is_code(code: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    code.len() <= 64 && code.split('-').all(is_part)
}

fn is_name(name: &str) -> bool {
    (1..=300).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

/// Applies a line, or tells all its broken conditions; the tree is then spoilt.
pub fn apply(tree: &mut Tree, line: &Value, on: NaiveDate, named: &mut Named) -> Result<(), Codes> {
    let mut desk = Desk {
        tree,
        on,
        named,
        broken: Codes::new(),
    };
    match text(line, "op").unwrap() {
        "establish" => {
            desk.begin(line, &BTreeSet::new());
        }
        _ if on == OPENING => desk.refuse("opening_only_establishes"),
        "transfer" => desk.transfer(line),
        "rename" => desk.rename(line),
        "change_kind" => desk.change_kind(line),
        "merge" => desk.merge(line),
        "split" => desk.split(line),
        "end" => desk.end(line),
        "restore" => desk.restore(line),
        other => panic!("no such operation: {other}"),
    }
    if desk.broken.is_empty() {
        Ok(())
    } else {
        Err(desk.broken)
    }
}

struct Desk<'a> {
    tree: &'a mut Tree,
    on: NaiveDate,
    named: &'a mut Named,
    broken: Codes,
}

impl Desk<'_> {
    fn refuse(&mut self, code: &'static str) {
        self.broken.insert(code);
    }

    fn demand(&mut self, holds: bool, code: &'static str) {
        if !holds {
            self.refuse(code);
        }
    }

    fn living(&mut self, code: &str) -> Option<Unit> {
        match self.tree.get(code) {
            None => self.refuse("unit_unknown"),
            Some(unit) if !unit.is_living => self.refuse("unit_not_alive"),
            Some(unit) => return Some(unit.clone()),
        }
        None
    }

    /// A living unit that is not the root.
    fn movable(&mut self, code: &str) -> Option<Unit> {
        let unit = self.living(code)?;
        self.demand(unit.parent.is_some(), "root_is_fixed");
        Some(unit)
    }

    fn name(&mut self, code: &str, aspects: &[Aspect]) {
        for aspect in aspects {
            let is_first = self.named.insert((code.to_owned(), *aspect));
            self.demand(is_first, "unit_set_twice");
        }
    }

    fn fit(&mut self, child: &str, parent: &str) {
        self.demand(fits(child, parent, self.on), "kind_not_allowed");
    }

    fn place(&mut self, child: &str, parent: &str) {
        if let Some(unit) = self.tree.get_mut(child) {
            unit.parent = Some(parent.to_owned());
        }
    }

    /// Places units that were left over.
    fn hand_over(&mut self, units: &[String], to: &str, to_kind: &str) {
        for unit in units {
            let kind = self.tree[unit].kind.clone();
            self.fit(&kind, to_kind);
            self.place(unit, to);
        }
    }

    fn finish(&mut self, code: &str, successors: &[String]) {
        let on = self.on;
        let Some(unit) = self.tree.get_mut(code) else {
            return;
        };
        let has_begun = unit.since < on;
        unit.is_living = false;
        unit.ended_on = Some(on);
        unit.successors = successors.to_vec();
        self.demand(has_begun, "empty_life");
    }

    /// Founds a unit, its parent none of the `forbidden`; answers its code and kind.
    fn begin(&mut self, content: &Value, forbidden: &BTreeSet<String>) -> (String, String) {
        let code = text(content, "code").unwrap().to_owned();
        let kind = text(content, "kind").unwrap().to_owned();
        let name = text(content, "name").unwrap();
        let employer_type = text(content, "employer_type");
        self.demand(is_code(&code), "code_invalid");
        self.demand(!self.tree.contains_key(&code), "code_taken");
        self.demand(is_name(name), "name_invalid");
        self.demand(is_known(&kind), "kind_unknown");
        if let Some(employer_type) = employer_type {
            self.demand(
                EMPLOYER_TYPES.contains(&employer_type),
                "employer_type_unknown",
            );
            self.demand(kind == GRASSROOTS, "employer_type_not_allowed");
        }
        let parent = text(content, "parent");
        match parent {
            None => {
                let is_empty = self.tree.values().all(|unit| !unit.is_living);
                self.demand(is_empty, "root_exists");
                self.demand(may_be_root(&kind, self.on), "kind_not_allowed");
            }
            Some(parent) => {
                self.demand(!forbidden.contains(parent), "cycle");
                if let Some(above) = self.living(parent) {
                    self.fit(&kind, &above.kind);
                }
            }
        }
        self.name(&code, &ALL);
        let unit = Unit {
            name: name.to_owned(),
            short_name: text(content, "short_name").map(str::to_owned),
            kind: kind.clone(),
            employer_type: employer_type.map(str::to_owned),
            parent: parent.map(str::to_owned),
            is_living: true,
            since: self.on,
            ended_on: None,
            successors: Vec::new(),
        };
        self.tree.entry(code.clone()).or_insert(unit);
        (code, kind)
    }

    fn transfer(&mut self, line: &Value) {
        let (code, to) = (text(line, "unit").unwrap(), text(line, "to").unwrap());
        let (unit, target) = (self.movable(code), self.living(to));
        self.demand(!subtree(self.tree, code).contains(to), "cycle");
        if let (Some(unit), Some(target)) = (&unit, target) {
            self.demand(unit.parent.as_deref() != Some(to), "no_change");
            self.fit(&unit.kind, &target.kind);
        }
        if let (Some(unit), Some(from)) = (unit, text(line, "from")) {
            self.demand(unit.parent.as_deref() == Some(from), "parent_mismatch");
        }
        self.name(code, &[Parent]);
        self.place(code, to);
    }

    fn rename(&mut self, line: &Value) {
        let code = text(line, "unit").unwrap();
        let name = text(line, "name");
        self.demand(name.is_none_or(is_name), "name_invalid");
        self.name(code, &[Name]);
        let Some(mut unit) = self.living(code) else {
            return;
        };
        if let Some(name) = name {
            unit.name = name.to_owned();
        }
        if let Some(short_name) = line.get("short_name") {
            unit.short_name = short_name.as_str().map(str::to_owned);
        }
        self.demand(unit != self.tree[code], "no_change");
        self.tree.insert(code.to_owned(), unit);
    }

    fn change_kind(&mut self, line: &Value) {
        let code = text(line, "unit").unwrap();
        let wanted = text(line, "kind");
        self.demand(wanted.is_none_or(is_known), "kind_unknown");
        self.name(code, &[Kind]);
        let Some(mut unit) = self.movable(code) else {
            return;
        };
        let kind = wanted.unwrap_or(&unit.kind).to_owned();
        if let Some(given) = text(line, "employer_type") {
            self.demand(EMPLOYER_TYPES.contains(&given), "employer_type_unknown");
            self.demand(kind == GRASSROOTS, "employer_type_not_allowed");
        }
        if let Some(given) = line.get("employer_type") {
            unit.employer_type = given.as_str().map(str::to_owned);
        } else if kind != GRASSROOTS {
            unit.employer_type = None;
        }
        if kind != unit.kind {
            if let Some(parent) = &unit.parent {
                let above = self.tree[parent].kind.clone();
                self.fit(&kind, &above);
            }
            for child in children(self.tree, code) {
                let below = self.tree[&child].kind.clone();
                self.fit(&below, &kind);
            }
        }
        unit.kind = kind;
        self.demand(unit != self.tree[code], "no_change");
        self.tree.insert(code.to_owned(), unit);
    }

    fn merge(&mut self, line: &Value) {
        let units = codes(line, "units");
        let new = line.get("new");
        self.demand(
            units.len() >= if new.is_some() { 2 } else { 1 },
            "too_few_units",
        );
        let mut gone = BTreeSet::new();
        let mut left = Vec::new();
        for code in &units {
            self.movable(code);
            self.name(code, &ALL);
            gone.extend(subtree(self.tree, code));
            left.extend(children(self.tree, code));
        }
        left.retain(|child| !units.contains(child));
        let (into, kind) = match new {
            Some(content) => self.begin(content, &gone),
            None => {
                let into = text(line, "into").unwrap();
                self.demand(!gone.contains(into), "cycle");
                let target = self.living(into);
                (
                    into.to_owned(),
                    target.map_or(String::new(), |unit| unit.kind),
                )
            }
        };
        self.hand_over(&left, &into, &kind);
        for code in &units {
            self.finish(code, std::slice::from_ref(&into));
        }
    }

    fn split(&mut self, line: &Value) {
        let code = text(line, "unit").unwrap();
        let keeps = line["keep"] == true;
        let parts = line["parts"].as_array().unwrap();
        let rest = text(line, "children_to");
        self.movable(code);
        if !keeps {
            self.name(code, &ALL);
        }
        self.demand(parts.len() >= if keeps { 1 } else { 2 }, "too_few_units");
        self.demand(!(keeps && rest.is_some()), "conflicting_options");
        let gone = subtree(self.tree, code);
        let targets: Vec<(String, String)> =
            parts.iter().map(|part| self.part(part, &gone)).collect();
        for (part, (target, kind)) in parts.iter().zip(&targets) {
            for child in codes(part, "children") {
                self.name(&child, &[Parent]);
                match self.living(&child) {
                    Some(unit) if unit.parent.as_deref() == Some(code) => {
                        self.fit(&unit.kind, kind)
                    }
                    _ => self.refuse("not_a_child"),
                }
                self.place(&child, target);
            }
        }
        if keeps {
            return;
        }
        let left = children(self.tree, code);
        match rest {
            Some(rest) => self.pass_on(&left, rest, &gone),
            None => self.demand(left.is_empty(), "children_left"),
        }
        let targets: Vec<String> = targets.into_iter().map(|(code, _)| code).collect();
        self.finish(code, &targets);
    }

    fn part(&mut self, part: &Value, gone: &BTreeSet<String>) -> (String, String) {
        if let Some(content) = part.get("new") {
            return self.begin(content, gone);
        }
        let code = text(part, "unit").unwrap();
        self.demand(!gone.contains(code), "cycle");
        let kind = self.living(code).map_or(String::new(), |unit| unit.kind);
        (code.to_owned(), kind)
    }

    /// `children_to`: holds also where no child is left to go there.
    fn pass_on(&mut self, left: &[String], to: &str, gone: &BTreeSet<String>) {
        self.demand(!gone.contains(to), "cycle");
        if let Some(target) = self.living(to) {
            self.hand_over(left, to, &target.kind);
        }
    }

    fn end(&mut self, line: &Value) {
        let code = text(line, "unit").unwrap();
        let (all_below, rest) = (line["subtree"] == true, text(line, "children_to"));
        self.movable(code);
        self.name(code, &ALL);
        self.demand(!(all_below && rest.is_some()), "conflicting_options");
        let below = subtree(self.tree, code);
        let left = children(self.tree, code);
        let is_alone = BTreeSet::from([code.to_owned()]);
        let ending = if all_below { &below } else { &is_alone };
        let successors = codes(line, "successors");
        for successor in &successors {
            self.living(successor);
            if ending.contains(successor) {
                // Which of the two it is to be called, the table leaves open.
                self.refuse("cycle");
                self.refuse("unit_not_alive");
            }
        }
        if let Some(rest) = rest {
            self.pass_on(&left, rest, &below);
        } else if !all_below {
            self.demand(left.is_empty(), "has_children");
        }
        for unit in ending {
            self.finish(unit, if unit == code { &successors } else { &[] });
        }
    }

    fn restore(&mut self, line: &Value) {
        let code = text(line, "unit").unwrap();
        self.name(code, &[Life, Parent]);
        let Some(mut unit) = self.tree.get(code).cloned() else {
            return self.refuse("unit_unknown");
        };
        self.demand(!unit.is_living, "already_alive");
        if let Some(parent) = text(line, "parent") {
            unit.parent = Some(parent.to_owned());
        }
        if let Some(parent) = unit.parent.clone()
            && let Some(above) = self.living(&parent)
        {
            self.fit(&unit.kind, &above.kind);
        }
        // On the very day of its end the life was never broken.
        if unit.ended_on != Some(self.on) {
            unit.since = self.on;
        }
        unit.is_living = true;
        unit.ended_on = None;
        unit.successors.clear();
        self.tree.insert(code.to_owned(), unit);
    }
}

//! Each kind of line.

use std::sync::Arc;

use liendoan_core::error::Code;
use liendoan_core::text;

use super::{ALL, Application, CODE_MAX, KIND, LIFE_AND_PARENT, NAME, Outcome, PARENT, listed};
use crate::tree::replay::line::{Founding, Part, Target};
use crate::tree::replay::rules::GRASSROOTS_UNION;
use crate::tree::replay::world::{LinkKind, State, Ux, Version};

impl Application<'_> {
    pub(super) fn establish(&mut self, new: &Founding, place: &str) -> Outcome<Ux> {
        let at = |field: &str| format!("{place}/{field}");
        if text::code(&new.code, '-', CODE_MAX).is_err() {
            return self.refuse(at("code"), Code::CodeInvalid);
        }
        if let Some(known) = self.world.find(&new.code)
            && self.state(known).is_some()
        {
            return self.refuse(at("code"), Code::CodeTaken);
        }
        let name = self.name(&new.name, at("name"))?;
        let short_name = new.short_name.as_deref();
        let short_name = short_name.map(|name| self.name(name, at("short_name")));
        let short_name = short_name.transpose()?;
        self.check_kind(&new.kind, at("kind"))?;
        let employer_type = new.employer_type.as_deref();
        self.check_employer_type(&new.kind, employer_type, at("employer_type"))?;
        let parent = match &new.parent {
            Some(parent) => {
                let parent = self.living(parent, at("parent"))?;
                self.check_fits(&new.kind, parent, at("kind"))?;
                Some(parent)
            }
            None => {
                let roots: Vec<Ux> = self.world.roots().collect();
                if roots.into_iter().any(|root| self.lives(root)) {
                    return self.refuse(at("parent"), Code::RootExists);
                }
                if !self.rules.may_be_root(&new.kind, self.at.on) {
                    return self.refuse(at("kind"), Code::KindNotAllowed);
                }
                None
            }
        };
        let ux = self.world.enter(&new.code, None);
        self.world.unit_mut(ux).placeholder = new.placeholder;
        self.set_once(ux, ALL, at("code"))?;
        let version = Version {
            name,
            short_name,
            kind: new.kind.clone(),
            employer_type: new.employer_type.clone(),
        };
        let state = State {
            alive: true,
            parent,
            version: Arc::new(version),
            since: self.at.on,
            ended: None,
        };
        self.touch(ux, state);
        Ok(ux)
    }

    pub(super) fn transfer(&mut self, unit: &str, to: &str, from: Option<&str>) -> Outcome {
        let unit = self.living_below_root(unit, "/unit")?;
        let to = self.living(to, "/to")?;
        self.check_not_below(to, unit, "/to")?;
        let state = self.living_state(unit)?;
        if from.is_some_and(|from| self.world.find(from) != state.parent) {
            let parent = state.parent.map(|up| self.world.code(up));
            return self.refuse_with("/from", Code::ParentMismatch, ("parent", parent.into()));
        }
        if state.parent == Some(to) {
            return self.refuse("/to", Code::NoChange);
        }
        self.check_fits(&state.version.kind, to, "/to")?;
        self.set_once(unit, PARENT, "/unit")?;
        self.place(unit, to)
    }

    pub(super) fn rename(
        &mut self,
        unit: &str,
        name: Option<&str>,
        short_name: Option<&Option<String>>,
    ) -> Outcome {
        let unit = self.living(unit, "/unit")?;
        let state = self.living_state(unit)?;
        let mut version = (*state.version).clone();
        if let Some(name) = name {
            version.name = self.name(name, "/name")?;
        }
        if let Some(short_name) = short_name {
            let short_name = short_name.as_deref();
            let short_name = short_name.map(|name| self.name(name, "/short_name"));
            version.short_name = short_name.transpose()?;
        }
        self.set_version(unit, state, version, NAME)
    }

    pub(super) fn change_kind(
        &mut self,
        unit: &str,
        kind: Option<&str>,
        employer_type: Option<&Option<String>>,
    ) -> Outcome {
        let unit = self.living_below_root(unit, "/unit")?;
        let state = self.living_state(unit)?;
        let mut version = (*state.version).clone();
        if let Some(kind) = kind {
            self.check_kind(kind, "/kind")?;
            version.kind = kind.to_owned();
        }
        if version.kind != GRASSROOTS_UNION {
            version.employer_type = None;
        }
        if let Some(employer_type) = employer_type {
            self.check_employer_type(&version.kind, employer_type.as_deref(), "/employer_type")?;
            version.employer_type.clone_from(employer_type);
        }
        if version.kind != state.version.kind {
            if let Some(parent) = state.parent {
                self.reads.insert(parent);
                self.check_fits(&version.kind, parent, "/kind")?;
            }
            for child in self.children(unit) {
                let child_kind = self.living_state(child)?.version.kind.clone();
                if !self.rules.fits(&child_kind, &version.kind, self.at.on) {
                    return self.refuse_for(child, "/kind", Code::KindNotAllowed);
                }
            }
        }
        self.set_version(unit, state, version, KIND)
    }

    pub(super) fn merge(&mut self, units: &[String], into: &Target) -> Outcome {
        let fewest = match into {
            Target::Existing(_) => 1,
            Target::New(_) => 2,
        };
        if units.len() < fewest {
            return self.refuse("/units", Code::TooFewUnits);
        }
        let mut merging = Vec::with_capacity(units.len());
        for (index, unit) in units.iter().enumerate() {
            let pointer = format!("/units/{index}");
            let unit = self.living_below_root(unit, &pointer)?;
            self.set_once(unit, ALL, &pointer)?;
            merging.push(unit);
        }
        let into = match into {
            Target::Existing(code) => {
                let into = self.living(code, "/into")?;
                self.check_not_below_any(into, &merging, "/into")?;
                into
            }
            Target::New(new) => self.found(new, &merging, "/new")?,
        };
        for (index, unit) in merging.iter().enumerate() {
            let pointer = format!("/units/{index}");
            for child in self.children(*unit) {
                if !merging.contains(&child) {
                    self.hand_over(child, into, &pointer)?;
                }
            }
        }
        for (index, unit) in merging.into_iter().enumerate() {
            self.finish(unit, &format!("/units/{index}"))?;
            self.link(unit, into, LinkKind::Successor);
        }
        Ok(())
    }

    pub(super) fn split(
        &mut self,
        unit: &str,
        parts: &[Part],
        children_to: Option<&str>,
        keep: bool,
    ) -> Outcome {
        if keep && children_to.is_some() {
            return self.refuse("/children_to", Code::ConflictingOptions);
        }
        if parts.len() < if keep { 1 } else { 2 } {
            return self.refuse("/parts", Code::TooFewUnits);
        }
        let unit = self.living_below_root(unit, "/unit")?;
        if !keep {
            self.set_once(unit, ALL, "/unit")?;
        }
        let mut takers = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            takers.push(match &part.target {
                Target::Existing(code) => {
                    let pointer = format!("/parts/{index}/unit");
                    let taker = self.living(code, &pointer)?;
                    self.check_not_below(taker, unit, &pointer)?;
                    taker
                }
                Target::New(new) => self.found(new, &[unit], &format!("/parts/{index}/new"))?,
            });
        }
        for (index, (part, taker)) in parts.iter().zip(&takers).enumerate() {
            for (place, child) in part.children.iter().enumerate() {
                let pointer = format!("/parts/{index}/children/{place}");
                let child = self.living(child, &pointer)?;
                if self.living_state(child)?.parent != Some(unit) {
                    // Taken by a part before this one, or never its child.
                    self.set_once(child, PARENT, &pointer)?;
                    return self.refuse(pointer, Code::NotAChild);
                }
                self.set_once(child, PARENT, &pointer)?;
                self.hand_over(child, *taker, &pointer)?;
            }
        }
        if keep {
            let state = self.living_state(unit)?;
            self.touch(unit, state);
        } else {
            let left = self.children(unit);
            match children_to {
                Some(code) => {
                    let heir = self.living(code, "/children_to")?;
                    self.check_not_below(heir, unit, "/children_to")?;
                    for child in left {
                        self.hand_over(child, heir, "/children_to")?;
                    }
                }
                None if left.is_empty() => {}
                None => {
                    let codes = left.iter().map(|child| self.world.code(*child)).collect();
                    return self.refuse_with(
                        "/parts",
                        Code::ChildrenLeft,
                        ("children", listed(codes)),
                    );
                }
            }
            self.finish(unit, "/unit")?;
        }
        let kind = if keep {
            LinkKind::Separate
        } else {
            LinkKind::Successor
        };
        for taker in takers {
            self.link(unit, taker, kind);
        }
        Ok(())
    }

    pub(super) fn end(
        &mut self,
        unit: &str,
        children_to: Option<&str>,
        subtree: bool,
        successors: &[String],
    ) -> Outcome {
        if subtree && children_to.is_some() {
            return self.refuse("/subtree", Code::ConflictingOptions);
        }
        let unit = self.living_below_root(unit, "/unit")?;
        self.set_once(unit, ALL, "/unit")?;
        let mut heirs = Vec::with_capacity(successors.len());
        for (index, code) in successors.iter().enumerate() {
            let pointer = format!("/successors/{index}");
            let heir = self.living(code, &pointer)?;
            if heir == unit || subtree {
                self.check_not_below(heir, unit, &pointer)?;
            }
            heirs.push(heir);
        }
        let children = self.children(unit);
        match children_to {
            Some(code) => {
                let heir = self.living(code, "/children_to")?;
                self.check_not_below(heir, unit, "/children_to")?;
                for child in children {
                    self.hand_over(child, heir, "/children_to")?;
                }
            }
            None if subtree => {
                let mut below = children;
                while let Some(one) = below.pop() {
                    below.extend(self.children(one));
                    self.finish(one, "/unit")?;
                }
            }
            None if children.is_empty() => {}
            None => return self.refuse("/unit", Code::HasChildren),
        }
        self.finish(unit, "/unit")?;
        for heir in heirs {
            self.link(unit, heir, LinkKind::Successor);
        }
        Ok(())
    }

    pub(super) fn restore(&mut self, unit: &str, parent: Option<&str>) -> Outcome {
        let unit = self.begun(unit, "/unit")?;
        let Some(mut state) = self.state(unit).filter(|state| !state.alive).cloned() else {
            return self.refuse("/unit", Code::AlreadyAlive);
        };
        let parent = match (parent, state.parent) {
            (Some(parent), _) => self.living(parent, "/parent")?,
            (None, Some(parent)) if self.lives(parent) => parent,
            (None, parent) => {
                self.reads.extend(parent);
                return self.refuse("/parent", Code::UnitNotAlive);
            }
        };
        self.reads.insert(parent);
        self.check_fits(&state.version.kind, parent, "/parent")?;
        self.set_once(unit, LIFE_AND_PARENT, "/unit")?;
        // On the very day of its end the life was never broken.
        if state.ended != Some(self.at.on) {
            state.since = self.at.on;
        }
        state.alive = true;
        state.ended = None;
        state.parent = Some(parent);
        self.touch(unit, state);
        Ok(())
    }
}

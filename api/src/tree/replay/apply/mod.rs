//! What each kind of line needs and does: here what they have in common.

mod lines;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use liendoan_core::error::Code;
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::validity::ALWAYS;
use serde_json::{Map, Value};

use super::line::{Founding, Line};
use super::rules::{EMPLOYER_TYPES, GRASSROOTS_UNION, Rules};
use super::world::{Link, LinkKind, Position, State, Touch, Ux, Version, World};

/// The longest code of a unit, in characters.
pub const CODE_MAX: usize = 64;

/// Why a line can't be applied, and which part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub line: usize,
    /// Within the line: `/to`.
    pub pointer: String,
    pub code: Code,
    pub params: Map<String, Value>,
}

type Outcome<T = ()> = Result<T, Box<Refusal>>;

/// Parts of a unit that one decision may set by name only once.
#[derive(Clone, Copy)]
struct Aspects(u8);

const PARENT: Aspects = Aspects(2); // 1 is life, never set alone
const NAME: Aspects = Aspects(4);
const KIND: Aspects = Aspects(8);
const ALL: Aspects = Aspects(15);
const LIFE_AND_PARENT: Aspects = Aspects(3);

/// What became of a unit so far in this decision.
struct Now {
    state: State,
    /// In order.
    lines: Vec<u32>,
    links: Vec<Link>,
}

/// What a decision did.
pub struct Applied {
    pub touches: BTreeMap<Ux, Touch>,
    /// Units that it relies on, besides those touched.
    pub reads: BTreeSet<Ux>,
}

/// One decision while it is applied, line by line.
pub struct Application<'a> {
    world: &'a mut World,
    rules: &'a Rules,
    at: Position,
    now: HashMap<Ux, Now>,
    set: HashMap<Ux, u8>,
    reads: BTreeSet<Ux>,
    line: usize,
}

/// Applies the lines in order, each to what those before it made. The world is told of new units and
/// places, and not yet of the touches.
pub fn apply(
    world: &mut World,
    rules: &Rules,
    decision: i64,
    at: Position,
    lines: &[Line],
) -> Outcome<Applied> {
    let mut application = Application {
        world,
        rules,
        at,
        now: HashMap::new(),
        set: HashMap::new(),
        reads: BTreeSet::new(),
        line: 0,
    };
    for (index, line) in lines.iter().enumerate() {
        application.line = index;
        application.apply(line)?;
    }
    let Application { now, mut reads, .. } = application;
    let touch = |(ux, now): (Ux, Now)| {
        let touch = Touch {
            at,
            decision,
            lines: now.lines,
            state: now.state,
            links: now.links,
        };
        (ux, touch)
    };
    let touches: BTreeMap<_, _> = now.into_iter().map(touch).collect();
    reads.retain(|ux| !touches.contains_key(ux));
    Ok(Applied { touches, reads })
}

impl Application<'_> {
    fn apply(&mut self, line: &Line) -> Outcome {
        if self.at.on == ALWAYS && !matches!(line, Line::Establish(_)) {
            return self.refuse("/op", Code::OpeningOnlyEstablishes);
        }
        match line {
            Line::Establish(new) => self.establish(new, "").map(drop),
            Line::Transfer { unit, to, from } => self.transfer(unit, to, from.as_deref()),
            Line::Rename {
                unit,
                name,
                short_name,
            } => self.rename(unit, name.as_deref(), short_name.as_ref()),
            Line::ChangeKind {
                unit,
                kind,
                employer_type,
            } => self.change_kind(unit, kind.as_deref(), employer_type.as_ref()),
            Line::Merge { units, into } => self.merge(units, into),
            Line::Split {
                unit,
                parts,
                children_to,
                keep,
            } => self.split(unit, parts, children_to.as_deref(), *keep),
            Line::End {
                unit,
                children_to,
                subtree,
                successors,
            } => self.end(unit, children_to.as_deref(), *subtree, successors),
            Line::Restore { unit, parent } => self.restore(unit, parent.as_deref()),
        }
    }

    /// Founds what takes over from `ending`, and does not stand below any of them.
    fn found(&mut self, new: &Founding, ending: &[Ux], place: &str) -> Outcome<Ux> {
        if let Some(parent) = &new.parent {
            let pointer = format!("{place}/parent");
            let parent = self.living(parent, &pointer)?;
            self.check_not_below_any(parent, ending, &pointer)?;
        }
        self.establish(new, place)
    }

    /// Gives a child another parent, as part of something that happens to its parent.
    fn hand_over(&mut self, child: Ux, to: Ux, pointer: &str) -> Outcome {
        let kind = self.living_state(child)?.version.kind.clone();
        let parent_kind = self.living_state(to)?.version.kind.clone();
        if !self.rules.fits(&kind, &parent_kind, self.at.on) {
            return self.refuse_for(child, pointer, Code::KindNotAllowed);
        }
        self.place(child, to)
    }

    fn place(&mut self, unit: Ux, parent: Ux) -> Outcome {
        let mut state = self.living_state(unit)?;
        state.parent = Some(parent);
        self.touch(unit, state);
        Ok(())
    }

    fn finish(&mut self, unit: Ux, pointer: &str) -> Outcome {
        let mut state = self.living_state(unit)?;
        if state.since >= self.at.on {
            return self.refuse_for(unit, pointer, Code::EmptyLife);
        }
        state.alive = false;
        state.ended = Some(self.at.on);
        self.touch(unit, state);
        Ok(())
    }

    fn link(&mut self, unit: Ux, other: Ux, kind: LinkKind) {
        if let Some(now) = self.now.get_mut(&unit) {
            now.links.push(Link { other, kind });
        }
    }

    fn set_version(
        &mut self,
        unit: Ux,
        state: State,
        version: Version,
        aspect: Aspects,
    ) -> Outcome {
        if version == *state.version {
            return self.refuse("/unit", Code::NoChange);
        }
        self.set_once(unit, aspect, "/unit")?;
        let version = Arc::new(version);
        self.touch(unit, State { version, ..state });
        Ok(())
    }

    fn touch(&mut self, unit: Ux, state: State) {
        self.world.note_place(unit, state.parent);
        let line = u32::try_from(self.line).unwrap_or(u32::MAX);
        match self.now.get_mut(&unit) {
            Some(now) => {
                now.state = state;
                if now.lines.last() != Some(&line) {
                    now.lines.push(line);
                }
            }
            None => {
                let (lines, links) = (vec![line], Vec::new());
                let now = Now {
                    state,
                    lines,
                    links,
                };
                self.now.insert(unit, now);
            }
        }
    }

    fn state(&self, unit: Ux) -> Option<&State> {
        let now = self.now.get(&unit).map(|now| &now.state);
        now.or_else(|| self.world.before(unit, self.at))
    }

    fn lives(&self, unit: Ux) -> bool {
        self.state(unit).is_some_and(|state| state.alive)
    }

    /// Of a unit that was found living: the line is refused as a whole where it was not.
    fn living_state(&self, unit: Ux) -> Outcome<State> {
        match self.state(unit) {
            Some(state) => Ok(state.clone()),
            None => self.refuse("", Code::UnitNotAlive),
        }
    }

    fn begun(&mut self, code: &str, pointer: impl Into<String>) -> Outcome<Ux> {
        let known = self.world.find(code);
        match known.filter(|ux| self.state(*ux).is_some()) {
            Some(ux) => {
                self.reads.insert(ux);
                Ok(ux)
            }
            None => self.refuse(pointer, Code::UnitUnknown),
        }
    }

    fn living(&mut self, code: &str, pointer: impl Into<String>) -> Outcome<Ux> {
        let pointer = pointer.into();
        let unit = self.begun(code, &pointer)?;
        if self.lives(unit) {
            Ok(unit)
        } else {
            self.refuse(pointer, Code::UnitNotAlive)
        }
    }

    fn living_below_root(&mut self, code: &str, pointer: &str) -> Outcome<Ux> {
        let unit = self.living(code, pointer)?;
        match self.living_state(unit)?.parent {
            Some(_) => Ok(unit),
            None => self.refuse(pointer, Code::RootIsFixed),
        }
    }

    /// Those that live directly below now, in a fixed order.
    fn children(&self, unit: Ux) -> Vec<Ux> {
        let is_child = |child: &Ux| {
            self.state(*child)
                .is_some_and(|state| state.alive && state.parent == Some(unit))
        };
        let mut children: Vec<Ux> = self.world.ever_under(unit).filter(is_child).collect();
        children.sort_unstable_by(|a, b| self.world.code(*a).cmp(self.world.code(*b)));
        children
    }

    /// Refuses `unit` where it is `top` or below.
    fn check_not_below(&self, unit: Ux, top: Ux, pointer: &str) -> Outcome {
        self.check_not_below_any(unit, &[top], pointer)
    }

    fn check_not_below_any(&self, unit: Ux, tops: &[Ux], pointer: &str) -> Outcome {
        let mut climb = Some(unit);
        while let Some(one) = climb {
            if tops.contains(&one) {
                return self.refuse(pointer, Code::Cycle);
            }
            climb = self.state(one).and_then(|state| state.parent);
        }
        Ok(())
    }

    fn check_fits(&self, kind: &str, parent: Ux, pointer: impl Into<String>) -> Outcome {
        let parent_kind = &self.living_state(parent)?.version.kind;
        if self.rules.fits(kind, parent_kind, self.at.on) {
            Ok(())
        } else {
            let parent_kind = Value::from(parent_kind.as_str());
            self.refuse_with(pointer, Code::KindNotAllowed, ("parent_kind", parent_kind))
        }
    }

    fn check_kind(&self, kind: &str, pointer: impl Into<String>) -> Outcome {
        if self.rules.knows(kind) {
            Ok(())
        } else {
            self.refuse(pointer, Code::KindUnknown)
        }
    }

    fn check_employer_type(
        &self,
        kind: &str,
        employer_type: Option<&str>,
        pointer: impl Into<String>,
    ) -> Outcome {
        match employer_type {
            Some(given) if !EMPLOYER_TYPES.contains(&given) => {
                self.refuse(pointer, Code::EmployerTypeUnknown)
            }
            Some(_) if kind != GRASSROOTS_UNION => {
                self.refuse(pointer, Code::EmployerTypeNotAllowed)
            }
            _ => Ok(()),
        }
    }

    fn name(&self, name: &str, pointer: impl Into<String>) -> Outcome<String> {
        text::name(name, NAME_MAX).or_else(|why| {
            self.refuse_with(pointer, Code::NameInvalid, ("reason", why.as_str().into()))
        })
    }

    fn set_once(&mut self, unit: Ux, aspects: Aspects, pointer: impl Into<String>) -> Outcome {
        let set = self.set.entry(unit).or_default();
        if *set & aspects.0 != 0 {
            return self.refuse(pointer, Code::UnitSetTwice);
        }
        *set |= aspects.0;
        Ok(())
    }

    fn refuse<T>(&self, pointer: impl Into<String>, code: Code) -> Outcome<T> {
        Err(Box::new(Refusal {
            line: self.line,
            pointer: pointer.into(),
            code,
            params: Map::new(),
        }))
    }

    fn refuse_with<T>(
        &self,
        pointer: impl Into<String>,
        code: Code,
        (param, value): (&str, Value),
    ) -> Outcome<T> {
        self.refuse(pointer, code)
            .map_err(|mut refusal: Box<Refusal>| {
                refusal.params.insert(param.to_owned(), value);
                refusal
            })
    }

    /// Refuses because of another unit than the one that the pointer names.
    fn refuse_for<T>(&self, unit: Ux, pointer: &str, code: Code) -> Outcome<T> {
        self.refuse_with(pointer, code, ("unit", self.world.code(unit).into()))
    }
}

/// A list of codes that a refusal names, cut where it gets long.
fn listed(codes: Vec<&str>) -> Value {
    codes.into_iter().take(100).collect()
}

//! The draft of a decision that, from a day on, puts things back as they were.

use chrono::NaiveDate;
use liendoan_core::day::Day;
use liendoan_core::error::FieldError;
use liendoan_core::{Code, Error, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::content::{LineContent, Op};
use crate::tree::replay::world::Unit;
use crate::tree::replay::{Position, State, Ux, World};

/// Lines that reverse a decision, for a person to look at, edit and record.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "effective_on": "2026-06-01",
    "lines": [{"op": "restore", "unit": "pc", "parent": "tld"},
        {"op": "transfer", "unit": "a1", "to": "pc", "from": "pd"}, {"op": "end", "unit": "pe"}],
    "left_alone": [{"unit": "a2", "aspect": "parent"}]
}))]
pub struct DraftReversal {
    pub effective_on: Day,
    pub lines: Vec<LineContent>,
    /// What has changed again since, and so stays as it is.
    pub left_alone: Vec<LeftAlone>,
}

/// Something that a reversal does not touch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftAlone {
    pub unit: String,
    /// `life`, `kind`, `parent` or `name`.
    pub aspect: &'static str,
}

/// The lines, in the order: restorations (top first), kinds, transfers (top first), names, ends
/// (deepest first).
pub fn draft(world: &World, touched: &[Ux], at: Position, on: NaiveDate) -> Result<DraftReversal> {
    if on <= at.on {
        let field = FieldError::parameter("effective_on", Code::ReversalTooEarly);
        return Err(Error::fields(vec![field]));
    }
    let end_of_day = Position { on, seq: i32::MAX };
    let mut draft = Draft::default();
    for ux in touched {
        let unit = world.unit(*ux);
        let Some(after) = unit.touches.iter().find(|touch| touch.at == at) else {
            continue;
        };
        let seen = Seen {
            world,
            unit,
            before: world.before(*ux, at),
            after: &after.state,
            then: world.before(*ux, end_of_day),
            depth_before: depth(world, *ux, at),
            depth_then: depth(world, *ux, end_of_day),
        };
        draft.reverse(&seen);
    }
    Ok(draft.finish(on))
}

fn depth(world: &World, ux: Ux, at: Position) -> usize {
    let parent = |ux: &Ux| world.before(*ux, at).and_then(|state| state.parent);
    std::iter::successors(Some(ux), parent).count()
}

/// A unit that the decision touched: before it, after it, and on the day of the reversal.
struct Seen<'a> {
    world: &'a World,
    unit: &'a Unit,
    before: Option<&'a State>,
    after: &'a State,
    then: Option<&'a State>,
    depth_before: usize,
    depth_then: usize,
}

/// Lines so far, each with what orders it.
#[derive(Default)]
struct Draft {
    restorations: Vec<(usize, LineContent)>,
    kinds: Vec<(usize, LineContent)>,
    transfers: Vec<(usize, LineContent)>,
    names: Vec<(usize, LineContent)>,
    ends: Vec<(usize, LineContent)>,
    left_alone: Vec<LeftAlone>,
}

impl Draft {
    fn reverse(&mut self, seen: &Seen<'_>) {
        let lived = seen.before.is_some_and(|state| state.alive);
        let lives = seen.then.is_some_and(|state| state.alive);
        match (lived, seen.after.alive) {
            (true, false) if lives => self.leave(seen, "life"),
            (true, false) => self.restore(seen),
            (false, true) if lives && seen.after.parent.is_some() => {
                let end = line(Op::End, seen);
                self.ends.push((seen.depth_then, end));
            }
            (false, true) => self.leave(seen, "life"),
            (true, true) => self.put_back(seen, lives),
            (false, false) => {}
        }
    }

    fn restore(&mut self, seen: &Seen<'_>) {
        let parent = seen.before.and_then(|state| state.parent);
        let mut restore = line(Op::Restore, seen);
        restore.parent = parent.map(|parent| seen.world.code(parent).to_owned());
        self.restorations.push((seen.depth_before, restore));
    }

    /// Kind, place and name of a unit that the decision left alive.
    fn put_back(&mut self, seen: &Seen<'_>, lives: bool) {
        let (Some(before), Some(then)) = (seen.before, seen.then) else {
            return;
        };
        let (was, gave, is) = (&before.version, &seen.after.version, &then.version);
        let kind = |version: &crate::tree::replay::world::Version| {
            (version.kind.clone(), version.employer_type.clone())
        };
        if kind(was) != kind(gave) {
            if lives && kind(is) == kind(gave) {
                let mut change = line(Op::ChangeKind, seen);
                change.kind = (was.kind != is.kind).then(|| was.kind.clone());
                if was.employer_type.is_some() || was.kind == is.kind {
                    change.employer_type = Some(was.employer_type.clone());
                }
                self.kinds.push((seen.depth_before, change));
            } else {
                self.leave(seen, "kind");
            }
        }
        if before.parent != seen.after.parent {
            if lives && then.parent == seen.after.parent {
                let code = |parent: Option<Ux>| parent.map(|up| seen.world.code(up).to_owned());
                let mut transfer = line(Op::Transfer, seen);
                transfer.to = code(before.parent);
                transfer.from = code(then.parent);
                self.transfers.push((seen.depth_before, transfer));
            } else {
                self.leave(seen, "parent");
            }
        }
        let name = |version: &crate::tree::replay::world::Version| {
            (version.name.clone(), version.short_name.clone())
        };
        if name(was) != name(gave) {
            if lives && name(is) == name(gave) {
                let mut rename = line(Op::Rename, seen);
                rename.name = (was.name != is.name).then(|| was.name.clone());
                let has_another = was.short_name != is.short_name;
                rename.short_name = has_another.then(|| was.short_name.clone());
                self.names.push((seen.depth_before, rename));
            } else {
                self.leave(seen, "name");
            }
        }
    }

    fn leave(&mut self, seen: &Seen<'_>, aspect: &'static str) {
        let unit = seen.unit.code.to_string();
        self.left_alone.push(LeftAlone { unit, aspect });
    }

    fn finish(mut self, on: NaiveDate) -> DraftReversal {
        let by_depth = |lines: &mut Vec<(usize, LineContent)>| {
            lines.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.unit.cmp(&y.unit)));
        };
        by_depth(&mut self.restorations);
        by_depth(&mut self.kinds);
        by_depth(&mut self.transfers);
        by_depth(&mut self.names);
        by_depth(&mut self.ends);
        self.ends.reverse();
        self.left_alone.sort_by(|a, b| a.unit.cmp(&b.unit));
        let lines = [
            self.restorations,
            self.kinds,
            self.transfers,
            self.names,
            self.ends,
        ];
        DraftReversal {
            effective_on: Day(on),
            lines: lines.into_iter().flatten().map(|(_, line)| line).collect(),
            left_alone: self.left_alone,
        }
    }
}

fn line(op: Op, seen: &Seen<'_>) -> LineContent {
    LineContent {
        unit: Some(seen.unit.code.to_string()),
        ..LineContent::of(op)
    }
}

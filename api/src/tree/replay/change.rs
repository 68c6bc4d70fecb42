//! A change of the list, worked out by replaying the decisions that depend on what it changes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use liendoan_core::Result;

use super::apply::{Refusal, apply};
use super::line::{Depth, Line};
use super::rules::Rules;
use super::world::{Difference, Position, Ux, World};

/// A decision as far as the replay is concerned.
#[derive(Clone, Debug)]
pub struct Decision {
    pub id: i64,
    pub at: Position,
    pub lines: Vec<Line>,
}

/// What becomes of the list: a decision recorded (`after` alone), annulled (`before` alone) or
/// corrected (both).
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub before: Option<(i64, Position)>,
    pub after: Option<Decision>,
}

/// What is recorded already; asked when it is first needed.
pub trait Source {
    /// Enters units with all that is recorded of them and of what ever stood above them. Unknown codes
    /// and units that are known already are passed over.
    fn recall(&mut self, world: &mut World, which: Which<'_>) -> Result<()>;
    /// Units that a recorded decision touches.
    fn touched_by(&mut self, decision: i64) -> Result<Vec<i64>>;
    /// Recorded decisions after a place that rely on one of these units without touching it.
    fn readers(&mut self, units: &[i64], after: Position) -> Result<Vec<(i64, Position)>>;
    fn lines_of(&mut self, decision: i64) -> Result<Vec<Line>>;
}

/// Which units to recall.
#[derive(Clone, Copy)]
pub enum Which<'a> {
    Codes(&'a [&'a str]),
    Ids(&'a [i64]),
    /// All that ever stood directly under one of these.
    Under(&'a [i64]),
    /// All that ever stood under none.
    Roots,
}

/// Why the changed list does not replay.
#[derive(Debug)]
pub enum Failure {
    /// The changed decision itself does not.
    Refused(Box<Refusal>),
    /// Another one, recorded before and to be replayed after, no longer does.
    LaterDecisionDepends {
        decision: i64,
        refusal: Box<Refusal>,
    },
    /// The source failed.
    Unavailable(liendoan_core::Error),
}

impl From<liendoan_core::Error> for Failure {
    fn from(error: liendoan_core::Error) -> Self {
        Self::Unavailable(error)
    }
}

/// What replaying came to.
pub struct Outcome {
    pub world: World,
    /// What each replayed decision relies on, besides what it touches; None: it is gone from the list.
    pub reads: BTreeMap<i64, Option<BTreeSet<Ux>>>,
}

impl Outcome {
    /// Gives a decision the id that it got when its row was written.
    pub fn with_id(mut self, placeholder: i64, id: i64) -> Self {
        if placeholder != id {
            self.world.rename_decision(placeholder, id);
            if let Some(reads) = self.reads.remove(&placeholder) {
                self.reads.insert(id, reads);
            }
        }
        self
    }
}

/// Replays what depends on the change.
pub fn replay<S: Source>(
    source: &mut S,
    rules: &Rules,
    change: &Change,
) -> Result<Outcome, Failure> {
    Replay {
        source,
        rules,
        world: World::default(),
        queue: BTreeMap::new(),
        reads: BTreeMap::new(),
        known_below: HashSet::new(),
    }
    .run(change)
}

struct Replay<'a, S> {
    source: &'a mut S,
    rules: &'a Rules,
    world: World,
    /// What is to be replayed yet, in order.
    queue: BTreeMap<Position, Step>,
    reads: BTreeMap<i64, Option<BTreeSet<Ux>>>,
    /// Units of which all that ever stood under them is known.
    known_below: HashSet<Ux>,
}

#[derive(Clone, Debug)]
enum Step {
    /// A recorded decision, as it is.
    Again(i64),
    Remove(i64),
    Put(Decision),
}

impl<S: Source> Replay<'_, S> {
    fn run(mut self, change: &Change) -> Result<Outcome, Failure> {
        self.source.recall(&mut self.world, Which::Roots)?;
        if let Some((id, at)) = change.before {
            self.queue.insert(at, Step::Remove(id));
        }
        if let Some(decision) = &change.after {
            self.queue.insert(decision.at, Step::Put(decision.clone()));
        }
        while let Some((at, step)) = self.queue.pop_first() {
            self.step(at, step)?;
        }
        Ok(Outcome {
            world: self.world,
            reads: self.reads,
        })
    }

    fn step(&mut self, at: Position, step: Step) -> Result<(), Failure> {
        let (id, lines, is_new) = match step {
            Step::Again(id) => (id, Some(self.source.lines_of(id)?), false),
            Step::Remove(id) => (id, None, true),
            Step::Put(decision) => (decision.id, Some(decision.lines), true),
        };
        let touched_before = self.touched_before(id, at)?;
        let applied = match lines {
            None => None,
            Some(lines) => {
                self.recall_for(&lines)?;
                let applied = apply(&mut self.world, self.rules, id, at, &lines);
                Some(applied.map_err(|refusal| match is_new {
                    true => Failure::Refused(refusal),
                    false => Failure::LaterDecisionDepends {
                        decision: id,
                        refusal,
                    },
                })?)
            }
        };
        let (mut touches, reads) = match applied {
            Some(applied) => (applied.touches, Some(applied.reads)),
            None => (BTreeMap::new(), None),
        };
        // A decision that moved to another day is removed from one place and put in another.
        let reads_elsewhere = self.reads.get(&id).is_some_and(Option::is_some);
        if reads.is_some() || !reads_elsewhere {
            self.reads.insert(id, reads);
        }
        let touched: BTreeSet<Ux> = touched_before
            .into_iter()
            .chain(touches.keys().copied())
            .collect();
        let (mut of_itself, mut of_standing) = (Vec::new(), Vec::new());
        for ux in touched {
            match self.world.put(ux, at, touches.remove(&ux)) {
                Difference::None => {}
                Difference::OfItself => of_itself.push(ux),
                Difference::OfStanding => of_standing.push(ux),
            }
        }
        self.queue_dependents(at, &of_itself, &of_standing)
    }

    /// Units that the decision touches as recorded, at this very place.
    fn touched_before(&mut self, id: i64, at: Position) -> Result<Vec<Ux>, Failure> {
        let ids = self.source.touched_by(id)?;
        self.source.recall(&mut self.world, Which::Ids(&ids))?;
        let known = ids.into_iter().filter_map(|id| self.world.find_id(id));
        let touched = known.filter(|ux| {
            let touches = &self.world.unit(*ux).touches;
            touches.iter().any(|touch| touch.at == at)
        });
        let touched = touched.collect();
        Ok(touched)
    }

    /// Learns of all that the lines may look at.
    fn recall_for(&mut self, lines: &[Line]) -> Result<(), Failure> {
        let codes: BTreeSet<&str> = lines.iter().flat_map(Line::codes).collect();
        let unknown: Vec<&str> = codes
            .into_iter()
            .filter(|code| self.world.find(code).is_none())
            .collect();
        self.source
            .recall(&mut self.world, Which::Codes(&unknown))?;
        let below: Vec<(&str, Depth)> = lines.iter().flat_map(Line::looks_below).collect();
        let find = |depth: Depth| {
            let chosen = below.iter().filter(move |(_, d)| *d == depth);
            chosen
                .filter_map(|(code, _)| self.world.find(code))
                .collect::<Vec<Ux>>()
        };
        let (children_of, mut all_below) = (find(Depth::Children), find(Depth::All));
        self.recall_below(&children_of)?;
        if !all_below.is_empty() {
            // What the lines before it put there ends with it as well.
            let moved = lines.iter().flat_map(Line::moves);
            all_below.extend(moved.filter_map(|code| self.world.find(code)));
            let handed_over = children_of.iter();
            all_below.extend(handed_over.flat_map(|ux| self.world.ever_under(*ux)));
        }
        let mut seen: HashSet<Ux> = HashSet::new();
        while !all_below.is_empty() {
            self.recall_below(&all_below)?;
            seen.extend(&all_below);
            let next = all_below.iter().flat_map(|ux| self.world.ever_under(*ux));
            let next: HashSet<Ux> = next.filter(|ux| !seen.contains(ux)).collect();
            all_below = next.into_iter().collect();
        }
        Ok(())
    }

    fn recall_below(&mut self, units: &[Ux]) -> Result<(), Failure> {
        let mut ids = Vec::new();
        for ux in units {
            if self.known_below.insert(*ux) {
                ids.extend(self.world.unit(*ux).id);
            }
        }
        Ok(self.source.recall(&mut self.world, Which::Under(&ids))?)
    }

    /// Queues every recorded decision after `at` that may come out differently now.
    fn queue_dependents(
        &mut self,
        at: Position,
        of_itself: &[Ux],
        of_standing: &[Ux],
    ) -> Result<(), Failure> {
        let mut units: HashSet<Ux> = of_itself.iter().chain(of_standing).copied().collect();
        // What takes or ends children, or must not lie below: by whatever touches one above.
        let mut above: HashMap<Ux, HashSet<Ux>> = HashMap::new();
        for ux in of_standing {
            let touches = &self.world.unit(*ux).touches;
            let recorded = &self.world.unit(*ux).recorded.touches;
            for parent in touches.iter().chain(recorded).map(|t| t.state.parent) {
                match parent {
                    None => units.extend(self.world.roots()),
                    Some(parent) => {
                        let above = above
                            .entry(parent)
                            .or_insert_with(|| self.world.ever_above(parent));
                        units.insert(parent);
                        units.extend(above.iter());
                    }
                }
            }
        }
        let mut later: BTreeMap<Position, i64> = BTreeMap::new();
        for ux in units {
            let touches = self.world.unit(ux).recorded.touches.iter();
            later.extend(touches.map(|touch| (touch.at, touch.decision)));
        }
        let ids: Vec<i64> = of_standing
            .iter()
            .filter_map(|ux| self.world.unit(*ux).id)
            .collect();
        let readers = self.source.readers(&ids, at)?;
        later.extend(readers.into_iter().map(|(id, at)| (at, id)));
        for (place, id) in later.range(at..).filter(|(place, _)| **place > at) {
            // What is to be removed or put there stays so.
            self.queue.entry(*place).or_insert(Step::Again(*id));
        }
        Ok(())
    }
}

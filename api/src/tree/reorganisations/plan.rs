//! What a change of the list would come to, on the way to a preview or to a commit.

use chrono::NaiveDate;
use liendoan_core::error::FieldError;
use liendoan_core::{Code, Db, Error, Result, Scope, UnitId};

use super::content::ReorganisationContent;
use super::model::{Recorded, day_of};
use super::preview::{Preview, preview};
use super::rights::{self, Needed, Reading};
use super::source::{Recording, rules};
use super::{commit, hanging, queries, related};
use crate::http::Grant;
use crate::http::grant::{ReadAccounts, ReorganiseUnits};
use crate::tree::documents::{DocumentId, queries as documents};
use crate::tree::replay::change::replay;
use crate::tree::replay::rows;
use crate::tree::replay::world::{Touch, Unit};
use crate::tree::replay::{Change, Decision, Failure, Outcome, Position, Refusal, Rules};
use crate::tree::{cover, places};

/// A change of the list of decisions.
#[derive(Clone, Debug)]
pub enum Edit {
    Record(ReorganisationContent),
    Correct(Recorded, ReorganisationContent),
    Annul(Recorded),
}

impl Edit {
    /// What it says, and what was said before.
    fn contents(&self) -> Vec<&ReorganisationContent> {
        match self {
            Edit::Record(content) => vec![content],
            Edit::Correct(before, content) => vec![&before.content, content],
            Edit::Annul(before) => vec![&before.content],
        }
    }

    /// The day before which it leaves the tree as it was.
    fn first_day(&self) -> NaiveDate {
        let days = self.contents().into_iter().map(day_of);
        days.min().unwrap_or(NaiveDate::MIN)
    }
}

/// What an edit comes to.
pub struct Plan {
    pub rules: Rules,
    pub outcome: Outcome,
    /// The place of the changed decision on its day.
    pub day_seq: i32,
    pub preview: Preview,
    /// Units that one needs rights on for it.
    pub needed: Needed,
}

/// What those who ask for an edit may do, and what they are shown of it.
pub struct Asker {
    /// Where they reorganise.
    pub scope: Scope,
    /// Where they read accounts: elsewhere a preview does not tell whose a role is.
    pub accounts: Scope,
}

impl Asker {
    pub fn of(grant: &Grant<ReorganiseUnits>) -> Self {
        Self {
            scope: grant.scope().clone(),
            accounts: grant.caller.scope::<ReadAccounts>(),
        }
    }

    /// The program itself.
    pub const fn all() -> Self {
        Self {
            scope: Scope::All,
            accounts: Scope::All,
        }
    }
}

/// Stands for a decision that has no row yet.
const NEW: i64 = 0;

/// Works out an edit. Reads alone; refuses what does not hold, and what is not the caller's to do: their
/// scope must cover, today, each unit that a line needs.
pub fn work_out(db: &mut Db, asker: &Asker, edit: &Edit, today: NaiveDate) -> Result<Plan> {
    let scope = &asker.scope;
    let (before, content) = match edit {
        Edit::Record(content) => (None, Some(content)),
        Edit::Correct(before, content) => (Some(before), Some(content)),
        Edit::Annul(before) => (Some(before), None),
    };
    if let Some(before) = before {
        before.check_in_force()?;
    }
    let id = before.map_or(NEW, |before| before.id.0);
    let mut change = Change {
        before: before.map(|before| (id, before.position())),
        after: None,
    };
    let mut day_seq = before.map_or(0, |before| before.day_seq);
    if let Some(content) = content {
        let lines = content.to_lines()?;
        check_document(db, scope, content)?;
        let on = day_of(content);
        // On its own day it keeps its place; on another it comes last.
        let stays = before.is_some_and(|before| before.position().on == on);
        if !stays {
            day_seq = queries::next_seq(db, on)?;
        }
        let at = Position { on, seq: day_seq };
        change.after = Some(Decision { id, at, lines });
    }
    let rules = rules(db, scope)?;
    let outcome = replay(&mut Recording { db }, &rules, &change);
    let outcome = outcome.map_err(|failure| explain(db, scope, failure))?;
    let mut needed = Needed::default();
    if let Some(before) = before {
        let lines = before.content.to_lines()?;
        let at = before.position();
        needed = rights::add(needed, &outcome.world, Reading::Recorded, at, &lines);
    }
    if let Some(after) = &change.after {
        needed = rights::add(
            needed,
            &outcome.world,
            Reading::Changed,
            after.at,
            &after.lines,
        );
    }
    check_rights(db, scope, &needed, today)?;
    related::check_not_in_use(db, scope, &outcome)?;
    hanging::check_records_have_days(db, scope, &outcome)?;
    let mut preview = preview(&outcome)?;
    let on = change.after.as_ref().map(|decision| decision.at.on);
    let on = on
        .or(change.before.map(|(_, at)| at.on))
        .unwrap_or(NaiveDate::MIN);
    related::complete(db, asker, &rules, &outcome, on, today, &mut preview)?;
    Ok(Plan {
        rules,
        outcome,
        day_seq,
        preview,
        needed,
    })
}

fn check_rights(db: &mut Db, scope: &Scope, needed: &Needed, today: NaiveDate) -> Result<()> {
    if *scope == Scope::All {
        return Ok(());
    }
    let whole = needed.everything.then_some(None);
    let units = needed.units.iter().copied().map(Some);
    for unit in whole.into_iter().chain(units) {
        cover::check_writes(db, scope, unit, today)?;
    }
    Ok(())
}

fn check_document(db: &mut Db, scope: &Scope, content: &ReorganisationContent) -> Result<()> {
    let found = documents::find(db, scope, DocumentId(content.document_id));
    found.map(drop).map_err(|error| match error.code() {
        Code::NotFound => {
            let field = FieldError::at("/document_id", Code::DocumentUnknown);
            Error::fields(vec![field])
        }
        _ => error,
    })
}

fn explain(db: &mut Db, scope: &Scope, failure: Failure) -> Error {
    match failure {
        Failure::Unavailable(error) => error,
        Failure::Refused(refusal) => {
            let Refusal {
                line,
                pointer,
                code,
                params,
            } = *refusal;
            let mut field = FieldError::at(format!("/lines/{line}{pointer}"), code);
            field.params = params;
            Error::fields(vec![field])
        }
        Failure::LaterDecisionDepends { decision, refusal } => {
            let id = super::ReorganisationId(decision);
            let depends = queries::find(db, scope, id);
            let on = depends.ok().and_then(|d| d.content.effective_on);
            Error::new(Code::LaterDecisionDepends)
                .with("reorganisation_id", decision)
                .with("effective_on", on.map(|day| day.0.to_string()))
                .with("line", refusal.line)
                .with(
                    "pointer",
                    format!("/lines/{}{}", refusal.line, refusal.pointer),
                )
                .with("code", refusal.code.as_str())
                .with("params", refusal.params)
        }
    }
}

/// Holds a commit to the preview that was seen.
pub fn check_seen(preview: &Preview, fingerprint: Option<&str>) -> Result<()> {
    match fingerprint {
        None => Err(Code::PreviewRequired.into()),
        Some(seen) if seen == preview.fingerprint => Ok(()),
        Some(_) => {
            let shown = serde_json::to_value(preview).map_err(Error::internal)?;
            Err(Error::new(Code::PreviewOutdated)
                .with("fingerprint", preview.fingerprint.as_str())
                .with("preview", shown))
        }
    }
}

/// Carries an edit out; answers the decision as it is now.
pub fn carry_out(
    tx: &mut liendoan_core::Tx<'_>,
    asker: &Asker,
    edit: &Edit,
    reason: Option<&str>,
    fingerprint: Option<&str>,
    today: NaiveDate,
) -> Result<(Recorded, i64)> {
    // First of all: what is worked out must still hold when it is written.
    let revision = commit::take_list(tx)?;
    let plan = work_out(tx, asker, edit, today)?;
    check_seen(&plan.preview, fingerprint)?;
    let (event, recorded) = match edit {
        Edit::Record(content) => {
            let recorded = queries::insert(tx, content, plan.day_seq, today)?;
            ("reorganisation.recorded", recorded)
        }
        Edit::Correct(before, content) => {
            let recorded = queries::correct(tx, before, content, plan.day_seq, today)?;
            ("reorganisation.corrected", recorded)
        }
        Edit::Annul(before) => {
            let recorded = queries::annul(tx, before, reason.unwrap_or_default())?;
            ("reorganisation.annulled", recorded)
        }
    };
    let outcome = plan.outcome.with_id(NEW, recorded.id.0);
    commit::write(tx, &plan.rules, &outcome, revision)?;
    places::renew(tx, &moved(&outcome), Some(edit.first_day()))?;
    if matches!(edit, Edit::Annul(_)) {
        commit::remember_annulled(tx, &outcome, recorded.id.0)?;
    }
    let before = match edit {
        Edit::Record(_) => None,
        Edit::Correct(before, _) | Edit::Annul(before) => Some(before),
    };
    let mut named = plan.needed.units.clone();
    for content in edit.contents() {
        let world = &outcome.world;
        for line in content.to_lines()? {
            let known = line.codes().into_iter().filter_map(|code| world.find(code));
            named.extend(known.filter_map(|ux| world.unit(ux).id.map(UnitId)));
        }
    }
    let units = cover::concerned(tx, named, today)?;
    let news = queries::News {
        event_type: event,
        before,
        tree_revision: revision.tree,
        preview: Some(&plan.preview),
        units: &units,
    };
    queries::tell(tx, &recorded, &news)?;
    Ok((recorded, revision.tree))
}

/// Units that stand elsewhere, live otherwise or are followed by others than before.
fn moved(outcome: &Outcome) -> Vec<i64> {
    let links = |touches: &[Touch]| -> Vec<_> {
        let links = touches.iter().flat_map(|touch| &touch.links);
        links.cloned().collect()
    };
    let is_moved = |unit: &Unit| {
        let (before, after) = (&unit.recorded.touches, &unit.touches);
        rows::placements(before) != rows::placements(after)
            || rows::lives(before) != rows::lives(after)
            || links(before) != links(after)
    };
    let units = outcome.world.units().map(|(_, unit)| unit);
    let moved = units.filter(|unit| unit.is_changed() && is_moved(unit));
    moved.filter_map(|unit| unit.id).collect()
}

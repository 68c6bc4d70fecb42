//! From state to state: draft, submitted, approved, or returned with a reason. No I/O.
//!
//! An approval locks. What was approved changes only by a correction, which writes new content beside the
//! old: until it is approved in its turn, the old one counts.

use std::fmt;

use liendoan_core::{Code, Error};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a record is on its way up.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordState)]
pub enum State {
    /// It is being written.
    Draft,
    /// It waits for an approval.
    Submitted,
    /// It was sent back, with a reason.
    Returned,
    /// It counts.
    Approved,
    /// It was approved and counts no more.
    Withdrawn,
}

impl State {
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Submitted,
        Self::Returned,
        Self::Approved,
        Self::Withdrawn,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Its state by name, as it is kept.
    pub fn named(name: &str) -> Result<Self, Error> {
        let mut all = Self::ALL.into_iter();
        let unknown = || Error::internal(format!("no record is in a state {name:?}"));
        all.find(|state| state.as_str() == name).ok_or_else(unknown)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What somebody does to a record.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordAction)]
pub enum Action {
    /// Writes other content.
    Edit,
    /// Throws away what was never approved; of a correction, the new content alone.
    Delete,
    /// Sends it up.
    Submit,
    /// Takes it back before anybody has decided.
    Recall,
    Approve,
    /// Sends it back with a reason.
    Return,
    /// Opens what was approved for new content.
    Correct,
    /// Lets what was approved count no more.
    Withdraw,
}

/// Whose matter an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those who record for the unit.
    Recorder,
    /// Those who approve for the superior.
    Approver,
}

impl Action {
    pub const ALL: [Self; 8] = [
        Self::Edit,
        Self::Delete,
        Self::Submit,
        Self::Recall,
        Self::Approve,
        Self::Return,
        Self::Correct,
        Self::Withdraw,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Submit => "submit",
            Self::Recall => "recall",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Correct => "correct",
            Self::Withdraw => "withdraw",
        }
    }

    /// What it is called in the feed, once it is done: `activity.submitted`.
    pub fn done(self) -> &'static str {
        match self {
            Self::Edit => "updated",
            Self::Delete => "deleted",
            Self::Submit => "submitted",
            Self::Recall => "recalled",
            Self::Approve => "approved",
            Self::Return => "returned",
            Self::Correct => "correction_opened",
            Self::Withdraw => "withdrawn",
        }
    }

    pub fn side(self) -> Side {
        match self {
            Self::Edit | Self::Delete | Self::Submit | Self::Recall | Self::Correct => {
                Side::Recorder
            }
            Self::Approve | Self::Return | Self::Withdraw => Side::Approver,
        }
    }

    /// Whether it changes what counts, or brings it about: then it is not done in a period that is closed.
    pub fn needs_open_period(self) -> bool {
        matches!(
            self,
            Self::Submit | Self::Approve | Self::Correct | Self::Withdraw
        )
    }

    /// Whether whoever does it says why.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Return | Self::Correct | Self::Withdraw)
    }
}

/// A record on its way: its state, and which of its contents counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    pub state: State,
    /// Of its newest content: 1, and one more with each correction.
    pub number: i32,
    /// Of the content that counts; 0 before the first approval.
    pub approved_number: i32,
}

impl Life {
    /// A new draft.
    pub const NEW: Self = Self {
        state: State::Draft,
        number: 1,
        approved_number: 0,
    };

    pub fn was_approved(self) -> bool {
        self.approved_number > 0
    }

    /// What an action makes of it; None: it is gone.
    pub fn after(self, action: Action) -> Result<Option<Self>, Error> {
        use State::{Approved, Draft, Returned, Submitted, Withdrawn};
        let to = |state| Ok(Some(Self { state, ..self }));
        match (action, self.state) {
            (Action::Edit, Draft | Returned) => to(self.state),
            (Action::Submit, Draft | Returned) => to(Submitted),
            (Action::Recall, Submitted) => to(Draft),
            (Action::Return, Submitted) => to(Returned),
            (Action::Withdraw, Approved) => to(Withdrawn),
            (Action::Approve, Submitted) => Ok(Some(Self {
                state: Approved,
                approved_number: self.number,
                ..self
            })),
            (Action::Correct, Approved) => Ok(Some(Self {
                state: Draft,
                number: self.number + 1,
                ..self
            })),
            (Action::Delete, Draft | Returned) => Ok(self.was_approved().then_some(Self {
                state: Approved,
                number: self.approved_number,
                ..self
            })),
            _ => Err(Error::new(Code::StateForbids)
                .with("state", self.state.as_str())
                .with("action", action.as_str())),
        }
    }

    pub fn allows(self, action: Action) -> bool {
        self.after(action).is_ok()
    }

    /// Whether there is anything for that side to do.
    pub fn is_open_to(self, side: Side) -> bool {
        let mut all = Action::ALL.into_iter();
        all.any(|action| action.side() == side && self.allows(action))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn walk(actions: &[Action]) -> Vec<(Life, Action, Option<Life>)> {
        let mut life = Life::NEW;
        let mut steps = Vec::new();
        for action in actions {
            if let Ok(after) = life.after(*action) {
                steps.push((life, *action, after));
                match after {
                    Some(after) => life = after,
                    None => break,
                }
            }
        }
        steps
    }

    proptest! {
        #[test]
        fn only_an_approval_makes_content_count(actions in vec(select(&Action::ALL[..]), 0..40)) {
            for (before, action, after) in walk(&actions) {
                let Some(after) = after else { continue };
                if after.approved_number != before.approved_number {
                    prop_assert_eq!((action, before.state), (Action::Approve, State::Submitted));
                    prop_assert_eq!(after.approved_number, after.number);
                }
                if after.state == State::Approved {
                    prop_assert_eq!(after.approved_number, after.number);
                    prop_assert!(after.was_approved());
                }
            }
        }

        #[test]
        fn what_was_approved_is_never_gone(actions in vec(select(&Action::ALL[..]), 0..40)) {
            for (before, _, after) in walk(&actions) {
                prop_assert!(after.is_some() || !before.was_approved());
                if let Some(after) = after {
                    prop_assert!(after.approved_number >= before.approved_number);
                }
            }
        }

        #[test]
        fn a_correction_thrown_away_leaves_what_counted(actions in vec(select(&Action::ALL[..]), 0..40)) {
            for (before, action, after) in walk(&actions) {
                if action == Action::Correct {
                    let opened = after.unwrap();
                    prop_assert_eq!(opened.number, before.number + 1);
                    prop_assert_eq!(opened.after(Action::Delete).unwrap(), Some(before));
                }
            }
        }
    }

    #[test]
    fn each_state_allows_what_it_must_and_no_more() {
        let allowed = |life: Life| -> Vec<Action> {
            let all = Action::ALL.into_iter();
            all.filter(|action| life.allows(*action)).collect()
        };
        let of = |state| Life {
            state,
            number: 1,
            approved_number: 1,
        };
        let open = [Action::Edit, Action::Delete, Action::Submit];
        assert_eq!(allowed(of(State::Draft)), open);
        assert_eq!(allowed(of(State::Returned)), open);
        assert_eq!(
            allowed(of(State::Submitted)),
            [Action::Recall, Action::Approve, Action::Return]
        );
        assert_eq!(
            allowed(of(State::Approved)),
            [Action::Correct, Action::Withdraw]
        );
        assert_eq!(allowed(of(State::Withdrawn)), []);
    }

    #[test]
    fn states_are_kept_by_their_names() {
        for state in State::ALL {
            assert_eq!(State::named(state.as_str()).unwrap(), state);
        }
        assert!(State::named("lost").is_err());
    }
}

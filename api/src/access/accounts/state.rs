//! What can be done with an account in each state. No I/O.

use liendoan_core::Code;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;

/// What is done with an account by those who manage it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountAction {
    Edit,
    Invite,
    Reset,
    Lock,
    Unlock,
    Disable,
    EndSessions,
}

impl AccountAction {
    pub const ALL: [Self; 7] = [
        Self::Edit,
        Self::Invite,
        Self::Reset,
        Self::Lock,
        Self::Unlock,
        Self::Disable,
        Self::EndSessions,
    ];

    /// What the audit log calls it.
    pub fn noted_as(self) -> &'static str {
        match self {
            Self::Edit => "account.updated",
            Self::Invite => "account.invited",
            Self::Reset => "account.reset",
            Self::Lock => "account.locked",
            Self::Unlock => "account.unlocked",
            Self::Disable => "account.disabled",
            Self::EndSessions => "account.signed_out",
        }
    }

    /// Whether it lets somebody in: whoever does it could come in instead.
    pub fn opens(self) -> bool {
        matches!(self, Self::Invite | Self::Reset | Self::Unlock)
    }

    /// Whether one may do it with one's own account, as far as one manages that.
    pub fn is_for_oneself(self) -> bool {
        matches!(self, Self::Edit | Self::EndSessions)
    }
}

/// The state after an action; refused where the state does not allow it. An account that is unlocked is
/// as it was: without a password it waits for one.
pub fn after(state: State, action: AccountAction, has_password: bool) -> Result<State, Code> {
    use AccountAction::{Disable, Edit, EndSessions, Invite, Lock, Reset, Unlock};
    use State::{Active, Disabled, Invited, Locked};
    match (action, state) {
        (Edit | EndSessions, state) => Ok(state),
        (Invite, Invited) => Ok(Invited),
        (Reset, Invited | Active | Locked) => Ok(Invited),
        (Lock, Invited | Active) => Ok(Locked),
        (Unlock, Locked) if has_password => Ok(Active),
        (Unlock, Locked) => Ok(Invited),
        (Disable, Invited | Active | Locked) => Ok(Disabled),
        _ => Err(Code::AccountState),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_allows_what_it_allows_and_nothing_else() {
        use State::{Active, Disabled, Invited, Locked};
        let table = [
            // From, and then: invite, reset, lock, unlock, disable.
            (
                Invited,
                [
                    Some(Invited),
                    Some(Invited),
                    Some(Locked),
                    None,
                    Some(Disabled),
                ],
            ),
            (
                Active,
                [None, Some(Invited), Some(Locked), None, Some(Disabled)],
            ),
            (
                Locked,
                [None, Some(Invited), None, Some(Active), Some(Disabled)],
            ),
            (Disabled, [None; 5]),
        ];
        let actions = [
            AccountAction::Invite,
            AccountAction::Reset,
            AccountAction::Lock,
            AccountAction::Unlock,
            AccountAction::Disable,
        ];
        for (from, outcomes) in table {
            for (action, outcome) in actions.into_iter().zip(outcomes) {
                assert_eq!(
                    after(from, action, true).ok(),
                    outcome,
                    "{from:?} {action:?}"
                );
            }
            assert_eq!(after(from, AccountAction::Edit, true), Ok(from));
        }
    }

    #[test]
    fn who_never_had_a_password_is_invited_again_when_unlocked() {
        let unlocked = after(State::Locked, AccountAction::Unlock, false);
        assert_eq!(unlocked, Ok(State::Invited));
    }

    #[test]
    fn what_is_disabled_stays_so() {
        for action in AccountAction::ALL {
            let outcome = after(State::Disabled, action, true);
            assert!(
                matches!(outcome, Err(_) | Ok(State::Disabled)),
                "{action:?}"
            );
        }
    }
}

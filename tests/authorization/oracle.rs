//! What the service must answer, worked out a second time and as plainly as can be: it walks maps of text,
//! and takes nothing from the service, not even its lists of roles and permissions.

use std::collections::BTreeSet;

use super::tree::Tree;

/// Days as text: they sort as days do.
pub const TODAY: &str = "2026-01-15";
const NEVER: &str = "9999-12-31";

/// What everybody may who holds any role today.
const EVERYBODYS: [&str; 5] = [
    "reference_data:read",
    "documents:read",
    "units:read",
    "clusters:read",
    "partners:read",
];

pub const ROLES: [&str; 10] = [
    "administrator",
    "viewer",
    "recorder",
    "approver",
    "organiser",
    "evaluator",
    "publisher",
    "account_administrator",
    "auditor",
    "integrator",
];

/// A role that the test makes: it manages accounts, and may give next to nothing.
pub const CLERK: &str = "account_clerk";

/// What a role lets do, as the issue tells it.
pub fn permissions(role: &str) -> Vec<&'static str> {
    let text = match role {
        "administrator" => {
            "reference_data:read reference_data:edit documents:read documents:edit units:read units:edit \
             units:reorganise clusters:read clusters:edit events:read accounts:read accounts:manage \
             roles:edit service_accounts:manage audit:read metrics:read records:read activities:record \
             activities:approve awards:record awards:approve agreements:record agreements:approve \
             inspections:record inspections:approve returns:record returns:approve campaigns:record \
             campaigns:approve partners:read partners:edit \
             targets:assign evaluations:score personal_data:read records:publish periods:lock"
        }
        "viewer" => "records:read",
        "recorder" => {
            "records:read documents:edit partners:edit activities:record awards:record agreements:record \
             inspections:record returns:record"
        }
        "approver" => {
            "records:read personal_data:read activities:approve awards:approve agreements:approve \
             inspections:approve returns:approve campaigns:approve periods:lock"
        }
        "organiser" => "records:read documents:edit units:edit units:reorganise clusters:edit",
        "evaluator" => {
            "records:read clusters:edit partners:edit campaigns:record targets:assign evaluations:score"
        }
        "publisher" => "records:read records:publish",
        "account_administrator" => "accounts:read accounts:manage roles:edit",
        "auditor" => "records:read accounts:read audit:read",
        "integrator" => "records:read events:read metrics:read service_accounts:manage",
        CLERK => "accounts:read accounts:manage service_accounts:manage",
        other => panic!("no role {other}"),
    };
    text.split_whitespace().collect()
}

/// Where something is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    Everywhere,
    Under(BTreeSet<String>),
}

/// Permissions held somewhere from a day until before another.
#[derive(Clone, Debug)]
pub struct Held {
    pub permissions: Vec<&'static str>,
    pub unit: Option<String>,
    pub from: String,
    pub to: String,
}

pub fn role_on(role: &str, unit: Option<&str>) -> Held {
    Held {
        permissions: permissions(role),
        unit: unit.map(str::to_owned),
        from: "0001-01-01".to_owned(),
        to: NEVER.to_owned(),
    }
}

/// Whoever asks.
#[derive(Clone, Debug)]
pub enum Who {
    Nobody,
    Person(Vec<Held>),
    System(Held),
}

impl Who {
    /// The very units on which a person may do something today.
    pub fn may_on(&self, permission: &str, root: &str) -> Vec<String> {
        let Self::Person(held) = self else {
            return Vec::new();
        };
        let may = held.iter().filter(|held| {
            let is_live = held.from.as_str() <= TODAY && TODAY < held.to.as_str();
            is_live && held.permissions.contains(&permission)
        });
        may.map(|held| held.unit.clone().unwrap_or_else(|| root.to_owned()))
            .collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Allowed,
    Unauthenticated,
    PeopleOnly,
    Forbidden,
    OutOfScope,
    NotHeld,
    NotTheApprover,
    Hidden,
}

/// The thing asked about, or the actor's own unit.
#[derive(Clone, Copy, Debug)]
pub enum Spot {
    There,
    Own,
}

/// What an operation asks for. The first that is not met decides.
#[derive(Clone, Copy, Debug)]
pub enum Demand {
    /// Somebody who is signed in, with or without rights.
    Person,
    /// Nothing of the caller's own is meant: it is not there for them.
    Nothing,
    /// Wherever.
    May(&'static str),
    /// In the whole federation.
    MayEverywhere(&'static str),
    /// What is outside is not there.
    Sees(&'static str, Spot),
    /// Units are no secret; to write for one outside is.
    Writes(&'static str, Spot),
    /// What was under their units on its day, or is today; the rest is not there.
    Reads(&'static str),
    /// On the nearest unit above, on which anybody may.
    Approves(&'static str),
    /// All that a role consists of, at that place.
    Holds(&'static str, Spot),
    /// One permission, at that place.
    HoldsOne(&'static str, Spot),
}

pub struct Oracle {
    pub tree: Tree,
    pub root: &'static str,
    /// The unit that the actors' grants are on.
    pub own: &'static str,
    /// Units on which somebody may approve who had no hand in what there is.
    pub approving: BTreeSet<String>,
}

/// The day of what is recorded of a unit.
pub fn record_day(unit: &str) -> &'static str {
    match unit {
        "hn-new" => "2026-04-01",
        _ => "2025-02-01",
    }
}

impl Oracle {
    fn reach(&self, who: &Who, permission: &str) -> Option<Reach> {
        let held: Vec<&Held> = match who {
            Who::Nobody => return None,
            Who::Person(held) => held.iter().collect(),
            Who::System(held) => vec![held],
        };
        let is_live = |held: &&&Held| held.from.as_str() <= TODAY && TODAY < held.to.as_str();
        let live: Vec<&Held> = held.iter().filter(is_live).copied().collect();
        let is_person = matches!(who, Who::Person(_));
        if is_person && !live.is_empty() && EVERYBODYS.contains(&permission) {
            return Some(Reach::Everywhere);
        }
        let mut tops = BTreeSet::new();
        for held in live
            .iter()
            .filter(|held| held.permissions.contains(&permission))
        {
            match &held.unit {
                Some(unit) if unit != self.root => tops.insert(unit.clone()),
                _ => return Some(Reach::Everywhere),
            };
        }
        (!tops.is_empty()).then_some(Reach::Under(tops))
    }

    /// Whether a reach covers a unit today; None is the whole federation.
    pub fn covers(&self, reach: &Reach, unit: Option<&str>) -> bool {
        match (reach, unit) {
            (Reach::Everywhere, _) => true,
            (Reach::Under(_), None) => false,
            (Reach::Under(tops), Some(unit)) => {
                let line = self.tree.line(unit, TODAY);
                line.iter().any(|unit| tops.contains(unit))
            }
        }
    }

    fn may_at(&self, who: &Who, permission: &str, unit: Option<&str>) -> bool {
        let reach = self.reach(who, permission);
        reach.is_some_and(|reach| self.covers(&reach, unit))
    }

    /// Whether somebody reads what is recorded of a unit on a day.
    pub fn reads(&self, who: &Who, permission: &str, unit: &str, day: &str) -> bool {
        match self.reach(who, permission) {
            None => false,
            Some(Reach::Everywhere) => true,
            Some(Reach::Under(tops)) => {
                let then = self.tree.line(unit, day);
                let now = self.tree.line(unit, TODAY);
                then.iter().chain(&now).any(|unit| tops.contains(unit))
            }
        }
    }

    /// Whether somebody decides on what is recorded of a unit.
    fn approves(&self, who: &Who, permission: &str, unit: &str) -> bool {
        let superiors = self.tree.superiors(unit, TODAY);
        let nearest = superiors.iter().find(|unit| self.approving.contains(*unit));
        nearest.is_some_and(|nearest| who.may_on(permission, self.root).contains(nearest))
    }

    pub fn sees(&self, who: &Who, permission: &str, unit: Option<&str>) -> bool {
        self.may_at(who, permission, unit)
    }

    /// What the service answers to `who` about something of `unit`.
    pub fn predict(&self, who: &Who, demands: &[Demand], unit: Option<&str>) -> Class {
        if demands.is_empty() {
            return Class::Allowed;
        }
        if matches!(who, Who::Nobody) {
            return Class::Unauthenticated;
        }
        let refused = demands
            .iter()
            .find_map(|demand| self.refusal(who, demand, unit));
        refused.unwrap_or(Class::Allowed)
    }

    fn refusal(&self, who: &Who, demand: &Demand, unit: Option<&str>) -> Option<Class> {
        let at = |spot: &Spot| match spot {
            Spot::There => unit,
            Spot::Own => Some(self.own),
        };
        let without = |permission: &str| self.reach(who, permission).is_none();
        let unless = |met: bool, class| (!met).then_some(class);
        match demand {
            Demand::Person => unless(matches!(who, Who::Person(_)), Class::PeopleOnly),
            Demand::Nothing => Some(Class::Hidden),
            Demand::May(permission) => unless(!without(permission), Class::Forbidden),
            Demand::MayEverywhere(permission) => match self.reach(who, permission) {
                None => Some(Class::Forbidden),
                Some(reach) => unless(reach == Reach::Everywhere, Class::OutOfScope),
            },
            Demand::Sees(permission, _)
            | Demand::Writes(permission, _)
            | Demand::Reads(permission)
            | Demand::Approves(permission)
                if without(permission) =>
            {
                Some(Class::Forbidden)
            }
            Demand::Reads(permission) => {
                let unit = unit.unwrap_or(self.root);
                let is_read = self.reads(who, permission, unit, record_day(unit));
                unless(is_read, Class::Hidden)
            }
            Demand::Approves(permission) => {
                let decides = self.approves(who, permission, unit.unwrap_or(self.root));
                unless(decides, Class::NotTheApprover)
            }
            Demand::Sees(permission, spot) => {
                unless(self.may_at(who, permission, at(spot)), Class::Hidden)
            }
            Demand::Writes(permission, spot) => {
                unless(self.may_at(who, permission, at(spot)), Class::OutOfScope)
            }
            Demand::Holds(role, spot) => {
                let mut all = permissions(role).into_iter();
                unless(
                    all.all(|one| self.may_at(who, one, at(spot))),
                    Class::NotHeld,
                )
            }
            Demand::HoldsOne(permission, spot) => {
                unless(self.may_at(who, permission, at(spot)), Class::NotHeld)
            }
        }
    }
}

//! What somebody may do on a unit, and why.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::{Db, Error, Result, Scope, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{AccountId, State as AccountState, queries};
use crate::access::grants::queries as grants;
use crate::access::places::{Place, Places};
use crate::access::principals::{permissions_of, root, scope_on};
use crate::http::grant::{
    self, Caller, EVERYBODYS, PERMISSIONS, Permission, Principal, ReadAccounts,
};
use crate::http::list::Query;
use crate::http::{Id, Problem, State};
use crate::tree::units::{UnitRef, queries as tree};

/// On which unit, and of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RightsParams {
    /// The unit: its id, or `code:` and its code.
    #[param(example = "code:hn-q-btl")]
    pub unit: String,
    /// The day of the record that is to be read, such as `2025-06-30`; without it, today.
    pub on: Option<Day>,
}

/// A grant by which something is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RightsReason {
    pub grant_id: i64,
    /// Code of its role.
    pub role: String,
    /// Code of the unit on which it is; null: the whole federation.
    #[schema(required)]
    pub unit: Option<String>,
    /// Whether the unit stood there on the day of the record.
    pub then: bool,
    /// Whether the unit stands there today.
    pub now: bool,
}

/// What a permission comes to on the unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RightsPermission {
    pub permission: &'static str,
    /// To make or change something: only who answers for the unit today.
    pub write: bool,
    /// To read a record of that day: who answered for the unit then, or does today.
    pub read: bool,
    /// The grants by which it is so, as far as the caller sees them.
    pub because: Vec<RightsReason>,
}

/// What an account may do on a unit, and why.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "account_id": 12,
    "unit": "hn-q-btl",
    "on": "2025-06-30",
    "state": "active",
    "permissions": [{
        "permission": "records:read",
        "write": false,
        "read": true,
        "because": [{"grant_id": 31, "role": "viewer", "unit": "hn-q-btl", "then": true, "now": false}]
    }]
}))]
pub struct AccountRights {
    pub account_id: i64,
    /// Code of the unit.
    pub unit: String,
    /// The day of the record.
    pub on: Day,
    #[schema(inline)]
    pub state: AccountState,
    /// Only what is allowed; of an account that is not active, which may do nothing, what would be.
    pub permissions: Vec<RightsPermission>,
}

/// A live grant, and whether it reaches the unit on both days.
struct Reach {
    permissions: std::sync::Arc<[&'static str]>,
    reason: RightsReason,
    /// Whether the caller sees the grant. It counts in any case.
    is_seen: bool,
}

/// Gathers what grants come to, by permission in the order in which permissions are listed.
fn weigh(reaches: &[Reach], is_active: bool) -> Vec<RightsPermission> {
    let mut because: BTreeMap<&'static str, Vec<(RightsReason, bool)>> = BTreeMap::new();
    for Reach {
        permissions,
        reason,
        is_seen,
    } in reaches
    {
        // What belongs to everybody who holds anything at all belongs to no place.
        let anywhere = RightsReason {
            then: true,
            now: true,
            ..reason.clone()
        };
        for name in EVERYBODYS {
            because
                .entry(*name)
                .or_default()
                .push((anywhere.clone(), *is_seen));
        }
        let others = permissions.iter().filter(|name| !EVERYBODYS.contains(name));
        for name in others.filter(|_| reason.then || reason.now) {
            because
                .entry(*name)
                .or_default()
                .push((reason.clone(), *is_seen));
        }
    }
    let known = PERMISSIONS.iter().map(|permission| permission.name);
    let weighed = known.filter_map(|permission| {
        let because = because.remove(permission)?;
        let reads = |(reason, _): &(RightsReason, bool)| reason.then || reason.now;
        Some(RightsPermission {
            permission,
            write: is_active && because.iter().any(|(reason, _)| reason.now),
            read: is_active && because.iter().any(reads),
            because: because
                .into_iter()
                .filter_map(|(reason, is_seen)| is_seen.then_some(reason))
                .collect(),
        })
    });
    weighed.collect()
}

/// Grants of today alone count, on whatever day the record is dated.
fn reaches(
    db: &mut Db,
    scope: &Scope,
    account: AccountId,
    unit: UnitId,
    day: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<Reach>> {
    let root = root(db, today)?;
    let mut places = Places::of(today);
    let then: Place = Places::of(day).find(db, Some(unit))?;
    let now: Place = places.find(db, Some(unit))?;
    let mut reaches = Vec::new();
    for grant in grants::live(db, account, today)? {
        let is_seen = places.covers(db, scope, grant.unit)?;
        let held_on = scope_on(grant.unit.map(|unit| unit.0), root);
        reaches.push(Reach {
            is_seen,
            permissions: permissions_of(db, &grant.role)?,
            reason: RightsReason {
                grant_id: grant.id.0,
                role: grant.role,
                unit: grant.unit_code,
                then: then.is_in(&held_on),
                now: now.is_in(&held_on),
            },
        });
    }
    Ok(reaches)
}

/// Whose accounts the caller may ask about: their own in any case.
fn scope_to_ask(caller: &Caller, account: AccountId) -> Result<Scope> {
    if caller.lacks_second_factor {
        return Err(Code::SecondFactorRequired.into());
    }
    if caller.principal == Principal::Account(account.0) {
        return Ok(Scope::All);
    }
    let forbidden = || Error::new(Code::Forbidden).with("permission", ReadAccounts::NAME);
    let scope = caller.rights.scope(ReadAccounts::NAME);
    scope.cloned().ok_or_else(forbidden)
}

/// Tell an account's rights
///
/// What a person may do today on a unit, and with its records of a day, and by which grants: to read, the
/// grant's unit covers the unit on the day of the record (`then`) or today (`now`); to write, today. One's
/// own rights are told to everybody; of somebody else, grants outside the caller's scope count and are not
/// named.
#[utoipa::path(
    operation_id = "read_rights",
    tag = "accounts",
    params(("id" = i64, Path, description = "The account's id", example = 12), RightsParams),
    responses((status = 200, description = "The rights", body = AccountRights)),
)]
#[get("/accounts/{id}/rights")]
pub async fn read(
    request: HttpRequest,
    query: Query<RightsParams>,
    id: Id<AccountId>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = scope_to_ask(&*grant::caller(&request)?, id.0)?;
    let RightsParams { unit, on } = query.0;
    let refused = || Error::at(FieldError::parameter("unit", Code::UnitAddressInvalid));
    let unit = UnitRef::parse(&unit).ok_or_else(refused)?;
    let today = state.store.clock().today();
    let day = on.map_or(today, |day| day.0);
    let rights = state
        .store
        .read(move |db| {
            let account = queries::find(db, &scope, &mut Places::of(today), id.0)?;
            let unit = tree::resolve(db, &scope, &unit)?;
            let codes = tree::codes(db, &[unit.0])?;
            let reaches = reaches(db, &scope, account.id, unit, day, today)?;
            Ok(AccountRights {
                account_id: account.id.0,
                unit: codes.into_values().next().unwrap_or_default(),
                on: Day(day),
                state: account.state,
                permissions: weigh(&reaches, account.state == AccountState::Active),
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(rights))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(permissions: &[&'static str], grant_id: i64, then: bool, now: bool) -> Reach {
        Reach {
            permissions: permissions.into(),
            reason: RightsReason {
                grant_id,
                role: "role".to_owned(),
                unit: Some("hn".to_owned()),
                then,
                now,
            },
            is_seen: true,
        }
    }

    fn told(weighed: &[RightsPermission], permission: &str) -> Option<(bool, bool, Vec<i64>)> {
        let found = weighed.iter().find(|told| told.permission == permission)?;
        let because = found.because.iter().map(|reason| reason.grant_id);
        Some((found.read, found.write, because.collect()))
    }

    #[test]
    fn one_reads_by_either_half_and_writes_by_the_second() {
        let weighed = weigh(
            &[
                reach(&["records:read", "awards:record"], 1, true, false),
                reach(&["records:read"], 2, false, true),
                reach(&["records:read", "units:edit"], 3, false, false),
            ],
            true,
        );
        assert_eq!(
            told(&weighed, "records:read"),
            Some((true, true, vec![1, 2]))
        );
        assert_eq!(
            told(&weighed, "awards:record"),
            Some((true, false, vec![1]))
        );
        assert_eq!(told(&weighed, "units:edit"), None);
        assert_eq!(
            told(&weighed, "units:read"),
            Some((true, true, vec![1, 2, 3]))
        );
    }

    #[test]
    fn a_grant_that_is_not_seen_counts_and_is_not_named() {
        let hidden = Reach {
            is_seen: false,
            ..reach(&["records:read"], 1, false, true)
        };
        let weighed = weigh(&[hidden, reach(&["units:edit"], 2, true, true)], true);
        assert_eq!(told(&weighed, "records:read"), Some((true, true, vec![])));
        assert_eq!(told(&weighed, "units:read"), Some((true, true, vec![2])));
    }

    #[test]
    fn who_is_not_active_may_do_nothing_and_still_sees_what_they_hold() {
        let weighed = weigh(&[reach(&["records:read"], 1, true, true)], false);
        assert_eq!(
            told(&weighed, "records:read"),
            Some((false, false, vec![1]))
        );
        assert!(weigh(&[], true).is_empty());
    }
}

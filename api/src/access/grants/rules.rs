//! Who may give what to whom. No I/O.

use liendoan_core::validity::Validity;
use liendoan_core::{Code, Error, Scope};

use crate::access::places::Place;
use crate::http::grant::{Principal, Rights};

/// A role held, or to be held, somewhere: its permissions, and where.
#[derive(Clone, Debug)]
pub struct Holding {
    pub permissions: std::sync::Arc<[&'static str]>,
    pub place: Place,
}

/// Whether a permission is held there.
fn holds(rights: &Rights, permission: &str, place: &Place) -> bool {
    rights
        .scope(permission)
        .is_some_and(|scope| place.is_in(scope))
}

/// The first permission of a holding that its giver does not hold there.
pub fn first_not_held(rights: &Rights, holding: &Holding) -> Option<&'static str> {
    let mut permissions = holding.permissions.iter();
    permissions
        .find(|permission| !holds(rights, permission, &holding.place))
        .copied()
}

/// Nobody gives what they do not hold there themselves.
pub fn check_held(rights: &Rights, holding: &Holding) -> Result<(), Error> {
    match first_not_held(rights, holding) {
        None => Ok(()),
        Some(permission) => Err(Error::new(Code::NotHeld).with("permission", permission)),
    }
}

/// Nobody makes somebody their tool who holds more than they do: who opens an account can use it.
pub fn check_no_more(rights: &Rights, holdings: &[Holding]) -> Result<(), Error> {
    let mut holdings = holdings.iter();
    holdings.try_for_each(|holding| check_held(rights, holding))
}

/// Nobody puts into a role what they do not hold everywhere: the role may be given anywhere.
pub fn check_held_everywhere<'p>(
    rights: &Rights,
    permissions: impl IntoIterator<Item = &'p &'static str>,
) -> Result<(), Error> {
    let is_missing = |name: &&&'static str| rights.scope(name) != Some(&Scope::All);
    match permissions.into_iter().find(is_missing) {
        None => Ok(()),
        Some(permission) => Err(Error::new(Code::NotHeld).with("permission", *permission)),
    }
}

/// Nobody changes their own grants or state.
pub fn check_not_own(caller: Principal, account: i64) -> Result<(), Error> {
    if caller == Principal::Account(account) {
        Err(Code::OwnGrants.into())
    } else {
        Ok(())
    }
}

/// Whether new days of a grant are none but old ones: then nothing is given.
pub fn only_takes(before: Validity, after: Validity) -> bool {
    before.from <= after.from && after.to <= before.to
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::NaiveDate;
    use liendoan_core::UnitId;
    use proptest::prelude::*;

    use super::*;

    /// A federation: 1 is the root, 2 and 3 stand below it, 4 below 2.
    const PARENTS: [usize; 4] = [0, 1, 1, 2];

    fn place(parents: &[usize], unit: Option<usize>) -> Place {
        let Some(unit) = unit else {
            return Place::Federation;
        };
        let above = |unit: &usize| Some(parents[*unit - 1]).filter(|parent| *parent != 0);
        let line = std::iter::successors(Some(unit), above);
        Place::Under(line.map(|unit| UnitId(unit as i64)).collect())
    }

    fn holding(permissions: &[&'static str], unit: Option<usize>) -> Holding {
        Holding {
            permissions: permissions.into(),
            place: place(&PARENTS, unit),
        }
    }

    fn under(unit: i64) -> Scope {
        Scope::under([UnitId(unit)])
    }

    #[test]
    fn one_gives_what_one_holds_where_one_holds_it_and_below() {
        let rights = Rights::new([("a:b", under(2)), ("c:d", under(4))]);
        let may = |permissions: &[&'static str], unit| {
            first_not_held(&rights, &holding(permissions, unit))
        };
        assert_eq!(may(&["a:b"], Some(2)), None);
        assert_eq!(may(&["a:b", "c:d"], Some(4)), None);
        assert_eq!(may(&["a:b", "c:d"], Some(2)), Some("c:d"));
        assert_eq!(may(&["a:b"], Some(3)), Some("a:b"));
        assert_eq!(may(&["a:b"], Some(1)), Some("a:b"));
        assert_eq!(may(&["a:b"], None), Some("a:b"));
        assert_eq!(may(&["e:f"], Some(4)), Some("e:f"));
    }

    #[test]
    fn the_whole_federation_is_given_by_who_holds_all_of_it() {
        let rights = Rights::new([("a:b", Scope::All)]);
        assert!(check_held(&rights, &holding(&["a:b"], None)).is_ok());
        assert!(check_held(&rights, &holding(&["a:b"], Some(3))).is_ok());
        let refused = check_held(&rights, &holding(&["c:d"], None)).unwrap_err();
        assert_eq!(refused.code(), Code::NotHeld);
        assert_eq!(refused.params()["permission"], "c:d");
    }

    #[test]
    fn a_role_takes_only_what_its_editor_holds_everywhere() {
        let rights = Rights::new([("a:b", Scope::All), ("c:d", under(1))]);
        assert!(check_held_everywhere(&rights, &["a:b"]).is_ok());
        assert!(check_held_everywhere(&rights, &["a:b", "c:d"]).is_err());
        assert!(check_held_everywhere(&rights, &["e:f"]).is_err());
    }

    #[test]
    fn who_holds_more_is_not_opened_by_who_holds_less() {
        let rights = Rights::new([("a:b", under(2))]);
        assert!(check_no_more(&rights, &[]).is_ok());
        assert!(check_no_more(&rights, &[holding(&["a:b"], Some(4))]).is_ok());
        let more = [holding(&["a:b"], Some(4)), holding(&["a:b"], Some(3))];
        assert!(check_no_more(&rights, &more).is_err());
    }

    #[test]
    fn a_grant_may_be_cut_by_who_could_not_give_it() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        let days = |from, to| Validity {
            from: day(from),
            to: day(to),
        };
        assert!(only_takes(days(3, 9), days(3, 9)));
        assert!(only_takes(days(3, 9), days(4, 8)));
        assert!(!only_takes(days(3, 9), days(2, 8)));
        assert!(!only_takes(days(3, 9), days(4, 10)));
    }

    const NAMES: [&str; 3] = ["a:b", "c:d", "e:f"];

    /// What somebody may do, as pairs of permission and unit; 0 stands for the whole federation.
    type All = BTreeSet<(&'static str, usize)>;

    /// Everything that rights come to in a tree, spelt out unit by unit.
    fn spelt_out(parents: &[usize], rights: &Rights) -> All {
        let mut all = All::new();
        for name in NAMES {
            let units = (1..=parents.len()).map(Some).chain([None]);
            let held = units.filter(|unit| holds(rights, name, &place(parents, *unit)));
            all.extend(held.map(|unit| (name, unit.unwrap_or(0))));
        }
        all
    }

    /// Each unit stands below an earlier one; the first is the root.
    fn trees() -> impl Strategy<Value = Vec<usize>> {
        proptest::collection::vec(any::<prop::sample::Index>(), 0..9).prop_map(|indexes| {
            let below = indexes.iter().enumerate();
            let parents = below.map(|(before, index)| index.index(before + 1) + 1);
            [0].into_iter().chain(parents).collect()
        })
    }

    /// What is held or given: some permissions, on a unit or (0) on the whole federation.
    fn gifts() -> impl Strategy<Value = (Vec<&'static str>, prop::sample::Index)> {
        let names = prop::sample::subsequence(NAMES.to_vec(), 0..=3);
        (names, any::<prop::sample::Index>())
    }

    proptest! {
        /// Whoever gives whatever to whomever, in whatever order: what the receiver may do afterwards
        /// they could do before, or the giver could.
        #[test]
        fn nobody_ends_up_with_more_than_the_giver_held(
            parents in trees(),
            first in proptest::collection::vec(gifts(), 3),
            given in proptest::collection::vec((0..3_usize, 0..3_usize, gifts()), 0..20),
        ) {
            let unit_of = |index: &prop::sample::Index| Some(index.index(parents.len() + 1)).filter(|unit| *unit != 0);
            let scope_of = |unit: Option<usize>| unit.map_or(Scope::All, |unit| under(unit as i64));
            let rights_of = |held: &[(Vec<&'static str>, Option<usize>)]| {
                Rights::new(held.iter().flat_map(|(names, unit)| {
                    names.iter().map(move |name| (*name, scope_of(*unit)))
                }))
            };
            let mut people: Vec<Vec<(Vec<&'static str>, Option<usize>)>> =
                first.iter().map(|(names, index)| vec![(names.clone(), unit_of(index))]).collect();
            for (giver, receiver, (names, index)) in given {
                let unit = unit_of(&index);
                let holding = Holding {
                    permissions: names.clone().into(),
                    place: place(&parents, unit),
                };
                let givers = rights_of(&people[giver]);
                if check_held(&givers, &holding).is_err() {
                    continue;
                }
                let before = spelt_out(&parents, &rights_of(&people[receiver]));
                people[receiver].push((names, unit));
                let after = spelt_out(&parents, &rights_of(&people[receiver]));
                let allowed: All = before.union(&spelt_out(&parents, &givers)).copied().collect();
                prop_assert!(after.is_subset(&allowed), "{:?}", after.difference(&allowed));
            }
        }
    }
}

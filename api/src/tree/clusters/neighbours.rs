//! What a cluster must obey beside the tree and beside other clusters.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::successors;

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::schema::{cluster_members, clusters, unit_states, units};
use liendoan_core::validity::Validity;
use liendoan_core::{Db, Error, Result, Tx};

use super::ClusterId;
use super::model::{Cluster, SoundContent};
use super::stretch::Stretch;

/// Ids of units by their codes.
pub type UnitIds = BTreeMap<String, i64>;

/// Refuses content that does not fit what is there; answers with the units that it names. `before` is
/// the cluster that it replaces.
///
/// Only for whoever holds the locks: else the tree or another cluster may change after the look.
pub fn check(tx: &mut Tx<'_>, content: &SoundContent, before: Option<&Cluster>) -> Result<UnitIds> {
    let units = named_units(tx, content)?;
    check_below_owner(tx, content, &units, before)?;
    check_only_cluster(tx, content, &units, before.map(|before| before.id))?;
    Ok(units)
}

pub fn find_unit_by_code(db: &mut Db, code: &str) -> Result<Option<i64>> {
    let query = units::table.filter(units::code.eq(code)).select(units::id);
    Ok(query.first(db).optional()?)
}

/// Owner and members. Heads are among the members.
fn named_units(db: &mut Db, content: &SoundContent) -> Result<UnitIds> {
    let members = content.members.iter().map(|member| &member.unit);
    let codes: BTreeSet<&String> = members.chain([&content.owner]).collect();
    let found: Vec<(String, i64)> = units::table
        .filter(units::code.eq_any(codes))
        .select((units::code, units::id))
        .load(db)?;
    let units: UnitIds = found.into_iter().collect();
    let unknown = |(pointer, code): (String, &String)| {
        let is_known = units.contains_key(code);
        (!is_known).then(|| FieldError::at(pointer, Code::UnitUnknown))
    };
    let members = content.members.iter().enumerate();
    let named = members.map(|(index, member)| (unit_pointer(index), &member.unit));
    let owner = [("/owner".to_owned(), &content.owner)];
    refuse(owner.into_iter().chain(named).filter_map(unknown).collect())?;
    Ok(units)
}

/// A member stands below the owner on its first day. Who was admitted before is not asked again: a
/// reorganisation entered late does not hinder the next edit.
fn check_below_owner(
    db: &mut Db,
    content: &SoundContent,
    units: &UnitIds,
    before: Option<&Cluster>,
) -> Result<()> {
    let before = before.filter(|before| before.content.owner == content.owner);
    let was_admitted = |member: &Stretch| {
        let admitted = before.map_or(&[][..], |before| &before.content.members);
        let mut same_unit = admitted.iter().filter(|a| a.unit == member.unit);
        same_unit.any(|a| a.validity.from == member.validity.from)
    };
    let mut of_day: BTreeMap<NaiveDate, Vec<(usize, i64)>> = BTreeMap::new();
    for (index, member) in content.members.iter().enumerate() {
        if !was_admitted(member) {
            let of_day = of_day.entry(member.validity.from).or_default();
            of_day.push((index, units[&member.unit]));
        }
    }
    let mut elsewhere = Vec::new();
    for (day, members) in of_day {
        let ids = members.iter().map(|(_, id)| *id).collect();
        let below = those_below(db, units[&content.owner], ids, day)?;
        let strays = members.iter().filter(|(_, id)| !below.contains(id));
        elsewhere.extend(strays.map(|(index, _)| *index));
    }
    elsewhere.sort_unstable();
    let refused = |index| FieldError::at(unit_pointer(index), Code::UnitNotBelowOwner);
    refuse(elsewhere.into_iter().map(refused).collect())
}

/// Those of the units that live on `day` and stand below `top`, found level by level: a tree of five
/// levels costs five queries, however many units there are.
fn those_below(db: &mut Db, top: i64, ids: BTreeSet<i64>, day: NaiveDate) -> Result<BTreeSet<i64>> {
    let mut parents: BTreeMap<i64, Option<i64>> = BTreeMap::new();
    let mut next = ids.clone();
    while !next.is_empty() {
        let found: Vec<(i64, Option<i64>)> = unit_states::table
            .filter(unit_states::unit_id.eq_any(next))
            .filter(unit_states::effective_on.le(day))
            .filter(unit_states::valid_to.gt(day))
            .filter(unit_states::alive)
            .select((unit_states::unit_id, unit_states::parent_id))
            .load(db)?;
        let above = found.iter().filter_map(|(_, parent)| *parent);
        next = above.filter(|parent| *parent != top).collect();
        parents.extend(found);
        next.retain(|id| !parents.contains_key(id));
    }
    let parent = |id: &i64| parents.get(id).copied().flatten();
    let stands_below = |id: &i64| successors(parent(id), parent).any(|above| above == top);
    Ok(ids.into_iter().filter(stands_below).collect())
}

/// On one day a unit is in one cluster of an owner and kind at most.
fn check_only_cluster(
    db: &mut Db,
    content: &SoundContent,
    units: &UnitIds,
    except: Option<ClusterId>,
) -> Result<()> {
    let members = content.members.iter().map(|member| units[&member.unit]);
    let ids: BTreeSet<i64> = members.collect();
    let elsewhere: Vec<(i64, NaiveDate, NaiveDate, String)> = cluster_members::table
        .inner_join(clusters::table.on(clusters::id.eq(cluster_members::cluster_id)))
        .filter(cluster_members::unit_id.eq_any(ids))
        .filter(cluster_members::is_head.eq(false))
        .filter(clusters::owner_id.eq(units[&content.owner]))
        .filter(clusters::kind.eq(content.kind.as_str()))
        // No id is 0.
        .filter(clusters::id.ne(except.unwrap_or(ClusterId(0))))
        .order((clusters::valid_from, clusters::id))
        .select((
            cluster_members::unit_id,
            cluster_members::valid_from,
            cluster_members::valid_to,
            clusters::code,
        ))
        .load(db)?;
    for (index, member) in content.members.iter().enumerate() {
        let other = elsewhere.iter().find(|(unit, from, to, _)| {
            let there = Validity {
                from: *from,
                to: *to,
            };
            *unit == units[&member.unit] && there.overlaps(member.validity)
        });
        if let Some((_, _, _, code)) = other {
            let field = FieldError::at(unit_pointer(index), Code::AlreadyInCluster);
            return Err(Error::at(field).with("cluster", code.as_str()));
        }
    }
    Ok(())
}

fn unit_pointer(member: usize) -> String {
    format!("/members/{member}/unit")
}

fn refuse(refused: Vec<FieldError>) -> Result<()> {
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Error::fields(refused))
    }
}

//! Days on which a unit is a member, or the head, and how they lie beside each other. No I/O.

use std::collections::BTreeMap;

use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text;
use liendoan_core::validity::Validity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest code, in characters: of a cluster as of a unit.
pub const CODE_MAX: usize = 64;

/// Days on which a unit is a member, or the head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClusterStretchContent)]
pub struct StretchContent {
    /// Code of the unit.
    #[schema(max_length = 64)]
    pub unit: String,
    /// Its first day; null: that of the cluster's period.
    pub from: Option<Day>,
    /// The first day after it; null: that after the cluster's period.
    pub to: Option<Day>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Code of the unit.
    pub unit: String,
    pub validity: Validity,
}

/// Reads the entries of one list, each for itself.
pub fn read(
    given: Vec<StretchContent>,
    pointer: &str,
    max: usize,
    period: Validity,
    refused: &mut Vec<FieldError>,
) -> Vec<Stretch> {
    if given.len() > max {
        refused.push(FieldError::at(pointer, Code::TooMany).with("max", max));
        return Vec::new();
    }
    let check = |(index, stretch): (usize, StretchContent)| {
        let pointer = format!("{pointer}/{index}");
        check_unit(&stretch.unit, &format!("{pointer}/unit"), refused);
        let validity = Validity {
            from: stretch.from.map_or(period.from, |day| day.0),
            to: stretch.to.map_or(period.to, |day| day.0),
        };
        if validity.from < period.from || period.to <= validity.from {
            refused.push(FieldError::at(
                format!("{pointer}/from"),
                Code::OutsidePeriod,
            ));
        } else if period.to < validity.to {
            refused.push(FieldError::at(format!("{pointer}/to"), Code::OutsidePeriod));
        } else if validity.to <= validity.from {
            refused.push(FieldError::at(format!("{pointer}/to"), Code::ValidityEmpty));
        }
        Stretch {
            unit: stretch.unit,
            validity,
        }
    };
    given.into_iter().enumerate().map(check).collect()
}

/// Holds sound stretches against each other.
pub fn check(members: &[Stretch], heads: &[Stretch]) -> Vec<FieldError> {
    let mut refused = overlaps_of_a_member(members);
    refused.extend(overlaps_of_heads(heads));
    refused.extend(heads_from_outside(heads, members));
    refused
}

/// A unit is a member once at a time.
fn overlaps_of_a_member(members: &[Stretch]) -> Vec<FieldError> {
    let refuse = |index| FieldError::at(format!("/members/{index}"), Code::MembershipsOverlap);
    let mut of_unit: BTreeMap<&str, Vec<Validity>> = BTreeMap::new();
    let overlapping = members.iter().enumerate().filter(|(_, member)| {
        let earlier = of_unit.entry(&member.unit).or_default();
        let overlaps = earlier.iter().any(|e| e.overlaps(member.validity));
        earlier.push(member.validity);
        overlaps
    });
    overlapping.map(|(index, _)| refuse(index)).collect()
}

/// One head at a time, whoever it is.
fn overlaps_of_heads(heads: &[Stretch]) -> Vec<FieldError> {
    let refuse = |index| FieldError::at(format!("/heads/{index}"), Code::HeadsOverlap);
    let overlapping = heads.iter().enumerate().filter(|(index, head)| {
        let mut earlier = heads[..*index].iter();
        earlier.any(|e| e.validity.overlaps(head.validity))
    });
    overlapping.map(|(index, _)| refuse(index)).collect()
}

/// A head is a member on each day of its headship, be it by several entries that follow each other.
fn heads_from_outside(heads: &[Stretch], members: &[Stretch]) -> Vec<FieldError> {
    let refuse = |index| FieldError::at(format!("/heads/{index}/unit"), Code::HeadNotMember);
    let outside = heads.iter().enumerate().filter(|(_, head)| {
        let own = members.iter().filter(|member| member.unit == head.unit);
        // Memberships of a unit do not overlap, so their days can be added.
        let days: i64 = own.map(|m| m.validity.days_shared(head.validity)).sum();
        days < head.validity.days_shared(head.validity)
    });
    outside.map(|(index, _)| refuse(index)).collect()
}

/// No unit bears a code that is none; the database need not be asked.
pub fn check_unit(code: &str, pointer: &str, refused: &mut Vec<FieldError>) {
    if text::code(code, '-', CODE_MAX).is_err() {
        refused.push(FieldError::at(pointer, Code::UnitUnknown));
    }
}

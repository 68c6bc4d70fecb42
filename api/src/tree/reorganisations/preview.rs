//! Everything that a change of the list would touch, before and after.

use std::collections::{BTreeMap, BTreeSet};

use liendoan_core::day::Day;
use liendoan_core::validity::Validity;
use liendoan_core::{Error, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::hanging::GrantOnEnding;
use crate::tree::replay::world::{LinkKind, Unit};
use crate::tree::replay::{Outcome, Touch, Ux, World, rows};

/// Units that a preview spells out; the count and the fingerprint are of all.
pub const UNITS_SHOWN: usize = 1_000;

/// What a change would touch. Nothing has been written.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "fingerprint": "5f1c…",
    "units_total": 1,
    "carried_along": 0,
    "units": [{
        "code": "hn-tcnt",
        "name": "Công đoàn Trường Trung cấp Ngoại Thương",
        "before": {
            "lives": [{"from": null, "to": null}],
            "versions": [{"from": null, "to": null, "name": "Công đoàn Trường Trung cấp Ngoại Thương",
                "short_name": null, "kind": "grassroots_union", "employer_type": "school"}],
            "placements": [{"from": null, "to": null, "parent": "hn-q-lb"}]
        },
        "after": {
            "lives": [{"from": null, "to": null}],
            "versions": [{"from": null, "to": null, "name": "Công đoàn Trường Trung cấp Ngoại Thương",
                "short_name": null, "kind": "grassroots_union", "employer_type": "school"}],
            "placements": [{"from": null, "to": "2024-12-19", "parent": "hn-q-lb"},
                {"from": "2024-12-19", "to": null, "parent": "hn-q-btl"}]
        },
        "carried_along": 0
    }],
    "links": {"added": [], "removed": []},
    "warnings": [],
    "clusters": [],
    "grants": []
}))]
pub struct Preview {
    /// Stands for the rows and links alone; the commit sends it back.
    pub fingerprint: String,
    /// Units whose rows differ.
    pub units_total: usize,
    /// Units below those that move, which go along unchanged.
    pub carried_along: i64,
    /// The first 1,000 of them by code.
    pub units: Vec<UnitPreview>,
    pub links: LinkChanges,
    pub warnings: Vec<Warning>,
    /// Codes of clusters that one of the units is, or was, a member, head or owner of.
    pub clusters: Vec<String>,
    /// Roles of today on units that end on the day of the decision.
    pub grants: Vec<GrantOnEnding>,
}

/// One unit before and after; null where it is not there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitPreview {
    pub code: String,
    pub name: String,
    #[schema(required)]
    pub before: Option<UnitRows>,
    #[schema(required)]
    pub after: Option<UnitRows>,
    /// Units below it that go along unchanged when it moves.
    pub carried_along: i64,
}

/// All rows of one unit, from day to day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct UnitRows {
    pub lives: Vec<Life>,
    pub versions: Vec<VersionRow>,
    pub placements: Vec<PlacementRow>,
}

/// Days on which a unit lives. Null: since always, or until further notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
pub struct Life {
    #[schema(required)]
    pub from: Option<Day>,
    #[schema(required)]
    pub to: Option<Day>,
}

impl From<Validity> for Life {
    fn from(validity: Validity) -> Self {
        Self {
            from: validity.start(),
            to: validity.end(),
        }
    }
}

/// What a unit is called, and of which kind it is, on some days.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VersionRow {
    #[schema(required)]
    pub from: Option<Day>,
    #[schema(required)]
    pub to: Option<Day>,
    pub name: String,
    #[schema(required)]
    pub short_name: Option<String>,
    pub kind: String,
    #[schema(required)]
    pub employer_type: Option<String>,
}

/// Where a unit stands on some days.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlacementRow {
    #[schema(required)]
    pub from: Option<Day>,
    #[schema(required)]
    pub to: Option<Day>,
    /// Code of the unit above; null for the root.
    #[schema(required)]
    pub parent: Option<String>,
}

/// Ties from units that ended, or were divided, to those that took over.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LinkChanges {
    pub added: Vec<LinkRow>,
    pub removed: Vec<LinkRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct LinkRow {
    pub unit: String,
    pub other: String,
    /// `successor` of a unit that ended, `separate` from one that lives on.
    pub kind: &'static str,
    pub on: Day,
}

/// Something that a person should look at; it stops nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// `same_name_as_sibling` or `cluster_without_head`.
    pub code: &'static str,
    pub unit: String,
    /// The sibling, or the cluster.
    pub other: String,
}

fn rows_of(world: &World, touches: &[Touch]) -> Option<UnitRows> {
    if touches.is_empty() {
        return None;
    }
    let version = |(validity, version): (Validity, std::sync::Arc<_>)| {
        let version: &crate::tree::replay::world::Version = &version;
        VersionRow {
            from: validity.start(),
            to: validity.end(),
            name: version.name.clone(),
            short_name: version.short_name.clone(),
            kind: version.kind.clone(),
            employer_type: version.employer_type.clone(),
        }
    };
    let placement = |(validity, parent): (Validity, Option<Ux>)| PlacementRow {
        from: validity.start(),
        to: validity.end(),
        parent: parent.map(|parent| world.code(parent).to_owned()),
    };
    Some(UnitRows {
        lives: rows::lives(touches).into_iter().map(Life::from).collect(),
        versions: rows::versions(touches).into_iter().map(version).collect(),
        placements: rows::placements(touches)
            .into_iter()
            .map(placement)
            .collect(),
    })
}

fn links_of(world: &World, unit: &Unit, touches: &[Touch]) -> BTreeSet<LinkRow> {
    let of_touch = |touch: &Touch| {
        let on = Day(touch.at.on);
        let row = |link: &crate::tree::replay::world::Link| LinkRow {
            unit: unit.code.to_string(),
            other: world.code(link.other).to_owned(),
            kind: match link.kind {
                LinkKind::Successor => "successor",
                LinkKind::Separate => "separate",
            },
            on,
        };
        touch.links.iter().map(row).collect::<Vec<_>>()
    };
    touches.iter().flat_map(of_touch).collect()
}

/// What a replay came to, spelt out. Warnings and what hangs on the units are added by the caller.
pub fn preview(outcome: &Outcome) -> Result<Preview> {
    let world = &outcome.world;
    let mut changed: BTreeMap<&str, &Unit> = BTreeMap::new();
    for (_, unit) in world.units().filter(|(_, unit)| unit.is_changed()) {
        changed.insert(&unit.code, unit);
    }
    let mut units = Vec::new();
    let mut units_total = 0;
    let mut links = LinkChanges {
        added: Vec::new(),
        removed: Vec::new(),
    };
    let mut hash = Sha256::new();
    for (code, unit) in changed {
        let (now, recorded) = (&unit.touches, &unit.recorded.touches);
        let (links_now, links_before) =
            (links_of(world, unit, now), links_of(world, unit, recorded));
        links
            .added
            .extend(links_now.difference(&links_before).cloned());
        links
            .removed
            .extend(links_before.difference(&links_now).cloned());
        let (before, after) = (rows_of(world, recorded), rows_of(world, now));
        if before == after && unit.placeholder == unit.recorded.placeholder {
            continue;
        }
        let spelt = serde_json::to_vec(&(code, &before, &after, unit.placeholder));
        hash.update(spelt.map_err(Error::internal)?);
        units_total += 1;
        if units.len() < UNITS_SHOWN {
            let last = now.last().or(recorded.last());
            units.push(UnitPreview {
                code: code.to_owned(),
                name: last.map_or_else(String::new, |touch| touch.state.version.name.clone()),
                before,
                after,
                carried_along: 0,
            });
        }
    }
    let spelt = serde_json::to_vec(&(&links.added, &links.removed));
    hash.update(spelt.map_err(Error::internal)?);
    Ok(Preview {
        fingerprint: hash.finalize()[..16]
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect(),
        units_total,
        carried_along: 0,
        units,
        links,
        warnings: Vec::new(),
        clusters: Vec::new(),
        grants: Vec::new(),
    })
}

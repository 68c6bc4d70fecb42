//! The order of all units by kind, name and code, as numbers: numbers are compared by the hundred
//! thousand where names are not.

use super::unit::Unit;

/// The faces of all units, in order.
#[derive(Default)]
pub struct Order(Vec<Spot>);

#[derive(Clone, Copy, PartialEq, Eq)]
struct Spot {
    slot: u32,
    face: u32,
}

impl Order {
    /// Brings the order up to date after the units in `changed` slots, ascending, came, changed or went.
    pub(super) fn renew(&mut self, units: &mut [Option<Unit>], changed: &[u32]) {
        let faces = |slot: u32| {
            let unit = units[slot as usize].as_ref();
            let faces = 0..unit.map_or(0, |unit| unit.faces.len());
            faces.zip(0..).map(move |(_, face)| Spot { slot, face })
        };
        let mut new: Vec<Spot> = changed.iter().copied().flat_map(faces).collect();
        new.sort_unstable_by_key(|spot| key(units, *spot));

        let mut old = std::mem::take(&mut self.0);
        old.retain(|spot| changed.binary_search(&spot.slot).is_err());
        let mut rest = old.as_slice();
        for spot in new {
            let before = rest.partition_point(|other| key(units, *other) < key(units, spot));
            self.0.extend_from_slice(&rest[..before]);
            self.0.push(spot);
            rest = &rest[before..];
        }
        self.0.extend_from_slice(rest);

        for (place, spot) in (0..).zip(&self.0) {
            if let Some(unit) = &mut units[spot.slot as usize] {
                unit.faces[spot.face as usize].place = place;
            }
        }
    }
}

fn key(units: &[Option<Unit>], spot: Spot) -> Option<(i32, &str, &str, u32)> {
    let unit = units[spot.slot as usize].as_ref()?;
    let face = &unit.faces[spot.face as usize].face;
    Some((face.rank, &face.name_key, unit.keys().next()?, spot.face))
}

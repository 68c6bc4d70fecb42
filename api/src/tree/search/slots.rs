//! Sets of units, by their slots.

/// A bit for each slot.
#[derive(Clone)]
pub struct Slots(Vec<u64>);

impl Slots {
    /// None of so many slots.
    pub fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    pub fn insert(&mut self, slot: u32) {
        self.0[slot as usize / 64] |= 1 << (slot % 64);
    }

    /// Adds those of another set.
    pub fn join(mut self, other: &Self) -> Self {
        self.0
            .iter_mut()
            .zip(&other.0)
            .for_each(|(one, other)| *one |= other);
        self
    }

    /// Leaves those that are in another set too.
    pub fn meet(mut self, other: &Self) -> Self {
        self.0
            .iter_mut()
            .zip(&other.0)
            .for_each(|(one, other)| *one &= other);
        self
    }

    pub fn count(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// Those in it, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.0).flat_map(|(part, bits): (u32, &u64)| {
            let mut rest = *bits;
            std::iter::from_fn(move || {
                let lowest = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(part * 64 + lowest)
            })
        })
    }
}

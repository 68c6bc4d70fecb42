//! Whose rows a caller may touch.

use std::sync::Arc;

use crate::ids::UnitId;

/// What the caller's grants cover for one permission. Every query of scoped rows takes one, so a query
/// that forgets whose rows it reads does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every unit: a grant on the whole federation, or a program of the house itself.
    All,
    /// These units, and what is or was below them; the tree says on which day.
    Under(Arc<[UnitId]>),
}

impl Scope {
    /// What either covers.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Under(a), Self::Under(b)) => {
                let both: std::collections::BTreeSet<_> = a.iter().chain(b.iter()).collect();
                Self::under(both.into_iter().copied())
            }
            _ => Self::All,
        }
    }

    /// No unit at all.
    pub fn nothing() -> Self {
        Self::under([])
    }

    /// These units and what is below them.
    pub fn under(units: impl IntoIterator<Item = UnitId>) -> Self {
        Self::Under(units.into_iter().collect())
    }
}

//! Whose rows a caller may touch.

/// What the caller's grants cover. Every query of scoped rows takes one, so a query that forgets
/// whose rows it reads does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every unit: a grant on the root, or a program of the house itself.
    All,
}

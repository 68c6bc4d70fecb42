//! A line of a decision, of one of eight kinds. Units are named by their codes.

/// A unit that begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Founding {
    pub code: String,
    pub name: String,
    pub short_name: Option<String>,
    pub kind: String,
    pub employer_type: Option<String>,
    /// None for the root.
    pub parent: Option<String>,
    pub placeholder: bool,
}

/// A unit that takes something over.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    Existing(String),
    New(Founding),
}

/// What one part of a split unit takes with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub target: Target,
    pub children: Vec<String>,
}

/// What a line does. `Option<Option<_>>`: not named, set to nothing, set to something.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    Establish(Founding),
    Transfer {
        unit: String,
        to: String,
        from: Option<String>,
    },
    Rename {
        unit: String,
        name: Option<String>,
        short_name: Option<Option<String>>,
    },
    ChangeKind {
        unit: String,
        kind: Option<String>,
        employer_type: Option<Option<String>>,
    },
    Merge {
        units: Vec<String>,
        into: Target,
    },
    Split {
        unit: String,
        parts: Vec<Part>,
        children_to: Option<String>,
        /// The unit lives on with what no part takes.
        keep: bool,
    },
    End {
        unit: String,
        children_to: Option<String>,
        subtree: bool,
        successors: Vec<String>,
    },
    Restore {
        unit: String,
        parent: Option<String>,
    },
}

/// How far below the units it names a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    Children,
    All,
}

impl Line {
    /// Every code in it.
    pub fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = Vec::new();
        fn found<'a>(codes: &mut Vec<&'a str>, founding: &'a Founding) {
            codes.push(&founding.code);
            codes.extend(founding.parent.as_deref());
        }
        fn target<'a>(codes: &mut Vec<&'a str>, target: &'a Target) {
            match target {
                Target::Existing(code) => codes.push(code),
                Target::New(new) => found(codes, new),
            }
        }
        match self {
            Line::Establish(new) => found(&mut codes, new),
            Line::Transfer { unit, to, from } => {
                codes.extend([unit.as_str(), to]);
                codes.extend(from.as_deref());
            }
            Line::Rename { unit, .. } | Line::ChangeKind { unit, .. } => codes.push(unit),
            Line::Merge { units, into } => {
                codes.extend(units.iter().map(String::as_str));
                target(&mut codes, into);
            }
            Line::Split {
                unit,
                parts,
                children_to,
                ..
            } => {
                codes.push(unit);
                for part in parts {
                    target(&mut codes, &part.target);
                    codes.extend(part.children.iter().map(String::as_str));
                }
                codes.extend(children_to.as_deref());
            }
            Line::End {
                unit,
                children_to,
                successors,
                ..
            } => {
                codes.push(unit);
                codes.extend(children_to.as_deref());
                codes.extend(successors.iter().map(String::as_str));
            }
            Line::Restore { unit, parent } => {
                codes.push(unit);
                codes.extend(parent.as_deref());
            }
        }
        codes
    }

    /// Units that it names and places elsewhere, with all below them.
    pub fn moves(&self) -> Vec<&str> {
        match self {
            Line::Transfer { unit, .. } | Line::Restore { unit, .. } => vec![unit],
            _ => Vec::new(),
        }
    }

    /// Units of which it needs to know what lies below.
    pub fn looks_below(&self) -> Vec<(&str, Depth)> {
        match self {
            Line::ChangeKind { unit, .. } | Line::Split { unit, .. } => {
                vec![(unit, Depth::Children)]
            }
            Line::Merge { units, .. } => units
                .iter()
                .map(|u| (u.as_str(), Depth::Children))
                .collect(),
            Line::End { unit, subtree, .. } => {
                let depth = if *subtree {
                    Depth::All
                } else {
                    Depth::Children
                };
                vec![(unit, depth)]
            }
            Line::Establish(_)
            | Line::Transfer { .. }
            | Line::Rename { .. }
            | Line::Restore { .. } => Vec::new(),
        }
    }
}

//! Figures of several sizes side by side, each with the bound that it must keep.

use crate::{Result, print};

/// What a figure must keep.
#[derive(Clone, Copy)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    fn is_kept(self, figure: f64) -> bool {
        match self {
            Self::AtMost(most) => figure <= most,
            Self::AtLeast(least) => figure >= least,
        }
    }
}

struct Row {
    what: String,
    bound: Option<Bound>,
    figures: Vec<f64>,
}

/// A table; a column a size, filled from the top.
#[derive(Default)]
pub struct Table {
    sizes: Vec<usize>,
    rows: Vec<Row>,
}

impl Table {
    pub fn column(&mut self, size: usize) {
        self.sizes.push(size);
    }

    /// Enters a figure into the present column, and prints it with the load of the machine.
    pub fn enter(&mut self, what: &str, figure: f64, bound: Option<Bound>) -> Result<()> {
        let load = std::fs::read_to_string("/proc/loadavg")?;
        let load = load.split(' ').next().unwrap_or_default();
        print(&format!("{what:<44} {:>10}   load {load}\n", shown(figure)))?;
        match self.rows.iter_mut().find(|row| row.what == what) {
            Some(row) => row.figures.push(figure),
            None => {
                let figures = vec![figure];
                self.rows.push(Row {
                    what: what.to_owned(),
                    bound,
                    figures,
                });
            }
        }
        Ok(())
    }

    /// Prints it as Markdown; answers whether every bound was kept.
    pub fn finish(&self, title: &str) -> Result<bool> {
        let sizes: String = self.sizes.iter().map(|size| format!(" {size} |")).collect();
        let rules = "---:|".repeat(self.sizes.len());
        let mut text = format!("\n| {title} | bound |{sizes}\n|---|---:|{rules}\n");
        let mut all_kept = true;
        for row in &self.rows {
            let figure = |figure: &f64| {
                let is_broken = row.bound.is_some_and(|bound| !bound.is_kept(*figure));
                let mark = if is_broken { "**" } else { "" };
                format!(" {mark}{}{mark} |", shown(*figure))
            };
            let figures: String = row.figures.iter().map(figure).collect();
            all_kept &= !figures.contains("**");
            let bound = match row.bound {
                None => String::new(),
                Some(Bound::AtMost(most)) => format!("≤ {}", shown(most)),
                Some(Bound::AtLeast(least)) => format!("≥ {}", shown(least)),
            };
            text += &format!("| {} | {bound} |{figures}\n", row.what);
        }
        print(&text)?;
        Ok(all_kept)
    }
}

/// Three digits or so.
fn shown(figure: f64) -> String {
    match figure {
        figure if figure >= 100.0 => format!("{figure:.0}"),
        figure if figure >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

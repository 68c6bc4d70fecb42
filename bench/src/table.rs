//! Figures of several sizes side by side, each with the bound that it must keep.

use crate::{Result, print};

/// What a figure may come to at most.
#[derive(Clone, Copy)]
pub struct Bound(pub f64);

struct Row {
    what: &'static str,
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
    pub fn enter(&mut self, what: &'static str, figure: f64, bound: Option<Bound>) -> Result<()> {
        let load = std::fs::read_to_string("/proc/loadavg")?;
        let load = load.split(' ').next().unwrap_or_default();
        print(&format!("{what:<44} {:>10}   load {load}\n", shown(figure)))?;
        match self.rows.iter_mut().find(|row| row.what == what) {
            Some(row) => row.figures.push(figure),
            None => {
                let figures = vec![figure];
                self.rows.push(Row {
                    what,
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
            let bound = row.bound.map(|bound| bound.0);
            let figure = |figure: &f64| {
                let is_broken = bound.is_some_and(|bound| *figure > bound);
                let mark = if is_broken { "**" } else { "" };
                format!(" {mark}{}{mark} |", shown(*figure))
            };
            let figures: String = row.figures.iter().map(figure).collect();
            all_kept &= !figures.contains("**");
            let bound = bound.map(shown).unwrap_or_default();
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

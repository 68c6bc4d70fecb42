//! Totals from nothing: what is kept is thrown away, and every figure gets a mark.

use diesel::prelude::*;
use liendoan_core::db::Statement;
use liendoan_core::schema::{figure_changes, totals};
use liendoan_core::{Result, Tx, on_engine, sealer};

use super::fold::fold_some;

/// Throws away what is kept; answers how many marks are to be worked off.
pub fn begin(tx: &mut Tx<'_>) -> Result<i64> {
    sealer::hold(tx)?;
    diesel::delete(totals::table).execute(&mut **tx)?;
    diesel::delete(figure_changes::table).execute(&mut **tx)?;
    const MARK: &str = "\
INSERT INTO figure_changes (unit_id, measure, period) SELECT DISTINCT unit_id, measure, period FROM figures";
    let mark = Statement::new(MARK);
    on_engine!(&mut **tx, c => mark.execute(c))?;
    left(tx)
}

/// Works off some marks; answers how many are left.
pub fn go_on(tx: &mut Tx<'_>) -> Result<i64> {
    sealer::hold(tx)?;
    fold_some(tx)?;
    left(tx)
}

fn left(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(figure_changes::table.count().get_result(&mut **tx)?)
}

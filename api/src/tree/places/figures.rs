//! Figures that count, where the tree has changed: they get their day anew, and a mark for each tells the totals to
//! look at them again.

use chrono::{Months, NaiveDate};
use diesel::prelude::*;
use liendoan_core::db::Statement;
use liendoan_core::schema::figures;
use liendoan_core::validity::ALWAYS;
use liendoan_core::{Result, Tx, UnitId, on_engine};

use super::record_day;

/// The longest that a stock counts, in months, as the catalogue of measures has it.
const CARRY_MONTHS_MAX: u32 = 120;

/// Looks again at the figures of some units that may count on a day or later.
pub(super) fn look_again(tx: &mut Tx<'_>, units: &[i64], from: NaiveDate) -> Result<()> {
    let of_units = figures::table
        .filter(figures::unit_id.eq_any(units.to_vec()))
        .filter(figures::ends_on.ge(from))
        .select((
            figures::id,
            figures::unit_id,
            figures::starts_on,
            figures::ends_on,
            figures::day,
        ));
    let rows: Vec<(i64, i64, NaiveDate, NaiveDate, NaiveDate)> = of_units.load(&mut **tx)?;
    for (id, unit, starts_on, ends_on, known) in rows {
        // One that has no day left keeps the one it had: it counts nowhere, since its unit does not live then.
        if let Some(day) = record_day(tx, UnitId(unit), starts_on, ends_on)?
            && day != known
        {
            diesel::update(figures::table.find(id))
                .set(figures::day.eq(day))
                .execute(&mut **tx)?;
        }
    }
    const MARK: &str = "\
INSERT INTO figure_changes (unit_id, measure, period) \
SELECT DISTINCT unit_id, measure, period FROM figures WHERE unit_id = $1 AND ends_on >= $2";
    let since = from.checked_sub_months(Months::new(CARRY_MONTHS_MAX));
    for unit in units {
        let mark = Statement::new(MARK)
            .bind(*unit)
            .bind(since.unwrap_or(ALWAYS));
        on_engine!(&mut **tx, c => mark.execute(c))?;
    }
    Ok(())
}

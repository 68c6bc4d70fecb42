//! Figures that count, where the tree has changed: they get their day anew, and a mark for each tells the totals to
//! look at them again.

use chrono::{Months, NaiveDate};
use diesel::prelude::*;
use liendoan_core::schema::{figure_changes, figures};
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
        // Where it does not live at all any more it counts under nobody.
        let day = record_day(tx, UnitId(unit), starts_on, ends_on)?.unwrap_or(ends_on);
        if day != known {
            diesel::update(figures::table.find(id))
                .set(figures::day.eq(day))
                .execute(&mut **tx)?;
        }
    }
    let since = from.checked_sub_months(Months::new(CARRY_MONTHS_MAX));
    let marks = figures::table
        .filter(figures::unit_id.eq_any(units.to_vec()))
        .filter(figures::ends_on.ge(since.unwrap_or(ALWAYS)))
        .select((figures::unit_id, figures::measure, figures::period))
        .distinct()
        .insert_into(figure_changes::table)
        .into_columns((
            figure_changes::unit_id,
            figure_changes::measure,
            figure_changes::period,
        ));
    on_engine!(&mut **tx, c => marks.execute(c))?;
    Ok(())
}

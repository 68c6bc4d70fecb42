//! The campaigns that other records are part of.

use diesel::prelude::*;
use liendoan_core::period::Period;
use liendoan_core::schema::{record_versions, records};
use liendoan_core::{Code, Result, Tx, UnitId};

use super::CampaignContent;
use crate::records::lifecycle::kind::read;
use crate::records::lifecycle::{On, RecordKind, State};
use crate::records::parts::Refusals;
use crate::tree::cover;

/// Rules about the campaigns that a content names.
impl Refusals {
    /// They count; each is of the unit itself or of one above it, then or now; and runs in that period.
    pub fn campaigns(
        &mut self,
        tx: &mut Tx<'_>,
        pointers: &[(String, i64)],
        period: &Period,
        on: &On,
    ) -> Result<()> {
        if pointers.is_empty() {
            return Ok(());
        }
        // They are open to all who record.
        let query = records::table
            .inner_join(
                record_versions::table.on(record_versions::record_id
                    .eq(records::id)
                    .and(record_versions::number.eq(records::approved_number))),
            )
            .filter(records::id.eq_any(pointers.iter().map(|(_, id)| *id)))
            .filter(records::kind.eq(RecordKind::Campaign.as_str()))
            .filter(records::state.ne(State::Withdrawn.as_str()))
            .select((records::id, records::unit_id, record_versions::content));
        let known: Vec<(i64, UnitId, String)> = query.load(&mut **tx)?;
        let mut above = cover::line(tx, on.unit, on.day)?;
        above.extend(cover::line(tx, on.unit, on.today)?);
        for (pointer, id) in pointers {
            let Some((_, unit, content)) = known.iter().find(|(known, ..)| known == id) else {
                self.add(pointer, Code::CampaignUnknown);
                continue;
            };
            let runs = read::<CampaignContent>(content)?.period;
            let meets =
                runs.first_day() <= period.last_day() && period.first_day() <= runs.last_day();
            self.unless(above.contains(unit), pointer, Code::CampaignNotAbove);
            self.unless(meets, pointer, Code::CampaignNotThen);
        }
        Ok(())
    }
}

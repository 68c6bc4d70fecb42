//! What activities are part of: the theme of a year, emulation drives, programmes, by a unit for all under it.
//! Whoever reads records reads those that were approved, wherever they answer for.

mod model;
mod queries;

pub use model::{CampaignContent, CampaignKind};

use super::lifecycle::Mention;
use super::lifecycle::addresses::addresses;
use super::lifecycle::addresses::prelude::*;
use crate::http::grant::RecordCampaigns;

addresses! {
    /// A campaign.
    Campaign of CampaignContent, recorded by RecordCampaigns;
    /// What a list of campaigns is narrowed to.
    filter CampaignFilter {
        /// Only those of this kind.
        #[param(inline)]
        kind: Option<CampaignKind>,
        /// Only those that a unit may take part in: its own, and those of the units above it today. Its id, or
        /// `code:` and its code.
        open_to: Option<String>,
        /// Only those that run on this day.
        on: Option<Day>,
        /// Only those with this partner: its id.
        partner: Option<i64>,
    }
    narrows |filter, asked| {
        asked.open_to.clone_from(&filter.open_to);
        let wanted = &mut asked.wanted;
        wanted.category = filter.kind.map(|kind| kind.as_str().to_owned());
        wanted.on = filter.on.map(|day| day.0);
        wanted.naming.extend(filter.partner.map(Mention::Partner));
    };
    address "/campaigns", "/campaigns/{id}";
    words "campaign", "a campaign", "campaigns";
    update like json!({"goals": ["100 % công đoàn cơ sở tham gia"]});
}

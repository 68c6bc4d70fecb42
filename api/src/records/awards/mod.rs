//! Titles, flags, certificates: proposed, reviewed up the tree, decided on, presented.

mod model;

pub use model::{AwardContent, AwardStatus, Recipient};

use super::lifecycle::Mention;
use super::lifecycle::addresses::addresses;
use super::lifecycle::addresses::prelude::*;
use crate::http::grant::RecordAwards;

addresses! {
    /// An award, or the proposal of one.
    Award of AwardContent, recorded by RecordAwards;
    /// What a list of awards is narrowed to.
    filter AwardFilter {
        /// Only those of the title with this code.
        award_title: Option<String>,
        /// Only those that are proposed, awarded, presented, or declined.
        #[param(inline)]
        status: Option<AwardStatus>,
        /// Only those that this unit, or somebody of it, is given: its code.
        recipient_unit: Option<String>,
        /// Only those of this campaign: its id.
        campaign: Option<i64>,
    }
    narrows |filter, asked| {
        let wanted = &mut asked.wanted;
        wanted.category.clone_from(&filter.award_title);
        wanted.status = filter.status.map(AwardStatus::as_str);
        wanted.naming.extend(filter.recipient_unit.clone().map(Mention::Unit));
        wanted.naming.extend(filter.campaign.map(Mention::Campaign));
    };
    address "/awards", "/awards/{id}";
    words "award", "an award", "awards";
    update like json!({"status": "presented", "presented_on": "2024-07-16"});
}

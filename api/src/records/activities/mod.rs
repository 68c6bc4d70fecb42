//! What a unit did, or plans to do: a conference, a visit, a contest, a training, a gift round.

mod model;

pub use model::ActivityContent;

use super::lifecycle::Mention;
use super::lifecycle::addresses::addresses;
use super::lifecycle::addresses::prelude::*;
use super::parts::Status;
use crate::http::grant::RecordActivities;

addresses! {
    /// An activity.
    Activity of ActivityContent, recorded by RecordActivities;
    /// What a list of activities is narrowed to.
    filter ActivityFilter {
        /// Only those of the kind with this code.
        kind: Option<String>,
        /// Only those that were held, are planned, or were cancelled.
        #[param(inline)]
        status: Option<Status>,
        /// Only those with this partner: its id.
        partner: Option<i64>,
        /// Only those of this campaign: its id.
        campaign: Option<i64>,
    }
    narrows |filter, asked| {
        let wanted = &mut asked.wanted;
        wanted.category.clone_from(&filter.kind);
        wanted.status = filter.status.map(Status::as_str);
        wanted.naming.extend(filter.partner.map(Mention::Partner));
        wanted.naming.extend(filter.campaign.map(Mention::Campaign));
    };
    address "/activities", "/activities/{id}";
    words "activity", "an activity", "activities";
    update like json!({"participants": 118, "women": 63});
}

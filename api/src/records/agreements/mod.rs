//! What is agreed with others: collective agreements with employers, benefits for members, coordination
//! programmes.

mod model;

pub use model::{AgreementContent, AgreementKind, AgreementStatus};

use super::lifecycle::Mention;
use super::lifecycle::addresses::addresses;
use super::lifecycle::addresses::prelude::*;
use crate::http::grant::RecordAgreements;

addresses! {
    /// An agreement.
    Agreement of AgreementContent, recorded by RecordAgreements;
    /// What a list of agreements is narrowed to.
    filter AgreementFilter {
        /// Only those of this kind.
        #[param(inline)]
        kind: Option<AgreementKind>,
        /// Only those that are negotiated, signed, or ended before their time.
        #[param(inline)]
        status: Option<AgreementStatus>,
        /// Only those with this partner: its id.
        partner: Option<i64>,
        /// Only those that are signed, not replaced, and run out on this day or later.
        runs_out_from: Option<Day>,
        /// Only those that are signed, not replaced, and run out earlier than this day.
        runs_out_to: Option<Day>,
    }
    narrows |filter, asked| {
        let wanted = &mut asked.wanted;
        wanted.category = filter.kind.map(|kind| kind.as_str().to_owned());
        wanted.status = filter.status.map(AgreementStatus::as_str);
        wanted.naming.extend(filter.partner.map(Mention::Partner));
        wanted.due_from = filter.runs_out_from.map(|day| day.0);
        wanted.due_to = filter.runs_out_to.map(|day| day.0);
    };
    address "/agreements", "/agreements/{id}";
    words "agreement", "an agreement", "agreements";
    update like json!({"rating": "A", "valid_to": "2027-01-01"});
}

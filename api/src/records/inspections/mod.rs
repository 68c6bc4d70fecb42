//! Who visited whom: inspections, supervision, surveys and working visits, with what was found, concluded and
//! asked for.

mod model;

pub use model::{InspectionContent, InspectionKind};

use super::lifecycle::Mention;
use super::lifecycle::addresses::addresses;
use super::lifecycle::addresses::prelude::*;
use super::parts::Status;
use crate::http::grant::RecordInspections;

addresses! {
    /// An inspection or a working visit.
    Inspection of InspectionContent, recorded by RecordInspections;
    /// What a list of inspections is narrowed to.
    filter InspectionFilter {
        /// Only those of this kind.
        #[param(inline)]
        kind: Option<InspectionKind>,
        /// Only those that were held, are planned, or were cancelled.
        #[param(inline)]
        status: Option<Status>,
        /// Only those at which this unit was visited: its code.
        visited: Option<String>,
        /// Only those with an open task; the earliest due on this day or later.
        task_due_from: Option<Day>,
        /// Only those with an open task; the earliest due earlier than this day.
        task_due_to: Option<Day>,
    }
    narrows |filter, asked| {
        let wanted = &mut asked.wanted;
        wanted.category = filter.kind.map(|kind| kind.as_str().to_owned());
        wanted.status = filter.status.map(Status::as_str);
        wanted.naming.extend(filter.visited.clone().map(Mention::Unit));
        wanted.due_from = filter.task_due_from.map(|day| day.0);
        wanted.due_to = filter.task_due_to.map(|day| day.0);
    };
    address "/inspections", "/inspections/{id}";
    words "inspection", "an inspection", "inspections";
    update like json!({"conclusions": "Đơn vị thực hiện tốt Quy chế dân chủ ở cơ sở"});
}

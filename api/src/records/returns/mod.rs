//! Returns: what a unit reports in figures, in a form or outside one, for itself and for all under it.

mod model;

pub use model::ReturnContent;

use super::lifecycle::addresses::addresses;
use super::lifecycle::addresses::prelude::*;
use crate::http::grant::RecordReturns;

addresses! {
    /// A return.
    Return of ReturnContent, recorded by RecordReturns;
    /// What a list of returns is narrowed to.
    filter ReturnFilter {
        /// Only those in the form with this code.
        form: Option<String>,
        /// Only those that tell figures of the measure with this code.
        measure: Option<String>,
    }
    narrows |filter, asked| {
        let wanted = &mut asked.wanted;
        wanted.category.clone_from(&filter.form);
        wanted.naming.extend(filter.measure.clone().map(super::lifecycle::Mention::Measure));
    };
    address "/returns", "/returns/{id}";
    words "return", "a return", "returns";
    update like json!({"figures": [
        {"measure": "members", "coverage": "consolidated", "quantity": {"qualifier": "exact", "value": 28_935}}
    ]});
}

//! What every database begins with.

use liendoan_core::{Error, Result, Scope, Tx, sealer};

use super::activity_kinds::ActivityKind;
use super::award_titles::AwardTitle;
use super::measures::Measure;
use super::model::{Catalogue, Fields};
use super::queries;
use super::return_forms::ReturnForm;

/// Enters into each catalogue that has and ever had nothing the entries of its file, in their order, by
/// the same rules as the API.
pub fn load_if_empty(tx: &mut Tx<'_>) -> Result<()> {
    load::<ActivityKind>(tx)?;
    load::<AwardTitle>(tx)?;
    load::<Measure>(tx)?;
    load::<ReturnForm>(tx)
}

/// What entries name is not looked up: kinds of unit and measures of the files are those that a database begins with,
/// and who has deleted one since must still be able to start.
fn load<C: Catalogue>(tx: &mut Tx<'_>) -> Result<()> {
    let was_used = sealer::position_of(tx, C::TOPIC)? != Some(0);
    if was_used || queries::has_any::<C>(tx, &Scope::All)? {
        return Ok(());
    }
    let contents: Vec<C::Content> = serde_json::from_str(C::SEED).map_err(Error::internal)?;
    for content in contents {
        queries::create(tx, &Scope::All, &Fields::<C>::of(content)?)?;
    }
    Ok(())
}

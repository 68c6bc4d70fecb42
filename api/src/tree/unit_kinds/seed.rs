//! The kinds of today's law, for a database that has none.

use diesel::prelude::*;
use liendoan_core::schema::unit_kinds;
use liendoan_core::{Error, Result, Scope, Tx};

use super::model::UnitKindContent;
use super::queries;

const FILE: &str = include_str!("../../../../reference/unit_kinds.json");

/// Enters the kinds of `reference/unit_kinds.json` in its order, by the same rules as the API;
/// answers how many. Does nothing in a database that has or ever had any.
pub fn load_if_empty(tx: &mut Tx<'_>) -> Result<usize> {
    let ever_used = liendoan_core::sealer::position(tx)? > 0
        || unit_kinds::table
            .select(unit_kinds::id)
            .first::<i64>(&mut **tx)
            .optional()?
            .is_some();
    if ever_used {
        return Ok(0);
    }
    let contents: Vec<UnitKindContent> = serde_json::from_str(FILE).map_err(Error::internal)?;
    for content in &contents {
        queries::create(tx, &Scope::All, &content.clone().check()?)?;
    }
    Ok(contents.len())
}

//! Tells the feed of a planned decision once more, on the day on which it takes effect.

use liendoan_core::{Actor, Scope, Store};

use super::queries::News;
use super::{ReorganisationId, commit, queries};

/// Leaves an event for each decision whose day has come since it was recorded; answers how many. Several
/// processes may do so at once: each decision is told of once.
pub async fn announce_due(store: &Store) -> liendoan_core::Result<usize> {
    let today = store.clock().today();
    let due = store
        .query(move |db| queries::unannounced(db, today))
        .await?;
    let due: Vec<ReorganisationId> = due.into_iter().map(|one| one.id).collect();
    if due.is_empty() {
        return Ok(0);
    }
    store
        .write(Actor::program("announce"), move |tx| {
            let revision = commit::revision(tx)?.tree;
            let mut told = 0;
            for id in &due {
                if queries::mark_announced(tx, *id)? {
                    let recorded = queries::find(tx, &Scope::All, *id)?;
                    let news = News {
                        event_type: "reorganisation.took_effect",
                        before: None,
                        tree_revision: revision,
                        preview: None,
                        units: &[],
                    };
                    queries::tell(tx, &recorded, &news)?;
                    told += 1;
                }
            }
            Ok(told)
        })
        .await
}

//! The whole list, replayed from nothing: what the rows must equal.

use super::apply::{Refusal, apply};
use super::change::Decision;
use super::rules::Rules;
use super::world::World;

/// Replays decisions, which come in their order; answers the world, or the first that does not hold.
pub fn replay_all(
    rules: &Rules,
    decisions: impl IntoIterator<Item = Decision>,
) -> Result<World, (i64, Box<Refusal>)> {
    let mut world = World::default();
    for Decision { id, at, lines } in decisions {
        let applied = apply(&mut world, rules, id, at, &lines).map_err(|refusal| (id, refusal))?;
        for (ux, touch) in applied.touches {
            world.put(ux, at, Some(touch));
        }
    }
    Ok(world)
}

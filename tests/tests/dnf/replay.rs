//! Whether dnf, given our transaction as a stored one, does just that.

use std::path::Path;

use elevate_core::export::{Export, What};
use elevate_core::universe::Universe;

use super::judge::told;
use super::ours;
use super::tools::write;
use super::world::World;

/// Replays the transaction of a world, which has one. dnf refuses a stored transaction with
/// which other packages would come or go.
pub(crate) fn comes_to_the_same(world: &World, universe: &Universe, directory: &Path) {
    let plan = ours::plan(world, universe, directory);
    let export = Export::of(&plan, What::DnfTransaction, false).expect("a transaction");
    let file = write(&directory.join("transaction.json"), &export.files[0].content);
    let heard = told(world, directory, None, &["history", "replay", &file]);
    assert_eq!(
        heard, world.expected,
        "{}: dnf with our transaction, and what is written",
        world.name
    );
}

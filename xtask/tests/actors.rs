//! The actors of this repository, and what they cover of leapp's.

use xtask::{actors, files};

#[test]
fn the_list_of_actors_is_fresh_and_every_actor_of_leapp_is_accounted_for() {
    actors::coverage(&files::workspace_root()).unwrap_or_else(|problems| panic!("\n{problems}"));
}

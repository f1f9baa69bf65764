//! Small worlds, each with a host and repositories to upgrade to: packages that
//! rpmbuild built, repositories of createrepo_c, a package database of rpm. What the
//! real dnf says it would do with them is what we say; given our transaction as a stored one,
//! dnf does the same; and rpm does it step by step in our order.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "dnf/judge.rs"]
mod judge;
#[path = "dnf/ours.rs"]
mod ours;
#[path = "dnf/packages.rs"]
mod packages;
#[path = "dnf/replay.rs"]
mod replay;
#[path = "dnf/steps.rs"]
mod steps;
#[path = "dnf/tools.rs"]
mod tools;
#[path = "dnf/world.rs"]
mod world;

use std::sync::OnceLock;

use elevate_tests::data::TempDir;
use world::World;

/// A test for each world: its file, and what happens in it.
macro_rules! worlds {
    ($($file:literal $name:ident)*) => {
        const WORLDS: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("dnf/worlds/", $file, ".txt")))),*];
        $(#[test]
        fn $name() {
            as_dnf_says($file);
        })*
    };
}

worlds! {
    "architectures" packages_of_two_architectures_stay_in_step
    "conflicts" what_is_in_the_way_goes
    "downgrades" what_is_newer_than_the_repositories_is_downgraded
    "kernels" the_oldest_kernel_makes_room_for_the_new_one
    "leapp" calls_are_done_before_everything_is_synchronized
    "modules" only_active_streams_of_modules_count
    "orphans" what_no_repository_has_stays_where_it_can
    "paths" files_are_found_in_all_lists
    "protected" a_protected_package_does_not_go
    "renames" packages_go_on_under_other_names
    "repositories" the_better_repository_wins
    "second_best" without_erasing_the_second_best_is_taken
    "splits" packages_are_split_and_merged
    "unsolvable" without_erasing_the_best_cannot_always_be_had
    "weak" weak_dependencies_bring_what_they_may
}

fn worlds() -> &'static [World] {
    static READ: OnceLock<Vec<World>> = OnceLock::new();
    READ.get_or_init(|| WORLDS.iter().map(|(name, text)| World::read(name, text)).collect())
}

fn as_dnf_says(name: &str) {
    if !tools::are_here() {
        return;
    }
    let world = worlds().iter().find(|world| world.name == name).expect("a world");
    let directory = TempDir::new(&format!("dnf-{name}")).expect("a directory");
    for repository in &world.repositories {
        packages::repository(repository, &directory.path().join(&repository.id));
    }
    packages::root(&world.installed, &directory.path().join("root"));
    let universe = ours::universe(world, directory.path());

    let said = judge::ask(world, directory.path(), None);
    let answer = ours::answer(world, &universe, true);
    assert_eq!(ours::lines(&universe, &answer), said, "{name}: we, and dnf");
    assert_eq!(said, world.expected, "{name}: dnf, and what is written");

    if let Some(no_colours) = judge::no_colours() {
        let said = judge::ask(world, directory.path(), Some(no_colours));
        let answer = ours::answer(world, &universe, false);
        assert_eq!(ours::lines(&universe, &answer), said, "{name}: we, and dnf without colours");
        let expected = world.colourless.as_ref().unwrap_or(&world.expected);
        assert_eq!(&said, expected, "{name}: dnf without colours, and what is written");
    }
    if let Ok(changes) = answer {
        replay::comes_to_the_same(world, &universe, directory.path());
        steps::are_accepted(world, &universe, &changes, &directory.path().join("root"));
    }
}

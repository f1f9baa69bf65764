//! Small worlds, each with a host and repositories to upgrade to: packages that
//! rpmbuild built, repositories of createrepo_c, a package database of rpm. What the
//! real dnf says it would do with them is what we say.

#[path = "dnf/judge.rs"]
mod judge;
#[path = "dnf/ours.rs"]
mod ours;
#[path = "dnf/packages.rs"]
mod packages;
#[path = "dnf/tools.rs"]
mod tools;
#[path = "dnf/world.rs"]
mod world;

use std::sync::OnceLock;

use elevate_tests::data::TempDir;
use world::World;

macro_rules! worlds {
    ($($name:ident)*) => {
        const WORLDS: &[(&str, &str)] =
            &[$((stringify!($name), include_str!(concat!("dnf/worlds/", stringify!($name), ".txt")))),*];
        $(#[test]
        fn $name() {
            as_dnf_says(stringify!($name));
        })*
    };
}

worlds! {
    architectures conflicts downgrades kernels leapp modules orphans paths protected renames repositories
    second_best splits unsolvable weak
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
    assert_eq!(ours::answer(world, &universe, true), said, "{name}: we, and dnf");
    assert_eq!(said, world.expected, "{name}: dnf, and what is written");

    let Some(no_colours) = judge::no_colours() else {
        return eprintln!("skipped without colours: there is no C compiler");
    };
    let said = judge::ask(world, directory.path(), Some(no_colours));
    assert_eq!(ours::answer(world, &universe, false), said, "{name}: we, and dnf without colours");
    let expected = world.colourless.as_ref().unwrap_or(&world.expected);
    assert_eq!(&said, expected, "{name}: dnf without colours, and what is written");
}

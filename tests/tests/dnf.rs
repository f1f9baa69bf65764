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

use std::collections::BTreeSet;
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
    architectures conflicts downgrades kernels modules orphans paths protected renames repositories
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
    for colours in [true, false] {
        let said = match (colours, judge::no_colours()) {
            (true, _) => judge::ask(world, directory.path(), None),
            (false, None) => {
                eprintln!("skipped without colours: there is no C compiler");
                continue;
            }
            (false, library) => judge::ask(world, directory.path(), library),
        };
        let ours = ours::answer(world, &universe, colours);
        eprintln!(
            "@@ {name} {colours}\n{}\n@@",
            said.iter().cloned().collect::<Vec<_>>().join("\n")
        );
        assert_eq!(ours, said);
    }
}

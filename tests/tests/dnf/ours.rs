//! What we say.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use elevate_core::host::Root;
use elevate_core::model::{Arch, ModuleStream, RepoFile};
use elevate_core::plan::Plan;
use elevate_core::repository::{Definition, Directory, Variables};
use elevate_core::snapshot::capture::{Options, capture};
use elevate_core::snapshot::{GivenIdentity, Snapshot};
use elevate_core::solve::{
    Calls, Changes, Gone, Kind, Policy, Profile, Request, Solution, WeakExclusions,
};
use elevate_core::transaction::Transaction;
use elevate_core::universe::{LoadOptions, Repository, SolvableId, Universe, asked_paths, load};
use elevate_tests::plans::everything;

use super::judge::repo_file;
use super::world::World;

/// The universe of a world: its root captured, its repositories loaded.
pub(crate) fn universe(world: &World, directory: &Path) -> Universe {
    let packages = snapshot(&directory.join("root")).packages;
    assert_eq!(packages.len(), world.installed.len(), "{}", world.name);
    let (file, _) =
        RepoFile::parse("world.repo", &repo_file(world, directory)).expect("a .repo file");
    let (definitions, remarks) = Definition::all(&file, &Variables::default());
    assert_eq!(remarks, []);
    let files: Vec<Directory> =
        definitions.iter().map(|d| Directory::new(d.directory().expect("a directory"))).collect();
    let repositories: Vec<Repository<'_>> = definitions
        .iter()
        .zip(&files)
        .map(|(definition, files)| Repository { definition, files })
        .collect();
    let options = LoadOptions {
        arch: &Arch::X86_64,
        platform: &ModuleStream { name: "platform".to_owned(), stream: "el8".to_owned() },
        streams: &[],
        paths: &asked_paths(&packages).expect("paths"),
        cache: None,
    };
    let loaded = load(&repositories, &options).expect("repositories");
    assert_eq!(loaded.remarks, []);
    Universe::new(Arc::new(loaded.target), &packages).expect("a universe")
}

fn snapshot(root: &Path) -> Snapshot {
    let root = Root::open(root).expect("a root");
    let given = GivenIdentity { arch: Some(Arch::X86_64), ..GivenIdentity::default() };
    let options = Options { given, ..Options::default() };
    capture(&root, &options, &mut |_| ()).expect("a snapshot")
}

/// What a world asks, in leapp's lists.
fn calls(world: &World, colours: bool) -> Calls {
    Calls {
        remove: world.called("remove"),
        install: world.called("install"),
        upgrade: world.called("upgrade"),
        reinstall: world.called("reinstall"),
        sync: true,
        ..Calls::new(policy(world, colours))
    }
}

/// Our answer as a plan.
pub(crate) fn plan(world: &World, universe: &Universe, directory: &Path) -> Plan {
    let calls = calls(world, true);
    let solution = Solution::of(universe, &calls, &calls.solve(universe));
    let snapshot = snapshot(&directory.join("root"));
    let transaction = Transaction::solved(&snapshot, &Request::default(), &solution);
    Plan {
        packages: transaction.operations,
        arrivals: transaction.arrivals,
        transaction: transaction.whole,
        ..everything()
    }
}

/// Our answer: the changes, or how many problems there are.
pub(crate) fn answer(world: &World, universe: &Universe, colours: bool) -> Result<Changes, usize> {
    let calls = calls(world, colours);
    let solved = calls.solve(universe);
    let problems = solved.outcome.problems().len();
    if problems > 0 {
        return Err(problems);
    }
    let changes = Changes::of(universe, &solved.goal, &solved.outcome);
    let refused = calls.policy.refused(universe, solved.running_kernel, &changes);
    if refused.is_empty() { Ok(changes) } else { Err(1) }
}

/// Debian's dnf, set up as the world says.
fn policy(world: &World, colours: bool) -> Policy {
    let is = |setting| world.setting(setting) == "1";
    let protected = world.setting("protected_packages").split_whitespace();
    let weak_exclusions = match is("exclude_from_weak_autodetect") {
        true => WeakExclusions::ByVersion,
        false => WeakExclusions::Off,
    };
    Policy {
        best: is("best"),
        allow_erasing: is("allow_erasing"),
        weak_dependencies: is("install_weak_deps"),
        weak_exclusions,
        colours,
        installonly_limit: world.setting("installonly_limit").parse().expect("a number"),
        protected: protected.map(|name| name.parse().expect("a name")).collect(),
        obsoleting_erases_protected: false,
        profile: Profile::LIBSOLV_0_7_39,
        ..Policy::leapp()
    }
}

/// An answer, a line each.
pub(crate) fn lines(universe: &Universe, answer: &Result<Changes, usize>) -> BTreeSet<String> {
    let changes = match answer {
        Ok(changes) => changes,
        Err(problems) => return BTreeSet::from([format!("problems: {problems}")]),
    };
    let gone = |how: Gone| {
        let all = changes.leaving.iter().filter(move |leaving| leaving.how == how);
        all.map(|leaving| leaving.package)
    };
    let erased = gone(Gone::Erased).map(|package| format!("erase {}", universe.nevra(package)));
    let mut lines: BTreeSet<String> = erased.collect();
    let obsoleted: BTreeSet<SolvableId> = gone(Gone::Obsoleted).collect();
    for arriving in &changes.arriving {
        let word = match arriving.kind {
            Kind::Install => "install",
            Kind::Upgrade => "upgrade",
            Kind::Downgrade => "downgrade",
            Kind::Reinstall => "reinstall",
        };
        let new = universe.nevra(arriving.package);
        lines.insert(format!("{word} {new}"));
        for old in arriving.replaces.iter().filter(|old| obsoleted.contains(old)) {
            lines.insert(format!("{new} replaces {}", universe.nevra(*old)));
        }
    }
    lines
}

//! Whether rpm does the steps of a transaction one by one in our order.

use std::collections::BTreeSet;
use std::path::Path;

use elevate_core::solve::Changes;
use elevate_core::universe::graph::{Sequence, Step};
use elevate_core::universe::{SolvableId, Universe};

use super::packages::files;
use super::tools::run;
use super::world::World;

/// Does the steps in the root, with all of rpm's checks but where a bond was cut: each
/// package has what it needs and nothing in its way when it is installed, and
/// nothing needs it any more when it is removed. What is replaced goes before, so
/// that nothing old stands in for what is new.
pub(crate) fn are_accepted(world: &World, universe: &Universe, changes: &Changes, root: &Path) {
    let replaced = changes.leaving.iter().filter(|leaving| !leaving.by.is_empty());
    let replaced: Vec<SolvableId> = replaced.map(|leaving| leaving.package).collect();
    for package in &replaced {
        must(root, &["--nodeps", "-e", &name(universe, *package)], world);
    }
    let sequence = sequence(universe, changes);
    let cut: BTreeSet<SolvableId> = sequence.cuts.iter().map(|cut| cut.then).collect();
    let done = sequence.steps.iter().map(|step| step.package);
    assert_eq!(done.count() + replaced.len(), changes.arriving.len() + changes.leaving.len());
    for step in &sequence.steps {
        let mut arguments = if cut.contains(&step.package) { vec!["--nodeps"] } else { Vec::new() };
        let what = what(world, universe, step);
        arguments.extend([if step.is_removal() { "-e" } else { "-i" }, &what]);
        must(root, &arguments, world);
    }
}

/// The steps of a transaction in order.
fn sequence(universe: &Universe, changes: &Changes) -> Sequence {
    let arriving = changes.arriving.iter().map(|a| (a.package, a.replaces.clone()));
    let leaving = changes.leaving.iter().filter(|leaving| leaving.by.is_empty());
    Sequence::of(universe, arriving, leaving.map(|leaving| leaving.package))
}

/// What rpm is to be told: a file, or the name of what is installed.
fn what(world: &World, universe: &Universe, step: &Step) -> String {
    let Some(source) = universe.target().source(step.package) else {
        return name(universe, step.package);
    };
    let mut all = world.repositories.iter().filter(|r| r.id == source.id.as_str());
    let of = all.next().expect("a repository");
    let nevra = universe.nevra(step.package);
    let package = of.packages.iter().find(|package| package.nevra == nevra).expect("a package");
    files()[package].to_str().expect("UTF-8").to_owned()
}

/// The full name of a package as rpm finds it.
fn name(universe: &Universe, package: SolvableId) -> String {
    let [name, evr, arch] = [universe.name(package), universe.evr(package), universe.arch(package)]
        .map(|id| universe.text(id));
    let evr = evr.split_once(':').map_or(evr, |(_, rest)| rest);
    format!("{name}-{evr}.{arch}")
}

fn must(root: &Path, arguments: &[&str], world: &World) {
    let root = root.to_str().expect("UTF-8");
    let mut all = vec!["--root", root, "--dbpath", "/var/lib/rpm", "--justdb", "--noscripts"];
    all.extend(arguments);
    if arguments.contains(&"-i") {
        all.extend(["--ignorearch", "--ignoresize", "--nosignature", "--replacefiles"]);
    }
    let output = run("rpm", &all, &[]);
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: rpm {arguments:?}: {talk}", world.name);
}

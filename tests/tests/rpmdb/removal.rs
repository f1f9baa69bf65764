//! What removing a package would break, as rpm itself finds it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use elevate_core::model::{Arch, InstalledPackage, Purpose};
use elevate_core::rpm::rpmdb::{self, DbFiles, DbKind, Mode};
use elevate_core::universe::graph::{Bonds, DependencyGraph};
use elevate_core::universe::{SolvableId, Target, Universe};
use elevate_tests::data::TempDir;

use crate::databases::{Recorded, recorded};
use crate::{header_list, tools};

/// How many packages of each database rpm is asked about.
const ASKED: usize = 12;

/// What is asked for, and by whom.
type Broken = BTreeSet<(String, String)>;

#[test]
fn rpmdb_what_a_removal_breaks_is_what_rpm_says() {
    let (mut compared, mut breaking) = (0, 0);
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let database = rpmdb::open(&DbFiles::single(&bytes)).unwrap();
        let packages = database.installed(Mode::Strict).unwrap().packages;
        if database.kind() != DbKind::BerkeleyDb || packages.len() < ASKED {
            continue;
        }
        let directory = TempDir::new("rpmdb-removal").unwrap();
        if !tools::import("sqlite", directory.path(), &header_list(&bytes)) {
            return;
        }
        let universe = universe(&packages);
        let graph = DependencyGraph::of_installed(&universe, &packages);
        for package in graph.packages().iter().step_by(packages.len() / ASKED) {
            let ours = first_broken(&graph, *package, &packages);
            let Some(theirs) = rpm_finds(directory.path(), &universe.nevra(*package)) else {
                return;
            };
            assert_eq!(ours, theirs, "{name}: without {}", universe.nevra(*package));
            compared += 1;
            breaking += usize::from(!ours.is_empty());
        }
    }
    if recorded().is_some() {
        assert!(compared >= 50 && breaking >= 20, "only {breaking} of {compared} break anything");
    }
}

#[test]
fn rpmdb_graphs_of_real_hosts_are_sound() {
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let database = rpmdb::open(&DbFiles::single(&bytes)).unwrap();
        let packages = database.installed(Mode::Strict).unwrap().packages;
        let universe = universe(&packages);
        let graph = DependencyGraph::of_installed(&universe, &packages);
        assert_eq!((graph.unknown().len(), universe.unread().len()), (0, 0), "{name}");
        let ordered: Vec<SolvableId> =
            graph.order().into_iter().flat_map(|group| group.packages).collect();
        let all: BTreeSet<SolvableId> = ordered.iter().copied().collect();
        assert_eq!((ordered.len(), all.len()), (packages.len(), packages.len()), "{name}");
        let grouped = |package| graph.cycles().iter().any(|cycle| cycle.contains(&package));
        for leaf in graph.leaves(Bonds::Hard) {
            assert!(graph.removal(&[leaf]).rounds.is_empty(), "{name}");
            assert!(!grouped(leaf), "{name}");
        }
        for package in graph.packages().iter().step_by(7) {
            let why = graph.why(*package, 3);
            let explained = !why.chains.is_empty() || !why.circle.is_empty();
            assert_eq!(
                why.is_leaf == Some(true),
                !explained,
                "{name}: {}",
                universe.nevra(*package)
            );
        }
    }
}

fn universe(packages: &[InstalledPackage]) -> Universe {
    let nothing_else = Target::new(&Arch::X86_64, Vec::new()).expect("it is empty");
    Universe::new(Arc::new(nothing_else), packages).expect("a host")
}

/// The requirements that break at once. Those that scripts had while the package
/// was installed are left out: dnf keeps them whole, and rpm lets them break.
fn first_broken(
    graph: &DependencyGraph<'_>,
    package: SolvableId,
    packages: &[InstalledPackage],
) -> Broken {
    let universe = graph.universe();
    let rounds = graph.removal(&[package]).rounds;
    let because = rounds.first().into_iter().flatten().flat_map(|leaving| &leaving.because);
    let lasting = because.filter(|r| {
        let at = universe.origin(r.package).expect("it is installed");
        let text = universe.show(r.term).to_string();
        let stored = packages[at].data.iter().flat_map(|data| &data.requires);
        let mut same = stored.filter(|stored| stored.text().replace(" 0:", " ") == text);
        same.any(|stored| !stored.is_before() || outlives_installation(stored.purposes()))
    });
    lasting.map(|r| (universe.show(r.term).to_string(), universe.nevra(r.package))).collect()
}

fn outlives_installation(purposes: &[Purpose]) -> bool {
    purposes.iter().any(|purpose| matches!(purpose, Purpose::Preun | Purpose::Postun))
}

/// What rpm says is needed by whom; `None`, with a printed reason, where there is
/// no rpm.
fn rpm_finds(directory: &Path, package: &str) -> Option<Broken> {
    let path = directory.to_str().expect("UTF-8");
    let database = ["--define", "_db_backend sqlite", "--dbpath", path];
    let unverified = ["--define", "_pkgverify_level none", "--nosignature", "--nodigest"];
    let arguments = [&database[..], &unverified, &["-e", "--test", package]].concat();
    let output = tools::run("rpm", &arguments, directory)?;
    let talk = String::from_utf8(output.stderr).expect("UTF-8");
    let mut found = Broken::new();
    // Debian's rpm says of itself that it is not the way to install packages.
    let of_itself =
        |line: &str| line.starts_with("rpm: ") || line.ends_with("Failed dependencies:");
    for line in talk.lines().filter(|line| !of_itself(line)) {
        let (what, who) = line
            .trim()
            .split_once(" is needed by (installed) ")
            .unwrap_or_else(|| panic!("{package}: rpm says {line:?}"));
        found.insert((what.replace(" 0:", " "), who.to_owned()));
    }
    assert_eq!(output.status.success(), found.is_empty(), "{package}: {talk}");
    Some(found)
}

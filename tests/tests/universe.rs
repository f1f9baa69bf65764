//! Repositories and providers compared with libsolv's own answers, where
//! python3-solv is installed.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "helpers of tests")]

#[path = "universe/versions.rs"]
mod versions;
#[path = "universe/warm.rs"]
mod warm;
#[path = "universe/world.rs"]
mod world;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use elevate_core::model::{Arch, Requirement, RichDependency, RichOperator};
use elevate_core::repository::Directory;
use elevate_core::universe::{List, Opened, RepositoryData, Source, Target, Threads};
use elevate_tests::binary::libsolv_script;
use elevate_tests::data::{self, TempDir};
use elevate_tests::recorded::{data_dir, files, oracle_dir};
use elevate_tests::shuffle::Order;
use world::World;

const SCRIPT: &str = "libsolv_universe.py";

/// How the lists are called in what is printed.
const LETTERS: [(List, char); 9] = [
    (List::Provides, 'P'),
    (List::Requires, 'R'),
    (List::RequiresBefore, 'B'),
    (List::Conflicts, 'C'),
    (List::Obsoletes, 'O'),
    (List::Recommends, 'r'),
    (List::Suggests, 's'),
    (List::Supplements, 'u'),
    (List::Enhances, 'e'),
];

/// A repository in a directory, and its file of packages.
fn read(root: &Path) -> Result<(PathBuf, RepositoryData), String> {
    let directory = Directory::new(root);
    let opened = Opened::new(&directory).map_err(|error| error.to_string())?;
    let primary = opened.repomd.best("primary").map_err(|error| error.to_string())?;
    let data = opened.packages(Threads::Two).map_err(|error| error.to_string())?;
    Ok((root.join(&primary.location), data))
}

fn target(sources: impl IntoIterator<Item = (String, RepositoryData)>) -> Target {
    let source =
        |(id, data): (String, RepositoryData)| Source::new(id.parse().unwrap(), Arc::new(data));
    Target::new(&Arch::X86_64, sources.into_iter().map(source).collect()).unwrap()
}

/// Every package with all its dependencies and files, as the script prints it.
fn dump(data: &RepositoryData) -> String {
    let target = target([("dump".to_owned(), data.clone())]);
    let mut out = String::new();
    for (at, package) in target.packages().enumerate() {
        let (name, evr, arch) = target.nevra(package);
        let [name, evr, arch] = [name, evr, arch].map(|id| target.text(id));
        writeln!(out, "= {name} {evr} {arch}").unwrap();
        for (list, letter) in LETTERS {
            for term in target.list(package, list) {
                let text = target.show(*term).to_string();
                let text = if text.starts_with('(') { as_libsolv(&text) } else { text };
                writeln!(out, "{letter} {text}").unwrap();
            }
        }
        for file in data.files(at) {
            writeln!(out, "F {file}").unwrap();
        }
    }
    out + "."
}

/// A rich dependency as libsolv writes it: it leaves out the parentheses of a left
/// operand, `((a or b) or c)`, which we keep because rpm has them.
fn as_libsolv(text: &str) -> String {
    fn operand(of: &Requirement, outer: RichOperator) -> String {
        match of {
            Requirement::Capability(capability) => capability.to_string(),
            Requirement::Rich(rich) if outer.shares_parentheses(rich.operator) => inside(rich),
            Requirement::Rich(rich) => format!("({})", inside(rich)),
        }
    }
    fn inside(rich: &RichDependency) -> String {
        let RichDependency { left, operator, right } = rich;
        format!("{} {} {}", operand(left, *operator), operator.as_str(), operand(right, *operator))
    }
    match text.parse().unwrap() {
        Requirement::Capability(capability) => capability.to_string(),
        Requirement::Rich(rich) => format!("({})", inside(&rich)),
    }
}

/// Compares what was read with libsolv's reading, line by line, files in any
/// order within their package: libsolv sorts them by directory.
fn agree(repositories: &[(PathBuf, RepositoryData)]) {
    let questions: String =
        repositories.iter().map(|(path, _)| format!("dump\t{}\n", path.display())).collect();
    let Some(lines) = libsolv_script(SCRIPT, &questions) else {
        eprintln!("skipped: python3-solv is not installed");
        return;
    };
    let mut theirs = lines.split(|line| line == ".");
    for (path, data) in repositories {
        let ours = dump(data);
        let ours: Vec<&str> = ours.lines().collect();
        let ours = sorted(ours.strip_suffix(&["."]).unwrap());
        let theirs: Vec<&str> = theirs.next().unwrap().iter().map(String::as_str).collect();
        let theirs = sorted(&theirs);
        assert_eq!(ours.len(), theirs.len(), "{}: packages", path.display());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{}", path.display());
        }
    }
}

/// The lines of each package, its files sorted.
fn sorted<'l>(lines: &[&'l str]) -> Vec<Vec<&'l str>> {
    let packages = lines.chunk_by(|_, next| !next.starts_with("= "));
    let sort = |package: &[&'l str]| {
        let mut package = package.to_vec();
        let files = package.iter().position(|line| line.starts_with("F ")).unwrap_or(package.len());
        package[files..].sort_unstable();
        package
    };
    packages.map(sort).collect()
}

/// The repositories below a directory, by the place of their `repodata`.
fn roots(directory: &Path) -> Vec<PathBuf> {
    let repomds = files(directory, |path| path.ends_with("repodata/repomd.xml"));
    let root = |(path, _): (String, Vec<u8>)| {
        directory.join(path).parent().and_then(Path::parent).unwrap().to_path_buf()
    };
    repomds.into_iter().map(root).collect()
}

#[test]
fn real_repositories_are_read_as_libsolv_reads_them() {
    let Some(directory) = data_dir("repodata") else { return };
    let (mut read_ones, mut refused) = (Vec::new(), String::new());
    for root in roots(&directory) {
        match read(&root) {
            Ok(repository) => read_ones.push(repository),
            Err(why) => {
                let why = why.replace(&*directory.to_string_lossy(), "");
                writeln!(refused, "{why}").unwrap();
            }
        }
    }
    assert!(read_ones.len() >= 8, "{}", read_ones.len());
    // That one was recorded without it.
    insta::assert_snapshot!(refused, @"/cs9-osbuild/baseos: repodata/cdaea5e0146e813bea249e21662c3e2e5dbac57f4a3b8ab376e22768bd7201ab-primary.xml.gz: there is no such file");
    agree(&read_ones);
}

/// All of them, 60,000 packages each the largest two.
#[test]
fn recorded_universes_are_read_as_libsolv_reads_them() {
    let Some(directory) = oracle_dir("solver") else { return };
    let repositories: Vec<_> = roots(&directory).iter().map(|root| read(root).unwrap()).collect();
    assert!(repositories.len() >= 15, "{}", repositories.len());
    agree(&repositories);
}

#[test]
fn random_universes_are_read_as_libsolv_reads_them() {
    let Some(directory) = oracle_dir("solver/random") else { return };
    let unpacked = TempDir::new("random-universes").unwrap();
    for (name, bytes) in data::untar(&data::read(&directory.join("cases.tar.xz")).unwrap()) {
        if name.contains("/repodata/") {
            unpacked.write(&name, &bytes).unwrap();
        }
    }
    let repositories: Vec<_> =
        roots(unpacked.path()).iter().map(|root| read(root).unwrap()).collect();
    assert_eq!(repositories.len(), 1_200);
    agree(&repositories);
}

/// Compares the providers of so many dependencies, picked from all of a world.
fn agree_on_providers(world: &World, count: usize) {
    let universe = &world.universe;
    let lists = |package| {
        let asking = List::ASKING.into_iter();
        asking.flat_map(move |list| universe.list(package, list).iter().copied())
    };
    let all: Vec<_> = universe.packages().flat_map(lists).collect();
    let mut order = Order::new(20_001);
    let sampled: Vec<_> = (0..count).map(|_| all[order.below(all.len())]).collect();
    let asked: Vec<String> = sampled.iter().map(|term| world.question(*term)).collect();
    let questions = world.repositories() + &asked.concat();
    let Some(answers) = libsolv_script(SCRIPT, &questions) else {
        eprintln!("skipped: python3-solv is not installed");
        return;
    };
    assert_eq!(answers.len(), count);
    for (term, theirs) in sampled.iter().zip(answers) {
        assert_eq!(world.providers(*term), theirs, "{}", universe.show(*term));
    }
}

#[test]
fn providers_are_those_of_libsolv_with_complete_file_lists() {
    let Some(directory) = oracle_dir("solver/synthetic/u12k") else { return };
    let targets = ["baseos", "appstream", "powertools", "epel"].map(|name| ("target", name));
    let world = World::read(&directory, &targets, "host00/installed");
    assert!(world.universe.unlisted().is_empty());
    agree_on_providers(&world, 20_000);
}

#[test]
fn providers_are_those_of_libsolv_in_a_real_distribution() {
    let Some(directory) = oracle_dir("solver/debian") else { return };
    let targets = ["el8-baseos", "el8-appstream", "el8-epel"].map(|name| ("repos", name));
    let world = World::read(&directory, &targets, "installed/gnome");
    agree_on_providers(&world, 20_000);
}

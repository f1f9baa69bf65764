//! A target from a cache is the target that was made anew.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use elevate_core::model::{Arch, InstalledPackage, ModuleStream};
use elevate_core::repository::store::ParsedDirectory;
use elevate_core::repository::{Definition, Directory, ParsedCache, Variables};
use elevate_core::universe::{
    List, LoadOptions, Loaded, Repository, Target, Universe, asked_paths, load,
};
use elevate_tests::data::TempDir;
use elevate_tests::recorded::{files, oracle_dir};
use elevate_tests::repositories::Repository as Recorded;

/// Of so many packages and dependencies one is printed.
const EVERY: usize = 7;

/// What a target says, in numbers and in words.
fn dump(loaded: &Loaded) -> String {
    let target = &loaded.target;
    let mut out =
        format!("{} packages, {} ruled out\n", target.len(), target.all_ruled_out().count());
    for package in target.packages().step_by(EVERY) {
        let (name, evr, arch) = target.nevra(package);
        let shown = [name, evr, arch].map(|id| target.text(id));
        let source = target.source(package).unwrap();
        writeln!(out, "{package:?} {shown:?} {source:?} {:?}", target.ruled_out(package)).unwrap();
        writeln!(out, "{:?}", target.details(package).unwrap()).unwrap();
        for list in List::ALL {
            let terms = target.list(package, list).iter();
            let terms: Vec<String> = terms.map(|term| target.show(*term).to_string()).collect();
            writeln!(out, "{list:?} {terms:?}").unwrap();
        }
        writeln!(out, "{:?}", target.obsoleting(name)).unwrap();
    }
    let asked = |package| List::ASKING.map(|list| target.list(package, list));
    for term in target.packages().flat_map(asked).flatten().step_by(EVERY) {
        writeln!(out, "{term:?} {:?}", target.providers(*term)).unwrap();
    }
    writeln!(out, "{:?}", target.with_supplements()).unwrap();
    writeln!(out, "{:?} {:?}", loaded.remarks, loaded.activation).unwrap();
    out
}

/// What a host has of its own, and what it finds in the target.
fn over(target: Target, host: &[InstalledPackage]) -> String {
    let universe = Universe::new(Arc::new(target), host).unwrap();
    let mut out = format!("{:?}\n", universe.unlisted());
    for package in universe.installed() {
        for list in List::ALL {
            for term in universe.list(package, list) {
                writeln!(out, "{term:?} {:?}", universe.providers(*term)).unwrap();
            }
        }
    }
    out
}

fn agree(root: &Path, targets: &[&str], installed: &str, name: &str) {
    let directories: Vec<Directory> =
        targets.iter().map(|target| Directory::new(root.join(target))).collect();
    let define = |at: usize| {
        let mut definition =
            Definition::of_argument(&format!("r{at}=/nowhere"), &Variables::new()).unwrap();
        definition.exclude = vec!["a*".to_owned()];
        definition
    };
    let definitions: Vec<Definition> = (0..targets.len()).map(define).collect();
    let host = Recorded::read(&root.join(installed)).installed_packages();
    let paths = asked_paths(&host).unwrap();
    let loaded = |paths: &[String], cache: Option<&dyn ParsedCache>| {
        let all = definitions.iter().zip(&directories);
        let repositories: Vec<Repository<'_>> =
            all.map(|(definition, files)| Repository { definition, files }).collect();
        let platform = ModuleStream { name: "platform".to_owned(), stream: "el8".to_owned() };
        let (arch, streams) = (&Arch::X86_64, &[]);
        load(&repositories, &LoadOptions { arch, platform: &platform, streams, paths, cache })
            .unwrap()
    };
    let anew = loaded(&paths, None);
    let expected = dump(&anew);
    let expected_of_host = over(anew.target, &host);
    let kept = TempDir::new(name).unwrap();
    let cache = ParsedDirectory::new(kept.path(), 1 << 30);
    // Filled, filled with what another host asks for, from it, and after damage.
    loaded(&[], Some(&cache));
    for round in 0..3 {
        let warm = loaded(&paths, Some(&cache));
        assert!(dump(&warm) == expected, "{name}, round {round}");
        assert!(over(warm.target, &host) == expected_of_host, "{name}, round {round}");
        if round == 1 {
            damage(&kept);
        }
    }
}

/// Changes a byte in the middle of each file.
fn damage(directory: &TempDir) {
    for (name, mut bytes) in files(directory.path(), |_| true) {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        directory.write(&name, &bytes).unwrap();
    }
}

#[test]
fn a_target_from_a_cache_is_the_one_made_anew_with_complete_file_lists() {
    let Some(root) = oracle_dir("solver/synthetic/u12k") else { return };
    let targets = ["target/baseos", "target/appstream", "target/powertools", "target/epel"];
    agree(&root, &targets, "host00/installed", "warm-u12k");
}

#[test]
fn a_target_from_a_cache_is_the_one_made_anew_in_a_real_distribution() {
    let Some(root) = oracle_dir("solver/debian") else { return };
    let targets = ["repos/el8-baseos", "repos/el8-appstream", "repos/el8-epel"];
    agree(&root, &targets, "installed/gnome", "warm-debian");
}

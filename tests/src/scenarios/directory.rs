//! Cases that others made: a directory with `installed/repodata`,
//! `target/*/repodata` and `jobs.json`.

use std::path::Path;

use elevate_core::model::{InstalledPackage, Nevra, StoredDependency};
use elevate_core::universe::List;
use serde_json::Value;

use super::package::Package;
use super::story::{Dnf, Story};
use super::world::{Stock, World};
use crate::oracle::names;
use crate::recorded::{entries, read};
use crate::repositories::Repository;

/// The story of a case, with nothing expected yet.
pub fn from_directory(case: &Path) -> Story {
    let stock = |directory: &Path| Stock {
        id: directory.file_name().expect("a name").to_string_lossy().into_owned(),
        priority: 99,
        packages: packages(directory),
    };
    let world = World {
        installed: packages(&case.join("installed")),
        repositories: entries(&case.join("target")).iter().map(|path| stock(path)).collect(),
    };
    let jobs: Value = serde_json::from_slice(&read(&case.join("jobs.json"))).expect("JSON");
    let mut story = Story {
        title: case.display().to_string(),
        shows: String::new(),
        source: "made by another generator".to_owned(),
        installed: String::new(),
        repositories: Vec::new(),
        dnf: Some(calls(&jobs)),
        libsolv: None,
        expect: Vec::new(),
    };
    world.tell(&mut story);
    story
}

fn calls(jobs: &Value) -> Dnf {
    let is = |key: &str, usual: bool| jobs[key].as_bool().unwrap_or(usual);
    let excludes = is("exclude_from_weak_autodetect", true);
    Dnf {
        remove: names(jobs, "erase"),
        install: names(jobs, "install"),
        upgrade: names(jobs, "upgrade"),
        sync: is("distro_sync", false),
        best: is("best", false),
        allow_erasing: is("allow_erasing", false),
        weak_dependencies: is("weak_deps", true),
        weak_exclusions: if excludes { "by-version" } else { "off" }.to_owned(),
        installonly: names(jobs, "installonly"),
        protected: names(jobs, "protected"),
        ..Dnf::default()
    }
}

fn packages(directory: &Path) -> Vec<Package> {
    Repository::read(directory).installed_packages().iter().map(package).collect()
}

fn package(installed: &InstalledPackage) -> Package {
    let nevra = Nevra {
        name: installed.name.clone(),
        evr: installed.evr.clone(),
        arch: installed.arch.clone().expect("an architecture"),
    };
    let mut package = Package::new(nevra);
    package.vendor = installed.vendor.clone().unwrap_or_default();
    package.built = installed.build_time.unwrap_or_default();
    let data = installed.data.as_ref().expect("dependencies");
    let mut add = |list: List, dependencies: &[StoredDependency]| {
        let line = |dependency: &StoredDependency| {
            let before = list == List::Requires && dependency.is_before();
            (if before { List::RequiresBefore } else { list }, dependency.text().to_owned())
        };
        package.lines.extend(dependencies.iter().map(line));
    };
    add(List::Provides, &data.provides);
    add(List::Requires, &data.requires);
    add(List::Conflicts, &data.conflicts);
    add(List::Obsoletes, &data.obsoletes);
    add(List::Recommends, &data.recommends);
    add(List::Suggests, &data.suggests);
    add(List::Supplements, &data.supplements);
    add(List::Enhances, &data.enhances);
    package.lines.extend(data.paths().map(|(path, _)| (List::Files, path)));
    package
}

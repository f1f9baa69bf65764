//! Hosts like those of Enterprise Linux: colours, kernels, splits, rich
//! dependencies.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use elevate_core::model::InstalledPackage;
use elevate_core::solve::{Policy, Profile};
use elevate_core::universe::{Target, Universe, asked_paths};
use elevate_tests::recorded::{oracle_dir, read};
use elevate_tests::repositories::{Repository, target};
use serde_json::Value;

use crate::answer::{difference, none};
use crate::jobs::{answer, calls, expected};

const HOSTS: [&str; 4] = ["host00", "host01", "host02", "host03"];

struct World {
    directory: PathBuf,
    target: Arc<Target>,
    hosts: Vec<Vec<InstalledPackage>>,
}

impl World {
    /// Read once for all tests; `None` where it is not there.
    fn get() -> Option<&'static Self> {
        static WORLD: OnceLock<Option<World>> = OnceLock::new();
        WORLD.get_or_init(|| oracle_dir("solver/synthetic/u12k").map(Self::read)).as_ref()
    }

    fn read(directory: PathBuf) -> Self {
        let installed = |host: &str| {
            Repository::read(&directory.join(host).join("installed")).installed_packages()
        };
        let hosts: Vec<_> = HOSTS.into_iter().map(installed).collect();
        let asked = |host: &Vec<InstalledPackage>| asked_paths(host).unwrap();
        let asked: Vec<String> = hosts.iter().flat_map(asked).collect();
        let names = ["baseos", "appstream", "powertools", "epel"];
        let repositories =
            names.map(|name| (name, Repository::read(&directory.join("target").join(name))));
        let repositories: Vec<_> =
            repositories.iter().map(|(name, read)| (*name, read, 99)).collect();
        let target = Arc::new(target(&repositories, &asked));
        Self { directory, target, hosts }
    }

    /// Answers the calls of every host as the files with these endings say.
    fn agree(jobs: &str, recorded: &str, policy: &Policy) {
        let Some(world) = Self::get() else { return };
        let mut differences = Vec::new();
        for (host, packages) in HOSTS.into_iter().zip(&world.hosts) {
            let universe = Universe::new(Arc::clone(&world.target), packages).unwrap();
            let file = format!("{host}.{recorded}.json");
            let jobs = json(&world.directory.join(host).join(jobs));
            let ours = answer(&universe, &calls(&jobs, policy.clone()));
            let theirs = expected(&json(&world.directory.join(&file)));
            differences.extend(difference(&file, &theirs, &ours));
        }
        none(HOSTS.len(), &differences);
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&read(path)).unwrap()
}

/// libsolv of a release, driven as a new libdnf drives it.
fn libsolv(profile: Profile) -> Policy {
    Policy { profile, erase_unused_installonly: true, ..Policy::leapp() }
}

/// dnf 4.14 with libsolv 0.7.23.
fn dnf() -> Policy {
    Policy { profile: Profile::LIBSOLV_0_7_39, ..Policy::leapp() }
}

#[test]
fn transactions_are_those_of_dnf() {
    World::agree("jobs.json", "dnf", &dnf());
}

#[test]
fn transactions_are_those_of_dnf_as_leapp_calls_it() {
    World::agree("jobs_leapp.json", "leapp.dnf", &dnf());
}

#[test]
fn transactions_are_those_of_libsolv_0_7_39() {
    World::agree("jobs.json", "el-0.7.39", &libsolv(Profile::LIBSOLV_0_7_39));
}

#[test]
fn transactions_are_those_of_libsolv_0_7_20() {
    World::agree("jobs.json", "el8-0.7.20", &libsolv(Profile::LIBSOLV_0_7_20));
}

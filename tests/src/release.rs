//! The recorded upgrade of a whole release: its repositories, and hosts of the
//! release before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use elevate_core::model::InstalledPackage;
use elevate_core::solve::{Calls, Policy, WeakExclusions};
use elevate_core::universe::Target;
use serde_json::Value;

use crate::data;
use crate::repositories::{Repository, target};

/// The repositories of the new release, in order.
pub const REPOSITORIES: [&str; 3] = ["el8-baseos", "el8-appstream", "el8-epel"];
/// Hosts of the old one: 373, 814 and 1,986 packages.
pub const HOSTS: [&str; 3] = ["minimal", "web", "gnome"];

/// A release, and where hosts of the one before are.
pub struct Release {
    directory: PathBuf,
    /// Its packages.
    pub target: Arc<Target>,
}

impl Release {
    /// Reads `solver/debian` of the recorded decisions.
    pub fn read(directory: &Path) -> Self {
        let read = |name| (name, Repository::read(&directory.join("repos").join(name)), 99);
        let read = REPOSITORIES.map(read);
        let sources: Vec<_> =
            read.iter().map(|(name, read, priority)| (*name, read, *priority)).collect();
        Self { directory: directory.to_owned(), target: Arc::new(target(&sources, &[])) }
    }

    /// The packages of a host.
    pub fn host(&self, name: &str) -> Vec<InstalledPackage> {
        Repository::read(&self.directory.join("installed").join(name)).installed_packages()
    }

    /// A hundred more hosts.
    pub fn fleet(&self) -> Vec<Vec<InstalledPackage>> {
        fleet(&self.directory, &Repository::read(&self.directory.join("repos/el7")))
    }
}

/// The packages of a hundred hosts, out of the repository they were installed from.
pub fn fleet(directory: &Path, from: &Repository) -> Vec<Vec<InstalledPackage>> {
    let lines = data::read(&directory.join("fleet-100.jsonl.xz")).expect("it can be read");
    let lines = String::from_utf8(lines).expect("it is text");
    let hosts: Vec<Vec<String>> = lines.lines().map(nevras).collect();
    let wanted: BTreeSet<&str> = hosts.iter().flatten().map(String::as_str).collect();
    let known: BTreeMap<String, InstalledPackage> = from
        .packages_as_installed(|nevra| wanted.contains(nevra))
        .into_iter()
        .map(|package| (package.nevra(), InstalledPackage { build_time: None, ..package }))
        .collect();
    let host = |nevras: &Vec<String>| nevras.iter().map(|nevra| known[nevra].clone()).collect();
    hosts.iter().map(host).collect()
}

/// The full names of a host's packages.
fn nevras(snapshot: &str) -> Vec<String> {
    let snapshot: Value = serde_json::from_str(snapshot).expect("it is JSON");
    let nevra = |package: &Value| {
        let [name, epoch, version, release, arch] = ["name", "epoch", "version", "release", "arch"]
            .map(|key| package[key].as_str().expect("a text"));
        let epoch = if epoch == "0" { String::new() } else { format!("{epoch}:") };
        format!("{name}-{epoch}{version}-{release}.{arch}")
    };
    snapshot["packages"].as_array().expect("a list").iter().map(nevra).collect()
}

/// What the recorded solvers were told: `dnf distro-sync`, without colours.
pub fn distro_sync() -> Calls {
    let policy = Policy {
        best: false,
        colours: false,
        weak_exclusions: WeakExclusions::ByName,
        installonly: Vec::new(),
        ..Policy::leapp()
    };
    Calls { sync: true, ..Calls::new(policy) }
}

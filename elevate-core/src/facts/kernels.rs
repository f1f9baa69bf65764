//! Installed kernels, the running one, and packages that are there twice.

use std::collections::BTreeMap;

use super::look;
use super::{Fact, Facts, Unknown, read};
use crate::model::{Evr, InstalledPackage, PackageName, compare_versions};
use crate::snapshot::{Evidence, Snapshot};

/// Evidence the questions read, beside packages and identity.
pub const READS: &[&str] = &[OSRELEASE, "command:uname -r", "command:uname -a"];

const OSRELEASE: &str = "/proc/sys/kernel/osrelease";

/// Packages that hold a kernel that can be booted.
const KERNELS: &[&str] = &[
    "kernel",
    "kernel-core",
    "kernel-debug",
    "kernel-rt",
    "kernel-rt-debug",
    "kernel-plus",
    "kernel-uek",
    "kernel-ml",
    "kernel-lt",
    "kernel-azure",
    "kernel-alt",
    "kernel-lve",
];

/// What rpm keeps several versions of beside kernels themselves.
const PARTS: &[&str] = &["devel", "modules", "modules-extra", "debug-devel", "debug-modules"];

/// Questions on kernels.
#[derive(Debug, Clone, Copy)]
pub struct Kernels<'a> {
    packages: &'a [InstalledPackage],
    named: Option<&'a str>,
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// Installed kernels.
    pub fn kernels(&self) -> Kernels<'a> {
        Kernels::new(self.snapshot)
    }
}

/// A package of which there is more than one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate<'a> {
    /// Name.
    pub name: &'a PackageName,
    /// Its versions, the newest first, of one architecture.
    pub packages: Vec<&'a InstalledPackage>,
}

impl<'a> Kernels<'a> {
    /// Asks this snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let named = snapshot.identity.kernel.as_deref();
        Self { packages: &snapshot.packages, named, evidence: &snapshot.evidence }
    }

    /// Installed kernels of any kind, by name, the newest of each first, as rpm
    /// compares versions. Asked by `scan_source_kernel`,
    /// `check_installed_kernels`.
    pub fn installed(&self) -> Vec<&'a InstalledPackage> {
        let is_kernel = |p: &&InstalledPackage| KERNELS.contains(&p.name.as_str());
        let mut kernels: Vec<_> = self.packages.iter().filter(is_kernel).collect();
        kernels.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| by_age(a, b).reverse()));
        kernels
    }

    /// The running kernel, as `uname -r` prints it: as the snapshot knows it,
    /// else from `/proc/sys/kernel/osrelease`, `uname -r`, `uname -a`.
    ///
    /// # Errors
    ///
    /// Where none of them was captured.
    pub fn running(&self) -> Fact<String> {
        if let Some(named) = self.named.filter(|named| !named.is_empty()) {
            return Ok(named.to_owned());
        }
        if let Ok(Some(text)) = read::value(self.evidence, OSRELEASE) {
            return Ok(text);
        }
        if let Ok(text) = look::command(self.evidence, &["command:uname -r"]) {
            return Ok(text.trim().to_owned());
        }
        let text = look::command(self.evidence, &["command:uname -a"]);
        let third = text.ok().and_then(|t| t.split_whitespace().nth(2).map(str::to_owned));
        third.ok_or_else(|| Unknown::not_captured(OSRELEASE))
    }

    /// The package of the running kernel; `None` where no installed one is it.
    ///
    /// # Errors
    ///
    /// Where nothing tells which kernel runs.
    pub fn running_package(&self) -> Fact<Option<&'a InstalledPackage>> {
        let running = self.running()?;
        Ok(self.installed().into_iter().find(|package| is_release(package, &running)))
    }

    /// The newest package of the same name as that of the running kernel.
    ///
    /// # Errors
    ///
    /// As [`Kernels::running_package`].
    pub fn newest_of_running(&self) -> Fact<Option<&'a InstalledPackage>> {
        let Some(running) = self.running_package()? else { return Ok(None) };
        let mut same = self.installed().into_iter();
        Ok(same.find(|p| p.name == running.name && p.arch == running.arch))
    }

    /// Packages that are installed in several versions and should not be, by
    /// name. Kernels and their modules may be, and what `install_only` names.
    pub fn duplicates(&self, install_only: &[&str]) -> Vec<Duplicate<'a>> {
        let mut groups: BTreeMap<_, Vec<&InstalledPackage>> = BTreeMap::new();
        for package in self.packages {
            let allowed = is_install_only(package.name.as_str())
                || install_only.iter().any(|pattern| look::matches(pattern, package.name.as_str()));
            if !allowed {
                groups.entry((&package.name, &package.arch)).or_default().push(package);
            }
        }
        let mut found = Vec::new();
        for ((name, _), mut packages) in groups {
            packages.sort_by(|a, b| b.evr.cmp(&a.evr));
            packages.dedup_by(|a, b| a.evr == b.evr);
            if packages.len() > 1 {
                found.push(Duplicate { name, packages });
            }
        }
        found
    }
}

/// Epochs do not show in `uname -r`, and leapp leaves them out.
fn by_age(a: &InstalledPackage, b: &InstalledPackage) -> std::cmp::Ordering {
    let text = |a: &Evr, b: &Evr| {
        compare_versions(&a.version, &b.version)
            .then_with(|| compare_versions(&a.release, &b.release))
    };
    text(&a.evr, &b.evr)
}

/// Whether `uname -r` prints this for a package; a debug kernel adds a word.
fn is_release(package: &InstalledPackage, running: &str) -> bool {
    let arch = package.arch.as_ref().map(|arch| format!(".{}", arch.as_str())).unwrap_or_default();
    let own = format!("{}-{}{arch}", package.evr.version, package.evr.release);
    let debug = package.name.as_str().contains("debug");
    match running.strip_prefix(&own) {
        Some("") => !debug,
        Some(".debug" | "+debug") => debug,
        // Without an architecture the rest of the text is it.
        Some(rest) => !debug && arch.is_empty() && rest.starts_with('.') && !rest.contains("debug"),
        None => false,
    }
}

/// Whether rpm keeps several versions of a package side by side by itself: kernels, their
/// modules, keys.
pub fn is_install_only(name: &str) -> bool {
    let more = [
        "kernel-source",
        "kernel-smp",
        "kernel-PAE",
        "kernel-bigmem",
        "kernel-enterprise",
        "gpg-pubkey",
    ];
    let part = |kernel: &str| {
        let rest = name.strip_prefix(kernel).and_then(|rest| rest.strip_prefix('-'));
        rest.is_some_and(|rest| PARTS.contains(&rest))
    };
    KERNELS.contains(&name) || more.contains(&name) || KERNELS.iter().any(|kernel| part(kernel))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Nevra;

    fn snapshot(packages: &[&str], running: &str) -> Snapshot {
        let packages: Vec<InstalledPackage> = packages
            .iter()
            .map(|text| text.parse::<Nevra>().unwrap())
            .map(|n| InstalledPackage::new(n.name, n.evr, Some(n.arch)))
            .collect();
        let json = serde_json::json!({
            "format": "elevate-snapshot", "version": 1,
            "identity": {"system": "centos:7.9", "arch": "x86_64", "kernel": running},
            "packages": packages,
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn kernels_are_ordered_as_rpm_compares_them() {
        let host = snapshot(
            &[
                "kernel-3.10.0-957.el7.x86_64",
                "kernel-3.10.0-1160.102.1.el7.x86_64",
                "kernel-3.10.0-1160.99.1.el7.x86_64",
                "kernel-rt-3.10.0-1160.rt56.el7.x86_64",
                "kernel-tools-3.10.0-9999.el7.x86_64",
            ],
            "3.10.0-1160.99.1.el7.x86_64",
        );
        let kernels = Kernels::new(&host);
        let releases: Vec<_> = kernels.installed().iter().map(|p| p.evr.release.as_str()).collect();
        assert_eq!(releases, ["1160.102.1.el7", "1160.99.1.el7", "957.el7", "1160.rt56.el7"]);
        assert_eq!(kernels.running_package().unwrap().unwrap().evr.release, "1160.99.1.el7");
        assert_eq!(kernels.newest_of_running().unwrap().unwrap().evr.release, "1160.102.1.el7");
    }

    #[test]
    fn a_debug_kernel_is_told_from_the_other_of_its_version() {
        let packages = ["kernel-1-1.x86_64", "kernel-debug-1-1.x86_64"];
        let name = |running| {
            let host = snapshot(&packages, running);
            let package = Kernels::new(&host).running_package().unwrap();
            package.map(|package| package.name.to_string())
        };
        assert_eq!(name("1-1.x86_64").as_deref(), Some("kernel"));
        assert_eq!(name("1-1.x86_64.debug").as_deref(), Some("kernel-debug"));
        assert_eq!(name("1-11.x86_64"), None);
    }

    #[test]
    fn the_running_kernel_has_several_sources() {
        let mut host = snapshot(&[], "");
        assert!(Kernels::new(&host).running().is_err());
        assert!(Kernels::new(&host).running_package().is_err());
        host.evidence =
            super::super::testing::evidence("//- command uname -a\nLinux h 1-1.x86_64 #1 SMP\n");
        assert_eq!(Kernels::new(&host).running().unwrap(), "1-1.x86_64");
        host.evidence =
            super::super::testing::evidence("//- /proc/sys/kernel/osrelease\n2-2.x86_64\n");
        assert_eq!(Kernels::new(&host).running().unwrap(), "2-2.x86_64");
    }

    #[test]
    fn packages_that_are_there_twice_are_found_but_for_kernels() {
        let host = snapshot(
            &[
                "a-1-1.x86_64",
                "a-2-1.x86_64",
                "a-3-1.i686",
                "kernel-1-1.x86_64",
                "kernel-2-1.x86_64",
                "kernel-devel-1-1.x86_64",
                "kernel-devel-2-1.x86_64",
                "kernel-headers-1-1.x86_64",
                "kernel-headers-2-1.x86_64",
                "mine-1-1.noarch",
                "mine-2-1.noarch",
                "b-1-1.noarch",
                "b-1-1.noarch",
            ],
            "",
        );
        let duplicates = Kernels::new(&host).duplicates(&["min?"]);
        let names: Vec<_> = duplicates.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names, ["a", "kernel-headers"]);
        let versions: Vec<_> =
            duplicates[0].packages.iter().map(|p| p.evr.version.as_str()).collect();
        assert_eq!(versions, ["2", "1"]);
    }
}

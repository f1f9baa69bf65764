//! What a list tells about the host as a whole.

use std::collections::BTreeMap;

use super::ListingFacts;
use super::collect::{At, Collector};
use crate::model::{Arch, Distro, InstalledPackage, Release};

/// Completes what a list states with what its packages show. A release
/// package that contradicts a statement is reported; the statement holds.
pub(super) fn complete(
    mut facts: ListingFacts,
    packages: &[InstalledPackage],
    collector: &mut Collector,
) -> ListingFacts {
    let shown = release_package(packages, facts.distro.as_ref(), collector);
    if let Some((distro, release, package)) = shown {
        let other_distro = facts.distro.as_ref().is_some_and(|stated| *stated != distro);
        let other_release =
            facts.release.is_some() && release.is_some() && facts.release != release;
        if other_distro || other_release {
            let why = "contradicts what the list states as distribution and release; not followed";
            collector.unread(At::Place(""), &package.nevra(), why);
        }
        if !other_distro {
            facts.distro = facts.distro.or(Some(distro));
            facts.release = facts.release.or(release);
        }
    }
    facts.arch = facts.arch.or_else(|| prevalent_arch(packages));
    facts
}

/// The release packages by which distributions are known. Those that rebuild
/// Red Hat's also install its package, so it counts last.
fn distro_of(name: &str) -> Option<Distro> {
    Some(match name {
        "centos-release" | "centos-linux-release" | "centos-stream-release" => Distro::CentOs,
        "oraclelinux-release" => Distro::Oracle,
        "sl-release" => Distro::Scientific,
        "cloudlinux-release" => Distro::CloudLinux,
        "almalinux-release" => Distro::AlmaLinux,
        "rocky-release" => Distro::Rocky,
        "el-release" | "eurolinux-release" => Distro::EuroLinux,
        "redhat-release"
        | "redhat-release-server"
        | "redhat-release-client"
        | "redhat-release-workstation"
        | "redhat-release-computenode" => Distro::Rhel,
        _ => return None,
    })
}

type Shown<'a> = (Distro, Option<Release>, &'a InstalledPackage);

/// The release package of the one distribution the list has some of; several
/// distributions are reported, unless one is stated.
fn release_package<'a>(
    packages: &'a [InstalledPackage],
    stated: Option<&Distro>,
    collector: &mut Collector,
) -> Option<Shown<'a>> {
    let mut found: BTreeMap<Distro, &InstalledPackage> = BTreeMap::new();
    for package in packages {
        let Some(distro) = distro_of(package.name.as_str()) else { continue };
        let held = found.entry(distro).or_insert(package);
        if package.evr > held.evr {
            *held = package;
        }
    }
    if found.len() > 1 {
        found.remove(&Distro::Rhel);
    }
    if found.len() > 1 {
        if stated.is_none() {
            let names: Vec<String> = found.values().map(|package| package.nevra()).collect();
            let why = "are release packages of several distributions; none is followed";
            collector.unread(At::Place(""), &names.join(" "), why);
        }
        return None;
    }
    let (distro, package) = found.pop_first()?;
    Some((distro, release_of(package), package))
}

/// The release is the version (`redhat-release-server-7.9-3.el7`), or version
/// and first number of the release (`centos-release-7-9.2009.1.el7.centos`).
fn release_of(package: &InstalledPackage) -> Option<Release> {
    let version = &package.evr.version;
    version.parse().ok().or_else(|| {
        let minor = package.evr.release.split('.').next()?;
        (package.name.as_str() == "centos-release")
            .then(|| format!("{version}.{minor}").parse().ok())?
    })
}

fn prevalent_arch(packages: &[InstalledPackage]) -> Option<Arch> {
    let mut counts: BTreeMap<&Arch, usize> = BTreeMap::new();
    let countable = |arch: &&Arch| !matches!(arch, Arch::Noarch | Arch::Src) && arch.is_known();
    for arch in packages.iter().filter_map(|package| package.arch.as_ref()).filter(countable) {
        *counts.entry(arch).or_default() += 1;
    }
    let first = |arch: &Arch| !counts.keys().any(|host| arch.is_multilib_on(host));
    // The first in order of the most frequent ones.
    let best = counts.iter().rev().filter(|(arch, _)| first(arch)).max_by_key(|(_, count)| **count);
    best.map(|(arch, _)| (*arch).clone())
}

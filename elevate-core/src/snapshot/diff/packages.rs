//! Installed packages of two snapshots.

use std::collections::{BTreeMap, VecDeque};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FieldChange, Values, fields};
use crate::model::InstalledPackage;
use crate::snapshot::Snapshot;

/// Names of packages that are kernels.
const KERNELS: [&str; 5] = ["kernel", "kernel-core", "kernel-rt", "kernel-rt-core", "kernel-uek"];

/// What became of packages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Packages {
    /// Those of the second snapshot only, by full name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub come: Vec<String>,
    /// Those of the first snapshot only, by full name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
    /// Those of another version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
    /// Those of the same version of which something else is told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<PackageChange>,
    /// How many are the same.
    pub unchanged: usize,
}

/// A package of another version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// Name and architecture.
    pub package: String,
    /// `[epoch:]version-release` before.
    pub before: String,
    /// The same after.
    pub after: String,
    /// Whether it is a lower one.
    pub lower: bool,
}

/// A package of the same version of which something else is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackageChange {
    /// The package.
    pub package: String,
    /// What is told of it.
    pub fields: Vec<FieldChange>,
}

impl Packages {
    pub(super) fn of(before: &[InstalledPackage], after: &[InstalledPackage]) -> Self {
        let (same, before, after) = pairs(sorted(before), sorted(after), InstalledPackage::nevra);
        let (other, gone, come) = pairs(before, after, named);
        let mut packages = Self {
            come: come.into_iter().map(InstalledPackage::nevra).collect(),
            gone: gone.into_iter().map(InstalledPackage::nevra).collect(),
            ..Self::default()
        };
        for (old, new) in same {
            let fields = told(old, new);
            match fields.is_empty() {
                true => packages.unchanged += 1,
                false => packages.changed.push(PackageChange { package: new.nevra(), fields }),
            }
        }
        packages.versions = other.into_iter().map(|(old, new)| Version::of(old, new)).collect();
        packages.versions.sort_by(|a, b| (&a.package, &a.before).cmp(&(&b.package, &b.before)));
        packages
    }

    /// Whether nothing became of any.
    pub fn is_empty(&self) -> bool {
        self.come.is_empty()
            && self.gone.is_empty()
            && self.versions.is_empty()
            && self.changed.is_empty()
    }
}

/// Kernels, by full name.
pub(super) fn kernels(snapshot: &Snapshot) -> Vec<String> {
    let kernels = snapshot.packages.iter().filter(|p| KERNELS.contains(&p.name.as_str()));
    kernels.map(InstalledPackage::nevra).collect()
}

fn sorted(packages: &[InstalledPackage]) -> Vec<&InstalledPackage> {
    let mut sorted: Vec<&InstalledPackage> = packages.iter().collect();
    sorted.sort_by(|a, b| crate::snapshot::order(a, b));
    sorted
}

/// Name and architecture.
fn named(package: &InstalledPackage) -> String {
    match &package.arch {
        Some(arch) => format!("{}.{arch}", package.name),
        None => package.name.to_string(),
    }
}

type Packaged<'p> = &'p InstalledPackage;

/// Those of two lists that have the same key, in their order, and the rest of both.
fn pairs<'p>(
    before: Vec<Packaged<'p>>,
    after: Vec<Packaged<'p>>,
    key: impl Fn(&InstalledPackage) -> String,
) -> (Vec<(Packaged<'p>, Packaged<'p>)>, Vec<Packaged<'p>>, Vec<Packaged<'p>>) {
    let mut open: BTreeMap<String, VecDeque<Packaged<'p>>> = BTreeMap::new();
    for package in before {
        open.entry(key(package)).or_default().push_back(package);
    }
    let (mut pairs, mut come) = (Vec::new(), Vec::new());
    for package in after {
        match open.get_mut(&key(package)).and_then(VecDeque::pop_front) {
            Some(old) => pairs.push((old, package)),
            None => come.push(package),
        }
    }
    (pairs, open.into_values().flatten().collect(), come)
}

impl Version {
    fn of(before: &InstalledPackage, after: &InstalledPackage) -> Self {
        Self {
            package: named(after),
            before: before.evr.to_string(),
            after: after.evr.to_string(),
            lower: after.evr < before.evr,
        }
    }
}

/// What is told of a package besides its version.
fn told(before: &InstalledPackage, after: &InstalledPackage) -> Vec<FieldChange> {
    let mut told = fields(&values(before), &values(after));
    if before.data != after.data {
        let is = |there: bool| Some(if there { "captured" } else { "not captured" }.to_owned());
        let (before, after) = match (&before.data, &after.data) {
            (Some(_), Some(_)) => (Some("some".to_owned()), Some("others".to_owned())),
            (before, after) => (is(before.is_some()), is(after.is_some())),
        };
        told.push(FieldChange { field: "dependencies and files".to_owned(), before, after });
    }
    told
}

fn values(package: &InstalledPackage) -> Values {
    let InstalledPackage { vendor, packager, pgpsig, from_repo, module, .. } = package;
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let values = [
        ("vendor", vendor.clone()),
        ("packager", packager.clone()),
        ("signature", pgpsig.clone()),
        ("from repository", from_repo.clone()),
        ("module", module.as_ref().map(ToString::to_string)),
        ("built", number(package.build_time)),
        ("number in the database", number(package.instance.map(u64::from))),
        ("installed", number(package.install_time).or_else(|| package.install_date.clone())),
        ("installed for the reason", package.install_reason.clone()),
        ("size", number(package.size)),
    ];
    let known = values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    known.collect()
}

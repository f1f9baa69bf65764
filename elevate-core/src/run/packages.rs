//! Installed packages, and those a plan leads to.

use std::collections::BTreeSet;

use crate::model::{Arch, InstalledPackage, nevra};
use crate::plan::Plan;

/// Packages, as `name-[epoch:]version-release.arch`.
pub(super) type Names = BTreeSet<String>;

/// The packages a host has.
pub(super) fn installed(packages: &[InstalledPackage]) -> Names {
    let packages = packages.iter().filter(|package| !package.name.is_key());
    packages
        .map(|p| nevra(p.name.as_str(), &p.evr, p.arch.as_ref().map_or("", Arch::as_str)))
        .collect()
}

/// The packages of the host a plan was made for.
pub(super) fn before(plan: &Plan) -> Names {
    let operations = plan.packages.iter().filter(|operation| !operation.name.is_key());
    operations.map(|operation| operation.nevra()).collect()
}

/// The packages the plan leads to.
pub(super) fn after(plan: &Plan) -> Names {
    let operations = plan.packages.iter().filter(|operation| !operation.name.is_key());
    let staying = operations.filter(|operation| !operation.leaves()).map(|o| o.nevra());
    staying.chain(plan.target_packages().into_iter().map(|package| package.nevra())).collect()
}

/// In what packages that were found differ from those that should be there.
pub fn differences(wanted: &BTreeSet<String>, found: &BTreeSet<String>) -> Vec<String> {
    let lacking = wanted.difference(found).map(|package| format!("{package} is not installed"));
    let more = found.difference(wanted).map(|package| format!("{package} is installed"));
    lacking.chain(more).collect()
}

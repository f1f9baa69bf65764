//! Whose packages are whose: signed by the distribution or an active vendor, or
//! not (formats.md section 7).

use std::collections::BTreeSet;

use crate::model::{InstalledPackage, PackageName, Signature};
use crate::upgrade_data::signatures::{always_signed, distribution_keys};

use super::Context;

/// Installed packages by whose they are, in captured order.
#[derive(Debug, Default)]
pub(super) struct Packages<'a> {
    /// The distribution's or an active vendor's.
    pub(super) signed: Vec<&'a InstalledPackage>,
    /// Anybody else's.
    pub(super) unsigned: Vec<&'a InstalledPackage>,
    /// Names that count as signed although no signature was captured.
    pub(super) presumed: BTreeSet<&'a PackageName>,
    /// Whether the distribution's keys are unknown.
    pub(super) unknown_distribution: bool,
}

impl<'a> Packages<'a> {
    pub(super) fn classify(
        cx: &Context<'a>,
        vendor_keys: &[String],
        mapped: impl Fn(&str) -> bool,
    ) -> Self {
        let mut packages = Packages::default();
        let distro = &cx.options.path.source.distro;
        let mut keys: Vec<String> = match distribution_keys(distro) {
            Some(keys) => keys.into_iter().map(str::to_owned).collect(),
            None => {
                packages.unknown_distribution = true;
                if cx.rules.emulate_stops {
                    return packages;
                }
                Vec::new()
            }
        };
        keys.extend_from_slice(vendor_keys);
        for package in cx.facts.packages() {
            let by_name = cx.options.all_signed || always_signed(package.name.as_str());
            let presumed = !by_name
                && package.signature() == Signature::Unknown
                && presumed_distribution(package, &mapped);
            if presumed {
                packages.presumed.insert(&package.name);
            }
            if by_name || presumed || is_signed(package, &keys, cx.rules.keys_by_substring) {
                packages.signed.push(package);
            } else {
                packages.unsigned.push(package);
            }
        }
        packages
    }

    /// Names of the signed packages.
    pub(super) fn signed_names(&self) -> BTreeSet<PackageName> {
        self.signed.iter().map(|p| p.name.clone()).collect()
    }

    /// Names of the others.
    pub(super) fn unsigned_names(&self) -> BTreeSet<PackageName> {
        self.unsigned.iter().map(|p| p.name.clone()).collect()
    }
}

fn is_signed(package: &InstalledPackage, keys: &[String], by_substring: bool) -> bool {
    if by_substring {
        let text = package.pgpsig.as_deref().unwrap_or("(none)");
        return keys.iter().any(|key| text.contains(key.as_str()));
    }
    let Signature::Key(id) = package.signature() else { return false };
    let id = id.to_ascii_lowercase();
    keys.iter().any(|key| id.ends_with(key.as_str()) || key.ends_with(id.as_str()))
}

/// Without a signature, the repository a package came from tells; without that
/// too, the distribution is presumed.
fn presumed_distribution(package: &InstalledPackage, mapped: impl Fn(&str) -> bool) -> bool {
    match package.from_repo.as_deref().unwrap_or_default() {
        "" | "installed" | "commandline" | "koji-override-0" | "koji-override-1" => true,
        id if id.starts_with("anaconda") => true,
        // yum writes `base/7` where releasever changed, and image builders
        // record the distribution's own name.
        id => {
            let id = id.split('/').next().unwrap_or(id);
            mapped(id) || ["base", "updates", "extras", "CentOS"].contains(&id)
        }
    }
}

/// What shows that a package is a third party's, in a few words.
pub(super) fn evidence(package: &InstalledPackage) -> String {
    match package.signature() {
        Signature::Key(id) => format!("signed by key {id}"),
        Signature::None => "not signed".to_owned(),
        Signature::Unreadable(_) => "its signature names no key".to_owned(),
        Signature::Unknown => match package.from_repo.as_deref() {
            Some(id) => format!("came from repository {id}"),
            None => "no signature captured".to_owned(),
        },
    }
}

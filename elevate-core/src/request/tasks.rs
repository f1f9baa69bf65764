//! The final lists, merged from everything that was asked (formats.md 1.8,
//! leapp's `check_rpm_transaction_events`).

use std::collections::BTreeSet;

use crate::model::{ModuleStream, PackageName};

use super::Context;
use super::evolve::LEAPP_PACKAGES;
use super::scan::Scan;
use super::signed::Packages;
use super::wishes::Wishes;

/// The rpm that leapp 0.21 itself adds to every transaction to release 8.
const BUNDLED_RPM: &str = "kernel-workaround-0.1-1.el8.noarch.rpm";

/// What leapp hands to dnf.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tasks {
    /// To be installed.
    pub to_install: BTreeSet<PackageName>,
    /// To be removed.
    pub to_remove: BTreeSet<PackageName>,
    /// Not to be removed.
    pub to_keep: BTreeSet<PackageName>,
    /// To be installed again.
    pub to_reinstall: BTreeSet<PackageName>,
    /// To follow their names.
    pub to_upgrade: BTreeSet<PackageName>,
    /// rpm files to be installed, by base name.
    pub local_rpms: BTreeSet<String>,
    /// Module streams to enable.
    pub modules_to_enable: BTreeSet<ModuleStream>,
    /// Module streams to reset.
    pub modules_to_reset: BTreeSet<ModuleStream>,
}

impl Tasks {
    pub(super) fn merge(
        cx: &Context<'_>,
        packages: &Packages<'_>,
        wishes: &[Wishes],
        scan: &Scan<'_>,
    ) -> Self {
        let signed = packages.signed_names();
        let mut honoured = signed.clone();
        if !cx.rules.ignore_third_party_wishes {
            honoured.extend(packages.unsigned_names());
        }
        let mut tasks = Self::default();
        for wish in wishes {
            tasks.to_install.extend(wish.to_install.iter().cloned());
            tasks.to_keep.extend(wish.to_keep.intersection(&honoured).cloned());
            tasks.to_remove.extend(wish.to_remove.intersection(&honoured).cloned());
            tasks.to_reinstall.extend(wish.to_reinstall.intersection(&signed).cloned());
            tasks.local_rpms.extend(wish.local_rpms.iter().cloned());
            tasks.modules_to_enable.extend(wish.modules_to_enable.iter().cloned());
            tasks.modules_to_reset.extend(wish.modules_to_reset.iter().cloned());
        }
        if scan.ran && scan.emits_tasks {
            tasks.to_install.extend(scan.to_install.iter().cloned());
            tasks.to_remove.extend(scan.to_remove.intersection(&signed).cloned());
            tasks.to_reinstall.extend(scan.to_reinstall.intersection(&signed).cloned());
            tasks.modules_to_enable.extend(scan.modules.iter().cloned());
            tasks.modules_to_reset.extend(cx.facts.enabled_modules().iter().cloned());
        }
        if cx.rules.emulate_stops {
            tasks.local_rpms.insert(BUNDLED_RPM.to_owned());
        }
        tasks.to_remove = tasks.to_remove.difference(&tasks.to_keep).cloned().collect();
        let taken = |name: &PackageName| {
            tasks.to_install.contains(name)
                || tasks.to_remove.contains(name)
                || tasks.to_reinstall.contains(name)
                || (!cx.rules.upgrade_non_packages && !is_upgradable(name))
                || scan.held.contains_key(name)
        };
        tasks.to_upgrade = signed.into_iter().filter(|name| !taken(name)).collect();
        tasks
    }
}

/// Public keys and the tools that run the upgrade are not upgraded by it.
pub(super) fn is_upgradable(name: &PackageName) -> bool {
    let is_leapp = |n: &str| n.starts_with("leapp-data-") || LEAPP_PACKAGES.contains(&n);
    !name.is_key() && !is_leapp(name.as_str())
}

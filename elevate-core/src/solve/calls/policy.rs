//! How dnf is set up.

use std::collections::BTreeSet;

use super::super::{Profile, Switches};
use crate::model::PackageName;

/// The settings of dnf that decide what it makes of its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Only the best packages will do (`best`).
    pub best: bool,
    /// Installed packages may be erased where they are in the way (`--allowerasing`).
    pub allow_erasing: bool,
    /// Weak dependencies bring packages (`install_weak_deps`).
    pub weak_dependencies: bool,
    /// What weak dependencies do not bring.
    pub weak_exclusions: WeakExclusions,
    /// Packages of another vendor may take the place of installed ones
    /// (`allow_vendor_change`).
    pub allow_vendor_change: bool,
    /// See [`Switches::colours`].
    pub colours: bool,
    /// Capabilities of packages of which several versions may be installed side by
    /// side (`installonlypkgs`), in order.
    pub installonly: Vec<String>,
    /// How many of them may be installed of each name; 0 for any number.
    pub installonly_limit: usize,
    /// Where there are too many, those that are not used are ruled out too (libdnf
    /// 0.72 and newer).
    pub erase_unused_installonly: bool,
    /// The release of the running kernel as `uname -r` prints it. Its package is
    /// not erased, and kept where there are too many.
    pub running_kernel: Option<String>,
    /// Packages that must not be erased (`protected_packages`).
    pub protected: BTreeSet<PackageName>,
    /// A protected package that another one obsoletes counts as erased (libdnf
    /// 0.63).
    pub obsoleting_erases_protected: bool,
    /// Patterns of packages that are left out of what can be chosen (`excludepkgs`).
    pub excluded: Vec<String>,
    /// Names without which a host does not come up again or cannot be reached. dnf does
    /// not know them; what is lost of them is told ([`Solution::lost`]).
    ///
    /// [`Solution::lost`]: super::super::Solution::lost
    pub essential: BTreeSet<PackageName>,
    /// The libsolv to follow.
    pub profile: Profile,
}

/// Packages that weak dependencies do not bring because the host has been without
/// them so far (`exclude_from_weak_autodetect`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeakExclusions {
    /// There are none (libdnf before 0.65, which Enterprise Linux 8 has).
    Off,
    /// Providers of what an installed package recommends and none fulfils.
    ByVersion,
    /// The same; what is recommended counts as fulfilled in any version (newer
    /// releases).
    ByName,
}

impl Default for Policy {
    fn default() -> Self {
        Self::leapp()
    }
}

impl Policy {
    /// dnf's own list of packages to be installed side by side.
    pub const INSTALLONLY: [&str; 6] = [
        "kernel",
        "kernel-PAE",
        "installonlypkg(kernel)",
        "installonlypkg(kernel-module)",
        "installonlypkg(vm)",
        "multiversion(kernel)",
    ];

    /// Packages of leapp's own, which it keeps from its own run (formats.md 10.3).
    pub const LEAPP: [&str; 4] = ["leapp", "snactor", "python2-leapp", "leapp-upgrade-el7toel8"];

    /// What a host needs to boot, to be reached and to be administered.
    pub const ESSENTIAL: [&str; 16] = [
        "bash",
        "coreutils",
        "dnf",
        "glibc",
        "grub2",
        "grub2-efi-aa64",
        "grub2-efi-x64",
        "grub2-pc",
        "grub2-ppc64le",
        "kernel",
        "openssh-server",
        "rpm",
        "shim-x64",
        "sudo",
        "systemd",
        "yum",
    ];

    /// dnf of Enterprise Linux 8 as leapp sets it up: it may erase what is in the
    /// way, and protects no package but the running kernel (formats.md 10.3).
    pub fn leapp() -> Self {
        Self {
            best: true,
            allow_erasing: true,
            weak_dependencies: true,
            weak_exclusions: WeakExclusions::Off,
            allow_vendor_change: true,
            colours: true,
            installonly: Self::INSTALLONLY.map(str::to_owned).to_vec(),
            installonly_limit: 3,
            erase_unused_installonly: false,
            running_kernel: None,
            protected: BTreeSet::new(),
            obsoleting_erases_protected: true,
            excluded: Self::LEAPP.map(str::to_owned).to_vec(),
            essential: Self::ESSENTIAL.into_iter().map(PackageName::cleaned).collect(),
            profile: Profile::LIBSOLV_0_7_20,
        }
    }

    /// What libsolv is told for calls that lead to lower versions or not
    /// (solver-rules.md A3.4).
    pub(super) fn switches(&self, allow_downgrade: bool) -> Switches {
        Switches {
            allow_downgrade,
            allow_vendor_change: self.allow_vendor_change,
            sync_allows_vendor_change: self.allow_vendor_change,
            weak_dependencies: self.weak_dependencies,
            colours: self.colours,
            ..Switches::DNF
        }
    }
}

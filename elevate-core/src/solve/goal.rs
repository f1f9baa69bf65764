//! What libsolv is asked: commands about packages, in order, and switches.
//!
//! A [`Request`](super::Request) speaks of names; [`Calls`](super::Calls) turn
//! them into commands as dnf does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::profile::Profile;
use crate::universe::{SolvableId, StringId, Term};

/// What one search is asked.
#[derive(Debug, Clone)]
pub struct Goal {
    /// The commands. Their order decides which of two that contradict each other
    /// is given up, and in which order packages are chosen.
    pub commands: Vec<Command>,
    /// What applies to all of them.
    pub switches: Switches,
    /// The libsolv to follow.
    pub profile: Profile,
}

/// A command about some packages (libsolv's job).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What is to be done.
    pub action: Action,
    /// With which packages.
    pub selection: Selection,
    /// Only the best of the packages will do (`FORCEBEST`).
    pub best: bool,
    /// It may be left undone (`WEAK`).
    pub weak: bool,
    /// What the packages were chosen by: rules that would prefer other ones are
    /// dropped.
    pub fixed: Fixed,
    /// An update of what is installed to exactly the packages named (`TARGETED`).
    pub targeted: bool,
}

/// What a command does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// One of the packages is to be there.
    Install,
    /// None of them is to be there.
    Erase,
    /// Those installed are to be updated.
    Update,
    /// What is installed is to become what the packages are (`DISTUPGRADE`).
    Sync,
    /// Several versions of them may be installed side by side.
    Multiversion,
    /// They may be erased where they are in the way.
    AllowErase,
    /// Weak dependencies do not bring them.
    ExcludeFromWeak,
    /// They stay as they are: installed or not.
    Lock,
}

/// Which packages a command is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// This one.
    One(SolvableId),
    /// These, in ascending order.
    OneOf(Vec<SolvableId>),
    /// Providers of a capability.
    Provides(Term),
    /// Packages of a name.
    Name(StringId),
    /// Every package of the target that is not ruled out.
    Available,
    /// Every package.
    All,
}

/// What the packages of a command were chosen by (libsolv's `SET...` flags).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fixed {
    /// Their version.
    pub evr: bool,
    /// Their architecture.
    pub arch: bool,
    /// Their vendor.
    pub vendor: bool,
    /// Their repository.
    pub repository: bool,
}

impl Fixed {
    /// What dnf says of every package it names.
    pub const BY_DNF: Self = Self { evr: true, arch: true, vendor: false, repository: false };
}

/// What applies to all commands. Names are libsolv's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switches {
    /// An update may lead to a lower version.
    pub allow_downgrade: bool,
    /// An update may change the architecture.
    pub allow_arch_change: bool,
    /// An update may change the vendor.
    pub allow_vendor_change: bool,
    /// So may what follows the repositories.
    pub sync_allows_vendor_change: bool,
    /// Every installed package may be erased where it is in the way.
    pub allow_uninstall: bool,
    /// Installed packages that no repository has any more are kept where they
    /// can be.
    pub keep_orphans: bool,
    /// The best package is the best of those an update may lead to, not of all.
    pub best_obeys_policy: bool,
    /// Packages that all take the place of one come together.
    pub yum_obsoletes: bool,
    /// Packages of which several versions may be installed still take the place of
    /// those they name.
    pub keep_explicit_obsoletes: bool,
    /// Weak dependencies bring packages.
    pub weak_dependencies: bool,
    /// Packages of one name replace each other only where they share a colour, as in
    /// libsolv built for Enterprise Linux.
    pub colours: bool,
}

impl Switches {
    /// libsolv's own defaults.
    pub const LIBSOLV: Self = Self {
        allow_downgrade: false,
        allow_arch_change: false,
        allow_vendor_change: false,
        sync_allows_vendor_change: true,
        allow_uninstall: false,
        keep_orphans: false,
        best_obeys_policy: false,
        yum_obsoletes: false,
        keep_explicit_obsoletes: false,
        weak_dependencies: true,
        colours: true,
    };

    /// Those dnf sets.
    pub const DNF: Self = Self {
        allow_downgrade: true,
        allow_vendor_change: true,
        keep_orphans: true,
        best_obeys_policy: true,
        yum_obsoletes: true,
        keep_explicit_obsoletes: true,
        ..Self::LIBSOLV
    };
}

impl Command {
    /// A command without conditions.
    pub fn new(action: Action, selection: Selection) -> Self {
        Self {
            action,
            selection,
            best: false,
            weak: false,
            fixed: Fixed::default(),
            targeted: false,
        }
    }
}

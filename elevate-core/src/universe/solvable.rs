//! Numbers of packages, and why a package is no candidate.

use std::fmt;

use crate::model::{ModuleStream, RepoId};

/// A package that is or could be on the host. The order of these numbers decides
/// between packages that are otherwise alike (solver-rules.md A1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SolvableId(pub(super) u32);

/// The number of the first package of the target repositories. Installed ones
/// come before, so that their number does not move those of the target, which
/// many hosts share.
pub(super) const FIRST_AVAILABLE: u32 = 1 << 16;
/// The number of the first installed package.
pub(super) const FIRST_INSTALLED: u32 = 2;
/// The most installed packages a universe has room for.
pub const MOST_INSTALLED: usize = (FIRST_AVAILABLE - FIRST_INSTALLED) as usize;

impl SolvableId {
    /// The system itself, which provides rpm's own features (`rpmlib(...)`).
    pub const SYSTEM: SolvableId = SolvableId(1);

    /// Whether it is an installed package.
    pub fn is_installed(self) -> bool {
        (FIRST_INSTALLED..FIRST_AVAILABLE).contains(&self.0)
    }

    /// The number itself, for tables: from 1, with a gap between installed and
    /// available packages.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The package of a number in a table, where there can be such a number.
    pub(crate) fn numbered(index: usize) -> Option<Self> {
        u32::try_from(index).ok().map(Self)
    }

    pub(super) fn installed(at: usize) -> Self {
        Self(FIRST_INSTALLED + u32::try_from(at).unwrap_or(u32::MAX - FIRST_INSTALLED))
    }

    pub(super) fn available(at: u32) -> Self {
        Self(FIRST_AVAILABLE + at)
    }
}

/// Why a package of a target repository cannot be chosen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuledOut {
    /// It does not run on the host.
    ForeignArch,
    /// It is a source package.
    Source,
    /// A list of packages to leave out names it.
    Excluded {
        /// The pattern that does.
        pattern: String,
        /// The repository whose list it is; `None` for a list for all of them.
        by: Option<RepoId>,
    },
    /// Its repository is used for some packages only, and it is none of them.
    NotIncluded,
    /// It belongs to module streams none of which is active.
    OfInactiveStream(ModuleStream),
    /// A package of an active module stream has its name, or a name it provides.
    HiddenByStream(ModuleStream),
}

impl RuledOut {
    /// What kind of reason it is, in a word for machines.
    pub fn kind(&self) -> &'static str {
        match self {
            RuledOut::ForeignArch => "foreign-arch",
            RuledOut::Source => "source",
            RuledOut::Excluded { .. } => "excluded",
            RuledOut::NotIncluded => "not-included",
            RuledOut::OfInactiveStream(_) => "inactive-stream",
            RuledOut::HiddenByStream(_) => "hidden-by-stream",
        }
    }

    /// Whether such a package is among the providers of a capability, where it
    /// explains why that has no other. A foreign one is not.
    pub fn is_a_provider(&self) -> bool {
        !matches!(self, RuledOut::ForeignArch | RuledOut::Source)
    }
}

impl fmt::Display for RuledOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuledOut::ForeignArch => f.write_str("its architecture does not run on the host"),
            RuledOut::Source => f.write_str("it is a source package"),
            RuledOut::Excluded { pattern, by: None } => write!(f, "it is excluded by {pattern:?}"),
            RuledOut::Excluded { pattern, by: Some(id) } => {
                write!(f, "it is excluded by {pattern:?} of {id}")
            }
            RuledOut::NotIncluded => {
                f.write_str("its repository is used for some packages only (includepkgs)")
            }
            RuledOut::OfInactiveStream(stream) => {
                write!(f, "its module stream {stream} is not active")
            }
            RuledOut::HiddenByStream(stream) => {
                write!(f, "the active module stream {stream} has its name")
            }
        }
    }
}

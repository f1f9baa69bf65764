//! What a header says its package provides and asks for.

use std::borrow::Cow;
use std::fmt;

use thiserror::Error;

use super::blob::{Blob, text};
use super::tag::{self, Triple};
use crate::model::{Capability, Comparison, Requirement, Sense};

/// The kinds of dependency a header holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DependencyKind {
    /// What the package provides.
    Provides,
    /// What it cannot do without.
    Requires,
    /// What it cannot be installed beside.
    Conflicts,
    /// What it takes the place of.
    Obsoletes,
    /// What is installed with it unless it cannot be.
    Recommends,
    /// What somebody might want beside it.
    Suggests,
    /// What brings it along unless it cannot be.
    Supplements,
    /// What somebody might want it beside.
    Enhances,
}

impl DependencyKind {
    /// All of them.
    pub const ALL: [DependencyKind; 8] = [
        DependencyKind::Provides,
        DependencyKind::Requires,
        DependencyKind::Conflicts,
        DependencyKind::Obsoletes,
        DependencyKind::Recommends,
        DependencyKind::Suggests,
        DependencyKind::Supplements,
        DependencyKind::Enhances,
    ];
}

/// The flags of a dependency: a comparison, and when and why it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct DependencyFlags(pub u32);

impl DependencyFlags {
    /// `<`
    pub const LESS: DependencyFlags = DependencyFlags(1 << 1);
    /// `>`
    pub const GREATER: DependencyFlags = DependencyFlags(1 << 2);
    /// `=`
    pub const EQUAL: DependencyFlags = DependencyFlags(1 << 3);
    /// Needed after the transaction's scripts.
    pub const POSTTRANS: DependencyFlags = DependencyFlags(1 << 5);
    /// Must be installed before this package.
    pub const PREREQ: DependencyFlags = DependencyFlags(1 << 6);
    /// Needed by the script before the transaction.
    pub const PRETRANS: DependencyFlags = DependencyFlags(1 << 7);
    /// The interpreter of a script.
    pub const INTERPRETER: DependencyFlags = DependencyFlags(1 << 8);
    /// Needed by the script before installation.
    pub const PRE: DependencyFlags = DependencyFlags(1 << 9);
    /// Needed by the script after installation.
    pub const POST: DependencyFlags = DependencyFlags(1 << 10);
    /// Needed by the script before removal.
    pub const PREUN: DependencyFlags = DependencyFlags(1 << 11);
    /// Needed by the script after removal.
    pub const POSTUN: DependencyFlags = DependencyFlags(1 << 12);
    /// Found by rpm's own generators.
    pub const GENERATED: DependencyFlags = DependencyFlags((1 << 14) | (1 << 15));
    /// May be missing (rpm 4.12 and before, in old weak dependencies).
    pub const MISSING_OK: DependencyFlags = DependencyFlags(1 << 19);
    /// A feature of rpm itself: `rpmlib(...)`.
    pub const RPMLIB: DependencyFlags = DependencyFlags(1 << 24);
    /// The stronger of an old weak kind: a recommendation, a supplement.
    pub const STRONG: DependencyFlags = DependencyFlags(1 << 27);
    /// A package's own configuration files: `config(...)`.
    pub const CONFIG: DependencyFlags = DependencyFlags(1 << 28);

    /// Whether any of these flags is set.
    pub fn has(self, flags: DependencyFlags) -> bool {
        self.0 & flags.0 != 0
    }

    /// Whether the package must be installed before the one that asks for it:
    /// the flags rpm orders a transaction by.
    pub fn is_before(self) -> bool {
        self.has(Self::PREREQ) || self.has(Self::PRE) || self.has(Self::POST)
    }

    /// What the version is compared by.
    fn comparison(self) -> Comparison {
        let bits = [
            (Self::LESS, Comparison::LESS),
            (Self::EQUAL, Comparison::EQUAL),
            (Self::GREATER, Comparison::GREATER),
        ];
        let set = bits.iter().filter(|(flag, _)| self.has(*flag));
        Comparison::from_bits(set.map(|(_, comparison)| comparison.bits()).sum())
    }
}

/// A dependency as the header has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency<'a> {
    /// Capability, file, or a whole rich dependency in parentheses.
    pub name: Cow<'a, str>,
    /// Comparison and circumstances.
    pub flags: DependencyFlags,
    /// `[epoch:]version[-release]`; empty where any version will do.
    pub version: Cow<'a, str>,
}

/// A dependency that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("dependency {text:?} {why}")]
pub struct DependencyError {
    text: String,
    why: String,
}

impl Dependency<'_> {
    /// The dependency as a requirement, rich or plain.
    ///
    /// # Errors
    ///
    /// A rich dependency outside rpm's grammar, a version that is none, and a
    /// comparison that is none.
    pub fn to_requirement(&self) -> Result<Requirement, DependencyError> {
        if self.name.starts_with('(') {
            return self.name.parse().map_err(|error| self.error(&error));
        }
        self.to_capability().map(Requirement::Capability)
    }

    /// The dependency as one capability, as provides and obsoletes are.
    ///
    /// # Errors
    ///
    /// As for [`Dependency::to_requirement`].
    pub fn to_capability(&self) -> Result<Capability, DependencyError> {
        let sense = match self.flags.comparison() {
            _ if self.version.is_empty() => None,
            // Without a comparison the version is not looked at, and less, equal
            // or greater is every one.
            Comparison::NONE | Comparison::ANY => None,
            comparison => {
                let evr = self.version.parse().map_err(|e| self.error(&e))?;
                Some(Sense { comparison, evr })
            }
        };
        Ok(Capability { name: self.name.clone().into_owned(), sense })
    }

    fn error(&self, why: &dyn fmt::Display) -> DependencyError {
        let text = self.to_string().chars().take(120).collect();
        DependencyError { text, why: why.to_string() }
    }
}

impl fmt::Display for Dependency<'_> {
    /// As `rpm -q --requires` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.flags.comparison() {
            Comparison::NONE => Ok(()),
            comparison => write!(f, " {} {}", comparison.as_str(), self.version),
        }
    }
}

/// The dependencies of a kind, those of old lists after the others.
pub(super) fn read(blob: &Blob, kind: DependencyKind) -> impl Iterator<Item = Dependency<'_>> {
    let (list, old) = tag::dependencies(kind);
    let old = old.into_iter().flat_map(move |(list, strong)| {
        triple(blob, list).filter(move |d| d.flags.has(DependencyFlags::STRONG) == strong)
    });
    triple(blob, list).chain(old)
}

fn triple(blob: &Blob, list: Triple) -> impl Iterator<Item = Dependency<'_>> {
    // Old packages have no flags and versions with their provides.
    let flags = blob.numbers(list.flags).map(Some).chain(std::iter::repeat(None));
    let versions = blob.texts(list.versions).chain(std::iter::repeat(&[][..]));
    blob.texts(list.names).zip(flags).zip(versions).map(|((name, flags), version)| Dependency {
        name: text(name),
        flags: DependencyFlags(flags.and_then(|f| u32::try_from(f).ok()).unwrap_or(0)),
        version: text(version),
    })
}

//! What package events take for the identity of a package.

use std::fmt;

use super::{ModuleStream, PackageName};

/// A package name and the module stream it comes from; `None` is *no module*.
/// The repository is no part of it (formats.md 1.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId {
    /// Name.
    pub name: PackageName,
    /// Module stream.
    pub stream: Option<ModuleStream>,
}

impl PackageId {
    /// A package of no module.
    pub fn plain(name: PackageName) -> Self {
        Self { name, stream: None }
    }
}

impl fmt::Display for PackageId {
    /// `antlr` or `antlr[javapackages-tools:201801]`, as leapp prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.stream {
            None => self.name.fmt(f),
            Some(stream) => write!(f, "{}[{stream}]", self.name),
        }
    }
}

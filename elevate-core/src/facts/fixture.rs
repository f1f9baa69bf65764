//! Hosts written as text, to be asked.

use std::collections::BTreeSet;

use super::Facts;
use crate::model::{InstalledPackage, PackageName};
use crate::snapshot::Snapshot;
use crate::snapshot::fixture::{self, FixtureError};

/// A host written as text; see [`fixture`].
#[derive(Debug, Clone)]
pub struct Fixture(Snapshot);

impl Fixture {
    /// Reads a host.
    ///
    /// # Errors
    ///
    /// The first line that is not understood.
    pub fn parse(text: &str) -> Result<Self, FixtureError> {
        fixture::parse(text).map(Self)
    }

    /// Its facts.
    pub fn facts(&self) -> Facts<'_> {
        Facts::new(&self.0)
    }

    /// Names of its packages that are the distribution's: those of which the text says
    /// nothing else.
    pub fn signed(&self) -> BTreeSet<PackageName> {
        let is_signed = |package: &&InstalledPackage| {
            package.pgpsig.as_deref().is_some_and(|text| text.contains(fixture::CENTOS))
        };
        self.0.packages.iter().filter(is_signed).map(|package| package.name.clone()).collect()
    }
}

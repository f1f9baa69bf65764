//! One repository, read: what a cache keeps of it.

use super::interner::Interner;
use super::packages::{List, Packages, Row};
use super::strings::{Full, StringId, Texts};
use super::term::{Relation, Term};
use crate::model::{Comparison, Requirement};

/// The packages of one repository, in the order of its metadata, with their
/// dependencies and the files its primary metadata lists.
///
/// Texts and terms have numbers of their own in each repository; a
/// [`Target`](super::Target) unites several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryData {
    pub(super) texts: Texts,
    pub(super) relations: Vec<Relation>,
    pub(super) packages: Packages,
    pub(super) details: Details,
}

/// What only people and downloads want to know, in columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Details {
    /// File name of the source package; empty where there is none.
    pub(super) source_rpm: Vec<StringId>,
    /// Address below which `location` is, where it is not the repository's.
    pub(super) base: Vec<StringId>,
    /// Bytes to download.
    pub(super) package_size: Vec<u64>,
    /// Bytes when installed.
    pub(super) installed_size: Vec<u64>,
    /// Location, kind of checksum and checksum of each package.
    pub(super) texts: Texts,
}

/// How many texts of [`Details::texts`] a package has.
pub(super) const DETAIL_TEXTS: usize = 3;

/// What is said of a package beside its dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PackageDetails<'a> {
    /// File name of the source package; empty where there is none.
    pub source_rpm: &'a str,
    /// Address below which `location` is; empty where that is the repository.
    pub base: &'a str,
    /// Path of the package.
    pub location: &'a str,
    /// Kind of the checksum: `sha256` ...
    pub checksum_kind: &'a str,
    /// Checksum of the package, in hexadecimal; its id in the repository.
    pub checksum: &'a str,
    /// Bytes to download.
    pub package_size: u64,
    /// Bytes when installed.
    pub installed_size: u64,
}

impl RepositoryData {
    /// How many packages there are.
    pub fn len(&self) -> usize {
        self.packages.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.packages.rows.is_empty()
    }

    /// What is said of a package, by its number from 0.
    pub fn details(&self, package: usize) -> PackageDetails<'_> {
        let text = |ids: &[StringId]| {
            let id = ids.get(package).copied().unwrap_or(StringId::EMPTY);
            self.texts.get(id.index())
        };
        let number = |numbers: &[u64]| numbers.get(package).copied().unwrap_or_default();
        let own = |at: usize| self.details.texts.get(package * DETAIL_TEXTS + at);
        PackageDetails {
            source_rpm: text(&self.details.source_rpm),
            base: text(&self.details.base),
            location: own(0),
            checksum_kind: own(1),
            checksum: own(2),
            package_size: number(&self.details.package_size),
            installed_size: number(&self.details.installed_size),
        }
    }
}

/// Makes a [`RepositoryData`], package by package.
#[derive(Debug)]
pub(super) struct Builder {
    interner: Interner,
    packages: Packages,
    details: Details,
    seen: Seen,
    gathered: Gathered,
}

/// Who a package is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Identity<'a> {
    pub(super) name: &'a str,
    /// `[epoch:]version-release`, without an epoch of 0.
    pub(super) evr: &'a str,
    pub(super) arch: &'a str,
    pub(super) vendor: &'a str,
    pub(super) build_time: u64,
}

impl Builder {
    /// Nothing yet.
    pub(super) fn new() -> Result<Self, Full> {
        Ok(Self {
            interner: Interner::with_capacity(0, 0, 0)?,
            packages: Packages::default(),
            details: Details::default(),
            seen: Seen::default(),
            gathered: Gathered::default(),
        })
    }

    /// Adds a dependency to the package to come, in the order of its metadata.
    /// Gives back `false` for a rich dependency that cannot be understood, which
    /// is left out as libsolv leaves it out.
    pub(super) fn dependency(
        &mut self,
        list: List,
        name: &str,
        version: Option<(Comparison, &str)>,
    ) -> Result<bool, Full> {
        let term = match version {
            None if name.starts_with('(') => match name.parse::<Requirement>() {
                Ok(requirement) => self.interner.requirement(&requirement)?,
                Err(_) => return Ok(false),
            },
            version => self.interner.dependency(name, version)?,
        };
        self.gathered.push(list, term);
        Ok(true)
    }

    /// Adds a file to the package to come.
    pub(super) fn file(&mut self, path: &str) -> Result<(), Full> {
        let term = self.interner.text(path)?.into();
        self.gathered.push(List::Files, term);
        Ok(())
    }

    /// Adds the package whose dependencies and files were given.
    pub(super) fn package(
        &mut self,
        package: Identity<'_>,
        details: PackageDetails<'_>,
    ) -> Result<(), Full> {
        let row = self.interner.row(package)?;
        self.gathered.provide_itself(&mut self.interner, row, package.arch)?;
        self.gathered.store(&mut self.packages, row, &mut self.seen)?;
        let of = &mut self.details;
        of.source_rpm.push(self.interner.text(details.source_rpm)?);
        of.base.push(self.interner.text(details.base)?);
        of.package_size.push(details.package_size);
        of.installed_size.push(details.installed_size);
        for text in [details.location, details.checksum_kind, details.checksum] {
            of.texts.push(text)?;
        }
        Ok(())
    }

    /// How many packages there are so far.
    pub(super) fn len(&self) -> usize {
        self.packages.len()
    }

    /// All packages given.
    pub(super) fn finish(self) -> RepositoryData {
        let (texts, relations) = self.interner.into_parts();
        RepositoryData { texts, relations, packages: self.packages, details: self.details }
    }
}

impl Interner {
    /// The row of a package.
    pub(super) fn row(&mut self, package: Identity<'_>) -> Result<Row, Full> {
        Ok(Row {
            name: self.text(package.name)?,
            evr: self.text(package.evr)?,
            arch: self.text(package.arch)?,
            vendor: self.text(package.vendor)?,
            build_time: package.build_time,
        })
    }
}

/// The lists of a package while it is read, whose order in the metadata is not
/// that of the columns.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    lists: [Vec<Term>; List::ALL.len()],
}

impl Gathered {
    pub(super) fn push(&mut self, list: List, term: Term) {
        self.lists[list as usize].push(term);
    }

    /// Every binary package provides its own name and version, at the end where
    /// it does not say so itself (solver-rules.md A1.5).
    pub(super) fn provide_itself(
        &mut self,
        interner: &mut Interner,
        row: Row,
        arch: &str,
    ) -> Result<(), Full> {
        if !matches!(arch, "src" | "nosrc") {
            let itself = super::term::Operator::Compare(Comparison::EQUAL);
            let term = interner.relate(row.name.into(), itself, row.evr.into())?;
            self.push(List::Provides, term);
        }
        Ok(())
    }

    /// Moves the lists into columns. A term is in a list once; what is needed
    /// before is not needed again (libsolv's `repo_addid_dep`).
    pub(super) fn store(
        &mut self,
        packages: &mut Packages,
        row: Row,
        seen: &mut Seen,
    ) -> Result<(), Full> {
        let mut to = packages.start(row)?;
        for list in List::ALL {
            seen.start();
            if list == List::Requires {
                for term in &self.lists[List::RequiresBefore as usize] {
                    seen.is_new(*term);
                }
            }
            for term in self.lists[list as usize].drain(..) {
                if seen.is_new(term) {
                    to.push(list, term);
                }
            }
        }
        to.finish()
    }
}

/// Which terms a list has already.
#[derive(Debug, Default)]
pub(super) struct Seen {
    round: u32,
    texts: Vec<u32>,
    relations: Vec<u32>,
}

impl Seen {
    /// A new list, with nothing in it.
    pub(super) fn start(&mut self) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            (self.texts, self.relations, self.round) = (Vec::new(), Vec::new(), 1);
        }
    }

    /// Whether this comes for the first time.
    pub(super) fn is_new(&mut self, term: Term) -> bool {
        let (rounds, at) = match term.kind() {
            super::term::TermKind::Text(id) => (&mut self.texts, id.index()),
            super::term::TermKind::Relation(id) => (&mut self.relations, id.0 as usize),
        };
        if rounds.len() <= at {
            rounds.resize((at + 1).next_power_of_two(), 0);
        }
        std::mem::replace(&mut rounds[at], self.round) != self.round
    }
}
impl RepositoryData {
    pub fn summary(&self) -> String {
        format!("texts {} bytes {} relations {} terms {} details bytes {}", self.texts.len(), self.texts.bytes.len(), self.relations.len(), self.packages.terms.len(), self.details.texts.bytes.len())
    }
}

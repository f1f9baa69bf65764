//! Packages in columns: the rows and the dependency lists of a repository, of
//! all repositories, or of a host.

use super::data;
use super::lists::Lists;
use super::strings::{Full, StringId, number};
use super::term::Term;

/// The lists of terms a package has, in the order they are stored in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// What it provides, itself among it.
    Provides,
    /// What it cannot do without.
    Requires,
    /// What it cannot do without, and must be there before it. Stored behind the
    /// others (solver-rules.md A1.5).
    RequiresBefore,
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
    /// Paths of files: those its repository's primary metadata has.
    Files,
}

impl List {
    /// All of them, in order.
    pub const ALL: [List; 10] = [
        List::Provides,
        List::Requires,
        List::RequiresBefore,
        List::Conflicts,
        List::Obsoletes,
        List::Recommends,
        List::Suggests,
        List::Supplements,
        List::Enhances,
        List::Files,
    ];

    /// Those that ask for something, which are all between what it provides and its
    /// files; what they name may be a file.
    pub const ASKING: [List; 8] = {
        let [_, asking @ .., _] = List::ALL;
        asking
    };
}

/// What identifies a package and what the solver compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Row {
    pub(super) name: StringId,
    /// `[epoch:]version-release`, without an epoch of 0.
    pub(super) evr: StringId,
    pub(super) arch: StringId,
    /// Empty where there is none.
    pub(super) vendor: StringId,
    /// Seconds since 1970; 0 where unknown.
    pub(super) build_time: u64,
}

impl Row {
    /// From what [`Writer`](super::data::Writer) writes.
    pub(super) fn of_bytes(bytes: &[u8; 24]) -> Self {
        let [name, evr, arch, vendor, low, high] = data::numbers(bytes);
        let [name, evr, arch, vendor] = [name, evr, arch, vendor].map(StringId);
        Self { name, evr, arch, vendor, build_time: data::wide(low, high) }
    }
}

/// Packages, one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Packages {
    pub(super) rows: Vec<Row>,
    /// Where the lists of each package are in `terms`.
    pub(super) lists: Lists,
    pub(super) terms: Vec<Term>,
}

impl Packages {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn list(&self, package: usize, list: List) -> &[Term] {
        self.lists(package, list, list)
    }

    /// Everything it cannot do without, what must be there before it last.
    pub(super) fn requires(&self, package: usize) -> &[Term] {
        self.lists(package, List::Requires, List::RequiresBefore)
    }

    fn lists(&self, package: usize, first: List, last: List) -> &[Term] {
        self.terms.get(self.lists.span(package, first, last)).unwrap_or_default()
    }

    /// Adds a package; its lists follow.
    pub(super) fn start(&mut self, row: Row) -> Result<Adding<'_>, Full> {
        number(self.rows.len() * List::ALL.len(), "packages")?;
        self.rows.push(row);
        self.lists.start();
        Ok(Adding { packages: self, list: List::Provides })
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        size_of::<Row>() * self.rows.capacity()
            + self.lists.memory()
            + size_of::<u32>() * self.terms.capacity()
    }
}

/// A package that is being added.
pub(super) struct Adding<'p> {
    packages: &'p mut Packages,
    /// The list that is being filled.
    list: List,
}

impl Adding<'_> {
    /// Adds a term to a list that is not before one already filled.
    pub(super) fn push(&mut self, list: List, term: Term) {
        debug_assert!(self.list <= list, "lists are filled in order");
        self.list = list;
        self.packages.terms.push(term);
        let end = u32::try_from(self.packages.terms.len()).unwrap_or(u32::MAX);
        self.packages.lists.extend_to(list, end);
    }

    /// Ends all lists.
    pub(super) fn finish(self) -> Result<(), Full> {
        number(self.packages.terms.len(), "dependencies").map(|_| ())
    }
}

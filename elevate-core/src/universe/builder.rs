//! A repository in the making.

use hashbrown::{HashMap, HashSet};

use super::data::{Counts, DETAIL_TEXTS, DetailRow, PackageDetails, RepositoryData, Writer};
use super::interner::Interner;
use super::packages::{List, Packages, Row};
use super::strings::{Full, StringId, number};
use super::term::{Operator, Relation, Term, TermKind};
use crate::model::{Comparison, Requirement};

/// The most packages room is made for before they come.
const MOST_EXPECTED: u64 = 1 << 17;

/// Makes a [`RepositoryData`], package by package.
#[derive(Debug)]
pub(super) struct Builder {
    interner: Interner,
    packages: Packages,
    details: Vec<DetailRow>,
    detail_text: String,
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
    /// Nothing yet, and room for so many packages as they usually are. It is what
    /// metadata announce, and not believed beyond measure.
    pub(super) fn new(expected: u64) -> Result<Self, Full> {
        let expected = usize::try_from(expected.min(MOST_EXPECTED)).unwrap_or(0);
        Ok(Self {
            interner: Interner::with_capacity(4 * expected, 96 * expected, 3 * expected)?,
            packages: Packages::default(),
            details: Vec::new(),
            detail_text: String::new(),
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
        details: PackageDetails<&str>,
    ) -> Result<(), Full> {
        let row = self.interner.row(package)?;
        self.gathered.provide_itself(&mut self.interner, row, package.arch)?;
        self.gathered.store(&mut self.packages, row, &mut self.seen)?;
        let mut ends = [0; DETAIL_TEXTS];
        let PackageDetails { base, location, checksum_kind, checksum, .. } = details;
        let texts = [base, location, checksum_kind, checksum];
        for (end, text) in ends.iter_mut().zip(texts) {
            self.detail_text.push_str(text);
            *end = number(self.detail_text.len(), "bytes of text")?;
        }
        self.details.push(DetailRow {
            ends,
            package_size: details.package_size,
            installed_size: details.installed_size,
        });
        Ok(())
    }

    /// Adds the packages of another one, as if they had been given here.
    pub(super) fn join(&mut self, next: Builder) -> Result<(), Full> {
        let map = Map::of(next.interner, &mut self.interner)?;
        self.packages.join(&next.packages, |id| map.text(id), |term| map.term(term))?;
        let before = number(self.detail_text.len(), "bytes of text")?;
        number(self.detail_text.len() + next.detail_text.len(), "bytes of text")?;
        self.detail_text.push_str(&next.detail_text);
        self.details.extend(
            next.details
                .iter()
                .map(|row| DetailRow { ends: row.ends.map(|end| before + end), ..*row }),
        );
        Ok(())
    }

    /// Name, version and architecture of the packages that came more than once, when
    /// they came for the second time.
    pub(super) fn repeated(&self) -> impl Iterator<Item = [&str; 3]> {
        let mut known = HashMap::with_capacity(self.packages.len());
        let mut is_second = move |row: &Row| {
            let times: &mut u32 = known.entry((row.name, row.evr, row.arch)).or_default();
            *times += 1;
            *times == 2
        };
        let rows = self.packages.rows.iter().filter(move |row| is_second(row));
        rows.map(|row| [row.name, row.evr, row.arch].map(|id| self.interner.get(id)))
    }

    /// All packages given, with what is odd about them.
    pub(super) fn finish(self, remarks: &[String]) -> Result<RepositoryData, Full> {
        let remarks: String = remarks.iter().map(|line| line.replace('\n', " ") + "\n").collect();
        let (texts, relations) = self.interner.into_parts();
        let counts = Counts {
            texts: number(texts.len(), "texts")?,
            text_bytes: number(texts.bytes.len(), "bytes of text")?,
            relations: number(relations.len(), "relations")?,
            packages: number(self.packages.len(), "packages")?,
            terms: number(self.packages.terms.len(), "dependencies")?,
            detail_bytes: number(self.detail_text.len(), "bytes of text")?,
            remark_bytes: number(remarks.len(), "bytes of text")?,
        };
        let mut to = Writer::default();
        to.numbers(counts.numbers());
        to.numbers(texts.ends);
        relations.iter().for_each(|relation| to.relation(relation));
        self.packages.rows.iter().for_each(|row| to.row(row));
        to.numbers(self.packages.lists.all_ends());
        to.numbers(self.packages.terms.iter().map(|term| term.0));
        to.details(&self.details, &self.detail_text);
        to.bytes.extend_from_slice(texts.bytes.as_bytes());
        to.bytes.extend_from_slice(self.detail_text.as_bytes());
        to.bytes.extend_from_slice(remarks.as_bytes());
        RepositoryData::over(to.bytes, 0).ok_or(Full("bytes"))
    }
}

/// The numbers that texts and terms of one pool have in another.
struct Map {
    texts: Vec<StringId>,
    relations: Vec<Term>,
}

impl Map {
    /// Gives everything of `from` its number in `to`, in order.
    fn of(from: Interner, to: &mut Interner) -> Result<Self, Full> {
        let (texts, relations) = from.into_parts();
        let in_order = (0..texts.len()).map(|at| to.text(texts.get(at)));
        let texts = in_order.collect::<Result<_, Full>>()?;
        let mut map = Self { texts, relations: Vec::with_capacity(relations.len()) };
        for Relation { left, operator, right } in relations {
            // Sides are older than their relation.
            let term = to.relate(map.term(left), operator, map.term(right))?;
            map.relations.push(term);
        }
        Ok(map)
    }

    fn text(&self, id: StringId) -> StringId {
        self.texts.get(id.index()).copied().unwrap_or_default()
    }

    fn term(&self, term: Term) -> Term {
        match term.kind() {
            TermKind::Text(id) => self.text(id).into(),
            TermKind::Relation(id) => {
                self.relations.get(id.0 as usize).copied().unwrap_or(StringId::EMPTY.into())
            }
        }
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
            let itself = Operator::Compare(Comparison::EQUAL);
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

/// The longest list whose terms are compared with each other.
const FEW: usize = 32;

/// Which terms a list has already.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The first terms of the list.
    few: Vec<Term>,
    /// All terms of a long one.
    many: HashSet<Term>,
}

impl Seen {
    /// A new list, with nothing in it.
    pub(super) fn start(&mut self) {
        self.few.clear();
        self.many.clear();
    }

    /// Whether this comes for the first time.
    pub(super) fn is_new(&mut self, term: Term) -> bool {
        if self.few.len() == FEW {
            return self.many.insert(term);
        }
        let is_new = !self.few.contains(&term);
        if is_new {
            self.few.push(term);
        }
        if self.few.len() == FEW {
            self.many.extend(&self.few);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_comes_for_the_first_time_once_in_a_list() {
        let mut seen = Seen::default();
        let terms = || (0..100).flat_map(|at| [Term::from(StringId(at)), Term::relation(at)]);
        for _ in 0..2 {
            seen.start();
            assert!(terms().take(FEW / 2).all(|term| seen.is_new(term)));
            assert!(!terms().take(FEW / 2).any(|term| seen.is_new(term)));
            assert!(terms().skip(FEW / 2).all(|term| seen.is_new(term)));
            assert!(!terms().any(|term| seen.is_new(term)));
        }
    }
}

//! What other code relies on and a cache could say otherwise.

use super::CacheError;
use crate::model::RichDependency;
use crate::universe::data::{DetailRow, RepositoryData};
use crate::universe::files::ListedFiles;
use crate::universe::packages::Row;
use crate::universe::strings::{MOST, StringId};
use crate::universe::term::{Operator, Relation, Term, TermKind};

/// Checks the texts of a repository.
pub(super) fn texts(data: &RepositoryData) -> Result<(), CacheError> {
    require(data.text_ends().next().is_none_or(|end| end == 0), "texts")?;
    require(is_cut(data.all_text(), data.text_ends()), "texts")?;
    require(is_cut(data.detail_text(), data.detail_rows().flat_map(|row| row.ends)), "details")?;
    require(std::str::from_utf8(data.remark_text()).is_ok(), "remarks")
}

/// Checks the numbers of a repository.
pub(super) fn numbers(data: &RepositoryData) -> Result<(), CacheError> {
    let limits = Limits { texts: data.texts(), relations: data.relation_count() };
    let counted = [limits.texts, limits.relations, data.list_ends().len(), data.terms().len()];
    require(counted.iter().all(|count| *count < MOST), "counts")?;
    related(data, &limits)?;
    let row = |row: Row| all([row.name, row.evr, row.arch, row.vendor], |id| limits.is_text(id));
    require(all(data.rows(), row), "packages")?;
    require(is_partition(data.list_ends(), data.terms().len()), "lists")?;
    require(all(data.terms(), |term| limits.is_term(term)), "dependencies")?;
    let row = |row: DetailRow| limits.is_text(row.source_rpm) & limits.is_text(row.base);
    require(all(data.detail_rows(), row), "details")
}

/// Checks what a search found in a repository of so many packages.
pub(super) fn listed(listed: &ListedFiles, packages: usize) -> Result<(), CacheError> {
    let ListedFiles { asked, found, .. } = listed;
    require(asked.windows(2).all(|pair| pair[0] < pair[1]), "paths")?;
    let is_one = |(package, path): &(u32, u32)| {
        ((*package as usize) < packages) & ((*path as usize) < asked.len())
    };
    require(all(found, is_one), "files")?;
    require(found.windows(2).all(|pair| pair[0] < pair[1]), "files")
}

/// Sides are older than their relation, so that no term contains itself; a
/// version is compared with a text; a rich dependency is no larger than one that
/// is read.
fn related(data: &RepositoryData, limits: &Limits) -> Result<(), CacheError> {
    // How many operators each has.
    let mut sizes: Vec<u16> = Vec::with_capacity(limits.relations);
    for Relation { left, operator, right } in data.relations() {
        let known = Limits { texts: limits.texts, relations: sizes.len() };
        require(known.is_term(left) & known.is_term(right), "relations")?;
        let size = match operator {
            Operator::Compare(_) => {
                require(is_plain(left) & is_plain(right), "relations")?;
                0
            }
            Operator::Rich(_) => {
                let size = |term: Term| match term.kind() {
                    TermKind::Text(_) => 0,
                    TermKind::Relation(id) => sizes.get(id.0 as usize).copied().unwrap_or_default(),
                };
                1 + size(left) + size(right)
            }
        };
        require(usize::from(size) <= RichDependency::LONGEST, "relations")?;
        sizes.push(size);
    }
    // One with an operator that is none is passed over.
    require(sizes.len() == limits.relations, "relations")
}

fn is_plain(term: Term) -> bool {
    matches!(term.kind(), TermKind::Text(_))
}

/// How many of each there are.
struct Limits {
    texts: usize,
    relations: usize,
}

impl Limits {
    fn is_text(&self, id: StringId) -> bool {
        id.index() < self.texts
    }

    fn is_term(&self, term: Term) -> bool {
        match term.kind() {
            TermKind::Text(id) => self.is_text(id),
            TermKind::Relation(id) => (id.0 as usize) < self.relations,
        }
    }
}

/// Whether this is text, and ends part by part between characters.
fn is_cut(bytes: &[u8], ends: impl Iterator<Item = u32> + Clone) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let is_between = |end: u32| text.is_char_boundary(end as usize);
    is_partition(ends.clone(), bytes.len()) && (text.is_ascii() || all(ends, is_between))
}

/// Whether parts that end there make up a whole of this length.
fn is_partition(ends: impl Iterator<Item = u32>, length: usize) -> bool {
    let (mut last, mut is_sorted) = (0, true);
    for end in ends {
        is_sorted &= last <= end;
        last = end;
    }
    is_sorted && last as usize == length
}

/// Whether it is so for all. Goes on where it is not, which is faster where it is.
fn all<T>(items: impl IntoIterator<Item = T>, is_so: impl Fn(T) -> bool) -> bool {
    items.into_iter().fold(true, |so_far, item| so_far & is_so(item))
}

fn require(holds: bool, what: &'static str) -> Result<(), CacheError> {
    if holds { Ok(()) } else { Err(CacheError::Wrong(what)) }
}

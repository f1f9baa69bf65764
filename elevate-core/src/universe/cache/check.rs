//! What other code relies on and a cache could say otherwise.

use super::CacheError;
use crate::model::RichDependency;
use crate::universe::data::{DETAIL_TEXTS, RepositoryData};
use crate::universe::files::ListedFiles;
use crate::universe::packages::List;
use crate::universe::strings::{MOST, StringId, Texts};
use crate::universe::term::{Operator, Relation, Term, TermKind};

/// Checks a repository.
pub(super) fn packages(data: &RepositoryData) -> Result<(), CacheError> {
    let RepositoryData { texts, relations, packages, details } = data;
    let limits = Limits { texts: texts.len(), relations: relations.len() };
    let counted = [texts.len(), relations.len(), packages.ends.len(), packages.terms.len()];
    require(counted.iter().all(|count| *count < MOST), "counts")?;
    require(packages.ends.len() == packages.len() * List::ALL.len(), "counts")?;
    require(is_cut(texts) && texts.ends.first().is_none_or(|end| *end == 0), "texts")?;
    related(relations, &limits)?;
    let row = |row: &super::Row| {
        limits.is_text(row.name)
            & limits.is_text(row.evr)
            & limits.is_text(row.arch)
            & limits.is_text(row.vendor)
    };
    require(all(&packages.rows, row), "packages")?;
    require(is_partition(&packages.ends, packages.terms.len()), "lists")?;
    require(all(&packages.terms, |term| limits.is_term(*term)), "dependencies")?;
    let texts = details.texts.len() == packages.len() * DETAIL_TEXTS && is_cut(&details.texts);
    let ids = [&details.source_rpm, &details.base];
    let ids = ids.into_iter().all(|ids| all(ids, |id| limits.is_text(*id)));
    require(texts && ids, "details")
}

/// Checks what a search found in a repository of so many packages.
pub(super) fn listed(listed: &ListedFiles, packages: usize) -> Result<(), CacheError> {
    let ListedFiles { asked, found } = listed;
    require(asked.windows(2).all(|pair| pair[0] < pair[1]), "paths")?;
    let is_one = |(package, path): &(u32, u32)| {
        (*package as usize) < packages && (*path as usize) < asked.len()
    };
    require(all(found, is_one), "files")?;
    require(found.windows(2).all(|pair| pair[0] < pair[1]), "files")
}

/// Sides are older than their relation, so that no term contains itself; a
/// version is compared with a text; a rich dependency is no larger than one that
/// is read.
fn related(relations: &[Relation], limits: &Limits) -> Result<(), CacheError> {
    // How many operators each has.
    let mut sizes: Vec<usize> = vec![0; limits.relations];
    for (at, Relation { left, operator, right }) in relations.iter().enumerate() {
        let known = Limits { texts: limits.texts, relations: at };
        require(known.is_term(*left) & known.is_term(*right), "relations")?;
        match operator {
            Operator::Compare(_) => require(is_plain(*left) & is_plain(*right), "relations")?,
            Operator::Rich(_) => {
                let size = |term: Term| match term.kind() {
                    TermKind::Text(_) => 0,
                    TermKind::Relation(id) => sizes.get(id.0 as usize).copied().unwrap_or_default(),
                };
                sizes[at] = 1 + size(*left) + size(*right);
                require(sizes[at] <= RichDependency::LONGEST, "relations")?;
            }
        }
    }
    Ok(())
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

/// Whether texts end one behind the other, between characters.
fn is_cut(texts: &Texts) -> bool {
    let boundary = |end: &u32| texts.bytes.is_char_boundary(*end as usize);
    is_partition(&texts.ends, texts.bytes.len()) && all(&texts.ends, boundary)
}

/// Whether parts that end there make up a whole of this length.
fn is_partition(ends: &[u32], length: usize) -> bool {
    let last = ends.last().copied().unwrap_or_default();
    last as usize == length && ends.is_sorted()
}

/// Whether it is so for all. Goes on where it is not, which is faster where it is.
fn all<T>(items: &[T], is_so: impl Fn(&T) -> bool) -> bool {
    items.iter().fold(true, |so_far, item| so_far & is_so(item))
}

fn require(holds: bool, what: &'static str) -> Result<(), CacheError> {
    if holds { Ok(()) } else { Err(CacheError::Wrong(what)) }
}

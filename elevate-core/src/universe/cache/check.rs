//! What other code relies on and a cache could say otherwise.

use super::CacheError;
use super::united::Of;
use crate::model::{Comparison, RichDependency};
use crate::universe::data::{self, RepositoryData};
use crate::universe::files::ListedFiles;
use crate::universe::index::Index;
use crate::universe::lists::Lists;
use crate::universe::packages::{List, Packages, Row};
use crate::universe::providers::Providers;
use crate::universe::solvable::{FIRST_AVAILABLE, SolvableId};
use crate::universe::strings::{MOST, StringId};
use crate::universe::term::{Operator, Relation, Term, TermKind};
use crate::universe::united::United;

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
    relations(data.relation_records(), limits.texts)?;
    let row = |row: Row| all([row.name, row.evr, row.arch, row.vendor], |id| limits.is_text(id));
    require(all(data.rows(), row), "packages")?;
    require(is_partition(data.list_ends(), data.terms().len()), "lists")?;
    require(all(data.terms(), |term| limits.is_term(term)), "dependencies")
}

/// Checks what a search found in a repository of so many packages.
pub(super) fn listed(listed: &ListedFiles, packages: usize) -> Result<(), CacheError> {
    let ListedFiles { asked, found, .. } = listed;
    require(is_ascending(asked), "paths")?;
    let is_one = |(package, path): &(u32, u32)| {
        ((*package as usize) < packages) & ((*path as usize) < asked.len())
    };
    require(all(found, is_one), "files")?;
    require(is_ascending(found), "files")
}

/// The text of united repositories, with the empty text first.
pub(super) fn text(bytes: Vec<u8>, ends: &[u32]) -> Result<String, CacheError> {
    require(ends.len() < MOST && ends.first() == Some(&0), "texts")?;
    let text = String::from_utf8(bytes).map_err(|_| CacheError::Wrong("texts"))?;
    require(is_cut_text(&text, ends.iter().copied()), "texts")?;
    Ok(text)
}

/// Checks that an index names only things that are there.
pub(super) fn index(index: &Index) -> Result<(), CacheError> {
    require(is_partition(index.ends.iter().copied(), index.marked.len()), "index")?;
    require(index.is_of(index.marked.len()), "index")
}

/// Checks the packages of united repositories.
pub(super) fn rows(rows: &[Row], of: &Of) -> Result<(), CacheError> {
    let limits = Limits::of(of);
    let row = |row: &Row| all([row.name, row.evr, row.arch, row.vendor], |id| limits.is_text(id));
    require(rows.len() < MOST / List::ALL.len() && all(rows, row), "packages")
}

/// Checks that lists have so many terms together.
pub(super) fn lists(lists: &Lists, terms: usize) -> Result<(), CacheError> {
    require(terms < MOST && is_partition(lists.ends().iter().copied(), terms), "lists")
}

/// Checks the terms of united repositories.
pub(super) fn terms(terms: &[Term], of: &Of) -> Result<(), CacheError> {
    let limits = Limits::of(of);
    require(all(terms, |term| limits.is_term(*term)), "dependencies")
}

/// Checks the rest of united repositories, whose packages and terms are good.
pub(super) fn united(united: &United, of: &Of) -> Result<(), CacheError> {
    let limits = Limits::of(of);
    let United { packages: Packages { rows, .. }, paths, files, .. } = united;
    let is_package = |id: SolvableId| (id.0.wrapping_sub(FIRST_AVAILABLE) as usize) < rows.len();
    providers(&united.providers, is_package)?;
    require(all(paths, |path| limits.is_text(*path)) && is_ascending(paths), "paths")?;
    let is_file = |file: &(SolvableId, StringId)| is_package(file.0) & limits.is_text(file.1);
    require(all(files, is_file) && is_ascending(files), "files")?;
    let counted = united.parts.iter().map(|part| u64::from(part.packages)).sum::<u64>();
    require(counted == rows.len() as u64, "repositories")
}

/// Checks that the providers of each name are packages in order.
fn providers(
    providers: &Providers,
    is_package: impl Fn(SolvableId) -> bool,
) -> Result<(), CacheError> {
    let Providers { ends, list } = providers;
    require(list.len() < MOST && is_partition(ends.iter().copied(), list.len()), "providers")?;
    require(all(list, |package| is_package(*package)), "providers")?;
    let mut rest = list.as_slice();
    let mut start = 0;
    let is_in_order = |end: &u32| {
        let own = rest.split_off(..(end - start) as usize).unwrap_or_default();
        start = *end;
        own.len() < 2 || is_ascending(own)
    };
    require(ends.iter().all(is_in_order), "providers")
}

/// Checks relations of so many texts: sides are older than their relation, so that
/// no term contains itself; a version is compared with a text; a rich dependency is
/// no larger than one that is read.
pub(super) fn relations(
    relations: &[[u8; Relation::BYTES]],
    texts: usize,
) -> Result<(), CacheError> {
    require(relations.len() < MOST, "relations")?;
    let mut rich = Rich::default();
    for (at, bytes) in relations.iter().enumerate() {
        if compares_texts(bytes, texts) {
            continue;
        }
        let older = Limits { texts, relations: at };
        let is_good = match Relation::of_bytes(bytes) {
            Some(Relation { left, operator: Operator::Rich(_), right }) => {
                older.is_term(left) && older.is_term(right) && rich.add(at, [left, right])
            }
            _ => false,
        };
        require(is_good, "relations")?;
    }
    Ok(())
}

/// Whether a relation compares one of so many texts with another, as nearly all do.
fn compares_texts(bytes: &[u8; Relation::BYTES], texts: usize) -> bool {
    let [left, right] = data::numbers(bytes);
    let [.., code] = bytes;
    (left as usize) < texts && (right as usize) < texts && *code <= Comparison::ANY.bits()
}

/// How many operators each rich dependency has, by the number of its relation.
#[derive(Default)]
struct Rich(Vec<(usize, usize)>);

impl Rich {
    /// Adds one that comes after all others; `false` where it is too large.
    fn add(&mut self, at: usize, sides: [Term; 2]) -> bool {
        let size = 1 + sides.map(|side| self.size(side)).iter().sum::<usize>();
        self.0.push((at, size));
        size <= RichDependency::LONGEST
    }

    fn size(&self, term: Term) -> usize {
        let TermKind::Relation(id) = term.kind() else { return 0 };
        let at = self.0.binary_search_by_key(&(id.0 as usize), |(at, _)| *at);
        at.ok().and_then(|at| self.0.get(at)).map_or(0, |(_, size)| *size)
    }
}

/// How many of each there are.
struct Limits {
    texts: usize,
    relations: usize,
}

impl Limits {
    fn of(of: &Of) -> Self {
        Self { texts: of.texts, relations: of.relations }
    }

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
    std::str::from_utf8(bytes).is_ok_and(|text| is_cut_text(text, ends))
}

fn is_cut_text(text: &str, ends: impl Iterator<Item = u32> + Clone) -> bool {
    let is_between = |end: u32| text.is_char_boundary(end as usize);
    is_partition(ends.clone(), text.len()) && (text.is_ascii() || all(ends, is_between))
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

/// Whether each is greater than the one before.
fn is_ascending<T: PartialOrd>(items: &[T]) -> bool {
    all(items.windows(2), |pair| pair[0] < pair[1])
}

/// Whether it is so for all. Goes on where it is not, which is faster where it is.
fn all<T>(items: impl IntoIterator<Item = T>, is_so: impl Fn(T) -> bool) -> bool {
    items.into_iter().fold(true, |so_far, item| so_far & is_so(item))
}

fn require(holds: bool, what: &'static str) -> Result<(), CacheError> {
    if holds { Ok(()) } else { Err(CacheError::Wrong(what)) }
}

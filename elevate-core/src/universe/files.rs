//! Files as capabilities: which packages have a file at a path that somebody
//! asks for (solver-rules.md A1.5).

use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::sync::OnceLock;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::data::RepositoryData;
use super::interner::Interner;
use super::packages::{List, Packages};
use super::strings::StringId;
use super::term::{Operator, Term, TermKind};

/// Which packages of a repository have files at some paths, as its complete file
/// lists and its primary metadata say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedFiles {
    /// The paths that were looked for, sorted.
    pub asked: Vec<String>,
    /// Which packages (by their number from 0) have which of them (by its number
    /// in `asked`), in the order of packages.
    pub found: Vec<(u32, u32)>,
    /// What is odd about the file lists, in words.
    pub remarks: Vec<String>,
}

impl ListedFiles {
    /// What the primary metadata alone answer of these paths, which are sorted.
    pub(super) fn of_primary(data: &RepositoryData, paths: &[String]) -> Self {
        let asked = paths.iter().filter(|path| is_in_primary(path)).cloned().collect();
        let mut listed = Self { asked, ..Self::default() };
        listed.look_through_primary(data);
        listed
    }

    /// Adds the files that the primary metadata list.
    pub(super) fn look_through_primary(&mut self, data: &RepositoryData) {
        let number = |path: &str| self.number(path);
        let found = in_primary(data, number);
        self.found.extend(found);
        self.found.sort_unstable();
        self.found.dedup();
    }

    /// Numbers of the packages with a file at a path; `None` where it was not
    /// looked for.
    pub(super) fn answer(&self, path: &str) -> Option<impl Iterator<Item = u32>> {
        let asked = self.number(path)?;
        Some(self.found.iter().filter(move |(_, of)| *of == asked).map(|(package, _)| *package))
    }

    /// All that was found: packages and paths.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &str)> {
        let path = |at: u32| self.asked.get(at as usize).map_or("", String::as_str);
        self.found.iter().map(move |(package, asked)| (*package, path(*asked)))
    }

    fn number(&self, path: &str) -> Option<u32> {
        let at = self.asked.binary_search_by(|asked| asked.as_str().cmp(path)).ok()?;
        u32::try_from(at).ok()
    }
}

/// The files that primary metadata list at wanted paths, by the number of their
/// package. Each path is asked about once.
pub(super) fn in_primary<T: Copy>(
    data: &RepositoryData,
    wanted: impl Fn(&str) -> Option<T>,
) -> Vec<(u32, T)> {
    let mut known: Vec<Option<Option<T>>> = vec![None; data.texts()];
    let mut found = Vec::new();
    for (number, at) in (0..).zip(0..data.len()) {
        for file in data.list(at, List::Files) {
            let TermKind::Text(id) = file.kind() else { continue };
            let Some(known) = known.get_mut(id.index()) else { continue };
            if let Some(path) = known.get_or_insert_with(|| wanted(data.text(id))) {
                found.push((number, *path));
            }
        }
    }
    found
}

/// Whether createrepo_c lists a file at this path in the primary metadata, which
/// therefore answers for it completely.
pub fn is_in_primary(path: &str) -> bool {
    path.starts_with("/etc/") || path == "/usr/lib/sendmail" || path.contains("bin/")
}

/// Which paths have to be looked for, sorted: those of packages of the target as far
/// as only complete file lists have them, and all of `more`.
pub(super) fn to_search<'p>(
    paths: impl Iterator<Item = &'p str>,
    more: &'p [String],
) -> Vec<String> {
    let paths = paths.filter(|path| !is_in_primary(path));
    let asked: BTreeSet<&str> = paths.chain(more.iter().map(String::as_str)).collect();
    asked.into_iter().map(str::to_owned).collect()
}

/// The paths that packages ask for, each once, in the order of their numbers.
pub(super) fn wanted(interner: &Interner, packages: &Packages) -> Vec<StringId> {
    let lists = |package: usize| List::ASKING.map(|list| packages.list(package, list));
    paths(interner, (0..packages.len()).flat_map(lists).flatten().copied())
}

/// The paths among terms and their parts, each once, in the order of their numbers.
pub(super) fn paths(interner: &Interner, terms: impl Iterator<Item = Term>) -> Vec<StringId> {
    let mut paths = Vec::new();
    let mut open: Vec<Term> = Vec::new();
    for term in terms {
        open.push(term);
        while let Some(term) = open.pop() {
            match term.kind() {
                TermKind::Text(id) if interner.get(id).starts_with('/') => paths.push(id),
                TermKind::Text(_) => {}
                TermKind::Relation(id) => {
                    let Some(relation) = interner.relation(id) else { continue };
                    open.push(relation.left);
                    if let Operator::Rich(_) = relation.operator {
                        open.push(relation.right);
                    }
                }
            }
        }
    }
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The files of a repository's primary metadata by their paths, made when they
/// are first asked for.
#[derive(Debug, Default)]
pub(super) struct Owners {
    index: OnceLock<(HashTable<u32>, DefaultHashBuilder)>,
}

impl Owners {
    /// Numbers of the packages that have a file at a path.
    pub(super) fn of<'d>(
        &self,
        data: &'d RepositoryData,
        path: &str,
    ) -> impl Iterator<Item = u32> + use<'d> {
        let (table, hasher) = self.index.get_or_init(|| index(data));
        let is_it = |id: &&u32| data.text(StringId(**id)) == path;
        let found: Vec<Term> = table
            .iter_hash(hasher.hash_one(path))
            .filter(is_it)
            .map(|id| StringId(*id).into())
            .collect();
        let having = move |package: &usize| {
            data.list(*package, List::Files).any(|file| found.contains(&file))
        };
        (0..data.len()).filter(having).filter_map(|package| u32::try_from(package).ok())
    }
}

fn index(data: &RepositoryData) -> (HashTable<u32>, DefaultHashBuilder) {
    let hasher = DefaultHashBuilder::default();
    let mut table = HashTable::new();
    for (id, _) in (0..).zip(data.text_ends()) {
        let text = data.text(StringId(id));
        if text.starts_with('/') {
            let hash = |id: &u32| hasher.hash_one(data.text(StringId(*id)));
            table.insert_unique(hasher.hash_one(text), id, hash);
        }
    }
    (table, hasher)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primary_metadata_answers_for_programs_and_configuration() {
        for path in ["/etc/passwd", "/usr/bin/perl", "/sbin/ldconfig", "/usr/lib/sendmail"] {
            assert!(is_in_primary(path), "{path}");
        }
        for path in ["/usr/libexec/x", "/usr/share/doc", "/usr/lib/sendmail2"] {
            assert!(!is_in_primary(path), "{path}");
        }
    }
}

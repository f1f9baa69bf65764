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

/// What a search through a repository's complete file lists found.
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

/// Whether createrepo_c lists a file at this path in the primary metadata, which
/// therefore answers for it completely.
pub fn is_in_primary(path: &str) -> bool {
    path.starts_with("/etc/") || path == "/usr/lib/sendmail" || path.contains("bin/")
}

/// Which of these paths complete file lists have to be searched for, sorted.
pub(super) fn to_search<'p>(
    paths: impl Iterator<Item = &'p str>,
    more: &'p [String],
) -> Vec<String> {
    let all = paths.chain(more.iter().map(String::as_str));
    let asked: BTreeSet<&str> = all.filter(|path| !is_in_primary(path)).collect();
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
    // A term occurs many times; each is looked through once.
    let mut seen = super::builder::Seen::default();
    seen.start();
    let mut open: Vec<Term> = Vec::new();
    for term in terms {
        open.push(term);
        while let Some(term) = open.pop() {
            if !seen.is_new(term) {
                continue;
            }
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

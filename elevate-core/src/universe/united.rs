//! Several repositories made one: what a target is made of, and what a cache keeps
//! of it.

use std::sync::Arc;

use super::arch::ArchPolicy;
use super::data::RepositoryData;
use super::files::{self, ListedFiles};
use super::interner::Interner;
use super::lists::Lists;
use super::packages::{List, Packages, Row};
use super::pool::Pool;
use super::providers::Providers;
use super::solvable::SolvableId;
use super::strings::{Full, StringId, number};
use super::term::{Term, TermKind};

/// Repositories that are one. It says nothing of definitions and of hosts, but for
/// their architecture.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct United {
    pub(super) pool: Arc<Pool>,
    pub(super) packages: Packages,
    /// Of each package.
    pub(super) sizes: Vec<Sizes>,
    /// Paths that packages ask for.
    pub(super) paths: Vec<StringId>,
    /// Files at those paths, by package.
    pub(super) files: Vec<(SolvableId, StringId)>,
    pub(super) providers: Providers,
    /// The repositories, in order.
    pub(super) parts: Vec<Part>,
}

/// How large a package is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes to download.
    pub download: u64,
    /// Bytes it takes when installed.
    pub installed: u64,
}

/// A repository of several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// How many packages it has.
    pub(super) packages: u32,
    /// Whether its complete file lists were searched for all paths.
    pub(super) is_searched: bool,
    /// What is odd about its metadata, a line each.
    pub(super) remarks: String,
}

impl United {
    /// Which paths have to be searched for: those that packages ask for, as far as
    /// the primary metadata does not answer them, and `more`. Sorted.
    pub(super) fn to_search(&self, more: &[String]) -> Vec<String> {
        files::to_search(self.paths.iter().map(|path| self.pool.get(*path)), more)
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        self.pool.memory()
            + self.packages.memory()
            + self.providers.memory()
            + size_of::<(SolvableId, StringId)>() * self.files.capacity()
            + size_of::<Sizes>() * self.sizes.capacity()
    }

    /// Whether it was made of as much as was found now.
    pub(super) fn is_made_of(&self, found: &[Option<Arc<ListedFiles>>]) -> bool {
        let asked = self.to_search(&[]);
        let now = found.iter().map(|listed| is_searched(listed.as_deref(), &asked));
        now.eq(self.parts.iter().map(|part| part.is_searched))
    }
}

/// Whether all of these paths were searched for.
fn is_searched(listed: Option<&ListedFiles>, paths: &[String]) -> bool {
    paths.iter().all(|path| listed.is_some_and(|listed| listed.answer(path).is_some()))
}

/// Repositories becoming one.
pub(super) struct Merged {
    interner: Interner,
    packages: Packages,
    paths: Vec<StringId>,
}

impl Merged {
    /// The packages of repositories, in order.
    pub(super) fn of(repositories: &[&RepositoryData]) -> Result<Self, Full> {
        let mut merged = Self::with_room(repositories)?;
        for data in repositories {
            merged.add(data)?;
        }
        merged.paths = files::wanted(&merged.interner, &merged.packages);
        Ok(merged)
    }

    /// As [`United::to_search`].
    pub(super) fn to_search(&self, more: &[String]) -> Vec<String> {
        files::to_search(self.paths.iter().map(|path| self.interner.get(*path)), more)
    }

    /// The same repositories, for hosts of an architecture, with what was found in
    /// the file lists of each. The seed is of the hashes, and changes nothing.
    pub(super) fn finish(
        self,
        policy: &ArchPolicy,
        repositories: &[&RepositoryData],
        found: &[Option<Arc<ListedFiles>>],
        seed: u64,
    ) -> Result<United, Full> {
        let asked = self.to_search(&[]);
        let Self { interner, packages, paths } = self;
        let scores = policy.scores(&packages.rows, |id| interner.get(id));
        let files = files_at(&interner, repositories, found, &paths)?;
        let providers = provided(&interner, &packages, &scores, &files)?;
        let part = |(data, listed): (&&RepositoryData, &Option<Arc<ListedFiles>>)| {
            Ok(Part {
                packages: number(data.len(), "packages")?,
                is_searched: is_searched(listed.as_deref(), &asked),
                remarks: data.remarks().map(|line| format!("{line}\n")).collect(),
            })
        };
        let parts = repositories.iter().zip(found).map(part).collect::<Result<_, Full>>()?;
        let rows = repositories.iter().flat_map(|data| data.detail_rows());
        let sizes =
            rows.map(|row| Sizes { download: row.package_size, installed: row.installed_size });
        let sizes = sizes.collect();
        let (texts, relations) = interner.into_parts();
        let pool = Arc::new(Pool::new(texts, &relations, seed));
        Ok(United { pool, packages, sizes, paths, files, providers, parts })
    }

    /// Nothing yet, with room for all of them.
    fn with_room(repositories: &[&RepositoryData]) -> Result<Self, Full> {
        let sum = |count: fn(&RepositoryData) -> usize| -> usize {
            repositories.iter().map(|data| count(data)).sum()
        };
        let interner = Interner::with_capacity(
            sum(RepositoryData::texts),
            sum(|data| data.all_text().len()),
            sum(RepositoryData::relation_count),
        )?;
        let packages = Packages {
            rows: Vec::with_capacity(sum(RepositoryData::len)),
            lists: Lists::with_capacity(sum(RepositoryData::len)),
            terms: Vec::with_capacity(sum(|data| data.terms().len())),
        };
        Ok(Self { interner, packages, paths: Vec::new() })
    }

    /// Adds the packages of a repository, whose numbers become those of all.
    /// Texts that only files have stay where they are.
    fn add(&mut self, data: &RepositoryData) -> Result<(), Full> {
        let mut map = Map {
            texts: vec![StringId::EMPTY; data.texts()],
            relations: Vec::with_capacity(data.relation_count()),
        };
        for relation in data.relations() {
            let left = map.term(&mut self.interner, data, relation.left)?;
            let right = map.term(&mut self.interner, data, relation.right)?;
            map.relations.push(self.interner.relate(left, relation.operator, right)?);
        }
        for (package, row) in data.rows().enumerate() {
            let mut text = |id: StringId| map.text(&mut self.interner, data, id);
            let (name, evr, arch, vendor) =
                (text(row.name)?, text(row.evr)?, text(row.arch)?, text(row.vendor)?);
            let mut lists = self.packages.start(Row { name, evr, arch, vendor, ..row })?;
            for list in List::ALL.into_iter().filter(|list| *list != List::Files) {
                for term in data.list(package, list) {
                    lists.push(list, map.term(&mut self.interner, data, term)?);
                }
            }
            lists.finish()?;
        }
        Ok(())
    }
}

/// The numbers of a repository in the pool of all.
struct Map {
    /// Those not asked for yet are empty.
    texts: Vec<StringId>,
    relations: Vec<Term>,
}

impl Map {
    fn text(
        &mut self,
        to: &mut Interner,
        data: &RepositoryData,
        id: StringId,
    ) -> Result<StringId, Full> {
        let Some(known) = self.texts.get_mut(id.index()) else { return Ok(StringId::EMPTY) };
        if *known == StringId::EMPTY && id != StringId::EMPTY {
            *known = to.text(data.text(id))?;
        }
        Ok(*known)
    }

    fn term(&mut self, to: &mut Interner, data: &RepositoryData, term: Term) -> Result<Term, Full> {
        match term.kind() {
            TermKind::Text(id) => Ok(self.text(to, data, id)?.into()),
            // Sides are older than their relation.
            TermKind::Relation(id) => {
                Ok(self.relations.get(id.0 as usize).copied().unwrap_or(StringId::EMPTY.into()))
            }
        }
    }
}

/// Files at the paths asked for, by package.
fn files_at(
    interner: &Interner,
    repositories: &[&RepositoryData],
    found: &[Option<Arc<ListedFiles>>],
    paths: &[StringId],
) -> Result<Vec<(SolvableId, StringId)>, Full> {
    let wanted = |path: &str| interner.find(path).filter(|id| paths.binary_search(id).is_ok());
    let mut files = Vec::new();
    let mut first = 0;
    for (data, listed) in repositories.iter().zip(found) {
        let by_lists = listed.iter().flat_map(|listed| listed.all());
        let by_lists = by_lists.filter_map(|(at, path)| Some((at, wanted(path)?)));
        let all = files::in_primary(data, wanted).into_iter().chain(by_lists);
        files.extend(all.map(|(at, path)| (SolvableId::available(first + at), path)));
        first += number(data.len(), "packages")?;
    }
    files.sort_unstable();
    files.dedup();
    Ok(files)
}

/// The index of providers: of every package that runs on the hosts, the names it
/// provides and the paths asked for.
fn provided(
    interner: &Interner,
    packages: &Packages,
    scores: &[u32],
    files: &[(SolvableId, StringId)],
) -> Result<Providers, Full> {
    Providers::new(interner.texts(), |tell| {
        let mut files = files.iter().peekable();
        for (at, score) in (0..).zip(scores) {
            let package = SolvableId::available(at);
            if *score != 0 {
                for term in packages.list(at as usize, List::Provides) {
                    tell(interner.base_name(*term), package);
                }
            }
            while let Some((_, path)) = files.next_if(|(of, _)| *of == package) {
                if *score != 0 {
                    tell(*path, package);
                }
            }
        }
    })
}

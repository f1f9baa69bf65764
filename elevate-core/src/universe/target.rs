//! The packages of all target repositories together: read once, shared by all
//! hosts that are planned with them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};

use super::arch::ArchPolicy;
use super::data::{PackageDetails, RepositoryData};
use super::files::{self, ListedFiles, Owners};
use super::indexes::Indexes;
use super::interner::{Interner, Shown};
use super::matching::{self, View};
use super::packages::{List, Packages, Row};
use super::providers::Providers;
use super::solvable::{FIRST_AVAILABLE, RuledOut, SolvableId};
use super::strings::{Full, StringId, number};
use super::term::{RelationId, Term, TermKind};
use crate::model::{Arch, RepoId};

/// A repository to take packages from.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id.
    pub id: RepoId,
    /// Of two repositories with a package, the one with the lower number is used
    /// (dnf's `priority`, 99 where nothing is said).
    pub priority: i32,
    /// Whether modules hide none of its packages.
    pub module_hotfixes: bool,
    /// Its packages.
    pub data: Arc<RepositoryData>,
    /// What its complete file lists say, where they were searched.
    pub listed: Option<Arc<ListedFiles>>,
}

impl Source {
    /// A repository of the usual priority, whose packages modules may hide and
    /// whose file lists were not searched.
    pub fn new(id: RepoId, data: Arc<RepositoryData>) -> Self {
        Self { id, priority: 99, module_hotfixes: false, data, listed: None }
    }
}

/// The packages of the target repositories, united.
///
/// Repositories come in the order they were given in, their packages in the
/// order of their metadata; these are the numbers of packages, which decide where
/// nothing else does (solver-rules.md A1.1).
#[derive(Debug)]
pub struct Target {
    pub(super) policy: ArchPolicy,
    sources: Vec<Part>,
    pub(super) interner: Arc<Interner>,
    pub(super) packages: Packages,
    /// Score of each package's architecture.
    pub(super) scores: Vec<u32>,
    /// Paths that packages of the target ask for.
    pub(super) paths: Vec<StringId>,
    /// Files at those paths, by package.
    files: Vec<(SolvableId, StringId)>,
    providers: Providers,
    relations: Vec<OnceLock<Box<[SolvableId]>>>,
    ruled_out: BTreeMap<SolvableId, RuledOut>,
    pub(super) indexes: Indexes,
}

/// A repository, and where its packages begin.
#[derive(Debug)]
struct Part {
    source: Source,
    first: u32,
    owners: Owners,
}

impl Target {
    /// Unites repositories, in order, for hosts of an architecture.
    ///
    /// # Errors
    ///
    /// More packages, dependencies or texts than numbers of 32 bits can count.
    pub fn new(arch: &Arch, sources: Vec<Source>) -> Result<Self, Full> {
        Self::searching(arch, sources, &[], |_, _| Ok(None))
    }

    /// The same, with a search through the complete file lists of each repository
    /// that comes without one: for the paths that packages of the target ask for
    /// and for `more`, as far as the primary metadata does not answer them. It is
    /// given the number of the repository and the paths, sorted.
    ///
    /// # Errors
    ///
    /// As [`Target::new`], and those of the search.
    pub fn searching<E: From<Full> + Send>(
        arch: &Arch,
        sources: Vec<Source>,
        more: &[String],
        search: impl Fn(usize, &[String]) -> Result<Option<Arc<ListedFiles>>, E> + Sync,
    ) -> Result<Self, E> {
        let policy = ArchPolicy::of(arch);
        let mut merged = Merged::of(&sources)?;
        for source in &sources {
            merged.add(&source.data)?;
        }
        let Merged { interner, packages } = merged;
        let arch_of = |row: &Row| policy.score(interner.get(row.arch));
        let scores: Vec<u32> = packages.rows.iter().map(arch_of).collect();
        let paths = files::wanted(&interner, &packages);
        let asked = files::to_search(paths.iter().map(|path| interner.get(*path)), more);
        let parts = parts(sources, |at| search(at, &asked))?;
        let files = files_at(&interner, &parts, &paths);
        let providers = provided(&interner, &packages, &scores, &files)?;
        let ruled_out = unfit(&interner, &packages, &scores);
        let relations = (0..interner.relations()).map(|_| OnceLock::new()).collect();
        Ok(Self {
            policy,
            sources: parts,
            interner: Arc::new(interner),
            packages,
            scores,
            paths,
            files,
            providers,
            relations,
            ruled_out,
            indexes: Indexes::default(),
        })
    }

    /// Leaves a package out of what can be chosen, with the reason. The first
    /// reason counts.
    pub fn rule_out(&mut self, package: SolvableId, why: RuledOut) {
        self.ruled_out.entry(package).or_insert(why);
    }

    /// Why a package cannot be chosen; `None` where it can.
    pub fn ruled_out(&self, package: SolvableId) -> Option<&RuledOut> {
        self.ruled_out.get(&package)
    }

    /// All packages that cannot be chosen, in order.
    pub fn all_ruled_out(&self) -> impl Iterator<Item = (SolvableId, &RuledOut)> {
        self.ruled_out.iter().map(|(package, why)| (*package, why))
    }

    /// How many packages of each repository are for an architecture that does not
    /// run on the hosts, source packages apart.
    pub fn foreign(&self) -> BTreeMap<(&RepoId, &str), usize> {
        let mut counts = BTreeMap::new();
        let foreign = self.ruled_out.iter().filter(|(_, why)| **why == RuledOut::ForeignArch);
        for (package, _) in foreign {
            if let Some(source) = self.source(*package) {
                *counts.entry((&source.id, self.text(self.row(*package).arch))).or_default() += 1;
            }
        }
        counts
    }

    /// How many packages there are.
    pub fn len(&self) -> usize {
        self.packages.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.packages.len() == 0
    }

    /// All packages, in order.
    pub fn packages(&self) -> impl Iterator<Item = SolvableId> + use<> {
        (FIRST_AVAILABLE..).take(self.packages.len()).map(SolvableId)
    }

    /// The repositories, in order.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().map(|part| &part.source)
    }

    /// The architectures that run on the hosts.
    pub fn arch_policy(&self) -> &ArchPolicy {
        &self.policy
    }

    /// The repository of a package.
    pub fn source(&self, package: SolvableId) -> Option<&Source> {
        self.part(package).map(|(part, _)| &part.source)
    }

    /// What is said of a package beside its dependencies.
    pub fn details(&self, package: SolvableId) -> PackageDetails<'_> {
        match self.part(package) {
            Some((part, at)) => part.source.data.details(at as usize),
            None => PackageDetails::default(),
        }
    }

    /// A text by its number.
    pub fn text(&self, id: StringId) -> &str {
        self.interner.get(id)
    }

    /// A term as rpm writes it.
    pub fn show(&self, term: Term) -> Shown<'_> {
        self.interner.show(term)
    }

    /// Name, version and architecture of a package, as numbers of their texts.
    pub fn nevra(&self, package: SolvableId) -> (StringId, StringId, StringId) {
        let row = self.row(package);
        (row.name, row.evr, row.arch)
    }

    /// The terms of a package. Files are not among them: see
    /// [`Target::owners`].
    pub fn list(&self, package: SolvableId, list: List) -> &[Term] {
        self.at(package).map_or(&[], |at| self.packages.list(at, list))
    }

    /// Providers of a term among the packages of the target, in order.
    pub fn providers(&self, term: Term) -> &[SolvableId] {
        match term.kind() {
            TermKind::Text(name) => self.providers.of(name),
            TermKind::Relation(id) => match self.relations.get(id.0 as usize) {
                Some(found) => found.get_or_init(|| self.related(id)),
                None => &[],
            },
        }
    }

    /// Packages with a file at a path that nobody in the target asks for, as far
    /// as the metadata that was read tell; the flag says whether they tell all.
    pub fn owners(&self, path: &str) -> (Vec<SolvableId>, bool) {
        let mut found = Vec::new();
        let mut complete = true;
        for part in &self.sources {
            let data = &part.source.data;
            let listed = part.source.listed.as_deref();
            let asked = listed.and_then(|list| {
                list.asked.binary_search_by(|asked| asked.as_str().cmp(path)).ok()
            });
            complete &= asked.is_some() || files::is_in_primary(path);
            found.extend(part.owners.of(data, path).map(|at| part.package(at)));
            if let (Some(list), Some(asked)) = (listed, asked) {
                let asked = u32::try_from(asked).unwrap_or(u32::MAX);
                let of = list.found.iter().filter(|(_, path)| *path == asked);
                found.extend(of.map(|(at, _)| part.package(*at)));
            }
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|package| self.is_listed(*package));
        (found, complete)
    }

    /// Bytes it takes in memory, without what the repositories themselves take.
    pub fn memory(&self) -> usize {
        self.interner.memory()
            + self.packages.memory()
            + self.providers.memory()
            + size_of::<OnceLock<Box<[SolvableId]>>>() * self.relations.capacity()
            + size_of::<(SolvableId, StringId)>() * self.files.capacity()
    }

    pub(super) fn row(&self, package: SolvableId) -> Row {
        self.at(package).and_then(|at| self.packages.rows.get(at)).copied().unwrap_or_default()
    }

    pub(super) fn at(&self, package: SolvableId) -> Option<usize> {
        package.0.checked_sub(FIRST_AVAILABLE).map(|at| at as usize)
    }

    /// Whether it may be in lists of providers.
    pub(super) fn is_listed(&self, package: SolvableId) -> bool {
        let score = self.at(package).and_then(|at| self.scores.get(at));
        score.is_some_and(|score| *score != 0)
    }

    fn part(&self, package: SolvableId) -> Option<(&Part, u32)> {
        let at = package.0.checked_sub(FIRST_AVAILABLE)?;
        let after = self.sources.partition_point(|part| part.first <= at);
        let part = self.sources.get(after.checked_sub(1)?)?;
        Some((part, at - part.first))
    }

    fn related(&self, id: RelationId) -> Box<[SolvableId]> {
        match self.interner.relation(id) {
            Some(relation) => matching::providers(self, relation),
            None => Box::default(),
        }
    }
}

impl Part {
    fn package(&self, at: u32) -> SolvableId {
        SolvableId::available(self.first + at)
    }
}

impl View for Target {
    fn interner(&self) -> &Interner {
        &self.interner
    }
    fn providers(&self, term: Term) -> &[SolvableId] {
        Target::providers(self, term)
    }
    fn provides(&self, package: SolvableId) -> &[Term] {
        self.list(package, List::Provides)
    }
    fn provides_file(&self, package: SolvableId, path: StringId) -> bool {
        self.files.binary_search(&(package, path)).is_ok()
    }
}

/// The repositories with what is found in their file lists, side by side, and
/// where the packages of each begin.
fn parts<E: From<Full> + Send>(
    sources: Vec<Source>,
    search: impl Fn(usize) -> Result<Option<Arc<ListedFiles>>, E> + Sync,
) -> Result<Vec<Part>, E> {
    let with_files = |(at, source): (usize, Source)| match &source.listed {
        Some(_) => Ok(source),
        None => Ok(Source { listed: search(at)?, ..source }),
    };
    let found: Vec<Result<Source, E>> =
        sources.into_par_iter().enumerate().map(with_files).collect();
    let mut first = 0;
    let part = |source: Result<Source, E>| {
        let source = source?;
        let packages = number(source.data.len(), "packages")?;
        let part = Part { source, first, owners: Owners::default() };
        first += packages;
        Ok(part)
    };
    found.into_iter().map(part).collect()
}

/// Repositories becoming one.
struct Merged {
    interner: Interner,
    packages: Packages,
}

impl Merged {
    /// Room for all of them.
    fn of(sources: &[Source]) -> Result<Self, Full> {
        let sum = |count: fn(&RepositoryData) -> usize| -> usize {
            sources.iter().map(|source| count(&source.data)).sum()
        };
        let interner = Interner::with_capacity(
            sum(RepositoryData::texts),
            sum(|data| data.all_text().len()),
            sum(RepositoryData::relation_count),
        )?;
        let packages = Packages {
            rows: Vec::with_capacity(sum(RepositoryData::len)),
            ends: Vec::with_capacity(sum(|data| data.list_ends().len())),
            terms: Vec::with_capacity(sum(|data| data.terms().len())),
        };
        Ok(Self { interner, packages })
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
    parts: &[Part],
    paths: &[StringId],
) -> Vec<(SolvableId, StringId)> {
    let wanted = |path: &str| interner.find(path).filter(|id| paths.binary_search(id).is_ok());
    let mut files = Vec::new();
    for part in parts {
        let data = &part.source.data;
        let mut known: Vec<Option<Option<StringId>>> = vec![None; data.texts()];
        for at in 0..data.len() {
            for file in data.list(at, List::Files) {
                let TermKind::Text(id) = file.kind() else { continue };
                let Some(known) = known.get_mut(id.index()) else { continue };
                if let Some(path) = known.get_or_insert_with(|| wanted(data.text(id))) {
                    files.push((part.package(u32::try_from(at).unwrap_or(u32::MAX)), *path));
                }
            }
        }
        let listed = part.source.listed.as_deref();
        let found = listed.map_or(&[][..], |listed| &listed.found).iter();
        let path = |asked: u32| listed.and_then(|listed| listed.asked.get(asked as usize));
        let named = found.filter_map(|(at, asked)| Some((*at, wanted(path(*asked)?)?)));
        files.extend(named.map(|(at, path)| (part.package(at), path)));
    }
    files.sort_unstable();
    files.dedup();
    files
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

/// Packages that cannot be on the hosts at all.
fn unfit(
    interner: &Interner,
    packages: &Packages,
    scores: &[u32],
) -> BTreeMap<SolvableId, RuledOut> {
    let why = |row: &Row| match interner.get(row.arch) {
        "src" | "nosrc" => RuledOut::Source,
        _ => RuledOut::ForeignArch,
    };
    let all = (0..).zip(packages.rows.iter().zip(scores));
    all.filter(|(_, (_, score))| **score == 0)
        .map(|(at, (row, _))| (SolvableId::available(at), why(row)))
        .collect()
}

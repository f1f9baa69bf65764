//! The packages of all target repositories together: read once, shared by all
//! hosts that are planned with them.

use std::collections::BTreeMap;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use hashbrown::DefaultHashBuilder;
use rayon::iter::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};

use super::answers::Answers;
use super::arch::ArchPolicy;
use super::cache::CacheError;
use super::data::{PackageDetails, RepositoryData};
use super::files::ListedFiles;
use super::indexes::Indexes;
use super::interner::{Interner, Shown};
use super::kept::{Kept, Metadata};
use super::matching::{self, View};
use super::packages::{List, Packages, Row};
use super::solvable::{FIRST_AVAILABLE, RuledOut, SolvableId};
use super::strings::{Full, StringId};
use super::term::{RelationId, Term, TermKind};
use super::united::{self, Merged, Sizes, United};
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

/// A repository of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: RepoId,
    /// As for [`Source::priority`].
    pub priority: i32,
    /// As for [`Source::module_hotfixes`].
    pub module_hotfixes: bool,
    /// How many packages it has.
    pub packages: u32,
    first: u32,
}

/// The packages of the target repositories, united.
///
/// Repositories come in the order they were given in, their packages in the
/// order of their metadata; these are the numbers of packages, which decide where
/// nothing else does (solver-rules.md A1.1).
#[derive(Debug)]
pub struct Target {
    pub(super) policy: ArchPolicy,
    members: Vec<Member>,
    pub(super) metadata: Vec<Metadata>,
    pub(super) united: Arc<United>,
    /// The texts and relations of `united`.
    pub(super) interner: Interner,
    /// Score of each package's architecture.
    pub(super) scores: Vec<u32>,
    /// Providers of relations.
    relations: Answers,
    ruled_out: BTreeMap<SolvableId, RuledOut>,
    pub(super) indexes: Indexes,
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

    /// The same, with a search through the files of each repository that comes
    /// without one: for the paths that packages of the target ask for, as far as the
    /// primary metadata does not answer them, and for `more`. It is given the number
    /// of the repository and the paths, sorted.
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
        let data: Vec<&RepositoryData> = sources.iter().map(|source| &*source.data).collect();
        let merged = Merged::of(&data)?;
        let asked = merged.to_search(more);
        let found = |(at, source): (usize, &Source)| match &source.listed {
            Some(listed) => Ok(Some(Arc::clone(listed))),
            None => search(at, &asked),
        };
        let found: Vec<Result<_, E>> = sources.par_iter().enumerate().map(found).collect();
        let found = found.into_iter().collect::<Result<Vec<_>, E>>()?;
        let seed = DefaultHashBuilder::default().hash_one(0);
        let united = merged.finish(&ArchPolicy::of(arch), &data, &found, seed)?;
        let named = |source: &Source| (source.id.clone(), source.priority, source.module_hotfixes);
        let names = sources.iter().map(named).collect();
        let metadata = |(source, listed): (Source, Option<Arc<ListedFiles>>)| {
            Metadata::new(Kept::here(source.data), listed)
        };
        let metadata = sources.into_iter().zip(found).map(metadata).collect();
        Ok(Self::of(arch, Arc::new(united), names, metadata)?)
    }

    /// Of what is united already: id, priority and `module_hotfixes` of each
    /// repository, and its metadata.
    pub(super) fn of(
        arch: &Arch,
        united: Arc<United>,
        names: Vec<(RepoId, i32, bool)>,
        metadata: Vec<Metadata>,
    ) -> Result<Self, Full> {
        let policy = ArchPolicy::of(arch);
        let mut first = 0;
        let member = |((id, priority, module_hotfixes), part): (_, &united::Part)| {
            let member = Member { id, priority, module_hotfixes, packages: part.packages, first };
            first += part.packages;
            member
        };
        let members = names.into_iter().zip(&united.parts).map(member).collect();
        let interner = Interner::over(Arc::clone(&united.pool))?;
        let scores = policy.scores(&united.packages.rows, |id| interner.get(id));
        let ruled_out = unfit(&interner, &united.packages, &scores);
        let relations = Answers::new(interner.relations());
        let indexes = Indexes::default();
        Ok(Self {
            policy,
            members,
            metadata,
            united,
            interner,
            scores,
            relations,
            ruled_out,
            indexes,
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
        self.united.packages.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.united.packages.len() == 0
    }

    /// All packages, in order.
    pub fn packages(&self) -> impl Iterator<Item = SolvableId> + use<> {
        (FIRST_AVAILABLE..).take(self.united.packages.len()).map(SolvableId)
    }

    /// The repositories, in order.
    pub fn sources(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    /// The architectures that run on the hosts.
    pub fn arch_policy(&self) -> &ArchPolicy {
        &self.policy
    }

    /// The repository of a package.
    pub fn source(&self, package: SolvableId) -> Option<&Member> {
        self.member(package).and_then(|member| self.members.get(member))
    }

    /// How large a package is.
    pub fn sizes(&self, package: SolvableId) -> Sizes {
        let sizes = self.at(package).and_then(|at| self.united.sizes.get(at));
        sizes.copied().unwrap_or_default()
    }

    /// What is said of a package beside its dependencies.
    ///
    /// # Errors
    ///
    /// Where that was to be taken from a cache that was damaged meanwhile.
    pub fn details(&self, package: SolvableId) -> Result<PackageDetails<String>, CacheError> {
        let member = self
            .member(package)
            .and_then(|member| Some((self.members.get(member)?.first, self.metadata.get(member)?)));
        match (self.at(package), member) {
            (Some(at), Some((first, metadata))) => metadata.packages.details(at - first as usize),
            _ => Ok(PackageDetails::default()),
        }
    }

    /// A text by its number.
    pub fn text(&self, id: StringId) -> &str {
        self.interner.get(id)
    }

    /// The number of a text, where it has one.
    pub fn find(&self, text: &str) -> Option<StringId> {
        self.interner.find(text)
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
        self.at(package).map_or(&[], |at| self.united.packages.list(at, list))
    }

    /// Providers of a term among the packages of the target, in order.
    pub fn providers(&self, term: Term) -> &[SolvableId] {
        match term.kind() {
            TermKind::Text(name) => self.united.providers.of(name),
            TermKind::Relation(id) => self.relations.get(id.0 as usize, || self.related(id)),
        }
    }

    /// Packages with a file at a path that nobody in the target asks for, as far
    /// as the metadata that was read tell; the flag says whether they tell all.
    pub fn owners(&self, path: &str) -> (Vec<SolvableId>, bool) {
        let mut found = Vec::new();
        let mut is_complete = true;
        for (member, metadata) in self.members.iter().zip(&self.metadata) {
            let (owners, tell_all) = metadata.owners(path);
            let numbers = owners.into_iter().map(|at| SolvableId::available(member.first + at));
            found.extend(numbers.filter(|package| self.is_listed(*package)));
            is_complete &= tell_all;
        }
        (found, is_complete)
    }

    /// Bytes it takes in memory, without what the repositories themselves take.
    pub fn memory(&self) -> usize {
        self.united.memory() + size_of::<u32>() * self.scores.capacity() + self.relations.memory()
    }

    pub(super) fn row(&self, package: SolvableId) -> Row {
        self.at(package)
            .and_then(|at| self.united.packages.rows.get(at))
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn at(&self, package: SolvableId) -> Option<usize> {
        package.0.checked_sub(FIRST_AVAILABLE).map(|at| at as usize)
    }

    /// Whether it may be in lists of providers.
    pub(super) fn is_listed(&self, package: SolvableId) -> bool {
        let score = self.at(package).and_then(|at| self.scores.get(at));
        score.is_some_and(|score| *score != 0)
    }

    /// The number of a package's repository.
    fn member(&self, package: SolvableId) -> Option<usize> {
        let at = package.0.checked_sub(FIRST_AVAILABLE)?;
        self.members.partition_point(|member| member.first <= at).checked_sub(1)
    }

    fn related(&self, id: RelationId) -> Box<[SolvableId]> {
        match self.interner.relation(id) {
            Some(relation) => matching::providers(self, relation),
            None => Box::default(),
        }
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
        self.united.files.binary_search(&(package, path)).is_ok()
    }
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

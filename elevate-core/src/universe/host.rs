//! The universe of one host: its installed packages laid over a target that
//! other hosts share.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use thiserror::Error;

use super::answers::Answers;
use super::arch::NOARCH;
use super::cache::CacheError;
use super::files;
use super::indexes::HostIndexes;
use super::installed::{self, Installed};
use super::interner::{Interner, Shown};
use super::matching::{self, View};
use super::packages::{List, Row};
use super::solvable::{MOST_INSTALLED, RuledOut, SolvableId};
use super::strings::{Full, StringId};
use super::target::Target;
use super::term::{Operator, Relation, RelationId, Term, TermKind};
use crate::model::{EvrParts, InDependency, InstalledPackage, PackageName, nevra};

/// Every package that could be on a host afterwards.
#[derive(Debug)]
pub struct Universe {
    target: Arc<Target>,
    interner: Interner,
    installed: Installed,
    /// For each text, the number of its list in `lists`, plus one; 0 where the
    /// target's list is the host's too.
    touched: Vec<u32>,
    lists: Vec<Box<[SolvableId]>>,
    /// Providers of relations.
    relations: Answers,
    /// Files of packages at paths somebody asks for.
    files: BTreeSet<(SolvableId, StringId)>,
    ruled_out: BTreeMap<SolvableId, RuledOut>,
    unread: Vec<UnreadDependency>,
    unlisted: Vec<String>,
    pub(super) indexes: HostIndexes,
}

/// A host that does not fit into a universe.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UniverseError {
    /// More packages than any host has.
    #[error("{0} packages are installed; there is room for {MOST_INSTALLED}")]
    TooManyInstalled(usize),
    /// More names than can be counted.
    #[error(transparent)]
    Full(#[from] Full),
    /// A cache that was damaged while it was read.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

/// A dependency of an installed package that was not understood and is left
/// out, as libsolv leaves it out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnreadDependency {
    /// The package.
    pub package: String,
    /// The dependency.
    pub text: String,
}

impl Universe {
    /// Lays the installed packages of a host over a target. Where packages of one
    /// name have no numbers of the package database, their order counts.
    ///
    /// # Errors
    ///
    /// More than [`MOST_INSTALLED`] packages.
    pub fn new(target: Arc<Target>, packages: &[InstalledPackage]) -> Result<Self, UniverseError> {
        Self::asking(target, packages, &[])
    }

    /// The same, where somebody else asks for files at some paths too.
    ///
    /// # Errors
    ///
    /// As [`Universe::new`].
    pub fn asking(
        target: Arc<Target>,
        packages: &[InstalledPackage],
        paths: &[String],
    ) -> Result<Self, UniverseError> {
        if packages.len() > MOST_INSTALLED {
            return Err(UniverseError::TooManyInstalled(packages.len()));
        }
        let mut interner = Interner::over(Arc::clone(&target.united.pool))?;
        let (installed, unread) = installed::read(&mut interner, packages, &target.policy)?;
        let mut wanted = files::wanted(&interner, &installed.packages);
        for path in paths {
            wanted.push(interner.text(path)?);
        }
        wanted.sort_unstable();
        wanted.dedup();
        let known = &target.united.paths;
        let asked: Vec<StringId> =
            wanted.into_iter().filter(|path| known.binary_search(path).is_err()).collect();
        let wanted = known.iter().chain(&asked).copied();
        let mut files = installed.files_at(&interner, wanted, packages);
        let mut unlisted = Vec::new();
        for path in asked {
            let (owners, complete) = target.owners(interner.get(path));
            files.extend(owners.into_iter().map(|package| (package, path)));
            if !complete {
                unlisted.push(interner.get(path).to_owned());
            }
        }
        unlisted.sort_unstable();
        let relations = Answers::new(interner.relations());
        let mut universe = Self {
            target,
            touched: vec![0; interner.texts()],
            interner,
            installed,
            lists: Vec::new(),
            relations,
            files,
            ruled_out: BTreeMap::new(),
            unread,
            unlisted,
            indexes: HostIndexes::default(),
        };
        universe.lay_over();
        Ok(universe)
    }

    /// Gives every name that the host changes something about its own list of
    /// providers.
    fn lay_over(&mut self) {
        let mut own: Vec<(StringId, SolvableId)> =
            self.files.iter().map(|(package, path)| (*path, *package)).collect();
        for (at, package) in self.installed().enumerate() {
            let provides = self.installed.packages.list(at, List::Provides).iter();
            own.extend(provides.map(|term| (self.interner.base_name(*term), package)));
        }
        own.sort_unstable();
        own.dedup();
        let mut ours = Vec::new();
        for same in own.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((name, _)) = same.first().copied() else { continue };
            ours.clear();
            ours.extend(same.iter().map(|(_, package)| *package));
            let all = matching::united(&ours, self.target.providers(name.into()));
            self.lists.push(all);
            if let Some(touched) = self.touched.get_mut(name.index()) {
                *touched = u32::try_from(self.lists.len()).unwrap_or_default();
            }
        }
    }

    /// The target below.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Installed packages, in order.
    pub fn installed(&self) -> impl ExactSizeIterator<Item = SolvableId> + use<> {
        (0..self.installed.packages.len()).map(SolvableId::installed)
    }

    /// All packages, installed ones first, in order.
    pub fn packages(&self) -> impl Iterator<Item = SolvableId> + use<> {
        self.installed().chain(self.target.packages())
    }

    /// A number above those of all packages.
    pub fn end(&self) -> usize {
        super::solvable::FIRST_AVAILABLE as usize + self.target.len()
    }

    /// How many packages the list had that the universe was made of. Those named
    /// `gpg-pubkey` are keys: they are none of the installed ones.
    pub fn given(&self) -> usize {
        self.installed.given
    }

    /// Where an installed package stands in the list the universe was made of.
    pub fn origin(&self, package: SolvableId) -> Option<usize> {
        self.installed.at(package).and_then(|at| self.installed.origins.get(at)).copied()
    }

    /// The installed package that has the kernel of a release, as `uname -r` prints it:
    /// the owner of `/boot/vmlinuz-RELEASE`, else of `/lib/modules/RELEASE`.
    pub fn kernel(&self, release: &str) -> Option<SolvableId> {
        self.installed.kernels.get(release).copied()
    }

    /// Whether the dependencies of a package are known. Those of one of a bare
    /// list of names are not; all that is known is that it provides itself.
    pub fn is_known(&self, package: SolvableId) -> bool {
        let unknown = self.installed.at(package).map(|at| self.installed.unknown.contains(&at));
        !unknown.unwrap_or(false)
    }

    /// Dependencies of installed packages that are left out.
    pub fn unread(&self) -> &[UnreadDependency] {
        &self.unread
    }

    /// Paths that installed packages ask for and that the complete file lists of
    /// some repository were not searched for, sorted.
    pub fn unlisted(&self) -> &[String] {
        &self.unlisted
    }

    /// Leaves a package out of what can be chosen on this host, with the reason.
    pub fn rule_out(&mut self, package: SolvableId, why: RuledOut) {
        self.ruled_out.entry(package).or_insert(why);
    }

    /// Why a package cannot be chosen; `None` where it can.
    pub fn ruled_out(&self, package: SolvableId) -> Option<&RuledOut> {
        self.target.ruled_out(package).or_else(|| self.ruled_out.get(&package))
    }

    /// All packages that cannot be chosen: those of the target, then those ruled out
    /// on this host.
    pub fn all_ruled_out(&self) -> impl Iterator<Item = (SolvableId, &RuledOut)> {
        let own = self.ruled_out.iter().map(|(package, why)| (*package, why));
        self.target.all_ruled_out().chain(own)
    }

    /// A text by its number.
    pub fn text(&self, id: StringId) -> &str {
        self.interner.get(id)
    }

    /// The number of a text, where it has one.
    pub fn find(&self, text: &str) -> Option<StringId> {
        self.interner.find(text)
    }

    /// A relation by its number.
    pub fn relation(&self, id: RelationId) -> Option<Relation> {
        self.interner.relation(id)
    }

    /// A term as rpm writes it.
    pub fn show(&self, term: Term) -> Shown<'_> {
        self.interner.show(term)
    }

    /// Name of a package.
    pub fn name(&self, package: SolvableId) -> StringId {
        self.row(package).name
    }

    /// Whether a package has one of some names.
    pub fn is_one_of(&self, package: SolvableId, names: &BTreeSet<PackageName>) -> bool {
        names.contains(self.text(self.name(package)))
    }

    /// Version of a package, as `[epoch:]version-release`.
    pub fn evr(&self, package: SolvableId) -> StringId {
        self.row(package).evr
    }

    /// Architecture of a package.
    pub fn arch(&self, package: SolvableId) -> StringId {
        self.row(package).arch
    }

    /// Vendor of a package; empty where there is none.
    pub fn vendor(&self, package: SolvableId) -> StringId {
        self.row(package).vendor
    }

    /// When a package was built, in seconds since 1970; 0 where unknown.
    pub fn build_time(&self, package: SolvableId) -> u64 {
        self.row(package).build_time
    }

    /// How well the architecture of a package runs; see
    /// [`ArchPolicy::score`](super::ArchPolicy::score).
    pub fn score(&self, package: SolvableId) -> u32 {
        if package == SolvableId::SYSTEM {
            return NOARCH;
        }
        let of = |scores: &[u32], at: Option<usize>| at.and_then(|at| scores.get(at).copied());
        let installed = of(&self.installed.scores, self.installed.at(package));
        installed.or_else(|| of(&self.target.scores, self.target.at(package))).unwrap_or_default()
    }

    /// `name-[epoch:]version-release.arch`
    pub fn nevra(&self, package: SolvableId) -> String {
        let row = self.row(package);
        let [name, evr, arch] = [row.name, row.evr, row.arch].map(|id| self.text(id));
        nevra(name, evr, arch)
    }

    /// Which of two packages is newer, by their versions.
    pub fn compare_evr(&self, a: SolvableId, b: SolvableId) -> Ordering {
        matching::compare_evr(&self.interner, self.evr(a), self.evr(b))
    }

    /// How a version compares with another where a release that one side lacks is not
    /// compared.
    pub fn compare_in_dependency(&self, a: StringId, b: StringId) -> InDependency {
        let [a, b] = [a, b].map(|evr| EvrParts::split(self.text(evr)));
        a.compare_in_dependency(b)
    }

    /// The terms of a package.
    pub fn list(&self, package: SolvableId, list: List) -> &[Term] {
        match self.installed.at(package) {
            Some(at) => self.installed.packages.list(at, list),
            None => self.target.list(package, list),
        }
    }

    /// Everything a package cannot do without; what it needs before comes last.
    pub fn requires(&self, package: SolvableId) -> &[Term] {
        match self.installed.at(package) {
            Some(at) => self.installed.packages.requires(at),
            None => {
                self.target.at(package).map_or(&[], |at| self.target.united.packages.requires(at))
            }
        }
    }

    /// Whether an installed package needed something only while it was installed, for
    /// its scripts `%pre` and `%post` (solver-rules.md A4.3 b).
    pub fn was_needed_once(&self, package: SolvableId, term: Term) -> bool {
        let at = self.installed.at(package);
        at.is_some_and(|at| self.installed.needed_once.contains(&(at, term)))
    }

    /// Whether two packages need the very same, as libsolv tells two builds apart
    /// where it knows no build times. It compares sums of numbers, which different
    /// needs may share by chance; here they are compared themselves.
    pub fn need_the_same(&self, a: SolvableId, b: SolvableId) -> bool {
        let needs = |package| {
            let mut all = self.requires(package).to_vec();
            all.sort_unstable();
            (self.list(package, List::RequiresBefore).is_empty(), all)
        };
        !self.is_known(a) || !self.is_known(b) || needs(a) == needs(b)
    }

    /// Providers of a term, installed ones first, in order. Ruled out packages
    /// are among them where [`RuledOut::is_a_provider`] says so.
    pub fn providers(&self, term: Term) -> &[SolvableId] {
        match term.kind() {
            TermKind::Text(name) => self.named(name),
            TermKind::Relation(id) => match self.relations.known(id.0 as usize) {
                Some(found) => found,
                None if self.is_shared(id) => self.target.providers(term),
                None => self.relations.get(id.0 as usize, || self.related(id)),
            },
        }
    }

    /// Whether a package itself is what a term says, by name, version and
    /// architecture: how obsoletes are meant.
    pub fn is_named(&self, package: SolvableId, term: Term) -> bool {
        let row = self.row(package);
        matching::is_named(&self.interner, (row.name, row.evr, row.arch), term)
    }

    /// Whether a package takes the place of another by what it says of names and
    /// versions (solver-rules.md A1.8).
    pub fn obsoletes(&self, package: SolvableId, other: SolvableId) -> bool {
        let terms = self.list(package, List::Obsoletes);
        terms.iter().any(|term| self.is_obsoleted_by(other, *term))
    }

    /// Whether a package is one that a term of another's obsoletes means.
    pub fn is_obsoleted_by(&self, other: SolvableId, term: Term) -> bool {
        self.is_named(other, term) && self.providers(term).binary_search(&other).is_ok()
    }

    /// Bytes it takes in memory beside its target.
    pub fn memory(&self) -> usize {
        let listed: usize = self.lists.iter().map(|list| list.len()).sum();
        self.interner.memory()
            + self.installed.packages.memory()
            + size_of::<u32>() * (self.touched.capacity() + listed)
            + size_of::<Box<[SolvableId]>>() * self.lists.capacity()
            + self.relations.memory()
            + size_of::<(SolvableId, StringId)>() * self.files.len()
    }

    fn row(&self, package: SolvableId) -> Row {
        match self.installed.at(package) {
            Some(at) => self.installed.packages.rows.get(at).copied().unwrap_or_default(),
            None => self.target.row(package),
        }
    }

    fn named(&self, name: StringId) -> &[SolvableId] {
        let touched = self.touched.get(name.index()).copied().unwrap_or_default();
        match touched.checked_sub(1) {
            Some(own) => self.lists.get(own as usize).map_or(&[], |list| list),
            None => self.target.providers(name.into()),
        }
    }

    /// Whether the target's answer for a relation is the host's too: it is of the
    /// target, and of a name the host has nothing to do with.
    fn is_shared(&self, id: RelationId) -> bool {
        let interner = &self.target.interner;
        interner.relation(id).is_some_and(|relation| match relation.operator {
            Operator::Compare(_) => !self.is_touched(interner.base_name(relation.left)),
            Operator::Rich(_) => false,
        })
    }

    fn is_touched(&self, name: StringId) -> bool {
        self.touched.get(name.index()).is_some_and(|touched| *touched != 0)
    }

    fn related(&self, id: RelationId) -> Box<[SolvableId]> {
        let Some(relation) = self.interner.relation(id) else { return Box::default() };
        self.extended(id, relation).unwrap_or_else(|| matching::providers(self, relation))
    }

    /// What the target knows of a relation, with the installed packages that belong to
    /// it; `None` where there is more to it than that.
    fn extended(&self, id: RelationId, relation: Relation) -> Option<Box<[SolvableId]>> {
        let Relation { left, operator: Operator::Compare(wanted), right } = relation else {
            return None;
        };
        let (TermKind::Text(_), Some(_)) = (left.kind(), self.target.interner.relation(id)) else {
            return None;
        };
        let known = self.target.providers(Term::relation(id.0));
        let named = self.providers(left);
        let more = named.len().checked_sub(self.target.providers(left).len())?;
        let (ours, _) = named.split_at_checked(more)?;
        let plain = known.first() != Some(&SolvableId::SYSTEM)
            && ours.iter().all(|package| package.is_installed());
        let ours = || matching::meeting(self, (left, wanted, right), ours);
        plain.then(|| ours().chain(known.iter().copied()).collect())
    }
}

impl View for Universe {
    fn interner(&self) -> &Interner {
        &self.interner
    }
    fn providers(&self, term: Term) -> &[SolvableId] {
        Universe::providers(self, term)
    }
    fn provides(&self, package: SolvableId) -> &[Term] {
        self.list(package, List::Provides)
    }
    fn provides_file(&self, package: SolvableId, path: StringId) -> bool {
        self.files.contains(&(package, path)) || self.target.provides_file(package, path)
    }
}

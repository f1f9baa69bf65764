//! Installed packages as the universe has them.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::arch::ArchPolicy;
use super::builder::{Gathered, Identity, Seen};
use super::files;
use super::host::UnreadDependency;
use super::interner::Interner;
use super::packages::{List, Packages};
use super::pool::Pool;
use super::solvable::{FIRST_INSTALLED, SolvableId};
use super::strings::{Full, StringId};
use super::term::Term;
use crate::model::{Comparison, InstalledPackage, PackageData, Requirement, StoredDependency};

/// The installed packages of a host, in the order of their numbers.
#[derive(Debug)]
pub(super) struct Installed {
    pub(super) packages: Packages,
    pub(super) scores: Vec<u32>,
    /// How many there were in the list they came in, keys among them.
    pub(super) given: usize,
    /// Where each stands in that list.
    pub(super) origins: Vec<usize>,
    /// Those of which no dependencies are known.
    pub(super) unknown: BTreeSet<usize>,
    /// What each needed for the scripts of its installation only.
    pub(super) needed_once: BTreeSet<(usize, Term)>,
    /// Those with a kernel, by its release.
    pub(super) kernels: BTreeMap<String, SolvableId>,
}

impl Installed {
    /// Where a package stands among the installed ones; `None` for any other.
    pub(super) fn at(&self, package: SolvableId) -> Option<usize> {
        let at = package.0.checked_sub(FIRST_INSTALLED)?;
        package.is_installed().then_some(at as usize)
    }

    /// Which of them have files at some paths.
    pub(super) fn files_at(
        &self,
        interner: &Interner,
        paths: impl Iterator<Item = StringId>,
        from: &[InstalledPackage],
    ) -> BTreeSet<(SolvableId, StringId)> {
        let mut wanted: HashMap<&str, Vec<(&str, StringId)>> = HashMap::new();
        for path in paths {
            if let Some((directory, name)) = directory_and_name(interner.get(path)) {
                wanted.entry(directory).or_default().push((name, path));
            }
        }
        let mut found = BTreeSet::new();
        for (at, origin) in self.origins.iter().enumerate() {
            let Some(data) = from.get(*origin).and_then(|package| package.data.as_deref()) else {
                continue;
            };
            for (directory, files) in &data.files {
                for (name, path) in wanted.get(directory.as_str()).into_iter().flatten() {
                    if files.iter().any(|file| file.name() == *name) {
                        found.insert((SolvableId::installed(at), *path));
                    }
                }
            }
        }
        found
    }
}

/// The paths that installed packages ask for, sorted: what the file lists of target
/// repositories are to be searched for too.
///
/// # Errors
///
/// More names than can be counted.
pub fn asked_paths(packages: &[InstalledPackage]) -> Result<Vec<String>, Full> {
    let mut interner = Interner::with_capacity(0, 0, 0)?;
    let mut terms = Vec::new();
    let known = packages.iter().filter_map(|package| package.data.as_deref());
    for (list, dependencies) in known.flat_map(lists) {
        let with_path = dependencies.iter().filter(|dependency| dependency.text().contains('/'));
        for dependency in with_path.filter(|_| list != List::Provides) {
            terms.extend(term(&mut interner, dependency.text())?);
        }
    }
    let paths = files::paths(&interner, terms.into_iter());
    let mut paths: Vec<String> = paths.iter().map(|id| interner.get(*id).to_owned()).collect();
    paths.sort_unstable();
    Ok(paths)
}

/// A path taken apart behind its last slash.
fn directory_and_name(path: &str) -> Option<(&str, &str)> {
    let slash = path.rfind('/')?;
    path.split_at_checked(slash + 1)
}

/// Reads installed packages, sorted by name; those of one name by their number in
/// the package database, or else in the order they come in (solver-rules.md A1.1).
pub(super) fn read(
    interner: &mut Interner,
    from: &[InstalledPackage],
    policy: &ArchPolicy,
) -> Result<(Installed, Vec<UnreadDependency>), Full> {
    let is_package = |at: &usize| !from[*at].name.is_key();
    let mut origins: Vec<usize> = (0..from.len()).filter(is_package).collect();
    origins.sort_by_key(|at| (&from[*at].name, from[*at].instance));
    let mut reader = Reader {
        interner,
        gathered: Gathered::default(),
        seen: Seen::default(),
        unread: Vec::new(),
    };
    let mut installed = Installed {
        packages: Packages::default(),
        scores: Vec::new(),
        given: from.len(),
        origins: Vec::new(),
        unknown: BTreeSet::new(),
        needed_once: BTreeSet::new(),
        kernels: BTreeMap::new(),
    };
    let known = all_known(reader.interner, from, &origins);
    for ((at, origin), known) in origins.iter().enumerate().zip(known) {
        let package = &from[*origin];
        let arch = package.arch.as_ref().map_or("", |arch| arch.as_str());
        reader.package(&mut installed.packages, package, arch, &known)?;
        let once = reader.needed_once(package)?;
        installed.needed_once.extend(once.into_iter().map(|term| (at, term)));
        installed.scores.push(policy.score(arch));
        if package.data.is_none() {
            installed.unknown.insert(at);
        }
    }
    installed.kernels = kernels(&origins, from);
    installed.origins = origins;
    Ok((installed, reader.unread))
}

/// The terms of all dependencies of each package, in the order of [`lists`], as far as
/// the target has them; looked up side by side, for that takes the longest.
fn all_known(
    interner: &Interner,
    from: &[InstalledPackage],
    origins: &[usize],
) -> Vec<Vec<Option<Term>>> {
    let Some(pool) = interner.base() else { return vec![Vec::new(); origins.len()] };
    let of_package = |origin: &usize| {
        let lists = from[*origin].data.iter().flat_map(|data| lists(data));
        let dependencies = lists.flat_map(|(_, dependencies)| dependencies);
        dependencies.map(|dependency| known(pool, dependency.text())).collect()
    };
    origins.par_iter().map(of_package).collect()
}

/// The packages with kernels, by their releases: those with a boot image, and the
/// first with a directory of modules where none has.
fn kernels(origins: &[usize], from: &[InstalledPackage]) -> BTreeMap<String, SolvableId> {
    let mut kernels = BTreeMap::new();
    for (directory, start) in [("/boot/", "vmlinuz-"), ("/lib/modules/", "")] {
        for (at, origin) in origins.iter().enumerate() {
            let files = from[*origin].data.as_ref().and_then(|data| data.files.get(directory));
            for file in files.into_iter().flatten() {
                if let Some(release) = file.name().strip_prefix(start) {
                    let first = kernels.entry(release.to_owned());
                    first.or_insert_with(|| SolvableId::installed(at));
                }
            }
        }
    }
    kernels
}

struct Reader<'i> {
    interner: &'i mut Interner,
    gathered: Gathered,
    seen: Seen,
    unread: Vec<UnreadDependency>,
}

impl Reader<'_> {
    fn package(
        &mut self,
        to: &mut Packages,
        package: &InstalledPackage,
        arch: &str,
        known: &[Option<Term>],
    ) -> Result<(), Full> {
        let row = self.interner.row(Identity {
            name: package.name.as_str(),
            evr: &package.evr.to_string(),
            arch,
            // What rpm prints for none.
            vendor: package.vendor.as_deref().filter(|v| *v != "(none)").unwrap_or_default(),
            build_time: package.build_time.unwrap_or_default(),
        })?;
        if let Some(data) = &package.data {
            let mut known = known.iter().copied();
            for (list, dependencies) in lists(data) {
                for dependency in dependencies {
                    self.dependency(package, list, dependency, known.next().flatten())?;
                }
            }
        }
        self.gathered.provide_itself(self.interner, row, arch)?;
        self.gathered.store(to, row, &mut self.seen)
    }

    /// What all its marks say was needed for the scripts of installation only.
    fn needed_once(&mut self, package: &InstalledPackage) -> Result<BTreeSet<Term>, Full> {
        let mut once: BTreeMap<Term, bool> = BTreeMap::new();
        let requires = package.data.iter().flat_map(|data| &data.requires);
        for dependency in requires.filter(|dependency| dependency.is_before()) {
            if let Some(term) = term(self.interner, dependency.text())? {
                *once.entry(term).or_insert(true) &= dependency.is_for_installation_only();
            }
        }
        Ok(once.into_iter().filter(|(_, only)| *only).map(|(term, _)| term).collect())
    }

    fn dependency(
        &mut self,
        package: &InstalledPackage,
        list: List,
        dependency: &StoredDependency,
        known: Option<Term>,
    ) -> Result<(), Full> {
        let list = match list {
            List::Requires if dependency.is_before() => List::RequiresBefore,
            list => list,
        };
        let found = match known {
            Some(known) => Some(known),
            None => term(self.interner, dependency.text())?,
        };
        match found {
            Some(term) => self.gathered.push(list, term),
            None => {
                let text = dependency.text().chars().take(200).collect();
                self.unread.push(UnreadDependency { package: package.nevra(), text });
            }
        }
        Ok(())
    }
}

fn lists(data: &PackageData) -> [(List, &[StoredDependency]); 8] {
    [
        (List::Provides, &data.provides),
        (List::Requires, &data.requires),
        (List::Conflicts, &data.conflicts),
        (List::Obsoletes, &data.obsoletes),
        (List::Recommends, &data.recommends),
        (List::Suggests, &data.suggests),
        (List::Supplements, &data.supplements),
        (List::Enhances, &data.enhances),
    ]
}

/// The term of a dependency as rpm prints it; `None` for what is none. An epoch
/// of 0 is left out.
pub(super) fn term(interner: &mut Interner, text: &str) -> Result<Option<Term>, Full> {
    if text.starts_with('(') {
        let requirement = text.parse::<Requirement>().ok();
        return requirement.map(|rich| interner.requirement(&rich)).transpose();
    }
    plain(text).map(|(name, version)| interner.dependency(name, version)).transpose()
}

/// The term of a dependency, where it is in a pool; a rich one is not looked for.
fn known(pool: &Pool, text: &str) -> Option<Term> {
    let (name, version) = plain(text).filter(|_| !text.starts_with('('))?;
    pool.find_dependency(name, version)
}

/// Name and version of a dependency that is not rich.
fn plain(text: &str) -> Option<(&str, Option<(Comparison, &str)>)> {
    let mut words = text.split_ascii_whitespace();
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some(name), None, ..) => Some((name, None)),
        (Some(name), Some(comparison), Some(evr), None) => {
            let comparison = comparison.parse::<Comparison>().ok()?;
            Some((name, Some((comparison, evr.strip_prefix("0:").unwrap_or(evr)))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_a_pool_has_is_found_in_it_as_it_would_be_added() {
        let mut first = Interner::with_capacity(0, 0, 0).unwrap();
        for text in ["bash", "bash >= 1:2-3", "(a if b)", "/bin/sh"] {
            term(&mut first, text).unwrap();
        }
        let (texts, relations) = first.into_parts();
        let pool = Arc::new(Pool::new(texts, &relations, 0));
        let mut over = Interner::over(Arc::clone(&pool)).unwrap();
        for text in ["bash", " bash", "bash  >=  1:2-3", "/bin/sh", "a"] {
            let found = known(&pool, text);
            assert!(found.is_some(), "{text}");
            assert_eq!(term(&mut over, text), Ok(found), "{text}");
        }
        for text in ["", "(a if b)", "bash >=", "bash ~ 1", "bash = 1:2-3", "bash >= 4", "zsh"] {
            assert_eq!(known(&pool, text), None, "{text}");
        }
    }
}

//! Installed packages as the universe has them.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::arch::ArchPolicy;
use super::builder::{Gathered, Identity, Seen};
use super::files;
use super::host::UnreadDependency;
use super::interner::Interner;
use super::packages::{List, Packages, Row};
use super::pool::{Known, Pool};
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
    let looked = look_up(reader.interner, from, &origins);
    for ((at, origin), looked) in origins.iter().enumerate().zip(looked) {
        let package = &from[*origin];
        let once = reader.package(&mut installed.packages, package, looked)?;
        let once = once.into_iter().filter(|(_, only)| *only);
        installed.needed_once.extend(once.map(|(term, _)| (at, term)));
        installed.scores.push(policy.score(arch(package)));
        if package.data.is_none() {
            installed.unknown.insert(at);
        }
    }
    installed.kernels = kernels(&origins, from);
    installed.origins = origins;
    Ok((installed, reader.unread))
}

/// What the target has of an installed package.
struct Looked {
    evr: String,
    /// Name, version, architecture and vendor.
    identity: [Option<StringId>; 4],
    /// Its dependencies, in the order of [`lists`]; rich ones are not looked for.
    dependencies: Vec<Option<Known>>,
}

/// Looks all packages up side by side, for that takes the longest.
fn look_up(interner: &Interner, from: &[InstalledPackage], origins: &[usize]) -> Vec<Looked> {
    let nothing = Pool::default();
    let pool = interner.base().unwrap_or(&nothing);
    let of_package = |origin: &usize| {
        let package = &from[*origin];
        let evr = package.evr.to_string();
        let Identity { name, arch, vendor, .. } = identity(package, &evr);
        let lists = package.data.iter().flat_map(|data| lists(data));
        let dependencies = lists.flat_map(|(_, dependencies)| dependencies);
        let dependencies = dependencies.map(|dependency| known(pool, dependency.text())).collect();
        Looked {
            identity: [name, &evr, arch, vendor].map(|text| pool.find(text)),
            evr,
            dependencies,
        }
    };
    origins.par_iter().map(of_package).collect()
}

fn identity<'a>(package: &'a InstalledPackage, evr: &'a str) -> Identity<'a> {
    Identity {
        name: package.name.as_str(),
        evr,
        arch: arch(package),
        // What rpm prints for none.
        vendor: package.vendor.as_deref().filter(|v| *v != "(none)").unwrap_or_default(),
        build_time: package.build_time.unwrap_or_default(),
    }
}

fn arch(package: &InstalledPackage) -> &str {
    package.arch.as_ref().map_or("", |arch| arch.as_str())
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
    /// Adds a package, and tells of what it needs before others whether all marks say that
    /// it was for the scripts of its installation only.
    fn package(
        &mut self,
        to: &mut Packages,
        package: &InstalledPackage,
        looked: Looked,
    ) -> Result<BTreeMap<Term, bool>, Full> {
        let Looked { evr, identity: [name_id, evr_id, arch_id, vendor_id], dependencies } = looked;
        let Identity { name, arch, vendor, build_time, .. } = identity(package, &evr);
        let row = Row {
            name: self.interner.known_text(name, name_id)?,
            evr: self.interner.known_text(&evr, evr_id)?,
            arch: self.interner.known_text(arch, arch_id)?,
            vendor: self.interner.known_text(vendor, vendor_id)?,
            build_time,
        };
        let mut needed_once = BTreeMap::new();
        let mut known = dependencies.into_iter();
        for (list, dependencies) in package.data.iter().flat_map(|data| lists(data)) {
            for dependency in dependencies {
                let Some(term) = self.term(dependency.text(), known.next().flatten())? else {
                    let text = dependency.text().chars().take(200).collect();
                    self.unread.push(UnreadDependency { package: package.nevra(), text });
                    continue;
                };
                if list == List::Requires && dependency.is_before() {
                    self.gathered.push(List::RequiresBefore, term);
                    let only = needed_once.entry(term).or_insert(true);
                    *only &= dependency.is_for_installation_only();
                } else {
                    self.gathered.push(list, term);
                }
            }
        }
        self.gathered.provide_itself(self.interner, row, arch)?;
        self.gathered.store(to, row, &mut self.seen)?;
        Ok(needed_once)
    }

    /// The term of a dependency, of which the target has this.
    fn term(&mut self, text: &str, known: Option<Known>) -> Result<Option<Term>, Full> {
        let Some(known) = known else { return term(self.interner, text) };
        if known.term.is_some() {
            return Ok(known.term);
        }
        let plain = plain(text);
        let found =
            plain.map(|(name, version)| self.interner.known_dependency(name, version, known));
        found.transpose()
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

/// What a pool has of a dependency; a rich one is not looked for.
fn known(pool: &Pool, text: &str) -> Option<Known> {
    let (name, version) = plain(text).filter(|_| !text.starts_with('('))?;
    Some(pool.find_dependency(name, version))
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
        let whole = ["bash", " bash", "bash  >=  1:2-3", "/bin/sh", "a", "bash >= 0:1:2-3"];
        let parts = ["bash = 1:2-3", "bash >= 4", "zsh", "zsh = 1:2-3", "zsh = 4", "zsh = 4"];
        let none = ["", "(a if b)", "bash >=", "bash ~ 1"];
        let [mut anew, mut over] = [(); 2].map(|()| Interner::over(Arc::clone(&pool)).unwrap());
        let mut reader = Reader {
            interner: &mut over,
            gathered: Gathered::default(),
            seen: Seen::default(),
            unread: Vec::new(),
        };
        for text in whole.into_iter().chain(parts).chain(none) {
            let found = known(&pool, text);
            assert_eq!(found.is_some(), !none.contains(&text), "{text}");
            let is_whole = found.is_some_and(|found| found.term.is_some());
            assert_eq!(is_whole, whole.contains(&text), "{text}");
            assert_eq!(reader.term(text, found), term(&mut anew, text), "{text}");
        }
        let sizes = |interner: &Interner| (interner.texts(), interner.relations());
        assert_eq!(sizes(&over), sizes(&anew));
        assert_eq!(sizes(&over), (pool.texts.len() + 2, pool.relations.len() + 4));
    }
}

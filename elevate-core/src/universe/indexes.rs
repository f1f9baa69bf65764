//! Packages of a target by what the solver asks of them besides who provides
//! something: found once, when first asked for, and shared by all hosts.

use std::sync::OnceLock;

use super::host::Universe;
use super::interner::Interner;
use super::matching::View as _;
use super::packages::List;
use super::solvable::SolvableId;
use super::strings::StringId;
use super::target::Target;
use super::term::Term;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Indexes {
    obsoleting: OnceLock<ByName>,
    with_supplements: OnceLock<Box<[SolvableId]>>,
}

/// What was found so far among the installed packages of a host.
#[derive(Debug, Default)]
pub(super) struct HostIndexes {
    obsoleting: OnceLock<ByName>,
}

/// Packages by name, each once under a name, in the order of their numbers.
#[derive(Debug)]
struct ByName {
    /// Each name once, in the order of their numbers.
    names: Vec<StringId>,
    /// Where the list of each ends.
    ends: Vec<usize>,
    list: Vec<SolvableId>,
}

impl ByName {
    /// Packages by the names they obsolete.
    fn obsoleting<'t>(
        interner: &Interner,
        packages: impl Iterator<Item = (SolvableId, &'t [Term])>,
    ) -> Self {
        let mut pairs = Vec::new();
        for (package, obsoletes) in packages {
            for term in obsoletes {
                interner.names(*term, &mut |name| pairs.push((name, package)));
            }
        }
        Self::new(pairs)
    }

    fn new(mut pairs: Vec<(StringId, SolvableId)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut by_name = Self { names: Vec::new(), ends: Vec::new(), list: Vec::new() };
        for same in pairs.chunk_by(|(a, _), (b, _)| a == b) {
            by_name.names.extend(same.first().map(|(name, _)| name));
            by_name.list.extend(same.iter().map(|(_, package)| package));
            by_name.ends.push(by_name.list.len());
        }
        by_name
    }

    fn of(&self, name: StringId) -> &[SolvableId] {
        let Ok(at) = self.names.binary_search(&name) else { return &[] };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.list[start..self.ends[at]]
    }
}

impl Target {
    /// Finds what is asked first of all of these, so that nobody has to wait for it.
    pub fn prepare(&self) {
        self.obsoleting(StringId::EMPTY);
        self.with_supplements();
    }

    /// Packages that say a name in what they obsolete, in any part of a rich
    /// dependency too, in order. What is said of versions is not looked at, and
    /// packages that do not run on the hosts are left out, as they are among
    /// [providers](Target::providers).
    pub fn obsoleting(&self, name: StringId) -> &[SolvableId] {
        let listed = || self.packages().filter(|package| self.is_listed(*package));
        let all = || listed().map(|package| (package, self.list(package, List::Obsoletes)));
        let index = || ByName::obsoleting(&self.interner, all());
        self.indexes.obsoleting.get_or_init(index).of(name)
    }

    /// Packages that supplement or enhance something, in order, but for those that
    /// do not run on the hosts.
    pub fn with_supplements(&self) -> &[SolvableId] {
        let has = |package: &SolvableId| {
            let lists = [List::Supplements, List::Enhances];
            lists.iter().any(|list| !self.list(*package, *list).is_empty())
        };
        let all = || self.packages().filter(|package| self.is_listed(*package) && has(package));
        self.indexes.with_supplements.get_or_init(|| all().collect())
    }
}

impl Universe {
    /// Packages that say a name in what they obsolete, as [`Target::obsoleting`], the
    /// installed ones first.
    pub fn obsoleting(&self, name: StringId) -> impl Iterator<Item = SolvableId> {
        let all = || self.installed().map(|package| (package, self.list(package, List::Obsoletes)));
        let index = || ByName::obsoleting(self.interner(), all());
        let installed = self.indexes.obsoleting.get_or_init(index).of(name);
        installed.iter().chain(self.target().obsoleting(name)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{target, universe};
    use super::*;

    const PACKAGES: &str = "\
        a-2-1.x86_64
 obsoletes old < 2
 obsoletes old = 1:3
 supplements x
b-1-1.x86_64
 requires old
 conflicts old
c-1-1.x86_64
 obsoletes (older or (old and oldest >= 7))
 enhances y
foreign-1-1.aarch64
 obsoletes old
 supplements x
d-1-1.noarch
 obsoletes old
";

    fn shown(target: &Target, packages: &[SolvableId]) -> Vec<String> {
        packages.iter().map(|id| target.text(target.nevra(*id).0).to_owned()).collect()
    }

    fn obsoleting(target: &Target, name: &str) -> Vec<String> {
        let name = target.interner.find(name).unwrap();
        shown(target, target.obsoleting(name))
    }

    #[test]
    fn packages_are_found_by_every_name_they_obsolete() {
        let target = target(&[PACKAGES, "e-1-1.x86_64\n obsoletes old\n"]);
        assert_eq!(obsoleting(&target, "old"), ["a", "c", "d", "e"]);
        assert_eq!(obsoleting(&target, "older"), ["c"]);
        assert_eq!(obsoleting(&target, "oldest"), ["c"]);
        for not_obsoleted in ["a", "x", "2", "7", ""] {
            assert_eq!(obsoleting(&target, not_obsoleted), [""; 0], "{not_obsoleted:?}");
        }
        assert_eq!(target.obsoleting(StringId(1 << 20)), []);
    }

    #[test]
    fn installed_packages_that_obsolete_a_name_come_first() {
        let host = "mine-1-1.x86_64\n obsoletes (old and x)\n obsoletes own\n";
        let universe = universe(host, &[PACKAGES]);
        let of = |name: &str| {
            let all = universe.obsoleting(universe.find(name).unwrap());
            all.map(|id| universe.text(universe.name(id)).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(of("old"), ["mine", "a", "c", "d"]);
        assert_eq!(of("own"), ["mine"]);
        assert_eq!(of("y"), [""; 0]);
    }

    #[test]
    fn packages_that_come_with_others_are_found() {
        let with = target(&[PACKAGES, "e-1-1.x86_64\n supplements z\n"]);
        assert_eq!(shown(&with, with.with_supplements()), ["a", "c", "e"]);
        assert_eq!(target(&["a-1-1.x86_64\n recommends b\n"]).with_supplements(), []);
    }
}

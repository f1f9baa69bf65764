//! Which packages a text means, as dnf reads it, and lists of packages to leave
//! out, or to use alone (`excludepkgs` and `includepkgs`, of a repository or for
//! all).

use glob::Pattern;

use super::host::Universe;
use super::solvable::{RuledOut, SolvableId};
use super::strings::StringId;
use super::target::Target;
use crate::model::{EvrParts, RepoId};

/// Who a package is, as patterns see it.
#[derive(Debug, Clone, Copy)]
struct Candidate<'p> {
    id: SolvableId,
    name: &'p str,
    evr: EvrParts<'p>,
    arch: &'p str,
}

/// A part of a pattern.
#[derive(Debug)]
enum Part<'t> {
    /// The text itself.
    Plain(&'t str),
    /// Any text it describes.
    Glob(Pattern),
}

impl<'t> Part<'t> {
    fn new(text: &'t str) -> Option<Self> {
        if text.contains(['*', '?', '[']) {
            return Pattern::new(text).ok().map(Part::Glob);
        }
        Some(Part::Plain(text))
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Part::Plain(plain) => *plain == text,
            Part::Glob(pattern) => pattern.matches(text),
        }
    }
}

/// A pattern taken apart in one of the ways it can be meant.
#[derive(Debug, Default)]
struct Spec<'t> {
    name: Option<Part<'t>>,
    epoch: Option<u64>,
    version: Option<Part<'t>>,
    release: Option<Part<'t>>,
    arch: Option<Part<'t>>,
}

impl<'t> Spec<'t> {
    /// All ways a pattern can be meant, in the order dnf tries them: whole name
    /// with architecture, name and architecture, name alone, name with version
    /// and release, name with version.
    fn all(text: &'t str) -> impl Iterator<Item = Self> {
        const NO_NAME: [char; 7] = ['(', '/', '=', '<', '>', ' ', ':'];
        let name = |text: &'t str| {
            let is_name = !text.is_empty() && !text.contains(NO_NAME);
            is_name.then(|| Part::new(text)).flatten()
        };
        let part = |text: &'t str| (!text.contains(['-', ':'])).then(|| name(text)).flatten();
        // `[epoch:]version`
        let versioned = |named: &'t str, version: &'t str| -> Option<Self> {
            let (epoch, version) = match version.split_once(':') {
                Some((epoch, version)) => (Some(epoch.parse().ok()?), version),
                None => (None, version),
            };
            let (name, version) = (Some(name(named)?), Some(part(version)?));
            Some(Self { name, epoch, version, ..Self::default() })
        };
        let released = |text: &'t str| -> Option<Self> {
            let (rest, release) = text.rsplit_once('-')?;
            let (named, version) = rest.rsplit_once('-')?;
            Some(Self { release: Some(part(release)?), ..versioned(named, version)? })
        };
        let in_two = text.rsplit_once('.');
        let whole = in_two
            .and_then(|(rest, arch)| Some(Self { arch: Some(part(arch)?), ..released(rest)? }));
        let with_arch = in_two.and_then(|(rest, arch)| {
            Some(Self { name: Some(name(rest)?), arch: Some(part(arch)?), ..Self::default() })
        });
        let alone = name(text).map(|name| Self { name: Some(name), ..Self::default() });
        let newest = text.rsplit_once('-').and_then(|(named, version)| versioned(named, version));
        [whole, with_arch, alone, released(text), newest].into_iter().flatten()
    }

    /// Whether it says a name and nothing else.
    fn is_name(&self) -> bool {
        self.version.is_none() && self.arch.is_none()
    }

    fn matches(&self, package: &Candidate<'_>) -> bool {
        let is = |part: &Option<Part<'_>>, text: &str| {
            part.as_ref().is_none_or(|part| part.matches(text))
        };
        is(&self.name, package.name)
            && self.epoch.is_none_or(|epoch| epoch == package.evr.epoch)
            && is(&self.version, package.evr.version)
            && is(&self.release, package.evr.release.unwrap_or_default())
            && is(&self.arch, package.arch)
    }

    /// Those of some packages that are like this.
    fn like(&self, packages: &[Candidate<'_>]) -> Vec<SolvableId> {
        packages.iter().filter(|package| self.matches(package)).map(|package| package.id).collect()
    }
}

/// Packages with the patterns that mean them, and the patterns that mean none.
struct Meant {
    packages: Vec<(SolvableId, String)>,
    idle: Vec<String>,
}

/// What patterns mean: each the packages of the first way to read it that finds any
/// (libdnf's `Subject::get_best_query`).
fn all_meant(patterns: &[String], find: impl Fn(&Spec<'_>) -> Vec<SolvableId>) -> Meant {
    let mut all = Meant { packages: Vec::new(), idle: Vec::new() };
    for pattern in patterns {
        let mut found = Spec::all(pattern).map(|spec| find(&spec));
        let found = found.find(|found| !found.is_empty()).unwrap_or_default();
        if found.is_empty() {
            all.idle.push(pattern.clone());
        }
        all.packages.extend(found.into_iter().map(|package| (package, pattern.clone())));
    }
    all.packages.sort();
    all
}

impl Target {
    /// Leaves out the packages of a repository that a list of it names. Gives
    /// back the patterns that name none.
    pub fn exclude(&mut self, of: &RepoId, patterns: &[String]) -> Vec<String> {
        if patterns.is_empty() {
            return Vec::new();
        }
        let candidates = self.candidates(of);
        let Meant { packages, idle } = all_meant(patterns, |spec| spec.like(&candidates));
        for (package, pattern) in packages {
            self.rule_out(package, RuledOut::Excluded { pattern, by: Some(of.clone()) });
        }
        idle
    }

    /// Leaves out the packages of a repository that a list of it does not name.
    /// An empty list leaves out nothing. Gives back the patterns that name none.
    pub fn include_only(&mut self, of: &RepoId, patterns: &[String]) -> Vec<String> {
        if patterns.is_empty() {
            return Vec::new();
        }
        let candidates = self.candidates(of);
        let all: Vec<SolvableId> = candidates.iter().map(|package| package.id).collect();
        let Meant { packages, idle } = all_meant(patterns, |spec| spec.like(&candidates));
        let is_meant = |id: &SolvableId| packages.binary_search_by_key(id, |(id, _)| *id).is_ok();
        for package in all.into_iter().filter(|package| !is_meant(package)) {
            self.rule_out(package, RuledOut::NotIncluded);
        }
        idle
    }

    fn candidates(&self, of: &RepoId) -> Vec<Candidate<'_>> {
        let own = |id: &SolvableId| self.source(*id).is_some_and(|source| source.id == *of);
        let candidate = |id| candidate(id, self.nevra(id), |text| self.text(text));
        self.packages().filter(own).map(candidate).collect()
    }
}

/// The packages a text means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meaning {
    /// In order; none that is ruled out.
    pub packages: Vec<SolvableId>,
    /// Whether the text was a name and nothing else.
    pub by_name: bool,
}

impl Universe {
    /// The packages, installed or available, that a text means to dnf: a full name
    /// or the first part of one, with patterns; else what they provide; else a path
    /// of a file, as far as the universe knows its owners (libdnf's
    /// `Subject::get_best_solution`). Nothing is meant where nothing is found.
    pub fn meaning(&self, text: &str) -> Meaning {
        for spec in Spec::all(text) {
            let packages = self.all_like(&spec);
            if !packages.is_empty() {
                return Meaning { packages, by_name: spec.is_name() };
            }
        }
        let providers = self.find(text).map_or(&[][..], |name| self.providers(name.into()));
        let packages = providers.iter().copied().filter(|id| self.ruled_out(*id).is_none());
        Meaning { packages: packages.collect(), by_name: false }
    }

    /// The packages like this. Those of a plain name are looked up.
    fn all_like(&self, spec: &Spec<'_>) -> Vec<SolvableId> {
        let is_like =
            |id: &SolvableId| self.ruled_out(*id).is_none() && spec.matches(&self.candidate(*id));
        match spec.name {
            Some(Part::Plain(name)) => {
                let providers = self.find(name).map_or(&[][..], |id| self.providers(id.into()));
                providers.iter().copied().filter(is_like).collect()
            }
            _ => self.packages().filter(is_like).collect(),
        }
    }

    /// The packages like this, those that are ruled out or provide nothing among them.
    /// Texts are looked at only of those of a plain name.
    fn ever_like(&self, spec: &Spec<'_>) -> Vec<SolvableId> {
        let named: Box<dyn Fn(StringId) -> bool> = match spec.name {
            Some(Part::Plain(name)) => match self.find(name) {
                Some(known) => Box::new(move |name| name == known),
                None => return Vec::new(),
            },
            _ => Box::new(|_| true),
        };
        let is_like = |id: &SolvableId| named(self.name(*id)) && spec.matches(&self.candidate(*id));
        self.packages().filter(is_like).collect()
    }

    fn candidate(&self, id: SolvableId) -> Candidate<'_> {
        let nevra = (self.name(id), self.evr(id), self.arch(id));
        candidate(id, nevra, |text| self.text(text))
    }

    /// Leaves out the packages that a list for all repositories names: available
    /// ones can then not be chosen, installed ones are left as they are. Gives
    /// back the patterns that name none.
    pub fn exclude(&mut self, patterns: &[String]) -> Vec<String> {
        if patterns.is_empty() {
            return Vec::new();
        }
        let Meant { packages, idle } = all_meant(patterns, |spec| self.ever_like(spec));
        for (package, pattern) in packages {
            self.rule_out(package, RuledOut::Excluded { pattern, by: None });
        }
        idle
    }
}

fn candidate<'p>(
    id: SolvableId,
    (name, evr, arch): (StringId, StringId, StringId),
    text: impl Fn(StringId) -> &'p str,
) -> Candidate<'p> {
    Candidate { id, name: text(name), evr: EvrParts::split(text(evr)), arch: text(arch) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{target, universe};
    use super::*;

    const HERE: &str = "kernel-4.18-1.x86_64\nkernel-core-4.18-1.x86_64\nfoo-1:2.0-3.el8.i686\n\
                        foo-1:2.0-3.el8.x86_64\nfoo-1.5-1.x86_64\n";

    fn excluded(pattern: &str) -> Vec<String> {
        let mut universe = universe("", &[HERE]);
        let idle = universe.exclude(&[pattern.to_owned()]);
        let out = universe.packages().filter(|package| universe.ruled_out(*package).is_some());
        let out: Vec<String> = out.map(|package| universe.nevra(package)).collect();
        assert_eq!(out.is_empty(), idle == [pattern]);
        out
    }

    #[test]
    fn a_pattern_is_read_in_the_first_way_that_means_a_package() {
        let (kernel, core) = ("kernel-4.18-1.x86_64", "kernel-core-4.18-1.x86_64");
        let (foo32, foo64, other) =
            ("foo-1:2.0-3.el8.i686", "foo-1:2.0-3.el8.x86_64", "foo-1.5-1.x86_64");
        let cases: [(&str, &[&str]); 14] = [
            ("kernel", &[kernel]),
            ("kernel*", &[kernel, core]),
            ("kernel-*", &[core]),
            ("kernel-core-4.18-1.x86_64", &[core]),
            ("kernel-4.18", &[kernel]),
            ("kernel-4.*-1", &[kernel]),
            ("foo", &[foo32, foo64, other]),
            ("foo.i686", &[foo32]),
            ("*.i686", &[foo32]),
            ("foo-2.0-3.el8", &[foo32, foo64]),
            ("foo-1:2.0-3.el8.x86_64", &[foo64]),
            ("foo-0:2.0-3.el8.x86_64", &[]),
            ("f?o-1.5", &[other]),
            ("/usr/bin/foo", &[]),
        ];
        for (pattern, expected) in cases {
            assert_eq!(excluded(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn a_text_means_names_before_what_packages_provide() {
        let host = "foo-1-1.x86_64\n provides bar\n";
        let available = "foo-2-1.x86_64\nbar-1-1.noarch\nbar-1-1.src\nbaz-1-1.x86_64\n \
                         provides baz(x)\n requires /usr/bin/tool\n\
                         tools-1-1.x86_64\n files /usr/bin/tool\n";
        let mut universe = universe(host, &[available]);
        universe.exclude(&["tools".to_owned(), "foo-2-1".to_owned()]);
        let meaning = |text: &str| {
            let Meaning { packages, by_name } = universe.meaning(text);
            let all: Vec<String> = packages.iter().map(|id| universe.nevra(*id)).collect();
            (all.join(" "), by_name)
        };
        let cases = [
            ("bar", "bar-1-1.noarch", true),
            ("ba[rz]", "bar-1-1.noarch baz-1-1.x86_64", true),
            ("foo", "foo-1-1.x86_64", true),
            ("foo-1", "foo-1-1.x86_64", false),
            ("foo.x86_64", "foo-1-1.x86_64", false),
            ("baz(x)", "baz-1-1.x86_64", false),
            ("/usr/bin/tool", "", false),
            ("tools", "", false),
            ("", "", false),
        ];
        for (text, packages, by_name) in cases {
            assert_eq!(meaning(text), (packages.to_owned(), by_name), "{text}");
        }
    }

    #[test]
    fn the_lists_of_a_repository_are_for_that_repository() {
        let mut target = target(&[HERE, HERE]);
        let (first, second) = ("a".parse().unwrap(), "b".parse().unwrap());
        assert_eq!(target.exclude(&first, &["foo".to_owned(), "bar".to_owned()]), ["bar"]);
        assert!(target.include_only(&second, &["kernel*".to_owned()]).is_empty());
        let out: Vec<_> =
            target.all_ruled_out().map(|(package, why)| (package.index(), why)).collect();
        let first_package = target.packages().next().unwrap().index();
        let by = Some(first);
        let excluded = RuledOut::Excluded { pattern: "foo".to_owned(), by };
        let expected = [(2, &excluded), (3, &excluded), (4, &excluded)].into_iter();
        let not = RuledOut::NotIncluded;
        let expected = expected.chain([(7, &not), (8, &not), (9, &not)]);
        assert_eq!(out, expected.map(|(at, why)| (first_package + at, why)).collect::<Vec<_>>());
    }

    #[test]
    fn an_empty_list_of_packages_to_use_leaves_out_nothing() {
        let mut target = target(&[HERE]);
        assert!(target.include_only(&"a".parse().unwrap(), &[]).is_empty());
        assert_eq!(target.all_ruled_out().count(), 0);
    }

    #[test]
    fn installed_packages_can_be_excluded_too() {
        let mut universe = universe("foo-1-1.x86_64\n", &[HERE]);
        universe.exclude(&["foo-1-1".to_owned()]);
        let installed = universe.installed().next().unwrap();
        assert!(universe.ruled_out(installed).is_some());
    }
}

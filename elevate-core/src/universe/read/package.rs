//! Packages of `primary.xml` into a repository, and what is odd about them.

use crate::model::Comparison;
use crate::rpm::header::DependencyKind;
use crate::rpm::primary::Package;
use crate::universe::builder::{Builder, Identity};
use crate::universe::data::{PackageDetails, RepositoryData};
use crate::universe::packages::List;
use crate::universe::strings::Full;

/// The most remarks of one kind; one more says how many are missing.
const MAX_REMARKS: usize = 100;
/// How much of a foreign text a remark repeats, in characters.
const EXCERPT: usize = 200;

/// Packages that are being read, with what is odd about them beyond their XML.
pub(super) struct Collected {
    builder: Builder,
    /// Rich dependencies that are not understood and left out, as libsolv leaves them
    /// out.
    unread: Bounded,
}

impl Collected {
    /// Nothing yet, and room for so many packages.
    pub(super) fn new(expected: u64) -> Result<Self, Full> {
        Ok(Self { builder: Builder::new(expected)?, unread: Bounded::default() })
    }

    /// Adds a package.
    pub(super) fn add(&mut self, package: &Package<'_>) -> Result<(), Full> {
        for kind in DependencyKind::ALL {
            for dependency in package.dependencies(kind) {
                // A comparison that is not known is none that anything meets.
                let version = (dependency.flags != 0)
                    .then(|| (Comparison::from_bits(dependency.flags), dependency.evr));
                let list = list_of(kind, dependency.pre);
                if !self.builder.dependency(list, dependency.name, version)? {
                    self.unread.push(|| unread(package, dependency.name));
                }
            }
        }
        for (_, path) in package.files() {
            self.builder.file(path)?;
        }
        self.builder.package(identity(package), details(package))
    }

    /// Adds packages that follow.
    pub(super) fn join(&mut self, next: Collected) -> Result<(), Full> {
        self.unread.join(next.unread);
        self.builder.join(next.builder)
    }

    /// All packages, with what is odd about them; `before` is what else is odd.
    pub(super) fn finish(
        self,
        shown: &str,
        before: impl Iterator<Item = String>,
    ) -> Result<RepositoryData, Full> {
        let mut twice = Bounded::default();
        for package in self.builder.repeated() {
            twice.push(|| format!("{} is there more than once", nevra(package)));
        }
        let own = self.unread.list().chain(twice.list());
        let own = own.map(|remark| format!("{shown}: {remark}"));
        let remarks: Vec<String> = before.chain(own).collect();
        self.builder.finish(&remarks)
    }
}

fn unread(package: &Package<'_>, dependency: &str) -> String {
    let nevra = nevra([package.name, package.evr, package.arch]);
    format!("{nevra}: dependency {:?} is not understood, left out", short(dependency))
}

fn nevra([name, evr, arch]: [&str; 3]) -> String {
    format!("{}-{}.{}", short(name), short(evr), short(arch))
}

fn short(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}

fn identity<'a>(package: &Package<'a>) -> Identity<'a> {
    Identity {
        name: package.name,
        evr: package.evr,
        arch: package.arch,
        vendor: package.vendor,
        build_time: package.build_time,
    }
}

fn details<'a>(package: &Package<'a>) -> PackageDetails<&'a str> {
    let kind = package.checksum.map(|(algorithm, _)| algorithm.as_str());
    PackageDetails {
        base: package.base.unwrap_or_default(),
        location: package.location,
        checksum_kind: kind.unwrap_or_default(),
        checksum: package.checksum.map(|(_, digits)| digits).unwrap_or_default(),
        package_size: package.package_size,
        installed_size: package.installed_size,
    }
}

fn list_of(kind: DependencyKind, is_before: bool) -> List {
    match kind {
        DependencyKind::Provides => List::Provides,
        DependencyKind::Requires if is_before => List::RequiresBefore,
        DependencyKind::Requires => List::Requires,
        DependencyKind::Conflicts => List::Conflicts,
        DependencyKind::Obsoletes => List::Obsoletes,
        DependencyKind::Recommends => List::Recommends,
        DependencyKind::Suggests => List::Suggests,
        DependencyKind::Supplements => List::Supplements,
        DependencyKind::Enhances => List::Enhances,
    }
}

/// Remarks of one kind, not too many.
#[derive(Default)]
struct Bounded {
    list: Vec<String>,
    more: u64,
}

impl Bounded {
    fn push(&mut self, remark: impl FnOnce() -> String) {
        if self.list.len() < MAX_REMARKS { self.list.push(remark()) } else { self.more += 1 }
    }

    fn join(&mut self, next: Bounded) {
        next.list.into_iter().for_each(|remark| self.push(|| remark));
        self.more += next.more;
    }

    fn list(self) -> impl Iterator<Item = String> {
        let more = (self.more > 0).then(|| format!("{} more of these", self.more));
        self.list.into_iter().chain(more)
    }
}

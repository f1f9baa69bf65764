//! A package of `primary.xml` into a repository, and what is odd about it.

use crate::model::Comparison;
use crate::rpm::header::DependencyKind;
use crate::rpm::primary::Package;
use crate::universe::builder::{Builder, Identity};
use crate::universe::data::PackageDetails;
use crate::universe::packages::List;
use crate::universe::strings::Full;

/// The most remarks of one kind; one more says how many are missing.
const MAX_REMARKS: usize = 100;
/// How much of a foreign text a remark repeats, in characters.
const EXCERPT: usize = 200;

/// Adds a package.
pub(super) fn add(
    builder: &mut Builder,
    package: &Package<'_>,
    remarks: &mut Remarks<'_>,
) -> Result<(), Full> {
    for kind in DependencyKind::ALL {
        for dependency in package.dependencies(kind) {
            // A comparison that is not known is none that anything meets.
            let version = (dependency.flags != 0)
                .then(|| (Comparison::from_bits(dependency.flags), dependency.evr));
            if !builder.dependency(list_of(kind, dependency.pre), dependency.name, version)? {
                remarks.unread(package, dependency.name);
            }
        }
    }
    for (_, path) in package.files() {
        builder.file(path)?;
    }
    if builder.package(identity(package), details(package))? == 2 {
        remarks.twice(package);
    }
    Ok(())
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

fn details<'a>(package: &Package<'a>) -> PackageDetails<'a> {
    let kind = package.checksum.map(|(algorithm, _)| algorithm.as_str());
    PackageDetails {
        source_rpm: package.source_rpm,
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

/// What is odd about packages beyond their XML.
pub(super) struct Remarks<'s> {
    shown: &'s str,
    unread: Bounded,
    twice: Bounded,
}

impl<'s> Remarks<'s> {
    pub(super) fn new(shown: &'s str) -> Self {
        Self { shown, unread: Bounded::default(), twice: Bounded::default() }
    }

    /// A rich dependency that is not understood and left out, as libsolv leaves it
    /// out.
    fn unread(&mut self, package: &Package<'_>, dependency: &str) {
        let dependency: String = dependency.chars().take(EXCERPT).collect();
        self.unread.push(|| {
            format!("{}: dependency {dependency:?} is not understood, left out", nevra(package))
        });
    }

    fn twice(&mut self, package: &Package<'_>) {
        self.twice.push(|| format!("{} is there more than once", nevra(package)));
    }

    pub(super) fn list(self) -> impl Iterator<Item = String> {
        let shown = self.shown;
        let all = self.unread.list().chain(self.twice.list());
        all.map(move |remark| format!("{shown}: {remark}"))
    }
}

fn nevra(package: &Package<'_>) -> String {
    let short = |text: &str| text.chars().take(EXCERPT).collect::<String>();
    format!("{}-{}.{}", short(package.name), short(package.evr), short(package.arch))
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

    fn list(self) -> impl Iterator<Item = String> {
        let more = (self.more > 0).then(|| format!("{} more of these", self.more));
        self.list.into_iter().chain(more)
    }
}

//! What dnf would do with a host, in names: what the rest of the crate sees of an
//! answer. It borrows nothing of the universe.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calls::{Asked, Calls, Solved, Unmatched};
use super::changes::{Arriving, Changes, Gone, Kind};
use super::outcome::Outcome;
use super::why::{Chain, Explainer};
use super::world::World;
use crate::model::{Arch, Evr, EvrParts, PackageName, RepoId, nevra};
use crate::universe::graph::Sequence;
use crate::universe::{SolvableId, Universe};

/// The transaction dnf would compute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The release of libsolv that was followed.
    pub libsolv: &'static str,
    /// What becomes of each installed package, in the order of the list the universe
    /// was made of.
    pub installed: Vec<Old>,
    /// Packages that come, by name, version and architecture.
    pub arriving: Vec<New>,
    /// What was asked, which the numbers of commands in chains are of.
    pub asked: Vec<Asked>,
    /// Texts that dnf can do nothing with.
    pub unmatched: Vec<Unmatched>,
    /// Installed packages for which dnf refuses the transaction: protected ones, and the
    /// running kernel. By their place among the installed.
    pub refused: Vec<usize>,
    /// Installed packages of an essential name that go for good, and nothing on the host
    /// provides their name afterwards. By their place among the installed.
    pub lost: Vec<usize>,
    /// The steps, in an order in which they can be done.
    pub steps: Vec<Step>,
    /// Needs for scripts that no order can meet.
    pub loops: Vec<Loop>,
}

/// An installed package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Old {
    /// What becomes of it.
    pub end: End,
    /// What takes its place, by the place in [`Solution::arriving`], the one that counts
    /// first.
    pub by: Vec<usize>,
    /// Why; `None` where it stays and nothing was ever in question.
    pub because: Option<Chain>,
}

/// What becomes of an installed package, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// It stays as it is.
    Stays,
    /// It goes, and nothing takes its place.
    Erased,
    /// A package of another name takes its place.
    Obsoleted,
    /// A newer version takes its place.
    Upgraded,
    /// An older version takes its place.
    Downgraded,
    /// The same version takes its place, perhaps of another build.
    Reinstalled,
}

/// A package that comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// The package.
    pub package: TargetPackage,
    /// As what it comes.
    pub kind: Kind,
    /// The installed packages whose place it takes, by their place in the list.
    pub replaces: Vec<usize>,
    /// Why.
    pub because: Option<Chain>,
}

/// A package of a target repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetPackage {
    /// Name.
    pub name: PackageName,
    /// Epoch, version and release.
    #[serde(flatten)]
    pub evr: Evr,
    /// Architecture.
    pub arch: Arch,
    /// The repository it comes from.
    pub repository: RepoId,
    /// Bytes to download.
    pub download: u64,
    /// Bytes it takes when installed.
    pub size: u64,
    /// Its file, where that was looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PackageFile>,
}

/// The file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackageFile {
    /// Its path below the repository, or its whole address.
    pub location: String,
    /// Its checksum, `sha256:` and so on before it.
    pub checksum: String,
}

impl TargetPackage {
    /// `name-[epoch:]version-release.arch`
    pub fn nevra(&self) -> String {
        nevra(self.name.as_str(), &self.evr, self.arch.as_str())
    }
}

/// A step of the transaction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "step", rename_all = "kebab-case")]
#[schemars(rename = "TransactionStep")]
pub enum Step {
    /// A package is installed.
    Install {
        /// The package, as `name-[epoch:]version-release.arch`.
        package: String,
        /// Installed packages that are removed right behind it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        replaces: Vec<String>,
    },
    /// An installed package is removed.
    Remove {
        /// The package.
        package: String,
    },
}

/// Packages that need each other for their scripts: whatever the order, one of them
/// finds something missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Loop {
    /// The package whose need is not met in time.
    pub package: String,
    /// What it needs.
    pub capability: String,
    /// Packages of which each is needed before the next, and the last before the first.
    pub packages: Vec<String>,
}

impl Solution {
    /// Puts an answer in names.
    pub fn of(universe: &Universe, calls: &Calls, solved: &Solved) -> Self {
        let Solved { goal, asked, outcome, unmatched, running_kernel } = solved;
        let world = World::new(universe, goal);
        let changes = Changes::in_world(&world, outcome);
        let explained = || explained(world, outcome, &changes);
        let ((installed, arriving), (steps, loops)) =
            rayon::join(explained, || sequence(universe, &changes));
        let refused = calls.policy.refused(universe, *running_kernel, &changes);
        let lost = lost(universe, calls, outcome, &changes);
        let origins = |packages: Vec<SolvableId>| -> Vec<usize> {
            packages.into_iter().filter_map(|package| universe.origin(package)).collect()
        };
        Self {
            libsolv: goal.profile.libsolv,
            installed,
            arriving,
            asked: asked.clone(),
            unmatched: unmatched.clone(),
            refused: origins(refused),
            lost: origins(lost),
            steps,
            loops,
        }
    }
}

/// What becomes of the installed packages, and those that come, each with its reasons.
fn explained(world: World<'_>, outcome: &Outcome, changes: &Changes) -> (Vec<Old>, Vec<New>) {
    let universe = world.universe;
    let explainer = Explainer::in_world(world, outcome, changes);
    let mut sorted: Vec<&Arriving> = changes.arriving.iter().collect();
    sorted.sort_by_cached_key(|arriving| key(universe, arriving.package));
    let new = |arriving: &&Arriving| New {
        package: target_package(universe, arriving.package),
        kind: arriving.kind,
        replaces: arriving.replaces.iter().filter_map(|p| universe.origin(*p)).collect(),
        because: explainer.arrival(arriving.package),
    };
    let arriving = sorted.iter().map(new).collect();
    (installed(universe, outcome, changes, &explainer, &sorted), arriving)
}

/// What becomes of each installed package.
fn installed(
    universe: &Universe,
    outcome: &Outcome,
    changes: &Changes,
    explainer: &Explainer<'_>,
    arriving: &[&Arriving],
) -> Vec<Old> {
    let places: BTreeMap<SolvableId, (usize, Kind)> = arriving
        .iter()
        .enumerate()
        .map(|(at, arriving)| (arriving.package, (at, arriving.kind)))
        .collect();
    let stays = || Old { end: End::Stays, by: Vec::new(), because: None };
    let mut installed: Vec<Old> = (0..universe.given()).map(|_| stays()).collect();
    for package in universe.installed().filter(|package| outcome.is_present(*package)) {
        if let Some(old) = universe.origin(package).and_then(|at| installed.get_mut(at)) {
            old.because = explainer.stay(package);
        }
    }
    for leaving in &changes.leaving {
        let Some(old) = universe.origin(leaving.package).and_then(|at| installed.get_mut(at))
        else {
            continue;
        };
        let mut by = leaving.by.iter().filter_map(|by| places.get(by)).peekable();
        *old = Old {
            end: end(leaving.how, by.peek().map(|(_, kind)| *kind)),
            by: by.map(|(at, _)| *at).collect(),
            because: explainer.removal(leaving.package),
        };
    }
    installed
}

/// Essential packages that go and that nothing replaces.
fn lost(
    universe: &Universe,
    calls: &Calls,
    outcome: &Outcome,
    changes: &Changes,
) -> Vec<SolvableId> {
    let is_lost = |package: SolvableId| {
        let mut providers = universe.providers(universe.name(package).into()).iter();
        universe.is_one_of(package, &calls.policy.essential)
            && !providers.any(|p| outcome.is_present(*p))
    };
    let erased = changes.leaving.iter().filter(|leaving| leaving.how == Gone::Erased);
    erased.map(|leaving| leaving.package).filter(|package| is_lost(*package)).collect()
}

fn end(how: Gone, kind: Option<Kind>) -> End {
    match (how, kind) {
        (Gone::Erased, _) => End::Erased,
        (Gone::Obsoleted, _) => End::Obsoleted,
        (Gone::Replaced, Some(Kind::Downgrade)) => End::Downgraded,
        (Gone::Replaced, Some(Kind::Reinstall)) => End::Reinstalled,
        (Gone::Replaced, _) => End::Upgraded,
    }
}

/// What packages are sorted by.
fn key(universe: &Universe, package: SolvableId) -> (String, Evr, String, SolvableId) {
    let text = |id| universe.text(id).to_owned();
    let evr = evr(universe, package);
    (text(universe.name(package)), evr, text(universe.arch(package)), package)
}

fn evr(universe: &Universe, package: SolvableId) -> Evr {
    EvrParts::split(universe.text(universe.evr(package))).into()
}

fn target_package(universe: &Universe, package: SolvableId) -> TargetPackage {
    let target = universe.target();
    let nowhere = || RepoId::cleaned("");
    let sizes = target.sizes(package);
    TargetPackage {
        name: PackageName::cleaned(universe.text(universe.name(package))),
        evr: evr(universe, package),
        arch: Arch::cleaned(universe.text(universe.arch(package))),
        repository: target.source(package).map_or_else(nowhere, |source| source.id.clone()),
        download: sizes.download,
        size: sizes.installed,
        file: None,
    }
}

fn sequence(universe: &Universe, changes: &Changes) -> (Vec<Step>, Vec<Loop>) {
    let arriving = changes.arriving.iter().map(|a| (a.package, a.replaces.clone()));
    let erased = changes.leaving.iter().filter(|leaving| leaving.by.is_empty());
    let sequence = Sequence::of(universe, arriving, erased.map(|leaving| leaving.package));
    let names = |packages: &[SolvableId]| packages.iter().map(|p| universe.nevra(*p)).collect();
    let step = |step: &crate::universe::graph::Step| {
        let package = universe.nevra(step.package);
        match step.is_removal() {
            true => Step::Remove { package },
            false => Step::Install { package, replaces: names(&step.replaces) },
        }
    };
    let steps = sequence.steps.iter().map(step).collect();
    let broken = sequence.cuts.iter().filter(|cut| cut.breaks);
    let loops = broken.map(|cut| Loop {
        package: universe.nevra(cut.then),
        capability: universe.show(cut.term).to_string(),
        packages: names(&sequence.circle(cut)),
    });
    (steps, loops.collect())
}

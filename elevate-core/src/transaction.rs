//! What happens to every package: the installed ones with their fates, and
//! those that arrive, each with its reasons.
//!
//! Without metadata of target repositories this is the difference as the upgrade
//! data sees it ([`Transaction::new`]): names, not versions, and no dependency
//! solving. With them it is what dnf would do ([`Transaction::solved`]).

mod difference;
mod solved;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::directive::{How, Reason};
use crate::model::{Arch, Evr, InstalledPackage, ModuleStream, PackageName, RepoId, nevra};
use crate::snapshot::Snapshot;
use crate::solve::{Job, JobAction, Request};

pub use crate::solve::why::Root;
pub use crate::solve::{
    Asked, Because, Call, Chain, Conflict, Link, Loop, PackageFile, Step, TargetPackage, Unmatched,
};
pub use difference::Difference;
pub use solved::{Totals, Whole};

/// What chains of reasons and conflicts are made of.
pub mod reasons {
    pub use crate::solve::conflict::{Contradiction, Demand, Fact, Passage, Way};
    pub use crate::solve::why::{
        Because, Fate, Few, Link, NotTaken, Other, Proof, Root, Statement,
    };
}

/// Every installed package and every new name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transaction {
    /// One operation an installed package, ordered by name, version and architecture.
    pub operations: Vec<Operation>,
    /// Names that are not installed and will be, ordered.
    pub arrivals: Vec<Arrival>,
    /// What it is as a whole, where target repositories were read.
    pub whole: Option<Whole>,
}

/// What happens to one installed package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Operation {
    /// Name.
    pub name: PackageName,
    /// Installed epoch, version and release.
    #[serde(flatten)]
    pub evr: Evr,
    /// Architecture, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<Arch>,
    /// Its fate.
    #[serde(flatten)]
    pub fate: Fate,
    /// What takes its place, the one that counts first, where target repositories were
    /// read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<TargetPackage>,
    /// Why it was asked for.
    pub reasons: Vec<Reason>,
    /// Why it became that, where target repositories were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Chain>,
}

/// What becomes of an installed package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum Fate {
    /// Follows its name in the target repositories.
    Upgraded(Source),
    /// Follows its name to a lower version.
    Downgraded(Source),
    /// Installed again.
    Reinstalled(Source),
    /// Another package does its job.
    Replaced(Successors),
    /// The same under another name.
    Renamed(Successors),
    /// Spread over several packages.
    Split(Successors),
    /// One of several that became one.
    Merged(Successors),
    /// In another repository, under another name.
    Moved(Successors),
    /// Removed without a successor.
    Removed,
    /// Stays as it is, by somebody's wish.
    Kept,
    /// Stays as it is: no target repository has anything in its place, and nothing is in
    /// its way.
    Stays,
    /// Third-party, and nothing says what becomes of it: it stays unless it is
    /// in the way. Where target repositories were read, it is known whether it is.
    NoKnownFuture,
    /// The data leads nowhere: it is left alone, and somebody must look.
    Unknown,
}

/// Where the target's package comes from, as far as events say.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema,
)]
pub struct Source {
    /// Target repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<RepoId>,
    /// Module stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<ModuleStream>,
}

/// What stands in a package's place.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema,
)]
pub struct Successors {
    /// Names on the target, sorted.
    pub successors: Vec<PackageName>,
}

impl Fate {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Fate::Upgraded(_) => "upgraded",
            Fate::Downgraded(_) => "downgraded",
            Fate::Stays => "stays",
            Fate::Reinstalled(_) => "reinstalled",
            Fate::Replaced(_) => "replaced",
            Fate::Renamed(_) => "renamed",
            Fate::Split(_) => "split",
            Fate::Merged(_) => "merged",
            Fate::Moved(_) => "moved",
            Fate::Removed => "removed",
            Fate::Kept => "kept",
            Fate::NoKnownFuture => "no-known-future",
            Fate::Unknown => "unknown",
        }
    }

    /// What stands in the package's place, where something does.
    pub fn successors(&self) -> &[PackageName] {
        match self {
            Fate::Replaced(s)
            | Fate::Renamed(s)
            | Fate::Split(s)
            | Fate::Merged(s)
            | Fate::Moved(s) => &s.successors,
            _ => &[],
        }
    }

    /// Every word, in the order of reports.
    pub const WORDS: [&'static str; 13] = [
        "removed",
        "unknown",
        "no-known-future",
        "replaced",
        "renamed",
        "split",
        "merged",
        "moved",
        "kept",
        "stays",
        "downgraded",
        "reinstalled",
        "upgraded",
    ];
}

/// A name that is not installed and will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Arrival {
    /// Name.
    pub name: PackageName,
    /// Where it comes from, as far as events say.
    #[serde(flatten)]
    pub source: Source,
    /// Installed names it stands in for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead_of: Vec<PackageName>,
    /// The package itself, where target repositories were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<TargetPackage>,
    /// Why it was asked for; empty where nobody asked for it by name.
    pub reasons: Vec<Reason>,
    /// Why it comes, where target repositories were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Chain>,
}

impl Transaction {
    /// The difference a request asks for.
    pub fn new(snapshot: &Snapshot, request: &Request) -> Self {
        let job = |name: &PackageName| {
            let at = request.jobs.binary_search_by(|job| job.name.cmp(name)).ok()?;
            request.jobs.get(at)
        };
        let operation = |p: &InstalledPackage| Operation::new(p, job(&p.name));
        let mut operations: Vec<Operation> = snapshot.packages.iter().map(operation).collect();
        operations.sort_by(|a, b| (&a.name, &a.evr, &a.arch).cmp(&(&b.name, &b.evr, &b.arch)));
        let mut instead: BTreeMap<&PackageName, Vec<PackageName>> = BTreeMap::new();
        for job in &request.jobs {
            for successor in job.becomes.iter().flat_map(|b| &b.packages) {
                instead.entry(successor).or_default().push(job.name.clone());
            }
        }
        let installed = |job: &&Job| operations.binary_search_by(|o| o.name.cmp(&job.name)).is_ok();
        let new = request.jobs.iter().filter(|job| !installed(job));
        let arrival = |job: &Job| Arrival {
            name: job.name.clone(),
            source: source(job),
            instead_of: instead.remove(&job.name).unwrap_or_default(),
            package: None,
            reasons: job.reasons.clone(),
            because: None,
        };
        let arrivals = new.map(arrival).collect();
        Self { operations, arrivals, whole: None }
    }
}

impl Operation {
    /// Whether the package is not there afterwards as it is now.
    pub fn leaves(&self) -> bool {
        !matches!(self.fate, Fate::Kept | Fate::Stays | Fate::NoKnownFuture | Fate::Unknown)
    }

    /// `name-[epoch:]version-release.arch`, without the architecture where that is not
    /// known.
    pub fn nevra(&self) -> String {
        nevra(self.name.as_str(), &self.evr, self.arch.as_ref().map_or("", Arch::as_str))
    }

    fn new(package: &InstalledPackage, job: Option<&Job>) -> Self {
        Self {
            name: package.name.clone(),
            evr: package.evr.clone(),
            arch: package.arch.clone(),
            fate: job.map_or(Fate::Unknown, fate),
            to: Vec::new(),
            reasons: job.map(|job| job.reasons.clone()).unwrap_or_default(),
            because: None,
        }
    }
}

fn source(job: &Job) -> Source {
    Source { repository: job.repository.clone(), module: job.module.clone() }
}

fn fate(job: &Job) -> Fate {
    match job.action {
        JobAction::Reinstall => Fate::Reinstalled(source(job)),
        JobAction::Keep => Fate::Kept,
        JobAction::Leave => Fate::NoKnownFuture,
        JobAction::Hold => Fate::Unknown,
        JobAction::Remove => changed(job).unwrap_or(Fate::Removed),
        JobAction::Upgrade | JobAction::Install => {
            changed(job).unwrap_or_else(|| Fate::Upgraded(source(job)))
        }
    }
}

/// The fate events give it, where that is more than staying under its own name.
fn changed(job: &Job) -> Option<Fate> {
    let becomes = job.becomes.as_ref()?;
    let stays = becomes.packages.contains(&job.name);
    let only_itself = stays && (becomes.packages.len() == 1 || becomes.how != How::Split);
    if becomes.packages.is_empty() || only_itself {
        return None;
    }
    let successors = Successors { successors: becomes.packages.clone() };
    Some(match becomes.how {
        How::Removed => return None,
        How::Replaced => Fate::Replaced(successors),
        How::Renamed => Fate::Renamed(successors),
        How::Split => Fate::Split(successors),
        How::Merged => Fate::Merged(successors),
        How::Moved => Fate::Moved(successors),
    })
}

#[cfg(test)]
mod tests;

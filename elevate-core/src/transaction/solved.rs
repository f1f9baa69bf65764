//! The difference dnf would make.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Arrival, Fate, Operation, Source, Successors, Transaction};
use crate::model::{InstalledPackage, PackageName};
use crate::snapshot::Snapshot;
use crate::solve::{Asked, End, Job, Kind, Loop, New, Old, Request, Solution, Step, Unmatched};

impl Transaction {
    /// The difference a solution of a request makes. What events call it is kept where
    /// that is what happens.
    pub fn solved(snapshot: &Snapshot, request: &Request, solution: &Solution) -> Self {
        let view = View {
            snapshot,
            request,
            solution,
            present: present(snapshot, solution),
            instead_of: instead_of(request),
        };
        let packages = snapshot.packages.iter().zip(&solution.installed);
        let mut operations: Vec<Operation> =
            packages.map(|(package, old)| view.operation(package, old)).collect();
        operations.sort_by(|a, b| (&a.name, &a.evr, &a.arch).cmp(&(&b.name, &b.evr, &b.arch)));
        let new = solution.arriving.iter().filter(|new| new.kind == Kind::Install);
        let arrivals = new.map(|new| view.arrival(new)).collect();
        Self { operations, arrivals, whole: Some(view.whole()) }
    }
}

/// What a transaction is as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Whole {
    /// The release of libsolv whose decisions these are.
    pub libsolv: String,
    /// Sums over all packages.
    pub totals: Totals,
    /// What was asked; chains of reasons name it by its number, from 0.
    pub asked: Vec<Asked>,
    /// What was asked and dnf can do nothing with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmatched: Vec<Unmatched>,
    /// Installed packages for which dnf refuses the transaction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
    /// Installed packages a host cannot be without, that go and have no successor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    /// The steps, in an order in which they can be done.
    pub steps: Vec<Step>,
    /// Needs for scripts that no order can meet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loops: Vec<Loop>,
}

/// Sums over all packages of a transaction, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// To download.
    pub download: u64,
    /// What comes takes when installed.
    pub arriving: u64,
    /// What goes takes now, as far as that is known.
    pub leaving: u64,
    /// Packages that go and of which it is not known.
    pub unknown: usize,
}

struct View<'a> {
    snapshot: &'a Snapshot,
    request: &'a Request,
    solution: &'a Solution,
    /// Names that are on the host afterwards.
    present: BTreeSet<&'a PackageName>,
    /// By name of what events lead to, the names they start from.
    instead_of: BTreeMap<&'a PackageName, Vec<&'a PackageName>>,
}

fn instead_of(request: &Request) -> BTreeMap<&PackageName, Vec<&PackageName>> {
    let mut names: BTreeMap<&PackageName, Vec<&PackageName>> = BTreeMap::new();
    for job in &request.jobs {
        for successor in job.becomes.iter().flat_map(|becomes| &becomes.packages) {
            names.entry(successor).or_default().push(&job.name);
        }
    }
    names
}

fn present<'a>(snapshot: &'a Snapshot, solution: &'a Solution) -> BTreeSet<&'a PackageName> {
    let old = snapshot.packages.iter().zip(&solution.installed);
    let stays = old.filter(|(_, old)| old.end == End::Stays).map(|(package, _)| &package.name);
    stays.chain(solution.arriving.iter().map(|new| &new.package.name)).collect()
}

impl View<'_> {
    fn whole(&self) -> Whole {
        let Solution { libsolv, asked, unmatched, refused, lost, steps, loops, .. } = self.solution;
        let names = |places: &[usize]| {
            let packages = places.iter().filter_map(|at| self.snapshot.packages.get(*at));
            packages.map(InstalledPackage::nevra).collect()
        };
        Whole {
            libsolv: (*libsolv).to_owned(),
            totals: self.totals(),
            asked: asked.clone(),
            unmatched: unmatched.clone(),
            refused: names(refused),
            lost: names(lost),
            steps: steps.clone(),
            loops: loops.clone(),
        }
    }

    fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for New { package, .. } in &self.solution.arriving {
            totals.download = totals.download.saturating_add(package.download);
            totals.arriving = totals.arriving.saturating_add(package.size);
        }
        let old = self.snapshot.packages.iter().zip(&self.solution.installed);
        for (package, _) in old.filter(|(_, old)| old.end != End::Stays) {
            match package.size {
                Some(size) => totals.leaving = totals.leaving.saturating_add(size),
                None => totals.unknown += 1,
            }
        }
        totals
    }

    fn job(&self, name: &PackageName) -> Option<&Job> {
        let jobs = &self.request.jobs;
        jobs.binary_search_by(|job| job.name.cmp(name)).ok().and_then(|at| jobs.get(at))
    }

    fn operation(&self, package: &InstalledPackage, old: &Old) -> Operation {
        let asked = Operation::new(package, self.job(&package.name));
        let to: Vec<&New> =
            old.by.iter().filter_map(|at| self.solution.arriving.get(*at)).collect();
        Operation {
            fate: self.fate(&asked.fate, old.end, &to),
            to: to.into_iter().map(|new| new.package.clone()).collect(),
            because: old.because.clone(),
            ..asked
        }
    }

    /// What happens, in the words of events where they fit.
    fn fate(&self, asked: &Fate, end: End, to: &[&New]) -> Fate {
        let source = || Source {
            repository: to.first().map(|new| new.package.repository.clone()),
            module: asked.source().and_then(|source| source.module.clone()),
        };
        match end {
            End::Upgraded => Fate::Upgraded(source()),
            End::Downgraded => Fate::Downgraded(source()),
            End::Reinstalled => Fate::Reinstalled(source()),
            End::Stays => match asked {
                Fate::Kept | Fate::NoKnownFuture | Fate::Unknown => asked.clone(),
                _ => Fate::Stays,
            },
            End::Obsoleted => {
                let names: BTreeSet<PackageName> =
                    to.iter().map(|new| new.package.name.clone()).collect();
                let successors = names.into_iter().collect();
                asked
                    .with(successors)
                    .unwrap_or_else(|successors| Fate::Replaced(Successors { successors }))
            }
            End::Erased => {
                let there = |name: &&PackageName| self.present.contains(name);
                let successors: Vec<PackageName> =
                    asked.successors().iter().filter(there).cloned().collect();
                match successors.is_empty() {
                    true => Fate::Removed,
                    false => asked.with(successors).unwrap_or(Fate::Removed),
                }
            }
        }
    }

    fn arrival(&self, new: &New) -> Arrival {
        let name = &new.package.name;
        let job = self.job(name);
        let replaced = new.replaces.iter().filter_map(|at| self.snapshot.packages.get(*at));
        let replaced = replaced.map(|package| &package.name);
        let events = self.instead_of.get(name).into_iter().flatten().copied();
        let instead_of: BTreeSet<&PackageName> =
            replaced.chain(events).filter(|other| *other != name).collect();
        Arrival {
            name: name.clone(),
            source: Source {
                repository: Some(new.package.repository.clone()),
                module: job.and_then(|job| job.module.clone()),
            },
            instead_of: instead_of.into_iter().cloned().collect(),
            package: Some(new.package.clone()),
            reasons: job.map(|job| job.reasons.clone()).unwrap_or_default(),
            because: new.because.clone(),
        }
    }
}

impl Fate {
    fn source(&self) -> Option<&Source> {
        match self {
            Fate::Upgraded(source) | Fate::Downgraded(source) | Fate::Reinstalled(source) => {
                Some(source)
            }
            _ => None,
        }
    }

    /// The same with other successors; those themselves where there are none in it.
    fn with(&self, successors: Vec<PackageName>) -> Result<Self, Vec<PackageName>> {
        let make = match self {
            Fate::Replaced(_) => Fate::Replaced,
            Fate::Renamed(_) => Fate::Renamed,
            Fate::Split(_) => Fate::Split,
            Fate::Merged(_) => Fate::Merged,
            Fate::Moved(_) => Fate::Moved,
            _ => return Err(successors),
        };
        Ok(make(Successors { successors }))
    }
}

//! The difference dnf would make.

use std::collections::{BTreeMap, BTreeSet};

use super::{Arrival, Fate, Operation, Source, Successors, Transaction};
use crate::model::{InstalledPackage, PackageName};
use crate::snapshot::Snapshot;
use crate::solve::{End, Job, Kind, New, Old, Request, Solution};

impl Transaction {
    /// The difference a solution of a request makes. What events call it is kept where
    /// that is what happens.
    pub fn solved(snapshot: &Snapshot, request: &Request, solution: &Solution) -> Self {
        let view = View { request, solution, present: present(snapshot, solution) };
        let packages = snapshot.packages.iter().zip(&solution.installed);
        let mut operations: Vec<Operation> =
            packages.map(|(package, old)| view.operation(package, old)).collect();
        operations.sort_by(|a, b| (&a.name, &a.evr, &a.arch).cmp(&(&b.name, &b.evr, &b.arch)));
        let new = solution.arriving.iter().filter(|new| new.kind == Kind::Install);
        let arrivals = new.map(|new| view.arrival(snapshot, new)).collect();
        Self { operations, arrivals }
    }
}

struct View<'a> {
    request: &'a Request,
    solution: &'a Solution,
    /// Names that are on the host afterwards.
    present: BTreeSet<&'a PackageName>,
}

fn present<'a>(snapshot: &'a Snapshot, solution: &'a Solution) -> BTreeSet<&'a PackageName> {
    let old = snapshot.packages.iter().zip(&solution.installed);
    let stays = old.filter(|(_, old)| old.end == End::Stays).map(|(package, _)| &package.name);
    stays.chain(solution.arriving.iter().map(|new| &new.package.name)).collect()
}

impl View<'_> {
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

    fn arrival(&self, snapshot: &Snapshot, new: &New) -> Arrival {
        let name = &new.package.name;
        let job = self.job(name);
        let mut instead_of: BTreeMap<&PackageName, ()> = BTreeMap::new();
        let replaced = new.replaces.iter().filter_map(|at| snapshot.packages.get(*at));
        instead_of.extend(replaced.map(|package| (&package.name, ())));
        let becoming = self.request.jobs.iter().filter(|job| {
            job.becomes.as_ref().is_some_and(|becomes| becomes.packages.contains(name))
        });
        instead_of.extend(becoming.map(|job| (&job.name, ())));
        instead_of.remove(name);
        Arrival {
            name: name.clone(),
            source: Source {
                repository: Some(new.package.repository.clone()),
                module: job.and_then(|job| job.module.clone()),
            },
            instead_of: instead_of.into_keys().cloned().collect(),
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

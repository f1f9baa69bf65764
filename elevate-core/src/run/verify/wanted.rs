//! What a plan wants to be installed afterwards, held against what is.

use std::collections::BTreeMap;

use super::release;
use crate::facts::kernels::is_install_only;
use crate::model::{Arch, Evr, InstalledPackage, PackageName};
use crate::plan::{Fate, Operation, Plan, TargetPackage};

/// A package that is to be installed afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted<'p> {
    /// Whether any version of the target will do: the plan knows names only.
    any: bool,
    pub(super) name: &'p PackageName,
    evr: Option<&'p Evr>,
    arch: Option<&'p Arch>,
    /// Whether it is there before, and nothing was to become of it.
    stays: bool,
}

/// What is as the plan wants it, and what is not.
#[derive(Debug, Default)]
pub(super) struct Compared<'a> {
    /// How many packages were wanted.
    pub(super) wanted: usize,
    pub(super) missing: Vec<Wanted<'a>>,
    /// Wanted, with what is there instead.
    pub(super) older: Vec<(Wanted<'a>, &'a InstalledPackage)>,
    pub(super) newer: Vec<(Wanted<'a>, &'a InstalledPackage)>,
    /// To stay, and gone: of the old release, and others.
    pub(super) cleaned: Vec<Wanted<'a>>,
    pub(super) gone: Vec<Wanted<'a>>,
    /// Of the old release and still there: as planned, and not.
    pub(super) leftovers_planned: Vec<&'a InstalledPackage>,
    pub(super) leftovers: Vec<&'a InstalledPackage>,
    /// To go, and still there.
    pub(super) remaining: Vec<&'a InstalledPackage>,
    pub(super) unplanned: Vec<&'a InstalledPackage>,
}

impl<'p> Wanted<'p> {
    /// As the plan calls it.
    pub(super) fn shown(&self) -> String {
        match self.evr {
            Some(evr) => {
                crate::model::nevra(self.name.as_str(), evr, self.arch.map_or("", Arch::as_str))
            }
            None => self.name.to_string(),
        }
    }

    fn is_of(&self, package: &InstalledPackage) -> bool {
        let arch = self.arch.zip(package.arch.as_ref());
        *self.name == package.name && arch.is_none_or(|(a, b)| a == b)
    }

    fn is(&self, package: &InstalledPackage) -> bool {
        self.is_of(package) && self.evr.is_none_or(|evr| *evr == package.evr)
    }

    fn stays(operation: &'p Operation) -> Self {
        let Operation { name, evr, arch, .. } = operation;
        Self { any: false, name, evr: Some(evr), arch: arch.as_ref(), stays: true }
    }

    fn target(package: &'p TargetPackage) -> Self {
        let TargetPackage { name, evr, arch, .. } = package;
        Self { any: false, name, evr: Some(evr), arch: Some(arch), stays: false }
    }

    fn named(name: &'p PackageName) -> Self {
        Self { any: true, name, evr: None, arch: None, stays: false }
    }
}

/// Whether nothing is to become of a package.
pub(super) fn stays(operation: &Operation) -> bool {
    !operation.leaves() && operation.to.is_empty()
}

/// What a plan wants to be installed, those known by version first, each once.
pub(super) fn wanted(plan: &Plan) -> Vec<Wanted<'_>> {
    let mut wanted = Vec::new();
    for operation in plan.packages.iter().filter(|o| !o.name.is_key()) {
        match (stays(operation), &plan.transaction) {
            (true, _) => wanted.push(Wanted::stays(operation)),
            (false, Some(_)) => wanted.extend(operation.to.iter().map(Wanted::target)),
            (false, None) => wanted.extend(names(operation).map(Wanted::named)),
        }
    }
    wanted.extend(plan.arrivals.iter().map(|arrival| match &arrival.package {
        Some(package) => Wanted::target(package),
        None => Wanted::named(&arrival.name),
    }));
    // What stays and what is installed again may be one.
    wanted.sort();
    wanted.dedup_by(|a, b| (a.name, a.evr, a.arch) == (b.name, b.evr, b.arch));
    wanted
}

/// Names that take a package's place, its own among them.
fn names(operation: &Operation) -> impl Iterator<Item = &PackageName> {
    let own =
        matches!(operation.fate, Fate::Upgraded(_) | Fate::Downgraded(_) | Fate::Reinstalled(_));
    own.then_some(&operation.name).into_iter().chain(operation.fate.successors())
}

/// Holds what is wanted against what is installed.
pub(super) fn compare<'a>(plan: &'a Plan, installed: &'a [InstalledPackage]) -> Compared<'a> {
    let old = plan.path.source.release.major;
    let of_old = |evr: &Evr| release::mark(&evr.release).is_some_and(|major| major <= old);
    let mut rest: BTreeMap<&PackageName, Vec<&InstalledPackage>> = BTreeMap::new();
    for package in installed.iter().filter(|package| !package.name.is_key()) {
        rest.entry(&package.name).or_default().push(package);
    }
    let wanted = wanted(plan);
    let mut found = Compared { wanted: wanted.len(), ..Compared::default() };
    let mut open = Vec::new();
    for want in &wanted {
        let here = rest.entry(want.name).or_default();
        let before = here.len();
        if want.any {
            here.retain(|package| of_old(&package.evr));
        } else if let Some(at) = here.iter().position(|package| want.is(package)) {
            let package = here.swap_remove(at);
            found.leftovers_planned.extend(of_old(&package.evr).then_some(package));
        }
        if here.len() == before {
            open.push(*want);
        }
    }
    for want in open {
        let here = rest.entry(want.name).or_default();
        found.otherwise(want, here, of_old);
    }
    for package in rest.into_values().flatten() {
        found.unwanted(plan, &wanted, package, of_old);
    }
    found
}

impl<'a> Compared<'a> {
    /// Something wanted that is not there as it was wanted.
    fn otherwise(
        &mut self,
        want: Wanted<'a>,
        here: &mut Vec<&'a InstalledPackage>,
        of_old: impl Fn(&Evr) -> bool,
    ) {
        let other = here.iter().position(|p| want.is_of(p) && !of_old(&p.evr));
        if let Some((at, evr)) = other.zip(want.evr) {
            let package = here.swap_remove(at);
            let list = if package.evr > *evr { &mut self.newer } else { &mut self.older };
            return list.push((want, package));
        }
        match want.evr {
            Some(evr) if want.stays && of_old(evr) => self.cleaned.push(want),
            _ if want.stays => self.gone.push(want),
            // It is told as a package of the old release that is still there.
            _ if here.iter().any(|package| want.is_of(package)) => {}
            _ => self.missing.push(want),
        }
    }

    /// A package that is there and that nobody wanted.
    fn unwanted(
        &mut self,
        plan: &Plan,
        wanted: &[Wanted<'a>],
        package: &'a InstalledPackage,
        of_old: impl Fn(&Evr) -> bool,
    ) {
        if of_old(&package.evr) {
            return self.leftovers.push(package);
        }
        let was = |o: &Operation| o.name == package.name && o.evr == package.evr && !stays(o);
        if plan.packages.iter().any(was) {
            return self.remaining.push(package);
        }
        let beside = is_install_only(package.name.as_str());
        let lower = |w: &&Wanted<'a>| w.is_of(package) && w.evr.is_some_and(|e| *e < package.evr);
        if let Some(want) = wanted.iter().find(lower).filter(|_| beside) {
            return self.newer.push((*want, package));
        }
        // What is there in its planned version too is told as being there twice, and a plan of
        // names does not know what comes along with them.
        let twice = wanted.iter().any(|want| want.is_of(package));
        if plan.transaction.is_some() && !twice {
            self.unplanned.push(package);
        }
    }
}

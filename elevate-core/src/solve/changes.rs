//! Who takes whose place (solver-search.md B6.2 and B6.3).

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::goal::Goal;
use super::outcome::Outcome;
use super::policy::merge_sort;
use super::world::World;
use crate::universe::{SolvableId, Universe};

/// The difference a solution makes, as dnf lists it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Packages that come, in the order in which that was decided.
    pub arriving: Vec<Arriving>,
    /// Packages that go, in order.
    pub leaving: Vec<Leaving>,
}

/// A package that comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arriving {
    /// The package.
    pub package: SolvableId,
    /// As what.
    pub kind: Kind,
    /// The installed packages whose place it takes, the one it is compared with first.
    pub replaces: Vec<SolvableId>,
}

/// As what a package comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// As a new one, or beside other versions.
    Install,
    /// For an older version.
    Upgrade,
    /// For a newer version.
    Downgrade,
    /// For the same version, perhaps of another build.
    Reinstall,
}

/// A package that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// The package.
    pub package: SolvableId,
    /// Packages that take its place, the one that counts first.
    pub by: Vec<SolvableId>,
    /// How.
    pub how: Gone,
}

/// How a package goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gone {
    /// Nothing takes its place.
    Erased,
    /// A package of another name takes its place.
    Obsoleted,
    /// A package of its name takes its place.
    Replaced,
}

impl Changes {
    /// Tells who takes whose place.
    pub fn of(universe: &Universe, goal: &Goal, outcome: &Outcome) -> Self {
        Self::in_world(&World::new(universe, goal), outcome)
    }

    pub(super) fn in_world(world: &World<'_>, outcome: &Outcome) -> Self {
        let mut by: BTreeMap<SolvableId, Vec<SolvableId>> = BTreeMap::new();
        let mut arriving = Vec::new();
        for package in outcome.arriving() {
            let replaces = replaced(world, outcome, package);
            for gone in &replaces {
                by.entry(*gone).or_default().push(package);
            }
            arriving.push(Arriving { package, kind: kind(world, package, &replaces), replaces });
        }
        let leaving = outcome.leaving().map(|package| {
            let mut by = by.remove(&package).unwrap_or_default();
            sort(world, package, &mut by);
            let how = match by.first() {
                None => Gone::Erased,
                Some(first) if world.is_of_name(*first, package) => Gone::Replaced,
                Some(_) => Gone::Obsoleted,
            };
            Leaving { package, by, how }
        });
        let leaving = leaving.collect();
        Self { arriving, leaving }
    }
}

fn kind(world: &World<'_>, package: SolvableId, replaces: &[SolvableId]) -> Kind {
    let first = replaces.first().filter(|first| world.is_of_name(**first, package));
    let Some(first) = first.copied() else { return Kind::Install };
    if world.multi.contains(package) {
        return if world.is_same_build(package, first) { Kind::Reinstall } else { Kind::Install };
    }
    match world.universe.compare_evr(package, first) {
        Ordering::Greater => Kind::Upgrade,
        Ordering::Less => Kind::Downgrade,
        Ordering::Equal => Kind::Reinstall,
    }
}

/// Installed packages that go and whose place an arriving one takes.
fn replaced(world: &World<'_>, outcome: &Outcome, package: SolvableId) -> Vec<SolvableId> {
    let goes = |p: &SolvableId| p.is_installed() && !outcome.is_present(*p);
    let multi = world.multi.contains(package);
    let mut found: Vec<SolvableId> = world
        .of_name(package)
        .filter(goes)
        .filter(|p| world.shares_colour(package, *p))
        .filter(|p| !multi || world.is_same_build(package, *p))
        .collect();
    if !multi {
        found.extend(world.taken_over(package).filter(goes));
    }
    found.sort_unstable();
    found.dedup();
    sort(world, package, &mut found);
    found
}

/// Sorts packages that have to do with one: those of its name first, the newest first,
/// those of its architecture first.
fn sort(world: &World<'_>, owner: SolvableId, packages: &mut [SolvableId]) {
    let universe = world.universe;
    let name =
        |p: SolvableId| (universe.name(p) != universe.name(owner), universe.text(universe.name(p)));
    let arch = |p: SolvableId| universe.arch(p) != universe.arch(owner);
    merge_sort(packages, &mut |a, b| {
        let by_name = name(*a).cmp(&name(*b));
        let by_evr = || universe.compare_evr(*b, *a);
        let by_arch = || arch(*a).cmp(&arch(*b));
        by_name.then_with(by_evr).then_with(by_arch).then(a.cmp(b)) != Ordering::Greater
    });
}

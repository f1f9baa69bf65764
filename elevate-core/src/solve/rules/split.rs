//! Parts of a split package come together (solver-rules.md A4.11).

use super::Rules;
use crate::solve::policy;
use crate::solve::world::World;
use crate::universe::{List, Literal, SolvableId, Term};

pub(super) fn add(rules: &mut Rules, world: &World<'_>) {
    if !world.goal.switches.yum_obsoletes {
        return;
    }
    for term in terms(world) {
        let groups = groups(world, term);
        for (at, group) in groups.iter().enumerate() {
            for package in group.iter().filter(|package| !package.is_installed()) {
                let others = groups.iter().enumerate().filter(|(other, _)| *other != at);
                for (_, other) in others {
                    let other = other.iter().copied().map(Literal::of);
                    rules.add(std::iter::once(-Literal::of(*package)).chain(other));
                    rules.split_by.push(term);
                }
            }
        }
    }
}

/// Obsoletes by which packages take the place of installed ones, each once.
fn terms(world: &World<'_>) -> Vec<Term> {
    let universe = world.universe;
    let mut terms = Vec::new();
    for package in universe.installed() {
        for q in world.obsoleters(package) {
            for term in universe.list(*q, List::Obsoletes) {
                let meant =
                    || installed_by(world, *term).any(|other| world.shares_colour(package, other));
                if !terms.contains(term) && meant() {
                    terms.push(*term);
                }
            }
        }
    }
    terms
}

/// Installed packages that an obsoletes is about.
fn installed_by<'w>(world: &'w World<'_>, term: Term) -> impl Iterator<Item = SolvableId> + 'w {
    let all = world.universe.providers(term).iter().copied();
    all.filter(move |p| p.is_installed() && world.universe.is_named(*p, term))
}

/// Packages with the very same obsoletes, by name; one group where nothing is split.
fn groups(world: &World<'_>, term: Term) -> Vec<Vec<SolvableId>> {
    let mut all: Vec<SolvableId> = Vec::new();
    for installed in installed_by(world, term) {
        let candidates = world.obsoleters(installed).iter().copied();
        for q in candidates.chain(world.of_name(installed)) {
            let says = || world.universe.list(q, List::Obsoletes).contains(&term);
            if world.shares_colour(installed, q) && says() && !all.contains(&q) {
                all.push(q);
            }
        }
    }
    let mut names = all.clone();
    policy::best_versions(world, &mut names);
    let of_name = |name: SolvableId| {
        all.iter().copied().filter(|q| world.is_of_name(*q, name)).collect::<Vec<_>>()
    };
    names.into_iter().map(of_name).collect()
}

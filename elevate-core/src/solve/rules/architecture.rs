//! No worse architecture than there is (solver-rules.md A4.8).

use super::Rules;
use crate::solve::world::World;
use crate::universe::{Literal, NOARCH, SolvableId, StringId, near};

/// Packages that matter, by name, in the order of each name's first.
pub(super) fn names(rules: &Rules, world: &World<'_>) -> Vec<Vec<SolvableId>> {
    let mut groups = Vec::new();
    for package in rules.members.iter() {
        let mut group = world.of_name(package).filter(|p| rules.members.contains(*p));
        if group.next() == Some(package) {
            groups.push(std::iter::once(package).chain(group).collect());
        }
    }
    groups
}

pub(super) fn add(rules: &mut Rules, world: &World<'_>, names: &[Vec<SolvableId>]) {
    for group in names {
        for (package, partners) in inferior(world, group) {
            let partners = partners.into_iter().map(Literal::of);
            rules.add(std::iter::once(-Literal::of(package)).chain(partners));
        }
    }
}

/// Packages of a name that are of a worse architecture than its best, each with those
/// beside which it may be.
fn inferior(world: &World<'_>, group: &[SolvableId]) -> Vec<(SolvableId, Vec<SolvableId>)> {
    let score = |package: SolvableId| world.universe.score(package);
    let Some(Best { score: best, allowed }) = Best::of(world, group) else { return Vec::new() };
    let is_inferior = |p: SolvableId| {
        let own = score(p);
        let is_allowed = |arch: &StringId| {
            let allowed = world.universe.target().arch_policy().score(world.universe.text(*arch));
            world.universe.arch(p) == *arch || allowed != 0 && near(own, allowed)
        };
        own != NOARCH && !near(own, best) && (p.is_installed() || !allowed.iter().any(is_allowed))
    };
    let mut found = Vec::new();
    for package in group.iter().copied().filter(|p| is_inferior(*p)) {
        let partners = partners(world, package, best);
        if !package.is_installed() || partners.iter().any(|p| p.is_installed()) {
            found.push((package, partners));
        }
    }
    found
}

/// The best architecture of a name, and others that are allowed beside it because
/// they are installed.
struct Best {
    score: u32,
    allowed: Vec<StringId>,
}

impl Best {
    fn of(world: &World<'_>, group: &[SolvableId]) -> Option<Self> {
        let universe = world.universe;
        let policy = universe.target().arch_policy();
        let mut best: Option<(u32, StringId)> = None;
        let mut allowed: Vec<StringId> = Vec::new();
        let add = |allowed: &mut Vec<StringId>, arch: StringId| {
            if !allowed.contains(&arch) {
                allowed.push(arch);
            }
        };
        for package in group.iter().copied() {
            let (score, arch) = (universe.score(package), universe.arch(package));
            if package.is_installed() && score != NOARCH {
                if !world.is_involved(package) {
                    add(&mut allowed, arch);
                }
            } else if score > NOARCH && best.is_none_or(|(known, _)| score < known) {
                best = Some((score, arch));
            }
        }
        if best.is_none() && world.goal.profile.best_arch_of_installed && allowed.len() > 1 {
            let scored = allowed.iter().map(|arch| (policy.score(universe.text(*arch)), *arch));
            best = scored.filter(|(score, _)| *score > NOARCH).min_by_key(|(score, _)| *score);
        }
        let (score, arch) = best?;
        if allowed == [arch] {
            allowed.clear();
        }
        if !allowed.is_empty() {
            allowed.clear();
            let fixed = |p: &SolvableId| p.is_installed() && !world.is_involved(*p);
            for package in group.iter().copied().filter(fixed) {
                let own = universe.score(package);
                let alone = || own != NOARCH && !near(own, score);
                if own == 0 || alone() && partners(world, package, score).is_empty() {
                    add(&mut allowed, universe.arch(package));
                }
            }
        }
        Some(Self { score, allowed })
    }
}

/// The same version for the best architecture. Without colours the two cannot be
/// there together.
fn partners(world: &World<'_>, package: SolvableId, best: u32) -> Vec<SolvableId> {
    if !world.goal.switches.colours {
        return Vec::new();
    }
    let universe = world.universe;
    let is_partner = |q: &SolvableId| {
        let score = universe.score(*q);
        *q != package
            && universe.evr(*q) == universe.evr(package)
            && universe.arch(*q) != universe.arch(package)
            && (score == NOARCH || score != 0 && near(score, best))
    };
    world.of_name(package).filter(is_partner).collect()
}

//! Only the best candidate (solver-rules.md A4.10).

use super::{BestFor, Class, RuleId, Rules, negative, positive};
use crate::solve::goal::Action;
use crate::solve::policy::{self, Mode};
use crate::solve::world::{Wanted, World};
use crate::universe::{Literal, SolvableId};

pub(super) fn add(rules: &mut Rules, world: &World<'_>) {
    for rule in rules.of_class(Class::Job) {
        let Some(at) = rules.command(rule) else { continue };
        let command = &world.goal.commands[at];
        if command.action == Action::Install && command.best {
            of_command(rules, world, rule, at);
        }
    }
    if matches!(world.to_best, Wanted::None) {
        return;
    }
    for package in world.universe.installed() {
        if world.to_update.contains(package) && world.to_best.contains(package) {
            of_installed(rules, world, package);
        }
    }
}

fn of_command(rules: &mut Rules, world: &World<'_>, rule: RuleId, command: usize) {
    let can = |p: &SolvableId| p.is_installed() || !world.is_masked(*p);
    let all: Vec<SolvableId> = positive(&rules[rule]).filter(can).collect();
    let mut best = all.clone();
    policy::filter_unseen(world, &mut best, Mode::Recommend);
    if best.is_empty() || best.len() == all.len() {
        return;
    }
    let against: Vec<SolvableId> = negative(&rules[rule]).collect();
    let against = against.into_iter().map(|package| -Literal::of(package));
    rules.add(against.chain(best.into_iter().map(Literal::of)));
    rules.best_for.push(BestFor::Command(command));
}

fn of_installed(rules: &mut Rules, world: &World<'_>, package: SolvableId) {
    let (Some(update), Some(feature)) =
        (rules.update(world, package), rules.feature(world, package))
    else {
        return;
    };
    let obeys = world.goal.switches.best_obeys_policy;
    let by_policy = obeys || rules.is_void(feature);
    let candidates = match rules.special.get(&package).filter(|_| by_policy) {
        Some(special) => {
            let own = rules[update].first() == Some(&Literal::of(package));
            own.then_some(package).into_iter().chain(special.iter().copied()).collect()
        }
        None => positive(&rules[if by_policy { update } else { feature }]).collect(),
    };
    let mut best = best_of(world, package, candidates);
    if best.is_empty() {
        return;
    }
    if obeys && !rules.is_void(feature) {
        let others = best_of(world, package, positive(&rules[feature]).collect());
        for other in others {
            if !best.contains(&other) {
                best.push(other);
            }
        }
    }
    let best: Vec<Literal> = best.into_iter().map(Literal::of).collect();
    if world.goal.switches.allow_uninstall || world.may_erase.contains(package) {
        let all = if rules.is_void(feature) { update } else { feature };
        let others: Vec<Literal> =
            rules[all].iter().copied().filter(|literal| !best.contains(literal)).collect();
        for literal in others {
            rules.add(std::iter::once(-literal).chain(best.iter().copied()));
            rules.best_for.push(BestFor::Installed(package));
        }
    } else {
        rules.add(best);
        rules.best_for.push(BestFor::Installed(package));
    }
}

/// The best of what may come for an installed package.
fn best_of(
    world: &World<'_>,
    package: SolvableId,
    mut candidates: Vec<SolvableId>,
) -> Vec<SolvableId> {
    if let Some(targets) = world.targets.get(&package) {
        candidates.retain(|q| targets.binary_search(q).is_ok());
    }
    if world.is_involved_by_name(package) {
        candidates.retain(|q| world.is_in_sync(*q));
    }
    policy::filter_unseen(world, &mut candidates, Mode::Recommend);
    candidates
}

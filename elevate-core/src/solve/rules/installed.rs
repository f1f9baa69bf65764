//! An installed package stays, or something takes its place (solver-rules.md A4.5
//! and A4.6).

use std::cmp::Ordering;

use super::closure::compare;
use super::{Class, RuleId, Rules};
use crate::solve::world::{Mode, World};
use crate::universe::{List, Literal, SolvableId};

/// One feature rule an installed package: it stays, or anything that may take its
/// place comes.
pub(super) fn add_features(rules: &mut Rules, world: &World<'_>) {
    for package in world.universe.installed() {
        let updates = world.updates(package, Mode::All);
        let acceptable = |q: &SolvableId| !q.is_installed() || world.may_stay(*q);
        if world.is_involved(package) && !world.may_stay(package) && !updates.iter().any(acceptable)
        {
            rules.add([]);
        } else {
            rules.add(or_one_of(package, updates));
        }
    }
}

/// One update rule an installed package: it stays, or something allowed takes its
/// place.
pub(super) fn add_updates(rules: &mut Rules, world: &World<'_>) {
    for package in world.universe.installed() {
        let Some(feature) = rules.feature(world, package) else { continue };
        let update = add_update(rules, world, package, feature);
        let takes_orphans = world.sync.as_ref().is_some_and(|sync| sync.takes_orphans());
        if !rules.is_void(update) && rules[feature] == [Literal::of(package)] && !takes_orphans {
            rules.orphans.push(package);
        }
        if rules.is_void(update) || compare(&rules[update], &rules[feature]) == Ordering::Equal {
            rules.void(feature);
        } else if !rules.is_void(feature) {
            rules.disable(feature);
        }
    }
    debug_assert_eq!(rules.range(Class::Feature).len(), rules.range(Class::Update).len());
}

fn add_update(
    rules: &mut Rules,
    world: &World<'_>,
    package: SolvableId,
    feature: RuleId,
) -> RuleId {
    let keeps_orphans = world.goal.switches.keep_orphans;
    if world.is_masked(package) {
        return rules.add([Literal::of(package)]);
    }
    if rules.is_void(feature) {
        rules.orphans.push(package);
        return rules.add(keeps_orphans.then(|| Literal::of(package)));
    }
    let involved = world.is_involved(package);
    let mut updates = world.updates(package, if involved { Mode::Sync } else { Mode::Normal });
    if updates.iter().any(|q| world.multi.contains(*q)) {
        let all = updates;
        let replaces = |q: &SolvableId| {
            let names = || world.universe.list(*q, List::Obsoletes).iter();
            let obsoletes = || names().any(|term| world.universe.is_named(package, *term));
            !world.multi.contains(*q)
                || world.goal.switches.keep_explicit_obsoletes && obsoletes()
                || world.is_same_build(package, *q)
        };
        let mut some: Vec<SolvableId> = all.iter().copied().filter(replaces).collect();
        if some.is_empty() && involved && !world.may_stay(package) {
            rules.orphans.push(package);
            rules.special.insert(package, all.clone());
            if keeps_orphans {
                return rules.add([Literal::of(package)]);
            }
            some = all.clone();
        }
        if some.len() < all.len() && world.to_update.contains(package) {
            rules.special.insert(package, all);
        }
        updates = some;
    }
    rules.add(or_one_of(package, updates))
}

fn or_one_of(package: SolvableId, others: Vec<SolvableId>) -> impl Iterator<Item = Literal> {
    std::iter::once(package).chain(others).map(Literal::of)
}

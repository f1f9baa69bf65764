//! Only what the repositories have (solver-rules.md A4.9).

use super::{Rules, positive};
use crate::solve::world::World;
use crate::universe::{Literal, SolvableId};

pub(super) fn add(rules: &mut Rules, world: &mut World<'_>, names: &[Vec<SolvableId>]) {
    if world.sync.is_none() {
        return;
    }
    for package in names.iter().flatten().copied() {
        if !world.is_involved(package) {
            continue;
        }
        if !package.is_installed() {
            if !world.is_in_sync(package) {
                rules.add([-Literal::of(package)]);
            }
        } else if !world.is_masked(package) && !world.is_in_sync(package) {
            match instead(rules, world, package) {
                Some(rule) => {
                    rules.add(rule);
                }
                None => {
                    if let Some(sync) = &mut world.sync {
                        sync.accept(package);
                    }
                }
            }
        }
    }
}

/// That an installed package goes, or is joined by what may come for it; `None`
/// where it may stay.
fn instead(rules: &Rules, world: &World<'_>, package: SolvableId) -> Option<Vec<Literal>> {
    if world.may_stay(package) {
        return None;
    }
    let guide = rules.guide(world, package)?;
    let own = -Literal::of(package);
    if let Some(special) = rules.special.get(&package) {
        return Some(
            std::iter::once(own).chain(special.iter().copied().map(Literal::of)).collect(),
        );
    }
    let feature = rules.feature(world, package)?;
    let is_orphan = rules[guide] == [Literal::of(package)] && rules[feature].len() < 2;
    debug_assert!(positive(&rules[guide]).next().is_some());
    (!is_orphan).then(|| vec![own])
}

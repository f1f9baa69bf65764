//! Rather update what is there than bring something new (solver-rules.md A4.13).

use std::cmp::Ordering;

use super::{Class, RuleId, Rules, positive};
use crate::solve::goal::Fixed;
use crate::solve::policy::{self, Mode};
use crate::solve::set::Set;
use crate::solve::world::World;
use crate::universe::{Literal, SolvableId};

pub(super) fn add(rules: &mut Rules, world: &World<'_>) {
    let blocked = blocked(rules);
    let mut predecessors = Predecessors::new(world);
    let mut last: Option<RuleId> = None;
    for rule in rules.of_class(Class::Package) {
        let chosen = choose(rules, &mut predecessors, rule, &blocked);
        let Some(literals) = chosen else { continue };
        if last.is_some_and(|last| rules[last] == literals) {
            continue;
        }
        last = Some(rules.add(literals));
        rules.chosen_from.push(rule);
    }
}

/// Packages that architecture or repositories forbid.
fn blocked(rules: &Rules) -> Set {
    let mut blocked = Set::default();
    for rule in rules.of_class(Class::Architecture).chain(rules.of_class(Class::Sync)) {
        if let [literal] = &rules[rule]
            && !literal.is_positive()
        {
            blocked.insert(literal.package());
        }
    }
    blocked
}

/// An installed package, and what of a rule's candidates may take its place.
struct Pair {
    installed: SolvableId,
    update: SolvableId,
}

fn choose(
    rules: &Rules,
    predecessors: &mut Predecessors<'_, '_>,
    rule: RuleId,
    blocked: &Set,
) -> Option<Vec<Literal>> {
    let world = predecessors.world;
    let literals = &rules[rule];
    let first = *literals.first().filter(|first| !first.is_positive())?;
    // An update and something new are two.
    if literals.len() < 3 {
        return None;
    }
    let mut pairs = Vec::new();
    let mut fresh = false;
    for package in positive(literals).filter(|package| *package != SolvableId::SYSTEM) {
        match predecessors.of(package) {
            Some(installed) if package.is_installed() => {
                pairs.push(Pair { installed, update: package });
            }
            Some(installed) => {
                let illegal = world.is_illegal(installed, package, Fixed::default());
                if !blocked.contains(package) && !illegal {
                    pairs.push(Pair { installed, update: package });
                }
            }
            None => fresh = true,
        }
    }
    if !fresh || pairs.is_empty() {
        return None;
    }
    drop_idle(rules, world, literals, &mut pairs);
    let all: Vec<SolvableId> = positive(literals).collect();
    let within = |pair: &Pair| match rules.guide(world, pair.installed) {
        Some(guide) => rules[guide].iter().all(|l| l.is_positive() && all.contains(&l.package())),
        None => true,
    };
    if pairs.is_empty() || pairs.iter().all(within) {
        return None;
    }
    let mut chosen = vec![first];
    chosen.extend(literals[1..].iter().filter(|literal| !literal.is_positive()));
    chosen.extend(pairs.iter().map(|pair| Literal::of(pair.update)));
    Some(chosen)
}

/// Leaves out updates that nobody would choose.
fn drop_idle(rules: &Rules, world: &World<'_>, literals: &[Literal], pairs: &mut Vec<Pair>) {
    let all: Vec<SolvableId> = positive(literals).collect();
    let mut against = literals.iter().filter(|l| !l.is_positive()).map(|l| l.package());
    if world.goal.profile.choose_by_updates {
        if !against.any(|p| p.is_installed() && !world.to_update.contains(p)) {
            pairs.retain(|pair| {
                let wanted = world.to_update.contains(pair.installed) || is_downgrade(world, pair);
                !(wanted && leads_elsewhere(rules, world, pair.installed, &all))
            });
        }
    } else {
        let mut owners = literals.iter().take_while(|l| !l.is_positive()).map(|l| l.package());
        if owners.all(|owner| is_newest(rules, world, owner)) {
            pairs.retain(|pair| !leads_elsewhere(rules, world, pair.installed, &all));
        }
    }
}

fn is_downgrade(world: &World<'_>, pair: &Pair) -> bool {
    (world.goal.switches.allow_downgrade || world.sync.is_some())
        && world.is_of_name(pair.installed, pair.update)
        && world.universe.compare_evr(pair.installed, pair.update) == Ordering::Greater
}

/// Whether the best of what may come for an installed package is none of these.
fn leads_elsewhere(
    rules: &Rules,
    world: &World<'_>,
    installed: SolvableId,
    all: &[SolvableId],
) -> bool {
    let Some(guide) = rules.guide(world, installed) else { return false };
    let mut best: Vec<SolvableId> = positive(&rules[guide]).collect();
    policy::filter_unseen(world, &mut best, Mode::Choose);
    !best.iter().any(|package| all.contains(package))
}

/// Whether a package is what its own update would choose.
fn is_newest(rules: &Rules, world: &World<'_>, package: SolvableId) -> bool {
    let mut candidates: Vec<SolvableId> = match predecessor(world, package) {
        Some(installed) => match rules.guide(world, installed) {
            Some(guide) => {
                let others = positive(&rules[guide]).filter(|p| *p != installed);
                others.chain([installed]).collect()
            }
            None => return true,
        },
        None => world.of_name(package).filter(|p| *p != package).chain([package]).collect(),
    };
    if let [only] = candidates.as_slice() {
        return *only == package;
    }
    policy::filter_unseen(world, &mut candidates, Mode::Choose);
    candidates.contains(&package)
}

/// The installed package whose place each one takes, found once for all the rules it
/// is in.
struct Predecessors<'w, 'u> {
    world: &'w World<'u>,
    /// By package, as far as they were asked for.
    known: Vec<Option<Option<SolvableId>>>,
}

impl<'w, 'u> Predecessors<'w, 'u> {
    fn new(world: &'w World<'u>) -> Self {
        Self { world, known: vec![None; world.universe.end()] }
    }

    fn of(&mut self, package: SolvableId) -> Option<SolvableId> {
        *self.known[package.index()].get_or_insert_with(|| predecessor(self.world, package))
    }
}

/// The installed package whose place a package takes; itself where it is installed.
fn predecessor(world: &World<'_>, package: SolvableId) -> Option<SolvableId> {
    if package.is_installed() {
        return Some(package);
    }
    let mut same = world.of_name(package);
    same.find(|p| p.is_installed() && world.shares_colour(package, *p))
        .or_else(|| world.taken_over(package).next())
}

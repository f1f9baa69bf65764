//! What can be given up: one command, one package, one wish about a name.

use super::case::Case;
use crate::solve::rules::{Class, RuleId};
use crate::universe::{Literal, SolvableId, StringId};

/// Something that can be given up, and the rules that go with it (solver-search.md
/// B8.4). Where two sets of them are as good, the lower one is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    /// That the best comes for an installed package.
    Best(SolvableId),
    /// That the best comes for a command.
    BestOf(usize),
    /// That an installed package stays or is replaced.
    Stay(SolvableId),
    /// That packages of a name are of its best architecture.
    Architecture(StringId),
    /// That packages of a name are what the repositories have.
    Follow(StringId),
    /// A command.
    Command(usize),
}

/// What it costs to give up a command, or a package that may not be erased although
/// others may.
const DEAR: u32 = 10;

impl Unit {
    /// What it costs to give it up, where packages may not be erased for nothing.
    pub(super) fn weight(self) -> u32 {
        match self {
            Unit::Best(_) | Unit::BestOf(_) | Unit::Stay(_) => 1,
            Unit::Architecture(_) => 2,
            Unit::Follow(_) => 3,
            Unit::Command(_) => DEAR,
        }
    }
}

impl Case<'_> {
    /// What it costs to give something up so that the goal can be had: a package that may
    /// be erased goes for nothing.
    pub(super) fn cost(&self, unit: Unit) -> u32 {
        match unit {
            Unit::Stay(package) if self.may_erase(package) => 0,
            Unit::Stay(_) if !self.world.may_erase.is_empty() => DEAR,
            other => other.weight(),
        }
    }

    fn may_erase(&self, package: SolvableId) -> bool {
        self.world.goal.switches.allow_uninstall || self.world.may_erase.contains(package)
    }

    /// What can be given up so that a rule counts no more; nothing for one that always
    /// does.
    pub(super) fn units(&self, rule: RuleId) -> Vec<Unit> {
        let rules = &self.rules;
        let name = || rules[rule].first().map(|l| self.world.universe.name(l.package()));
        let command = rules.command(rule).map(|at| self.original(at));
        match rules.class(rule) {
            Class::Job => command.map(Unit::Command).into_iter().collect(),
            Class::Architecture => name().map(Unit::Architecture).into_iter().collect(),
            Class::Sync => name().map(Unit::Follow).into_iter().collect(),
            Class::Feature | Class::Update => {
                rules.installed(&self.world, rule).map(Unit::Stay).into_iter().collect()
            }
            Class::Best => match (rules.best_for(rule), command) {
                (Some(package), _) => self.of_best(rule, package),
                (None, Some(at)) => vec![Unit::BestOf(at), Unit::Command(at)],
                (None, None) => Vec::new(),
            },
            Class::Package | Class::Split | Class::Choice | Class::Learnt => Vec::new(),
        }
    }

    /// One that asks for the best without a condition cannot hold where the package goes.
    fn of_best(&self, rule: RuleId, package: SolvableId) -> Vec<Unit> {
        let follow = Unit::Follow(self.world.universe.name(package));
        let mut units = vec![Unit::Best(package), follow];
        if self.rules[rule].first().is_some_and(|first: &Literal| first.is_positive()) {
            units.push(Unit::Stay(package));
        }
        units
    }

    /// A unit, and others that give up all that it does and more.
    pub(super) fn as_good(&self, unit: Unit) -> Vec<Unit> {
        let mut units = vec![unit];
        match unit {
            Unit::Best(package) => {
                units.push(Unit::Follow(self.world.universe.name(package)));
                if !self.may_erase(package) {
                    units.push(Unit::Stay(package));
                }
            }
            Unit::BestOf(command) => units.push(Unit::Command(command)),
            _ => {}
        }
        units
    }

    /// What can be given up so that not all of these rules count, each once, in order.
    pub(super) fn units_of(&self, rules: &[RuleId]) -> Vec<Unit> {
        let mut units: Vec<Unit> = rules.iter().flat_map(|rule| self.units(*rule)).collect();
        units.sort_unstable();
        units.dedup();
        units
    }
}

//! The rules of a goal, to be asked which of them can hold together.

use super::unit::Unit;
use crate::solve::goal::Goal;
use crate::solve::outcome::Outcome;
use crate::solve::rules::{RuleId, Rules};
use crate::solve::search::Search;
use crate::solve::world::World;
use crate::universe::Universe;

/// The rules of a goal.
pub(super) struct Case<'u> {
    pub(super) world: World<'u>,
    pub(super) rules: Rules,
    /// For each command its number in the goal that was asked first.
    commands: Vec<usize>,
}

/// How often the solver may still be asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget(pub(super) u32);

impl Budget {
    /// Takes one question; whether there was one.
    pub(super) fn take(&mut self) -> bool {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or_default();
        left.is_some()
    }
}

impl<'u> Case<'u> {
    pub(super) fn new(universe: &'u Universe, goal: &'u Goal) -> Self {
        let all = (0..goal.commands.len()).collect();
        Self::of(universe, goal, all)
    }

    fn of(universe: &'u Universe, goal: &'u Goal, commands: Vec<usize>) -> Self {
        let mut world = World::new(universe, goal);
        let rules = Rules::new(&mut world);
        Self { world, rules, commands }
    }

    /// The number of a command in the goal that was asked first.
    pub(super) fn original(&self, command: usize) -> usize {
        self.commands.get(command).copied().unwrap_or(command)
    }

    /// Rules that hold unless something is given up.
    pub(super) fn binding(&self) -> impl Iterator<Item = RuleId> + '_ {
        let all = (1..self.rules.end()).map(RuleId);
        all.filter(|rule| {
            self.rules.is_enabled(*rule)
                && !self.rules.is_void(*rule)
                && !self.rules.is_weak(&self.world, *rule)
        })
    }

    /// Some of these rules that cannot hold together; `None` where all can.
    pub(super) fn contradiction(&self, rules: &[RuleId]) -> Option<Vec<RuleId>> {
        let found = Search::new(&self.world, self.rules.alone(rules)).contradiction()?;
        let original = |rule: RuleId| rules.get(rule.index().checked_sub(1)?).copied();
        Some(found.into_iter().filter_map(original).collect())
    }

    /// What is left of rules that cannot hold together when none of them can be left out
    /// any more, in order; and whether the budget was enough to find out.
    pub(super) fn minimal(&self, core: &[RuleId], budget: &mut Budget) -> (Vec<RuleId>, bool) {
        let mut core = core.to_vec();
        let mut at = 0;
        while at < core.len() {
            if !budget.take() {
                return (core, false);
            }
            let mut less = core.clone();
            less.remove(at);
            match self.contradiction(&less) {
                Some(found) => core = less.into_iter().filter(|r| found.contains(r)).collect(),
                // It is needed, and stays so when others go.
                None => at += 1,
            }
        }
        (core, true)
    }

    /// The whole search once more, with some things given up: commands are not asked,
    /// and other rules do not count.
    pub(super) fn without(universe: &Universe, goal: &Goal, given_up: &[Unit]) -> Attempt {
        let asked = |at: &usize| !given_up.contains(&Unit::Command(*at));
        let kept: Vec<usize> = (0..goal.commands.len()).filter(asked).collect();
        let commands = kept.iter().filter_map(|at| goal.commands.get(*at).cloned()).collect();
        let goal = Goal { commands, ..goal.clone() };
        let mut case = Case::of(universe, &goal, kept);
        for rule in case.binding().collect::<Vec<_>>() {
            if case.units(rule).iter().any(|unit| given_up.contains(unit)) {
                case.rules.disable(rule);
            }
        }
        let mut search = Search::new(&case.world, case.rules.clone());
        search.run();
        let outcome = Outcome::of(search, universe);
        let problem = outcome.problems().first();
        let core = problem.map(|problem| case.units_of(&problem.proof)).unwrap_or_default();
        Attempt { outcome, core }
    }
}

/// A search with some things given up.
pub(super) struct Attempt {
    pub(super) outcome: Outcome,
    /// One of these has to be given up too, where there is no solution.
    pub(super) core: Vec<Unit>,
}

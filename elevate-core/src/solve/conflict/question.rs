//! What has to be given up so that a goal can be had: the cheapest answers, each tried
//! out (solver-search.md B8.4).

use std::collections::BTreeSet;

use super::case::{Attempt, Budget, Case};
use super::hitting::{Core, Hitting, TooMany};
use super::unit::Unit;
use crate::solve::outcome::Outcome;
use crate::solve::rules::RuleId;

/// A goal that cannot be had, and what is known about that.
pub(super) struct Question<'q> {
    pub(super) case: &'q Case<'q>,
    /// What the solver made of the goal.
    pub(super) before: &'q Outcome,
    /// A command that is not to be left out: the goal was to have it.
    pub(super) wanted: Option<usize>,
    /// How often the solver may be asked about everything.
    pub(super) budget: Budget,
    /// How often it may be asked about a few rules.
    pub(super) small: Budget,
}

/// What can be given up, and what comes of it.
pub(super) struct Answer {
    pub(super) units: Vec<Unit>,
    pub(super) cost: u32,
    pub(super) outcome: Outcome,
}

/// Why no more answers were looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// There is none.
    NoMore,
    /// There are enough.
    Enough,
    /// The solver was asked often enough.
    Budget,
}

/// Rules that contradict each other, as what can be given up: one of `hit` has to be,
/// where all of `given` are.
pub(super) struct Found {
    given: Vec<Unit>,
    hit: Vec<Unit>,
}

impl Question<'_> {
    /// The cheapest answers, in order, so many at most. Known cores are a start. Where
    /// the budget ends before the first is found, one that may not be the cheapest; that
    /// takes as much again.
    pub(super) fn answers(mut self, known: &[Vec<RuleId>], most: usize) -> (Vec<Answer>, Stop) {
        let reserve = self.budget;
        let binding: Vec<RuleId> = self.case.binding().collect();
        let is_binding = |rule: &RuleId| binding.binary_search(rule).is_ok();
        let known = known.iter().filter(|core| core.iter().all(is_binding));
        let mut cores: Vec<Found> = known.map(|core| self.core(core)).collect();
        let (mut answers, stop) = self.cheapest_answers(&binding, &mut cores, most);
        if answers.is_empty() && stop == Stop::Budget {
            self.budget = reserve;
            answers.extend(self.some_answer(&binding, &cores));
        }
        (answers, stop)
    }

    fn cheapest_answers(
        &mut self,
        binding: &[RuleId],
        cores: &mut Vec<Found>,
        most: usize,
    ) -> (Vec<Answer>, Stop) {
        let mut closed: Vec<Vec<Unit>> = Vec::new();
        let mut answers = Vec::new();
        while answers.len() < most {
            let units = match self.cheapest(cores, &closed) {
                Ok(Some(units)) => units,
                Ok(None) => return (answers, Stop::NoMore),
                Err(TooMany) => return (answers, Stop::Budget),
            };
            if !self.budget.take() {
                return (answers, Stop::Budget);
            }
            if let Some(core) = self.clash(binding, &units) {
                cores.push(core);
                continue;
            }
            match self.try_out(&units) {
                Some(Tried::Works(answer)) => {
                    closed.push(answer.units.clone());
                    answers.push(*answer);
                }
                Some(Tried::Needs(core)) => cores.push(core),
                Some(Tried::Fails) => closed.push(units),
                None => return (answers, Stop::Budget),
            }
        }
        (answers, Stop::Enough)
    }

    /// An answer that gives up the cheapest of each core in turn, without what later ones
    /// make needless.
    pub(super) fn some_answer(&mut self, binding: &[RuleId], cores: &[Found]) -> Option<Answer> {
        let mut units: Vec<Unit> = Vec::new();
        let mut known = cores.iter().filter(|core| core.given.is_empty());
        loop {
            let clash = match known.next() {
                Some(core) => Some(core.hit.clone()),
                None if self.budget.take() => self.clash(binding, &units).map(|core| core.hit),
                None => return None,
            };
            let Some(hit) = clash else { break };
            if !hit.iter().any(|unit| units.contains(unit)) {
                units.push(hit.into_iter().min_by_key(|unit| (self.cost(*unit), *unit))?);
            }
        }
        units.sort_unstable_by_key(|unit| (std::cmp::Reverse(self.cost(*unit)), *unit));
        let mut at = 0;
        while at < units.len() && self.budget.0 > 2 && self.budget.take() {
            let mut less = units.clone();
            less.remove(at);
            match self.case.contradiction(&self.left(binding, &less)) {
                Some(_) => at += 1,
                None => units = less,
            }
        }
        match self.try_out(&units)? {
            Tried::Works(answer) => Some(*answer),
            Tried::Needs(_) | Tried::Fails => None,
        }
    }

    /// What the rules that are left contradict each other in, if they do.
    fn clash(&mut self, binding: &[RuleId], given_up: &[Unit]) -> Option<Found> {
        let core = self.case.contradiction(&self.left(binding, given_up))?;
        let (core, _) = self.case.minimal(&core, &mut self.small);
        Some(self.core(&core))
    }

    /// The rules that count when some things are given up.
    fn left(&self, binding: &[RuleId], given_up: &[Unit]) -> Vec<RuleId> {
        let counts = |rule: &RuleId| {
            let units = self.case.units(*rule);
            !units.iter().any(|unit| given_up.contains(unit))
        };
        binding.iter().copied().filter(counts).collect()
    }

    fn core(&self, rules: &[RuleId]) -> Found {
        self.found(&[], self.case.units_of(rules))
    }

    fn found(&self, given: &[Unit], mut hit: Vec<Unit>) -> Found {
        hit.retain(|unit| Some(*unit) != self.wanted.map(Unit::Command));
        Found { given: given.to_vec(), hit }
    }

    /// Makes the whole search with this given up: with what costs something, and where
    /// that is not enough with all of it. `None` where the budget does not allow it.
    fn try_out(&mut self, units: &[Unit]) -> Option<Tried> {
        let dear: Vec<Unit> = units.iter().copied().filter(|unit| self.cost(*unit) > 0).collect();
        if !dear.is_empty()
            && dear.len() < units.len()
            && let works @ Tried::Works(_) = self.attempt(&dear)?
        {
            return Some(works);
        }
        self.attempt(units)
    }

    fn attempt(&mut self, units: &[Unit]) -> Option<Tried> {
        if !self.budget.take() {
            return None;
        }
        let Attempt { outcome, core } =
            Case::without(self.case.world.universe, self.case.world.goal, units);
        if outcome.is_solved() {
            if !self.is_cheap(&outcome, units) {
                return Some(Tried::Fails);
            }
            let cost = units.iter().map(|unit| self.cost(*unit)).sum();
            return Some(Tried::Works(Box::new(Answer { units: units.to_vec(), cost, outcome })));
        }
        let commands = units.iter().filter(|unit| matches!(unit, Unit::Command(_)));
        let core = self.found(&commands.copied().collect::<Vec<_>>(), core);
        let is_hit = core.hit.iter().any(|unit| units.contains(unit));
        Some(if is_hit { Tried::Fails } else { Tried::Needs(core) })
    }

    /// Whether nothing was given up on the way that would cost more.
    pub(super) fn is_cheap(&self, outcome: &Outcome, units: &[Unit]) -> bool {
        outcome.erasures.iter().all(|erasure| {
            let unit = Unit::Stay(erasure.package);
            self.cost(unit) == 0 || units.contains(&unit)
        })
    }

    /// What it costs to give something up. Where one package is wanted, no other is to go
    /// for it that did not have to go anyway.
    pub(super) fn cost(&self, unit: Unit) -> u32 {
        match (self.wanted, unit) {
            (None, _) => self.case.cost(unit),
            (Some(_), Unit::Stay(package)) if !self.before.is_present(package) => 0,
            (Some(_), _) => unit.weight(),
        }
    }

    fn cheapest(
        &self,
        cores: &[Found],
        closed: &[Vec<Unit>],
    ) -> Result<Option<Vec<Unit>>, TooMany> {
        let all: BTreeSet<Unit> =
            cores.iter().flat_map(|core| core.given.iter().chain(&core.hit)).copied().collect();
        let units: Vec<Unit> = all.into_iter().collect();
        let numbers = |some: &[Unit]| -> Vec<usize> {
            some.iter().filter_map(|unit| units.binary_search(unit).ok()).collect()
        };
        let groups = |unit: &Unit| numbers(&self.case.as_good(*unit));
        let core = |found: &Found| Core { given: numbers(&found.given), hit: numbers(&found.hit) };
        let question = Hitting {
            costs: units.iter().map(|unit| self.cost(*unit)).collect(),
            cores: cores.iter().map(core).collect(),
            closed: closed.iter().map(|set| set.iter().map(groups).collect()).collect(),
        };
        let found = question.cheapest()?;
        Ok(found.map(|set| set.into_iter().map(|at| units[at]).collect()))
    }
}

/// What comes of trying something out.
enum Tried {
    Works(Box<Answer>),
    /// This has to be given up too.
    Needs(Found),
    Fails,
}

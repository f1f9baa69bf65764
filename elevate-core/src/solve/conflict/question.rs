//! What has to be given up so that a goal can be had: the cheapest answers, each tried
//! out (solver-search.md B8.4).

use std::collections::BTreeSet;

use super::case::{Attempt, Budget, Case};
use super::hitting::{Core, Hitting};
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
struct Found {
    given: Vec<Unit>,
    hit: Vec<Unit>,
}

impl Question<'_> {
    /// The cheapest answers, in order, so many at most. Known cores are a start.
    pub(super) fn answers(mut self, known: &[Vec<RuleId>], most: usize) -> (Vec<Answer>, Stop) {
        let binding: Vec<RuleId> = self.case.binding().collect();
        let known = known.iter().filter(|core| core.iter().all(|rule| binding.contains(rule)));
        let mut cores: Vec<Found> = known.map(|core| self.core(&[], core)).collect();
        let mut closed: Vec<Vec<Unit>> = Vec::new();
        let mut answers = Vec::new();
        while answers.len() < most {
            let units = match self.cheapest(&cores, &closed) {
                Ok(Some(units)) => units,
                Ok(None) => return (answers, Stop::NoMore),
                Err(_) => return (answers, Stop::Budget),
            };
            if !self.budget.take() {
                return (answers, Stop::Budget);
            }
            if let Some(core) = self.clash(&binding, &units) {
                cores.push(core);
                continue;
            }
            match self.try_out(&units) {
                Some(Tried::Works(answer)) => {
                    let answer = *answer;
                    closed.push(answer.units.clone());
                    answers.push(answer);
                }
                Some(Tried::Needs(core)) => cores.push(core),
                Some(Tried::Fails) => closed.push(units),
                None => return (answers, Stop::Budget),
            }
        }
        (answers, Stop::Enough)
    }

    /// What the rules that are left contradict each other in, if they do.
    fn clash(&mut self, binding: &[RuleId], given_up: &[Unit]) -> Option<Found> {
        let counts = |rule: &RuleId| {
            let units = self.case.units(*rule);
            !units.iter().any(|unit| given_up.contains(unit))
        };
        let left: Vec<RuleId> = binding.iter().copied().filter(counts).collect();
        let core = self.case.contradiction(&left)?;
        let (core, _) = self.case.minimal(&core, &mut self.small);
        Some(self.core(&[], &core))
    }

    fn core(&self, given: &[Unit], rules: &[RuleId]) -> Found {
        self.found(given, self.case.units_of(rules))
    }

    fn found(&self, given: &[Unit], mut hit: Vec<Unit>) -> Found {
        hit.retain(|unit| Some(*unit) != self.wanted.map(Unit::Command));
        Found { given: given.to_vec(), hit }
    }

    /// Makes the whole search with this given up: what costs something, and where that is
    /// not enough all of it. `None` where the budget does not allow it.
    fn try_out(&mut self, units: &[Unit]) -> Option<Tried> {
        let dear: Vec<Unit> = units.iter().copied().filter(|unit| self.cost(*unit) > 0).collect();
        let some = !dear.is_empty() && dear.len() < units.len();
        let steps = some.then_some(dear.as_slice()).into_iter().chain([units]);
        let mut last = Tried::Fails;
        for units in steps {
            if !self.budget.take() {
                return None;
            }
            let Attempt { outcome, core } =
                Case::without(self.case.world.universe, self.case.world.goal, units);
            if outcome.is_solved() {
                if self.is_cheap(&outcome, units) {
                    let cost = units.iter().map(|unit| self.cost(*unit)).sum();
                    let units = units.to_vec();
                    let answer = Answer { units, cost, outcome };
                    return Some(Tried::Works(Box::new(answer)));
                }
                last = Tried::Fails;
                continue;
            }
            let commands = units.iter().filter(|unit| matches!(unit, Unit::Command(_)));
            let given: Vec<Unit> = commands.copied().collect();
            let core = self.found(&given, core);
            let is_hit = core.hit.iter().any(|unit| units.contains(unit));
            last = if is_hit { Tried::Fails } else { Tried::Needs(core) };
        }
        Some(last)
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
    ) -> Result<Option<Vec<Unit>>, super::hitting::TooMany> {
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

//! Which steps of a transaction are to come before which.

use super::super::MOST_LINKS;
use super::super::condition::{Condition, ConditionId, Conditions, Members, Node, Rich};
use super::super::state::State;
use super::super::{Bond, Requirement};
use super::Step;
use super::arrange::Edge;
use crate::universe::{List, SolvableId, Term, Universe};

/// Finds out which steps hold to which.
pub(super) struct Weaver<'s> {
    universe: &'s Universe,
    steps: &'s [Step],
    /// The step each package is a part of; none where it stays.
    step_of: Vec<Option<usize>>,
    conditions: Conditions,
    /// What the packages of all steps ask for, each with the step.
    requirements: Vec<(usize, Requirement)>,
    /// What is installed now.
    now: State,
    /// What is now and stays.
    staying: State,
    /// What is there in the end.
    at_last: State,
}

impl<'s> Weaver<'s> {
    /// For steps in the order of their packages.
    pub(super) fn new(universe: &'s Universe, steps: &'s [Step]) -> Self {
        let arriving = steps.iter().filter(|step| !step.is_removal()).map(|step| step.package);
        // Installed packages have lower numbers.
        let packages: Vec<SolvableId> = universe.installed().chain(arriving).collect();
        let members = Members::new(universe, &packages);
        let mut step_of = vec![None; packages.len()];
        let mut conditions = Conditions::default();
        let mut requirements = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let replaced = step.replaces.iter().filter_map(|package| members.number(*package));
            replaced.for_each(|node| step_of[node as usize] = Some(at));
            if let Some(owner) = members.number(step.package) {
                step_of[owner as usize] = Some(at);
                let asked = conditions.asked(step.package, owner, &members).into_iter();
                let asked = asked.filter(|asked| weight(asked.bond, step).is_some());
                requirements.extend(asked.map(|asked| (at, asked)));
            }
        }
        let is = |rule: fn(SolvableId, bool) -> bool| {
            let there = packages.iter().zip(&step_of);
            State::of(there.map(|(p, step)| rule(*p, step.is_none())).collect(), &conditions)
        };
        Self {
            now: is(|package, _| package.is_installed()),
            staying: is(|package, untouched| package.is_installed() && untouched),
            at_last: is(|package, untouched| !package.is_installed() || untouched),
            universe,
            steps,
            step_of,
            conditions,
            requirements,
        }
    }

    /// What a package of a step asks for.
    pub(super) fn requirement(&self, asked: usize) -> Option<&Requirement> {
        self.requirements.get(asked).map(|(_, requirement)| requirement)
    }

    /// One edge, the heaviest, for any two steps, in the order of cutting; and
    /// whether there were too many.
    pub(super) fn edges(&self) -> (Vec<Edge>, bool) {
        let mut edges = self.in_the_way();
        let mut asked = 0..self.requirements.len();
        while edges.len() < MOST_LINKS
            && let Some(asked) = asked.next()
        {
            edges.extend(self.bonds(asked));
        }
        edges.sort_unstable_by_key(|edge| {
            (edge.first, edge.then, u8::MAX - edge.weight, edge.asked)
        });
        edges.dedup_by_key(|edge| (edge.first, edge.then));
        edges.sort_unstable();
        (edges, !asked.is_empty())
    }

    /// The edges because of one thing that is asked for.
    pub(super) fn bonds(&self, asked: usize) -> Vec<Edge> {
        let Some((step, requirement)) = self.requirements.get(asked) else { return Vec::new() };
        let Some((this, weight)) =
            self.steps.get(*step).and_then(|this| Some((this, weight(requirement.bond, this)?)))
        else {
            return Vec::new();
        };
        let others = self.thanks_to(requirement, this.is_removal()).into_iter();
        let others = others.filter_map(|(node, only)| Some((self.step_of(node)?, only)));
        let edge = |(other, only)| {
            let (first, then) = if this.is_removal() { (*step, other) } else { (other, *step) };
            let weight = if only { weight } else { (weight - 1).max(1) };
            Edge { weight, then, first, asked: Some(asked) }
        };
        others.filter(|(other, _)| other != step).map(edge).collect()
    }

    fn step_of(&self, node: Node) -> Option<usize> {
        self.step_of.get(node as usize).copied().flatten()
    }

    /// Packages of steps that a requirement is met by, and whether no other one
    /// would do. What is met by packages that stay, or for a removed package by those
    /// that arrive, holds to no step.
    fn thanks_to(&self, requirement: &Requirement, removal: bool) -> Vec<(Node, bool)> {
        let (state, settled) =
            if removal { (&self.now, &self.at_last) } else { (&self.at_last, &self.staying) };
        let mut found = Vec::new();
        let mut open: Vec<(ConditionId, bool)> = vec![(requirement.condition, true)];
        while let Some((id, only)) = open.pop() {
            let is_settled = settled.holds(id);
            match self.conditions.get(id) {
                Some(Condition::Rich(rich @ Rich::Choice { .. })) => {
                    open.extend(rich.thanks_to(|part| state.holds(part)).map(|part| (part, only)));
                }
                _ if is_settled || !state.holds(id) => {}
                Some(Condition::Rich(rich)) => {
                    let parts: Vec<ConditionId> =
                        rich.thanks_to(|part| state.holds(part)).collect();
                    let only = only && (parts.len() == 1 || matches!(rich, Rich::Both(..)));
                    open.extend(parts.into_iter().map(|part| (part, only)));
                }
                Some(Condition::Any { providers, .. }) => {
                    if providers.binary_search(&requirement.owner).is_err() {
                        let here = || providers.iter().filter(|node| state.is_here(**node));
                        let only = only && here().count() == 1;
                        found.extend(here().map(|node| (*node, only)));
                    }
                }
                None => {}
            }
        }
        found
    }

    /// Removed packages that an installed one conflicts with or obsoletes go first.
    fn in_the_way(&self) -> Vec<Edge> {
        let mut edges = Vec::new();
        let weight = IN_THE_WAY;
        for (then, step) in self.steps.iter().enumerate().filter(|(_, step)| !step.is_removal()) {
            let package = step.package;
            let obsoletes = self.universe.list(package, List::Obsoletes).iter();
            let obsoleted = obsoletes.flat_map(|term| {
                self.removed(*term).filter(|(_, p)| self.universe.is_named(*p, *term))
            });
            let conflicts = self.universe.list(package, List::Conflicts).iter();
            let conflicting = conflicts.flat_map(|term| self.removed(*term));
            let edge = |(first, _)| Edge { weight, then, first, asked: None };
            edges.extend(obsoleted.chain(conflicting).map(edge));
        }
        edges
    }

    /// Providers of a term that are removed, each with its step.
    fn removed(&self, term: Term) -> impl Iterator<Item = (usize, SolvableId)> {
        let providers = self.universe.providers(term).iter().copied();
        providers.filter(|package| package.is_installed()).filter_map(|package| {
            let at = self.steps.binary_search_by_key(&package, |step| step.package);
            at.ok().map(|at| (at, package))
        })
    }
}

const IN_THE_WAY: u8 = 2;

/// How much is lost with a bond to the only package that would do; `None` where
/// the order does not depend on it.
fn weight(bond: Bond, step: &Step) -> Option<u8> {
    match bond {
        Bond::RequiresBefore => Some(3),
        Bond::Requires => Some(2),
        Bond::Recommends if !step.is_removal() => Some(1),
        Bond::Recommends | Bond::Supplements => None,
    }
}

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
    /// What the packages of all steps ask for.
    asked: Vec<Asked>,
    /// What is installed now.
    now: State,
    /// What is now and stays.
    staying: State,
    /// What is there in the end.
    at_last: State,
}

/// Something the package of a step asks for.
struct Asked {
    step: usize,
    /// How much is lost where the only one that would do is not there in time.
    weight: u8,
    requirement: Requirement,
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
        let mut asked = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let replaced = step.replaces.iter().filter_map(|package| members.number(*package));
            replaced.for_each(|node| step_of[node as usize] = Some(at));
            if let Some(owner) = members.number(step.package) {
                step_of[owner as usize] = Some(at);
                let all = conditions.asked(step.package, owner, &members).into_iter();
                asked.extend(all.filter_map(|requirement| {
                    let weight = weight(requirement.bond, step)?;
                    Some(Asked { step: at, weight, requirement })
                }));
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
            asked,
        }
    }

    /// What a package of a step asks for.
    pub(super) fn requirement(&self, asked: usize) -> Option<&Requirement> {
        self.asked.get(asked).map(|asked| &asked.requirement)
    }

    /// One edge, the heaviest, for any two steps, in the order of cutting; and
    /// whether there were too many.
    pub(super) fn edges(&self) -> (Vec<Edge>, bool) {
        let bonds = (0..self.asked.len()).flat_map(|asked| self.bonds(asked));
        let mut all = self.in_the_way().chain(bonds);
        let mut edges: Vec<Edge> = all.by_ref().take(MOST_LINKS).collect();
        let incomplete = all.next().is_some();
        edges.sort_unstable_by_key(|edge| {
            (edge.first, edge.then, u8::MAX - edge.weight, edge.asked)
        });
        edges.dedup_by_key(|edge| (edge.first, edge.then));
        edges.sort_unstable();
        (edges, incomplete)
    }

    /// The edges because of one thing that is asked for.
    pub(super) fn bonds(&self, asked: usize) -> Vec<Edge> {
        let Some(Asked { step, weight, requirement }) = self.asked.get(asked) else {
            return Vec::new();
        };
        let removal = self.is_removal(*step);
        let others = self.thanks_to(requirement, removal).into_iter();
        let others = others.filter_map(|(node, only)| Some((self.step_of(node)?, only)));
        let edge = |(other, only): (usize, bool)| {
            let (first, then) = if removal { (*step, other) } else { (other, *step) };
            let weight = if only { *weight } else { weight.saturating_sub(1).max(1) };
            Edge { weight, then, first, asked: Some(asked) }
        };
        others.filter(|(other, _)| other != step).map(edge).collect()
    }

    fn step_of(&self, node: Node) -> Option<usize> {
        self.step_of.get(node as usize).copied().flatten()
    }

    fn is_removal(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(Step::is_removal)
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
            match self.conditions.get(id) {
                // A condition that is not there yet settles nothing.
                Some(Condition::Rich(rich @ Rich::Choice { .. })) => {
                    open.extend(rich.thanks_to(|part| state.holds(part)).map(|part| (part, only)));
                }
                _ if settled.holds(id) || !state.holds(id) => {}
                Some(Condition::Rich(rich)) => {
                    let parts: Vec<_> = rich.thanks_to(|part| state.holds(part)).collect();
                    let only = only && (parts.len() == 1 || matches!(rich, Rich::Both(..)));
                    open.extend(parts.into_iter().map(|part| (part, only)));
                }
                Some(Condition::Any { providers, .. }) => {
                    let is_owner = providers.binary_search(&requirement.owner).is_ok();
                    let here = || providers.iter().filter(|node| state.is_here(**node));
                    let only = only && here().count() == 1;
                    found.extend(here().filter(|_| !is_owner).map(|node| (*node, only)));
                }
                None => {}
            }
        }
        found
    }

    /// A removed package goes before one that obsoletes it or conflicts with it, or
    /// that it conflicts with.
    fn in_the_way(&self) -> impl Iterator<Item = Edge> {
        let steps = self.steps.iter().enumerate();
        let pairs = steps.flat_map(|(at, step)| self.against(step).map(move |other| (at, other)));
        pairs.filter_map(move |(at, other)| {
            let (first, then) = match (self.is_removal(at), self.is_removal(other)) {
                (true, false) => (at, other),
                (false, true) => (other, at),
                _ => return None,
            };
            Some(Edge { weight: IN_THE_WAY, then, first, asked: None })
        })
    }

    /// Steps whose packages one cannot be beside: it conflicts with them, or comes and
    /// obsoletes them.
    fn against(&self, step: &Step) -> impl Iterator<Item = usize> {
        let list = |list| self.universe.list(step.package, list).iter().copied();
        let conflicts = list(List::Conflicts).flat_map(|term| self.provided_by(term));
        let obsoletes = list(List::Obsoletes).filter(|_| !step.is_removal());
        let obsoletes = obsoletes.flat_map(move |term| {
            let named = move |at: &usize| {
                let of = self.steps.get(*at);
                of.is_some_and(|step| self.universe.is_named(step.package, term))
            };
            self.provided_by(term).filter(named)
        });
        conflicts.chain(obsoletes)
    }

    /// The steps whose packages provide a term.
    fn provided_by(&self, term: Term) -> impl Iterator<Item = usize> {
        let providers = self.universe.providers(term).iter();
        providers.filter_map(|p| self.steps.binary_search_by_key(p, |step| step.package).ok())
    }
}

/// How much is lost where a package in the way goes too late.
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

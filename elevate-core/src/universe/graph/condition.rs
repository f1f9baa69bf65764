//! What is asked for, as conditions: whether each holds among some packages,
//! and thanks to whom.
//!
//! Every distinct term is one condition, however many packages ask for it, and
//! the parts of rich terms are conditions of their own. So a graph of packages
//! and conditions is as large as the dependencies are, never as large as all
//! pairs of those who ask and those who provide.

use hashbrown::HashMap;

use super::super::host::Universe;
use super::super::solvable::SolvableId;
use super::super::term::{Operator, Term, TermKind};
use super::{Bond, Requirement};
use crate::model::RichOperator;

/// A package of a graph, by its number from 0.
pub(super) type Node = u32;
/// A condition, by its number from 0. The parts of one come before it.
pub(super) type ConditionId = u32;

/// When something asked for is there.
#[derive(Debug)]
pub(super) enum Condition {
    /// One of some packages is there.
    Any {
        /// The packages, in order.
        providers: Box<[Node]>,
        /// Whether the system itself provides it.
        by_system: bool,
    },
    /// A rich dependency.
    Rich(Rich),
}

/// A rich dependency, by its parts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rich {
    /// `(a and b)`
    Both(ConditionId, ConditionId),
    /// `(a or b)`
    Either(ConditionId, ConditionId),
    /// `(a if b else c)`, and `(c unless b else a)`, which is the same. Where
    /// the part that counts was left out, `(a if b)` holds and `(c unless b)`
    /// does not.
    Choice {
        /// `b`
        when: ConditionId,
        /// `a`
        then: Option<ConditionId>,
        /// `c`
        otherwise: Option<ConditionId>,
        /// Whether it holds without the part that counts.
        by_default: bool,
    },
}

impl Rich {
    /// Whether it holds, by what is said of its parts.
    pub(super) fn holds(self, part: impl Fn(ConditionId) -> bool) -> bool {
        match self {
            Rich::Both(a, b) => part(a) && part(b),
            Rich::Either(a, b) => part(a) || part(b),
            Rich::Choice { when, then, otherwise, by_default } => {
                let counts = if part(when) { then } else { otherwise };
                counts.map_or(by_default, part)
            }
        }
    }

    /// The parts thanks to which it holds.
    pub(super) fn thanks_to(
        self,
        part: impl Fn(ConditionId) -> bool,
    ) -> impl Iterator<Item = ConditionId> {
        let parts = match self {
            Rich::Both(a, b) | Rich::Either(a, b) => [Some(a), Some(b)],
            // Without `b`, `(a if b else c)` asks for something else.
            Rich::Choice { when, then, otherwise, .. } if part(when) => {
                [then, otherwise.map(|_| when)]
            }
            Rich::Choice { otherwise, .. } => [otherwise, None],
        };
        parts.into_iter().flatten().filter(move |id| part(*id))
    }

    /// All its parts.
    pub(super) fn parts(self) -> impl Iterator<Item = ConditionId> {
        let parts = match self {
            Rich::Both(a, b) | Rich::Either(a, b) => [Some(a), Some(b), None],
            Rich::Choice { when, then, otherwise, .. } => [Some(when), then, otherwise],
        };
        parts.into_iter().flatten()
    }
}

/// All conditions of a graph.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    all: Vec<Condition>,
    numbers: HashMap<Term, ConditionId>,
}

/// Packages as a universe numbers them, and their numbers in a graph.
pub(super) struct Members<'g> {
    universe: &'g Universe,
    numbers: Vec<Option<Node>>,
}

impl<'g> Members<'g> {
    /// Of packages in order, each once.
    pub(super) fn new(universe: &'g Universe, packages: &[SolvableId]) -> Self {
        let mut numbers = vec![None; universe.end() + 1];
        for (number, package) in (0..).zip(packages) {
            if let Some(at) = numbers.get_mut(package.index()) {
                *at = Some(number);
            }
        }
        Self { universe, numbers }
    }

    /// The number of a package, where it is one of them.
    pub(super) fn number(&self, package: SolvableId) -> Option<Node> {
        self.numbers.get(package.index()).copied().flatten()
    }
}

impl Conditions {
    /// What a package asks for and neither has itself nor gets of rpm.
    pub(super) fn asked(
        &mut self,
        package: SolvableId,
        owner: Node,
        among: &Members<'_>,
    ) -> Vec<Requirement> {
        let mut asked = Vec::new();
        for (list, bond) in Bond::LISTS {
            for term in among.universe.list(package, list).iter().copied() {
                let condition = self.of(term, among);
                if !self.met_by(condition, owner) {
                    asked.push(Requirement { package, bond, term, owner, condition });
                }
            }
        }
        asked
    }

    /// The condition of a term.
    pub(super) fn of(&mut self, term: Term, among: &Members<'_>) -> ConditionId {
        if let Some(known) = self.numbers.get(&term) {
            return *known;
        }
        let condition = match self.rich(term, among) {
            Some(rich) => Condition::Rich(rich),
            None => any(term, among),
        };
        // There are fewer distinct terms than a pool has numbers.
        let id = ConditionId::try_from(self.all.len()).unwrap_or(ConditionId::MAX);
        self.all.push(condition);
        self.numbers.insert(term, id);
        id
    }

    /// `with` and `without` are about single packages: their providers are known.
    fn rich(&mut self, term: Term, among: &Members<'_>) -> Option<Rich> {
        let (left, operator, right) = parts(term, among.universe)?;
        Some(match operator {
            RichOperator::With | RichOperator::Without => return None,
            RichOperator::And => Rich::Both(self.of(left, among), self.of(right, among)),
            RichOperator::Or | RichOperator::Else => {
                Rich::Either(self.of(left, among), self.of(right, among))
            }
            RichOperator::If | RichOperator::Unless => {
                let (when, other) = match parts(right, among.universe) {
                    Some((when, RichOperator::Else, other)) => (when, Some(other)),
                    _ => (right, None),
                };
                let what = Some(self.of(left, among));
                let when = self.of(when, among);
                let other = other.map(|term| self.of(term, among));
                let by_default = operator == RichOperator::If;
                let (then, otherwise) = if by_default { (what, other) } else { (other, what) };
                Rich::Choice { when, then, otherwise, by_default }
            }
        })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The condition of this number.
    pub(super) fn get(&self, id: ConditionId) -> Option<&Condition> {
        self.all.get(id as usize)
    }

    /// All of them, with their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (ConditionId, &Condition)> {
        let numbered = self.all.iter().enumerate();
        numbered.map(|(at, condition)| (ConditionId::try_from(at).unwrap_or_default(), condition))
    }

    /// Whether a package alone makes a condition hold, with the system's help.
    pub(super) fn met_by(&self, id: ConditionId, package: Node) -> bool {
        match self.get(id) {
            None | Some(Condition::Rich(Rich::Choice { .. })) => false,
            Some(Condition::Any { providers, by_system }) => {
                *by_system || providers.binary_search(&package).is_ok()
            }
            Some(Condition::Rich(rich)) => rich.holds(|part| self.met_by(part, package)),
        }
    }

    /// Packages without which a condition that holds would not.
    pub(super) fn indispensable(&self, id: ConditionId) -> Vec<Node> {
        let mut found = Vec::new();
        let mut open = vec![id];
        while let Some(part) = open.pop() {
            match self.get(part) {
                Some(Condition::Rich(rich)) => open.extend(rich.parts()),
                Some(Condition::Any { providers, by_system: false }) => {
                    if let [one] = **providers
                        && (part == id || !self.holds_without(id, one))
                    {
                        found.push(one);
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Whether a condition holds where all packages but one are there.
    pub(super) fn holds_without(&self, id: ConditionId, package: Node) -> bool {
        match self.get(id) {
            None => false,
            Some(Condition::Any { providers, by_system }) => {
                let is_one = providers.binary_search(&package).is_ok();
                *by_system || providers.len() > usize::from(is_one)
            }
            Some(Condition::Rich(rich)) => rich.holds(|part| self.holds_without(part, package)),
        }
    }
}

fn parts(term: Term, universe: &Universe) -> Option<(Term, RichOperator, Term)> {
    let TermKind::Relation(id) = term.kind() else { return None };
    let relation = universe.relation(id)?;
    match relation.operator {
        Operator::Rich(operator) => Some((relation.left, operator, relation.right)),
        Operator::Compare(_) => None,
    }
}

fn any(term: Term, among: &Members<'_>) -> Condition {
    let providers = among.universe.providers(term);
    Condition::Any {
        by_system: providers.contains(&SolvableId::SYSTEM),
        providers: providers.iter().filter_map(|package| among.number(*package)).collect(),
    }
}

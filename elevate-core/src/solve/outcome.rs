//! What a search ends with.

use super::decisions::Decision;
use super::goal::Goal;
use super::rules::{Class, RuleId, Rules};
use super::search::{Erasure, Problem, Search};
use super::set::Set;
use super::world::World;
use crate::universe::{Literal, SolvableId, Universe};

/// What became of every package, and why. It borrows nothing.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub(super) decisions: Vec<Decision>,
    pub(super) rules: Rules,
    pub(super) erasures: Vec<Erasure>,
    problems: Vec<Problem>,
    present: Set,
    leaving: Vec<SolvableId>,
}

/// A rule of a search: one of its literals must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule<'o> {
    /// What kind of rule it is.
    pub class: Class,
    /// Its literals.
    pub literals: &'o [Literal],
    /// The rules, none of them learnt, that a learnt one follows from.
    pub follows_from: Vec<RuleId>,
}

impl Goal {
    /// Searches for the packages that satisfy all commands, as libsolv does: the same
    /// result, with the same problems where there is none.
    pub fn solve(&self, universe: &Universe) -> Outcome {
        let mut world = World::new(universe, self);
        let rules = Rules::new(&mut world);
        let mut search = Search::new(&world, rules);
        search.run();
        Outcome::of(search, universe)
    }
}

impl Outcome {
    pub(super) fn of(search: Search<'_, '_>, universe: &Universe) -> Self {
        let decisions = search.decisions.queue().to_vec();
        let mut present = Set::default();
        let positive = decisions.iter().filter(|decision| decision.literal.is_positive());
        present.extend(positive.map(|decision| decision.literal.package()));
        let leaving = universe.installed().filter(|p| !present.contains(*p)).collect();
        Self {
            decisions,
            rules: search.rules,
            erasures: search.erasures,
            problems: search.problems,
            present,
            leaving,
        }
    }

    /// Whether everything asked can be had.
    pub fn is_solved(&self) -> bool {
        self.problems.is_empty()
    }

    /// What cannot be had, in the order in which it was found; as many as libsolv finds.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether a package is there in the end.
    pub fn is_present(&self, package: SolvableId) -> bool {
        self.present.contains(package)
    }

    /// Packages that are not installed and will be, in the order in which that was
    /// decided.
    pub fn arriving(&self) -> impl Iterator<Item = SolvableId> + '_ {
        let positive = self.decisions.iter().filter(|decision| decision.literal.is_positive());
        let packages = positive.map(|decision| decision.literal.package());
        packages.filter(|p| !p.is_installed() && *p != SolvableId::SYSTEM)
    }

    /// Packages that are installed and will not be, in order.
    pub fn leaving(&self) -> impl Iterator<Item = SolvableId> + '_ {
        self.leaving.iter().copied()
    }

    /// Installed packages that did not have to be kept any more, in the order in which
    /// that was found. Some may be there in the end all the same.
    pub fn erasures(&self) -> &[Erasure] {
        &self.erasures
    }

    /// A rule of the search.
    pub fn rule(&self, rule: RuleId) -> Rule<'_> {
        let class = self.rules.class(rule);
        let learnt = class == Class::Learnt;
        let follows_from = if learnt { self.rules.expanded(&[rule]) } else { Vec::new() };
        Rule { class, literals: &self.rules[rule], follows_from }
    }

    /// What was learnt, in order.
    pub fn learnt(&self) -> impl Iterator<Item = RuleId> + use<> {
        self.rules.of_class(Class::Learnt)
    }
}

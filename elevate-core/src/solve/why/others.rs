//! Why other packages were not taken.

use std::cmp::Ordering;

use super::Explainer;
use super::chain::{Fate, Few, NotTaken, Other, Statement};
use crate::universe::{Literal, SolvableId};

impl Explainer<'_> {
    /// The first of some packages, each with why it was not taken instead of one that
    /// was.
    pub(super) fn others(
        &self,
        packages: impl Iterator<Item = SolvableId>,
        taken: Option<SolvableId>,
    ) -> Few<Other> {
        Few::of(packages, |other| Other {
            package: self.speaker().name(other),
            why: self.not_taken(other, taken),
        })
    }

    fn not_taken(&self, other: SolvableId, taken: Option<SolvableId>) -> NotTaken {
        if !other.is_installed() && !self.world.is_installable(other) {
            return NotTaken::RuledOut { why: self.speaker().why_ruled_out(other) };
        }
        match self.fate(other) {
            Fate::Comes | Fate::Stays => return NotTaken::Present,
            Fate::Goes => return NotTaken::Goes,
            Fate::Absent => {}
        }
        let earlier = taken.is_none_or(|taken| self.place(other) < self.place(taken));
        if earlier && let Some(rule) = self.rule_against(other) {
            return NotTaken::Forbidden { rule };
        }
        match taken {
            Some(taken) => self.not_preferred(other, taken),
            None => NotTaken::NotPreferred,
        }
    }

    /// What the rule says that decided against a package.
    fn rule_against(&self, package: SolvableId) -> Option<Statement> {
        let rule = self.decision(package).and_then(Self::rule_of)?;
        let rule = match self.rules().trail(rule) {
            [] => rule,
            _ => self.told_as(rule, -Literal::of(package)).unwrap_or(rule),
        };
        Some(self.speaker().statement(rule))
    }

    /// Why one of two packages was preferred (solver-search.md B4).
    fn not_preferred(&self, other: SolvableId, taken: SolvableId) -> NotTaken {
        let world = &self.world;
        let priority = |p| world.universe.target().source(p).map(|source| source.priority);
        let later = |a: Option<i32>, b: Option<i32>| a.zip(b).is_some_and(|(a, b)| a > b);
        let older = || {
            world.is_of_name(other, taken)
                && world.universe.compare_evr(other, taken) == Ordering::Less
        };
        if later(priority(other), priority(taken)) {
            NotTaken::LowerPriority
        } else if older() {
            NotTaken::Older
        } else {
            NotTaken::NotPreferred
        }
    }
}

//! Rules of one literal (solver-search.md B1.2).

use super::Search;
use crate::solve::decisions::{Cause, Level, ROOT};
use crate::solve::rules::{Class, RuleId};
use crate::universe::{Literal, SolvableId};

impl Search<'_, '_> {
    /// Decides what rules of one literal say. Where two contradict each other, one is
    /// given up, or a problem is noted.
    pub(super) fn decide_assertions(&mut self) -> Level {
        let system = Literal::of(SolvableId::SYSTEM);
        self.decisions.decide(system, ROOT, Cause::System);
        let mut stale = false;
        while !self.assert_all(stale) {
            self.decisions.undo_to_first(1);
            stale = true;
        }
        ROOT
    }

    /// One pass over all assertions; whether it came to an end. What was learnt is looked
    /// over when it is reached, where rules were disabled since.
    fn assert_all(&mut self, mut stale: bool) -> bool {
        let mut at = 0;
        while let Some(rule) = self.assertions.get(at).copied() {
            at += 1;
            if stale && self.rules.class(rule) == Class::Learnt {
                self.refresh_learnt();
                stale = false;
            }
            if !self.rules.is_enabled(rule) || self.rules.is_weak(self.world, rule) {
                continue;
            }
            let literal = self.rules[rule][0];
            if self.decisions.is_false(literal) {
                if self.rules.class(rule) == Class::Learnt {
                    self.rules.disable(rule);
                    continue;
                }
                self.contradicted(rule, literal);
                return false;
            }
            self.assert(rule, literal);
        }
        self.assert_weak()
    }

    fn assert_weak(&mut self) -> bool {
        let mut at = 0;
        while let Some(rule) = self.assertions.get(at).copied() {
            at += 1;
            let learnt = self.rules.class(rule) == Class::Learnt;
            let weak = self.rules.is_weak(self.world, rule);
            if learnt || !weak || !self.rules.is_enabled(rule) {
                continue;
            }
            let literal = self.rules[rule][0];
            if self.decisions.is_false(literal) {
                self.drop_weak(rule);
                return false;
            }
            self.assert(rule, literal);
        }
        true
    }

    fn assert(&mut self, rule: RuleId, literal: Literal) {
        if self.decisions.is_open(literal.package()) {
            self.decisions.decide(literal, ROOT, Cause::Rule(rule));
        }
    }

    /// Resolves the contradiction between an assertion and one before it.
    fn contradicted(&mut self, rule: RuleId, literal: Literal) {
        let mut queue = self.decisions.queue().iter();
        let opposite = queue.find(|decision| decision.literal == -literal);
        let before = match opposite.map(|decision| decision.cause) {
            Some(Cause::Rule(before)) => Some(before),
            _ => None,
        };
        let is_update = |class: Class| matches!(class, Class::Feature | Class::Update);
        let mut elements = Vec::new();
        let erasable;
        if before.is_none_or(|before| self.rules.class(before) == Class::Package) {
            self.add_element(&mut elements, rule);
            erasable = is_update(self.rules.class(rule));
        } else {
            let about = |other: &RuleId| {
                self.rules[*other].first().is_some_and(|l| l.package() == literal.package())
            };
            let policy = |other: &RuleId| {
                !matches!(self.rules.class(*other), Class::Package | Class::Learnt)
            };
            let all = self.assertions.iter().copied().filter(about).filter(policy);
            let all: Vec<RuleId> = all
                .filter(|other| self.rules.is_enabled(*other))
                .filter(|other| !self.rules.is_weak(self.world, *other))
                .collect();
            erasable = all.iter().any(|other| is_update(self.rules.class(*other)));
            for other in all {
                self.add_element(&mut elements, other);
            }
        }
        let proof: Vec<RuleId> = std::iter::once(rule).chain(before).collect();
        let proof = self.rules.expanded(&proof);
        if !(erasable && self.erase_one(&elements, &proof)) {
            self.note_problem(elements, proof);
        }
    }
}

//! What a contradiction teaches (solver-search.md B3.1).

use super::Search;
use super::settle::leaves_choice;
use crate::solve::decisions::{Cause, Level, ROOT};
use crate::solve::rules::RuleId;
use crate::solve::set::Set;
use crate::universe::Literal;

impl Search<'_, '_> {
    /// Finds the last decision that all paths to the contradiction lead through, falls
    /// back to where its opposite follows, and gives the rule that says so.
    pub(super) fn learn(&mut self, conflict: RuleId, level: Level) -> (Level, RuleId) {
        let mut seen = Set::default();
        let mut others: Vec<Literal> = Vec::new();
        let (mut open, mut root, mut back) = (0usize, 0usize, ROOT);
        let mut trail = Vec::new();
        let mut at = self.decisions.queue().len();
        let mut rule = conflict;
        let pivot = loop {
            trail.push(rule);
            for literal in self.rules[rule].iter().copied() {
                if self.decisions.is_true(literal) || !seen.insert(literal.package()) {
                    continue;
                }
                match self.decisions.level(literal.package()).abs() {
                    ROOT => root += 1,
                    own if own == level => open += 1,
                    own => {
                        others.push(literal);
                        back = back.max(own);
                    }
                }
            }
            let decision = self.last_seen(&mut at, &mut seen);
            open -= 1;
            if open == 0 {
                break -decision.literal;
            }
            match decision.cause {
                Cause::Rule(next) => rule = next,
                Cause::System | Cause::Choice(..) => break -decision.literal,
            }
        };
        for literal in &others {
            seen.remove(literal.package());
        }
        // The trail is a whole proof: what it takes for granted belongs to it.
        while root > 0 {
            let decision = self.last_seen(&mut at, &mut seen);
            root -= 1;
            if let Cause::Rule(rule) = decision.cause {
                trail.push(rule);
                for literal in &self.rules[rule] {
                    if !self.decisions.is_true(*literal) && seen.insert(literal.package()) {
                        root += 1;
                    }
                }
            }
        }
        (back, self.add_learnt(back, pivot, &others, trail))
    }

    /// Goes back to the last decision on a package that was seen.
    fn last_seen(&self, at: &mut usize, seen: &mut Set) -> crate::solve::decisions::Decision {
        loop {
            *at -= 1;
            let decision = self.decisions.queue()[*at];
            if seen.contains(decision.literal.package()) {
                seen.remove(decision.literal.package());
                return decision;
            }
        }
    }

    fn add_learnt(
        &mut self,
        back: Level,
        pivot: Literal,
        others: &[Literal],
        trail: Vec<RuleId>,
    ) -> RuleId {
        let level = |literal: &&Literal| self.decisions.level(literal.package()).abs();
        let highest = others.iter().map(|literal| level(&literal)).max();
        let second = others.iter().find(|literal| Some(level(literal)) == highest).copied();
        self.undo_to(back);
        let learnt = self.rules.learn(std::iter::once(pivot).chain(others.iter().copied()), trail);
        self.watches.add(learnt, second.map(|second| (pivot, second)));
        if second.is_none() {
            self.assertions.push(learnt);
        }
        if leaves_choice(&self.rules[learnt]) {
            self.choices.push(learnt);
        }
        learnt
    }
}

//! Choices that turned out to be needless (solver-search.md B2.7).

use super::Search;
use crate::solve::decisions::{Cause, Level, Purpose};
use crate::solve::policy;
use crate::universe::{Literal, SolvableId};

/// A branch, and another candidate of it.
pub(super) struct Needless {
    branch: usize,
    candidate: usize,
}

impl Search<'_, '_> {
    /// Finds a choice of which another candidate is there anyway, or is wished for by
    /// somebody while the chosen one is not. The lowest counts.
    pub(super) fn find_needless(&mut self) -> Option<Needless> {
        let world = self.world;
        self.advice.refresh(world, &self.decisions);
        let wished = |p: SolvableId| {
            self.advice.is_recommended(p) || policy::is_supplementing(world, &self.decisions, p)
        };
        let mut best = None;
        for (branch, choice) in self.branches.iter().enumerate().rev() {
            let mut weak = None;
            for (candidate, (package, tried)) in choice.candidates.iter().enumerate() {
                if *tried {
                    continue;
                }
                if self.decisions.level(*package) > choice.level {
                    best = Some(Needless { branch, candidate });
                    weak = None;
                    break;
                }
                if weak.is_none() && wished(*package) {
                    weak = Some(candidate);
                }
            }
            let Some(candidate) = weak else { continue };
            let final_ =
                |p: SolvableId| world.goal.profile.replacing_is_final && self.takes_a_place(p);
            let mut chosen = choice.candidates.iter().filter(|(package, tried)| {
                *tried && self.decisions.level(*package) == choice.level + 1
            });
            if chosen.any(|(package, _)| !final_(*package) && !wished(*package)) {
                best = Some(Needless { branch, candidate });
            }
        }
        best
    }

    /// Goes back to a choice and takes the other candidate.
    pub(super) fn take_other(&mut self, needless: Needless) -> Level {
        let Needless { branch, candidate } = needless;
        let choice = &mut self.branches[branch];
        let level = choice.level;
        choice.candidates[candidate].1 = true;
        let package = choice.candidates[candidate].0;
        let (purpose, rule) = match self.decisions.choice(level + 1).map(|d| d.cause) {
            Some(Cause::Choice(purpose, rule)) => (purpose, rule),
            Some(Cause::Rule(rule)) => (Purpose::Need, Some(rule)),
            _ => (Purpose::Need, None),
        };
        self.branches.truncate(branch + 1);
        self.undo_decisions(level);
        self.decide(level, Literal::of(package), rule, purpose)
    }
}

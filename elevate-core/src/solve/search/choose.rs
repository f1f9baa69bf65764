//! Taking one of several candidates (solver-search.md B2.2, B4.8 and B4.9).

use super::{Branch, Search};
use crate::solve::decisions::{Cause, Level, Purpose};
use crate::solve::policy::{self, Mode};
use crate::solve::rules::{Class, RuleId, positive};
use crate::universe::{List, Literal, SolvableId};

impl Search<'_, '_> {
    /// Takes the best candidate.
    pub(super) fn select(
        &mut self,
        level: Level,
        mut candidates: Vec<SolvableId>,
        rule: Option<RuleId>,
        purpose: Purpose,
    ) -> Level {
        if candidates.len() > 1 {
            self.filter(&mut candidates, Mode::Choose);
        }
        if candidates.len() > 1 && self.beside_installed {
            if self.world.goal.profile.prefer_replacing {
                let replacing = |p: &SolvableId| self.takes_a_place(*p);
                if candidates.iter().any(replacing) {
                    let kept = candidates.iter().copied().filter(replacing).collect();
                    candidates = kept;
                }
            }
            if candidates.len() > 1 {
                self.order_beside_installed(level, &mut candidates);
            }
        }
        if candidates.len() > 1 && self.world.goal.profile.prune_splits {
            self.prune_splits(&mut candidates);
        }
        self.branch(level, &candidates);
        let Some(first) = candidates.first() else { return level };
        self.decide(level, Literal::of(*first), rule, purpose)
    }

    /// Remembers a choice, where there is one.
    pub(super) fn branch(&mut self, level: Level, candidates: &[SolvableId]) {
        if candidates.len() > 1 {
            let first = candidates[0];
            let candidates = candidates.iter().map(|p| (*p, *p == first)).collect();
            self.branches.push(Branch { candidates, level });
        }
    }

    /// Whether a package is, or takes the place of, an installed one that is not to go.
    pub(super) fn takes_a_place(&self, package: SolvableId) -> bool {
        let world = self.world;
        let stays = |p: SolvableId| p.is_installed() && !self.rules.no_update.contains(p);
        stays(package)
            || world.of_name(package).any(|p| stays(p) && world.shares_colour(package, p))
            || world.taken_over(package).any(stays)
    }

    /// Puts in front what is of use beside the installed packages, as if they were all
    /// decided to stay.
    fn order_beside_installed(&mut self, level: Level, candidates: &mut Vec<SolvableId>) {
        let world = self.world;
        let open =
            |p: &SolvableId| self.decisions.is_open(*p) && !self.rules.no_update.contains(*p);
        let kept: Vec<SolvableId> = world.universe.installed().filter(open).collect();
        if kept.is_empty() {
            return;
        }
        for package in kept {
            self.decisions.decide(Literal::of(package), level + 1, Cause::System);
        }
        self.advice.refresh(world, &self.decisions);
        let (advice, decisions) = (&self.advice, &self.decisions);
        policy::put_first(candidates, |p| {
            p.is_installed() || advice.is_suggested(p) || policy::is_enhancing(world, decisions, p)
        });
        policy::put_first(candidates, |p| {
            p.is_installed()
                || advice.is_recommended(p)
                || policy::is_supplementing(world, decisions, p)
        });
        self.decisions.undo_to(level);
        self.advice.forget_after(self.decisions.queue().len());
    }

    /// Leaves out parts of a split package behind the first: they come with it.
    fn prune_splits(&self, candidates: &mut Vec<SolvableId>) {
        if self.rules.range(Class::Split).is_empty() {
            return;
        }
        let mut at = 0;
        while at + 1 < candidates.len() {
            let package = candidates[at];
            at += 1;
            if self.world.universe.list(package, List::Obsoletes).is_empty() {
                continue;
            }
            let own = -Literal::of(package);
            let splits = self.rules.of_class(Class::Split);
            let parts: Vec<SolvableId> = splits
                .filter(|rule| self.rules[*rule].first() == Some(&own))
                .flat_map(|rule| positive(&self.rules[rule]))
                .collect();
            let mut place = 0;
            candidates.retain(|p| {
                place += 1;
                place <= at || !parts.contains(p)
            });
        }
    }
}

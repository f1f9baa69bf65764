//! The answer to what dnf is told, and what dnf refuses of it.

use super::super::changes::{Changes, Gone};
use super::super::goal::{Command, Goal};
use super::super::outcome::Outcome;
use super::{Asked, Calls, Planned, Policy, Unmatched, kept, kernels};
use crate::universe::{SolvableId, Universe};

/// What dnf ends with.
#[derive(Debug)]
pub struct Solved {
    /// What libsolv was asked last.
    pub goal: Goal,
    /// Its answer.
    pub outcome: Outcome,
    /// What the first commands come from, one by one.
    pub asked: Vec<Asked>,
    /// Texts that dnf can do nothing with, in the order of the calls.
    pub unmatched: Vec<Unmatched>,
    /// The package of the running kernel, where one is found.
    pub running_kernel: Option<SolvableId>,
}

impl Calls {
    /// The transaction dnf would compute.
    pub fn solve(&self, universe: &Universe) -> Solved {
        let Planned { mut goal, asked, unmatched, running_kernel } = self.plan(universe);
        let mut outcome = goal.solve(universe);
        let more = self.policy.too_many(universe, running_kernel, &outcome);
        if !more.is_empty() {
            goal.commands.extend(more);
            let kept = kept(&goal.commands);
            goal.commands.extend(self.policy.allow_erase(universe, running_kernel, &kept));
            outcome = goal.solve(universe);
        }
        Solved { goal, asked, outcome, unmatched, running_kernel }
    }
}

impl Policy {
    /// What is asked in addition after a first result.
    fn too_many(
        &self,
        universe: &Universe,
        running: Option<SolvableId>,
        outcome: &Outcome,
    ) -> Vec<Command> {
        if !outcome.is_solved() || self.installonly_limit == 0 {
            return Vec::new();
        }
        kernels::over_the_limit(universe, self, running, |id| outcome.is_present(id))
    }

    /// The protected packages and the running kernel among what goes, for which dnf
    /// refuses the whole transaction (solver-search.md B6.5).
    pub fn refused(
        &self,
        universe: &Universe,
        running: Option<SolvableId>,
        changes: &Changes,
    ) -> Vec<SolvableId> {
        let is_refused = |package: SolvableId, gone: Gone| {
            let is_running = Some(package) == running;
            let counts = match gone {
                Gone::Erased => true,
                Gone::Obsoleted => is_running || self.obsoleting_erases_protected,
                Gone::Replaced => false,
            };
            counts && (is_running || self.is_protected(universe, package))
        };
        let refused =
            changes.leaving.iter().filter(|leaving| is_refused(leaving.package, leaving.how));
        refused.map(|leaving| leaving.package).collect()
    }
}

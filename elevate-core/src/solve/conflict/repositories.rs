//! Whether one more repository would make a transaction possible.

use super::changes::{Change, ChangeSet, Difference, More};
use super::{Conflict, MOST_SETS};
use crate::model::RepoId;
use crate::solve::goal::Goal;
use crate::solve::outcome::Outcome;
use crate::universe::Universe;

/// What it costs to use one more repository.
const COST: u32 = 1;
/// How many repositories are tried.
const MOST_TRIED: usize = 20;

impl Conflict {
    /// Tries known repositories that are not used, each with the goal: `with` gives the
    /// universe with a repository more, and the goal in it. Those that help come first
    /// among the changes, in the order given.
    pub fn try_repositories(
        &mut self,
        universe: &Universe,
        before: &Outcome,
        others: &[RepoId],
        mut with: impl FnMut(&RepoId) -> Option<(Universe, Goal)>,
    ) {
        let mut found = Vec::new();
        for (at, repository) in others.iter().enumerate() {
            if at == MOST_TRIED || found.len() == MOST_SETS {
                self.changes.more = More::Enough;
                break;
            }
            let Some((larger, goal)) = with(repository) else { continue };
            let outcome = goal.solve(&larger);
            if outcome.is_solved() {
                found.push(ChangeSet {
                    changes: vec![Change::Enable { repository: repository.clone() }],
                    cost: COST,
                    difference: Difference::of((universe, before), (&larger, &outcome)),
                });
            }
        }
        self.changes.sets.splice(0..0, found);
    }
}

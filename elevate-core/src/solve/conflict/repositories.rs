//! Whether one more repository would make a transaction possible.

use std::collections::BTreeSet;

use super::changes::{Change, ChangeSet, Difference, More};
use super::{Conflict, MOST_SETS};
use crate::model::Requirement;
use crate::solve::goal::Goal;
use crate::solve::outcome::Outcome;
use crate::solve::why::Statement;
use crate::universe::{Source, Universe};

/// What it costs to use one more repository.
const COST: u32 = 1;

impl Conflict {
    /// Looks for known repositories that are not used and hold what is missing, and tries
    /// each with the goal: `with` gives the universe with a repository more, and the goal
    /// in it. Those that help come first among the changes, in the order given.
    pub fn try_repositories(
        &mut self,
        universe: &Universe,
        before: &Outcome,
        others: &[Source],
        mut with: impl FnMut(&Source) -> Option<(Universe, Goal)>,
    ) {
        let missing = self.missing();
        let mut found = Vec::new();
        let useful = |source: &&Source| missing.iter().any(|name| source.data.may_provide(name));
        for source in others.iter().filter(useful) {
            if found.len() == MOST_SETS {
                self.changes.more = More::Enough;
                break;
            }
            let Some((larger, goal)) = with(source) else { continue };
            let outcome = goal.solve(&larger);
            if outcome.is_solved() {
                found.push(ChangeSet {
                    changes: vec![Change::Enable { repository: source.id.clone() }],
                    cost: COST,
                    difference: Difference::of((universe, before), (&larger, &outcome)),
                });
            }
        }
        self.changes.sets.splice(0..0, found);
    }

    /// Names of what packages need and what could not be had, each once.
    fn missing(&self) -> BTreeSet<String> {
        let facts = self.problems.iter().flat_map(|problem| &problem.core);
        let rules = facts.flat_map(|fact| std::iter::once(&fact.rule).chain(&fact.also));
        let mut names = BTreeSet::new();
        for rule in rules {
            if let Statement::Requires { capability, .. }
            | Statement::NothingProvides { capability, .. } = rule
                && let Ok(requirement) = capability.parse()
            {
                add_names(&requirement, &mut names);
            }
        }
        names
    }
}

fn add_names(requirement: &Requirement, names: &mut BTreeSet<String>) {
    match requirement {
        Requirement::Capability(capability) => {
            names.insert(capability.name.clone());
        }
        Requirement::Rich(rich) => {
            add_names(&rich.left, names);
            add_names(&rich.right, names);
        }
    }
}

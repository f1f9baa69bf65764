//! Whether one more repository would make a transaction possible.

use std::collections::BTreeSet;

use super::changes::{Change, ChangeSet, Difference, More};
use super::{Conflict, MOST_SETS};
use crate::model::{RepoId, Requirement};
use crate::solve::goal::Goal;
use crate::solve::outcome::Outcome;
use crate::solve::why::Statement;
use crate::universe::{SolvableId, Universe};

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
        others: &[RepoId],
        mut with: impl FnMut(&RepoId) -> Option<(Universe, Goal)>,
    ) {
        let missing = self.missing();
        let mut found = Vec::new();
        for repository in others {
            if found.len() == MOST_SETS {
                self.changes.more = More::Enough;
                break;
            }
            let Some((larger, goal)) = with(repository) else { continue };
            if !missing.iter().any(|name| provides(&larger, repository, name)) {
                continue;
            }
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

/// Whether a package of a repository provides a name.
fn provides(universe: &Universe, repository: &RepoId, name: &str) -> bool {
    let is_of = |package: &SolvableId| {
        universe.target().source(*package).is_some_and(|source| source.id == *repository)
    };
    universe.find(name).is_some_and(|name| universe.providers(name.into()).iter().any(is_of))
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

//! Why there is no transaction, and the smallest changes that make one.

mod case;
mod changes;
mod hitting;
mod question;
mod unit;

#[cfg(test)]
mod tests;

use super::goal::{Action, Command, Goal, Selection};
use super::outcome::Outcome;
use super::rules::RuleId;
use super::world::World;
use crate::universe::{SolvableId, Universe};
use case::{Budget, Case};
pub use changes::{Asked, Change, ChangeSet, ChangeSets, Difference, More};
use question::Question;

/// How often the solver is asked when changes are looked for.
const MOST_CALLS: u32 = 200;
/// How many sets of changes are looked for.
const MOST_SETS: usize = 5;

impl ChangeSets {
    /// What has to be given up so that a goal can be had which an outcome says cannot.
    /// The cores, each of rules that contradict each other, are where it begins.
    fn after(
        universe: &Universe,
        goal: &Goal,
        case: &Case<'_>,
        before: &Outcome,
        cores: &[Vec<RuleId>],
    ) -> Self {
        let question = Question { case, before, wanted: None, budget: Budget(MOST_CALLS) };
        Self::of(universe, goal, before, question.answers(cores, MOST_SETS))
    }

    /// What has to be given up so that a package, or another version of it, is there in
    /// the end. No other package goes for it unless a change says so, but for those that
    /// go anyway.
    pub fn keeping(universe: &Universe, goal: &Goal, package: SolvableId) -> Self {
        let before = goal.solve(universe);
        let wanted = goal.commands.len();
        let mut keeping = goal.clone();
        keeping.commands.push(Command::new(Action::Install, versions(universe, goal, package)));
        let case = Case::new(universe, &keeping);
        let budget = Budget(MOST_CALLS - 1);
        let question = Question { case: &case, before: &before, wanted: Some(wanted), budget };
        Self::of(universe, &keeping, &before, question.answers(&[], MOST_SETS))
    }
}

/// A package, and where it is installed what it can become under its name.
fn versions(universe: &Universe, goal: &Goal, package: SolvableId) -> Selection {
    let world = World::new(universe, goal);
    let is_version = |p: &SolvableId| {
        let is_update = package.is_installed() && world.shares_colour(package, *p);
        *p == package || is_update && (p.is_installed() || world.is_installable(*p))
    };
    Selection::OneOf(world.of_name(package).filter(is_version).collect())
}

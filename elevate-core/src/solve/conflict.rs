//! Why there is no transaction, and the smallest changes that make one.
//!
//! | file | |
//! |--|--|
//! | `story.rs` | rules that contradict each other, told from what is asked |
//! | `headline.rs` | which of them is named first |
//! | `changes.rs` | changes to what is asked, in names |
//! | `unit.rs` | what can be given up, and what that costs |
//! | `question.rs` | the cheapest answers, each tried out |
//! | `hitting.rs` | the cheapest sets that have something in common with all others |
//! | `case.rs` | the rules of a goal, to be asked which can hold together |
//! | `repositories.rs` | whether one more repository would help |

mod case;
mod changes;
mod headline;
mod hitting;
mod question;
mod repositories;
mod story;
mod unit;

#[cfg(test)]
mod tests;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::goal::{Action, Command, Goal, Selection};
use super::outcome::Outcome;
use super::rules::RuleId;
use super::world::World;
use crate::universe::{SolvableId, Universe};
use case::{Budget, Case};
pub use changes::{Change, ChangeSet, ChangeSets, Demand, Difference, More};
use question::Question;
pub use story::{Fact, Passage, Way};

/// How often the solver is asked when changes are looked for.
const MOST_CALLS: u32 = 200;
/// How many sets of changes are looked for.
const MOST_SETS: usize = 5;
/// How often the solver is asked which of a few rules are needed, which takes it a small
/// part of the time.
const MOST_SMALL_CALLS: u32 = 5_000;

/// Why a goal cannot be had, and what would have to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// What stands in the way, in the order in which it was found.
    pub problems: Vec<Contradiction>,
    /// The smallest changes after which nothing does.
    pub changes: ChangeSets,
}

/// Facts and wishes that cannot all be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contradiction {
    /// The one to name first.
    pub headline: Fact,
    /// All of them, in the order in which they were found.
    pub core: Vec<Fact>,
    /// Without any one of them the others could be. Where this was too long to find
    /// out, not all of them may be needed.
    pub is_minimal: bool,
    /// The same as a story, where that is not too long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<Passage>,
}

impl Conflict {
    /// Why an outcome of a goal is none; `None` where it is one.
    pub fn of(universe: &Universe, goal: &Goal, outcome: &Outcome) -> Option<Self> {
        if outcome.is_solved() {
            return None;
        }
        let case = Case::new(universe, goal);
        let mut budget = Budget(MOST_SMALL_CALLS);
        let problems = outcome.problems().iter();
        let cores: Vec<(Vec<RuleId>, bool)> =
            problems.map(|problem| case.minimal(&problem.proof, &mut budget)).collect();
        let problems = cores.iter().filter_map(|core| Contradiction::of(&case, core)).collect();
        let known: Vec<Vec<RuleId>> = cores.into_iter().map(|(core, _)| core).collect();
        let changes = ChangeSets::after(universe, goal, &case, outcome, &known);
        Some(Self { problems, changes })
    }
}

impl Contradiction {
    fn of(case: &Case<'_>, (core, is_minimal): &(Vec<RuleId>, bool)) -> Option<Self> {
        Some(Self {
            headline: Fact::of(case, headline::headline(case, core)?),
            core: core.iter().map(|rule| Fact::of(case, *rule)).collect(),
            is_minimal: *is_minimal,
            story: Passage::story(case, core),
        })
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        write!(f, "What would have to change:\n{}", self.changes)
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.headline)?;
        match &self.story {
            Some(story) => story.write(f, 4),
            None => self.core.iter().try_for_each(|fact| writeln!(f, "    {fact}")),
        }
    }
}

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
        let (budget, small) = (Budget(MOST_CALLS), Budget(MOST_SMALL_CALLS));
        let question = Question { case, before, wanted: None, budget, small };
        Self::of(universe, goal, before, question.answers(cores, MOST_SETS))
    }

    /// What has to be given up so that a package, or another version of it, is there in
    /// the end. No other package goes for it unless a change says so, but for those that
    /// go anyway.
    pub fn keeping(universe: &Universe, goal: &Goal, package: SolvableId) -> Self {
        let before = goal.solve(universe);
        let keeping = with(universe, goal, package);
        let case = Case::new(universe, &keeping);
        let wanted = Some(goal.commands.len());
        let (budget, small) = (Budget(MOST_CALLS - 1), Budget(MOST_SMALL_CALLS));
        let question = Question { case: &case, before: &before, wanted, budget, small };
        Self::of(universe, &keeping, &before, question.answers(&[], MOST_SETS))
    }
}

/// A goal with one more command: for a package, or where it is installed what it can
/// become under its name.
fn with(universe: &Universe, goal: &Goal, package: SolvableId) -> Goal {
    let world = World::new(universe, goal);
    let is_version = |p: &SolvableId| {
        let is_update = package.is_installed() && world.shares_colour(package, *p);
        *p == package || is_update && (p.is_installed() || world.is_installable(*p))
    };
    let versions = world.of_name(package).filter(is_version).collect();
    let mut goal = goal.clone();
    goal.commands.push(Command::new(Action::Install, Selection::OneOf(versions)));
    goal
}

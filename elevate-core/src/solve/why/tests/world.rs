//! Small worlds that can be changed line by line.

use super::super::{Changes, Explainer, Goal, Outcome};
use crate::solve::{Action, Command, Fixed, Profile, Selection, Switches};
use crate::universe::Universe;
use crate::universe::tests::universe;

/// A world, as text.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) host: Vec<Package>,
    pub(super) target: Vec<Package>,
    pub(super) asked: Vec<Asked>,
    /// Only the best will do.
    pub(super) best: bool,
}

/// A package: its full name, then what it says.
#[derive(Debug, Clone)]
pub(super) struct Package {
    pub(super) nevra: String,
    pub(super) lines: Vec<String>,
}

/// A command.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// Nothing: the place of one that was taken away.
    Nothing,
    /// To follow the repositories.
    Sync,
    /// To install a name.
    Install(String),
    /// To erase a name.
    Erase(String),
    /// To keep an installed package as it is.
    Keep(String),
}

/// A world that was solved.
pub(super) struct Solved {
    pub(super) universe: Universe,
    pub(super) goal: Goal,
    pub(super) outcome: Outcome,
    pub(super) changes: Changes,
}

impl Solved {
    pub(super) fn explainer(&self) -> Explainer<'_> {
        Explainer::new(&self.universe, &self.goal, &self.outcome, &self.changes)
    }
}

impl World {
    pub(super) fn new(host: &str, target: &str, asked: Vec<Asked>) -> Self {
        Self { host: packages(host), target: packages(target), asked, best: true }
    }

    pub(super) fn solve(&self, profile: Profile) -> Solved {
        let universe = universe(&text(&self.host), &[&text(&self.target)]);
        let goal = self.goal(&universe, profile);
        let outcome = goal.solve(&universe);
        let changes = Changes::of(&universe, &goal, &outcome);
        Solved { universe, goal, outcome, changes }
    }

    pub(super) fn solved<T>(&self, profile: Profile, look: impl FnOnce(&Solved) -> T) -> T {
        look(&self.solve(profile))
    }

    fn goal(&self, universe: &Universe, profile: Profile) -> Goal {
        let asked = self.asked.iter().map(|asked| asked.command(universe, self.best));
        let erase = |p| Command::new(Action::AllowErase, Selection::One(p));
        let commands = asked.chain(universe.installed().map(erase)).collect();
        Goal { commands, switches: Switches::DNF, profile }
    }
}

impl Asked {
    fn command(&self, universe: &Universe, best: bool) -> Command {
        let named = |name: &str| match universe.find(name) {
            Some(name) => Selection::Name(name),
            None => Selection::OneOf(Vec::new()),
        };
        let (action, selection) = match self {
            Asked::Nothing => (Action::Lock, Selection::OneOf(Vec::new())),
            Asked::Sync => (Action::Sync, Selection::Available),
            Asked::Install(name) => (Action::Install, named(name)),
            Asked::Erase(name) => (Action::Erase, named(name)),
            Asked::Keep(nevra) => {
                let mut installed = universe.installed();
                let package = installed.find(|p| universe.nevra(*p) == *nevra).unwrap();
                (Action::Install, Selection::One(package))
            }
        };
        Command { best, fixed: Fixed::BY_DNF, ..Command::new(action, selection) }
    }
}

fn packages(text: &str) -> Vec<Package> {
    let mut all: Vec<Package> = Vec::new();
    for line in text.lines() {
        if line.starts_with(' ') {
            all.last_mut().unwrap().lines.push(line.trim().to_owned());
        } else {
            all.push(Package { nevra: line.to_owned(), lines: Vec::new() });
        }
    }
    all
}

fn text(packages: &[Package]) -> String {
    let lines = packages.iter().flat_map(|package| {
        let own = package.lines.iter().map(|line| format!(" {line}\n"));
        std::iter::once(format!("{}\n", package.nevra)).chain(own)
    });
    lines.collect()
}

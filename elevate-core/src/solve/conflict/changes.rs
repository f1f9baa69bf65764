//! Changes to what is asked, in names.

use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::question::{Answer, Stop};
use super::unit::Unit;
use crate::model::RepoId;
use crate::solve::goal::{Action, Goal, Selection};
use crate::solve::outcome::Outcome;
use crate::universe::{SolvableId, StringId, Universe};

/// The smallest sets of changes after which a goal can be had. Each was tried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeSets {
    /// The sets, the cheapest first. None of them holds another.
    pub sets: Vec<ChangeSet>,
    /// Whether there may be more.
    pub more: More,
}

/// Whether there may be more sets of changes than those found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum More {
    /// There is no other.
    No,
    /// Only so many were looked for. Others cost no less.
    Enough,
    /// The search took too many steps. Where it found a single set, there may be cheaper
    /// ones.
    Budget,
}

/// Changes that make a transaction possible, together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeSet {
    /// The changes; none where none is needed.
    pub changes: Vec<Change>,
    /// What they cost together, each by its kind: 1 to do without the best version or a
    /// package, 2 for another architecture, 3 to keep what the repositories do not have,
    /// 10 to leave out a command or to erase a package that is protected. A package that
    /// may be erased costs nothing.
    pub cost: u32,
    /// What becomes different.
    pub difference: Difference,
}

/// A change to what is asked. Packages are named `name-[epoch:]version-release.arch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Change {
    /// Leave out a command.
    LeaveOut(Demand),
    /// Erase an installed package.
    Erase {
        /// The package.
        package: String,
    },
    /// Keep installed packages of a name although the repositories have others or none.
    Keep {
        /// The name.
        name: String,
        /// Those packages.
        packages: Vec<String>,
    },
    /// Do without the best package for an installed one.
    NotTheBest {
        /// The installed package.
        package: String,
        /// What is there instead of the best: itself, or one that takes its place.
        instead: Vec<String>,
    },
    /// Do without the best of the packages that a command asks for.
    NotTheBestOf(Demand),
    /// Allow packages of another architecture than the best of their name.
    OtherArchitecture {
        /// The name.
        name: String,
    },
    /// Take packages from one more repository.
    Enable {
        /// The repository.
        repository: RepoId,
    },
}

/// A command, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Demand {
    /// Its number, from 0.
    pub command: usize,
    /// What it does.
    pub action: Action,
    /// With what: a package, names of packages in order, or a capability.
    pub what: Vec<String>,
}

/// What is different after changes from what the solver made of the goal before, which
/// is incomplete where the goal could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SolutionDifference")]
pub struct Difference {
    /// Packages that are there only with the changes.
    pub with: Vec<String>,
    /// Packages that are there only without.
    pub without: Vec<String>,
}

impl ChangeSets {
    pub(super) fn of(
        universe: &Universe,
        goal: &Goal,
        before: &Outcome,
        (answers, stop): (Vec<Answer>, Stop),
    ) -> Self {
        let set = |answer: Answer| ChangeSet {
            changes: answer
                .units
                .iter()
                .map(|unit| Change::of(universe, goal, *unit, &answer.outcome))
                .collect(),
            cost: answer.cost,
            difference: Difference::of((universe, before), (universe, &answer.outcome)),
        };
        let more = match stop {
            Stop::NoMore => More::No,
            Stop::Enough => More::Enough,
            Stop::Budget => More::Budget,
        };
        Self { sets: answers.into_iter().map(set).collect(), more }
    }
}

impl Change {
    fn of(universe: &Universe, goal: &Goal, unit: Unit, after: &Outcome) -> Self {
        let nevra = |package| universe.nevra(package);
        let named = |name: StringId, accept: &dyn Fn(SolvableId) -> bool| -> Vec<String> {
            let all = universe.providers(name.into()).iter().copied();
            let own = all.filter(|p| universe.name(*p) == name && after.is_present(*p));
            own.filter(|p| accept(*p)).map(nevra).collect()
        };
        match unit {
            Unit::Command(at) => Change::LeaveOut(Demand::of(universe, goal, at)),
            Unit::BestOf(at) => Change::NotTheBestOf(Demand::of(universe, goal, at)),
            Unit::Stay(package) => Change::Erase { package: nevra(package) },
            Unit::Follow(name) => Change::Keep {
                name: universe.text(name).to_owned(),
                packages: named(name, &SolvableId::is_installed),
            },
            Unit::Architecture(name) => {
                Change::OtherArchitecture { name: universe.text(name).to_owned() }
            }
            Unit::Best(package) => Change::NotTheBest {
                package: nevra(package),
                instead: named(universe.name(package), &|_| true),
            },
        }
    }
}

impl Demand {
    /// The command of a number.
    pub(super) fn of(universe: &Universe, goal: &Goal, command: usize) -> Self {
        let Some(asked) = goal.commands.get(command) else {
            return Self { command, action: Action::Install, what: Vec::new() };
        };
        let what = match &asked.selection {
            Selection::One(package) => vec![universe.nevra(*package)],
            Selection::OneOf(packages) if packages.len() == 1 => {
                packages.iter().map(|package| universe.nevra(*package)).collect()
            }
            Selection::OneOf(packages) => {
                let names = packages.iter().map(|package| universe.text(universe.name(*package)));
                let names: BTreeSet<&str> = names.collect();
                names.into_iter().map(str::to_owned).collect()
            }
            Selection::Provides(term) => vec![universe.show(*term).to_string()],
            Selection::Name(name) => vec![universe.text(*name).to_owned()],
            Selection::Available => vec!["everything available".to_owned()],
            Selection::All => vec!["everything".to_owned()],
        };
        Self { command, action: asked.action, what }
    }
}

impl Difference {
    /// What is different between two results, each in its universe.
    pub(super) fn of(before: (&Universe, &Outcome), after: (&Universe, &Outcome)) -> Self {
        let names = |(universe, outcome): (&Universe, &Outcome)| -> BTreeSet<String> {
            let there = universe.packages().filter(|package| outcome.is_present(*package));
            there.map(|package| universe.nevra(package)).collect()
        };
        let (before, after) = (names(before), names(after));
        Self {
            with: after.difference(&before).cloned().collect(),
            without: before.difference(&after).cloned().collect(),
        }
    }
}

impl fmt::Display for ChangeSets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for set in &self.sets {
            writeln!(f, "- {set}")?;
        }
        match self.more {
            More::No if self.sets.is_empty() => writeln!(f, "nothing that could be changed helps"),
            More::Budget => writeln!(f, "there may be better ones: the search took too many steps"),
            More::No | More::Enough => Ok(()),
        }
    }
}

impl fmt::Display for ChangeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changes.is_empty() {
            return f.write_str("change nothing");
        }
        for (at, change) in self.changes.iter().enumerate() {
            write!(f, "{}{change}", if at == 0 { "" } else { ", and " })?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::LeaveOut(asked) => write!(f, "do not {asked}"),
            Change::NotTheBestOf(asked) => write!(f, "{asked}, though not the best of it"),
            Change::Erase { package } => write!(f, "erase {package}"),
            Change::Keep { name, packages } if packages.is_empty() => {
                write!(f, "let {name} be another than the repositories have")
            }
            Change::Keep { packages, .. } => {
                write!(f, "keep {}, which the repositories do not have", packages.join(", "))
            }
            Change::NotTheBest { package, instead } if instead.is_empty() => {
                write!(f, "do without the best for {package}")
            }
            Change::NotTheBest { package, instead } if instead.contains(package) => {
                write!(f, "keep {package}, though it is not the best")
            }
            Change::NotTheBest { package, instead } => {
                write!(f, "take {} for {package}, though it is not the best", instead.join(", "))
            }
            Change::OtherArchitecture { name } => {
                write!(f, "allow another architecture of {name}")
            }
            Change::Enable { repository } => write!(f, "use the repository {repository}"),
        }
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = match self.action {
            Action::Install => "install",
            Action::Erase => "erase",
            Action::Update => "update",
            Action::Sync => "follow the repositories with",
            Action::Lock => "leave as it is",
            Action::Multiversion | Action::AllowErase | Action::ExcludeFromWeak => "treat",
        };
        write!(f, "{action} {}", self.what.join(" or "))
    }
}

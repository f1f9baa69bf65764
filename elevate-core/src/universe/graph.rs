//! Who needs whom among packages that are, or will be, on a host together: why
//! one is there, what would go with it, cycles, leaves, orphans, and an order
//! to install in; and in which order a transaction's steps can be done.
//!
//! A requirement is met by *any one* of its providers. It is kept as an object
//! of its own, a condition between the package that asks and those that provide;
//! every question here goes along these, and none takes one provider for needed
//! where there are others.
//!
//! What a package provides for itself, and what rpm can do, are no dependencies
//! and are left out. So are `Suggests` and `Enhances`: they bring nothing along.
//! Dependencies of a package of a bare list are not known
//! ([`Universe::is_known`]). Such packages are named by
//! [`DependencyGraph::unknown`]: each answer is as good as these are few.

mod components;
mod condition;
pub mod document;
pub mod dot;
mod find;
mod layers;
mod overview;
pub mod picture;
mod questions;
mod removal;
mod sequence;
mod state;
pub mod svg;
#[cfg(test)]
mod tests;
pub mod text;
mod walk;
mod why;

use std::cell::OnceCell;

use schemars::JsonSchema;
use serde::Serialize;

use self::condition::{Condition, ConditionId, Conditions, Members, Node};
use self::state::State;
use super::host::Universe;
use super::packages::List;
use super::solvable::SolvableId;
use super::term::Term;
use crate::model::InstalledPackage;

pub use components::Group;
pub use find::Found;
pub use overview::Overview;
pub use questions::Questions;
pub use removal::{Leaving, Removal};
pub use sequence::{Cut, Sequence, Step};
pub use walk::{Direction, Link, Links, MOST_LINKS};
pub use why::{Chain, Why};

/// How strongly one package holds to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bond {
    /// It cannot do without.
    Requires,
    /// It cannot do without, and needs it to be there first.
    RequiresBefore,
    /// It brings it along, and can do without.
    Recommends,
    /// It is brought along by it, and either can do without.
    Supplements,
}

impl Bond {
    const LISTS: [(List, Bond); 4] = [
        (List::Requires, Bond::Requires),
        (List::RequiresBefore, Bond::RequiresBefore),
        (List::Recommends, Bond::Recommends),
        (List::Supplements, Bond::Supplements),
    ];

    /// Whether nothing works without.
    pub fn is_hard(self) -> bool {
        matches!(self, Bond::Requires | Bond::RequiresBefore)
    }
}

/// Which dependencies a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bonds {
    /// Those nothing works without.
    Hard,
    /// Those that only bring packages along too.
    All,
}

impl Bonds {
    fn has(self, bond: Bond) -> bool {
        self == Bonds::All || bond.is_hard()
    }
}

/// Whether somebody wanted a package for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wanted {
    /// A user asked for it, or for a group with it.
    ForItself,
    /// It came for the sake of others.
    AsDependency,
    /// Nobody noted it.
    Unknown,
}

impl Wanted {
    /// By the reason yum or dnf noted ([`InstalledPackage::install_reason`]).
    pub fn by_reason(reason: Option<&str>) -> Self {
        match reason {
            Some("user" | "group") => Wanted::ForItself,
            Some("dep" | "weak" | "clean") => Wanted::AsDependency,
            _ => Wanted::Unknown,
        }
    }
}

/// Something a package asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// The package.
    pub package: SolvableId,
    /// How strongly it asks.
    pub bond: Bond,
    /// What it asks for; see [`Universe::show`].
    pub term: Term,
    owner: Node,
    condition: ConditionId,
}

/// The dependencies among some packages of a universe.
#[derive(Debug)]
pub struct DependencyGraph<'u> {
    universe: &'u Universe,
    /// In order, each once.
    packages: Vec<SolvableId>,
    wanted: Vec<Wanted>,
    unknown: Vec<SolvableId>,
    /// By package, those of one package in the order of its metadata.
    requirements: Vec<Requirement>,
    /// Where the requirements of each package end.
    ends: Vec<usize>,
    conditions: Conditions,
    /// All packages are there.
    state: State,
    /// Conditions that each package is a provider of.
    provided: Vec<Vec<ConditionId>>,
    /// Rich conditions that each condition is a part of.
    whole: Vec<Vec<ConditionId>>,
    /// Numbers of the requirements that are each condition.
    asking: Vec<Vec<u32>>,
    tops: OnceCell<Vec<Vec<SolvableId>>>,
}

impl<'u> DependencyGraph<'u> {
    /// The graph of some packages, installed or available, that are on a host
    /// together. `wanted` says whether somebody wanted one for itself.
    pub fn new(
        universe: &'u Universe,
        packages: impl IntoIterator<Item = SolvableId>,
        wanted: impl Fn(SolvableId) -> Wanted,
    ) -> Self {
        let mut packages: Vec<SolvableId> = packages.into_iter().collect();
        packages.sort_unstable();
        packages.dedup();
        let unknown = packages.iter().copied().filter(|package| !universe.is_known(*package));
        let mut graph = Self {
            universe,
            wanted: packages.iter().map(|package| wanted(*package)).collect(),
            unknown: unknown.collect(),
            requirements: Vec::new(),
            ends: Vec::new(),
            conditions: Conditions::default(),
            state: State::all(0, &Conditions::default()),
            provided: vec![Vec::new(); packages.len()],
            whole: Vec::new(),
            asking: Vec::new(),
            tops: OnceCell::new(),
            packages,
        };
        graph.ask();
        graph.state = State::all(graph.packages.len(), &graph.conditions);
        graph.index();
        graph
    }

    /// The graph of all installed packages. `installed` is what the universe was
    /// made of; it says why each is there.
    pub fn of_installed(universe: &'u Universe, installed: &[InstalledPackage]) -> Self {
        Self::new(universe, universe.installed(), |package| {
            let package = universe.origin(package).and_then(|at| installed.get(at));
            Wanted::by_reason(package.and_then(|package| package.install_reason.as_deref()))
        })
    }

    /// Makes conditions of what all packages ask for.
    fn ask(&mut self) {
        let members = Members::new(self.universe, &self.packages);
        for owner in self.nodes() {
            let asked = self.conditions.asked(self.package(owner), owner, &members);
            self.requirements.extend(asked);
            self.ends.push(self.requirements.len());
        }
    }

    /// Makes the lists that lead from providers to those who ask.
    fn index(&mut self) {
        self.whole = vec![Vec::new(); self.conditions.len()];
        self.asking = vec![Vec::new(); self.conditions.len()];
        for (id, condition) in self.conditions.iter() {
            match condition {
                Condition::Any { providers, .. } => {
                    providers.iter().for_each(|package| push(&mut self.provided, *package, id));
                }
                Condition::Rich(rich) => {
                    rich.parts().for_each(|part| push(&mut self.whole, part, id));
                }
            }
        }
        for (id, requirement) in (0..).zip(&self.requirements) {
            push(&mut self.asking, requirement.condition, id);
        }
    }

    /// The universe the packages are of.
    pub fn universe(&self) -> &'u Universe {
        self.universe
    }

    /// The packages, in order.
    pub fn packages(&self) -> &[SolvableId] {
        &self.packages
    }

    /// Whether somebody wanted a package for itself.
    pub fn wanted(&self, package: SolvableId) -> Wanted {
        let known = self.node(package).and_then(|node| self.wanted.get(node as usize));
        known.copied().unwrap_or(Wanted::Unknown)
    }

    /// Packages whose dependencies are not known, in order. They may need
    /// anything.
    pub fn unknown(&self) -> &[SolvableId] {
        &self.unknown
    }

    /// What packages ask for and neither have themselves nor get of rpm.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// Requirements that nobody meets: broken already.
    pub fn broken(&self) -> impl Iterator<Item = &Requirement> {
        let broken = |r: &&Requirement| r.bond.is_hard() && !self.state.holds(r.condition);
        self.requirements.iter().filter(broken)
    }

    fn node(&self, package: SolvableId) -> Option<Node> {
        self.packages.binary_search(&package).ok().and_then(|at| Node::try_from(at).ok())
    }

    /// A node's package; numbers of nodes are made of places in this list.
    fn package(&self, node: Node) -> SolvableId {
        self.packages.get(node as usize).copied().unwrap_or(SolvableId::SYSTEM)
    }

    fn nodes(&self) -> impl DoubleEndedIterator<Item = Node> + use<> {
        0..Node::try_from(self.packages.len()).unwrap_or(Node::MAX)
    }

    /// What a package asks for.
    fn own(&self, node: Node) -> &[Requirement] {
        let at = node as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before).copied());
        let end = self.ends.get(at).copied().unwrap_or(0);
        self.requirements.get(start.unwrap_or(0)..end).unwrap_or_default()
    }

    /// Those who ask for a condition.
    fn asking(&self, condition: ConditionId) -> impl Iterator<Item = &Requirement> {
        let ids = self.asking.get(condition as usize).into_iter().flatten();
        ids.filter_map(|id| self.requirements.get(*id as usize))
    }
}

fn push(lists: &mut [Vec<u32>], at: u32, id: u32) {
    if let Some(list) = lists.get_mut(at as usize) {
        list.push(id);
    }
}

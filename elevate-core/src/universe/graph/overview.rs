//! A graph in a few numbers.

use super::walk::{Direction, Seen};
use super::{Bonds, DependencyGraph, Wanted};
use crate::universe::SolvableId;

/// A graph in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// How many packages were wanted for themselves.
    pub wanted: usize,
    /// How many came for the sake of others.
    pub dependencies: usize,
    /// Of how many nobody noted why they came.
    pub unexplained: usize,
    /// How many packages no other one needs.
    pub leaves: usize,
    /// How many came for the sake of others and are needed no more.
    pub orphans: usize,
    /// How many groups of packages need each other.
    pub cycles: usize,
    /// How many requirements nobody meets.
    pub broken: usize,
    /// Packages that most others need directly, with how many do: the most
    /// needed first.
    pub most_needed: Vec<(SolvableId, usize)>,
}

impl DependencyGraph<'_> {
    /// The graph in a few numbers, with so many of the most needed packages.
    pub fn overview(&self, most_needed: usize) -> Overview {
        let count = |wanted| self.wanted.iter().filter(|known| **known == wanted).count();
        Overview {
            wanted: count(Wanted::ForItself),
            dependencies: count(Wanted::AsDependency),
            unexplained: count(Wanted::Unknown),
            leaves: self.leaves(Bonds::Hard).len(),
            orphans: self.orphans().len(),
            cycles: self.cycles().len(),
            broken: self.broken().count(),
            most_needed: self.most_needed(most_needed),
        }
    }

    fn most_needed(&self, most: usize) -> Vec<(SolvableId, usize)> {
        let mut needed: Vec<(SolvableId, usize)> = Vec::new();
        for node in self.nodes() {
            let mut users = Vec::new();
            let mut seen = Seen::step();
            let direction = Direction::NeededBy;
            self.step(&self.state, node, direction, Bonds::Hard, &mut seen, &mut |_, user| {
                users.push(user);
            });
            users.sort_unstable();
            users.dedup();
            let count = users.iter().filter(|user| **user != node).count();
            needed.push((self.package(node), count));
        }
        needed.retain(|(_, count)| *count > 0);
        needed.sort_by_key(|(package, count)| (std::cmp::Reverse(*count), *package));
        needed.truncate(most);
        needed
    }
}

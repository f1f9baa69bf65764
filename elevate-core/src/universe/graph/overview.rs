//! A graph in a few numbers.

use std::cmp::Reverse;

use super::condition::Node;
use super::{Bonds, DependencyGraph, Requirement, Wanted};
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
    /// Packages that most others cannot do without, directly, with how many
    /// cannot: the most needed first.
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

    /// Counted by the requirements that one package alone meets: where others
    /// would do, it is not needed.
    fn most_needed(&self, most: usize) -> Vec<(SolvableId, usize)> {
        let met = |r: &&Requirement| r.bond.is_hard() && self.state.holds(r.condition);
        let pairs = self.requirements.iter().filter(met).flat_map(|requirement| {
            let needed = self.conditions.indispensable(requirement.condition);
            needed.into_iter().map(|node| (node, requirement.owner))
        });
        let mut pairs: Vec<(Node, Node)> = pairs.filter(|(node, user)| node != user).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let users = pairs.chunk_by(|a, b| a.0 == b.0);
        let counted = users.filter_map(|users| Some((self.package(users.first()?.0), users.len())));
        let mut needed: Vec<(SolvableId, usize)> = counted.collect();
        needed.sort_by_key(|(package, count)| (Reverse(*count), *package));
        needed.truncate(most);
        needed
    }
}

//! Why a package is there.

use super::condition::Node;
use super::walk::{Direction, Link, Seen};
use super::{Bonds, DependencyGraph, Wanted};
use crate::universe::SolvableId;

/// Why a package is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The package.
    pub package: SolvableId,
    /// Whether somebody wanted it for itself.
    pub wanted: Wanted,
    /// Whether no other package needs it, or would bring it along; `None` where
    /// none is known to and there are packages whose dependencies are not known.
    pub is_leaf: Option<bool>,
    /// Where nothing outside of a circle of packages needs any of them, and it is
    /// one: all of them, in order.
    pub circle: Vec<SolvableId>,
    /// Ways down to it from packages that are there for their own sake: the
    /// shortest way from each. Those on which nothing else would do come first,
    /// and of these the shorter ones.
    pub chains: Vec<Chain>,
    /// How many more such packages there are.
    pub more: usize,
}

/// A way from one package down to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Each link begins where the one before it ends.
    pub links: Vec<Link>,
}

impl DependencyGraph<'_> {
    /// Why a package is there: at most so many ways down to it from packages
    /// that a user asked for, or that nothing else needs. A way ends at the
    /// first such package, whatever may need that one; and of packages that need
    /// each other and that nothing else needs, one speaks for all.
    pub fn why(&self, package: SolvableId, most: usize) -> Why {
        let (chains, more) = self.chains(package, most);
        let own = self.tops().iter().find(|top| top.binary_search(&package).is_ok());
        let is_leaf = match own.is_some_and(|top| top.len() == 1) {
            true if !self.unknown.is_empty() => None,
            is_leaf => Some(is_leaf),
        };
        Why {
            package,
            wanted: self.wanted(package),
            is_leaf,
            circle: own.filter(|top| top.len() > 1).cloned().unwrap_or_default(),
            chains,
            more,
        }
    }

    /// The shortest chain from each package that is there for its own sake: so
    /// many of them, and how many more there are.
    fn chains(&self, package: SolvableId, most: usize) -> (Vec<Chain>, usize) {
        let Some(start) = self.node(package) else { return (Vec::new(), 0) };
        let mut ends = Ends::new(self);
        ends.is_new(start);
        let mut next: Vec<Option<Next>> = vec![None; self.packages.len()];
        let mut tops = Vec::new();
        let mut edge = vec![start];
        let mut seen = Seen::walk(self);
        while !edge.is_empty() {
            let mut found = self.links_up(&edge, &mut seen);
            found.retain(|(from, ..)| *from != start && next[*from as usize].is_none());
            // Of several links the strongest is told.
            found.sort_by_key(|(from, link, _)| (*from, link.bond, !link.only));
            found.dedup_by_key(|(from, ..)| *from);
            edge.clear();
            for (from, link, to) in found {
                let sure = next[to as usize].is_none_or(|next| next.sure);
                next[from as usize] = Some(Next { link, to, sure: sure && link.only });
                if !ends.is_one(from) {
                    edge.push(from);
                } else if ends.is_new(from) {
                    tops.push((from, sure && link.only));
                }
            }
        }
        // Stable: those alike stay in the order they were found in, near ones first.
        tops.sort_by_key(|(_, sure)| !sure);
        let told = tops.iter().take(most).map(|(top, _)| chain(&next, *top, start));
        (told.collect(), tops.len().saturating_sub(most))
    }

    /// Links from packages that need one of these.
    fn links_up(&self, packages: &[Node], seen: &mut Seen) -> Vec<(Node, Link, Node)> {
        let mut found = Vec::new();
        for to in packages {
            self.step(
                &self.state,
                *to,
                Direction::NeededBy,
                Bonds::All,
                seen,
                &mut |requirement, from| {
                    found.push((from, self.link(requirement, from, *to), *to));
                },
            );
        }
        found
    }
}

/// How a package leads on.
#[derive(Debug, Clone, Copy)]
struct Next {
    link: Link,
    /// The package it leads to.
    to: Node,
    /// Whether from here on nothing else would do.
    sure: bool,
}

/// Where ways end: packages that are there for their own sake.
struct Ends<'g> {
    wanted: &'g [Wanted],
    /// The number of the circle each package is in, where nothing outside needs
    /// it.
    circle: Vec<Option<usize>>,
    /// Which circles are spoken for.
    spoken_for: Vec<bool>,
}

impl<'g> Ends<'g> {
    fn new(graph: &'g DependencyGraph<'_>) -> Self {
        let tops = graph.tops();
        let mut circle = vec![None; graph.packages.len()];
        for (number, top) in tops.iter().enumerate() {
            let nodes = top.iter().filter_map(|package| graph.node(*package));
            nodes.for_each(|node| circle[node as usize] = Some(number));
        }
        Self { wanted: &graph.wanted, circle, spoken_for: vec![false; tops.len()] }
    }

    fn is_wanted(&self, node: Node) -> bool {
        self.wanted[node as usize] == Wanted::ForItself
    }

    fn is_one(&self, node: Node) -> bool {
        self.is_wanted(node) || self.circle[node as usize].is_some()
    }

    /// Whether nobody of its circle spoke before, or a user wanted it.
    fn is_new(&mut self, node: Node) -> bool {
        let known = self.circle[node as usize]
            .is_some_and(|circle| std::mem::replace(&mut self.spoken_for[circle], true));
        !known || self.is_wanted(node)
    }
}

fn chain(next: &[Option<Next>], top: Node, end: Node) -> Chain {
    let mut links = Vec::new();
    let mut at = top;
    while at != end
        && let Some(step) = next.get(at as usize).copied().flatten()
    {
        links.push(step.link);
        at = step.to;
    }
    Chain { links }
}

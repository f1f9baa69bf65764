//! Steps from package to package, along the conditions between them.

use std::collections::BTreeSet;

use super::condition::{Condition, ConditionId, Node};
use super::state::State;
use super::{Bond, Bonds, DependencyGraph, Requirement};
use crate::universe::{SolvableId, Term};

/// The most links one answer is made of. A host of 6,000 packages has some
/// 100,000; a hostile list of packages could have billions.
pub const MOST_LINKS: usize = 1_000_000;

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To what a package needs.
    Needs,
    /// To those that need it.
    NeededBy,
}

/// One package needs another, or brings it along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The one that needs.
    pub from: SolvableId,
    /// The one that is needed.
    pub to: SolvableId,
    /// How.
    pub bond: Bond,
    /// What is asked for: by `from`, or with [`Bond::Supplements`] by `to`.
    pub term: Term,
    /// Whether nothing else that is there would do.
    pub only: bool,
}

/// Links between packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// The links, in order of packages.
    pub links: Vec<Link>,
    /// Whether more than [`MOST_LINKS`] were to be looked at, and the rest is left
    /// out.
    pub cut: bool,
}

impl DependencyGraph<'_> {
    /// What a package needs: a link to each package that meets one of its
    /// requirements. Requirements that nobody meets are told by
    /// [`DependencyGraph::broken`].
    pub fn needs(&self, package: SolvableId, bonds: Bonds) -> Links {
        self.links(&[package], Direction::Needs, bonds, |_| true)
    }

    /// Who needs a package, what for, and whether something else would do.
    pub fn needed_by(&self, package: SolvableId, bonds: Bonds) -> Links {
        self.links(&[package], Direction::NeededBy, bonds, |_| true)
    }

    /// All links between some packages, which are given in order.
    pub fn links_among(&self, packages: &[SolvableId], bonds: Bonds) -> Links {
        let among = |other| packages.binary_search(&other).is_ok();
        self.links(packages, Direction::Needs, bonds, among)
    }

    /// Packages that can be reached in at most so many steps, in order, each with
    /// the number of steps. Those to start from take none.
    pub fn reach(
        &self,
        start: &[SolvableId],
        direction: Direction,
        depth: usize,
        bonds: Bonds,
    ) -> Vec<(SolvableId, usize)> {
        let start = start.iter().filter_map(|package| self.node(*package)).collect();
        let steps = self.spread(&self.state, start, direction, depth, bonds);
        let reached = self.packages.iter().zip(steps);
        reached.filter_map(|(package, steps)| steps.map(|steps| (*package, steps))).collect()
    }

    /// How many steps each package is away; `None` where it cannot be reached.
    pub(super) fn spread(
        &self,
        state: &State,
        start: Vec<Node>,
        direction: Direction,
        depth: usize,
        bonds: Bonds,
    ) -> Vec<Option<usize>> {
        let mut steps: Vec<Option<usize>> = vec![None; self.packages.len()];
        start.iter().for_each(|node| steps[*node as usize] = Some(0));
        let (mut edge, mut seen) = (start, Seen::walk(self));
        for step in 1..=depth {
            let mut next = Vec::new();
            for node in edge {
                self.step(state, node, direction, bonds, &mut seen, &mut |_, other| {
                    if steps[other as usize].is_none() {
                        steps[other as usize] = Some(step);
                        next.push(other);
                    }
                });
            }
            if next.is_empty() {
                break;
            }
            edge = next;
        }
        steps
    }

    fn links(
        &self,
        packages: &[SolvableId],
        direction: Direction,
        bonds: Bonds,
        among: impl Fn(SolvableId) -> bool,
    ) -> Links {
        let mut links = Vec::new();
        let mut looked_at = 0;
        for node in packages.iter().filter_map(|package| self.node(*package)) {
            let mut seen = Seen::step();
            self.step(&self.state, node, direction, bonds, &mut seen, &mut |requirement, other| {
                looked_at += 1;
                let (from, to) = match direction {
                    Direction::Needs => (node, other),
                    Direction::NeededBy => (other, node),
                };
                if looked_at <= MOST_LINKS && from != to && among(self.package(other)) {
                    links.push(self.link(requirement, from, to));
                }
            });
            if looked_at > MOST_LINKS {
                break;
            }
        }
        links.sort_by_key(|link: &Link| (link.from, link.to, link.bond));
        links.dedup();
        Links { links, cut: looked_at > MOST_LINKS }
    }

    pub(super) fn link(&self, requirement: &Requirement, from: Node, to: Node) -> Link {
        let Requirement { bond, term, condition, .. } = *requirement;
        let provider = if bond == Bond::Supplements { from } else { to };
        Link {
            from: self.package(from),
            to: self.package(to),
            bond,
            term,
            only: !self.conditions.holds_without(condition, provider),
        }
    }

    /// Goes from a package to all others in one step, with the requirement that
    /// leads there.
    pub(super) fn step(
        &self,
        state: &State,
        node: Node,
        direction: Direction,
        bonds: Bonds,
        seen: &mut Seen,
        each: &mut dyn FnMut(&Requirement, Node),
    ) {
        // Who supplements a package asks for it, and is needed by it.
        let down = |bond: Bond| (bond == Bond::Supplements) == (direction == Direction::NeededBy);
        for requirement in self.own(node) {
            if bonds.has(requirement.bond) && down(requirement.bond) {
                self.down(state, requirement.condition, seen, &mut |other| {
                    each(requirement, other);
                });
            }
        }
        if bonds == Bonds::All || direction == Direction::NeededBy {
            self.up(state, node, seen, &mut |requirement| {
                let there = state.is_here(requirement.owner);
                if there && bonds.has(requirement.bond) && !down(requirement.bond) {
                    each(requirement, requirement.owner);
                }
            });
        }
    }

    /// Packages thanks to which a condition holds.
    fn down(
        &self,
        state: &State,
        condition: ConditionId,
        seen: &mut Seen,
        each: &mut dyn FnMut(Node),
    ) {
        let mut open = vec![condition];
        while let Some(id) = open.pop() {
            if !state.holds(id) || !seen.enter_down(id) {
                continue;
            }
            match self.conditions.get(id) {
                Some(Condition::Any { providers, .. }) => {
                    providers.iter().filter(|node| state.is_here(**node)).for_each(|n| each(*n));
                }
                Some(Condition::Rich(rich)) => {
                    open.extend(rich.thanks_to(|part| state.holds(part)));
                }
                None => {}
            }
        }
    }

    /// Requirements that are met thanks to a package.
    fn up(&self, state: &State, node: Node, seen: &mut Seen, each: &mut dyn FnMut(&Requirement)) {
        let mut open = self.provided.get(node as usize).cloned().unwrap_or_default();
        while let Some(id) = open.pop() {
            if !state.holds(id) || !seen.enter_up(id) {
                continue;
            }
            self.asking(id).for_each(&mut *each);
            for whole in self.whole.get(id as usize).into_iter().flatten() {
                if let Some(Condition::Rich(rich)) = self.conditions.get(*whole)
                    && rich.thanks_to(|part| state.holds(part)).any(|part| part == id)
                {
                    open.push(*whole);
                }
            }
        }
    }
}

/// Which conditions a walk has been at, so that it takes no longer than there
/// are dependencies.
pub(super) enum Seen {
    /// A single step, which is to tell every requirement.
    Step(BTreeSet<ConditionId>),
    /// A walk, which is to reach every package.
    Walk {
        /// Those gone through from who asks to who provides.
        down: Vec<bool>,
        /// Those gone through the other way.
        up: Vec<bool>,
    },
}

impl Seen {
    pub(super) fn step() -> Self {
        Seen::Step(BTreeSet::new())
    }

    pub(super) fn walk(graph: &DependencyGraph<'_>) -> Self {
        let none = vec![false; graph.conditions.len()];
        Seen::Walk { down: none.clone(), up: none }
    }

    fn enter_down(&mut self, id: ConditionId) -> bool {
        match self {
            Seen::Step(_) => true,
            Seen::Walk { down, .. } => first(down, id),
        }
    }

    fn enter_up(&mut self, id: ConditionId) -> bool {
        match self {
            Seen::Step(up) => up.insert(id),
            Seen::Walk { up, .. } => first(up, id),
        }
    }
}

fn first(seen: &mut [bool], id: ConditionId) -> bool {
    seen.get_mut(id as usize).is_some_and(|seen| !std::mem::replace(seen, true))
}

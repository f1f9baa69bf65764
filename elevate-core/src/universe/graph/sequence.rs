//! In which order the steps of a transaction can be done (solver-search.md B9).
//!
//! A package is installed behind what it needs, and removed before what it
//! needs. Where packages need each other, the weakest bonds are cut until there is
//! an order. rpm makes an order of its own: this one is close to it, says why, and
//! is always the same.

mod arrange;
mod bonds;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use self::arrange::Edge;
use self::bonds::Weaver;
use super::Bond;
use crate::universe::{SolvableId, StringId, Term, Universe};

/// The steps of a transaction in an order they can be done in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// The steps, the first one first.
    pub steps: Vec<Step>,
    /// What had to be given up because packages need each other, in the order it
    /// was given up in.
    pub cuts: Vec<Cut>,
    /// Whether there are more than [`MOST_LINKS`](super::MOST_LINKS) bonds between
    /// steps, and the rest is left out.
    pub incomplete: bool,
    /// The packages that bonds are between, by number.
    packages: Vec<SolvableId>,
    /// All bonds, those that would be cut first before others.
    edges: Vec<Edge>,
}

/// A package that is installed, or one that is removed and has no successor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// The package.
    pub package: SolvableId,
    /// Installed packages that are removed right behind it, in order.
    pub replaces: Vec<SolvableId>,
}

impl Step {
    /// Whether the package is removed.
    pub fn is_removal(&self) -> bool {
        self.package.is_installed()
    }
}

/// A bond the order does not keep, because it would close a loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The package whose step should come first.
    pub first: SolvableId,
    /// The one whose step should come later.
    pub then: SolvableId,
    /// How one holds to the other: `then` needs `first` to be installed, or
    /// `first` needs `then` until it is removed.
    pub bond: Bond,
    /// What is asked for.
    pub term: Term,
    /// Whether it has to be there beforehand, and nothing that would do is: scripts
    /// may fail.
    pub breaks: bool,
    /// The bond, by its place in the order of cutting.
    edge: usize,
}

impl Sequence {
    /// Orders the steps of a transaction; the order they are given in does not
    /// count. `arriving` are packages to install, each with the installed ones it
    /// takes the place of; `leaving` are installed ones that have no successor. All
    /// other installed packages stay. One that several take the place of is removed
    /// behind the one of its own name, or else behind the lowest.
    ///
    /// Bonds are cut by weight, then by number. Packages without scripts do not come
    /// before others in this, for metadata does not say which have some.
    pub fn of(
        universe: &Universe,
        arriving: impl IntoIterator<Item = (SolvableId, Vec<SolvableId>)>,
        leaving: impl IntoIterator<Item = SolvableId>,
    ) -> Self {
        let steps = steps(universe, arriving, leaving);
        let weaver = Weaver::new(universe, &steps);
        let (edges, incomplete) = weaver.edges();
        let cut = arrange::loops(steps.len(), &edges);
        let kept = edges.iter().zip(&cut).filter(|(_, cut)| !**cut).map(|(edge, _)| edge);
        let names = by_name(universe, &steps);
        let key = |step: usize| (steps[step].is_removal(), names[step]);
        let order = arrange::order(steps.len(), kept, key);
        let cuts = cuts(&weaver, &steps, &order, edges.iter().zip(cut));
        let packages = steps.iter().map(|step| step.package).collect();
        let steps = order.into_iter().map(|step| steps[step].clone()).collect();
        Self { steps, cuts, incomplete, packages, edges }
    }

    /// A loop that a cut has opened: from its `then` to its `first`, each needed
    /// before the next, and the last before the first. A shortest one of those that
    /// were left when it was cut.
    pub fn circle(&self, cut: &Cut) -> Vec<SolvableId> {
        let Some((edge, others)) = self.edges.get(cut.edge..).and_then(<[Edge]>::split_first)
        else {
            return Vec::new();
        };
        let mut after = vec![Vec::new(); self.packages.len()];
        others.iter().for_each(|other| after[other.first].push(other.then));
        let mut came_from = vec![None; self.packages.len()];
        let mut open = VecDeque::from([edge.then]);
        while let Some(at) = open.pop_front().filter(|at| *at != edge.first) {
            for next in &after[at] {
                if *next != edge.then && came_from[*next].is_none() {
                    came_from[*next] = Some(at);
                    open.push_back(*next);
                }
            }
        }
        let back = std::iter::successors(Some(edge.first), |at| came_from[*at]);
        let mut circle: Vec<SolvableId> = back.map(|at| self.packages[at]).collect();
        circle.reverse();
        circle
    }
}

/// The steps by the numbers of their packages.
fn steps(
    universe: &Universe,
    arriving: impl IntoIterator<Item = (SolvableId, Vec<SolvableId>)>,
    leaving: impl IntoIterator<Item = SolvableId>,
) -> Vec<Step> {
    let mut steps: BTreeMap<SolvableId, Vec<SolvableId>> = BTreeMap::new();
    let mut successors: BTreeMap<SolvableId, (bool, SolvableId)> = BTreeMap::new();
    for (package, replaces) in arriving {
        steps.entry(package).or_default();
        for old in replaces {
            let rank = (universe.name(old) != universe.name(package), package);
            let best = successors.entry(old).or_insert(rank);
            *best = rank.min(*best);
        }
    }
    for package in leaving {
        if !successors.contains_key(&package) {
            steps.entry(package).or_default();
        }
    }
    for (old, (_, package)) in successors {
        steps.entry(package).or_default().push(old);
    }
    steps.into_iter().map(|(package, replaces)| Step { package, replaces }).collect()
}

/// The place of each step in the order of names and architectures.
fn by_name(universe: &Universe, steps: &[Step]) -> Vec<usize> {
    let text = |id: StringId| universe.text(id);
    let mut sorted: Vec<usize> = (0..steps.len()).collect();
    sorted.sort_by_key(|step| {
        let package = steps[*step].package;
        (text(universe.name(package)), text(universe.arch(package)), package)
    });
    arrange::places(&sorted)
}

/// What of the edges was cut.
fn cuts<'e>(
    weaver: &Weaver<'_>,
    steps: &[Step],
    order: &[usize],
    edges: impl Iterator<Item = (&'e Edge, bool)>,
) -> Vec<Cut> {
    let place = arrange::places(order);
    let kept = |edge: &Edge| place[edge.first] < place[edge.then];
    let mut met: BTreeMap<usize, bool> = BTreeMap::new();
    let mut cuts = Vec::new();
    for (edge, (Edge { first, then, asked, .. }, _)) in
        edges.enumerate().filter(|(_, (_, cut))| *cut)
    {
        let Some(requirement) = asked.and_then(|asked| weaver.requirement(asked)) else { continue };
        let before = requirement.bond == Bond::RequiresBefore;
        let mut met =
            |asked| *met.entry(asked).or_insert_with(|| weaver.bonds(asked).iter().any(kept));
        cuts.push(Cut {
            first: steps[*first].package,
            then: steps[*then].package,
            bond: requirement.bond,
            term: requirement.term,
            breaks: before && asked.is_some_and(|asked| !met(asked)),
            edge,
        });
    }
    cuts
}

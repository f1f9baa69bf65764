//! The shortest chain to a package that comes: breadth first from what needs no other
//! reason, along what packages need and only one package provides.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use super::chain::{Because, Chain, Fate, Taken};
use super::{Explainer, Next, Step};
use crate::universe::{SolvableId, Term};

/// How each package that comes is reached.
pub(super) type Tree = BTreeMap<SolvableId, Edge>;

/// What a package is reached by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// What decided it.
    Decided,
    /// It takes the place of an installed package.
    Updates(SolvableId),
    /// Another package needs it.
    Required(SolvableId, Term),
}

impl Explainer<'_> {
    pub(super) fn shortest(&self, package: SolvableId) -> Chain {
        let tree = self.tree.get_or_init(|| self.grow());
        self.follow(package, |package| {
            if let Some(known) = self.short_steps.borrow().get(&package) {
                return known.clone();
            }
            let step = self.short_step(package, tree.get(&package).copied());
            self.short_steps.borrow_mut().insert(package, step.clone());
            step
        })
    }

    fn short_step(&self, package: SolvableId, edge: Option<Edge>) -> Step {
        let speaker = self.speaker();
        let taken = Some(package);
        match edge {
            None | Some(Edge::Decided) => self.step(package),
            Some(Edge::Updates(installed)) => {
                let name = speaker.name(installed);
                let because = Because::Updates { installed: name, taken: Taken::Preferred };
                let others = self.successors(installed).filter(|other| *other != package);
                let others = self.others(others, taken);
                self.linked(package, because, others, Next::Installed(installed))
            }
            Some(Edge::Required(by, term)) => {
                let (name, capability) = (speaker.name(by), speaker.capability(term));
                let (given, how) = (Vec::new(), Taken::Only);
                let because = Because::Required { by: name, capability, given, taken: how };
                let providers = self.world.universe.providers(term).iter().copied();
                let others = self.others(providers.filter(|other| *other != package), taken);
                self.linked(package, because, others, Next::to(by))
            }
        }
    }

    /// Reaches every package that comes. What nothing needs that is reached follows what
    /// decided it, which was reached before.
    fn grow(&self) -> Tree {
        let mut tree = Tree::new();
        let mut open = VecDeque::new();
        for package in self.outcome.arriving() {
            if let Some(installed) = self.replaces.get(&package).and_then(|all| all.first()) {
                tree.insert(package, Edge::Updates(*installed));
                open.push_back(package);
            } else if !matches!(self.step(package).next, Next::Package(_)) {
                tree.insert(package, Edge::Decided);
                open.push_back(package);
            }
        }
        for package in self.world.universe.installed() {
            if self.fate(package) == Fate::Stays {
                self.reach_from(package, &mut tree, &mut open);
            }
        }
        self.spread(&mut tree, &mut open);
        for package in self.outcome.arriving() {
            if let Entry::Vacant(vacant) = tree.entry(package) {
                vacant.insert(Edge::Decided);
                open.push_back(package);
                self.spread(&mut tree, &mut open);
            }
        }
        tree
    }

    fn spread(&self, tree: &mut Tree, open: &mut VecDeque<SolvableId>) {
        while let Some(package) = open.pop_front() {
            self.reach_from(package, tree, open);
        }
    }

    /// Reaches what a package needs and nothing else provides.
    fn reach_from(&self, by: SolvableId, tree: &mut Tree, open: &mut VecDeque<SolvableId>) {
        let universe = self.world.universe;
        for term in universe.requires(by).iter().copied().filter(|t| !universe.is_complex(*t)) {
            let mut there =
                universe.providers(term).iter().copied().filter(|p| self.outcome.is_present(*p));
            if let (Some(only), None) = (there.next(), there.next())
                && self.is(only, Fate::Comes)
                && !tree.contains_key(&only)
            {
                tree.insert(only, Edge::Required(by, term));
                open.push_back(only);
            }
        }
    }
}

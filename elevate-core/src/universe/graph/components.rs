//! Packages that need each other, those that nothing else needs, and an order to
//! install in.

use std::cmp::Reverse;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::condition::{Condition, ConditionId, Node};
use super::{Bond, Bonds, DependencyGraph};
use crate::universe::SolvableId;

/// Packages that are installed together: one, or several that need each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// In the order they are installed in. Where packages need each other, what
    /// must be there before another still comes before it, unless that is
    /// mutual too.
    pub packages: Vec<SolvableId>,
}

impl DependencyGraph<'_> {
    /// Packages that need each other, directly or by way of others: each group in
    /// order, the groups in the order of their first.
    pub fn cycles(&self) -> Vec<Vec<SolvableId>> {
        let all = Components::of(self, Bonds::Hard).groups;
        let groups = all.iter().map(|group| self.packages_at(group));
        let mut cycles: Vec<_> = groups.filter(|group| group.len() > 1).collect();
        cycles.sort_unstable();
        cycles
    }

    /// Packages that no other one needs, in order, as far as dependencies are
    /// known: those of [`DependencyGraph::unknown`] may need them.
    pub fn leaves(&self, bonds: Bonds) -> Vec<SolvableId> {
        let tops = match bonds {
            Bonds::All => self.tops().to_vec(),
            Bonds::Hard => self.find_tops(bonds),
        };
        let alone = tops.into_iter().filter(|top| top.len() == 1);
        let mut leaves: Vec<SolvableId> = alone.flatten().collect();
        leaves.sort_unstable();
        leaves
    }

    /// Packages that no other one needs or brings along, and circles of packages
    /// of which that is true as a whole. Looked for once.
    pub(super) fn tops(&self) -> &[Vec<SolvableId>] {
        self.tops.get_or_init(|| self.find_tops(Bonds::All))
    }

    fn find_tops(&self, bonds: Bonds) -> Vec<Vec<SolvableId>> {
        let tops = Components::of(self, bonds).tops(self.packages.len());
        tops.iter().map(|group| self.packages_at(group)).collect()
    }

    /// An order in which the packages can be installed: providers before those
    /// that need them. Packages that need each other are installed as one group.
    ///
    /// All providers of a requirement come before the package, for any of them
    /// may be the one it is used with.
    pub fn order(&self) -> Vec<Group> {
        let components = Components::of(self, Bonds::Hard);
        let group_of = components.group_of();
        // Within a group only what must be there before counts.
        let mut before = Edges::of(self, |bond| bond == Bond::RequiresBefore);
        before.list.retain(|(from, to)| group_of[*from] == group_of[*to]);
        let mut rank = vec![0; before.places];
        for (at, places) in connected(&before).iter().enumerate() {
            places.iter().for_each(|place| rank[*place] = at);
        }
        let ordered = components.groups.into_iter().map(|mut places| {
            places.sort_by_key(|place| rank[*place]);
            Group { packages: self.packages_at(&places) }
        });
        ordered.filter(|group| !group.packages.is_empty()).collect()
    }

    fn packages_at(&self, places: &[Place]) -> Vec<SolvableId> {
        places.iter().filter_map(|place| self.packages.get(*place).copied()).collect()
    }
}

/// A package by its number, or behind all packages a condition, in two shapes:
/// as a thing that is needed, and as one that brings a package along.
pub(super) type Place = usize;

/// Steps from place to place: here from who needs to who is needed.
pub(super) struct Edges {
    pub(super) list: Vec<(Place, Place)>,
    /// How many places there are.
    pub(super) places: usize,
}

impl Edges {
    fn of(graph: &DependencyGraph<'_>, counts: impl Fn(Bond) -> bool) -> Self {
        let mut list = Vec::new();
        let needed = |id: ConditionId| graph.packages.len() + id as usize;
        let bringing = |id: ConditionId| needed(id) + graph.conditions.len();
        let asks = |bond| graph.requirements.iter().any(|r| r.bond == bond);
        let supplements = counts(Bond::Supplements) && asks(Bond::Supplements);
        for requirement in graph.requirements.iter().filter(|r| counts(r.bond)) {
            let (owner, id) = (requirement.owner as usize, requirement.condition);
            list.push(match requirement.bond {
                Bond::Supplements => (bringing(id), owner),
                _ => (owner, needed(id)),
            });
        }
        let held = graph.conditions.iter().filter(|(id, _)| graph.state.holds(*id));
        for (id, condition) in held {
            for below in graph.below(condition) {
                let (down, up) = match below {
                    Below::Package(node) => (node as usize, node as usize),
                    Below::Part(part) => (needed(part), bringing(part)),
                };
                list.push((needed(id), down));
                if supplements {
                    list.push((up, bringing(id)));
                }
            }
        }
        let shapes = if supplements { 2 } else { 1 };
        Self { list, places: graph.packages.len() + shapes * graph.conditions.len() }
    }
}

/// What makes a condition hold.
enum Below {
    Package(Node),
    Part(ConditionId),
}

impl DependencyGraph<'_> {
    fn below(&self, condition: &Condition) -> Vec<Below> {
        match condition {
            Condition::Any { providers, .. } => {
                providers.iter().copied().map(Below::Package).collect()
            }
            Condition::Rich(rich) => {
                rich.thanks_to(|part| self.state.holds(part)).map(Below::Part).collect()
            }
        }
    }
}

/// Packages and conditions by who can reach each other.
struct Components {
    /// What is needed before what needs it.
    groups: Vec<Vec<Place>>,
    edges: Edges,
}

impl Components {
    fn of(graph: &DependencyGraph<'_>, bonds: Bonds) -> Self {
        let edges = Edges::of(graph, |bond| bonds.has(bond));
        Self { groups: connected(&edges), edges }
    }

    /// The number of the group of each place.
    fn group_of(&self) -> Vec<usize> {
        numbered(&self.groups, self.edges.places)
    }

    /// Groups with packages that nothing outside of them needs. The first places
    /// are packages.
    fn tops(mut self, packages: usize) -> Vec<Vec<Place>> {
        let group_of = self.group_of();
        let group = |place: Place| group_of[place];
        // From those who need to what is needed; a condition counts where
        // somebody asks for it.
        self.edges.list.sort_unstable_by_key(|(from, _)| Reverse(group(*from)));
        let asks = |places: &[Place]| places.iter().any(|place| *place < packages);
        let mut asking: Vec<bool> = self.groups.iter().map(|places| asks(places)).collect();
        let mut needed = vec![false; self.groups.len()];
        for (from, to) in &self.edges.list {
            if group(*from) != group(*to) && asking[group(*from)] {
                asking[group(*to)] = true;
                needed[group(*to)] = true;
            }
        }
        let with_packages = self.groups.into_iter().zip(needed);
        with_packages.filter(|(group, needed)| !needed && asks(group)).map(|(g, _)| g).collect()
    }
}

/// The number of the group of each of so many places.
pub(super) fn numbered(groups: &[Vec<Place>], places: usize) -> Vec<usize> {
    let mut group_of = vec![0; places];
    for (number, group) in groups.iter().enumerate() {
        group.iter().for_each(|place| group_of[*place] = number);
    }
    group_of
}

/// Groups of places that can reach each other, each in order. What can be reached
/// comes first; places without any edge come in order.
///
/// By Kosaraju's algorithm, for petgraph's of Tarjan calls itself for every step
/// of a chain, and a chain can be as long as there are packages.
pub(super) fn connected(Edges { list, places }: &Edges) -> Vec<Vec<Place>> {
    let mut graph = DiGraph::<(), ()>::with_capacity(*places, list.len());
    (0..*places).for_each(|_| {
        graph.add_node(());
    });
    // Of nodes without edges petgraph gives the last one first.
    let node = |place: Place| NodeIndex::new(places - 1 - place);
    for (from, to) in list {
        graph.add_edge(node(*from), node(*to), ());
    }
    let sorted = |group: Vec<NodeIndex>| {
        let mut group: Vec<Place> = group.iter().map(|node| places - 1 - node.index()).collect();
        group.sort_unstable();
        group
    };
    kosaraju_scc(&graph).into_iter().map(sorted).collect()
}

//! Questions on a graph, answered in documents.

use std::collections::BTreeSet;

use super::document::{self as doc, Answer, GraphDocument};
use super::{Bonds, DependencyGraph, Direction, Link, Links, Requirement};
use crate::model::InstalledPackage;
use crate::universe::{SolvableId, Term};

/// How many of the most needed packages an overview names.
const MOST_NEEDED: usize = 10;

/// Answers in documents.
#[derive(Debug, Clone, Copy)]
pub struct Questions<'g> {
    /// The graph.
    pub graph: &'g DependencyGraph<'g>,
    /// What the universe was made of: it knows how packages came.
    pub installed: &'g [InstalledPackage],
}

impl Questions<'_> {
    /// All packages in a few numbers.
    pub fn overview(&self) -> GraphDocument {
        let super::Overview {
            wanted,
            dependencies,
            unexplained,
            leaves,
            orphans,
            cycles,
            broken,
            most_needed,
        } = self.graph.overview(MOST_NEEDED);
        let needed = |(package, by)| doc::Needed { package: self.name(package), by };
        self.document(Answer::Overview(doc::Overview {
            wanted,
            dependencies,
            unexplained,
            leaves,
            orphans,
            cycles,
            broken,
            most_needed: most_needed.into_iter().map(needed).collect(),
        }))
    }

    /// All packages, and who needs whom.
    pub fn whole(&self, bonds: Bonds) -> GraphDocument {
        self.document(Answer::Graph(self.among(self.graph.packages(), bonds)))
    }

    /// What packages need, or who needs them, or both, in at most so many steps.
    pub fn around(
        &self,
        start: &[SolvableId],
        directions: &[Direction],
        depth: usize,
        bonds: Bonds,
    ) -> GraphDocument {
        let reach = |direction| match directions.contains(&direction) {
            true => self.graph.reach(start, direction, depth, bonds),
            false => Vec::new(),
        };
        let (needed, needing) = (reach(Direction::Needs), reach(Direction::NeededBy));
        let steps = |of: &[(SolvableId, usize)], package: &SolvableId| {
            let at = of.binary_search_by_key(package, |(package, _)| *package).ok();
            at.and_then(|at| of.get(at)).map(|(_, steps)| *steps)
        };
        let all = needed.iter().chain(&needing).map(|(package, _)| *package);
        let all: BTreeSet<SolvableId> = all.collect();
        let node = |package: &SolvableId| doc::Node {
            package: self.package(*package),
            needed_in: steps(&needed, package),
            needs_in: steps(&needing, package),
        };
        let nodes = all.iter().map(node).collect();
        let ids = |of: &[(SolvableId, usize)]| of.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        let mut links = self.graph.links_among(&ids(&needed), bonds);
        let more = self.graph.links_among(&ids(&needing), bonds);
        links.links.extend(more.links);
        links.links.sort_by_key(|link| (link.from, link.to, link.bond));
        links.links.dedup();
        links.cut |= more.cut;
        self.drawn(start.iter().map(|package| self.name(*package)).collect(), nodes, links)
    }

    /// Why packages are there, each with at most so many ways down to it.
    pub fn why(&self, packages: &[SolvableId], most: usize) -> GraphDocument {
        let why = packages.iter().map(|package| {
            let why = self.graph.why(*package, most);
            doc::Why {
                package: self.package(*package),
                is_leaf: why.is_leaf,
                circle: self.names(&why.circle),
                chains: why.chains.iter().filter_map(|chain| self.chain(&chain.links)).collect(),
                more: why.more,
            }
        });
        self.document(Answer::Why(why.collect()))
    }

    /// What removing packages would take along.
    pub fn removal(&self, packages: &[SolvableId]) -> GraphDocument {
        let removal = self.graph.removal(packages);
        let leaving = |leaving: &super::Leaving| doc::Leaving {
            package: self.package(leaving.package),
            lacks: leaving.because.iter().map(|r| self.term(r.term)).collect(),
        };
        let rounds = removal.rounds.iter().map(|round| round.iter().map(leaving).collect());
        self.document(Answer::Removal(doc::Removal {
            asked: self.names(&removal.asked),
            rounds: rounds.collect(),
            left_over: self.packages(&removal.left_over),
        }))
    }

    /// Packages that no other one needs.
    pub fn leaves(&self, bonds: Bonds) -> GraphDocument {
        self.document(Answer::Leaves(self.packages(&self.graph.leaves(bonds))))
    }

    /// Packages that came for the sake of others and are needed no more.
    pub fn orphans(&self) -> GraphDocument {
        self.document(Answer::Orphans(self.packages(&self.graph.orphans())))
    }

    /// Requirements that nobody meets.
    pub fn broken(&self) -> GraphDocument {
        let broken = |requirement: &Requirement| doc::Requirement {
            package: self.name(requirement.package),
            capability: self.term(requirement.term),
        };
        self.document(Answer::Broken(self.graph.broken().map(broken).collect()))
    }

    /// Packages that need each other.
    pub fn cycles(&self) -> GraphDocument {
        let cycles = self.graph.cycles();
        self.document(Answer::Cycles(cycles.iter().map(|group| self.names(group)).collect()))
    }

    /// An order in which the packages can be installed.
    pub fn order(&self) -> GraphDocument {
        let order = self.graph.order();
        let groups = order.iter().map(|group| self.names(&group.packages)).collect();
        self.document(Answer::Order(groups))
    }

    fn document(&self, answer: Answer) -> GraphDocument {
        let unread = self.graph.universe().unread().iter().map(|unread| doc::Requirement {
            package: unread.package.clone(),
            capability: unread.text.clone(),
        });
        GraphDocument {
            format: doc::DocumentKind::Graph,
            version: doc::VERSION,
            packages: self.graph.packages().len(),
            unknown: self.names(self.graph.unknown()),
            unread: unread.collect(),
            answer,
        }
    }

    fn drawn(&self, start: Vec<String>, nodes: Vec<doc::Node>, links: Links) -> GraphDocument {
        self.document(Answer::Graph(self.graph_of(start, nodes, &links)))
    }

    /// Some packages, in order, and who needs whom among them.
    pub(super) fn among(&self, packages: &[SolvableId], bonds: Bonds) -> doc::Graph {
        let node = |package: &SolvableId| doc::Node {
            package: self.package(*package),
            needed_in: None,
            needs_in: None,
        };
        let nodes = packages.iter().map(node).collect();
        self.graph_of(Vec::new(), nodes, &self.graph.links_among(packages, bonds))
    }

    fn graph_of(&self, start: Vec<String>, nodes: Vec<doc::Node>, links: &Links) -> doc::Graph {
        let same = |a: &Link, b: &Link| (a.from, a.to) == (b.from, b.to);
        let edge = |links: &[Link]| {
            let first = links.first()?;
            Some(doc::Edge {
                from: self.name(first.from),
                to: self.name(first.to),
                because: links.iter().map(|link| self.because(link)).collect(),
            })
        };
        let edges = links.links.chunk_by(same).filter_map(edge).collect();
        doc::Graph { start, nodes, edges, cut: links.cut }
    }

    fn chain(&self, links: &[Link]) -> Option<doc::Chain> {
        let top = self.package(links.first()?.from);
        let step = |link: &Link| doc::Step {
            from: self.name(link.from),
            because: self.because(link),
            to: self.name(link.to),
        };
        Some(doc::Chain { top, steps: links.iter().map(step).collect() })
    }

    fn because(&self, link: &Link) -> doc::Because {
        doc::Because { bond: link.bond, capability: self.term(link.term), only: link.only }
    }

    fn package(&self, package: SolvableId) -> doc::Package {
        let at = self.graph.universe().origin(package);
        let installed = at.and_then(|at| self.installed.get(at));
        doc::Package {
            package: self.name(package),
            reason: installed.and_then(|p| p.install_reason.clone()),
            from_repo: installed.and_then(|p| p.from_repo.clone()).filter(|repo| !repo.is_empty()),
            install_time: installed.and_then(|p| p.install_time),
            install_date: installed.and_then(|p| p.install_date.clone()),
        }
    }

    fn packages(&self, packages: &[SolvableId]) -> Vec<doc::Package> {
        packages.iter().map(|package| self.package(*package)).collect()
    }

    fn name(&self, package: SolvableId) -> String {
        self.graph.universe().nevra(package)
    }

    pub(super) fn names(&self, packages: &[SolvableId]) -> Vec<String> {
        packages.iter().map(|package| self.name(*package)).collect()
    }

    fn term(&self, term: Term) -> String {
        self.graph.universe().show(term).to_string()
    }
}

//! A few packages around one, or around a contradiction, and what they have to do with
//! each other: as far as the plan tells, and never more than fit into a drawing.

use std::collections::{BTreeMap, BTreeSet};

use super::index::Index;
use super::relation::{End, Relation, of_link, of_statement, subject};
use crate::model::Nvra;
use crate::plan::reasons::{Demand, Fact, Fate};
use crate::plan::{Asked, Chain, Conflict, Plan};

/// The most boxes of a drawing.
const MOST_NODES: usize = 24;
/// The most links of a chain that are drawn.
const MOST_LINKS: usize = 8;
/// The most packages that are drawn because something becomes of them in turn.
const MOST_EFFECTS: usize = 6;

/// What a box stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A package that comes or takes a place.
    Comes,
    /// One that goes.
    Goes,
    /// One that stays, or of which more is not told.
    Stays,
    /// Something asked for.
    Asked,
    /// Something nobody provides.
    Missing,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub kind: Kind,
    /// The first line.
    pub name: String,
    /// The second line.
    pub detail: String,
    /// All of it.
    pub full: String,
}

/// An arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    pub how: Vec<String>,
    pub against: bool,
}

/// Boxes and arrows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// How many boxes there was no room for.
    pub left_out: usize,
}

/// Puts a graph together.
struct Builder<'a, 'p> {
    plan: &'p Plan,
    index: &'a Index<'p>,
    graph: Graph,
    places: BTreeMap<End<'p>, usize>,
    left_out: BTreeSet<End<'p>>,
    /// What becomes of packages that have no row.
    fates: BTreeMap<&'p str, Fate>,
    demands: BTreeMap<usize, String>,
}

impl Graph {
    /// The reasons of a package, link by link, and what follows from it; `None` where
    /// there is nothing to draw.
    pub(super) fn around<'p>(plan: &'p Plan, index: &Index<'p>, chain: &'p Chain) -> Option<Self> {
        let mut builder = Builder::new(plan, index);
        let own = chain.links.first()?;
        builder.node(End::Package(&own.package));
        for link in chain.links.iter().take(MOST_LINKS) {
            builder.fates.insert(&link.package, link.fate);
            builder.relations(of_link(link));
        }
        for link in chain.links.iter().skip(MOST_LINKS) {
            builder.left_out.insert(End::Package(&link.package));
        }
        let effects = index.effects(&own.package);
        for link in effects.iter().take(MOST_EFFECTS) {
            let about_own = |r: &Relation<'_>| r.cause == End::Package(&own.package);
            builder.relations(of_link(link).into_iter().filter(about_own).collect());
        }
        let more = effects.iter().skip(MOST_EFFECTS).map(|link| End::Package(&link.package));
        builder.left_out.extend(more);
        builder.finish()
    }

    /// What contradicts itself; `None` where there is nothing to draw.
    pub(super) fn of_conflict<'p>(
        plan: &'p Plan,
        index: &Index<'p>,
        conflict: &'p Conflict,
    ) -> Option<Self> {
        let mut builder = Builder::new(plan, index);
        let facts = || conflict.problems.iter().flat_map(|problem| &problem.core);
        for fact in facts() {
            builder.demand(fact);
        }
        for fact in facts() {
            builder.fact(fact);
        }
        let demands = facts().filter_map(|fact| fact.asked.as_ref());
        builder.ask(demands.collect());
        builder.finish()
    }
}

impl<'a, 'p> Builder<'a, 'p> {
    fn new(plan: &'p Plan, index: &'a Index<'p>) -> Self {
        Self {
            plan,
            index,
            graph: Graph::default(),
            places: BTreeMap::new(),
            left_out: BTreeSet::new(),
            fates: BTreeMap::new(),
            demands: BTreeMap::new(),
        }
    }

    /// What is asked, with the packages it is about.
    fn demand(&mut self, fact: &'p Fact) {
        let Some(asked) = &fact.asked else { return };
        self.demands.insert(asked.command, asked.to_string());
        self.node(End::Command(asked.command));
    }

    fn fact(&mut self, fact: &'p Fact) {
        for statement in std::iter::once(&fact.rule).chain(&fact.also) {
            if let Some(package) = subject(statement) {
                self.node(End::Package(package));
            }
            self.relations(of_statement(statement));
        }
    }

    /// Leads from what is asked to the packages it names.
    fn ask(&mut self, demands: Vec<&'p Demand>) {
        for demand in demands {
            let Some(from) = self.places.get(&End::Command(demand.command)).copied() else {
                continue;
            };
            let is_named = |node: &Node| {
                let is_package = !matches!(node.kind, Kind::Asked | Kind::Missing);
                is_package
                    && demand.what.iter().any(|what| *what == node.full || *what == node.name)
            };
            let nodes = self.graph.nodes.iter().enumerate();
            let named: Vec<usize> =
                nodes.filter(|(_, node)| is_named(node)).map(|(at, _)| at).collect();
            for to in named {
                self.edge(from, to, String::new(), false);
            }
        }
    }

    fn relations(&mut self, relations: Vec<Relation<'p>>) {
        for relation in relations {
            let ends = (self.node(relation.cause), self.node(relation.effect));
            if let (Some(from), Some(to)) = ends
                && from != to
            {
                self.edge(from, to, relation.how, relation.against);
            }
        }
    }

    fn edge(&mut self, from: usize, to: usize, how: String, against: bool) {
        let known = self.graph.edges.iter_mut().find(|edge| (edge.from, edge.to) == (from, to));
        match known {
            Some(edge) => {
                edge.against |= against;
                if !how.is_empty() && !edge.how.contains(&how) {
                    edge.how.push(how);
                }
            }
            None => {
                let how = Some(how).filter(|how| !how.is_empty()).into_iter().collect();
                self.graph.edges.push(Edge { from, to, how, against });
            }
        }
    }

    /// The box of an end; `None` where there is no room for one more.
    fn node(&mut self, end: End<'p>) -> Option<usize> {
        if let Some(at) = self.places.get(&end) {
            return Some(*at);
        }
        let at = self.graph.nodes.len();
        if at >= MOST_NODES {
            self.left_out.insert(end);
            return None;
        }
        let node = self.made(end);
        self.graph.nodes.push(node);
        self.places.insert(end, at);
        Some(at)
    }

    fn made(&self, end: End<'p>) -> Node {
        let plain = |kind, name: String, detail: &str| Node {
            kind,
            detail: detail.to_owned(),
            full: name.clone(),
            name,
        };
        match end {
            End::Command(command) => plain(Kind::Asked, self.asked(command), "asked for"),
            End::Missing(capability) => {
                plain(Kind::Missing, capability.to_owned(), "nothing provides it")
            }
            End::Package(full) => self.package(full),
        }
    }

    fn asked(&self, command: usize) -> String {
        if let Some(demand) = self.demands.get(&command) {
            return demand.clone();
        }
        match self.plan.transaction.as_ref().and_then(|whole| whole.asked.get(command)) {
            Some(Asked::Sync) => "follow the repositories".to_owned(),
            Some(Asked::Call { call, spec }) => format!("{} {spec}", call.as_str()),
            None => format!("command {command}"),
        }
    }

    fn package(&self, full: &str) -> Node {
        let parsed: Option<Nvra> = full.parse().ok();
        let name = parsed.as_ref().map_or_else(|| full.to_owned(), |nvra| nvra.name.to_string());
        let version = parsed.map(|nvra| match &nvra.arch {
            Some(arch) => format!("{}.{arch}", nvra.evr),
            None => nvra.evr.to_string(),
        });
        // The target's packages have no row of their own where they take a place.
        let (kind, word) = match (self.index.row(full), self.fates.get(full)) {
            (Some(row), _) => (kind_of(row.word), row.word.to_owned()),
            (None, Some(fate)) => (fate_kind(*fate), fate.to_string()),
            (None, None) => (Kind::Stays, String::new()),
        };
        let parts = [version.unwrap_or_default(), word];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Node { kind, name, detail: parts.join(" \u{b7} "), full: full.to_owned() }
    }

    fn finish(mut self) -> Option<Graph> {
        let is_drawn = |end: &&End<'p>| !self.places.contains_key(*end);
        self.graph.left_out = self.left_out.iter().filter(is_drawn).count();
        // A single package and what asks for it are told better in words.
        let asks = |node: &&Node| node.kind != Kind::Asked;
        let is_of_use = self.graph.nodes.iter().filter(asks).count() > 1;
        (is_of_use && !self.graph.edges.is_empty()).then_some(self.graph)
    }
}

fn kind_of(word: &str) -> Kind {
    match word {
        "removed" | "replaced" | "renamed" | "split" | "merged" | "moved" => Kind::Goes,
        "arrives" | "upgraded" | "downgraded" | "reinstalled" => Kind::Comes,
        _ => Kind::Stays,
    }
}

fn fate_kind(fate: Fate) -> Kind {
    match fate {
        Fate::Comes => Kind::Comes,
        Fate::Goes => Kind::Goes,
        Fate::Stays | Fate::Absent => Kind::Stays,
    }
}

//! The table of packages: what becomes of each, from where, and why, link by link.

use serde::Serialize;

use super::engine::Html;
use super::figure::figure;
use super::graph::Graph;
use super::index::Row;
use super::{Maker, Section};
use crate::plan::{Arrival, Chain, Fate, Operation, Source, TargetPackage};
use crate::report::text::{describe, names, reasons};

/// The most drawings of packages' reasons.
const MOST_DRAWINGS: usize = 60;
/// So many links of a chain are told at least; the rest may be told with another package.
const LINKS: usize = 4;
/// The most links of a chain that are told.
const MOST_LINKS: usize = 60;

#[derive(Serialize)]
struct View {
    fates: Vec<Chip>,
    rows: Vec<Line>,
    not_drawn: usize,
}

/// A fate, to choose rows by.
#[derive(Serialize)]
struct Chip {
    rank: usize,
    word: &'static str,
    means: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    arch: String,
    from: String,
    to: Vec<String>,
    rank: usize,
    word: &'static str,
    repository: String,
    reason: String,
    why: Option<Why>,
}

/// A chain of reasons.
#[derive(Serialize)]
struct Why {
    links: Vec<String>,
    /// Where the rest of the chain is told: how many links, the id of the row, the package.
    rest: Option<(usize, String, String)>,
    /// How many links are told nowhere.
    left_out: usize,
    end: Option<String>,
    figure: Option<Html>,
}

/// Installed packages and those that arrive.
pub(super) fn packages(maker: &Maker<'_>) -> Section {
    let plan = maker.plan;
    let mut drawn = Drawn { wanted: wanted(maker), made: 0, left_out: 0 };
    let installed = plan.packages.iter().enumerate();
    let mut rows: Vec<Line> =
        installed.map(|(at, operation)| line(maker, &mut drawn, at, operation)).collect();
    let arrivals = plan.arrivals.iter().enumerate();
    rows.extend(arrivals.map(|(at, arrival)| arriving(maker, &mut drawn, at, arrival)));
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let view = View { fates: chips(&rows), rows, not_drawn: drawn.left_out };
    let count = Some(view.rows.len());
    let body = maker.engine.fill("packages", &view);
    Section { id: "packages", title: "Packages", count, body }
}

/// Which reasons are drawn: of packages that go for good, and of those that inhibitors
/// are about.
struct Drawn {
    wanted: std::collections::BTreeSet<String>,
    made: usize,
    left_out: usize,
}

fn wanted(maker: &Maker<'_>) -> std::collections::BTreeSet<String> {
    let resources = maker.plan.inhibitors().flat_map(|finding| &finding.resources);
    let packages = resources.filter(|resource| resource.scheme == "package");
    packages.filter_map(|resource| maker.index.find(&resource.title)).map(Row::id).collect()
}

impl Drawn {
    fn draw(
        &mut self,
        maker: &Maker<'_>,
        id: &str,
        is_removed: bool,
        chain: &Chain,
    ) -> Option<Html> {
        if !is_removed && !self.wanted.contains(id) {
            return None;
        }
        let graph = Graph::around(maker.plan, &maker.index, chain)?;
        if self.made == MOST_DRAWINGS {
            self.left_out += 1;
            return None;
        }
        self.made += 1;
        let package = chain.links.first().map(|link| link.package.as_str()).unwrap_or_default();
        let title = format!("What {package} has to do with others");
        Some(figure(maker, &format!("{id}-g"), &title, &graph))
    }
}

fn line(maker: &Maker<'_>, drawn: &mut Drawn, at: usize, operation: &Operation) -> Line {
    let (id, word) = (format!("p{at}"), operation.fate.word());
    let is_removed = operation.fate == Fate::Removed;
    let chain = operation.because.as_ref();
    let figure = chain.and_then(|chain| drawn.draw(maker, &id, is_removed, chain));
    let successors = operation.fate.successors();
    let mut to: Vec<String> = operation.to.iter().map(|to| becomes(operation, to)).collect();
    if to.is_empty() && !successors.is_empty() {
        to.push(names(successors));
    }
    let repository = match operation.to.first() {
        Some(package) => package.repository.to_string(),
        None => source(&operation.fate).map(from).unwrap_or_default(),
    };
    Line {
        name: operation.name.to_string(),
        arch: operation.arch.as_ref().map(ToString::to_string).unwrap_or_default(),
        from: operation.evr.to_string(),
        to,
        rank: rank(word),
        word,
        repository,
        reason: reason(&operation.reasons, chain),
        why: chain.map(|chain| why(maker, chain, figure)),
        id,
    }
}

fn arriving(maker: &Maker<'_>, drawn: &mut Drawn, at: usize, arrival: &Arrival) -> Line {
    let id = format!("a{at}");
    let chain = arrival.because.as_ref();
    let figure = chain.and_then(|chain| drawn.draw(maker, &id, false, chain));
    let package = arrival.package.as_ref();
    let mut reason = reason(&arrival.reasons, chain);
    if !arrival.instead_of.is_empty() {
        let instead = format!("for {}", names(&arrival.instead_of));
        reason = if reason.is_empty() { instead } else { format!("{instead}; {reason}") };
    }
    Line {
        name: arrival.name.to_string(),
        arch: package.map(|package| package.arch.to_string()).unwrap_or_default(),
        from: String::new(),
        to: package.map(|package| package.evr.to_string()).into_iter().collect(),
        rank: Fate::WORDS.len(),
        word: "arrives",
        repository: package.map_or_else(|| from(&arrival.source), |p| p.repository.to_string()),
        reason,
        why: chain.map(|chain| why(maker, chain, figure)),
        id,
    }
}

/// What takes a package's place: a version, with name and architecture where those change.
fn becomes(operation: &Operation, to: &TargetPackage) -> String {
    let is_same = to.name == operation.name && operation.arch.as_ref() == Some(&to.arch);
    if is_same { to.evr.to_string() } else { to.nevra() }
}

fn source(fate: &Fate) -> Option<&Source> {
    match fate {
        Fate::Upgraded(source) | Fate::Downgraded(source) | Fate::Reinstalled(source) => {
            Some(source)
        }
        _ => None,
    }
}

fn from(source: &Source) -> String {
    let repository = source.repository.as_ref().map(ToString::to_string);
    let module = source.module.as_ref().map(|module| format!("module {module}"));
    repository.into_iter().chain(module).collect::<Vec<_>>().join(", ")
}

/// In short: who asked, or the first link where nobody did.
fn reason(all: &[crate::plan::Reason], chain: Option<&Chain>) -> String {
    match chain.and_then(|chain| chain.links.first()) {
        Some(link) if all.is_empty() => link.to_string(),
        _ => reasons(all),
    }
}

fn why(maker: &Maker<'_>, chain: &Chain, figure: Option<Html>) -> Why {
    let told = chain.links.len().min(LINKS);
    let rest = rest(maker, chain, told);
    let told = if rest.is_some() { told } else { chain.links.len().min(MOST_LINKS) };
    let left_out = if rest.is_some() { 0 } else { chain.links.len() - told };
    let end = || maker.plan.asked(chain).unwrap_or_else(|| chain.root.to_string());
    Why {
        links: chain.links.iter().take(told).map(ToString::to_string).collect(),
        end: rest.is_none().then(end),
        rest,
        left_out,
        figure,
    }
}

/// Where the links from a place on are told with the package they begin with.
fn rest(maker: &Maker<'_>, chain: &Chain, told: usize) -> Option<(usize, String, String)> {
    let links = chain.links.get(told..)?;
    let next = links.first()?;
    let row = maker.index.row(&next.package)?;
    let theirs = row.because?;
    let is_same = theirs.links.as_slice() == links && theirs.root == chain.root;
    is_same.then(|| (links.len(), row.id(), next.package.clone()))
}

fn rank(word: &str) -> usize {
    Fate::WORDS.iter().position(|other| *other == word).unwrap_or(Fate::WORDS.len())
}

fn chips(rows: &[Line]) -> Vec<Chip> {
    let words = Fate::WORDS.iter().map(|word| (*word, describe(word)));
    let all = words.chain([("arrives", "new on the host")]).enumerate();
    let chips = all.map(|(rank, (word, means))| Chip {
        rank,
        word,
        means,
        count: rows.iter().filter(|row| row.rank == rank).count(),
    });
    chips.filter(|chip| chip.count > 0).collect()
}

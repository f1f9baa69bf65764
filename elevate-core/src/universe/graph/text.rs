//! Answers as text for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::Bond;
use super::document::{
    Answer, Because, Chain, Edge, Graph, GraphDocument, Leaving, Overview, Package, Removal, Why,
};
use crate::model::civil;

/// How many capabilities a line names.
const MOST_CAPABILITIES: usize = 3;

/// The answer of a document as text. Nothing in it moves a terminal's cursor.
pub fn render(document: &GraphDocument) -> String {
    let visible = |letter: char| match letter {
        '\n' => letter,
        letter if letter.is_control() => '\u{fffd}',
        letter => letter,
    };
    answer_text(document).chars().map(visible).collect()
}

fn answer_text(document: &GraphDocument) -> String {
    match &document.answer {
        Answer::Overview(overview) => overview_text(document.packages, overview),
        Answer::Graph(graph) => graph_text(graph),
        Answer::Why(packages) => packages.iter().map(why_text).collect::<Vec<String>>().join("\n"),
        Answer::Removal(removal) => removal_text(removal),
        Answer::Leaves(packages) | Answer::Orphans(packages) => packages
            .iter()
            .map(|package| format!("{}{}\n", package.package, came(package)))
            .collect(),
        Answer::Broken(broken) => {
            broken.iter().map(|r| format!("{} requires {}\n", r.package, r.capability)).collect()
        }
        Answer::Cycles(groups) => {
            let groups = groups.iter().map(|group| lines("", group));
            groups.collect::<Vec<String>>().join("\n")
        }
        Answer::Order(groups) => groups.iter().map(|group| group_text(group)).collect(),
    }
}

fn lines(indent: &str, names: &[String]) -> String {
    names.iter().map(|name| format!("{indent}{name}\n")).collect()
}

/// One package, or several that need each other.
fn group_text(group: &[String]) -> String {
    match group {
        [one] => format!("{one}\n"),
        several => format!("together:\n{}", lines("  ", several)),
    }
}

fn overview_text(packages: usize, overview: &Overview) -> String {
    let rows = [
        (overview.wanted, "wanted for themselves"),
        (overview.dependencies, "came for the sake of others"),
        (overview.unexplained, "nobody noted why they came"),
        (overview.leaves, "no other package needs them (--leaves)"),
        (overview.orphans, "came for the sake of others, needed no more (--orphans)"),
        (overview.cycles, "groups that need each other (--cycles)"),
        (overview.broken, "requirements that nobody meets (--broken)"),
    ];
    let mut text = format!("{packages} packages\n\n");
    for (count, what) in rows {
        let _ = writeln!(text, "{count:6}  {what}");
    }
    if !overview.most_needed.is_empty() {
        text.push_str(
            "\nMost needed, with the number of packages that ask for what they alone provide:\n\n",
        );
    }
    for needed in &overview.most_needed {
        let _ = writeln!(text, "{:6}  {}", needed.by, needed.package);
    }
    text
}

fn graph_text(graph: &Graph) -> String {
    let mut text = String::new();
    let needs = graph.nodes.iter().any(|node| node.needed_in.is_some());
    let needed_by = graph.nodes.iter().any(|node| node.needs_in.is_some());
    for start in &graph.start {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{start}");
        if needs {
            text.push_str("  needs:\n");
            text.push_str(&tree(graph, start, |edge| (&edge.from, &edge.to)));
        }
        if needed_by {
            text.push_str("  needed by:\n");
            text.push_str(&tree(graph, start, |edge| (&edge.to, &edge.from)));
        }
    }
    if graph.cut {
        text.push_str("There are too many links; some are left out.\n");
    }
    text
}

/// What can be reached from a package, as a tree in which each package has its
/// branches once.
fn tree(graph: &Graph, start: &str, ends: fn(&Edge) -> (&String, &String)) -> String {
    let mut steps: BTreeMap<&str, Vec<&Edge>> = BTreeMap::new();
    for edge in &graph.edges {
        steps.entry(ends(edge).0).or_default().push(edge);
    }
    let depth = deepest(graph);
    let mut text = String::new();
    let mut shown = BTreeSet::from([start]);
    let branches = |of: &str, at: usize| {
        let edges = steps.get(of).into_iter().flatten().rev();
        edges.map(|edge| (*edge, at)).collect::<Vec<_>>()
    };
    let mut open = branches(start, 1);
    while let Some((edge, at)) = open.pop() {
        let name = ends(edge).1;
        let indent = "  ".repeat(at + 1);
        let _ = writeln!(text, "{indent}{name}: {}", capabilities(&edge.because));
        if at < depth && shown.insert(name) {
            open.extend(branches(name, at + 1));
        }
    }
    if text.is_empty() { "    nothing\n".to_owned() } else { text }
}

/// How many steps the farthest package is away.
fn deepest(graph: &Graph) -> usize {
    let steps = graph.nodes.iter().flat_map(|node| [node.needed_in, node.needs_in]);
    steps.flatten().max().unwrap_or_default()
}

fn capabilities(all: &[Because]) -> String {
    let one = |because: &Because| match because.bond {
        Bond::Requires => because.capability.clone(),
        Bond::RequiresBefore => format!("{} (before)", because.capability),
        Bond::Recommends => format!("{} (recommended)", because.capability),
        Bond::Supplements => format!("supplements {}", because.capability),
    };
    let named: Vec<String> = all.iter().take(MOST_CAPABILITIES).map(one).collect();
    let mut text = named.join(", ");
    if all.len() > MOST_CAPABILITIES {
        let _ = write!(text, " and {} more", all.len() - MOST_CAPABILITIES);
    }
    if !all.iter().any(|because| because.only) {
        text.push_str("; something else would do");
    }
    text
}

fn why_text(why: &Why) -> String {
    let mut text = format!("{}{}\n", why.package.package, came(&why.package));
    match why.is_leaf {
        Some(true) => text.push_str("  no other package needs it\n"),
        Some(false) => {}
        None => text.push_str("  whether another package needs it is not known\n"),
    }
    if !why.circle.is_empty() {
        text.push_str("  nothing needs it but packages that it needs itself:\n");
        text.push_str(&lines("    ", &why.circle));
    }
    why.chains.iter().for_each(|chain| text.push_str(&chain_text(chain)));
    if why.more > 0 {
        let _ = writeln!(text, "  and because of {} more", why.more);
    }
    text
}

fn chain_text(chain: &Chain) -> String {
    let mut text = format!("  because of {}{}\n", chain.top.package, came(&chain.top));
    for (at, step) in chain.steps.iter().enumerate() {
        let indent = "  ".repeat(at + 2);
        let capability = &step.because.capability;
        let _ = match step.because.bond {
            Bond::Requires => write!(text, "{indent}requires {capability}: {}", step.to),
            Bond::RequiresBefore => {
                write!(text, "{indent}requires {capability} before it: {}", step.to)
            }
            Bond::Recommends => write!(text, "{indent}recommends {capability}: {}", step.to),
            Bond::Supplements => {
                write!(text, "{indent}is supplemented as {capability}: {}", step.to)
            }
        };
        text.push_str(if step.because.only { "\n" } else { ", or another\n" });
    }
    text
}

fn removal_text(removal: &Removal) -> String {
    let mut text = format!("Without\n{}", lines("  ", &removal.asked));
    let mut first = true;
    for round in &removal.rounds {
        text.push_str(if first { "these would go along:\n" } else { "and without those:\n" });
        first = false;
        round.iter().for_each(|leaving| text.push_str(&leaving_text(leaving)));
    }
    if removal.rounds.is_empty() {
        text.push_str("nothing else would go.\n");
    }
    if !removal.left_over.is_empty() {
        text.push_str("Nothing that anybody wanted would need these any more:\n");
    }
    for package in &removal.left_over {
        let _ = writeln!(text, "  {}{}", package.package, came(package));
    }
    text
}

fn leaving_text(leaving: &Leaving) -> String {
    let mut lacks =
        leaving.lacks.iter().take(MOST_CAPABILITIES).cloned().collect::<Vec<_>>().join(", ");
    if leaving.lacks.len() > MOST_CAPABILITIES {
        let _ = write!(lacks, " and {} more", leaving.lacks.len() - MOST_CAPABILITIES);
    }
    let package = &leaving.package;
    format!("  {}{}\n    requires {lacks}\n", package.package, came(package))
}

/// How a package came, as far as it is known.
fn came(package: &Package) -> String {
    let mut parts = Vec::new();
    match package.reason.as_deref() {
        Some("user") => parts.push("a user asked for it".to_owned()),
        Some("dep") => parts.push("came as a dependency".to_owned()),
        Some("group") => parts.push("came with a group".to_owned()),
        Some(other) => parts.push(format!("installed for the reason {other:?}")),
        None => {}
    }
    parts.extend(package.from_repo.as_ref().map(|repo| format!("from {repo}")));
    match (package.install_time, &package.install_date) {
        (Some(time), _) => parts.push(format!("on {}", day(time))),
        (None, Some(date)) => parts.push(format!("on {date}")),
        (None, None) => {}
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// `2021-03-05`, in UTC.
fn day(time: u64) -> String {
    let (year, month, day) = civil(time / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::universe::graph::document::{DocumentKind, Requirement};

    #[test]
    fn what_a_host_says_does_not_reach_the_terminal_as_it_is() {
        let broken = Requirement { package: "a".to_owned(), capability: "\u{1b}[2Jb\r".to_owned() };
        let document = GraphDocument {
            format: DocumentKind::Graph,
            version: 1,
            packages: 1,
            unknown: Vec::new(),
            unread: Vec::new(),
            answer: Answer::Broken(vec![broken]),
        };
        assert_eq!(render(&document), "a requires \u{fffd}[2Jb\u{fffd}\n");
    }

    #[test]
    fn how_a_package_came_is_said_as_far_as_it_is_known() {
        assert_eq!(came(&Package::default()), "");
        let package = Package { reason: Some("weak".to_owned()), ..Package::default() };
        assert_eq!(came(&package), " (installed for the reason \"weak\")");
        let date = Some("Tue Mar  5 17:35:04 2019".to_owned());
        let dated = Package { install_date: date, ..Package::default() };
        assert_eq!(came(&dated), " (on Tue Mar  5 17:35:04 2019)");
        assert_eq!(day(1_719_741_600), "2024-06-30");
    }
}

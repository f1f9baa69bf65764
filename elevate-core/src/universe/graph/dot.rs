//! A graph as Graphviz reads it.

use std::fmt::Write as _;

use super::document::{Edge, Graph};

/// The graph in the language of Graphviz. Packages asked about are drawn bold;
/// an edge leads to what is needed. It is dashed where something else would do
/// too, and dotted where the package can do without.
pub fn render(graph: &Graph) -> String {
    let mut text = String::from("digraph packages {\n  rankdir=LR;\n  node [shape=box];\n");
    for node in &graph.nodes {
        let name = &node.package.package;
        let asked = graph.start.contains(name);
        let style = if asked { " [style=bold]" } else { "" };
        let _ = writeln!(text, "  {}{style};", quoted(name));
    }
    for edge in &graph.edges {
        let (from, to) = (quoted(&edge.from), quoted(&edge.to));
        let _ = writeln!(text, "  {from} -> {to} [label={}{}];", quoted(&label(edge)), style(edge));
    }
    text.push_str("}\n");
    text
}

fn label(edge: &Edge) -> String {
    let first = edge.because.first().map_or("", |because| because.capability.as_str());
    match edge.because.len().saturating_sub(1) {
        0 => first.to_owned(),
        more => format!("{first} and {more} more"),
    }
}

fn style(edge: &Edge) -> &'static str {
    let hard = || edge.because.iter().filter(|because| because.bond.is_hard());
    match hard().next() {
        None => ", style=dotted",
        Some(_) if hard().any(|because| because.only) => "",
        Some(_) => ", style=dashed",
    }
}

/// A text as Graphviz reads it literally: it takes a backslash for the start of
/// an escape, and a quote for the end.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted.push('\u{fffd}'),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::universe::graph::Bond;
    use crate::universe::graph::document::{Because, Node, Package};

    fn because(bond: Bond, capability: &str, only: bool) -> Because {
        Because { bond, capability: capability.to_owned(), only }
    }

    fn edge(to: &str, because: Vec<Because>) -> Edge {
        Edge { from: "a".to_owned(), to: to.to_owned(), because }
    }

    #[test]
    fn names_are_quoted_and_edges_say_how_strong_they_are() {
        let package = Package { package: "a".to_owned(), ..Package::default() };
        let graph = Graph {
            start: vec!["a".to_owned()],
            nodes: vec![Node { package, needed_in: Some(0), needs_in: None }],
            edges: vec![
                edge("b", vec![because(Bond::Requires, "x\"\\\n", true)]),
                edge("c", vec![because(Bond::RequiresBefore, "/bin/sh", false)]),
                edge(
                    "d",
                    vec![
                        because(Bond::Recommends, "d", true),
                        because(Bond::Recommends, "e", true),
                    ],
                ),
            ],
            cut: false,
        };
        let expected = "digraph packages {\n  rankdir=LR;\n  node [shape=box];\n  \
            \"a\" [style=bold];\n  \
            \"a\" -> \"b\" [label=\"x\\\"\\\\\u{fffd}\"];\n  \
            \"a\" -> \"c\" [label=\"/bin/sh\", style=dashed];\n  \
            \"a\" -> \"d\" [label=\"d and 1 more\", style=dotted];\n}\n";
        assert_eq!(render(&graph), expected);
    }
}

//! A picture as Graphviz reads it.

use std::fmt::Write as _;

use super::picture::{Frame, Line, Picture};

/// The picture in the language of Graphviz. Packages asked about are drawn bold;
/// an edge leads to what is needed. It is dashed where something else would do
/// too, and dotted where the package can do without.
pub fn render(picture: &Picture) -> String {
    let mut text = String::from("digraph packages {\n  rankdir=LR;\n  node [shape=box];\n");
    for one in &picture.boxes {
        let mut marks = match one.frame {
            Frame::Bold => vec!["style=bold".to_owned()],
            Frame::Plain => Vec::new(),
            Frame::Dashed => vec!["style=dashed".to_owned()],
        };
        if !one.note.is_empty() {
            marks.push(format!("label={}", quoted(&format!("{} ({})", one.name, one.note))));
        }
        let marks =
            if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join(", ")) };
        let _ = writeln!(text, "  {}{marks};", quoted(&one.name));
    }
    let name = |at: usize| picture.boxes.get(at).map(|one| quoted(&one.name)).unwrap_or_default();
    for arrow in &picture.arrows {
        let style = match arrow.line {
            Line::Solid => "",
            Line::Dashed => ", style=dashed",
            Line::Dotted => ", style=dotted",
        };
        let (from, to, label) = (name(arrow.from), name(arrow.to), quoted(&arrow.label));
        let _ = writeln!(text, "  {from} -> {to} [label={label}{style}];");
    }
    if picture.cut {
        text.push_str("  // There are too many edges; some are left out.\n");
    }
    text.push_str("}\n");
    text
}

/// A text as Graphviz reads it literally: it takes a backslash for the start of
/// an escape, a quote for the end, and an ampersand for the start of an entity.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '&' => quoted.push_str("&amp;"),
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
    use crate::universe::graph::document::{Because, Edge, Graph, Node, Package};

    fn because(bond: Bond, capability: &str, only: bool) -> Because {
        Because { bond, capability: capability.to_owned(), only }
    }

    fn edge(to: &str, because: Vec<Because>) -> Edge {
        Edge { from: "a".to_owned(), to: to.to_owned(), because }
    }

    #[test]
    fn names_are_quoted_and_edges_say_how_strong_they_are() {
        let node = |name: &str| {
            let package = Package { package: name.to_owned(), ..Package::default() };
            Node { package, needed_in: Some(0), needs_in: None }
        };
        let graph = Graph {
            start: vec!["a".to_owned()],
            nodes: ["a", "b", "c", "d"].map(node).to_vec(),
            edges: vec![
                edge("b", vec![because(Bond::Requires, "x\"\\\n", true)]),
                edge("c", vec![because(Bond::RequiresBefore, "/bin/&quot;", false)]),
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
            \"a\" [style=bold];\n  \"b\";\n  \"c\";\n  \"d\";\n  \
            \"a\" -> \"b\" [label=\"x\\\"\\\\\u{fffd}\"];\n  \
            \"a\" -> \"c\" [label=\"/bin/&amp;quot;\", style=dashed];\n  \
            \"a\" -> \"d\" [label=\"d and 1 more\", style=dotted];\n}\n";
        assert_eq!(render(&Picture::from(&graph)), expected);
    }
}

//! YAML for a reader of playbooks: texts are double quoted, and where somebody could take
//! them for a template they are marked as none.

use std::fmt::Write as _;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A text that is what it is.
    Text(String),
    /// A text of our own that Ansible makes something of.
    Template(String),
    /// Lines of our own, each of which ends; the first one begins with no blank.
    Lines(String),
    /// Yes or no.
    Bool(bool),
    /// Values.
    List(Vec<Node>),
    /// Values by names of our own.
    Map(Vec<(&'static str, Node)>),
}

impl Node {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Node::Text(text.into())
    }

    pub(super) fn template(text: impl Into<String>) -> Self {
        Node::Template(text.into())
    }

    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Node::List(texts.into_iter().map(Node::text).collect())
    }
}

/// A value that follows a name or a hyphen, so many blanks deep, with the end of its line.
pub(super) fn value(out: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Text(text) => {
            // A brace is all it takes to be a template.
            out.push_str(if text.contains('{') { " !unsafe " } else { " " });
            out.push_str(&quoted(text));
            out.push('\n');
        }
        Node::Template(text) => {
            out.push(' ');
            out.push_str(&quoted(text));
            out.push('\n');
        }
        Node::Lines(text) => lines(out, text, depth),
        Node::Bool(value) => out.push_str(if *value { " true\n" } else { " false\n" }),
        Node::List(list) if list.is_empty() => out.push_str(" []\n"),
        Node::Map(map) if map.is_empty() => out.push_str(" {}\n"),
        Node::List(list) => {
            out.push('\n');
            for one in list {
                item(out, one, depth);
            }
        }
        Node::Map(map) => {
            out.push('\n');
            for (name, of) in map {
                indent(out, depth);
                field(out, name, of, depth);
            }
        }
    }
}

/// One value of a list, behind its hyphen.
pub(super) fn item(out: &mut String, node: &Node, depth: usize) {
    indent(out, depth);
    out.push('-');
    match node {
        Node::Map(map) if !map.is_empty() => {
            for (at, (name, of)) in map.iter().enumerate() {
                if at == 0 {
                    out.push(' ');
                } else {
                    indent(out, depth + 2);
                }
                field(out, name, of, depth + 2);
            }
        }
        node => value(out, node, depth + 2),
    }
}

fn field(out: &mut String, name: &str, node: &Node, depth: usize) {
    out.push_str(name);
    out.push(':');
    value(out, node, depth + 2);
}

fn lines(out: &mut String, text: &str, depth: usize) {
    out.push_str(" !unsafe |\n");
    for line in text.lines() {
        if !line.is_empty() {
            indent(out, depth);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n(' ', depth));
}

/// A text in double quotes. All but letters, digits and what keyboards have is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            c if c.is_alphanumeric() && u32::from(c) < 0x1_0000 => out.push(c),
            // Writing to a String cannot fail.
            c if u32::from(c) < 0x1_0000 => _ = write!(out, "\\u{:04x}", u32::from(c)),
            c => _ = write!(out, "\\U{:08x}", u32::from(c)),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use granit_parser::{Event, Parser};
    use proptest::prelude::*;

    use super::*;

    /// A document as another reader takes it: brackets for lists, braces for maps, texts as
    /// they are.
    fn read(text: &str) -> String {
        let mut told = String::new();
        for event in Parser::new_from_str(text) {
            match event.unwrap_or_else(|error| panic!("{error}: {text}")).0 {
                Event::Scalar(text, _, _, tag) => {
                    told.push_str(&format!("{}{text:?} ", if tag.is_some() { "!" } else { "" }));
                }
                Event::SequenceStart(..) => told.push_str("[ "),
                Event::SequenceEnd => told.push_str("] "),
                Event::MappingStart(..) => told.push_str("{ "),
                Event::MappingEnd => told.push_str("} "),
                _ => {}
            }
        }
        told
    }

    /// The same of what was written.
    fn told(node: &Node) -> String {
        match node {
            Node::Text(text) => {
                format!("{}{text:?} ", if text.contains('{') { "!" } else { "" })
            }
            Node::Template(text) => format!("{text:?} "),
            Node::Lines(text) => format!("!{text:?} "),
            Node::Bool(value) => format!("\"{value}\" "),
            Node::List(list) => format!("[ {}] ", list.iter().map(told).collect::<String>()),
            Node::Map(map) => {
                let fields = map.iter().map(|(name, node)| format!("{name:?} {}", told(node)));
                format!("{{ {}}} ", fields.collect::<String>())
            }
        }
    }

    fn written(nodes: &[Node]) -> String {
        let mut text = "---\n".to_owned();
        nodes.iter().for_each(|node| item(&mut text, node, 0));
        text
    }

    fn any_node() -> impl Strategy<Value = Node> {
        let leaf = prop_oneof![
            any::<String>().prop_map(Node::Text),
            "[ -~\\n\\t{%}\u{85}\u{2028}\u{feff}\u{7f}é日]{0,12}".prop_map(Node::Text),
            "[a-z {}|']{0,12}".prop_map(Node::Template),
            any::<bool>().prop_map(Node::Bool),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Node::List),
                proptest::collection::vec(inner, 0..4).prop_map(|nodes| {
                    Node::Map(["a", "b", "c", "d"].into_iter().zip(nodes).collect())
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn another_reader_takes_it_as_it_was(
            nodes in proptest::collection::vec(any_node(), 1..4),
        ) {
            let all: String = nodes.iter().map(told).collect();
            prop_assert_eq!(read(&written(&nodes)), format!("[ {all}] "));
        }
    }

    #[test]
    fn lines_are_readable_and_stay_as_they_are() {
        let node = Node::Lines("a {\n  b: \"c\"\n\nd\n".to_owned());
        let map = Node::Map(vec![("x", node), ("y", Node::Bool(true))]);
        let text = written(std::slice::from_ref(&map));
        assert_eq!(text, "---\n- x: !unsafe |\n    a {\n      b: \"c\"\n\n    d\n  y: true\n");
        assert_eq!(read(&text), format!("[ {}] ", told(&map)));
    }
}

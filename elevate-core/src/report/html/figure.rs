//! A graph as SVG.

use serde::Serialize;

use super::Maker;
use super::engine::Html;
use super::graph::{Edge, Graph, Kind, Node};
use super::layout::{Arrow, HEIGHT, Layout, WIDTH, words_width};

/// The most letters of a line in a box or beside an arrow; letters are as wide as each
/// other there.
pub(super) const MOST_LETTERS: usize = 34;

#[derive(Serialize)]
struct Figure<'f> {
    id: &'f str,
    title: &'f str,
    width: usize,
    height: usize,
    box_width: usize,
    box_height: usize,
    nodes: Vec<Box<'f>>,
    arrows: Vec<Line<'f>>,
    left_out: usize,
    /// What is drawn, for those who do not see it.
    told: String,
}

#[derive(Serialize)]
struct Box<'f> {
    x: usize,
    y: usize,
    class: &'static str,
    name: String,
    detail: String,
    full: &'f str,
}

#[derive(Serialize)]
struct Line<'f> {
    path: &'f str,
    x: usize,
    y: usize,
    /// What lies under the words, so that no arrow runs through them.
    left: usize,
    width: usize,
    against: bool,
    short: String,
    full: String,
}

/// A drawing with a title; `id` is one of its own in the page.
pub(super) fn figure(maker: &Maker<'_>, id: &str, title: &str, graph: &Graph) -> Html {
    let layout = Layout::of(graph);
    let boxes = graph.nodes.iter().zip(&layout.boxes);
    let lines = graph.edges.iter().zip(&layout.arrows);
    let view = Figure {
        id,
        title,
        width: layout.width,
        height: layout.height,
        box_width: WIDTH,
        box_height: HEIGHT,
        nodes: boxes.map(|(node, place)| drawn(node, *place)).collect(),
        arrows: lines.map(|(edge, arrow)| line(edge, arrow)).collect(),
        left_out: graph.left_out,
        told: told(graph),
    };
    maker.engine.fill("figure", &view)
}

fn drawn(node: &Node, (x, y): (usize, usize)) -> Box<'_> {
    let class = match node.kind {
        Kind::Comes => "comes",
        Kind::Goes => "goes",
        Kind::Stays => "stays",
        Kind::Asked => "asked",
        Kind::Missing => "missing",
    };
    Box { x, y, class, name: cut(&node.name), detail: cut(&node.detail), full: &node.full }
}

fn line<'f>(edge: &Edge, arrow: &'f Arrow) -> Line<'f> {
    let more = edge.how.len().saturating_sub(1);
    let first = edge.how.first().map(String::as_str).unwrap_or_default();
    let short = if more == 0 { cut(first) } else { format!("{} +{more}", cut(first)) };
    let ((x, y), width) = (arrow.words, words_width(edge));
    let left = x.saturating_sub(width / 2);
    Line {
        path: &arrow.path,
        x,
        y,
        left,
        width,
        against: edge.against,
        short,
        full: edge.how.join("; "),
    }
}

fn told(graph: &Graph) -> String {
    let full = |at: usize| graph.nodes.get(at).map(|node| node.full.as_str()).unwrap_or_default();
    let one =
        |edge: &Edge| format!("{}: {}: {}", full(edge.from), edge.how.join(" and "), full(edge.to));
    graph.edges.iter().map(one).collect::<Vec<_>>().join(". ")
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MOST_LETTERS {
        return text.to_owned();
    }
    let kept: String = text.chars().take(MOST_LETTERS - 1).collect();
    kept + "\u{2026}"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_by_letters_not_bytes() {
        assert_eq!(cut(&"ä".repeat(34)), "ä".repeat(34));
        assert_eq!(cut(&"ä".repeat(35)), format!("{}…", "ä".repeat(33)));
    }
}

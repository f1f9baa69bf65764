//! Where boxes and arrows of a drawing go: causes above what follows from them, a few
//! boxes side by side, all in whole units of the drawing.

use super::figure::MOST_LETTERS;
use super::graph::{Edge, Graph};

/// Width of a box.
pub(super) const WIDTH: usize = 248;
/// Height of a box.
pub(super) const HEIGHT: usize = 44;
/// Between boxes side by side, and around all.
const GAP: usize = 16;
/// Between one row of boxes and the next, where arrows and their words are.
const ROW: usize = 52;
/// The most boxes side by side.
const ACROSS: usize = 3;

/// Width of a letter beside an arrow, and height of a line of them.
const LETTER: usize = 7;
const LINE: usize = 12;

/// A drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub width: usize,
    pub height: usize,
    /// Upper left corners, box by box.
    pub boxes: Vec<(usize, usize)>,
    /// Arrows, edge by edge.
    pub arrows: Vec<Arrow>,
}

/// An arrow, and where its words stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrow {
    /// As SVG writes paths.
    pub path: String,
    /// The middle of the words.
    pub words: (usize, usize),
}

impl Layout {
    /// Places a graph. Every box has a place, whatever circles there are.
    pub(super) fn of(graph: &Graph) -> Self {
        let rows = rows(graph);
        let across = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = across * WIDTH + across.saturating_sub(1) * GAP + 2 * GAP;
        let mut boxes = vec![(0, 0); graph.nodes.len()];
        for (row, nodes) in rows.iter().enumerate() {
            let taken = nodes.len() * WIDTH + nodes.len().saturating_sub(1) * GAP;
            let left = (width - taken) / 2;
            for (column, node) in nodes.iter().enumerate() {
                boxes[*node] = (left + column * (WIDTH + GAP), GAP + row * (HEIGHT + ROW));
            }
        }
        let height = 2 * GAP + (rows.len() * (HEIGHT + ROW)).saturating_sub(ROW);
        let mut arrows: Vec<Arrow> =
            graph.edges.iter().map(|edge| arrow(edge, graph, &boxes)).collect();
        keep_apart(graph, &mut arrows);
        Self { width, height, boxes, arrows }
    }
}

/// Boxes row by row: a layer takes as many rows as it needs.
fn rows(graph: &Graph) -> Vec<Vec<usize>> {
    let layers = layers(graph);
    let count = layers.iter().max().map_or(0, |last| last + 1);
    let mut rows = Vec::new();
    // Where each box came to stand, for those below it to come near.
    let mut places = vec![0; graph.nodes.len()];
    for layer in 0..count {
        let mut nodes: Vec<usize> =
            (0..graph.nodes.len()).filter(|node| layers[*node] == layer).collect();
        nodes.sort_by_key(|node| {
            let above = graph.edges.iter().filter(|e| e.to == *node && layers[e.from] < layer);
            let above: Vec<usize> = above.map(|edge| places[edge.from]).collect();
            (above.iter().sum::<usize>() * 100 / above.len().max(1), *node)
        });
        for row in nodes.chunks(ACROSS) {
            let first = ACROSS - row.len();
            for (column, node) in row.iter().enumerate() {
                places[*node] = first + 2 * column;
            }
            rows.push(row.to_vec());
        }
    }
    rows
}

/// The layer of each box: one below the lowest of its causes. A circle begins with the
/// first of its boxes.
fn layers(graph: &Graph) -> Vec<usize> {
    let mut layers: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let causes =
        |node: usize| graph.edges.iter().filter(move |edge| edge.to == node).map(|edge| edge.from);
    while let Some(first) = layers.iter().position(Option::is_none) {
        let open = (first..layers.len()).filter(|node| layers[*node].is_none());
        let is_ready = |node: &usize| causes(*node).all(|cause| layers[cause].is_some());
        let next = open.into_iter().find(is_ready).unwrap_or(first);
        let above = causes(next).filter_map(|cause| layers[cause]).max();
        layers[next] = Some(above.map_or(0, |above| above + 1));
    }
    layers.into_iter().flatten().collect()
}

/// From the lower edge of the cause to the upper edge of what follows; along the sides
/// where that stands above or beside it.
fn arrow(edge: &Edge, graph: &Graph, boxes: &[(usize, usize)]) -> Arrow {
    let ((x, y), (to_x, to_y)) = (boxes[edge.from], boxes[edge.to]);
    let half = WIDTH / 2;
    if to_y <= y {
        let (start, end) = (y + HEIGHT / 2, to_y + HEIGHT / 2);
        let (right, to_right) = (x + WIDTH, to_x + WIDTH);
        let out = right.max(to_right) + GAP;
        let path = format!("M{right} {start}C{out} {start} {out} {end} {to_right} {end}");
        return Arrow { path, words: (x + half, y + HEIGHT + 14) };
    }
    let (from_x, start, end_x, end) = (x + half, y + HEIGHT, to_x + half, to_y);
    let middle = (start + end) / 2;
    let path = format!("M{from_x} {start}C{from_x} {middle} {end_x} {middle} {end_x} {end}");
    let told = || graph.edges.iter().filter(|edge| !edge.how.is_empty());
    let count = |is: &dyn Fn(&Edge) -> bool| told().filter(|e| is(e)).count();
    // Words stand where they are alone: at the one end no other arrow with words has.
    let words = if count(&|e| e.to == edge.to) == 1 {
        (end_x, end - 20)
    } else if count(&|e| e.from == edge.from) == 1 {
        (from_x, start + 18)
    } else {
        ((from_x + end_x) / 2, middle + 4)
    };
    Arrow { path, words }
}

/// Moves words that would stand on others a line up or down, where there is room.
fn keep_apart(graph: &Graph, arrows: &mut [Arrow]) {
    let widths: Vec<usize> = graph.edges.iter().map(words_width).collect();
    for at in 0..arrows.len() {
        let (x, y) = arrows[at].words;
        let is_free = |y: &usize| {
            let mut others = arrows[..at].iter().zip(&widths);
            !others.any(|(other, width)| {
                let (other_x, other_y) = other.words;
                let beside = 2 * x.abs_diff(other_x) >= widths[at] + width;
                *width > 0 && y.abs_diff(other_y) < LINE && !beside
            })
        };
        let places = [y, y + LINE, y.saturating_sub(LINE)];
        arrows[at].words.1 = places.into_iter().find(is_free).unwrap_or(y);
    }
}

/// How wide the words beside an arrow are.
pub(super) fn words_width(edge: &Edge) -> usize {
    let first = edge.how.first().map_or(0, |how| how.chars().count());
    let more = if edge.how.len() > 1 { 3 } else { 0 };
    (first.min(MOST_LETTERS) + more) * LETTER
}

#[cfg(test)]
mod tests {
    use super::super::graph::{Kind, Node};
    use super::*;

    fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph {
        let node = |at: usize| Node {
            kind: Kind::Stays,
            name: at.to_string(),
            detail: String::new(),
            full: String::new(),
        };
        let edge = |&(from, to)| Edge { from, to, how: vec![], against: false };
        Graph {
            nodes: (0..nodes).map(node).collect(),
            edges: edges.iter().map(edge).collect(),
            left_out: 0,
        }
    }

    #[test]
    fn what_follows_stands_below_its_causes() {
        let graph = graph(5, &[(4, 0), (4, 1), (0, 2), (1, 2), (2, 3), (4, 3)]);
        let layout = Layout::of(&graph);
        for edge in &graph.edges {
            assert!(layout.boxes[edge.from].1 < layout.boxes[edge.to].1, "{edge:?}");
        }
    }

    #[test]
    fn boxes_never_overlap_and_stay_within_the_drawing() {
        let star: Vec<(usize, usize)> = (1..12).map(|to| (0, to)).collect();
        let layout = Layout::of(&graph(12, &star));
        for (at, (x, y)) in layout.boxes.iter().enumerate() {
            assert!(x + WIDTH <= layout.width && y + HEIGHT <= layout.height);
            for (other_x, other_y) in &layout.boxes[..at] {
                assert!(x.abs_diff(*other_x) >= WIDTH || y.abs_diff(*other_y) >= HEIGHT);
            }
        }
    }

    #[test]
    fn circles_are_drawn_too() {
        let layout = Layout::of(&graph(3, &[(0, 1), (1, 2), (2, 0)]));
        assert_eq!((layout.boxes.len(), layout.arrows.len()), (3, 3));
        assert!(layout.boxes[0].1 < layout.boxes[1].1 && layout.boxes[1].1 < layout.boxes[2].1);
    }

    #[test]
    fn words_do_not_stand_on_each_other() {
        let mut graph = graph(4, &[(0, 2), (1, 2), (0, 3), (1, 3)]);
        for edge in &mut graph.edges {
            edge.how.push("requires something".to_owned());
        }
        let layout = Layout::of(&graph);
        for (at, arrow) in layout.arrows.iter().enumerate() {
            for other in &layout.arrows[..at] {
                let apart = arrow.words.0.abs_diff(other.words.0) >= words_width(&graph.edges[0]);
                assert!(apart || arrow.words.1.abs_diff(other.words.1) >= LINE, "{layout:?}");
            }
        }
    }

    #[test]
    fn nothing_is_a_drawing_of_nothing() {
        assert_eq!(Layout::of(&Graph::default()).boxes, []);
    }
}

//! Packages as a picture: boxes and arrows, for Graphviz and for SVG.

use std::collections::BTreeMap;

use super::document::{Edge, Graph};
use super::questions::Questions;
use super::{Bonds, Removal};
use crate::universe::SolvableId;

/// Boxes and the arrows between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// What it shows, in a line.
    pub title: String,
    /// The packages.
    pub boxes: Vec<PictureBox>,
    /// Who needs whom.
    pub arrows: Vec<Arrow>,
    /// Whether there are too many arrows, and some are left out already.
    pub cut: bool,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PictureBox {
    /// Its name.
    pub name: String,
    /// What is said of it besides; may be empty.
    pub note: String,
    /// How it is drawn.
    pub frame: Frame,
    /// The column it belongs to, where that is known: 0 for what was asked about.
    pub column: Option<i64>,
}

/// How a box is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Frame {
    /// It was asked about.
    Bold,
    /// As others.
    #[default]
    Plain,
    /// It is only touched.
    Dashed,
}

/// One package needs another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// Place of the one that needs.
    pub from: usize,
    /// Place of the one that is needed.
    pub to: usize,
    /// What for, in short.
    pub label: String,
    /// How strongly.
    pub line: Line,
}

/// How strongly one package needs another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// Nothing else would do.
    Solid,
    /// Something else that is there would do too.
    Dashed,
    /// It can do without.
    Dotted,
}

impl From<&Graph> for Picture {
    fn from(graph: &Graph) -> Self {
        let mut places = BTreeMap::new();
        let mut boxes = Vec::new();
        for (at, node) in graph.nodes.iter().enumerate() {
            let name = &node.package.package;
            let steps = |steps: Option<usize>| steps.and_then(|steps| i64::try_from(steps).ok());
            let needs = steps(node.needs_in).map(|steps| -steps);
            let asked = graph.start.contains(name);
            places.entry(name.as_str()).or_insert(at);
            boxes.push(PictureBox {
                name: name.clone(),
                note: String::new(),
                frame: if asked { Frame::Bold } else { Frame::Plain },
                column: steps(node.needed_in).or(needs),
            });
        }
        let arrow = |edge: &Edge| {
            Some(Arrow {
                from: *places.get(edge.from.as_str())?,
                to: *places.get(edge.to.as_str())?,
                label: label(edge),
                line: line(edge),
            })
        };
        let title = match graph.start.is_empty() {
            true => "Who needs whom".to_owned(),
            false => format!("Who needs whom around {}", graph.start.join(", ")),
        };
        let arrows = graph.edges.iter().filter_map(arrow).collect();
        Self { title, boxes, arrows, cut: graph.cut }
    }
}

impl Questions<'_> {
    /// What removing packages would take along, as a picture: a column for each round.
    pub fn removal_picture(&self, packages: &[SolvableId]) -> Picture {
        let removal = self.graph.removal(packages);
        let mut rows = Vec::new();
        rows.extend(removal.asked.iter().map(|id| (*id, Frame::Bold, "to be removed", 0)));
        for (round, leaving) in (1..).zip(&removal.rounds) {
            rows.extend(leaving.iter().map(|one| (one.package, Frame::Plain, "goes along", round)));
        }
        let last = i64::try_from(removal.rounds.len()).unwrap_or(i64::MAX - 1) + 1;
        let left = removal.left_over.iter();
        rows.extend(left.map(|id| (*id, Frame::Dashed, "stays, needed no more", last)));
        rows.sort_by_key(|(id, ..)| *id);
        let ids: Vec<SolvableId> = rows.iter().map(|(id, ..)| *id).collect();
        let mut picture = self.picture_of(&ids, Bonds::Hard);
        for (drawn, (_, frame, note, column)) in picture.boxes.iter_mut().zip(rows) {
            (drawn.frame, drawn.column, drawn.note) = (frame, Some(column), note.to_owned());
        }
        picture.title = removal_title(self, &removal);
        picture
    }

    /// Packages that need each other, as a picture.
    pub fn cycles_picture(&self) -> Picture {
        let mut all =
            Picture { title: "Packages that need each other".to_owned(), ..Default::default() };
        for mut group in self.graph.cycles() {
            group.sort_unstable();
            let picture = self.picture_of(&group, Bonds::Hard);
            let first = all.boxes.len();
            all.boxes.extend(picture.boxes);
            all.cut |= picture.cut;
            let shifted = picture.arrows.into_iter();
            all.arrows.extend(shifted.map(|arrow| Arrow {
                from: arrow.from + first,
                to: arrow.to + first,
                ..arrow
            }));
        }
        all
    }

    /// Some packages, in order, and who needs whom among them.
    fn picture_of(&self, packages: &[SolvableId], bonds: Bonds) -> Picture {
        Picture::from(&self.among(packages, bonds))
    }
}

fn removal_title(questions: &Questions<'_>, removal: &Removal) -> String {
    let going: usize = removal.rounds.iter().map(Vec::len).sum();
    let asked: Vec<String> = questions.names(&removal.asked);
    format!("What goes with {}: {going} more packages", asked.join(", "))
}

fn label(edge: &Edge) -> String {
    let first = edge.because.first().map_or("", |because| because.capability.as_str());
    match edge.because.len().saturating_sub(1) {
        0 => first.to_owned(),
        more => format!("{first} and {more} more"),
    }
}

fn line(edge: &Edge) -> Line {
    let hard = || edge.because.iter().filter(|because| because.bond.is_hard());
    match hard().next() {
        None => Line::Dotted,
        Some(_) if hard().any(|because| because.only) => Line::Solid,
        Some(_) => Line::Dashed,
    }
}

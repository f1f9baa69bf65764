//! A picture as SVG, laid out here: readable in black and white, and the same for the same
//! picture.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::layers::Layers;
use super::picture::{Arrow, Frame, Line, Picture, PictureBox};

/// The most arrows that are drawn.
const MOST_ARROWS: usize = 1_000;
/// Arrows have their labels beside them where there are at most so many.
const MOST_LABELLED: usize = 20;
/// The longest name in a box, and the longest label, in characters.
const LONGEST_NAME: usize = 60;
const LONGEST_LABEL: usize = 28;

/// Measures, in pixels.
const CHARACTER: usize = 8;
const HEIGHT: usize = 24;
const GAP: usize = 16;
const BETWEEN: usize = 180;
const MARGIN: usize = 24;
const TITLE: usize = 32;
const LINE: usize = 18;
/// From one label to the next below it.
const LABEL: usize = 11;
/// How far below others an arrow stands that leads back.
const BACK: usize = 7;
/// Points of a curve at which a place for its label is looked for.
const STEPS: usize = 32;

/// A box with its place on the sheet.
#[derive(Debug, Clone, Copy)]
struct Place {
    x: usize,
    y: usize,
    width: usize,
    column: usize,
}

/// The picture as a document of its own.
pub fn render(picture: &Picture) -> String {
    let layers = Layers::of(picture);
    let (places, width, height) = places(picture, &layers);
    let drawn = |arrow: &&Arrow| places.contains_key(&arrow.from) && places.contains_key(&arrow.to);
    let arrows: Vec<&Arrow> = picture.arrows.iter().filter(drawn).collect();
    let notes = notes(picture, layers.left_out, arrows.len().saturating_sub(MOST_ARROWS));
    let longest = notes.iter().map(|note| note.chars().count()).max().unwrap_or(0);
    let title = cut(&picture.title, 2 * LONGEST_NAME);
    let width = width.max((longest.max(title.chars().count()) + 2) * CHARACTER + 2 * MARGIN);
    let all = height + notes.len() * LINE + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{all}\" \
         viewBox=\"0 0 {width} {all}\" font-family=\"monospace\" font-size=\"12\">\n\
         <title>{title}</title>\n\
         <defs><marker id=\"arrow\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L10 5 L0 10 z\"/></marker></defs>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{MARGIN}\" y=\"{TITLE}\" font-weight=\"bold\">{title}</text>\n",
        title = escaped(&title),
    );
    let labelled = arrows.len() <= MOST_LABELLED;
    let curved = |arrow| Curve::of(arrow, &places).map(|curve| (arrow, curve));
    let curves: Vec<_> = arrows.into_iter().take(MOST_ARROWS).filter_map(curved).collect();
    curves.iter().for_each(|(arrow, curve)| draw_arrow(&mut svg, arrow, curve));
    let mut taken = BTreeSet::new();
    for (arrow, curve) in &curves {
        if labelled && !arrow.label.is_empty() {
            draw_label(&mut svg, &arrow.label, curve.label(&mut taken));
        }
    }
    for (at, place) in &places {
        picture.boxes.get(*at).into_iter().for_each(|one| draw_box(&mut svg, one, *place));
    }
    for (number, note) in (1..).zip(&notes) {
        let y = height + number * LINE;
        let _ = writeln!(svg, "<text x=\"{MARGIN}\" y=\"{y}\">{}</text>", escaped(note));
    }
    svg.push_str("</svg>\n");
    svg
}

/// Where each box stands, and how wide and high they are together.
fn places(picture: &Picture, layers: &Layers) -> (BTreeMap<usize, Place>, usize, usize) {
    let tallest = layers.columns.iter().map(Vec::len).max().unwrap_or(0);
    let below = TITLE + MARGIN;
    let (mut places, mut x) = (BTreeMap::new(), MARGIN);
    for (number, column) in layers.columns.iter().enumerate() {
        let texts = column.iter().filter_map(|at| picture.boxes.get(*at)).map(text);
        let longest = texts.map(|text| text.chars().count()).max().unwrap_or(0);
        let width = (longest + 2) * CHARACTER;
        let above = (tallest - column.len()) * (HEIGHT + GAP) / 2;
        for (row, at) in column.iter().enumerate() {
            let y = below + above + row * (HEIGHT + GAP);
            places.insert(*at, Place { x, y, width, column: number });
        }
        x += width + BETWEEN;
    }
    // Arrows within the last column bulge out to the right, with their labels.
    let last = layers.columns.last().map_or(&[][..], Vec::as_slice);
    let is_within = |arrow: &Arrow| last.contains(&arrow.from) && last.contains(&arrow.to);
    let beside = if picture.arrows.iter().any(is_within) { BETWEEN } else { 0 };
    let width = (x + MARGIN + beside).saturating_sub(BETWEEN).max(2 * MARGIN);
    (places, width, below + tallest * (HEIGHT + GAP))
}

fn notes(picture: &Picture, boxes: usize, arrows: usize) -> Vec<String> {
    let mut notes = vec![
        "An arrow leads from a package to one it needs. Dashed: something else would do too."
            .to_owned(),
        "Dotted: it can do without. A bold frame: asked about.".to_owned(),
    ];
    if boxes > 0 {
        notes.push(format!("Not drawn, for there are too many: {boxes} more packages."));
    }
    if arrows > 0 || picture.cut {
        let count = if arrows > 0 { format!("{arrows} more") } else { "further".to_owned() };
        notes.push(format!("Not drawn, for there are too many: {count} arrows."));
    }
    notes
}

fn text(one: &PictureBox) -> String {
    let name = cut(&one.name, LONGEST_NAME);
    if one.note.is_empty() { name } else { format!("{name} ({})", one.note) }
}

fn draw_box(svg: &mut String, one: &PictureBox, place: Place) {
    let Place { x, y, width, .. } = place;
    let frame = match one.frame {
        Frame::Bold => "stroke-width=\"3\"",
        Frame::Plain => "stroke-width=\"1\"",
        Frame::Dashed => "stroke-width=\"1\" stroke-dasharray=\"4 3\"",
    };
    let (text_x, text_y) = (x + CHARACTER, y + HEIGHT - 8);
    let _ = writeln!(
        svg,
        "<g><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" \
         fill=\"white\" stroke=\"black\" {frame}/><text x=\"{text_x}\" y=\"{text_y}\">{}</text></g>",
        escaped(&one.name),
        escaped(&text(one)),
    );
}

/// The way of an arrow: where it begins and ends, and what it bends to.
struct Curve {
    x: [usize; 4],
    y: [usize; 4],
    /// The middle of the space between columns that it begins in.
    between: usize,
}

impl Curve {
    fn of(arrow: &Arrow, places: &BTreeMap<usize, Place>) -> Option<Self> {
        let (from, to) = (places.get(&arrow.from)?, places.get(&arrow.to)?);
        let middle = |place: &Place| place.y + HEIGHT / 2;
        let right = |place: &Place| place.x + place.width;
        let (y1, y2) = (middle(from), middle(to));
        let half = BETWEEN / 2;
        let left = from.x.saturating_sub(half);
        // Out to the right and in from the left; back, or within a column, the other way.
        Some(match from.column.cmp(&to.column) {
            Ordering::Less => {
                let (x1, x2) = (right(from), to.x);
                let x = [x1, x1 + half, x2.saturating_sub(half), x2];
                Self { x, y: [y1, y1, y2, y2], between: x1 + half }
            }
            Ordering::Greater => {
                let (x1, x2) = (from.x, right(to));
                let (y1, y2) = (y1 + BACK, y2 + BACK);
                Self { x: [x1, left, x2 + half, x2], y: [y1, y1, y2, y2], between: left }
            }
            Ordering::Equal => {
                let (x1, x2) = (right(from), right(to));
                let x = [x1, x1 + BETWEEN / 3, x2 + BETWEEN / 3, x2];
                Self { x, y: [y1, y1, y2, y2], between: x1 + half }
            }
        })
    }

    /// Where it is after so many of [`STEPS`].
    fn at(&self, step: usize) -> (usize, usize) {
        let rest = STEPS - step;
        let of = |[a, b, c, d]: [usize; 4]| {
            let sum = rest.pow(3) * a
                + 3 * rest.pow(2) * step * b
                + 3 * rest * step.pow(2) * c
                + step.pow(3) * d;
            sum / STEPS.pow(3)
        };
        (of(self.x), of(self.y))
    }

    /// A place for its label: between two columns, where it touches no box, and below all
    /// labels that were there before.
    fn label(&self, taken: &mut BTreeSet<(usize, usize)>) -> (usize, usize) {
        let points = (0..=STEPS).map(|step| self.at(step));
        let nearest = points.min_by_key(|(x, _)| x.abs_diff(self.between));
        let y = nearest.map_or(0, |(_, y)| y);
        // Above the arrow, and below one that leads back, which has others above it.
        let mut y = if self.x[0] > self.x[3] { y + LABEL } else { y.saturating_sub(3) };
        let x = self.between;
        while taken.range((x, y.saturating_sub(LABEL - 1))..(x, y + LABEL)).next().is_some() {
            y += 1;
        }
        taken.insert((x, y));
        (x, y)
    }
}

fn draw_arrow(svg: &mut String, arrow: &Arrow, curve: &Curve) {
    let Curve { x: [x1, c1, c2, x2], y: [y1, y2, y3, y4], .. } = curve;
    let dash = match arrow.line {
        Line::Solid => "",
        Line::Dashed => " stroke-dasharray=\"7 4\"",
        Line::Dotted => " stroke-dasharray=\"2 3\"",
    };
    let label = escaped(&arrow.label);
    let _ = writeln!(
        svg,
        "<path d=\"M{x1} {y1} C{c1} {y2} {c2} {y3} {x2} {y4}\" fill=\"none\" stroke=\"black\"{dash} \
         marker-end=\"url(#arrow)\"><title>{label}</title></path>"
    );
}

/// The beginning of a label; the whole of it is shown where one points at it.
fn draw_label(svg: &mut String, label: &str, (x, y): (usize, usize)) {
    let short = escaped(&cut(label, LONGEST_LABEL));
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"9\" text-anchor=\"middle\" stroke=\"white\" \
         stroke-width=\"2\" paint-order=\"stroke\"><title>{}</title>{short}</text>",
        escaped(label),
    );
}

/// The beginning of a text.
fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest.saturating_sub(1)).chain(['\u{2026}']).collect()
}

/// A text as XML reads it literally. What XML cannot have becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            letter if letter.is_control() => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &str, frame: Frame) -> PictureBox {
        PictureBox { name: name.to_owned(), frame, ..Default::default() }
    }

    fn arrow(from: usize, to: usize, label: &str) -> Arrow {
        Arrow { from, to, label: label.to_owned(), line: Line::Dashed }
    }

    #[test]
    fn a_picture_has_a_box_for_each_package_and_an_arrow_for_each_need() {
        let picture = Picture {
            title: "Who needs whom around a".to_owned(),
            boxes: vec![
                boxed("a", Frame::Bold),
                boxed("b", Frame::Plain),
                boxed("c", Frame::Plain),
            ],
            arrows: vec![
                arrow(0, 1, "libb"),
                arrow(1, 0, "liba"),
                arrow(1, 2, ""),
                arrow(2, 2, "c"),
            ],
            cut: false,
        };
        let svg = render(&picture);
        assert_eq!(svg.matches("<rect x=").count(), 3);
        assert_eq!(svg.matches("<path d=\"M").count(), 1 + 4);
        assert_eq!(svg.matches("stroke-width=\"3\"").count(), 1);
        assert_eq!(svg, render(&picture));
    }

    /// The numbers of an attribute of every element that begins so.
    fn numbers(svg: &str, element: &str, attribute: &str) -> Vec<usize> {
        let marked = format!(" {attribute}=\"");
        let of = |line: &str| line.split_once(&marked)?.1.split_once('"')?.0.parse().ok();
        let lines = svg.lines().filter_map(|line| line.find(element).map(|at| &line[at..]));
        lines.filter_map(of).collect()
    }

    #[test]
    fn labels_touch_no_box_and_no_other_label_and_are_there_as_a_whole() {
        let long = "perl(:MODULE_COMPAT_5.16.3)(64bit) >= 1:5.16.3-299.el7_9";
        let names = ["a-1.0-1.el7.x86_64", "b-1.0-1.el7.x86_64", "c-1.0-1.el7.x86_64"];
        let boxes = names.map(|name| boxed(name, Frame::Plain)).to_vec();
        let ways = [(0, 1), (1, 0), (1, 2), (2, 1), (0, 2), (2, 0), (0, 1), (2, 2)];
        let arrows: Vec<Arrow> = ways.map(|(from, to)| arrow(from, to, long)).to_vec();
        let svg = render(&Picture { boxes, arrows, ..Default::default() });
        let (left, widths) = (numbers(&svg, "<rect x=", "x"), numbers(&svg, "<rect x=", "width"));
        let labels = svg.lines().filter(|line| line.contains("text-anchor")).collect::<Vec<_>>();
        let all = labels.join("\n");
        let (x, y) = (numbers(&all, "<text", "x"), numbers(&all, "<text", "y"));
        assert_eq!((left.len(), labels.len()), (3, ways.len()));
        // A letter of this size takes less than six pixels.
        let half = LONGEST_LABEL * 6 / 2;
        for at in &x {
            let (from, to) = (at.saturating_sub(half), at + half);
            let mut boxes = left.iter().zip(&widths);
            assert!(boxes.all(|(left, width)| to < *left || from > left + width), "{svg}");
            assert!(to < numbers(&svg, "<svg", "width")[0], "{svg}");
        }
        for (n, (x1, y1)) in x.iter().zip(&y).enumerate() {
            let mut others = x.iter().zip(&y).skip(n + 1);
            assert!(others.all(|(x2, y2)| x1 != x2 || y1.abs_diff(*y2) >= LABEL), "{svg}");
        }
        let whole = format!("<title>{}</title>", escaped(long));
        assert!(labels.iter().all(|label| label.contains(&whole) && label.contains('\u{2026}')));
    }

    #[test]
    fn names_stay_texts_whatever_is_in_them() {
        let picture = Picture {
            title: "<&>".to_owned(),
            boxes: vec![boxed("</text><script>\u{1b}\"'&\u{0}", Frame::Plain)],
            ..Default::default()
        };
        let svg = render(&picture);
        assert!(
            svg.contains("&lt;/text&gt;&lt;script&gt;\u{fffd}&quot;&apos;&amp;\u{fffd}"),
            "{svg}"
        );
        assert!(!svg.contains("<script") && svg.chars().all(|c| c == '\n' || !c.is_control()));
    }

    #[test]
    fn what_is_not_drawn_is_counted() {
        let boxes = |count| (0..count).map(|n| boxed(&format!("p{n}"), Frame::Plain)).collect();
        let svg = render(&Picture { boxes: boxes(500), ..Default::default() });
        assert!(svg.contains("350 more packages") && !svg.contains("arrows."), "{svg}");
        let arrows = (0..40).flat_map(|a| (0..40).map(move |b| arrow(a, b, "x"))).collect();
        let svg = render(&Picture { boxes: boxes(40), arrows, ..Default::default() });
        assert!(svg.contains("600 more arrows") && !svg.contains("more packages"), "{svg}");
        assert!(render(&Picture::default()).ends_with("</svg>\n"));
    }
}

//! A picture as SVG, laid out here: readable in black and white, and the same for the same
//! picture.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::layers::Layers;
use super::picture::{Arrow, Frame, Line, Picture, PictureBox};

/// The most arrows that are drawn.
const MOST_ARROWS: usize = 1_000;
/// Arrows have their labels beside them where there are at most so many.
const MOST_LABELLED: usize = 20;
/// The longest name in a box, and the longest label, in characters.
const LONGEST_NAME: usize = 60;
const LONGEST_LABEL: usize = 32;

/// Measures, in pixels.
const CHARACTER: usize = 8;
const HEIGHT: usize = 24;
const GAP: usize = 16;
const BETWEEN: usize = 150;
const MARGIN: usize = 24;
const TITLE: usize = 32;
const LINE: usize = 18;

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
    for arrow in arrows.into_iter().take(MOST_ARROWS) {
        draw_arrow(&mut svg, arrow, &places, labelled);
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
    // Arrows within the last column bulge out to the right.
    let width = (x + MARGIN + BETWEEN / 3).saturating_sub(BETWEEN).max(2 * MARGIN);
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

fn draw_arrow(svg: &mut String, arrow: &Arrow, places: &BTreeMap<usize, Place>, labelled: bool) {
    let (Some(from), Some(to)) = (places.get(&arrow.from), places.get(&arrow.to)) else { return };
    let middle = |place: &Place| place.y + HEIGHT / 2;
    let right = |place: &Place| place.x + place.width;
    let (y1, y2) = (middle(from), middle(to));
    // Out to the right and in from the left; back, or within a column, the other way.
    let (x1, c1, x2, c2) = match from.column.cmp(&to.column) {
        std::cmp::Ordering::Less => {
            let (x1, x2) = (right(from), to.x);
            (x1, x1 + BETWEEN / 2, x2, x2.saturating_sub(BETWEEN / 2))
        }
        std::cmp::Ordering::Greater => {
            let (x1, x2) = (from.x, right(to));
            (x1, x1.saturating_sub(BETWEEN / 2), x2, x2 + BETWEEN / 2)
        }
        std::cmp::Ordering::Equal => {
            let (x1, x2) = (right(from), right(to));
            (x1, x1 + BETWEEN / 3, x2, x2 + BETWEEN / 3)
        }
    };
    let dash = match arrow.line {
        Line::Solid => "",
        Line::Dashed => " stroke-dasharray=\"7 4\"",
        Line::Dotted => " stroke-dasharray=\"2 3\"",
    };
    let label = escaped(&arrow.label);
    let _ = writeln!(
        svg,
        "<path d=\"M{x1} {y1} C{c1} {y1} {c2} {y2} {x2} {y2}\" fill=\"none\" stroke=\"black\"{dash} \
         marker-end=\"url(#arrow)\"><title>{label}</title></path>"
    );
    if labelled && !arrow.label.is_empty() {
        let (x, y) = ((x1 + c1 + c2 + x2) / 4, (y1 + y2) / 2 - 3);
        let short = escaped(&cut(&arrow.label, LONGEST_LABEL));
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"9\" text-anchor=\"middle\">{short}</text>"
        );
    }
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

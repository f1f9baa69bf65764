//! Text within 80 columns.

use std::fmt::{self, Write};

const WIDTH: usize = 80;

/// A paragraph, indented; lines after the first hang two further in. Words
/// longer than a line stand alone, unbroken, so that they can be copied.
pub(in crate::report) fn paragraph(out: &mut String, indent: usize, text: &str) -> fmt::Result {
    fill(out, indent, indent + 2, " ", text.split_whitespace())
}

/// A numbered heading, indented; further lines start below its text.
pub(in crate::report) fn item(out: &mut String, indent: usize, text: &str) -> fmt::Result {
    fill(out, indent, indent + 3, " ", text.split_whitespace())
}

/// A paragraph whose lines all start at the same column.
pub(in crate::report) fn block(out: &mut String, indent: usize, text: &str) -> fmt::Result {
    fill(out, indent, indent, " ", text.split_whitespace())
}

/// Names with commas between them, indented.
pub(in crate::report) fn list(out: &mut String, indent: usize, items: &[String]) -> fmt::Result {
    fill(out, indent, indent, ", ", items.iter().map(String::as_str))
}

fn fill<'t>(
    out: &mut String,
    first: usize,
    further: usize,
    separator: &str,
    words: impl Iterator<Item = &'t str>,
) -> fmt::Result {
    let mut column = 0;
    for word in words {
        let length = word.chars().count();
        if column == 0 {
            write!(out, "{:first$}{word}", "")?;
            column = first + length;
        } else if column + separator.len() + length >= WIDTH {
            write!(out, "{}\n{:further$}{word}", separator.trim_end(), "")?;
            column = further + length;
        } else {
            write!(out, "{separator}{word}")?;
            column += separator.len() + length;
        }
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_within_80_columns_and_long_words_unbroken() {
        let mut out = String::new();
        let long = "x".repeat(90);
        paragraph(&mut out, 2, &format!("{} {long} end", "word ".repeat(40))).unwrap();
        for line in out.lines().filter(|line| !line.contains('x')) {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
        assert!(out.contains(&long));
        assert!(out.lines().nth(1).unwrap().starts_with("    word"));
    }

    #[test]
    fn a_list_breaks_after_its_commas() {
        let mut out = String::new();
        let items: Vec<String> = (0..30).map(|n| format!("package-{n}")).collect();
        list(&mut out, 2, &items).unwrap();
        assert!(out.lines().count() > 1);
        for line in out.lines().rev().skip(1) {
            assert!(line.ends_with(','), "{line}");
        }
    }
}

//! A page of text: a width, colours or none, and nothing a terminal would take for an
//! order of its own.

use std::fmt::{self, Write};

/// How a page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns; at least 40 are taken.
    pub width: usize,
    /// Whether colours are used. They only repeat what words say.
    pub colour: bool,
    /// Whether everything is told, or what fits a screen.
    pub full: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 80, colour: false, full: false }
    }
}

/// What a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    Bad,
    Doubtful,
    Good,
    Heading,
}

impl Paint {
    fn code(self) -> &'static str {
        match self {
            Paint::Bad => "\x1b[1;31m",
            Paint::Doubtful => "\x1b[33m",
            Paint::Good => "\x1b[32m",
            Paint::Heading => "\x1b[1m",
        }
    }
}

/// Text as it grows. What is written to it comes from hosts and repositories: control
/// characters are shown as such.
pub(crate) struct Page {
    text: String,
    pub(crate) style: Style,
}

impl Write for Page {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let shown = |c: char| if c.is_control() && c != '\n' { '\u{fffd}' } else { c };
        self.text.extend(text.chars().map(shown));
        Ok(())
    }
}

impl Page {
    pub(crate) fn new(style: Style) -> Self {
        Self { text: String::new(), style: Style { width: style.width.max(40), ..style } }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Writes in a colour, where there are colours.
    pub(crate) fn painted(
        &mut self,
        paint: Paint,
        write: impl FnOnce(&mut Self) -> fmt::Result,
    ) -> fmt::Result {
        if !self.style.colour {
            return write(self);
        }
        let start = self.text.len();
        write(self)?;
        let written = self.text.split_off(start);
        // A colour ends with its line, so that a pager can cut lines anywhere.
        for line in written.split_inclusive('\n') {
            let (bare, end) = line.strip_suffix('\n').map_or((line, ""), |bare| (bare, "\n"));
            self.text.extend([paint.code(), bare, "\x1b[0m", end]);
        }
        Ok(())
    }

    /// A heading, with a blank line before and behind it.
    pub(super) fn heading(&mut self, text: &str) -> fmt::Result {
        self.write_char('\n')?;
        self.painted(Paint::Heading, |page| page.block(0, text))?;
        self.write_char('\n')
    }

    /// A paragraph, indented; lines after the first hang two further in. Words
    /// longer than a line stand alone, unbroken, so that they can be copied.
    pub(crate) fn paragraph(&mut self, indent: usize, text: &str) -> fmt::Result {
        self.fill(indent, indent + 2, " ", text.split_whitespace())
    }

    /// Paragraphs, as many as there is room for under a style that is not `full`.
    pub(crate) fn few(&mut self, texts: Vec<String>, most: usize) -> fmt::Result {
        let most = if self.style.full { usize::MAX } else { most };
        texts.iter().take(most).try_for_each(|text| self.paragraph(2, text))?;
        match texts.len().checked_sub(most) {
            None | Some(0) => Ok(()),
            Some(more) => self.paragraph(2, &format!("- and {more} more")),
        }
    }

    /// A numbered heading, indented; further lines start below its text.
    pub(super) fn item(&mut self, indent: usize, text: &str) -> fmt::Result {
        self.fill(indent, indent + 3, " ", text.split_whitespace())
    }

    /// A paragraph whose lines all start at the same column.
    pub(crate) fn block(&mut self, indent: usize, text: &str) -> fmt::Result {
        self.fill(indent, indent, " ", text.split_whitespace())
    }

    /// Names with commas between them, indented.
    pub(crate) fn list(&mut self, indent: usize, items: &[String]) -> fmt::Result {
        self.fill(indent, indent, ", ", items.iter().map(String::as_str))
    }

    /// A line of a table: what, and how much of it.
    pub(super) fn row(&mut self, what: &str, much: impl fmt::Display) -> fmt::Result {
        writeln!(self, "  {what:<44}{:>12}", much.to_string())
    }

    fn fill<'t>(
        &mut self,
        first: usize,
        further: usize,
        separator: &str,
        words: impl Iterator<Item = &'t str>,
    ) -> fmt::Result {
        let mut column = 0;
        for word in words {
            let length = word.chars().count();
            if column == 0 {
                write!(self, "{:first$}{word}", "")?;
                column = first + length;
            } else if column + separator.len() + length >= self.style.width {
                write!(self, "{}\n{:further$}{word}", separator.trim_end(), "")?;
                column = further + length;
            } else {
                write!(self, "{separator}{word}")?;
                column += separator.len() + length;
            }
        }
        writeln!(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(style: Style, write: impl FnOnce(&mut Page) -> fmt::Result) -> String {
        let mut page = Page::new(style);
        write(&mut page).unwrap();
        page.into_text()
    }

    #[test]
    fn lines_stay_within_the_width_and_long_words_unbroken() {
        let long = "x".repeat(130);
        let text = format!("{} {long} end", "word ".repeat(40));
        for width in [1, 80, 120] {
            let out = page(Style { width, ..Style::default() }, |page| page.paragraph(2, &text));
            for line in out.lines().filter(|line| !line.contains('x')) {
                assert!(line.chars().count() <= width.max(40), "{line}");
            }
            assert!(out.contains(&long));
            assert!(out.lines().nth(1).unwrap().starts_with("    word"));
        }
    }

    #[test]
    fn a_colour_ends_with_each_line() {
        let style = Style { width: 40, colour: true, ..Style::default() };
        let out = page(style, |page| page.heading(&"word ".repeat(12)));
        let lines: Vec<&str> = out.trim().lines().collect();
        assert_eq!(lines.len(), 2);
        for line in lines {
            assert!(line.starts_with("\x1b[1mword") && line.ends_with("word\x1b[0m"), "{line:?}");
        }
    }

    #[test]
    fn a_list_breaks_after_its_commas() {
        let items: Vec<String> = (0..30).map(|n| format!("package-{n}")).collect();
        let out = page(Style::default(), |page| page.list(2, &items));
        assert!(out.lines().count() > 1);
        for line in out.lines().rev().skip(1) {
            assert!(line.ends_with(','), "{line}");
        }
    }

    #[test]
    fn a_text_cannot_give_orders_to_the_terminal() {
        let style = Style { colour: true, ..Style::default() };
        let out = page(style, |page| {
            page.painted(Paint::Bad, |page| writeln!(page, "a\x1b[2Jb\u{9b}1mc\r\x07"))
        });
        assert_eq!(out, "\x1b[1;31ma\u{fffd}[2Jb\u{fffd}1mc\u{fffd}\u{fffd}\x1b[0m\n");
        assert_eq!(page(Style::default(), |page| page.heading("a")), "\na\n\n");
    }
}

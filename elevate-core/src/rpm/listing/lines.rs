//! Bytes to lines of text.

use std::borrow::Cow;

use super::collect::{At, Collector, beginning};
use super::{ListingError, MAX_LINES};

/// The longest line read, in bytes.
const LONGEST: usize = 16 << 10;

/// A line of text, without its end, colour codes and blanks around it.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Number, from 1.
    pub(super) number: usize,
    /// What stands on it.
    pub(super) text: Cow<'a, str>,
    /// Whether it starts with a blank.
    pub(super) indented: bool,
}

/// Takes off a byte order mark, and refuses what is no text.
pub(super) fn without_mark<'a>(
    content: &'a [u8],
    collector: &mut Collector,
) -> Result<&'a [u8], ListingError> {
    if let Some(what) = foreign(content) {
        return Err(ListingError::NotText(what.to_owned()));
    }
    let Some(rest) = content.strip_prefix(b"\xef\xbb\xbf") else { return Ok(content) };
    collector.unread(At::Line(1), "", "starts with a byte order mark; skipped");
    Ok(rest)
}

fn foreign(content: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, magic: &[u8]| {
        content.get(offset..).is_some_and(|rest| rest.starts_with(magic))
    };
    if at(0, b"\xff\xfe") || at(0, b"\xfe\xff") {
        Some("is UTF-16 text; save it as UTF-8")
    } else if at(0, b"SQLite format 3\0") {
        Some(
            "is an SQLite database, perhaps an rpm database; a list is what `rpm -qa` prints of it",
        )
    } else if at(12, b"\x61\x15\x06\x00") || at(12, b"\x00\x06\x15\x61") {
        Some(
            "is a Berkeley database, perhaps an rpm database; a list is what `rpm -qa` prints of it",
        )
    } else if at(0, b"\xed\xab\xee\xdb") {
        Some("is an rpm package, not a list of packages")
    } else if at(0, b"PK\x03\x04") || at(257, b"ustar") {
        Some("is an archive; give the list inside it")
    } else {
        None
    }
}

/// Splits content into the lines worth reading. Comments are counted, empty
/// lines passed over; what cannot be read is reported.
pub(super) fn split<'a>(
    content: &'a [u8],
    collector: &mut Collector,
) -> Result<Vec<Line<'a>>, ListingError> {
    let mut lines = Vec::new();
    let mut coloured = Vec::new();
    for (index, raw) in content.split(|b| *b == b'\n').enumerate() {
        let number = index + 1;
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        if raw.is_empty() {
            continue;
        }
        if number > MAX_LINES {
            return Err(ListingError::TooMany { what: "lines", limit: MAX_LINES });
        }
        match clean(raw) {
            Err((text, why)) => collector.unread(At::Line(number), &text, why),
            Ok((text, had_colour)) => {
                if had_colour {
                    coloured.push(number);
                }
                take(number, text, &mut lines, collector);
            }
        }
    }
    if let Some(first) = coloured.first() {
        let why =
            format!("terminal codes on {} lines, first here; read without them", coloured.len());
        collector.unread(At::Line(*first), "", why);
    }
    Ok(lines)
}

fn take<'a>(
    number: usize,
    text: Cow<'a, str>,
    lines: &mut Vec<Line<'a>>,
    collector: &mut Collector,
) {
    let indented = text.starts_with([' ', '\t']);
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    if text.starts_with('#') {
        collector.comments += 1;
    } else if !text.is_empty() {
        lines.push(Line { number, text, indented });
    }
}

type Refused = (String, &'static str);

fn clean(raw: &[u8]) -> Result<(Cow<'_, str>, bool), Refused> {
    if raw.len() > LONGEST {
        let start = String::from_utf8_lossy(&raw[..LONGEST.min(200)]);
        return Err((beginning(&start), "is longer than 16 KiB"));
    }
    let Ok(text) = std::str::from_utf8(raw) else {
        return Err((String::from_utf8_lossy(raw).into_owned(), "is not UTF-8 text"));
    };
    let (text, had_colour) = match text.contains('\u{1b}') {
        true => (Cow::Owned(without_escapes(text)), true),
        false => (Cow::Borrowed(text), false),
    };
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err((text.into_owned(), "holds control characters"));
    }
    Ok((text, had_colour))
}

/// Removes terminal control sequences (`ESC [ ... letter`).
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            out.push(c);
        } else if chars.as_str().starts_with('[') {
            chars.next();
            let end = chars.as_str().find(|c: char| ('@'..='~').contains(&c));
            let rest = end.map_or("", |end| &chars.as_str()[end + 1..]);
            chars = rest.chars();
        } else if chars.as_str().starts_with('(') {
            chars.next();
            chars.next();
        }
    }
    out
}

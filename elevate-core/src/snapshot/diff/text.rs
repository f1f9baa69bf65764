//! A difference of snapshots as text for people.

use std::fmt::{self, Write};

use super::{EvidenceChange, FieldChange, LineChange, Lines, Packages, Side, SnapshotDiff, Texts};
use crate::model::{Date, Listing};

/// The most entries of a list that are told; JSON has all.
const MOST: usize = 100;
/// The most lines told of one text.
const MOST_LINES: usize = 12;
/// The most pieces of evidence told.
const MOST_PIECES: usize = 200;

/// The difference as text. Nothing in it moves a terminal's cursor.
pub fn render(diff: &SnapshotDiff) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_diff(&mut text, diff);
    let visible = |letter: char| match letter {
        '\n' => letter,
        letter if letter.is_control() => '\u{fffd}',
        letter => letter,
    };
    text.chars().map(visible).collect()
}

fn write_diff(out: &mut String, diff: &SnapshotDiff) -> fmt::Result {
    side(out, "before", &diff.before)?;
    side(out, "after", &diff.after)?;
    if let (Some(old), Some(new)) = (&diff.before.hostname, &diff.after.hostname)
        && old != new
    {
        writeln!(out, "These are two hosts.")?;
    }
    if !diff.different {
        return writeln!(out, "\nNothing is different.");
    }
    values(out, "The host", &diff.identity)?;
    packages(out, &diff.packages)?;
    listing(out, "Kernels", &diff.kernels)?;
    listing(out, "Keys", &diff.keys)?;
    values(out, "Repositories", &diff.repositories)?;
    listing(out, "Module streams", &diff.modules)?;
    evidence(out, &diff.evidence)?;
    listing(out, "Not taken into the snapshot", &diff.unread)
}

fn side(out: &mut String, name: &str, side: &Side) -> fmt::Result {
    let host = side.hostname.as_ref().map(|host| format!("{host}, ")).unwrap_or_default();
    let taken = side.taken.map(|at| format!(", taken {}", Date::with_time(at))).unwrap_or_default();
    writeln!(out, "{name}: {host}{}, {} packages{taken}", side.system, side.packages)
}

fn values(out: &mut String, heading: &str, changes: &[FieldChange]) -> fmt::Result {
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading} ({})\n", changes.len())?;
    changes.iter().take(MOST).try_for_each(|change| value(out, 2, change))?;
    more(out, 2, changes.len(), MOST)
}

fn value(out: &mut String, indent: usize, change: &FieldChange) -> fmt::Result {
    let FieldChange { field, before, after } = change;
    match (before, after) {
        (Some(before), Some(after)) => {
            writeln!(out, "{:indent$}{field}: {before} -> {after}", "")
        }
        (Some(before), None) => writeln!(out, "{:indent$}- {field}: {before}", ""),
        (None, after) => {
            writeln!(out, "{:indent$}+ {field}: {}", "", after.as_deref().unwrap_or_default())
        }
    }
}

fn packages(out: &mut String, packages: &Packages) -> fmt::Result {
    if packages.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nPackages ({} unchanged)", packages.unchanged)?;
    for (word, mark, names) in [("New", '+', &packages.come), ("Gone", '-', &packages.gone)] {
        if !names.is_empty() {
            writeln!(out, "\n  {word} ({})\n", names.len())?;
            marked(out, 4, mark, names)?;
        }
    }
    if !packages.versions.is_empty() {
        writeln!(out, "\n  Other versions ({})\n", packages.versions.len())?;
    }
    for version in packages.versions.iter().take(MOST) {
        let lower = if version.lower { " (lower)" } else { "" };
        let (package, before, after) = (&version.package, &version.before, &version.after);
        writeln!(out, "    {package}: {before} -> {after}{lower}")?;
    }
    more(out, 4, packages.versions.len(), MOST)?;
    if !packages.changed.is_empty() {
        writeln!(out, "\n  The same version, told otherwise ({})\n", packages.changed.len())?;
    }
    for change in packages.changed.iter().take(MOST) {
        writeln!(out, "    {}", change.package)?;
        change.fields.iter().try_for_each(|field| value(out, 6, field))?;
    }
    more(out, 4, packages.changed.len(), MOST)
}

fn listing(out: &mut String, heading: &str, listing: &Listing) -> fmt::Result {
    if listing.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading}\n")?;
    marked(out, 2, '+', &listing.come)?;
    marked(out, 2, '-', &listing.gone)
}

fn marked(out: &mut String, indent: usize, mark: char, names: &[String]) -> fmt::Result {
    for name in names.iter().take(MOST) {
        writeln!(out, "{:indent$}{mark} {name}", "")?;
    }
    more(out, indent, names.len(), MOST)
}

fn evidence(out: &mut String, changes: &[EvidenceChange]) -> fmt::Result {
    if !changes.is_empty() {
        writeln!(out, "\nEvidence ({})", changes.len())?;
    }
    for change in changes.iter().take(MOST_PIECES) {
        let EvidenceChange { kind, place, before, after, .. } = change;
        match before == after {
            true => writeln!(out, "\n  {kind} {place}")?,
            false => writeln!(out, "\n  {kind} {place}: {before} -> {after}")?,
        }
        marked(out, 4, '+', &change.names.come)?;
        marked(out, 4, '-', &change.names.gone)?;
        change.fields.iter().try_for_each(|field| value(out, 4, field))?;
        match &change.texts {
            Some(Texts::Lines(told)) => lines(out, told)?,
            Some(Texts::Bytes { before, after }) => {
                writeln!(out, "    other bytes: {before} before, {after} after")?;
            }
            Some(Texts::Untold) => writeln!(out, "    other content")?,
            None => {}
        }
    }
    more(out, 2, changes.len(), MOST_PIECES)
}

fn lines(out: &mut String, lines: &Lines) -> fmt::Result {
    for line in lines.lines.iter().take(MOST_LINES) {
        match line {
            LineChange::Come { line, text } => writeln!(out, "    +{line}: {text}")?,
            LineChange::Gone { line, text } => writeln!(out, "    -{line}: {text}")?,
        }
    }
    let all = lines.lines.len() + lines.more;
    match all.checked_sub(MOST_LINES).filter(|more| *more > 0) {
        Some(more) => writeln!(out, "    and {more} more lines"),
        None => Ok(()),
    }
}

/// How many of a list are not told.
fn more(out: &mut String, indent: usize, all: usize, most: usize) -> fmt::Result {
    match all.checked_sub(most).filter(|more| *more > 0) {
        Some(more) => {
            writeln!(out, "{:indent$}and {more} more, which --format json tells", "")
        }
        None => Ok(()),
    }
}

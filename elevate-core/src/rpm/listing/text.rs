//! Lists that are lines of text.

use std::borrow::Cow;

use super::collect::{At, Collector};
use super::lines::{self, Line};
use super::roles::{self, Role, Tally};
use super::{ListingError, Shape, cell, date, table, yum};
use crate::model::Evr;

/// How many lines decide the shape of a list.
const SAMPLE: usize = 5000;

/// How a line is cut into cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `name.arch  version-release  repository`, of which lines may be wrapped.
    Yum,
    /// `name-version-release.arch`, then columns.
    Nevra,
    /// `name version-release`, then columns.
    Pair,
    /// Columns with this separator.
    Table(char),
}

/// Reads a list that is lines of text.
pub(super) fn read(content: &[u8], collector: &mut Collector) -> Result<Shape, ListingError> {
    let lines = lines::split(content, collector)?;
    if let Some((at, form, roles)) = header(&lines) {
        let rows = lines.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, line)| line);
        read_rows(rows, form, &roles, collector)?;
        return Ok(Shape::Table);
    }
    let form = detect(&lines);
    if form == Form::Yum {
        yum::read(&lines, collector)?;
        return Ok(Shape::YumList);
    }
    let mut tally = Tally::default();
    let (mut rows, mut with_arch) = (0, 0);
    for line in lines.iter().filter(|line| form.fits(&line.text)) {
        rows += 1;
        with_arch += usize::from(!lacks_arch(&line.text));
        tally.add(&form.cells(&line.text));
    }
    let roles = match form {
        Form::Nevra | Form::Yum => tally.complete(vec![Role::Nevra]),
        Form::Pair => tally.complete(vec![Role::Name, Role::Evr]),
        Form::Table(_) => table::infer(&tally),
    };
    read_rows(lines.iter(), form, &roles, collector)?;
    if form == Form::Nevra && 2 * with_arch > rows {
        report_missing_arch(&lines, collector);
    }
    Ok(match form {
        Form::Nevra if roles.len() == 1 => Shape::Nevra,
        Form::Nevra | Form::Yum => Shape::NevraColumns,
        Form::Pair => Shape::NameEvr,
        Form::Table(_) => Shape::Table,
    })
}

fn read_rows<'a>(
    rows: impl Iterator<Item = &'a Line<'a>>,
    form: Form,
    roles: &[Role],
    collector: &mut Collector,
) -> Result<(), ListingError> {
    for line in rows {
        let at = At::Line(line.number);
        if let Some(why) = yum::noise(&line.text) {
            collector.unread(at, &line.text, why);
        } else if let Err(why) = roles::take(at, &form.cells(&line.text), roles, collector)? {
            collector.unread(at, &line.text, why);
        }
    }
    Ok(())
}

/// Whether a full name ends in no architecture that is known.
fn lacks_arch(text: &str) -> bool {
    cell::nevra(first_word(text)).is_ok_and(|n| n.arch.is_none() && !n.name.is_key())
}

/// In a list with architectures a name without one may be cut off, or end in
/// an architecture nobody has heard of, which was then taken for the release.
fn report_missing_arch(lines: &[Line<'_>], collector: &mut Collector) {
    for line in lines.iter().filter(|line| lacks_arch(&line.text)) {
        let why = "ends in no known architecture; taken without one";
        collector.unread(At::Line(line.number), &line.text, why);
    }
}

/// A header line among the first ones that are no banner.
fn header(lines: &[Line<'_>]) -> Option<(usize, Form, Vec<Role>)> {
    lines.iter().take(10).enumerate().find_map(|(index, line)| {
        table::SEPARATORS.into_iter().find_map(|separator| {
            let roles = table::header(&table::split(&line.text, separator))?;
            (roles.len() > 1).then_some((index, Form::Table(separator), roles))
        })
    })
}

/// The form most lines have; the first of equals. A name may look like a full
/// name (`java-1.8.0-openjdk`, `a-1-2`), so that form comes last.
fn detect(lines: &[Line<'_>]) -> Form {
    let tables = table::SEPARATORS.map(Form::Table);
    let forms = [Form::Yum, Form::Pair].into_iter().chain(tables).chain([Form::Nevra]);
    let sample = &lines[..lines.len().min(SAMPLE)];
    let fitting = |form: Form| sample.iter().filter(|line| form.fits(&line.text)).count();
    let mut best = (0, Form::Nevra);
    for form in forms {
        let count = fitting(form);
        if count > best.0 {
            best = (count, form);
        }
    }
    best.1
}

impl Form {
    fn fits(self, text: &str) -> bool {
        match self {
            Form::Yum => yum::is_row(text),
            Form::Nevra => is_full_name(first_word(text)),
            Form::Pair => is_pair(text),
            Form::Table(separator) => {
                text.contains(separator) && table::is_row(&table::split(text, separator))
            }
        }
    }

    fn cells(self, text: &str) -> Vec<Cow<'_, str>> {
        match self {
            Form::Table(separator) => table::split(text, separator),
            Form::Pair => {
                let (name, rest) = word(text);
                let (evr, rest) = word(rest.trim_start());
                with_columns(&[name, evr], rest)
            }
            Form::Nevra | Form::Yum => {
                let (name, rest) = word(text);
                with_columns(&[name], rest)
            }
        }
    }
}

fn word(text: &str) -> (&str, &str) {
    text.split_at(text.find([' ', '\t']).unwrap_or(text.len()))
}

fn first_word(text: &str) -> &str {
    word(text).0
}

/// A full name is one with a known architecture, or with a version and a
/// release that hold digits: `java-1.8.0-openjdk` is only a name.
fn is_full_name(text: &str) -> bool {
    cell::nevra(text).is_ok_and(|n| {
        let numbered = cell::has_digit(&n.evr.version) && cell::has_digit(&n.evr.release);
        n.arch.is_some() || numbered || n.name.is_key()
    })
}

fn is_pair(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (Some(name), Some(evr)) = (words.next(), words.next()) else { return false };
    let numbered = |evr: Evr| cell::has_digit(&evr.version) && cell::has_digit(&evr.release);
    cell::name(name).is_some() && cell::evr(evr).is_some_and(numbered)
}

fn with_columns<'a>(fixed: &[&'a str], rest: &'a str) -> Vec<Cow<'a, str>> {
    let mut cells: Vec<Cow<'a, str>> = fixed.iter().map(|cell| Cow::Borrowed(*cell)).collect();
    // The blanks after the name may be padding and a tab.
    let rest = rest.strip_prefix('\t').unwrap_or(rest.trim_start());
    if rest.is_empty() {
        return cells;
    }
    for part in rest.splitn(table::MAX_COLUMNS, '\t') {
        blank_columns(part.trim(), &mut cells);
    }
    cells
}

/// Cuts what stands between two tabs into columns separated by blanks: a date
/// and a signature hold blanks themselves; otherwise two blanks separate.
fn blank_columns<'a>(part: &'a str, cells: &mut Vec<Cow<'a, str>>) {
    let mut rest = part;
    loop {
        let end = if cells.len() < table::MAX_COLUMNS { column_end(rest) } else { rest.len() };
        cells.push(Cow::Borrowed(rest[..end].trim_end()));
        rest = rest[end..].trim_start();
        if rest.is_empty() {
            return;
        }
    }
}

fn column_end(text: &str) -> usize {
    if cell::starts_signature(text)
        && let Some(at) = text.find("Key ID ")
    {
        let id = at + "Key ID ".len();
        return text[id..].find(' ').map_or(text.len(), |end| id + end);
    }
    if let Some(end) = date::prefix(text) {
        return end;
    }
    let first = first_word(text);
    let alone = cell::arch(first).is_some() || first.bytes().all(|b| b.is_ascii_digit());
    if alone { first.len() } else { text.find("  ").unwrap_or(text.len()) }
}

//! `yum list installed`, and what yum, rpm and the shell print around a list.

use std::borrow::Cow;

use super::collect::{At, Collector};
use super::lines::Line;
use super::roles::{self, Role};
use super::{ListingError, cell};

/// Whether a line is `name.arch  [epoch:]version-release  ...`.
pub(super) fn is_row(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (Some(name), Some(evr)) = (words.next(), words.next()) else { return false };
    is_name(name) && cell::evr(evr).is_some_and(|e| cell::has_digit(&e.version))
}

fn is_name(word: &str) -> bool {
    cell::name_arch(word).is_some()
}

/// A row of which words may still come, on a line of their own.
struct Pending<'a> {
    line: usize,
    words: Vec<&'a str>,
}

/// Reads the rows. Lines that yum wrapped are joined; rows below a title other
/// than that of installed packages are reported, not taken.
pub(super) fn read(lines: &[Line<'_>], collector: &mut Collector) -> Result<(), ListingError> {
    let mut pending: Option<Pending<'_>> = None;
    let mut section = None;
    let marked = lines.iter().any(|line| repository(&line.text).starts_with('@'));
    for line in lines {
        let continues = line.indented && pending.as_ref().is_some_and(|p| p.words.len() < 3);
        if let (true, Some(row)) = (continues, pending.as_mut()) {
            row.words.extend(line.text.split_whitespace());
            continue;
        }
        flush(pending.take(), marked, collector)?;
        if let Some(title) = title(&line.text) {
            section = (title != "Installed Packages").then_some(title);
            collector.unread(At::Line(line.number), &line.text, "is a title");
        } else if let Some(title) = section {
            let why = format!("stands below {title:?}, so it is not installed");
            collector.unread(At::Line(line.number), &line.text, why);
        } else if line.text.split_whitespace().next().is_some_and(is_name) {
            let words = line.text.split_whitespace().collect();
            pending = Some(Pending { line: line.number, words });
        } else {
            let why = noise(&line.text).unwrap_or("is not NAME.ARCH VERSION-RELEASE REPOSITORY");
            collector.unread(At::Line(line.number), &line.text, why);
        }
    }
    flush(pending, marked, collector)
}

fn repository(row: &str) -> &str {
    row.split_whitespace().nth(2).unwrap_or("")
}

/// Hands a row over. Where repositories are marked with `@` (installed from),
/// one without the mark offers the package, below a title in any language.
fn flush(
    row: Option<Pending<'_>>,
    marked: bool,
    collector: &mut Collector,
) -> Result<(), ListingError> {
    let Some(Pending { line, words }) = row else { return Ok(()) };
    let offered = |id: &&str| marked && !id.starts_with('@') && *id != "installed";
    if words.get(2).is_some_and(offered) {
        let why = "names a repository without @, so it is not installed";
        collector.unread(At::Line(line), &words.join(" "), why);
        return Ok(());
    }
    let roles = [Role::NameArch, Role::Evr, Role::Repository];
    let cells: Vec<Cow<'_, str>> = words.iter().map(|word| Cow::Borrowed(*word)).collect();
    if let Err(why) = roles::take(At::Line(line), &cells, &roles, collector)? {
        collector.unread(At::Line(line), &words.join(" "), why);
    }
    Ok(())
}

/// The titles yum and dnf put above their sections.
fn title(text: &str) -> Option<&'static str> {
    const TITLES: [&str; 8] = [
        "Installed Packages",
        "Available Packages",
        "Updated Packages",
        "Upgraded Packages",
        "Available Upgrades",
        "Extra Packages",
        "Obsoleting Packages",
        "Recently Added Packages",
    ];
    TITLES.into_iter().find(|title| text == *title)
}

/// What a line is that tools print around a list; `None` for any other.
pub(super) fn noise(text: &str) -> Option<&'static str> {
    const NOISE: [(&str, &str); 17] = [
        ("error: rpmdb", "is a message about a damaged rpm database; the list may be incomplete"),
        ("rpmdb:", "is a message about a damaged rpm database; the list may be incomplete"),
        ("error:", "is an error message of rpm; the list may be incomplete"),
        ("warning:", "is a warning of rpm"),
        ("Loaded plugins:", "is a banner of yum"),
        ("Loading mirror speeds", "is a banner of yum"),
        ("Repodata is over", "is a banner of yum"),
        ("Last metadata expiration", "is a banner of dnf"),
        (" * ", "is a banner of yum"),
        ("* ", "is a banner of yum"),
        ("Failed to set locale", "is a message about the locale"),
        ("perl: warning", "is a message about the locale"),
        ("Installed Packages", "is a title"),
        ("This system is not registered", "is a message of subscription-manager"),
        ("Updating Subscription Management", "is a message of subscription-manager"),
        ("Unable to read consumer identity", "is a message of subscription-manager"),
        ("-bash:", "is a message of the shell"),
    ];
    let known = NOISE.iter().find(|(start, _)| text.starts_with(start)).map(|(_, what)| *what);
    let prompt = || {
        let typed = text.contains("$ rpm ") || text.contains("# rpm ") || text.contains("# yum ");
        typed.then_some("is a command line")
    };
    known.or_else(prompt)
}

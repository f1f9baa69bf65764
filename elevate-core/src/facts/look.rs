//! Looking at evidence: the few ways all topics share.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::read::{self, COMMAND, Parsed, look};
pub(super) use super::read::{exists, text};
use super::{Fact, OddLine, Unknown, fact};
pub(super) use crate::snapshot::path_within as within;
use crate::snapshot::{EntryKind, Evidence};

/// Most links that are followed from one path, as in the kernel.
const MAX_LINKS: usize = 40;
/// Most places that are told of as not seen; one is enough to leave a question
/// open.
const MOST_MISSING: usize = 100;
/// The longest shell pattern that is one, in bytes; real names have at most 255.
const LONGEST_PATTERN: usize = 4096;

/// What was found in several places, and the places nobody could look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// What was found.
    pub items: Vec<T>,
    /// What may hold more, and was not seen; not more than a hundred of them.
    pub missing: Vec<Unknown>,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { items: Vec::new(), missing: Vec::new() }
    }
}

impl<T> Found<T> {
    /// All of it.
    ///
    /// # Errors
    ///
    /// Where something was not seen.
    pub fn all(self) -> Fact<Vec<T>> {
        match self.missing.into_iter().next() {
            Some(unknown) => Err(unknown),
            None => Ok(self.items),
        }
    }

    /// Whether one of them satisfies `wanted`. One that does is a *yes* whatever
    /// else was not seen.
    ///
    /// # Errors
    ///
    /// Where none does and something was not seen.
    pub fn any(&self, wanted: impl FnMut(&T) -> bool) -> Fact<bool> {
        match (self.items.iter().any(wanted), self.missing.first()) {
            (true, _) => Ok(true),
            (false, None) => Ok(false),
            (false, Some(unknown)) => Err(unknown.clone()),
        }
    }

    /// The same with every item changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Found<U> {
        Found { items: self.items.into_iter().map(change).collect(), missing: self.missing }
    }

    pub(super) fn missed(&mut self, unknown: Unknown) {
        if self.missing.len() < MOST_MISSING && !self.missing.contains(&unknown) {
            self.missing.push(unknown);
        }
    }

    pub(super) fn take<U>(&mut self, fact: Fact<U>) -> Option<U> {
        fact.map_err(|unknown| self.missed(unknown)).ok()
    }
}

/// The output of the first of these commands that was captured; each is given
/// with `command:` before it.
pub(super) fn command<'a>(evidence: &'a Evidence, lines: &[&str]) -> Fact<Cow<'a, str>> {
    debug_assert!(lines.iter().all(|line| line.starts_with(COMMAND)));
    let unknown = || Unknown::not_captured(lines.first().copied().unwrap_or_default());
    Ok(read::source(evidence, lines)?.ok_or_else(unknown)?.text())
}

/// A file, read by `parse`.
pub(super) fn parsed<T>(
    evidence: &Evidence,
    path: &str,
    parse: impl FnOnce(&str) -> (T, Vec<OddLine>),
) -> Fact<Option<Parsed<T>>> {
    Ok(text(evidence, path)?.map(|text| {
        let (value, odd) = parse(&text);
        Parsed { source: path.to_owned(), value, odd }
    }))
}

/// The path at the end of a chain of links; `None` where nothing is there.
pub(super) fn resolve(evidence: &Evidence, path: &str) -> Fact<Option<String>> {
    let mut at = path.to_owned();
    for _ in 0..MAX_LINKS {
        if let Some(over) = over_directory_link(evidence, &at) {
            at = over;
            continue;
        }
        if at == "/dev/null" {
            return Ok(Some(at));
        }
        match evidence.kind(&at) {
            crate::snapshot::Known::Captured(EntryKind::Link) => {
                let Some(target) = fact(&at, evidence.link(&at))? else {
                    return Err(Unknown::not_captured(at));
                };
                at = beside(&at, &target.text());
            }
            known => return Ok(look(evidence, &at, known)?.map(|_| at)),
        }
    }
    // A ring of links leads nowhere.
    Ok(None)
}

/// The same path past the first link among the directories above it. Where
/// nobody looked at `/lib` and its like, they lead into `/usr`, as they do on
/// every host of release 7.
fn over_directory_link(evidence: &Evidence, path: &str) -> Option<String> {
    if evidence.files.contains_key(path) || evidence.links.contains_key(path) {
        return None;
    }
    for (end, _) in path.match_indices('/').filter(|(end, _)| *end > 0) {
        let (above, rest) = path.split_at(end);
        if let Some(target) = evidence.links.get(above) {
            return Some(format!("{}{rest}", beside(above, &target.text())));
        }
    }
    let merged = ["/lib/", "/lib64/", "/bin/", "/sbin/"];
    let unseen = |directory: &str| {
        let known = evidence.kind(directory.trim_end_matches('/'));
        known == crate::snapshot::Known::NotLookedFor
    };
    let merged = merged.iter().any(|directory| path.starts_with(directory) && unseen(directory));
    merged.then(|| format!("/usr{path}"))
}

/// What is at the end of a chain of links.
pub(super) fn kind_followed(evidence: &Evidence, path: &str) -> Fact<Option<EntryKind>> {
    // Content stands under the name it was asked for, links followed.
    if evidence.files.contains_key(path) {
        return Ok(Some(EntryKind::File));
    }
    let Some(end) = resolve(evidence, path)? else { return Ok(None) };
    if end == "/dev/null" {
        return Ok(Some(EntryKind::CharacterDevice));
    }
    look(evidence, &end, evidence.kind(&end))
}

/// Whether a regular file is at a path, links followed.
pub(super) fn is_file(evidence: &Evidence, path: &str) -> Fact<bool> {
    Ok(kind_followed(evidence, path)? == Some(EntryKind::File))
}

/// A target of a link (or any path) as seen from the file that names it.
pub(super) fn beside(from: &str, target: &str) -> String {
    let above = from.rsplit_once('/').map_or("", |(above, _)| above);
    within(above, target)
}

/// The names in a directory, sorted, that satisfy `wanted`; nothing where there
/// is no such directory. Without a listing, the names of what was captured in
/// it, and a remark that there may be more.
pub(super) fn names_in(
    evidence: &Evidence,
    directory: &str,
    wanted: impl Fn(&str) -> bool,
) -> Found<(String, EntryKind)> {
    let mut found = Found::default();
    match look(evidence, directory, evidence.directory(directory)) {
        Ok(None) => return found,
        Ok(Some(listing)) => {
            let named = listing.iter().filter(|(name, _)| wanted(name));
            found.items.extend(named.map(|(name, kind)| (name.clone(), *kind)));
            return found;
        }
        Err(unknown) => found.missed(unknown),
    }
    let prefix = format!("{directory}/");
    let below = |path: &String| {
        let name = path.strip_prefix(&prefix)?.split('/').next()?;
        (!name.is_empty() && wanted(name)).then(|| name.to_owned())
    };
    let mut names: BTreeSet<String> = BTreeSet::new();
    names.extend(from(&evidence.files, &prefix).filter_map(below));
    names.extend(from(&evidence.links, &prefix).filter_map(below));
    names.extend(from(&evidence.entries, &prefix).filter_map(below));
    for name in names {
        let kind = evidence.kind(&format!("{prefix}{name}")).captured();
        found.items.push((name, kind.unwrap_or(EntryKind::Directory)));
    }
    found
}

/// The keys of a map below a prefix.
fn from<'a, T>(
    map: &'a std::collections::BTreeMap<String, T>,
    prefix: &'a str,
) -> impl Iterator<Item = &'a String> {
    map.range(prefix.to_owned()..)
        .map(|(path, _)| path)
        .take_while(move |path| path.starts_with(prefix))
}

/// The files directly in a directory whose names satisfy `wanted`, each read by
/// `parse`, in the order of their names. A link to nothing is no file.
pub(super) fn files_in<T>(
    evidence: &Evidence,
    directory: &str,
    wanted: impl Fn(&str) -> bool,
    mut parse: impl FnMut(&str) -> (T, Vec<OddLine>),
) -> Found<Parsed<T>> {
    let names = names_in(evidence, directory, wanted);
    let mut found = Found { items: Vec::new(), missing: names.missing };
    for (name, kind) in names.items {
        if kind == EntryKind::Directory {
            continue;
        }
        let path = format!("{directory}/{name}");
        if let Some(Some(file)) = found.take(parsed(evidence, &path, &mut parse)) {
            found.items.push(file);
        }
    }
    found
}

/// The paths a shell pattern names, sorted. Wildcards count in the last part of
/// the path; elsewhere they are not looked into, and said so.
pub(super) fn glob(evidence: &Evidence, pattern: &str) -> Found<String> {
    let mut found = Found::default();
    let (directory, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    if has_wildcard(directory) {
        let hits = evidence.files.keys().filter(|path| {
            path.matches('/').count() == pattern.matches('/').count()
                && path.split('/').zip(pattern.split('/')).all(|(part, glob)| matches(glob, part))
        });
        found.items.extend(hits.cloned());
        found.missed(Unknown::not_captured(pattern));
    } else if has_wildcard(name) {
        let hidden = name.starts_with('.');
        let names = names_in(evidence, directory, |entry| {
            (hidden || !entry.starts_with('.')) && matches(name, entry)
        });
        found.missing = names.missing;
        found.items.extend(names.items.into_iter().map(|(name, _)| format!("{directory}/{name}")));
    } else if found.take(exists(evidence, pattern)) == Some(true) {
        found.items.push(pattern.to_owned());
    }
    found
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Whether a name matches a shell pattern: `*`, `?`, `[a-z]`, `[!a]`, and `\`
/// before any of them. Takes time proportional to the product of the lengths.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    if pattern.len() > LONGEST_PATTERN {
        return pattern == name;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    loop {
        if pattern.get(p) == Some(&'*') {
            back = Some((p + 1, n));
            p += 1;
            continue;
        }
        if n == name.len() {
            if p == pattern.len() {
                return true;
            }
        } else if let Some(width) = one(&pattern[p.min(pattern.len())..], name[n]) {
            p += width;
            n += 1;
            continue;
        }
        // Let the last star take one more.
        match back {
            Some((star, taken)) if taken < name.len() => {
                back = Some((star, taken + 1));
                (p, n) = (star, taken + 1);
            }
            _ => return false,
        }
    }
}

/// How much of the pattern matches this one character, if it does.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match *pattern.first()? {
        '?' => Some(1),
        '\\' if pattern.len() > 1 => (pattern[1] == c).then_some(2),
        '[' => match set(pattern, c) {
            Some((true, width)) => Some(width),
            Some((false, _)) => None,
            // Without its end it is a bracket.
            None => (c == '[').then_some(1),
        },
        same => (same == c).then_some(1),
    }
}

fn set(pattern: &[char], c: char) -> Option<(bool, usize)> {
    let negated = matches!(pattern.get(1), Some('!' | '^'));
    let first = if negated { 2 } else { 1 };
    let end = (first + 1..pattern.len()).find(|&at| pattern[at] == ']')?;
    let mut inside = false;
    let mut at = first;
    while at < end {
        if at + 2 < end && pattern[at + 1] == '-' {
            inside |= (pattern[at]..=pattern[at + 2]).contains(&c);
            at += 3;
        } else {
            inside |= pattern[at] == c;
            at += 1;
        }
    }
    Some((inside != negated, end + 1))
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn a_pattern_matches_as_the_shell_matches() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("*.conf", "a.conf", true),
            ("*.conf", "a.conf.bak", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]a]", "]", true),
            ("[x", "[x", true),
            (r"\*", "*", true),
            (r"\*", "a", false),
            ("*a*b*c", "xxaxxbxxc", true),
            ("*a*b*c", "xxaxxcxxb", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
        // Many stars take no exponential time.
        assert!(!matches(&"*a".repeat(200), &"a".repeat(199)));
    }

    #[test]
    fn a_path_is_taken_from_where_it_is_named() {
        assert_eq!(beside("/etc/systemd/system/x.service", "../../x"), "/etc/x");
        assert_eq!(beside("/etc/x", "/a//./b/../c"), "/a/c");
        assert_eq!(within("/etc", "../../../x"), "/x");
    }

    #[test]
    fn links_are_followed_to_their_end_or_to_nothing() {
        let evidence = evidence(
            "//- link /a -> b\n//- link /b -> /c\n//- /c\n//- link /d -> /e\n//- absent /e\n\
             //- link /f -> f\n//- link /g -> /unseen\n//- link /h -> /dev/null\n",
        );
        assert_eq!(resolve(&evidence, "/a"), Ok(Some("/c".to_owned())));
        assert_eq!(resolve(&evidence, "/d"), Ok(None));
        assert_eq!(resolve(&evidence, "/f"), Ok(None));
        assert_eq!(resolve(&evidence, "/g"), Err(Unknown::not_captured("/unseen")));
        assert_eq!(kind_followed(&evidence, "/h"), Ok(Some(EntryKind::CharacterDevice)));
        assert_eq!(is_file(&evidence, "/a"), Ok(true));
    }

    #[test]
    fn links_among_directories_are_followed_too() {
        let merged = evidence("//- link /lib -> usr/lib\n//- /usr/lib/x\n//- link /y -> /lib/x\n");
        assert_eq!(resolve(&merged, "/y"), Ok(Some("/usr/lib/x".to_owned())));
        let unseen = evidence("//- /usr/lib/x\n//- link /y -> /lib/x\n");
        assert_eq!(resolve(&unseen, "/y"), Ok(Some("/usr/lib/x".to_owned())));
        let own = evidence("//- dir /: lib/ y@\n//- dir /lib: x\n//- link /y -> /lib/x\n");
        assert_eq!(resolve(&own, "/y"), Ok(Some("/lib/x".to_owned())));
        let ring = evidence("//- link /a -> /a/b\n");
        assert_eq!(resolve(&ring, "/a/c"), Ok(None));
    }

    #[test]
    fn a_directory_without_a_listing_may_hold_more() {
        let seen = evidence("//- /etc/x/a\n1\n//- /etc/x/b/c\n2\n");
        let names = names_in(&seen, "/etc/x", |_| true);
        let expected = [("a".to_owned(), EntryKind::File), ("b".to_owned(), EntryKind::Directory)];
        assert_eq!(names.items, expected);
        assert_eq!(names.any(|(name, _)| name == "a"), Ok(true));
        assert_eq!(names.any(|(name, _)| name == "z"), Err(Unknown::not_captured("/etc/x")));
        let absent = evidence("//- absent /etc/x\n");
        assert_eq!(names_in(&absent, "/etc/x", |_| true).all(), Ok(Vec::new()));
    }

    #[test]
    fn a_pattern_names_paths_as_far_as_directories_are_listed() {
        let evidence = evidence("//- dir /etc/x: a.conf b .c.conf\n//- /etc/y\n");
        assert_eq!(glob(&evidence, "/etc/x/*.conf").items, ["/etc/x/a.conf"]);
        assert_eq!(glob(&evidence, "/etc/y").items, ["/etc/y"]);
        assert!(!glob(&evidence, "/etc/*/y").missing.is_empty());
        assert!(!glob(&evidence, "/opt/z").missing.is_empty());
    }
}

//! Gathers what the readers find, within bounds.

use std::collections::BTreeMap;

use super::{Listing, ListingError, ListingFacts, MAX_LINES, MAX_UNREAD, Shape, UnreadLine, facts};
use crate::model::{InstalledPackage, PublicKey};

/// How much of an unread text is kept, in characters.
const TEXT: usize = 120;
/// How many kinds of ignored columns are told apart.
const MAX_IGNORED: usize = 100;

/// Where in a list something stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'a> {
    /// On a line, from 1.
    Line(usize),
    /// At a place in JSON; empty for the list as a whole.
    Place(&'a str),
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Collector {
    packages: Vec<InstalledPackage>,
    keys: Vec<PublicKey>,
    unread: Vec<UnreadLine>,
    unread_total: usize,
    pub(super) comments: usize,
    duplicates: usize,
    ignored: BTreeMap<String, usize>,
    /// Full names seen, with the line of the first.
    seen: BTreeMap<String, Option<usize>>,
}

impl Collector {
    /// Notes something that was not understood.
    pub(super) fn unread(&mut self, at: At<'_>, text: &str, why: impl Into<String>) {
        self.unread_total += 1;
        if self.unread.len() >= MAX_UNREAD {
            return;
        }
        let (line, place) = match at {
            At::Line(line) => (Some(line), String::new()),
            At::Place(place) => (None, place.to_owned()),
        };
        self.unread.push(UnreadLine { line, place, text: beginning(text), why: why.into() });
    }

    /// What was not understood.
    pub(super) fn into_unread(self) -> Vec<UnreadLine> {
        self.unread
    }

    /// Counts a value that has no place in the model.
    pub(super) fn ignored(&mut self, what: &str) {
        if let Some(count) = self.ignored.get_mut(what) {
            *count += 1;
            return;
        }
        let what = if self.ignored.len() < MAX_IGNORED { what } else { "further columns" };
        *self.ignored.entry(what.to_owned()).or_default() += 1;
    }

    /// Takes a package; a `gpg-pubkey` becomes a key.
    pub(super) fn add(
        &mut self,
        at: At<'_>,
        package: InstalledPackage,
    ) -> Result<(), ListingError> {
        let full_name = package.nevra();
        let line = if let At::Line(line) = at { Some(line) } else { None };
        if let Some(first) = self.seen.get(&full_name) {
            let why = twice(*first, package.arch.is_some());
            self.duplicates += 1;
            self.unread(at, &full_name, why);
            return Ok(());
        }
        if self.seen.len() >= MAX_LINES {
            return Err(ListingError::TooMany { what: "packages", limit: MAX_LINES });
        }
        if package.name.is_key() {
            match key(&package) {
                Ok(key) => self.keys.push(key),
                Err(why) => self.unread(at, &full_name, why),
            }
        } else {
            self.packages.push(package);
        }
        self.seen.insert(full_name, line);
        Ok(())
    }

    /// Whether any package was found so far.
    pub(super) fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// The list, with what `stated` leaves open inferred from its packages.
    pub(super) fn finish(
        mut self,
        shape: Shape,
        stated: ListingFacts,
    ) -> Result<Listing, ListingError> {
        if self.is_empty() {
            return Err(ListingError::NoPackages(self.unread.into_iter().next()));
        }
        let packages = std::mem::take(&mut self.packages);
        let facts = facts::complete(stated, &packages, &mut self);
        self.unread.sort_by_key(|unread| (unread.line.is_none(), unread.line));
        let more = self.unread_total.saturating_sub(self.unread.len());
        if more > 0 {
            self.unread.push(UnreadLine {
                line: None,
                place: String::new(),
                text: String::new(),
                why: format!("{more} more places were not understood"),
            });
        }
        Ok(Listing {
            packages,
            keys: self.keys,
            unread: self.unread,
            unread_total: self.unread_total,
            facts,
            shape,
            comments: self.comments,
            duplicates: self.duplicates,
            ignored: self.ignored,
        })
    }
}

/// The first characters of a text, control characters made visible.
pub(super) fn beginning(text: &str) -> String {
    let visible = |c: char| if c.is_control() && c != '\t' { '\u{fffd}' } else { c };
    let mut start: String = text.chars().take(TEXT).map(visible).collect();
    if text.chars().nth(TEXT).is_some() {
        start.push_str("...");
    }
    start
}

fn twice(first: Option<usize>, with_arch: bool) -> String {
    let mut why = match first {
        Some(line) => format!("stands on line {line} already; counted once"),
        None => "stands in the list already; counted once".to_owned(),
    };
    if !with_arch {
        why.push_str(" (without architectures two of them look like a repetition)");
    }
    why
}

/// rpm shows a key as version (short id) and release (time of creation), both
/// in hexadecimal (formats.md 7).
fn key(package: &InstalledPackage) -> Result<PublicKey, &'static str> {
    let hex = |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !hex(&package.evr.version, 8) {
        return Err("is a public key whose version is no key id of eight hexadecimal digits");
    }
    if !hex(&package.evr.release, 8) {
        return Err("is a public key whose release is no time in eight hexadecimal digits");
    }
    Ok(PublicKey {
        id: package.evr.version.to_ascii_lowercase(),
        created: package.evr.release.to_ascii_lowercase(),
        packager: package.packager.clone(),
    })
}

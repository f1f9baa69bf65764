//! Evidence of two snapshots, by kind and place. What one snapshot did not look for is
//! told as that, not as absent.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lines::{ALL_STEPS, Lines};
use super::{FieldChange, Values, fields};
use crate::model::Listing;
use crate::snapshot::{Content, Entry, EntryKind, Evidence, FileSystem, Missing};

/// The most lines told of all texts together; further ones are counted only.
const MOST_LINES: usize = 20_000;

/// A piece of evidence that is not the same in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceChange {
    /// What kind: `file`, `link`, `directory`, `found` (by name), `entry`, `file-system`, `sector`, `command`,
    /// `changed` (a configuration file, from that of its package), `redacted`.
    pub kind: String,
    /// Where it is: a path, or a command line.
    pub place: String,
    /// What is known of it before: `captured`, `absent`, `not held`, `not looked for`, or
    /// why it could not be read.
    pub before: String,
    /// The same after.
    pub after: String,
    /// Lines that differ, of texts that both have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts: Option<Texts>,
    /// Names that are in one only, of directories and searches that both have.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub names: Listing,
    /// Values that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// How two contents differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Texts {
    /// By lines.
    Lines(Lines),
    /// By bytes: one of them is no text.
    Bytes {
        /// How long it is before.
        before: usize,
        /// How long it is after.
        after: usize,
    },
    /// By something other than lines, or too much was told already.
    Untold,
}

/// All evidence that is not the same, by kind and place.
pub(super) fn changes(before: &Evidence, after: &Evidence) -> Vec<EvidenceChange> {
    let mut changes = Changes { before, after, list: Vec::new(), told: 0, steps: ALL_STEPS };
    changes.contents("file", &before.files, &after.files);
    changes.missing();
    changes.contents("link", &before.links, &after.links);
    changes.directories();
    changes.found();
    changes.values("entry", &before.entries, &after.entries, entry);
    changes.values("file-system", &before.file_systems, &after.file_systems, file_system);
    changes.contents("sector", &before.sectors, &after.sectors);
    changes.contents("command", &before.commands, &after.commands);
    let switch = |is: &bool| Values::from([("changed".to_owned(), is.to_string())]);
    changes.values("changed", &before.changed, &after.changed, switch);
    let count = |count: &u32| Values::from([("secrets".to_owned(), count.to_string())]);
    changes.values("redacted", &before.redacted, &after.redacted, count);
    changes.list
}

struct Changes<'e> {
    before: &'e Evidence,
    after: &'e Evidence,
    list: Vec<EvidenceChange>,
    /// Lines told of all texts.
    told: usize,
    /// Comparisons of lines that may still be made.
    steps: usize,
}

impl Changes<'_> {
    fn contents(
        &mut self,
        kind: &str,
        before: &BTreeMap<String, Content>,
        after: &BTreeMap<String, Content>,
    ) {
        for place in keys(before, after) {
            let (old, new) = (before.get(place), after.get(place));
            if old == new {
                continue;
            }
            let texts = old.zip(new).map(|(old, new)| self.texts(old, new));
            let change = self.change(kind, place, old.is_some(), new.is_some());
            self.list.push(EvidenceChange { texts, ..change });
        }
    }

    fn texts(&mut self, before: &Content, after: &Content) -> Texts {
        let texts = std::str::from_utf8(before.bytes()).ok();
        let Some((old, new)) = texts.zip(std::str::from_utf8(after.bytes()).ok()) else {
            return Texts::Bytes { before: before.bytes().len(), after: after.bytes().len() };
        };
        if self.told >= MOST_LINES {
            return Texts::Untold;
        }
        let lines = Lines::of(old, new, &mut self.steps);
        self.told += lines.lines.len();
        if lines.lines.is_empty() { Texts::Untold } else { Texts::Lines(lines) }
    }

    fn directories(&mut self) {
        let (before, after) = (&self.before.directories, &self.after.directories);
        for place in keys(before, after) {
            let (old, new) = (before.get(place), after.get(place));
            if old == new {
                continue;
            }
            let names = match old.zip(new) {
                Some((old, new)) => Listing::of(old.iter().map(named), new.iter().map(named)),
                None => Listing::default(),
            };
            let change = self.change("directory", place, old.is_some(), new.is_some());
            self.list.push(EvidenceChange { names, ..change });
        }
    }

    fn found(&mut self) {
        let (before, after) = (&self.before.found, &self.after.found);
        for place in keys(before, after) {
            let (old, new) = (before.get(place), after.get(place));
            if old == new {
                continue;
            }
            let names = old.zip(new).map(|(old, new)| Listing::of(old, new)).unwrap_or_default();
            let change = self.change("found", place, old.is_some(), new.is_some());
            self.list.push(EvidenceChange { names, ..change });
        }
    }

    fn values<T: PartialEq>(
        &mut self,
        kind: &str,
        before: &BTreeMap<String, T>,
        after: &BTreeMap<String, T>,
        values: impl Fn(&T) -> Values,
    ) {
        for place in keys(before, after) {
            let (old, new) = (before.get(place), after.get(place));
            if old == new {
                continue;
            }
            let fields = match old.zip(new) {
                Some((old, new)) => fields(&values(old), &values(new)),
                None => Vec::new(),
            };
            let change = self.change(kind, place, old.is_some(), new.is_some());
            self.list.push(EvidenceChange { fields, ..change });
        }
    }

    /// Places that neither has, for other reasons.
    fn missing(&mut self) {
        for place in keys(&self.before.missing, &self.after.missing) {
            let here = |evidence: &Evidence| {
                evidence.files.contains_key(place)
                    || evidence.links.contains_key(place)
                    || evidence.directories.contains_key(place)
                    || evidence.found.contains_key(place)
                    || evidence.entries.contains_key(place)
                    || evidence.file_systems.contains_key(place)
                    || evidence.sectors.contains_key(place)
            };
            // What one of them has is told as that.
            if self.before.missing.get(place) == self.after.missing.get(place)
                || here(self.before)
                || here(self.after)
            {
                continue;
            }
            let change = self.change("file", place, false, false);
            self.list.push(change);
        }
    }

    fn change(&self, kind: &str, place: &str, before: bool, after: bool) -> EvidenceChange {
        let state = |evidence: &Evidence, captured: bool| match evidence.missing.get(place) {
            _ if captured => "captured".to_owned(),
            Some(Missing::Absent) => "absent".to_owned(),
            Some(Missing::NotHeld) => "not held".to_owned(),
            Some(Missing::Unreadable(why)) => format!("unreadable: {why}"),
            None => "not looked for".to_owned(),
        };
        EvidenceChange {
            kind: kind.to_owned(),
            place: place.to_owned(),
            before: state(self.before, before),
            after: state(self.after, after),
            texts: None,
            names: Listing::default(),
            fields: Vec::new(),
        }
    }
}

fn keys<'k, T>(
    before: &'k BTreeMap<String, T>,
    after: &'k BTreeMap<String, T>,
) -> BTreeSet<&'k str> {
    before.keys().chain(after.keys()).map(String::as_str).collect()
}

/// A name with a mark of what it is.
fn named((name, kind): (&String, &EntryKind)) -> String {
    let mark = match kind {
        EntryKind::File => "",
        EntryKind::Directory => "/",
        EntryKind::Link => "@",
        EntryKind::BlockDevice => "%",
        EntryKind::CharacterDevice => "&",
        EntryKind::Other => "=",
    };
    format!("{name}{mark}")
}

fn entry(entry: &Entry) -> Values {
    let kind = serde_json::to_value(entry.kind).ok();
    let kind = kind.and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
    let mut values = Values::from([
        ("kind".to_owned(), kind),
        ("size".to_owned(), entry.size.to_string()),
        ("mode".to_owned(), format!("{:04o}", entry.mode)),
        ("owner".to_owned(), format!("{}:{}", entry.uid, entry.gid)),
        ("changed".to_owned(), entry.mtime.to_string()),
    ]);
    let device = entry.device.map(|device| ("device".to_owned(), device.to_string()));
    values.extend(device);
    values
}

fn file_system(system: &FileSystem) -> Values {
    let mut values = Values::from([
        ("size".to_owned(), system.total.to_string()),
        ("free".to_owned(), system.available.to_string()),
    ]);
    for (name, number) in [("inodes", system.inodes), ("free inodes", system.inodes_free)] {
        values.extend(number.map(|number| (name.to_owned(), number.to_string())));
    }
    values.extend(system.ftype.map(|ftype| ("ftype".to_owned(), ftype.to_string())));
    values
}

//! Everything that tells whose host it is, replaced: names of hosts and users,
//! addresses, serial numbers.
//!
//! First all originals are collected, then numbered in sorted order, then
//! replaced wherever they stand. What already looks like a replacement stays,
//! and its number is not given again; so nothing changes the second time, and
//! two originals never become one.
//!
//! A name that is also a common word, the name of an installed package or
//! shorter than three letters is replaced only where it cannot be anything
//! else (below `/home`, before `@`, in `/etc/hosts`): elsewhere it would take
//! package names and settings with it. Not seen are names inside of encoded
//! data: certificates, hashed host keys, addresses in hexadecimal. What is no
//! text (a database) is left as it is.

mod book;
mod names;
mod scan;
mod seen;

use std::collections::BTreeMap;

use super::{secrets, sector};
use crate::model::RepoId;
use crate::snapshot::{Content, Evidence, Missing, Snapshot, Unread};
use book::Book;
use scan::Context;

impl Snapshot {
    /// The same host without what tells whose it is: names of hosts and users,
    /// addresses, serial numbers become `host1`, `user1`, `192.0.2.1` ..., the
    /// same one for the same original everywhere. Vendors and packagers of
    /// packages stay, for decisions are made by them.
    #[must_use]
    pub fn redacted(&self) -> Snapshot {
        let mut snapshot = self.clone();
        for _ in 0..ROUNDS {
            if !strictly(&mut snapshot) {
                break;
            }
        }
        snapshot
    }
}

/// How often a snapshot is gone through at most. Once is enough but where a
/// replacement makes a name of what was none before.
const ROUNDS: usize = 4;

/// Goes through a snapshot once; says whether anything changed.
fn strictly(snapshot: &mut Snapshot) -> bool {
    let before = snapshot.clone();
    without_secrets(snapshot);
    let book = Book::of(snapshot);
    let mut strict = Strict { book: &book, counts: BTreeMap::new() };
    strict.snapshot(snapshot);
    for (path, count) in strict.counts {
        let noted = snapshot.evidence.redacted.entry(path).or_insert(0);
        *noted = noted.saturating_add(count);
    }
    *snapshot != before
}

/// A snapshot may be older than a rule about secrets.
fn without_secrets(snapshot: &mut Snapshot) {
    let Evidence { files, commands, sectors, redacted, .. } = &mut snapshot.evidence;
    for (path, content) in files.iter_mut().chain(commands) {
        let found = secrets(path, content.bytes());
        if found.taken > 0 {
            let before = redacted.entry(path.clone()).or_insert(0);
            *before = before.saturating_add(found.taken);
            *content = Content::new(found.content.into_owned());
        }
    }
    for content in sectors.values_mut() {
        *content = Content::new(sector(content.bytes()).into_owned());
    }
    for unread in &mut snapshot.unread {
        let found = secrets(&unread.file, unread.text.as_bytes());
        unread.text = String::from_utf8_lossy(&found.content).into_owned();
    }
}

/// Calls back with every text of a snapshot that is gone through.
fn each_text(snapshot: &Snapshot, mut see: impl FnMut(&str, &[u8])) {
    let evidence = &snapshot.evidence;
    for (path, content) in evidence.files.iter().chain(&evidence.commands) {
        see("", path.as_bytes());
        see(path, content.bytes());
    }
    for (path, content) in &evidence.links {
        see("", path.as_bytes());
        see("", content.bytes());
    }
    for (path, listing) in &evidence.directories {
        see("", path.as_bytes());
        listing.keys().for_each(|name| see(path, name.as_bytes()));
    }
    for (pattern, paths) in &evidence.found {
        see("", pattern.as_bytes());
        paths.iter().for_each(|path| see("", path.as_bytes()));
    }
    let keys = evidence.entries.keys().chain(evidence.file_systems.keys());
    let keys = keys.chain(evidence.sectors.keys()).chain(evidence.redacted.keys());
    keys.for_each(|path| see("", path.as_bytes()));
    for (path, missing) in &evidence.missing {
        see("", path.as_bytes());
        if let Missing::Unreadable(why) = missing {
            see("", why.as_bytes());
        }
    }
    for unread in &snapshot.unread {
        see("", unread.file.as_bytes());
        see(&unread.file, unread.text.as_bytes());
        see("", unread.why.as_bytes());
    }
    for package in &snapshot.packages {
        see("", package.from_repo.as_deref().unwrap_or_default().as_bytes());
    }
    for repository in snapshot.repositories.iter().flatten() {
        see("", repository.id.as_str().as_bytes());
    }
    see("/etc/hostname", snapshot.identity.hostname.as_deref().unwrap_or_default().as_bytes());
}

struct Strict<'b> {
    book: &'b Book,
    /// How many replacements, by path as it is afterwards.
    counts: BTreeMap<String, u32>,
}

impl Strict<'_> {
    fn snapshot(&mut self, snapshot: &mut Snapshot) {
        let evidence = std::mem::take(&mut snapshot.evidence);
        snapshot.evidence = self.evidence(evidence);
        if let Some(name) = &mut snapshot.identity.hostname {
            *name = self.text("/etc/hostname", name);
        }
        for Unread { file, text, why, .. } in &mut snapshot.unread {
            *text = self.text(file, text);
            *why = self.text("", why);
            *file = self.text("", file);
        }
        for package in &mut snapshot.packages {
            if let Some(repository) = &mut package.from_repo {
                *repository = self.text("", repository);
            }
        }
        for repository in snapshot.repositories.iter_mut().flatten() {
            if let Ok(id) = RepoId::new(self.text("", repository.id.as_str())) {
                repository.id = id;
            }
        }
    }

    fn evidence(&mut self, evidence: Evidence) -> Evidence {
        Evidence {
            files: self.contents(evidence.files),
            commands: self.contents(evidence.commands),
            links: self.map(evidence.links, |strict, _, target| {
                Content::new(strict.book.rewrite(target.bytes(), Context::default()).0)
            }),
            directories: self.map(evidence.directories, |strict, path, listing| {
                let context = Context::of(path);
                let rename = |name: &str| strict.book.rewrite_text(name, context);
                unique(listing.into_iter().map(|(name, kind)| (rename(&name), kind)))
            }),
            found: self.map(evidence.found, |strict, _, paths| {
                let paths = paths.iter().map(|path| (strict.text("", path), ()));
                unique(paths).into_keys().collect()
            }),
            entries: self.map(evidence.entries, |_, _, entry| entry),
            file_systems: self.map(evidence.file_systems, |_, _, system| system),
            sectors: self.map(evidence.sectors, |_, _, sector| sector),
            missing: self.map(evidence.missing, |strict, _, missing| match missing {
                Missing::Absent | Missing::NotHeld => missing,
                Missing::Unreadable(why) => Missing::Unreadable(strict.text("", &why)),
            }),
            changed: self.map(evidence.changed, |_, _, changed| changed),
            redacted: self.map(evidence.redacted, |_, _, count| count),
        }
    }

    fn contents(&mut self, contents: BTreeMap<String, Content>) -> BTreeMap<String, Content> {
        let mut counts = Vec::new();
        let contents = self.map(contents, |strict, path, content| {
            let (bytes, count) = strict.book.rewrite(content.bytes(), Context::of(path));
            counts.push((strict.text("", path), count));
            Content::new(bytes)
        });
        for (path, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            *self.counts.entry(path).or_insert(0) += count;
        }
        contents
    }

    fn map<T>(
        &self,
        map: BTreeMap<String, T>,
        mut value: impl FnMut(&Self, &str, T) -> T,
    ) -> BTreeMap<String, T> {
        unique(map.into_iter().map(|(path, old)| {
            let new = value(self, &path, old);
            (self.text("", &path), new)
        }))
    }

    fn text(&self, path: &str, text: &str) -> String {
        self.book.rewrite_text(text, Context::of(path))
    }
}

/// Two names that differ in the case of a host's name only would become one;
/// the later one is numbered.
fn unique<T>(entries: impl Iterator<Item = (String, T)>) -> BTreeMap<String, T> {
    let mut map = BTreeMap::new();
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for (name, value) in entries {
        let mut free = name.clone();
        while map.contains_key(&free) {
            let count = counts.entry(name.clone()).or_insert(1);
            *count += 1;
            free = format!("{name}~{count}");
        }
        map.insert(free, value);
    }
    map
}

#[cfg(test)]
mod tests;

//! Takes items from a door into evidence, within bounds.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::host::{Denied, Door, Host, Node, NodeKind};
use crate::model::{InstalledPackage, hex};
use crate::snapshot::collect::{Item, Take};
use crate::snapshot::redact;
use crate::snapshot::{Content, Entry, EntryKind, Evidence, FileSystem, Missing, Unread};

/// The longest file kept, in bytes.
const MAX_FILE: usize = 4 << 20;
/// The longest output of a command kept, in bytes.
const MAX_OUTPUT: usize = 16 << 20;
/// Bytes of all files and outputs kept, as JSON has them.
const MAX_ALL: usize = 96 << 20;
/// Names in all directories listed.
const MAX_NAMES: usize = 300_000;
/// Most things that are said to be missing.
const MAX_MISSING: usize = 300_000;
/// Most entries of a directory listed.
pub(super) const MAX_LISTED: usize = 20_000;
/// Most things one item may stand for.
const MAX_EXPANDED: usize = 20_000;
/// How deep a tree is followed.
const MAX_DEPTH: usize = 8;
/// Bytes kept of the beginning of a file.
const HEAD: usize = 64;
/// Bytes kept of the beginning of a block device.
const SECTOR: usize = 512;

/// Collects evidence.
pub(super) struct Collector<'h> {
    pub(super) host: &'h dyn Host,
    pub(super) evidence: Evidence,
    /// Digests of configuration files as their packages brought them.
    digests: BTreeMap<String, String>,
    kept: usize,
    names: usize,
    problems: Vec<Unread>,
}

impl<'h> Collector<'h> {
    pub(super) fn new(host: &'h dyn Host, packages: &[InstalledPackage]) -> Self {
        let data = packages.iter().filter_map(|package| package.data.as_ref());
        let directories = data.flat_map(|data| &data.files);
        let files =
            directories.flat_map(|(directory, files)| files.iter().map(move |f| (directory, f)));
        let digests = files.filter_map(|(directory, file)| {
            let digest = file.digest().filter(|digest| digest.len() == 64)?;
            Some((format!("{directory}{}", file.name()), digest.to_ascii_lowercase()))
        });
        Self {
            host,
            evidence: Evidence::default(),
            digests: digests.collect(),
            kept: 0,
            names: 0,
            problems: Vec::new(),
        }
    }

    pub(super) fn host(&self) -> &'h dyn Host {
        self.host
    }

    pub(super) fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    pub(super) fn finish(mut self) -> (Evidence, Vec<Unread>) {
        number_devices(&mut self.evidence);
        (self.evidence, self.problems)
    }

    /// Takes everything an item stands for.
    pub(super) fn item(&mut self, item: &Item) {
        if item.take == Take::Command {
            return self.command(&item.pattern);
        }
        if item.take == Take::Find {
            return self.find(&item.pattern);
        }
        let has_wildcards = item.pattern.contains(['*', '?', '[']);
        for path in self.expand(&item.pattern) {
            match item.take {
                Take::Content => self.content(&path, has_wildcards),
                Take::Head => self.head(&path),
                Take::Listing => _ = self.listing(&path),
                Take::Tree => self.tree(&path, 0),
                Take::Entry => _ = self.entry(&path),
                Take::Sizes => self.sizes(&path),
                Take::Find | Take::Command => {}
            }
        }
    }

    /// Paths a pattern stands for. Directories its wildcards are looked for in
    /// are listed on the way.
    fn expand(&mut self, pattern: &str) -> Vec<String> {
        let mut paths = vec![String::new()];
        for part in pattern.trim_start_matches('/').split('/') {
            if !part.contains(['*', '?', '[']) {
                paths.iter_mut().for_each(|path| *path = format!("{path}/{part}"));
                continue;
            }
            let Ok(wanted) = glob::Pattern::new(part) else { return Vec::new() };
            let how =
                glob::MatchOptions { require_literal_leading_dot: true, ..Default::default() };
            let mut found = Vec::new();
            for path in paths {
                let directory = if path.is_empty() { "/" } else { &path };
                let Some(names) = self.listing(directory) else { continue };
                let matching = names.keys().filter(|name| wanted.matches_with(name, how));
                found.extend(matching.map(|name| format!("{path}/{name}")));
            }
            if found.len() > MAX_EXPANDED {
                let why =
                    format!("stands for more than {MAX_EXPANDED} paths; the rest is not read");
                self.problem(pattern, &why);
                found.truncate(MAX_EXPANDED);
            }
            paths = found;
        }
        paths
    }

    /// Keeps a file. Where a pattern led to it, something that is no file is
    /// passed by: the listing says what it is.
    pub(super) fn content(&mut self, path: &str, by_pattern: bool) {
        if self.evidence.files.contains_key(path) {
            return;
        }
        let node = match self.host.node(path) {
            Ok(node) => node,
            Err(denied) => return self.miss(path, denied),
        };
        if node.kind == NodeKind::Link {
            self.link(path);
        } else if node.kind != NodeKind::File && by_pattern {
            return;
        }
        if redact::never_stored(path) {
            self.evidence.entries.insert(path.to_owned(), entry(&node));
            let why = "holds secrets as a whole, and is not kept".to_owned();
            return self.miss(path, Denied::Unreadable(why));
        }
        match self.host.read(path, MAX_FILE) {
            Ok(bytes) => self.keep(path, &bytes),
            Err(Denied::Unreadable(_))
                if by_pattern && node.kind == NodeKind::Link && self.leads_to_directory(path) => {}
            Err(denied) => self.miss(path, denied),
        }
    }

    /// Keeps the beginning of a file.
    fn head(&mut self, path: &str) {
        match self.host.read(path, MAX_FILE) {
            Ok(mut bytes) => {
                bytes.truncate(HEAD);
                self.evidence.files.insert(path.to_owned(), Content::new(bytes));
            }
            Err(denied) => self.miss(path, denied),
        }
    }

    fn leads_to_directory(&self, path: &str) -> bool {
        self.host.list(path, MAX_LISTED).is_ok()
    }

    fn keep(&mut self, path: &str, bytes: &[u8]) {
        if !self.has_room(bytes) {
            return self.miss(path, full());
        }
        if let Some(digest) = self.digests.get(path) {
            let ours = hex(&Sha256::digest(bytes));
            self.evidence.changed.insert(path.to_owned(), ours != *digest);
        }
        let content = self.without_secrets(path, bytes);
        self.evidence.missing.remove(path);
        self.evidence.files.insert(path.to_owned(), content);
    }

    fn without_secrets(&mut self, name: &str, bytes: &[u8]) -> Content {
        let secrets = redact::secrets(name, bytes);
        if secrets.taken > 0 {
            self.evidence.redacted.insert(name.to_owned(), secrets.taken);
        }
        self.kept += cost(&secrets.content);
        Content::new(secrets.content.into_owned())
    }

    fn has_room(&self, bytes: &[u8]) -> bool {
        self.kept + cost(bytes) <= MAX_ALL
    }

    /// Notes where a link leads.
    pub(super) fn link(&mut self, path: &str) {
        if self.evidence.links.contains_key(path) {
            return;
        }
        match self.host.link(path) {
            Ok(target) => _ = self.evidence.links.insert(path.to_owned(), Content::new(target)),
            Err(denied) => self.miss(path, denied),
        }
    }

    /// Lists a directory; gives back the names in it that are UTF-8, with what
    /// they are of.
    pub(super) fn listing(&mut self, path: &str) -> Option<BTreeMap<String, EntryKind>> {
        if let Some(known) = self.evidence.directories.get(path) {
            return Some(known.clone());
        }
        let names = match self.host.list(path, MAX_LISTED) {
            // The top of an archive is its own, not that of the host.
            Ok(_) if path == "/" && !self.host.door().is_complete() => {
                self.miss(path, Denied::NotHeld);
                return None;
            }
            Ok(names) => names,
            Err(denied) => {
                self.miss(path, denied);
                return None;
            }
        };
        self.names += names.len();
        if self.names > MAX_NAMES {
            let why = format!("a snapshot lists no more than {MAX_NAMES} names");
            self.miss(path, Denied::Unreadable(why));
            return None;
        }
        let mut listing = BTreeMap::new();
        let mut readable = BTreeMap::new();
        for name in names {
            let Ok(name) = String::from_utf8(name.clone()) else {
                let shown = name.escape_ascii().to_string();
                self.problem(
                    &format!("{path}/{shown}"),
                    "has a name that is not UTF-8; only the name is kept",
                );
                listing.insert(shown, EntryKind::Other);
                continue;
            };
            let inside = join(path, &name);
            let kind = match self.host.node(&inside) {
                Ok(node) => kind(node.kind),
                Err(_) => EntryKind::Other,
            };
            if kind == EntryKind::Link {
                self.link(&inside);
            }
            listing.insert(name.clone(), kind);
            readable.insert(name, kind);
        }
        // An archive has what its collector took: no list of what there is.
        if self.host.door().is_complete() {
            self.evidence.missing.remove(path);
            self.evidence.directories.insert(path.to_owned(), listing);
        }
        Some(readable)
    }

    fn tree(&mut self, path: &str, depth: usize) {
        let Some(names) = self.listing(path) else { return };
        for (name, kind) in names {
            let inside = join(path, &name);
            match kind {
                EntryKind::File => self.content(&inside, true),
                EntryKind::Directory if depth < MAX_DEPTH => self.tree(&inside, depth + 1),
                EntryKind::Directory => {
                    self.problem(&inside, &format!("is more than {MAX_DEPTH} directories deep"));
                }
                _ => {}
            }
        }
    }

    /// Notes size, permissions and times; the target of a link.
    pub(super) fn entry(&mut self, path: &str) -> Option<Node> {
        match self.host.node(path) {
            Ok(node) => {
                self.evidence.entries.insert(path.to_owned(), entry(&node));
                if node.kind == NodeKind::Link {
                    self.link(path);
                }
                Some(node)
            }
            Err(denied) => {
                self.miss(path, denied);
                None
            }
        }
    }

    fn sizes(&mut self, path: &str) {
        for name in self.listing(path).unwrap_or_default().into_keys() {
            self.entry(&join(path, &name));
        }
    }

    /// Keeps the output of a command where somebody else ran it. A door to the
    /// host itself has none, and that says nothing.
    fn command(&mut self, line: &str) {
        if self.host.door().is_complete() {
            return;
        }
        let Some(start) = line.strip_suffix('*') else { return self.output(line) };
        // Collectors write a line with `_` for a blank and `.` for a slash.
        let name = start.replace(' ', "_");
        for command in self.host.commands() {
            if let Some(rest) = command.strip_prefix(&name).filter(|rest| !rest.is_empty()) {
                let path =
                    rest.strip_prefix('.').map(|path| format!("/{}", path.replace('.', "/")));
                self.output(&format!("{start}{}", path.as_deref().unwrap_or(rest)));
            }
        }
    }

    fn output(&mut self, line: &str) {
        match self.host.command(line, MAX_OUTPUT) {
            Ok(output) if self.has_room(&output) => {
                let content = self.without_secrets(line, &output);
                self.evidence.commands.insert(line.to_owned(), content);
            }
            Ok(_) => self.miss(line, full()),
            Err(denied) => self.miss(line, denied),
        }
    }

    /// Notes how much room a mounted file system has.
    pub(super) fn space(&mut self, path: &str) {
        match self.host.space(path) {
            Ok(space) => {
                let inodes = (space.inodes > 0).then_some(space.inodes);
                let found = FileSystem {
                    total: space.total,
                    available: space.available,
                    inodes,
                    inodes_free: inodes.map(|_| space.inodes_free),
                    ftype: space.entries_have_kinds,
                };
                self.evidence.file_systems.insert(path.to_owned(), found);
            }
            Err(Denied::Unreadable(why)) => self.problem(path, &format!("room: {why}")),
            Err(Denied::Absent | Denied::NotHeld) => {}
        }
    }

    /// Keeps the beginning of a block device.
    pub(super) fn sector(&mut self, device: &str) {
        if self.evidence.sectors.contains_key(device) || self.host.door() != Door::Live {
            return;
        }
        match self.host.read_device(device, SECTOR) {
            Ok(bytes) => {
                let content = Content::new(redact::sector(&bytes).into_owned());
                self.evidence.sectors.insert(device.to_owned(), content);
            }
            Err(denied) => self.miss(device, denied),
        }
    }

    /// Notes why something is not there, unless it is there in another form.
    pub(super) fn miss(&mut self, path: &str, denied: Denied) {
        let missing = match denied {
            Denied::Absent if self.is_elsewhere(path) => Missing::NotHeld,
            Denied::Absent => Missing::Absent,
            Denied::NotHeld => Missing::NotHeld,
            Denied::Unreadable(why) => Missing::Unreadable(why),
        };
        match self.evidence.missing.len() {
            ..MAX_MISSING => _ = self.evidence.missing.insert(path.to_owned(), missing),
            MAX_MISSING if self.problems.iter().all(|problem| problem.why != MISSING_FULL) => {
                self.problem(path, MISSING_FULL);
            }
            _ => {}
        }
    }

    /// Whether a path is on file systems that only a running host has: a mounted
    /// root has nothing there, and says nothing by it.
    fn is_elsewhere(&self, path: &str) -> bool {
        const RUNNING: [&str; 5] = ["/proc/", "/sys/", "/dev/", "/run/", "/var/run/"];
        let is_running = RUNNING.iter().any(|directory| path.starts_with(directory));
        is_running && self.host.door() == Door::Root
    }

    pub(super) fn problem(&mut self, path: &str, why: &str) {
        self.problems.push(Unread::whole(path, "", why));
    }
}

/// Numbers devices in the order of the paths on them: what the kernel calls them
/// changes from one boot, and one door, to the next.
fn number_devices(evidence: &mut Evidence) {
    let mut numbers = BTreeMap::new();
    for device in evidence.entries.values_mut().filter_map(|entry| entry.device.as_mut()) {
        let next = numbers.len() as u64 + 1;
        *device = *numbers.entry(*device).or_insert(next);
    }
}

/// Said once, of the first thing that is missing and not noted.
const MISSING_FULL: &str = "is missing, as may be more; no more are noted";

/// Bytes in JSON: a control character takes six, what is no text four for three.
fn cost(bytes: &[u8]) -> usize {
    let escaped = bytes.iter().filter(|byte| byte.is_ascii_control()).count();
    bytes.len() + bytes.len() / 3 + 5 * escaped
}

fn full() -> Denied {
    Denied::Unreadable(format!("a snapshot holds no more than {} MiB of evidence", MAX_ALL >> 20))
}

pub(super) fn join(directory: &str, name: &str) -> String {
    format!("{}/{name}", directory.trim_end_matches('/'))
}

fn kind(kind: NodeKind) -> EntryKind {
    match kind {
        NodeKind::File => EntryKind::File,
        NodeKind::Directory => EntryKind::Directory,
        NodeKind::Link => EntryKind::Link,
        NodeKind::BlockDevice => EntryKind::BlockDevice,
        NodeKind::CharacterDevice => EntryKind::CharacterDevice,
        NodeKind::Other => EntryKind::Other,
    }
}

fn entry(node: &Node) -> Entry {
    Entry {
        kind: kind(node.kind),
        // Of anything else it is what the file system makes of it.
        size: if node.kind == NodeKind::File { node.size } else { 0 },
        mode: node.mode,
        uid: node.uid,
        gid: node.gid,
        mtime: node.mtime,
        device: (node.device != 0).then_some(node.device),
    }
}

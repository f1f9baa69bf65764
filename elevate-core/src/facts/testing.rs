//! Hosts for tests, written as text. Sections begin with `//-`:
//!
//! ```text
//! //- /etc/fstab                     a file; its content follows
//! //- command lsmod                  a command; its output follows
//! //- link /sys/x -> ../y
//! //- absent /etc/z
//! //- unreadable /etc/q: Permission denied
//! //- dir /etc/x: a/ b c@ d%         directory, file, link, block device
//! //- entry /boot/vmlinuz-1 5391264  size; a path that ends in / is a directory
//! //- space /boot available=1 total=2 inodes=3 free=4 ftype=no
//! ```

use crate::snapshot::{Content, Entry, EntryKind, Evidence, FileSystem, Missing};

/// Reads such a text; panics where it is not one.
pub(crate) fn evidence(text: &str) -> Evidence {
    let mut evidence = Evidence::default();
    let text = text.trim_start_matches('\n');
    assert!(text.is_empty() || text.starts_with("//- "), "begins with no section: {text:?}");
    for section in format!("\n{text}").split("\n//- ").skip(1) {
        let (head, body) = section.split_once('\n').unwrap_or((section, ""));
        let body = if body.is_empty() || body.ends_with('\n') {
            body.to_owned()
        } else {
            format!("{body}\n")
        };
        add(&mut evidence, head.trim_end(), &body);
    }
    evidence
}

fn add(evidence: &mut Evidence, head: &str, body: &str) {
    let (word, rest) = head.split_once(' ').unwrap_or((head, ""));
    match word {
        path if path.starts_with('/') && rest.is_empty() => {
            evidence.files.insert(path.to_owned(), Content::from(body));
        }
        "command" => {
            evidence.commands.insert(rest.to_owned(), Content::from(body));
        }
        "link" => {
            let (path, target) = rest.split_once(" -> ").expect("link PATH -> TARGET");
            evidence.links.insert(path.to_owned(), Content::from(target));
        }
        "absent" => {
            evidence.missing.insert(rest.to_owned(), Missing::Absent);
        }
        "unreadable" => {
            let (path, why) = rest.split_once(": ").expect("unreadable PATH: WHY");
            evidence.missing.insert(path.to_owned(), Missing::Unreadable(why.to_owned()));
        }
        "dir" => {
            let (path, names) = rest.split_once(':').expect("dir PATH: NAMES");
            let names = names.split_whitespace().map(named).collect();
            evidence.directories.insert(path.to_owned(), names);
        }
        "entry" => {
            let (path, size) = rest.split_once(' ').expect("entry PATH SIZE");
            let kind = if path.ends_with('/') { EntryKind::Directory } else { EntryKind::File };
            let size = size.parse().expect("a size");
            let path = path.trim_end_matches('/').to_owned();
            let entry = Entry { kind, size, mode: 0o644, uid: 0, gid: 0, mtime: 0, device: None };
            evidence.entries.insert(path, entry);
        }
        "space" => {
            let (path, words) = rest.split_once(' ').expect("space PATH WORDS");
            evidence.file_systems.insert(path.to_owned(), space(words));
        }
        _ => panic!("no such section: {head:?}"),
    }
}

fn named(name: &str) -> (String, EntryKind) {
    let kinds =
        [('/', EntryKind::Directory), ('@', EntryKind::Link), ('%', EntryKind::BlockDevice)];
    let mut known =
        kinds.iter().filter_map(|(mark, kind)| Some((name.strip_suffix(*mark)?, *kind)));
    let (name, kind) = known.next().unwrap_or((name, EntryKind::File));
    (name.to_owned(), kind)
}

fn space(words: &str) -> FileSystem {
    let mut space =
        FileSystem { total: 0, available: 0, inodes: None, inodes_free: None, ftype: None };
    for word in words.split_whitespace() {
        let (key, value) = word.split_once('=').expect("KEY=VALUE");
        let number = || value.parse::<u64>().expect("a number");
        match key {
            "total" => space.total = number(),
            "available" => space.available = number(),
            "inodes" => space.inodes = Some(number()),
            "free" => space.inodes_free = Some(number()),
            "ftype" => space.ftype = Some(value == "yes"),
            _ => panic!("no such word: {word:?}"),
        }
    }
    space
}

//! Looks below a directory for names, and keeps the paths alone.

use super::collector::{Collector, MAX_LISTED, join};
use crate::host::{Denied, NodeKind};

/// The most names that are looked at for one pattern.
const MAX_SEEN: usize = 200_000;
/// The most paths that are kept for one pattern.
const MAX_FOUND: usize = 10_000;
/// How deep it looks.
const MAX_DEPTH: usize = 12;

/// What was found, and how much was not looked at.
struct Search {
    wanted: glob::Pattern,
    found: Vec<String>,
    seen: usize,
    unseen: usize,
    /// The first place that was not looked at, and why.
    first: Option<String>,
}

impl Collector<'_> {
    /// Keeps the paths below a directory whose names match the last part of a pattern; links
    /// are not followed. Whatever was not looked at is noted beside them.
    pub(super) fn find(&mut self, pattern: &str) {
        let (directory, name) = pattern.rsplit_once('/').unwrap_or_default();
        let Ok(wanted) = glob::Pattern::new(name) else { return };
        let directory = if directory.is_empty() { "/" } else { directory };
        // An archive has what its collector took: no list of what there is.
        if !self.host.door().is_complete() {
            return self.miss(pattern, Denied::NotHeld);
        }
        let mut search = Search { wanted, found: Vec::new(), seen: 0, unseen: 0, first: None };
        if let Err(denied) = self.host.list(directory, MAX_LISTED) {
            return self.miss(pattern, denied);
        }
        self.search(directory, &mut search);
        if let Some(first) = &search.first {
            let why = format!("not looked at: {}, first {first}", search.unseen);
            self.miss(pattern, Denied::Unreadable(why));
        }
        search.found.sort();
        self.evidence.found.insert(pattern.to_owned(), search.found);
    }

    fn search(&self, directory: &str, search: &mut Search) {
        let mut pending = vec![(directory.to_owned(), 0)];
        while let Some((directory, depth)) = pending.pop() {
            if depth > MAX_DEPTH {
                search.missed(&directory, &format!("is more than {MAX_DEPTH} directories deep"));
                continue;
            }
            let mut names = match self.host.list(&directory, MAX_LISTED) {
                Ok(names) => names,
                Err(Denied::Absent) => continue,
                Err(denied) => {
                    search.missed(&directory, &said(denied));
                    continue;
                }
            };
            names.sort();
            for name in names {
                let inside = self.look(&directory, &name, search);
                pending.extend(inside.map(|inside| (inside, depth + 1)));
            }
        }
    }

    /// Keeps a path whose name matches; gives back that of a directory to look into.
    fn look(&self, directory: &str, name: &[u8], search: &mut Search) -> Option<String> {
        search.seen += 1;
        let escaped = name.escape_ascii().to_string();
        let path = join(directory, std::str::from_utf8(name).unwrap_or(&escaped));
        if search.seen > MAX_SEEN {
            search.missed(&path, &format!("comes after {MAX_SEEN} others"));
            return None;
        }
        if search.wanted.matches(std::str::from_utf8(name).unwrap_or(&escaped)) {
            if search.found.len() < MAX_FOUND {
                search.found.push(path.clone());
            } else {
                search.missed(&path, &format!("comes after {MAX_FOUND} that match"));
            }
        }
        match self.host.node(&path) {
            Ok(node) => (node.kind == NodeKind::Directory).then_some(path),
            Err(Denied::Absent) => None,
            Err(denied) => {
                search.missed(&path, &said(denied));
                None
            }
        }
    }
}

impl Search {
    fn missed(&mut self, path: &str, why: &str) {
        self.unseen += 1;
        self.first.get_or_insert_with(|| format!("{path}: {why}"));
    }
}

fn said(denied: Denied) -> String {
    match denied {
        Denied::Absent => "is not there".to_owned(),
        Denied::NotHeld => "is not held".to_owned(),
        Denied::Unreadable(why) => why,
    }
}

//! Where in an archive the host is, and who collected it.

use thiserror::Error;

use super::super::{Door, Host, NodeKind};

/// How many entries at the top are looked at.
const MOST_ENTRIES: usize = 10_000;
/// How many of them a message names.
const MOST_NAMED: usize = 10;

/// Why something is not the work of a collector.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LayoutError {
    /// It is the root file system of a host.
    #[error(
        "has neither sos_commands nor insights_commands, but looks like the root file system of a \
         host; a directory with one belongs to --root"
    )]
    PlainRoot,
    /// It holds more than one host.
    #[error("holds more than one host: {}; give one of them", .0.join(", "))]
    Several(Vec<String>),
    /// It holds archives, as `sos collect` makes it.
    #[error("holds other archives: {}; unpack it and give one of them", .0.join(", "))]
    Nested(Vec<String>),
    /// It is something else. These are the names at its top.
    #[error(
        "has neither sos_commands nor insights_commands, so it is of neither collector; {}",
        if .0.is_empty() { "it is empty".to_owned() } else { format!("it holds {}", .0.join(", ")) }
    )]
    Unknown(Vec<String>),
}

/// Where the host is, and who collected it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The directory that is the root of the host.
    pub(super) root: String,
    pub(super) door: Door,
}

/// Looks at the top, and one directory below it; Insights has the tree in a
/// further directory, `data`.
pub(super) fn find(files: &dyn Host) -> Result<Layout, LayoutError> {
    if let Some(layout) = at(files, "").or_else(|| at(files, "/data")) {
        return Ok(layout);
    }
    let names = names(files, "/");
    let is_directory = |name: &&String| is_directory(files, &format!("/{name}"));
    let below = |name: &String| {
        at(files, &format!("/{name}")).or_else(|| at(files, &format!("/{name}/data")))
    };
    let hosts: Vec<(&String, Layout)> =
        names.iter().filter(is_directory).filter_map(|name| Some((name, below(name)?))).collect();
    match hosts.as_slice() {
        [(_, layout)] => Ok(layout.clone()),
        [] => Err(unknown(files, &names)),
        several => Err(LayoutError::Several(
            several.iter().take(MOST_NAMED).map(|(name, _)| (*name).clone()).collect(),
        )),
    }
}

fn at(files: &dyn Host, root: &str) -> Option<Layout> {
    let has = |name: &str| is_directory(files, &format!("{root}/{name}"));
    let door = match (has("sos_commands"), has("insights_commands")) {
        (true, _) => Door::Sosreport,
        (false, true) => Door::Insights,
        (false, false) => return None,
    };
    Some(Layout { root: if root.is_empty() { "/".to_owned() } else { root.to_owned() }, door })
}

fn is_directory(files: &dyn Host, path: &str) -> bool {
    files.node(path).is_ok_and(|node| node.kind == NodeKind::Directory)
}

/// The names in a directory, without those that are no text.
pub(super) fn names(files: &dyn Host, path: &str) -> Vec<String> {
    let names = files.list(path, MOST_ENTRIES).unwrap_or_default();
    names.into_iter().filter_map(|name| String::from_utf8(name).ok()).collect()
}

fn unknown(files: &dyn Host, at_the_top: &[String]) -> LayoutError {
    let mut tops = vec![String::new()];
    if let [only] = at_the_top {
        tops.push(format!("/{only}"));
    }
    if tops.iter().any(|top| looks_like_a_root(files, top)) {
        return LayoutError::PlainRoot;
    }
    let all = tops.iter().flat_map(|top| names(files, &format!("{top}/")));
    let archives: Vec<String> = all.filter(|name| name.contains(".tar")).take(MOST_NAMED).collect();
    if !archives.is_empty() {
        return LayoutError::Nested(archives);
    }
    LayoutError::Unknown(at_the_top.iter().take(MOST_NAMED).cloned().collect())
}

fn looks_like_a_root(files: &dyn Host, top: &str) -> bool {
    let has = |path: &str| files.node(&format!("{top}{path}")).is_ok();
    has("/etc") && (has("/usr") || has("/var/lib/rpm"))
}

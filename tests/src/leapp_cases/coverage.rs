//! What covers each actor of leapp, as `docs/actors.md` says.

use std::collections::BTreeMap;

/// What covers an actor of leapp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Coverage {
    /// An actor of ours, which finds what leapp's reports.
    Actor(String),
    /// An actor of ours, which uses what leapp's only reads.
    Reader(String),
    /// The request.
    Request,
    /// A fact, by its topic.
    Facts(String),
    /// Nothing, and why nothing has to.
    NotApplicable(String),
}

/// What covers each actor of leapp of which there can be cases.
pub(super) fn read() -> BTreeMap<String, Coverage> {
    let page = include_str!("../../../docs/actors.md");
    let (_, table) = page.split_once("\n## leapp's\n").expect("leapp's actors");
    table.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<(String, Coverage)> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [name, kind, _, by] = cells[..] else { return None };
    let name = name.strip_prefix('`')?.strip_suffix('`')?.to_owned();
    let coverage = match by.split_once(' ') {
        None if by.starts_with('`') => {
            let ours = by.replace('`', "");
            if kind.starts_with("fact") { Coverage::Reader(ours) } else { Coverage::Actor(ours) }
        }
        // Actors of packs have leapp's names.
        Some(("pack", _)) => Coverage::Actor(name.clone()),
        Some(("facts", topic)) => Coverage::Facts(topic.to_owned()),
        Some(("not", why)) => {
            let why = why.strip_prefix("applicable: ").expect("a reason");
            Coverage::NotApplicable(why.to_owned())
        }
        None if by == "request" => Coverage::Request,
        None if by == "plan" || by == "engine" => return None,
        _ => panic!("{line}: covered by what?"),
    };
    Some((name, coverage))
}

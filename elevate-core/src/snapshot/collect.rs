//! What a capture reads, and why. The list is data: `elevate capture --explain`
//! prints it, and every question of [`crate::facts`] reads only what is on it.

mod machine;
mod network;
mod security;
mod services;
mod software;
mod storage;

use std::str::FromStr;

use thiserror::Error;

/// How something is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Take {
    /// The content of the files the pattern names, where links lead, and the
    /// listing of each directory the pattern leads through.
    Content,
    /// The first 64 bytes of them.
    Head,
    /// What is in a directory: names, kinds, targets of links.
    Listing,
    /// The same of everything below it, with the content of its files.
    Tree,
    /// Kind, size, owner, permissions and time; the target of a link.
    Entry,
    /// Listing and entries of what is in a directory.
    Sizes,
    /// Paths of whatever below a directory, at any depth, has a name that the last part of
    /// the pattern stands for.
    Find,
    /// The output of a command, where an archive holds it. The pattern is the
    /// command line.
    Command,
}

impl Take {
    const NAMES: [(Take, &'static str); 8] = [
        (Take::Content, "content"),
        (Take::Head, "head"),
        (Take::Listing, "listing"),
        (Take::Tree, "tree"),
        (Take::Entry, "entry"),
        (Take::Sizes, "sizes"),
        (Take::Find, "find"),
        (Take::Command, "command"),
    ];

    /// Its name in lists of what to collect.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(take, _)| *take == self).map_or("", |(_, name)| name)
    }
}

/// Something to collect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// How.
    pub take: Take,
    /// An absolute path in which `*`, `?` and `[...]` stand for parts of one
    /// name, or a command line.
    pub pattern: String,
}

/// Something to collect, as the lists below have it.
pub(crate) type Collect = (Take, &'static str);

/// Things that are collected for one reason.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub why: &'static str,
    /// Actors that need it.
    pub actors: &'static [&'static str],
    items: &'static [Collect],
}

impl Topic {
    /// What is collected.
    pub fn items(&self) -> impl Iterator<Item = Item> + '_ {
        self.items
            .iter()
            .map(|(take, pattern)| Item { take: *take, pattern: (*pattern).to_owned() })
    }
}

/// Everything a capture reads besides the package database, by topic.
pub fn topics() -> impl Iterator<Item = &'static Topic> {
    [machine::TOPICS, storage::TOPICS, network::TOPICS, security::TOPICS, services::TOPICS]
        .into_iter()
        .chain([software::TOPICS])
        .flatten()
}

/// Whether a capture looks for a piece of evidence: a path, in which `*` stands
/// for any name, or `command:` and a command line. What files include and where
/// devices lead is followed besides.
pub fn covers(evidence: &str) -> bool {
    topics().flat_map(Topic::items).any(|item| item.covers(evidence))
}

impl Item {
    fn covers(&self, evidence: &str) -> bool {
        let Ok(pattern) = glob::Pattern::new(&self.pattern) else { return false };
        let how = glob::MatchOptions { require_literal_separator: true, ..Default::default() };
        if let Some(line) = evidence.strip_prefix("command:") {
            return self.take == Take::Command && pattern.matches(line);
        }
        let directory = |path: &str| match path.rsplit_once('/') {
            Some(("", _)) => Some("/".to_owned()),
            above => above.map(|(above, _)| above.to_owned()),
        };
        let is = |path: &str| pattern.matches_with(path, how);
        let inside = || directory(evidence).is_some_and(|above| is(&above));
        match self.take {
            Take::Command => false,
            Take::Find => self.pattern == evidence,
            Take::Entry => is(evidence),
            Take::Listing | Take::Sizes => is(evidence) || inside(),
            Take::Tree => {
                is(evidence)
                    || evidence
                        .strip_prefix(&self.pattern)
                        .is_some_and(|rest| rest.starts_with('/'))
            }
            // Directories in which names are looked for are listed.
            Take::Content | Take::Head => {
                let wild = self.pattern.split('/').position(|part| part.contains(['*', '?', '[']));
                let looked_in =
                    wild.map(|at| self.pattern.split('/').take(at).collect::<Vec<_>>().join("/"));
                is(evidence) || looked_in.is_some_and(|directory| directory == evidence)
            }
        }
    }
}

/// A line of a list of further things to collect that is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {why}")]
pub struct CollectError {
    /// Line, from 1.
    pub line: usize,
    why: String,
}

/// Reads a list of further things to collect: one a line, `content /etc/x/*.conf`
/// and so on, `#` for remarks. A path alone is taken by content.
///
/// # Errors
///
/// The first line that is none of these.
pub fn parse(text: &str) -> Result<Vec<Item>, CollectError> {
    let mut items = Vec::new();
    for (line, text) in text.lines().enumerate().map(|(at, text)| (at + 1, text.trim())) {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let text = if text.starts_with('/') { format!("content {text}") } else { text.to_owned() };
        items.push(text.parse().map_err(|why| CollectError { line, why })?);
    }
    Ok(items)
}

impl FromStr for Item {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, pattern) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let known = Take::NAMES.iter().find(|(_, known)| *known == name);
        let Some((take, _)) = known else {
            let names: Vec<&str> = Take::NAMES.iter().map(|(_, name)| *name).collect();
            return Err(format!(
                "starts with {name:.40?}; write a path, or one of {}",
                names.join(", ")
            ));
        };
        let pattern = pattern.trim();
        if pattern.is_empty() {
            return Err(format!("names nothing after {name}"));
        }
        if *take != Take::Command {
            check_path(pattern)?;
        }
        let (directory, name) = pattern.rsplit_once('/').unwrap_or_default();
        if *take == Take::Find && (name.is_empty() || directory.contains(['*', '?', '['])) {
            return Err(format!("{pattern:.80?} is no directory and a pattern for names"));
        }
        Ok(Item { take: *take, pattern: pattern.to_owned() })
    }
}

fn check_path(pattern: &str) -> Result<(), String> {
    if !pattern.starts_with('/') {
        return Err(format!("{pattern:.80?} is not an absolute path"));
    }
    let mut parts = pattern.trim_start_matches('/').split('/');
    if parts.any(|part| matches!(part, "" | "." | "..")) && pattern != "/" {
        return Err(format!("{pattern:.80?} has an empty part, or `.` or `..`"));
    }
    match glob::Pattern::new(pattern) {
        Ok(_) if pattern.contains("**") => Err("`**` is not known; use `tree`".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{pattern:.80?}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_item_is_one_a_user_could_write_and_stands_once() {
        let mut seen = BTreeSet::new();
        for topic in topics() {
            assert!(!topic.why.is_empty() && !topic.actors.is_empty(), "{}", topic.name);
            for item in topic.items() {
                let line = format!("{} {}", item.take.name(), item.pattern);
                assert_eq!(line.parse(), Ok(item.clone()), "{line}");
                assert!(seen.insert(line.clone()), "{}: {line} stands twice", topic.name);
            }
        }
        let names: BTreeSet<&str> = topics().map(|topic| topic.name).collect();
        assert_eq!(names.len(), topics().count());
    }

    #[test]
    fn a_list_of_further_things_names_the_line_it_is_wrong_in() {
        let items =
            parse("# mine\n\n/opt/x.conf\nlisting /opt\n  command  hammer ping \n").unwrap();
        let lines: Vec<String> =
            items.iter().map(|item| format!("{} {}", item.take.name(), item.pattern)).collect();
        assert_eq!(lines, ["content /opt/x.conf", "listing /opt", "command hammer ping"]);
        for (line, why) in [
            (
                "read /x",
                "line 2: starts with \"read\"; write a path, or one of content, head, listing, tree, entry, sizes, find, command",
            ),
            ("listing", "line 2: names nothing after listing"),
            ("entry x", "line 2: \"x\" is not an absolute path"),
            ("/a/../b", "line 2: \"/a/../b\" has an empty part, or `.` or `..`"),
            ("/a/**", "line 2: `**` is not known; use `tree`"),
            ("find /a/*/b", "line 2: \"/a/*/b\" is no directory and a pattern for names"),
        ] {
            assert_eq!(parse(&format!("\n{line}")).unwrap_err().to_string(), why);
        }
    }
}

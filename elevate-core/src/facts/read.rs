//! How questions take evidence: the first source that was captured, and an
//! honest answer where none was.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Fact, Found, OddLine, Unknown, Why, fact};
use crate::snapshot::{Content, Evidence, Known};

/// What a file, or the output of a command, says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<T> {
    /// Path, or command line after `command:`.
    pub source: String,
    /// What it says.
    pub value: T,
    /// Lines that were not understood.
    pub odd: Vec<OddLine>,
}

/// A source that was captured.
pub(super) struct Source<'a> {
    /// As it was asked for.
    pub(super) name: String,
    /// Which of those asked for, from 0.
    pub(super) index: usize,
    content: &'a Content,
}

impl<'a> Source<'a> {
    pub(super) fn text(&self) -> Cow<'a, str> {
        self.content.text()
    }

    pub(super) fn parsed<T>(self, (value, odd): (T, Vec<OddLine>)) -> Parsed<T> {
        Parsed { source: self.name, value, odd }
    }
}

/// The marker of a command line among sources.
pub(super) const COMMAND: &str = "command:";

/// Whether a kernel was running when the host was captured. On a mounted root
/// `/proc` and `/sys` are empty, and what is missing there tells nothing.
pub(super) fn is_live(evidence: &Evidence) -> bool {
    let below = |from: &str| {
        let first = |key: Option<&String>| key.is_some_and(|key| key.starts_with(from));
        let from = from.to_owned();
        first(evidence.files.range(from.clone()..).next().map(|(key, _)| key))
            || first(evidence.links.range(from.clone()..).next().map(|(key, _)| key))
            || first(evidence.directories.range(from..).next().map(|(key, _)| key))
    };
    let listed =
        |directory: &str| evidence.directories.get(directory).is_some_and(|l| !l.is_empty());
    below("/proc/") || below("/sys/") || listed("/proc") || listed("/sys")
}

/// As [`fact()`], but what is absent in `/proc` or `/sys` counts only where a
/// kernel was running.
pub(super) fn look<'a, T>(evidence: &Evidence, path: &str, known: Known<'a, T>) -> Fact<Option<T>> {
    let found = fact(path, known)?;
    let of_kernel = path.starts_with("/proc/") || path.starts_with("/sys/");
    if found.is_none() && of_kernel && !is_live(evidence) {
        let why = Why::Unreadable("no kernel was running when the host was captured".to_owned());
        return Err(Unknown { evidence: path.to_owned(), why });
    }
    Ok(found)
}

/// The text of a file; `None` where it is not there.
pub(super) fn text<'a>(evidence: &'a Evidence, path: &str) -> Fact<Option<Cow<'a, str>>> {
    Ok(look(evidence, path, evidence.file(path))?.map(Content::text))
}

/// The text of a file of one value, such as sysfs has them, without blanks
/// around it; empty is none.
pub(super) fn value(evidence: &Evidence, path: &str) -> Fact<Option<String>> {
    let text = text(evidence, path)?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// Where a link leads; `None` where there is none.
pub(super) fn link(evidence: &Evidence, path: &str) -> Fact<Option<String>> {
    let target = look(evidence, path, evidence.link(path))?;
    Ok(target.map(|target| target.text().into_owned()))
}

/// The last part of where a link leads, as `driver` links name a driver.
pub(super) fn link_name(evidence: &Evidence, path: &str) -> Fact<Option<String>> {
    let target = link(evidence, path)?;
    let name = |target: String| target.trim_end_matches('/').rsplit('/').next().map(str::to_owned);
    Ok(target.and_then(name).filter(|name| !name.is_empty()))
}

/// Whether something is at a path.
pub(super) fn exists(evidence: &Evidence, path: &str) -> Fact<bool> {
    look(evidence, path, evidence.kind(path)).map(|kind| kind.is_some())
}

/// The names in a directory, sorted; `None` where it is not there.
pub(super) fn names<'a>(evidence: &'a Evidence, path: &str) -> Fact<Option<Vec<&'a str>>> {
    let listing = look(evidence, path, evidence.directory(path))?;
    Ok(listing.map(|listing| listing.keys().map(String::as_str).collect()))
}

/// The first of these sources that was captured: paths, and command lines
/// after `command:`. `None` where every path among them is known to be absent.
pub(super) fn source<'a>(evidence: &'a Evidence, names: &[&str]) -> Fact<Option<Source<'a>>> {
    let mut unknown: Option<Unknown> = None;
    let mut paths = 0;
    for (index, name) in names.iter().enumerate() {
        let found = match name.strip_prefix(COMMAND) {
            Some(line) => Ok(evidence.command(line).captured().filter(|output| tells(output))),
            None => {
                paths += 1;
                look(evidence, name, evidence.file(name))
            }
        };
        match found {
            Ok(Some(content)) => {
                return Ok(Some(Source { name: (*name).to_owned(), index, content }));
            }
            Ok(None) => {}
            Err(error) => match &unknown {
                Some(Unknown { why: Why::Unreadable(_), .. }) => {}
                Some(_) if error.why == Why::NotCaptured => {}
                _ => unknown = Some(error),
            },
        }
    }
    match (unknown, names.first()) {
        (Some(unknown), _) => Err(unknown),
        (None, Some(first)) if paths == 0 => Err(Unknown::not_captured(*first)),
        (None, _) => Ok(None),
    }
}

/// The files of a directory whose names are wanted; none where it is not there.
///
/// # Errors
///
/// Where nothing of it was captured.
pub(super) fn files<T>(
    evidence: &Evidence,
    directory: &str,
    wanted: impl Fn(&str) -> bool,
    parse: impl FnMut(&str) -> (T, Vec<OddLine>),
) -> Fact<Found<Parsed<T>>> {
    let found = super::look::files_in(evidence, directory, wanted, parse);
    match found.missing.first() {
        Some(unknown) if found.items.is_empty() && unknown.evidence == directory => {
            Err(unknown.clone())
        }
        _ => Ok(found),
    }
}

/// The files of several directories, sorted by name; where two have one name,
/// that of the directory named first counts. Fails where nothing was captured.
pub(super) fn merged<T>(
    evidence: &Evidence,
    directories: &[&str],
    wanted: impl Fn(&str) -> bool,
    parse: impl Fn(&str) -> (T, Vec<OddLine>),
) -> Fact<Found<Parsed<T>>> {
    let mut by_name: BTreeMap<String, Parsed<T>> = BTreeMap::new();
    let mut unread = Vec::new();
    let mut known = false;
    for directory in directories {
        match files(evidence, directory, &wanted, &parse) {
            Ok(found) => {
                known = true;
                unread.extend(found.missing);
                for file in found.items {
                    let name = file.source.rsplit('/').next().unwrap_or_default().to_owned();
                    by_name.entry(name).or_insert(file);
                }
            }
            Err(error) => unread.push(error),
        }
    }
    match unread.first() {
        Some(error) if !known => Err(error.clone()),
        _ => Ok(Found { items: by_name.into_values().collect(), missing: unread }),
    }
}

/// Whether a command said something. Collectors keep the message of a shell
/// that did not find the command as if it were output.
pub(super) fn tells(output: &Content) -> bool {
    let text = output.text();
    let text = text.trim();
    let is_message = text.lines().count() == 1 && {
        let line = text.to_ascii_lowercase();
        ["command not found", "no such file or directory", "timeout: failed"]
            .iter()
            .any(|message| line.contains(message))
    };
    !text.is_empty() && !is_message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::evidence;

    #[test]
    fn the_first_source_that_was_captured_is_taken() {
        let host = evidence("//- command lsmod\nModule Size Used by\n//- /proc/modules\nx\n");
        let found = |names: &[&str]| source(&host, names).map(|s| s.map(|s| s.name));
        assert_eq!(found(&["/proc/modules", "command:lsmod"]), Ok(Some("/proc/modules".into())));
        assert_eq!(found(&["/proc/other", "command:lsmod"]), Ok(Some("command:lsmod".into())));
        assert_eq!(found(&["/proc/other"]), Err(Unknown::not_captured("/proc/other")));
        assert_eq!(found(&["command:df"]), Err(Unknown::not_captured("command:df")));
    }

    #[test]
    fn absent_is_an_answer_and_unreadable_is_the_reason_that_is_told() {
        let host = evidence("//- absent /etc/a\n//- unreadable /etc/b: EACCES\n");
        assert!(matches!(source(&host, &["/etc/a"]), Ok(None)));
        assert!(matches!(source(&host, &["/etc/a", "command:a"]), Ok(None)));
        let error = source(&host, &["/etc/c", "/etc/b", "/etc/a"]).err().unwrap();
        assert_eq!(error.to_string(), "/etc/b: could not be read: EACCES");
    }

    #[test]
    fn what_is_missing_in_proc_tells_nothing_of_a_root_that_is_not_running() {
        let host = evidence("//- absent /proc/modules\n");
        let error = text(&host, "/proc/modules").unwrap_err();
        assert!(error.to_string().contains("no kernel was running"), "{error}");
        let host = evidence("//- absent /proc/modules\n//- /proc/cmdline\nro\n");
        assert_eq!(text(&host, "/proc/modules"), Ok(None));
    }

    #[test]
    fn a_directory_gives_its_files_and_those_that_were_not_captured() {
        let host = evidence("//- dir /etc/d: a.conf b.conf c d.conf/\n//- /etc/d/a.conf\nx\n");
        let read = |host: &Evidence| {
            files(host, "/etc/d", |name| name.ends_with(".conf"), |text| (text.len(), vec![]))
        };
        let found = read(&host).unwrap();
        assert_eq!(
            found.items.iter().map(|f| f.source.as_str()).collect::<Vec<_>>(),
            ["/etc/d/a.conf"]
        );
        assert_eq!(found.missing, [Unknown::not_captured("/etc/d/b.conf")]);
        // An archive that holds files and does not list the directory.
        let found = read(&evidence("//- /etc/d/a.conf\nx\n")).unwrap();
        assert_eq!((found.items.len(), found.missing), (1, vec![Unknown::not_captured("/etc/d")]));
        assert_eq!(read(&evidence("//- absent /etc/d\n")), Ok(Found::default()));
        assert_eq!(read(&evidence("")), Err(Unknown::not_captured("/etc/d")));
    }

    #[test]
    fn the_message_of_a_shell_is_no_output() {
        for (text, expected) in [
            ("Command not found", false),
            ("bash: lspci: command not found\n", false),
            ("/bin/df: No such file or directory\n", false),
            ("timeout: failed to run command", false),
            (" \n", false),
            ("a: command not found\nsecond line\n", true),
            ("sda 8:0\n", true),
        ] {
            assert_eq!(tells(&Content::from(text)), expected, "{text:?}");
        }
    }
}

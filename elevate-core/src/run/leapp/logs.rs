//! What leapp says of its work: its report (formats.md 9.1) and the errors of its log.

use serde::Deserialize;

use crate::run::files::Files;

/// leapp's log.
pub(super) const LOG: &str = "/var/log/leapp/leapp-upgrade.log";
const REPORT: &str = "/var/log/leapp/leapp-report.json";
/// How many entries of the report go into the journal.
const MOST_ENTRIES: usize = 1000;
/// How many lines of the log do: the last ones.
const MOST_LINES: usize = 50;
/// The longest note, in characters.
const LONGEST: usize = 500;

/// What leapp has told.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// A line of each.
    pub(super) notes: Vec<String>,
    /// Titles of what forbids the upgrade, or ended it.
    forbidding: Vec<String>,
}

/// leapp's report; what else it has is not looked at.
#[derive(Deserialize)]
struct Report {
    entries: Vec<Entry>,
}

/// An entry, whatever the version of the report.
#[derive(Deserialize)]
struct Entry {
    title: String,
    severity: String,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
}

impl Told {
    /// Reads report and log. What cannot be read is told as well.
    pub(super) fn read(files: &Files) -> Self {
        let mut told = Self::default();
        match files.read(REPORT) {
            Ok(None) => told.note(format!("leapp has left no report {REPORT}")),
            Ok(Some(content)) => match serde_json::from_slice::<Report>(&content) {
                Ok(report) => told.entries(&report.entries),
                Err(error) => told.note(format!("{REPORT}: {error}")),
            },
            Err(error) => told.note(format!("{REPORT}: {error}")),
        }
        match files.read(LOG) {
            // It has none where it could not even begin.
            Ok(None) => {}
            Ok(Some(content)) => told.errors(&String::from_utf8_lossy(&content)),
            Err(error) => told.note(format!("{LOG}: {error}")),
        }
        told
    }

    /// What forbids the upgrade, to be put behind an error.
    pub(super) fn forbids(&self) -> String {
        const MOST: usize = 5;
        let all = &self.forbidding;
        let first = all.iter().take(MOST).cloned().collect::<Vec<_>>().join("; ");
        match all.len().checked_sub(MOST) {
            _ if all.is_empty() => String::new(),
            None | Some(0) => format!("; leapp says: {first}"),
            Some(more) => format!("; leapp says: {first}; and {more} more"),
        }
    }

    fn entries(&mut self, entries: &[Entry]) {
        for entry in entries {
            let is = |word: &str| entry.flags.iter().chain(&entry.groups).any(|it| it == word);
            let is_forbidding = is("inhibitor") || is("error");
            if is_forbidding {
                self.forbidding.push(short(&entry.title));
            }
            let key = entry.key.as_ref().map(|key| format!(" [{key}]")).unwrap_or_default();
            let mark = if is_forbidding { ", forbids the upgrade" } else { "" };
            if self.notes.len() < MOST_ENTRIES {
                self.note(format!("leapp: {} ({}{mark}){key}", entry.title, entry.severity));
            }
        }
        if let Some(more @ 1..) = entries.len().checked_sub(MOST_ENTRIES) {
            self.note(format!("leapp: {more} more entries are in {REPORT}"));
        }
    }

    /// The last lines of the log that tell an error.
    fn errors(&mut self, log: &str) {
        let is_error = |line: &&str| {
            let level = line.split_whitespace().nth(2);
            level.is_some_and(|level| matches!(level, "ERROR" | "CRITICAL"))
        };
        let lines: Vec<&str> = log.lines().filter(is_error).collect();
        if let Some(more @ 1..) = lines.len().checked_sub(MOST_LINES) {
            self.note(format!("leapp: {more} more errors are in {LOG}"));
        }
        let last = &lines[lines.len().saturating_sub(MOST_LINES)..];
        last.iter().for_each(|line| self.note(format!("leapp: {line}")));
    }

    fn note(&mut self, text: String) {
        self.notes.push(short(&text));
    }
}

/// A text in one line that is not too long.
fn short(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::testing::TempDir;

    fn told(name: &str, report: &[u8], log: &str) -> Told {
        let directory = TempDir::new(name);
        directory.write(&REPORT[1..], report);
        directory.write(&LOG[1..], log.as_bytes());
        Told::read(&Files::open(directory.path()).unwrap())
    }

    #[test]
    fn entries_of_every_version_of_the_report_are_told() {
        let report = r#"{"leapp_run_id": "x", "entries": [
            {"title": "Old", "severity": "high", "flags": ["inhibitor"], "tags": ["boot"]},
            {"title": "New\u001b[2J", "severity": "low", "key": "k", "groups": ["services"]},
            {"title": "Broken", "severity": "high", "groups": ["error"], "detail": {}}]}"#;
        let log = "2022-12-28 09:50:58.571 ERROR PID: 2345 leapp: no\n\
                   2022-12-28 09:50:59.571 INFO PID: 2345 leapp: ERROR is a word\n";
        let told = told("leapp-logs", report.as_bytes(), log);
        assert_eq!(
            told.notes,
            [
                "leapp: Old (high, forbids the upgrade)",
                "leapp: New [2J (low) [k]",
                "leapp: Broken (high, forbids the upgrade)",
                "leapp: 2022-12-28 09:50:58.571 ERROR PID: 2345 leapp: no",
            ]
        );
        assert_eq!(told.forbids(), "; leapp says: Old; Broken");
    }

    #[test]
    fn what_is_no_report_is_said_and_many_entries_are_counted() {
        let told_of = |report: &[u8]| told("leapp-none", report, "").notes.join("\n");
        assert!(told_of(b"[]").starts_with(REPORT));
        assert!(told_of(b"{\"entries\": [{}]}").contains("missing field"));
        let entry = r#"{"title": "a", "severity": "info"}"#;
        let many = vec![entry; MOST_ENTRIES + 7].join(",");
        let notes = told("leapp-many", format!("{{\"entries\": [{many}]}}").as_bytes(), "").notes;
        assert_eq!(notes.len(), MOST_ENTRIES + 1);
        assert!(notes[MOST_ENTRIES].contains(" 7 more entries"), "{}", notes[MOST_ENTRIES]);
        let nothing = TempDir::new("leapp-nothing");
        let told = Told::read(&Files::open(nothing.path()).unwrap());
        assert_eq!(told.notes, [format!("leapp has left no report {REPORT}")]);
        assert_eq!(told.forbids(), "");
    }
}

//! leapp's `leapp-report.txt` (formats.md 9.2).

use std::fmt::{self, Write as _};

use super::Schema;
use super::entry::{Entry, entries};
use crate::finding::Remediation;
use crate::model::shell_words;
use crate::plan::Plan;

/// The findings of a plan as leapp's text report: errors first, then inhibitors, then by
/// severity. The same plan gives the same bytes.
pub fn render(plan: &Plan, schema: Schema) -> String {
    let mut entries = entries(plan, schema, "");
    entries.sort_by_key(rank);
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = entries.iter().try_for_each(|entry| write(&mut text, entry));
    text
}

fn rank(entry: &Entry<'_>) -> usize {
    if entry.is("error") {
        return 0;
    }
    if entry.is("inhibitor") {
        return 1;
    }
    let of_severity = ["high", "medium", "low", "info"].iter().position(|s| *s == entry.severity);
    2 + of_severity.unwrap_or(4)
}

fn write(out: &mut String, entry: &Entry<'_>) -> fmt::Result {
    let flag = ["error", "inhibitor"].iter().find(|flag| entry.is(flag));
    let flag = flag.map(|flag| format!("({flag})")).unwrap_or_default();
    writeln!(out, "Risk Factor: {} {flag}", entry.severity)?;
    writeln!(out, "Title: {}", entry.title)?;
    writeln!(out, "Summary: {}", entry.summary)?;
    if entry.links().next().is_some() {
        writeln!(out, "Related links:")?;
    }
    for (title, url) in entry.links() {
        writeln!(out, "    - {title}: {url}")?;
    }
    remediation(out, entry.remediations())?;
    if let Some(key) = &entry.key {
        writeln!(out, "Key: {key}")?;
    }
    writeln!(out, "{}", "-".repeat(40))
}

/// Hints go before commands; the word before the first one only.
fn remediation(out: &mut String, all: &[Remediation]) -> fmt::Result {
    let hints = all.iter().filter_map(|one| match one {
        Remediation::Hint(hint) => Some(format!("[hint] {hint}")),
        Remediation::Command(_) => None,
    });
    let commands = all.iter().filter_map(|one| match one {
        Remediation::Hint(_) => None,
        Remediation::Command(words) => Some(format!("[command] {}", shell_words(words))),
    });
    let lines: Vec<String> = hints.chain(commands).collect();
    if lines.is_empty() { Ok(()) } else { writeln!(out, "Remediation: {}", lines.join("\n")) }
}

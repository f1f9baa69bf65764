//! What Red Hat's task for Insights prints: a document between two marks on stdout.
//!
//! The fields are those of the task's script; its schema wants an object where the
//! script, and what reads it, have the list of entries.

use serde::Serialize;

use super::entry::{self, Entry};
use super::{Schema, text};
use crate::plan::Plan;

/// The line before the document.
pub const START: &str = "### JSON START ###";
/// The line after it.
pub const END: &str = "### JSON END ###";

#[derive(Serialize)]
struct Output<'a> {
    status: &'static str,
    alert: bool,
    error: bool,
    message: String,
    report: String,
    report_json: Option<Findings<'a>>,
}

#[derive(Serialize)]
struct Findings<'a> {
    tasks_format_version: &'static str,
    tasks_format_id: &'static str,
    leapp_run_id: String,
    entries: Vec<Entry<'a>>,
}

/// The findings of a plan for Insights. The same plan gives the same bytes.
///
/// # Errors
///
/// Where JSON cannot be written.
pub fn render(plan: &Plan) -> Result<String, serde_json::Error> {
    let run = entry::run_id(plan)?;
    let mut entries = entry::entries(plan, Schema::V1_2_0, &run);
    let errors = entries.iter().filter(|entry| entry.is("error")).count();
    let inhibitors = entries.iter().filter(|entry| entry.is("inhibitor")).count();
    let status = status(&entries);
    // The page shows inhibitors as a severity of their own.
    for entry in entries.iter_mut().filter(|entry| entry.is("error") || entry.is("inhibitor")) {
        entry.severity = "inhibitor";
    }
    let output = Output {
        status,
        alert: errors + inhibitors > 0,
        error: false,
        message: format!(
            "Your system has {} and {} out of {}.",
            count(errors, "error"),
            count(inhibitors, "inhibitor"),
            count(entries.len(), "potential problem")
        ),
        report: text::render(plan, Schema::V1_2_0),
        report_json: Some(Findings {
            tasks_format_version: "1.0",
            tasks_format_id: "oamg-format",
            leapp_run_id: run,
            entries,
        })
        .filter(|findings| !findings.entries.is_empty()),
    };
    Ok(format!("{START}\n{}\n{END}\n", serde_json::to_string_pretty(&output)?))
}

/// Of the worst entry.
fn status(entries: &[Entry<'_>]) -> &'static str {
    let has = |severity: &str| entries.iter().any(|entry| entry.severity == severity);
    if has("high") {
        "ERROR"
    } else if has("medium") || has("low") {
        "WARNING"
    } else if has("info") {
        "INFO"
    } else {
        "SUCCESS"
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

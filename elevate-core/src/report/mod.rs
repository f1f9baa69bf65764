//! Reports: projections of a plan for people and for other tools.

pub mod diff;
pub mod document;
pub mod explain;
pub mod html;
pub mod junit;
pub mod leapp;
pub mod leapp_tasks;
mod phrases;
pub mod reading;
pub mod sarif;
pub mod table;
pub mod text;
pub mod waivers;

use crate::finding::{Finding, Remediation};
use crate::model::shell_words;

pub use diff::Diff;
pub use document::Report;

/// What was found, where, and what to do, in plain words.
fn words(finding: &Finding) -> String {
    let mut words = finding.summary.clone();
    for place in &finding.evidence {
        words += &format!("\nSeen in {place}");
    }
    for remediation in &finding.remediation {
        words += &match remediation {
            Remediation::Hint(hint) => format!("\nWhat to do: {hint}"),
            Remediation::Command(command) => format!("\n$ {}", shell_words(command)),
        };
    }
    words
}

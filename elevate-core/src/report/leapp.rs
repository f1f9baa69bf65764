//! The report as leapp writes it, for everything that reads leapp's reports: JSON in its
//! three schemas (formats.md 9.1) and text (9.2).
//!
//! Every schema allows more than it names, so one document carries `flags` and `tags`
//! (which Foreman, cPanel and Plesk look at) and `groups` (which the Ansible roles and
//! Insights look at), and says which schema it follows. Only `key` is left out of 1.0.0,
//! as there.

mod entry;
pub mod import;
pub mod insights;
mod text;

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::plan::{Plan, Provenance};
use entry::Entry;

pub(super) use entry::stable_key;
pub use text::render as render_text;

/// A schema of leapp's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Schema {
    /// 1.0.0: flags and tags, no keys.
    V1_0_0,
    /// 1.1.0: with keys; what leapp writes unless asked.
    V1_1_0,
    /// 1.2.0: groups.
    V1_2_0,
}

impl Schema {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::V1_0_0, Self::V1_1_0, Self::V1_2_0];
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Schema::V1_0_0 => "1.0.0",
            Schema::V1_1_0 => "1.1.0",
            Schema::V1_2_0 => "1.2.0",
        })
    }
}

impl FromStr for Schema {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let schema = Schema::ALL.into_iter().find(|schema| schema.to_string() == text);
        schema
            .ok_or_else(|| format!("{text:?} is no schema of leapp's; write 1.0.0, 1.1.0 or 1.2.0"))
    }
}

#[derive(Serialize)]
struct Document<'a> {
    leapp_run_id: String,
    /// Which of leapp's schemas this is; leapp's own documents do not say.
    schema_version: String,
    /// What made it, from what; leapp's own documents have no such thing.
    provenance: &'a Provenance,
    entries: Vec<Entry<'a>>,
}

/// The findings of a plan as a report of leapp's, two blanks deep, with a newline at the
/// end. The same plan gives the same bytes.
///
/// # Errors
///
/// Where JSON cannot be written.
pub fn render(plan: &Plan, schema: Schema) -> Result<String, serde_json::Error> {
    let run = entry::run_id(plan)?;
    let document = Document {
        entries: entry::entries(plan, schema, &run),
        leapp_run_id: run,
        schema_version: schema.to_string(),
        provenance: &plan.provenance,
    };
    crate::model::to_json(&document)
}

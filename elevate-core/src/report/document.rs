//! The report as a document of its own: a plan without its packages, or what was read of
//! a report of leapp's.
//!
//! | version | change |
//! |--|--|
//! | 1 | first: verdict, findings, questions, counts, disk budget, provenance |
//! | 1 | added: `provenance.options`; among `provenance.inputs` target repositories and documents of vendors |

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::finding::Finding;
use crate::model::{Arch, UpgradePath};
use crate::plan::{AskedOf, FileSystem, Plan, Provenance, UnreadCount, Verdict};

/// The version written, and the newest that can be read.
pub const VERSION: u32 = 1;

/// The marker by which a report is known among JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// A report.
    #[default]
    #[serde(rename = "elevate-report")]
    Report,
}

/// What was found, without what happens to each package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always `elevate-report`.
    pub format: Kind,
    /// Version of the format.
    pub version: u32,
    /// What made it, from what; absent in what was read of a report of leapp's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// The host's name, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// When the snapshot was taken, in seconds since 1970, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<u64>,
    /// The host's architecture, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<Arch>,
    /// From where to where, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<UpgradePath>,
    /// Whether the upgrade may go ahead.
    pub verdict: Verdict,
    /// Facts that were not captured and would matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// How many packages have each fate.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, usize>,
    /// What the administrator should know, most urgent first.
    pub findings: Vec<Finding>,
    /// Questions that matter on this host, with their answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<AskedOf>,
    /// File systems the upgrade needs room on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disk: Vec<FileSystem>,
    /// Evidence that was not understood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<UnreadCount>,
}

/// A document that cannot be read as a report.
#[derive(Debug, Error)]
pub enum ReportFormatError {
    /// A newer Elevate wrote it.
    #[error(
        "this report has format version {0}; this Elevate reads up to {VERSION}. Use the Elevate that made it, or a newer one"
    )]
    Newer(u64),
    /// A field is wrong, or it is another document.
    #[error("the report is malformed at {path}: {source}")]
    Malformed {
        /// Path of the field.
        path: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl From<&Plan> for Report {
    fn from(plan: &Plan) -> Self {
        Self {
            format: Kind::Report,
            version: VERSION,
            provenance: Some(plan.provenance.clone()),
            hostname: plan.hostname.clone(),
            taken: plan.taken,
            arch: Some(plan.arch.clone()),
            path: Some(plan.path.clone()),
            verdict: plan.verdict,
            missing: plan.missing.clone(),
            counts: plan.counts.clone(),
            findings: plan.findings.clone(),
            questions: plan.questions.clone(),
            disk: plan.disk.clone(),
            unread: plan.unread.clone(),
        }
    }
}

impl Report {
    /// Reads a report.
    ///
    /// # Errors
    ///
    /// What is no report, what a newer Elevate wrote, and a wrong field by its path.
    pub fn read(json: &[u8]) -> Result<Self, ReportFormatError> {
        #[derive(Deserialize)]
        struct Probe {
            version: u64,
        }
        if let Ok(Probe { version }) = serde_json::from_slice(json)
            && version > u64::from(VERSION)
        {
            return Err(ReportFormatError::Newer(version));
        }
        let mut reader = serde_json::Deserializer::from_slice(json);
        let report = serde_path_to_error::deserialize(&mut reader).map_err(malformed)?;
        let end = |source| ReportFormatError::Malformed { path: "its end".to_owned(), source };
        reader.end().map_err(end)?;
        Ok(report)
    }

    /// The report as JSON, with a final newline. The same report gives the same bytes.
    ///
    /// # Errors
    ///
    /// None that a report can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::model::to_json(self)
    }

    /// The JSON Schema of the format.
    pub fn schema() -> serde_json::Value {
        crate::model::schema::<Self>("report", "report", VERSION)
    }
}

fn malformed(error: serde_path_to_error::Error<serde_json::Error>) -> ReportFormatError {
    ReportFormatError::Malformed { path: error.path().to_string(), source: error.into_inner() }
}

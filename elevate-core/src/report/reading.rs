//! Documents that tell of findings, by what they say they are: plans, reports, and reports
//! of leapp's, which do not say so.

use serde::Deserialize;
use thiserror::Error;

use super::document::ReportFormatError;
use super::leapp::import;
use super::{Diff, Report};
use crate::plan::Plan;
use crate::plan::format::PlanFormatError;

/// The largest document that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// A document that tells of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// A plan.
    Plan(Box<Plan>),
    /// A report, ours or leapp's.
    Report(Box<Report>),
}

/// A document that is none of those, or a broken one.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// It is no JSON, or not such a document.
    #[error("cannot be read as a JSON document: {0}")]
    NotJson(serde_json::Error),
    /// It is something else.
    #[error("is {0:?}, not a plan or a report")]
    Other(String),
    /// It does not say what it is, and is no report of leapp's either.
    #[error("does not say what it is: it has neither `format` nor `entries`")]
    Unknown,
    /// It is larger than any.
    #[error("is larger than {} MiB; no plan or report is", MAX_BYTES >> 20)]
    TooLarge,
    /// A plan that cannot be read.
    #[error(transparent)]
    Plan(PlanFormatError),
    /// A report that cannot be read.
    #[error(transparent)]
    Report(ReportFormatError),
}

/// What tells documents apart.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Probe {
    format: Option<String>,
    entries: Option<serde::de::IgnoredAny>,
}

/// What a JSON document says it is; `None` where it does not say.
///
/// # Errors
///
/// What is no JSON object, or says what it is by something other than a text.
pub fn format_of(json: &[u8]) -> Result<Option<String>, DocumentError> {
    let probe: Probe = serde_json::from_slice(json).map_err(DocumentError::NotJson)?;
    Ok(probe.format)
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// See [`DocumentError`]; a wrong field is named by its path.
    pub fn read(json: &[u8]) -> Result<Self, DocumentError> {
        if json.len() > MAX_BYTES {
            return Err(DocumentError::TooLarge);
        }
        let probe: Probe = serde_json::from_slice(json).map_err(DocumentError::NotJson)?;
        let report = |read: Result<Report, ReportFormatError>| {
            read.map(Box::new).map(Self::Report).map_err(DocumentError::Report)
        };
        match probe.format.as_deref() {
            Some("elevate-plan") => {
                Plan::read(json).map(Box::new).map(Self::Plan).map_err(DocumentError::Plan)
            }
            Some("elevate-report") => report(Report::read(json)),
            Some(other) => Err(DocumentError::Other(other.chars().take(60).collect())),
            None if probe.entries.is_some() => report(import::read(json)),
            None => Err(DocumentError::Unknown),
        }
    }

    /// What is different in another document. As plans where both are plans, else as
    /// reports.
    pub fn diff(&self, after: &Self) -> Diff {
        match (self, after) {
            (Self::Plan(before), Self::Plan(after)) => Diff::plans(before, after),
            (before, after) => Diff::reports(&before.report(), &after.report()),
        }
    }

    /// The document as a report.
    pub fn report(&self) -> Report {
        match self {
            Self::Plan(plan) => Report::from(&**plan),
            Self::Report(report) => (**report).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> String {
        Document::read(json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn documents_are_told_apart_by_what_they_say() {
        let leapps = br#"{"leapp_run_id": "x", "entries": []}"#;
        let read = Document::read(leapps).unwrap();
        assert!(matches!(&read, Document::Report(report) if report.provenance.is_none()));
        let ours = read.report().to_json().unwrap();
        assert_eq!(Document::read(ours.as_bytes()).unwrap(), read);
        assert_eq!(format_of(ours.as_bytes()).unwrap().as_deref(), Some("elevate-report"));
        assert_eq!(format_of(leapps).unwrap(), None);
    }

    #[test]
    fn what_is_none_of_them_is_refused_with_its_place() {
        let deep = format!("{{\"entries\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(error(&deep).contains("malformed at entries[0]"), "{}", error(&deep));
        for (json, expected) in [
            ("", "cannot be read as a JSON document: EOF while parsing"),
            ("7", "expected an object"),
            ("{}", "does not say what it is"),
            (
                r#"{"format": "elevate-snapshot"}"#,
                "is \"elevate-snapshot\", not a plan or a report",
            ),
            (r#"{"format": 7}"#, "invalid type: integer `7`, expected a string"),
            (r#"{"format": "elevate-report", "version": 2}"#, "version 2"),
            (
                r#"{"format": "elevate-plan", "version": 1, "provenance": []}"#,
                "malformed at provenance",
            ),
            (r#"{"entries": {}}"#, "malformed at entries"),
            (r#"{"entries": [{"severity": 1e999}]}"#, "malformed at entries[0].severity"),
            (r#"{"entries": [{"severity": "none"}]}"#, "malformed at entries[0].severity"),
        ] {
            assert!(error(json).contains(expected), "{json}: {}", error(json));
        }
    }
}

//! Reads a report that leapp wrote, in any of its three schemas.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::Error as _;

use crate::finding::{Finding, Remediation, Resource, Severity};
use crate::plan::Verdict;
use crate::report::document::{Kind, Report, ReportFormatError, VERSION};

#[derive(Deserialize)]
struct Document {
    entries: Vec<Entry>,
}

/// What leapp's schemas require, and what they know beside.
#[derive(Deserialize)]
struct Entry {
    severity: Severity,
    title: String,
    actor: String,
    summary: String,
    hostname: String,
    key: Option<String>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    detail: Detail,
}

#[derive(Default, Deserialize)]
struct Detail {
    #[serde(default)]
    external: Vec<External>,
    #[serde(default)]
    related_resources: Vec<Resource>,
    #[serde(default)]
    remediations: Vec<Step>,
}

#[derive(Deserialize)]
struct External {
    url: String,
}

#[derive(Deserialize)]
struct Step {
    #[serde(rename = "type")]
    kind: String,
    context: Context,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Context {
    Words(Vec<String>),
    Text(String),
}

/// Reads a report of leapp's. Findings keep their order, actor, groups and key; their id
/// is `leapp.` with the name of the actor.
///
/// # Errors
///
/// What is no such report, by the path of the field.
pub fn read(json: &[u8]) -> Result<Report, ReportFormatError> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let malformed = |path: String, source| ReportFormatError::Malformed { path, source };
    let Document { entries } = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| malformed(error.path().to_string(), error.into_inner()))?;
    reader.end().map_err(|source| malformed("its end".to_owned(), source))?;
    let hostname = entries.first().map(|entry| entry.hostname.clone());
    let findings: Result<Vec<Finding>, _> = (0..)
        .zip(entries)
        .map(|(number, entry): (usize, Entry)| {
            entry.finding().map_err(|why| {
                let path = format!("entries[{number}].detail.remediations");
                malformed(path, serde_json::Error::custom(why))
            })
        })
        .collect();
    let findings = findings?;
    let stops = |f: &Finding| f.inhibitor || f.groups.iter().any(|group| group == "error");
    let verdict = if findings.iter().any(stops) { Verdict::Inhibited } else { Verdict::Ready };
    Ok(Report {
        format: Kind::Report,
        version: VERSION,
        provenance: None,
        hostname,
        taken: None,
        arch: None,
        path: None,
        verdict,
        missing: Vec::new(),
        counts: Default::default(),
        findings,
        questions: Vec::new(),
        disk: Vec::new(),
        unread: Vec::new(),
    })
}

impl Entry {
    fn finding(self) -> Result<Finding, String> {
        let mut groups = [self.groups, self.flags, self.tags].concat();
        groups.sort();
        groups.dedup();
        let inhibitor = groups.iter().any(|group| group == "inhibitor");
        groups.retain(|group| group != "inhibitor");
        let remediation = self.detail.remediations.into_iter().map(Step::remediation);
        Ok(Finding {
            id: format!("leapp.{}", self.actor).into(),
            actor: self.actor.into(),
            severity: self.severity,
            inhibitor,
            groups: groups.into_iter().map(Cow::Owned).collect(),
            key: self.key.map(Cow::Owned),
            title: self.title.into(),
            summary: self.summary,
            evidence: Vec::new(),
            resources: self.detail.related_resources,
            remediation: remediation.collect::<Result<_, _>>()?,
            links: self.detail.external.into_iter().map(|link| link.url.into()).collect(),
            waived: None,
            leapp: None,
        })
    }
}

impl Step {
    fn remediation(self) -> Result<Remediation, String> {
        match (self.kind.as_str(), self.context) {
            ("command", Context::Words(words)) => Ok(Remediation::Command(words)),
            ("hint", Context::Text(text)) => Ok(Remediation::Hint(text)),
            ("playbook", Context::Text(text)) => {
                Ok(Remediation::Hint(format!("There is a playbook: {text}")))
            }
            (kind, _) => {
                Err(format!("a remediation of type {kind:?} with another kind of context"))
            }
        }
    }
}

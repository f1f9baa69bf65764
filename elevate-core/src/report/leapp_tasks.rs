//! The decisions as leapp's own messages spell them: package lists, target
//! repositories, reports by actor (`elevate plan --format leapp-tasks`).
//!
//! The shape is that of the recorded decisions the policy `leapp-0.21` is
//! checked against, so that the two can be compared field by field.

use serde::Serialize;

use crate::finding::Finding;
use crate::plan::{LeappLists, Plan};

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    #[serde(flatten)]
    lists: &'a LeappLists,
    reports: Vec<Report<'a>>,
}

#[derive(Serialize)]
struct Report<'a> {
    id: &'a str,
    actor: &'a str,
    severity: &'static str,
    groups: Vec<&'a str>,
    inhibitor: bool,
    key: Option<&'a str>,
    title: &'a str,
}

/// The decisions as JSON, with a final newline.
///
/// # Errors
///
/// None that a plan can cause.
pub fn render(plan: &Plan) -> Result<String, serde_json::Error> {
    let reports = plan.findings.iter().map(report).collect();
    let document = Document { format: "elevate-leapp-tasks/1", lists: &plan.leapp, reports };
    crate::model::to_json(&document)
}

/// leapp counts `inhibitor` among the groups.
fn report(finding: &Finding) -> Report<'_> {
    let mut groups: Vec<&str> = finding.groups.iter().map(AsRef::as_ref).collect();
    if finding.inhibitor {
        groups.push("inhibitor");
    }
    groups.sort_unstable();
    Report {
        id: &finding.id,
        actor: &finding.actor,
        severity: finding.severity.as_str(),
        groups,
        inhibitor: finding.inhibitor,
        key: finding.key.as_deref(),
        title: &finding.title,
    }
}

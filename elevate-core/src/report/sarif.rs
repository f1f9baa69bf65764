//! SARIF 2.1.0, for tools that gather findings of many analysers.
//!
//! Every kind of finding is a rule; evidence is a location on the host; a finding that was
//! set aside is suppressed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::words;
use crate::finding::{Evidence, Finding, Severity};
use crate::plan::Plan;

/// The findings of a plan as SARIF, with a final newline. The same plan gives the same
/// bytes.
///
/// # Errors
///
/// Where JSON cannot be written.
pub fn render(plan: &Plan) -> Result<String, serde_json::Error> {
    let kinds: BTreeMap<&str, &Finding> =
        plan.findings.iter().map(|finding| (finding.id.as_ref(), finding)).collect();
    let place: BTreeMap<&str, usize> = kinds.keys().copied().zip(0..).collect();
    let rules: Vec<Value> = kinds.values().map(|finding| rule(finding)).collect();
    let results: Vec<Value> =
        plan.findings.iter().map(|finding| result(finding, place[finding.id.as_ref()])).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": plan.provenance.tool,
                "version": plan.provenance.tool_version,
                "rules": rules,
            }},
            "automationDetails": {
                "id": format!("{}/{}", plan.hostname.as_deref().unwrap_or("host"), plan.path),
            },
            "originalUriBaseIds": { "HOST": { "description": { "text": "The root of the host" } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    crate::model::to_json(&document)
}

fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.id,
        "shortDescription": { "text": finding.title },
        "defaultConfiguration": { "level": level(finding) },
        "properties": { "actor": finding.actor, "tags": finding.groups },
    })
}

fn result(finding: &Finding, rule: usize) -> Value {
    let locations: Vec<Value> = finding.evidence.iter().filter_map(location).collect();
    let mut result = json!({
        "ruleId": finding.id,
        "ruleIndex": rule,
        "level": level(finding),
        "message": { "text": format!("{}: {}", finding.title, words(finding)) },
        "locations": locations,
        "properties": {
            "severity": finding.severity.as_str(),
            "inhibitor": finding.inhibitor,
            "resources": finding.resources,
            "remediation": finding.remediation,
        },
    });
    if let Some(key) = &finding.key {
        result["partialFingerprints"] = json!({ "leappKey/v1": key });
    }
    if let Some(waived) = &finding.waived {
        result["suppressions"] =
            json!([{ "kind": "external", "justification": waived.to_string() }]);
    }
    result
}

fn level(finding: &Finding) -> &'static str {
    match finding.severity {
        _ if finding.inhibitor => "error",
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A file of the host; output of a command has no place SARIF could name.
fn location(evidence: &Evidence) -> Option<Value> {
    let path = evidence.source.strip_prefix('/')?;
    let uri: String = path.split('/').map(percent_encoded).collect::<Vec<_>>().join("/");
    let mut place = json!({ "artifactLocation": { "uri": uri, "uriBaseId": "HOST" } });
    if let Some(line) = evidence.line {
        place["region"] = json!({ "startLine": line });
        if let Some(text) = &evidence.text {
            place["region"]["snippet"] = json!({ "text": text });
        }
    }
    Some(json!({ "physicalLocation": place }))
}

fn percent_encoded(name: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let encode = |b: u8| if is_plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    name.bytes().map(encode).collect()
}

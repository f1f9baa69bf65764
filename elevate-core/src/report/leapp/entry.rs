//! One entry of leapp's report.

use serde::Serialize;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::Schema;
use crate::finding::{Finding, Remediation, Resource, Severity, Waived};
use crate::model::{Date, hex};
use crate::plan::{LeappStop, Plan};

/// Whom a report is for; leapp knows `developer` besides.
const AUDIENCE: &str = "sysadmin";
/// Groups leapp calls flags in its older schemas.
const FLAGS: [&str; 2] = ["inhibitor", "failure"];

#[derive(Serialize)]
pub(super) struct Entry<'a> {
    audience: &'static str,
    #[serde(skip_serializing_if = "Detail::is_empty")]
    detail: Detail<'a>,
    flags: Vec<&'a str>,
    pub(super) groups: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
    pub(super) severity: &'static str,
    pub(super) summary: String,
    pub(super) title: &'a str,
    #[serde(rename = "timeStamp")]
    time_stamp: String,
    hostname: &'a str,
    actor: &'a str,
    id: String,
    tags: Vec<&'a str>,
    /// Our stable id of the finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<&'a Waived>,
}

#[derive(Default, Serialize)]
struct Detail<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external: Vec<External<'a>>,
    #[serde(skip_serializing_if = "<[Resource]>::is_empty")]
    related_resources: &'a [Resource],
    #[serde(skip_serializing_if = "<[Remediation]>::is_empty")]
    remediations: &'a [Remediation],
}

#[derive(Serialize)]
struct External<'a> {
    title: &'a str,
    url: &'a str,
}

impl Detail<'_> {
    fn is_empty(&self) -> bool {
        self.external.is_empty()
            && self.related_resources.is_empty()
            && self.remediations.is_empty()
    }
}

impl Entry<'_> {
    pub(super) fn is(&self, group: &str) -> bool {
        self.groups.contains(&group)
    }

    pub(super) fn links(&self) -> impl Iterator<Item = (&str, &str)> {
        self.detail.external.iter().map(|link| (link.title, link.url))
    }

    pub(super) fn remediations(&self) -> &[Remediation] {
        self.detail.remediations
    }
}

/// A name of the run, in the form of a UUID: leapp takes one at random, this one is made
/// of what went in and what came out.
pub(super) fn run_id(plan: &Plan) -> Result<String, serde_json::Error> {
    let what = serde_json::to_vec(&(&plan.provenance, &plan.path, &plan.findings))?;
    let digest = Sha256::digest(&what);
    let text: Vec<char> = hex(&digest).chars().take(32).collect();
    let part = |from: usize, to: usize| text[from..to].iter().collect::<String>();
    // Version 8 is for values of one's own making (RFC 9562).
    Ok(format!(
        "{}-{}-8{}-a{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    ))
}

/// All entries: errors that would end leapp, then the findings in their order.
pub(super) fn entries<'a>(plan: &'a Plan, schema: Schema, run: &str) -> Vec<Entry<'a>> {
    let stops = plan.leapp.crash.iter().chain(&plan.leapp.errors).map(|stop| of_stop(plan, stop));
    let findings = plan.findings.iter().map(|finding| of_finding(plan, finding));
    let mut entries: Vec<Entry<'_>> = stops.chain(findings).collect();
    for (number, entry) in (1..).zip(&mut entries) {
        entry.id = id(entry, run, number);
        entry.key = entry.key.take().filter(|_| schema > Schema::V1_0_0);
    }
    entries
}

fn of_finding<'a>(plan: &'a Plan, finding: &'a Finding) -> Entry<'a> {
    let mut groups: Vec<&str> = finding.groups.iter().map(AsRef::as_ref).collect();
    if finding.inhibitor {
        groups.insert(0, "inhibitor");
    }
    let external = finding.links.iter().map(|link| External { title: link, url: link });
    let mut entry = of(plan, &finding.actor, &finding.title, groups);
    entry.detail = Detail {
        external: external.collect(),
        related_resources: &finding.resources,
        remediations: &finding.remediation,
    };
    entry.key = Some(stable_key(finding));
    entry.severity = finding.severity.as_str();
    entry.summary = summary(finding);
    entry.finding = Some(&finding.id);
    entry.waived = finding.waived.as_ref();
    entry
}

fn of_stop<'a>(plan: &'a Plan, stop: &'a LeappStop) -> Entry<'a> {
    let mut entry = of(plan, &stop.actor, &stop.message, vec!["error"]);
    entry.key = Some(key(Severity::High, &stop.message));
    entry
}

fn of<'a>(plan: &'a Plan, actor: &'a str, title: &'a str, groups: Vec<&'a str>) -> Entry<'a> {
    let (flags, tags): (Vec<&str>, Vec<&str>) = groups.iter().partition(|g| FLAGS.contains(g));
    Entry {
        audience: AUDIENCE,
        detail: Detail::default(),
        flags,
        tags: tags.into_iter().filter(|tag| *tag != "error").collect(),
        groups,
        key: None,
        severity: Severity::High.as_str(),
        summary: String::new(),
        title,
        time_stamp: Date::with_time(plan.taken.unwrap_or(0)),
        hostname: plan.hostname.as_deref().unwrap_or("unknown"),
        actor,
        id: String::new(),
        finding: None,
        waived: None,
    }
}

/// What was found, where it was seen, and that it was set aside; leapp's entries have no
/// other place for it.
fn summary(finding: &Finding) -> String {
    let mut summary = finding.summary.clone();
    for place in &finding.evidence {
        summary += &format!("\n- seen in {place}");
    }
    if let Some(Waived { reason, who, expires, .. }) = &finding.waived {
        summary += &format!("\nSet aside until {expires} by {who}: {reason}");
    }
    summary
}

/// The key of a finding in leapp's reports: leapp's own where it has one, and the one
/// leapp would make otherwise. A finding that was set aside keeps the key it had.
pub(in crate::report) fn stable_key(finding: &Finding) -> String {
    let severity = finding.waived.as_ref().map_or(finding.severity, |waived| waived.severity);
    let made = || key(severity, &finding.title);
    finding.key.as_ref().map_or_else(made, ToString::to_string)
}

/// The key leapp makes where an author gives none (formats.md 9.3).
fn key(severity: Severity, title: &str) -> String {
    hex(&Sha1::digest(format!("{}:{AUDIENCE}:{title}", severity.as_str())))
}

fn id(entry: &Entry<'_>, run: &str, number: usize) -> String {
    let key = entry.key.as_deref().unwrap_or_default();
    hex(&Sha256::digest(format!("{run}\n{number}\n{key}\n{}", entry.summary)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of formats.md 9.3, made by leapp itself.
    #[test]
    fn a_key_is_that_of_leapp() {
        assert_eq!(key(Severity::High, "T1"), "bd90d6fe8ae59a4e9d9974b2286066c83efc1757");
        assert_eq!(key(Severity::Info, "T2"), "f827660729e222979d61a891e3f57cc500722d68");
        assert_eq!(key(Severity::Medium, "T3"), "24036791fcf544fa4b73c353050a314b57a03a2e");
    }
}

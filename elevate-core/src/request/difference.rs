//! What leapp 0.21 would do to this host otherwise than it should.

use std::collections::BTreeSet;

use crate::finding::{Finding, Kind};
use crate::model::RepoId;

use super::Decisions;
use super::checks::{count, join};
use super::kinds::*;

/// Findings about everything in which `leapp` (the decisions under
/// `leapp-0.21`) differs from `right` (those under the default policy).
pub fn differences(right: &Decisions, leapp: &Decisions) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !leapp.stops.is_empty() {
        let stops = leapp.stops.iter().map(|stop| {
            let how = if stop.crash { "an unhandled exception" } else { "an error" };
            format!("{} ends in {how}: {}", stop.actor, stop.why)
        });
        let summary = format!("{}.", stops.collect::<Vec<_>>().join("; "));
        findings.push(LEAPP_WOULD_STOP.finding(summary));
    }
    findings.extend(inhibitors(right, leapp));
    let (Some(ours), Some(theirs)) = (&right.tasks, &leapp.tasks) else { return findings };
    let less = |kind: &Kind, wanted: &BTreeSet<_>, given: &BTreeSet<_>| {
        listed(kind, "package", wanted.difference(given))
    };
    findings.extend(less(&LEAPP_WOULD_REMOVE, &theirs.to_remove, &ours.to_remove));
    findings.extend(less(&LEAPP_WOULD_NOT_REMOVE, &ours.to_remove, &theirs.to_remove));
    findings.extend(less(&LEAPP_WOULD_INSTALL, &theirs.to_install, &ours.to_install));
    findings.extend(less(&LEAPP_WOULD_NOT_INSTALL, &ours.to_install, &theirs.to_install));
    findings.extend(less(&LEAPP_WOULD_NOT_REINSTALL, &ours.to_reinstall, &theirs.to_reinstall));
    let (ours, theirs) = (&ours.modules_to_enable, &theirs.modules_to_enable);
    findings.extend(listed(&LEAPP_WOULD_LOSE_MODULES, "module", ours.difference(theirs)));
    findings.extend(listed(&LEAPP_WOULD_ENABLE_MODULES, "module", theirs.difference(ours)));
    let (ours, theirs) = (repositories(right), repositories(leapp));
    let lost = ours.difference(&theirs);
    findings.extend(listed(&LEAPP_WOULD_LOSE_REPOSITORIES, "repository", lost));
    findings
}

/// Target repositories, whoever asks for them.
fn repositories(decisions: &Decisions) -> BTreeSet<&RepoId> {
    let mapped = decisions.mapped_repositories.iter().flatten();
    let custom = decisions.custom_repositories.iter().flatten().map(|custom| &custom.id);
    mapped.chain(custom).collect()
}

fn listed<T: ToString>(
    kind: &Kind,
    scheme: &'static str,
    items: impl Iterator<Item = T>,
) -> Option<Finding> {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    if items.is_empty() {
        return None;
    }
    let summary = format!("{}: {}.", count(items.len(), scheme), join(&items));
    Some(kind.finding(summary).about(scheme, items))
}

/// Inhibitors of leapp's that are none of ours.
fn inhibitors(right: &Decisions, leapp: &Decisions) -> Vec<Finding> {
    let ours: BTreeSet<_> = right.findings.iter().filter(|f| f.inhibitor).map(|f| &f.id).collect();
    let theirs = leapp.findings.iter().filter(|f| f.inhibitor && !ours.contains(&f.id));
    let finding = |f: &Finding| {
        LEAPP_WOULD_INHIBIT.finding(format!("{} ({}): {}", f.title, f.actor, f.summary))
    };
    theirs.map(finding).collect()
}

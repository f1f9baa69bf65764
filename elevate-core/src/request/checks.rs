//! What the administrator should know about the request: leapp's own checks on
//! repositories, signatures and lists, and those leapp lacks.

mod data;
mod events;
mod evidence;
mod lists;
mod repositories;

use std::collections::BTreeSet;

use crate::directive::RepositoryReason;
use crate::finding::Finding;
use crate::model::{Distro, UpgradePath};
use crate::solve::Request;
use crate::upgrade_data::DataError;

use super::Context;
use super::evolve::Steps;
use super::kinds::*;
use super::scan::Scan;
use super::signed::Packages;
use super::streams::{self, Declared};
use super::targets::{Exclusions, Targets};
use super::tasks::Tasks;
use super::vendors::Vendors;
use super::wishes::Wishes;

/// Where leapp looks for the data's list of repositories.
const CUSTOM_PATH: &str = "/etc/leapp/files/leapp_upgrade_repositories.repo";

/// What the stages found.
pub(super) struct Seen<'x, 'a> {
    pub(super) vendors: &'x Vendors<'a>,
    pub(super) packages: &'x Packages<'a>,
    pub(super) wishes: &'x [Wishes],
    pub(super) targets: &'x Targets,
    pub(super) events: &'x Steps<'x>,
    pub(super) declared: &'x Declared<'x>,
}

/// What they made of it.
pub(super) struct Made<'x, 'a> {
    pub(super) scan: &'x Scan<'a>,
    pub(super) tasks: &'x Tasks,
    pub(super) request: &'x Request,
}

/// An upgrade goes from one major release to the next.
pub(super) fn is_path_supported(path: &UpgradePath) -> bool {
    path.source.release.major.checked_add(1) == Some(path.target.release.major)
}

pub(super) fn unsupported_path(cx: &Context<'_>) -> Finding {
    let path = &cx.options.path;
    let summary = format!(
        "The host runs {}; an in-place upgrade to {} starts from release {} only.",
        path.source,
        path.target,
        path.target.release.major.saturating_sub(1)
    );
    UNSUPPORTED_PATH.finding(summary).about("file", ["/etc/os-release"])
}

/// Checks after all decisions.
pub(super) fn checks(cx: &Context<'_>, seen: &Seen<'_, '_>, made: &Made<'_, '_>) -> Vec<Finding> {
    let mut findings = streams::check(cx, seen.declared);
    findings.extend(third_party(seen));
    findings.extend(skipped(seen));
    findings.extend(target_repositories(cx, seen));
    if !cx.rules.emulate_stops {
        findings.extend(evidence::checks(cx, seen));
        findings.extend(data::checks(cx, seen));
        findings.extend(events::refused(cx, seen, made.scan));
        findings.extend(repositories::checks(cx, seen, made.request));
        findings.extend(lists::checks(cx, seen, made));
    }
    findings
}

fn third_party(seen: &Seen<'_, '_>) -> Option<Finding> {
    let names = seen.packages.unsigned_names();
    if names.is_empty() {
        return None;
    }
    let summary = format!(
        "Signed neither by the distribution nor by an active vendor: {}. Package events do not \
         apply to them, and whether they work on the target is for whoever made them to say: {}.",
        count(names.len(), "package name"),
        join(&names)
    );
    Some(UNSIGNED.finding(summary))
}

fn skipped(seen: &Seen<'_, '_>) -> Option<Finding> {
    let skipped = &seen.targets.skipped;
    if skipped.repositories.is_empty() {
        return None;
    }
    let summary = format!(
        "No map leads from {} to a repository of the target: {}. From there came {}: {}.",
        count(skipped.repositories.len(), "enabled repository"),
        join(&skipped.repositories),
        count(skipped.packages.len(), "package"),
        join(&skipped.packages)
    );
    let finding = SKIPPED_REPOSITORIES
        .finding(summary)
        .about("package", &skipped.packages)
        .about("repository", &skipped.repositories)
        .hint("Name the repositories that follow them with --enablerepo, or in the vendor's map.");
    Some(finding)
}

/// The truth table of leapp's `checktargetrepos` (actors-common.md 4.3), with
/// subscription management off. Hosts served by a cloud provider's
/// infrastructure get their repositories from there.
fn target_repositories(cx: &Context<'_>, seen: &Seen<'_, '_>) -> Option<Finding> {
    if cx.facts.cloud().is_some() {
        return None;
    }
    let has_file =
        matches!(&cx.data.custom_repositories, Some(Ok(f)) if !f.repositories.is_empty());
    if seen.targets.custom.is_empty() {
        let subscribed = cx.options.path.target.distro == Distro::Rhel
            && !seen.targets.mapped.is_empty()
            && !cx.rules.emulate_stops;
        let finding = NO_TARGET_REPOSITORIES
            .finding(format!(
                "{CUSTOM_PATH} defines none, no vendor is active, and none was asked for with --enablerepo."
            ))
            .about("file", [CUSTOM_PATH])
            .hint("Install the leapp-data package of the target distribution, or write the file.");
        return (!subscribed).then_some(finding);
    }
    if has_file || cx.options.enable_repos.is_some() {
        return None;
    }
    let of = |reason: &RepositoryReason| matches!(reason, RepositoryReason::Vendor { .. });
    let custom = seen.targets.custom.iter().filter(|c| of(&c.reason)).map(|c| &c.id);
    let summary = format!("They are: {}.", join(custom.collect::<BTreeSet<_>>()));
    Some(CUSTOM_UNOFFICIAL.finding(summary).about("file", [CUSTOM_PATH]))
}

/// What was excluded, and what was used although it would have been.
pub(super) fn exclusions(exclusions: &Exclusions) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !exclusions.wanted.is_empty() {
        let summary = format!(
            "The source's optional repositories are not enabled, but these of the target were asked for: {}.",
            join(&exclusions.wanted)
        );
        findings.push(EXCLUDED_BUT_WANTED.finding(summary));
    }
    if !exclusions.excluded.is_empty() {
        let summary = format!(
            "The source's optional repositories are not enabled, so the target's are not used, {}: {}.",
            count(exclusions.excluded.len(), "repository"),
            join(&exclusions.excluded)
        );
        let finding = EXCLUDED_REPOSITORIES
            .finding(summary)
            .hint("Ask for one with --enablerepo where packages from it are needed.");
        findings.push(finding);
    }
    findings
}

pub(super) fn invalid_events(error: &DataError, main: bool) -> Finding {
    let file = format!("/etc/leapp/files/{}", error.file);
    let mut finding = EVENTS_INVALID
        .finding(format!("{error}. No package event is applied."))
        .about("file", [file])
        .hint("Install the newest leapp-data package of the target distribution.");
    if !main {
        finding.key = None;
    }
    finding
}

/// What the event scan itself reports.
pub(super) fn events(cx: &Context<'_>, scan: &Scan<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(unresolved(scan));
    findings.extend(excluded_packages(scan));
    if !cx.rules.emulate_stops {
        findings.extend(events::checks(cx, scan));
    }
    findings
}

fn unresolved(scan: &Scan<'_>) -> Option<Finding> {
    if scan.unresolved.is_empty() {
        return None;
    }
    let listed = scan.unresolved.iter().map(|(id, family)| format!("{id} ({family})"));
    let summary = format!(
        "From repository families that no map resolves for this host would come {}: {}.",
        count(scan.unresolved.len(), "package"),
        join(listed.collect::<Vec<_>>())
    );
    let names = scan.unresolved.keys().map(|id| &id.name);
    let finding = UNRESOLVED
        .finding(summary)
        .about("package", names)
        .hint("Tell the publisher of the upgrade data, or add the family to the repository map.");
    Some(finding)
}

fn excluded_packages(scan: &Scan<'_>) -> Option<Finding> {
    if scan.excluded.is_empty() {
        return None;
    }
    let listed = scan.excluded.iter().map(|(id, repository)| format!("{id} ({repository})"));
    let summary = format!("They are: {}.", join(listed.collect::<Vec<_>>()));
    let names = scan.excluded.keys().map(|id| &id.name);
    Some(EXCLUDED_PACKAGES.finding(summary).about("package", names))
}

/// `1 package`, `2 packages`, `3 repositories`.
pub(super) fn count(n: usize, noun: &str) -> String {
    match (n, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        _ => format!("{n} {noun}s"),
    }
}

/// Items with commas between them.
pub(super) fn join<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

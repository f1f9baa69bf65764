//! The repositories to upgrade from: leapp finds most of this out only when it
//! builds its container (formats.md 2.5, "Gather checks").

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::directive::TargetRepository;
use crate::finding::Kind;
use crate::model::{RepoFile, RepoId};

pub(super) fn checks(cx: &Context<'_>, seen: &Seen<'_, '_>, request: &Request) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(Err(error)) = &cx.data.custom_repositories {
        let finding = CUSTOM_FILE_BROKEN.finding(format!("{error}."));
        findings.push(finding.about("file", [CUSTOM_PATH]));
    }
    findings.extend(none_usable(cx, request));
    if !is_subscribed(cx) {
        let mapped_too = !seen.targets.custom.is_empty();
        findings.extend(undefined(cx, request, mapped_too));
    }
    let unaddressed =
        request.repositories.iter().filter(|r| r.defined_in.is_some() && r.address.is_none());
    findings.extend(listed(
        &WITHOUT_ADDRESS,
        "No baseurl, mirrorlist or metalink is given for",
        unaddressed,
    ));
    findings.extend(defined_twice(cx, seen));
    findings
}

/// Whether repositories come from a subscription or a cloud provider, which
/// nothing captured tells of.
fn is_subscribed(cx: &Context<'_>) -> bool {
    cx.options.path.target.distro == Distro::Rhel || cx.facts.cloud().is_some()
}

/// A host that a cloud provider serves needs no custom repositories, but some.
fn none_usable(cx: &Context<'_>, request: &Request) -> Option<Finding> {
    cx.facts.cloud().filter(|_| request.repositories.is_empty()).map(|provider| {
        let summary = format!(
            "The map leads from none of the host's repositories to one that {provider} serves, and \
             no other was asked for."
        );
        NONE_USABLE.finding(summary).about("file", ["/etc/leapp/files/repomap.json"])
    })
}

fn listed<'r>(
    kind: &Kind,
    what: &str,
    repositories: impl Iterator<Item = &'r TargetRepository>,
) -> Option<Finding> {
    let ids: Vec<&RepoId> = repositories.map(|r| &r.id).collect();
    let finding = || kind.finding(format!("{what}: {}.", join(&ids))).about("repository", &ids);
    (!ids.is_empty()).then(finding)
}

/// Repositories that nothing defines, by who asks for them; those of the map
/// alone where others are there to upgrade from.
fn undefined(cx: &Context<'_>, request: &Request, mapped_too: bool) -> Vec<Finding> {
    let asked = |r: &&TargetRepository| r.reasons.contains(&RepositoryReason::EnableRepo);
    let wanted = |r: &&TargetRepository| r.reasons.contains(&RepositoryReason::WantedByEvents);
    let nowhere = || request.repositories.iter().filter(|r| r.defined_in.is_none());
    let by_events = format!(
        "Neither {CUSTOM_PATH} nor an active vendor nor the host defines these, which leapp leaves \
         out without saying so"
    );
    let on_host =
        |r: &&TargetRepository| cx.facts.repositories.all.iter().any(|(id, ..)| *id == r.id);
    let by_id = nowhere().filter(asked).filter(|r| cx.facts.repositories.known && !on_host(r));
    let mapped = nowhere().filter(|r| mapped_too && !asked(r) && !wanted(r));
    let findings = [
        listed(&UNDEFINED_WANTED, &by_events, nowhere().filter(|r| wanted(r) && !asked(r))),
        listed(&UNDEFINED_CUSTOM, "No repository file defines", by_id),
        listed(&UNDEFINED_MAPPED, &by_events, mapped),
    ];
    findings.into_iter().flatten().collect()
}

/// Files that end up side by side in the upgrade's container: the host's and
/// the copied ones; of the same file name, the copy replaces the host's.
fn defined_twice(cx: &Context<'_>, seen: &Seen<'_, '_>) -> Vec<Finding> {
    let custom = cx.data.custom_repositories.iter().filter_map(|f| f.as_ref().ok());
    let vendors = seen.vendors.active.iter().filter_map(|v| v.repositories.as_ref()?.as_ref().ok());
    let files: BTreeMap<&str, &RepoFile> = cx
        .facts
        .repositories
        .files
        .iter()
        .chain(custom)
        .chain(vendors)
        .map(|file| (base_name(&file.path), file))
        .collect();
    let mut owners: BTreeMap<&RepoId, BTreeSet<&str>> = BTreeMap::new();
    for (name, file) in files {
        for repository in &file.repositories {
            owners.entry(&repository.id).or_default().insert(name);
        }
    }
    let finding = |(id, names): (&RepoId, BTreeSet<&str>)| {
        let summary = format!("{id} is defined in {}.", join(&names));
        DEFINED_TWICE.finding(summary).about("repository", [id])
    };
    owners.into_iter().filter(|(_, names)| names.len() > 1).map(finding).collect()
}

fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

//! Whether the repositories are those of the target.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, command, few, kinds, release};
use crate::facts::HostRepositories;
use crate::finding::Kind;
use crate::model::{RepoId, Repository};
use crate::plan::{BaselineRepository, TargetRepository};

/// Compares repositories with those of the plan and those of before.
pub(super) fn repositories(check: &mut Check<'_>) {
    if !check.facts.repositories.known {
        return check.lacks("the repositories: they were not captured");
    }
    // Remarks on files that could be read are no gaps.
    let HostRepositories { files, unread, .. } = &check.facts.repositories;
    let is_read = |path: &String| files.iter().any(|file| file.path == *path);
    for (file, why) in unread.iter().filter(|(path, _)| !is_read(path)) {
        check.missing.push(format!("the repositories of {file}: {why}"));
    }
    let mut host: BTreeMap<RepoId, bool> = BTreeMap::new();
    for (id, enabled, _) in &check.facts.repositories.all {
        host.entry(id.clone()).or_insert(*enabled);
    }
    if !host.values().any(|enabled| *enabled) {
        check.report(kinds::NONE_ENABLED.finding("All are disabled, or there are none."));
    }
    of_source(check, &host);
    let told = of_target(check, &host);
    state_lost(check, &host, &told);
}

/// Enabled ones whose address leads to the old release.
fn of_source(check: &mut Check<'_>, host: &BTreeMap<RepoId, bool>) {
    let old = |id: &RepoId| is_of_source(check, id);
    let enabled = host.iter().filter(|(id, enabled)| **enabled && old(id));
    let names: Vec<String> = enabled.map(|(id, _)| id.to_string()).collect();
    tell(check, &kinds::SOURCE_REPOSITORY, "Still enabled", &names, "--set-disabled");
}

fn is_of_source(check: &Check<'_>, id: &RepoId) -> bool {
    let path = &check.plan.path;
    let Some((_, Repository { baseurl, metalink, mirrorlist, .. })) =
        check.facts.repositories.definition(id)
    else {
        return false;
    };
    let addresses = [baseurl, metalink, mirrorlist].into_iter().flatten();
    let addresses = addresses.flat_map(|text| text.split_whitespace());
    addresses
        .into_iter()
        .any(|one| release::leads_to(one, path.source.release, path.target.release))
}

/// Those of the plan that are disabled or not there. Gives back those that were told.
fn of_target(check: &mut Check<'_>, host: &BTreeMap<RepoId, bool>) -> BTreeSet<String> {
    let (mut disabled, mut missing) = (BTreeSet::new(), Vec::new());
    for planned in &check.plan.repositories {
        let same = |id: &RepoId| is_same(planned, id, &check.facts.repositories);
        let here: Vec<(&RepoId, &bool)> = host.iter().filter(|(id, _)| same(id)).collect();
        match here.first() {
            None => missing.push(planned.id.to_string()),
            Some(_) if here.iter().any(|(_, enabled)| **enabled) => {}
            Some((id, _)) => _ = disabled.insert(id.to_string()),
        }
    }
    let names: Vec<String> = disabled.iter().cloned().collect();
    tell(check, &kinds::TARGET_DISABLED, "Disabled", &names, "--set-enabled");
    if !missing.is_empty() {
        let text = format!(
            "As far as ids and addresses tell, the host has nothing like {}.",
            few(&missing)
        );
        check.report(kinds::TARGET_MISSING.finding(text).about("repository", &missing));
    }
    disabled
}

/// Whether a repository of the host is one of the plan: those used for upgrades are called
/// `almalinux8-baseos` where the distribution's own files say `baseos`.
fn is_same(planned: &TargetRepository, id: &RepoId, host: &HostRepositories) -> bool {
    let plain = |id: &RepoId| id.as_str().to_ascii_lowercase().replace('_', "-");
    let (wanted, here) = (plain(&planned.id), plain(id));
    let address = || {
        let (_, definition) = host.definition(id)?;
        let here = definition.baseurl.as_deref()?.trim().trim_end_matches('/').to_owned();
        planned.address.as_ref().map(|address| address.trim().trim_end_matches('/') == here)
    };
    wanted == here || wanted.ends_with(&format!("-{here}")) || address() == Some(true)
}

/// Those that were enabled before and are not now, but for those of the old release.
fn state_lost(check: &mut Check<'_>, host: &BTreeMap<RepoId, bool>, told: &BTreeSet<String>) {
    let before = check.plan.baseline.as_ref().map(|baseline| baseline.repositories.as_ref());
    if before == Some(None) {
        check.lacks("the repositories before: they were not captured");
    }
    let lost = |one: &&BaselineRepository| {
        one.enabled
            && host.get(&one.id) == Some(&false)
            && !told.contains(one.id.as_str())
            && !is_of_source(check, &one.id)
    };
    let names = before.flatten().into_iter().flatten().filter(lost);
    let names: Vec<String> = names.map(|one| one.id.to_string()).collect();
    tell(check, &kinds::STATE_LOST, "Enabled before, and not now", &names, "--set-enabled");
}

fn tell(check: &mut Check<'_>, kind: &Kind, what: &str, names: &[String], option: &str) {
    if names.is_empty() {
        return;
    }
    let files = |id: &String| {
        let id = RepoId::new(id.as_str()).ok()?;
        check.facts.repositories.definition(&id).map(|(file, _)| file.path.clone())
    };
    let files: BTreeSet<String> = names.iter().filter_map(files).collect();
    let mut finding = kind
        .finding(format!("{what}: {}.", few(names)))
        .about("repository", names)
        .command(&command(&["dnf", "config-manager", option], names));
    for file in &files {
        finding = finding.seen_in(file);
    }
    check.report(finding);
}

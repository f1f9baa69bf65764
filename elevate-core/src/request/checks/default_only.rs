//! Checks leapp lacks; they run under the default policy.

use std::collections::{BTreeMap, BTreeSet};

use crate::directive::{RepositoryReason, TargetRepository};
use crate::finding::Finding;
use crate::model::{Arch, Distro, PackageName, RepoId};
use crate::solve::{Job, JobAction, Request};
use crate::upgrade_data::{DataError, Level, PROTECTED};

use super::*;

/// How many installed packages may be left without a repository before the
/// plan is refused: a stray record is the data's fault, a wave of them means
/// the map does not fit the host (formats.md 1.6, "Danger").
const MOST_HELD: usize = 10;

pub(super) fn checks(cx: &Context<'_>, seen: &Seen<'_, '_>, request: &Request) -> Vec<Finding> {
    let mut findings = evidence(cx, seen);
    findings.extend(data(cx, seen));
    findings.extend(repositories(cx, seen, request));
    findings.extend(user_lists(cx, seen));
    findings.extend(protected(seen, request));
    findings
}

/// What was not captured, or cannot be judged.
fn evidence(cx: &Context<'_>, seen: &Seen<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !Arch::SUPPORTED.contains(cx.arch()) {
        let summary =
            format!("The host is {}; upgrades exist for {}.", cx.arch(), join(&Arch::SUPPORTED));
        findings.push(UNSUPPORTED_ARCH.finding(summary));
    }
    if seen.packages.unknown_distribution {
        let distro = &cx.options.path.source.distro;
        let summary = format!(
            "No signing keys are known for {distro}, so its packages cannot be told from third parties'."
        );
        findings.push(UNKNOWN_DISTRIBUTION.finding(summary));
    }
    let presumed = seen.packages.presumed.len();
    if presumed > 0 {
        let summary = format!(
            "{} came without a signature in the package list and are taken for the distribution's. \
             Third-party packages among them are planned as if the distribution had made them.",
            count(presumed, "package name")
        );
        let finding = SIGNATURES_UNKNOWN.finding(summary).hint(
            "List packages with signatures: rpm -qa --qf '%{name}|%{version}|%{release}|%{epoch}|\
             %{packager}|%{arch}|%|DSAHEADER?{%{DSAHEADER:pgpsig}}:{%|RSAHEADER?{%{RSAHEADER:pgpsig}}:\
             {(none)}|}|\\n'",
        );
        findings.push(finding);
    }
    if !cx.facts.repositories.known {
        let summary = "Which vendors are active, and which repositories of the target follow the \
                       host's, is judged by where packages say they came from, if they say so.";
        findings.push(REPOSITORIES_UNKNOWN.finding(summary));
    }
    for (file, why) in &cx.facts.repositories.unread {
        findings.push(REPO_FILE_UNREAD.finding(format!("{file}: {why}")).about("file", [file]));
    }
    findings
}

fn data(cx: &Context<'_>, seen: &Seen<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (vendor, why) in &seen.vendors.broken {
        let summary = format!("Vendor {}: {why}.", vendor.name);
        findings.push(VENDOR_BROKEN.finding(summary));
    }
    for vendor in &seen.vendors.active {
        let events = vendor.events.as_ref().and_then(|e| e.as_ref().err());
        let repositories = vendor.repositories.as_ref().and_then(|r| r.as_ref().err());
        for error in [events, repositories].into_iter().flatten() {
            let summary = format!("Vendor {} is active on this host: {error}.", vendor.name);
            findings.push(VENDOR_BROKEN.finding(summary).inhibiting(true));
        }
    }
    findings.extend(remarks(cx));
    findings.extend(other_distribution(cx));
    findings
}

/// The remarks of reading, in one finding; `elevate data lint` shows them all.
fn remarks(cx: &Context<'_>) -> Option<Finding> {
    let worth: Vec<_> = cx.data.remarks.iter().filter(|r| r.level <= Level::Warning).collect();
    let first = worth.first()?;
    let summary = format!(
        "{} on {}; the first is: {first}.",
        count(worth.len(), "remark"),
        count(worth.iter().map(|r| &r.file).collect::<BTreeSet<_>>().len(), "file")
    );
    Some(DATA_REMARK.finding(summary).hint("See all of them with elevate data lint DIR."))
}

/// Events name the system they lead to; where most lead to another
/// distribution, the wrong data is installed.
fn other_distribution(cx: &Context<'_>) -> Option<Finding> {
    let asset = cx.data.events.as_ref().ok()?;
    let target = &cx.options.path.target;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for event in asset.value.events.iter().filter(|e| e.to.major == target.release.major) {
        *counts.entry(event.to.os_name.as_deref()?).or_default() += 1;
    }
    let (name, _) = counts.iter().max_by_key(|(_, n)| **n)?;
    let distro = distro_of(name)?;
    if distro == target.distro {
        return None;
    }
    let summary = format!(
        "Most events of {} lead to {}, the target is {}.",
        asset.value.path,
        distro.name(),
        target.distro.name()
    );
    Some(OTHER_DISTRIBUTION.finding(summary))
}

/// The distribution an `os_name` of the data stands for.
fn distro_of(os_name: &str) -> Option<Distro> {
    let name: String = os_name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    Some(match name.as_str() {
        "almalinux" => Distro::AlmaLinux,
        "centos" | "centosstream" | "centoslinux" => Distro::CentOs,
        "cloudlinux" => Distro::CloudLinux,
        "eurolinux" => Distro::EuroLinux,
        "ol" | "oraclelinux" | "oracle" => Distro::Oracle,
        "rhel" => Distro::Rhel,
        "rocky" | "rockylinux" => Distro::Rocky,
        _ => return None,
    })
}

fn repositories(cx: &Context<'_>, seen: &Seen<'_, '_>, request: &Request) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(Err(error)) = &cx.data.custom_repositories {
        findings.push(broken_custom_file(error));
    }
    let by_events = |r: &&TargetRepository| r.reasons.contains(&RepositoryReason::WantedByEvents);
    let asked = |r: &&TargetRepository| r.reasons.contains(&RepositoryReason::EnableRepo);
    let nowhere = |r: &&TargetRepository| r.defined_in.is_none();
    let ids = |wanted: &dyn Fn(&&TargetRepository) -> bool| -> Vec<&RepoId> {
        request.repositories.iter().filter(wanted).map(|r| &r.id).collect()
    };
    let subscribed = cx.options.path.target.distro == Distro::Rhel || cx.facts.cloud().is_some();
    let undefined = ids(&|r| by_events(r) && nowhere(r) && !asked(r));
    if !undefined.is_empty() && !subscribed {
        let summary = format!(
            "Neither {CUSTOM_PATH} nor an active vendor nor the host defines: {}. leapp does not \
             enable them and does not say so.",
            join(&undefined)
        );
        findings.push(UNDEFINED_WANTED.finding(summary).about("repository", undefined));
    }
    let undefined = ids(&|r| asked(r) && nowhere(r));
    if !undefined.is_empty() && cx.facts.repositories.known && !subscribed {
        let summary = format!("No repository file defines: {}.", join(&undefined));
        findings.push(UNDEFINED_CUSTOM.finding(summary).about("repository", undefined));
    }
    let unaddressed = ids(&|r| r.defined_in.is_some() && r.address.is_none());
    if !unaddressed.is_empty() {
        let summary =
            format!("No baseurl, mirrorlist or metalink is given for: {}.", join(&unaddressed));
        findings.push(WITHOUT_ADDRESS.finding(summary).about("repository", unaddressed));
    }
    findings.extend(defined_twice(cx, seen, request));
    findings
}

fn broken_custom_file(error: &DataError) -> Finding {
    CUSTOM_FILE_BROKEN.finding(format!("{error}.")).about("file", [CUSTOM_PATH])
}

/// Files that end up side by side in the upgrade's container: the host's and
/// the copied ones; of the same file name, the copy replaces the host's.
fn defined_twice(cx: &Context<'_>, seen: &Seen<'_, '_>, request: &Request) -> Vec<Finding> {
    let mut files: BTreeMap<&str, Vec<&RepoId>> = BTreeMap::new();
    let base_name = |path: &'_ str| path.rsplit('/').next().map(str::len).unwrap_or_default();
    for file in &cx.facts.repositories.files {
        let name = file.path.split_at(file.path.len() - base_name(&file.path)).1;
        files.insert(name, file.repositories.iter().map(|r| &r.id).collect());
    }
    let custom = cx.data.custom_repositories.iter().filter_map(|f| f.as_ref().ok());
    let vendors = seen.vendors.active.iter().filter_map(|v| v.repositories.as_ref()?.as_ref().ok());
    for file in custom.chain(vendors) {
        let name = file.path.split_at(file.path.len() - base_name(&file.path)).1;
        files.insert(name, file.repositories.iter().map(|r| &r.id).collect());
    }
    let mut owners: BTreeMap<&RepoId, Vec<&str>> = BTreeMap::new();
    for (name, ids) in &files {
        for id in ids {
            owners.entry(id).or_default().push(name);
        }
    }
    let used: BTreeSet<&RepoId> = request.repositories.iter().map(|r| &r.id).collect();
    let twice = owners.into_iter().filter(|(id, names)| names.len() > 1 && used.contains(id));
    let finding = |(id, names): (&RepoId, Vec<&str>)| {
        let summary = format!("{id} is defined in {}.", join(&names));
        DEFINED_TWICE.finding(summary).about("repository", [id])
    };
    twice.map(finding).collect()
}

/// The administrator's lists: contradictions, names leapp drops in silence,
/// names that match nothing (formats.md 1.8, 12.11).
fn user_lists(cx: &Context<'_>, seen: &Seen<'_, '_>) -> Vec<Finding> {
    let lists = &cx.data.transaction;
    let set = |names: &[PackageName]| names.iter().cloned().collect::<BTreeSet<_>>();
    let (install, remove) = (set(&lists.to_install), set(&lists.to_remove));
    let (keep, reinstall) = (set(&lists.to_keep), set(&lists.to_reinstall));
    let mut findings = Vec::new();
    for (set, what) in [(install, "to_install"), (reinstall, "to_reinstall")] {
        let both: Vec<_> = set.intersection(&remove).collect();
        if !both.is_empty() {
            let summary = format!("{what} and to_remove both name: {}.", join(&both));
            let finding = CONTRADICTORY_WISHES
                .finding(summary)
                .about("package", both)
                .about("file", [format!("/etc/leapp/transaction/{what}")])
                .about("file", ["/etc/leapp/transaction/to_remove"])
                .hint("Take each name out of one of the two lists.");
            findings.push(finding);
        }
    }
    let (signed, unsigned) = (seen.packages.signed_names(), seen.packages.unsigned_names());
    let third: BTreeSet<_> =
        remove.union(&keep).filter(|n| unsigned.contains(*n) && !signed.contains(*n)).collect();
    if !third.is_empty() {
        let summary = format!(
            "This plan honours the wish; leapp itself looks at signed packages only: {}.",
            join(&third)
        );
        findings.push(THIRD_PARTY_WISHES.finding(summary).about("package", third));
    }
    let idle: Vec<String> = [("to_keep", &keep), ("to_remove", &remove)]
        .into_iter()
        .flat_map(|(list, names)| {
            let absent = names.iter().filter(|n| !signed.contains(*n) && !unsigned.contains(*n));
            absent.map(move |n| format!("{n} ({list})"))
        })
        .collect();
    if !idle.is_empty() {
        findings.push(IDLE_WISHES.finding(format!("They are: {}.", join(&idle))));
    }
    findings
}

fn protected(seen: &Seen<'_, '_>, request: &Request) -> Option<Finding> {
    let stays: BTreeSet<&str> = request
        .jobs
        .iter()
        .filter(|job| job.action != JobAction::Remove)
        .map(|job| job.name.as_str())
        .collect();
    let stand_ins = |name: &str| {
        let protected = PROTECTED.iter().find(|(protected, _)| *protected == name);
        protected.map(|(_, stand_ins)| *stand_ins)
    };
    let gone = |job: &&Job| {
        job.action == JobAction::Remove
            && job.becomes.as_ref().is_none_or(|b| b.packages.is_empty())
            && stand_ins(job.name.as_str())
                .is_some_and(|names| !names.iter().any(|name| stays.contains(name)))
    };
    let names: Vec<_> = request.jobs.iter().filter(gone).map(|job| &job.name).collect();
    if names.is_empty() {
        return None;
    }
    let by_user = seen.wishes.iter().any(|w| names.iter().any(|n| w.to_remove.contains(*n)));
    let hint = if by_user {
        "Take it out of /etc/leapp/transaction/to_remove."
    } else {
        "Keep it with /etc/leapp/transaction/to_keep, and tell the publisher of the upgrade data."
    };
    let summary = format!("They are: {}.", join(&names));
    Some(PROTECTED_REMOVED.finding(summary).about("package", names).hint(hint))
}

/// What the scan found odd and leapp does not mention.
pub(super) fn events(scan: &Scan<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let held = scan.held.len();
    if !scan.unresolved.is_empty() && (!scan.resolved_any || held >= MOST_HELD) {
        let summary = format!(
            "{} stay as they are because no map leads to the repositories events name for them. \
             The repository map does not fit this host's architecture or distribution.",
            count(held, "installed package")
        );
        findings.push(NOTHING_RESOLVES.finding(summary).about("package", scan.held.keys()));
    }
    let lost: BTreeSet<String> = scan
        .evolution
        .withheld
        .iter()
        .flat_map(|step| step.lost.iter().map(|p| format!("{} ({})", p.name, step.reference())))
        .collect();
    if !lost.is_empty() {
        findings.push(LOST_OUTPUT.finding(format!("They are: {}.", join(&lost))));
    }
    for (id, events) in &scan.evolution.order_dependent {
        let summary = format!(
            "{id} is added by one and removed by another of: {}. This plan takes them in the order \
             of the files; leapp on release 7 takes them in an order that changes from run to run.",
            join(events)
        );
        findings.push(ORDER_DEPENDENT.finding(summary).about("package", [&id.name]));
    }
    findings.extend(deprecated_siblings(scan));
    findings
}

//! The administrator's lists, and what must not go.

use std::collections::BTreeSet;

use super::*;
use crate::model::PackageName;
use crate::solve::{Job, JobAction};
use crate::upgrade_data::PROTECTED;

/// Up to 7.3 `grub2` was the boot loader itself; later it is an empty package
/// beside the real ones, which the data rightly removes. A host whose only one it
/// is would lose its boot loader.
const BOOT_LOADER: (&str, &[&str]) =
    ("grub2", &["grub2-pc", "grub2-efi-x64", "grub2-efi-aa64", "grub2-ppc64le", "grub2-ppc64"]);

/// Entries that leapp itself ships in the lists (formats.md 1.8): that they
/// match nothing is nobody's mistake.
const SHIPPED: [(&str, &str); 6] = [
    ("to_keep", "leapp"),
    ("to_keep", "leapp-repository"),
    ("to_keep", "python2-leapp"),
    ("to_keep", "python3-leapp"),
    ("to_keep", "snactor"),
    ("to_remove", "initial-setup"),
];

pub(super) fn checks(cx: &Context<'_>, seen: &Seen<'_, '_>, made: &Made<'_, '_>) -> Vec<Finding> {
    let mut findings = user_lists(cx, seen);
    findings.extend(contradictory_tasks(cx, made.tasks));
    findings.extend(protected(seen, made.request));
    findings
}

/// The administrator's lists: contradictions, names leapp drops in silence,
/// names that match nothing (formats.md 1.8, 12.11).
fn user_lists(cx: &Context<'_>, seen: &Seen<'_, '_>) -> Vec<Finding> {
    let lists = &cx.data.transaction;
    let set = |names: &[PackageName]| names.iter().cloned().collect::<BTreeSet<_>>();
    let (install, remove) = (set(&lists.to_install), set(&lists.to_remove));
    let (keep, reinstall) = (set(&lists.to_keep), set(&lists.to_reinstall));
    let mut findings = Vec::new();
    findings.extend(contradictory_lists("to_install", &install, &remove));
    findings.extend(contradictory_lists("to_reinstall", &reinstall, &remove));
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
            let absent = absent.filter(move |n| !SHIPPED.contains(&(list, n.as_str())));
            absent.map(move |n| format!("{n} ({list})"))
        })
        .collect();
    if !idle.is_empty() {
        findings.push(IDLE_WISHES.finding(format!("They are: {}.", join(&idle))));
    }
    findings
}

fn contradictory_lists(
    list: &str,
    names: &BTreeSet<PackageName>,
    remove: &BTreeSet<PackageName>,
) -> Option<Finding> {
    let both: Vec<_> = names.intersection(remove).collect();
    if both.is_empty() {
        return None;
    }
    let summary = format!("{list} and to_remove both name: {}.", join(&both));
    let finding = CONTRADICTORY_WISHES
        .finding(summary)
        .about("package", both)
        .about("file", [format!("/etc/leapp/transaction/{list}")])
        .about("file", ["/etc/leapp/transaction/to_remove"])
        .hint("Take each name out of one of the two lists.");
    Some(finding)
}

/// What one producer of tasks removes and another installs, in the first or in
/// a new copy; leapp hands both to dnf (formats.md 1.8).
fn contradictory_tasks(cx: &Context<'_>, tasks: &Tasks) -> Option<Finding> {
    let lists = &cx.data.transaction;
    let in_lists = |name: &PackageName| {
        let wanted = lists.to_install.contains(name) || lists.to_reinstall.contains(name);
        wanted && lists.to_remove.contains(name)
    };
    let wanted = tasks.to_install.union(&tasks.to_reinstall);
    let both: BTreeSet<_> =
        wanted.filter(|n| tasks.to_remove.contains(*n) && !in_lists(n)).collect();
    if both.is_empty() {
        return None;
    }
    let summary = format!(
        "Events, lists and actors together ask both to install and to remove: {}. This plan removes them.",
        join(&both)
    );
    Some(CONTRADICTORY_WISHES.finding(summary).about("package", both))
}

fn protected(seen: &Seen<'_, '_>, request: &Request) -> Option<Finding> {
    let stays: BTreeSet<&str> = request
        .jobs
        .iter()
        .filter(|job| job.action != JobAction::Remove)
        .map(|job| job.name.as_str())
        .collect();
    let stand_ins = |name: &str| {
        let mut protected = PROTECTED.iter().chain([&BOOT_LOADER]);
        protected.find(|(protected, _)| *protected == name).map(|(_, stand_ins)| *stand_ins)
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

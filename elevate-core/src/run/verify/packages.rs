//! Whether the packages are those of the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::wanted::{self, Compared, Wanted};
use super::{Check, command, few, kinds};
use crate::finding::Kind;
use crate::model::{Dependencies, InstalledPackage, Unmet};

/// The most packages that are named in a command.
const MOST_IN_COMMAND: usize = 20;

/// Compares full sets; gives back how many are how.
pub(super) fn packages(check: &mut Check<'_>) -> BTreeMap<String, usize> {
    if check.plan.transaction.is_none() {
        check.lacks(
            "the versions of packages, and what comes along with them: the plan was made \
             without target repositories, or has no transaction",
        );
    }
    let found = wanted::compare(check.plan, &check.after.packages);
    wanted_ones(check, &found);
    unwanted_ones(check, &found);
    duplicates(check);
    counts(&found)
}

fn counts(found: &Compared<'_>) -> BTreeMap<String, usize> {
    let lacking = found.missing.len() + found.gone.len() + found.older.len();
    [
        ("planned", found.wanted),
        ("lacking", lacking),
        ("newer", found.newer.len()),
        ("leftovers", found.leftovers.len()),
        ("leftovers-planned", found.leftovers_planned.len()),
        ("remaining", found.remaining.len()),
        ("unplanned", found.unplanned.len()),
    ]
    .map(|(what, count)| (what.to_owned(), count))
    .into()
}

/// Tells of packages, with a command that takes their names where there is one.
fn tell(check: &mut Check<'_>, kind: &Kind, what: &str, names: &[String], words: &[&str]) {
    if names.is_empty() {
        return;
    }
    let finding = kind.finding(format!("{what}: {}.", few(names))).about("package", names);
    check.report(match words {
        [] => finding,
        _ if names.len() > MOST_IN_COMMAND => {
            finding.hint(format!("{} and the names of them all", words.join(" ")))
        }
        _ => finding.command(&command(words, names)),
    });
}

fn wanted_ones(check: &mut Check<'_>, found: &Compared<'_>) {
    let shown = |wanted: &[Wanted<'_>]| wanted.iter().map(Wanted::shown).collect::<Vec<_>>();
    let missing = shown(&found.missing);
    tell(check, &kinds::MISSING, "Not installed", &missing, &["dnf", "install"]);
    tell(check, &kinds::GONE, "Not installed any more", &shown(&found.gone), &[]);
    tell(check, &kinds::CLEANED, "Not installed any more", &shown(&found.cleaned), &[]);
    for (kind, list) in [(&kinds::OLDER, &found.older), (&kinds::NEWER, &found.newer)] {
        let told: Vec<String> = list
            .iter()
            .map(|(want, here)| format!("{} where {} was planned", here.nevra(), want.shown()))
            .collect();
        if told.is_empty() {
            continue;
        }
        let here = list.iter().map(|(_, here)| here.nevra());
        let finding = kind.finding(format!("There is {}.", few(&told))).about("package", here);
        let names: BTreeSet<&str> = list.iter().map(|(want, _)| want.name.as_str()).collect();
        let words: Vec<&str> = ["dnf", "upgrade"].into_iter().chain(names).collect();
        let is_older = kind.id == kinds::OLDER.id && words.len() < MOST_IN_COMMAND;
        check.report(if is_older { finding.command(&words) } else { finding });
    }
}

fn unwanted_ones(check: &mut Check<'_>, found: &Compared<'_>) {
    let shown = |packages: &[&InstalledPackage]| {
        let mut names: Vec<String> = packages.iter().map(|package| package.nevra()).collect();
        names.sort();
        names
    };
    let remove = ["dnf", "remove", "--noautoremove"];
    let what = format!("Still of release {}", check.plan.path.source.release.major);
    tell(check, &kinds::LEFTOVER, &what, &shown(&found.leftovers), &remove);
    tell(check, &kinds::LEFTOVER_PLANNED, &what, &shown(&found.leftovers_planned), &[]);
    tell(check, &kinds::REMAINS, "Still installed", &shown(&found.remaining), &remove);
    tell(check, &kinds::UNPLANNED, "Not in the plan", &shown(&found.unplanned), &[]);
}

/// Packages that are there twice and should not be.
fn duplicates(check: &mut Check<'_>) {
    let configured = check.facts.package_manager().install_only();
    let words: Vec<&str> = configured.items.iter().map(|listed| listed.word.as_str()).collect();
    let kernels = check.facts.kernels();
    let twice = kernels.duplicates(&words);
    let names: Vec<String> =
        twice.iter().flat_map(|one| &one.packages).map(|package| package.nevra()).collect();
    if names.is_empty() {
        return;
    }
    if let Some(unknown) = configured.missing.first() {
        check.lacks(format!("packages that may be there twice: {unknown}"));
    }
    let finding = kinds::DUPLICATES
        .finding(format!("In the package database: {}.", few(&names)))
        .about("package", &names)
        .command(&["dnf", "remove", "--duplicates"]);
    check.report(finding);
}

/// What packages require and do not have. Those that stayed may have lacked it before.
pub(super) fn dependencies(check: &mut Check<'_>, dependencies: &Dependencies) {
    let (unknown, all) = (dependencies.unknown.len(), check.after.packages.len());
    if unknown > 0 {
        check.lacks(format!("what {unknown} of {all} packages require"));
    }
    let plan = check.plan;
    let kept = plan.packages.iter().filter(|o| wanted::stays(o)).map(|o| o.nevra());
    let kept: BTreeSet<String> = kept.collect();
    let (before, new): (Vec<&Unmet>, Vec<&Unmet>) =
        dependencies.unmet.iter().partition(|unmet| kept.contains(&unmet.package));
    for (kind, list) in [(&kinds::BROKEN, new), (&kinds::BROKEN_KEPT, before)] {
        let told: Vec<String> =
            list.iter().map(|u| format!("{} requires {}", u.package, u.capability)).collect();
        if !told.is_empty() {
            let packages = list.iter().map(|unmet| &unmet.package);
            let finding = kind
                .finding(format!("Nobody provides it: {}.", few(&told)))
                .about("package", packages)
                .command(&["dnf", "check", "--dependencies"]);
            check.report(finding);
        }
    }
}

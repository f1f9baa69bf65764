//! What the upgrade and its tools left in files.

use std::collections::BTreeSet;

use super::{Check, few, kinds};
use crate::facts::leftovers::Origin;
use crate::facts::package_manager::Listed;
use crate::facts::set_aside::{SetAside, SetAsideKind};
use crate::finding::Kind;

const DNF_CONF: &str = "/etc/dnf/dnf.conf";
/// The most pairs of files that a command compares.
const MOST_COMPARED: usize = 5;

/// Packages of leapp's that dnf is told to leave out. leapp says so before the upgrade and
/// does not take it back.
pub(super) fn excludes(check: &mut Check<'_>) {
    let found = check.facts.package_manager().excludes();
    let listed = check.found("what dnf leaves out", found);
    let is_tool = |listed: &&Listed| {
        let word = listed.word.as_str();
        matches!(word, "leapp" | "snactor" | "python2-leapp" | "python3-leapp")
            || word.starts_with("leapp-upgrade")
    };
    let tools: Vec<&Listed> = listed.iter().filter(is_tool).collect();
    if tools.is_empty() {
        return;
    }
    let words: BTreeSet<&str> = tools.iter().map(|listed| listed.word.as_str()).collect();
    let words: Vec<&str> = words.into_iter().collect();
    let mut finding = kinds::EXCLUDES
        .finding(format!("dnf leaves out {}.", few(&words)))
        .about("package", &words);
    let places: BTreeSet<(&str, usize)> =
        tools.iter().map(|listed| (listed.file.as_str(), listed.line)).collect();
    for (file, line) in places {
        finding = finding.seen(file, line, &check.facts.line(file, line));
    }
    let place = tools.iter().find(|listed| listed.file == DNF_CONF);
    check.report(match place {
        Some(place) => {
            let of_dnf = listed.iter().filter(|o| o.file == DNF_CONF && !words.contains(&&*o.word));
            let rest: Vec<&str> = of_dnf.map(|listed| listed.word.as_str()).collect();
            let line = check.facts.line(DNF_CONF, place.line);
            let option = if line.starts_with("excludepkgs") { "excludepkgs" } else { "exclude" };
            let value = format!("--setopt={option}={}", rest.join(","));
            finding.command(&["dnf", "config-manager", "--save", &value])
        }
        None => finding.hint("take them out of the lists of what is left out"),
    });
}

/// Files that rpm put beside others, those that were there before apart.
pub(super) fn set_aside(check: &mut Check<'_>) {
    let found = check.facts.set_aside();
    let here = check.found("configuration that was put aside", found);
    let before = check.plan.baseline.as_ref().map(|baseline| baseline.set_aside.as_ref());
    if before == Some(None) && !here.is_empty() {
        check.lacks("configuration that was put aside before: it was not captured");
    }
    let before: BTreeSet<&str> =
        before.flatten().into_iter().flatten().map(String::as_str).collect();
    let (old, new): (Vec<SetAside>, Vec<SetAside>) =
        here.into_iter().partition(|file| before.contains(file.path.as_str()));
    tell(check, &kinds::SET_ASIDE, &new);
    tell(check, &kinds::SET_ASIDE_BEFORE, &old);
}

fn tell(check: &mut Check<'_>, kind: &Kind, files: &[SetAside]) {
    if files.is_empty() {
        return;
    }
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let is_repo = |file: &SetAside| file.beside.ends_with(".repo");
    let repos = files.iter().filter(|file| is_repo(file)).count();
    let about = match repos {
        0 => String::new(),
        _ => format!(" Among them are definitions of repositories: {repos}."),
    };
    let mut finding = kind
        .finding(format!("There is {}.{about}", few(&paths)))
        .about("file", &paths)
        .hint("compare each with the file it stands beside, take over what is wanted, remove it");
    for SetAside { path, beside, kind } in files.iter().take(MOST_COMPARED) {
        // What was there before is on the left.
        let (before, after) = match kind {
            SetAsideKind::New => (beside, path),
            SetAsideKind::Save | SetAsideKind::Original => (path, beside),
        };
        finding = finding.command(&["diff", "-u", before, after]);
    }
    check.report(finding);
}

/// What leapp left: its work, its boot entries, the interpreter it hid. Its logs and settings
/// are the administrator's to keep.
pub(super) fn of_tools(check: &mut Check<'_>) {
    const KEPT: [&str; 4] =
        ["/var/log/leapp", "/etc/leapp", "/etc/migration-results", "/etc/rhsm/facts/leapp.facts"];
    let mut found = check.facts.leftovers().all();
    // Whether other tools left something says nothing of this upgrade.
    let other = ["cpanel", "plesk", "psa", "convert2rhel", "elevate"];
    found.missing.retain(|unknown| {
        let place = unknown.evidence.as_str();
        !other.iter().any(|tool| place.contains(tool)) && !KEPT.contains(&place)
    });
    let all = check.found("what leapp left", found);
    let of_leapp = all.into_iter().filter(|leftover| {
        leftover.origin == Origin::Leapp && !KEPT.contains(&leftover.path.as_str())
    });
    let paths: Vec<String> = of_leapp.map(|leftover| leftover.path).collect();
    if paths.is_empty() {
        return;
    }
    let words: Vec<&str> =
        ["rm", "-r", "--"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    let finding = kinds::TOOL_LEFTOVERS
        .finding(format!("There is {}.", few(&paths)))
        .about("file", &paths)
        .command(&words);
    check.report(finding);
}

//! The policy `leapp-0.21` against leapp's recorded decisions.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::pipeline::{self, Decided, RuleSet};
use elevate_core::report::leapp_tasks;
use elevate_core::request::Policy;
use elevate_tests::binary::elevate;
use elevate_tests::data::TempDir;
use elevate_tests::oracle::{Case, list, names};
use elevate_tests::recorded::{entries, oracle_dir};
use serde_json::Value;

#[path = "leapp/pes.rs"]
mod pes;

/// Lists whose order means nothing.
const LISTS: [&str; 13] = [
    "to_install",
    "to_remove",
    "to_keep",
    "to_reinstall",
    "to_upgrade",
    "local_rpms",
    "modules_to_enable",
    "modules_to_reset",
    "target_repos",
    "excluded_repos",
    "active_vendors",
    "signed",
    "unsigned",
];

fn decisions(case: &Case, policy: Policy) -> Value {
    let plan = pipeline::plan(&case.snapshot(), &case.data(), &case.options(policy))
        .unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let text = leapp_tasks::render(&plan).expect("it renders");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Names that may have either fate.
fn order_sensitive(case: &Case) -> BTreeSet<String> {
    let groups = case.expected["order_sensitive"].as_object().cloned().unwrap_or_default();
    groups.keys().flat_map(|key| names(&case.expected["order_sensitive"], key)).collect()
}

fn set(value: &Value, key: &str, without: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    value[key].as_array()?;
    Some(names(value, key).into_iter().filter(|name| !without.contains(name)).collect())
}

/// Whether a report is by one of the actors that look at a host: these cases are of what
/// is decided before.
fn is_by_an_actor(report: &Value) -> bool {
    let ids = report["id"].as_str().unwrap_or_default();
    elevate_tests::actors::ids().contains(ids)
}

/// Actor, severity, groups and inhibitor flag of each report, with their number.
fn reports(value: &Value) -> BTreeMap<String, usize> {
    let reports = list(value, "reports");
    in_short(reports.iter().filter(|report| !is_by_an_actor(report)))
}

fn in_short<'v>(all: impl Iterator<Item = &'v Value>) -> BTreeMap<String, usize> {
    let mut reports = BTreeMap::new();
    for report in all {
        let mut groups = names(report, "groups");
        groups.sort();
        let text = format!(
            "{} {} {groups:?} inhibitor: {}",
            report["actor"], report["severity"], report["inhibitor"]
        );
        *reports.entry(text).or_default() += 1;
    }
    reports
}

/// Lists only: what the two policies are compared by.
fn list_differences(case: &Case, ours: &Value) -> Vec<String> {
    let either = order_sensitive(case);
    let mut differences = Vec::new();
    for key in LISTS {
        let (expected, found) = (set(&case.expected, key, &either), set(ours, key, &either));
        if expected != found {
            let (e, f) = (expected.clone().unwrap_or_default(), found.clone().unwrap_or_default());
            differences.push(format!(
                "{key}: leapp only {:?}, ours only {:?}{}",
                e.difference(&f).collect::<Vec<_>>(),
                f.difference(&e).collect::<Vec<_>>(),
                if expected.is_some() == found.is_some() { "" } else { " (null on one side)" },
            ));
        }
    }
    differences
}

fn differences(case: &Case, ours: &Value) -> Vec<String> {
    let mut differences = list_differences(case, ours);
    let mut compare = |what: &str, expected: String, found: String| {
        if expected != found {
            differences.push(format!("{what}: leapp {expected}, ours {found}"));
        }
    };
    let none = BTreeSet::new();
    let (skipped, ours_skipped) = (&case.expected["skipped_repos"], &ours["skipped_repos"]);
    for key in ["repos", "packages"] {
        let texts = (set(skipped, key, &none), set(ours_skipped, key, &none));
        compare(key, format!("{:?}", texts.0), format!("{:?}", texts.1));
    }
    let custom = |value: &Value| {
        let mut repos: Vec<String> =
            list(value, "custom_repos").iter().map(ToString::to_string).collect();
        repos.sort();
        format!("{} {repos:?}", value["custom_repos"].is_null())
    };
    compare("custom_repos", custom(&case.expected), custom(ours));
    compare("reports", format!("{:#?}", reports(&case.expected)), format!("{:#?}", reports(ours)));
    let actors = |value: &Value| {
        list(value, "errors").iter().map(|e| e["actor"].to_string()).collect::<BTreeSet<_>>()
    };
    compare("errors", format!("{:?}", actors(&case.expected)), format!("{:?}", actors(ours)));
    let crash = |value: &Value| value["crash"]["actor"].to_string();
    compare("crash", crash(&case.expected), crash(ours));
    let phase = |value: &Value| value["stopped_after_phase"].to_string();
    compare("stopped_after_phase", phase(&case.expected), phase(ours));
    let applied = |value: &Value| {
        list(value, "applied_pes_events")
            .iter()
            .map(|id| id.to_string().replace('"', ""))
            .collect::<BTreeSet<_>>()
    };
    if case.expected["stopped_after_phase"].is_null() {
        let (expected, found) = (applied(&case.expected), applied(ours));
        compare("applied_pes_events", format!("{expected:?}"), format!("{found:?}"));
    }
    differences
}

/// Names every failing case and prints its difference.
fn none_differ(failures: &[String]) {
    assert!(failures.is_empty(), "{} cases differ\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn leapp_cases_are_decided_as_leapp_decides_them() {
    let Some(directory) = oracle_dir("leapp/cases") else { return };
    let mut failures = Vec::new();
    for directory in entries(&directory) {
        let case = Case::read(&directory);
        let differences = differences(&case, &decisions(&case, Policy::Leapp021));
        if !differences.is_empty() {
            failures.push(format!("{}:\n  {}", case.name, differences.join("\n  ")));
        }
    }
    none_differ(&failures);
}

/// Actors of leapp that look at installed packages only, of which the cases have records.
const CHECKS: [&str; 8] = [
    "check_docker",
    "check_kde_gnome",
    "check_postfix",
    "check_wireshark",
    "checkdosfstools",
    "checkgrep",
    "postgresql_check",
    "python_inform_user",
];

#[test]
fn leapp_checks_of_packages_report_what_leapp_reports() {
    let Some(directory) = oracle_dir("leapp/cases") else { return };
    let mut failures = Vec::new();
    let mut compared = 0;
    for directory in entries(&directory) {
        let case = Case::read(&directory);
        if !case.expected["check_reports"].is_array() {
            continue;
        }
        let ours = decisions(&case, Policy::Leapp021);
        // The cases have no files: what an actor would say of those is not decided.
        let is_check = |report: &&Value| {
            report["id"] != "actors.undecided"
                && CHECKS.iter().any(|actor| report["actor"] == *actor)
        };
        let (theirs, ours) = (list(&case.expected, "check_reports"), list(&ours, "reports"));
        let (theirs, ours) =
            (in_short(theirs.iter().filter(is_check)), in_short(ours.iter().filter(is_check)));
        compared += theirs.values().sum::<usize>();
        if theirs != ours {
            failures.push(format!("{}: leapp {theirs:#?}, ours {ours:#?}", case.name));
        }
    }
    none_differ(&failures);
    assert!(compared > 40, "{compared} reports were compared");
}

/// A single-behaviour case of `pes/`: events and packages in, leapp's scan out.
/// What the scan emits is compared: tasks before the final merge, repositories.
#[test]
fn leapp_synthetic_event_cases_are_decided_as_leapp_decides_them() {
    let Some(directory) = oracle_dir("pes") else { return };
    let cases = pes::cases(&directory.join("pes-synthetic.json"));
    let failures: Vec<String> =
        cases.iter().filter_map(|case| pes::synthetic(case, &directory)).collect();
    none_differ(&failures);
}

#[test]
fn leapp_real_event_files_give_what_leapp_gives() {
    let Some(directory) = oracle_dir("pes") else { return };
    let cases = pes::cases(&directory.join("pes-real.json"));
    let failures: Vec<String> =
        cases.iter().filter_map(|case| pes::real(case, &directory)).collect();
    none_differ(&failures);
}

/// Where the default policy decides otherwise than leapp, case by case; each
/// line is one of formats.md section 12. Other sets of cases have no snapshot.
#[test]
fn leapp_cases_that_the_default_policy_decides_otherwise_are_reviewed() {
    let Some(directory) = oracle_dir("leapp/cases") else { return };
    let reviewed = sections(include_str!("snapshots/leapp__default_policy.snap"));
    let cases: Vec<Case> = entries(&directory).iter().map(|d| Case::read(d)).collect();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for case in &cases {
        let lines = default_policy(case).iter().map(|line| format!("  {line}\n")).collect();
        found.insert(case.name.clone(), lines);
    }
    found.retain(|name, _| reviewed.contains_key(name));
    if found.len() < reviewed.len() {
        eprintln!("{} of {} reviewed cases are there", found.len(), reviewed.len());
        for (name, text) in found {
            assert_eq!(Some(&text), reviewed.get(&name), "{name}");
        }
        return;
    }
    let text: String = found.iter().map(|(name, text)| format!("\n{name}\n{text}")).collect();
    insta::assert_snapshot!("default_policy", text);
}

/// The reviewed text of each case.
fn sections(snapshot: &str) -> BTreeMap<String, String> {
    let body = snapshot.splitn(3, "---\n").nth(2).expect("a snapshot");
    let mut sections = BTreeMap::new();
    let mut name = String::new();
    for line in body.lines().filter(|line| !line.is_empty()) {
        if !line.starts_with(' ') {
            line.clone_into(&mut name);
        }
        let text: &mut String = sections.entry(name.clone()).or_default();
        if line.starts_with(' ') {
            text.push_str(line);
            text.push('\n');
        }
    }
    sections
}

fn default_policy(case: &Case) -> Vec<String> {
    let (snapshot, data) = (case.snapshot(), case.data());
    let (options, no_actors) = (case.options(Policy::Default), RuleSet::default());
    let plan = match Decided::with(&snapshot, &data, &options, &no_actors) {
        Ok(decided) => decided.plan(),
        Err(error) => return vec![format!("error: {error}")],
    };
    let rendered = leapp_tasks::render(&plan).expect("it renders");
    let ours: Value = serde_json::from_str(&rendered).expect("it is JSON");
    let mut lines = list_differences(case, &ours);
    let finding = |f: &elevate_core::finding::Finding| {
        let mark = if f.inhibitor { " (inhibitor)" } else { "" };
        let summary: String = f.summary.chars().take(160).collect();
        format!("{}{mark}: {summary}", f.id)
    };
    lines.extend(plan.findings.iter().map(finding));
    lines
}

/// The same through the binary: snapshot and data as files, the decisions as
/// `--format leapp-tasks` prints them.
#[test]
fn leapp_cases_are_decided_the_same_through_the_binary() {
    let Some(directory) = oracle_dir("leapp/cases") else { return };
    // Options of a few cases have no counterpart on the command line.
    let through = |case: &&Case| {
        let input = &case.input;
        let channel = &input["env"]["LEAPP_TARGET_PRODUCT_CHANNEL"];
        let plain = ["messages", "vendors_dir"].iter().all(|key| input[*key].is_null());
        plain && channel.is_null() && input["env"]["LEAPP_DEVEL_RPMS_ALL_SIGNED"].is_null()
    };
    let cases: Vec<Case> = entries(&directory).iter().map(|d| Case::read(d)).collect();
    let mut failures = Vec::new();
    for case in cases.iter().filter(through).step_by(4) {
        let files = TempDir::new(&case.name).expect("a directory");
        let snapshot = files.write("snapshot.json", case.snapshot().to_json().as_bytes());
        for (path, bytes) in case.files() {
            files.write(&format!("data/{path}"), &bytes).expect("a file");
        }
        let options = case.options(Policy::Leapp021);
        let target = options.path.target.to_string();
        let data = files.path().join("data");
        let snapshot = snapshot.expect("a file");
        let mut arguments = vec![
            "plan",
            "--as=leapp-0.21",
            "--format=leapp-tasks",
            "--target",
            &target,
            "--data",
            data.to_str().expect("UTF-8"),
            "--snapshot",
            snapshot.to_str().expect("UTF-8"),
        ];
        let enabled: Vec<String> =
            options.enable_repos.iter().flatten().map(ToString::to_string).collect();
        enabled.iter().for_each(|id| arguments.extend(["--enablerepo", id]));
        let run = elevate(&arguments);
        let ours = serde_json::from_str(&run.stdout)
            .unwrap_or_else(|e| panic!("{}: {e}: {}", case.name, run.stderr));
        let differences = differences(case, &ours);
        if !differences.is_empty() {
            failures.push(format!("{}:\n  {}", case.name, differences.join("\n  ")));
        }
    }
    none_differ(&failures);
}

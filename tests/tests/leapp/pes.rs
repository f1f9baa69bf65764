//! Cases of the event scan alone.

use std::collections::BTreeSet;
use std::path::Path;

use elevate_core::facts::Facts;
use elevate_core::model::{Evr, InstalledPackage, ModuleStream, PackageName, RepoId, UpgradePath};
use elevate_core::request::{Decisions, EventScan, Options, Policy, Wishes, decide};
use elevate_core::snapshot::{Evidence, HostRepository, Identity, Snapshot, format};
use elevate_core::upgrade_data::{DataDirectory, UpgradeData};
use elevate_tests::oracle::{list, names};
use elevate_tests::recorded::{data_dir, read};
use serde_json::Value;

const KEY: &str = "RSA/SHA256, Mon Jan  1 00:00:00 2024, Key ID 24c6a8a7f4a80eb5";

pub(super) fn cases(path: &Path) -> Vec<Value> {
    let cases: Vec<Value> = serde_json::from_slice(&read(path)).expect("a list of cases");
    assert!(!cases.is_empty(), "{} is empty", path.display());
    cases
}

fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case[key].as_str().unwrap_or_else(|| panic!("{key} in {case}"))
}

/// An installed package: name, repository (or null) and, where it has one, its
/// module stream as `[name, stream]`.
fn installed_package(fields: &Value) -> InstalledPackage {
    let name = PackageName::new(fields[0].as_str().expect("a name")).expect("a package name");
    let mut package = InstalledPackage::new(name, Evr::new(0, "1", "1.el7"), None);
    package.pgpsig = Some(KEY.to_owned());
    package.from_repo = fields[1].as_str().map(Into::into);
    let part = |at: usize| fields[2][at].as_str().map(str::to_owned);
    package.module = part(0).zip(part(1)).map(|(name, stream)| ModuleStream { name, stream });
    package
}

fn snapshot(case: &Value, packages: Vec<InstalledPackage>, enabled: &[String]) -> Snapshot {
    let repository =
        |id: &String| HostRepository { id: RepoId::new(id).expect("an id"), enabled: true };
    Snapshot {
        format: format::Kind::Snapshot,
        version: format::VERSION,
        captured: None,
        identity: Identity {
            system: format!("centos:{}", text(case, "source")).parse().expect("a system"),
            arch: text(case, "arch").parse().expect("an architecture"),
            kernel: None,
            hostname: None,
            cloud: None,
        },
        packages,
        keys: Vec::new(),
        repositories: Some(enabled.iter().map(repository).collect()),
        enabled_modules: None,
        evidence: Evidence::default(),
        unread: Vec::new(),
    }
}

/// A file a case names relative to itself. Sets of cases that come without the
/// data beside them take it from the directory of real data.
fn data_file(directory: &Path, path: &str) -> Vec<u8> {
    let beside = directory.join(path);
    let elsewhere = || Some(data_dir("")?.join(path.strip_prefix("../../data/")?));
    if beside.exists() { read(&beside) } else { read(&elsewhere().unwrap_or(beside)) }
}

/// The recorded runs fed maps of 1.2.0 past leapp's version gate.
fn repo_map(case: &Value, directory: &Path) -> Vec<u8> {
    let map = String::from_utf8(data_file(directory, text(case, "repomap"))).expect("UTF-8");
    map.replace("\"version_format\": \"1.2.0\"", "\"version_format\": \"1.2.1\"").into_bytes()
}

fn run(case: &Value, snapshot: &Snapshot, events: Vec<u8>, map: Vec<u8>) -> Decisions {
    let mut files = DataDirectory::default();
    files.files.insert("pes-events.json".to_owned(), Ok(events));
    files.files.insert("repomap.json".to_owned(), Ok(map));
    let data = UpgradeData::from_directory(&files);
    let target = format!("almalinux:{}", text(case, "target")).parse().expect("a target");
    let names = |task: &Value, key: &str| -> BTreeSet<PackageName> {
        names(task, key).iter().map(|n| PackageName::new(n).expect("a name")).collect()
    };
    let wishes = |task: &Value| Wishes {
        actor: "recorded".to_owned(),
        to_install: names(task, "to_install"),
        to_remove: names(task, "to_remove"),
        to_keep: names(task, "to_keep"),
        to_reinstall: names(task, "to_reinstall"),
        ..Wishes::default()
    };
    let exclude = elevate_tests::oracle::names(case, "blacklisted_repoids");
    let options = Options {
        policy: Policy::Leapp021,
        wishes: list(case, "user_tasks").iter().map(wishes).collect(),
        exclude_repos: exclude.iter().map(|id| RepoId::new(id).expect("an id")).collect(),
        ..Options::new(UpgradePath { source: snapshot.identity.system.clone(), target })
    };
    decide(&Facts::new(snapshot), &data, &options).expect("leapp-0.21 has no errors of its own")
}

fn texts<T: ToString>(set: &BTreeSet<T>) -> Value {
    set.iter().map(|item| Value::from(item.to_string())).collect::<Vec<_>>().into()
}

/// What the scan emitted, in the shape of the recorded cases.
fn emitted(scan: Option<&EventScan>, reinstall: bool) -> Value {
    let Some(scan) = scan else {
        return serde_json::json!({"repos_to_enable": null, "tasks": null});
    };
    let mut tasks = Value::Null;
    if scan.emits_tasks {
        tasks = serde_json::json!({
            "to_install": texts(&scan.to_install),
            "to_remove": texts(&scan.to_remove),
            "modules_to_enable": texts(&scan.modules),
        });
        if reinstall {
            tasks["to_reinstall"] = texts(&scan.to_reinstall);
        }
    }
    serde_json::json!({"repos_to_enable": texts(&scan.repositories), "tasks": tasks})
}

fn scan_reports(decisions: &Decisions) -> u64 {
    decisions.findings.iter().filter(|f| f.actor == "pes_events_scanner").count() as u64
}

/// leapp's actors end in a report, an error, or any other exception.
fn ended(error: &str) -> &'static str {
    match error {
        "StopActorExecution" => "refused",
        "StopActorExecutionError" => "error",
        _ => "exception",
    }
}

fn how_it_ended(decisions: &Decisions) -> &'static str {
    let scanner = decisions.stops.iter().find(|stop| stop.actor == "pes_events_scanner");
    match scanner {
        Some(stop) if stop.crash => "exception",
        Some(_) => "error",
        None if decisions.event_scan.is_some() => "scanned",
        None if decisions.findings.iter().any(|f| f.id == "data.events-invalid") => "refused",
        None => "nothing to scan",
    }
}

/// The difference to leapp, where there is one.
pub(super) fn synthetic(case: &Value, directory: &Path) -> Option<String> {
    let installed = list(case, "installed").iter().map(installed_package).collect();
    let snapshot = snapshot(case, installed, &names(case, "enabled_repoids"));
    let events = serde_json::to_vec(&case["pes"]).expect("JSON");
    let decisions = run(case, &snapshot, events, repo_map(case, directory));
    let upstream = &case["upstream"];
    let crashed =
        decisions.stops.iter().any(|stop| stop.crash && stop.actor == "pes_events_scanner");
    let mismatch = |expected: &Value, found: &Value| {
        (expected != found).then(|| format!("{}: leapp {expected}, ours {found}", case["name"]))
    };
    if let Some(error) = upstream["error"].as_str() {
        return mismatch(&ended(error).into(), &how_it_ended(&decisions).into());
    }
    if upstream["upstream_then_crashes"].is_string() || crashed {
        let dies = upstream["upstream_then_crashes"].is_string();
        return mismatch(&Value::from(dies), &Value::from(crashed));
    }
    let mut found = emitted(decisions.event_scan.as_ref(), true);
    found["reports"] = scan_reports(&decisions).into();
    mismatch(upstream, &found)
}

/// The same for a run over a real event file. Its packages are sampled from the
/// inputs of the file's events, or are all of them.
pub(super) fn real(case: &Value, directory: &Path) -> Option<String> {
    let events = data_file(directory, text(case, "pes"));
    let installed: BTreeSet<String> = match case["installed"].as_array() {
        Some(_) => names(case, "installed").into_iter().collect(),
        None => all_inputs(&events),
    };
    let installed =
        installed.iter().map(|name| installed_package(&serde_json::json!([name, "base"])));
    let snapshot = snapshot(case, installed.collect(), &["base".to_owned()]);
    let decisions = run(case, &snapshot, events, repo_map(case, directory));
    let expected = &case["expected"];
    let scan = emitted(decisions.event_scan.as_ref(), false);
    let mut differences = Vec::new();
    let either: BTreeSet<String> =
        decisions.order_dependent.iter().map(ToString::to_string).collect();
    for (key, found) in [
        ("repos_to_enable", &scan["repos_to_enable"]),
        ("to_install", &scan["tasks"]["to_install"]),
        ("to_remove", &scan["tasks"]["to_remove"]),
        ("modules_to_enable", &scan["tasks"]["modules_to_enable"]),
    ] {
        let set = |value: &Value| -> BTreeSet<String> {
            let items = value.as_array().into_iter().flatten();
            items.map(|v| v.as_str().unwrap_or_default().to_owned()).collect()
        };
        let (leapp, ours) = (set(&expected[key]), set(found));
        let differing: Vec<&String> = leapp.symmetric_difference(&ours).collect();
        if !differing.is_empty() {
            differences.push(format!("{key}: {differing:?} (order-dependent: {either:?})"));
        }
    }
    if list(expected, "reports").len() as u64 != scan_reports(&decisions) {
        differences.push("number of reports".to_owned());
    }
    let name = format!("{} {} {}", case["pes"], case["arch"], case["target"]);
    (!differences.is_empty()).then(|| format!("{name}: {}", differences.join("; ")))
}

fn all_inputs(events: &[u8]) -> BTreeSet<String> {
    let events: Value = serde_json::from_slice(events).expect("JSON");
    let sets = list(&events, "packageinfo").iter().map(|e| &e["in_packageset"]);
    let packages = sets.flat_map(|set| list(set, "package").iter().chain(list(set, "packages")));
    packages.map(|p| p["name"].as_str().expect("a name").to_owned()).collect()
}

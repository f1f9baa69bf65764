//! What is true of every plan, whatever the host and the data.

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::model::PackageName;
use elevate_core::plan::{Fate, Operation, Plan, Reason, Verdict};
use elevate_core::report::leapp_tasks;
use elevate_core::report::text::{self, Style};
use elevate_core::snapshot::Snapshot;
use elevate_core::upgrade_data::UpgradeData;

/// Checks everything that needs no more than the host and its plan.
pub(super) fn check(at: &str, snapshot: &Snapshot, plan: &Plan) {
    accounts_for_every_package(at, snapshot, plan);
    adds_up(at, plan);
    gives_every_name_one_fate(at, plan);
    has_a_verdict_its_findings_explain(at, plan);
    leads_somewhere(at, plan);
    counts_what_was_not_read(at, snapshot, plan);
    renders(at, plan);
}

fn accounts_for_every_package(at: &str, snapshot: &Snapshot, plan: &Plan) {
    assert_eq!(plan.packages.len(), snapshot.packages.len(), "{at}");
    let mut installed: Vec<String> = snapshot.packages.iter().map(|p| p.nevra()).collect();
    let nevra = |o: &Operation| match &o.arch {
        Some(arch) => format!("{}-{}.{arch}", o.name, o.evr),
        None => format!("{}-{}", o.name, o.evr),
    };
    let mut planned: Vec<String> = plan.packages.iter().map(nevra).collect();
    installed.sort();
    planned.sort();
    assert_eq!(installed, planned, "{at}");
    assert!(plan.packages.iter().map(|o| &o.name).is_sorted(), "{at}");
    assert!(plan.arrivals.iter().map(|a| &a.name).is_sorted_by(|a, b| a < b), "{at}");
}

fn adds_up(at: &str, plan: &Plan) {
    let mut counted: BTreeMap<&str, usize> = Fate::WORDS.iter().map(|word| (*word, 0)).collect();
    counted.insert("arriving", plan.arrivals.len());
    for operation in &plan.packages {
        *counted.get_mut(operation.fate.word()).unwrap() += 1;
    }
    let counts: BTreeMap<&str, usize> =
        plan.counts.iter().map(|(word, count)| (word.as_str(), *count)).collect();
    assert_eq!(counts, counted, "{at}");
}

fn names<'p>(operations: impl Iterator<Item = &'p Operation>) -> BTreeSet<&'p PackageName> {
    operations.map(|operation| &operation.name).collect()
}

fn gives_every_name_one_fate(at: &str, plan: &Plan) {
    let mut fates: BTreeMap<&PackageName, BTreeSet<&Fate>> = BTreeMap::new();
    for operation in &plan.packages {
        fates.entry(&operation.name).or_default().insert(&operation.fate);
    }
    let several = fates.iter().find(|(_, fates)| fates.len() > 1);
    assert_eq!(several, None, "{at}");
    let arrivals = plan.arrivals.iter().map(|arrival| &arrival.name);
    let both: Vec<_> = arrivals.filter(|name| fates.contains_key(name)).collect();
    assert!(both.is_empty(), "{at}: installed and arriving: {both:?}");

    let tasks = &plan.leapp.tasks;
    let set = |list: &Option<Vec<PackageName>>| -> BTreeSet<PackageName> {
        list.iter().flatten().cloned().collect()
    };
    let (remove, upgrade) = (set(&tasks.to_remove), set(&tasks.to_upgrade));
    assert!(remove.is_disjoint(&upgrade), "{at}");
    assert!(remove.is_disjoint(&set(&tasks.to_install)), "{at}");
    assert!(remove.is_disjoint(&set(&tasks.to_keep)), "{at}");
    // The transaction and leapp's lists say the same.
    if tasks.to_remove.is_some() {
        let gone = plan.packages.iter().filter(|o| leaves(o));
        assert_eq!(names(gone), remove.iter().collect(), "{at}");
    }
}

/// Whether the package is not on the host afterwards, under its own name.
fn leaves(operation: &Operation) -> bool {
    match &operation.fate {
        Fate::Removed => true,
        fate => {
            let successors = fate.successors();
            !successors.is_empty() && !successors.contains(&operation.name)
        }
    }
}

fn has_a_verdict_its_findings_explain(at: &str, plan: &Plan) {
    let stopped = plan.leapp.crash.is_some() || !plan.leapp.errors.is_empty();
    let inhibited = stopped || plan.findings.iter().any(|finding| finding.inhibitor);
    let expected = match (inhibited, plan.missing.is_empty()) {
        (true, _) => Verdict::Inhibited,
        (false, true) => Verdict::Ready,
        (false, false) => Verdict::Incomplete,
    };
    assert_eq!(plan.verdict, expected, "{at}");
}

/// What is said to follow a package is on the host afterwards.
fn leads_somewhere(at: &str, plan: &Plan) {
    let arriving = plan.arrivals.iter().map(|arrival| &arrival.name);
    let staying = plan.packages.iter().filter(|o| !leaves(o)).map(|o| &o.name);
    let after: BTreeSet<&PackageName> = arriving.chain(staying).collect();
    for operation in &plan.packages {
        let lost = operation.fate.successors().iter().find(|name| !after.contains(name));
        assert_eq!(lost, None, "{at}: {}", operation.name);
    }
    let installed = names(plan.packages.iter());
    let repositories: BTreeSet<_> = plan.repositories.iter().map(|r| &r.id).collect();
    for arrival in &plan.arrivals {
        assert!(arrival.instead_of.iter().all(|name| installed.contains(name)), "{at}");
        let from = arrival.source.repository.as_ref();
        assert!(from.is_none_or(|id| repositories.contains(id)), "{at}: {arrival:?}");
        assert!(!arrival.reasons.is_empty(), "{at}: {arrival:?}");
    }
}

fn counts_what_was_not_read(at: &str, snapshot: &Snapshot, plan: &Plan) {
    let counted: usize = plan.unread.iter().map(|unread| unread.count).sum();
    assert_eq!(counted, snapshot.unread.len(), "{at}");
    let report = text::render(plan, Style { full: true, ..Style::default() });
    for unread in &plan.unread {
        let line = format!("{}: {} not understood", unread.file, unread.count);
        let unwrapped = report.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unwrapped.contains(&line), "{at}: {line}");
    }
}

fn renders(at: &str, plan: &Plan) {
    let report = text::render(plan, Style { full: true, ..Style::default() });
    assert!(report.contains("REPORT OVERVIEW"), "{at}");
    for finding in &plan.findings {
        assert!(report.contains(&format!("[{}]", finding.id)), "{at}: {}", finding.id);
    }
    for word in ["unknown", "no-known-future", "removed"] {
        let count = plan.counts[word];
        let shown = report.lines().any(|line| line.trim_end().ends_with(&format!(" {count}")));
        assert!(shown || count == 0, "{at}: {count} {word}");
    }
    let json = plan.to_json().unwrap();
    assert_eq!(&Plan::read(json.as_bytes()).unwrap(), plan, "{at}");
    let tasks = leapp_tasks::render(plan).unwrap();
    let tasks: serde_json::Value = serde_json::from_str(&tasks).unwrap();
    let signed = tasks["signed"].as_array().map(Vec::len);
    assert_eq!(signed, Some(plan.leapp.signed.len()), "{at}");
}

/// Nothing leaves the host because its new repository is unknown: of a package
/// that is removed without a successor, at least one event leads nowhere or to
/// a repository that is known.
pub(super) fn removes_nothing_for_lack_of_a_repository(at: &str, data: &UpgradeData, plan: &Plan) {
    let Some(finding) = plan.findings.iter().find(|f| f.id == "events.unresolved-repository")
    else {
        return;
    };
    let titles = finding.resources.iter().filter(|r| r.scheme == "package").map(|r| &r.title);
    let unresolved: BTreeSet<&str> = titles.map(String::as_str).collect();
    for operation in plan.packages.iter().filter(|o| o.fate == Fate::Removed) {
        let name = &operation.name;
        assert!(
            !unresolved.contains(name.as_str()),
            "{at}: {name} has no repository and is removed"
        );
        let successors = successors(data, &operation.reasons);
        let lost = !successors.is_empty() && successors.iter().all(|s| unresolved.contains(s));
        assert!(!lost, "{at}: {name} is removed, but events lead to {successors:?}");
    }
}

/// Outputs of the events that are given as reasons.
fn successors<'d>(data: &'d UpgradeData, reasons: &[Reason]) -> BTreeSet<&'d str> {
    let main = data.events.iter().map(|asset| &asset.value);
    let vendors = data.vendors.iter().filter_map(|v| v.events.as_ref()?.as_ref().ok());
    let files: Vec<_> = main.chain(vendors.map(|asset| &asset.value)).collect();
    let mut successors = BTreeSet::new();
    for reason in reasons {
        let Reason::Event(event) = reason else { continue };
        let file = files.iter().find(|file| file.path == event.file).unwrap();
        let outputs = &file.events[event.index].outputs;
        successors.extend(outputs.iter().map(|package| package.name.as_str()));
    }
    successors
}

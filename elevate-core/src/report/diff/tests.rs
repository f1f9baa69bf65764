//! Differences of small reports and plans.

use proptest::prelude::*;

use super::*;
use crate::finding::{Finding, Kind as FindingKind, Severity, Waived};
use crate::plan::{Fate, FileSystem, Need, WhatIf};

const MOUNT: FindingKind =
    FindingKind::new("storage.mount", "check_mounts", Severity::High, "A mount is in the way")
        .inhibiting()
        .key("0123");
const LIST: FindingKind =
    FindingKind::new("packages.list", "check_list", Severity::Medium, "Packages are odd");

fn plan() -> Plan {
    Plan::read(include_bytes!("../../../../fixtures/formats/plan-1.json")).unwrap()
}

fn plan_with(findings: &[Finding]) -> Plan {
    Plan { findings: findings.to_vec(), ..plan() }
}

/// What leapp would read and write of the same.
fn leapps(findings: &[Finding]) -> Report {
    Report { provenance: None, ..Report::from(&plan_with(findings)) }
}

fn findings(before: &[Finding], after: &[Finding]) -> Findings {
    Diff::plans(&plan_with(before), &plan_with(after)).findings
}

fn mount(path: &str) -> Finding {
    MOUNT.finding(format!("{path} is mounted.")).about("file", [path])
}

fn ids(told: &[Told]) -> Vec<String> {
    told.iter().map(|told| format!("{} {}", told.id, told.summary)).collect()
}

#[test]
fn a_plan_is_not_different_from_itself() {
    let diff = Diff::plans(&plan(), &plan());
    assert!(!diff.different && diff.causes.known && diff.causes.list.is_empty(), "{diff:#?}");
    insta::assert_snapshot!(render(&diff), @"
    before: elevate 0.1.0, CentOS 7.9 -> AlmaLinux 8.10, 6 findings, inhibitors: 1
    after: elevate 0.1.0, CentOS 7.9 -> AlmaLinux 8.10, 6 findings, inhibitors: 1

    Nothing is different.
    Nothing that went in differs either.
    ");
}

#[test]
fn findings_of_one_kind_about_different_things_are_different_ones() {
    let told = findings(&[mount("/a"), mount("/b")], &[mount("/b"), mount("/c")]);
    assert_eq!(ids(&told.come), ["storage.mount /c is mounted."]);
    assert_eq!(ids(&told.gone), ["storage.mount /a is mounted."]);
    assert_eq!((told.changed.len(), told.unchanged), (0, 1));
}

#[test]
fn a_finding_whose_list_grows_is_the_same_one() {
    let list = |names: &[&str]| LIST.finding(names.join(", ")).about("package", names);
    let told = findings(&[list(&["a", "b"]), mount("/a")], &[list(&["b", "c"]), mount("/a")]);
    let [change] = told.changed.as_slice() else { panic!("{told:#?}") };
    assert_eq!(change.matched, Matched::SomeResources);
    assert_eq!(change.resources.come, ["package c"]);
    assert_eq!(change.resources.gone, ["package a"]);
    let told = findings(&[list(&["a"])], &[list(&["z"])]);
    assert_eq!(told.changed[0].matched, Matched::Id);
}

#[test]
fn a_finding_under_a_new_id_is_found_again_by_its_title() {
    let renamed = Finding { id: "storage.mounts".into(), ..mount("/a") };
    let told = findings(&[mount("/a")], &[renamed]);
    assert_eq!(told.changed[0].matched, Matched::Title);
    assert_eq!(told.changed[0].id.as_ref().unwrap().before, "storage.mount");
}

#[test]
fn severities_and_what_was_set_aside_are_told() {
    let waived = Waived {
        severity: Severity::High,
        inhibitor: true,
        reason: "known".to_owned(),
        who: "ops".to_owned(),
        expires: "2030-01-01".to_owned(),
    };
    let aside =
        Finding { severity: Severity::Info, inhibitor: false, waived: Some(waived), ..mount("/a") };
    let (before, after) = (plan_with(&[mount("/a")]), plan_with(&[aside]));
    let diff = Diff::plans(&before, &after);
    let change = &diff.findings.changed[0];
    assert_eq!(change.severity, Changed::of(Severity::High, Severity::Info));
    assert_eq!(change.inhibitor, Changed::of(true, false));
    assert_eq!(change.waived, Changed::of(false, true));
    let causes: Vec<What> = diff.causes.list.iter().map(|cause| cause.what).collect();
    assert_eq!(causes, [What::Waiver]);
}

#[test]
fn findings_of_leapp_are_found_again_by_key_and_then_by_title() {
    let theirs = Finding {
        id: "leapp.check_mounts".into(),
        title: "Something else".into(),
        resources: Vec::new(),
        summary: "Other words".to_owned(),
        severity: Severity::Medium,
        ..mount("/a")
    };
    let other = Finding {
        id: "leapp.check_list".into(),
        key: Some("4567".into()),
        title: "packages are ODD".into(),
        ..LIST.finding("x")
    };
    let ours = Report::from(&plan_with(&[mount("/a"), LIST.finding("y")]));
    let diff = Diff::reports(&ours, &leapps(&[theirs, other]));
    assert!(!diff.causes.known && diff.plan.is_none());
    let [change] = diff.findings.changed.as_slice() else { panic!("{diff:#?}") };
    assert_eq!((change.matched, change.finding.id.as_str()), (Matched::Key, "leapp.check_mounts"));
    assert_eq!(change.severity, Changed::of(Severity::High, Severity::Medium));
    assert!(change.summary.is_none() && change.title.is_none(), "texts always differ");
    assert_eq!(diff.findings.unchanged, 1, "found by title, of the same severity");
}

#[test]
fn one_cause_is_said_plainly_and_each_input_is_named() {
    let mut after = plan();
    let events = after.provenance.inputs.iter_mut().find(|input| input.path == "pes-events.json");
    events.unwrap().sha256 = "f".repeat(64);
    let bash = after.packages.iter_mut().find(|one| one.name.as_str() == "bash").unwrap();
    bash.fate = Fate::Removed;
    let diff = Diff::plans(&plan(), &after);
    let text = render(&diff);
    assert!(text.contains("One thing differs in what went in: the upgrade data."), "{text}");
    assert!(text.contains("- pes-events.json: b35b735e45e68bd3 -> ffffffffffffffff"), "{text}");
    assert!(text.contains("bash-4.2.46-34.el7.x86_64: upgraded -> removed"), "{text}");
}

#[test]
fn every_kind_of_cause_is_named() {
    let mut after = plan();
    after.provenance.tool_version = "0.2.0".to_owned();
    after.provenance.policy = "leapp-0.21".to_owned();
    after.provenance.actors = vec!["check_mounts@2".to_owned()];
    after.provenance.packs = vec!["site@1.0".to_owned()];
    after.path.target = "almalinux:8.9".parse().unwrap();
    after.what_if.push(WhatIf {
        asked: "--remove bash".to_owned(),
        changes: Vec::new(),
        conflict: None,
    });
    let mut before = plan();
    before.provenance.actors = vec!["check_mounts@1".to_owned()];
    insta::assert_snapshot!("causes", render(&Diff::plans(&before, &after)));
}

#[test]
fn a_plan_that_changed_everywhere_is_told_within_80_columns() {
    let mut after = plan();
    after.verdict = Verdict::Ready;
    after.missing = vec!["another fact".to_owned()];
    after.packages.retain(|one| one.name.as_str() != "htop");
    let httpd = after.packages.iter_mut().find(|one| one.name.as_str() == "httpd").unwrap();
    httpd.fate = Fate::Stays;
    let ntp = after.packages.iter_mut().find(|one| one.name.as_str() == "ntp").unwrap();
    ntp.evr.release = "30.el7".to_owned();
    after.arrivals.remove(0);
    after.repositories.remove(0);
    after.repositories[0].address = None;
    after.findings.remove(0);
    after.findings.push(mount("/a"));
    after.counts.insert("removed".to_owned(), 7);
    let need = Need { what: "packages, downloaded".to_owned(), bytes: 5 << 30 };
    after.disk.push(FileSystem {
        mount: "/var".to_owned(),
        total: Some(10 << 30),
        available: Some(1 << 30),
        needs: vec![need],
    });
    let diff = Diff::plans(&plan(), &after);
    let text = render(&diff);
    for line in text.lines().filter(|line| line.split_whitespace().count() > 1) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    insta::assert_snapshot!("everywhere", text);
}

#[test]
fn what_comes_one_way_goes_the_other() {
    let mut after = plan();
    after.packages.remove(1);
    after.findings.remove(0);
    let (there, back) = (Diff::plans(&plan(), &after), Diff::plans(&after, &plan()));
    assert_eq!(there.findings.gone, back.findings.come);
    let packages = |diff: &Diff| diff.plan.clone().unwrap().packages;
    assert_eq!(packages(&there).gone, packages(&back).come);
    assert_eq!(packages(&there).unchanged, packages(&back).unchanged);
}

#[test]
fn a_difference_is_read_back_as_it_was_written() {
    let diff = Diff::plans(&plan(), &plan_with(&[mount("/a")]));
    let again: Diff = serde_json::from_str(&diff.to_json().unwrap()).unwrap();
    assert_eq!(again, diff);
}

fn some_findings() -> impl Strategy<Value = Vec<Finding>> {
    let one = (0..4usize, proptest::collection::btree_set("[ab]", 0..3), "[xy]");
    proptest::collection::vec(one, 0..8).prop_map(|all| {
        let kinds = ["t.a", "t.b", "t.c", "t.d"];
        all.into_iter()
            .map(|(kind, about, summary)| {
                let kind = FindingKind { id: kinds[kind], ..LIST };
                kind.finding(summary).about("package", about)
            })
            .collect()
    })
}

proptest! {
    /// No finding is lost or told twice, whichever way they are put together.
    #[test]
    fn every_finding_is_accounted_for_once(
        before in some_findings(),
        after in some_findings(),
        leapp in any::<bool>(),
    ) {
        let told = match leapp {
            false => findings(&before, &after),
            true => Diff::reports(&leapps(&before), &leapps(&after)).findings,
        };
        let both = told.changed.len() + told.unchanged;
        prop_assert_eq!(both + told.gone.len(), before.len());
        prop_assert_eq!(both + told.come.len(), after.len());
        let same = match leapp {
            false => findings(&before, &before),
            true => Diff::reports(&leapps(&before), &leapps(&before)).findings,
        };
        prop_assert_eq!(same.unchanged, before.len());
    }
}

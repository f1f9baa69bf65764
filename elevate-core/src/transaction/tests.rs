//! What becomes of packages, from single jobs.

use super::*;
use crate::directive::EventRef;
use crate::solve::{Becomes, End, Kind, New, Old, Solution};

fn name(text: &str) -> PackageName {
    text.parse().unwrap()
}

fn job(text: &str, action: JobAction) -> Job {
    let (becomes, repository, module) = (None, None, None);
    Job { name: name(text), action, becomes, repository, module, reasons: Vec::new() }
}

fn becoming(text: &str, action: JobAction, how: How, packages: &[&str]) -> Job {
    let packages = packages.iter().map(|p| name(p)).collect();
    Job { becomes: Some(Becomes { how, packages }), ..job(text, action) }
}

fn snapshot(packages: &[&str]) -> Snapshot {
    let json = format!(
        r#"{{"format": "elevate-snapshot", "version": 1,
            "identity": {{"system": "centos:7.9", "arch": "x86_64"}}, "packages": [{}]}}"#,
        packages
            .iter()
            .map(|p| {
                let (name, version) = p.split_once('-').unwrap_or((p, "1"));
                format!(r#"{{"name": "{name}", "version": "{version}", "release": "1.el7"}}"#)
            })
            .collect::<Vec<_>>()
            .join(", ")
    );
    serde_json::from_str(&json).unwrap()
}

fn transaction(packages: &[&str], jobs: Vec<Job>) -> Transaction {
    Transaction::new(&snapshot(packages), &Request { jobs, ..Request::default() })
}

/// `name: fate [successors]` for each installed package.
fn fates(transaction: &Transaction) -> Vec<String> {
    let fate = |o: &Operation| {
        let successors = o.fate.successors().iter().map(|s| format!(" {s}"));
        format!("{}: {}{}", o.name, o.fate.word(), successors.collect::<String>())
    };
    transaction.operations.iter().map(fate).collect()
}

#[test]
fn every_job_gives_its_package_a_fate() {
    use JobAction::*;
    let cases = [
        (job("a", Upgrade), "a: upgraded"),
        (job("a", Install), "a: upgraded"),
        (job("a", Reinstall), "a: reinstalled"),
        (job("a", Keep), "a: kept"),
        (job("a", Leave), "a: no-known-future"),
        (job("a", Hold), "a: unknown"),
        (job("a", Remove), "a: removed"),
        (becoming("a", Remove, How::Removed, &[]), "a: removed"),
        (becoming("a", Remove, How::Replaced, &[]), "a: removed"),
        (becoming("a", Remove, How::Replaced, &["b"]), "a: replaced b"),
        (becoming("a", Remove, How::Renamed, &["b"]), "a: renamed b"),
        (becoming("a", Remove, How::Split, &["b", "c"]), "a: split b c"),
        (becoming("a", Remove, How::Merged, &["b"]), "a: merged b"),
        (becoming("a", Remove, How::Moved, &["b"]), "a: moved b"),
        (becoming("a", Upgrade, How::Split, &["a", "b"]), "a: split a b"),
        (becoming("a", Upgrade, How::Moved, &["a"]), "a: upgraded"),
        (becoming("a", Keep, How::Replaced, &["b"]), "a: kept"),
        (becoming("a", Hold, How::Replaced, &["b"]), "a: unknown"),
    ];
    let mut words = std::collections::BTreeSet::new();
    for (job, expected) in cases {
        let transaction = transaction(&["a"], vec![job.clone()]);
        assert_eq!(fates(&transaction), [expected], "{job:?}");
        words.insert(transaction.operations[0].fate.word());
    }
    // Which version takes a package's place, and that nothing does, only a solution knows.
    words.extend(["downgraded", "stays"]);
    assert_eq!(words, Fate::WORDS.into_iter().collect(), "a fate without a case");
}

fn new(text: &str, kind: Kind, replaces: &[usize]) -> New {
    let (name, version) = text.split_once('-').unwrap();
    let package = TargetPackage {
        file: None,
        name: name.parse().unwrap(),
        evr: Evr::new(0, version, "1.el8"),
        arch: Arch::X86_64,
        repository: "baseos".parse().unwrap(),
        download: 10,
        size: 30,
    };
    New { package, kind, replaces: replaces.to_vec(), because: None }
}

fn old(end: End, by: &[usize]) -> Old {
    Old { end, by: by.to_vec(), because: None }
}

fn solution(installed: Vec<Old>, arriving: Vec<New>) -> Solution {
    Solution {
        libsolv: "0.7.20",
        installed,
        arriving,
        asked: Vec::new(),
        unmatched: Vec::new(),
        refused: Vec::new(),
        lost: Vec::new(),
        steps: Vec::new(),
        loops: Vec::new(),
    }
}

fn solved(packages: &[&str], jobs: Vec<Job>, solution: &Solution) -> Transaction {
    let request = Request { jobs, ..Request::default() };
    Transaction::solved(&snapshot(packages), &request, solution)
}

#[test]
fn what_happens_counts_and_events_give_it_its_name() {
    use JobAction::*;
    let none = JobAction::Leave;
    let cases = [
        (job("a", Upgrade), old(End::Upgraded, &[0]), "a: upgraded"),
        (job("a", Upgrade), old(End::Downgraded, &[0]), "a: downgraded"),
        (job("a", Upgrade), old(End::Reinstalled, &[0]), "a: reinstalled"),
        (job("a", Upgrade), old(End::Stays, &[]), "a: stays"),
        (job("a", Upgrade), old(End::Erased, &[]), "a: removed"),
        (job("a", none), old(End::Stays, &[]), "a: no-known-future"),
        (job("a", Keep), old(End::Stays, &[]), "a: kept"),
        (job("a", Keep), old(End::Erased, &[]), "a: removed"),
        (job("a", Hold), old(End::Obsoleted, &[1]), "a: replaced b"),
        (becoming("a", Remove, How::Renamed, &["b"]), old(End::Obsoleted, &[1]), "a: renamed b"),
        (becoming("a", Remove, How::Split, &["b", "c"]), old(End::Erased, &[]), "a: split b"),
        (becoming("a", Remove, How::Merged, &["c"]), old(End::Erased, &[]), "a: removed"),
        (becoming("a", Remove, How::Moved, &["b"]), old(End::Stays, &[]), "a: stays"),
    ];
    for (job, old, expected) in cases {
        let arriving = vec![new("a-2", Kind::Upgrade, &[0]), new("b-1", Kind::Install, &[])];
        let found = solved(&["a"], vec![job.clone()], &solution(vec![old.clone()], arriving));
        assert_eq!(fates(&found), [expected], "{job:?} {old:?}");
        let to: Vec<String> = found.operations[0].to.iter().map(TargetPackage::nevra).collect();
        let by = ["a-2-1.el8.x86_64", "b-1-1.el8.x86_64"];
        assert_eq!(to, old.by.iter().map(|at| by[*at]).collect::<Vec<_>>());
    }
}

#[test]
fn a_transaction_has_sums_and_new_packages_say_whose_place_they_take() {
    let jobs =
        vec![becoming("a", JobAction::Remove, How::Split, &["b"]), job("c", JobAction::Leave)];
    let installed = vec![old(End::Erased, &[]), old(End::Obsoleted, &[0])];
    let found =
        solved(&["a", "c"], jobs, &solution(installed, vec![new("b-1", Kind::Install, &[1])]));
    let [arrival] = found.arrivals.as_slice() else { panic!("{:?}", found.arrivals) };
    assert_eq!(arrival.instead_of, [name("a"), name("c")]);
    assert_eq!(arrival.source.repository, Some("baseos".parse().unwrap()));
    let totals = found.whole.unwrap().totals;
    assert_eq!(totals, Totals { download: 10, arriving: 30, leaving: 0, unknown: 2 });
}

#[test]
fn two_transactions_differ_in_what_they_make_of_packages() {
    let jobs = || vec![job("a", JobAction::Upgrade), job("c", JobAction::Leave)];
    let stays = || old(End::Stays, &[]);
    let before = solved(&["a", "c"], jobs(), &solution(vec![stays(), stays()], Vec::new()));
    let arriving = vec![new("a-2", Kind::Upgrade, &[0]), new("b-1", Kind::Install, &[])];
    let upgraded = vec![old(End::Upgraded, &[0]), stays()];
    let after = solved(&["a", "c"], jobs(), &solution(upgraded, arriving));
    let told: Vec<String> = before
        .differences(&after)
        .into_iter()
        .map(|d| format!("{}: {} -> {}", d.package, d.before, d.after))
        .collect();
    let expected = [
        "a-1-1.el7: stays -> upgraded: a-2-1.el8.x86_64",
        "b-1-1.el8.x86_64: absent -> arrives from baseos",
    ];
    assert_eq!(told, expected);
    assert_eq!(before.differences(&before), []);
}

#[test]
fn every_installed_package_is_accounted_for_in_order() {
    let found = transaction(&["b", "a-2", "a-1"], vec![job("a", JobAction::Upgrade)]);
    assert_eq!(fates(&found), ["a: upgraded", "a: upgraded", "b: unknown"]);
    let versions: Vec<String> = found.operations.iter().map(|o| o.evr.to_string()).collect();
    assert_eq!(versions, ["1-1.el7", "2-1.el7", "1-1.el7"]);
    assert_eq!(found.arrivals, []);
}

#[test]
fn what_arrives_names_where_it_comes_from_and_what_it_stands_in_for() {
    let event = Reason::Event(EventRef {
        file: "pes-events.json".into(),
        id: "7".into(),
        index: 0,
        action: "MERGED".into(),
    });
    let module = ModuleStream { name: "m".into(), stream: "1".into() };
    let new = Job {
        repository: Some("appstream".parse().unwrap()),
        module: Some(module.clone()),
        reasons: vec![event.clone()],
        ..job("z", JobAction::Install)
    };
    let from = |text| becoming(text, JobAction::Remove, How::Merged, &["z"]);
    let found = transaction(&["a", "b"], vec![from("a"), from("b"), new]);
    let source = Source { repository: Some("appstream".parse().unwrap()), module: Some(module) };
    let arrival = Arrival {
        name: name("z"),
        source,
        instead_of: vec![name("a"), name("b")],
        package: None,
        reasons: vec![event],
        because: None,
    };
    assert_eq!(found.arrivals, [arrival]);
}

#[test]
fn an_upgraded_package_names_its_repository_and_the_reasons_of_its_job() {
    let upgrade = Job {
        repository: Some("baseos".parse().unwrap()),
        reasons: vec![Reason::Distribution],
        ..job("a", JobAction::Upgrade)
    };
    let found = transaction(&["a"], vec![upgrade]);
    let source = Source { repository: Some("baseos".parse().unwrap()), module: None };
    assert_eq!(found.operations[0].fate, Fate::Upgraded(source));
    assert_eq!(found.operations[0].reasons, [Reason::Distribution]);
}

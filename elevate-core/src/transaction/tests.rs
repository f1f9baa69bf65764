//! What becomes of packages, from single jobs.

use super::*;
use crate::directive::EventRef;
use crate::solve::Becomes;

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
    assert_eq!(words, Fate::WORDS.into_iter().collect(), "a fate without a case");
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

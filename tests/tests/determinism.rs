//! The order in which things are written down decides nothing.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use elevate_core::pipeline::{self, path_to};
use elevate_core::request::Options;
use elevate_core::snapshot::Snapshot;
use elevate_core::upgrade_data::{DataDirectory, UpgradeData};
use elevate_tests::data::TempDir;
use elevate_tests::oracle::Case;
use elevate_tests::recorded::{files, oracle_dir};
use elevate_tests::shuffle::Order;
use elevate_tests::{datasets, hosts};
use serde_json::Value;

#[path = "determinism/events.rs"]
mod events;

const SNAPSHOT: &str = include_str!("../../fixtures/hosts/web/snapshot.json");
const LISTING: &str = include_str!("../../fixtures/hosts/web/rpm-qa.txt");

/// How often each thing is shuffled.
const SHUFFLES: std::ops::Range<u64> = 1..6;

/// The files of the fixtures' upgrade data.
fn fixture_files() -> Vec<(String, Vec<u8>)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/data");
    let found = files(&root, |_| true);
    assert!(found.len() > 10, "the fixtures are there");
    found
}

fn fixture_data() -> UpgradeData {
    UpgradeData::from_directory(&fixture_files().into_iter().collect())
}

fn fixture_host() -> Snapshot {
    Snapshot::read(SNAPSHOT.as_bytes()).unwrap().snapshot
}

/// The plan of the default policy, as it is written.
fn planned(snapshot: &Snapshot, data: &UpgradeData) -> String {
    let options = Options::new(path_to(snapshot, "almalinux:8.10".parse().unwrap()));
    pipeline::plan(snapshot, data, &options).unwrap().to_json().unwrap()
}

/// Fails at the first line that differs, rather than with two long documents.
fn same(at: &str, wanted: &str, found: &str) {
    let mut lines = wanted.lines().zip(found.lines()).enumerate();
    if let Some((n, (wanted, found))) = lines.find(|(_, (wanted, found))| wanted != found) {
        assert_eq!(wanted, found, "{at}: line {}", n + 1);
    }
    assert_eq!(wanted.len(), found.len(), "{at}");
}

fn shuffled(snapshot: &Snapshot, order: &mut Order) -> Snapshot {
    let mut other = snapshot.clone();
    order.shuffle(&mut other.packages);
    order.shuffle(&mut other.keys);
    order.shuffle(&mut other.unread);
    other.repositories.iter_mut().for_each(|list| order.shuffle(list));
    other.enabled_modules.iter_mut().for_each(|list| order.shuffle(list));
    other
}

/// A host however its lists are ordered.
fn any_order_of_its_lists(at: &str, snapshot: &Snapshot, data: &UpgradeData) {
    let wanted = planned(snapshot, data);
    for seed in SHUFFLES {
        let other = shuffled(snapshot, &mut Order::new(seed));
        assert_ne!(other.packages, snapshot.packages, "{at}: the order is the same");
        same(&format!("{at}, order {seed}"), &wanted, &planned(&other, data));
    }
}

/// A document however its records are ordered.
fn any_order_of_its_records(
    at: &str,
    text: &str,
    data: &UpgradeData,
    shuffle: impl Fn(&mut Order) -> String,
) {
    let wanted = planned(&hosts::host(at, text.as_bytes()).snapshot, data);
    for seed in SHUFFLES {
        let other = shuffle(&mut Order::new(seed));
        assert_ne!(other, text, "{at}: the order is the same");
        let host = hosts::host(at, other.as_bytes());
        same(&format!("{at}, order {seed}"), &wanted, &planned(&host.snapshot, data));
    }
}

fn recorded_data() -> Option<UpgradeData> {
    let sets = datasets::whole()?;
    let set = sets.into_iter().find(|set| set.name == "almalinux-2024-05").unwrap();
    Some(UpgradeData::from_directory(&set.directory))
}

fn recorded_list(name: &str) -> Option<String> {
    let (_, bytes) = hosts::lists()?.into_iter().find(|(file, _)| file.ends_with(name)).unwrap();
    Some(String::from_utf8(bytes).unwrap())
}

/// Recorded hosts with repositories, signatures and active vendors.
fn cases() -> Option<Vec<Case>> {
    let directory = oracle_dir("leapp/cases")?;
    let names = ["vendors-all-alma", "insights-rhel-optional-enabled", "modular-installed-alma"];
    Some(names.iter().map(|name| Case::read(&directory.join(name))).collect())
}

#[test]
fn a_host_gives_the_same_plan_in_any_order_of_its_lists() {
    any_order_of_its_lists("web", &fixture_host(), &fixture_data());
    for case in cases().unwrap_or_default() {
        any_order_of_its_lists(&case.name, &case.snapshot(), &case.data());
    }
}

#[test]
fn a_package_list_gives_the_same_plan_in_any_order_of_its_lines() {
    let data = fixture_data();
    any_order_of_its_records("rpm-qa.txt", LISTING, &data, |order| order.lines(LISTING));
    let Some(data) = recorded_data() else { return };
    for name in [
        "centos7.5-ci-controller-1212.nevra-installtime.txt",
        "centos7.7-docker-base-148.nevra-fromrepo.txt",
        "cern-cc7-x86_64.name-evr.txt",
    ] {
        let Some(text) = recorded_list(name) else { return };
        any_order_of_its_records(name, &text, &data, |order| order.lines(&text));
    }
}

#[test]
fn a_json_document_gives_the_same_plan_in_any_order_of_records_and_fields() {
    let value: Value = serde_json::from_str(SNAPSHOT).unwrap();
    let (host, data) = (fixture_host(), fixture_data());
    let wanted = planned(&host, &data);
    for seed in SHUFFLES {
        let arrays = ["packages", "keys", "repositories", "unread"];
        let text = Order::new(seed).json(&value, &arrays);
        let read = Snapshot::read(text.as_bytes()).unwrap().snapshot;
        assert_ne!(read.packages, host.packages, "the order is the same");
        same(&format!("snapshot.json, order {seed}"), &wanted, &planned(&read, &data));
    }
    let Some(data) = recorded_data() else { return };
    for (name, array) in [
        ("centos7.4-gnome-workstation-948.vmaas-request.json", "package_list"),
        ("ubi7-162.trivy-golden.json", ""),
        ("centos_7.vuls-result.json", ""),
    ] {
        let Some(text) = recorded_list(name) else { return };
        let value: Value = serde_json::from_str(&text).unwrap();
        any_order_of_its_records(name, &text, &data, |order| order.json(&value, &[array]));
    }
}

#[test]
fn upgrade_data_is_the_same_in_any_order_of_its_files() {
    let host = fixture_host();
    let files = fixture_files();
    let wanted = planned(&host, &fixture_data());
    for seed in SHUFFLES {
        let mut files = files.clone();
        Order::new(seed).shuffle(&mut files);
        let written = TempDir::new(&format!("order-{seed}")).unwrap();
        for (name, content) in &files {
            written.write(name, content).unwrap();
        }
        let on_disk = DataDirectory::read(written.path()).unwrap();
        let in_memory: DataDirectory = files.into_iter().collect();
        for (at, directory) in [("on disk", on_disk), ("in memory", in_memory)] {
            let data = UpgradeData::from_directory(&directory);
            same(&format!("{at}, order {seed}"), &wanted, &planned(&host, &data));
        }
    }
}

/// A thread has its own seeds for hash maps, were there any.
#[test]
fn a_second_run_and_a_run_in_another_thread_give_the_same_plan() {
    let run = || planned(&fixture_host(), &fixture_data());
    let wanted = run();
    same("again", &wanted, &run());
    for _ in 0..4 {
        let found = std::thread::spawn(run).join().unwrap();
        same("in a thread", &wanted, &found);
    }
}

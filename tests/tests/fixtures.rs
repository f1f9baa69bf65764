//! The fixtures fit together: the same host twice, in two shapes.

use std::collections::BTreeSet;

use elevate_core::model::Signature;
use elevate_core::snapshot::{Snapshot, format};

const SNAPSHOT: &str = include_str!("../../fixtures/hosts/web/snapshot.json");
const LISTING: &str = include_str!("../../fixtures/hosts/web/rpm-qa.txt");

const EVENTS: &str = include_str!("../../fixtures/data/pes-events.json");
const TO_INSTALL: &str = include_str!("../../fixtures/data/transaction/to_install");
const TO_REMOVE: &str = include_str!("../../fixtures/data/transaction/to_remove");
const README: &str = include_str!("../../fixtures/README.md");

fn snapshot() -> serde_json::Result<Snapshot> {
    serde_json::from_str(SNAPSHOT)
}

/// As `rpm -qa` prints a package: without its epoch.
fn as_rpm_prints(snapshot: &Snapshot) -> BTreeSet<String> {
    let packages = snapshot.packages.iter().map(|p| {
        let arch = p.arch.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{}-{}-{}.{arch}", p.name, p.evr.version, p.evr.release)
    });
    let keys = snapshot.keys.iter().map(|k| format!("gpg-pubkey-{}-{}", k.id, k.created));
    packages.chain(keys).collect()
}

#[test]
fn the_web_server_is_the_same_host_as_snapshot_and_as_package_list() {
    let snapshot = snapshot().unwrap();
    let listed: BTreeSet<String> = LISTING.lines().map(str::to_owned).collect();
    assert_eq!(listed.len(), LISTING.lines().count(), "a line stands there twice");
    assert_eq!(as_rpm_prints(&snapshot), listed);
}

#[test]
fn the_web_server_is_in_the_newest_format_and_says_the_same_when_written_again() {
    let snapshot = snapshot().unwrap();
    assert_eq!(snapshot.version, format::VERSION);
    let read: serde_json::Value = serde_json::from_str(SNAPSHOT).unwrap();
    assert_eq!(serde_json::to_value(&snapshot).unwrap(), read, "a field was not understood");
}

#[test]
fn the_web_server_has_one_package_nobody_signed() {
    let snapshot = snapshot().unwrap();
    let unsigned = snapshot.packages.iter().filter(|p| p.signature() == Signature::None);
    let names: Vec<&str> = unsigned.map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["shop-agent"]);
    let odd: Vec<_> = snapshot
        .packages
        .iter()
        .filter(|p| !matches!(p.signature(), Signature::None | Signature::Key(_)))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn the_events_show_every_action_and_are_as_many_as_the_readme_says() {
    let file: serde_json::Value = serde_json::from_str(EVENTS).unwrap();
    let events = file["packageinfo"].as_array().unwrap();
    let actions: BTreeSet<u64> = events.iter().map(|e| e["action"].as_u64().unwrap()).collect();
    assert_eq!(actions, (0..=8).collect());
    assert!(README.contains(&format!("`pes-events.json`, {} events", events.len())));
    assert!(README.contains(&format!("{} packages", snapshot().unwrap().packages.len())));
}

#[test]
fn the_administrator_contradicts_himself_on_one_package_only() {
    fn names(file: &str) -> BTreeSet<&str> {
        file.lines().filter(|line| !line.starts_with('#')).collect()
    }
    let both: Vec<&str> = names(TO_INSTALL).intersection(&names(TO_REMOVE)).copied().collect();
    assert_eq!(both, ["htop"]);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it writes the file anew where that is asked for")]
fn the_snapshot_of_the_host_that_is_ready_is_what_a_capture_of_it_gives() {
    let path =
        elevate_tests::binary::root().join(elevate_tests::ready::READY).join("snapshot.json");
    let snapshot = elevate_tests::ready::captured();
    let json = snapshot.to_json();
    if std::env::var("UPDATE_FIXTURES").is_ok_and(|value| value == "1") {
        std::fs::write(&path, &json).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let stale = "write it anew: UPDATE_FIXTURES=1 cargo test -p elevate-tests --test fixtures";
    assert!(kept == json, "{} is stale; {stale}", path.display());
}

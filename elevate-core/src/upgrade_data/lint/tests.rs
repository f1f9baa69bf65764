use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::upgrade_data::{DataDirectory, Problem};

const EVENTS: &str = "pes-events.json";
const MAP: &str = "repomap.json";
const REPO: &str = "leapp_upgrade_repositories.repo";
const DEVICES: &str = "device_driver_deprecation_data.json";

/// An event of the good data with other fields; later ones win.
fn event(fields: &str) -> String {
    let good = event_fields("6", "bash", "bash");
    format!("{{{good}{}{fields}}}", if fields.is_empty() { "" } else { "," })
}

fn event_fields(action: &str, from: &str, to: &str) -> String {
    format!(
        r#""action": {action}, "architectures": [],
        "initial_release": {{"major_version": 7, "minor_version": 9, "os_name": "CentOS"}},
        "release": {{"major_version": 8, "minor_version": 0, "os_name": "AlmaLinux"}},
        "in_packageset": {}, "out_packageset": {}"#,
        set(from, "base"),
        set(to, "almalinux8-baseos")
    )
}

fn set(names: &str, family: &str) -> String {
    let package = |name: &str| format!(r#"{{"name": "{name}", "repository": "{family}"}}"#);
    format!(
        r#"{{"package": [{}]}}"#,
        names.split_whitespace().map(package).collect::<Vec<_>>().join(",")
    )
}

/// Action, inputs and outputs of an event, and nothing else of note.
fn plain(action: &str, from: &str, to: &str) -> String {
    format!("{{{}}}", event_fields(action, from, to))
}

fn events(list: &[String]) -> String {
    format!(r#"{{"provided_data_streams": ["3.0"], "packageinfo": [{}]}}"#, list.join(","))
}

fn entry(repoid: &str, major: u32, arch: &str) -> String {
    format!(
        r#"{{"repoid": "{repoid}", "major_version": "{major}", "arch": "{arch}", "repo_type": "rpm", "channel": "ga"}}"#
    )
}

fn families(list: &[(&str, &[String])]) -> String {
    let family = |(pesid, entries): &(&str, &[String])| {
        format!(r#"{{"pesid": "{pesid}", "entries": [{}]}}"#, entries.join(","))
    };
    list.iter().map(family).collect::<Vec<_>>().join(",")
}

fn map_of(version: &str, mapping: &str, families: &str) -> String {
    format!(
        r#"{{"version_format": "{version}", "provided_data_streams": ["3.0"], "mapping": [
            {{"source_major_version": "7", "target_major_version": "8", "entries": [{mapping}]}}],
            "repositories": [{families}]}}"#
    )
}

const MAPPING: &str = r#"{"source": "base", "target": ["almalinux8-baseos"]}"#;

fn all_arches(repoid: &str, major: u32) -> Vec<String> {
    ["x86_64", "aarch64", "ppc64le", "s390x"].map(|arch| entry(repoid, major, arch)).into()
}

/// The good map with more families.
fn map(mapping: &str, more: &[(&str, &[String])]) -> String {
    let (base, baseos) = (all_arches("base", 7), all_arches("almalinux8-baseos", 8));
    let mut list: Vec<(&str, &[String])> = vec![("base", &base), ("almalinux8-baseos", &baseos)];
    list.extend(more);
    map_of("1.2.1", mapping, &families(&list))
}

const GOOD_REPO: &str = "[almalinux8-baseos]\nname=BaseOS\nbaseurl=https://example.com/8/\n";

fn good() -> BTreeMap<String, String> {
    let files =
        [(EVENTS, events(&[event("")])), (MAP, map(MAPPING, &[])), (REPO, GOOD_REPO.into())];
    files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
}

fn lint_of(files: &BTreeMap<String, String>) -> Vec<Remark> {
    let directory: DataDirectory =
        files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    linted(&directory)
}

fn linted(directory: &DataDirectory) -> Vec<Remark> {
    let data = UpgradeData::from_directory(directory);
    lint(&data, Release::new(7, 9), Release::new(8, 10))
}

/// The good data with some files put in its place.
fn with(changes: &[(&str, String)]) -> Vec<Remark> {
    let mut files = good();
    for (path, text) in changes {
        files.insert((*path).to_owned(), text.clone());
    }
    lint_of(&files)
}

fn device(id: &str, kind: &str) -> String {
    format!(
        r#"{{"provided_data_streams": ["3.0"], "data": [{{"device_type": "{kind}", "device_id": "{id}",
            "device_name": "", "driver_name": "d", "available_in_rhel": [], "maintained_in_rhel": [],
            "deprecation_announced": ""}}]}}"#
    )
}

const STREAM: &str = r#"{"name": "m", "stream": "1"}"#;

fn streams(fields: &str) -> String {
    format!(r#"{{"package": [{{"name": "bash", "repository": "almalinux8-baseos", {fields}}}]}}"#)
}

/// For every code: files that give rise to it, put into the good data.
fn cases() -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let one = |fields: &str| vec![(EVENTS, events(&[event(fields)]))];
    let more = |list: &[String]| {
        let mut all = vec![event("")];
        all.extend_from_slice(list);
        vec![(EVENTS, events(&all))]
    };
    let repo = |text: &str| vec![(REPO, format!("{GOOD_REPO}{text}"))];
    let at = |path: &'static str, text: &str| vec![(path, text.to_owned())];
    let url = "baseurl=https://example.com/\n";
    let vendor_map = map_of(
        "1.2.1",
        r#"{"source": "v", "target": ["v8"]}"#,
        &families(&[("v", &[entry("v", 7, "x86_64")]), ("v8", &[entry("v8", 8, "x86_64")])]),
    );
    let unclaimed = format!(r#""out_packageset": {}"#, set("bash", "nobody"));
    let foreign = format!(r#""out_packageset": {}"#, set("bash", "ol8-uek"));
    let bad_names: String = (0..=5000).map(|n| format!("a {n}\n")).collect();
    let two_streams =
        streams(&format!(r#""modulestreams": [{STREAM}, {{"name": "m", "stream": "2"}}]"#));
    let two_maps = format!(
        r#""modulestream_maps": [{{"out_modulestream": {STREAM}}}, {{"out_modulestream": {{"name": "m", "stream": "2"}}}}]"#
    );
    let v200_entries: Vec<String> = all_arches("almalinux8-baseos", 8)
        .iter()
        .map(|entry| entry.replace("\"ga\"", "\"ga\", \"distro\": \"almalinux\""))
        .collect();
    let v200 = map_of(
        "2.0.0",
        r#"{"source": "almalinux8-baseos", "target": {"default": ["almalinux8-baseos"], "rocky": []}}"#,
        &families(&[("almalinux8-baseos", &v200_entries)]),
    );
    vec![
        ("unknown-key", one(r#""colour": 1"#)),
        ("repeated-key", one(r#""action": 6"#)),
        (
            "old-spelling",
            one(&format!(r#""out_packageset": {}"#, streams(r#""module_stream": "m""#))),
        ),
        ("string-id", one(r#""id": "7""#)),
        ("odd-id", one(r#""id": [1]"#)),
        ("odd-value", one(r#""is_approved": "yes""#)),
        (
            "odd-major",
            vec![(
                MAP,
                map(MAPPING, &[("some", &[entry("x", 8, "x86_64").replace("\"8\"", "\"eight\"")])]),
            )],
        ),
        ("event-without-release", one(r#""release": null"#)),
        ("bad-arches", one(r#""arches": ["vax"]"#)),
        ("odd-stream", one(&format!(r#""out_packageset": {}"#, streams(r#""modulestream": "m""#)))),
        ("remarks-left-out", at("transaction/to_keep", &bad_names)),
        ("suffixed-name", at("vendors.d/v_map.json.el8", &vendor_map)),
        ("ignored-file", at("notes.txt", "")),
        ("broken-file", at("vendors.d/v_map.json", "{")),
        ("empty-family", vec![(MAP, map(MAPPING, &[("empty", &[])]))]),
        ("targets-by-distribution", vec![(MAP, v200)]),
        ("main-section", repo("[main]\n")),
        ("repeated-section", repo("[almalinux8-baseos]\n")),
        ("missing-name", repo(&format!("[x]\n{url}"))),
        ("odd-enabled", repo(&format!("[x]\nname=X\nenabled=maybe\n{url}"))),
        ("disabled-for-leapp", repo(&format!("[x]\nname=X\nenabled=yes\n{url}"))),
        ("percent-in-value", repo(&format!("[x]\nname=100%\n{url}"))),
        ("no-sections", at("vendors.d/v.repo", "# nothing\n")),
        ("bad-key-id", at("vendors.d/v.sigs", "no key\n")),
        ("vendor-without-map", at("vendors.d/v.sigs", "")),
        ("bad-package-name", at("transaction/to_keep", "two words\n")),
        ("odd-package-name", at("transaction/to_keep", "kernel*\n")),
        ("repeated-name", at("transaction/to_keep", "a\na\n")),
        ("other-device-type", at(DEVICES, &device("", "usb"))),
        ("legacy-devices", at("unsupported_pci_ids.json", r#"{"devices": {"a": 1}}"#)),
        ("no-events", vec![(EVENTS, events(&[]))]),
        (
            "event-id-repeated",
            vec![(
                EVENTS,
                events(&[
                    event("\"id\": 1"),
                    plain("1", "x", "").replace("\"action\"", "\"id\": 1, \"action\""),
                ]),
            )],
        ),
        (
            "event-id-in-two-files",
            vec![
                (EVENTS, events(&[event("\"id\": 1")])),
                ("vendors.d/v_pes.json", events(&[event("\"id\": 1")])),
            ],
        ),
        ("unapproved-event", one(r#""is_approved": false"#)),
        ("arches-spelling", one(r#""arches": ["x86_64"]"#)),
        (
            "deprecated-set",
            more(&[plain("2", "a b", "").replace("\"base\"", "\"almalinux8-baseos\"")]),
        ),
        ("event-without-input", one(r#""in_packageset": null"#)),
        ("event-without-output", one(r#""out_packageset": null"#)),
        ("no-key-ids", at("vendors.d/v.sigs", "")),
        (
            "event-fires-everywhere",
            one(&format!(r#""modulestream_maps": [{{"in_modulestream": {STREAM}}}]"#)),
        ),
        (
            "output-lost",
            one(&format!(
                r#""out_packageset": {}"#,
                streams(&format!("\"modulestream\": {STREAM}"))
            )),
        ),
        ("output-ambiguous", one(&format!(r#""out_packageset": {two_streams}, {two_maps}"#))),
        ("foreign-os-name", more(&[event(""), plain("1", "x", "").replace("AlmaLinux", "OL")])),
        ("contradicting-events", more(&[plain("3", "x", "y"), plain("1", "x", "")])),
        ("order-dependent-events", more(&[plain("3", "x", "y"), plain("1", "y", "")])),
        ("protected-package-removed", more(&[plain("1", "sudo", "")])),
        (
            "architecture-without-repositories",
            vec![(
                MAP,
                map_of(
                    "1.2.1",
                    MAPPING,
                    &families(&[
                        ("base", &all_arches("base", 7)),
                        ("almalinux8-baseos", &[entry("almalinux8-baseos", 8, "x86_64")]),
                    ]),
                ),
            )],
        ),
        ("unresolved-family", one(&unclaimed)),
        (
            "partly-resolved-family",
            vec![
                (
                    EVENTS,
                    events(&[event(&format!(r#""out_packageset": {}"#, set("bash", "some")))]),
                ),
                (MAP, map(MAPPING, &[("some", &[entry("some", 8, "x86_64")])])),
            ],
        ),
        ("foreign-family", one(&foreign)),
        (
            "major-contradiction",
            vec![(MAP, map(MAPPING, &[("some", &[entry("el8-x", 9, "x86_64")])]))],
        ),
        ("way-not-mapped", vec![(MAP, map("", &[]))]),
        (
            "mapped-without-repository",
            vec![(
                MAP,
                map(
                    r#"{"source": "base", "target": ["almalinux8-baseos", "old"]}"#,
                    &[("old", &[entry("old", 7, "x86_64")])],
                ),
            )],
        ),
        ("no-custom-repositories", at(REPO, "")),
        (
            "repository-in-two-files",
            vec![
                ("vendors.d/v_map.json", vendor_map.clone()),
                ("vendors.d/v.repo", GOOD_REPO.into()),
            ],
        ),
        ("repository-without-url", repo("[x]\nname=X\n")),
        ("placeholder-in-url", repo("[x]\nname=X\nbaseurl=https://example.com/<token>/\n")),
        ("vendor-without-repositories", vec![("vendors.d/v_map.json", vendor_map)]),
        ("streams-missing", at(DEVICES, r#"{"data": []}"#)),
        ("streams-malformed", at(DEVICES, r#"{"provided_data_streams": [], "data": []}"#)),
        ("streams-other", at(DEVICES, r#"{"provided_data_streams": ["2.0"], "data": []}"#)),
        ("device-id-in-upper-case", at(DEVICES, &device("0x1000:0x00AB:0x1000:0x0001", "pci"))),
        ("device-id-malformed", at(DEVICES, &device("0x19a2:0x212", "pci"))),
        ("device-id-without-subsystem", at(DEVICES, &device("0x1000:0x0060", "pci"))),
    ]
}

#[test]
fn good_data_gives_rise_to_no_remark() {
    let mut files = good();
    files.insert(EVENTS.into(), events(&[plain("6", "bash", "bash")]));
    assert_eq!(lint_of(&files), []);
}

#[test]
fn every_code_has_data_that_gives_rise_to_it() {
    let mut covered = BTreeSet::new();
    for (code, files) in cases() {
        let remarks = with(&files);
        assert!(remarks.iter().any(|remark| remark.code == code), "{code}: {remarks:#?}");
        for remark in &remarks {
            assert!(
                CODES.iter().any(|(known, _)| *known == remark.code),
                "{} is not in CODES",
                remark.code
            );
        }
        covered.insert(code);
    }
    let mut unreadable: DataDirectory = [("x", "")].into_iter().collect();
    unreadable.files.insert("y".into(), Err(Problem::Unreadable("denied".into())));
    assert!(linted(&unreadable).iter().any(|remark| remark.code == "unreadable-file"));
    covered.insert("unreadable-file");
    let all: BTreeSet<_> = CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(covered, all, "a code without a case above, or a case without a code in CODES");
}

#[test]
fn codes_are_kebab_case_and_explained_in_a_sentence() {
    for (code, meaning) in CODES {
        assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code}");
        assert!(meaning.ends_with('.') && meaning.len() > 20, "{code}");
    }
    assert_eq!(CODES.iter().map(|(code, _)| code).collect::<BTreeSet<_>>().len(), CODES.len());
}

#[test]
fn remarks_are_ordered_and_said_once() {
    let remarks = with(&[(REPO, "[a]\n[b]\n[a]\n".into()), ("zzz", String::new())]);
    assert!(remarks.is_sorted());
    let distinct: BTreeSet<_> = remarks.iter().collect();
    assert_eq!(distinct.len(), remarks.len());
}

#[test]
fn base_packages_that_come_back_or_have_a_successor_are_not_missed() {
    let fine = [
        vec![plain("1", "sudo", ""), plain("3", "x", "sudo")],
        vec![plain("3", "yum", "dnf")],
        vec![plain("4", "coreutils", "coreutils coreutils-common")],
    ];
    for list in &fine[1..] {
        let remarks = with(&[(EVENTS, events(list))]);
        assert!(
            remarks.iter().all(|remark| remark.code != "protected-package-removed"),
            "{remarks:?}"
        );
    }
    // Another event brings it, but not on a host that has only sudo.
    let remarks = with(&[(EVENTS, events(&fine[0]))]);
    assert!(remarks.iter().any(|remark| remark.code == "protected-package-removed"));
}

#[test]
fn events_that_are_not_on_the_way_are_not_simulated() {
    let far = plain("1", "sudo", "").replace(r#""major_version": 8"#, r#""major_version": 9"#);
    let remarks = with(&[(EVENTS, events(&[far]))]);
    assert!(remarks.iter().all(|remark| remark.code != "protected-package-removed"), "{remarks:?}");
}

#[test]
fn a_later_rule_for_the_same_packages_takes_the_place_of_an_earlier_one() {
    let removed = plain("1", "sudo", "");
    let moved =
        plain("6", "sudo", "sudo").replace(r#""minor_version": 0"#, r#""minor_version": 5"#);
    let remarks = with(&[(EVENTS, events(&[removed, moved]))]);
    assert!(remarks.iter().all(|remark| remark.code != "protected-package-removed"), "{remarks:?}");
}

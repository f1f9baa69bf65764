//! Everything distributions ever published as upgrade data reads as it is
//! written, and its known errors are found.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::collections::BTreeMap;

use elevate_core::model::Arch;
use elevate_core::upgrade_data::package_events::EventFile;
use elevate_core::upgrade_data::{DataDirectory, Remark, UpgradeData};
use elevate_tests::data::{DEVICES, EVENTS, MAP, REPO, linted};
use elevate_tests::{data, recorded};
use serde_json::Value;

fn one_file(name: &str, bytes: Vec<u8>) -> UpgradeData {
    UpgradeData::from_directory(&[(name, bytes)].into_iter().collect())
}

fn actions(file: &EventFile) -> Vec<usize> {
    let mut counts = vec![0; 9];
    file.events.iter().for_each(|event| counts[event.action as usize] += 1);
    counts
}

fn on_x86_64(file: &EventFile) -> usize {
    let applies = |arches: &[Arch]| arches.is_empty() || arches.contains(&Arch::X86_64);
    file.events.iter().filter(|event| applies(&event.architectures)).count()
}

/// Compares what was read with a look at the bare JSON.
fn same_as_json(file: &EventFile, bytes: &[u8], name: &str) {
    let json: Value = serde_json::from_slice(bytes).unwrap();
    let list = json["packageinfo"].as_array().unwrap();
    assert_eq!(file.events.len(), list.len(), "{name}");
    for (event, json) in file.events.iter().zip(list) {
        assert_eq!(json["action"], event.action as u64, "{name} {}", event.index);
        let set = |field: &str| json[field]["package"].as_array().map_or(0, Vec::len);
        assert!(event.inputs.len() <= set("in_packageset"), "{name} {}", event.index);
        assert!(event.outputs.len() <= set("out_packageset"), "{name} {}", event.index);
        assert_eq!(event.inputs.is_empty(), set("in_packageset") == 0, "{name} {}", event.index);
        assert_eq!(json["release"]["minor_version"], event.to.minor, "{name} {}", event.index);
        // One event says `"arches": ["noarch"]`, which is no host's architecture.
        let is_arch = |arch: &&Value| *arch != "noarch";
        let arches = |field: &str| {
            json[field].as_array().map_or(0, |list| list.iter().filter(is_arch).count())
        };
        assert_eq!(event.arches.len(), arches("arches"), "{name} {}", event.index);
        assert_eq!(event.architectures.len(), arches("architectures"), "{name} {}", event.index);
    }
}

#[test]
fn every_published_event_file_reads_as_it_is_written() {
    let Some(root) = recorded::data_dir("") else { return };
    if !recorded::has(&root, "upgrade-data/pes") {
        return;
    }
    let files = data::files_below(&root.join("upgrade-data/pes")).unwrap();
    assert!(!files.is_empty(), "the data directory is there and holds no event files");
    for path in files {
        let bytes = data::read(&path).unwrap();
        let read = one_file(EVENTS, bytes.clone());
        let name = path.display().to_string();
        let asset = read.events.as_ref().unwrap_or_else(|error| panic!("{name}: {error}"));
        same_as_json(&asset.value, &bytes, &name);
        linted(&read);
    }
}

#[test]
fn the_numbers_of_the_reference_files_are_as_counted_before() {
    let Some(root) = recorded::data_dir("") else { return };
    let cases: [(&str, usize, usize, &[usize]); 3] = [
        (
            "leapp-data/almalinux-2024-05/pes-events.json",
            2381,
            2356,
            &[13, 1039, 18, 262, 137, 259, 623, 30, 0],
        ),
        (
            "leapp-data/centos-2024-05/pes-events.json",
            2289,
            2264,
            &[13, 984, 18, 204, 138, 259, 641, 32, 0],
        ),
        (
            "upgrade-data/pes/rocky/pes-events.2023-12-12.065b8c30.json.xz",
            2290,
            2290,
            &[13, 984, 18, 204, 139, 259, 641, 32, 0],
        ),
    ];
    for (path, events, x86_64, by_action) in cases {
        if !recorded::has(&root, path) {
            continue;
        }
        let read = one_file(EVENTS, data::read(&root.join(path)).unwrap());
        let file = &read.events.as_ref().unwrap().value;
        assert_eq!((file.events.len(), on_x86_64(file)), (events, x86_64), "{path}");
        assert_eq!(actions(file), by_action, "{path}");
    }
}

#[test]
fn whole_data_directories_read_without_a_broken_file() {
    let Some(root) = recorded::data_dir("") else { return };
    // Directory, files that are known to be missing, vendors with a map.
    let cases = [
        ("leapp-data/almalinux-2024-05", None, 6),
        ("leapp-data/centos-2024-05", None, 6),
        ("leapp-data/almalinux-0.21-no-pes", Some(EVENTS), 9),
        ("upgrade-data/latest/almalinux", Some(EVENTS), 0),
        ("upgrade-data/latest/centos", Some(EVENTS), 0),
        ("upgrade-data/latest/oraclelinux", Some(EVENTS), 0),
    ];
    for (path, missing, vendors) in cases {
        if !recorded::has(&root, path) {
            continue;
        }
        let read = UpgradeData::from_directory(&DataDirectory::read(&root.join(path)).unwrap());
        let broken: Vec<_> =
            linted(&read).into_iter().filter(|remark| remark.code == "broken-file").collect();
        let files: Vec<_> = broken.iter().map(|remark| remark.file.as_str()).collect();
        assert_eq!(files, missing.into_iter().collect::<Vec<_>>(), "{path}");
        let with_map = read.vendors.iter().filter(|vendor| vendor.map.is_some()).count();
        assert_eq!(with_map, vendors, "{path}");
        assert!(read.custom_repositories.is_some() && read.devices.is_some(), "{path}");
    }
}

#[test]
fn known_errors_of_published_data_are_found() {
    let Some(root) = recorded::data_dir("") else { return };
    let sets = ["almalinux-2024-05", "centos-2024-05", "almalinux-0.21-no-pes"];
    if !sets.iter().all(|set| recorded::has(&root, &format!("leapp-data/{set}"))) {
        return;
    }
    let said = |path: &str| {
        let read = UpgradeData::from_directory(&DataDirectory::read(&root.join(path)).unwrap());
        linted(&read).iter().map(Remark::to_string).collect::<Vec<_>>().join("\n")
    };
    let alma = said("leapp-data/almalinux-2024-05");
    for text in [
        "id 9942 is also that of packageinfo[1671]",
        "for ol8-uek",
        "adds sip, which packageinfo[1967]",
        "adds yum-utils, which",
        "says of python-dmidecode what",
    ] {
        assert!(alma.contains(text), "{text} is not in\n{alma}");
    }
    assert!(!alma.contains("protected-package-removed"), "{alma}");
    assert!(said("leapp-data/centos-2024-05").contains("@System is yum's mark"));
    let later = said("leapp-data/almalinux-0.21-no-pes");
    for text in
        ["for all-mariadb-main", "<imunify360_alt_php_token>", "device-id-in-upper-case (34"]
    {
        let text = text.split(" (").next().unwrap();
        assert!(later.contains(text), "{text} is not in\n{later}");
    }
}

#[test]
fn everything_else_that_was_ever_published_reads_or_says_why_not() {
    let Some(root) = recorded::data_dir("") else { return };
    if !recorded::has(&root, "upgrade-data/repomap-vendors") {
        return;
    }
    let archives = data::files_below(&root.join("upgrade-data/repomap-vendors")).unwrap();
    assert!(!archives.is_empty(), "the data directory is there and holds no archives");
    let mut refused = Vec::new();
    let mut count = 0;
    for archive in archives {
        for (name, bytes) in data::untar(&data::read(&archive).unwrap()) {
            let Some(place) = place_of(&name) else { continue };
            count += 1;
            let read = one_file(&place, bytes);
            let broken = |remark: &Remark| remark.code == "broken-file" && remark.file == place;
            refused.extend(
                linted(&read)
                    .into_iter()
                    .filter(broken)
                    .map(|remark| (name.clone(), remark.message)),
            );
        }
    }
    assert!(count > 100, "only {count} files");
    let refused: BTreeMap<_, _> = refused.into_iter().collect();
    insta::assert_debug_snapshot!("files_that_are_refused", refused);
}

/// Where a file of the data's history belongs in a data directory.
fn place_of(name: &str) -> Option<String> {
    let name = name.split('@').next()?.rsplit('/').next()?;
    let plain = name.strip_suffix(".el8").or(name.strip_suffix(".el9")).unwrap_or(name);
    let fixed = [EVENTS, MAP, REPO, DEVICES];
    if fixed.contains(&plain) {
        Some(plain.to_owned())
    } else if [".repo", "_map.json", "_pes.json", ".sigs"].iter().any(|end| plain.ends_with(end)) {
        Some(format!("vendors.d/{plain}"))
    } else {
        None
    }
}

#[test]
fn the_map_and_devices_of_the_newest_release_read() {
    let Some(root) = recorded::data_dir("") else { return };
    if !recorded::has(&root, "upgrade-data/upstream-rhel") {
        return;
    }
    let map = data::read(&root.join("upgrade-data/upstream-rhel/repomap.json.xz")).unwrap();
    let devices = "upgrade-data/upstream-rhel/device_driver_deprecation_data.json.xz";
    let devices = data::read(&root.join(devices)).unwrap();
    let read = UpgradeData::from_directory(&[(MAP, map), (DEVICES, devices)].into_iter().collect());
    let map = &read.repo_map.as_ref().unwrap().value;
    assert_eq!(map.version_format, "2.0.0");
    assert!(map.repositories.iter().all(|entry| entry.distro.is_some()));
    assert!(!read.devices.unwrap().unwrap().value.entries.is_empty());
}

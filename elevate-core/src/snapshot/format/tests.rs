//! What is read, what is refused, and in which words.

use super::*;
use crate::snapshot::{GivenIdentity, Snapshot};

const SMALL: &str = r#"{
  "format": "elevate-snapshot",
  "version": 1,
  "identity": {"system": "centos:7.9", "arch": "x86_64"},
  "packages": [
    {"name": "bash", "version": "4.2.46", "release": "34.el7", "arch": "x86_64"}
  ]
}"#;

fn refused(document: &str) -> String {
    Snapshot::read(document.as_bytes()).expect_err(document).to_string()
}

#[test]
fn a_snapshot_comes_back_as_it_was_written() {
    let list = listing::read(
        b"bash-4.2.46-34.el7.x86_64\ncentos-release-7-9.2009.1.el7.centos.x86_64\n\
          gpg-pubkey-f4a80eb5-53a7ff4b\nnot a package\n",
    );
    let snapshot =
        Snapshot::from_listing(list.unwrap(), "rpms.txt", GivenIdentity::default()).unwrap();
    assert_eq!(snapshot.identity.system.to_string(), "centos:7.9");
    assert_eq!(snapshot.unread[0].line, Some(4));
    let json = snapshot.to_json();
    let read = Snapshot::read(json.as_bytes()).unwrap();
    assert_eq!(read.snapshot, snapshot);
    assert_eq!(read.ignored, Vec::<String>::new());
    assert_eq!(read.snapshot.to_json(), json);
}

#[test]
fn a_list_that_does_not_tell_its_host_needs_somebody_who_does() {
    let list = || listing::read(b"bash 4.2.46-34.el7\n").unwrap();
    let error = Snapshot::from_listing(list(), "rpms.txt", GivenIdentity::default());
    insta::assert_snapshot!(error.unwrap_err(), @"rpms.txt does not tell the distribution, the release, the architecture of its host, and no release package in it does; name them");
    let given = GivenIdentity {
        distro: "ol".parse().ok(),
        release: "7.9".parse().ok(),
        arch: "aarch64".parse().ok(),
        ..GivenIdentity::default()
    };
    let snapshot = Snapshot::from_listing(list(), "rpms.txt", given).unwrap();
    assert_eq!(snapshot.identity.system.to_string(), "ol:7.9");
}

#[test]
fn columns_without_a_place_come_along_as_unread() {
    let list = listing::read(br#"[{"name":"a","version":"1","release":"1","colour":"red"}]"#);
    let given = GivenIdentity {
        distro: "ol".parse().ok(),
        release: "7.9".parse().ok(),
        arch: "aarch64".parse().ok(),
        ..GivenIdentity::default()
    };
    let snapshot = Snapshot::from_listing(list.unwrap(), "p.json", given).unwrap();
    assert_eq!(snapshot.unread[0].text, "colour");
}

#[test]
fn unknown_fields_are_named_at_every_depth_and_do_no_harm() {
    let later = SMALL
        .replace("\"arch\": \"x86_64\"}", "\"arch\": \"x86_64\", \"colour\": {\"deep\": [1]}}")
        .replace("\"version\": 1,", "\"version\": 1, \"taken_by\": \"somebody\", \"evidence\": {\"smells\": {}, \"files\": {\"/etc/hosts\": \"\"}},");
    let read = Snapshot::read(later.as_bytes()).unwrap();
    assert_eq!(
        read.ignored,
        ["taken_by", "evidence.smells", "identity.colour", "packages[0].colour"]
    );
    assert_eq!(read.snapshot.packages.len(), 1);
}

#[test]
fn the_version_is_looked_at_before_anything_else() {
    let newer = r#"{"format": "elevate-snapshot", "version": 3, "packages": "elsewhere"}"#;
    insta::assert_snapshot!(refused(newer), @"was written by a newer Elevate (snapshot version 3; this one reads up to 2); update Elevate, or take the snapshot again with this one");
    insta::assert_snapshot!(refused(r#"{"format": "elevate-snapshot"}"#), @"is a snapshot without a usable version (none); versions start at 1");
    insta::assert_snapshot!(refused(r#"{"format": "elevate-snapshot", "version": 0}"#), @"is a snapshot without a usable version (0); versions start at 1");
    insta::assert_snapshot!(refused(r#"{"format": "elevate-snapshot", "version": [1]}"#), @"is a snapshot without a usable version (not a number); versions start at 1");
    insta::assert_snapshot!(refused(r#"{"format": "elevate-snapshot", "version": "1"}"#), @r#"is a snapshot without a usable version (the text "1"); versions start at 1"#);
}

#[test]
fn what_is_no_snapshot_is_called_by_its_name() {
    insta::assert_snapshot!(refused(""), @"is not a snapshot; it is empty");
    insta::assert_snapshot!(refused("bash-4.2.46-34.el7.x86_64\n"), @"is not a snapshot; it looks like a package list: package names (rpm -qa)");
    insta::assert_snapshot!(refused(r#"{"package_list": ["bash-4.2.46-34.el7.x86_64"]}"#), @"is not a snapshot; it looks like a package list: VMaaS request");
    insta::assert_snapshot!(refused(r#"{"packageinfo": []}"#), @"is not a snapshot; it looks like package events (pes-events.json)");
    insta::assert_snapshot!(refused(r#"{"mapping": []}"#), @"is not a snapshot; it looks like a repository map (repomap.json)");
    insta::assert_snapshot!(refused(r#"{"a": 1, "b": 2}"#), @"is not a snapshot; it is a JSON object with the fields a, b");
    insta::assert_snapshot!(refused("PK\u{3}\u{4}"), @"is not a snapshot; nor is it a package list");
    insta::assert_snapshot!(refused("[1, 2]"), @"is not a snapshot; nor is it a package list");
    insta::assert_snapshot!(refused("{1, 2}"), @"is not JSON: key must be a string at line 1 column 2");
}

#[test]
fn a_wrong_field_is_named_with_its_place() {
    let cases = [
        ("\"centos:7.9\"", "\"centos\""),
        ("\"x86_64\"},\n", "64},\n"),
        ("\"name\": \"bash\"", "\"name\": \"ba sh\""),
        ("\"34.el7\"", "34"),
        ("\"4.2.46\"", "null"),
        ("\"version\": \"4.2.46\", ", ""),
        ("\"release\"", "\"epoch\": -1, \"release\""),
        ("\"packages\": [", "\"packages\": [7, "),
        ("\"packages\"", "\"parcels\""),
        ("\"format\"", "\"format\": \"elevate-snapshot\", \"format\""),
        ("\"packages\"", "\"evidence\": {\"files\": {\"/a\": \"\", \"/a\": \"\"}}, \"packages\""),
        ("  ]\n", "  ] 1\n"),
    ];
    let told = cases.map(|(from, to)| {
        assert!(SMALL.contains(from), "{from}");
        format!("{from} -> {to}\n    {}\n", refused(&SMALL.replace(from, to)))
    });
    insta::assert_snapshot!(told.concat());
}

#[test]
fn depth_size_and_number_of_values_are_bounded() {
    let deep = format!(
        "{{\"format\": \"elevate-snapshot\", \"version\": 1, \"x\": {}{}}}",
        "[".repeat(1000),
        "]".repeat(1000)
    );
    assert!(refused(&deep).contains("recursion limit"), "{}", refused(&deep));
    let many = SMALL.replace(
        "\"version\": 1,",
        &format!("\"version\": 1, \"x\": [{}0],", "0,".repeat(8_000_000)),
    );
    insta::assert_snapshot!(refused(&many), @"has more than 8000000 values; no snapshot has");
    let large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(Snapshot::read(&large), Err(SnapshotError::TooLarge));
}

#[test]
fn the_schema_names_itself_and_every_field_of_a_package() {
    let schema = Snapshot::schema();
    assert_eq!(schema["$id"], "urn:elevate:snapshot:2");
    let package = &schema["$defs"]["InstalledPackage"]["properties"];
    for field in ["name", "epoch", "version", "release", "arch", "pgpsig", "from_repo", "module"] {
        assert!(package.get(field).is_some(), "{field}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
        _ = Snapshot::read(&bytes);
    }

    #[test]
    fn no_damage_to_a_snapshot_makes_the_reader_panic(at in 0..SMALL.len(), with: u8) {
        let mut bytes = SMALL.as_bytes().to_vec();
        bytes[at] = with;
        _ = Snapshot::read(&bytes);
    }
}

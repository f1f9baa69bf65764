//! The formats keep their promises: old files read, the schemas are fresh.

use std::path::Path;

use elevate_core::export::air_gap::AirGap;
use elevate_core::model::Signature;
use elevate_core::pack;
use elevate_core::plan::Plan;
use elevate_core::report::Report;
use elevate_core::report::diff::Diff;
use elevate_core::report::explain::Explanation;
use elevate_core::report::waivers::Waivers;
use elevate_core::run::verify::Verification;
use elevate_core::run::{Telling, journal};
use elevate_core::snapshot::diff::SnapshotDiff;
use elevate_core::snapshot::{Known, Snapshot};
use elevate_core::universe::graph::document::GraphDocument;
use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[expect(clippy::disallowed_methods, clippy::panic, reason = "tests read their fixtures")]
fn bytes(path: &str) -> Vec<u8> {
    let path = Path::new(ROOT).join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn a_snapshot_of_version_1_still_reads_and_loses_nothing() {
    let old = bytes("fixtures/formats/snapshot-1.json");
    let read = Snapshot::read(&old).unwrap();
    assert_eq!(read.ignored, Vec::<String>::new());
    let again: Value = serde_json::from_str(&read.snapshot.to_json()).unwrap();
    assert_eq!(again, serde_json::from_slice::<Value>(&old).unwrap());
    let packages = &read.snapshot.packages;
    assert_eq!(packages[0].signature(), Signature::Key("24c6a8a7f4a80eb5"));
    assert_eq!(packages[1].nevra(), "bind-libs-32:9.11.4-26.P2.el7_9.15.i686");
    assert_eq!(packages[1].signature(), Signature::None);
    assert_eq!(packages[2].signature(), Signature::Unknown);
}

#[test]
fn a_snapshot_of_version_2_still_reads_and_loses_nothing() {
    let old = bytes("fixtures/formats/snapshot-2.json");
    let read = Snapshot::read(&old).unwrap();
    assert_eq!(read.ignored, Vec::<String>::new());
    assert_eq!(read.snapshot.to_json().into_bytes(), old);
    let evidence = &read.snapshot.evidence;
    let latin1 = evidence.file("/etc/latin1.conf").captured().unwrap();
    assert_eq!(latin1.bytes(), b"name=fr\xe8re\n");
    assert!(matches!(evidence.file("/etc/yum.repos.d/x.repo"), Known::Absent));
    assert!(matches!(evidence.file("/etc/crypttab"), Known::Absent));
    assert!(matches!(evidence.file("/etc/sudoers"), Known::Unreadable(_)));
    assert!(matches!(evidence.command("lscpu"), Known::NotLookedFor));
    let data = read.snapshot.packages[0].data.as_ref().unwrap();
    assert!(data.requires[1].is_before());
}

#[test]
fn the_old_file_has_every_field_of_the_schema() {
    let schema = Snapshot::schema();
    let old: Value = serde_json::from_slice(&bytes("fixtures/formats/snapshot-2.json")).unwrap();
    let named = |value: &Value| {
        let fields = value.as_object().unwrap();
        fields.keys().cloned().collect::<std::collections::BTreeSet<String>>()
    };
    assert_eq!(named(&schema["properties"]), named(&old));
    for (definition, place) in [
        ("Captured", "/captured"),
        ("Identity", "/identity"),
        ("InstalledPackage", "/packages/0"),
        ("PackageData", "/packages/0/data"),
        ("PublicKey", "/keys/0"),
        ("Evidence", "/evidence"),
        ("Entry", "/evidence/entries/~1boot~1vmlinuz-upgrade.x86_64"),
        ("FileSystem", "/evidence/file_systems/~1boot"),
        ("Unread", "/unread/0"),
    ] {
        let known = named(&schema["$defs"][definition]["properties"]);
        assert_eq!(known, named(old.pointer(place).expect(place)), "{definition}");
    }
}

#[test]
fn the_committed_schemas_are_the_ones_the_types_make() {
    for (path, schema) in [
        ("schemas/snapshot-2.schema.json", Snapshot::schema()),
        ("schemas/plan-1.schema.json", Plan::schema()),
        ("schemas/graph-1.schema.json", GraphDocument::schema()),
        ("schemas/report-1.schema.json", Report::schema()),
        ("schemas/pack-1.schema.json", pack::manifest_schema()),
        ("schemas/pack-rules-1.schema.json", pack::rules_schema()),
        ("schemas/waivers-1.schema.json", Waivers::schema()),
        ("schemas/diff-1.schema.json", Diff::schema()),
        ("schemas/snapshot-diff-1.schema.json", SnapshotDiff::schema()),
        ("schemas/explanation-1.schema.json", Explanation::schema()),
        ("schemas/journal-1.schema.json", journal::Line::schema()),
        ("schemas/run-event-1.schema.json", Telling::schema()),
        ("schemas/verification-1.schema.json", Verification::schema()),
        ("schemas/air-gap-1.schema.json", AirGap::schema()),
    ] {
        fresh(path, &schema);
    }
}

#[expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "UPDATE_SCHEMAS=1 rewrites the committed file"
)]
fn fresh(path: &str, schema: &Value) {
    let fresh = format!("{schema:#}\n");
    if std::env::var("UPDATE_SCHEMAS").is_ok_and(|value| value == "1") {
        std::fs::write(Path::new(ROOT).join(path), &fresh).unwrap();
    }
    let committed = String::from_utf8(bytes(path)).unwrap();
    assert!(committed == fresh, "{path} is stale; run the tests with UPDATE_SCHEMAS=1");
}

#[test]
fn a_plan_of_version_1_still_reads_and_loses_nothing() {
    let old = bytes("fixtures/formats/plan-1.json");
    let plan = Plan::read(&old).unwrap();
    assert_eq!(plan.to_json().unwrap().into_bytes(), old);
    let fates: Vec<String> =
        plan.packages.iter().map(|p| format!("{} {}", p.name, p.fate.word())).collect();
    assert_eq!(
        fates,
        [
            "GeoIP unknown",
            "bash upgraded",
            "centos-release replaced",
            "glibc-common split",
            "htop removed",
            "httpd upgraded",
            "ntp replaced",
        ]
    );
    assert_eq!(plan.unread[0].count, 1);
}

#[test]
fn a_plan_of_the_future_is_refused_with_guidance() {
    let newer = br#"{"format": "elevate-plan", "version": 2, "what": "is new"}"#;
    let error = Plan::read(newer).unwrap_err().to_string();
    assert!(error.contains("format version 2") && error.contains("newer"), "{error}");
    let other = br#"{"format": "elevate-snapshot", "version": 1}"#;
    assert!(Plan::read(other).unwrap_err().to_string().contains("not an Elevate plan"));
}

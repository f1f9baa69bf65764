//! Databases of real hosts: what is read is what rpm prints, and damage is
//! borne.

#[path = "rpmdb/databases.rs"]
mod databases;
#[path = "rpmdb/tools.rs"]
mod tools;

use std::collections::BTreeSet;

use databases::{Recorded, as_rpm_prints, beside, contents, query_format, recorded};
use elevate_core::rpm::header::{DependencyKind, Header};
use elevate_core::rpm::rpmdb::{self, DbFiles, DbKind, Mode};
use elevate_tests::data::TempDir;

#[test]
fn rpmdb_every_recorded_database_is_read_to_its_last_package() {
    let known = [
        ("adversarial/rpm-testsuite-rpmdb.sqlite", 2),
        ("centos6-plain/Packages.xz", 129),
        ("centos7-httpd24/Packages.xz", 225),
        ("centos7-plain/Packages.xz", 144),
        ("centos8-101/var-lib-rpm.tar.xz", 101),
        ("small/go-rpmdb-libuuid/Packages", 1),
        ("small/osv-epoch/Packages", 1),
    ];
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let database = rpmdb::open(&DbFiles::single(&bytes)).unwrap();
        let all = database.installed(Mode::Strict).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(all.remarks, Vec::<String>::new(), "{name}");
        assert_eq!(database.installed(Mode::Salvage).unwrap(), all, "{name}");
        let count = all.packages.len() + all.keys.len();
        let lines = beside(&name, "expected.nevra").map(|text| text.lines().count());
        let by_name = known.iter().find(|(known, _)| *known == name).map(|(_, count)| *count);
        let known = lines.or(by_name).unwrap_or_else(|| panic!("{name}: nobody counted it"));
        assert_eq!(count, known, "{name}");
    }
}

#[test]
fn rpmdb_names_vendors_and_signatures_are_the_recorded_ones() {
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let Some(expected) = beside(&name, "expected.nevra") else { continue };
        let (packages, keys) = contents(&name, &bytes);
        let mut lines: Vec<String> = packages.iter().map(nevra_line).collect();
        lines.extend(keys.iter().map(|key| format!("gpg-pubkey-0:{}-{}", key.id, key.created)));
        lines.sort();
        // Of keys the name is enough.
        let name_of_key = |line: &str| match line.split_once(".(none)\t") {
            Some((key, _)) => key.to_owned(),
            None => line.to_owned(),
        };
        let mut expected: Vec<String> = expected.lines().map(name_of_key).collect();
        expected.sort();
        assert_eq!(lines, expected, "{name}");
    }
}

fn nevra_line(header: &Header) -> String {
    let package = header.to_installed_package();
    let vendor = package.vendor.unwrap_or_default();
    format!("{}\t{vendor}\t{}", full_name(header), package.pgpsig.unwrap_or_default())
}

fn full_name(header: &Header) -> String {
    let (name, evr) = (header.name(), header.evr());
    let arch = header.arch().map(ToString::to_string).unwrap_or_default();
    format!("{name}-{}:{}-{}.{arch}", evr.epoch, evr.version, evr.release)
}

#[test]
fn rpmdb_dependencies_are_the_recorded_ones_and_all_mean_something() {
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let Some(expected) = beside(&name, "deps.tsv.xz") else { continue };
        let expected: BTreeSet<&str> = expected.lines().collect();
        let mut found = BTreeSet::new();
        for header in contents(&name, &bytes).0 {
            for (letter, kind) in ["P", "R", "C", "O"].into_iter().zip(DependencyKind::ALL) {
                for dependency in header.dependencies(kind) {
                    let text = dependency.to_string();
                    let requirement = dependency.to_requirement().map(|r| r.to_string());
                    let plain = text.replace(" 0:", " ");
                    assert_eq!(requirement.as_deref(), Ok(plain.as_str()), "{name}");
                    found.insert(format!("{}\t{letter}\t{text}", full_name(&header)));
                }
            }
        }
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        let keys = |line: &&&str| !line.starts_with("gpg-pubkey");
        let missing: Vec<_> = expected.difference(&found).filter(keys).collect();
        let more: Vec<_> = found.difference(&expected).collect();
        assert_eq!((missing, more), (vec![], vec![]), "{name}");
    }
}

#[test]
fn rpmdb_every_tag_reads_as_rpm_prints_it() {
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let kind = rpmdb::open(&DbFiles::single(&bytes)).unwrap().kind();
        let (backend, file) = match kind {
            DbKind::BerkeleyDb => ("bdb_ro", "Packages"),
            DbKind::Sqlite => ("sqlite", "rpmdb.sqlite"),
            DbKind::Ndb => ("ndb", "Packages.db"),
        };
        let directory = TempDir::new("rpmdb-tags").unwrap();
        directory.write(file, &bytes).unwrap();
        same_as_rpm(&name, backend, &directory, &bytes);
    }
}

/// Compares everything rpm prints of a database with what is read.
fn same_as_rpm(name: &str, backend: &str, directory: &TempDir, bytes: &Vec<u8>) {
    let format = query_format();
    let Some((theirs, their_keys)) = tools::rpm_prints(backend, directory.path(), &format) else {
        return;
    };
    let (packages, keys) = contents(name, bytes);
    let mut ours: Vec<String> = packages.iter().map(as_rpm_prints).collect();
    ours.sort();
    let mut keys: Vec<_> = keys.iter().map(|key| format!("{}-{}", key.id, key.created)).collect();
    keys.sort();
    assert_eq!(keys, their_keys, "{name}");
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(first_difference(ours, theirs), None, "{name}");
    }
    assert_eq!(ours.len(), theirs.len(), "{name}");
}

/// The first field that differs, with the package it is of.
fn first_difference(ours: &str, theirs: &str) -> Option<String> {
    let ends = ['\u{1e}', '\u{1f}'];
    let package = ours.split(ends).next().unwrap_or_default();
    let mut both = ours.split(ends).zip(theirs.split(ends));
    let different = both.find(|(ours, theirs)| ours != theirs);
    let different = different.or((ours != theirs).then_some((ours, theirs)));
    different.map(|(ours, theirs)| format!("{package}: {ours:?}, and rpm prints {theirs:?}"))
}

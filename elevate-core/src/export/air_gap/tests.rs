use super::*;
use crate::plan::{Arrival, RepositorySetup, testing};

fn package(name: &str, repository: &str, file: Option<(&str, &str)>) -> Arrival {
    let mut arrival = testing::arrival(name, "1-1");
    arrival.package = arrival.package.map(|package| TargetPackage {
        arch: "noarch".parse().unwrap(),
        repository: repository.parse().unwrap(),
        download: 7,
        size: 9,
        file: file.map(|(location, checksum)| PackageFile {
            location: location.to_owned(),
            checksum: checksum.to_owned(),
        }),
        ..package
    });
    arrival
}

fn plan() -> Plan {
    let sum = format!("sha256:{}", "ab".repeat(32));
    let mut plan = testing::plan();
    plan.transaction = Some(testing::whole());
    plan.read = vec![
        testing::read(
            "base",
            RepositorySetup {
                baseurl: vec!["http://a.example/os/".to_owned(), "http://b.example".to_owned()],
                gpgkey: vec!["https://a.example/KEY".to_owned(), "file:///etc/KEY".to_owned()],
                ..RepositorySetup::default()
            },
        ),
        testing::read(
            "mirrored",
            RepositorySetup {
                mirrorlist: Some("http://m.example/?a=b".to_owned()),
                ..RepositorySetup::default()
            },
        ),
    ];
    plan.arrivals = vec![
        package("a", "mirrored", Some(("Packages/a.rpm", &sum))),
        package("b", "base", Some(("Packages/b c\n.rpm", &sum))),
        package("c", "base", Some(("ftp://c.example/c.rpm", "sha1:00"))),
        package("d", "base", None),
    ];
    plan
}

#[test]
fn every_package_is_in_the_table_with_what_is_known_of_it() {
    let export = table(&plan()).unwrap();
    insta::assert_snapshot!(export.files[0].content, @"
    # What the upgrade of a host without a name from centos:7.9 to almalinux:8.10 needs: 4 packages, 28 bytes
    # - the plan does not know the files of 1 package; one that is made with elevate plan --format json does
    # - mirrored names no address but a list of mirrors, http://m.example/?a=b: put one before the files
    # - dnf needs metadata too: createrepo_c makes it of these files, but module streams (modules.yaml) are to be carried from the repositories

    [base] 3 packages, 21 bytes
    b-1-1.noarch  7  sha256:abababababababababababababababababababababababababababababababab  http://a.example/os/Packages/b%20c%0A.rpm
                                                                                              or http://b.example/Packages/b%20c%0A.rpm
    c-1-1.noarch  7  sha1:00                                                                  ftp://c.example/c.rpm
    d-1-1.noarch  7  no known checksum                                                        no known file

    [mirrored] 1 package, 7 bytes
    a-1-1.noarch  7  sha256:abababababababababababababababababababababababababababababababab  a.rpm

    Keys
    https://a.example/KEY  (of base)
    file:///etc/KEY  (of base)
    ");
}

#[test]
fn a_line_of_a_list_is_one_address() {
    let export = urls(&plan()).unwrap();
    insta::assert_snapshot!(export.files[0].content, @"
    http://a.example/os/Packages/b%20c%0A.rpm
    ftp://c.example/c.rpm
    https://a.example/KEY
    ");
    insta::assert_snapshot!(export.remarks.join("\n"), @"
    the plan does not know the files of 1 package; one that is made with elevate plan --format json does
    mirrored names no address but a list of mirrors, http://m.example/?a=b: put one before the files
    dnf needs metadata too: createrepo_c makes it of these files, but module streams (modules.yaml) are to be carried from the repositories
    2 packages without a known address: d-1-1.noarch, a-1-1.noarch
    keys that are on no server are not in the list: file:///etc/KEY
    ");
}

#[test]
fn sums_are_for_files_in_one_directory_and_say_what_has_none() {
    let mut plan = plan();
    plan.arrivals.push(package(
        "e",
        "base",
        Some(("x/a.rpm", &format!("sha256:{}", "cd".repeat(32)))),
    ));
    let export = sums(&plan).unwrap();
    insta::assert_snapshot!(export.files[0].content, @"
    cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd  a.rpm
    abababababababababababababababababababababababababababababababab  b%20c%0A.rpm
    # 2 packages without a known SHA-256 sum: c-1-1.noarch, d-1-1.noarch
    # 1 package left out, for another file has its name: a-1-1.noarch
    ");
}

#[test]
fn totals_are_sums() {
    let air_gap = AirGap::of(&plan()).unwrap();
    assert_eq!(
        air_gap.totals,
        Totals { packages: 4, bytes: 28, without_address: 2, without_checksum: 1 }
    );
    assert_eq!(AirGap::of(&testing::plan()), None);
}

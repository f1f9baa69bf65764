//! Package lists of real hosts, as people keep them: every one is read, and
//! nothing in it is lost.

use std::collections::BTreeSet;

use elevate_core::model::{Arch, Distro, InstalledPackage, Release, Signature};
use elevate_core::rpm::listing::{self, Listing, Shape};
use elevate_core::snapshot::{GivenIdentity, Snapshot};
use elevate_tests::hosts::lists;
use elevate_tests::recorded::{data_dir, files, oracle_dir};

/// What is known of a recorded list without reading it with Elevate.
struct Known {
    /// Path below the data directory.
    file: &'static str,
    /// Entries in all, counted with `wc -l`, or the length of the JSON array or
    /// object that holds them; most are also in the file's name.
    entries: usize,
    /// Of them public keys (`grep -c gpg-pubkey`).
    keys: usize,
    /// What the list tells about its host: distribution, release, architecture.
    host: &'static str,
    shape: Shape,
}

macro_rules! known {
    ($($file:literal: $entries:literal - $keys:literal, $host:literal, $shape:ident;)*) => {
        &[$(Known { file: $file, entries: $entries, keys: $keys, host: $host, shape: Shape::$shape }),*]
    };
}

/// The recorded lists. The osbuild manifest holds 366 packages, of which 28 are
/// only in the pipeline that builds the image (its stage refers to 171, the
/// image's to 338).
const KNOWN: &[Known] = known! {
    "hosts/centos7.3-installroot-136.nevra-fromrepo.txt": 136 - 0, "- - x86_64", NevraColumns;
    "hosts/centos7.4-gnome-workstation-948.vmaas-request.json": 948 - 3, "- - x86_64", Vmaas;
    "hosts/centos7.5-ci-controller-1212.nevra-installtime.txt": 1212 - 1, "centos 7.5 x86_64", NevraColumns;
    "hosts/centos7.6-java-app-806.nevra-installtime.txt": 806 - 1, "centos 7.6 x86_64", NevraColumns;
    "hosts/centos7.7-app-server-977.nevra-installtime.txt": 977 - 1, "centos 7.7 x86_64", NevraColumns;
    "hosts/centos7.7-docker-base-148.nevra-fromrepo.txt": 148 - 0, "centos 7.7 x86_64", NevraColumns;
    "hosts/centos7.7-kvm-890.nevra-installtime.txt": 890 - 1, "centos 7.7 x86_64", NevraColumns;
    "hosts/centos7.7-test-vm-922.nevra-installtime.txt": 922 - 1, "centos 7.7 x86_64", NevraColumns;
    "hosts/centos_7.vuls-result.json": 304 - 1, "centos 7.7 x86_64", Vuls;
    "hosts/cern-cc7-x86_64-base.name-evr.txt": 148 - 0, "centos 7.9 -", NameEvr;
    "hosts/cern-cc7-x86_64.name-evr.txt": 629 - 3, "centos 7.9 -", NameEvr;
    "hosts/el8-alma_8.vuls-result.json": 536 - 1, "almalinux 8.9 x86_64", Vuls;
    "hosts/el8-cms-alma8-x86_64.name-evr.txt": 598 - 3, "almalinux 8.10 -", NameEvr;
    "hosts/osbuild/rhel_7-x86_64-qcow2-boot.731ae096.nevra.txt": 363 - 0, "rhel 7.9 x86_64", Nevra;
    "hosts/osbuild/rhel_7-x86_64-qcow2-boot.da2300d1.json.xz": 338 - 0, "rhel 7.9 x86_64", Osbuild;
    "hosts/osbuild/rhel_7-x86_64-qcow2-boot.da2300d1.nevra.txt": 366 - 0, "rhel 7.9 x86_64", Nevra;
    "hosts/rhel7-host-207.vmaas-request.json": 212 - 3, "- - x86_64", Vmaas;
    "hosts/rhel7.3-aws-minimal-319.rpmqa-sigs.txt": 319 - 2, "rhel 7.3 x86_64", NevraColumns;
    "hosts/rhel_73.vuls-result.json": 405 - 1, "rhel 7.3 x86_64", Vuls;
    "hosts/snyk/centos7_httpd24.txt": 230 - 3, "centos 7.6 -", NameEvr;
    "hosts/snyk/ubi7_plain.txt": 162 - 0, "rhel 7.7 -", NameEvr;
    "hosts/ubi7-162.trivy-golden.json": 162 - 0, "rhel 7.7 x86_64", Trivy;
    "rpmdb/centos6-plain/installed-rpms.sos": 129 - 0, "centos 6.10 x86_64", NevraColumns;
    "rpmdb/centos7-httpd24/installed-rpms.sos": 225 - 3, "centos 7.6 x86_64", NevraColumns;
    "rpmdb/centos7-plain/installed-rpms.sos": 144 - 0, "centos 7.5 x86_64", NevraColumns;
};

#[expect(clippy::panic, reason = "a list that cannot be read fails the test")]
fn read(name: &str) -> Option<Listing> {
    let (_, bytes) = lists()?.into_iter().find(|(file, _)| file == name)?;
    Some(listing::read(&bytes).unwrap_or_else(|error| panic!("{name} {error}")))
}

fn host(list: &Listing) -> String {
    let facts = &list.facts;
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    format!(
        "{} {} {}",
        or_dash(facts.distro.as_ref().map(ToString::to_string)),
        or_dash(facts.release.map(|release| release.to_string())),
        or_dash(facts.arch.as_ref().map(ToString::to_string))
    )
}

#[test]
fn listing_every_recorded_list_is_read_whole() {
    let Some(recorded) = lists() else { return };
    for (name, bytes) in &recorded {
        let list = listing::read(bytes).unwrap_or_else(|error| panic!("{name} {error}"));
        let Some(known) = KNOWN.iter().find(|known| known.file == name) else {
            eprintln!("{name}: read, but not counted before");
            continue;
        };
        assert_eq!(list.unread, [], "{name}");
        assert_eq!(list.packages.len() + list.keys.len(), known.entries, "{name}");
        assert_eq!((list.keys.len(), list.duplicates), (known.keys, 0), "{name}");
        assert_eq!(host(&list), known.host, "{name}");
        assert_eq!(list.shape, known.shape, "{name}");
    }
    for known in KNOWN.iter().filter(|known| !recorded.iter().any(|(name, _)| name == known.file)) {
        eprintln!("{}: not there, not compared", known.file);
    }
}

/// Name, version, release and architecture; a sosreport has no epochs.
fn without_epoch(list: &Listing) -> BTreeSet<String> {
    let full = |package: &InstalledPackage| {
        let (evr, arch) = (&package.evr, package.arch.as_ref());
        format!("{} {} {} {arch:?}", package.name, evr.version, evr.release)
    };
    list.packages.iter().map(full).collect()
}

#[test]
fn listing_full_names_are_cut_where_rpm_itself_puts_them_together() {
    let Some(dir) = data_dir("") else { return };
    for host in ["centos6-plain", "centos7-plain", "centos7-httpd24"] {
        let Some(list) = read(&format!("rpmdb/{host}/installed-rpms.sos")) else { return };
        let deps = files(&dir.join("rpmdb").join(host), |path| path.ends_with("deps.tsv.xz"));
        let text = elevate_core::rpm::compressed::decompress(&deps[0].1, 64 << 20).unwrap();
        // The first column is the full name with epoch, once for each dependency.
        let text = std::str::from_utf8(&text).unwrap();
        let names: BTreeSet<&str> = text.lines().filter_map(|l| l.split('\t').next()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let wanted = listing::read(names.join("\n").as_bytes()).unwrap();
        assert_eq!(wanted.unread, [], "{host}");
        assert_eq!(without_epoch(&list), without_epoch(&wanted), "{host}");
        assert_eq!(list.keys, wanted.keys, "{host}");
    }
}

#[test]
fn listing_an_image_manifest_names_packages_its_file_list_has() {
    let file = "hosts/osbuild/rhel_7-x86_64-qcow2-boot.da2300d1";
    let Some(manifest) = read(&format!("{file}.json.xz")) else { return };
    let Some(names) = read(&format!("{file}.nevra.txt")) else { return };
    let (image, all) = (without_epoch(&manifest), without_epoch(&names));
    assert!(image.is_subset(&all), "{:?}", image.difference(&all));
    assert_eq!(all.len() - image.len(), manifest.ignored["packages of a build root"]);
    // File names have no epochs; the manifest's own package list does.
    assert!(names.packages.iter().all(|package| package.evr.epoch == 0));
    assert!(manifest.packages.iter().any(|package| package.nevra().starts_with("dbus-1:")));
}

#[test]
fn listing_columns_are_kept_to_the_last_package() {
    let Some(list) = read("hosts/rhel7.3-aws-minimal-319.rpmqa-sigs.txt") else { return };
    let signed = Signature::Key("199e2f91fd431d51");
    assert!(list.packages.iter().all(|package| package.signature() == signed));
    assert!(list.packages.iter().all(|package| package.install_date.is_some()));
    assert_eq!(list.ignored.len(), 1, "{:?}", list.ignored);
    assert_eq!(list.ignored["column 3 (build time)"], 319);

    let times = "hosts/centos7.5-ci-controller-1212.nevra-installtime.txt";
    let Some(list) = read(times) else { return };
    assert!(list.packages.iter().all(|package| package.install_time.is_some()));

    let Some(list) = read("hosts/centos7.7-docker-base-148.nevra-fromrepo.txt") else { return };
    let from = |id| list.packages.iter().filter(|p| p.from_repo.as_deref() == Some(id)).count();
    assert_eq!((from("CentOS"), from("Updates")), (144, 4));

    let Some(list) = read("hosts/snyk/centos7_httpd24.txt") else { return };
    assert!(list.packages.iter().all(|package| package.size.is_some()));

    let Some(list) = read("hosts/ubi7-162.trivy-golden.json") else { return };
    let vendor = Some("Red Hat, Inc.");
    assert!(list.packages.iter().all(|package| package.vendor.as_deref() == vendor));
    assert_eq!(list.packages.iter().filter(|package| package.evr.epoch > 0).count(), 13);
}

#[test]
fn listing_a_scan_names_the_running_kernel_and_keeps_the_installed_version() {
    let Some(list) = read("hosts/centos_7.vuls-result.json") else { return };
    assert_eq!(list.facts.kernel.as_deref(), Some("3.10.0-1062.12.1.el7.x86_64"));
    let acl = list.packages.iter().find(|package| package.name.as_str() == "acl").unwrap();
    assert_eq!(acl.nevra(), "acl-2.2.51-14.el7.x86_64");
    assert_eq!(list.packages.iter().filter(|package| package.evr.epoch > 0).count(), 37);
}

#[test]
fn listing_the_hosts_of_the_recorded_decisions_are_read_whole() {
    let Some(dir) = oracle_dir("") else { return };
    let inputs = files(&dir.join("leapp/cases"), |path| path.ends_with("/input.json"));
    assert!(!inputs.is_empty(), "{} holds no cases", dir.display());
    for (name, bytes) in inputs {
        let input: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let list = listing::read(&bytes).unwrap();
        assert_eq!(list.shape, Shape::JsonHost, "{name}");
        // Some of these hosts are put together from lists of older releases.
        let fault = list.unread.iter().find(|unread| !unread.why.starts_with("contradicts"));
        assert_eq!(fault, None, "{name}");
        let installed = input["installed"].as_array().unwrap();
        assert_eq!(list.packages.len() + list.keys.len(), installed.len(), "{name}");
        let text = |key: &str| input[key].as_str().unwrap();
        let stated = format!("{} {} {}", text("distro"), text("source_version"), text("arch"));
        assert_eq!(host(&list), stated, "{name}");
        let enabled = input["enabled_repos"].as_array().unwrap().len();
        assert_eq!(list.facts.repositories.as_ref().map(Vec::len), Some(enabled), "{name}");
        let signed =
            installed.iter().filter(|p| p["pgpsig"].is_string() && p["name"] != "gpg-pubkey");
        let read = list.packages.iter().filter(|package| package.pgpsig.is_some());
        assert_eq!(read.count(), signed.count(), "{name}");
    }
}

#[test]
fn listing_a_recorded_list_comes_back_from_its_snapshot() {
    let Some(recorded) = lists() else { return };
    for (name, bytes) in recorded {
        let list = listing::read(&bytes).unwrap();
        let given = GivenIdentity {
            distro: Some(Distro::CentOs),
            release: Some(Release::new(7, 9)),
            arch: Some(Arch::X86_64),
            ..GivenIdentity::default()
        };
        let packages = list.packages.clone();
        let snapshot = Snapshot::from_listing(list, &name, given).unwrap();
        let read = Snapshot::read(snapshot.to_json().as_bytes()).unwrap();
        assert_eq!(read.snapshot, snapshot, "{name}");
        assert_eq!(read.snapshot.packages, packages, "{name}");
        assert_eq!(read.ignored, Vec::<String>::new(), "{name}");
    }
}
